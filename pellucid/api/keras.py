"""tf.keras: its data sets."""

from pellucid import datasets
