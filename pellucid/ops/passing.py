"""Operations that pass their input on, or only wait."""

from pellucid.core.gradients import NotDifferentiable, RegisterGradient
from pellucid.core.operation import Operation
from pellucid.core.shapes import Spec
from pellucid.ops.arguments import as_tensor


class Identity(Operation):
    """x. Of a variable, it passes the reference on: whoever uses it reads the variable then."""

    op_type, ref_inputs, folds = "Identity", (0,), True

    def infer(self, x):
        return Spec(x.dtype, x.shape, x.value, x.partial)

    def compute(self, x):
        return x


@RegisterGradient("Identity")
def _identity_gradient(op, grad):
    return grad


def identity(input, name=None):
    """A Tensor with the value of `input`. As in TF: tf.identity (op type Identity)."""
    return Identity([as_tensor(input)], name=name).output


class NoOp(Operation):
    """Does nothing, after its control inputs."""

    op_type = "NoOp"

    def infer(self):
        return ()

    def compute(self):
        return ()


NotDifferentiable("NoOp")
