"""NASCell: the recurrent cell that a search among cells has found."""

from pellucid.layers.base import InputSpec
from pellucid.layers.named import ZEROS
from pellucid.ops.arrays.joining import split
from pellucid.ops.linalg.linear_algebra import matmul
from pellucid.ops.math.functions import sigmoid, tanh
from pellucid.ops.neural.activations import relu
from pellucid.ops.neural.biases import bias_add
from pellucid.recurrent.cell import LSTMStateTuple, RNNCell, depth_of

_PARTS = 8


class NASCell(RNNCell):
    """The cell of Zoph & Le 2017, figure 8 (https://arxiv.org/abs/1611.01578):

        x0 ... x7 = x kernel,   h0 ... h7 = h recurrent_kernel + bias
        c' = tanh(tanh(sigmoid(x0 + h0) relu(x1 + h1)) + c) tanh(sigmoid(x2 + h2) + relu(x3 h3))
        h' = tanh(c' tanh(tanh(tanh(x4 + h4) sigmoid(x5 + h5))
                          + sigmoid(tanh(x6 + h6) + sigmoid(x7 + h7))))

    Args:
      num_units: int, the size of c.
      num_proj: int, the size to which h' is projected, or None.
      use_bias: bool.
      reuse: bool, whether the variables exist already.
      **kwargs: name, dtype and trainable, as in tf.layers.Layer.

    As in TF: tf.contrib.rnn.NASCell.
    """

    def __init__(self, num_units, num_proj=None, use_bias=False, reuse=None, **kwargs):
        super().__init__(_reuse=reuse, **kwargs)
        self.input_spec = InputSpec(ndim=2)
        self._num_units, self._num_proj, self._use_bias = num_units, num_proj, use_bias

    @property
    def state_size(self):
        return LSTMStateTuple(self._num_units, self.output_size)

    @property
    def output_size(self):
        return self._num_proj or self._num_units

    def build(self, input_shape):
        columns = _PARTS * self._num_units
        self._recurrent_kernel = self.add_weight("recurrent_kernel", [self.output_size, columns])
        self._kernel = self.add_weight("kernel", [depth_of(input_shape), columns])
        if self._use_bias:
            self._bias = self.add_weight("bias", [columns], initializer=ZEROS)
        if self._num_proj is not None:
            self._projection = self.add_weight(
                "projection_weights", [self._num_units, self._num_proj])

    def call(self, inputs, state):
        c, h = state
        recurrent = matmul(h, self._recurrent_kernel)
        if self._use_bias:
            recurrent = bias_add(recurrent, self._bias)
        x = split(matmul(inputs, self._kernel), _PARTS, axis=1)
        h = split(recurrent, _PARTS, axis=1)
        remembered = tanh(tanh(sigmoid(x[0] + h[0]) * relu(x[1] + h[1])) + c)
        c = remembered * tanh(sigmoid(x[2] + h[2]) + relu(x[3] * h[3]))
        shown = tanh(tanh(x[4] + h[4]) * sigmoid(x[5] + h[5]))
        shown = tanh(shown + sigmoid(tanh(x[6] + h[6]) + sigmoid(x[7] + h[7])))
        h = tanh(c * shown)
        if self._num_proj is not None:
            h = matmul(h, self._projection)
        return h, LSTMStateTuple(c, h)
