"""QueueRunner: the threads that keep a queue filled while a session trains.

    tf.train.add_queue_runner(tf.train.QueueRunner(queue, [enqueue] * 4))
    ...
    coordinator = tf.train.Coordinator()
    threads = tf.train.start_queue_runners(session, coordinator)

Each thread runs an enqueue operation until its input is exhausted; the last one then closes the
queue, so that who dequeues gets OutOfRangeError at the end. Read next: producers.py.
"""

import logging
import sys
import threading
import weakref

from pellucid.core import errors
from pellucid.core.graph import GraphKeys, get_default_graph
from pellucid.core.session import get_default_session
from pellucid.interchange.collections import (
    is_inside,
    register_proto_function,
    scoped,
    unscoped,
)
from pellucid.interchange.messages import message, parse


class QueueRunner:
    """Runs enqueue operations of a queue, each in a thread of its own.

    Args:
      queue: QueueBase.
      enqueue_ops: list of Operation, one for each thread.
      close_op, cancel_op: Operations that close the queue, and that also cancel those who wait;
        new ones where left out.
      queue_closed_exception_types: tuple of subclasses of tf.errors.OpError that mean that the
        input is exhausted; (tf.errors.OutOfRangeError,) where left out.

    As in TF: tf.train.QueueRunner.
    """

    def __init__(self, queue=None, enqueue_ops=None, close_op=None, cancel_op=None,
                 queue_closed_exception_types=None, queue_runner_def=None, import_scope=None):
        if queue_runner_def is not None:
            if queue or enqueue_ops:
                raise ValueError("queue_runner_def and queue are mutually exclusive.")
            queue, enqueue_ops, close_op, cancel_op, queue_closed_exception_types = _parts(
                queue_runner_def, import_scope)
        if queue is None or not enqueue_ops:
            raise ValueError("Must provide queue and enqueue_ops.")
        types = queue_closed_exception_types or (errors.OutOfRangeError,)
        if not isinstance(types, tuple) or not all(
                issubclass(t, errors.OpError) for t in types):
            raise TypeError("queue_closed_exception_types must be a tuple of tf.error types, but "
                            f"got {types}")
        self._queue, self._enqueue_ops, self._types = queue, list(enqueue_ops), types
        self._close_op = queue.close() if close_op is None else close_op
        self._cancel_op = queue.close(
            cancel_pending_enqueues=True) if cancel_op is None else cancel_op
        self._lock, self._exceptions = threading.Lock(), []
        self._running = weakref.WeakKeyDictionary()        # session -> number of its threads

    @property
    def queue(self):
        return self._queue

    @property
    def enqueue_ops(self):
        return self._enqueue_ops

    @property
    def close_op(self):
        return self._close_op

    @property
    def cancel_op(self):
        return self._cancel_op

    @property
    def queue_closed_exception_types(self):
        return self._types

    @property
    def exceptions_raised(self):
        """List of the errors of threads that had no coordinator to tell."""
        return self._exceptions

    @property
    def name(self):
        """str, the name of the queue."""
        return self._queue.name

    def to_proto(self, export_scope=None):
        """The QueueRunnerDef; None if the queue is not in the scope that alone is exported."""
        if not is_inside(self.name, export_scope):
            return None
        return message("QueueRunnerDef")(
            queue_name=unscoped(self.name, export_scope),
            enqueue_op_name=[unscoped(op.name, export_scope) for op in self._enqueue_ops],
            close_op_name=unscoped(self._close_op.name, export_scope),
            cancel_op_name=unscoped(self._cancel_op.name, export_scope),
            queue_closed_exception_types=[t.error_code for t in self._types])

    @staticmethod
    def from_proto(queue_runner_def, import_scope=None):
        """The QueueRunner of a QueueRunnerDef whose operations are in the default graph."""
        return QueueRunner(queue_runner_def=queue_runner_def, import_scope=import_scope)

    def create_threads(self, sess, coord=None, daemon=False, start=False):
        """List of threads that run the enqueue operations in a session; [] if they run already.

        Args:
          sess: Session.
          coord: Coordinator, which the threads obey, and tell of errors.
          daemon: bool, whether they end with the program.
          start: bool, whether to start them now.
        """
        with self._lock:
            if self._running.get(sess):
                return []
            self._running[sess] = len(self._enqueue_ops)
            self._exceptions = []
        jobs = [(self._run, (sess, op, coord), op.name) for op in self._enqueue_ops]
        if coord is not None:
            jobs.append((self._close_on_stop, (sess, coord), "close_on_stop"))
        threads = [threading.Thread(target=job, args=args, daemon=daemon,
                                    name=f"QueueRunnerThread-{self.name}-{name}")
                   for job, args, name in jobs]
        for thread in threads:
            if coord is not None:
                coord.register_thread(thread)
            if start:
                _start(thread)
        return threads

    def _run(self, session, op, coord):
        exhausted = False
        try:
            enqueue = session.make_callable(op)
            while coord is None or not coord.should_stop():
                enqueue()
        except self._types:
            exhausted = True
        except Exception as error:
            self._failed(session, error, coord)
        finally:
            with self._lock:
                self._running[session] -= 1
                last = not self._running[session]
            if exhausted and last:
                _run_quietly(session, self._close_op)

    def _failed(self, session, error, coord):
        if coord is not None:
            coord.request_stop(error)
        elif not session._closed:                 # a closed session ends its threads: no error
            logging.getLogger("tensorflow").error("Exception in QueueRunner: %s", error)
            with self._lock:
                self._exceptions.append(error)

    def _close_on_stop(self, session, coord):
        coord.wait_for_stop()
        _run_quietly(session, self._cancel_op)


def _parts(definition, import_scope):
    """(queue, enqueue operations, close, cancel, errors) that a QueueRunnerDef names."""
    definition = parse("QueueRunnerDef", definition.SerializeToString(), "queue_runner_def")
    graph = get_default_graph()

    def element(name):
        return graph.as_graph_element(scoped(name, import_scope))

    codes = set(definition.queue_closed_exception_types)
    types = tuple([t for t in errors.OpError.__subclasses__() if t.error_code in codes])
    return (element(definition.queue_name), list(map(element, definition.enqueue_op_name)),
            element(definition.close_op_name), element(definition.cancel_op_name), types)


register_proto_function(GraphKeys.QUEUE_RUNNERS, "QueueRunnerDef", QueueRunner.to_proto,
                        QueueRunner.from_proto)


def _run_quietly(session, op):
    try:
        session.run(op)
    except (errors.OpError, RuntimeError):        # closed already, the queue or the session
        pass


def _start(thread):
    try:
        thread.start()
    except RuntimeError as error:
        if sys.platform == "emscripten":
            raise RuntimeError("Queues need threads, which there are none of here: read the data "
                               "with tf.data instead.") from error
        raise


def add_queue_runner(qr, collection=GraphKeys.QUEUE_RUNNERS):
    """Adds a QueueRunner to those that start_queue_runners starts.

    As in TF: tf.train.add_queue_runner.
    """
    get_default_graph().add_to_collection(collection, qr)


def start_queue_runners(sess=None, coord=None, daemon=True, start=True,
                        collection=GraphKeys.QUEUE_RUNNERS):
    """Starts the threads of all queue runners of the graph; returns them.

    Args:
      sess: Session; the default session where left out.
      coord: Coordinator that stops them.
      daemon: bool, whether they end with the program.
      start: bool, False only makes them.
      collection: name of the collection of QueueRunners.

    Raises ValueError without a session.
    As in TF: tf.train.start_queue_runners.
    """
    if sess is None:
        sess = get_default_session()
        if sess is None:
            raise ValueError("Cannot start queue runners: No default session is registered. Use "
                             "`with sess.as_default()` or pass an explicit session to "
                             "tf.start_queue_runners(sess=sess)")
    if not hasattr(sess, "make_callable") or not hasattr(sess, "graph"):
        raise TypeError(f"sess must be a `tf.Session` object. Given class: {type(sess)}")
    sess = getattr(sess, "_queue_session", sess)
    with sess.graph.as_default():
        runners = sess.graph.get_collection(collection)
    return [thread for runner in runners
            for thread in runner.create_threads(sess, coord, daemon, start)]
