"""optimize_loss: the training operation of a loss, with what is often done to gradients.

    step = tf.contrib.layers.optimize_loss(
        loss, global_step, learning_rate=0.1, optimizer="Adam", clip_gradients=5.0)

Read next: train_op.py, slim's way to the same.
"""

from pellucid.contrib.train_op import scaled
from pellucid.core.graph import GraphKeys
from pellucid.core.indexed_slices import IndexedSlices
from pellucid.core.operation import convert_to_tensor
from pellucid.core.tensor import Tensor
from pellucid.ops.arrays.creation import ones_like
from pellucid.ops.control.assertions import assert_scalar
from pellucid.ops.control.waiting import with_dependencies
from pellucid.ops.math.casting import cast
from pellucid.ops.math.elementwise import maximum, minimum, square
from pellucid.ops.math.functions import exp, log, sqrt
from pellucid.ops.math.selection import where
from pellucid.ops.random.draws import truncated_normal
from pellucid.ops.state.initializers import constant_initializer, zeros_initializer
from pellucid.ops.state.variable_scope import get_variable, variable_scope
from pellucid.ops.state.variables import get_collection, trainable_variables
from pellucid.summary.histograms import histogram
from pellucid.summary.scalars import scalar
from pellucid.training.adagrad import AdagradOptimizer
from pellucid.training.adam import AdamOptimizer
from pellucid.training.clipping import clip_by_global_norm, global_norm
from pellucid.training.ftrl import FtrlOptimizer
from pellucid.training.gradient_descent import GradientDescentOptimizer
from pellucid.training.momentum import MomentumOptimizer
from pellucid.training.moving_averages import assign_moving_average
from pellucid.training.optimizer import Optimizer
from pellucid.training.rmsprop import RMSPropOptimizer
from pellucid.training.training_util import assert_global_step, get_global_step

OPTIMIZER_CLS_NAMES = {
    "Adagrad": AdagradOptimizer,
    "Adam": AdamOptimizer,
    "Ftrl": FtrlOptimizer,
    "Momentum": lambda learning_rate: MomentumOptimizer(learning_rate, momentum=0.9),
    "RMSProp": RMSPropOptimizer,
    "SGD": GradientDescentOptimizer,
}
OPTIMIZER_SUMMARIES = ["learning_rate", "loss", "gradients", "gradient_norm",
                       "global_gradient_norm"]


def optimize_loss(loss, global_step, learning_rate, optimizer, gradient_noise_scale=None,
                  gradient_multipliers=None, clip_gradients=None, learning_rate_decay_fn=None,
                  update_ops=None, variables=None, name=None, summaries=None,
                  colocate_gradients_with_ops=False, increment_global_step=True):
    """A Tensor of the loss that, when it is computed, makes a step of training.

    Args:
      loss: scalar Tensor.
      global_step: scalar int Variable; None for the graph's own, if there is one.
      learning_rate: float, scalar Tensor, or None where the optimizer has its own.
      optimizer: a name of OPTIMIZER_CLS_NAMES; an Optimizer or a class of them; or a function
        of the learning rate (of nothing, if that is None) that returns one.
      gradient_noise_scale: float, times truncated normal noise that is added to gradients.
      gradient_multipliers: {Variable or its name: factor of its gradient}.
      clip_gradients: float, the greatest global norm; or function from a list of (gradient,
        variable) to such a list, for example adaptive_clipping_fn().
      learning_rate_decay_fn: function(learning_rate, global_step) -> Tensor.
      update_ops: list of Operations to run before; by default the collection UPDATE_OPS.
      variables: list of Variable; by default the trainable ones.
      name: str, of the scope; "OptimizeLoss" by default.
      summaries: list of names of OPTIMIZER_SUMMARIES; by default of loss, learning rate and
        global norm.
      colocate_gradients_with_ops: bool, a hint.
      increment_global_step: bool.

    Raises ValueError for arguments of a wrong kind, and where no gradients are left.
    As in TF: tf.contrib.layers.optimize_loss.
    """
    loss = convert_to_tensor(loss)
    assert_scalar(loss)
    if global_step is None:
        global_step = get_global_step()
    else:
        assert_global_step(global_step)
    with variable_scope(name, "OptimizeLoss", [loss, global_step]):
        waited = get_collection(GraphKeys.UPDATE_OPS) if update_ops is None else update_ops
        if waited:
            loss = with_dependencies(list(dict.fromkeys(waited)), loss)
        rate = _rate(learning_rate)
        shown = _summaries(summaries)
        if learning_rate is not None and learning_rate_decay_fn is not None:
            if global_step is None:
                raise ValueError("global_step is required for learning_rate_decay_fn.")
            rate = learning_rate_decay_fn(rate, global_step)
            if "learning_rate" in shown:
                scalar("learning_rate", rate)
        opt = _optimizer(optimizer, rate, learning_rate)
        variables = trainable_variables() if variables is None else variables
        pairs = opt.compute_gradients(loss, variables,
                                      colocate_gradients_with_ops=colocate_gradients_with_ops)
        if gradient_noise_scale is not None:
            pairs = [(_noisy(grad, gradient_noise_scale), var) for grad, var in pairs]
        if gradient_multipliers is not None:
            pairs = [(_multiplied(grad, var, gradient_multipliers), var) for grad, var in pairs]
        norms = "global_gradient_norm" in shown or "gradient_norm" in shown
        if norms:
            scalar("global_norm/gradient_norm", global_norm([grad for grad, _ in pairs]))
        pairs = _clipped(pairs, clip_gradients)
        if "loss" in shown:
            scalar("loss", loss)
        _summarize(pairs, shown)
        if clip_gradients is not None and norms:
            scalar("global_norm/clipped_gradient_norm", global_norm([grad for grad, _ in pairs]))
        step = opt.apply_gradients(pairs, global_step if increment_global_step else None,
                                   name="train")
        return with_dependencies([step], loss)


def _rate(learning_rate):
    """The learning rate as a Tensor or Variable; None for None."""
    if learning_rate is None:
        return None
    if isinstance(learning_rate, Tensor) and learning_rate.shape.ndims == 0:
        return learning_rate
    if not isinstance(learning_rate, float):
        raise ValueError(f"Learning rate should be 0d Tensor or float. Got {learning_rate} of "
                         f"type {type(learning_rate)}")
    if learning_rate < 0.0:
        raise ValueError(f"Invalid learning_rate {learning_rate}.")
    return get_variable("learning_rate", [], trainable=False,
                        initializer=constant_initializer(learning_rate))


def _summaries(names):
    names = ["loss", "learning_rate", "global_gradient_norm"] if names is None else names
    for name in names:
        if name not in OPTIMIZER_SUMMARIES:
            raise ValueError(f"Summaries should be one of [{', '.join(OPTIMIZER_SUMMARIES)}], you "
                             f"provided {name}.")
    return names


def _optimizer(optimizer, rate, learning_rate):
    if isinstance(optimizer, Optimizer):
        return optimizer
    named = isinstance(optimizer, str)
    if named and optimizer not in OPTIMIZER_CLS_NAMES:
        raise ValueError(f"Optimizer name should be one of [{', '.join(OPTIMIZER_CLS_NAMES)}], "
                         f"you provided {optimizer}.")
    if named or (isinstance(optimizer, type) and issubclass(optimizer, Optimizer)):
        if rate is None:
            raise ValueError("Learning rate is None, but should be specified if optimizer is a "
                             f"name or a class ({optimizer}).")
        made = OPTIMIZER_CLS_NAMES[optimizer] if named else optimizer
        return made(learning_rate=rate)
    if not callable(optimizer):
        raise ValueError("Unrecognized optimizer: should be string, subclass of Optimizer, "
                         "instance of subclass of Optimizer or function with one argument. Got "
                         f"{optimizer}.")
    found = optimizer() if learning_rate is None else optimizer(rate)
    if not isinstance(found, Optimizer):
        raise ValueError("Unrecognized optimizer: function should return subclass of Optimizer. "
                         f"Got {found}.")
    return found


# -- what is done to gradients -------------------------------------------------------------

def _noisy(grad, scale):
    if grad is None:
        return None
    shape = grad.dense_shape if isinstance(grad, IndexedSlices) else grad.shape
    return convert_to_tensor(grad) + truncated_normal(shape) * scale


def _multiplied(grad, var, multipliers):
    factor = multipliers.get(var, multipliers.get(var.name))
    return grad if grad is None or factor is None else scaled(grad, cast(factor, grad.dtype))


def _clipped(pairs, clip_gradients):
    if clip_gradients is None:
        return pairs
    if isinstance(clip_gradients, float):
        grads, variables = zip(*pairs, strict=True)
        return list(zip(clip_by_global_norm(grads, clip_gradients)[0], variables, strict=True))
    if callable(clip_gradients):
        return clip_gradients(pairs)
    raise ValueError(f"Unknown type {type(clip_gradients)} for clip_gradients")


def _summarize(pairs, shown):
    for grad, var in pairs:
        values = grad.values if isinstance(grad, IndexedSlices) else grad
        if values is None:
            continue
        name = var.name.replace(":", "_")
        if "gradients" in shown:
            histogram(f"gradients/{name}", values)
        if "gradient_norm" in shown:
            scalar(f"gradient_norm/{name}", global_norm([values]))


def adaptive_clipping_fn(std_factor=2.0, decay=0.95, static_max_norm=None, global_step=None,
                         report_summary=False, epsilon=1e-8, name=None):
    """A function for clip_gradients: no gradients much larger than they have been.

    It keeps moving averages of the logarithm of the global norm and of its square. Where the norm
    exceeds exp(mean + std_factor deviation), gradients are scaled down to the norm exp(mean).

    Args:
      std_factor: float.
      decay: float, of the moving averages.
      static_max_norm: float, what the norm never exceeds.
      global_step: Variable; with it, the averages adapt quicker in the beginning.
      report_summary: bool, write a summary of the greatest norm.
      epsilon: float, against logarithms of 0.
      name: str, of the scope.

    As in TF: tf.contrib.slim.adaptive_clipping_fn.
    """
    def clip(grads_and_vars):
        grads = [grad for grad, _ in grads_and_vars]
        norm = global_norm(grads)
        greatest, mean = _usual(norm, std_factor, decay, global_step, epsilon, name)
        if report_summary:
            scalar("global_norm/adaptive_max_gradient_norm", greatest)
        factor = where(norm < greatest, ones_like(norm), exp(mean) / norm)
        if static_max_norm is not None:
            factor = minimum(static_max_norm / norm, factor)
        return [(None if grad is None else scaled(grad, factor), var)
                for grad, var in grads_and_vars]

    return clip


def _usual(norm, std_factor, decay, global_step, epsilon, name):
    """(greatest usual norm, logarithm of the mean one), from moving averages."""
    with variable_scope(name, "AdaptiveMaxNorm", [norm]):
        found = log(norm + epsilon)
        if global_step is not None:
            n = cast(global_step, "float32")
            decay = minimum(decay, n / (n + 1.0))

        def average(label, value):
            kept = get_variable(label, value.shape, value.dtype, zeros_initializer(),
                                trainable=False)
            return assign_moving_average(kept, value, decay, zero_debias=False)

        mean, squares = average("mean", found), average("sq_mean", square(found))
        deviation = sqrt(maximum(epsilon, squares - square(mean)))
        return exp(mean + std_factor * deviation), mean
