"""Variables: creation, initialization, assignment, scattering, get_variable, scopes."""

import numpy as np

from ..harness import case, fed, in_turn, raised

KEYS = ("GLOBAL_VARIABLES", "TRAINABLE_VARIABLES", "LOCAL_VARIABLES")


# ----------------------------------------------------------------------------- Variable


@case(each=[3, 2.5, True, ([1.0, 2.0],), ([[1, 2]],), "text"])
def variable(tf, value):
    return tf.Variable(value)


@case
def variable_of_arrays_and_tensors(tf):
    return [tf.Variable(np.array([1.0, 2.0])), tf.Variable(tf.zeros([2, 1])),
            tf.Variable(lambda: tf.constant([3.0])), tf.Variable(np.float32(1.5)),
            tf.Variable(tf.random_uniform([2]) * 0)]


@case
def variable_with_arguments(tf):
    return [tf.Variable(1, dtype=tf.float32), tf.Variable([1, 2], name="named"),
            tf.Variable(initial_value=2.0, trainable=False),
            tf.Variable(lambda: [1.0, 2.0], dtype=tf.float64),
            tf.Variable([1.5], expected_shape=[1])]


@case
def what_a_variable_knows(tf):
    v = tf.Variable([[1.0, 2.0]], name="v")
    return [v.name, v.op.name, v.op.type, v.dtype.base_dtype, v.shape, v.get_shape(),
            v.initializer.name, v.initializer.type, v.initial_value, v.trainable,
            v.graph is tf.get_default_graph(), v.device, v.value().name,
            v.read_value().name]


@case
def operations_of_a_variable(tf):
    tf.Variable([1.0], name="v")
    return [(op.name, op.type, [tensor.name for tensor in op.inputs])
            for op in tf.get_default_graph().get_operations()]


@case
def variable_names_count_up(tf):
    return [tf.Variable(1.0).name, tf.Variable(1.0).name, tf.Variable(1.0, name="v").name,
            tf.Variable(1.0, name="v").name]


@case
def variable_honours_name_scope(tf):
    with tf.name_scope("s"):
        v = tf.Variable(1.0, name="v")
        w = tf.Variable(1.0)
    return [v, w, v.initializer.name]


@case
def variable_refuses(tf):
    return [raised(lambda: tf.Variable()), raised(lambda: tf.Variable(None)),
            raised(lambda: tf.Variable(tf.placeholder(tf.float32))),
            raised(lambda: tf.Variable(1.5, dtype=tf.int32)),
            raised(lambda: tf.Variable([[1], [1, 2]])),
            raised(lambda: tf.Variable(1.0, collections="c"))]


@case
def variable_without_a_known_shape(tf):
    x = tf.placeholder_with_default([1.0, 2.0], None)
    v = tf.Variable(x, validate_shape=False)
    return [v.shape, v]


@case
def shape_may_change_without_validation(tf):
    v = tf.Variable([1.0, 2.0], validate_shape=False)
    return in_turn(tf.shape(v.read_value()),
                   tf.assign(v, [1.0, 2.0, 3.0], validate_shape=False).op,
                   tf.shape(v.read_value()))


@case
def operators_on_variables(tf):
    v, w = tf.Variable([1.0, -2.0]), tf.Variable([3.0, 4.0])
    return [v + w, v - 1, 2 * v, v / w, v ** 2, -v, abs(v), v < w, v[0], v // w, v % w,
            1 / w, tf.reduce_sum(v), tf.matmul(v[None], w[:, None])]


@case
def variables_equal_by_identity(tf):
    v, w = tf.Variable(1.0), tf.Variable(1.0)
    return [v == v, v == w, v != w, len({v, w, v})]


@case
def a_variable_is_not_a_python_value(tf):
    v = tf.Variable([1.0, 2.0])
    return [raised(lambda: bool(v > 0)), raised(lambda: float(v)), raised(lambda: iter(v))]


@case
def fetching_and_feeding_a_variable(tf):
    v = tf.Variable([1.0, 2.0], name="v")
    return in_turn(v, v.value(), v.read_value(), fed(v * 10, {v: [5.0, 6.0]}), v)


# ----------------------------------------------------------------------- initialization


@case
def not_initialized_by_the_wrong_order(tf):
    v = tf.Variable(1.0)
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        return session.run(v)


@case
def initializers_are_operations(tf):
    tf.Variable(1.0)
    return [tf.global_variables_initializer(), tf.local_variables_initializer(),
            tf.variables_initializer(tf.global_variables(), name="mine"),
            tf.variables_initializer([]), tf.initialize_all_variables(),
            tf.initialize_variables(tf.global_variables()),
            tf.global_variables_initializer()]


@case
def initializers_without_variables(tf):
    return [tf.global_variables_initializer().name, tf.local_variables_initializer().name]


@case
def initialized_value(tf):
    v = tf.Variable([1.0, 2.0], name="v")
    w = tf.Variable(v.initialized_value() * 3, name="w")
    return in_turn([v, w])


@case
def a_variable_may_depend_on_another(tf):
    v = tf.get_variable("v", initializer=tf.constant([2.0]))
    w = tf.get_variable("w", initializer=v.initialized_value() + 1)
    return [v, w]


@case
def report_uninitialized_variables(tf):
    tf.Variable(1.0, name="v")
    w = tf.Variable(1.0, name="w")
    report = tf.report_uninitialized_variables()
    with tf.Session() as session:
        before = session.run(report)
        session.run(w.initializer)
        between = session.run(report)
        session.run(tf.global_variables_initializer())
        return [before, between, session.run(report)]


@case
def is_variable_initialized(tf):
    v = tf.Variable(1.0)
    known = tf.is_variable_initialized(v)
    with tf.Session() as session:
        before = session.run(known)
        session.run(v.initializer)
        return [before, session.run(known)]


@case
def running_an_initializer_again_resets(tf):
    v = tf.Variable(1.0)
    change = tf.assign(v, 9.0).op
    reset = v.initializer
    return in_turn(v, change, v, reset, v)


@case
def sessions_have_their_own_values(tf):
    v = tf.Variable(1.0)
    add = tf.assign_add(v, 1.0)
    with tf.Session() as one, tf.Session() as two:
        one.run(v.initializer)
        two.run(v.initializer)
        one.run(add)
        return [one.run(v), two.run(v)]


# --------------------------------------------------------------------------- assignment


@case(each=["assign", "assign_add", "assign_sub"])
def assignment(tf, symbol):
    v = tf.Variable([1.0, 2.0], name="v")
    by_function = getattr(tf, symbol)(v, [10.0, 20.0])
    by_method = getattr(v, symbol)([1.0, 1.0])
    return in_turn(by_function, v, by_method, v)


@case(each=["assign", "assign_add", "assign_sub"])
def assignment_names(tf, symbol):
    v = tf.Variable(1.0, name="v")
    w = tf.Variable(1.0, name="w")
    return in_turn(getattr(tf, symbol)(v, 2.0, name="named"),
                   getattr(w, symbol)(2.0, use_locking=True))


@case(each=["assign", "assign_add", "assign_sub"])
def assignment_without_reading(tf, symbol):
    v = tf.Variable(1.0, name="v")
    return in_turn(getattr(v, symbol)(2.0, read_value=False), v)


@case(each=["int32", "int64", "float64", "float16", "bool", "complex64"])
def assignment_dtypes(tf, dtype):
    v = tf.Variable(np.array([1, 0], dtype))
    return in_turn(tf.assign(v, np.array([0, 1], dtype)), v)


@case
def assignment_converts_python_values(tf):
    v = tf.Variable([1.0, 2.0])
    return in_turn(tf.assign(v, [3, 4]), tf.assign(v, np.array([5.0, 6.0])))


@case
def assignment_refuses(tf):
    v = tf.Variable([1.0, 2.0])
    return [raised(lambda: tf.assign(v, [1.0])), raised(lambda: tf.assign_add(v, [1.0])),
            raised(lambda: tf.assign(v, tf.constant([1, 2]))),
            raised(lambda: v.assign("a")),
            raised(lambda: tf.assign_sub(v, [[1.0, 2.0]]))]


@case
def assignment_of_a_wrong_shape_when_it_runs(tf):
    v = tf.Variable([1.0, 2.0])
    x = tf.placeholder(tf.float32, [None])
    return fed(tf.assign(v, x), {x: [1.0, 2.0, 3.0]})


@case
def assignments_in_a_chain(tf):
    v = tf.Variable(1.0)
    with tf.control_dependencies([tf.assign_add(v, 2.0)]):
        double = tf.assign(v, v.read_value() * 10)
    return in_turn(double.op, v, double.op, v)


@case
def counting(tf):
    v = tf.Variable(0, name="counter")
    more = tf.assign_add(v, 1)
    return in_turn(more, more, more, v)


@case
def load_and_eval(tf):
    v = tf.Variable([1.0, 2.0])
    with tf.Session() as session:
        session.run(v.initializer)
        v.load([5.0, 6.0], session)
        return [v.eval(), v.eval(session), session.run(v)]


@case
def load_refuses(tf):
    v = tf.Variable([1.0, 2.0])
    with tf.Session() as session:
        session.run(v.initializer)
        return [raised(lambda: v.load([1.0], session))]


@case
def count_up_to(tf):
    v = tf.Variable(0)
    up = tf.count_up_to(v, 2)
    with tf.Session() as session:
        session.run(v.initializer)
        return [session.run(up), session.run(up), raised(lambda: session.run(up))]


# --------------------------------------------------------------------------- scattering

SCATTERS = ["scatter_update", "scatter_add", "scatter_sub", "scatter_mul", "scatter_div",
            "scatter_min", "scatter_max"]


@case(each=SCATTERS)
def scatter(tf, symbol):
    v = tf.Variable([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]], name="v")
    change = getattr(tf, symbol)(v, [2, 0], [[10.0, 20.0], [0.5, 4.0]])
    return in_turn(change, v)


@case(each=["scatter_add", "scatter_sub", "scatter_mul", "scatter_max"])
def scatter_to_the_same_place(tf, symbol):
    v = tf.Variable([1.0, 2.0, 3.0])
    return in_turn(getattr(tf, symbol)(v, [1, 1], [2.0, 3.0]).op, v)


@case(each=["scatter_update", "scatter_add", "scatter_sub"])
def scatter_variants(tf, symbol):
    function = getattr(tf, symbol)
    v, w = tf.Variable([1, 2, 3], name="v"), tf.Variable([[1.0], [2.0]], name="w")
    return in_turn(function(v, 1, 5, name="named"),
                   function(w, [[0], [1]], [[[7.0]], [[8.0]]]),
                   function(v, tf.constant([0], tf.int64), [1]))


@case(each=["scatter_update", "scatter_add", "scatter_sub"])
def scatter_by_slices(tf, symbol):
    v = tf.Variable([[1.0], [2.0], [3.0]], name="v")
    slices = tf.IndexedSlices(tf.constant([[10.0], [20.0]]), tf.constant([2, 0]))
    return in_turn(getattr(v, symbol)(slices).op, v)


@case(each=["scatter_nd_update", "scatter_nd_add", "scatter_nd_sub"])
def scatter_nd_into_a_variable(tf, symbol):
    v = tf.Variable([[1.0, 2.0], [3.0, 4.0]])
    return in_turn(getattr(tf, symbol)(v, [[0, 1], [1, 0]], [10.0, 20.0]), v)


@case
def scatter_refuses(tf):
    v = tf.Variable([1.0, 2.0])
    return [raised(lambda: tf.scatter_update(v, [0], [[1.0]])),
            raised(lambda: tf.scatter_add(v, [0.5], [1.0]))]


@case
def scatter_out_of_bounds(tf):
    v = tf.Variable([1.0, 2.0])
    i = tf.placeholder(tf.int32, [1])
    return fed(tf.scatter_update(v, i, [1.0]), {i: [2]})


# ------------------------------------------------------------------------- get_variable


@case
def get_variable(tf):
    v = tf.get_variable("v", [2, 3])
    return [v.name, v.shape, v.dtype.base_dtype, v.op.type, v.trainable]


@case
def get_variable_initializers(tf):
    return [tf.get_variable("a", [2], initializer=tf.zeros_initializer()),
            tf.get_variable("b", [2], initializer=tf.ones_initializer),
            tf.get_variable("c", [2], initializer=tf.constant_initializer(3.0)),
            tf.get_variable("d", initializer=tf.constant([1.0, 2.0])),
            tf.get_variable("e", initializer=2.5),
            tf.get_variable("f", initializer=np.array([1.0, 2.0])),
            tf.get_variable("g", [2], tf.int32,
                            initializer=tf.constant_initializer([7, 8])),
            tf.get_variable("h", [], initializer=lambda *a, **k: tf.constant(4.0)),
            tf.get_variable("i", initializer=[1, 2])]


@case
def get_variable_default_initializer_of_integers_is_zero(tf):
    return [tf.get_variable("i", [2], tf.int32), tf.get_variable("b", [2], tf.bool)]


@case
def get_variable_default_initializer_is_glorot(tf):
    v = tf.get_variable("v", [30, 20])
    limit = np.sqrt(6 / 50)
    return [tf.reduce_max(tf.abs(v)) < limit, tf.reduce_max(tf.abs(v)) > 0.9 * limit,
            v.initializer.inputs[1].op.name]


@case
def get_variable_refuses(tf):
    tf.get_variable("taken", [1])
    return [raised(lambda: tf.get_variable("v")),
            raised(lambda: tf.get_variable("taken", [1])),
            raised(lambda: tf.get_variable("v", [None, 2])),
            raised(lambda: tf.get_variable("", [1])),
            raised(lambda: tf.get_variable("w", [2], initializer=tf.constant([1.0]))),
            raised(lambda: tf.get_variable("x", [2], tf.string))]


@case
def get_variable_ignores_name_scope(tf):
    with tf.name_scope("s"):
        v = tf.get_variable("v", [1], initializer=tf.zeros_initializer())
    return [v, v.initializer.name]


@case
def get_variable_arguments(tf):
    v = tf.get_variable("v", [1], trainable=False, collections=["mine", "others"])
    return [v.trainable, [[w.name for w in tf.get_collection(key)] for key in (
        "mine", "others", tf.GraphKeys.GLOBAL_VARIABLES, tf.GraphKeys.TRAINABLE_VARIABLES)]]


@case
def get_local_variable(tf):
    v = tf.get_local_variable("v", [1], initializer=tf.zeros_initializer())
    return [v, v.trainable, [w.name for w in tf.local_variables()],
            [w.name for w in tf.global_variables()]]


@case
def regularizers(tf):
    with tf.variable_scope("s", regularizer=lambda v: 0.5 * tf.reduce_sum(v * v)):
        tf.get_variable("a", initializer=[1.0, 2.0])
        tf.get_variable("b", initializer=[3.0], regularizer=lambda v: tf.reduce_sum(v))
    return [len(tf.get_collection(tf.GraphKeys.REGULARIZATION_LOSSES)),
            len(tf.losses.get_regularization_losses()), tf.losses.get_regularization_loss()]


@case
def regularizer_that_gives_none(tf):
    tf.get_variable("a", [1], regularizer=lambda v: None)
    return tf.get_collection(tf.GraphKeys.REGULARIZATION_LOSSES)


@case
def constraints(tf):
    v = tf.get_variable("v", initializer=[-1.0, 2.0], constraint=lambda x: tf.nn.relu(x))
    return [v.constraint is not None, v.constraint(v)]


@case
def custom_getters(tf):
    def scaled(getter, name, *args, **kwargs):
        return 2 * getter(f"{name}_raw", *args, **kwargs)

    with tf.variable_scope("s", custom_getter=scaled):
        w = tf.get_variable("w", [1], initializer=tf.ones_initializer())
    return [w, [v.name for v in tf.global_variables()]]


# ----------------------------------------------------------------------- variable_scope


@case
def variable_scope_names(tf):
    with tf.variable_scope("a") as a:
        v = tf.get_variable("v", [1])
        c = tf.constant(1.0, name="c")
        with tf.variable_scope("b") as b:
            w = tf.get_variable("v", [1])
            d = tf.constant(1.0, name="c")
            x = tf.Variable(1.0, name="x")
    return [v.name, c.name, w.name, d.name, x.name, a.name, b.name, a.original_name_scope,
            b.original_name_scope]


@case
def variable_scope_reentered(tf):
    with tf.variable_scope("foo"):
        v = tf.get_variable("v", [1])
        a = tf.constant(1, name="a")
    with tf.variable_scope("foo", reuse=True):
        again = tf.get_variable("v", [1])
        b = tf.constant(1, name="a")
        x = tf.Variable(1.0, name="x")
    return [v.name, again is v, a.name, b.name, x.name]


@case
def variable_scope_reentered_by_object(tf):
    with tf.variable_scope("foo") as foo:
        v = tf.get_variable("v", [1])
    with tf.variable_scope("bar"), tf.variable_scope("baz"):
        with tf.variable_scope(foo):
            w = tf.get_variable("w", [1])
            c = tf.constant(1, name="c")
        with tf.variable_scope(foo, reuse=True) as again:
            same = tf.get_variable("v")
    return [w.name, c.name, same is v, again.name, again.reuse]


@case
def variable_scope_original_name_scope(tf):
    with tf.variable_scope("foo") as foo:
        a = tf.constant(1, name="a")
    with tf.variable_scope(foo, auxiliary_name_scope=False) as again, \
            tf.name_scope(again.original_name_scope):
        b = tf.constant(1, name="a")
    with tf.variable_scope("foo", auxiliary_name_scope=False):
        c = tf.constant(1, name="c")
    return [a.name, b.name, c.name]


@case
def variable_scope_default_names(tf):
    names = []
    for _ in range(2):
        with tf.variable_scope(None, default_name="layer") as scope:
            names.append([tf.get_variable("w", [1]).name, scope.name])
    with tf.variable_scope("given", default_name="layer") as scope:
        names.append(scope.name)
    return names


@case
def variable_scope_reuse(tf):
    with tf.variable_scope("s") as scope:
        v = tf.get_variable("v", [2])
        fresh = raised(lambda: tf.get_variable("v", [2]))
        scope.reuse_variables()
        same = tf.get_variable("v", [2]) is v
        return [fresh, same, scope.reuse, raised(lambda: tf.get_variable("new", [2])),
                raised(lambda: tf.get_variable("v", [3])),
                raised(lambda: tf.get_variable("v", [2], tf.int32))]


@case
def reuse_is_inherited(tf):
    with tf.variable_scope("a"), tf.variable_scope("b"):
        v = tf.get_variable("v", [1])
    with tf.variable_scope("a", reuse=True), tf.variable_scope("b") as inner:
        return [tf.get_variable("v", [1]) is v, inner.reuse]


@case
def reuse_false_does_not_undo(tf):
    with tf.variable_scope("a", reuse=True), tf.variable_scope("b", reuse=False) as inner:
        return inner.reuse


@case
def auto_reuse(tf):
    made = []
    for _ in range(2):
        with tf.variable_scope("s", reuse=tf.AUTO_REUSE) as scope:
            made.append(tf.get_variable("v", [1]))
    return [made[0] is made[1], made[0].name, scope.reuse is tf.AUTO_REUSE,
            len(tf.global_variables()), tf.AUTO_REUSE.name]


@case
def reuse_without_a_shape(tf):
    with tf.variable_scope("s"):
        v = tf.get_variable("v", initializer=[1.0])
    with tf.variable_scope("s", reuse=True):
        return [tf.get_variable("v") is v, tf.get_variable("v", [1]) is v]


@case
def variables_outside_get_variable_are_not_found(tf):
    tf.Variable(1.0, name="v")
    with tf.variable_scope("", reuse=True):
        return tf.get_variable("v")


@case
def scope_defaults(tf):
    with tf.variable_scope("s", initializer=tf.constant_initializer(2.0),
                           dtype=tf.float64) as scope:
        v = tf.get_variable("v", [1])
        with tf.variable_scope("t"):
            w = tf.get_variable("w", [1])
            x = tf.get_variable("x", [1], initializer=tf.zeros_initializer())
    return [v, w, x, scope.dtype]


@case
def scope_setters(tf):
    with tf.variable_scope("s") as scope:
        scope.set_initializer(tf.ones_initializer())
        scope.set_dtype(tf.float64)
        return tf.get_variable("v", [1])


@case
def get_variable_scope(tf):
    root = tf.get_variable_scope()
    with tf.variable_scope("s"):
        inside = tf.get_variable_scope()
    return [root.name, inside.name, root.reuse, root.original_name_scope]


@case
def variable_op_scope_and_values(tf):
    x = tf.constant(1.0)
    with tf.variable_scope("s", values=[x]):
        a = tf.identity(x)
    with tf.variable_scope(None, "t", [x]):
        b = tf.identity(x)
    return [a.name, b.name]


@case
def variable_scope_refuses(tf):
    return [raised(lambda: tf.variable_scope(None).__enter__()),
            raised(lambda: tf.variable_scope(3).__enter__())]


@case
def variable_scope_is_restored_after_an_error(tf):
    def fail():
        with tf.variable_scope("s"):
            raise RuntimeError

    return [raised(fail), tf.get_variable_scope().name, tf.constant(1).name]


@case
def scopes_in_functions(tf):
    def layer(x, units):
        w = tf.get_variable("w", [x.shape[1], units], initializer=tf.ones_initializer())
        return tf.matmul(x, w)

    x = tf.ones([1, 2])
    with tf.variable_scope("net"):
        with tf.variable_scope("one"):
            h = layer(x, 3)
        with tf.variable_scope("two"):
            y = layer(h, 1)
    with tf.variable_scope("net", reuse=True), tf.variable_scope("one"):
        again = layer(x, 3)
    return [h, y, again, [v.name for v in tf.trainable_variables()]]


@case
def templates(tf):
    def add(x):
        return x + tf.get_variable("v", initializer=1.0)

    shared = tf.make_template("t", add)
    return [shared(1.0), shared(2.0), [v.name for v in tf.global_variables()]]


@case
def no_regularizer(tf):
    with tf.variable_scope("s", regularizer=lambda v: tf.reduce_sum(v)):
        tf.get_variable("v", [1], regularizer=tf.no_regularizer)
    return len(tf.get_collection(tf.GraphKeys.REGULARIZATION_LOSSES))


# ------------------------------------------------------------------------- initializers


@case
def constant_initializers(tf):
    return [tf.zeros_initializer()([2]), tf.ones_initializer()([2], tf.int32),
            tf.constant_initializer(3.0)([2, 1]),
            tf.constant_initializer([1, 2, 3, 4])([2, 2]),
            tf.constant_initializer(2, dtype=tf.int32)([1]),
            tf.zeros_initializer(tf.int64)([1]),
            tf.initializers.zeros()([1]), tf.initializers.constant(5.0)([1]),
            tf.constant_initializer(np.eye(2))([2, 2])]


@case
def identity_initializer(tf):
    return [tf.initializers.identity()([2, 3]), tf.initializers.identity(gain=2.0)([2, 2]),
            raised(lambda: tf.initializers.identity()([2]))]


@case
def constant_initializer_refuses(tf):
    return [raised(lambda: tf.constant_initializer([1.0, 2.0])([3])),
            raised(lambda: tf.constant_initializer([1.0, 2.0], verify_shape=True)([3]))]


RANDOM_INITIALIZERS = [
    "random_uniform_initializer", "random_normal_initializer",
    "truncated_normal_initializer",
    "uniform_unit_scaling_initializer", "variance_scaling_initializer",
    "glorot_uniform_initializer", "glorot_normal_initializer", "orthogonal_initializer",
]


@case(values=False, names=False, why="random values", each=RANDOM_INITIALIZERS)
def random_initializers(tf, symbol):
    initializer = getattr(tf, symbol)()
    return [initializer([3, 2]), initializer([2, 2], dtype=tf.float64)]


@case(values=False, names=False, why="random values",
      each=["he_normal", "he_uniform", "lecun_normal", "lecun_uniform"])
def random_initializers_of_layers(tf, symbol):
    return getattr(tf.initializers, symbol)()([3, 2])


def _bounds(tf, x, low, high):
    return [tf.reduce_all(x >= low), tf.reduce_all(x <= high),
            tf.reduce_max(x) > 0.8 * high]


@case(names=False, why="only the bounds are looked at")
def bounds_of_initializers(tf):
    glorot = tf.glorot_uniform_initializer()([40, 20])
    uniform = tf.random_uniform_initializer(-2.0, 3.0)([400])
    fans = tf.variance_scaling_initializer(2.0, "fan_in", "uniform")([30, 50])
    return [_bounds(tf, glorot, -np.sqrt(0.1), np.sqrt(0.1)),
            _bounds(tf, uniform, -2.0, 3.0),
            _bounds(tf, fans, -np.sqrt(0.2), np.sqrt(0.2))]


@case(names=False, why="only the property is looked at")
def orthogonal_initializer_is_orthogonal(tf):
    q = tf.orthogonal_initializer(gain=2.0)([4, 3])
    return tf.reduce_max(tf.abs(tf.matmul(q, q, transpose_a=True) - 4 * tf.eye(3))) < 1e-4


@case
def initializer_refuses(tf):
    return [raised(lambda: tf.variance_scaling_initializer(scale=-1.0)),
            raised(lambda: tf.variance_scaling_initializer(mode="nonsense")),
            raised(lambda: tf.variance_scaling_initializer(distribution="nonsense")),
            raised(lambda: tf.random_uniform_initializer()([2], tf.string)),
            raised(lambda: tf.glorot_uniform_initializer()([2], tf.int32))]


# -------------------------------------------------------------------------- global step


@case
def global_step(tf):
    before = tf.train.get_global_step()
    step = tf.train.create_global_step()
    return [before, step.name, step.dtype.base_dtype, step.trainable,
            tf.train.get_global_step() is step,
            tf.train.get_or_create_global_step() is step,
            raised(lambda: tf.train.create_global_step()),
            [v.name for v in tf.get_collection(tf.GraphKeys.GLOBAL_STEP)],
            [v.name for v in tf.global_variables()]]


@case
def global_step_counts(tf):
    step = tf.train.get_or_create_global_step()
    more = tf.assign_add(step, 1)
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        session.run(more)
        return [tf.train.global_step(session, step), session.run(step)]


@case
def assert_global_step(tf):
    return [raised(lambda: tf.train.assert_global_step(tf.Variable(1.0))),
            raised(lambda: tf.train.assert_global_step(tf.Variable(1, trainable=False)))]


@case
def resource_variables(tf):
    v = tf.get_variable("v", initializer=[1.0, 2.0], use_resource=True)
    more = tf.assign_add(v, [1.0, 1.0], name="more").op
    with tf.Session() as session:
        session.run(v.initializer)
        session.run(more)
        return [v.name, session.run(v), session.run(v * 2)]
