"""The operations of a Saver: tensors to a checkpoint and back. Read next: checkpoints.py."""

import contextlib
import os

import numpy as np

from pellucid.core import dtypes, errors
from pellucid.core.gradients import NotDifferentiable
from pellucid.core.operation import Operation
from pellucid.core.shapes import Spec
from pellucid.interchange.bundle import BundleReader, BundleWriter, data_file
from pellucid.interchange.old_checkpoints import open_checkpoint
from pellucid.interchange.slices import as_index, parse_slice


class SaveV2(Operation):
    """Writes tensors to the checkpoint `prefix`, all or nothing.

    Inputs: prefix, names, shape_and_slices (texts, "" for whole tensors), then the tensors.
    As in TF: tf.raw_ops.SaveV2.
    """

    op_type, effect = "SaveV2", True

    def infer(self, prefix, names, slices, *tensors):
        check_strings(prefix, names, slices)
        return ()

    def compute(self, prefix, names, slices, *tensors):
        path = _as_path(prefix)
        if not len(names) == len(slices) == len(tensors):
            raise errors.InvalidArgumentError(
                None, None, f"{len(names)} names and {len(slices)} slices for "
                f"{len(tensors)} tensors")
        try:
            os.makedirs(os.path.dirname(path) or ".", exist_ok=True)
            with BundleWriter(path) as writer:
                for name, part, value in zip(names.tolist(), slices.tolist(), tensors,
                                             strict=True):
                    whole, extents = parse_slice(part.decode())
                    writer.add(name.decode(), value, whole and (whole, extents))
        except OSError as error:
            raise _as_op_error(error, path) from error
        return ()

    def _derived_attrs(self):
        return {"dtypes": tuple([t.spec.dtype for t in self.input_nodes[3:]])}


class RestoreV2(Operation):
    """Reads tensors from the checkpoint `prefix`.

    Inputs: prefix, names, shape_and_slices (texts, "" for whole tensors).
    As in TF: tf.raw_ops.RestoreV2.
    """

    op_type, attrs, effect = "RestoreV2", {"dtypes": ()}, True

    def infer(self, prefix, names, slices):
        check_strings(prefix, names, slices)
        if names.shape not in (None, (None,), (len(self.dtypes),)):
            raise ValueError(f"{len(self.dtypes)} dtypes, but names of shape {names.shape}")
        if slices.value is None or len(slices.value) != len(self.dtypes):
            return tuple([Spec(dtype, None) for dtype in self.dtypes])
        return tuple([Spec(dtype, _part_shape(text))
                      for dtype, text in zip(self.dtypes, slices.value.tolist(), strict=True)])

    def compute(self, prefix, names, slices):
        path = _as_path(prefix)
        reader = open_checkpoint(path)
        if not len(names) == len(slices) == len(self.dtypes):
            raise errors.InvalidArgumentError(
                None, None, f"{len(names)} names and {len(slices)} slices for "
                f"{len(self.dtypes)} dtypes")
        try:
            values = [_restore(reader, name.decode(), part.decode(), dtype)
                      for name, part, dtype in zip(names.tolist(), slices.tolist(), self.dtypes,
                                                   strict=True)]
        except OSError as error:
            raise _as_op_error(error, path) from error
        return values[0] if len(values) == 1 else tuple(values)


def _as_path(value):
    """str of a scalar string."""
    return os.fsdecode(bytes(value[()] if isinstance(value, np.ndarray) else value))


def _restore(reader, name, part, dtype):
    if name in reader and reader.dtype(name) is not dtype:
        raise errors.InvalidArgumentError(
            None, None, f"tensor_name = {name}; expected dtype {dtype.name} does not equal "
            f"original dtype {reader.dtype(name).name}")
    whole, extents = parse_slice(part)
    if whole and tuple(whole) != reader.shape(name):
        raise errors.InvalidArgumentError(
            None, None, f"tensor_name = {name}; shape in shape_and_slice spec {whole} does not "
            f"match the shape stored in checkpoint: {list(reader.shape(name))}")
    value = reader.read(name)
    return value[as_index(extents)].copy() if whole else value


def _part_shape(text):
    whole, extents = parse_slice(text.decode())
    return whole and tuple([d if length == -1 else length
                            for d, (_, length) in zip(whole, extents, strict=True)])


class ShardedFilename(Operation):
    """"name-00002-of-00005", of basename, shard and num_shards.

    As in TF: tf.raw_ops.ShardedFilename.
    """

    op_type, fresh = "ShardedFilename", True

    def infer(self, basename, shard, num_shards):
        check_strings(basename)
        return Spec(dtypes.string, ())

    def compute(self, basename, shard, num_shards):
        name = bytes(np.asarray(basename, object)[()])
        result = np.empty((), object)
        result[()] = name + b"-%05d-of-%05d" % (int(shard), int(num_shards))
        return result


class MergeV2Checkpoints(Operation):
    """Several checkpoints, of parts of a model, as one at destination_prefix.

    As in TF: tf.raw_ops.MergeV2Checkpoints.
    """

    op_type, effect = "MergeV2Checkpoints", True
    attrs = {"delete_old_dirs": True, "allow_missing_files": False}

    def infer(self, checkpoint_prefixes, destination_prefix):
        check_strings(checkpoint_prefixes, destination_prefix)
        return ()

    def compute(self, checkpoint_prefixes, destination_prefix):
        path = _as_path(destination_prefix)
        parts = [os.fsdecode(prefix) for prefix in checkpoint_prefixes.ravel().tolist()]
        if self.allow_missing_files:
            parts = [part for part in parts if os.path.isfile(part + ".index")]
        try:
            with BundleWriter(path) as writer:
                for part in parts:
                    writer.add_bundle(BundleReader(part))
            if self.delete_old_dirs:
                for part in parts:
                    _remove_part(part)
        except OSError as error:
            raise _as_op_error(error, path) from error
        return ()


def _remove_part(prefix):
    """Deletes a checkpoint's files, and their directory if nothing else is in it."""
    reader = BundleReader(prefix)
    for path in reader.index, *[data_file(prefix, i, reader.shards)
                                for i in range(min(reader.shards, 1000))]:
        with contextlib.suppress(FileNotFoundError):
            os.remove(path)
    with contextlib.suppress(OSError):
        os.rmdir(os.path.dirname(prefix))


def check_strings(*specs):
    """Raises TypeError unless all are strings."""
    for spec in specs:
        if spec.dtype not in (dtypes.string, None):
            raise TypeError(f"expected strings, got {spec.dtype.name}")


def _as_op_error(error, path):
    kind = {FileNotFoundError: errors.NotFoundError, NotADirectoryError: errors.NotFoundError,
            PermissionError: errors.PermissionDeniedError}.get(type(error), errors.UnknownError)
    return kind(None, None, f"{path}: {error}")


NotDifferentiable("MergeV2Checkpoints")
NotDifferentiable("SaveV2")
NotDifferentiable("ShardedFilename")
NotDifferentiable("RestoreV2")
