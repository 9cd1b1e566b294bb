"""dynamic_decode: a decoder stepped until every sequence has ended.

    helper = tf.contrib.seq2seq.TrainingHelper(x, lengths)
    decoder = tf.contrib.seq2seq.BasicDecoder(cell, helper, state)
    outputs, state, lengths = tf.contrib.seq2seq.dynamic_decode(decoder)

The loop is in the graph, and knows nothing of what a step does. Read next: basic_decoder.py.
"""

from pellucid.core import dtypes, shapes
from pellucid.core.operation import convert_to_tensor
from pellucid.core.sources import constant
from pellucid.ops import nest
from pellucid.ops.arrays.creation import fill, zeros_like
from pellucid.ops.arrays.shaping import shape
from pellucid.ops.control.tensor_array import TensorArray
from pellucid.ops.control.while_loop import while_loop
from pellucid.ops.math.comparison import greater_equal, logical_not, logical_or
from pellucid.ops.math.reductions import reduce_all
from pellucid.ops.math.selection import where
from pellucid.ops.state.variable_scope import variable_scope
from pellucid.recurrent.cell import zero_state
from pellucid.recurrent.dynamic import swap_batch_and_time
from pellucid.recurrent.steps import in_rows


class Decoder:
    """What dynamic_decode steps. To write one, override all but tracks_own_finished.

    Attributes:
      batch_size: int or scalar int32 Tensor.
      output_size: structure of int or TensorShape, the output of a step without the batch.
      output_dtype: the same structure of DType.
      tracks_own_finished: bool, whether `finished` of a step says all, as where rows change
        places between steps; False: a sequence that has ended once stays so.

    As in TF: tf.contrib.seq2seq.Decoder.
    """

    tracks_own_finished = False

    @property
    def batch_size(self):
        raise NotImplementedError(f"{type(self).__name__} must define batch_size.")

    @property
    def output_size(self):
        raise NotImplementedError(f"{type(self).__name__} must define output_size.")

    @property
    def output_dtype(self):
        raise NotImplementedError(f"{type(self).__name__} must define output_dtype.")

    def initialize(self, name=None):
        """(finished, inputs, state) of the first step."""
        raise NotImplementedError(f"{type(self).__name__} must define initialize.")

    def step(self, time, inputs, state, name=None):
        """(outputs, state, inputs of the next step, finished)."""
        raise NotImplementedError(f"{type(self).__name__} must define step.")

    def finalize(self, outputs, final_state, sequence_lengths):
        """(outputs, state) made of those of all steps, the time first."""
        raise NotImplementedError(f"{type(self).__name__} does not define finalize.")


def dynamic_decode(decoder, output_time_major=False, impute_finished=False,
                   maximum_iterations=None, parallel_iterations=32, swap_memory=False,
                   scope=None):
    """Steps a decoder until all of its sequences have ended.

    Args:
      decoder: Decoder.
      output_time_major: bool, outputs of shape (time, batch, ...) rather than
        (batch, time, ...), which saves a transposition.
      impute_finished: bool, of sequences that have ended: outputs are zeros and states stay;
        no gradient passes there.
      maximum_iterations: int or scalar Tensor, after so many steps all ends; None for never.
      parallel_iterations, swap_memory: hints to tf.while_loop.
      scope: VariableScope or str, "decoder" by default.

    Returns:
      (outputs, state, sequence lengths): the outputs of all steps in the structure of
      decoder.output_size, the last state, and for each sequence the number of its steps, int32.

    Raises:
      TypeError: no Decoder.
      ValueError: maximum_iterations is no scalar.

    As in TF: tf.contrib.seq2seq.dynamic_decode.
    """
    if not isinstance(decoder, Decoder):
        raise TypeError(f"Expected decoder to be type Decoder, but saw: {type(decoder)}")
    with variable_scope(scope, "decoder"):
        loop = _Loop(decoder, impute_finished, _as_limit(maximum_iterations))
        outputs, state, lengths = loop.run(parallel_iterations, swap_memory)
        try:
            outputs, state = decoder.finalize(outputs, state, lengths)
        except NotImplementedError:
            pass
        if not output_time_major:
            outputs = nest.map_structure(swap_batch_and_time, outputs)
    return outputs, state, lengths


def _as_limit(maximum):
    if maximum is None:
        return None
    maximum = convert_to_tensor(maximum, dtypes.int32, name="maximum_iterations")
    if maximum.spec.rank != 0:
        raise ValueError(f"maximum_iterations must be a scalar, saw shape: {maximum.shape}")
    return maximum


class _Loop:
    """The loop of dynamic_decode."""

    def __init__(self, decoder, imputes, maximum):
        self.decoder, self.imputes, self.maximum = decoder, imputes, maximum
        self.finished, self.inputs, self.state = decoder.initialize()
        if imputes:
            self.blank = zero_state(decoder.output_size, decoder.batch_size,
                                    decoder.output_dtype)
        if maximum is not None:
            self.finished = logical_or(self.finished, greater_equal(0, maximum))

    def run(self, parallel_iterations, swap_memory):
        """(outputs, the time first; last state; sequence lengths)."""
        decoder = self.decoder
        batch = convert_to_tensor(decoder.batch_size, name="batch_size").spec.value
        arrays = nest.map_structure(
            lambda size, dtype: TensorArray(dtype, size=0, dynamic_size=True,
                                            element_shape=_element_shape(batch, size)),
            decoder.output_size, decoder.output_dtype)
        first = (constant(0, dtypes.int32), arrays, self.state, self.inputs, self.finished,
                 zeros_like(self.finished, dtypes.int32))
        _, arrays, state, _, _, lengths = while_loop(
            lambda time, arrays, state, inputs, finished, lengths:
                logical_not(reduce_all(finished)),
            self.step, first, parallel_iterations=parallel_iterations, swap_memory=swap_memory,
            maximum_iterations=self.maximum)
        return nest.map_structure(lambda array: array.stack(), arrays), state, lengths

    def step(self, time, arrays, state, inputs, finished, lengths):
        """The body of the loop."""
        decoder = self.decoder
        outputs, next_state, next_inputs, ended = decoder.step(time, inputs, state)
        if not decoder.tracks_own_finished:
            ended = logical_or(ended, finished)
        lengths = where(logical_not(finished), fill(shape(lengths), time + 1), lengths)
        for before, after in ((state, next_state), (arrays, outputs), (inputs, next_inputs)):
            nest.assert_same_structure(before, after)
        if self.imputes:
            outputs = in_rows(finished, self.blank, outputs)
            next_state = in_rows(finished, state, next_state)
        arrays = nest.map_structure(
            lambda array, output: array.write(time, output), arrays, outputs)
        return time + 1, arrays, next_state, next_inputs, ended, lengths


def _element_shape(batch, size):
    """What is known of an output: only a TensorShape says something before the first step."""
    if not isinstance(size, shapes.TensorShape) or size.ndims == 0:
        return None
    return shapes.TensorShape([None if batch is None else int(batch)]).concatenate(size)
