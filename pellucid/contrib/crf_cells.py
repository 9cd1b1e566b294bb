"""The steps of a conditional random field's recursions, as cells. Read crf.py first."""

from pellucid.core import dtypes
from pellucid.core.operation import convert_to_tensor
from pellucid.ops.arrays.creation import range_
from pellucid.ops.arrays.gathering import gather_nd
from pellucid.ops.arrays.joining import stack
from pellucid.ops.arrays.shaping import expand_dims, shape, squeeze
from pellucid.ops.math.casting import cast
from pellucid.ops.math.positions import argmax
from pellucid.ops.math.reductions import reduce_max
from pellucid.ops.math.statistics import reduce_logsumexp
from pellucid.recurrent.cell import RNNCell


class _TransitionCell(RNNCell):
    """A cell whose state is a number for each tag."""

    def __init__(self, transition_params):
        super().__init__()
        self._transitions = expand_dims(convert_to_tensor(transition_params), 0)
        self._tags = self._transitions.shape[1].value

    @property
    def state_size(self):
        return self._tags

    @property
    def output_size(self):
        return self._tags

    def _candidates(self, state):
        """state_i + transitions_ij, shape (batch, tags, tags)."""
        return expand_dims(state, 2) + self._transitions


class CrfForwardRnnCell(_TransitionCell):
    """alpha'_j = input_j + log sum_i exp(alpha_i + transitions_ij).

    Args:
      transition_params: Tensor, shape (tags, tags).

    As in TF: tf.contrib.crf.CrfForwardRnnCell.
    """

    def call(self, inputs, state):
        alphas = inputs + reduce_logsumexp(self._candidates(state), [1])
        return alphas, alphas


class CrfDecodeForwardRnnCell(_TransitionCell):
    """best'_j = input_j + max_i (best_i + transitions_ij); its output is which i it was, int32.

    Args:
      transition_params: Tensor, shape (tags, tags).

    As in TF: tf.contrib.crf.CrfDecodeForwardRnnCell.
    """

    def call(self, inputs, state):
        candidates = self._candidates(state)
        return (cast(argmax(candidates, 1), dtypes.int32),
                inputs + reduce_max(candidates, [1]))


class CrfDecodeBackwardRnnCell(RNNCell):
    """Follows the pointers of CrfDecodeForwardRnnCell: the state is the tag, shape (batch, 1).

    Args:
      num_tags: int.

    As in TF: tf.contrib.crf.CrfDecodeBackwardRnnCell.
    """

    def __init__(self, num_tags):
        super().__init__()
        self._num_tags = num_tags

    @property
    def state_size(self):
        return 1

    @property
    def output_size(self):
        return 1

    def call(self, inputs, state):
        tag = squeeze(state, [1])
        before = gather_nd(inputs, stack([range_(shape(inputs)[0]), tag], 1))
        tag = expand_dims(before, 1)
        return tag, tag
