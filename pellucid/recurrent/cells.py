"""The cells that people use: BasicRNN, GRU, LSTM.

x is the input of a step, h the output of the step before; [x, h] is both in one row. Each
matrix has a row for each entry of [x, h]. Read next: wrappers.py.
"""

import logging

from pellucid.core.sources import constant
from pellucid.layers.base import InputSpec
from pellucid.layers.named import ONES, ZEROS, activation_named, initializer_named
from pellucid.ops.arrays.indexing import slice_
from pellucid.ops.arrays.joining import concat, split
from pellucid.ops.linalg.linear_algebra import matmul
from pellucid.ops.math.clipping import clip_by_value
from pellucid.ops.math.functions import sigmoid, tanh
from pellucid.ops.neural.biases import bias_add
from pellucid.ops.state.partitioned_variables import fixed_size_partitioner
from pellucid.recurrent.cell import LSTMStateTuple, RNNCell, depth_of

log = logging.getLogger("tensorflow")             # where TensorFlow says it too


class _BuiltCell(RNNCell):
    """A cell whose variables are made by `build`, from the input's last dimension."""

    def __init__(self, num_units, activation, reuse, name, dtype, **kwargs):
        super().__init__(name=name, dtype=dtype, _reuse=reuse, **kwargs)
        self.input_spec = InputSpec(ndim=2)
        self._num_units = num_units
        self._activation = activation_named(activation) or tanh

    @property
    def state_size(self):
        return self._num_units

    @property
    def output_size(self):
        return self._num_units


class BasicRNNCell(_BuiltCell):
    """h' = activation([x, h] kernel + bias).

    Args:
      num_units: int, the size of h.
      activation: function, its name, or None for tanh.
      reuse: bool, whether the variables exist already.
      name, dtype: as in tf.layers.Layer.

    As in TF: tf.nn.rnn_cell.BasicRNNCell (Elman 1990).
    """

    def __init__(self, num_units, activation=None, reuse=None, name=None, dtype=None, **kwargs):
        super().__init__(num_units, activation, reuse, name, dtype, **kwargs)

    def build(self, input_shape):
        depth, n = depth_of(input_shape), self._num_units
        self._kernel = self.add_weight("kernel", [depth + n, n])
        self._bias = self.add_weight("bias", [n], initializer=ZEROS)

    def call(self, inputs, state):
        gates = bias_add(matmul(concat([inputs, state], 1), self._kernel), self._bias)
        output = self._activation(gates)
        return output, output


class GRUCell(_BuiltCell):
    """The gated recurrent unit (Cho et al. 2014): h' = u h + (1 - u) c, where

        r, u = sigmoid([x, h] gates/kernel + gates/bias)
        c    = activation([x, r h] candidate/kernel + candidate/bias)

    Args:
      num_units: int, the size of h.
      activation: function, its name, or None for tanh.
      reuse: bool, whether the variables exist already.
      kernel_initializer: for both kernels.
      bias_initializer: for both biases; by default ones for the gates, so that at first the
        state is kept, and zeros for the candidate.
      name, dtype: as in tf.layers.Layer.

    As in TF: tf.nn.rnn_cell.GRUCell.
    """

    def __init__(self, num_units, activation=None, reuse=None, kernel_initializer=None,
                 bias_initializer=None, name=None, dtype=None, **kwargs):
        super().__init__(num_units, activation, reuse, name, dtype, **kwargs)
        self._kernel_initializer = initializer_named(kernel_initializer)
        self._bias_initializer = initializer_named(bias_initializer)

    def build(self, input_shape):
        rows, n = depth_of(input_shape) + self._num_units, self._num_units
        self._gate_kernel = self.add_weight(
            "gates/kernel", [rows, 2 * n], initializer=self._kernel_initializer)
        self._gate_bias = self.add_weight(
            "gates/bias", [2 * n], initializer=self._bias_initializer or ONES)
        self._candidate_kernel = self.add_weight(
            "candidate/kernel", [rows, n], initializer=self._kernel_initializer)
        self._candidate_bias = self.add_weight(
            "candidate/bias", [n], initializer=self._bias_initializer or ZEROS)

    def call(self, inputs, state):
        gates = sigmoid(bias_add(
            matmul(concat([inputs, state], 1), self._gate_kernel), self._gate_bias))
        r, u = split(gates, 2, axis=1)
        candidate = self._activation(bias_add(
            matmul(concat([inputs, r * state], 1), self._candidate_kernel),
            self._candidate_bias))
        state = u * state + (1 - u) * candidate
        return state, state


class _LSTM(_BuiltCell):
    """What the LSTMs share: a state of two parts."""

    def __init__(self, num_units, state_is_tuple, activation, reuse, name, dtype, **kwargs):
        super().__init__(num_units, activation, reuse, name, dtype, **kwargs)
        if not state_is_tuple:
            log.warning("%s: a state that is no tuple is slower. Use state_is_tuple=True.",
                        type(self).__name__)
        self._state_is_tuple = state_is_tuple

    def _parts(self, state, size):
        """(c, h), where h has that size."""
        if self._state_is_tuple:
            return state
        n = self._num_units
        return slice_(state, [0, 0], [-1, n]), slice_(state, [0, n], [-1, size])

    def _whole(self, c, h):
        return LSTMStateTuple(c, h) if self._state_is_tuple else concat([c, h], 1)


class BasicLSTMCell(_LSTM):
    """The long short-term memory (Hochreiter & Schmidhuber 1997; Zaremba et al. 2014):

        i, j, f, o = [x, h] kernel + bias
        c' = c sigmoid(f + forget_bias) + sigmoid(i) activation(j)
        h' = activation(c') sigmoid(o)

    Args:
      num_units: int, the size of c and of h.
      forget_bias: float; at first, remember.
      state_is_tuple: bool, whether the state is an LSTMStateTuple rather than [c, h] in a row.
      activation: function, its name, or None for tanh.
      reuse: bool, whether the variables exist already.
      name, dtype: as in tf.layers.Layer.

    As in TF: tf.nn.rnn_cell.BasicLSTMCell.
    """

    def __init__(self, num_units, forget_bias=1.0, state_is_tuple=True, activation=None,
                 reuse=None, name=None, dtype=None, **kwargs):
        super().__init__(num_units, state_is_tuple, activation, reuse, name, dtype, **kwargs)
        self._forget_bias = forget_bias

    @property
    def state_size(self):
        n = self._num_units
        return LSTMStateTuple(n, n) if self._state_is_tuple else 2 * n

    def build(self, input_shape):
        depth, n = depth_of(input_shape), self._num_units
        self._kernel = self.add_weight("kernel", [depth + n, 4 * n])
        self._bias = self.add_weight("bias", [4 * n], initializer=ZEROS)

    def call(self, inputs, state):
        c, h = self._parts(state, self._num_units)
        gates = bias_add(matmul(concat([inputs, h], 1), self._kernel), self._bias)
        i, j, f, o = split(gates, 4, axis=1)
        kept = sigmoid(f + constant(self._forget_bias, f.dtype))
        c = c * kept + sigmoid(i) * self._activation(j)
        h = self._activation(c) * sigmoid(o)
        return h, self._whole(c, h)


class LSTMCell(_LSTM):
    """The LSTM with peepholes, clipping and projection (Sak et al. 2014).

    As BasicLSTMCell, and where asked for:

        use_peepholes   the gates look at c: f + w_f_diag c, i + w_i_diag c, o + w_o_diag c'
        cell_clip       c' is kept within [-cell_clip, cell_clip]
        num_proj        h' = h' projection/kernel, of that size; proj_clip clips it

    Args:
      num_units: int, the size of c.
      use_peepholes: bool.
      cell_clip: float, or None.
      initializer: for all matrices.
      num_proj: int, the size of h if it is projected.
      proj_clip: float, or None.
      num_unit_shards, num_proj_shards: int, into how many parts the kernel, and the projection's,
        are split. Deprecated in TensorFlow: give the variable scope a partitioner.
      forget_bias, state_is_tuple, activation, reuse, name, dtype: as in BasicLSTMCell.

    As in TF: tf.nn.rnn_cell.LSTMCell.
    """

    def __init__(self, num_units, use_peepholes=False, cell_clip=None, initializer=None,
                 num_proj=None, proj_clip=None, num_unit_shards=None, num_proj_shards=None,
                 forget_bias=1.0, state_is_tuple=True, activation=None, reuse=None, name=None,
                 dtype=None, **kwargs):
        super().__init__(num_units, state_is_tuple, activation, reuse, name, dtype, **kwargs)
        self._use_peepholes, self._cell_clip = use_peepholes, cell_clip
        self._initializer_given = initializer_named(initializer)
        self._num_proj, self._proj_clip, self._forget_bias = num_proj, proj_clip, forget_bias
        self._unit_partitioner, self._proj_partitioner = [
            None if shards is None else fixed_size_partitioner(shards)
            for shards in (num_unit_shards, num_proj_shards)]

    @property
    def state_size(self):
        n, m = self._num_units, self.output_size
        return LSTMStateTuple(n, m) if self._state_is_tuple else n + m

    @property
    def output_size(self):
        return self._num_proj or self._num_units

    def build(self, input_shape):
        n, initializer = self._num_units, self._initializer_given
        rows = depth_of(input_shape) + self.output_size
        self._kernel = self.add_weight("kernel", [rows, 4 * n], initializer=initializer,
                                       partitioner=self._unit_partitioner)
        self._bias = self.add_weight("bias", [4 * n], initializer=ZEROS)
        if self._use_peepholes:
            self._w_f_diag, self._w_i_diag, self._w_o_diag = [
                self.add_weight(f"w_{gate}_diag", [n], initializer=initializer)
                for gate in "fio"]
        if self._num_proj is not None:
            self._proj_kernel = self.add_weight(
                "projection/kernel", [n, self._num_proj], initializer=initializer,
                partitioner=self._proj_partitioner)

    def call(self, inputs, state):
        c, h = self._parts(state, self.output_size)
        gates = bias_add(matmul(concat([inputs, h], 1), self._kernel), self._bias)
        i, j, f, o = split(gates, 4, axis=1)
        f = f + constant(self._forget_bias, f.dtype)
        if self._use_peepholes:
            f, i = f + self._w_f_diag * c, i + self._w_i_diag * c
        c = sigmoid(f) * c + sigmoid(i) * self._activation(j)
        if self._cell_clip is not None:
            c = clip_by_value(c, -self._cell_clip, self._cell_clip)
        if self._use_peepholes:
            o = o + self._w_o_diag * c
        h = sigmoid(o) * self._activation(c)
        if self._num_proj is not None:
            h = matmul(h, self._proj_kernel)
            if self._proj_clip is not None:
                h = clip_by_value(h, -self._proj_clip, self._proj_clip)
        return h, self._whole(c, h)
