"""The cross-entropy of sequences in one tensor, weighted step by step."""

from pellucid.ops.arguments import name_scope
from pellucid.ops.arrays.shaping import reshape, shape
from pellucid.ops.math.casting import cast
from pellucid.ops.math.comparison import not_equal
from pellucid.ops.math.reductions import reduce_sum
from pellucid.ops.neural.cross_entropy import sparse_softmax_cross_entropy_with_logits


def sequence_loss(logits, targets, weights, average_across_timesteps=True,
                  average_across_batch=True, sum_over_timesteps=False, sum_over_batch=False,
                  softmax_loss_function=None, name=None):
    """The weighted cross-entropy of sequences.

    Args:
      logits: Tensor, shape (batch, time, symbols).
      targets: int Tensor, shape (batch, time).
      weights: float Tensor, shape (batch, time).
      average_across_timesteps, average_across_batch: bool, whether an axis is summed and divided
        by the weights' sum; both: by the sum of all.
      sum_over_timesteps, sum_over_batch: bool, whether an axis is summed and divided by how many
        weights along it are not 0.
      softmax_loss_function: function(labels=, logits=) -> losses, in place of the cross-entropy.

    Returns:
      Tensor: a scalar, (time,), (batch,) or (batch, time), by what was averaged or summed.

    As in TF: tf.contrib.seq2seq.sequence_loss.
    """
    for what, x, rank, form in (("Logits", logits, 3, "[batch_size x sequence_length x logits]"),
                                ("Targets", targets, 2, "[batch_size x sequence_length]"),
                                ("Weights", weights, 2, "[batch_size x sequence_length]")):
        if len(x.get_shape()) != rank:
            raise ValueError(f"{what} must be a {form} tensor")
    if average_across_timesteps and sum_over_timesteps:
        raise ValueError("average_across_timesteps and sum_over_timesteps cannot be set to True "
                         "at same time.")
    if average_across_batch and sum_over_batch:
        raise ValueError("average_across_batch and sum_over_batch cannot be set to True at same "
                         "time.")
    if (average_across_batch and sum_over_timesteps) or (
            average_across_timesteps and sum_over_batch):
        raise ValueError("average_across_* and sum_over_* cannot be mixed: set both to average, "
                         "or both to sum.")
    with name_scope(name, "sequence_loss", [logits, targets, weights]):
        losses = _step_losses(logits, targets, softmax_loss_function) * reshape(weights, [-1])
        if average_across_timesteps and average_across_batch:
            return reduce_sum(losses) / _total(reduce_sum(weights))
        if sum_over_timesteps and sum_over_batch:
            counts = cast(_not_zero(weights), losses.dtype)
            return reduce_sum(losses) / _total(reduce_sum(counts))
        losses = reshape(losses, shape(logits)[:2])
        for axis, averages, sums in ((0, average_across_batch, sum_over_batch),
                                     (1, average_across_timesteps, sum_over_timesteps)):
            if averages:
                return reduce_sum(losses, [axis]) / _total(reduce_sum(weights, [axis]))
            if sums:
                counts = cast(_not_zero(weights), losses.dtype)
                return reduce_sum(losses, [axis]) / _total(reduce_sum(counts, [axis]))
        return losses


def _step_losses(logits, targets, function):
    symbols = shape(logits)[2]
    flat = reshape(logits, [-1, symbols])
    if function is None:
        return sparse_softmax_cross_entropy_with_logits(
            labels=reshape(targets, [-1]), logits=flat)
    return function(labels=reshape(targets, [-1]), logits=flat)


def _total(weight):
    return weight + 1e-12                 # nothing, divided by no weight, is nothing


def _not_zero(weights):
    return not_equal(weights, 0)
