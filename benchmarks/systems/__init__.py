"""The systems that are compared: how each is found, and which problems it can run.

Every file here turns a problem into a function `step`, which takes one batch of NumPy
arrays and returns a Python float or NumPy values. A file's `load()` imports its library
and returns a `System`; it runs in a process of its own (see `worker`), so no library meets
another's threads. Read next: `graph`.
"""

import importlib
import importlib.util
import re
from collections.abc import Callable
from dataclasses import dataclass, field

from benchmarks import problems


@dataclass
class System:
    """A library that is ready to run.

    Attributes:
      version: for the report, with the number of threads where the library tells it.
      builders: problem class -> function(problem) that returns a step.
      hopeless: problem class -> why it is not waited for. Asked for by --patient, it is
        tried all the same, if there is a builder.
    """

    version: str
    builders: dict[type, Callable]
    hopeless: dict[type, str] = field(default_factory=dict)

    def build(self, problem):
        return self.builders[type(problem)](problem)

    def reason_to_skip(self, problem, patient):
        """Why this system sits this problem out, or None."""
        kind = type(problem)
        if kind in self.builders:
            return None if patient else self.hopeless.get(kind)
        return self.hopeless.get(kind, f"no {kind.__name__} written for it")


def builders_in(namespace):
    """{problem class: its builder}, for a module's globals: conv_net builds a ConvNet's step."""
    found = {}
    for name, problem in vars(problems).items():
        builder = namespace.get(re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower())
        if isinstance(problem, type) and problem.__module__ == problems.__name__ and builder:
            found[problem] = builder
    return found


@dataclass(frozen=True)
class Entry:
    """Where a system lives: the package it needs, our module, what loads it there, and
    the statement that a program's first line would be."""

    package: str
    module: str
    loader: str
    first_line: str                   # "" where another system's row has it


# In the order of the rounds. Those between the floor and pellucid are the peers.
SYSTEMS = {
    "floor": Entry("numpy", "floor", "load", "import numpy"),
    "tensorflow": Entry(
        "tensorflow", "graph", "load_tensorflow", "import tensorflow.compat.v1 as tf"
    ),
    "pytorch": Entry("torch", "pytorch", "load", "import torch"),
    "jax": Entry("jax", "jax_jit", "load", "import jax, jax.numpy"),
    "autograd": Entry(
        "autograd", "autograd_", "load", "import autograd, autograd.numpy"
    ),
    "pellucid": Entry("pellucid", "graph", "load_pellucid", "import pellucid as tf"),
    "pellucid-xla": Entry("jax", "graph", "load_pellucid_xla", ""),
}
OURS = ("pellucid", "pellucid-xla")
PEERS = [name for name in SYSTEMS if name not in ("floor", *OURS)]


def is_installed(name):
    spec = importlib.util.find_spec(SYSTEMS[name].package)
    return spec is not None and spec.origin is not None     # None: a mere folder


def load(name):
    entry = SYSTEMS[name]
    module = importlib.import_module(f"benchmarks.systems.{entry.module}")
    return getattr(module, entry.loader)()
