"""Partitioned variables: names, slices, values, gradients, layers, and what is refused."""

from ..harness import case, collections, numbers, refused, variables


def _slices(variable):
    return [[part.name, part._save_slice_info.full_name, part._save_slice_info.spec]
            for part in variable]


@case
def partitioners(tf, run):
    made = [tf.fixed_size_partitioner(3), tf.fixed_size_partitioner(4, axis=-1),
            tf.variable_axis_size_partitioner(64), tf.variable_axis_size_partitioner(100, axis=1),
            tf.variable_axis_size_partitioner(8, 0, 16, 3), tf.variable_axis_size_partitioner(1000),
            tf.min_max_variable_partitioner(), tf.min_max_variable_partitioner(4, 0, 16),
            tf.min_max_variable_partitioner(10, -1, 8), tf.min_max_variable_partitioner(3, 0, 64)]
    return [[partitioner(shape=tf.TensorShape(shape), dtype=dtype)
             for shape in ([10, 4], [7, 3, 5]) for dtype in (tf.float32, tf.float64, tf.string)]
            for partitioner in made]


@case
def parts(tf, run):
    with tf.variable_scope("s", partitioner=tf.fixed_size_partitioner(3),
                           initializer=tf.glorot_uniform_initializer(3),
                           regularizer=lambda v: 0.5 * tf.reduce_sum(v, name="Sum")):
        w = tf.get_variable("w", [10, 4])
        b = tf.get_variable("b", [])
        columns = tf.get_variable("columns", [2, 5], initializer=tf.constant_initializer(2.0),
                                  partitioner=tf.fixed_size_partitioner(2, axis=1))
        seeded = tf.get_variable("seeded", [5, 3], initializer=tf.random_normal_initializer(seed=7))
        given = tf.get_variable("given", initializer=tf.constant(numbers(4, 3)))
    whole = w.as_tensor()
    again = tf.convert_to_tensor(w)
    return [variables(tf), [_slices(v) for v in (w, columns, seeded, given)],
            collections(tf, "regularization_losses"), w.name, w.dtype.name, str(w.shape), len(w), b,
            whole, again, run([whole, columns.as_tensor(), seeded.as_tensor(), given.as_tensor()])]


@case
def trained_parts(tf, run):
    with tf.variable_scope("s", partitioner=tf.fixed_size_partitioner(3),
                           initializer=tf.glorot_uniform_initializer(3)):
        w = tf.get_variable("w", [7, 2])
    x = tf.placeholder(tf.float32, [None, 7])
    rows = tf.nn.embedding_lookup(w, [1, 3, 3, 6])
    by_div = tf.nn.embedding_lookup(w, [1, 3, 3, 6], partition_strategy="div")
    loss = tf.reduce_sum(tf.matmul(x, w) ** 2) + tf.reduce_sum(rows ** 2)
    step = tf.train.AdamOptimizer(0.1).minimize(loss)
    average = tf.train.ExponentialMovingAverage(0.9)
    with tf.control_dependencies([step]):
        step = average.apply(list(w))
    slots = [_slices([v]) for v in tf.global_variables() if v._save_slice_info is not None]
    seen = [run([loss, rows, by_div, step], {x: numbers(2, 7)})[:3] for _ in range(3)]
    return [slots, variables(tf), seen, run([v for v in tf.global_variables()])]


@case
def assigned_parts(tf, run):
    w = tf.get_variable("w", [5, 2], initializer=tf.zeros_initializer(),
                        partitioner=tf.fixed_size_partitioner(2))
    run(w.assign(numbers(5, 2)))
    first = run(w.as_tensor())
    run(w.assign_add([tf.ones([3, 2]), tf.zeros([2, 2])]))
    second = run(w.as_tensor())
    run(w.assign_sub(tf.ones([5, 2])))
    return [first, second, run(list(w))]


@case
def partitioned_layers(tf, run):
    drawn = tf.random_normal_initializer(seed=5)
    x = tf.placeholder(tf.float32, [None, 4])
    image = tf.placeholder(tf.float32, [None, 4, 4, 3])
    with tf.variable_scope("n", partitioner=tf.fixed_size_partitioner(2)):
        y = tf.layers.dense(x, 6, kernel_initializer=drawn,
                            kernel_regularizer=lambda v: tf.nn.l2_loss(v))
        y = tf.contrib.layers.fully_connected(y, 5, weights_initializer=drawn,
                                              variables_collections=["vc"])
        y = tf.contrib.layers.layer_norm(y)
        z = tf.layers.conv2d(image, 3, 2, kernel_initializer=drawn)
        z = tf.layers.batch_normalization(z, training=True)
        z = tf.contrib.layers.batch_norm(z)
        e = tf.contrib.layers.embed_sequence(tf.constant([1]), 10, 4, initializer=drawn)
    return [variables(tf), collections(tf, "regularization_losses", "vc", "model_variables"),
            run([y, z, e], {x: numbers(3, 4), image: numbers(2, 4, 4, 3)})]


@case
def found_again(tf, run):
    def make(name, partitioner, **options):
        return tf.get_variable(name, [10, 4], partitioner=partitioner, **options)

    two, three = tf.fixed_size_partitioner(2), tf.fixed_size_partitioner(3)
    w, whole = make("w", two), make("whole", None)
    outcomes = [refused(make, "w", two), refused(make, "w", None), refused(make, "x", 3)]
    outcomes += [refused(make, "x", lambda shape, dtype, counts=counts: counts)
                 for counts in ([2, 2], [2], [0, 1], [11, 1], 3)]
    outcomes += [refused(tf.get_variable, "y", [None, 2], partitioner=two),
                 refused(tf.get_variable, "y", partitioner=two,
                         initializer=lambda: tf.ones([4, 2])),
                 refused(tf.fixed_size_partitioner(2, 3), shape=[3], dtype=tf.float32)[:6]]
    with tf.variable_scope("", reuse=True):
        outcomes += [make("w", two) is w, make("w", None) is w, refused(make, "w", three),
                     refused(make, "whole", two), refused(make, "absent", two),
                     refused(tf.get_variable, "w", [10, 5], partitioner=two)]
    with tf.variable_scope("", reuse=tf.AUTO_REUSE):
        outcomes += [make("w", two) is w, refused(make, "w", None), make("whole", None) is whole]
    return outcomes


@case
def created(tf, run):
    return [tf.create_partitioned_variables([10, 4], [3, 1], tf.ones_initializer()),
            tf.create_partitioned_variables([2, 4], [1, 2], numbers(2, 4), name="q"),
            refused(tf.create_partitioned_variables, [2, 4], [2], tf.ones_initializer()),
            variables(tf), run(tf.global_variables())]


@case
def restored_in_other_parts(tf, run):
    import tempfile
    with tempfile.TemporaryDirectory() as directory:
        with tf.variable_scope("s", partitioner=tf.fixed_size_partitioner(3)):
            w = tf.get_variable("w", initializer=tf.constant(numbers(7, 2)))
        run(tf.assign_add(list(w)[1], [[1.0, 2.0]] * 2))
        path = tf.train.Saver().save(run.session, directory + "/model", write_meta_graph=False)
        found = [tf.train.list_variables(path)]
        for parts in 2, None:
            with tf.Graph().as_default(), tf.Session() as session:
                partitioner = tf.fixed_size_partitioner(parts, 1) if parts else None
                with tf.variable_scope("s", partitioner=partitioner):
                    w = tf.get_variable("w", [7, 2])
                tf.train.Saver([w]).restore(session, path)
                found.append(session.run(tf.convert_to_tensor(w)))
        return found
