"""From a dotted name of TensorFlow to the object that it names here.

    find("tf.nn.relu"), find("tensorflow.python.ops.array_ops.zeros"), find("tf.mul")

Read next: old.py.
"""

import importlib
import re

_ROOT = re.compile(r"(tf|tensorflow)(\.|$)")
_FACE = re.compile(r"(compat\.v1|_api\.v1)(\.|$)")        # as often as it is written


def parts_of(name):
    """The parts of a dotted name below TensorFlow's root: "tf.compat.v1.nn.relu" -> nn, relu."""
    rest = _ROOT.sub("", name, count=1)
    while _FACE.match(rest):
        rest = _FACE.sub("", rest, count=1)
    return rest.split(".") if rest else []


def find(name):
    """The object that a dotted name of TensorFlow stands for.

    Raises AttributeError that says what is missing, and what is nearest.
    """
    found = importlib.import_module("pellucid")
    for part in parts_of(name):
        found = getattr(found, part)
    return found


def provided(name):
    """True if TensorFlow's dotted name stands for something here."""
    try:
        find(name)
    except (AttributeError, ImportError):
        return False
    return True
