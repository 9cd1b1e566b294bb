"""Files as tensors: their contents, and the names that match a pattern."""

import glob
import os

import numpy as np

from pellucid.core import dtypes, errors
from pellucid.core.gradients import NotDifferentiable
from pellucid.core.operation import Operation, convert_to_tensor
from pellucid.core.shapes import Spec
from pellucid.ops.arguments import name_scope


def path_of(value):
    """The path that a string element stands for."""
    return os.fsdecode(bytes(value.item() if isinstance(value, np.ndarray) else value))


def opened(path, mode="rb"):
    """The open file; tf.errors for what goes wrong."""
    try:
        return open(path, mode)
    except OSError as error:
        raise as_op_error(error, path) from error


def as_op_error(error, path):
    """The tf.errors exception for an OSError about a path."""
    kind = {FileNotFoundError: errors.NotFoundError, NotADirectoryError: errors.NotFoundError,
            PermissionError: errors.PermissionDeniedError,
            IsADirectoryError: errors.FailedPreconditionError}.get(
                type(error), errors.UnknownError)
    return kind(None, None, f"{path}; {error.strerror}")


class ReadFile(Operation):
    """The contents of a file, as a string."""

    op_type, effect = "ReadFile", True

    def infer(self, filename):
        return Spec(dtypes.string, ())

    def compute(self, filename):
        with opened(path_of(filename)) as file:
            return np.array(file.read(), object)


class WriteFile(Operation):
    """Writes a string to a file, whose directory is made if it is missing."""

    op_type, effect = "WriteFile", True

    def infer(self, filename, contents):
        return ()

    def compute(self, filename, contents):
        path = path_of(filename)
        os.makedirs(os.path.dirname(path) or ".", exist_ok=True)
        beside = f"{path}.{os.getpid()}.tmp"
        with opened(beside, "wb") as file:
            file.write(contents.item() if isinstance(contents, np.ndarray) else contents)
            file.flush()
            os.fsync(file.fileno())
        os.replace(beside, path)
        return ()


class MatchingFiles(Operation):
    """The sorted names of the files that match a pattern, or one of several."""

    op_type, effect = "MatchingFiles", True

    def infer(self, pattern):
        return Spec(dtypes.string, (None,))

    def compute(self, pattern):
        found = set()
        for one in np.asarray(pattern, object).reshape(-1):
            found.update(glob.glob(path_of(one)))
        names = np.empty(len(found), object)
        names[:] = sorted(map(os.fsencode, found))
        return names


for _type in ("ReadFile", "WriteFile", "MatchingFiles"):
    NotDifferentiable(_type)


def read_file(filename, name=None):
    """The contents of a file, a string Tensor. NotFoundError, in the run, where there is none.

    As in TF: tf.read_file (op type ReadFile).
    """
    with name_scope(name, "ReadFile", [filename]) as scope:
        return ReadFile([convert_to_tensor(filename, dtypes.string, "filename")], scope).output


def write_file(filename, contents, name=None):
    """The Operation that writes a string to a file, all or nothing.

    As in TF: tf.write_file (op type WriteFile).
    """
    with name_scope(name, "WriteFile", [filename, contents]) as scope:
        return WriteFile([convert_to_tensor(filename, dtypes.string, "filename"),
                          convert_to_tensor(contents, dtypes.string, "contents")], scope)


def matching_files(pattern, name=None):
    """The sorted names of the files that match a pattern such as "data/*.csv", or several.

    As in TF: tf.matching_files (op type MatchingFiles).
    """
    with name_scope(name, "MatchingFiles", [pattern]) as scope:
        return MatchingFiles([convert_to_tensor(pattern, dtypes.string, "pattern")],
                             scope).output
