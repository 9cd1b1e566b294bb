"""map_fn, scan, foldl, foldr: loops over the rows of tensors.

Each is a while_loop that reads its rows from TensorArrays, and map_fn and scan write what they
make of them to others.
"""

from pellucid.core import dtypes
from pellucid.core.dtypes import as_dtype
from pellucid.core.operation import convert_to_tensor
from pellucid.ops.arguments import name_scope
from pellucid.ops.arrays.shaping import shape_op
from pellucid.ops.control.tensor_array import TensorArray
from pellucid.ops.control.while_loop import while_loop
from pellucid.ops.nest import assert_same_structure, flatten, is_nested, pack_sequence_as


def map_fn(fn, elems, dtype=None, parallel_iterations=None, back_prop=True, swap_memory=False,
           infer_shape=True, name=None):
    """The stacked results of fn, called on each row.

    Args:
      fn: function of a row, or of a structure of them as elems is.
      elems: Tensor, or nested structure of them, of one first dimension.
      dtype: DType, or nested structure, of what fn returns; that of elems where left out.
      parallel_iterations, swap_memory: hints.
      back_prop: bool; False stops gradients.
      infer_shape: bool, whether all results have the same shape.
      name: str.

    As in TF: tf.map_fn.
    """
    _check_function(fn)
    with name_scope(name, "map", flatten(elems)):
        rows = _Rows(elems)
        like = elems if dtype is None else dtype
        types = rows.dtypes if dtype is None else [as_dtype(d) for d in flatten(dtype)]
        results = [TensorArray(d, size=rows.count, infer_shape=infer_shape) for d in types]

        def body(i, arrays):
            found = fn(rows.read(i))
            assert_same_structure(like, found)
            return i + 1, [array.write(i, value) for array, value in zip(
                arrays, flatten(found), strict=True)]

        _, results = while_loop(
            lambda i, _: i < rows.count, body, (0, results), back_prop=back_prop,
            swap_memory=swap_memory, parallel_iterations=parallel_iterations or 10,
            maximum_iterations=rows.count)
        return rows.stack(like, results)


def scan(fn, elems, initializer=None, parallel_iterations=10, back_prop=True, swap_memory=False,
         infer_shape=True, reverse=False, name=None):
    """The stacked results of a = fn(a, row), for each row.

    Args:
      fn: function of (what it returned last, a row), structures as initializer and elems are.
      elems: Tensor, or nested structure of them, of one first dimension.
      initializer: what fn gets first; where left out the first row, which is then the first
        result, too.
      parallel_iterations, swap_memory: hints.
      back_prop: bool; False stops gradients.
      infer_shape: bool, whether all results have the same shape.
      reverse: bool, begin with the last row.
      name: str.

    As in TF: tf.scan.
    """
    _check_function(fn)
    with name_scope(name, "scan", flatten(elems)):
        rows, like = _Rows(elems), elems if initializer is None else initializer
        first, start = _start(rows, initializer, reverse)
        results = [TensorArray(a.spec.dtype, size=rows.count, infer_shape=infer_shape,
                               element_shape=a.spec.shape if infer_shape else None,
                               dynamic_size=False) for a in first]
        if initializer is None:
            place = rows.count - 1 if reverse else 0
            results = [array.write(place, a) for array, a in zip(results, first, strict=True)]

        def body(i, last, arrays):
            found = fn(pack_sequence_as(like, last), rows.read(i))
            assert_same_structure(like, found)
            found = [convert_to_tensor(value) for value in flatten(found)]
            return (i - 1 if reverse else i + 1, found,
                    [array.write(i, value) for array, value in zip(arrays, found, strict=True)])

        end = rows.count if initializer is not None else rows.count - 1
        *_, results = while_loop(
            (lambda i, *_: i >= 0) if reverse else (lambda i, *_: i < rows.count), body,
            (start, first, results), back_prop=back_prop, swap_memory=swap_memory,
            parallel_iterations=parallel_iterations, maximum_iterations=end)
        return rows.stack(like, results)


def foldl(fn, elems, initializer=None, parallel_iterations=10, back_prop=True, swap_memory=False,
          name=None):
    """The last of the results a = fn(a, row), from the first row to the last.

    The arguments are those of tf.scan. As in TF: tf.foldl.
    """
    return _fold(fn, elems, initializer, parallel_iterations, back_prop, swap_memory, name,
                 "foldl", reverse=False)


def foldr(fn, elems, initializer=None, parallel_iterations=10, back_prop=True, swap_memory=False,
          name=None):
    """The last of the results a = fn(a, row), from the last row to the first.

    The arguments are those of tf.scan. As in TF: tf.foldr.
    """
    return _fold(fn, elems, initializer, parallel_iterations, back_prop, swap_memory, name,
                 "foldr", reverse=True)


def _fold(fn, elems, initializer, parallel_iterations, back_prop, swap_memory, name, default,
          reverse):
    _check_function(fn)
    with name_scope(name, default, flatten(elems)):
        rows, like = _Rows(elems), elems if initializer is None else initializer
        first, start = _start(rows, initializer, reverse)

        def body(i, last):
            found = fn(pack_sequence_as(like, last), rows.read(i))
            assert_same_structure(like, found)
            return i - 1 if reverse else i + 1, flatten(found)

        end = rows.count if initializer is not None else rows.count - 1
        _, last = while_loop(
            (lambda i, _: i >= 0) if reverse else (lambda i, _: i < rows.count), body,
            (start, first), back_prop=back_prop, swap_memory=swap_memory,
            parallel_iterations=parallel_iterations, maximum_iterations=end)
        return pack_sequence_as(like, last)


def _start(rows, initializer, reverse):
    """(what fn gets first, as a flat list; the number of the row that it gets)"""
    if initializer is not None:
        return [convert_to_tensor(a) for a in flatten(initializer)], (
            rows.count - 1 if reverse else 0)
    place = rows.count - 1 if reverse else 0
    return [t[place] for t in rows.tensors], rows.count - 2 if reverse else 1


class _Rows:
    """The rows of a structure of tensors.

    Attributes:
      count: how many there are: int, or Tensor where that is only known in the run.
    """

    def __init__(self, elems):
        self.structure = elems
        self.tensors = [convert_to_tensor(t, name="elem") for t in flatten(elems)]
        if not self.tensors:
            raise ValueError("elems must hold at least one Tensor.")
        for tensor in self.tensors:
            if tensor.spec.rank == 0:
                raise ValueError("elements in elems must be 1+ dimensional Tensors, not scalars")
        counts = {t.spec.shape[0] for t in self.tensors if t.spec.shape} - {None}
        if len(counts) > 1:
            raise ValueError(f"elems have different first dimensions: {sorted(counts)}")
        self.known = counts.pop() if counts else None
        self.count = convert_to_tensor(self.known, dtypes.int32, name="n") if (
            self.known is not None) else shape_op(self.tensors[0])[0]
        self.arrays = [TensorArray(t.spec.dtype, size=self.count, element_shape=(
            None if t.spec.shape is None else t.spec.shape[1:])).unstack(t)
            for t in self.tensors]

    @property
    def dtypes(self):
        return [t.spec.dtype for t in self.tensors]

    def read(self, i):
        """The rows of number i, in the structure."""
        return pack_sequence_as(self.structure, [array.read(i) for array in self.arrays])

    def stack(self, like, arrays):
        """What is in the arrays, stacked, in the structure `like`."""
        stacked = [array.stack() for array in arrays]
        for tensor in stacked:
            shape = tensor.spec.shape
            if shape is not None:
                tensor.set_shape((self.known, *shape[1:]))
        return pack_sequence_as(like, stacked) if is_nested(like) else stacked[0]


def _check_function(fn):
    if not callable(fn):
        raise TypeError("fn must be callable.")
