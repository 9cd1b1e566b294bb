"""Linear-chain conditional random fields: labels of a sequence that depend on each other.

    likelihood, transitions = tf.contrib.crf.crf_log_likelihood(scores, tags, lengths)
    loss = tf.reduce_mean(-likelihood)
    best, score = tf.contrib.crf.crf_decode(scores, transitions, lengths)

The score of tags y for a sequence is sum_t scores[t, y_t] + sum_t transitions[y_(t-1), y_t]; its
probability is exp(score) divided by the sum of that over all tag sequences, which the forward
recursion gives (Lafferty, McCallum & Pereira 2001). What lies beyond a sequence's length counts
for nothing. Read next: crf_cells.py, the recursions' steps.
"""

import numpy as np

from pellucid.contrib.crf_cells import (
    CrfDecodeBackwardRnnCell,
    CrfDecodeForwardRnnCell,
    CrfForwardRnnCell,
)
from pellucid.core import dtypes
from pellucid.core.operation import convert_to_tensor
from pellucid.nn.choice import smart_cond
from pellucid.ops.arrays.creation import zeros_like
from pellucid.ops.arrays.gathering import gather_nd
from pellucid.ops.arrays.joining import concat, stack
from pellucid.ops.arrays.masking import one_hot, sequence_mask
from pellucid.ops.arrays.sequences import reverse_sequence
from pellucid.ops.arrays.shaping import expand_dims, shape, squeeze
from pellucid.ops.math.casting import cast
from pellucid.ops.math.comparison import equal, less_equal
from pellucid.ops.math.elementwise import maximum
from pellucid.ops.math.positions import argmax
from pellucid.ops.math.reductions import reduce_max, reduce_sum
from pellucid.ops.math.selection import where
from pellucid.ops.math.statistics import reduce_logsumexp
from pellucid.ops.state.variable_scope import get_variable, variable_scope
from pellucid.recurrent.dynamic import dynamic_rnn


def crf_log_likelihood(inputs, tag_indices, sequence_lengths, transition_params=None):
    """The logarithm of the probability that the model gives to the tags.

    Args:
      inputs: float Tensor, shape (batch, steps, tags): the score of each tag at each step.
      tag_indices: int Tensor, shape (batch, steps): the right tags.
      sequence_lengths: int Tensor, shape (batch,).
      transition_params: Tensor, shape (tags, tags), the score of tag j after tag i; by default
        the variable "transitions".

    Returns:
      (log likelihoods, shape (batch,); transition_params).

    As in TF: tf.contrib.crf.crf_log_likelihood.
    """
    inputs = convert_to_tensor(inputs)
    if transition_params is None:
        tags = _count_of_tags(inputs)
        transition_params = get_variable("transitions", [tags, tags])
    score = crf_sequence_score(inputs, tag_indices, sequence_lengths, transition_params)
    return score - crf_log_norm(inputs, sequence_lengths, transition_params), transition_params


def crf_sequence_score(inputs, tag_indices, sequence_lengths, transition_params):
    """The score of the tags, not yet normalized, shape (batch,); 0 for empty sequences.

    Args: see crf_log_likelihood. As in TF: tf.contrib.crf.crf_sequence_score.
    """
    return (crf_unary_score(tag_indices, sequence_lengths, inputs)
            + crf_binary_score(tag_indices, sequence_lengths, transition_params))


def crf_multitag_sequence_score(inputs, tag_bitmap, sequence_lengths, transition_params):
    """The logarithm of the summed exp(score) of all tag sequences that a bitmap allows.

    Args:
      tag_bitmap: bool Tensor, shape (batch, steps, tags): which tags may stand at each step.
      others: see crf_log_likelihood.

    As in TF: tf.contrib.crf.crf_multitag_sequence_score.
    """
    inputs = convert_to_tensor(inputs)
    never = zeros_like(inputs) - np.inf
    allowed = where(cast(tag_bitmap, dtypes.bool_), inputs, never)
    return crf_log_norm(allowed, sequence_lengths, transition_params)


def crf_unary_score(tag_indices, sequence_lengths, inputs):
    """The sum of the tags' own scores, shape (batch,).

    Args: see crf_log_likelihood. As in TF: tf.contrib.crf.crf_unary_score.
    """
    inputs = convert_to_tensor(inputs)
    chosen = one_hot(tag_indices, shape(inputs)[2], dtype=inputs.dtype)
    within = sequence_mask(sequence_lengths, shape(inputs)[1], inputs.dtype)
    return reduce_sum(reduce_sum(where(cast(chosen, dtypes.bool_), inputs, zeros_like(inputs)), 2)
                      * within, 1)


def crf_binary_score(tag_indices, sequence_lengths, transition_params):
    """The sum of the scores of the transitions between tags, shape (batch,).

    Args: see crf_log_likelihood. As in TF: tf.contrib.crf.crf_binary_score.
    """
    transitions = convert_to_tensor(transition_params)
    tags = convert_to_tensor(tag_indices)
    scores = gather_nd(transitions, stack([tags[:, :-1], tags[:, 1:]], 2))
    within = sequence_mask(sequence_lengths, shape(tags)[1], transitions.dtype)
    return reduce_sum(scores * within[:, 1:], 1)


def crf_log_norm(inputs, sequence_lengths, transition_params):
    """The logarithm of the sum of exp(score) over all tag sequences, shape (batch,).

    Args: see crf_log_likelihood. Empty sequences get 0.
    As in TF: tf.contrib.crf.crf_log_norm.
    """
    inputs = convert_to_tensor(inputs)
    lengths = convert_to_tensor(sequence_lengths)
    alphas = inputs[:, 0]
    if inputs.shape[1].value != 1:
        _, alphas = dynamic_rnn(CrfForwardRnnCell(transition_params), inputs[:, 1:],
                                sequence_length=maximum(lengths - 1, 0), initial_state=alphas,
                                dtype=inputs.dtype)
    norm = reduce_logsumexp(alphas, [1])
    return where(less_equal(lengths, 0), zeros_like(norm), norm)


def crf_decode(potentials, transition_params, sequence_length):
    """The tags that score highest (Viterbi 1967), in the graph.

    Args:
      potentials: float Tensor, shape (batch, steps, tags).
      transition_params: Tensor, shape (tags, tags).
      sequence_length: int Tensor, shape (batch,).

    Returns:
      (int32 tags, shape (batch, steps), zeros beyond a sequence's length; their score, shape
      (batch,)).

    As in TF: tf.contrib.crf.crf_decode.
    """
    potentials = convert_to_tensor(potentials)
    steps = maximum(cast(convert_to_tensor(sequence_length), dtypes.int32) - 1, 0)

    def of_one_step():
        best = cast(argmax(potentials, 2), dtypes.int32)
        return best, reduce_max(squeeze(potentials, [1]), 1)

    return smart_cond(equal(shape(potentials)[1], 1), of_one_step,
                      lambda: _decode(potentials, transition_params, steps))


def _decode(potentials, transition_params, steps):
    """The best tags of two steps or more, and their score; `steps` come after the first."""
    with variable_scope(None, "crf_decode"):
        came_from, scores = dynamic_rnn(
            CrfDecodeForwardRnnCell(transition_params), potentials[:, 1:], sequence_length=steps,
            initial_state=potentials[:, 0], dtype=dtypes.int32, scope="forward")
        last = expand_dims(cast(argmax(scores, 1), dtypes.int32), 1)
        earlier, _ = dynamic_rnn(
            CrfDecodeBackwardRnnCell(_count_of_tags(potentials)),
            reverse_sequence(came_from, steps, 1), sequence_length=steps, initial_state=last,
            dtype=dtypes.int32, scope="backward")
    backwards = concat([last, squeeze(earlier, [2])], 1)
    return reverse_sequence(backwards, steps + 1, 1), reduce_max(scores, 1)


def viterbi_decode(score, transition_params):
    """The tags of one sequence that score highest, outside of the graph.

    Args:
      score: array, shape (steps, tags).
      transition_params: array, shape (tags, tags).

    Returns:
      (list of int, the score).

    As in TF: tf.contrib.crf.viterbi_decode.
    """
    score, transitions = np.asarray(score), np.asarray(transition_params)
    best, came_from = score[0], []
    for step in score[1:]:
        candidates = best[:, None] + transitions
        came_from.append(np.argmax(candidates, 0))
        best = step + np.max(candidates, 0)
    tags = [int(np.argmax(best))]
    for pointers in reversed(came_from):
        tags.append(int(pointers[tags[-1]]))
    return tags[::-1], np.max(best)


def _count_of_tags(inputs):
    """The last dimension. ValueError where it is unknown."""
    tags = inputs.shape[2].value
    if tags is None:
        raise ValueError(f"The number of tags, the last dimension of {inputs}, must be known.")
    return tags


def __getattr__(name):
    """The public names: this file bears the name of its face, api/contrib/crf.py."""
    from pellucid.names.old import from_face
    return from_face("pellucid.api.contrib.crf", name)
