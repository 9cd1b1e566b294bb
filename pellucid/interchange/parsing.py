"""Serialized Examples as tensors. Read next: raw_bytes.py."""

import numpy as np

from pellucid.core import dtypes
from pellucid.core.operation import convert_to_tensor
from pellucid.interchange.features import (
    FixedLenFeature,
    FixedLenSequenceFeature,
    SparseFeature,
    VarLenFeature,
    Wanted,
    index_keys,
)
from pellucid.interchange.parsing_ops import (
    ParseExample,
    ParseSingleExample,
    ParseSingleSequenceExample,
)
from pellucid.ops.arguments import name_scope
from pellucid.ops.arrays.joining import concat
from pellucid.ops.arrays.shaping import expand_dims
from pellucid.ops.math.casting import cast
from pellucid.ops.sparse.sparse_tensor import SparseTensor, sparse_reorder

_OF_EXAMPLE = (VarLenFeature, SparseFeature, FixedLenFeature, FixedLenSequenceFeature)


def parse_example(serialized, features, name=None, example_names=None):
    """Parses a batch of serialized `tf.train.Example`s.

    Args:
      serialized: Tensor of strings, shape (n,).
      features: {key: FixedLenFeature, VarLenFeature, FixedLenSequenceFeature or SparseFeature}.
      name: str.
      example_names: Tensor of strings, shape (n,), for error messages.

    Returns:
      {key: Tensor of shape (n, *shape), or SparseTensor of shape (n, most values)}.

    A run raises InvalidArgumentError for what is no Example, for a feature that is missing and
    has no default, and for values of another type or number.
    As in TF: tf.io.parse_example (op type ParseExample).
    """
    if not features:
        raise ValueError(f"Missing: features was {features}.")
    wanted = Wanted(features, _OF_EXAMPLE)
    wanted.allow_steps(features)
    return _completed(_parse_batch(serialized, wanted, name, example_names), features)


def _parse_batch(serialized, wanted, name, example_names):
    with name_scope(name, "ParseExample", [serialized, example_names]):
        serialized = convert_to_tensor(serialized, dtypes.string, name="serialized")
        defaults = wanted.default_tensors()
        with name_scope(name or "ParseExample") as scope:
            names = np.array([], object) if example_names is None else example_names
            inputs = [serialized, convert_to_tensor(names, dtypes.string, name="names"),
                      *_keys("sparse_keys", wanted.sparse), *_keys("dense_keys", wanted.dense),
                      *defaults]
            op = ParseExample(
                inputs, name=scope, Nsparse=len(wanted.sparse), Ndense=len(wanted.dense),
                sparse_types=tuple(wanted.sparse.values()),
                Tdense=tuple([dtype for _, dtype in wanted.dense.values()]),
                dense_shapes=tuple([shape for shape, _ in wanted.dense.values()]))
        return _as_dict(op.outputs, wanted)


def parse_single_example(serialized, features, name=None, example_names=None):
    """Parses one serialized `tf.train.Example`, without the dimension of a batch.

    Args:
      serialized: scalar Tensor of strings.
      features: {key: FixedLenFeature, VarLenFeature, FixedLenSequenceFeature or SparseFeature}.
      name: str.
      example_names: scalar Tensor of strings, for error messages.

    Returns:
      {key: Tensor, or SparseTensor of rank 1}.

    Errors as for parse_example. As in TF: tf.io.parse_single_example (op type
    ParseSingleExample).
    """
    if not features:
        raise ValueError("Missing features.")
    wanted = Wanted(features, _OF_EXAMPLE)
    wanted.allow_steps(features)
    with name_scope(name, "ParseSingleExample", [serialized, example_names]):
        serialized = _scalar(convert_to_tensor(serialized, dtypes.string, name="serialized"))
        if example_names is not None:
            return _one_of_a_batch(serialized, features, wanted, example_names)
        op = ParseSingleExample(
            [serialized, *wanted.default_tensors()], name=name or "ParseSingleExample",
            num_sparse=len(wanted.sparse), sparse_keys=tuple(wanted.sparse),
            sparse_types=tuple(wanted.sparse.values()), dense_keys=tuple(wanted.dense),
            Tdense=tuple([dtype for _, dtype in wanted.dense.values()]),
            dense_shapes=tuple([shape for shape, _ in wanted.dense.values()]))
        outputs = _as_dict(op.outputs, wanted)
    return _completed(outputs, features)


def _one_of_a_batch(serialized, features, wanted, example_names):
    """With a name, the Example is parsed as a batch of one, which alone takes names."""
    names = expand_dims(convert_to_tensor(example_names, dtypes.string), 0)
    found = _parse_batch(expand_dims(serialized, 0), wanted, None, names)
    for key, value in found.items():
        if isinstance(value, SparseTensor):
            found[key] = SparseTensor(value.indices[:, 1:], value.values, value.dense_shape[1:])
        else:
            found[key] = value[0]
    return _completed(found, features)


def parse_single_sequence_example(serialized, context_features=None, sequence_features=None,
                                  example_name=None, name=None):
    """Parses one serialized `tf.train.SequenceExample`.

    Args:
      serialized: scalar Tensor of strings.
      context_features: {key: FixedLenFeature, VarLenFeature or SparseFeature}.
      sequence_features: {key: FixedLenSequenceFeature, VarLenFeature or SparseFeature}.
      example_name: scalar Tensor of strings, for error messages.
      name: str.

    Returns:
      ({key: context}, {key: sequence}); sequences have the steps as their first dimension.

    As in TF: tf.io.parse_single_sequence_example (op type ParseSingleSequenceExample).
    """
    if not (context_features or sequence_features):
        raise ValueError("Missing features.")
    context = Wanted(context_features, (VarLenFeature, SparseFeature, FixedLenFeature))
    lists = Wanted(sequence_features, (VarLenFeature, SparseFeature, FixedLenSequenceFeature))
    with name_scope(name, "ParseSingleSequenceExample", [serialized]):
        serialized = _scalar(convert_to_tensor(serialized, dtypes.string, name="serialized"))
        defaults = context.default_tensors()
        missing = np.array([k.encode() for k in lists.dense if k in lists.missing_allowed], object)
        with name_scope(name or "ParseSingleSequenceExample") as scope:
            op = ParseSingleSequenceExample(
                [serialized, convert_to_tensor(
                    missing, dtypes.string, name="feature_list_dense_missing_assumed_empty"),
                 *_keys("context_sparse_keys", context.sparse),
                 *_keys("context_dense_keys", context.dense),
                 *_keys("feature_list_sparse_keys", lists.sparse),
                 *_keys("feature_list_dense_keys", lists.dense), *defaults,
                 convert_to_tensor(example_name or "", dtypes.string, name="debug_name")],
                name=scope, Ncontext_sparse=len(context.sparse),
                Ncontext_dense=len(context.dense), Nfeature_list_sparse=len(lists.sparse),
                Nfeature_list_dense=len(lists.dense),
                context_sparse_types=tuple(context.sparse.values()),
                Tcontext_dense=tuple([dtype for _, dtype in context.dense.values()]),
                context_dense_shapes=tuple([shape for shape, _ in context.dense.values()]),
                feature_list_sparse_types=tuple(lists.sparse.values()),
                feature_list_dense_types=tuple([dtype for _, dtype in lists.dense.values()]),
                feature_list_dense_shapes=tuple([shape for shape, _ in lists.dense.values()]))
        split = 3 * len(context.sparse) + len(context.dense)
        found = _as_dict(op.outputs[:split], context), _as_dict(op.outputs[split:], lists)
    return (_completed(found[0], context_features or {}),
            _completed(found[1], sequence_features or {}))


# -- shared --------------------------------------------------------------------------------

def _keys(label, keys):
    return [convert_to_tensor(key, dtypes.string, name=f"{label}_{i}")
            for i, key in enumerate(keys)]


def _scalar(serialized):
    if serialized.spec.shape not in (None, ()):
        raise ValueError("Input serialized must be a scalar")
    return serialized


def _as_dict(outputs, wanted):
    """{key: Tensor or SparseTensor} of an operation's outputs."""
    n = len(wanted.sparse)
    found = {key: SparseTensor(outputs[i], outputs[n + i], outputs[2 * n + i])
             for i, key in enumerate(wanted.sparse)}
    return found | dict(zip(wanted.dense, outputs[3 * n:], strict=True))


def _completed(found, features):
    """Puts the SparseTensors of SparseFeatures in the place of their parts."""
    for key in sorted(k for k, f in features.items() if isinstance(f, SparseFeature)):
        feature = features[key]
        found[key] = _merged([found[k] for k in index_keys(feature)], found[feature.value_key],
                             feature)
    return {key: found[key] for key in features}


def _merged(places, values, feature):
    """The SparseTensor whose last indices are the values of `places`."""
    sizes = feature.size if isinstance(feature.size, list | tuple) else [feature.size]
    with name_scope(None, "SparseMerge", [values.values]):
        columns = [expand_dims(place.values, 1) for place in places]
        sizes = [cast(size, dtypes.int64) for size in sizes]
        indices = concat([places[0].indices[:, :-1], *columns], 1)
        shape = concat([places[0].dense_shape[:-1], sizes], 0)
        merged = SparseTensor(indices, values.values, shape)
        return merged if feature.already_sorted else sparse_reorder(merged)
