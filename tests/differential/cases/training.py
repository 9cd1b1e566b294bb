"""Optimizers, dense and sparse, step by step; learning-rate schedules; moving averages."""

import numpy as np

from ..harness import case, fed, in_turn, raised

OPTIMIZERS = {
    "GradientDescent": lambda tf: tf.train.GradientDescentOptimizer(0.1),
    "Momentum": lambda tf: tf.train.MomentumOptimizer(0.1, 0.9),
    "Nesterov": lambda tf: tf.train.MomentumOptimizer(0.1, 0.9, use_nesterov=True),
    "Adagrad": lambda tf: tf.train.AdagradOptimizer(0.1),
    "Adagrad_started": lambda tf: tf.train.AdagradOptimizer(
        0.1, initial_accumulator_value=1.0),
    "RMSProp": lambda tf: tf.train.RMSPropOptimizer(0.1),
    "RMSProp_momentum": lambda tf: tf.train.RMSPropOptimizer(0.1, 0.8, 0.5, 1e-3),
    "RMSProp_centered": lambda tf: tf.train.RMSPropOptimizer(0.1, momentum=0.5,
                                                             centered=True),
    "Adam": lambda tf: tf.train.AdamOptimizer(0.1),
    "Adam_tuned": lambda tf: tf.train.AdamOptimizer(0.05, 0.8, 0.9, 1e-2),
    "Adadelta": lambda tf: tf.train.AdadeltaOptimizer(1.0),
    "Ftrl": lambda tf: tf.train.FtrlOptimizer(0.1, l1_regularization_strength=0.01),
    "ProximalGradientDescent": lambda tf: tf.train.ProximalGradientDescentOptimizer(0.1),
    "ProximalAdagrad": lambda tf: tf.train.ProximalAdagradOptimizer(0.1),
    "Ftrl_tuned": lambda tf: tf.train.FtrlOptimizer(0.1, -0.7, 0.2, 0.01, 0.1),
    "Ftrl_shrinking": lambda tf: tf.train.FtrlOptimizer(
        0.1, l2_regularization_strength=0.1, l2_shrinkage_regularization_strength=0.1),
    "Adadelta_tuned": lambda tf: tf.train.AdadeltaOptimizer(0.5, 0.8, 1e-4),
    "ProximalGradientDescent_tuned": lambda tf: tf.train.ProximalGradientDescentOptimizer(
        0.1, 0.05, 0.1),
    "ProximalAdagrad_tuned": lambda tf: tf.train.ProximalAdagradOptimizer(0.1, 0.2, 0.05, 0.1),
    "AdagradDA": lambda tf: tf.train.AdagradDAOptimizer(
        0.1, tf.train.get_or_create_global_step(), 0.2, 0.01, 0.1),
}
RARER = ("Adadelta", "Ftrl", "ProximalGradientDescent", "ProximalAdagrad", "AdagradDA")
CORE = [name for name in OPTIMIZERS if not name.startswith(RARER)]


def _dense(tf, dtype="float32"):
    v = tf.get_variable("v", initializer=np.array([1.0, -2.0, 3.0], dtype))
    w = tf.get_variable("w", initializer=np.array([[0.5], [0.25]], dtype))
    loss = tf.reduce_sum(tf.square(v - 0.5)) + tf.reduce_sum(w ** 3) * v[0]
    return v, w, loss


def _slots(optimizer, variable):
    return [optimizer.get_slot(variable, name) for name in optimizer.get_slot_names()]


# -------------------------------------------------------------------------------- dense


@case(each=OPTIMIZERS)
def dense_steps(tf, name):
    _, _, loss = _dense(tf)
    step = OPTIMIZERS[name](tf).minimize(loss)
    state = tf.global_variables()
    return in_turn(loss, step, state, step, state, step, step, step, [loss, state])


@case(each=CORE)
def dense_steps_of_doubles(tf, name):
    v, w, loss = _dense(tf, "float64")
    step = OPTIMIZERS[name](tf).minimize(loss)
    return in_turn(step, step, [v, w])


@case(each=["GradientDescent", "Momentum", "Adam"], names=False, why="halves are rounded",
      rtol=2e-2, atol=2e-3)
def dense_steps_of_halves(tf, name):
    v, w, loss = _dense(tf, "float16")
    step = OPTIMIZERS[name](tf).minimize(loss)
    return in_turn(step, step, [v, w])


@case(each=OPTIMIZERS)
def slots(tf, name):
    v, _, loss = _dense(tf)
    optimizer = OPTIMIZERS[name](tf)
    before = optimizer.get_slot_names()
    step = optimizer.minimize(loss)
    return {"before": before, "slots": optimizer.get_slot_names(), "step": step.name,
            "of v": [slot.name for slot in _slots(optimizer, v)],
            "variables": [x.name for x in optimizer.variables()],
            "global": [x.name for x in tf.global_variables()],
            "trainable": [x.name for x in tf.trainable_variables()],
            "train_ops": [op.name for op in tf.get_collection(tf.GraphKeys.TRAIN_OP)],
            "unknown": raised(lambda: optimizer.get_slot(v, "nothing"))}


@case(each=CORE)
def initial_slots(tf, name):
    v, _, loss = _dense(tf)
    optimizer = OPTIMIZERS[name](tf)
    optimizer.minimize(loss)
    return _slots(optimizer, v)


@case(each=CORE)
def learning_rate_from_a_tensor(tf, name):
    rate = tf.placeholder(tf.float32, [])
    v = tf.get_variable("v", initializer=[1.0, 2.0])
    optimizer = {
        "GradientDescent": tf.train.GradientDescentOptimizer,
        "Adam": tf.train.AdamOptimizer,
        "Adagrad": tf.train.AdagradOptimizer, "RMSProp": tf.train.RMSPropOptimizer,
    }.get(name.split("_")[0], lambda rate: tf.train.MomentumOptimizer(rate, 0.5))(rate)
    step = optimizer.minimize(tf.reduce_sum(v * v))
    return in_turn(fed(step, {rate: 0.1}), fed(step, {rate: 0.01}), v)


@case
def hyperparameters_from_functions(tf):
    v = tf.get_variable("v", initializer=[1.0, 2.0])
    step = tf.train.AdamOptimizer(lambda: 0.1, lambda: 0.8).minimize(tf.reduce_sum(v * v))
    return in_turn(step, step, v)


@case
def momentum_slot_and_tensor(tf):
    v = tf.get_variable("v", initializer=[1.0])
    momentum = tf.placeholder(tf.float32, [])
    step = tf.train.MomentumOptimizer(0.1, momentum).minimize(v[0] ** 2)
    return in_turn(fed(step, {momentum: 0.5}), fed(step, {momentum: 0.9}), v)


# ------------------------------------------------------------------------------- sparse


@case(each=OPTIMIZERS)
def sparse_steps(tf, name):
    table = tf.get_variable("table", initializer=tf.reshape(tf.range(8.0), [4, 2]) / 4)
    rows = tf.placeholder(tf.int32, [None])
    loss = tf.reduce_sum(tf.square(tf.nn.embedding_lookup(table, rows) - 1.0))
    step = OPTIMIZERS[name](tf).minimize(loss)
    state = tf.global_variables()
    return in_turn(fed(step, {rows: [1, 3, 1]}), state, fed(step, {rows: [0]}), state,
                   fed(step, {rows: [3, 3, 3, 2]}), state)


@case(each=CORE)
def sparse_and_dense_together(tf, name):
    table = tf.get_variable("table", initializer=tf.reshape(tf.range(6.0), [3, 2]) / 4)
    w = tf.get_variable("w", initializer=[[1.0], [-1.0]])
    loss = tf.reduce_sum(tf.matmul(tf.gather(table, [2, 0, 2]), w) ** 2)
    step = OPTIMIZERS[name](tf).minimize(loss)
    return in_turn(step, step, [table, w])


@case(each=CORE)
def sparse_gradient_of_no_rows(tf, name):
    table = tf.get_variable("table", initializer=[[1.0], [2.0]])
    rows = tf.placeholder(tf.int32, [None])
    loss = tf.reduce_sum(tf.gather(table, rows))
    step = OPTIMIZERS[name](tf).minimize(loss)
    return in_turn(fed(step, {rows: []}), fed(step, {rows: [0]}), fed(step, {rows: []}),
                   table)


# --------------------------------------------------- compute_gradients, apply_gradients


@case(names=False, why="the inside of a gradient is unnamed")
def compute_gradients(tf):
    _, _, loss = _dense(tf)
    optimizer = tf.train.GradientDescentOptimizer(0.1)
    pairs = optimizer.compute_gradients(loss)
    return [[variable.name for _, variable in pairs], [grad for grad, _ in pairs]]


@case(names=False, why="the inside of a gradient is unnamed")
def compute_gradients_arguments(tf):
    _, w, loss = _dense(tf)
    unused = tf.get_variable("unused", initializer=1.0)
    optimizer = tf.train.GradientDescentOptimizer(0.1)
    pairs = optimizer.compute_gradients(loss, [w, unused], grad_loss=tf.constant(2.0),
                                        gate_gradients=tf.train.Optimizer.GATE_GRAPH,
                                        colocate_gradients_with_ops=True)
    return [[grad, variable.name] for grad, variable in pairs]


@case
def compute_gradients_refuses(tf):
    v, _, loss = _dense(tf)
    optimizer = tf.train.GradientDescentOptimizer(0.1)
    return [raised(lambda: optimizer.compute_gradients(loss, [])),
            raised(lambda: optimizer.compute_gradients(loss, [tf.constant(1.0)])),
            raised(lambda: optimizer.compute_gradients(loss, [v], gate_gradients=9)),
            raised(lambda: optimizer.compute_gradients(tf.constant([1]), [v]))]


@case
def apply_gradients(tf):
    v, w, _ = _dense(tf)
    optimizer = tf.train.GradientDescentOptimizer(0.5)
    step = optimizer.apply_gradients([(tf.ones([3]), v), (None, w)])
    named = optimizer.apply_gradients([(tf.ones([3]), v)], name="named")
    return in_turn(step, [v, w], named, v)


@case
def apply_gradients_refuses(tf):
    v, _, _ = _dense(tf)
    optimizer = tf.train.GradientDescentOptimizer(0.5)
    return [raised(lambda: optimizer.apply_gradients([])),
            raised(lambda: optimizer.apply_gradients([(None, v)])),
            raised(lambda: optimizer.apply_gradients([("a", v)])),
            raised(lambda: optimizer.apply_gradients([(tf.ones([2]), v)]))]


@case
def clipped_training(tf):
    v, w, loss = _dense(tf)
    optimizer = tf.train.AdamOptimizer(0.1)
    grads, variables = zip(*optimizer.compute_gradients(loss), strict=True)
    clipped, _ = tf.clip_by_global_norm(grads, 0.5)
    step = optimizer.apply_gradients(zip(clipped, variables, strict=True))
    return in_turn(step, step, [v, w])


@case
def minimize_counts_steps(tf):
    v, _, loss = _dense(tf)
    count = tf.train.get_or_create_global_step()
    step = tf.train.GradientDescentOptimizer(0.1).minimize(loss, global_step=count)
    return in_turn(step, count, step, [count, v])


@case
def minimize_with_an_int_counter(tf):
    _, _, loss = _dense(tf)
    count = tf.Variable(0, trainable=False, name="count")
    step = tf.train.AdamOptimizer(0.1).minimize(loss, count)
    return in_turn(step, step, step, count)


@case
def minimize_some_variables(tf):
    v, w, loss = _dense(tf)
    step = tf.train.AdamOptimizer(0.1).minimize(loss, var_list=[w])
    return in_turn(step, [v, w], [x.name for x in tf.global_variables()])


@case
def minimize_names(tf):
    _, _, loss = _dense(tf)
    return [tf.train.GradientDescentOptimizer(0.1).minimize(loss),
            tf.train.GradientDescentOptimizer(0.1).minimize(loss),
            tf.train.AdamOptimizer(0.1, name="Mine").minimize(loss),
            tf.train.MomentumOptimizer(0.1, 0.9).minimize(loss, name="named"),
            tf.train.AdagradOptimizer(0.1).minimize(
                loss, global_step=tf.train.get_or_create_global_step())]


@case
def minimize_refuses(tf):
    constant = tf.constant(1.0)
    v = tf.get_variable("v", initializer=1.0)
    optimizer = tf.train.GradientDescentOptimizer(0.1)
    return [raised(lambda: optimizer.minimize(constant)),
            raised(lambda: optimizer.minimize(constant, var_list=[v])),
            raised(lambda: tf.train.GradientDescentOptimizer(0.1, name="").minimize(v)),
            raised(lambda: tf.train.Optimizer(False, None))]


@case
def minimize_without_variables(tf):
    return raised(lambda: tf.train.GradientDescentOptimizer(0.1).minimize(tf.constant(1.0)))


@case
def two_optimizers_share_a_variable(tf):
    v = tf.get_variable("v", initializer=[1.0, 2.0])
    loss = tf.reduce_sum(v * v)
    first = tf.train.AdamOptimizer(0.1).minimize(loss)
    second = tf.train.AdamOptimizer(0.1).minimize(loss)
    return in_turn(first, second, v, [x.name for x in tf.global_variables()])


@case
def slots_in_scopes(tf):
    with tf.variable_scope("net"), tf.variable_scope("layer"):
        v = tf.get_variable("w", initializer=[1.0])
    with tf.variable_scope("training"), tf.name_scope("ops"):
        tf.train.AdamOptimizer(0.1).minimize(v[0] ** 2)
    return [x.name for x in tf.global_variables()]


@case
def a_variable_in_the_loss_twice(tf):
    v = tf.get_variable("v", initializer=[2.0])
    step = tf.train.MomentumOptimizer(0.1, 0.5).minimize(tf.reduce_sum(v * v + 3 * v))
    return in_turn(step, step, v)


@case
def optimizer_of_ones_own(tf):
    class Signed(tf.train.Optimizer):
        def __init__(self, rate):
            super().__init__(use_locking=False, name="Signed")
            self.rate = rate

        def _apply_dense(self, grad, var):
            return tf.assign_sub(var, self.rate * tf.sign(grad)).op

    v = tf.get_variable("v", initializer=[2.0, -3.0])
    step = Signed(0.5).minimize(tf.reduce_sum(v * v))
    return in_turn(step, step, v)


@case
def use_locking_changes_nothing(tf):
    v = tf.get_variable("v", initializer=[2.0, -3.0])
    step = tf.train.AdamOptimizer(0.1, use_locking=True).minimize(tf.reduce_sum(v * v))
    return in_turn(step, v)


@case(rtol=1e-4, why="twenty steps add up their rounding")
def a_network_learns_xor(tf):
    x = tf.placeholder(tf.float32, [None, 2])
    y = tf.placeholder(tf.float32, [None, 1])
    w = tf.get_variable("w", initializer=[[0.5, -0.4, 0.3], [-0.2, 0.6, 0.7]])
    b = tf.get_variable("b", initializer=[0.1, 0.0, -0.1])
    u = tf.get_variable("u", initializer=[[0.5], [-0.6], [0.4]])
    logits = tf.matmul(tf.tanh(tf.matmul(x, w) + b), u)
    loss = tf.reduce_mean(tf.nn.sigmoid_cross_entropy_with_logits(labels=y, logits=logits))
    step = tf.train.AdamOptimizer(0.05).minimize(loss)
    feed = {x: [[0, 0], [0, 1], [1, 0], [1, 1]], y: [[0], [1], [1], [0]]}
    return in_turn(fed(loss, feed), *[fed(step, feed)] * 20, fed([loss, w], feed))


@case(each=OPTIMIZERS, rtol=2e-4, names=False, why="twenty steps add up their rounding")
def twenty_steps_with_seeds(tf, name):
    tf.set_random_seed(11)
    words = tf.get_variable("words", [6, 4])
    w = tf.get_variable("w", [4, 3], initializer=tf.truncated_normal_initializer(stddev=0.5))
    ids = tf.random_uniform([8], 0, 6, tf.int32)
    kept = tf.nn.dropout(tf.nn.embedding_lookup(words, ids), keep_prob=0.75)
    logits = tf.matmul(kept, w) + tf.random_normal([8, 3], stddev=0.01)
    labels = tf.random_shuffle(tf.range(8)) % 3
    loss = tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(
        labels=labels, logits=logits))
    step = OPTIMIZERS[name](tf).minimize(loss, tf.train.get_or_create_global_step())
    return in_turn(*[[loss, step]] * 20, tf.global_variables())


# ---------------------------------------------------------------------------- schedules

SCHEDULES = {
    "exponential_decay": lambda tf, t: tf.train.exponential_decay(0.1, t, 10, 0.5),
    "exponential_staircase": lambda tf, t: tf.train.exponential_decay(
        0.1, t, 10, 0.5, staircase=True),
    "piecewise_constant": lambda tf, t: tf.train.piecewise_constant(
        t, [5, 12], [1.0, 0.5, 0.1]),
    "piecewise_constant_decay": lambda tf, t: tf.train.piecewise_constant_decay(
        t, [0, 25], [1.0, 0.5, 0.1]),
    "polynomial_decay": lambda tf, t: tf.train.polynomial_decay(0.1, t, 20, 0.01),
    "polynomial_power": lambda tf,
    t: tf.train.polynomial_decay(0.1, t, 20, 0.01, power=2.0),
    "polynomial_cycle": lambda tf, t: tf.train.polynomial_decay(0.1, t, 8, cycle=True),
    "natural_exp_decay": lambda tf, t: tf.train.natural_exp_decay(0.1, t, 10, 0.5),
    "natural_exp_staircase": lambda tf,
    t: tf.train.natural_exp_decay(0.1, t, 10, 0.5, True),
    "inverse_time_decay": lambda tf, t: tf.train.inverse_time_decay(0.1, t, 10, 0.5),
    "inverse_time_staircase": lambda tf, t: tf.train.inverse_time_decay(
        0.1, t, 10, 0.5, staircase=True),
    "cosine_decay": lambda tf, t: tf.train.cosine_decay(0.1, t, 20),
    "cosine_decay_alpha": lambda tf, t: tf.train.cosine_decay(0.1, t, 20, alpha=0.2),
    "cosine_decay_restarts": lambda tf, t: tf.train.cosine_decay_restarts(0.1, t, 5),
    "cosine_restarts_tuned": lambda tf, t: tf.train.cosine_decay_restarts(
        0.1, t, 5, t_mul=1.0, m_mul=0.5, alpha=0.1),
    "linear_cosine_decay": lambda tf, t: tf.train.linear_cosine_decay(0.1, t, 20),
    "noisy_linear_cosine_decay": lambda tf, t: tf.train.noisy_linear_cosine_decay(
        0.1, t, 20, initial_variance=0.0),
}


# Schedules are compositions whose inner names changed between 1.15 and compat.v1.
@case(each=SCHEDULES, names=False, why="compositions; only their values are promised")
def schedule(tf, name):
    step = tf.placeholder(tf.int32, [])
    rate = SCHEDULES[name](tf, step)
    return in_turn(*[fed(rate, {step: t}) for t in (0, 1, 5, 6, 10, 12, 13, 20, 25, 40)])


@case(each=SCHEDULES, names=False, why="compositions; only their values are promised")
def schedule_by_the_global_step(tf, name):
    step = tf.train.get_or_create_global_step()
    rate = SCHEDULES[name](tf, step)
    return in_turn(rate, tf.assign(step, 7).op, rate)


@case
def schedule_names(tf):
    step = tf.train.get_or_create_global_step()
    return [tf.train.exponential_decay(0.1, step, 10, 0.5).op.name,
            tf.train.exponential_decay(0.1, step, 10, 0.5, name="named").op.name]


@case
def schedule_refuses(tf):
    return [raised(lambda: tf.train.exponential_decay(0.1, None, 10, 0.5)),
            raised(lambda: tf.train.polynomial_decay(0.1, None, 10)),
            raised(lambda: tf.train.cosine_decay(0.1, None, 10)),
            raised(lambda: tf.train.inverse_time_decay(0.1, None, 10, 0.5)),
            raised(lambda: tf.train.piecewise_constant(tf.constant(1), [1.5], [1.0, 2.0])),
            raised(lambda: tf.train.piecewise_constant(tf.constant(1), [1, 2], [1.0, 2.0]))]


@case
def schedule_drives_an_optimizer(tf):
    step = tf.train.get_or_create_global_step()
    rate = tf.train.exponential_decay(0.5, step, 1, 0.5)
    v = tf.get_variable("v", initializer=[1.0])
    train = tf.train.GradientDescentOptimizer(rate).minimize(3 * v[0], global_step=step)
    return in_turn(train, v, train, v, train, [v, step])


@case
def warm_restarts_by_control_flow_free_arithmetic(tf):
    step = tf.placeholder(tf.int64, [])
    rate = tf.minimum(1.0, tf.cast(step, tf.float32) / 4.0) * 0.1
    return in_turn(fed(rate, {step: 2}), fed(rate, {step: 9}))


# ---------------------------------------------------------------------- moving averages


@case
def moving_average_of_a_variable(tf):
    v = tf.get_variable("v", initializer=[1.0, 2.0])
    average = tf.train.ExponentialMovingAverage(0.9)
    update = average.apply([v])
    shadow = average.average(v)
    return in_turn(shadow, tf.assign(v, [3.0, 3.0]).op, update, shadow,
                   [average.average_name(v), [x.name for x in tf.global_variables()],
                    [x.name for x in tf.moving_average_variables()]])


@case
def moving_average_of_a_tensor(tf):
    x = tf.placeholder(tf.float32, [2], name="x")
    average = tf.train.ExponentialMovingAverage(0.5, zero_debias=True)
    update = average.apply([x])
    return in_turn(fed(update, {x: [4.0, 8.0]}), average.average(x),
                   fed(update, {x: [2.0, 2.0]}), average.average(x))


@case
def moving_average_with_updates_counted(tf):
    v = tf.get_variable("v", initializer=[1.0])
    count = tf.placeholder(tf.int32, [])
    average = tf.train.ExponentialMovingAverage(0.9, num_updates=count)
    update = average.apply([v])
    return in_turn(tf.assign(v, [11.0]).op, fed(update, {count: 0}), average.average(v),
                   fed(update, {count: 1000}), average.average(v))


@case
def moving_average_restores(tf):
    tf.get_variable("v", initializer=[1.0])
    average = tf.train.ExponentialMovingAverage(0.9)
    average.apply()
    return sorted(average.variables_to_restore())
