"""Losses over very many classes, of which only the true ones and a few others are looked at."""

from pellucid.core import dtypes
from pellucid.nn.embedding import embedding_lookup
from pellucid.ops.arguments import as_tensor, name_scope
from pellucid.ops.arrays.creation import ones_like, zeros_like
from pellucid.ops.arrays.gathering import tensor_scatter_update
from pellucid.ops.arrays.joining import concat, stack
from pellucid.ops.arrays.shaping import expand_dims, reshape, shape, size
from pellucid.ops.control.passing import stop_gradient
from pellucid.ops.linalg.linear_algebra import matmul
from pellucid.ops.math.casting import cast
from pellucid.ops.math.functions import log
from pellucid.ops.math.reductions import reduce_sum
from pellucid.ops.neural.candidate_sampling import (
    compute_accidental_hits,
    log_uniform_candidate_sampler,
)
from pellucid.ops.neural.cross_entropy import (
    sigmoid_cross_entropy_with_logits,
    softmax_cross_entropy_with_logits_v2,
)
from pellucid.ops.state.partitioned_variables import PartitionedVariable


def nce_loss(weights, biases, labels, inputs, num_sampled, num_classes, num_true=1,
             sampled_values=None, remove_accidental_hits=False, partition_strategy="mod",
             name="nce_loss"):
    """Noise-contrastive estimation: tell the true classes from classes drawn at random.

    The logits are inputs weights^T + biases, less the logarithm of how often a class is
    drawn; the loss is their sigmoid cross entropy, true classes against drawn ones.

    Args:
      weights: Tensor or Variable, shape (num_classes, dim), or list of its parts, as in
        embedding_lookup.
      biases: Tensor or Variable, shape (num_classes,).
      labels: Tensor of int64, shape (batch, num_true).
      inputs: Tensor, shape (batch, dim).
      num_sampled: int, how many classes to draw for the batch.
      num_classes: int.
      num_true: int, how many true classes an example has; each counts 1 / num_true.
      sampled_values: what a candidate sampler returned; log_uniform_candidate_sampler's by
        default.
      remove_accidental_hits: bool, whether a drawn class that is a true one is left out.
      partition_strategy: "mod" or "div", of the parts of weights.

    Returns:
      Tensor, shape (batch,), the loss of each example.

    Gutmann & Hyvarinen 2010, "Noise-contrastive estimation". As in TF: tf.nn.nce_loss.
    """
    logits, targets = _sampled_logits(
        weights, biases, labels, inputs, num_sampled, num_classes, num_true, sampled_values,
        remove_accidental_hits, partition_strategy, name, None)
    losses = sigmoid_cross_entropy_with_logits(labels=targets, logits=logits,
                                               name="sampled_losses")
    return reduce_sum(losses, 1)


def sampled_softmax_loss(weights, biases, labels, inputs, num_sampled, num_classes, num_true=1,
                         sampled_values=None, remove_accidental_hits=True,
                         partition_strategy="mod", name="sampled_softmax_loss", seed=None):
    """Softmax cross entropy over the true classes and classes drawn at random.

    For training only; evaluate with all classes. Arguments and result as nce_loss's; `seed`
    is the sampler's.

    Jean et al. 2014, "On using very large target vocabulary". As in TF:
    tf.nn.sampled_softmax_loss.
    """
    logits, targets = _sampled_logits(
        weights, biases, labels, inputs, num_sampled, num_classes, num_true, sampled_values,
        remove_accidental_hits, partition_strategy, name, seed)
    return softmax_cross_entropy_with_logits_v2(labels=stop_gradient(targets), logits=logits)


def _sampled_logits(weights, biases, labels, inputs, num_sampled, num_classes, num_true,
                    sampled_values, remove_accidental_hits, partition_strategy, name, seed):
    """(logits, targets), shape (batch, num_true + num_sampled)."""
    many = isinstance(weights, list | tuple | PartitionedVariable)
    parts = list(weights) if many else [weights]
    with name_scope(name, "compute_sampled_logits", [*parts, biases, inputs, labels]):
        labels, inputs = as_tensor(labels, name="labels"), as_tensor(inputs, name="inputs")
        if labels.dtype is not dtypes.int64:
            labels = cast(labels, dtypes.int64)
        if sampled_values is None:
            sampled_values = log_uniform_candidate_sampler(
                labels, num_true, num_sampled, True, num_classes, seed)
        sampled, true_count, sampled_count = map(stop_gradient, sampled_values)
        # One lookup for both, so that the table gets one gradient.
        flat = reshape(labels, [-1])
        ids = concat([flat, cast(sampled, dtypes.int64)], 0)
        rows = embedding_lookup(parts, ids, partition_strategy)
        offsets = embedding_lookup(biases, ids, partition_strategy)
        n = size(flat)
        true_rows = reshape(rows[:n], concat([shape(labels), shape(rows)[1:]], 0))
        true_logits = (reduce_sum(expand_dims(inputs, 1) * true_rows, -1)
                       + reshape(offsets[:n], [-1, num_true]))
        sampled_logits = matmul(inputs, rows[n:], transpose_b=True) + offsets[n:]
        if remove_accidental_hits:
            hits = compute_accidental_hits(labels, sampled, num_true)
            places = stack([cast(hits.indices, dtypes.int64), hits.ids], 1)
            sampled_logits += tensor_scatter_update(
                zeros_like(sampled_logits), places, cast(hits.weights, sampled_logits.dtype))
        logits = concat([true_logits - log(true_count), sampled_logits - log(sampled_count)], 1)
        targets = concat([ones_like(true_logits) / num_true, zeros_like(sampled_logits)], 1)
        return logits, targets
