"""Hooks and monitored sessions. Against TensorFlow: tests/recorded/cases/running.py."""

import json
import logging
import threading

import numpy as np
import pytest

import pellucid as tf


def model():
    x = tf.Variable(3.0, name="x")
    step = tf.train.get_or_create_global_step()
    loss = tf.square(x)
    return tf.train.GradientDescentOptimizer(0.1).minimize(loss, global_step=step), loss, step


def test_hooks_see_the_step_before_the_run_changes_it():
    train, _, _ = model()
    seen = []

    class See(tf.train.StopAtStepHook):
        def after_run(self, run_context, run_values):
            seen.append(int(run_values.results))
            super().after_run(run_context, run_values)

    with tf.train.MonitoredSession(hooks=[See(last_step=4)]) as session:
        while not session.should_stop():
            session.run(train)
    assert seen == [0, 1, 2, 3]


def test_an_interrupted_program_goes_on_to_the_same_numbers(tmp_path):
    def losses(directory, last_step):
        with tf.Graph().as_default():
            tf.set_random_seed(1)
            w = tf.get_variable("w", [4, 3])
            x = tf.constant(np.arange(8.0, dtype=np.float32).reshape(2, 4))
            loss = tf.reduce_mean(tf.square(tf.matmul(x, w) - 1.0))
            train = tf.train.AdamOptimizer(0.05).minimize(
                loss, global_step=tf.train.get_or_create_global_step())
            found = []
            with tf.train.MonitoredTrainingSession(
                    checkpoint_dir=str(directory), save_checkpoint_steps=2,
                    hooks=[tf.train.StopAtStepHook(last_step=last_step)]) as session:
                while not session.should_stop():
                    found.append(session.run([loss, train])[0])
            return found

    whole = losses(tmp_path / "a", 9)
    parts = losses(tmp_path / "b", 3) + losses(tmp_path / "b", 6) + losses(tmp_path / "b", 9)
    assert whole == parts and len(whole) == 9


def test_an_error_of_the_users_leaves_the_checkpoint_before_it(tmp_path):
    train, _, _ = model()
    with pytest.raises(KeyError), tf.train.MonitoredTrainingSession(
            checkpoint_dir=str(tmp_path), save_checkpoint_steps=2) as session:
        for _ in range(5):
            session.run(train)
        raise KeyError("mine")
    assert tf.train.latest_checkpoint(str(tmp_path)).endswith("-4")


def test_logging_hook(caplog):
    train, loss, _ = model()
    hooks = [tf.train.LoggingTensorHook({"loss": loss, "x": "x:0"}, every_n_iter=2, at_end=True)]
    tf.logging.set_verbosity(tf.logging.INFO)
    logger = logging.getLogger("tensorflow")
    logger.addHandler(caplog.handler)
    try:
        with tf.train.MonitoredSession(hooks=hooks) as session:
            for _ in range(4):
                session.run(train)
    finally:
        logger.removeHandler(caplog.handler)
        tf.logging.set_verbosity(tf.logging.WARN)
    lines = list(dict.fromkeys(r.getMessage() for r in caplog.records))
    losses = [float(line.split(",")[0].split()[2]) for line in lines if "loss = " in line]
    assert np.allclose(losses, [9.0, 3.6864, 1.50995])


def test_names_that_the_logging_hook_cannot_find():
    tf.unique([1, 2], name="pair")
    other = tf.Graph()
    with other.as_default():
        y = tf.constant(1.0)
    with pytest.raises(ValueError, match="ambiguous"):
        tf.train.LoggingTensorHook(["pair"], every_n_iter=1).begin()
    with pytest.raises(ValueError, match="current graph"):
        tf.train.LoggingTensorHook({"y": y}, every_n_iter=1).begin()


def test_waiting_for_a_step(monkeypatch):
    train, _, step = model()
    hook = tf.train.GlobalStepWaiterHook(3)
    monkeypatch.setattr(hook, "pause", 0.001)
    with tf.train.MonitoredSession(hooks=[hook]) as session:
        raw = session._session
        thread = threading.Thread(target=lambda: [raw.run(train) for _ in range(3)])
        thread.start()
        assert session.run(step) >= 3
        thread.join()


def test_profiler_hook_records_runs(tmp_path):
    train, _, _ = model()
    with tf.train.MonitoredSession(hooks=[
            tf.train.ProfilerHook(save_steps=2, output_dir=str(tmp_path))]) as session:
        for _ in range(4):
            session.run(train)
    tf.summary.FileWriterCache.get(str(tmp_path)).flush()
    found = [event.tagged_run_metadata.tag for path in tmp_path.glob("events*")
             for event in tf.train.summary_iterator(str(path)) if event.tagged_run_metadata.tag]
    assert found == ["step_2", "step_4"]
    assert {path.name for path in tmp_path.glob("timeline*")} == {
        "timeline-2.json", "timeline-4.json"}
    events = json.loads((tmp_path / "timeline-2.json").read_text())["traceEvents"]
    assert any(event["name"].startswith("Assign") for event in events)


def test_queue_runners_start_and_their_errors_come_out():
    bad = tf.train.batch([tf.check_numerics(tf.log(-1.0), "not a number")], 2)
    with pytest.raises(tf.errors.OpError), tf.train.MonitoredSession() as session:
        session.run(bad)


def test_one_who_is_not_the_chief_is_told_so():
    model()
    with pytest.raises(tf.errors.DeadlineExceededError, match="is_chief=True"):
        tf.train.MonitoredTrainingSession(is_chief=False)


def test_two_hooks_must_not_feed_the_same():
    x = tf.placeholder(tf.float32, [])
    hooks = [tf.train.FeedFnHook(lambda: {x: 1.0}) for _ in range(2)]
    with tf.train.MonitoredSession(hooks=hooks) as session, pytest.raises(
            RuntimeError, match="fed by two hooks"):
        session.run(x)


def test_singular_session_raises_what_the_other_recovers_from():
    train, _, _ = model()

    class Lose(tf.train.SessionRunHook):
        def before_run(self, run_context):
            raise tf.errors.UnavailableError(None, None, "gone")

    with pytest.raises(tf.errors.UnavailableError), tf.train.SingularMonitoredSession(
            hooks=[Lose()]) as session:
        assert session.raw_session().run(tf.train.get_global_step()) == 0
        session.run(train)
    assert session.raw_session() is None


def test_supervisor_saves_and_summarizes_in_threads(tmp_path):
    train, loss, _ = model()
    tf.summary.scalar("loss", loss)
    supervisor = tf.train.Supervisor(logdir=str(tmp_path), save_summaries_secs=0.01,
                                     save_model_secs=0.01)
    with supervisor.managed_session() as session:
        saved = threading.Event()
        supervisor.loop(0.001, lambda: tf.train.latest_checkpoint(str(tmp_path)) and saved.set())
        assert saved.wait(20)
        session.run(train)
    events = [event for path in tmp_path.glob("*tfevents*")
              for event in tf.train.summary_iterator(str(path))]
    assert any(v.tag == "loss" for e in events for v in e.summary.value)
    with pytest.raises(NotImplementedError, match="alone"):
        tf.train.Supervisor(is_chief=False)


def test_a_server_of_one_is_this_process():
    server = tf.train.Server.create_local_server()
    with tf.Session(server.target) as session:
        assert session.run(tf.constant(2.0)) == 2.0
    with pytest.raises(NotImplementedError, match="one process"):
        tf.train.Server({"worker": ["a:1"], "ps": ["b:1"]}, job_name="worker", task_index=0)
    with pytest.raises(ValueError, match="no task 3"):
        tf.train.Server({"worker": ["a:1"]}, "worker", 3)
    with pytest.raises(NotImplementedError, match="nobody to serve"):
        server.join()
