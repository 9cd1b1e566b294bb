"""What to read out of a `tf.train.Example`: one description a feature. Read next: parsing.py."""

import collections
import re

from pellucid.core import dtypes
from pellucid.core.operation import convert_to_tensor
from pellucid.core.shapes import as_tuple
from pellucid.core.sources import constant
from pellucid.core.tensor import Tensor
from pellucid.ops.arrays.shaping import reshape

ALLOWED = (dtypes.float32, dtypes.int64, dtypes.string)


class FixedLenFeature(collections.namedtuple("FixedLenFeature",
                                             ["shape", "dtype", "default_value"])):
    """As many values as `shape` holds; `default_value` where an Example has none.

    As in TF: tf.io.FixedLenFeature.
    """

    __slots__ = ()

    def __new__(cls, shape, dtype, default_value=None):
        return super().__new__(cls, shape, dtype, default_value)


class VarLenFeature(collections.namedtuple("VarLenFeature", ["dtype"])):
    """Any number of values, which become a SparseTensor. As in TF: tf.io.VarLenFeature."""

    __slots__ = ()


class FixedLenSequenceFeature(collections.namedtuple(
        "FixedLenSequenceFeature", ["shape", "dtype", "allow_missing", "default_value"])):
    """Any number of steps of `shape`; a batch is padded with `default_value`.

    As in TF: tf.io.FixedLenSequenceFeature.
    """

    __slots__ = ()

    def __new__(cls, shape, dtype, allow_missing=False, default_value=None):
        return super().__new__(cls, shape, dtype, allow_missing, default_value)


class SparseFeature(collections.namedtuple(
        "SparseFeature", ["index_key", "value_key", "dtype", "size", "already_sorted"])):
    """A SparseTensor of which one feature holds the values, others the places.

    As in TF: tf.io.SparseFeature.
    """

    __slots__ = ()

    def __new__(cls, index_key, value_key, dtype, size, already_sorted=False):
        return super().__new__(cls, index_key, value_key, dtype, size, already_sorted)


class Wanted:
    """Features sorted into those that become SparseTensors and those that become Tensors.

    Attributes:
      sparse: {key: DType}.
      dense: {key: (shape, DType)}; a first dimension of None stands for any number of steps.
      defaults: {key: value or Tensor}, of dense ones.
      missing_allowed: set of the keys of sequences that may be missing.
    """

    def __init__(self, features, allowed):
        self.sparse, self.dense, self.defaults = {}, {}, {}
        self.missing_allowed = set()
        for key in sorted(features or {}):
            feature = features[key]
            if not isinstance(feature, allowed):
                raise ValueError(f"Unsupported {type(feature).__name__} {feature!r} for the "
                                 f"feature {key!r}.")
            if not feature.dtype:
                raise ValueError(f"Missing type for feature {key}.")
            if isinstance(feature, VarLenFeature):
                self._add_sparse(key, feature.dtype)
            elif isinstance(feature, SparseFeature):
                self._add_parts(key, feature)
            else:
                self._add_dense(key, feature)

    def _add_sparse(self, key, dtype):
        dtype = _checked(key, dtype)
        if self.sparse.setdefault(key, dtype) is not dtype:
            raise ValueError(f"Conflicting type {self.sparse[key].name} vs {dtype.name} for "
                             f"feature {key}.")

    def _add_parts(self, key, feature):
        if not feature.index_key:
            raise ValueError(f"Missing index_key for SparseFeature {key}: {feature}")
        if not feature.value_key:
            raise ValueError(f"Missing value_key for SparseFeature {key}: {feature}")
        for index_key in sorted(index_keys(feature)):
            self._add_sparse(index_key, dtypes.int64)
        self._add_sparse(feature.value_key, feature.dtype)

    def _add_dense(self, key, feature):
        if feature.shape is None:
            raise ValueError(f"Missing shape for feature {key}.")
        shape, steps = as_tuple(feature.shape), isinstance(feature, FixedLenSequenceFeature)
        if shape and shape[0] is None and not steps:
            raise ValueError(f"First dimension of shape for feature {key} unknown. Consider "
                             "using FixedLenSequenceFeature.")
        if shape is None or None in shape:
            raise ValueError(f"All dimensions of shape for feature {key} need to be known but "
                             f"received {feature.shape}.")
        self.dense[key] = shape, _checked(key, feature.dtype)
        if feature.default_value is not None:
            self.defaults[key] = feature.default_value
        if steps and feature.allow_missing:
            self.missing_allowed.add(key)

    def allow_steps(self, features):
        """Makes the shapes of sequences begin with None, as parse_example has them."""
        for key, feature in (features or {}).items():
            if isinstance(feature, FixedLenSequenceFeature):
                if not feature.allow_missing:
                    raise ValueError("Unsupported: FixedLenSequenceFeature requires "
                                     "allow_missing to be True.")
                shape, dtype = self.dense[key]
                self.dense[key] = (None, *shape), dtype

    def default_tensors(self):
        """List of Tensors, of each dense feature what stands where it is missing: a value of
        its shape, the number that pads its steps, or an empty vector for "required"."""
        return [self._default(key, *what) for key, what in self.dense.items()]

    def _default(self, key, shape, dtype):
        value, name = self.defaults.get(key), re.sub("[^A-Za-z0-9_.\\-/]", "_", key)
        if shape and shape[0] is None:
            if value is None:
                return convert_to_tensor("" if dtype is dtypes.string else 0, dtype)
            return reshape(convert_to_tensor(value, dtype, name="padding_" + name), [])
        if value is None:
            return constant([], dtype)
        if isinstance(value, Tensor):
            return value
        return reshape(convert_to_tensor(value, dtype, name="key_" + name), list(shape))


def index_keys(feature):
    """List of the keys of a SparseFeature's places."""
    return [feature.index_key] if isinstance(feature.index_key, str) else list(feature.index_key)


def _checked(key, dtype):
    dtype = dtypes.as_dtype(dtype)
    if dtype not in ALLOWED:
        raise TypeError(f"Feature {key!r} has DataType {dtype.name}, which is not in the list of "
                        "allowed values: float32, int64, string")
    return dtype
