"""tf.contrib.learn.datasets: MNIST."""

from pellucid.datasets import input_data as mnist
