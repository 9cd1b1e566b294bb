"""What a linear layer needs beside a product: adding a bias, and the penalty on weights."""

from pellucid.core import dtypes
from pellucid.core.arrays import array_namespace
from pellucid.core.gradients import RegisterGradient
from pellucid.core.operation import Operation, convert_to_tensor
from pellucid.core.shapes import Spec, merge, show
from pellucid.ops.arguments import as_tensor, check_allowed, name_scope, same_dtype
from pellucid.ops.arrays.creation import zeros_like
from pellucid.ops.regular import NUMBERS


class BiasAdd(Operation):
    """value + bias, which has an entry a channel: the last axis, or axis 1 in NCHW."""

    op_type, attrs, fresh = "BiasAdd", {"data_format": "NHWC"}, True

    def infer(self, value, bias):
        dtype = same_dtype(value, bias, ("value", "bias"))
        check_allowed("value", dtype, NUMBERS)
        if bias.rank not in (None, 1):
            raise ValueError(f"bias must be a vector, but has shape {show(bias.shape)}.")
        if value.shape is None:
            return Spec(dtype, None)
        axis = _channel_axis(self.data_format, value.rank)
        channels = merge(value.shape[axis:][:1], bias.shape)
        return Spec(dtype, value.shape[:axis] + channels + value.shape[axis:][1:])

    def compute(self, value, bias):
        if self.data_format == "NCHW":
            bias = bias.reshape((-1,) + (1,) * (value.ndim - 2))
        return value + bias


class BiasAddGrad(Operation):
    """The gradient with respect to the bias: the sum over all axes but the channels'."""

    op_type, attrs, fresh = "BiasAddGrad", {"data_format": "NHWC"}, True

    def infer(self, out_backprop):
        check_allowed("out_backprop", out_backprop.dtype, NUMBERS)
        if out_backprop.shape is None:
            return Spec(out_backprop.dtype, (None,))
        axis = _channel_axis(self.data_format, out_backprop.rank)
        return Spec(out_backprop.dtype, out_backprop.shape[axis:][:1])

    def compute(self, out_backprop):
        kept = _channel_axis(self.data_format, out_backprop.ndim)
        axes = tuple([i for i in range(out_backprop.ndim) if i != kept])
        return out_backprop.sum(axes, dtype=out_backprop.dtype)


def _channel_axis(data_format, rank):
    least = 3 if data_format == "NCHW" else 2
    if rank < least:
        raise ValueError(f"Shape must be at least rank {least} but is rank {rank}, for "
                         f"data_format {data_format}.")
    return 1 if data_format == "NCHW" else rank - 1


@RegisterGradient("BiasAdd")
def _bias_add_gradient(op, grad):
    return grad, lambda: BiasAddGrad([grad], data_format=op.data_format).output


@RegisterGradient("BiasAddGrad")
def _bias_add_grad_gradient(op, grad):
    # Each entry of the sum was counted once for each place, so the gradient goes to all.
    return BiasAdd([zeros_like(op.inputs[0]), grad], data_format=op.data_format).output


def bias_add(value, bias, data_format=None, name=None):
    """value + bias.

    Args:
      value: Tensor, shape (..., channels); (n, channels, ...) for data_format "NC...".
      bias: Tensor of value's dtype, shape (channels,).
      data_format: str, "N...C" (the default) or "NC...".

    Raises ValueError if the numbers of channels differ.
    As in TF: tf.nn.bias_add (op type BiasAdd).
    """
    if data_format is None or (data_format[:1] == "N" and data_format[-1:] == "C"):
        layout = "NHWC"
    elif data_format.startswith("NC"):
        layout = "NCHW"
    else:
        raise ValueError("`data_format` must be of the form `N...C` or `NC...`. "
                         f"Received: data_format={data_format}")
    with name_scope(name, "BiasAdd", [value, bias]) as scope:
        value = as_tensor(value, name="input")
        bias = convert_to_tensor(bias, value.spec.dtype, name="bias")
        return BiasAdd([value, bias], name=scope, data_format=layout).output


class L2Loss(Operation):
    """Half the sum of the squares."""

    op_type, fresh = "L2Loss", True

    def infer(self, t):
        check_allowed("t", t.dtype, dtypes.FLOATING)
        return Spec(t.dtype, ())

    def compute(self, t):
        return array_namespace(t).square(t).sum(dtype=t.dtype) * t.dtype.type(0.5)


@RegisterGradient("L2Loss")
def _l2_loss_gradient(op, grad):
    return op.inputs[0] * grad


def l2_loss(t, name=None):
    """Half the sum of the squares of t's entries: sum(t^2) / 2.

    As in TF: tf.nn.l2_loss (op type L2Loss).
    """
    with name_scope(name, "L2Loss", [t]) as scope:
        return L2Loss([as_tensor(t, name="t")], name=scope).output
