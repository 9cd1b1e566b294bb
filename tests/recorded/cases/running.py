"""Monitored sessions, hooks, supervisors: what they call, save and write, and what they refuse."""

import os
import tempfile

import numpy as np

from ..harness import case, refused


def _model(tf):
    """(train operation, global step, variable); a summary that no race can change."""
    x = tf.Variable(3.0, name="x")
    step = tf.train.get_or_create_global_step()
    tf.summary.scalar("one", tf.constant(1.0))
    train = tf.train.GradientDescentOptimizer(0.1).minimize(tf.square(x), global_step=step)
    return train, step, x


def _files(folder):
    return sorted(name for name in os.listdir(folder) if "events" not in name)


def _events(tf, folder):
    """[step, tag or session log's status] of what event files hold, graphs left out."""
    found = []
    for name in sorted(os.listdir(folder)):
        if "tfevents" in name:
            for event in tf.train.summary_iterator(os.path.join(folder, name)):
                found += [[event.step, value.tag] for value in event.summary.value]
                if event.HasField("session_log"):
                    found.append([event.step, event.session_log.status])
    return found


def _quiet(tf):
    tf.logging.set_verbosity(tf.logging.FATAL)


@case
def hooks_are_called(tf, run):
    called = []

    class Hook(tf.train.SessionRunHook):
        def begin(self):
            called.append("begin")
            self.two = tf.constant(2.0)

        def after_create_session(self, session, coord):
            called.append(["created", float(session.run(self.two)), coord.should_stop()])

        def before_run(self, run_context):
            called.append(["before", run_context.original_args.fetches.name])
            return tf.train.SessionRunArgs([self.two, {"a": self.two}])

        def after_run(self, run_context, run_values):
            called.append(["after", [float(run_values.results[0]),
                                     float(run_values.results[1]["a"])],
                           run_context.stop_requested])
            if len(called) > 5:
                run_context.request_stop()

        def end(self, session):
            called.append("end")

    _quiet(tf)
    y = tf.constant(5.0, name="y")
    with tf.train.MonitoredSession(hooks=[Hook()]) as session:
        while not session.should_stop():
            called.append(float(session.run(y)))
        called.append(refused(lambda: session.run(y)))
        called.append(session.graph.finalized)
    called.append([session.should_stop(), session.graph is None])
    return called, tf.get_default_graph().finalized


@case
def training_session_writes(tf, run):
    _quiet(tf)
    folder = tempfile.mkdtemp()
    train, _, _ = _model(tf)
    with tf.train.MonitoredTrainingSession(
            checkpoint_dir=folder, hooks=[tf.train.StopAtStepHook(last_step=7)],
            save_checkpoint_steps=3, save_summaries_steps=2, log_step_count_steps=2) as session:
        runs = 0
        while not session.should_stop():
            session.run(train)
            runs += 1
    return runs, _files(folder), _events(tf, folder)


@case
def training_goes_on(tf, run):
    _quiet(tf)
    folder, found = tempfile.mkdtemp(), []
    for _ in range(3):
        with tf.Graph().as_default():
            train, _, x = _model(tf)
            with tf.train.MonitoredTrainingSession(
                    checkpoint_dir=folder, hooks=[tf.train.StopAtStepHook(num_steps=3)],
                    log_step_count_steps=None, save_summaries_steps=None) as session:
                while not session.should_stop():
                    session.run(train)
                    found.append(round(float(session.run(x)), 4) if not session.should_stop()
                                 else "stopped")
        found.append(os.path.basename(tf.train.latest_checkpoint(folder)))
    return found


@case
def a_lost_session_is_replaced(tf, run):
    _quiet(tf)
    folder, counts = tempfile.mkdtemp(), []

    class Lose(tf.train.SessionRunHook):
        def after_create_session(self, session, coord):
            counts.append("created")

        def after_run(self, run_context, run_values):
            counts.append(int(run_context.session.run(step)))
            if len(counts) == 5:
                raise tf.errors.AbortedError(None, None, "gone")

    train, step, _ = _model(tf)
    with tf.train.MonitoredTrainingSession(
            checkpoint_dir=folder, hooks=[Lose(), tf.train.StopAtStepHook(last_step=6)],
            save_checkpoint_steps=3, log_step_count_steps=None,
            save_summaries_steps=None) as session:
        while not session.should_stop():
            session.run(train)
    return counts


@case
def steps_by_a_function(tf, run):
    _quiet(tf)
    train, step, _ = _model(tf)
    found = []

    def one(step_context):
        found.append(int(step_context.session.run(step)))
        step_context.run_with_hooks(train)
        if len(found) == 3:
            step_context.request_stop()

    with tf.train.MonitoredSession() as session:
        while not session.should_stop():
            session.run_step_fn(one)
    return found, refused(lambda: session.run_step_fn(lambda x: x))


@case
def scaffolds(tf, run):
    _quiet(tf)
    found = []
    for build in (
            lambda x, step, fed: tf.train.Scaffold(
                init_fn=lambda scaffold, session: x.load(5.0, session)),
            lambda x, step, fed: tf.train.Scaffold(
                init_op=tf.group(x.assign(fed), step.initializer), init_feed_dict={fed: 7.0}),
            lambda x, step, fed: tf.train.Scaffold(init_op=tf.no_op())):
        with tf.Graph().as_default():
            _, step, x = _model(tf)
            scaffold = build(x, step, tf.placeholder(tf.float32, []))

            def value():
                creator = tf.train.ChiefSessionCreator(scaffold)  # noqa: B023
                with tf.train.MonitoredSession(creator) as session:
                    found.append(float(session.run(x)))  # noqa: B023
            found.append(refused(value))
    return found


@case
def other_hooks(tf, run):
    _quiet(tf)
    _, _, x = _model(tf)
    fed = tf.placeholder(tf.float32, [])
    final = tf.train.FinalOpsHook(x + 0.5)
    with tf.train.MonitoredSession(hooks=[
            tf.train.FeedFnHook(lambda: {fed: 2.0}), final]) as session:
        product = "built before"
        values = [float(session.run(fed)), refused(lambda: session.run(fed, {fed: 1.0}))]
    bad = tf.log(-1.0)
    runs = []

    def diverge(fail):
        with tf.train.MonitoredSession(
                hooks=[tf.train.NanTensorHook(bad, fail_on_nan_loss=fail)]) as other:
            while not other.should_stop():
                runs.append(1)
                other.run(x)
    return values, float(final.final_ops_values), product, refused(lambda: diverge(True)), refused(
        lambda: diverge(False)), len(runs)


@case
def the_end_of_data_is_no_error(tf, run):
    _quiet(tf)
    number = tf.train.range_input_producer(3, num_epochs=1, shuffle=False).dequeue()
    found = []
    with tf.train.MonitoredSession() as session:
        while not session.should_stop():
            found.append(int(session.run(number)))
    return found


@case
def listeners(tf, run):
    _quiet(tf)
    folder, called = tempfile.mkdtemp(), []
    train, _, _ = _model(tf)

    class Listener(tf.train.CheckpointSaverListener):
        def begin(self):
            called.append("begin")

        def before_save(self, session, global_step_value):
            called.append(["before", int(global_step_value)])

        def after_save(self, session, global_step_value):
            called.append(["after", int(global_step_value)])
            return global_step_value >= 4

        def end(self, session, global_step_value):
            called.append(["end", int(global_step_value)])

    hook = tf.train.CheckpointSaverHook(folder, save_steps=2, saver=tf.train.Saver(),
                                        listeners=[Listener()])
    with tf.train.MonitoredSession(hooks=[hook]) as session:
        while not session.should_stop():
            session.run(train)
    return called, _files(folder)


@case
def supervisor(tf, run):
    _quiet(tf)
    folder, found, events = tempfile.mkdtemp(), [], None
    for _ in range(2):
        with tf.Graph().as_default():
            train, step, x = _model(tf)
            manager = tf.train.Supervisor(logdir=folder, save_summaries_secs=0, save_model_secs=0)
            with manager.managed_session() as session:
                found.append([int(session.run(step)), round(float(session.run(x)), 4)])
                for _ in range(3):
                    session.run(train)
                manager.saver.save(session, manager.save_path, global_step=manager.global_step)
                manager.summary_computed(session, session.run(manager.summary_op))
            found.append([manager.should_stop(), manager.save_path.replace(folder, "")])
            events = events or sorted(_events(tf, folder), key=str)
    files = [name for name in _files(folder) if "-00000-" not in name]
    return found, files, events


@case
def supervisors_threads(tf, run):
    _quiet(tf)
    _, _, _ = _model(tf)
    manager = tf.train.Supervisor()
    calls = []

    def called():
        calls.append(1)
        manager.request_stop()

    def fails():
        with manager.managed_session():
            raise KeyError("of the user's")

    with manager.managed_session():
        manager.loop(None, called)
        manager.wait_for_stop()
        raise tf.errors.OutOfRangeError(None, None, "the end")
    return len(calls) > 0, refused(fails)


@case
def clusters(tf, run):
    cluster = tf.train.ClusterSpec({"worker": ["a:1", "b:2"], "ps": {1: "c:3"}})
    return [cluster.as_dict()["worker"], str(cluster.as_dict()["ps"]), sorted(cluster.jobs),
            cluster.num_tasks("worker"), cluster.task_indices("ps"),
            cluster.task_address("worker", 1), cluster.job_tasks("ps"), bool(cluster),
            cluster == tf.train.ClusterSpec(cluster),
            refused(lambda: tf.train.ClusterSpec({"worker": 3})),
            refused(lambda: cluster.task_address("worker", 3)),
            refused(lambda: cluster.num_tasks("x"))]


@case
def devices_of_replicas(tf, run):
    cluster = {"ps": ["a:1", "b:1"], "worker": ["c:1"]}
    with tf.device(tf.train.replica_device_setter(cluster=cluster)):
        made = [tf.Variable(1.0).op, tf.Variable(1.0).op, tf.constant(1.0).op,
                tf.Variable(1.0).op]
    with tf.device(tf.train.replica_device_setter(2, worker_device="/job:worker/task:1")):
        made += [tf.Variable(1.0).op, tf.constant(1.0).op]
    return [op.device for op in made], tf.train.replica_device_setter() is None


@case
def timers(tf, run):
    found = []
    timer = tf.train.SecondOrStepTimer(every_steps=3)
    for step in range(9):
        due = timer.should_trigger_for_step(step)
        found.append(due)
        if due:
            found.append(timer.update_last_triggered_step(step)[1])
    return found, timer.last_triggered_step()


@case
def what_is_refused(tf, run):
    def two():
        for _ in range(2):
            tf.add_to_collection(tf.GraphKeys.INIT_OP, tf.no_op())
        tf.train.Scaffold().finalize()

    def adds():
        with tf.train.MonitoredSession():
            tf.constant(1)

    _quiet(tf)
    _model(tf)
    np.random.seed(0)
    return [refused(action) for action in (
        lambda: tf.train.StopAtStepHook(), lambda: tf.train.StopAtStepHook(1, 2),
        lambda: tf.train.LoggingTensorHook(["x"]),
        lambda: tf.train.LoggingTensorHook(["x"], every_n_iter=0),
        lambda: tf.train.SecondOrStepTimer(), lambda: tf.train.SecondOrStepTimer(1, 1),
        lambda: tf.train.CheckpointSaverHook("d", saver=1, scaffold=2),
        lambda: tf.train.SummarySaverHook(), lambda: tf.train.StepCounterHook(None),
        lambda: tf.train.Scaffold(copy_from_scaffold=3),
        lambda: tf.train.SessionManager(ready_for_local_init_op=tf.no_op()), adds, two)]
