"""`engine` runs a test once on every engine; `session` is one of the default graph."""

import importlib.util
import os

import pytest

import pellucid as tf
from pellucid.core.session import _engines
from pellucid.names.op_types import load_all
from tests.differential.oracle import installed

load_all()               # so that which types there are does not depend on the order of the tests

# Compiled in half the time; how quickly the tests' small programs run does not matter.
os.environ.setdefault("JAX_DISABLE_MOST_OPTIMIZATIONS", "1")

needs_tensorflow = pytest.mark.skipif(
    not installed(), reason="needs TensorFlow: pip install -e '.[test]', where it has a wheel")

ENGINES = sorted(name for name in _engines
                 if name != "xla" or importlib.util.find_spec("jax"))


# What nobody looks for in a compiled program, as in TensorFlow's own: see docs/xla.md.
NOT_SEEN_BY_XLA = {
    "test_a_crop_must_fit", "test_bad_indices_are_refused", "test_products_check_their_indices",
    "test_rows_that_do_not_exist_are_refused", "test_segments_out_of_range",
    "test_a_label_out_of_range", "test_gather_names_the_index_out_of_range",
    "test_gather_nd_names_the_index_out_of_range", "test_integers_divided_by_zero",
    "test_integers_to_negative_powers", "test_scattering_out_of_range_is_refused",
}


def pytest_generate_tests(metafunc):
    marked = [mark.args[0] for mark in metafunc.definition.iter_markers("parametrize")]
    if "engine" in metafunc.fixturenames and not any("engine" in names for names in marked):
        blind = metafunc.function.__name__ in NOT_SEEN_BY_XLA
        metafunc.parametrize("engine", [e for e in ENGINES if e != "xla" or not blind])


@pytest.fixture
def session(engine, _fresh_graph):
    """A Session of the default graph, which is empty yet."""
    with tf.Session(engine=engine) as session:
        yield session
