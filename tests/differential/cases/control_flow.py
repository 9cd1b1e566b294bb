"""cond, case, while_loop: values, names, structures, shapes, and what is refused."""

import collections

from ..harness import case, fed, in_turn

Pair = collections.namedtuple("Pair", ["first", "second"])


def vector(tf):
    return tf.placeholder_with_default([1.0, -2.0, 3.0], [3], name="x")


# -- cond ------------------------------------------------------------------------------------

@case(each=[True, False])
def cond_values(tf, taken):
    p, x = tf.placeholder(tf.bool, [], name="p"), vector(tf)
    return fed(tf.cond(p, lambda: x * 2, lambda: x + 1), {p: taken})


@case(each=[True, False])
def cond_structures(tf, taken):
    p, x = tf.placeholder(tf.bool, [], name="p"), vector(tf)
    result = tf.cond(p, lambda: {"a": x, "b": (x + 1, [x])}, lambda: {"a": -x, "b": (x, [x * 3])})
    return fed(result, {p: taken})


@case
def cond_namedtuple(tf):
    x = vector(tf)
    return tf.cond(x[0] > 0, lambda: Pair(x, x[0]), lambda: Pair(-x, x[1]))


@case(each=[True, False])
def cond_single_element(tf, strict):
    x = vector(tf)
    return tf.cond(x[0] > 0, lambda: [x], lambda: [x + 1], strict=strict)


@case
def cond_python_values(tf):
    return tf.cond(tf.constant(False), lambda: (1, 2.5), lambda: (7, 0.0))


@case
def cond_names_inside(tf):
    x = vector(tf)
    names = []

    def branch():
        y = tf.multiply(x, 2)
        names.append(y.name)
        names.append(tf.get_default_graph().get_name_scope())
        return y
    result = tf.cond(x[0] > 0, branch, lambda: tf.multiply(x, 3, name="third"), name="choose")
    return names, result, tf.add(x, 1)


@case
def cond_old_arguments(tf):
    return tf.cond(tf.constant(True), fn1=lambda: 1, fn2=lambda: 2)


@case
def cond_bool_refused(tf):
    return tf.cond(True, lambda: 1, lambda: 2)


@case
def cond_int_refused(tf):
    return tf.cond(tf.constant(3), lambda: 1, lambda: 2)


@case
def cond_vector_refused(tf):
    return tf.cond(tf.constant([True]), lambda: 1, lambda: 2)


@case
def cond_no_function(tf):
    return tf.cond(tf.constant(True), 1, lambda: 2)


@case
def cond_missing_function(tf):
    return tf.cond(tf.constant(True), lambda: 2)


@case
def cond_nothing_returned(tf):
    return tf.cond(tf.constant(True), lambda: None, lambda: None)


@case
def cond_different_types(tf):
    return tf.cond(tf.constant(True), lambda: 1, lambda: 1.0)


@case
def cond_different_structures(tf):
    return tf.cond(tf.constant(True), lambda: (1, 2), lambda: 1)


@case
def cond_different_lengths(tf):
    return tf.cond(tf.constant(True), lambda: (1, 2), lambda: (1, 2, 3))


@case
def cond_list_and_tuple(tf):
    return tf.cond(tf.constant(True), lambda: (1, 2), lambda: [1, 2])


@case
def cond_shapes_merge(tf):
    x = vector(tf)
    return tf.cond(x[0] > 0, lambda: x[:2], lambda: x)


@case
def cond_ranks_differ(tf):
    x = vector(tf)
    return tf.cond(x[0] > 0, lambda: x[0], lambda: x)


@case(each=[True, False])
def cond_runs_one_branch(tf, taken):
    p, v = tf.placeholder(tf.bool, [], name="p"), tf.Variable(1.0, name="v")
    step = tf.cond(p, lambda: tf.assign_add(v, 10.0), lambda: tf.assign_add(v, 100.0))
    return in_turn(tf.global_variables_initializer(), fed(step, {p: taken}), v)


@case(each=[True, False])
def cond_control_dependency_inside(tf, taken):
    p, v = tf.placeholder(tf.bool, [], name="p"), tf.Variable(1.0, name="v")

    def branch():
        with tf.control_dependencies([tf.assign(v, 5.0)]):
            return tf.constant(1)
    step = tf.cond(p, branch, lambda: tf.constant(2))
    return in_turn(tf.global_variables_initializer(), fed(step, {p: taken}), v)


@case
def cond_what_is_outside_runs(tf):
    v = tf.Variable(1.0, name="v")
    update = tf.assign(v, 5.0)
    step = tf.cond(tf.constant(False), lambda: tf.identity(update), lambda: tf.constant(0.0))
    return in_turn(tf.global_variables_initializer(), step, v)


@case
def cond_unused_effects_do_not_run(tf):
    v = tf.Variable(1.0, name="v")

    def branch():
        tf.assign(v, 5.0)
        return tf.constant(1)
    step = tf.cond(tf.constant(True), branch, lambda: tf.constant(0))
    return in_turn(tf.global_variables_initializer(), step, v)


@case
def cond_waits_for_what_is_around(tf):
    v = tf.Variable(1.0, name="v")
    with tf.control_dependencies([tf.assign(v, 5.0)]):
        y = tf.cond(tf.constant(True), lambda: v.read_value(), lambda: tf.constant(0.0))
    return in_turn(tf.global_variables_initializer(), y)


@case(each=[True, False])
def cond_of_operations(tf, taken):
    p, v = tf.placeholder(tf.bool, [], name="p"), tf.Variable(1.0, name="v")
    step = tf.cond(p, lambda: tf.group(tf.assign_add(v, 1.0)), lambda: tf.no_op())
    return in_turn(tf.global_variables_initializer(), fed(step, {p: taken}), v)


@case
def cond_creates_variables(tf):
    x = vector(tf)

    def branch():
        w = tf.get_variable("w", [3], initializer=tf.ones_initializer())
        return x * w
    y = tf.cond(x[0] > 0, branch, lambda: x)
    names = [v.name for v in tf.global_variables()]
    return in_turn(tf.global_variables_initializer(), (y, names))


@case
def cond_in_scopes(tf):
    x = vector(tf)
    with tf.variable_scope("outer"), tf.name_scope("inner"):
        y = tf.cond(x[0] > 0, lambda: x * 2, lambda: x)
        z = tf.cond(x[0] > 0, lambda: tf.cond(x[1] > 0, lambda: x, lambda: x * 3), lambda: x)
    return y, z


OWN_NODES = "gradients of loops and branches have nodes of their own"


@case(each=[True, False], names=False, why=OWN_NODES)
def cond_gradient(tf, taken):
    p, x = tf.placeholder(tf.bool, [], name="p"), vector(tf)
    c = tf.constant([1.0, 2.0, 3.0])
    y = tf.cond(p, lambda: x * x * c, lambda: tf.exp(x))
    g, h = tf.gradients(y, [x, c])
    return fed((g, h, tf.gradients(g, x)[0]), {p: taken})



@case(each=[True, False], names=False, why=OWN_NODES)
def cond_gradient_of_variable(tf, taken):
    p = tf.placeholder(tf.bool, [], name="p")
    w = tf.Variable([1.0, 2.0], name="w")
    y = tf.cond(p, lambda: w * w, lambda: tf.constant([0.0, 0.0]))
    g = tf.gradients(y, [w])
    return in_turn(tf.global_variables_initializer(), fed(g, {p: taken}))


@case(each=[True, False])
def cond_indexed_slices(tf, taken):
    p = tf.placeholder(tf.bool, [], name="p")
    make = lambda k: tf.IndexedSlices(tf.ones([2, 3]) * k, tf.constant([0, 1]))  # noqa: E731
    result = tf.cond(p, lambda: make(1.0), lambda: make(2.0))
    return fed((result.values, result.indices), {p: taken})


# -- case and switch_case --------------------------------------------------------------------

@case(each=[-1.0, 0.5, 2.0])
def case_of_three(tf, value):
    x = tf.placeholder(tf.float32, [], name="x")
    y = tf.case([(x < 0, lambda: x * 10), (x < 1, lambda: x * 100)], default=lambda: x)
    return fed(y, {x: value})


@case(each=[-1.0, 0.5, 2.0])
def case_without_default(tf, value):
    x = tf.placeholder(tf.float32, [], name="x")
    y = tf.case([(x < 0, lambda: x * 10), (x < 1, lambda: x * 100)])
    return fed(y, {x: value})


@case(each=[-1.0, 0.5])
def case_exclusive(tf, value):
    x = tf.placeholder(tf.float32, [], name="x")
    y = tf.case([(x < 0, lambda: x * 10), (x < 1, lambda: x * 100)], default=lambda: x,
                exclusive=True)
    return fed(y, {x: value})


@case(each=["[]", "[1]", "[(True, max)]", "max"])
def case_refused(tf, pairs):
    return tf.case({"[]": [], "[1]": [1], "[(True, max)]": [(True, max)], "max": max}[pairs])


@case(each=[-1, 0, 1, 2, 7], names=False, why="a chain of cond here, one Case there")
def switch_case_of_three(tf, index):
    i = tf.placeholder(tf.int32, [], name="i")
    return fed(tf.switch_case(i, [lambda: 10, lambda: 11, lambda: 12]), {i: index})


@case(each=[0, 1, 5], names=False, why="a chain of cond here, one Case there")
def switch_case_with_default(tf, index):
    i = tf.placeholder(tf.int32, [], name="i")
    return fed(tf.switch_case(i, {1: lambda: 10, 0: lambda: 11}, default=lambda: 7), {i: index})


@case
def switch_case_with_a_gap(tf):
    return tf.switch_case(tf.constant(1), {3: lambda: 10, 5: lambda: 11})


# -- while_loop ------------------------------------------------------------------------------

@case(each=[0, 1, 5])
def loop_values(tf, n):
    x = vector(tf)
    return tf.while_loop(lambda i, y: i < n, lambda i, y: (i + 1, y * x), [0, x])


@case
def loop_of_one_variable(tf):
    return tf.while_loop(lambda i: i < 10, lambda i: i + 3, [0])


@case
def loop_same_structure(tf):
    return tf.while_loop(lambda i: i < 10, lambda i: i + 3, [0], return_same_structure=True)


@case
def loop_of_one_returning_a_list(tf):
    return tf.while_loop(lambda i: i < 10, lambda i: [i + 3], [0])


@case
def loop_structures(tf):
    x = vector(tf)
    start = (0, {"a": x, "b": [x, Pair(x, 1.0)]})

    def body(i, d):
        a, (b, pair) = d["a"], d["b"]
        return i + 1, {"a": a + b, "b": [b * 2, Pair(pair.first + 1, pair.second * 3)]}
    return tf.while_loop(lambda i, d: i < 3, body, start)


@case
def loop_names(tf):
    x, names = vector(tf), []

    def body(i, y):
        z = y * 2
        names.extend([i.name, y.name, z.name])
        return i + 1, z

    def cond(i, y):
        names.extend([i.name, y.name])
        return i < 3
    return tf.while_loop(cond, body, [0, x], name="again"), names, tf.add(x, 1)


@case(each=[0, 2, 20])
def loop_maximum_iterations(tf, most):
    return tf.while_loop(lambda i, y: i < 5, lambda i, y: (i + 1, y * 2.0), (0, 1.0),
                         maximum_iterations=most)


@case
def loop_maximum_list_and_tuple(tf):
    return tf.while_loop(lambda i, y: i < 5, lambda i, y: (i + 1, y * 2.0), [0, 1.0],
                         maximum_iterations=2)


@case
def loop_maximum_of_one(tf):
    return tf.while_loop(lambda i: i < 5, lambda i: i + 1, [0], maximum_iterations=3)


@case
def loop_maximum_is_a_tensor(tf):
    n = tf.placeholder_with_default(3, [])
    return tf.while_loop(lambda i, y: True, lambda i, y: (i + 1, y * 2), (0, 1),
                         maximum_iterations=n)


@case
def loop_maximum_vector(tf):
    return tf.while_loop(lambda i: i < 5, lambda i: i + 1, [0], maximum_iterations=[3])


@case
def loop_grows(tf):
    return tf.while_loop(lambda x: tf.shape(x)[0] < 3, lambda x: tf.concat([x, x], 0),
                         [tf.zeros([1])])


@case
def loop_grows_with_invariant(tf):
    return tf.while_loop(lambda i, x: i < 3, lambda i, x: (i + 1, tf.concat([x, x + 1], 0)),
                         [0, tf.zeros([1, 2])],
                         shape_invariants=[tf.TensorShape([]), tf.TensorShape([None, 2])])


@case
def loop_invariant_contradicts(tf):
    return tf.while_loop(lambda i, x: i < 3, lambda i, x: (i + 1, x), [0, tf.zeros([1, 2])],
                         shape_invariants=[tf.TensorShape([]), tf.TensorShape([None, 3])])


@case
def loop_invariant_broken(tf):
    return tf.while_loop(lambda i, x: i < 3, lambda i, x: (i + 1, tf.concat([x, x], 1)),
                         [0, tf.zeros([1, 2])],
                         shape_invariants=[tf.TensorShape([]), tf.TensorShape([None, 2])])


@case
def loop_shape_gets_lost(tf):
    x = tf.placeholder_with_default(tf.zeros([3]), [None])
    return tf.while_loop(lambda i, y: i < 3, lambda i, y: (i + 1, x), [0, tf.zeros([3])])


@case
def loop_shape_unknown(tf):
    x = tf.placeholder_with_default(tf.zeros([2, 3]), [None, 3])
    return tf.while_loop(lambda i, y: i < 3, lambda i, y: (i + 1, y + 1), [0, x])


@case
def loop_other_structure(tf):
    return tf.while_loop(lambda i, j: i < 3, lambda i, j: i + 1, [0, 0])


@case
def loop_cond_not_bool(tf):
    return tf.while_loop(lambda i: i, lambda i: i + 1, [0])


@case
def loop_cond_not_scalar(tf):
    return tf.while_loop(lambda i: i < [1, 2], lambda i: i + 1, [0])


@case(each=["cond", "body", "empty", "parallel"])
def loop_refused(tf, what):
    cond, body = (lambda i: i < 3), (lambda i: i + 1)
    return tf.while_loop(3 if what == "cond" else cond, 3 if what == "body" else body,
                         [] if what == "empty" else [0],
                         parallel_iterations=0 if what == "parallel" else 10)


@case
def loop_starts_with_a_variable(tf):
    v = tf.Variable(2.0, name="v")
    y = tf.while_loop(lambda i, x: i < 3, lambda i, x: (i + 1, x * v), [0, v])[1]
    return in_turn(tf.global_variables_initializer(), (y, v))


@case
def loop_assigns(tf):
    v = tf.Variable(1.0, name="v")

    def body(i, total):
        with tf.control_dependencies([tf.assign_add(v, 2.0)]):
            return i + 1, total + v
    y = tf.while_loop(lambda i, t: i < 4, body, [0, 0.0], parallel_iterations=1)
    return in_turn(tf.global_variables_initializer(), y, v)


@case
def loop_assigns_what_it_reads(tf):
    v = tf.Variable(1.0, name="v")

    def body(i):
        with tf.control_dependencies([tf.assign(v, v * 2)]):
            return i + 1
    y = tf.while_loop(lambda i: i < 5, body, [0])
    return in_turn(tf.global_variables_initializer(), y, v)


@case
def loop_waits(tf):
    v = tf.Variable(1.0, name="v")
    update = tf.assign(v, 7.0)

    def body(i, x):
        with tf.control_dependencies([update]):
            return i + 1, x + v
    y = tf.while_loop(lambda i, x: i < 2, body, [0, 0.0])
    return in_turn(tf.global_variables_initializer(), y)


@case
def loop_random_numbers(tf):
    y = tf.while_loop(
        lambda i, x: i < 4,
        lambda i, x: (i + 1, x + tf.random_uniform([2], seed=7) * tf.pow(10.0, tf.to_float(i))),
        [0, tf.zeros([2])], parallel_iterations=1)
    return in_turn(y, y)


@case
def loop_in_cond(tf):
    x = vector(tf)
    return tf.cond(x[0] > 0, lambda: tf.while_loop(
        lambda i, y: i < 3, lambda i, y: (i + 1, y * x), [0, x])[1], lambda: x)


@case
def loop_py_func(tf):
    return tf.while_loop(
        lambda i, x: i < 3,
        lambda i, x: (i + 1, tf.reshape(tf.py_func(lambda a: a + 1, [x], tf.float32), [])),
        [0, 1.0])


@case(names=False, why=OWN_NODES)
def loop_gradients(tf):
    x = vector(tf)
    w = tf.constant([0.5, 1.5, -1.0])
    y = tf.while_loop(lambda i, y: i < 3, lambda i, y: (i + 1, tf.tanh(y * w) + x), [0, x])[1]
    g = tf.gradients(y, [x, w])
    return y, g


@case(names=False, why=OWN_NODES)
def loop_gradient_nested(tf):
    x = vector(tf)

    def outer(i, y):
        inner = tf.while_loop(lambda j, z: j < 2, lambda j, z: (j + 1, z * x + 0.5), [0, y])
        return i + 1, tf.cond(inner[1][0] > 2, lambda: inner[1] * 0.5, lambda: inner[1])
    y = tf.while_loop(lambda i, y: i < 3, outer, [0, x])[1]
    return y, tf.gradients(y, x)


@case(names=False, why=OWN_NODES)
def loop_gradient_rows(tf):
    table = tf.Variable([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]], name="table")
    y = tf.while_loop(lambda i, s: i < 4, lambda i, s: (i + 1, s + tf.gather(table, i % 2) ** 2),
                      [0, tf.zeros([2])])[1]
    g = tf.gradients(y, table)[0]
    return in_turn(tf.global_variables_initializer(), tf.reshape(g, [3, 2]))


@case
def loop_gradient_stops(tf):
    x = vector(tf)
    y = tf.while_loop(lambda i, y: i < 3, lambda i, y: (i + 1, y * x), [0, x],
                      back_prop=False)[1]
    return [g is None for g in tf.gradients(y, [x])]


@case
def loop_gradient_none(tf):
    x, n = vector(tf), tf.constant(3)
    i, _ = tf.while_loop(lambda i, y: i < n, lambda i, y: (i + 1, y * x), [0, x])
    return [g is None for g in tf.gradients(tf.to_float(i), [x, n])]


@case(names=False, why=OWN_NODES)
def loop_gradient_inside(tf):
    def body(i, x):
        return i + 1, x - 0.1 * tf.gradients(x * x, x)[0]
    return tf.while_loop(lambda i, x: i < 3, body, [0, 1.0])
