"""MetaGraphs: scopes, collections, queue runners and savers; both ways with TensorFlow."""

import logging
import threading

import numpy as np
import pytest

import pellucid as pt
from tests.differential.oracle import installed, tensorflow

X = np.ones((2, 3), np.float32)


@pytest.fixture(params=["alone", "to TensorFlow", "from TensorFlow"])
def libraries(request):
    """(library that writes, library that reads)"""
    if request.param == "alone":
        return pt, pt
    if not installed():
        pytest.skip("needs TensorFlow")
    return (pt, tensorflow())[::1 if request.param == "to TensorFlow" else -1]


def net(tf):
    """Inputs, variables, a branch and a loop in the scope m, and its value for X."""
    with tf.variable_scope("m"):
        x = tf.placeholder(tf.float32, [None, 3], name="x")
        w = tf.get_variable("w", [3, 2], initializer=tf.ones_initializer())
        y = tf.matmul(x, w)
        z = tf.cond(tf.reduce_sum(y) > 0, lambda: y * 2, lambda: y - 1)
        q = tf.identity(tf.while_loop(lambda i, t: i < 3, lambda i, t: (i + 1, t * 2),
                                      [0, z])[1], name="q")
    return x, q, np.full((2, 2), 48)


def test_one_scope_alone(libraries, tmp_path):
    writer, reader = libraries
    path = str(tmp_path / "m.meta")
    with writer.Graph().as_default():
        _, q, wanted = net(writer)
        writer.Variable(3.0, name="other")
        for key, item in ("out", q), ("number", 3), ("text", "m/hi"), ("real", 1.5):
            writer.add_to_collection(key, item)
        writer.train.Saver()
        writer.train.export_meta_graph(path, export_scope="m", as_text=True,
                                       strip_default_attrs=True)
    with reader.Graph().as_default() as graph, reader.Session() as session:
        reader.train.import_meta_graph(path, import_scope="k")
        assert [v.name for v in reader.global_variables()] == ["k/w:0"]
        session.run(reader.variables_initializer(reader.global_variables()))
        (out,) = reader.get_collection("out")
        np.testing.assert_allclose(session.run(out, {"k/x:0": X}), wanted)
        assert reader.get_collection("number") == [3]
        assert not [op for op in graph.get_operations() if "other" in op.name]


def test_what_comes_from_outside_of_the_scope(libraries, tmp_path):
    writer, reader = libraries
    path = str(tmp_path / "m.meta")
    with writer.Graph().as_default():
        a = writer.placeholder(writer.float32, [], name="a")
        with writer.name_scope("m"):
            writer.add(a, 1.0, name="b")
        writer.train.export_meta_graph(path, export_scope="m")
    with reader.Graph().as_default(), reader.Session() as session:
        with pytest.raises(ValueError, match="unbound inputs.*unbound_inputs_a"):
            reader.train.import_meta_graph(path)
        reader.train.import_meta_graph(path, import_scope="n",
                                       input_map={"$unbound_inputs_a": reader.constant(2.0)})
        assert session.run("n/b:0") == 3


def test_savers_and_those_left_out(libraries, tmp_path):
    writer, reader = libraries
    with writer.Graph().as_default(), writer.Session() as session:
        net(writer)
        writer.add_to_collection("savers", writer.train.Saver(max_to_keep=3))
        second = writer.train.Saver(sharded=True)
        session.run(writer.global_variables_initializer())
        path = second.save(session, str(tmp_path / "net"))
        second.export_meta_graph(str(tmp_path / "one.meta"), clear_extraneous_savers=True)
    for file, kept, all_savers in (path + ".meta", 3, True), (str(tmp_path / "one.meta"), 5, False):
        with reader.Graph().as_default() as graph, reader.Session() as session:
            reader.train.import_meta_graph(file).restore(session, path)
            found = reader.get_collection("savers")
            assert [s.as_saver_def().max_to_keep for s in found] == [kept]
            assert any(op.name == "save/SaveV2" for op in graph.get_operations()) == all_savers


def test_queue_runners(libraries, tmp_path):
    writer, reader = libraries
    path = str(tmp_path / "queue.meta")
    with writer.Graph().as_default():
        names = writer.train.string_input_producer(["a", "b", "c"], shuffle=False, num_epochs=2)
        writer.identity(writer.train.batch([names.dequeue()], 2), name="y")
        writer.train.export_meta_graph(path)
    with reader.Graph().as_default(), reader.Session() as session:
        reader.train.import_meta_graph(path, import_scope="k")
        assert len(reader.get_collection("queue_runners")) == 2
        session.run(reader.variables_initializer(reader.local_variables()))
        coordinator = reader.train.Coordinator()
        threads = reader.train.start_queue_runners(session, coordinator)
        alarm = threading.Timer(20, session.close)             # wakes who waits in vain
        alarm.start()
        found = [session.run("k/y:0").tolist() for _ in range(3)]
        alarm.cancel()
        coordinator.request_stop()
        coordinator.join(threads, stop_grace_period_secs=5)
        assert found == [[b"a", b"b"], [b"c", b"a"], [b"b", b"c"]]


def test_collections_that_have_no_form_are_left_out(caplog):
    with pt.Graph().as_default(), caplog.at_level(logging.WARNING, "tensorflow"):
        pt.add_to_collection("mixed", 1)
        pt.add_to_collection("mixed", "a")
        pt.add_to_collection("things", object())
        pt.add_to_collection("numbers", 1)
        assert list(pt.train.export_meta_graph().collection_def) == ["numbers"]
    assert "'mixed' is not written" in caplog.text and "'things'" in caplog.text


def test_a_collection_of_what_is_not_there_is_refused():
    meta = pt.MetaGraphDef()
    meta.collection_def["queue_runners"].bytes_list.value.append(
        b"\n\x05queue\x12\x07enqueue")
    with pt.Graph().as_default(), pytest.raises(ValueError, match="queue_runners.*queue"):
        pt.train.import_meta_graph(meta)
