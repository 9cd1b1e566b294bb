"""Sparse tensors: the entries that are not zero, and where they stand.

A SparseTensor is three tensors; what works on one takes them as its inputs. Read next:
sparse_products.py.
"""

import collections

import numpy as np

from pellucid.core import dtypes
from pellucid.core.arrays import array_namespace, on_host, scatter
from pellucid.core.errors import InvalidArgumentError
from pellucid.core.gradients import RegisterGradient
from pellucid.core.operation import (
    Operation,
    convert_to_tensor,
    register_tensor_conversion_function,
)
from pellucid.core.shapes import Spec, TensorShape, as_tuple, merge
from pellucid.core.sources import constant, placeholder, placeholder_with_default
from pellucid.ops.arguments import as_tensor, check_allowed, name_scope
from pellucid.ops.arrays.creation import range_
from pellucid.ops.arrays.gathering import gather, gather_nd
from pellucid.ops.arrays.shaping import reshape, shape, size
from pellucid.ops.broadcasting import unbroadcast
from pellucid.ops.control.passing import identity
from pellucid.ops.math.reductions import reduce_sum
from pellucid.ops.math.selection import where

SparseTensorValue = collections.namedtuple(
    "SparseTensorValue", ["indices", "values", "dense_shape"])


class SparseTensor:
    """Stands for a tensor that is zero but for dense[indices[i]] = values[i].

    Args:
      indices: Tensor of int64, shape (n, rank), in lexicographic order (sparse_reorder).
      values: Tensor, shape (n,).
      dense_shape: Tensor of int64, shape (rank,).

    As in TF: tf.SparseTensor.
    """

    def __init__(self, indices, values, dense_shape):
        with name_scope(None, "SparseTensor", [indices, values, dense_shape]):
            self.indices = convert_to_tensor(indices, dtypes.int64, name="indices")
            self.values = convert_to_tensor(values, name="values")
            self.dense_shape = convert_to_tensor(dense_shape, dtypes.int64, name="dense_shape")
        rows = merge(self.indices.spec.shape, (None, None))
        merge(merge(self.values.spec.shape, (None,)), rows[:1])
        merge(merge(self.dense_shape.spec.shape, (None,)), rows[1:])
        self._known_shape = None

    @classmethod
    def from_value(cls, sparse_tensor_value):
        """The SparseTensor of a SparseTensorValue."""
        if not isinstance(sparse_tensor_value, SparseTensor | SparseTensorValue):
            raise TypeError(f"Neither a SparseTensor nor SparseTensorValue: "
                            f"{sparse_tensor_value}.")
        return cls(sparse_tensor_value.indices, sparse_tensor_value.values,
                   sparse_tensor_value.dense_shape)

    @property
    def op(self):
        return self.values.op

    @property
    def graph(self):
        return self.values.graph

    @property
    def dtype(self):
        return self.values.dtype

    @property
    def shape(self):
        """The shape of the whole, as far as it is known."""
        return TensorShape(self._known_shape or self.dense_shape.spec.as_shape())

    def get_shape(self):
        return self.shape

    def eval(self, feed_dict=None, session=None):
        """The SparseTensorValue in the session, or in the default session."""
        from pellucid.core.session import default_session_for
        return default_session_for(self, session).run(self, feed_dict)

    def _fetch_parts(self):
        return [self.indices, self.values, self.dense_shape], SparseTensorValue

    def _composite_parts(self):
        """(its tensors, function from such tensors to a SparseTensor), for branches and loops."""
        return [self.indices, self.values, self.dense_shape], SparseTensor

    def _feed_parts(self):
        return [self.indices, self.values, self.dense_shape], _three

    def __repr__(self):
        return (f"SparseTensor(indices={self.indices}, values={self.values}, "
                f"dense_shape={self.dense_shape})")


def _three(value):
    parts = tuple(value) if isinstance(value, tuple | list) else ()
    if len(parts) != 3:
        raise ValueError("Feed a SparseTensor with a tf.SparseTensorValue, or with a tuple "
                         f"(indices, values, dense_shape), not with {value!r}.")
    return parts


def _is_sparse(value, dtype=None, name=None, as_ref=False):
    raise TypeError(f"{value} is not a Tensor: use tf.sparse_tensor_to_dense, or a function for "
                    "sparse tensors.")


register_tensor_conversion_function(SparseTensor, _is_sparse)


def as_sparse(value):
    """The SparseTensor of a SparseTensor or SparseTensorValue. TypeError for all else."""
    if isinstance(value, SparseTensor):
        return value
    if isinstance(value, SparseTensorValue):
        return SparseTensor.from_value(value)
    raise TypeError(f"Input must be a SparseTensor, not {value!r}.")


def sparse_placeholder(dtype, shape=None, name=None):
    """A SparseTensor whose value is given in each run.

    Args:
      dtype: DType.
      shape: the shape of the whole; where left out, any.
      name: str.

    Feed it a SparseTensorValue, or a tuple (indices, values, dense_shape).

    As in TF: tf.sparse_placeholder.
    """
    dims = as_tuple(shape)
    part = (lambda label: f"{name}/{label}") if name else (lambda label: None)
    if dims is None:
        dense_shape, rank = placeholder(dtypes.int64, [None], part("shape")), None
    else:
        rank = len(dims)
        default = constant(np.array([-1 if d is None else d for d in dims], np.int64),
                           name=part("shape_default") or "Const")
        dense_shape = placeholder_with_default(default, [rank], part("shape"))
    values = placeholder(dtype, [None], part("values"))
    indices = placeholder(dtypes.int64, [None, rank], part("indices"))
    result = SparseTensor(indices, values, dense_shape)
    result._known_shape = dims
    return result


# -- to dense ------------------------------------------------------------------------------

class SparseToDense(Operation):
    """A tensor of a default value, but for [sparse_indices[i]], which is sparse_values[i]."""

    op_type, attrs, fresh = "SparseToDense", {"validate_indices": True}, True
    static_inputs = (1,)

    def infer(self, sparse_indices, output_shape, sparse_values, default_value):
        check_allowed("sparse_indices", sparse_indices.dtype, (dtypes.int32, dtypes.int64))
        if sparse_indices.rank not in (None, 0, 1, 2):
            raise ValueError("sparse_indices must be a scalar, a vector or a matrix, but has "
                             f"rank {sparse_indices.rank}.")
        if default_value.rank not in (None, 0):
            raise ValueError("default_value must be a scalar.")
        return Spec(sparse_values.dtype, output_shape.as_shape())

    def compute(self, sparse_indices, output_shape, sparse_values, default_value):
        dims = tuple(output_shape.tolist())
        rows = sparse_indices.reshape(-1, 1) if sparse_indices.ndim < 2 else sparse_indices
        if on_host(rows):
            check_indices(rows, dims, ordered=self.validate_indices)
        whole = array_namespace(sparse_values).full(dims, default_value, sparse_values.dtype)
        return scatter(whole, tuple(rows[:, i] for i in range(len(dims))), sparse_values, "set")


def check_indices(rows, dims, ordered=False):
    """InvalidArgumentError unless rows are places in the shape `dims`, and rise if `ordered`."""
    def refuse(i, cause):
        raise InvalidArgumentError(None, None, (
            f"indices[{i}] = {rows[i].tolist()} is {cause}"))

    if rows.shape[1] != len(dims):
        raise InvalidArgumentError(None, None, (
            f"indices have {rows.shape[1]} columns, but the shape {list(dims)} has "
            f"{len(dims)} dimensions"))
    outside = ((rows < 0) | (rows >= np.array(dims))).any(1)
    if outside.any():
        refuse(outside.argmax(), f"out of bounds: it must be in the shape {list(dims)}")
    if ordered and len(rows) > 1:
        flat = np.ravel_multi_index(tuple(rows.T), dims) if dims else np.zeros(len(rows))
        steps = np.diff(flat)
        if (steps <= 0).any():
            i = (steps <= 0).argmax()
            refuse(i + 1, "repeated" if steps[i] == 0 else "out of order: use sparse_reorder")


@RegisterGradient("SparseToDense")
def _sparse_to_dense_gradient(op, grad):
    indices, dims, values, _ = op.inputs
    taken = gather_nd(grad, reshape(indices, [-1, size(dims)]))
    left = reduce_sum(grad) - reduce_sum(taken)
    return None, None, unbroadcast(taken, values, taken), left


def sparse_to_dense(sparse_indices, output_shape, sparse_values, default_value=0,
                    validate_indices=True, name=None):
    """A dense tensor with sparse_values at sparse_indices.

    Args:
      sparse_indices: Tensor of int32 or int64: a matrix, one row for the place of each
        value; a vector or scalar, where the output is a vector.
      output_shape: vector of integers.
      sparse_values: Tensor, a vector, or a scalar for all places.
      default_value: scalar, what stands elsewhere.
      validate_indices: bool, whether indices must be in lexicographic order without repeats.

    Raises:
      tf.errors.InvalidArgumentError: in the run, for indices out of bounds or out of order.

    As in TF: tf.sparse_to_dense (op type SparseToDense).
    """
    given = [sparse_indices, output_shape, sparse_values, default_value]
    with name_scope(name, "SparseToDense", given) as scope:
        indices = convert_to_tensor(sparse_indices, name="sparse_indices")
        dims = convert_to_tensor(output_shape, indices.spec.dtype, name="output_shape")
        values = convert_to_tensor(sparse_values, name="sparse_values")
        default = convert_to_tensor(default_value, values.spec.dtype, name="default_value")
        return SparseToDense([indices, dims, values, default], scope,
                             validate_indices=bool(validate_indices)).output


def sparse_tensor_to_dense(sp_input, default_value=None, validate_indices=True, name=None):
    """The dense Tensor of a SparseTensor.

    Args:
      sp_input: SparseTensor.
      default_value: scalar, what stands where nothing is given; 0 (or "") by default.
      validate_indices: bool, whether indices must be in lexicographic order without repeats.

    As in TF: tf.sparse_tensor_to_dense, tf.sparse.to_dense (op type SparseToDense).
    """
    sp_input = as_sparse(sp_input)
    if default_value is None:
        default_value = constant("" if sp_input.dtype is dtypes.string else 0,
                                 sp_input.dtype, name="zeros")
    return sparse_to_dense(sp_input.indices, sp_input.dense_shape, sp_input.values,
                           default_value, validate_indices, name)


# -- to other sparse tensors ---------------------------------------------------------------

class SparseReorder(Operation):
    """(indices, values) in lexicographic order of the indices."""

    op_type, fresh = "SparseReorder", True
    host = True

    def infer(self, input_indices, input_values, input_shape):
        return (Spec(dtypes.int64, merge(input_indices.shape, (None, None))),
                Spec(input_values.dtype, merge(input_values.shape, (None,))))

    def compute(self, input_indices, input_values, input_shape):
        order = np.lexsort(input_indices.T[::-1]) if input_indices.shape[1] else \
            np.arange(len(input_indices))
        return input_indices[order], input_values[order]


@RegisterGradient("SparseReorder")
def _sparse_reorder_gradient(op, _, grad):
    indices, _, dense_shape = op.inputs
    numbers = range_(shape(indices, out_type=dtypes.int64)[0])
    _, order = SparseReorder([indices, numbers, dense_shape]).outputs
    _, back = SparseReorder([reshape(order, [-1, 1]), numbers, dense_shape[:1]]).outputs
    return None, gather(grad, back), None


def sparse_reorder(sp_input, name=None):
    """The same SparseTensor, its entries in lexicographic order of their places.

    As in TF: tf.sparse_reorder (op type SparseReorder).
    """
    sp_input = as_sparse(sp_input)
    op = SparseReorder([sp_input.indices, sp_input.values, sp_input.dense_shape], name)
    known = sp_input.get_shape()
    result = SparseTensor(*op.outputs, known.as_list() if known.is_fully_defined() else
                          identity(sp_input.dense_shape))
    result._known_shape = sp_input.shape._dims
    return result


def sparse_retain(sp_input, to_retain):
    """The SparseTensor with those entries i for which to_retain[i] is True.

    As in TF: tf.sparse_retain.
    """
    sp_input = as_sparse(sp_input)
    to_retain = as_tensor(to_retain, name="to_retain")
    merge(to_retain.spec.shape, sp_input.values.spec.shape)
    kept = reshape(where(to_retain), [-1])
    return SparseTensor(gather(sp_input.indices, kept), gather(sp_input.values, kept),
                        identity(sp_input.dense_shape))
