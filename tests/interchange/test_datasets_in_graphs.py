"""Data sets by functions in a GraphDef: ours there and back and in TensorFlow, and TensorFlow's."""

import ast

import numpy as np
import pytest

import pellucid as pt
from tests.conftest import needs_tensorflow
from tests.differential.oracle import tensorflow
from tests.interchange.record_datasets import BOTH, FILE, build, elements


def imported(library, data):
    with library.Graph().as_default() as graph:
        library.import_graph_def(library.GraphDef.FromString(data), name="")
    return graph


@pytest.fixture(scope="module")
def recorded():
    with np.load(FILE) as found:
        return {name: ast.literal_eval(str(found[name])) if name.endswith("/elements")
                else found[name].tobytes() for name in found.files}


@pytest.mark.parametrize(("pipeline", "one_shot"), BOTH)
def test_there_and_back_and_from_tensorflow_1(recorded, pipeline, one_shot):
    name = pipeline.__name__ + "_one_shot" * one_shot
    graph = build(pt, pipeline, one_shot)
    wanted = elements(pt, graph)
    assert wanted == recorded[name + "/elements"]
    data = graph.as_graph_def().SerializeToString()
    again = imported(pt, data)
    assert elements(pt, again) == wanted
    assert list(again.as_graph_def().node) == list(graph.as_graph_def().node)
    theirs = imported(pt, recorded[name])
    assert elements(pt, theirs) == wanted
    assert elements(pt, imported(pt, theirs.as_graph_def().SerializeToString())) == wanted


@needs_tensorflow
@pytest.mark.parametrize(("pipeline", "one_shot"), BOTH)
def test_with_tensorflow(recorded, pipeline, one_shot):
    tf = tensorflow()
    wanted = recorded[pipeline.__name__ + "_one_shot" * one_shot + "/elements"]
    ours = build(pt, pipeline, one_shot).as_graph_def().SerializeToString()
    assert elements(tf, imported(tf, ours)) == wanted
    theirs = build(tf, pipeline, one_shot).as_graph_def().SerializeToString()
    assert elements(pt, imported(pt, theirs)) == wanted


def scaled(tf):
    limit = tf.constant(2.0)
    return tf.data.Dataset.range(3).map(lambda x: tf.cast(x, tf.float32) * limit)


def test_what_a_file_says_of_functions_is_checked():
    graph_def = build(pt, scaled, False).as_graph_def()
    node = next(node for node in graph_def.node if node.op == "MapDataset")
    cases = [
        (lambda n: n.attr["f"].func.Clear(), "has no function ''"),
        (lambda n: n.attr.pop("f"), "has no function ''"),
        (lambda n: n.input.pop(), "expected inputs of 2"),
        (lambda n: n.input.__setitem__(0, n.input[1]), "must be of type variant"),
    ]
    for change, message in cases:
        bad = pt.GraphDef.FromString(graph_def.SerializeToString())
        change(next(n for n in bad.node if n.name == node.name))
        with pt.Graph().as_default(), pytest.raises(ValueError, match=message):
            pt.import_graph_def(bad, name="")


def test_a_python_generator_does_not_travel():
    with pt.Graph().as_default() as graph:
        data = pt.data.Dataset.from_generator(lambda: [1, 2], pt.int32)
        element = data.make_one_shot_iterator().get_next()
    data = graph.as_graph_def().SerializeToString()
    with pt.Session(graph=imported(pt, data)) as session, pytest.raises(
            pt.errors.FailedPreconditionError, match="a Python function, is not part of"):
        session.run(element.name)
