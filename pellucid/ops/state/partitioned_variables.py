"""Partitioned variables: one tensor, kept as several variables that are its slices.

    with tf.variable_scope("table", partitioner=tf.fixed_size_partitioner(3)):
        rows = tf.get_variable("rows", [10, 4])        # table/rows/part_0, part_1, part_2

A partitioner says along which axis a shape is cut, and into how many parts. Each part is trained
as a variable of its own, and a checkpoint has them as slices of one tensor, so that a program
with other parts, or none, reads it. Read next: variable_store.py.
"""

import math

from pellucid.core import dtypes, shapes
from pellucid.core.graph import get_default_graph
from pellucid.core.operation import convert_to_tensor, register_tensor_conversion_function

# -- partitioners --------------------------------------------------------------------------

def fixed_size_partitioner(num_shards, axis=0):
    """A partitioner of num_shards parts, or one for each entry of the axis if that has fewer.

    As in TF: tf.fixed_size_partitioner.
    """
    def partitioner(shape, **options):
        return _cut(shape, axis, num_shards)
    return partitioner


def variable_axis_size_partitioner(max_shard_bytes, axis=0, bytes_per_string_element=16,
                                   max_shards=None):
    """A partitioner whose parts have at most max_shard_bytes, unless max_shards are too few.

    Args:
      max_shard_bytes: int.
      axis: int, the axis to cut.
      bytes_per_string_element: int, how large an entry of a string variable is taken to be.
      max_shards: int, the greatest number of parts.

    As in TF: tf.variable_axis_size_partitioner.
    """
    for name, least in (("max_shard_bytes", max_shard_bytes), ("max_shards", max_shards),
                        ("bytes_per_string_element", bytes_per_string_element)):
        if least is not None and least < 1:
            raise ValueError(f"{name} must be positive, not {least}.")

    def partitioner(shape, dtype):
        each = _entry_bytes(dtype, bytes_per_string_element)
        dims = _dims(shape, axis)
        row = each * math.prod(dims) // max(dims[axis], 1)
        parts = math.ceil(dims[axis] / max(1, max_shard_bytes // max(row, 1)))
        return _cut(shape, axis, parts if max_shards is None else min(parts, max_shards))
    return partitioner


def min_max_variable_partitioner(max_partitions=1, axis=0, min_slice_size=256 << 10,
                                 bytes_per_string_element=16):
    """A partitioner of as many parts as have min_slice_size bytes each, max_partitions at most.

    Args:
      max_partitions: int.
      axis: int, the axis to cut.
      min_slice_size: int, in bytes.
      bytes_per_string_element: int, how large an entry of a string variable is taken to be.

    As in TF: tf.min_max_variable_partitioner.
    """
    def partitioner(shape, dtype):
        dims = _dims(shape, axis)
        total = math.prod(dims) * _entry_bytes(dtype, bytes_per_string_element)
        parts = math.ceil(total / min_slice_size)
        return _cut(shape, axis, max(1, min(dims[axis], max_partitions, parts)))
    return partitioner


def _dims(shape, axis):
    dims = shapes.as_tuple(shape)
    if dims is None or None in dims:
        raise ValueError(f"Only a fully defined shape can be partitioned, not {shapes.show(dims)}.")
    if not -len(dims) <= axis < len(dims):
        raise ValueError(f"Can not partition variable along axis {axis} when shape is only "
                         f"{shapes.show(dims)}")
    return dims


def _cut(shape, axis, parts):
    """How many parts each axis has: one, but for `axis`."""
    dims = _dims(shape, axis)
    counts = [1] * len(dims)
    counts[axis] = min(parts, dims[axis])
    return counts


def _entry_bytes(dtype, bytes_of_string):
    dtype = dtypes.as_dtype(dtype)
    return bytes_of_string if dtype is dtypes.string else dtype.size


def call_partitioner(partitioner, shape, dtype):
    """What a partitioner says for a TensorShape, checked: a list with one int an axis."""
    if not callable(partitioner):
        raise ValueError(f"Partitioner must be callable, but received: {partitioner}")
    counts = partitioner(shape=shape, dtype=dtype)
    dims = shapes.as_tuple(shape)
    if not isinstance(counts, list | tuple):
        raise ValueError(f"Partitioner must return a sequence, but saw: {counts}")
    if len(counts) != len(dims):
        raise ValueError("Partitioner returned a partition list that does not match the "
                         f"Variable's rank: {counts} vs. {shape}")
    if any(count < 1 for count in counts):
        raise ValueError(f"Partitioner returned zero partitions for some axes: {counts}")
    if sum(count > 1 for count in counts) > 1:
        raise ValueError(f"Can only slice a variable along one dimension: shape: {shape}, "
                         f"partitioning: {counts}")
    if any(count > size for count, size in zip(counts, dims, strict=True)):
        raise ValueError(f"Partitioner returned more partitions than there are entries: {counts} "
                         f"of a variable of shape {shape}")
    return list(counts)


# -- parts ---------------------------------------------------------------------------------

class SaveSliceInfo:
    """Which part of a partitioned variable a variable is. As in TF: Variable.SaveSliceInfo."""

    def __init__(self, full_name=None, full_shape=None, var_offset=None, var_shape=None):
        self.full_name, self.full_shape = full_name, full_shape
        self.var_offset, self.var_shape = var_offset, var_shape

    @property
    def spec(self):
        """The part as a Saver writes it, for example "10 4 0,5:0,4"."""
        whole = "".join(f"{d} " for d in self.full_shape)
        return whole + ":".join(f"{start},{length}" for start, length
                                in zip(self.var_offset, self.var_shape, strict=True))

    @property
    def single_offset(self):
        """Where the part begins along the axis that is cut. TensorFlow's partition_info has it."""
        return self.var_offset[self._axis]

    def single_slice_dim(self, shape):
        """The axis along which a part of `shape` was cut."""
        return self._axis

    @property
    def _axis(self):
        cut = [axis for axis, whole in enumerate(self.full_shape) if whole != self.var_shape[axis]]
        return cut[0] if cut else 0


def slices(name, shape, counts):
    """[SaveSliceInfo, ...] of the parts; the first ones are larger where they cannot be equal."""
    dims = shapes.as_tuple(shape)
    axis = max(range(len(counts)), key=counts.__getitem__)
    size, more = divmod(dims[axis], counts[axis])
    found, start = [], 0
    for number in range(counts[axis]):
        offset, length = [0] * len(dims), list(dims)
        offset[axis], length[axis] = start, size + (number < more)
        found.append(SaveSliceInfo(name, list(dims), offset, length))
        start += length[axis]
    return found


class PartitionedVariable:
    """The parts of one variable, in order: iterate over them, or use it as the whole tensor.

    Args:
      name: str, what the parts' names start with.
      shape: shape of the whole.
      dtype: DType.
      variable_list: list of Variable, each with its slice.
      partitions: list of int, how many parts each axis has.

    As in TF: what tf.get_variable gives where there is a partitioner.
    """

    def __init__(self, name, shape, dtype, variable_list, partitions):
        self.name, self.dtype = name, dtypes.as_dtype(dtype)
        self.shape = shapes.as_shape(shape)
        self._variables, self._partitions = list(variable_list), list(partitions)

    def get_shape(self):
        """TensorShape of the whole."""
        return self.shape

    @property
    def graph(self):
        """The Graph of the parts."""
        return self._variables[0].graph

    def __iter__(self):
        return iter(self._variables)

    def __len__(self):
        return len(self._variables)

    def _get_variable_list(self):
        return self._variables

    def _get_partitions(self):
        return self._partitions

    @property
    def _axis(self):
        return max(range(len(self._partitions)), key=self._partitions.__getitem__, default=0)

    def as_tensor(self):
        """A Tensor, the parts joined."""
        from pellucid.ops.arrays.joining import concat
        from pellucid.ops.control.passing import identity
        graph = get_default_graph()
        with graph.name_scope(None), graph.name_scope(f"{self.name}/ConcatPartitions/"):
            parts = [part.value() for part in self._variables]
            whole = concat(parts, self._axis) if len(parts) > 1 else identity(parts[0])
        with graph.name_scope(None):
            return identity(whole, name=self.name)

    def assign(self, value, use_locking=False, name=None, read_value=True):
        """Sets all parts to those of `value`: a list, with a Tensor for each part."""
        return self._update("assign", value, use_locking, name, read_value)

    def assign_add(self, value, use_locking=False, name=None, read_value=True):
        """Adds the parts of `value`: a list, with a Tensor for each part."""
        return self._update("assign_add", value, use_locking, name, read_value)

    def assign_sub(self, value, use_locking=False, name=None, read_value=True):
        """Subtracts the parts of `value`: a list, with a Tensor for each part."""
        return self._update("assign_sub", value, use_locking, name, read_value)

    def _update(self, method, value, use_locking, name, read_value):
        from pellucid.ops.arrays.joining import split
        if isinstance(value, list | PartitionedVariable):
            values = list(value)
        else:
            sizes = [part.shape.as_list()[self._axis] for part in self._variables]
            values = split(convert_to_tensor(value, self.dtype), sizes, axis=self._axis)
        updated = [getattr(part, method)(own, use_locking, name, read_value)
                   for part, own in zip(self._variables, values, strict=True)]
        return updated if read_value else [getattr(op, "op", op) for op in updated]

    def __repr__(self):
        return (f"<PartitionedVariable {self.name!r} shape={self.shape} dtype={self.dtype.name} "
                f"parts={len(self)}>")

    __array_priority__ = 100


def _convert(variable, dtype=None, name=None, as_ref=False):
    if dtype is not None and not dtype.is_compatible_with(variable.dtype.base_dtype):
        raise ValueError(f"Incompatible type conversion requested to type {dtype.name!r} for "
                         f"variable of type {variable.dtype.name!r}")
    if as_ref:
        raise NotImplementedError(f"{variable!r} cannot be written to as a whole: use its parts, "
                                  "`for part in variable`.")
    return variable.as_tensor()


register_tensor_conversion_function(PartitionedVariable, _convert)


def parts_of(variable):
    """[variable], or the parts of a partitioned one."""
    return list(variable) if isinstance(variable, PartitionedVariable) else [variable]
