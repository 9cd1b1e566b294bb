"""Losses of lists of steps: each step has its logits, targets and weights.

As in TF: tf.contrib.legacy_seq2seq.
"""

from pellucid.ops.arguments import name_scope
from pellucid.ops.arrays.shaping import reshape, shape
from pellucid.ops.math.casting import cast
from pellucid.ops.math.elementwise import add_n
from pellucid.ops.math.reductions import reduce_sum
from pellucid.ops.neural.cross_entropy import sparse_softmax_cross_entropy_with_logits


def sequence_loss_by_example(logits, targets, weights, average_across_timesteps=True,
                             softmax_loss_function=None, name=None):
    """The weighted cross-entropy of each example, summed or averaged over time.

    Args:
      logits: list of Tensor, one a step, shape (batch, symbols).
      targets: list of int Tensor, shape (batch,).
      weights: list of float Tensor, shape (batch,).
      average_across_timesteps: bool, divide by the sum of the weights.
      softmax_loss_function: function(labels=, logits=) -> Tensor of shape (batch,), in place of
        the cross-entropy.

    Returns:
      Tensor of shape (batch,): the log-perplexity of each sequence.

    As in TF: tf.contrib.legacy_seq2seq.sequence_loss_by_example.
    """
    if not len(logits) == len(targets) == len(weights):
        raise ValueError("Lengths of logits, weights, and targets must be the same: "
                         f"{len(logits)}, {len(weights)}, {len(targets)}.")
    with name_scope(name, "sequence_loss_by_example", [*logits, *targets, *weights]):
        losses = []
        for logit, target, weight in zip(logits, targets, weights, strict=True):
            if softmax_loss_function is None:
                loss = sparse_softmax_cross_entropy_with_logits(
                    labels=reshape(target, [-1]), logits=logit)
            else:
                loss = softmax_loss_function(labels=target, logits=logit)
            losses.append(loss * weight)
        total = add_n(losses)
        if average_across_timesteps:
            total = total / (add_n(weights) + 1e-12)
        return total


def sequence_loss(logits, targets, weights, average_across_timesteps=True,
                  average_across_batch=True, softmax_loss_function=None, name=None):
    """sequence_loss_by_example, summed or averaged over the batch: a scalar.

    As in TF: tf.contrib.legacy_seq2seq.sequence_loss.
    """
    with name_scope(name, "sequence_loss", [*logits, *targets, *weights]):
        cost = reduce_sum(sequence_loss_by_example(
            logits, targets, weights, average_across_timesteps, softmax_loss_function))
        if average_across_batch:
            return cost / cast(shape(targets[0])[0], cost.dtype)
        return cost
