"""`pellucid show`, `draw` and `freeze`, on files that TensorFlow wrote and on ours."""

import shutil
from pathlib import Path

import numpy as np
import pytest

import pellucid as tf
from pellucid.cli.main import main

FILES = Path(__file__).parents[1] / "files"
CNN = str(FILES / "frozen_cnn.pb")


@pytest.fixture
def command(capsys):
    """Runs a command line; (exit code, lines of standard output, standard error)."""
    def run(*arguments):
        with pytest.raises(SystemExit) as left:
            main([str(a) for a in arguments])
        out, err = capsys.readouterr()
        return left.value.code or 0, [" ".join(line.split()) for line in out.splitlines()], err
    return run


@pytest.fixture
def model(tmp_path):
    """A small model, saved: the prefix of its checkpoint."""
    with tf.Graph().as_default(), tf.Session() as session:
        x = tf.placeholder(tf.float32, [None, 3], name="x")
        w = tf.get_variable("net/w", initializer=tf.constant(np.eye(3, 2, dtype=np.float32)))
        tf.nn.softmax(tf.matmul(x, w), name="y")
        session.run(tf.global_variables_initializer())
        return tf.train.Saver({"saved/w": w}).save(session, str(tmp_path / "net"))


def test_show_a_frozen_graph(command):
    code, lines, _ = command("show", CNN)
    assert code == 0 and lines[0].endswith("frozen_cnn.pb: GraphDef")
    assert "conv2d_input Placeholder float32 (?, 12, 12, 1)" in lines
    assert "dense_1/Softmax Softmax float32 ?" in lines and "Conv2D 2" in lines


def test_show_text_and_what_pellucid_lacks(command, tmp_path):
    graph_def = tf.GraphDef(node=[
        tf.NodeDef(name="a", op="MatrixLogarithm"), tf.NodeDef(name="b", op="Mine")])
    tf.train.write_graph(graph_def, str(tmp_path), "g.pbtxt")
    _, lines, _ = command("show", tmp_path / "g.pbtxt")
    assert "MatrixLogarithm 1 pellucid lacks it" in lines and "Mine 1 not TensorFlow's" in lines


def test_show_a_saved_model(command):
    code, lines, _ = command("show", FILES / "saved_model")
    assert code == 0 and lines[0].endswith("SavedModel of 1 graph")
    for line in ("graph with the tags serve", "in x x:0 float32 (?, 3)",
                 "out y y:0 float32 (?, 2)", "1 variable, 6 elements",
                 "w VariableV2 float32 (3, 2)"):
        assert line in lines


@pytest.mark.parametrize("name", ["v1", "v2", "v2.index"])
def test_show_a_checkpoint(command, name):
    code, lines, _ = command("show", FILES / name)
    assert code == 0 and lines[0].endswith(f"checkpoint of version {name[1]}")
    assert lines[1] == "10 tensors, 57 elements, 223 B"
    assert "parts float32 (10, 3) 120 B" in lines and "words string (3,)" in lines


def test_show_a_directory_and_a_meta_graph(command, model):
    assert command("show", Path(model).parent)[1][0].startswith(model + ": checkpoint")
    _, lines, _ = command("show", model + ".meta")
    assert lines[0].endswith("net.meta: MetaGraph") and "x Placeholder float32 (?, 3)" in lines


def test_show_events(command):
    code, lines, _ = command("show", FILES / "events")
    assert code == 0 and "6 events, steps 0 to 2" in lines
    assert "scope/loss 3 2 1" in lines
    assert "scope/many 3 2 histogram of 2 values from 1 to 2" in lines


def test_show_records_and_safetensors(command, tmp_path):
    feature = tf.train.Feature(int64_list=tf.train.Int64List(value=[1]))
    example = tf.train.Example(features=tf.train.Features(feature={"label": feature}))
    with tf.python_io.TFRecordWriter(str(tmp_path / "r")) as writer:
        writer.write(example.SerializeToString())
    _, lines, _ = command("show", tmp_path / "r")
    assert "1 record, 18 B" in lines and "label int64 1" in lines
    pytest.importorskip("safetensors")
    from pellucid.interchange.safetensors import save_file
    save_file({"w": np.ones((2, 3))}, tmp_path / "x.safetensors")
    assert "w float64 (2, 3) 48 B" in command("show", tmp_path / "x.safetensors")[1]


def test_long_lists_are_cut(command, tmp_path):
    nodes = [tf.NodeDef(name=f"v{i}", op="VariableV2") for i in range(40)]
    (tmp_path / "g.pb").write_bytes(tf.GraphDef(node=nodes).SerializeToString())
    assert "... 10 more (--all lists them)" in command("show", tmp_path / "g.pb")[1]
    assert "v39 VariableV2 ()" in command("show", tmp_path / "g.pb", "--all")[1]


@pytest.mark.parametrize("data", [b"", b"\0" * 100, b"plain text", b"\xff" * 50])
@pytest.mark.parametrize("subcommand", ["show", "draw", "freeze"])
def test_what_is_none_of_these(command, tmp_path, data, subcommand):
    (tmp_path / "file").write_bytes(data)
    more = [] if subcommand == "show" else ["-o", tmp_path / "out"]
    for path in tmp_path / "file", tmp_path / "nothing", tmp_path:
        code, lines, error = command(subcommand, path, *more)
        assert code == 1 and not lines and error.startswith(f"pellucid {subcommand}: ")
        assert not (tmp_path / "out").exists()


def test_a_damaged_event_file_shows_what_is_whole(command, tmp_path):
    path = tmp_path / "events.out.tfevents.1"
    shutil.copy(next((FILES / "events").iterdir()), path)
    path.write_bytes(path.read_bytes()[:-7])
    _, lines, _ = command("show", path)
    assert "scope/loss 2 1 0.5" in lines and "truncated record" in lines[-1]


def test_draw(command, tmp_path, model):
    for path, name in (CNN, "conv2d"), (model, "net"):
        assert command("draw", path, "-o", tmp_path / "g.svg")[0] == 0
        assert name in (tmp_path / "g.svg").read_text()
    assert command("draw", CNN, "-o", tmp_path / "g.svg", "--outputs", "nothing")[0] == 1


def test_freeze_a_checkpoint(command, tmp_path, model):
    code, lines, _ = command("freeze", model, "-o", tmp_path / "f.pb", "--outputs", "y:0")
    assert code == 0 and lines[0].startswith(f"{tmp_path}/f.pb: 5 nodes")
    check_frozen(tmp_path / "f.pb", "y:0", np.exp(1) / (np.exp(1) + 1))
    assert command("freeze", model, "-o", tmp_path / "g.pb")[0] == 1      # which outputs?
    assert command("freeze", model, "-o", tmp_path / "g.pb", "--outputs", "no")[0] == 1


def test_freeze_a_saved_model(command, tmp_path):
    assert command("freeze", FILES / "saved_model", "-o", tmp_path / "f.pb", "--tags", "serve")[
        0] == 0
    check_frozen(tmp_path / "f.pb", "y:0", 1)
    assert command("freeze", FILES / "saved_model", "-o", tmp_path / "f.pb", "--tags", "x")[0] == 1


def check_frozen(path, output, wanted):
    graph_def = tf.GraphDef.FromString(path.read_bytes())
    assert "VariableV2" not in {node.op for node in graph_def.node}
    with tf.Graph().as_default(), tf.Session() as session:
        tf.import_graph_def(graph_def, name="")
        value = session.run(output, {"x:0": [[1.0, 0.0, 0.0]]})
    assert value[0, 0] == pytest.approx(wanted)


def test_a_frozen_network_of_keras_runs():
    """Made by TensorFlow 2.21 and tf_keras (tests/files/record.py), which computed y of x."""
    with np.load(FILES / "frozen_cnn.npz") as recorded:
        x, y = recorded["x"], recorded["y"]
        names = str(recorded["input"]), str(recorded["output"])
    tf.import_graph_def(tf.GraphDef.FromString(Path(CNN).read_bytes()), name="")
    with tf.Session() as session:
        np.testing.assert_allclose(session.run(names[1], {names[0]: x}), y, atol=1e-6)


def test_draw_the_graph_of_an_event_file_and_show_the_state_file(command, tmp_path, model):
    graph = tf.Graph()
    with graph.as_default():
        tf.constant(1.0, name="only")
    tf.summary.FileWriter(str(tmp_path / "log"), graph).close()
    assert command("draw", tmp_path / "log", "-o", tmp_path / "g.svg")[0] == 0
    assert "only" in (tmp_path / "g.svg").read_text()
    assert command("show", Path(model).parent / "checkpoint")[1] == command("show", model)[1]


def test_where_a_drawing_cannot_go(command, tmp_path):
    for name, message in (("g.png", "drawings are SVG"), ("no/g.svg", "there is no directory")):
        code, _, error = command("draw", CNN, "-o", tmp_path / name)
        assert code == 1 and message in error and not (tmp_path / name).exists()
