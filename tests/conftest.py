"""`engine` runs a test once on every engine; `session` is one of the default graph."""

import pytest

import pellucid as tf
from pellucid.core.session import _engines


def pytest_generate_tests(metafunc):
    if "engine" in metafunc.fixturenames:
        metafunc.parametrize("engine", sorted(_engines))


@pytest.fixture
def session(engine, _fresh_graph):
    """A Session of the default graph, which is empty yet."""
    with tf.Session(engine=engine) as session:
        yield session
