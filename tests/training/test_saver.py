"""Saver: what it writes and reads, which checkpoints it keeps, its operations."""

import os
import subprocess
import sys
import textwrap
import time
from types import SimpleNamespace

import numpy as np
import pytest

import pellucid as pt
from pellucid.interchange.meta_graph import SaveSliceInfo
from tests.conftest import needs_tensorflow
from tests.differential.oracle import tensorflow

X = np.random.RandomState(0).rand(5, 4).astype(np.float32)
Y = np.array([0, 1, 2, 1, 0], np.int32)
FEEDS = {"x:0": X, "y:0": Y}


def build(tf, **options):
    tf.set_random_seed(7)
    x = tf.placeholder(tf.float32, [None, 4], name="x")
    y = tf.placeholder(tf.int32, [None], name="y")
    w = tf.get_variable("w", [4, 3])
    b = tf.Variable(tf.zeros([3]), name="b")
    step = tf.train.get_or_create_global_step()
    losses = tf.nn.sparse_softmax_cross_entropy_with_logits(labels=y, logits=tf.matmul(x, w) + b)
    loss = tf.reduce_mean(losses, name="loss")
    tf.train.AdamOptimizer(0.1).minimize(loss, global_step=step)
    tf.add_to_collection("things", loss)
    tf.add_to_collection("numbers", 3)
    tf.global_variables_initializer()
    return tf.train.Saver(**options)


def train(session, steps):
    losses = []
    for _ in range(steps):
        session.run("Adam", FEEDS)
        losses.append(session.run("loss:0", FEEDS))
    return losses


def test_interrupted_training_goes_on_with_the_same_numbers(session, tmp_path, engine):
    saver = build(pt)
    session.run("init")
    train(session, 3)
    path = saver.save(session, str(tmp_path / "net"), global_step=pt.train.get_global_step())
    assert path == str(tmp_path / "net-3") == pt.train.latest_checkpoint(tmp_path)
    expected = train(session, 4)
    with pt.Graph().as_default():
        saver = build(pt)
        with pt.Session(engine=engine) as other:
            saver.restore(other, path)
            assert train(other, 4) == expected


@needs_tensorflow
@pytest.mark.parametrize("ours_first", [True, False])
def test_training_goes_on_in_the_other_library(tmp_path, ours_first):
    first, second = (pt, tensorflow())[::1 if ours_first else -1]
    with first.Graph().as_default():
        saver = build(first)
        with first.Session() as session:
            session.run("init")
            train(session, 3)
            path = saver.save(session, str(tmp_path / "net"), global_step=3)
            expected = train(session, 4)
    with second.Graph().as_default():
        saver = second.train.import_meta_graph(path + ".meta")
        with second.Session() as session:
            saver.restore(session, second.train.latest_checkpoint(str(tmp_path)))
            np.testing.assert_allclose(train(session, 4), expected, rtol=1e-5)
        assert [v.name for v in second.trainable_variables()] == ["w:0", "b:0"]
        assert len(second.global_variables()) == 9
        assert second.get_collection("things")[0].name == "loss:0"
        assert second.get_collection("numbers") == [3]
        assert second.train.get_global_step().name == "global_step:0"


@needs_tensorflow
def test_operations_are_those_of_tensorflow():
    tf = tensorflow()
    wanted = build(pt).as_saver_def()
    with tf.Graph().as_default() as graph:
        saver = build(tf)
    assert saver.as_saver_def().SerializeToString() == wanted.SerializeToString()
    theirs = [op for op in graph.get_operations() if op.name.startswith("save")]
    ours = [op for op in pt.get_default_graph().get_operations() if op.name.startswith("save")]

    def described(ops):
        return {op.name: (op.type, [t.name for t in op.inputs],
                          sorted(c.name for c in op.control_inputs)) for op in ops}
    assert described(ours) == described(theirs)


# -- which variables -----------------------------------------------------------------------

def saved(tmp_path, saver, session):
    path = saver.save(session, str(tmp_path / "net"), write_meta_graph=False)
    return {name: pt.train.load_variable(path, name).tolist()
            for name, _ in pt.train.list_variables(path)}


def test_lists_and_dicts(session, tmp_path):
    a, b = pt.Variable(1.0, name="a"), pt.Variable([2, 3], name="b")
    assert saved(tmp_path, pt.train.Saver(), session) == {"a": 1, "b": [2, 3]}
    assert saved(tmp_path, pt.train.Saver([b]), session) == {"b": [2, 3]}
    saver = pt.train.Saver({"other": a})
    assert saved(tmp_path, saver, session) == {"other": 1}
    a.load(5.0, session)
    saver.restore(session, str(tmp_path / "net"))
    assert session.run(a) == 1


def test_strings_and_small_types(session, tmp_path):
    pt.Variable([b"a", b"bc"], name="s")
    h = pt.Variable(pt.cast([1.5], pt.bfloat16), name="h")
    pt.Variable(np.zeros((0, 2), np.float32), name="empty")
    saver = pt.train.Saver()
    path = saver.save(session, str(tmp_path / "net"))
    saver.restore(session, path)
    assert session.run(h).dtype.name == "bfloat16"
    assert pt.train.load_variable(path, "s").tolist() == [b"a", b"bc"]


def test_parts_of_a_variable(session, tmp_path):
    parts = [pt.Variable(np.full((2, 3), i, np.float32), name=f"part_{i}") for i in range(2)]
    for i, part in enumerate(parts):
        part._save_slice_info = SaveSliceInfo("whole", [4, 3], [2 * i, 0], [2, 3])
    saver = pt.train.Saver()
    path = saver.save(session, str(tmp_path / "net"))
    assert pt.train.load_variable(path, "whole")[:, 0].tolist() == [0, 0, 1, 1]
    parts[1].load(np.zeros((2, 3)), session)
    saver.restore(session, path)
    assert session.run(parts[1])[0].tolist() == [1, 1, 1]


def test_what_cannot_be_saved():
    with pytest.raises(ValueError, match="No variables to save"):
        pt.train.Saver()
    pt.train.Saver(allow_empty=True)
    with pytest.raises(TypeError, match="Variable to save is not a Variable"):
        pt.train.Saver([pt.constant(1.0)])
    v = pt.Variable(1.0, name="v")
    with pytest.raises(ValueError, match="At least two variables have the same name: v"):
        pt.train.Saver([v, v])
    with pytest.raises(ValueError, match="version 2"):
        pt.train.Saver(write_version=1)


def test_reshape(session, tmp_path):
    pt.Variable([[1.0, 2.0]], name="v")
    path = pt.train.Saver().save(session, str(tmp_path / "net"))
    with pt.Graph().as_default(), pt.Session() as other:
        v = pt.Variable([0.0, 0.0], name="v")
        pt.train.Saver(reshape=True).restore(other, path)
        assert other.run(v).tolist() == [1, 2]
        with pytest.raises(pt.errors.InvalidArgumentError, match="another shape or type"):
            pt.train.Saver().restore(other, path)


def test_defer_build_and_filename(session, tmp_path):
    saver = pt.train.Saver(defer_build=True, filename=str(tmp_path / "own"))
    v = pt.Variable(4.0, name="v")
    with pytest.raises(RuntimeError, match="call build"):
        saver.save(session, str(tmp_path / "net"))
    saver.build()
    session.run(saver.saver_def.save_tensor_name)
    assert pt.train.load_variable(str(tmp_path / "own"), "v") == 4
    v.load(1.0, session)
    session.run(saver.saver_def.restore_op_name)
    assert session.run(v) == 4


# -- which checkpoints ---------------------------------------------------------------------

def steps_on_disk(tmp_path):
    return sorted(int(name[4:-6]) for name in os.listdir(tmp_path) if name.endswith(".index"))


def test_max_to_keep(session, tmp_path):
    pt.Variable(1.0)
    for keep, expected in (2, [3, 4]), (0, [0, 1, 2, 3, 4]), (None, [0, 1, 2, 3, 4]):
        folder = tmp_path / str(keep)
        folder.mkdir()
        saver = pt.train.Saver(max_to_keep=keep)
        for step in range(5):
            saver.save(session, str(folder / "net"), global_step=step)
        assert steps_on_disk(folder) == expected
        assert pt.train.latest_checkpoint(folder) == str(folder / "net-4")
        state = pt.train.get_checkpoint_state(folder)
        assert len(state.all_model_checkpoint_paths) == (2 if keep else 1)
    assert len(os.listdir(tmp_path / "2")) == 7


def test_one_every_few_hours_stays(session, tmp_path, monkeypatch):
    now = [1000.0]
    monkeypatch.setattr("pellucid.training.saver.time", SimpleNamespace(time=lambda: now[0]))
    pt.Variable(1.0)
    saver = pt.train.Saver(max_to_keep=1, keep_checkpoint_every_n_hours=1)
    for step in range(6):
        saver.save(session, str(tmp_path / "net"), global_step=step)
        now[0] += 2000
    assert steps_on_disk(tmp_path) == [2, 4, 5]


def test_sharded(session, tmp_path):
    """By way of a temporary directory, of which nothing stays."""
    v = pt.Variable([1.0, 2.0], name="v")
    saver = pt.train.Saver(sharded=True)
    assert saver.saver_def.sharded
    v.load([3.0, 4.0], session)
    path = saver.save(session, str(tmp_path / "net"), write_state=False, write_meta_graph=False)
    assert sorted(os.listdir(tmp_path)) == ["net.data-00000-of-00001", "net.index"]
    v.load([0.0, 0.0], session)
    saver.restore(session, path)
    assert session.run(v).tolist() == [3, 4]


def test_saving_to_one_path_again(session, tmp_path):
    v = pt.Variable(1.0)
    saver = pt.train.Saver(max_to_keep=2)
    for value in range(4):
        v.load(value, session)
        path = saver.save(session, str(tmp_path / "net"))
    assert saver.last_checkpoints == [path]
    saver.restore(session, path)
    assert session.run(v) == 3


def test_recovering_the_list(session, tmp_path):
    pt.Variable(1.0)
    for step in range(3):
        pt.train.Saver().save(session, str(tmp_path / "net"), global_step=step)
    saver = pt.train.Saver(max_to_keep=2)
    saver.recover_last_checkpoints([str(tmp_path / f"net-{i}") for i in (1, 2, 9)])
    assert saver.last_checkpoints == [str(tmp_path / f"net-{i}") for i in (1, 2)]
    saver.save(session, str(tmp_path / "net"), global_step=3)
    assert steps_on_disk(tmp_path) == [0, 2, 3]


def test_names_of_files(session, tmp_path):
    pt.Variable(1.0)
    saver = pt.train.Saver(pad_step_number=True, save_relative_paths=True)
    path = saver.save(session, str(tmp_path / "net"), global_step=12, latest_filename="newest",
                      meta_graph_suffix="graph")
    assert path == str(tmp_path / "net-00000012")
    assert sorted(os.listdir(tmp_path)) == [
        "net-00000012.data-00000-of-00001", "net-00000012.graph", "net-00000012.index", "newest"]
    assert pt.train.latest_checkpoint(tmp_path, "newest") == path
    saver.save(session, str(tmp_path / "alone"), write_state=False, write_meta_graph=False)
    assert pt.train.latest_checkpoint(tmp_path, "newest") == path
    assert not (tmp_path / "alone.meta").exists()


def test_one_missing_directory_is_made(session, tmp_path):
    pt.Variable(1.0)
    session.run(pt.global_variables_initializer())
    path = pt.train.Saver().save(session, str(tmp_path / "new" / "net"))
    assert pt.train.latest_checkpoint(tmp_path / "new") == path


def test_paths_that_cannot_be_written(session, tmp_path):
    pt.Variable(1.0)
    saver = pt.train.Saver()
    with pytest.raises(ValueError, match="Parent directory of .* doesn't exist, can't save"):
        saver.save(session, str(tmp_path / "no" / "where" / "net"))
    with pytest.raises(ValueError, match="must not contain path components"):
        saver.save(session, str(tmp_path / "net"), latest_filename="a/b")
    with pytest.raises(ValueError, match="'latest_filename' collides with 'save_path'"):
        saver.save(session, str(tmp_path / "checkpoint"))


# -- restoring what does not fit -----------------------------------------------------------

def test_restoring_what_is_not_there(session, tmp_path):
    pt.Variable(1.0, name="v")
    saver = pt.train.Saver()
    with pytest.raises(ValueError, match="Can't load save_path when it is None"):
        saver.restore(session, None)
    with pytest.raises(ValueError, match="not a valid checkpoint: .*net"):
        saver.restore(session, str(tmp_path / "net"))
    path = saver.save(session, str(tmp_path / "net"))
    with pt.Graph().as_default(), pt.Session() as other:
        pt.Variable(1.0, name="w")
        with pytest.raises(pt.errors.NotFoundError, match="Key w not found in checkpoint"):
            pt.train.Saver().restore(other, path)
    with pt.Graph().as_default(), pt.Session() as other:
        pt.Variable(1, name="v")
        with pytest.raises(pt.errors.InvalidArgumentError, match="expected dtype int32"):
            pt.train.Saver().restore(other, path)


def test_a_damaged_checkpoint_changes_nothing(session, tmp_path):
    v, w = pt.Variable(1.0, name="v"), pt.Variable([2.0], name="w")
    saver = pt.train.Saver()
    path = saver.save(session, str(tmp_path / "net"))
    session.run([v.assign(5.0), w.assign([6.0])])
    data = path + ".data-00000-of-00001"
    with open(data, "r+b") as file:
        file.seek(4)
        file.write(b"\x01")
    with pytest.raises(pt.errors.DataLossError, match="data-00000-of-00001, byte 4"):
        saver.restore(session, path)
    assert session.run([v, w]) == [5.0, [6.0]]


# -- MetaGraphs ----------------------------------------------------------------------------

def test_meta_graphs_in_text_and_under_a_scope(session, tmp_path):
    v = pt.Variable(3.0, name="v", trainable=False)
    pt.multiply(v, 2, name="twice")
    saver = pt.train.Saver()
    path = saver.save(session, str(tmp_path / "net"))
    saver.export_meta_graph(str(tmp_path / "text"), as_text=True)
    with pt.Graph().as_default(), pt.Session() as other:
        again, (twice,) = pt.train.import_meta_graph(
            str(tmp_path / "text"), import_scope="in", return_elements=["twice:0"])
        again.restore(other, path)
        assert other.run([twice, "in/v:0"]) == [6, 3]
        assert [v.name for v in pt.global_variables()] == ["in/v:0"]
        assert pt.trainable_variables() == []
        assert pt.global_variables()[0].initializer.name == "in/v/Assign"


def test_without_a_saver_def():
    pt.Variable(1.0)
    meta = pt.train.export_meta_graph()
    with pt.Graph().as_default():
        assert isinstance(pt.train.import_meta_graph(meta), pt.train.Saver)
    with pt.Graph().as_default():
        pt.constant(1)
        meta = pt.train.export_meta_graph()
    with pt.Graph().as_default():
        assert pt.train.import_meta_graph(meta) is None


def test_meta_graphs_that_are_none(tmp_path):
    with pytest.raises(OSError, match="does not exist"):
        pt.train.import_meta_graph(str(tmp_path / "nothing"))
    (tmp_path / "net.meta").write_bytes(b"\xff" * 100)
    with pytest.raises(pt.errors.DataLossError, match="net.meta"):
        pt.train.import_meta_graph(str(tmp_path / "net.meta"))
    with pytest.raises(NotImplementedError, match="save_debug_info"):
        pt.train.export_meta_graph(save_debug_info=True)


def test_clear_devices():
    with pt.device("/gpu:0"):
        pt.Variable(1.0, name="v")
    meta = pt.train.export_meta_graph()
    assert meta.graph_def.node[-1].device == "/device:GPU:0"
    with pt.Graph().as_default() as graph:
        pt.train.import_meta_graph(meta, clear_devices=True)
        assert not any(op.device for op in graph.get_operations())
    assert not any(node.device for node in
                   pt.train.export_meta_graph(clear_devices=True).graph_def.node)


# -- the process ends at any instant -------------------------------------------------------

SAVING = textwrap.dedent("""
    import sys
    import numpy as np
    import pellucid as tf
    v = [tf.Variable(tf.zeros([20_000]), name=f"v{i}") for i in range(5)]
    value = tf.placeholder(tf.float32, [])
    change = tf.group(*[x.assign(tf.fill([20_000], value)) for x in v])
    saver = tf.train.Saver(max_to_keep=3)
    with tf.Session() as session:
        for step in range(100_000):
            session.run(change, {value: step})
            saver.save(session, sys.argv[1] + ("/same" if step % 2 else f"/net-{step}"))
            if step == 1:
                print("ready", flush=True)
""")


def test_killed_at_any_instant_nothing_is_lost(tmp_path):
    """The latest checkpoint is whole, and no older than the one found at the kill before."""
    for attempt in range(8):
        process = subprocess.Popen([sys.executable, "-c", SAVING, str(tmp_path)],
                                   stdout=subprocess.PIPE)
        process.stdout.readline()
        time.sleep(0.0137 * attempt)
        process.kill()
        process.communicate()
        path = pt.train.latest_checkpoint(tmp_path)
        values = {float(x) for i in range(5)
                  for x in np.unique(pt.train.load_variable(path, f"v{i}"))}
        assert len(values) == 1
        assert max(values) >= 1
