"""RNNCell: one step of a recurrent network, (input, state) -> (output, new state).

    cell = tf.nn.rnn_cell.GRUCell(64)
    output, state = cell(x, cell.zero_state(batch_size, tf.float32))

A cell is a layer: its first call makes the variables, later calls use them again, so that each
step of time has the same. Read next: cells.py.
"""

import collections

from pellucid.core import dtypes, shapes
from pellucid.core.operation import convert_to_tensor
from pellucid.core.shapes import TensorShape
from pellucid.core.tensor import Tensor
from pellucid.layers.base import Layer
from pellucid.ops import nest
from pellucid.ops.arguments import name_scope
from pellucid.ops.arrays.creation import zeros
from pellucid.ops.arrays.joining import stack
from pellucid.ops.arrays.shaping import shape


class RNNCell(Layer):
    """Base of the cells. To write one, override state_size, output_size and call.

    Args:
      trainable, name, dtype: as in tf.layers.Layer.

    Attributes:
      state_size: int, TensorShape, or a structure of them: the state without the batch.
      output_size: int or TensorShape, the output without the batch.

    As in TF: tf.nn.rnn_cell.RNNCell.
    """

    def __init__(self, trainable=True, name=None, dtype=None, **kwargs):
        super().__init__(trainable=trainable, name=name, dtype=dtype, **kwargs)

    @property
    def state_size(self):
        """What zero_state makes."""
        raise NotImplementedError(f"{type(self).__name__} must define state_size.")

    @property
    def output_size(self):
        """The size of an output."""
        raise NotImplementedError(f"{type(self).__name__} must define output_size.")

    def __call__(self, inputs, state, scope=None):
        """(output, new state).

        Args:
          inputs: Tensor, shape (batch, input size).
          state: Tensor, shape (batch, state_size), or a structure of them as state_size says.
          scope: VariableScope or str, where the variables are; by default the cell's name.
        """
        return super().__call__(inputs, state, scope=scope)

    def zero_state(self, batch_size, dtype):
        """Zeros of the state's sizes for a batch (int or scalar Tensor)."""
        with name_scope(type(self).__name__ + "ZeroState", None, [batch_size]):
            return zero_state(self.state_size, batch_size, dtype)

    def get_initial_state(self, inputs=None, batch_size=None, dtype=None):
        """zero_state for the batch of `inputs`, or for batch_size and dtype."""
        if inputs is not None:
            inputs = convert_to_tensor(inputs, name="inputs")
            batch_size, dtype = batch_size_of(inputs), inputs.dtype.base_dtype
        if batch_size is None or dtype is None:
            raise ValueError("batch_size and dtype are required without inputs, but are "
                             f"batch_size={batch_size}, dtype={dtype}.")
        return self.zero_state(batch_size, dtype)


class LSTMStateTuple(collections.namedtuple("LSTMStateTuple", ("c", "h"))):
    """The state of an LSTM: c, what it remembers, and h, what it shows.

    As in TF: tf.nn.rnn_cell.LSTMStateTuple.
    """

    __slots__ = ()

    @property
    def dtype(self):
        """The DType of both. TypeError if they differ."""
        c, h = self
        if c.dtype != h.dtype:
            raise TypeError(f"Inconsistent internal state: {c.dtype} vs {h.dtype}")
        return c.dtype


def zero_state(sizes, batch_size, dtype):
    """Zeros of shape (batch, size...) for each size of a structure."""
    flat = nest.flatten(sizes)
    kinds = nest.flatten(dtype) if nest.is_nested(dtype) else [dtype] * len(flat)
    made = [zeros(with_batch(batch_size, size), dtypes.as_dtype(kind))
            for size, kind in zip(flat, kinds, strict=True)]
    known = None if isinstance(batch_size, Tensor) else batch_size
    for tensor, size in zip(made, flat, strict=True):
        tensor.set_shape([known, None] if isinstance(size, Tensor) else with_batch(known, size))
    return nest.pack_sequence_as(sizes, made)


def with_batch(batch_size, size):
    """(batch, size...): a list of ints, or a Tensor where one of the two is one."""
    rest = [size] if isinstance(size, int | Tensor) else TensorShape(size).as_list()
    if isinstance(batch_size, Tensor) or isinstance(size, Tensor):
        return stack([batch_size, *rest])
    return [batch_size, *rest]


def depth_of(input_shape):
    """The last dimension of a cell's input. ValueError where it is unknown."""
    dims = shapes.as_tuple(input_shape)
    if dims is None or dims[-1] is None:
        raise ValueError(f"Expected inputs.shape[-1] to be known, saw shape: {shapes.show(dims)}")
    return dims[-1]


def batch_size_of(x, axis=0):
    """The size of an axis as an int, or as a Tensor where it is not known."""
    known = None if x.spec.shape is None else x.spec.shape[axis]
    return shape(x)[axis] if known is None else known
