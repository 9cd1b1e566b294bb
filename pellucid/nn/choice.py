"""A choice between tensors by a condition that may be known before the run."""

from pellucid.core.operation import convert_to_tensor
from pellucid.core.tensor import Tensor
from pellucid.ops.control.cond import cond


def smart_cond(pred, true_fn=None, false_fn=None, name=None):
    """What true_fn() returns if pred holds, else what false_fn() returns.

    Args:
      pred: bool, 0 or 1, or a scalar bool Tensor. Where its value is known, only the branch that
        it names is built; else both are built, and each run computes one (tf.cond).
      true_fn, false_fn: functions of no arguments that return a Tensor, or a tuple of them.
      name: str, of the tf.cond where there is one.
    """
    if not callable(true_fn) or not callable(false_fn):
        raise TypeError(f"true_fn and false_fn must be callable, not {true_fn!r} and {false_fn!r}.")
    known = known_condition(pred)
    if known is not None:
        return true_fn() if known else false_fn()
    return cond(convert_to_tensor(pred), true_fn, false_fn, name=name)


def known_condition(pred):
    """True or False if the condition is known before the run, else None."""
    if hasattr(pred, "_as_graph_element"):                # a Variable
        return None
    if isinstance(pred, Tensor):
        return None if pred.spec.value is None else bool(pred.spec.value)
    if pred not in (False, True):
        raise TypeError("pred must be a Tensor, or a Python bool, or 1 or 0. Found instead: "
                        f"{pred}")
    return bool(pred)
