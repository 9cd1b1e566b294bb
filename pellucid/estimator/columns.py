"""Feature columns: from the columns of a table to the numbers that a model takes.

    age = tf.feature_column.numeric_column("age")
    job = tf.feature_column.categorical_column_with_vocabulary_list("job", ["baker", "smith"])
    net = tf.feature_column.input_layer(features, [age, tf.feature_column.indicator_column(job)])

A dense column makes an (n, d) float tensor. A categorical one makes an (n, k) int64 tensor of
category numbers, -1 where an example has none; indicator_column and embedding_column make dense
ones of those. As in TF: tf.feature_column. Read next: categories.py.
"""

import math

import numpy as np

from pellucid.core import dtypes
from pellucid.core.operation import convert_to_tensor
from pellucid.estimator.categories import Categorical, Column, raw
from pellucid.ops.arguments import name_scope
from pellucid.ops.arrays.gathering import gather
from pellucid.ops.arrays.joining import concat
from pellucid.ops.arrays.masking import one_hot
from pellucid.ops.arrays.shaping import expand_dims, reshape
from pellucid.ops.linalg.linear_algebra import matmul
from pellucid.ops.math.casting import cast
from pellucid.ops.math.comparison import greater_equal
from pellucid.ops.math.division import div_no_nan
from pellucid.ops.math.elementwise import add_n, maximum
from pellucid.ops.math.functions import sqrt
from pellucid.ops.math.reductions import reduce_sum
from pellucid.ops.neural.biases import bias_add
from pellucid.ops.state.initializers import truncated_normal_initializer, zeros_initializer
from pellucid.ops.state.variable_scope import get_variable, variable_scope


class Dense(Column):
    """A column that is numbers: dense(features) is (n, size)."""


class NumericColumn(Dense):
    """See numeric_column."""

    def __init__(self, key, shape, default_value, dtype, normalizer_fn):
        self.key = self.name = key
        self.shape, self.default_value = shape, default_value
        self.dtype, self.normalizer_fn = dtype, normalizer_fn
        self.size = math.prod(shape)

    def dense(self, features):
        """The numbers, normalized, as float32."""
        values = raw(features, self.key)
        if values.dtype == dtypes.string:
            raise ValueError(f"The corresponding Tensor of numerical column must be a Tensor of "
                             f"numbers. key: {self.key}, dtype: string")
        if self.normalizer_fn is not None:
            values = convert_to_tensor(self.normalizer_fn(values))
        return reshape(cast(values, dtypes.float32), [-1, self.size])

    def parse_spec(self):
        """{key: FixedLenFeature}."""
        from pellucid.interchange.features import FixedLenFeature
        return {self.key: FixedLenFeature(self.shape, self.dtype, self.default_value)}


class BucketizedColumn(Dense, Categorical):
    """See bucketized_column."""

    def __init__(self, source_column, boundaries):
        self.source_column, self.boundaries = source_column, tuple(boundaries)
        self.name = f"{source_column.name}_bucketized"
        self.key = source_column.key
        self.buckets = len(boundaries) + 1
        self.num_buckets = self.size = self.buckets * source_column.size

    def _numbers(self, features):
        values = expand_dims(self.source_column.dense(features), -1)
        return reduce_sum(cast(greater_equal(values, np.float32(self.boundaries)),
                               dtypes.int64), -1)

    def dense(self, features):
        """One-hot rows, (n, size)."""
        return reshape(one_hot(self._numbers(features), self.buckets), [-1, self.size])

    def ids(self, features):
        """The bucket of each number, (n, d)."""
        offsets = np.arange(self.source_column.size, dtype=np.int64) * self.buckets
        return self._numbers(features) + offsets

    def parse_spec(self):
        """That of its source."""
        return self.source_column.parse_spec()


class IndicatorColumn(Dense):
    """See indicator_column."""

    def __init__(self, categorical_column):
        self.categorical_column = categorical_column
        self.name = f"{categorical_column.name}_indicator"
        self.size = categorical_column.num_buckets

    def dense(self, features):
        """How often an example has each category, (n, categories)."""
        return reduce_sum(one_hot(self.categorical_column.ids(features), self.size), 1)

    def parse_spec(self):
        """That of its source."""
        return self.categorical_column.parse_spec()


class EmbeddingColumn(Dense):
    """See embedding_column."""

    def __init__(self, categorical_column, dimension, combiner, initializer, trainable):
        self.categorical_column, self.dimension = categorical_column, dimension
        self.combiner, self.initializer, self.trainable = combiner, initializer, trainable
        self.name = f"{categorical_column.name}_embedding"
        self.size = dimension

    def dense(self, features):
        """The combined rows of a table of weights, (n, dimension)."""
        weights = get_variable(
            "embedding_weights", [self.categorical_column.num_buckets, self.dimension],
            initializer=self.initializer, trainable=self.trainable)
        return combined(weights, self.categorical_column.ids(features), self.combiner)

    def parse_spec(self):
        """That of its source."""
        return self.categorical_column.parse_spec()


def combined(weights, ids, combiner):
    """The rows of weights (m, d) at ids (n, k), put together to (n, d); -1 is no row."""
    there = cast(greater_equal(ids, np.int64(0)), dtypes.float32)              # (n, k)
    rows = gather(weights, maximum(ids, np.int64(0))) * expand_dims(there, -1)
    total = reduce_sum(rows, 1)
    if combiner == "sum":
        return total
    count = reduce_sum(there, 1, keepdims=True)
    return div_no_nan(total, count if combiner == "mean" else sqrt(count))


# -- what users call -----------------------------------------------------------------------

def numeric_column(key, shape=(1,), default_value=None, dtype=dtypes.float32,
                   normalizer_fn=None):
    """Numbers as they are.

    Args:
      key: str, the feature.
      shape: int or tuple of them, of one example.
      default_value: number, for examples that are parsed.
      dtype: DType of what is parsed.
      normalizer_fn: function(Tensor) -> Tensor.

    As in TF: tf.feature_column.numeric_column.
    """
    shape = (shape,) if isinstance(shape, int) else tuple(shape)
    if any(not isinstance(d, int | np.integer) or d <= 0 for d in shape):
        raise ValueError(f"shape dimensions must be integers above 0: {shape}")
    dtype = dtypes.as_dtype(dtype)
    if not (dtype.is_integer or dtype.is_floating):
        raise ValueError(f"dtype must be convertible to float. dtype: {dtype}, key: {key}")
    if normalizer_fn is not None and not callable(normalizer_fn):
        raise TypeError(f"normalizer_fn must be a callable. Given: {normalizer_fn}")
    return NumericColumn(key, shape, default_value, dtype, normalizer_fn)


def bucketized_column(source_column, boundaries):
    """Numbers as the intervals that they fall into, [-inf, b0), [b0, b1), ...

    Args:
      source_column: numeric column of one dimension.
      boundaries: sorted list of numbers.

    As in TF: tf.feature_column.bucketized_column.
    """
    if not isinstance(source_column, NumericColumn):
        raise ValueError("source_column must be a column generated with numeric_column(). Given: "
                         f"{source_column}")
    if len(source_column.shape) > 1:
        raise ValueError(f"source_column must be one-dimensional column. Given: {source_column}")
    if not boundaries or list(boundaries) != sorted(set(boundaries)):
        raise ValueError(f"boundaries must be a sorted list: {boundaries}")
    return BucketizedColumn(source_column, boundaries)


def indicator_column(categorical_column):
    """Categories as one number each, how often an example has it.

    As in TF: tf.feature_column.indicator_column.
    """
    return IndicatorColumn(_categorical(categorical_column))


def embedding_column(categorical_column, dimension, combiner="mean", initializer=None,
                     ckpt_to_load_from=None, tensor_name_in_ckpt=None, max_norm=None,
                     trainable=True):
    """Categories as rows of a table that is learned.

    Args:
      categorical_column: categorical column.
      dimension: int, the length of a row.
      combiner: "mean", "sqrtn" or "sum", how the rows of one example are put together.
      initializer: of the table; truncated normal of deviation 1/sqrt(dimension) by default.
      trainable: bool.

    ckpt_to_load_from and max_norm are not supported: use tf.train.init_from_checkpoint, and
    tf.clip_by_norm. As in TF: tf.feature_column.embedding_column.
    """
    if dimension is None or dimension < 1:
        raise ValueError(f"Invalid dimension {dimension}.")
    if ckpt_to_load_from is not None or tensor_name_in_ckpt is not None or max_norm is not None:
        raise NotImplementedError("embedding_column(ckpt_to_load_from, max_norm): use "
                                  "tf.train.init_from_checkpoint, tf.clip_by_norm.")
    if combiner not in ("mean", "sqrtn", "sum"):
        raise ValueError(f"combiner must be 'mean', 'sqrtn' or 'sum': {combiner!r}")
    if initializer is not None and not callable(initializer):
        raise ValueError(f"initializer must be callable if specified: {initializer}")
    return EmbeddingColumn(
        _categorical(categorical_column), dimension, combiner,
        initializer or truncated_normal_initializer(0.0, 1 / math.sqrt(dimension)), trainable)


def _categorical(column):
    if not isinstance(column, Categorical):
        raise ValueError(f"a categorical column is needed. Given: {column}")
    return column


def input_layer(features, feature_columns, weight_collections=None, trainable=True,
                cols_to_vars=None, cols_to_output_tensors=None):
    """The dense columns side by side, in order of their names: (n, d) float32.

    Args:
      features: {key: Tensor}.
      feature_columns: list of dense columns.
      trainable: bool, whether the tables of embeddings are.

    weight_collections and cols_to_vars are not supported: see tf.trainable_variables().
    As in TF: tf.feature_column.input_layer.
    """
    if weight_collections is not None or cols_to_vars is not None:
        raise NotImplementedError("input_layer(weight_collections, cols_to_vars): find the "
                                  "variables by name, tf.trainable_variables(scope).")
    outputs = []
    with variable_scope(None, "input_layer", values=features.values()):
        for column in _sorted(feature_columns):
            if not isinstance(column, Dense):
                raise ValueError("Items of feature_columns must be dense columns: wrap the "
                                 f"categorical ones with indicator_column or embedding_column. "
                                 f"Given: {column}")
            with variable_scope(None, column.name):
                if isinstance(column, EmbeddingColumn) and not trainable:
                    column = EmbeddingColumn(column.categorical_column, column.dimension,
                                             column.combiner, column.initializer, False)
                outputs.append(column.dense(features))
            if cols_to_output_tensors is not None:
                cols_to_output_tensors[column] = outputs[-1]
        return concat(outputs, 1)


def linear_model(features, feature_columns, units=1, sparse_combiner="sum",
                 weight_collections=None, trainable=True, cols_to_vars=None):
    """A linear function of the columns: (n, units) float32, with weights that start at 0.

    Args:
      features: {key: Tensor}.
      feature_columns: list of numeric, bucketized and categorical columns.
      units: int, how many outputs.
      sparse_combiner: "sum", "mean" or "sqrtn", how several categories of an example add up.
      trainable: bool, whether the weights are.

    weight_collections and cols_to_vars are not supported: see tf.trainable_variables().
    As in TF: tf.feature_column.linear_model.
    """
    if weight_collections is not None or cols_to_vars is not None:
        raise NotImplementedError("linear_model(weight_collections, cols_to_vars): find the "
                                  "variables by name, tf.trainable_variables(scope).")
    terms, zeros = [], zeros_initializer()
    with variable_scope(None, "linear_model", values=features.values()):
        for column in _sorted(feature_columns):
            is_category = isinstance(column, Categorical)
            with variable_scope(None, column.name):
                size = column.num_buckets if is_category else column.size
                weights = get_variable("weights", [size, units], initializer=zeros,
                                       trainable=trainable)
                if is_category:
                    terms.append(combined(weights, column.ids(features), sparse_combiner))
                else:
                    terms.append(matmul(column.dense(features), weights))
        bias = get_variable("bias_weights", [units], initializer=zeros, trainable=trainable)
        with name_scope("weighted_sum"):
            return bias_add(add_n(terms), bias)


def _sorted(columns):
    columns = list(columns) if not isinstance(columns, Column) else [columns]
    for column in columns:
        if not isinstance(column, Column):
            raise ValueError(f"Items of feature_columns must be made by tf.feature_column's "
                             f"functions. Given: {column!r}")
    if not columns:
        raise ValueError("feature_columns must not be empty.")
    names = [column.name for column in columns]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise ValueError(f"Duplicate feature column name found for columns: {twice}")
    return sorted(columns, key=lambda column: column.name)


def make_parse_example_spec(feature_columns):
    """{key: FixedLenFeature or VarLenFeature}, for tf.parse_example.

    As in TF: tf.feature_column.make_parse_example_spec.
    """
    spec = {}
    for column in feature_columns:
        for key, feature in column.parse_spec().items():
            if spec.setdefault(key, feature) != feature:
                raise ValueError(f"feature_columns contain different parse_spec for key {key}.")
    return spec
