"""Event files: everything that was added is in them, in order, for us and for TensorBoard."""

import gc
import os
import subprocess
import sys

import numpy as np
import pytest

import pellucid as tf

STEPS = 50


def train(logdir):
    """Trains a little, and writes what TensorBoard shows."""
    with tf.Graph().as_default() as graph, tf.Session() as session:
        with tf.name_scope("model"):
            w = tf.Variable(tf.zeros([3, 2]), name="w")
            x = tf.placeholder(tf.float32, [None, 3], name="x")
            loss = tf.reduce_mean(tf.square(tf.matmul(x, w) - 1.0), name="loss")
        with tf.name_scope("train"):
            step = tf.train.GradientDescentOptimizer(0.1).minimize(loss)
        tf.summary.scalar("loss", loss)
        tf.summary.histogram("w", w)
        tf.summary.image("w_as_image", tf.reshape(w, [1, 3, 2, 1]))
        tf.summary.text("note", tf.constant("hello"))
        merged = tf.summary.merge_all()
        session.run(tf.global_variables_initializer())
        with tf.summary.FileWriter(logdir, graph) as writer:
            for i in range(STEPS):
                _, summary = session.run([step, merged], {x: np.eye(3)})
                writer.add_summary(summary, i)
            metadata = tf.RunMetadata()
            session.run(loss, {x: np.eye(3)}, tf.RunOptions(trace_level=3), metadata)
            writer.add_run_metadata(metadata, "traced", STEPS)
            writer.add_session_log(tf.SessionLog(status=tf.SessionLog.STOP), STEPS)
    return graph


def events(logdir):
    return [event for name in sorted(os.listdir(logdir))
            for event in tf.train.summary_iterator(os.path.join(logdir, name))]


def test_everything_comes_back(tmp_path):
    graph = train(str(tmp_path))
    first, drawn, meta, *steps, traced, last = events(tmp_path)
    assert first.file_version == "brain.Event:2"
    assert drawn.graph_def == graph.as_graph_def(add_shapes=True).SerializeToString()
    assert len(tf.MetaGraphDef.FromString(meta.meta_graph_def).graph_def.node) > 10
    assert [event.step for event in steps] == list(range(STEPS))
    assert [value.tag for value in steps[0].summary.value] == [
        "loss", "w", "w_as_image/image/0", "note"]
    assert steps[0].summary.value[3].metadata.plugin_data.plugin_name == "text"
    assert not steps[1].summary.value[3].HasField("metadata")        # once a tag is enough
    losses = [event.summary.value[0].simple_value for event in steps]
    assert losses[0] == 1.0 and losses == sorted(losses, reverse=True)
    assert traced.tagged_run_metadata.tag == "traced"
    assert last.session_log.status == tf.SessionLog.STOP


def test_tensorboard_shows_it(tmp_path):
    """Its HTTP interface: scalars, histograms, images, text, the graph with its name scopes."""
    pytest.importorskip("tensorboard")
    train(str(tmp_path / "run"))
    out = subprocess.run([sys.executable, "-c", ASK, str(tmp_path)], check=False,
                         capture_output=True, text=True)
    assert out.returncode == 0, out.stderr
    scalars, histogram, image, text, graph, timed = map(eval, out.stdout.splitlines())
    assert len(scalars) == STEPS and scalars[0][2] == 1.0
    assert len(histogram) > 10
    assert image == b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\2\0\0\0\3"
    assert "hello" in text
    assert {"model/MatMul", "train/GradientDescent/update_model/w/ApplyGradientDescent"} <= graph
    assert timed and timed <= graph


ASK = """
import json, sys, warnings
warnings.simplefilter("ignore")
from tensorboard import program
from tensorboard.plugins.core import core_plugin
from tensorboard import default
import urllib.request
board = program.TensorBoard(plugins=default.get_plugins())
board.configure(argv=[None, "--logdir", sys.argv[1], "--host", "127.0.0.1", "--port", "0",
                      "--load_fast", "false", "--reload_interval", "0"])
url = board.launch()
def get(path):
    with urllib.request.urlopen(url + "data/plugin/" + path) as answer:
        return answer.read()
import time
for _ in range(100):
    if b'"loss"' in get("scalars/tags"):
        break
    time.sleep(0.1)
print(json.loads(get("scalars/scalars?run=run&tag=loss")))
print(json.loads(get("histograms/histograms?run=run&tag=w")))
last = json.loads(get("images/images?run=run&tag=w_as_image/image/0&sample=0"))[-1]
print(get("images/individualImage?" + last["query"])[:24])
print(repr(get("text/text?run=run&tag=note").decode()))
import re
print(set(re.findall(r'name: "([^"]+)"', get("graphs/graph?run=run").decode())))
print(set(re.findall(r'node_name: "([^"]+)"',
                     get("graphs/run_metadata?run=run&tag=traced").decode())))
"""


def test_flush_and_reopen(tmp_path):
    writer = tf.summary.FileWriter(str(tmp_path), filename_suffix=".mine")
    summary = tf.Summary(value=[tf.Summary.Value(tag="x", simple_value=1.5)])
    writer.add_summary(summary, np.int64(3))
    writer.flush()
    assert [e.step for e in events(tmp_path)] == [0, 3]
    writer.close()
    writer.close()
    with pytest.warns(UserWarning, match="closed FileWriter"):
        writer.add_summary(summary)
    writer.add_summary(summary)                       # said once
    writer.reopen()
    writer.add_event(tf.Event(step=7))
    writer.close()
    assert sorted(e.step for e in events(tmp_path)) == [0, 0, 3, 7]
    assert all(name.endswith(".mine") for name in os.listdir(tmp_path))
    assert len(os.listdir(tmp_path)) == 2
    assert writer.get_logdir() == str(tmp_path)


def test_writers_of_one_directory_do_not_share_a_file(tmp_path):
    writers = [tf.summary.FileWriter(str(tmp_path)) for _ in range(3)]
    for i, writer in enumerate(writers):
        writer.add_event(tf.Event(step=i + 1))
        writer.close()
    assert sorted(e.step for e in events(tmp_path) if e.step) == [1, 2, 3]


def test_nothing_is_lost_by_who_forgets_to_close(tmp_path):
    writer = tf.summary.FileWriter(str(tmp_path / "a"))
    writer.add_event(tf.Event(step=5))
    del writer
    gc.collect()
    assert events(tmp_path / "a")[1].step == 5
    program = ("import pellucid as tf, sys; w = tf.summary.FileWriter(sys.argv[1]);"
               "[w.add_event(tf.Event(step=i)) for i in range(100)]")
    subprocess.run([sys.executable, "-c", program, str(tmp_path / "b")], check=True)
    assert len(events(tmp_path / "b")) == 101


def test_what_is_refused(tmp_path):
    writer = tf.summary.FileWriter(str(tmp_path))
    with pytest.raises(ValueError, match="No graph"):
        writer.add_graph(None)
    with pytest.raises(TypeError, match="instance of `Graph`"):
        writer.add_graph("graph")
    with pytest.raises(TypeError, match="MetaGraphDef"):
        writer.add_meta_graph(tf.GraphDef())
    writer.add_run_metadata(tf.RunMetadata(), "step 1")
    with pytest.raises(ValueError, match="already used"):
        writer.add_run_metadata(tf.RunMetadata(), "step 1")
    writer.close()
    with pytest.raises(NotImplementedError, match="session"):
        tf.summary.FileWriter(str(tmp_path), session=3)
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(OSError):
        tf.summary.FileWriter(str(tmp_path / "file"))


def test_a_full_disk_is_reported(tmp_path):
    writer = tf.summary.FileWriter(str(tmp_path))
    writer._file._queue.put(b"fine")

    class Full:
        def write(self, data):
            raise OSError(28, "No space left on device")
        flush = close = lambda self: None

    import queue

    from pellucid.summary import event_file
    waiting, state = queue.Queue(), {"error": None}
    waiting.put(b"x")
    waiting.put(event_file._STOP)
    event_file._write(Full(), waiting, 1, state)
    writer._file._state = state
    with pytest.raises(tf.errors.UnknownError, match="No space left"):
        writer.add_event(tf.Event())
    writer.close()


def test_the_cache(tmp_path):
    writer = tf.summary.FileWriterCache.get(str(tmp_path))
    assert tf.summary.FileWriterCache.get(str(tmp_path)) is writer
    tf.summary.FileWriterCache.clear()
    assert tf.summary.FileWriterCache.get(str(tmp_path)) is not writer
    tf.summary.FileWriterCache.clear()


def test_a_damaged_event_file(tmp_path):
    train(str(tmp_path))
    (name,) = os.listdir(tmp_path)
    data = (tmp_path / name).read_bytes()
    (tmp_path / name).write_bytes(data[:-5])
    with pytest.raises(tf.errors.DataLossError, match="byte .*truncated record"):
        events(tmp_path)
