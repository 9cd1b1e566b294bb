"""The thirty facts about TensorFlow 1 that re-implementations get wrong, in their order.

What another file shows at length stands here once more in its shortest form, so that the
list can be read. Facts about convolutions, loops and layers wait for those chapters.
"""

import numpy as np

from ..harness import case, fed, in_turn, raised


@case
def fact_01_constants(tf):
    return [tf.constant(value).dtype for value in (
        1, 1.0, 1j, [], True, "s", np.float64(1), np.zeros(1), np.arange(2))]


@case
def fact_02_no_promotion(tf):
    f, i = tf.constant([1.0]), tf.constant([1])
    return [raised(lambda: f + i), raised(lambda: i + 1.5), (i + 1).dtype, (f + 1).dtype,
            (f + np.array([0.5])).dtype, raised(lambda: tf.add(f, i)),
            raised(lambda: f + tf.constant([1.0], tf.float64))]


@case
def fact_03_feeds(tf):
    x = tf.placeholder(tf.int32, [None], name="x")
    with tf.Session() as session:
        return [session.run(x, {x: [1.7, -1.7]}), raised(lambda: session.run(x, {x: 1})),
                raised(lambda: session.run(x, {"nobody:0": 1})),
                raised(lambda: session.run(x, {x: tf.constant([1])})),
                raised(lambda: session.run(x + 1))]


@case
def fact_04_any_tensor_can_be_fed(tf):
    x = tf.placeholder(tf.float32)
    y = x * 2
    z = y + 1
    c = tf.constant(5.0)
    v = tf.Variable(1.0)
    with tf.Session() as session:
        return [session.run(z, {y: 10.0}), session.run(c * 2, {c: 1.0}),
                session.run(v * 3, {v: 2.0})]


@case
def fact_05_fetches_keep_their_structure(tf):
    a, s = tf.constant(1), tf.constant("s")
    with tf.Session() as session:
        value = session.run({"a": [a, (s, a.op)]})
    return [type(value).__name__, type(value["a"]).__name__, type(value["a"][1]).__name__,
            type(value["a"][0]).__name__, type(value["a"][1][0]).__name__, value]


@case
def fact_06_fetch_errors(tf):
    a = tf.constant(1)
    with tf.Graph().as_default():
        foreign = tf.constant(1)
    session = tf.Session()
    errors = [raised(lambda fetch=fetch: session.run(fetch))
              for fetch in ("nobody:0", foreign, None, 7)]
    session.close()
    return [*errors, raised(lambda: session.run(a))]


@case
def fact_07_equality_is_identity(tf):
    a, b = tf.constant([1]), tf.constant([1])
    return [a == b, a == a, len({a, b}), (a < b), raised(lambda: bool(a)),
            raised(lambda: len(a)), raised(lambda: float(tf.constant(1.0))),
            raised(lambda: list(tf.placeholder(tf.float32)))]


@case
def fact_08_names_ignore_case(tf):
    x = tf.constant(2.0)
    return [t.name for t in (x + x, x + x, tf.add(x, x), x * x, x / x, x // x, x % x,
                             x ** x,
                             x - x, -x, abs(x), x < x, x[None])]


@case
def fact_09_name_scope_and_variables(tf):
    with tf.name_scope("n"):
        names = [tf.get_variable("g", [1]).name, tf.Variable(1.0, name="v").name]
    for _ in range(2):
        with tf.variable_scope("foo", reuse=tf.AUTO_REUSE):
            names += [tf.get_variable("v", [1]).name, tf.constant(1, name="c").name]
    return names


@case
def fact_10_scopes_by_object_slash_and_none(tf):
    with tf.variable_scope("foo") as foo:
        pass
    with tf.variable_scope("bar"), tf.variable_scope("baz"), tf.variable_scope(foo):
        names = [tf.get_variable("v", [1]).name, tf.constant(1, name="c").name]
    with tf.name_scope("s"):
        pass
    with tf.name_scope("s/"):
        names.append(tf.constant(1, name="c").name)
        with tf.name_scope(None):
            names.append(tf.constant(1, name="c").name)
    return names


@case
def fact_11_default_initializers(tf):
    f = tf.get_variable("f", [20, 30])
    limit = np.sqrt(6 / 50)
    return [tf.reduce_all(tf.abs(f) <= limit), tf.reduce_any(tf.not_equal(f, 0)),
            tf.get_variable("i", [2], tf.int32), tf.get_variable("b", [2], tf.bool)]


@case
def fact_12_division(tf):
    a, b = tf.constant([7, -7]), tf.constant([2, 2])
    zero = tf.placeholder(tf.int32, [2])
    with tf.Session() as session:
        error = raised(lambda: session.run(a // zero, {zero: [1, 0]}))
    return [a // b, a % b, tf.div(a, b), a / b, error]


@case
def fact_13_rounding_and_casts(tf):
    x = tf.constant([0.5, 1.5, -2.5, 2.9, -2.9])
    return [tf.round(x), tf.cast(x, tf.int32), tf.cast(x, tf.float32) is x]


@case
def fact_14_reductions_over_integers_and_nothing(tf):
    nothing = tf.zeros([0])
    return [tf.reduce_mean([1, 2]), tf.reduce_sum(nothing), tf.reduce_prod(nothing),
            tf.reduce_mean(nothing), tf.reduce_max(nothing), tf.reduce_min(nothing),
            tf.reduce_all(tf.zeros([0], tf.bool)), tf.reduce_any(tf.zeros([0], tf.bool))]


@case
def fact_15_index_dtypes(tf):
    x = tf.constant([3.0, 1.0])
    return [t.dtype for t in (tf.argmax(x), tf.where(x > 2), tf.shape(x), tf.size(x),
                              tf.rank(x), tf.unique(x)[1])]


@case
def fact_16_where_does_not_broadcast(tf):
    rows = tf.constant([[1.0, 2.0], [3.0, 4.0]])
    return [tf.where([True, False], rows, -rows),
            raised(lambda: tf.where(rows > 2, rows, 0.0)),
            raised(lambda: tf.where([[True, False]], rows, -rows))]


@case
def fact_17_static_shapes_fold_constants(tf):
    x = tf.placeholder(tf.float32, [None, 3])
    return [tf.reshape(x, [tf.shape(x)[0], 3]).shape, tf.zeros(tf.shape(x)).shape,
            tf.reshape(x, [-1, 3]).shape, tf.reshape(x, tf.shape(x)).shape]


def _slope(tf, y, *xs):
    return [tf.identity(g, name="g") for g in tf.gradients(y, xs)]


@case(names=False, why="gradients are unnamed")
def fact_18_ties(tf):
    a, b = tf.constant([1.0]), tf.constant([1.0])
    x = tf.constant([2.0, 2.0, 1.0])
    return [_slope(tf, tf.maximum(a, b), a, b), _slope(tf, tf.minimum(a, b), a, b),
            _slope(tf, tf.reduce_max(x), x)]


@case(names=False, why="gradients are unnamed")
def fact_19_kinks(tf):
    zero, six = tf.constant([0.0]), tf.constant([6.0])
    return [_slope(tf, tf.nn.relu(zero), zero), _slope(tf, tf.nn.relu6(six), six),
            _slope(tf, tf.nn.leaky_relu(zero), zero), _slope(tf, tf.nn.elu(zero), zero),
            _slope(tf, tf.abs(zero), zero), _slope(tf, tf.norm(zero), zero)]


@case(names=False, why="gradients are unnamed")
def fact_20_none_and_zeros(tf):
    x = tf.constant([1.5])
    ys = (tf.cast(x, tf.int32), tf.argmax(x), tf.floor(x), x > 1, tf.shape(x),
          tf.zeros_like(x))
    return [[tf.gradients(y, x) for y in ys], _slope(tf, tf.sign(x), x)]


@case(names=False, why="gradients are unnamed")
def fact_21_indexed_slices(tf):
    table = tf.constant([[1.0], [2.0], [3.0]])
    rows = tf.reduce_sum(tf.gather(table, [2, 2]))
    more = tf.reduce_sum(tf.gather(table, [0]))
    slices, = tf.gradients(rows + more, table)
    dense, = tf.gradients(rows + tf.reduce_sum(table), table)
    return [type(slices).__name__, slices, isinstance(dense, tf.Tensor), dense]


@case(each=["Adam", "Momentum", "RMSProp", "Adagrad"])
def fact_22_sparse_updates(tf, name):
    optimizer = {"Adam": lambda: tf.train.AdamOptimizer(0.1),
                 "Momentum": lambda: tf.train.MomentumOptimizer(0.1, 0.9),
                 "RMSProp": lambda: tf.train.RMSPropOptimizer(0.1),
                 "Adagrad": lambda: tf.train.AdagradOptimizer(0.1)}[name]()
    table = tf.get_variable("table", initializer=[[1.0], [2.0], [3.0]])
    rows = tf.placeholder(tf.int32, [None])
    step = optimizer.minimize(tf.reduce_sum(tf.gather(table, rows)))
    return in_turn(fed(step, {rows: [1, 1]}), table, fed(step, {rows: [0]}), table)


@case(each=["Adam", "RMSProp", "Adagrad"])
def fact_23_formulas(tf, name):
    optimizer = {"Adam": lambda: tf.train.AdamOptimizer(0.1, epsilon=0.1),
                 "RMSProp": lambda: tf.train.RMSPropOptimizer(0.1),
                 "Adagrad": lambda: tf.train.AdagradOptimizer(0.1)}[name]()
    v = tf.get_variable("v", initializer=[1.0, 0.0])
    step = optimizer.apply_gradients([(tf.constant([1e-3, 0.0]), v)])
    return in_turn(step, tf.global_variables(), step, tf.global_variables())


@case
def fact_24_slots(tf):
    v = tf.get_variable("v", initializer=1.0)
    tf.train.AdamOptimizer(0.1).minimize(v * v)
    tf.train.RMSPropOptimizer(0.1).minimize(v * v)
    return [[x.name for x in tf.global_variables()],
            [x.name for x in tf.trainable_variables()]]


@case
def fact_25_moving_averages(tf):
    v = tf.get_variable("v", initializer=2.0)
    x = tf.constant(2.0)
    average = tf.train.ExponentialMovingAverage(0.9)
    update = average.apply([v, x])
    return in_turn([average.average(v), average.average(x)], update,
                   [average.average(v), average.average(x)])


@case(names=False, why="the fused op changed its version since 1.15")
def fact_26_fused_batch_norm_variance(tf):
    x = tf.constant(np.arange(4.0, dtype=np.float32).reshape(1, 2, 2, 1))
    _, mean, variance = tf.nn.fused_batch_norm(x, [1.0], [0.0])
    return [mean, variance]


@case
def fact_27_padding_and_labels(tf):
    x = tf.constant(np.arange(9.0, dtype=np.float32).reshape(1, 3, 3, 1))
    pool = tf.nn.avg_pool(x, [1, 2, 2, 1], [1, 2, 2, 1], "SAME")
    conv = tf.nn.conv2d(x, tf.ones([2, 2, 1, 1]), [1, 2, 2, 1], "SAME")
    return [pool, conv]


@case(names=False, why="gradients are unnamed")
def fact_27_label_gradients(tf):
    labels, logits = tf.constant([[0.0, 1.0]]), tf.constant([[1.0, 2.0]])
    old = tf.nn.softmax_cross_entropy_with_logits(labels=labels, logits=logits)
    new = tf.nn.softmax_cross_entropy_with_logits_v2(labels=labels, logits=logits)
    return [tf.gradients(old, labels), _slope(tf, new, labels)]


@case(names=False, why="control flow of version 2 is a different subgraph")
def fact_28_cond(tf):
    p = tf.placeholder(tf.bool, [])
    x = tf.constant(1.0)
    y = tf.cond(p, lambda: x + 1, lambda: x - 1)
    one = tf.cond(p, lambda: [x + 1], lambda: [x - 1])
    strict = tf.cond(p, lambda: [x + 1], lambda: [x - 1], strict=True)
    return fed([y, one, strict, raised(lambda: tf.cond(True, lambda: x, lambda: x))],
               {p: False})


@case(names=False, why="control flow of version 2 is a different subgraph")
def fact_29_while_loop(tf):
    i = tf.while_loop(lambda i: i < 5, lambda i: i + 2, [0])
    return [isinstance(i, tf.Tensor), i,
            raised(lambda: tf.while_loop(lambda x: tf.size(x) < 4,
                                         lambda x: tf.concat([x, x], 0),
                                         [tf.constant([1])]))]


@case(values=False, names=False, why="the numbers themselves are compared in random_values")
def fact_30_sessions_repeat_random_sequences(tf):
    tf.set_random_seed(1)
    x = tf.random_uniform([3])
    with tf.Session() as one, tf.Session() as two:
        first, second = one.run(x), one.run(x)
        again = two.run(x)
    return [bool((first == again).all()), bool((first == second).all()), first]


@case
def fact_30_control_edge_onto_an_input(tf):
    a = tf.constant(1, name="a")
    with tf.control_dependencies([a]):
        b = tf.identity(a)
    return [op.name for op in b.op.control_inputs]
