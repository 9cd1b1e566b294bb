"""Operation types that are imported when somebody first asks for one that is not there.

Who builds a graph calls functions, and importing a function brings in the type. Who reads a
graph from a file has the types' names alone, as has who differentiates one. Read next: internal.py.
"""

import importlib
import pkgutil

# Rooms, and modules of others, that define operations, in the order in which they are tried.
DEFINERS = (("pellucid.ops.control", "pellucid.ops.state"),
            ("pellucid.ops", "pellucid.summary", "pellucid.interchange.parsing_ops",
             "pellucid.interchange.raw_bytes", "pellucid.interchange.saving_ops"),
            ("pellucid.data",))


def _loader(names):
    def load():
        for name in names:
            module = importlib.import_module(name)
            for found in pkgutil.walk_packages(getattr(module, "__path__", ()), name + "."):
                importlib.import_module(found.name)
    return load


LOADERS = [_loader(names) for names in DEFINERS]


def load_all():
    """Imports all of them."""
    for load in LOADERS:
        load()
