"""TensorFlow's own random numbers, for seeds of the graph and of the operation.

See random.md among the project's studies: Philox with the two seeds as its key, compared
with TensorFlow on Linux. Three runs of one session each.
"""

from ..harness import case, in_turn

DRAWS = {
    "uniform": lambda tf, **seed: tf.random_uniform([5], -1.0, 3.0, **seed),
    "uniform_float64": lambda tf, **seed: tf.random_uniform([3], dtype=tf.float64, **seed),
    "uniform_float16": lambda tf, **seed: tf.random_uniform([3], dtype=tf.float16, **seed),
    "uniform_int32": lambda tf, **seed: tf.random_uniform([5], -10, 1000, tf.int32, **seed),
    "uniform_int64": lambda tf, **seed: tf.random_uniform([3], 0, 10**12, tf.int64, **seed),
    "normal": lambda tf, **seed: tf.random_normal([5], 1.0, 2.0, **seed),
    "normal_float64": lambda tf, **seed: tf.random_normal([3], dtype=tf.float64, **seed),
    "truncated_normal": lambda tf, **seed: tf.truncated_normal([7], **seed),
    "truncated_float64": lambda tf,
    **seed: tf.truncated_normal([3], dtype=tf.float64, **seed),
    "shuffle": lambda tf, **seed: tf.random_shuffle(tf.range(7), **seed),
    "shuffle_rows": lambda tf, **seed: tf.random_shuffle([[1, 2], [3, 4], [5, 6]], **seed),
}


@case(each=DRAWS)
def seed_of_the_operation(tf, name):
    x = DRAWS[name](tf, seed=42)
    return in_turn(x, x, x)


@case(each=DRAWS)
def seed_of_the_graph(tf, name):
    tf.set_random_seed(1234)
    x, y = DRAWS[name](tf), DRAWS[name](tf)
    return in_turn([x, y], x, [x, y])


@case(each=DRAWS)
def both_seeds(tf, name):
    tf.set_random_seed(0)
    x, y = DRAWS[name](tf, seed=7), DRAWS[name](tf, seed=0)
    return in_turn([x, y], x, [x, y])


@case
def many_numbers_of_one_run(tf):
    x = tf.random_uniform([1000], seed=3)
    n = tf.random_normal([1000], seed=3)
    return [x[-3:], n[-3:]]


@case(each=["glorot_uniform", "glorot_normal", "he_normal", "truncated_normal",
            "random_uniform", "random_normal", "variance_scaling"])
def initializers(tf, name):
    tf.set_random_seed(1)
    return tf.get_variable("v", [2, 3], initializer=getattr(tf.initializers, name)())


@case
def default_initializer_of_two_variables(tf):
    tf.set_random_seed(1)
    return [tf.get_variable("v", [2, 3]), tf.get_variable("w", [3])]


@case
def variables_drawn_once(tf):
    tf.set_random_seed(1)
    v = tf.Variable(tf.random_normal([3]), name="v")
    return in_turn(v, v.initializer, v)


@case(names=False, why="1.15 multiplies where TensorFlow 2 selects")
def dropout(tf):
    y = tf.nn.dropout(tf.ones([10]), keep_prob=0.5, seed=11)
    return in_turn(y, y)


@case
def multinomial(tf):
    x = tf.multinomial([[0.0, 1.0, 2.0]], 8, seed=5)
    return in_turn(x, x)
