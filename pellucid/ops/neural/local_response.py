"""Local response normalization: a channel is divided by the energy of its neighbours.

    y_c = x_c / s_c^beta,    s_c = bias + alpha * sum of x_k^2 over |k - c| <= depth_radius

(Krizhevsky, Sutskever & Hinton 2012, section 3.3.)
"""

import numpy as np

from pellucid.core import dtypes
from pellucid.core.arrays import array_namespace
from pellucid.core.gradients import RegisterGradient
from pellucid.core.operation import Operation
from pellucid.core.shapes import Spec, merge
from pellucid.ops.arguments import build, check_allowed, same_dtype
from pellucid.ops.conv.convolution import attributes, narrow, wide
from pellucid.ops.conv.windows import check_rank

_ATTRS = {"depth_radius": 5, "bias": 1.0, "alpha": 1.0, "beta": 0.5}
_NORMALIZED = frozenset((dtypes.float16, dtypes.bfloat16, dtypes.float32))


class LRN(Operation):
    """Each channel divided by a power of the energy of the channels beside it."""

    op_type, attrs, fresh = "LRN", _ATTRS, True

    def infer(self, input):
        check_allowed("input", input.dtype, _NORMALIZED)
        check_rank("input", input, 4)
        return Spec(input.dtype, input.shape or (None,) * 4)

    def compute(self, input):
        x = wide(input)
        return narrow(x * _energy(self, x) ** np.float32(-self.beta), input)


class LRNGrad(Operation):
    """The gradient of LRN with respect to its input."""

    op_type, attrs, fresh = "LRNGrad", _ATTRS, True

    def infer(self, input_grads, input_image, output_image):
        dtype = same_dtype(input_grads, input_image, ("input_grads", "input_image"))
        check_allowed("input_grads", dtype, _NORMALIZED)
        shape = merge(merge(input_grads.shape, input_image.shape), output_image.shape)
        check_rank("input_image", Spec(dtype, shape), 4)
        return Spec(dtype, shape or (None,) * 4)

    def compute(self, input_grads, input_image, output_image):
        # dx_k = dy_k / s_k^beta - 2 alpha beta x_k * sum over the neighbours c of dy_c y_c / s_c
        grad, x, y = wide(input_grads), wide(input_image), wide(output_image)
        s = _energy(self, x)
        shared = _over_neighbours(self, grad * y / s)
        factor = np.float32(2 * self.alpha * self.beta)
        return narrow(grad * s ** np.float32(-self.beta) - factor * x * shared, input_grads)


def _energy(op, x):
    """s, for each pixel and channel."""
    squares = array_namespace(x).square(x)
    return np.float32(op.bias) + np.float32(op.alpha) * _over_neighbours(op, squares)


def _over_neighbours(op, x):
    """The sum over the channels within depth_radius: a product with a matrix of 0 and 1."""
    channel = np.arange(x.shape[-1])
    near = abs(channel[:, None] - channel) <= op.depth_radius
    return array_namespace(x).matmul(x, near.astype(np.float32))


@RegisterGradient("LRN")
def _lrn_gradient(op, grad):
    return LRNGrad([grad, op.inputs[0], op.output], **attributes(op)).output


@RegisterGradient("LRNGrad")
def _lrn_grad_gradient(op, grad):
    raise LookupError("No gradient defined for operation type LRNGrad: as in TensorFlow, "
                      "local_response_normalization can be differentiated once only.")


def local_response_normalization(input, depth_radius=5, bias=1, alpha=1, beta=0.5, name=None):
    """input / (bias + alpha * sum of squares over the channels within depth_radius)^beta.

    Args:
      input: Tensor of float16, bfloat16 or float32, shape (n, h, w, c).
      depth_radius: int, how many channels on either side count.
      bias, alpha, beta: float.

    As in TF: tf.nn.local_response_normalization, tf.nn.lrn (op type LRN).
    """
    return build(LRN, {"input": input}, name, depth_radius=int(depth_radius), bias=float(bias),
                 alpha=float(alpha), beta=float(beta)).output
