"""What old, internal and missing names stand for."""

import importlib
from pathlib import Path

import numpy as np
import pytest

import pellucid as tf
from pellucid.names.lookup import find, provided
from pellucid.names.missing import Missing, explain
from pellucid.names.old import spellings


@pytest.mark.parametrize("name", spellings())
def test_every_old_spelling_stands_for_something(name):
    assert provided(name)


def test_old_functions_compute():
    with tf.Session() as session:
        assert session.run(tf.mul(tf.sub(5, 2), tf.neg(2))) == -6
        assert session.run(tf.pack([1, 2])).tolist() == [1, 2]
        assert session.run(tf.select([True, False], t=[1, 2], e=[3, 4])).tolist() == [1, 4]
        assert session.run(tf.batch_matmul([[[1., 2.]]], [[[3., 4.]]], adj_y=True)) == [[[11]]]
        assert tf.scalar_summary("loss", tf.constant(1.0)).op.type == "ScalarSummary"
        assert tf.histogram_summary(tag="h", values=[1.0]).op.type == "HistogramSummary"
        assert tf.merge_all_summaries().op.type == "MergeSummary"
    with tf.op_scope([], None, "scope"):
        assert tf.constant(1).name == "scope/Const:0"


# Arguments under names that TensorFlow 1 took over from 0.x, or that only 0.x had.
OLD_ARGUMENTS = {
    "sum of rows": lambda x: tf.reduce_sum(x, reduction_indices=1, keep_dims=True),
    "largest": lambda x: tf.reduce_max(x, reduction_indices=[0]),
    "place of the largest": lambda x: tf.argmax(x, dimension=1),
    "softmax": lambda x: tf.nn.softmax(x, dim=0),
    "norm": lambda x: tf.nn.l2_normalize(x, dim=1),
    "expand": lambda x: tf.expand_dims(x, dim=0),
    "squeeze": lambda x: tf.squeeze(x[:1], squeeze_dims=[0]),
    "concat": lambda x: tf.concat(concat_dim=1, values=[x, x]),
    "split": lambda x: tf.split(split_dim=1, num_split=2, value=x),
    "moments": lambda x: tf.nn.moments(x, axes=[0], keep_dims=True),
    "reverse": lambda x: tf.reverse_sequence(x, [1, 2], seq_dim=1, batch_dim=0),
    "cross-entropy": lambda x: tf.nn.sigmoid_cross_entropy_with_logits(logits=x, targets=x),
}
NOW = {
    "sum of rows": lambda x: tf.reduce_sum(x, axis=1, keepdims=True),
    "largest": lambda x: tf.reduce_max(x, axis=0),
    "place of the largest": lambda x: tf.argmax(x, axis=1),
    "softmax": lambda x: tf.nn.softmax(x, axis=0),
    "norm": lambda x: tf.nn.l2_normalize(x, axis=1),
    "expand": lambda x: tf.expand_dims(x, 0),
    "squeeze": lambda x: tf.squeeze(x[:1], 0),
    "concat": lambda x: tf.concat([x, x], 1),
    "split": lambda x: tf.split(x, 2, axis=1),
    "moments": lambda x: tf.nn.moments(x, [0], keepdims=True),
    "reverse": lambda x: tf.reverse_sequence(x, [1, 2], seq_axis=1, batch_axis=0),
    "cross-entropy": lambda x: tf.nn.sigmoid_cross_entropy_with_logits(labels=x, logits=x),
}


@pytest.mark.parametrize("what", OLD_ARGUMENTS)
def test_old_names_of_arguments_are_taken(what):
    x = tf.constant([[1.0, 2.0], [4.0, 3.0]])
    old, new = tf.Session().run([OLD_ARGUMENTS[what](x), NOW[what](x)])
    np.testing.assert_array_equal(old, new)


def test_the_old_order_of_arguments_is_refused_with_a_hint():
    x = tf.zeros([2, 4])
    with pytest.raises(TypeError, match=r"values first, then the axis: tf.concat\(values, 1\)"):
        tf.concat(1, [x, x])
    with pytest.raises(TypeError, match=r"the value first: tf.split\(value, 4, axis=1\)"):
        tf.split(1, 4, x)


@pytest.mark.parametrize("name, public", [
    ("tensorflow.python.ops.math_ops.add", "add"),
    ("tensorflow.python.ops.rnn_cell_impl.LSTMCell", "nn.rnn_cell.LSTMCell"),
    ("tensorflow.python.framework.test_util.TensorFlowTestCase", "test.TestCase"),
    ("tensorflow.python.platform.flags.FLAGS", "flags.FLAGS"),
    ("tensorflow.python.layers.core.Dense", "layers.Dense"),
    ("tensorflow.contrib.layers.python.layers.batch_norm", "contrib.layers.batch_norm"),
    ("tensorflow.contrib.framework.python.ops.add_arg_scope", "contrib.framework.add_arg_scope"),
    ("tensorflow.contrib.layers.python.layers.initializers.xavier_initializer",
     "contrib.layers.xavier_initializer"),
    ("tensorflow.contrib.training.python.training.hparam.HParams", "contrib.training.HParams"),
    ("tensorflow.core.protobuf.config_pb2.RunOptions", "RunOptions"),
    ("tensorflow.python.estimator.estimator.Estimator", "estimator.Estimator"),
    ("tensorflow.python.estimator.model_fn.ModeKeys", "estimator.ModeKeys"),
    ("tensorflow.python.framework.errors.OutOfRangeError", "errors.OutOfRangeError"),
    ("tensorflow.python.lib.io.file_io.file_exists", "io.gfile.exists"),
    ("tensorflow.python.util.nest.is_sequence", "nest.is_nested"),
    ("tensorflow.core.framework.graph_pb2.GraphDef", "GraphDef"),
    ("tensorflow.compat.v1.compat.v1.nn.relu", "nn.relu"),
    ("tf.contrib.distributions.Normal", "distributions.Normal"),
])
def test_paths_into_the_source(name, public):
    assert find(name) is find(public)


@pytest.mark.parametrize("name, says", [
    ("nn.conv9d", "pellucid has no tf.nn.conv9d; nearest: tf.nn.conv"),
    ("relu", "pellucid has no tf.relu; nearest: tf.nn.relu."),
    ("contrib.eager", "tf.contrib.eager is not part of pellucid: pellucid bui"),
    ("python.ops.array_ops.no_such", "pellucid has no tf.python.ops.array_ops.no_such."),
    ("contrib.zzz", "pellucid has no tf.contrib.zzz"),
])
def test_what_is_missing(name, says):
    with pytest.raises(Missing) as raised:
        find(name)
    assert str(raised.value).startswith(says) and explain(name) == str(raised.value)


def test_this_is_version_one():
    assert tf.disable_v2_behavior() is None and tf.executing_eagerly() is False
    with pytest.raises(AttributeError, match="builds graphs"):
        tf.enable_eager_execution()


def test_the_projector(tmp_path):
    projector = tf.contrib.tensorboard.plugins.projector
    config = projector.ProjectorConfig()
    config.embeddings.add(tensor_name="words:0", metadata_path="labels.tsv")
    with tf.summary.FileWriter(str(tmp_path)) as writer:
        projector.visualize_embeddings(writer, config)
    assert (tmp_path / "projector_config.pbtxt").read_text() == (
        'embeddings {\n  tensor_name: "words:0"\n  metadata_path: "labels.tsv"\n}\n')


PACKAGE = Path(tf.__file__).parent
ROOMS = sorted(
    ".".join(face.relative_to(PACKAGE / "api").with_suffix("").parts)
    for face in (PACKAGE / "api").rglob("*.py")
    if face.name != "__init__.py"
    and ((PACKAGE / face.relative_to(PACKAGE / "api")).exists()
         or (PACKAGE / face.relative_to(PACKAGE / "api").with_suffix("")).exists()))


@pytest.mark.parametrize("name", ROOMS)
def test_a_room_that_bears_the_name_of_a_face_has_its_names(name):
    """Who resolves `import tensorflow.data` by the package's own modules comes to the room."""
    room, face = (importlib.import_module(f"pellucid.{part}") for part in (name, f"api.{name}"))
    for public in vars(face):
        assert public.startswith("_") or hasattr(room, public), public
