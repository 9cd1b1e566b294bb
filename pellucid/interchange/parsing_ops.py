"""The operations that read serialized Examples. Read next: parsing.py.

An Example maps names to features; a feature is a list of floats, of integers or of byte
strings. What a program asks for is "dense", of one shape in every Example, or "sparse", of any
number of values.
"""

import numpy as np

from pellucid.core import dtypes, errors, shapes
from pellucid.core.gradients import NotDifferentiable
from pellucid.core.operation import Operation
from pellucid.core.shapes import Spec
from pellucid.interchange.messages import message
from pellucid.ops.arguments import check_allowed

_LISTS = {dtypes.float32: "float_list", dtypes.int64: "int64_list", dtypes.string: "bytes_list"}
_TYPES = {field: dtype for dtype, field in _LISTS.items()}
_SHOWN = {dtypes.float32: "float", dtypes.int64: "int64", dtypes.string: "string"}


# -- one feature ---------------------------------------------------------------------------

def parse_message(name, data, where):
    """The message in an element of a string tensor; InvalidArgumentError if it is none."""
    from google.protobuf.message import DecodeError
    try:
        return message(name).FromString(data)
    except DecodeError:
        raise errors.InvalidArgumentError(
            None, None, f"{where}Could not parse example input, value: {data[:200]!r} (not a "
            f"tf.train.{name} of {len(data)} bytes)") from None


def values_of(feature, dtype, where):
    """The values of a Feature as a vector; InvalidArgumentError if they are of another type."""
    kind = feature.WhichOneof("kind")
    if kind != _LISTS[dtype]:
        raise errors.InvalidArgumentError(
            None, None, f"{where}Data types don't match. Data type: {_SHOWN[_TYPES[kind]]} but "
            f"expected type: {_SHOWN[dtype]}")
    values = getattr(feature, kind).value
    if dtype is dtypes.string:
        result = np.empty(len(values), object)
        result[:] = values
        return result
    return np.array(values, dtype._numpy)


def find(features, key):
    """The Feature of a map, or None where there is none or it has no list."""
    if key not in features:
        return None
    feature = features[key]
    return feature if feature.WhichOneof("kind") else None


def dense_value(features, key, dtype, shape, default, name, where):
    """A dense feature's value: of `shape`, the default, or steps of shape[1:]."""
    feature = find(features, key)
    steps = bool(shape) and shape[0] is None
    if feature is None:
        if steps:
            return np.empty((0, *shape[1:]), dtype._numpy)
        if default.size:
            return np.broadcast_to(default.reshape(-1)[:1], shape) if (
                default.size == 1) else default.reshape(shape)
        raise errors.InvalidArgumentError(
            None, None, f"{name}Feature: {key} (data type: {_SHOWN[dtype]}) is required but "
            "could not be found.")
    values = values_of(feature, dtype, where)
    if steps:
        stride = shapes.size(shape[1:])
        if not stride or len(values) % stride:
            shown = "?," + ",".join(map(str, shape[1:])) if shape[1:] else "?"
            raise errors.InvalidArgumentError(
                None, None, f"{where}Number of {_SHOWN[dtype]} values is not a multiple of "
                f"stride length. Saw {len(values)} values but output shape is: [{shown}]")
        return values.reshape(-1, *shape[1:])
    if len(values) != shapes.size(shape):
        raise errors.InvalidArgumentError(
            None, None, f"{where}Number of {_SHOWN[dtype]} values != expected.  Values size: "
            f"{len(values)} but output shape: [{','.join(map(str, shape))}]")
    return values.reshape(shape)


def sparse_value(features, key, dtype, where):
    """A sparse feature's values, a vector."""
    feature = find(features, key)
    return np.empty(0, dtype._numpy) if feature is None else values_of(feature, dtype, where)


def in_rows(rows, dtype):
    """(indices, values, shape) of the sparse matrix that has these vectors as its rows."""
    lengths = np.array([len(row) for row in rows], np.int64)
    firsts = np.repeat(np.cumsum(lengths) - lengths, lengths)
    indices = np.stack([np.repeat(np.arange(len(rows)), lengths),
                        np.arange(lengths.sum()) - firsts], axis=1).astype(np.int64)
    values = np.concatenate([*rows, np.empty(0, dtype._numpy)]).astype(dtype._numpy, copy=False)
    return indices, values, np.array([len(rows), lengths.max(initial=0)], np.int64)


def padded(steps, padding, dtype, shape):
    """Arrays of different lengths as one, filled up with `padding`."""
    longest = max((len(s) for s in steps), default=0)
    result = np.empty((len(steps), longest, *shape[1:]), dtype._numpy)
    for row, values in zip(result, steps, strict=True):
        row[:len(values)] = values
        row[len(values):] = padding.reshape(-1)[0] if padding.size else np.zeros((), dtype._numpy)
    return result


def texts(values):
    """List of str, of scalar string values."""
    return [bytes(np.asarray(v, object)[()]).decode("utf-8", "surrogateescape") for v in values]


# -- a batch of Examples -------------------------------------------------------------------

class ParseExample(Operation):
    """A batch of serialized Examples.

    Inputs: serialized, names (vectors), sparse keys, dense keys (scalars), defaults.
    Outputs: of the sparse ones indices, then values, then shapes; then the dense ones.
    As in TF: tf.raw_ops.ParseExample.
    """

    op_type, fresh = "ParseExample", True
    attrs = {"Nsparse": 0, "Ndense": 0, "sparse_types": (), "Tdense": (), "dense_shapes": ()}

    def infer(self, serialized, names, *rest):
        _check_texts(serialized, names, *rest[:self.Nsparse + self.Ndense])
        shapes.merge(serialized.shape, (None,))
        batch = serialized.shape[0] if serialized.shape else None
        return _specs(self.sparse_types, 2) + tuple([
            Spec(dtype, (batch, *shape) if shape is not None else None)
            for dtype, shape in zip(self.Tdense, self.dense_shapes, strict=True)])

    def compute(self, serialized, names, *rest):
        sparse = texts(rest[:self.Nsparse])
        dense = texts(rest[self.Nsparse:self.Nsparse + self.Ndense])
        return self._parse(serialized, names, sparse, dense, rest[self.Nsparse + self.Ndense:])

    def _parse(self, serialized, names, sparse, dense, defaults):
        serialized, names = serialized.tolist(), names.tolist()
        if names and len(names) != len(serialized):
            raise errors.InvalidArgumentError(
                None, None, f"Expected len(names) == len(serialized), but got: {len(names)} vs. "
                f"{len(serialized)}")
        rows = [[] for _ in sparse]
        columns = [[] for _ in dense]
        defaults = [np.asarray(d) for d in defaults]
        for i, data in enumerate(serialized):
            name = f"Name: {names[i].decode(errors='replace') if names else '<unknown>'}, "
            features = parse_message("Example", data, name).features.feature
            for key, dtype, row in zip(sparse, self.sparse_types, rows, strict=True):
                row.append(sparse_value(features, key, dtype, f"{name}Key: {key}, Index: {i}.  "))
            for key, dtype, shape, default, column in zip(
                    dense, self.Tdense, self.dense_shapes, defaults, columns, strict=True):
                column.append(dense_value(features, key, dtype, shape, default, name,
                                          f"{name}Key: {key}, Index: {i}.  "))
        found = [in_rows(row, d) for row, d in zip(rows, self.sparse_types, strict=True)]
        batches = [_batch(*what) for what in zip(columns, defaults, self.Tdense,
                                                 self.dense_shapes, strict=True)]
        return _as_outputs(found, batches)


def _batch(column, default, dtype, shape):
    if shape and shape[0] is None:
        return padded(column, default, dtype, shape)
    return np.stack(column) if column else np.empty((0, *shape), dtype._numpy)


def _as_outputs(sparse, dense):
    outputs = [part for k in range(3) for part in (s[k] for s in sparse)] + dense
    return outputs[0] if len(outputs) == 1 else tuple(outputs)


def _specs(types, rank):
    return (*[Spec(dtypes.int64, (None, rank)) for _ in types],
            *[Spec(dtype, (None,)) for dtype in types],
            *[Spec(dtypes.int64, (rank,)) for _ in types])


def _check_texts(*specs):
    for spec in specs:
        check_allowed("input", spec.dtype, {dtypes.string})


class ParseExampleV2(ParseExample):
    """The same, with the keys as vectors: what TensorFlow 2 writes. Ragged ones are refused."""

    op_type = "ParseExampleV2"
    attrs = {"num_sparse": 0, "Tdense": (), "sparse_types": (), "ragged_value_types": (),
             "ragged_split_types": (), "dense_shapes": ()}

    def infer(self, serialized, names, sparse_keys, dense_keys, ragged_keys, *defaults):
        _check_texts(serialized, names, sparse_keys, dense_keys, ragged_keys)
        if self.ragged_value_types:
            raise ValueError("ragged features are not supported")
        # A scalar is parsed alone: there is no dimension of the batch.
        if serialized.shape is None:
            return (*[Spec(dtypes.int64, None) for _ in self.sparse_types],
                    *[Spec(dtype, (None,)) for dtype in self.sparse_types],
                    *[Spec(dtypes.int64, None) for _ in self.sparse_types],
                    *[Spec(dtype, None) for dtype in self.Tdense])
        return _specs(self.sparse_types, len(serialized.shape) + 1) + tuple([
            Spec(dtype, (*serialized.shape, *shape) if shape is not None else None)
            for dtype, shape in zip(self.Tdense, self.dense_shapes, strict=True)])

    def compute(self, serialized, names, sparse_keys, dense_keys, ragged_keys, *defaults):
        keys = texts(sparse_keys), texts(dense_keys)
        if np.ndim(serialized):
            return self._parse(serialized, names, *keys, defaults)
        return parse_one(serialized, self.sparse_types, self.Tdense, self.dense_shapes, *keys,
                         defaults)


NotDifferentiable("ParseExample")
NotDifferentiable("ParseExampleV2")


# -- one Example ---------------------------------------------------------------------------

class ParseSingleExample(Operation):
    """One serialized Example, a scalar. As in TF: tf.raw_ops.ParseSingleExample."""

    op_type, fresh = "ParseSingleExample", True
    attrs = {"num_sparse": 0, "sparse_keys": (), "dense_keys": (), "sparse_types": (),
             "Tdense": (), "dense_shapes": ()}

    def infer(self, serialized, *defaults):
        _check_texts(serialized)
        shapes.merge(serialized.shape, ())
        return _specs(self.sparse_types, 1) + tuple([
            Spec(dtype, shape) for dtype, shape in zip(self.Tdense, self.dense_shapes,
                                                       strict=True)])

    def compute(self, serialized, *defaults):
        return parse_one(serialized, self.sparse_types, self.Tdense, self.dense_shapes,
                         self.sparse_keys, self.dense_keys, defaults)


def parse_one(serialized, sparse_types, dense_types, dense_shapes, sparse, dense, defaults):
    """The outputs of ParseSingleExample."""
    data = bytes(np.asarray(serialized, object)[()])
    features = parse_message("Example", data, "").features.feature
    found = [_vector(sparse_value(features, key, dtype, f"Key: {key}.  "))
             for key, dtype in zip(sparse, sparse_types, strict=True)]
    return _as_outputs(found, [
        dense_value(features, key, dtype, shape, np.asarray(default), "", f"Key: {key}.  ")
        for key, dtype, shape, default in zip(dense, dense_types, dense_shapes, defaults,
                                              strict=True)])


def _vector(values):
    return np.arange(len(values))[:, None], values, np.array([len(values)], np.int64)


NotDifferentiable("ParseSingleExample")


# -- one SequenceExample -------------------------------------------------------------------

class ParseSingleSequenceExample(Operation):
    """One serialized SequenceExample: a context of features, and lists of features.

    Inputs: serialized, the keys of lists that may be missing, four groups of keys (context
    sparse, context dense, lists sparse, lists dense), defaults of the context, a name.
    As in TF: tf.raw_ops.ParseSingleSequenceExample.
    """

    op_type, fresh = "ParseSingleSequenceExample", True
    attrs = {"Ncontext_sparse": 0, "Ncontext_dense": 0, "Nfeature_list_sparse": 0,
             "Nfeature_list_dense": 0, "context_sparse_types": (), "Tcontext_dense": (),
             "feature_list_dense_types": (), "context_dense_shapes": (),
             "feature_list_sparse_types": (), "feature_list_dense_shapes": ()}

    def infer(self, serialized, missing, *rest):
        _check_texts(serialized, missing)
        shapes.merge(serialized.shape, ())
        steps = [(None, *shape) if shape is not None else None
                 for shape in self.feature_list_dense_shapes]
        return (*_specs(self.context_sparse_types, 1),
                *map(Spec, self.Tcontext_dense, self.context_dense_shapes),
                *_specs(self.feature_list_sparse_types, 2),
                *map(Spec, self.feature_list_dense_types, steps))

    def compute(self, serialized, missing, *rest):
        groups, start = [], 0
        for count in (self.Ncontext_sparse, self.Ncontext_dense, self.Nfeature_list_sparse,
                      self.Nfeature_list_dense):
            groups.append(texts(rest[start:start + count]))
            start += count
        context_sparse, context_dense, lists_sparse, lists_dense = groups
        name = texts(rest[-1:])[0] or "<unknown>"
        where = f"Name: {name}, "
        example = parse_message("SequenceExample", bytes(np.asarray(serialized, object)[()]),
                                where)
        context, lists = example.context.feature, example.feature_lists.feature_list
        one = [_vector(sparse_value(context, key, dtype, f"{where}Context feature: {key}.  "))
               for key, dtype in zip(context_sparse, self.context_sparse_types, strict=True)]
        fixed = [dense_value(context, key, dtype, shape, np.asarray(default),
                             f"{where}Context ", f"{where}Context feature: {key}.  ")
                 for key, dtype, shape, default in zip(
                     context_dense, self.Tcontext_dense, self.context_dense_shapes,
                     rest[start:-1], strict=True)]
        many = [in_rows([_step(f, dtype, f"{where}Feature list: {key}, Index: {i}.  ")
                         for i, f in enumerate(lists[key].feature if key in lists else ())], dtype)
                for key, dtype in zip(lists_sparse, self.feature_list_sparse_types, strict=True)]
        allowed = set(texts(missing.tolist()))
        steps = [_steps(lists, key, dtype, shape, key in allowed, where)
                 for key, dtype, shape in zip(lists_dense, self.feature_list_dense_types,
                                              self.feature_list_dense_shapes, strict=True)]
        ordered = [_listed(one, fixed), _listed(many, steps)]
        outputs = [value for part in ordered for value in part]
        return outputs[0] if len(outputs) == 1 else tuple(outputs)


def _listed(sparse, dense):
    outputs = _as_outputs(sparse, dense)
    return outputs if isinstance(outputs, tuple) else (outputs,)


def _step(feature, dtype, where):
    if not feature.WhichOneof("kind"):
        return np.empty(0, dtype._numpy)
    return values_of(feature, dtype, where)


def _steps(lists, key, dtype, shape, may_be_missing, where):
    """A dense list: one array of `shape` a step."""
    if key not in lists:
        if may_be_missing:
            return np.empty((0, *shape), dtype._numpy)
        raise errors.InvalidArgumentError(
            None, None, f"{where}Feature list '{key}' is required but could not be found.  Did "
            "you mean to include it in feature_list_dense_missing_assumed_empty or "
            "feature_list_dense_defaults?")
    found = []
    for i, feature in enumerate(lists[key].feature):
        place = f"{where}Feature list: {key}, Index: {i}.  "
        values = _step(feature, dtype, place)
        if len(values) != shapes.size(shape):
            raise errors.InvalidArgumentError(
                None, None, f"{place}Number of {_SHOWN[dtype]} values != expected.  Values size: "
                f"{len(values)} but output shape: [{','.join(map(str, shape))}]")
        found.append(values.reshape(shape))
    return np.stack(found) if found else np.empty((0, *shape), dtype._numpy)


NotDifferentiable("ParseSingleSequenceExample")
