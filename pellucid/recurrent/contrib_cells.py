"""Rarer cells: an LSTM with layer normalization, and attention over a cell's own past."""

from pellucid.core.tensor import Tensor
from pellucid.nn.dropout import dropout
from pellucid.nn.normalization import batch_normalization, moments
from pellucid.ops import nest
from pellucid.ops.arrays.indexing import slice_
from pellucid.ops.arrays.joining import concat, split
from pellucid.ops.arrays.shaping import expand_dims, reshape
from pellucid.ops.conv.convolution import conv2d
from pellucid.ops.linalg.linear_algebra import matmul
from pellucid.ops.math.functions import sigmoid, tanh
from pellucid.ops.math.reductions import reduce_sum
from pellucid.ops.neural.biases import bias_add
from pellucid.ops.neural.softmax import softmax
from pellucid.ops.state.initializers import constant_initializer
from pellucid.ops.state.variable_scope import get_variable, variable_scope
from pellucid.recurrent.cell import LSTMStateTuple, RNNCell
from pellucid.recurrent.steps import check_cell
from pellucid.recurrent.wrappers import linear

_EPSILON = 1e-12              # added to a variance, as contrib.layers.layer_norm does


class LayerNormBasicLSTMCell(RNNCell):
    """An LSTM whose gates are normalized (Ba et al. 2016), with dropout of what is remembered
    anew (Semeniuta et al. 2016).

    Args:
      num_units: int, the size of c and of h.
      forget_bias: float; at first, remember.
      input_size: deprecated: leave it out.
      activation: function.
      layer_norm: bool; without it there is a bias instead.
      norm_gain, norm_shift: float, what the gains and shifts of the normalization start with.
      dropout_keep_prob: float or scalar Tensor.
      dropout_prob_seed: int.
      reuse: bool, whether the variables exist already.

    As in TF: tf.contrib.rnn.LayerNormBasicLSTMCell.
    """

    def __init__(self, num_units, forget_bias=1.0, input_size=None, activation=tanh,
                 layer_norm=True, norm_gain=1.0, norm_shift=0.0, dropout_keep_prob=1.0,
                 dropout_prob_seed=None, reuse=None):
        if input_size is not None:
            raise ValueError("input_size is deprecated: the input says its size; leave it out.")
        super().__init__(_reuse=reuse)
        self._num_units, self._forget_bias, self._activation = num_units, forget_bias, activation
        self._layer_norm, self._gain, self._shift = layer_norm, norm_gain, norm_shift
        self._keep_prob, self._drop_seed = dropout_keep_prob, dropout_prob_seed

    @property
    def state_size(self):
        return LSTMStateTuple(self._num_units, self._num_units)

    @property
    def output_size(self):
        return self._num_units

    def call(self, inputs, state):
        c, h = state
        gates = self._gates(concat([inputs, h], 1))
        i, j, f, o = split(gates, 4, axis=1)
        if self._layer_norm:
            i, j, f, o = [self._norm(gate, name) for gate, name in zip(
                (i, j, f, o), ("input", "transform", "forget", "output"), strict=True)]
        new = self._activation(j)
        if isinstance(self._keep_prob, Tensor) or self._keep_prob < 1:
            new = dropout(new, self._keep_prob, seed=self._drop_seed)
        c = c * sigmoid(f + self._forget_bias) + sigmoid(i) * new
        if self._layer_norm:
            c = self._norm(c, "state")
        h = self._activation(c) * sigmoid(o)
        return h, LSTMStateTuple(c, h)

    def _gates(self, x):
        dtype, n = x.dtype.base_dtype, 4 * self._num_units
        gates = matmul(x, get_variable("kernel", [x.spec.shape[-1], n], dtype=dtype))
        if self._layer_norm:
            return gates
        return bias_add(gates, get_variable("bias", [n], dtype=dtype))

    def _norm(self, x, name):
        with variable_scope(name):
            size, dtype = [x.spec.shape[-1]], x.dtype.base_dtype
            gain = get_variable("gamma", size, dtype=dtype,
                                initializer=constant_initializer(self._gain))
            shift = get_variable("beta", size, dtype=dtype,
                                 initializer=constant_initializer(self._shift))
            mean, variance = moments(x, [1], keep_dims=True)
            return batch_normalization(x, mean, variance, shift, gain, _EPSILON)


class AttentionCellWrapper(RNNCell):
    """A cell that looks at its own last outputs (after Bahdanau et al. 2014).

    Args:
      cell: RNNCell, its state a tuple if state_is_tuple.
      attn_length: int, how many outputs it looks back.
      attn_size: int, the size of what it looks at, and of the output; the cell's output size by
        default.
      attn_vec_size: int, the size in which state and past are compared; attn_size by default.
      input_size: int, what input and attention are brought to; the input's size by default.
      state_is_tuple: bool, whether the state is (cell's state, attention, past) rather than all
        side by side.
      reuse: bool, whether the variables exist already.

    As in TF: tf.contrib.rnn.AttentionCellWrapper.
    """

    def __init__(self, cell, attn_length, attn_size=None, attn_vec_size=None, input_size=None,
                 state_is_tuple=True, reuse=None):
        super().__init__(_reuse=reuse)
        check_cell(cell)
        if nest.is_nested(cell.state_size) and not state_is_tuple:
            raise ValueError("Cell returns tuple of states, but the flag state_is_tuple is not "
                             f"set. State size is: {cell.state_size}")
        if attn_length <= 0:
            raise ValueError(f"attn_length should be greater than zero, got {attn_length}")
        self._cell, self._length, self._input_size = cell, attn_length, input_size
        self._size = attn_size or cell.output_size
        self._vector, self._state_is_tuple = attn_vec_size or self._size, state_is_tuple

    @property
    def state_size(self):
        sizes = self._cell.state_size, self._size, self._size * self._length
        return sizes if self._state_is_tuple else sum(sizes)

    @property
    def output_size(self):
        return self._size

    def call(self, inputs, state):
        state, look, past = self._parts(state)
        past = reshape(past, [-1, self._length, self._size])
        size = self._input_size or inputs.spec.shape[1]
        output, state = self._cell(linear(concat([inputs, look], 1), size), state)
        query = concat(nest.flatten(state), 1) if nest.is_nested(state) else state
        look = self._attention(query, past)
        with variable_scope("attn_output_projection"):
            output = linear(concat([output, look], 1), self._size)
        past = concat([slice_(past, [0, 1, 0], [-1, -1, -1]), expand_dims(output, 1)], 1)
        parts = state, look, reshape(past, [-1, self._length * self._size])
        return output, parts if self._state_is_tuple else concat(list(parts), 1)

    def _parts(self, state):
        if self._state_is_tuple:
            return state
        first, parts = 0, []
        for size in (self._cell.state_size, self._size, self._size * self._length):
            parts.append(slice_(state, [0, first], [-1, size]))
            first += size
        return parts

    def _attention(self, query, past):
        with variable_scope("attention"):
            dtype = query.dtype.base_dtype
            kernel = get_variable("attn_w", [1, 1, self._size, self._vector], dtype=dtype)
            v = get_variable("attn_v", [self._vector], dtype=dtype)
            hidden = reshape(past, [-1, self._length, 1, self._size])
            features = conv2d(hidden, kernel, [1, 1, 1, 1], "SAME")
            y = reshape(linear(query, self._vector), [-1, 1, 1, self._vector])
            weights = softmax(reduce_sum(v * tanh(features + y), [2, 3]))
            look = reduce_sum(reshape(weights, [-1, self._length, 1, 1]) * hidden, [1, 2])
            return reshape(look, [-1, self._size])
