"""tf.layers: layers, as classes and as functions."""

from pellucid.layers.base import InputSpec, Layer
from pellucid.layers.core import Dense, Dropout, Flatten, dense, dropout, flatten
from pellucid.layers.normalization import BatchNormalization, batch_normalization
