"""BasicDecoder: a cell, and a helper that chooses what the cell reads next.

Read next: helpers.py.
"""

import collections

from pellucid.core import shapes
from pellucid.layers.base import Layer
from pellucid.ops import nest
from pellucid.ops.arguments import name_scope
from pellucid.recurrent.steps import check_cell
from pellucid.seq2seq.decoder import Decoder
from pellucid.seq2seq.helpers import Helper


class BasicDecoderOutput(
        collections.namedtuple("BasicDecoderOutput", ("rnn_output", "sample_id"))):
    """The output of a step: what the cell (or the output layer) gave, and the helper's sample.

    As in TF: tf.contrib.seq2seq.BasicDecoderOutput.
    """

    __slots__ = ()


class BasicDecoder(Decoder):
    """A Decoder that samples: helper, cell and output layer in turn.

    Args:
      cell: RNNCell.
      helper: Helper.
      initial_state: structure of Tensor and TensorArray, the cell's first state.
      output_layer: Layer, such as a tf.layers.Dense that makes logits of the cell's output.

    Raises:
      TypeError: one of them is something else.

    As in TF: tf.contrib.seq2seq.BasicDecoder.
    """

    def __init__(self, cell, helper, initial_state, output_layer=None):
        check_cell(cell)
        if not isinstance(helper, Helper):
            raise TypeError(f"helper must be a Helper, received: {type(helper)}")
        check_output_layer(output_layer)
        self._cell, self._helper = cell, helper
        self._initial_state, self._output_layer = initial_state, output_layer

    @property
    def batch_size(self):
        return self._helper.batch_size

    @property
    def output_size(self):
        return BasicDecoderOutput(rnn_output=size_after(self._output_layer, self._cell),
                                  sample_id=self._helper.sample_ids_shape)

    @property
    def output_dtype(self):
        dtype = nest.flatten(self._initial_state)[0].dtype
        return BasicDecoderOutput(
            nest.map_structure(lambda _: dtype, self.output_size.rnn_output),
            self._helper.sample_ids_dtype)

    def initialize(self, name=None):
        return (*self._helper.initialize(), self._initial_state)

    def step(self, time, inputs, state, name=None):
        with name_scope(name, "BasicDecoderStep", nest.flatten((time, inputs))):
            outputs, state = self._cell(inputs, state)
            if self._output_layer is not None:
                outputs = self._output_layer(outputs)
            sampled = self._helper.sample(time=time, outputs=outputs, state=state)
            finished, inputs, state = self._helper.next_inputs(
                time=time, outputs=outputs, state=state, sample_ids=sampled)
        return BasicDecoderOutput(outputs, sampled), state, inputs, finished


def check_output_layer(layer):
    """Raises TypeError unless it is None or a Layer."""
    if layer is not None and not isinstance(layer, Layer):
        raise TypeError(f"output_layer must be a Layer, received: {type(layer)}")


def size_after(layer, cell):
    """The output's size without the batch: the cell's, or what the layer makes of it."""
    if layer is None:
        return cell.output_size
    return nest.map_structure(
        lambda size: layer.compute_output_shape(
            shapes.TensorShape([None]).concatenate(size))[1:], cell.output_size)
