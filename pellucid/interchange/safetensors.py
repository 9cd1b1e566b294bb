"""Checkpoints to and from .safetensors files, which other libraries read.

    from pellucid.interchange import safetensors
    safetensors.from_checkpoint("model/net-1000", "net.safetensors")
    safetensors.to_checkpoint("net.safetensors", "model/net-1000")

Needs the package safetensors: pip install "pellucid[safetensors]".
"""

import os

import numpy as np

from pellucid.core import errors
from pellucid.interchange.bundle import BundleWriter, sync_directory
from pellucid.interchange.old_checkpoints import open_checkpoint


def save_file(tensors, path):
    """Writes {name: array} to a .safetensors file, the whole of it or nothing.

    Raises TypeError for strings and complex128, which the format does not have.
    """
    from safetensors.numpy import save_file
    for name, array in tensors.items():
        kind = np.asarray(array).dtype
        if kind.kind in "OSUT" or kind.name == "complex128":
            raise TypeError(f"{name!r} is of {kind}, which .safetensors files do not hold; "
                            "leave it out.")
    part = f"{os.fspath(path)}.part-{os.getpid()}"
    save_file({name: np.ascontiguousarray(array).reshape(np.shape(array))
               for name, array in tensors.items()}, part)
    os.replace(part, path)
    sync_directory(path)


def load_file(path):
    """{name: array} of a .safetensors file. DataLossError, naming it, where it is damaged."""
    from safetensors import SafetensorError
    from safetensors.numpy import load_file
    if not os.path.isfile(path):
        raise errors.NotFoundError(None, None, f"{path}; No such file or directory")
    try:
        return load_file(path)
    except (SafetensorError, ValueError, KeyError, TypeError) as error:
        raise errors.DataLossError(None, None, f"{path}: {error}") from None


def from_checkpoint(prefix, path):
    """Writes the tensors of a checkpoint, which may be one of TensorFlow's, to a file."""
    reader = open_checkpoint(prefix)
    save_file({name: reader.read(name) for name in reader.names()}, path)


def to_checkpoint(path, prefix):
    """Writes the tensors of a file as a checkpoint, for tf.train.Saver and for TensorFlow."""
    with BundleWriter(prefix) as writer:
        for name, array in load_file(path).items():
            writer.add(name, array)
