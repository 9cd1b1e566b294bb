"""MNIST as TensorFlow 1's tutorials read it: `input_data.read_data_sets`, `next_batch`.

This is the module that programs import as tensorflow.examples.tutorials.mnist.input_data:

    mnist = input_data.read_data_sets("MNIST_data", one_hot=True)
    images, labels = mnist.train.next_batch(100)

As in TensorFlow, batches are drawn with NumPy's global generator, which reading the data seeds
anew: with tf.set_random_seed(1) they are the same in each run, and the same as TensorFlow's.
"""

from collections import namedtuple
from pathlib import Path

import numpy as np

from pellucid.core import dtypes
from pellucid.core.graph import get_default_graph
from pellucid.datasets import idx
from pellucid.datasets.download import address, fetch

DEFAULT_SOURCE_URL = "https://storage.googleapis.com/cvdf-datasets/mnist/"
SHA256 = {
    "train-images-idx3-ubyte.gz":
        "440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609",
    "train-labels-idx1-ubyte.gz":
        "3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c",
    "t10k-images-idx3-ubyte.gz":
        "8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6",
    "t10k-labels-idx1-ubyte.gz":
        "f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6",
}

Datasets = namedtuple("Datasets", ["train", "validation", "test"])


def read_data_sets(train_dir, fake_data=False, one_hot=False, dtype=dtypes.float32, reshape=True,
                   validation_size=5000, seed=None, source_url=DEFAULT_SOURCE_URL):
    """MNIST, or what lies in files of its form, in three parts.

    Args:
      train_dir: str, the folder of the four files; those that are missing are downloaded.
      fake_data: bool, whether to do without files: all pixels are 1, and all labels 0.
      one_hot: bool, whether labels are rows of ten numbers.
      dtype: tf.float32, for pixels from 0 to 1, or tf.uint8, from 0 to 255.
      reshape: bool, whether images are rows (n, 784), or else (n, 28, 28, 1).
      validation_size: int, how many of the first training images are for validation.
      seed: int, for the order of the batches; without it they follow tf.set_random_seed.
      source_url: str, the folder on the web that has the files.

    Returns:
      Datasets(train, validation, test), a DataSet each.

    Raises:
      ConnectionError: a file is not there and cannot be downloaded.
      ValueError: validation_size is not between 0 and the number of training images, or a file
        is damaged.

    As in TF: tf.examples.tutorials.mnist.input_data.read_data_sets.
    """
    options = {"dtype": dtype, "seed": seed}
    if fake_data:
        return Datasets(*[DataSet([], [], fake_data=True, one_hot=one_hot, **options)
                          for _ in range(3)])
    train_images, train_labels, test_images, test_labels = (
        extract(maybe_download(name, train_dir, (source_url or DEFAULT_SOURCE_URL) + name))
        for name, extract in zip(SHA256, (extract_images, _labels(one_hot)) * 2, strict=True))
    if not 0 <= validation_size <= len(train_images):
        raise ValueError(f"Validation size should be between 0 and {len(train_images)}. "
                         f"Received: {validation_size}.")
    parts = ((train_images[validation_size:], train_labels[validation_size:]),
             (train_images[:validation_size], train_labels[:validation_size]),
             (test_images, test_labels))
    return Datasets(*[DataSet(*part, reshape=reshape, **options) for part in parts])


class DataSet:
    """Images and their labels, handed out in batches.

    Args:
      images: uint8 array, shape (n, h, w, 1).
      labels: array of n labels.
      fake_data: bool, whether there are no images, and batches are all ones.
      one_hot: bool, the form of fake labels.
      dtype, reshape, seed: as for read_data_sets.

    Attributes:
      images, labels: arrays, in the order of the present epoch.
      num_examples: int, how many there are.
      epochs_completed: int, how often all of them were handed out.

    As in TF: the DataSet of tf.examples.tutorials.mnist.input_data.
    """

    def __init__(self, images, labels, fake_data=False, one_hot=False, dtype=dtypes.float32,
                 reshape=True, seed=None):
        np.random.seed(get_default_graph().seed if seed is None else seed)
        dtype = dtypes.as_dtype(dtype).base_dtype
        if dtype not in (dtypes.uint8, dtypes.float32):
            raise TypeError(f"Invalid image dtype {dtype.name}, expected uint8 or float32")
        self.one_hot, self.num_examples = one_hot, 10000
        if not fake_data:
            _check_shapes(images, labels, reshape)
            self.num_examples = len(images)
            if reshape:
                images = images.reshape(len(images), np.prod(images.shape[1:]))
            if dtype is dtypes.float32:
                images = np.multiply(images.astype(np.float32), 1.0 / 255.0)
        self.images, self.labels = images, labels
        self.epochs_completed = self._next = 0

    def next_batch(self, batch_size, fake_data=False, shuffle=True):
        """The next (images, labels); at the end of an epoch, the rest and the start of the next.

        Args:
          batch_size: int.
          fake_data: bool, whether to return lists of ones, and labels 0.
          shuffle: bool, whether each epoch has an order of its own.
        """
        if fake_data:
            label = [1] + [0] * 9 if self.one_hot else 0
            return [[1] * 784 for _ in range(batch_size)], [label] * batch_size
        if shuffle and self.epochs_completed == 0 and self._next == 0:
            self._shuffle()
        start, self._next = self._next, self._next + batch_size
        if self._next <= self.num_examples:
            return self.images[start:self._next], self.labels[start:self._next]
        rest = self.images[start:], self.labels[start:]
        self._next -= self.num_examples
        self.epochs_completed += 1
        if shuffle:
            self._shuffle()
        return (np.concatenate([rest[0], self.images[:self._next]]),
                np.concatenate([rest[1], self.labels[:self._next]]))

    def _shuffle(self):
        order = np.arange(self.num_examples)
        np.random.shuffle(order)
        self.images, self.labels = self.images[order], self.labels[order]


def maybe_download(filename, work_directory, source_url=None):
    """The path of a file in a folder; it is downloaded from source_url unless it is there.

    Args:
      filename: str.
      work_directory: str, the folder, made if need be.
      source_url: str, the whole address; by default that of MNIST's file of this name.

    Raises ConnectionError if it cannot be downloaded, ValueError if one of MNIST's own files
    arrives damaged. As in TF: tf.contrib.learn.datasets.base.maybe_download.
    """
    url = source_url or DEFAULT_SOURCE_URL + filename
    sha256 = None
    if url.startswith(DEFAULT_SOURCE_URL):           # MNIST itself, not another set of its form
        sha256 = SHA256.get(filename)
        url = address("mnist", filename, DEFAULT_SOURCE_URL)
    return str(fetch(Path(work_directory) / filename, url, sha256))


def extract_images(f):
    """The uint8 images (n, h, w, 1) of a gzipped idx file, given its name or the open file."""
    return idx.read(f, idx.IMAGES)[..., None]


def extract_labels(f, one_hot=False, num_classes=10):
    """The labels of a gzipped idx file, given its name or the open file.

    Returns:
      uint8 array (n,), or float64 (n, num_classes) if one_hot.
    """
    labels = idx.read(f, idx.LABELS)
    return dense_to_one_hot(labels, num_classes) if one_hot else labels


def dense_to_one_hot(labels_dense, num_classes=10):
    """Class numbers as rows of num_classes float64 numbers, of which one is 1."""
    return np.eye(num_classes)[np.ravel(labels_dense)]


def load_mnist(train_dir="MNIST-data"):
    """read_data_sets(train_dir). As in TF: tf.contrib.learn.datasets.load_mnist."""
    return read_data_sets(train_dir)


def _labels(one_hot):
    return lambda f: extract_labels(f, one_hot)


def _check_shapes(images, labels, reshape):
    if len(images) != len(labels):
        raise ValueError(f"there are {len(images)} images, but {len(labels)} labels.")
    if reshape and images.shape[3] != 1:
        raise ValueError(f"only images of one channel can become rows of pixels; these are "
                         f"{images.shape}. Say reshape=False.")
