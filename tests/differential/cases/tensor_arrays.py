"""TensorArray, map_fn, scan, foldl, foldr."""

from ..harness import case

OWN_NODES = "gradients of loops and branches have nodes of their own"


def matrix(tf):
    return tf.placeholder_with_default([[1.0, -2.0, 3.0], [0.5, 1.0, 2.0]], [2, 3], name="x")


def array(tf, *args, **options):
    return tf.TensorArray(tf.float32, *args, **options)


@case
def written_and_stacked(tf):
    a = array(tf, 3).write(0, 1.0).write(2, 3.0)
    return a.stack(), a.size()


@case
def python_value_takes_the_arrays_type(tf):
    return array(tf, 2).write(0, 1).read(0)


@case
def unwritten_reads_as_zeros(tf):
    return array(tf, 2).write(0, [1.0, 2.0]).read(1)


@case
def unwritten_of_unknown_shape(tf):
    return array(tf, 2).read(1)


@case
def names(tf):
    a = array(tf, 2, name="a").write(0, [1.0])
    b = array(tf, 2).unstack([[1.0], [2.0]])
    return a.read(0, name="r"), tf.reduce_sum(b.gather([1])), b.read(0)


@case(each=["write twice", "read twice", "stack twice", "beyond", "read beyond", "negative"])
def refused_in_the_run(tf, what):
    a = array(tf, 2).write(0, 1.0)
    if what == "write twice":
        return a.write(0, 2.0).stack()
    if what == "read twice":
        first = a.read(0)
        with tf.control_dependencies([first]):
            return first, a.read(0)
    if what == "stack twice":
        first = a.stack()
        with tf.control_dependencies([first]):
            return first, a.stack()
    if what == "beyond":
        return a.write(2, 1.0).stack()
    if what == "negative":
        return a.write(-1, 1.0).stack()
    return a.read(2)


@case
def read_twice_where_allowed(tf):
    a = array(tf, 2, clear_after_read=False).write(0, 1.0)
    return a.read(0), a.read(0)


@case
def other_shapes_refused(tf):
    return array(tf, 2).write(0, 1.0).write(1, [1.0, 2.0]).stack()


@case
def grows(tf):
    a = array(tf, 0, dynamic_size=True).write(3, 1.0)
    return a.size(), a.stack()


@case
def split_and_concat(tf):
    a = array(tf, 3, infer_shape=False).split([1.0, 2.0, 3.0, 4.0], [1, 0, 3])
    return a.concat()


@case
def scattered(tf):
    return array(tf, 3).scatter([2, 0], matrix(tf)).stack()


@case
def in_a_loop(tf):
    x = matrix(tf)
    _, a = tf.while_loop(lambda i, a: i < 4, lambda i, a: (i + 1, a.write(i, x[i % 2])),
                         [0, array(tf, 4)])
    return a.stack()


@case
def in_a_branch(tf):
    x, a = matrix(tf), array(tf, 2)
    b = tf.cond(x[0, 0] > 0, lambda: a.write(0, x[0]), lambda: a.write(1, x[1]))
    return b.stack()


@case(names=False, why=OWN_NODES)
def gradient_of_a_recurrence(tf):
    x, w = matrix(tf), tf.constant(0.5)
    inputs = array(tf, 2).unstack(x)

    def body(i, s, out):
        s = tf.tanh(s * w + inputs.read(i))
        return i + 1, s, out.write(i, s)
    *_, out = tf.while_loop(lambda i, *_: i < 2, body, [0, tf.zeros([3]), array(tf, 2)])
    return tf.gradients(out.stack(), [x, w])


@case
def map_values(tf):
    return tf.map_fn(lambda row: row * tf.reduce_sum(row), matrix(tf))


@case
def map_to_another_type(tf):
    return tf.map_fn(lambda row: tf.to_int32(row[0]), matrix(tf), dtype=tf.int32)


@case
def map_structures(tf):
    x = matrix(tf)
    return tf.map_fn(lambda e: (e[0] - e[1], e[1]), (x, x * 2), dtype=(tf.float32, tf.float32))


@case
def map_unknown_rows(tf):
    x = tf.placeholder_with_default([[1.0, 2.0]], [None, 2])
    return tf.map_fn(lambda row: row + 1, x)


@case
def map_scalar_refused(tf):
    return tf.map_fn(lambda x: x, tf.constant(1.0))


@case(each=[False, True])
def scan_values(tf, reverse):
    return tf.scan(lambda a, row: a * 2 + row, matrix(tf), reverse=reverse)


@case(each=[False, True])
def scan_from_initializer(tf, reverse):
    return tf.scan(lambda a, row: a + tf.reduce_sum(row), matrix(tf), initializer=0.5,
                   reverse=reverse)


@case
def scan_structures(tf):
    x = matrix(tf)
    return tf.scan(lambda a, e: (a[0] + e, a[1] * 2), x, initializer=(x[0], 1))


@case(each=["foldl", "foldr"])
def folds(tf, name):
    fold = getattr(tf, name)
    return (fold(lambda a, row: a * 2 + row, matrix(tf)),
            fold(lambda a, row: a + row[0], matrix(tf), initializer=1.0))


@case(names=False, why=OWN_NODES)
def gradients_of_scan(tf):
    x = matrix(tf)
    y = tf.scan(lambda a, row: tf.sin(a) + row * row, x)
    return tf.gradients(y, x)
