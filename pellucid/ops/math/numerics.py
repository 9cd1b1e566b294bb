"""Finding nan and inf where they arise."""

import numpy as np

from pellucid.core import dtypes, errors
from pellucid.core.arrays import on_host
from pellucid.core.gradients import RegisterGradient
from pellucid.core.graph import get_default_graph
from pellucid.core.operation import Operation
from pellucid.core.shapes import Spec
from pellucid.ops.arguments import as_tensor, check_allowed, name_scope
from pellucid.ops.control.waiting import group, with_dependencies


class CheckNumerics(Operation):
    """x; raises InvalidArgumentError if it has a nan or an inf."""

    op_type, attrs, effect = "CheckNumerics", {"message": ""}, True

    def infer(self, tensor):
        check_allowed("tensor", tensor.dtype, dtypes.FLOATING)
        return Spec(tensor.dtype, tensor.shape)

    def compute(self, tensor):
        # A finite sum has finite terms: one pass without temporaries in the usual case.
        if on_host(tensor) and not np.isfinite(tensor.sum()):
            self._check_entries(tensor)
        return tensor

    def _check_entries(self, tensor):
        found = [name for name, test in (("Inf", np.isinf), ("NaN", np.isnan))
                 if test(tensor).any()]
        if found:
            raise errors.InvalidArgumentError(
                None, None, f"{self.message} : Tensor had {' and '.join(found)} values")


@RegisterGradient("CheckNumerics")
def _check_numerics_gradient(op, grad):
    return check_numerics(grad, "Not a number (NaN) or infinity (Inf) values detected in "
                          f"gradient. {op.message}")


def check_numerics(tensor, message, name=None):
    """`tensor`; where it is computed, a nan or inf in it is an error. So in its gradient.

    Raises tf.errors.InvalidArgumentError, with the message, in the run.
    As in TF: tf.check_numerics (op type CheckNumerics).
    """
    with name_scope(name, "CheckNumerics", [tensor]) as scope:
        return CheckNumerics([as_tensor(tensor, name="tensor")], name=scope,
                             message=message).output


def verify_tensor_all_finite(t=None, msg=None, name=None, x=None, message=None):
    """`t`, after it has been checked that it has no nan or inf. `x` and `message` are other
    names of t and msg.

    As in TF: tf.verify_tensor_all_finite, tf.debugging.assert_all_finite.
    """
    x, message = t if x is None else x, msg if message is None else message
    with name_scope(name, "VerifyFinite", [x]):
        x = as_tensor(x, name="x")
        return with_dependencies([check_numerics(x, message).op], x)


def add_check_numerics_ops():
    """An operation that checks every floating tensor of the default graph, in order.

    The first to have a nan or an inf is named in the error. Run it with the training step.

    As in TF: tf.add_check_numerics_ops.
    """
    graph, checks = get_default_graph(), []
    for op in graph.get_operations():
        for tensor in op.outputs:
            if tensor.dtype is None or tensor.dtype.base_dtype not in dtypes.FLOATING:
                continue
            with graph.control_dependencies(checks[-1:]):
                checks.append(check_numerics(tensor, f"{op.name}:{tensor.value_index}").op)
    return group(*checks[-1:])
