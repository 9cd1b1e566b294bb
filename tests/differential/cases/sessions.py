"""Sessions: the grammar of fetches and feeds, callables, context managers, errors."""

import builtins
import collections

import numpy as np

from ..harness import case, fed, raised

Pair = collections.namedtuple("Pair", "left right")


def _structure(value):
    """Types and values of a fetched structure."""
    if isinstance(value, dict):
        return [type(value).__name__,
                {key: _structure(part) for key, part in value.items()}]
    if isinstance(value, tuple | list):
        return [type(value).__name__, [_structure(part) for part in value]]
    return [type(value).__name__, value]


# ------------------------------------------------------------------------------ fetches


@case
def fetch_structures(tf):
    a, b = tf.constant(1.0, name="a"), tf.constant([2, 3], name="b")
    with tf.Session() as session:
        return [_structure(session.run(fetches)) for fetches in (
            a, [a], (a, b), {"x": a, "y": [b, a]}, Pair(a, b), [[a], [[b]]], [], (), {},
            {"p": Pair(a, (b,))}, collections.OrderedDict([("z", a), ("a", b)]), [a, a, a])]


@case
def fetch_by_name(tf):
    tf.constant(1.0, name="a")
    with tf.Session() as session:
        return [session.run("a:0"), session.run("a"), session.run(["a:0", {"op": "a"}])]


@case
def fetch_operations(tf):
    a = tf.constant(1.0)
    with tf.Session() as session:
        return [session.run(a.op), session.run([a.op, a]), session.run(tf.no_op()),
                session.run({"op": tf.no_op()}), session.run(tf.group(a))]


@case
def fetched_types(tf):
    tensors = [tf.constant(1), tf.constant(1.5), tf.constant(True), tf.constant("s"),
               tf.constant([1]), tf.constant(["s", "t"]), tf.constant(1j), tf.zeros([0]),
               tf.constant(1, tf.float64), tf.constant([[b"x"]])]
    with tf.Session() as session:
        return [_structure(session.run(tensor)) for tensor in tensors]


@case
def fetch_indexed_slices(tf):
    slices = tf.IndexedSlices(tf.constant([1.0]), tf.constant([0]), tf.constant([3]))
    with tf.Session() as session:
        value = session.run(slices)
        both = session.run([slices, {"s": slices}])
        return [type(value).__name__, value, both[1]["s"].indices]


@case
def fetch_a_variable(tf):
    v = tf.Variable([1.0, 2.0])
    with tf.Session() as session:
        session.run(v.initializer)
        return [session.run(v), session.run([v, v.op])]


@case
def fetch_errors(tf):
    a = tf.constant(1.0, name="a")
    with tf.Graph().as_default():
        foreign = tf.constant(1.0)
    with tf.Session() as session:
        return [raised(lambda fetch=fetch: session.run(fetch)) for fetch in (
            "nothing", "nothing:0", "a:1", None, 3, 2.5, foreign, foreign.op, [a, None],
            {"x": 3}, object(), np.zeros(2), tf.float32)]


@case
def fetched_values_are_copies(tf):
    v = tf.Variable([1.0, 2.0])
    with tf.Session() as session:
        session.run(v.initializer)
        value = session.run(v)
        value[:] = 9.0
        return session.run(v)


@case
def fed_arrays_are_copies(tf):
    v = tf.Variable([0.0, 0.0])
    x = tf.placeholder(tf.float32, [2])
    with tf.Session() as session:
        value = np.array([1.0, 2.0], np.float32)
        session.run(tf.assign(v, x), {x: value})
        value[:] = 9.0
        return session.run(v)


@case
def fetched_constants_are_copies(tf):
    a = tf.constant([1.0, 2.0])
    with tf.Session() as session:
        value = session.run(a)
        value[:] = 9.0
        return [session.run(a), value.flags.writeable]


@case
def a_fetched_feed_comes_back(tf):
    x = tf.placeholder(tf.float32)
    with tf.Session() as session:
        return [session.run(x, {x: [1, 2]}), session.run([x, x + 1], {x: [3]})]


# -------------------------------------------------------------------------------- feeds


@case
def feeds_are_converted(tf):
    x = tf.placeholder(tf.int32)
    y = tf.placeholder(tf.float32)
    b = tf.placeholder(tf.bool)
    return fed([x, y, b], {x: 1.7, y: [[1, 2]], b: [0, 1]})


@case(each=[3, ([1, 2],), 2.5, ([[1.0], [2.0]],), True, ([],)])
def feed_values(tf, value):
    x = tf.placeholder(tf.float32)
    return fed(x, {x: value})


@case
def feed_numpy_values(tf):
    x, y = tf.placeholder(tf.float32), tf.placeholder(tf.float32)
    z, s = tf.placeholder(tf.int64), tf.placeholder(tf.string)
    return fed([x, y, z, s], {x: np.float64(1.5), y: np.arange(3), z: np.array([1.9, -1.9]),
                              s: np.array(["a", "b"])})


@case
def feed_strings(tf):
    s, t = tf.placeholder(tf.string), tf.placeholder(tf.string)
    return fed([s, t], {s: "abc", t: [b"x", "y"]})


@case
def feed_orders_of_memory(tf):
    x, y = tf.placeholder(tf.float32), tf.placeholder(tf.float32)
    return fed([x + 0, y + 0], {x: np.arange(6.0).reshape(2, 3).T, y: np.arange(6.0)[::-2]})


@case
def feed_by_name(tf):
    tf.placeholder(tf.float32, name="x")
    y = tf.identity(tf.get_default_graph().get_tensor_by_name("x:0"))
    with tf.Session() as session:
        return [session.run(y, {"x:0": 2.0}), raised(lambda: session.run(y, {"x": 2.0})),
                raised(lambda: session.run(y, {"nothing:0": 2.0}))]


@case
def feed_anything(tf):
    a = tf.constant(1.0)
    b = a + 1
    c = b * 10
    v = tf.Variable(5.0)
    with tf.Session() as session:
        return [session.run(c, {b: 7.0}), session.run(c, {a: 2.0}),
                session.run(v + 1, {v: 2.0}), session.run(c)]


@case
def feeding_prunes_what_is_upstream(tf):
    x = tf.placeholder(tf.float32)
    y = tf.check_numerics(x, "bad") + 1
    z = y * 2
    return fed(z, {y: 3.0})


@case
def feed_a_shape_that_was_used(tf):
    x = tf.placeholder(tf.float32, [None])
    return fed([tf.shape(x), tf.zeros(tf.shape(x))], {x: [1.0, 2.0, 3.0]})


@case
def feed_indexed_slices(tf):
    values, indices = tf.placeholder(tf.float32), tf.placeholder(tf.int32)
    slices = tf.IndexedSlices(values, indices)
    with tf.Session() as session:
        result = session.run(slices, {slices: ([1.0], [2])})
        return [result.values, result.indices]


@case
def feed_nested_tuples(tf):
    x, y = tf.placeholder(tf.float32), tf.placeholder(tf.float32)
    with tf.Session() as session:
        return [session.run(x + y, {(x, y): (1.0, 2.0)}),
                raised(lambda: session.run(x + y, {(x, y): (1.0,)}))]


@case
def feed_errors(tf):
    x = tf.placeholder(tf.float32, [2], name="x")
    with tf.Graph().as_default():
        foreign = tf.placeholder(tf.float32)
    with tf.Session() as session:
        return [raised(lambda feed=feed: session.run(x + 1, feed)) for feed in (
            None, {}, {x: [1.0]}, {x: 1.0}, {x: [[1.0, 2.0]]}, {x: "ab"}, {x: ["a", "b"]},
            {x: tf.constant([1.0, 2.0])}, {x: None}, {x: [1.0, None]},
            {x: [[1.0], [1.0, 2.0]]},
            {3: 1.0}, {"nothing:0": 1.0}, {None: 1.0}, {foreign: 1.0},
            [(x, [1.0, 2.0])], {x: {}}, {x: object()})]


@case
def a_needed_placeholder_is_missing(tf):
    x = tf.placeholder(tf.float32, name="x")
    y = tf.placeholder(tf.float32, name="y")
    return fed(x + y, {x: 1.0})


@case
def an_unneeded_placeholder_may_be_missing(tf):
    x, y = tf.placeholder(tf.float32), tf.placeholder(tf.float32)
    z = x * 2
    z + y
    return fed(z, {x: 1.0})


@case
def a_partial_shape_is_checked(tf):
    x = tf.placeholder(tf.float32, [None, 3])
    with tf.Session() as session:
        return [session.run(x, {x: np.ones((1, 3))}),
                raised(lambda: session.run(x, {x: np.ones((3, 1))})),
                raised(lambda: session.run(x, {x: np.ones(3)}))]


# -------------------------------------------------------------------- life of a session


@case
def session_of_a_given_graph(tf):
    other = tf.Graph()
    with other.as_default():
        x = tf.constant(3.0)
    session = tf.Session(graph=other)
    return [session.graph is other, session.run(x), session.close()]


@case
def closed_session(tf):
    x = tf.constant(1.0)
    session = tf.Session()
    session.close()
    session.close()
    return raised(lambda: session.run(x))


@case
def default_sessions(tf):
    x = tf.constant(1.0)
    before = tf.get_default_session()
    with tf.Session() as outer:
        with tf.Session() as inner:
            inside = tf.get_default_session() is inner
        after = tf.get_default_session() is outer
        value = x.eval()
    return [before, inside, after, value, tf.get_default_session()]


@case
def as_default_does_not_close(tf):
    x = tf.constant(1.0)
    session = tf.Session()
    with session.as_default() as given:
        same = given is session
        first = x.eval()
    return [same, first, session.run(x), session.close()]


@case
def interactive_session(tf):
    x = tf.constant([1.0, 2.0])
    session = tf.InteractiveSession()
    try:
        return [x.eval(), tf.reduce_sum(x).eval(), tf.get_default_session() is session]
    finally:
        session.close()


@case
def run_an_operation(tf):
    v = tf.Variable(1.0)
    with tf.Session():
        v.initializer.run()
        tf.assign(v, 2.0).op.run()
        x = tf.placeholder(tf.float32)
        tf.assign(v, x).op.run({x: 7.0})
        return v.eval()


@case
def eval_errors(tf):
    x = tf.constant(1.0)
    return [raised(lambda: x.eval()), raised(lambda: x.op.run())]


@case
def empty_graph(tf):
    with tf.Graph().as_default(), tf.Session() as session:
        return raised(lambda: session.run([]))


@case
def graph_grows_after_the_session(tf):
    x = tf.constant(1.0)
    with tf.Session() as session:
        first = session.run(x)
        y = x + 1
        second = session.run(y)
        z = y * y
        return [first, second, session.run([x, y, z])]


@case
def session_config_and_options(tf):
    x = tf.constant(1.0)
    config = tf.ConfigProto(allow_soft_placement=True, log_device_placement=False)
    with tf.Session(config=config) as session:
        return [session.run(x, options=tf.RunOptions(), run_metadata=tf.RunMetadata()),
                session.run(x, None, tf.RunOptions(trace_level=tf.RunOptions.NO_TRACE),
                            None)]


@case
def target(tf):
    with tf.Session("") as session:
        return [session.sess_str.decode() if isinstance(session.sess_str, bytes)
                else session.sess_str, session.run(tf.constant(1))]


# ---------------------------------------------------------------------------- callables


@case
def make_callable(tf):
    x, y = tf.placeholder(tf.float32), tf.placeholder(tf.float32)
    with tf.Session() as session:
        add = session.make_callable(x + y, [x, y])
        both = session.make_callable({"sum": x + y, "op": tf.no_op()}, feed_list=[x, y])
        none = session.make_callable(tf.constant([1.0]))
        return [add(1.0, 2.0), add(3.0, [4.0, 5.0]), both(1.0, 1.0), none(),
                raised(lambda: add(1.0))]


@case
def make_callable_of_nested_fetches(tf):
    x = tf.placeholder(tf.float32)
    with tf.Session() as session:
        run = session.make_callable([-x, (x + 1, {"z": x * 2})], [x])
        return run(3.0)


# ------------------------------------------------------------------------------ py_func


@case
def py_func(tf):
    x = tf.placeholder(tf.float32, [None])
    y = tf.py_func(lambda a: (a * 2).astype(np.float32), [x], tf.float32)
    a, b = tf.py_func(lambda a: (a.sum(), np.int64(a.size)), [x], [tf.float32, tf.int64])
    return fed([y, a, b, tf.py_func(lambda: np.int64(7), [], tf.int64, name="named")],
               {x: [1.0, 2.0]})


@case
def py_func_that_returns_nothing(tf):
    seen = []
    op = tf.py_func(lambda a: seen.append(float(a)), [tf.constant(2.0)], [])
    with tf.Session() as session:
        session.run(op)
    return seen


@case
def py_func_of_strings(tf):
    return tf.py_func(lambda s: s.upper(), [tf.constant("abc")], tf.string)


@case(each=["ValueError", "TypeError", "StopIteration", "NotImplementedError", "KeyError",
            "ZeroDivisionError"])
def py_func_that_raises(tf, error):
    def fail():
        raise getattr(builtins, error)("no")

    return tf.py_func(fail, [], tf.float32)


@case
def py_func_of_a_wrong_type(tf):
    return tf.py_func(lambda: np.float32(1.0), [], tf.int32)


@case
def py_func_of_a_wrong_count(tf):
    return tf.py_func(lambda: (np.float32(1.0),), [], [tf.float32, tf.float32])


# ------------------------------------------------------------------------- errors again


@case
def error_classes(tf):
    errors = tf.errors
    names = ["OpError", "CancelledError", "UnknownError", "InvalidArgumentError",
             "DeadlineExceededError", "NotFoundError", "AlreadyExistsError",
             "PermissionDeniedError", "UnauthenticatedError", "ResourceExhaustedError",
             "FailedPreconditionError", "AbortedError", "OutOfRangeError",
             "UnimplementedError", "InternalError", "UnavailableError", "DataLossError"]
    classes = [getattr(errors, name) for name in names]
    return [[one.__name__, issubclass(one, errors.OpError), issubclass(one, Exception)]
            for one in classes]


@case
def error_details(tf):
    x = tf.placeholder(tf.float32, name="x")
    with tf.Session() as session:
        error = raised(lambda: session.run(tf.identity(x, name="y")))
    return [isinstance(error, tf.errors.InvalidArgumentError), error.error_code,
            error.op is x.op, error.node_def is not None, "x" in error.message]


@case
def error_codes(tf):
    return [tf.errors.OK, tf.errors.CANCELLED, tf.errors.INVALID_ARGUMENT,
            tf.errors.NOT_FOUND,
            tf.errors.OUT_OF_RANGE, tf.errors.FAILED_PRECONDITION, tf.errors.UNIMPLEMENTED,
            tf.errors.INTERNAL, tf.errors.DATA_LOSS]


@case
def error_built_by_hand(tf):
    error = tf.errors.OutOfRangeError(None, None, "end")
    return [error.message, error.op, error.error_code]


@case
def a_failed_run_leaves_the_session_alive(tf):
    x = tf.placeholder(tf.float32, [2])
    with tf.Session() as session:
        return [raised(lambda: session.run(x)), session.run(x, {x: [1.0, 2.0]})]
