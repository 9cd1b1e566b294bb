"""Data sets that are downloaded on first use, and kept: tf.keras.datasets, and TF 1's MNIST.

Read first: download.py. `input_data` is what programs import as
tensorflow.examples.tutorials.mnist.input_data.
"""

from pellucid.datasets import cifar10, fashion_mnist, input_data, mnist
