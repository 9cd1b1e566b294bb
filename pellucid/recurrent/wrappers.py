"""Cells made of cells: stacked, with dropout, residual, on a device, projected.

A wrapper has no variable scope of its own, but for those with variables: "rnn/gru_cell/..." stays
that name when dropout is put around the cell. Read next: static.py.
"""

import hashlib

from pellucid.core.graph import get_default_graph
from pellucid.core.operation import convert_to_tensor
from pellucid.core.tensor import Tensor
from pellucid.layers.named import ZEROS, activation_named
from pellucid.nn.dropout import dropout
from pellucid.nn.embedding import embedding_lookup
from pellucid.ops import nest
from pellucid.ops.arrays.indexing import slice_
from pellucid.ops.arrays.joining import concat
from pellucid.ops.arrays.shaping import reshape
from pellucid.ops.linalg.linear_algebra import matmul
from pellucid.ops.math.division import div
from pellucid.ops.math.functions import floor
from pellucid.ops.neural.biases import bias_add
from pellucid.ops.random.draws import random_uniform
from pellucid.ops.state.initializers import random_uniform_initializer
from pellucid.ops.state.variable_scope import get_variable, get_variable_scope, variable_scope
from pellucid.recurrent.cell import LSTMStateTuple, RNNCell, with_batch


class MultiRNNCell(RNNCell):
    """Cells on top of one another: each one's output is the input of the next.

    Args:
      cells: list of RNNCell; an instance that occurs twice shares its variables with itself.
      state_is_tuple: bool, whether the state is a tuple of the cells' states rather than one
        Tensor that holds them side by side.

    As in TF: tf.nn.rnn_cell.MultiRNNCell.
    """

    def __init__(self, cells, state_is_tuple=True):
        super().__init__()
        if not cells:
            raise ValueError("Must specify at least one cell for MultiRNNCell.")
        if not isinstance(cells, list | tuple):
            raise TypeError(f"cells must be a list or tuple, but saw: {cells}.")
        self._cells, self._state_is_tuple = list(cells), state_is_tuple
        if not state_is_tuple and any(nest.is_nested(c.state_size) for c in cells):
            raise ValueError("Some cells return tuples of states, but the flag state_is_tuple is "
                             f"not set. State sizes are: {[c.state_size for c in cells]}")

    @property
    def cells(self):
        """List of RNNCell."""
        return self._cells

    @property
    def state_size(self):
        sizes = tuple([cell.state_size for cell in self._cells])
        return sizes if self._state_is_tuple else sum(sizes)

    @property
    def output_size(self):
        return self._cells[-1].output_size

    def zero_state(self, batch_size, dtype):
        with get_default_graph().name_scope(type(self).__name__ + "ZeroState"):
            if self._state_is_tuple:
                return tuple([cell.zero_state(batch_size, dtype) for cell in self._cells])
            return super().zero_state(batch_size, dtype)

    def call(self, inputs, state):
        states, position = [], 0
        if self._state_is_tuple and (
                not nest.is_nested(state) or len(state) != len(self._cells)):
            raise ValueError(f"Expected state to be a tuple of length {len(self._cells)}, but "
                             f"received: {state}")
        for i, cell in enumerate(self._cells):
            with variable_scope(f"cell_{i}"):
                if self._state_is_tuple:
                    now = state[i]
                else:
                    now = slice_(state, [0, position], [-1, cell.state_size])
                    position += cell.state_size
                inputs, new = cell(inputs, now)
                states.append(new)
        return inputs, tuple(states) if self._state_is_tuple else concat(states, 1)


class _Wrapper(RNNCell):
    """A cell around a cell, under the inner cell's names."""

    def __init__(self, cell, **kwargs):
        if not isinstance(cell, RNNCell) and not (
                hasattr(cell, "state_size") and hasattr(cell, "output_size") and callable(cell)):
            raise TypeError(f"The argument 'cell' ({cell}) is not an RNNCell: it needs "
                            "output_size, state_size and to be callable.")
        super().__init__(**kwargs)
        self._cell = cell

    @property
    def wrapped_cell(self):
        """The RNNCell inside."""
        return self._cell

    @property
    def state_size(self):
        return self._cell.state_size

    @property
    def output_size(self):
        return self._cell.output_size

    def zero_state(self, batch_size, dtype):
        with get_default_graph().name_scope(type(self).__name__ + "ZeroState"):
            return self._cell.zero_state(batch_size, dtype)

    def __call__(self, inputs, state, scope=None):
        return self._around(inputs, state, scope)


class DropoutWrapper(_Wrapper):
    """Dropout of a cell's input, state and output (Zaremba et al. 2014; Gal & Ghahramani 2016).

    Args:
      cell: RNNCell.
      input_keep_prob, output_keep_prob, state_keep_prob: float or scalar Tensor, the probability
        that an entry is kept. An LSTM's c is never dropped.
      variational_recurrent: bool, whether each step of time drops the same entries.
      input_size: TensorShape of the input without the batch, for variational_recurrent with
        input_keep_prob < 1.
      dtype: DType of input, state and output, for variational_recurrent.
      seed: int.
      dropout_state_filter_visitor: function(part of a state) -> bool, or a structure of them:
        which parts of the state are dropped.

    As in TF: tf.nn.rnn_cell.DropoutWrapper.
    """

    def __init__(self, cell, input_keep_prob=1.0, output_keep_prob=1.0, state_keep_prob=1.0,
                 variational_recurrent=False, input_size=None, dtype=None, seed=None,
                 dropout_state_filter_visitor=None):
        super().__init__(cell, dtype=dtype)
        if dropout_state_filter_visitor is not None and not callable(
                dropout_state_filter_visitor):
            raise TypeError("dropout_state_filter_visitor must be callable")
        self._keep = {"input": _probability("input_keep_prob", input_keep_prob),
                      "state": _probability("state_keep_prob", state_keep_prob),
                      "output": _probability("output_keep_prob", output_keep_prob)}
        self._filter = dropout_state_filter_visitor or _drops_state
        self._seed, self._variational = seed, variational_recurrent
        self._noise = {}
        if variational_recurrent:
            self._draw_noise(input_size, dtype)

    def _draw_noise(self, input_size, dtype):
        """Which entries are dropped in every step, for one row."""
        if dtype is None:
            raise ValueError("When variational_recurrent=True, dtype must be provided")
        sizes = {"state": self._cell.state_size, "output": self._cell.output_size}
        if not _is_one(self._keep["input"]):
            if input_size is None:
                raise ValueError("When variational_recurrent=True and input_keep_prob < 1.0 or "
                                 "is unknown, input_size must be provided")
            sizes["input"] = input_size
        for kind in ("input", "state", "output"):
            if kind in sizes:
                self._noise[kind] = [
                    random_uniform(with_batch(1, size), seed=self._seed_of(kind, i), dtype=dtype)
                    for i, size in enumerate(nest.flatten(sizes[kind]))]

    def _seed_of(self, salt, index):
        """A seed for each thing that is dropped; TensorFlow's."""
        if self._seed is None:
            return None
        digest = hashlib.md5(f"{self._seed}{salt}_{index}".encode()).hexdigest()
        return int(digest[:8], 16) & 0x7FFFFFFF

    def _around(self, inputs, state, scope):
        inputs = self._dropped("input", inputs, "input")
        output, state = self._cell(inputs, state, scope=scope)
        if not _is_one(self._keep["state"]):
            state = self._dropped("state", state, "state", self._filter(state))
        return self._dropped("output", output, "output"), state

    def _dropped(self, kind, values, salt, chosen=True):
        keep = self._keep[kind]
        if _is_one(keep):
            return values
        flat = nest.flatten(values)
        wanted = nest.flatten(chosen) if nest.is_nested(chosen) else [chosen] * len(flat)
        return nest.pack_sequence_as(values, [
            self._drop(x, keep, kind, i, salt) if wants else x
            for i, (x, wants) in enumerate(zip(flat, wanted, strict=True))])

    def _drop(self, x, keep, kind, i, salt):
        if not self._variational:
            return dropout(x, keep_prob=keep, seed=self._seed_of(salt, i))
        mask = floor(keep + self._noise[kind][i])
        result = div(x, keep) * mask
        result.set_shape(x.shape)
        return result


def _probability(name, value):
    if isinstance(value, Tensor):
        return value
    value = convert_to_tensor(value).spec.value if not isinstance(value, int | float) else value
    if value is not None and not 0.0 <= float(value) <= 1.0:
        raise ValueError(f"Parameter {name} must be between 0 and 1: {float(value)}")
    return value


def _is_one(keep):
    return not isinstance(keep, Tensor) and float(keep) == 1.0


def _drops_state(state):
    """Which parts of a state are dropped: all but an LSTM's c."""
    if isinstance(state, LSTMStateTuple):
        return LSTMStateTuple(c=False, h=True)
    if isinstance(state, list | tuple):
        parts = [_drops_state(part) for part in state]
        return type(state)(*parts) if hasattr(state, "_fields") else type(state)(parts)
    return True


class ResidualWrapper(_Wrapper):
    """output = cell's output + input (He et al. 2015).

    Args:
      cell: RNNCell.
      residual_fn: function(inputs, outputs) -> outputs, in place of the sum.

    As in TF: tf.nn.rnn_cell.ResidualWrapper.
    """

    def __init__(self, cell, residual_fn=None):
        super().__init__(cell)
        self._residual_fn = residual_fn

    def _around(self, inputs, state, scope):
        outputs, state = self._cell(inputs, state, scope=scope)
        add = self._residual_fn or (lambda i, o: nest.map_structure(_added, i, o))
        result = add(inputs, outputs)
        nest.map_structure(lambda a, b: a.shape.assert_is_compatible_with(b.shape),
                           result, outputs)
        return result, state


def _added(x, output):
    if not x.shape.is_compatible_with(output.shape):
        raise ValueError(f"ResidualWrapper: the input's shape {x.shape} is not the output's, "
                         f"{output.shape}. Give residual_fn, or project the input.")
    return x + output


class DeviceWrapper(_Wrapper):
    """A cell whose operations are recorded for a device. As in TF: tf.nn.rnn_cell.DeviceWrapper.

    Args:
      cell: RNNCell.
      device: str or function, as in tf.device.
    """

    def __init__(self, cell, device):
        super().__init__(cell)
        self._device = device

    def zero_state(self, batch_size, dtype):
        with get_default_graph().device(self._device):
            return super().zero_state(batch_size, dtype)

    def _around(self, inputs, state, scope):
        with get_default_graph().device(self._device):
            return self._cell(inputs, state, scope=scope)


class OutputProjectionWrapper(RNNCell):
    """output = activation(cell's output kernel + bias).

    Args:
      cell: RNNCell.
      output_size: int.
      activation: function or None.
      reuse: bool, whether the variables exist already.

    As in TF: tf.contrib.rnn.OutputProjectionWrapper. One matrix product after all steps is
    quicker: project what dynamic_rnn returns.
    """

    def __init__(self, cell, output_size, activation=None, reuse=None):
        super().__init__(_reuse=reuse)
        if output_size < 1:
            raise ValueError(f"Parameter output_size must be > 0: {output_size}.")
        self._cell, self._output_size = cell, output_size
        self._activation = activation_named(activation)

    @property
    def state_size(self):
        return self._cell.state_size

    @property
    def output_size(self):
        return self._output_size

    def call(self, inputs, state):
        output, state = self._cell(inputs, state)
        projected = linear(output, self._output_size)
        return self._activation(projected) if self._activation else projected, state


class InputProjectionWrapper(RNNCell):
    """A cell whose input is activation(input kernel + bias).

    Args:
      cell: RNNCell.
      num_proj: int, the size of the projected input.
      activation: function or None.
      input_size: deprecated, ignored by TensorFlow too, and refused here.
      reuse: bool, whether the variables exist already.

    As in TF: tf.contrib.rnn.InputProjectionWrapper.
    """

    def __init__(self, cell, num_proj, activation=None, input_size=None, reuse=None):
        if input_size is not None:
            raise ValueError("input_size is deprecated: the input says its size; leave it out.")
        super().__init__(_reuse=reuse)
        self._cell, self._num_proj = cell, num_proj
        self._activation = activation_named(activation)

    @property
    def state_size(self):
        return self._cell.state_size

    @property
    def output_size(self):
        return self._cell.output_size

    def call(self, inputs, state):
        projected = linear(inputs, self._num_proj)
        return self._cell(self._activation(projected) if self._activation else projected, state)


class EmbeddingWrapper(RNNCell):
    """A cell whose input is a vector of ids, looked up in a table of its own.

    Args:
      cell: RNNCell.
      embedding_classes: int, how many ids there are.
      embedding_size: int, the length of a row.
      initializer: of the table; by default the variable scope's, or uniform in +-sqrt(3), whose
        variance is 1.
      reuse: bool, whether the variable exists already.

    As in TF: tf.contrib.rnn.EmbeddingWrapper.
    """

    def __init__(self, cell, embedding_classes, embedding_size, initializer=None, reuse=None):
        super().__init__(_reuse=reuse)
        if embedding_classes <= 0 or embedding_size <= 0:
            raise ValueError("Both embedding_classes and embedding_size must be > 0: "
                             f"{embedding_classes}, {embedding_size}.")
        self._cell, self._initializer_given = cell, initializer
        self._classes, self._size = embedding_classes, embedding_size

    @property
    def state_size(self):
        return self._cell.state_size

    @property
    def output_size(self):
        return self._cell.output_size

    def call(self, inputs, state):
        initializer = (self._initializer_given or get_variable_scope().initializer
                       or random_uniform_initializer(-3 ** 0.5, 3 ** 0.5))
        dtype = nest.flatten(state)[0].dtype.base_dtype
        table = get_variable("embedding", [self._classes, self._size], initializer=initializer,
                             dtype=dtype)
        return self._cell(embedding_lookup(table, reshape(inputs, [-1])), state)


def linear(x, size, kernel_initializer=None):
    """x kernel + bias, with variables of the present scope. x has shape (batch, features)."""
    known = x.spec.shape
    if known is None or known[-1] is None:
        raise ValueError(f"linear expects shape[1] to be provided for shape {x.shape}")
    dtype = x.dtype.base_dtype
    kernel = get_variable("kernel", [known[-1], size], dtype=dtype,
                          initializer=kernel_initializer)
    bias = get_variable("bias", [size], dtype=dtype, initializer=ZEROS)
    return bias_add(matmul(x, kernel), bias)
