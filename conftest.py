"""What every test gets: an empty default graph; in docstrings' examples, `tf` and `np`."""

import numpy as np
import pytest

import pellucid
from pellucid.core.graph import reset_default_graph
from tests import core_size


@pytest.fixture(autouse=True)
def _fresh_graph(doctest_namespace):
    """Each test and each docstring starts with an empty default graph."""
    reset_default_graph()
    doctest_namespace.update(np=np, tf=pellucid)
    yield


def pytest_terminal_summary(terminalreporter):
    """Shows how much there is to read in the core."""
    for line in core_size.table():
        terminalreporter.write_line(line)
