"""`engine` runs a test once on every engine; `session` is one of the default graph."""

import importlib.util
import os

import pytest

import pellucid as tf
from pellucid.core.session import _engines

# Compiled in half the time; how quickly the tests' small programs run does not matter.
os.environ.setdefault("JAX_DISABLE_MOST_OPTIMIZATIONS", "1")

ENGINES = sorted(name for name in _engines
                 if name != "xla" or importlib.util.find_spec("jax"))


def pytest_generate_tests(metafunc):
    marked = [mark.args[0] for mark in metafunc.definition.iter_markers("parametrize")]
    if "engine" in metafunc.fixturenames and not any("engine" in names for names in marked):
        metafunc.parametrize("engine", ENGINES)


@pytest.fixture
def session(engine, _fresh_graph):
    """A Session of the default graph, which is empty yet."""
    with tf.Session(engine=engine) as session:
        yield session
