"""Every row of the table of operation cases, as a GraphDef: there and back, and to TensorFlow."""

import numpy as np
import pytest

import pellucid as pt
from pellucid.core.operation import op_types
from pellucid.interchange.op_signatures import FILE, signature
from tests.conftest import needs_tensorflow
from tests.differential.oracle import tensorflow
from tests.ops.harness import Built, assert_close, load_rows

ROWS = load_rows()
# Python functions do not travel.
STAY = {"PyFunc", "PyFuncStateless"}
# Types of our own, which TensorFlow does not know.
OURS = {"AsMatrix", "AsProduct", "AssertVariablesInitialized"}
# Data sets of Python functions, which do not travel.
OURS |= {"GeneratorDataset"}
# Known to TensorFlow 1's tf.contrib.seq2seq only.
OURS |= {"GatherTree"}
# Random numbers: with its own seeds TensorFlow is compared in tests/differential.
RANDOM = {name for name, c in op_types.items() if "seed2" in c.attrs}


# What TensorFlow says of cases that it does not compute on a CPU.
NO_KERNEL = ("NHWC", "dilation", "No OpKernel was registered", "Unhandled input dimensions")


def types_of(graph):
    return {op.type for op in graph.get_operations()}


def built(name):
    row = ROWS[name]
    made = Built(row)
    if types_of(made.graph) & STAY:
        pytest.skip("it calls a Python function")
    if any(op.op_type is None for op in made.graph.get_operations()):
        pytest.skip("it has an operation of the test's own")
    if any(t.dtype is None for op in made.graph.get_operations() for t in op.outputs):
        pytest.skip("it is untyped")
    return row, made, made.graph.as_graph_def()


def run(library, graph_def, row, made):
    """The values that a graph imported into a library gives."""
    with library.Graph().as_default() as graph:
        library.import_graph_def(library.GraphDef.FromString(graph_def.SerializeToString()),
                                 name="")
    with library.Session(graph=graph) as session:
        places = [op.name for op in made.graph.get_operations() if op.type == "VariableV2"]
        for place in places:
            initializers = [c for c in graph.get_operations() if c.type == "Assign"
                            and c.inputs[0].op.name == place]
            session.run(initializers[0])
        feeds = {t.name: value for t, value in zip(made.fed, row.inputs, strict=True)}
        return session.run([t.name for t in made.outputs], feeds)


@pytest.mark.parametrize("name", ROWS)
def test_there_and_back(name):
    row, made, graph_def = built(name)
    with pt.Graph().as_default() as graph:
        pt.import_graph_def(graph_def, name="")
    again = graph.as_graph_def()
    expected = {node.name: node for node in graph_def.node}
    assert expected == {node.name: node for node in again.node}
    wanted = made.run(row.inputs)
    for i, value in enumerate(run(pt, graph_def, row, made)):
        assert_close(value, wanted[i], row.rtol, f"output {i}")


@needs_tensorflow
@pytest.mark.parametrize("name", ROWS)
def test_tensorflow_runs_it(name):
    row, made, graph_def = built(name)
    types = types_of(made.graph)
    if types & OURS:
        pytest.skip("it has an operation type of our own")
    wanted = made.run(row.inputs)
    try:
        values = run(tensorflow(), graph_def, row, made)
    except Exception as error:
        if any(text in str(error) for text in NO_KERNEL):
            pytest.skip("TensorFlow has no kernel for it")
        raise
    for i, value in enumerate(values):
        assert np.shape(value) == np.shape(wanted[i])
        if not types & RANDOM:
            assert_close(value, wanted[i], max(row.rtol, 1e-5), f"output {i}")


@pytest.mark.parametrize("op_type", sorted(
    name for name, c in op_types.items() if c.__module__.startswith("pellucid.")))
def test_each_type_has_a_signature(op_type):
    assert (signature(op_type) is None) == (op_type in OURS)


@needs_tensorflow
def test_the_signatures_are_tensorflows():
    tensorflow()
    from tests.interchange import record_op_types
    current = set(record_op_types.text().splitlines())
    assert current == set(FILE.read_text().splitlines())
