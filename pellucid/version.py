"""Versions: TensorFlow's, which programs compare with, and pellucid's own.

As in TF: tf.version. `tf.__version__` and `tf.VERSION` are TensorFlow's too: programs branch on
them to choose a spelling, and pellucid answers to those of 1.15.
"""

PELLUCID = "0.1.0"

VERSION = "1.15.5"
GIT_VERSION = f"pellucid {PELLUCID}"
COMPILER_VERSION = "none: NumPy computes"
GRAPH_DEF_VERSION = 134
GRAPH_DEF_VERSION_MIN_CONSUMER = 0
GRAPH_DEF_VERSION_MIN_PRODUCER = 0
