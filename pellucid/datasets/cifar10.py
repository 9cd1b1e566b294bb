"""CIFAR-10: 60,000 colour pictures of 32 x 32 pixels, ten classes (Krizhevsky 2009).

The data come as Python pickles. A pickle can run any code, so these are read by an unpickler that
knows NumPy arrays and nothing else.
"""

import pickle
import tarfile
from io import BytesIO

import numpy as np

from pellucid.datasets.download import address, cache_folder, fetch

ORIGIN = "https://www.cs.toronto.edu/~kriz/"
NAME, FOLDER = "cifar-10-python.tar.gz", "cifar-10-batches-py"
SHA256 = "6d958be074577803d12ecdefd02955f39262c83c16fe9348329d7fe0b5c001ce"


def load_data():
    """The pictures, downloaded on first use.

    Returns:
      (x_train, y_train), (x_test, y_test): uint8 arrays of shapes (50000, 32, 32, 3),
      (50000, 1), (10000, 32, 32, 3), (10000, 1). The classes are airplane, automobile, bird, cat,
      deer, dog, frog, horse, ship, truck.

    Raises ConnectionError and ValueError as mnist.load_data.
    As in TF: tf.keras.datasets.cifar10.load_data.
    """
    names = [*[f"data_batch_{i}" for i in range(1, 6)], "test_batch"]
    folder = cache_folder() / FOLDER
    if all((folder / name).exists() for name in names):       # unpacked, as Keras leaves it
        batches = [_batch((folder / name).read_bytes(), folder / name) for name in names]
    else:
        path = fetch(cache_folder() / NAME, address("cifar-10", NAME, ORIGIN), SHA256)
        batches = list(_unpacked(path, names))
    *training, test = batches
    return tuple(map(np.concatenate, zip(*training, strict=True))), test


def _unpacked(path, names):
    """The batches in an archive."""
    try:
        with tarfile.open(path) as archive:
            for name in names:
                with archive.extractfile(f"{FOLDER}/{name}") as file:
                    yield _batch(file.read(), path)
    except (tarfile.TarError, KeyError, EOFError, OSError) as error:
        raise ValueError(f"{path} is not CIFAR-10, or is not whole ({error}). Delete it, and it "
                         "is downloaded again.") from error


def _batch(data, path):
    """(pictures (n, 32, 32, 3), labels (n, 1)) of one pickle."""
    try:
        batch = _Unpickler(BytesIO(data), encoding="bytes").load()
        pictures = batch[b"data"].reshape(-1, 3, 32, 32).transpose(0, 2, 3, 1)
        return pictures, np.array(batch[b"labels"], np.uint8).reshape(-1, 1)
    except (pickle.UnpicklingError, KeyError, TypeError, ValueError, EOFError) as error:
        raise ValueError(f"{path} is not CIFAR-10 ({error}).") from error


class _Unpickler(pickle.Unpickler):
    """Reads bytes, numbers, lists, dicts and arrays."""

    allowed = {("numpy", "ndarray"): np.ndarray, ("numpy", "dtype"): np.dtype,
               ("_codecs", "encode"): lambda text, _: text.encode("latin-1")}

    def find_class(self, module, name):
        """The class of an object in the file."""
        if name == "_reconstruct" and module.endswith("core.multiarray"):
            return lambda kind, shape, dtype: np.ndarray.__new__(np.ndarray, shape, dtype)
        if (module, name) not in self.allowed:
            raise pickle.UnpicklingError(f"it wants {module}.{name}, which has no place there")
        return self.allowed[module, name]
