"""Optimizers of contrib.opt, step by step, dense and sparse; those of tf.train in 1.15."""

from ..harness import case, numbers, refused

OPTIMIZERS = {
    "AdamW": lambda tf: tf.contrib.opt.AdamWOptimizer(0.01, 0.05),
    "MomentumW": lambda tf: tf.contrib.opt.MomentumWOptimizer(0.02, 0.05, 0.9, use_nesterov=True),
    "Adadelta": lambda tf: tf.train.AdadeltaOptimizer(1.0),
    "Ftrl": lambda tf: tf.train.FtrlOptimizer(0.1, l1_regularization_strength=0.01),
    "Ftrl_shrinking": lambda tf: tf.train.FtrlOptimizer(
        0.1, l2_shrinkage_regularization_strength=0.1),
    "ProximalGradientDescent": lambda tf: tf.train.ProximalGradientDescentOptimizer(
        0.1, 0.01, 0.1),
    "ProximalAdagrad": lambda tf: tf.train.ProximalAdagradOptimizer(0.1, 0.2, 0.01, 0.1),
    "AdagradDA": lambda tf: tf.train.AdagradDAOptimizer(
        0.1, tf.train.get_or_create_global_step(), 0.2, 0.01, 0.1),
}


@case
def twenty_steps(tf, run):
    answers = {}
    for name, make in OPTIMIZERS.items():
        with tf.Graph().as_default(), tf.Session() as session:
            v = tf.get_variable("v", initializer=numbers(3))
            table = tf.get_variable("table", initializer=numbers(4, 2, seed=1))
            loss = tf.reduce_sum(tf.square(v - 0.5)) + tf.reduce_sum(
                tf.square(tf.gather(table, [0, 2, 0]) * v[0] - 1.0))
            if name.endswith("W"):     # the decay does not wait until v was read: read nothing
                loss = tf.reduce_sum(v * [1.0, -2.0, 3.0]) - tf.reduce_sum(
                    tf.gather(table, [0, 2, 0]))
            optimizer = make(tf)
            step = optimizer.minimize(loss, tf.train.get_or_create_global_step())
            session.run(tf.global_variables_initializer())
            losses = []
            for _ in range(20):
                losses.append(session.run(loss))
                session.run(step)
            names = sorted(x.name for x in tf.global_variables())
            answers[name] = [losses, names, session.run([v, table]),
                             optimizer.get_slot_names(), step.name]
    return answers


@case
def some_variables_decay(tf, run):
    v, w = tf.get_variable("v", initializer=[1.0]), tf.get_variable("w", initializer=[1.0])
    step = tf.contrib.opt.AdamWOptimizer(0.5, 0.0).apply_gradients(
        [(tf.ones([1]), v), (tf.ones([1]), w)], decay_var_list=[w])
    run(step)
    return run([v, w])


@case
def what_they_refuse(tf, run):
    train = tf.train
    return [refused(train.FtrlOptimizer, 0.1, learning_rate_power=0.5),
            refused(train.FtrlOptimizer, 0.1, initial_accumulator_value=-1.0),
            refused(train.FtrlOptimizer, 0.1, l1_regularization_strength=-1.0),
            refused(train.ProximalAdagradOptimizer, 0.1, 0.0),
            refused(train.AdagradDAOptimizer, 0.1, None, 0.0)]
