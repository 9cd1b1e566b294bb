"""Queues, readers, producers and batches: names, values, seeded orders, error classes."""

import os
import tempfile

import numpy as np

from ..harness import case, refused


def _drain(tf, run, tensors, most=50):
    """What the tensors give in turn, with queue runners, until the end; lists of numbers."""
    with tf.Session(**run.options) as session:
        session.run([tf.global_variables_initializer(), tf.local_variables_initializer()])
        coordinator = tf.train.Coordinator()
        threads = tf.train.start_queue_runners(session, coordinator)
        found = []
        try:
            while len(found) < most and not coordinator.should_stop():
                found.append(_plain(session.run(tensors)))
        except tf.errors.OutOfRangeError:
            found.append("end")
        coordinator.request_stop()
        coordinator.join(threads)
    return found


def _plain(value):
    if isinstance(value, dict):
        return {key: _plain(value[key]) for key in sorted(value)}
    if isinstance(value, (list, tuple)):
        return [_plain(part) for part in value]
    return _text(np.asarray(value).tolist())


def _text(value):
    if isinstance(value, list):
        return [_text(part) for part in value]
    return value.decode() if isinstance(value, bytes) else value


def _nodes(tf):
    """[name, type, inputs] of the operations that are neither constants nor assertions."""
    return [[op.name, op.type, [t.name for t in op.inputs]]
            for op in tf.get_default_graph().get_operations()
            if op.type not in ("Const", "Assert")]


def _files(**texts):
    folder = tempfile.mkdtemp()
    paths = []
    for name in sorted(texts):
        paths.append(os.path.join(folder, name))
        with open(paths[-1], "wb") as file:
            file.write(texts[name])
    return folder, paths


@case
def names_of_queue_operations(tf, run):
    queue = tf.FIFOQueue(3, [tf.float32, tf.int32], shapes=[[], [2]])
    tf.RandomShuffleQueue(3, 1, tf.float32, shapes=[()], seed=3)
    padding = tf.PaddingFIFOQueue(3, tf.float32, shapes=[(None,)])
    priority = tf.PriorityQueue(3, tf.float32, shapes=[()])
    queue.enqueue([1.0, [1, 2]])
    queue.enqueue_many([[1.0], [[1, 2]]])
    taken = [queue.dequeue(), queue.dequeue_many(2), queue.dequeue_up_to(2), priority.dequeue()]
    queue.close()
    queue.close(True)
    queue.size()
    queue.is_closed()
    priority.enqueue([3, 1.0])
    named = tf.FIFOQueue(3, [tf.float32, tf.int32], names=["a", "b"])
    named.enqueue({"a": 1.0, "b": 3})
    return [_nodes(tf), [[str(t.shape) for t in several] for several in taken],
            str(padding.dequeue_many(2).shape), sorted(named.dequeue()),
            [queue.name, queue.names, [d.name for d in priority.dtypes]]]


@case
def names_of_pipelines(tf, run):
    tf.train.string_input_producer(["a", "b"], num_epochs=2, seed=1)
    tf.train.range_input_producer(5, seed=1)
    x, y = tf.train.slice_input_producer([[1, 2, 3], tf.constant([4.0, 5.0, 6.0])],
                                         shuffle=False)
    tf.train.batch([x, y], 4, num_threads=2)
    tf.train.batch({"x": x}, 4, dynamic_pad=True, allow_smaller_final_batch=True)
    tf.train.shuffle_batch([x], 4, 10, 3, seed=4)
    tf.train.batch_join([[x], [x]], 4)
    runners = tf.get_collection(tf.GraphKeys.QUEUE_RUNNERS)
    return [_nodes(tf), [t.name for t in tf.get_collection("summaries")],
            [[r.name, [op.name for op in r.enqueue_ops], r.close_op.name, r.cancel_op.name]
             for r in runners], [v.name for v in tf.local_variables()]]


@case
def orders(tf, run):
    """What seeded queues give, first to last."""
    def of(queue, *parts):
        with tf.Session(**run.options) as session:
            session.run(queue.enqueue_many([list(part) for part in parts]))
            session.run(queue.close())
            return _plain(session.run(queue.dequeue_many(12)))
    number, shape = range(12), [()]
    return [of(tf.FIFOQueue(20, tf.int32, shape), number),
            of(tf.RandomShuffleQueue(20, 0, tf.int32, shape, seed=5), number),
            of(tf.RandomShuffleQueue(20, 9, tf.int32, shape, seed=0), number),
            of(tf.PriorityQueue(20, tf.int32, shape), [5 * i % 7 for i in number], number)[0]]


@case
def order_by_the_graph_seed_and_a_shared_name(tf, run):
    tf.set_random_seed(3)
    queue = tf.RandomShuffleQueue(20, 0, tf.int32, [()], shared_name="abc")
    with tf.Session(**run.options) as session:
        session.run(queue.enqueue_many([list(range(12))]))
        return _plain(session.run(queue.dequeue_many(12)))


@case
def random_queue_in_parts(tf, run):
    queue = tf.RandomShuffleQueue(20, 2, tf.int32, [()], seed=5)
    with tf.Session(**run.options) as session:
        session.run(queue.enqueue_many([list(range(12))]))
        parts = [session.run(queue.dequeue_many(4)), session.run(queue.dequeue_up_to(6))]
        session.run(queue.close())
        error = refused(lambda: session.run(queue.dequeue_many(3)))
        return _plain(parts), error, _plain(session.run(queue.dequeue_up_to(5)))


@case
def lines(tf, run):
    _, paths = _files(a=b"one\ntwo\r\n\nthree", b=b"x\ny\n")
    files = tf.train.string_input_producer(paths, num_epochs=2, shuffle=False)
    key, value = tf.TextLineReader(skip_header_lines=1).read(files)
    return [[os.path.basename(k), v] for k, v in (
        pair for pair in _drain(tf, run, [key, value]) if pair != "end")]


@case
def all_readers(tf, run):
    folder, paths = _files(f=b"HabcdefgTT", g=b"HxyzTT")
    records = os.path.join(folder, "r")
    with tf.python_io.TFRecordWriter(records) as writer:
        for record in (b"xx", b"yyyy", b""):
            writer.write(record)
    found = []
    for reader, names in (
            (tf.WholeFileReader(), paths), (tf.IdentityReader(), ["p", "q"]),
            (tf.TFRecordReader(), [records]),
            (tf.FixedLengthRecordReader(3, 1, 2), paths),
            (tf.FixedLengthRecordReader(3, 1, 2, hop_bytes=2), paths)):
        queue = tf.FIFOQueue(10, tf.string, [()])
        one, many = reader.read(queue), reader.read_up_to(queue, 2)
        counts = [reader.num_records_produced(), reader.num_work_units_completed()]
        with tf.Session(**run.options) as session:
            session.run([queue.enqueue_many([names])])
            session.run(queue.close())
            given = []
            try:
                for fetches in (one, many, one, many, one):
                    keys, values = _plain(session.run(fetches))
                    keys = [k.replace(folder, "") for k in (
                        keys if isinstance(keys, list) else [keys])]
                    given.append([keys, values, _plain(session.run(counts))])
            except tf.errors.OutOfRangeError:
                given.append("end")
            session.run(reader.reset())
            given.append(_plain(session.run(counts)))
            found.append([v.replace(folder, "") if isinstance(v, str) else v for v in given])
    return [one.key.name, many.values.name, str(many.keys.shape), found]


@case
def producers_in_order(tf, run):
    index = tf.train.range_input_producer(5, num_epochs=2, shuffle=False).dequeue()
    return _drain(tf, run, index)


@case
def shuffled_producers(tf, run):
    index = tf.train.range_input_producer(5, num_epochs=3, seed=1).dequeue()
    return _drain(tf, run, index)


@case
def batches_and_a_smaller_one(tf, run):
    x, y = tf.train.slice_input_producer([[1, 2, 3], tf.constant([4.0, 5.0, 6.0])],
                                         shuffle=False, num_epochs=2)
    x, y = tf.train.batch([x, y], 4, allow_smaller_final_batch=True)
    return _drain(tf, run, [x, y])


@case
def padded_batches_of_dicts(tf, run):
    x, = tf.train.slice_input_producer([tf.range(4)], shuffle=False, num_epochs=1)
    return _drain(tf, run, tf.train.batch({"r": tf.range(x), "i": x}, 2, dynamic_pad=True))


@case
def batches_of_strings(tf, run):
    words = tf.train.string_input_producer(["a", "bb", "c"], num_epochs=1, shuffle=False)
    word = words.dequeue()
    pair = tf.stack([word, "-"])
    flat = tf.train.batch([word, pair], 2, allow_smaller_final_batch=True)
    return _drain(tf, run, flat)


@case
def padded_batches_of_strings(tf, run):
    words = tf.train.string_input_producer(["a", "b c d", "e f"], num_epochs=1, shuffle=False)
    word = words.dequeue()
    parts = tf.reshape(tf.string_split([word]).values, [-1])
    return _drain(tf, run, tf.train.batch([word, parts], 3, dynamic_pad=True))


@case
def shuffled_batches(tf, run):
    """In an order that no thread can change: the queue gives something once it holds all."""
    x, = tf.train.slice_input_producer([tf.range(10)], shuffle=False, num_epochs=1)
    return _drain(tf, run, tf.train.shuffle_batch([x], 3, 10, 9, seed=4))


@case
def files_that_match(tf, run):
    folder, _ = _files(a=b"1", b=b"2", c=b"3")
    patterns = [folder + "/*", [folder + "/b", folder + "/a"], folder + "/none*"]
    found = [_plain(run(tf.matching_files(p))) for p in patterns]
    contents = _plain(run(tf.read_file(folder + "/b")))
    tf.train.match_filenames_once(folder + "/[ab]")
    names = tf.local_variables()[0]
    with tf.Session(**run.options) as session:
        session.run(tf.local_variables_initializer())
        found.append(_plain(session.run(names)))
    return [[name.replace(folder, "") for name in part] for part in found], contents, names.name


@case
def what_is_refused(tf, run):
    queue = tf.FIFOQueue(3, [tf.float32])
    closed = tf.FIFOQueue(3, [tf.float32], [()])
    run(closed.close())
    return [refused(action) for action in (
        lambda: tf.FIFOQueue(3, tf.float32, shapes=[[None]]),
        lambda: tf.FIFOQueue(3, [tf.float32], shapes=[[], []]),
        lambda: tf.PaddingFIFOQueue(3, tf.float32, shapes=[None]),
        lambda: queue.enqueue(["a"]),
        lambda: tf.FIFOQueue(3, [tf.float32], shapes=[[2]]).enqueue([[1.0, 2.0, 3.0]]),
        lambda: tf.FIFOQueue(3, [tf.float32], shapes=[[2]]).enqueue_many([1.0]),
        lambda: queue.enqueue({"a": 1.0}),
        lambda: run(queue.dequeue_many(2)),
        lambda: run(closed.dequeue()), lambda: run(closed.enqueue(1.0)),
        lambda: run(closed.dequeue_up_to(2)), lambda: run(closed.close()),
        lambda: tf.train.string_input_producer([]),
        lambda: _drain(tf, run, tf.train.string_input_producer(
            tf.constant([], tf.string)).dequeue()),
        lambda: tf.train.batch([tf.placeholder(tf.float32)], 2),
        lambda: tf.train.batch([], 2),
        lambda: tf.train.shuffle_batch([tf.constant(1)], 2, 5, 5),
        lambda: tf.train.limit_epochs(1, 0),
        lambda: tf.train.start_queue_runners(),
        lambda: run(tf.read_file("/nowhere/at/all")),
    )]


@case
def csv(tf, run):
    found = []
    for records, defaults, options in (
            (["1,2.5,x", '3, 4.5 ,"a ""q"", b"'], [[0], [0.0], [""]], {}),
            (["1,,x"], [[0], [7.0], [""]], {}),
            (["1,NA,x"], [[0], [7.0], [""]], {"na_value": "NA"}),
            (["1,2"], [[0], [0.0], [""]], {}), (["1,abc"], [[0], [0.0]], {}),
            (["1|2"], [[0], [0.0]], {"field_delim": "|"}),
            (["1,2,3"], [[0], [0.0]], {"select_cols": [0, 2]}),
            ("1,2", [[0], [0.0]], {}), (['a"b,2'], [[""], [0]], {}),
            (['"a"b,2'], [[""], [0]], {}),
            (['a"b,2'], [[""], [0]], {"use_quote_delim": False}),
            ([' "a",2'], [[""], [0]], {}), (["1\n"], [[""]], {}), (['"a\nb",'], [[""], ["d"]], {}),
            ([""], [["q"]], {}), (["1.5"], [[0]], {}), (["1_0"], [[0]], {}), (["inf"], [[0.0]], {}),
            (["0x10"], [[0]], {}), (["1e3"], [[0.0]], {}), (["99999999999"], [[0]], {}),
            (["+5"], [[0]], {}), ([" -5 "], [[0]], {}), (['"'], [[""]], {}),
            (['"a",""'], [[""], ["z"]], {})):
        columns = tf.decode_csv(records, defaults, **options)
        shapes = [str(c.shape) for c in columns]
        error = refused(lambda columns=columns: run(columns))
        found.append([columns[0].name, shapes, error,
                      _plain(run(columns)) if error == "raises nothing" else None])
    return found
