"""Optimizers of contrib.opt, step by step, dense and sparse; those of tf.train in 1.15."""

from ..harness import case, numbers, refused

OPTIMIZERS = {
    "AdamW": lambda tf: tf.contrib.opt.AdamWOptimizer(0.01, 0.05),
    "MomentumW": lambda tf: tf.contrib.opt.MomentumWOptimizer(0.02, 0.05, 0.9, use_nesterov=True),
    "AdagradW": lambda tf: tf.contrib.opt.extend_with_decoupled_weight_decay(
        tf.train.AdagradOptimizer)(0.01, learning_rate=0.1),
    "LazyAdam": lambda tf: tf.contrib.opt.LazyAdamOptimizer(0.05),
    "Nadam": lambda tf: tf.contrib.opt.NadamOptimizer(0.05),
    "AdaMax": lambda tf: tf.contrib.opt.AdaMaxOptimizer(0.05),
    "Average": lambda tf: tf.contrib.opt.MovingAverageOptimizer(
        tf.train.MomentumOptimizer(0.05, 0.9), 0.5),
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
                             optimizer.get_slot_names() if name != "Average" else [], step.name]
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


@case
def scipy_interface(tf, run):
    v = tf.get_variable("v", initializer=numbers(3))
    w = tf.get_variable("w", initializer=numbers(2, 2))
    target = tf.placeholder(tf.float32, [])
    loss = tf.reduce_sum([1.0, 2.0, 3.0] * (v - target) ** 2) + tf.reduce_sum((w - v[0]) ** 2)
    interface = tf.contrib.opt.ScipyOptimizerInterface
    plain, bounded, constrained = (
        interface(loss, options={"maxiter": 50}),
        interface(loss, [w], var_to_bounds={w: (-1.0, [[0.25], [0.5]])}),
        interface(loss, equalities=[tf.reduce_sum(v) - 1.0], inequalities=[v[0] - 2.0],
                  method="SLSQP"))
    run(loss, {target: 1.0})
    answers, seen = [], []
    for optimizer in plain, bounded, constrained:
        optimizer.minimize(run.session, feed_dict={target: 1.5}, fetches=[v],
                           loss_callback=lambda *values: seen.append(len(values)),
                           step_callback=lambda x: seen.append(x.shape))
        answers.append([x.round(2) for x in run([v, w])])
    return [answers, seen[0], next(list(x) for x in seen if isinstance(x, tuple)),
            refused(interface(loss, bounds=[(0, 1)]).minimize, run.session,
                    feed_dict={target: 1.0})]
