"""Operations that pass their input on, or only wait."""

from pellucid.core.gradients import NotDifferentiable, RegisterGradient
from pellucid.core.operation import Operation
from pellucid.core.shapes import Spec
from pellucid.ops.arguments import as_tensor


class Identity(Operation):
    """x. Of a variable, it passes the reference on: who uses it reads the variable then."""

    op_type, ref_inputs, folds = "Identity", (0,), True

    def infer(self, x):
        return Spec(x.dtype, x.shape, x.value, x.partial)

    def compute(self, x):
        return x


@RegisterGradient("Identity")
@RegisterGradient("PlaceholderWithDefault")
def _identity_gradient(op, grad):
    return grad


def identity(input, name=None):
    """A Tensor with the value of `input`. As in TF: tf.identity (op type Identity)."""
    return Identity([as_tensor(input)], name=name).output


class StopGradient(Operation):
    """x, as a constant to gradients."""

    op_type, folds = "StopGradient", True

    def infer(self, x):
        return Spec(x.dtype, x.shape, x.value, x.partial)

    def compute(self, x):
        return x


NotDifferentiable("StopGradient")


def stop_gradient(input, name=None):
    """A Tensor with the value of `input`, through which no gradient passes.

    As in TF: tf.stop_gradient (op type StopGradient).
    """
    return StopGradient([as_tensor(input)], name=name).output


class PreventGradient(Operation):
    """x; an error where somebody asks for a gradient through it."""

    op_type, attrs, folds = "PreventGradient", {"message": ""}, True

    def infer(self, x):
        return Spec(x.dtype, x.shape, x.value, x.partial)

    def compute(self, x):
        return x


@RegisterGradient("PreventGradient")
def _prevent_gradient_gradient(op, grad):
    raise LookupError(f"Gradient explicitly disabled. Reason: {op.message}")


def prevent_gradient(input, message="", name=None):
    """A Tensor with the value of `input`, through which gradients are refused.

    tf.gradients raises LookupError with the message.
    As in TF: tf.raw_ops.PreventGradient.
    """
    return PreventGradient([as_tensor(input)], message=message, name=name).output


class IdentityN(Operation):
    """Its inputs, several tensors: one gradient function may answer for all of them."""

    op_type = "IdentityN"

    def infer(self, *inputs):
        return tuple([Spec(x.dtype, x.shape) for x in inputs])

    def compute(self, *inputs):
        return inputs if len(inputs) > 1 else inputs[0]


@RegisterGradient("IdentityN")
def _identity_n_gradient(op, *grads):
    return grads


def identity_n(input, name=None):
    """List of Tensors with the values of `input`.

    As in TF: tf.identity_n (op type IdentityN).
    """
    return list(IdentityN(input, name=name).outputs)


class NoOp(Operation):
    """Does nothing, after its control inputs."""

    op_type = "NoOp"

    def infer(self):
        return ()

    def compute(self):
        return ()


NotDifferentiable("NoOp")
