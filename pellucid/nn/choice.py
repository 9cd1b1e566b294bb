"""A choice between two tensors by a condition that may be known before the run."""

from pellucid.core.operation import convert_to_tensor
from pellucid.core.tensor import Tensor
from pellucid.ops.selection import where


def smart_cond(pred, true_fn, false_fn):
    """What true_fn() returns if pred holds, else what false_fn() returns.

    Args:
      pred: bool, 0 or 1, or a scalar bool Tensor. Where its value is known, only the branch that
        it names is built; else both are built and computed, and one is taken.
      true_fn, false_fn: functions of no arguments that return a Tensor, or a tuple of them.
    """
    if hasattr(pred, "_as_graph_element"):                # a Variable
        pred = convert_to_tensor(pred)
    if isinstance(pred, Tensor):
        known = pred.spec.value
        if known is None:
            return _both(pred, true_fn(), false_fn())
        pred = bool(known)
    if pred not in (False, True):
        raise TypeError(f"pred must be a Tensor, or a Python bool, or 1 or 0. Found instead: {pred}")
    return true_fn() if pred else false_fn()


def _both(pred, yes, no):
    if isinstance(yes, tuple):
        return tuple([where(pred, y, n) for y, n in zip(yes, no, strict=True)])
    return where(pred, yes, no)
