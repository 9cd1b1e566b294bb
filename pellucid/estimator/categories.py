"""Categorical columns: what an example says becomes numbers of categories.

ids(features) is an (n, k) int64 tensor, -1 where an example has no category. Read columns.py
first.
"""

import itertools

import numpy as np

from pellucid.core import dtypes
from pellucid.core.operation import convert_to_tensor
from pellucid.ops.arrays.creation import ones_like
from pellucid.ops.arrays.shaping import expand_dims, reshape
from pellucid.ops.arrays.shaping import shape as shape_of
from pellucid.ops.control.assertions import assert_less
from pellucid.ops.control.passing import identity
from pellucid.ops.control.python_functions import py_func
from pellucid.ops.math.casting import cast
from pellucid.ops.math.comparison import equal, greater_equal, less, logical_and, logical_or
from pellucid.ops.math.selection import where
from pellucid.ops.sparse.sparse_tensor import SparseTensor, sparse_tensor_to_dense
from pellucid.ops.text.hashing import fingerprint64, hashed, string_to_hash_bucket_fast
from pellucid.ops.text.numbers import as_string


class Column:
    """What all feature columns share: a name."""

    def __repr__(self):
        return f"<{type(self).__name__} {self.name!r}>"


class Categorical(Column):
    """A column that is one of num_buckets categories."""

    num_buckets = 0


def raw(features, key):
    """The feature as a tensor of at least two dimensions, or sparse. ValueError if missing."""
    if key not in features:
        raise ValueError(f"Feature {key} is not in features dictionary.")
    value = features[key]
    if isinstance(value, SparseTensor):
        return value
    value = convert_to_tensor(value)
    return expand_dims(value, -1) if value.shape.ndims == 1 else value


def words(features, key):
    """(values (n, k), which of them are there): of strings all but "", of numbers all but -1."""
    value = raw(features, key)
    if isinstance(value, SparseTensor):
        missing = "" if value.dtype == dtypes.string else -1
        value = sparse_tensor_to_dense(value, default_value=missing)
    if value.shape.ndims is None or value.shape.ndims > 2:
        value = reshape(value, [shape_of(value)[0], -1])
    if value.dtype == dtypes.string:
        return value, ~equal(value, b"")
    if not value.dtype.is_integer:
        raise ValueError(f"a categorical column takes strings or whole numbers; {key!r} has "
                         f"dtype {value.dtype.name}.")
    value = cast(value, dtypes.int64)
    return value, ~equal(value, np.int64(-1))


def _where(there, ids):
    return where(there, ids, -ones_like(ids))


class _OfKey(Categorical):
    """A categorical column of one feature."""

    dtype = dtypes.string

    def parse_spec(self):
        """{key: VarLenFeature}."""
        from pellucid.interchange.features import VarLenFeature
        return {self.key: VarLenFeature(self.dtype)}


class IdentityColumn(_OfKey):
    """See categorical_column_with_identity."""

    dtype = dtypes.int64

    def __init__(self, key, num_buckets, default_value):
        self.key = self.name = key
        self.num_buckets, self.default_value = num_buckets, default_value

    def ids(self, features):
        """The numbers themselves, (n, k)."""
        values, there = words(features, self.key)
        if values.dtype == dtypes.string:
            raise ValueError(f"Invalid input, not integer. key: {self.key}")
        count = np.int64(self.num_buckets)
        if self.default_value is None:
            with values.graph.control_dependencies([assert_less(
                    values, count, message=f"{self.key}: a number is not below num_buckets")]):
                return _where(there, identity(values))
        known = logical_and(greater_equal(values, np.int64(0)), less(values, count))
        default = ones_like(values) * np.int64(self.default_value)
        return _where(there, where(known, values, default))


class VocabularyColumn(_OfKey):
    """See categorical_column_with_vocabulary_list and categorical_column_with_vocabulary_file."""

    def __init__(self, key, vocabulary, size, dtype, default_value, num_oov_buckets):
        self.key = self.name = key
        self.vocabulary, self.dtype = vocabulary, dtype
        self.default_value, self.num_oov_buckets = default_value, num_oov_buckets
        self.size, self.num_buckets = size, size + num_oov_buckets

    def ids(self, features):
        """The places of the words in the vocabulary, (n, k)."""
        from pellucid.ops.text.vocabularies import index_table_from_file, index_table_from_tensor
        values, there = words(features, self.key)
        if isinstance(self.vocabulary, str):
            table = index_table_from_file(
                self.vocabulary, self.num_oov_buckets, self.size, self.default_value,
                key_dtype=self.dtype, name=f"{self.key}_lookup")
        else:
            table = index_table_from_tensor(
                list(self.vocabulary), self.num_oov_buckets, self.default_value,
                dtype=self.dtype, name=f"{self.key}_lookup")
        return _where(there, table.lookup(values))


class HashedColumn(_OfKey):
    """See categorical_column_with_hash_bucket."""

    def __init__(self, key, hash_bucket_size, dtype):
        self.key = self.name = key
        self.num_buckets, self.dtype = hash_bucket_size, dtype

    def ids(self, features):
        """The buckets of the words' hashes, (n, k)."""
        values, there = words(features, self.key)
        if values.dtype != dtypes.string:
            values = as_string(values)
        return _where(there, string_to_hash_bucket_fast(values, self.num_buckets))


class CrossedColumn(Categorical):
    """See crossed_column."""

    def __init__(self, keys, hash_bucket_size, hash_key):
        self.keys, self.num_buckets, self.hash_key = tuple(keys), hash_bucket_size, hash_key
        self.name = "_X_".join(sorted(self._leaves()))

    def _leaves(self):
        for key in self.keys:
            if isinstance(key, CrossedColumn):
                yield from key._leaves()
            else:
                yield key if isinstance(key, str) else key.name

    def _sources(self):
        for key in self.keys:
            yield from key._sources() if isinstance(key, CrossedColumn) else [key]

    def ids(self, features):
        """The buckets of the combinations, (n, product of the k)."""
        first, last = [], []         # TensorFlow hashes sparse inputs first, and all of the dense
        for key in self._sources():
            if not isinstance(key, str):
                values = key.ids(features)
                first += [values, greater_equal(values, np.int64(0))]
            elif isinstance(features.get(key), SparseTensor):
                first += words(features, key)
            else:
                values, there = words(features, key)
                last += [values, logical_or(there, True)]
        parts = first + last
        count, key = self.num_buckets, self.hash_key
        ids = py_func(lambda *arrays: _crossed(arrays[::2], arrays[1::2], count, key), parts,
                      dtypes.int64, stateful=False)
        ids.set_shape([None, None])
        return ids

    def parse_spec(self):
        """Those of its sources."""
        from pellucid.interchange.features import VarLenFeature
        spec = {}
        for key in self._sources():
            spec |= {key: VarLenFeature(dtypes.string)} if isinstance(key, str) else (
                key.parse_spec())
        return spec


_HASH_KEY = 0xDECAFCAFFE
_FACTOR = 0xC6A4A7935BD1E995
_MASK = 2 ** 64 - 1


def _joined_fingerprint(first, second):
    """TensorFlow's FingerprintCat64 of two fingerprints."""
    result = first ^ _FACTOR
    second = second * _FACTOR & _MASK
    result ^= (second ^ second >> 47) * _FACTOR & _MASK
    result = result * _FACTOR & _MASK
    result = (result ^ result >> 47) * _FACTOR & _MASK
    return result ^ result >> 47


def _crossed(values, there, count, key):
    """The hashes of the combinations of each example's values, -1 where it has fewer."""
    rows = []
    values = [hashed(fingerprint64, v) if v.dtype.kind == "O" else v for v in values]
    for i in range(len(values[0])):
        prints = [[int(v) & _MASK
                   for v, is_there in zip(array[i], present[i], strict=True) if is_there]
                  for array, present in zip(values, there, strict=True)]
        row = []
        for combination in itertools.product(*prints):
            print_of_all = key if key is not None else _HASH_KEY
            for one in combination:
                print_of_all = _joined_fingerprint(print_of_all, one)
            row.append(print_of_all % count)
        rows.append(row)
    ids = np.full([len(rows), max(map(len, rows), default=0)], -1, np.int64)
    for i, row in enumerate(rows):
        ids[i, :len(row)] = row
    return ids


# -- what users call -----------------------------------------------------------------------

def categorical_column_with_identity(key, num_buckets, default_value=None):
    """Whole numbers below num_buckets, themselves the categories.

    default_value stands for what is out of range; without it that is an InvalidArgumentError.
    As in TF: tf.feature_column.categorical_column_with_identity.
    """
    if num_buckets < 1:
        raise ValueError(f"num_buckets {num_buckets} < 1, column_name {key}")
    if default_value is not None and not 0 <= default_value < num_buckets:
        raise ValueError(f"default_value {default_value} not in range [0, {num_buckets}), "
                         f"column_name {key}")
    return IdentityColumn(key, num_buckets, default_value)


def categorical_column_with_vocabulary_list(key, vocabulary_list, dtype=None, default_value=-1,
                                            num_oov_buckets=0):
    """Words of a list; others are default_value, or fall into num_oov_buckets more categories.

    As in TF: tf.feature_column.categorical_column_with_vocabulary_list.
    """
    if vocabulary_list is None or len(vocabulary_list) < 1:
        raise ValueError(f"vocabulary_list {vocabulary_list!r} must be non-empty, "
                         f"column_name: {key}")
    if len(set(vocabulary_list)) != len(vocabulary_list):
        raise ValueError(f"Duplicate keys in vocabulary_list: {vocabulary_list!r}, "
                         f"column_name: {key}")
    _check_oov(num_oov_buckets, default_value, key)
    kind = np.asarray(vocabulary_list).dtype.kind
    dtype = dtypes.as_dtype(dtype) if dtype is not None else (
        dtypes.string if kind in "OSU" else dtypes.int64)
    return VocabularyColumn(key, tuple(vocabulary_list), len(vocabulary_list), dtype,
                            default_value, num_oov_buckets)


def categorical_column_with_vocabulary_file(key, vocabulary_file, vocabulary_size=None,
                                            num_oov_buckets=0, default_value=None,
                                            dtype=dtypes.string):
    """Words that stand in a file, one a line.

    As in TF: tf.feature_column.categorical_column_with_vocabulary_file.
    """
    if not vocabulary_file:
        raise ValueError(f"Missing vocabulary_file in {key}.")
    _check_oov(num_oov_buckets, -1 if default_value is None else default_value, key)
    if vocabulary_size is None:
        with open(vocabulary_file, "rb") as file:
            vocabulary_size = sum(1 for _ in file)
    return VocabularyColumn(key, str(vocabulary_file), vocabulary_size, dtypes.as_dtype(dtype),
                            -1 if default_value is None else default_value, num_oov_buckets)


def _check_oov(num_oov_buckets, default_value, key):
    if num_oov_buckets and default_value != -1:
        raise ValueError("Can't specify both num_oov_buckets and default_value in " + key)
    if num_oov_buckets < 0:
        raise ValueError(f"Invalid num_oov_buckets {num_oov_buckets} in {key}.")


def categorical_column_with_hash_bucket(key, hash_bucket_size, dtype=dtypes.string):
    """Any words, hashed into hash_bucket_size categories.

    As in TF: tf.feature_column.categorical_column_with_hash_bucket.
    """
    if hash_bucket_size is None or hash_bucket_size < 1:
        raise ValueError(f"hash_bucket_size must be at least 1. hash_bucket_size: "
                         f"{hash_bucket_size}, key: {key}")
    return HashedColumn(key, hash_bucket_size, dtypes.as_dtype(dtype))


def crossed_column(keys, hash_bucket_size, hash_key=None):
    """The combinations of several columns' categories, hashed into hash_bucket_size.

    Args:
      keys: list of features (str) or categorical columns, not hashed ones.
      hash_bucket_size: int.
      hash_key: int, where the hash begins.

    As in TF: tf.feature_column.crossed_column.
    """
    if hash_bucket_size is None or hash_bucket_size < 1:
        raise ValueError(f"hash_bucket_size must be > 1. hash_bucket_size: {hash_bucket_size}")
    if not keys or len(keys) < 2:
        raise ValueError(f"keys must be a list with length > 1. Given: {keys}")
    for key in keys:
        if isinstance(key, HashedColumn) or not isinstance(key, str | Categorical):
            raise ValueError("keys must be features or categorical columns, and no hashed ones: "
                             f"give the feature itself. Given: {key}")
    return CrossedColumn(keys, hash_bucket_size, hash_key)
