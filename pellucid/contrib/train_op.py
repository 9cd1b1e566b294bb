"""create_train_op: slim's training operation, which is also the loss."""

from pellucid.core.graph import GraphKeys, get_default_graph
from pellucid.core.indexed_slices import IndexedSlices
from pellucid.core.operation import convert_to_tensor
from pellucid.ops.arguments import name_scope
from pellucid.ops.control.waiting import no_op, with_dependencies
from pellucid.ops.math.numerics import check_numerics as checked
from pellucid.ops.state.variables import get_collection, get_collection_ref, trainable_variables
from pellucid.platform import log as logging
from pellucid.summary.histograms import histogram
from pellucid.summary.scalars import scalar
from pellucid.training.clipping import clip_by_norm, global_norm
from pellucid.training.training_util import get_or_create_global_step

_OF_THE_GRAPH = 0                 # global_step=None means none at all


def create_train_op(total_loss, optimizer, global_step=_OF_THE_GRAPH, update_ops=None,
                    variables_to_train=None, transform_grads_fn=None, summarize_gradients=False,
                    gate_gradients=1, aggregation_method=None,
                    colocate_gradients_with_ops=False, check_numerics=True):
    """A Tensor of the loss that, when it is computed, makes a step of training.

    Args:
      total_loss: scalar Tensor.
      optimizer: Optimizer.
      global_step: Variable to increase by one; by default the graph's own, made where there is
        none; None for none.
      update_ops: list of Operations to run before; by default the collection UPDATE_OPS.
      variables_to_train: list of Variable; by default the trainable ones.
      transform_grads_fn: function from a list of (gradient, variable) to such a list.
      summarize_gradients: bool, write summaries of each gradient and its norm.
      gate_gradients, aggregation_method, colocate_gradients_with_ops: as of minimize.
      check_numerics: bool, fail if the loss is not finite.

    As in TF: tf.contrib.training.create_train_op.
    """
    if global_step is _OF_THE_GRAPH:
        global_step = get_or_create_global_step()
    total_loss = _after(total_loss, update_ops)
    if variables_to_train is None:
        variables_to_train = trainable_variables()
    assert variables_to_train, "There are no variables to train."
    pairs = optimizer.compute_gradients(
        total_loss, variables_to_train, gate_gradients=gate_gradients,
        aggregation_method=aggregation_method,
        colocate_gradients_with_ops=colocate_gradients_with_ops)
    if transform_grads_fn:
        pairs = transform_grads_fn(pairs)
    if summarize_gradients:
        with name_scope("summarize_grads"):
            add_gradients_summaries(pairs)
    step = optimizer.apply_gradients(pairs, global_step=global_step)
    with name_scope("train_op"):
        if check_numerics:
            total_loss = checked(total_loss, "LossTensor is inf or nan")
        train_op = with_dependencies([step], total_loss)
    steps = get_collection_ref(GraphKeys.TRAIN_OP)
    if train_op not in steps:
        steps.append(train_op)
    return train_op


def _after(total_loss, update_ops):
    """The loss, computed after the updates."""
    everywhere = get_collection(GraphKeys.UPDATE_OPS)
    updates = list(dict.fromkeys(everywhere if update_ops is None else update_ops))
    if not set(everywhere) <= set(updates):
        logging.warning("update_ops in create_train_op does not contain all the update_ops in "
                        "GraphKeys.UPDATE_OPS")
    if not updates:
        return total_loss
    with get_default_graph().control_dependencies(updates):
        barrier = no_op(name="update_barrier")
    return with_dependencies([barrier], total_loss)


def slim_create_train_op(total_loss, optimizer, global_step=_OF_THE_GRAPH, update_ops=None,
                         variables_to_train=None, clip_gradient_norm=0,
                         summarize_gradients=False, gate_gradients=1, aggregation_method=None,
                         colocate_gradients_with_ops=False, gradient_multipliers=None,
                         check_numerics=True):
    """create_train_op, where gradients are multiplied and clipped on the way.

    Args:
      clip_gradient_norm: float, the greatest norm of each gradient; 0 for any.
      gradient_multipliers: {Variable or the name of its operation: factor of its gradient}.
      All others: as of create_train_op.

    As in TF: tf.contrib.slim.learning.create_train_op.
    """
    def transform(pairs):
        if gradient_multipliers:
            with name_scope("multiply_grads"):
                pairs = multiply_gradients(pairs, gradient_multipliers)
        if clip_gradient_norm > 0:
            with name_scope("clip_grads"):
                pairs = clip_gradient_norms(pairs, clip_gradient_norm)
        return pairs

    return create_train_op(total_loss, optimizer, global_step, update_ops, variables_to_train,
                           transform, summarize_gradients, gate_gradients, aggregation_method,
                           colocate_gradients_with_ops, check_numerics)


# -- gradients -----------------------------------------------------------------------------

def scaled(grad, factor):
    """A gradient times a factor; IndexedSlices stay such."""
    if isinstance(grad, IndexedSlices):
        return IndexedSlices(grad.values * factor, grad.indices, grad.dense_shape)
    return grad * factor


def clip_gradient_norms(gradients_to_variables, max_norm):
    """(gradient, variable) pairs, each gradient of a norm of at most max_norm.

    As in TF: tf.contrib.training.clip_gradient_norms, tf.contrib.slim.learning's.
    """
    def clip(grad):
        if isinstance(grad, IndexedSlices):
            return IndexedSlices(clip_by_norm(grad.values, max_norm), grad.indices,
                                 grad.dense_shape)
        return None if grad is None else clip_by_norm(grad, max_norm)

    return [(clip(grad), var) for grad, var in gradients_to_variables]


def multiply_gradients(grads_and_vars, gradient_multipliers):
    """(gradient, variable) pairs, gradients multiplied by {variable or its name: factor}.

    As in TF: tf.contrib.training.multiply_gradients, tf.contrib.slim.learning's.
    """
    if not isinstance(grads_and_vars, list):
        raise ValueError("`grads_and_vars` must be a list.")
    if not isinstance(gradient_multipliers, dict) or not gradient_multipliers:
        raise ValueError("`gradient_multipliers` must be a dict that is not empty.")
    result = []
    for grad, var in grads_and_vars:
        factor = gradient_multipliers.get(var, gradient_multipliers.get(var.op.name))
        if factor is not None:
            if grad is None:
                raise ValueError("Requested multiple of `None` gradient.")
            grad = scaled(grad, convert_to_tensor(factor, grad.dtype))
        result.append((grad, var))
    return result


def add_gradients_summaries(grads_and_vars):
    """List of summaries: the histogram of each gradient, and its norm.

    As in TF: tf.contrib.training.add_gradients_summaries, tf.contrib.slim.learning's.
    """
    summaries = []
    for grad, var in grads_and_vars:
        if grad is None:
            logging.info("Var %s has no gradient", var.op.name)
            continue
        values = grad.values if isinstance(grad, IndexedSlices) else grad
        summaries += [histogram(f"{var.op.name}_gradient", values),
                      scalar(f"{var.op.name}_gradient_norm", global_norm([values]))]
    return summaries
