"""How good a path of a beam search is: its probability, its length, what it has looked at.

    score = log probability / ((5 + length) / 6) ** length_penalty_weight
            + coverage_penalty_weight * sum over the memory of log(min(attention, 1))

where attention is the sum of the alignments over the path's steps (Wu et al. 2016,
https://arxiv.org/abs/1609.08144, section 7). Read next: beam_search.py.
"""

from pellucid.core import dtypes
from pellucid.core.operation import convert_to_tensor
from pellucid.ops.arrays.creation import ones_like
from pellucid.ops.arrays.joining import concat
from pellucid.ops.arrays.masking import one_hot
from pellucid.ops.arrays.shaping import expand_dims, reshape, shape
from pellucid.ops.arrays.tiling import tile
from pellucid.ops.math.casting import cast
from pellucid.ops.math.comparison import equal
from pellucid.ops.math.elementwise import minimum
from pellucid.ops.math.functions import log
from pellucid.ops.math.reductions import reduce_mean, reduce_sum
from pellucid.ops.math.selection import where
from pellucid.seq2seq.attention_wrapper import AttentionWrapperState


def path_scores(log_probs, lengths, length_penalty_weight, coverage_penalty_weight, finished,
                attention):
    """The scores of all ways to go on, shape (batch, beams, symbols).

    Args:
      log_probs: Tensor of that shape.
      lengths: int64 Tensor of that shape.
      length_penalty_weight, coverage_penalty_weight: float or scalar Tensor.
      finished: bool Tensor, shape (batch, beams): only finished paths pay for coverage.
      attention: Tensor, shape (batch, beams, memory's time), or None without coverage.
    """
    scores = log_probs / cast(length_penalty(lengths, length_penalty_weight), log_probs.dtype)
    if attention is None:
        return scores
    # What was never looked at lies behind the source's end: log 1 = 0.
    attention = where(equal(attention, 0.0), ones_like(attention), attention)
    penalty = reduce_sum(log(minimum(attention, 1.0)), 2) * cast(finished, attention.dtype)
    return scores + expand_dims(penalty * coverage_penalty_weight, 2)


def length_penalty(lengths, weight):
    """((5 + length) / 6) ** weight; 1 where the weight is known to be 0."""
    weight = convert_to_tensor(weight, name="penalty_factor")
    weight.set_shape([])
    if weight.spec.value == 0:
        return 1.0
    return (5.0 + cast(lengths, dtypes.float32)) ** weight / (5.0 + 1.0) ** weight


def attention_of(cell_state, coverage_penalty_weight):
    """The last alignments of all attentions in a cell's state, their mean; None without coverage.

    ValueError if there is a weight, but no attention.
    """
    if isinstance(coverage_penalty_weight, int | float) and coverage_penalty_weight == 0:
        return None
    is_one = isinstance(cell_state, AttentionWrapperState) or not isinstance(cell_state, tuple)
    found = [_mean(state.alignments) for state in ([cell_state] if is_one else cell_state)
             if isinstance(state, AttentionWrapperState)]
    if not found:
        raise ValueError("coverage_penalty_weight must be 0.0 if no cell is attentional.")
    return _mean(tuple(found))


def _mean(tensors):
    if not isinstance(tensors, tuple):
        return tensors
    if len(tensors) == 1:
        return tensors[0]
    return reduce_mean(concat([expand_dims(x, -1) for x in tensors], -1), -1)


def only_end_after_end(log_probs, end_token, finished):
    """The log-probabilities, but of finished paths: 0 for the end token, else the least number."""
    symbols = shape(log_probs)[2]
    row = one_hot(end_token, symbols, 0.0, log_probs.dtype.min, dtype=log_probs.dtype)
    rows = tile(reshape(row, [1, 1, -1]), concat([shape(finished), [1]], 0))
    return where(tile(expand_dims(finished, 2), [1, 1, symbols]), rows, log_probs)
