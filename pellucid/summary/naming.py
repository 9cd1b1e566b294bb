"""What a summary is called: its tag is the name of the scope that its operation is built in."""

import contextlib
import re
import warnings

from pellucid.core.graph import GraphKeys, get_default_graph
from pellucid.ops.arguments import name_scope

_NOT_ALLOWED = re.compile(r"[^-/\w\.]")


def clean_tag(name):
    """A name with only the characters that tags may have: letters, digits, "-", "_", "/", "."."""
    if name is None:
        return None
    clean = _NOT_ALLOWED.sub("_", name).lstrip("/")
    if clean != name:
        warnings.warn(f"Summary name {name} is illegal; using {clean} instead.", stacklevel=4)
    return clean


@contextlib.contextmanager
def summary_scope(name, family=None, default_name=None, values=None):
    """`with summary_scope("loss") as (tag, scope)`: names as in TF: summary_op_util.

    A family stands before the name in the scope, and once more before the tag.
    """
    name, family = clean_tag(name), clean_tag(family)
    with name_scope(name if family is None else f"{family}/{name}", default_name,
                    values) as scope:
        tag = scope.rstrip("/")
        yield (tag if family is None else f"{family}/{tag}"), scope


def collect(tensor, collections, default=(GraphKeys.SUMMARIES,)):
    """Adds a summary to collections, and returns it."""
    for key in list(default) if collections is None else collections:
        get_default_graph().add_to_collection(key, tensor)
    return tensor


def text_of(value):
    """str of a scalar string: bytes, or an array of one."""
    return bytes(value[()] if hasattr(value, "shape") else value).decode("utf-8", "replace")


def serialized(summary):
    """The value of an operation whose output is a Summary."""
    import numpy as np
    result = np.empty((), object)
    result[()] = summary.SerializeToString()
    return result
