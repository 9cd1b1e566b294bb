"""tf.metrics."""

from pellucid.contrib.metrics import accuracy, f1_score
