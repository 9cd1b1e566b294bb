"""Data sets and iterators: values, orders by seed, structures, names, errors."""

import collections
import os
import tempfile

import numpy as np

from ..harness import case, refused

Point = collections.namedtuple("Point", ["x", "y"])


def _plain(value):
    if isinstance(value, dict):
        return {key: _plain(value[key]) for key in sorted(value)}
    if hasattr(value, "_asdict"):
        return [type(value).__name__] + [_plain(part) for part in value]
    if isinstance(value, (list, tuple)):
        return [_plain(part) for part in value]
    return _text(np.asarray(value).tolist())


def _text(value):
    if isinstance(value, list):
        return [_text(part) for part in value]
    return value.decode() if isinstance(value, bytes) else value


def _all(tf, run, dataset, times=1, most=40, feed=None):
    """The elements, `times` times from the start; "end", or the error, when they end."""
    iterator = dataset.make_initializable_iterator()
    element, found = iterator.get_next(), []
    with tf.Session(**run.options) as session:
        for _ in range(times):
            try:
                session.run(iterator.initializer, feed)
                found.extend(_plain(session.run(element)) for _ in range(most))
            except tf.errors.OutOfRangeError:
                found.append("end")
            except tf.errors.OpError as error:
                found.append(type(error).__name__)
    return found


def _described(dataset):
    return [_named(dataset.output_types), _shapes(dataset.output_shapes),
            _named(dataset.output_classes)]


def _named(value):
    if isinstance(value, dict):
        return {key: _named(value[key]) for key in sorted(value)}
    if isinstance(value, tuple):
        return [_named(part) for part in value]
    return value.__name__ if isinstance(value, type) else value.name


def _shapes(value):
    if isinstance(value, dict):
        return {key: _shapes(value[key]) for key in sorted(value)}
    if isinstance(value, tuple):
        return [_shapes(part) for part in value]
    return str(value)


@case
def sources(tf, run):
    data = tf.data.Dataset
    made = [data.from_tensors([1, 2]), data.from_tensors((1.0, {"b": "x", "a": [2, 3]})),
            data.from_tensor_slices((np.arange(3.0), {"b": [1, 2, 3], "a": [["p"]] * 3})),
            data.from_tensor_slices(Point([1, 2], [3.0, 4.0])), data.from_tensor_slices([[1], [2]]),
            data.range(3), data.range(2, 4), data.range(10, 2, -3), data.range(0),
            data.zip((data.range(3), data.range(5, 7))),
            data.zip({"a": data.range(3), "b": (data.range(3), data.range(2))}),
            data.range(2).concatenate(data.range(3)),
            data.from_tensors([1]).concatenate(data.from_tensors([1, 2]))]
    return [[_described(d), _all(tf, run, d, 2)] for d in made]


@case
def order(tf, run):
    data = tf.data.Dataset
    made = [data.range(3).repeat(2), data.range(2).repeat(), data.range(0).repeat(),
            data.range(3).repeat(0), data.range(5).take(2), data.range(3).take(-1),
            data.range(5).skip(2), data.range(3).skip(-1), data.range(3).take(0),
            data.range(5).shard(2, 1), data.range(5).shard(2, 0), data.range(3).enumerate(),
            data.range(3).enumerate(5), data.range(3).cache().repeat(2), data.range(5).prefetch(2),
            data.range(2).concatenate(data.range(3)).take(4).skip(1),
            data.range(3).shuffle(3, seed=1).cache().repeat(3),
            data.range(5).shuffle(3, seed=1).cache().take(2).repeat(3)]
    return [_all(tf, run, d, 2, 12) for d in made]


@case
def shuffled(tf, run):
    data = tf.data.Dataset
    made = [data.range(10).shuffle(10, seed=5), data.range(10).shuffle(3, seed=5),
            data.range(10).shuffle(10, seed=5).repeat(2), data.range(10).shuffle(3, 5).repeat(2),
            data.range(10).shuffle(10, seed=0).repeat(2),
            data.range(10).shuffle(4, 5, reshuffle_each_iteration=False).repeat(2),
            data.range(10).shuffle(10, seed=5).map(lambda x: x).repeat(3),
            data.range(10).shuffle(3, seed=5).batch(4).repeat(3),
            data.range(5).repeat(2).shuffle(4, seed=5),
            data.range(4).shuffle(10, seed=5).repeat().batch(4),
            data.range(7).apply(tf.data.experimental.shuffle_and_repeat(10, 2, seed=5)),
            data.range(7).apply(tf.data.experimental.shuffle_and_repeat(3, 3, seed=5)),
            data.zip((data.range(4).shuffle(4, seed=1), data.range(4).shuffle(4, seed=1))),
            data.range(2).flat_map(lambda x: tf.data.Dataset.range(5).shuffle(5, 3)).repeat(2)]
    return [_all(tf, run, d, 2, 30) for d in made]


@case
def shuffled_with_the_graphs_seed(tf, run):
    tf.set_random_seed(7)
    data = tf.data.Dataset.range(10).shuffle(10, seed=5)
    iterator = data.map(lambda x: x).repeat(2).make_one_shot_iterator()
    element = iterator.get_next()
    return [_all(tf, run, data.repeat(2), 2), [int(run(element)) for _ in range(20)]]


@case
def batches(tf, run):
    data = tf.data.Dataset
    ragged = data.range(4).map(lambda x: tf.range(x))
    words = data.from_tensor_slices(["a", "bb", "ccc"])
    made = [data.range(5).batch(2), data.range(5).batch(2, drop_remainder=True),
            words.batch(2), data.from_tensor_slices((np.ones((3, 2)), [1, 2, 3])).batch(2),
            ragged.padded_batch(2, [None], padding_values=np.int64(-1)),
            ragged.padded_batch(3, [5], drop_remainder=True), ragged.padded_batch(3, [-1]),
            words.padded_batch(2, []),
            data.from_tensors({"a": [1, 2], "b": 1.0}).repeat(3).padded_batch(
                2, {"a": [None], "b": []}, {"a": 9, "b": 0.0}),
            data.range(5).batch(2).apply(tf.data.experimental.unbatch()),
            data.range(5).batch(2).batch(2, drop_remainder=True)]
    described = [_described(d) for d in made]
    return described, [_all(tf, run, d) for d in made], [
        _all(tf, run, d) for d in (ragged.batch(2), ragged.padded_batch(3, [2]),
                                   data.range(3).batch(0))]


@case
def batches_of_strings(tf, run):
    data = tf.data.Dataset.from_tensor_slices(["a", "b c d", "e f"])
    joined = data.map(lambda s: s + "!")
    made = [joined.batch(2), joined.padded_batch(2, []),
            data.map(lambda s: (s + "?", tf.string_split([s]).values)).padded_batch(
                3, ([], [None])),
            tf.data.Dataset.from_generator(lambda: iter(["x", "y"]), tf.string, []).batch(2),
            joined.shuffle(3, seed=1).repeat(2).batch(4), joined.window(2).flat_map(
                lambda w: w.batch(2)), joined.batch(3).apply(tf.data.experimental.unbatch())]
    return [_all(tf, run, d) for d in made]


@case
def records_of_examples(tf, run):
    path = os.path.join(tempfile.mkdtemp(), "r")
    with tf.python_io.TFRecordWriter(path) as writer:
        for i in range(5):
            feature = {
                "x": tf.train.Feature(float_list=tf.train.FloatList(value=[i, i + 0.5])),
                "v": tf.train.Feature(int64_list=tf.train.Int64List(value=list(range(i)))),
                "s": tf.train.Feature(bytes_list=tf.train.BytesList(value=[b"q%d" % i]))}
            writer.write(tf.train.Example(
                features=tf.train.Features(feature=feature)).SerializeToString())
    spec = {"x": tf.FixedLenFeature([2], tf.float32), "v": tf.VarLenFeature(tf.int64),
            "s": tf.FixedLenFeature([], tf.string)}
    records = tf.data.TFRecordDataset(path)
    single = records.map(lambda r: tf.parse_single_example(r, spec))
    several = records.batch(3).map(lambda r: tf.parse_example(r, spec))
    dense = several.map(lambda f: (f["x"], f["s"], tf.sparse_tensor_to_dense(f["v"])))
    found = [_all(tf, run, d) for d in (single, single.batch(2), several)]
    return [_described(single), [[_without_names(e) for e in part] for part in found],
            _all(tf, run, dense)]


def _without_names(element):
    if isinstance(element, dict):
        return dict(element, v=_sparse(element["v"]))
    return element


@case
def windows(tf, run):
    data = tf.data.Dataset
    made = [data.range(7).window(3, 2).flat_map(lambda w: w.batch(3)),
            data.range(7).window(3, 1, 2, drop_remainder=True).flat_map(lambda w: w.batch(3)),
            data.range(3).window(2, 3).flat_map(lambda w: w),
            data.range(7).window(2).flat_map(lambda w: w.map(lambda x: x * 10)),
            data.zip((data.range(4), data.range(4))).window(2).flat_map(
                lambda a, b: tf.data.Dataset.zip((a, b)))]
    return [_all(tf, run, d) for d in made]


@case
def mapped(tf, run):
    data = tf.data.Dataset
    outside = tf.constant(10, tf.int64)
    pairs = data.zip((data.range(3), data.range(3)))
    made = [data.range(3).map(lambda x: x + outside), data.range(3).map(lambda x: [x, x]),
            data.range(3).map(lambda x: {"b": x, "a": (x, 1.0)}),
            data.range(3).map(lambda x: np.float64(2)), pairs.map(lambda a, b: a * b),
            data.from_tensors({"a": 1, "b": 2}).map(lambda d: d["a"]),
            data.from_tensors((1, (2, 3))).map(lambda a, b: b),
            data.from_tensor_slices(Point([1, 2], [3.0, 4.0])).map(lambda p: p.y),
            data.range(9).map(lambda x: x * x, num_parallel_calls=3),
            data.range(6).filter(lambda x: tf.equal(x % 2, 0)),
            pairs.filter(lambda a, b: a + b > 1),
            data.range(4).flat_map(lambda x: tf.data.Dataset.range(x)),
            data.from_tensor_slices(["a b", "c"]).map(lambda s: tf.string_split([s]).values),
            data.range(5).apply(tf.data.experimental.map_and_batch(
                lambda x: x * 2, 2, drop_remainder=True)),
            data.range(5).apply(tf.data.experimental.map_and_batch(
                lambda x: (x, x), 2, num_parallel_batches=2)),
            data.range(3).apply(tf.data.experimental.enumerate_dataset(1)),
            data.range(3).map(lambda x: tf.py_func(lambda v: v * 2, [x], tf.int64))]
    return [[_described(d), _all(tf, run, d, 2)] for d in made]


@case
def interleaved(tf, run):
    def of(x):
        return tf.data.Dataset.range(x * 10, x * 10 + x)
    data = tf.data.Dataset.range(5)
    made = [data.interleave(of, cycle_length=c, block_length=b, num_parallel_calls=n)
            for c, b, n in ((3, 1, None), (3, 2, None), (2, 1, None), (1, 3, None), (9, 1, None),
                            (3, 2, 2))]
    made.append(data.apply(tf.data.experimental.parallel_interleave(of, cycle_length=3)))
    made.append(data.interleave(lambda x: tf.data.Dataset.from_tensors(x).repeat(3), 2, 2))
    return [_all(tf, run, d) for d in made]


@case
def random_numbers_in_functions(tf, run):
    data = tf.data.Dataset.range(4).map(
        lambda x: tf.random_uniform([], 0, 1000, tf.int32, seed=3)).repeat(2)
    return _all(tf, run, data, 2)


@case
def reduced(tf, run):
    data = tf.data.Dataset
    total = data.range(5).reduce(np.int64(0), lambda state, x: state + x)
    pair = data.range(4).reduce((np.int64(0), 1.0), lambda state, x: (
        state[0] + x, state[1] * 2.0))
    joined = data.range(3).reduce(np.zeros([0], np.int64),
                                  lambda state, x: tf.concat([state, [x]], 0))
    return _plain(run([total, pair, joined])), total.name, str(joined.shape)


@case
def errors_of_elements(tf, run):
    def inverse(x):
        return tf.check_numerics(1.0 / tf.cast(x - 1, tf.float32), "bad")
    mapped = tf.data.Dataset.range(6).map(inverse)
    ignore = tf.data.experimental.ignore_errors
    made = [mapped, mapped.apply(ignore()), mapped.batch(2).apply(ignore()),
            mapped.filter(lambda x: True).repeat(2).apply(ignore()),
            tf.data.Dataset.range(3).map(inverse, num_parallel_calls=2).apply(ignore())]
    iterator = mapped.make_one_shot_iterator()
    element = iterator.get_next()
    kept = [refused(lambda: run(element)) for _ in range(3)]
    return [_all(tf, run, d) for d in made], kept


@case
def generators(tf, run):
    def raises():
        yield 1
        raise ValueError("boom")
    make = tf.data.Dataset.from_generator
    made = [make(lambda: iter([[1, 2], [3]]), tf.int32),
            make(lambda: [(1, "a"), (2, "b")], (tf.int32, tf.string), (tf.TensorShape([]), [])),
            make(lambda n: iter(range(n)), tf.int32, args=(3,)),
            make(lambda: iter([1.5]), tf.int32),
            make(lambda: ({"a": i, "b": [i]} for i in range(2)), {"a": tf.int64, "b": tf.float32},
                 {"a": [], "b": [1]}),
            make(lambda: iter([1, "a", 3]), tf.int32),
            make(lambda: iter([[1, 2], [3]]), tf.int32, [2]),
            make(lambda: iter([(1, 2), (3,)]), (tf.int32, tf.int32)), make(raises, tf.int32)]
    return [[_described(d), _all(tf, run, d, 2)] for d in made]


@case
def files(tf, run):
    folder = tempfile.mkdtemp()
    paths = []
    for name, text in (("a", b"one\ntwo\r\n\nthree"), ("b", b"x\n")):
        paths.append(os.path.join(folder, name))
        with open(paths[-1], "wb") as file:
            file.write(text)
    records = []
    for kind in ("", "GZIP", "ZLIB"):
        records.append(os.path.join(folder, "r" + kind))
        with tf.python_io.TFRecordWriter(records[-1], options=(
                tf.python_io.TFRecordOptions(getattr(
                    tf.python_io.TFRecordCompressionType, kind or "NONE")))) as writer:
            for record in (b"xx", b"yyyy", b""):
                writer.write(record)
    fixed = os.path.join(folder, "f")
    with open(fixed, "wb") as file:
        file.write(b"HabcdefTT")
    table = os.path.join(folder, "t")
    with open(table, "wb") as file:
        file.write(b'i,f,s\n1,2.5,x\n2,,"y,z"\n')
    data = tf.data
    names = data.Dataset.from_tensor_slices(paths)
    made = [data.TextLineDataset(paths), data.TextLineDataset(paths[0]),
            data.TextLineDataset(names),
            data.TFRecordDataset(records[:1]), data.TFRecordDataset(records[1], "GZIP"),
            data.TFRecordDataset(records[2:], compression_type="ZLIB"),
            data.TFRecordDataset([records[0]] * 2, num_parallel_reads=2),
            data.TextLineDataset(paths, num_parallel_reads=2),
            data.FixedLengthRecordDataset(fixed, 3, 1, 2),
            data.FixedLengthRecordDataset(fixed, 4), data.TextLineDataset("/nowhere/at/all"),
            names.interleave(data.TextLineDataset, cycle_length=2),
            data.TextLineDataset(paths).skip(1).filter(
                lambda line: tf.not_equal(tf.substr(line, 0, 1), "t")),
            data.experimental.CsvDataset(table, [[1], [7.0], tf.string], header=True),
            data.experimental.CsvDataset([table], [tf.float32, [""]], header=True,
                                         select_cols=[1, 2])]
    listed = [data.Dataset.list_files(folder + "/[ab]", shuffle=False),
              data.Dataset.list_files([folder + "/*"], seed=3).repeat(2),
              data.Dataset.list_files(folder + "/none*")]
    return [_all(tf, run, d) for d in made], [_described(d) for d in made[-4:]], [
        [name.replace(folder, "") for name in _all(tf, run, d)] for d in listed]


@case
def iterators(tf, run):
    data = tf.data.Dataset
    one, two = data.range(3), data.range(10, 13)
    once = one.make_one_shot_iterator()
    again = two.make_initializable_iterator()
    either = tf.data.Iterator.from_structure(one.output_types, one.output_shapes)
    starts = [either.make_initializer(one), either.make_initializer(two, name="second")]
    handle = tf.placeholder(tf.string, [])
    fed = tf.data.Iterator.from_string_handle(handle, one.output_types, one.output_shapes)
    found, x = [], fed.get_next()
    with tf.Session(**run.options) as session:
        found.append(refused(lambda: session.run(again.get_next())))
        found.append(refused(lambda: session.run(either.get_next())))
        handles = session.run([once.string_handle(), again.string_handle()])
        session.run(again.initializer)
        found += [int(session.run(x, {handle: handles[i]})) for i in (0, 1, 0, 1, 0, 1)]
        found.append(refused(lambda: session.run(x, {handle: handles[0]})))
        found.append(refused(lambda: session.run(x, {handle: "nonsense"})))
        session.run(again.initializer)
        found.append(int(session.run(x, {handle: handles[1]})))
        y = either.get_next(name="y")
        for start in starts + starts:
            session.run(start)
            found.append([int(v) for v in session.run([y, y + 0])])
        a, b = again.get_next(), again.get_next()
        found.append(sorted(int(v) for v in session.run([a, b])))
    return [found, y.name, a.name, starts[1].name, refused(lambda: once.initializer),
            _described(either), again.initializer.type]


@case
def iterators_refuse(tf, run):
    data, make = tf.data.Dataset, tf.data.Iterator.from_structure
    x = tf.placeholder(tf.float32, [3])
    v = tf.Variable([1.0, 2.0])
    bad = data.range(3).map(lambda i: tf.cast(i, tf.int32)).make_one_shot_iterator()
    fed = tf.data.Iterator.from_string_handle(bad.string_handle(), tf.int64, []).get_next()
    return [refused(action) for action in (
        lambda: data.from_tensor_slices(x).make_one_shot_iterator(),
        lambda: data.from_tensor_slices(v).make_one_shot_iterator(),
        lambda: make(tf.int64, []).make_initializer(data.range(3).batch(2)),
        lambda: make(tf.int32, []).make_initializer(data.range(3)),
        lambda: make((tf.int64, tf.int64)).make_initializer(data.range(3)),
        lambda: make(tf.int64).make_initializer(data.range(3)), lambda: run(fed))]


@case
def what_functions_see_of_outside(tf, run):
    v = tf.Variable(1.0)
    fed = tf.placeholder(tf.float32, [])
    iterator = tf.data.Dataset.range(4).map(
        lambda x: tf.cast(x, tf.float32) * v + fed).make_initializable_iterator()
    element, found = iterator.get_next(), []
    with tf.Session(**run.options) as session:
        session.run(v.initializer)
        session.run(iterator.initializer, {fed: 0.5})
        found.append(float(session.run(element)))
        session.run(v.assign(10.0))
        found += [float(session.run(element)) for _ in range(2)]
    return found


@case
def what_is_refused(tf, run):
    data = tf.data.Dataset
    pair = data.zip((data.range(3), data.range(3)))
    return [refused(action) for action in (
        lambda: data.from_tensor_slices(3), lambda: data.from_tensor_slices(([1, 2], [1])),
        lambda: data.range(3).map(lambda x: None), lambda: pair.map(lambda x: x),
        lambda: data.range(3).filter(lambda x: x), lambda: data.range(3).flat_map(lambda x: x),
        lambda: data.range(3).concatenate(data.from_tensors(1.0)),
        lambda: data.zip([data.range(3)]), lambda: data.zip((data.range(3), 1)),
        lambda: data.range(3).batch("a"), lambda: data.range(3).batch(tf.constant(2)),
        lambda: iter(data.range(3)),
        lambda: data.from_tensors([1]).padded_batch(2, [None], padding_values=1.5),
        lambda: data.from_tensors([1]).padded_batch(2, [None, None]),
        lambda: data.from_generator(3, tf.int32), lambda: data.range(3).apply(lambda d: 3),
        lambda: data.range(1, 2, 3, 4))] + [_all(tf, run, d) for d in (
            data.range(5).shard(2, 3), data.range(5).shuffle(0), data.range(3).batch(-1))]


@case
def sparse_elements(tf, run):
    sparse = tf.SparseTensor([[0, 0], [1, 2], [2, 1]], [1, 2, 3], [3, 4])
    made = [tf.data.Dataset.from_tensors(sparse), tf.data.Dataset.from_tensor_slices(sparse),
            tf.data.Dataset.from_tensor_slices({"s": sparse, "x": [1, 2, 3]}).batch(2),
            tf.data.Dataset.from_tensor_slices(sparse).map(
                lambda s: tf.sparse_tensor_to_dense(s))]
    return [[_described(d), [part if part == "end" else _sparse(part) for part in _all(
        tf, run, d)]] for d in made]


def _sparse(value):
    return value[1:] if isinstance(value, list) and value[:1] == ["SparseTensorValue"] else value


@case
def names(tf, run):
    data = tf.data.Dataset
    made = data.from_tensor_slices([1, 2, 3]).shuffle(2).repeat(2).batch(2).prefetch(1)
    made = made.map(lambda x: x + 1).map(lambda x: x, 2).filter(lambda x: True).take(1).skip(1)
    made.padded_batch(2, [None])
    data.zip((data.range(3), made)).concatenate(data.zip((data.range(3), made))).cache()
    made.make_initializable_iterator().get_next()
    made.make_one_shot_iterator().get_next()
    return [[op.name, op.type] for op in tf.get_default_graph().get_operations()
            if op.type not in ("Const", "OptimizeDataset", "ModelDataset")]
