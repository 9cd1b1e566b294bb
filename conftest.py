"""What every test gets: an empty default graph; in docstrings' examples, `tf` and `np`."""

import hypothesis
import numpy as np
import pytest

import pellucid
from pellucid.core import graph, session
from tests import core_size

# Drawn examples are the same in every run, and a busy machine is no failure.
hypothesis.settings.register_profile(
    "pellucid", derandomize=True, deadline=None, database=None)
hypothesis.settings.load_profile("pellucid")


@pytest.fixture(autouse=True)
def _fresh_graph(doctest_namespace):
    """Each test and each docstring starts with an empty default graph, and no session."""
    graph.reset_default_graph()
    doctest_namespace.update(np=np, tf=pellucid)
    yield
    graph._defaults.stack.clear()
    session._sessions.stack.clear()


def pytest_terminal_summary(terminalreporter):
    """Shows how much there is to read in the core."""
    for line in core_size.table():
        terminalreporter.write_line(line)
