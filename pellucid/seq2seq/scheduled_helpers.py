"""Scheduled sampling: in training, some inputs are the decoder's own outputs.

A decoder that only ever read the right sequence has not learned to go on after a mistake
(Bengio et al. 2015, https://arxiv.org/abs/1506.03099). Read next: attention.py.
"""

from pellucid.core import dtypes
from pellucid.core.operation import convert_to_tensor
from pellucid.ops.arguments import name_scope
from pellucid.ops.arrays.creation import fill
from pellucid.ops.arrays.gathering import gather_nd, scatter_nd
from pellucid.ops.arrays.joining import concat
from pellucid.ops.arrays.shaping import shape
from pellucid.ops.control.cond import cond
from pellucid.ops.math.casting import cast
from pellucid.ops.math.comparison import greater, less, logical_not, logical_or
from pellucid.ops.math.reductions import reduce_all, reduce_any
from pellucid.ops.math.selection import where
from pellucid.ops.random.draws import random_uniform
from pellucid.recurrent.dynamic import swap_batch_and_time
from pellucid.seq2seq.helpers import TrainingHelper, as_embedding, draw, steps_of


class ScheduledEmbeddingTrainingHelper(TrainingHelper):
    """A TrainingHelper that with some probability reads a drawn symbol's embedding instead.

    Its samples are the drawn symbols, -1 where none was drawn.

    Args:
      inputs, sequence_length, time_major, name: as in TrainingHelper.
      embedding: as in GreedyEmbeddingHelper.
      sampling_probability: scalar float32 Tensor, how likely a row reads its own symbol.
      seed: int, of the symbols.
      scheduling_seed: int, of the choice of rows.

    As in TF: tf.contrib.seq2seq.ScheduledEmbeddingTrainingHelper.
    """

    def __init__(self, inputs, sequence_length, embedding, sampling_probability,
                 time_major=False, seed=None, scheduling_seed=None, name=None):
        with name_scope(name, "ScheduledEmbeddingSamplingWrapper", [sampling_probability]):
            self._embedding_fn = as_embedding(embedding)
            self._sampling_probability = _as_probability(sampling_probability)
            self._seed, self._scheduling_seed = seed, scheduling_seed
            super().__init__(inputs, sequence_length, time_major, name)

    def sample(self, time, outputs, state, name=None):
        with name_scope(name, "ScheduledEmbeddingTrainingHelperSample", [time, outputs]):
            chosen = _with_probability(self._sampling_probability, self.batch_size,
                                       self._scheduling_seed)
            return where(chosen, draw(outputs, self._seed), fill([self.batch_size], -1))

    def next_inputs(self, time, outputs, state, sample_ids, name=None):
        with name_scope(name, "ScheduledEmbeddingTrainingHelperNextInputs", [time, outputs]):
            finished, given, state = super().next_inputs(time, outputs, state)

            def mixed():
                own, others = _positions(greater(sample_ids, -1))
                return _merged(given, own, self._embedding_fn(gather_nd(sample_ids, own)),
                               others)

            return finished, cond(reduce_all(finished), lambda: given, mixed), state


class ScheduledOutputTrainingHelper(TrainingHelper):
    """A TrainingHelper that with some probability reads the step's own output instead.

    Its samples are bool: which rows do.

    Args:
      inputs, sequence_length, time_major, name: as in TrainingHelper.
      sampling_probability: scalar float32 Tensor, how likely a row reads its own output.
      seed: int.
      next_inputs_fn: function(outputs) -> inputs; the outputs themselves by default.
      auxiliary_inputs: Tensor laid out as inputs are, put at the end of each input, whichever
        it is; None for nothing.

    As in TF: tf.contrib.seq2seq.ScheduledOutputTrainingHelper.
    """

    def __init__(self, inputs, sequence_length, sampling_probability, time_major=False,
                 seed=None, next_inputs_fn=None, auxiliary_inputs=None, name=None):
        with name_scope(name, "ScheduledOutputTrainingHelper",
                        [inputs, auxiliary_inputs, sampling_probability]):
            self._sampling_probability = _as_probability(sampling_probability)
            self._seed, self._next_inputs_fn, self._auxiliary = seed, next_inputs_fn, None
            if auxiliary_inputs is not None:
                auxiliary = convert_to_tensor(auxiliary_inputs, name="auxiliary_inputs")
                inputs = concat([convert_to_tensor(inputs, name="inputs"), auxiliary], -1)
                self._auxiliary = steps_of(
                    auxiliary if time_major else swap_batch_and_time(auxiliary))
            super().__init__(inputs, sequence_length, time_major, name)

    def sample(self, time, outputs, state, name=None):
        with name_scope(name, "ScheduledOutputTrainingHelperSample", [time, outputs]):
            chosen = _with_probability(self._sampling_probability, self.batch_size, self._seed)
            return cast(chosen, dtypes.int32)

    def next_inputs(self, time, outputs, state, sample_ids, name=None):
        with name_scope(name, "ScheduledOutputTrainingHelperNextInputs", [time, outputs]):
            finished, given, state = super().next_inputs(time, outputs, state)
            chosen = cast(sample_ids, dtypes.bool_)

            def mixed():
                if self._next_inputs_fn is None:
                    return where(chosen, self._completed(outputs, time), given)
                own, others = _positions(chosen)
                inputs = self._next_inputs_fn(gather_nd(outputs, own))
                return _merged(given, own, self._completed(inputs, time, own), others)

            nothing = logical_or(reduce_all(finished), logical_not(reduce_any(chosen)))
            return finished, cond(nothing, lambda: given, mixed), state

    def _completed(self, inputs, time, rows=None):
        """Inputs (of some rows) with the auxiliary ones at their end."""
        if self._auxiliary is None:
            return inputs
        auxiliary = self._auxiliary.read(time + 1)
        return concat([inputs, auxiliary if rows is None else gather_nd(auxiliary, rows)], -1)


def _as_probability(value):
    value = convert_to_tensor(value, name="sampling_probability")
    if value.spec.rank not in (0, 1):
        raise ValueError("sampling_probability must be either a scalar or a vector. saw shape: "
                         f"{value.shape}")
    return value


def _with_probability(probability, batch_size, seed):
    """A bool for each row, true with that probability."""
    drawn = random_uniform(concat([[batch_size], shape(probability)], 0), seed=seed,
                           dtype=probability.dtype)
    return less(drawn, probability)


def _positions(chosen):
    """([row] of the rows that are chosen, of those that are not), for gather_nd."""
    return [cast(where(rows), dtypes.int32) for rows in (chosen, logical_not(chosen))]


def _merged(given, own, replacements, others):
    """`given`, but in the rows `own` the replacements."""
    whole = shape(given)
    return (scatter_nd(own, replacements, whole)
            + scatter_nd(others, gather_nd(given, others), whole))
