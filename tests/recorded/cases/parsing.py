"""tf.io.parse_example and its kin: names, static shapes, values, what is refused."""

from ..harness import case, refused


def example(tf, **features):
    return tf.train.Example(features=tf.train.Features(feature=features)).SerializeToString()


def sequence(tf, context, **lists):
    return tf.train.SequenceExample(
        context=tf.train.Features(feature=context),
        feature_lists=tf.train.FeatureLists(feature_list={
            name: tf.train.FeatureList(feature=steps) for name, steps in lists.items()})
    ).SerializeToString()


def floats(tf, *values):
    return tf.train.Feature(float_list=tf.train.FloatList(value=values))


def ints(tf, *values):
    return tf.train.Feature(int64_list=tf.train.Int64List(value=values))


def texts(tf, *values):
    return tf.train.Feature(bytes_list=tf.train.BytesList(value=values))


def features(tf):
    return {"a": tf.FixedLenFeature([2], tf.float32, default_value=[1.0, 2.0]),
            "b": tf.VarLenFeature(tf.int64), "c": tf.FixedLenFeature([], tf.string),
            "d d": tf.FixedLenSequenceFeature([3], tf.float32, allow_missing=True,
                                              default_value=7.0),
            "s": tf.SparseFeature("ix", "val", tf.float32, 10)}


def examples(tf):
    return [
        example(tf, a=floats(tf, 3, 4), b=ints(tf, 1, 2, 3), c=texts(tf, b"x"),
                ix=ints(tf, 5, 2), val=floats(tf, 0.5, 0.25)),
        example(tf, c=texts(tf, b"y"), **{"d d": floats(tf, *range(6))}),
        example(tf, c=texts(tf, b""), b=ints(tf, 9), **{"d d": floats(tf, 1, 2, 3)})]


def nodes(tf):
    return [[op.type, op.name, [t.name for t in op.inputs], [str(t.shape) for t in op.outputs]]
            for op in tf.get_default_graph().get_operations() if not op.type == "Const"]


def parts(found):
    """The tensors of a dict, those of sparse ones one by one."""
    result = []
    for key in sorted(found):
        value = found[key]
        result += [value.indices, value.values, value.dense_shape] if hasattr(
            value, "indices") else [value]
    return result


@case
def a_batch(tf, run):
    found = parts(tf.parse_example(tf.placeholder(tf.string, [None], name="s"), features(tf)))
    return [nodes(tf), [str(t.shape) for t in found],
            [t.op.name for t in tf.get_default_graph().get_operations()[0].outputs],
            run(found, {"s:0": examples(tf)}), run(found, {"s:0": examples(tf)[:1]}),
            run(found, {"s:0": []})]


@case
def one(tf, run):
    found = parts(tf.parse_single_example(tf.placeholder(tf.string, [], name="s"), features(tf)))
    return [nodes(tf), [str(t.shape) for t in found],
            [run(found, {"s:0": e}) for e in examples(tf)]]


@case
def one_named(tf, run):
    x = tf.placeholder(tf.string, name="s")
    tf.parse_single_example(x, {"c": tf.FixedLenFeature([], tf.string)}, name="mine")
    return nodes(tf)


@case
def places_of_several_dimensions(tf, run):
    found = tf.parse_example(
        [example(tf, x=ints(tf, 2, 0), y=ints(tf, 0, 1), v=floats(tf, 1, 2))],
        {"s": tf.SparseFeature(["x", "y"], "v", tf.float32, [10, 3])})
    return run(parts(found))


@case
def a_sequence(tf, run):
    context, lists = tf.parse_single_sequence_example(
        tf.placeholder(tf.string, [], name="s"),
        {"a": tf.FixedLenFeature([2], tf.float32, default_value=[1.0, 2.0]),
         "b": tf.VarLenFeature(tf.int64)},
        {"q": tf.FixedLenSequenceFeature([2], tf.int64),
         "m": tf.FixedLenSequenceFeature([], tf.string, allow_missing=True),
         "r": tf.VarLenFeature(tf.string)})
    found = parts(context) + parts(lists)
    whole = sequence(tf, {"a": floats(tf, 5, 6), "b": ints(tf, 1)},
                     q=[ints(tf, 1, 2), ints(tf, 3, 4)], m=[texts(tf, b"k")],
                     r=[texts(tf, b"a"), texts(tf), texts(tf, b"b", b"c")])
    bare = sequence(tf, {}, q=[])
    return [nodes(tf), [str(t.shape) for t in found], run(found, {"s:0": whole}),
            run(found, {"s:0": bare})]


@case
def what_is_refused_when_built(tf, run):
    wrong = [None, {}, {"b": tf.VarLenFeature(None)}, {"b": tf.FixedLenFeature(None, tf.float32)},
             {"b": tf.FixedLenFeature([None], tf.float32)}, {"b": 3},
             {"b": tf.FixedLenFeature([2, None], tf.float32)},
             {"b": tf.FixedLenSequenceFeature([], tf.float32)},
             {"b": tf.FixedLenFeature([2], tf.float32, [1.0])},
             {"b": tf.FixedLenFeature([2], tf.int32)}]
    return [[refused(tf.parse_example, examples(tf), w) for w in wrong],
            refused(tf.parse_example, "x", features(tf)),
            refused(tf.parse_single_example, ["x"], features(tf))]


@case
def what_is_refused_when_run(tf, run):
    fixed = {"a": tf.FixedLenFeature([2], tf.float32)}
    steps = {"a": tf.FixedLenSequenceFeature([2], tf.float32, allow_missing=True)}
    sparse = {"a": tf.VarLenFeature(tf.int64)}
    cases = [(fixed, example(tf)), (fixed, example(tf, a=ints(tf, 1, 2))),
             (fixed, example(tf, a=floats(tf, 1))), (fixed, example(tf, a=tf.train.Feature())),
             (steps, example(tf, a=floats(tf, 1, 2, 3))), (steps, example(tf, a=ints(tf, 1, 2))),
             (sparse, example(tf, a=floats(tf, 1)))]
    return [refused(run, tf.parse_example([data], wanted)["a"]) for wanted, data in cases]


@case
def raw_bytes(tf, run):
    x = tf.constant([b"\1\0\2\0", b"\3\0\4\0"])
    return [nodes(tf), run([
        tf.decode_raw(x, tf.int16), tf.decode_raw(x, tf.int16, little_endian=False),
        tf.decode_raw(x, tf.float32), tf.decode_raw(b"12345678", tf.float64),
        tf.decode_raw(tf.constant([], tf.string), tf.int16), tf.decode_raw([b"", b""], tf.int16),
        tf.parse_tensor(tf.serialize_tensor([[1.5, 2.5]]), tf.float32),
        tf.parse_tensor(tf.serialize_tensor(["a", "b"]), tf.string)]),
        refused(tf.decode_raw, x, tf.string),
        refused(run, tf.decode_raw([b"\1\0\2"], tf.int16)),
        refused(run, tf.decode_raw([b"\1\0", b"a"], tf.uint8)),
        refused(run, tf.parse_tensor(tf.serialize_tensor([1, 2]), tf.int64))]
