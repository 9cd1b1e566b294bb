"""The operations of a Saver: tensors to a checkpoint and back. Read next: checkpoints.py."""

import os

import numpy as np

from pellucid.core import dtypes, errors
from pellucid.core.gradients import NotDifferentiable
from pellucid.core.operation import Operation
from pellucid.core.shapes import Spec
from pellucid.interchange.bundle import BundleReader, BundleWriter
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
        path = os.fsdecode(bytes(prefix[()] if isinstance(prefix, np.ndarray) else prefix))
        if not len(names) == len(slices) == len(tensors):
            raise errors.InvalidArgumentError(
                None, None, f"{len(names)} names and {len(slices)} slices for "
                f"{len(tensors)} tensors")
        try:
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
        path = os.fsdecode(bytes(prefix[()] if isinstance(prefix, np.ndarray) else prefix))
        reader = BundleReader(path)
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


def check_strings(*specs):
    """Raises TypeError unless all are strings."""
    for spec in specs:
        if spec.dtype not in (dtypes.string, None):
            raise TypeError(f"expected strings, got {spec.dtype.name}")


def _as_op_error(error, path):
    kind = {FileNotFoundError: errors.NotFoundError, NotADirectoryError: errors.NotFoundError,
            PermissionError: errors.PermissionDeniedError}.get(type(error), errors.UnknownError)
    return kind(None, None, f"{path}: {error}")


NotDifferentiable("SaveV2")
NotDifferentiable("RestoreV2")
