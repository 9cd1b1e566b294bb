"""MNIST: 70,000 handwritten digits of 28 x 28 pixels (LeCun, Cortes & Burges).

Read next: fashion_mnist.py, input_data.py.
"""

import zipfile

import numpy as np

from pellucid.datasets.download import address, cache_folder, fetch

ORIGIN = "https://storage.googleapis.com/tensorflow/tf-keras-datasets/"
NAME, SHA256 = "mnist.npz", "731c5ac602752760c8e48fbffcf8c3b850d9dc2a2aedcf2cc48468fc17b673d1"


def load_data(path=NAME):
    """The digits, downloaded on first use.

    Args:
      path: str, where the file is kept: a path, or a name in ~/.keras/datasets.

    Returns:
      (x_train, y_train), (x_test, y_test): uint8 arrays of shapes (60000, 28, 28), (60000,),
      (10000, 28, 28), (10000,).

    Raises:
      ConnectionError: it is not there and cannot be downloaded.
      ValueError: the file is damaged.

    As in TF: tf.keras.datasets.mnist.load_data.
    """
    path = fetch(cache_folder() / path, address("mnist", NAME, ORIGIN), SHA256)
    try:
        with open(path, "rb") as source, np.load(source, allow_pickle=False) as file:
            parts = [file[f"{letter}_{part}"] for part in ("train", "test") for letter in "xy"]
    except (KeyError, OSError, ValueError, zipfile.BadZipFile) as error:
        raise ValueError(f"{path} is not MNIST as NumPy's npz, or is not whole ({error}). Delete "
                         "it, and it is downloaded again.") from error
    return tuple(parts[:2]), tuple(parts[2:])
