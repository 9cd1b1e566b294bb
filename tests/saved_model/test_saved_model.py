"""SavedModels: there and back, TensorFlow's and ours, and what is refused."""

import os
import shutil
from pathlib import Path

import numpy as np
import pytest

import pellucid as tf
from tests.conftest import needs_tensorflow
from tests.differential.oracle import tensorflow

THEIRS = Path(__file__).parents[1] / "files" / "saved_model"
X = np.eye(3, dtype=np.float32)


def model(library, directory, session, **options):
    """A model with a signature, saved; returns what it computes of X."""
    x = library.placeholder(library.float32, [None, 3], name="x")
    w = library.Variable([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]], name="w")
    y = library.matmul(x, w, name="y")
    session.run(library.global_variables_initializer())
    session.run(library.assign_add(w, library.ones([3, 2])))
    builder = library.saved_model.builder.SavedModelBuilder(directory)
    signature = library.saved_model.signature_def_utils.predict_signature_def({"x": x}, {"y": y})
    builder.add_meta_graph_and_variables(
        session, [library.saved_model.tag_constants.SERVING], {
            library.saved_model.signature_constants.DEFAULT_SERVING_SIGNATURE_DEF_KEY: signature},
        **options)
    builder.save()
    return session.run(y, {x: X})


def load(library, directory, tags=("serve",), scope=None):
    with library.Graph().as_default() as graph, library.Session() as session:
        meta = library.saved_model.loader.load(session, list(tags), directory, scope)
        signature = meta.signature_def["serving_default"]
        prefix = f"{scope}/" if scope else ""
        names = [v.name for v in graph.get_collection("variables")]
        return names, session.run(prefix + signature.outputs["y"].name,
                                  {prefix + signature.inputs["x"].name: X})


@pytest.mark.parametrize("scope", [None, "inside"])
@pytest.mark.parametrize("strip", [False, True])
def test_there_and_back(tmp_path, scope, strip):
    directory = str(tmp_path / "model")
    with tf.Graph().as_default(), tf.Session() as session:
        wanted = model(tf, directory, session, strip_default_attrs=strip)
    assert sorted(os.listdir(directory)) == ["saved_model.pb", "variables"]
    assert sorted(os.listdir(directory + "/variables")) == [
        "variables.data-00000-of-00001", "variables.index"]
    names, found = load(tf, directory, scope=scope)
    assert names == [f"{scope}/w:0" if scope else "w:0"] and np.array_equal(found, wanted)


@needs_tensorflow
@pytest.mark.parametrize("strip", [False, True])
def test_tensorflow_loads_ours(tmp_path, strip):
    with tf.Graph().as_default(), tf.Session() as session:
        wanted = model(tf, str(tmp_path / "ours"), session, strip_default_attrs=strip)
    assert np.array_equal(load(tensorflow(), str(tmp_path / "ours"))[1], wanted)


@needs_tensorflow
@pytest.mark.parametrize("resource", [False, True])
def test_we_load_tensorflows(tmp_path, resource):
    theirs = tensorflow()
    with theirs.Graph().as_default(), theirs.Session() as session:
        with theirs.variable_scope("", use_resource=resource):
            x = theirs.placeholder(theirs.float32, [None, 3], name="x")
            w = theirs.get_variable("w", initializer=theirs.ones([3, 2]))
            y = theirs.nn.relu(theirs.matmul(x, w))
        session.run(theirs.global_variables_initializer())
        theirs.saved_model.simple_save(session, str(tmp_path / "theirs"), {"x": x}, {"y": y})
    names, found = load(tf, str(tmp_path / "theirs"))
    assert names == ["w:0"] and np.array_equal(found, np.ones((3, 2)))
    if resource:                         # and on from there, with a Saver of our own
        with tf.Graph().as_default(), tf.Session() as session:
            tf.saved_model.load(session, ["serve"], str(tmp_path / "theirs"))
            path = tf.train.Saver().save(session, str(tmp_path / "again"))
            assert np.array_equal(tf.train.load_variable(path, "w"), np.ones((3, 2)))
            tf.train.Saver(name="other").restore(session, path)


def test_a_recorded_one_of_tensorflow_1():
    """Its main op doubles w, a matrix of ones; its asset is found where the model is."""
    names, found = load(tf, str(THEIRS))
    assert names == ["w:0"] and np.array_equal(found, np.full((3, 2), 2.0))


def test_assets_and_the_main_op(tmp_path):
    (tmp_path / "words.txt").write_text("one")
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "words.txt").write_text("two")
    directory = str(tmp_path / "model")
    with tf.Graph().as_default(), tf.Session() as session:
        paths = [tf.constant(str(tmp_path / name), name=f"path_{i}")
                 for i, name in enumerate(["words.txt", "other/words.txt"])]
        seen = tf.Variable(["", ""], name="seen", collections=["mine"])
        note = tf.assign(seen, tf.stack(paths)).op
        session.run(seen.initializer)
        model(tf, directory, session, assets_collection=paths, main_op=note)
    shutil.move(directory, str(tmp_path / "moved"))
    directory = str(tmp_path / "moved")
    with tf.Graph().as_default(), tf.Session() as session:
        tf.saved_model.loader.load(session, ["serve"], directory)
        read = [Path(path.decode()).read_text() for path in session.run("seen:0")]
        assert read == ["one", "two"]
        assert all(path.decode().startswith(directory) for path in session.run("seen:0"))


def test_several_graphs_and_text(tmp_path):
    directory = str(tmp_path / "model")
    with tf.Graph().as_default(), tf.Session() as session:
        x = tf.placeholder(tf.float32, [3], name="x")
        v = tf.Variable([1.0, 2.0, 3.0])
        v.load([1.0, 2.0, 3.0], session)
        builder = tf.saved_model.Builder(directory)
        with pytest.raises(AssertionError, match="has not been saved"):
            builder.add_meta_graph(["early"])
        for tags, y in (["train"], x * v), (["serve", "gpu"], x + v):
            add = builder.add_meta_graph if tags[0] == "serve" else (
                lambda *rest: builder.add_meta_graph_and_variables(session, *rest))
            signature = tf.saved_model.predict_signature_def({"x": x}, {"y": y})
            add(tags, {"serving_default": signature})
        with pytest.raises(AssertionError, match="already been saved"):
            builder.add_meta_graph_and_variables(session, ["late"])
        assert builder.save(as_text=True) == os.path.join(directory, "saved_model.pbtxt").encode()
    x = np.float32([1, 1, 1])
    for tags, wanted in (["train"], [1, 2, 3]), (["gpu", "serve"], [2, 3, 4]):
        with tf.Graph().as_default(), tf.Session() as session:
            meta = tf.saved_model.load(session, tags, directory)
            name = meta.signature_def["serving_default"].outputs["y"].name
            assert session.run(name, {"x:0": x}).tolist() == wanted
    with tf.Session(graph=tf.Graph()) as session, pytest.raises(
            RuntimeError, match="tags 'nope' could not be found.*'train'"):
        tf.saved_model.load(session, ["nope"], directory)


def test_without_variables(tmp_path):
    with tf.Graph().as_default(), tf.Session() as session:
        x = tf.placeholder(tf.float32, [3, 3], name="x")
        tf.saved_model.simple_save(session, str(tmp_path / "m"), {"x": x}, {"y": 2 * x})
    assert load(tf, str(tmp_path / "m"))[1].tolist() == (2 * X).tolist()


def test_tensor_infos():
    x, s = tf.placeholder(tf.float32, [None, 2]), tf.sparse_placeholder(tf.int64, [3, 4])
    for tensor in x, s:
        info = tf.saved_model.utils.build_tensor_info(tensor)
        found = tf.saved_model.utils.get_tensor_from_tensor_info(info)
        assert getattr(found, "values", found) is getattr(tensor, "values", tensor)
    assert [d.size for d in info.tensor_shape.dim] == [3, 4]
    assert tf.saved_model.build_tensor_info(tf.Variable(1.0, name="v")).name.startswith("v")
    with pytest.raises(ValueError, match="encoding"):
        tf.saved_model.get_tensor_from_tensor_info(tf.TensorInfo())


def test_signatures():
    sm = tf.saved_model
    text, number = tf.constant(["a"]), tf.constant([1.0])
    made = [sm.predict_signature_def({"x": number}, {"y": number}),
            sm.classification_signature_def(text, text, number),
            sm.classification_signature_def(text, None, number),
            sm.regression_signature_def(text, number)]
    assert all(map(sm.is_valid_signature, made))
    assert not sm.is_valid_signature(None)
    assert not sm.is_valid_signature(sm.build_signature_def(method_name="mine"))
    for wrong in (lambda: sm.predict_signature_def({}, {"y": number}),
                  lambda: sm.predict_signature_def({"x": number}, {}),
                  lambda: sm.classification_signature_def(text, None, None),
                  lambda: sm.classification_signature_def(number, text, None),
                  lambda: sm.classification_signature_def(text, None, text),
                  lambda: sm.regression_signature_def(text, text),
                  lambda: sm.regression_signature_def(None, number)):
        with pytest.raises(ValueError):
            wrong()


def test_what_is_refused(tmp_path):
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "file").write_bytes(b"")
    with pytest.raises(AssertionError, match="isn't empty"):
        tf.saved_model.Builder(str(tmp_path / "full"))
    with tf.Session(graph=tf.Graph()) as session:
        with pytest.raises(OSError, match="does not exist at"):
            tf.saved_model.load(session, ["serve"], str(tmp_path))
        (tmp_path / "saved_model.pb").write_bytes(b"\xff\xff\xff")
        with pytest.raises(tf.errors.DataLossError, match="saved_model.pb: these 3 bytes"):
            tf.saved_model.load(session, ["serve"], str(tmp_path))
    assert tf.saved_model.maybe_saved_model_directory(str(tmp_path))
    assert not tf.saved_model.contains_saved_model(str(tmp_path / "full"))


def test_an_asset_outside_the_model_is_refused(tmp_path):
    directory = str(tmp_path / "model")
    shutil.copytree(THEIRS, directory)
    path = Path(directory, "saved_model.pb")
    path.write_bytes(path.read_bytes().replace(b"words.txt", b"../../etc"))
    with tf.Session(graph=tf.Graph()) as session, pytest.raises(
            tf.errors.DataLossError, match="is not in the model"):
        tf.saved_model.load(session, ["serve"], directory)
