"""clip_by_value: elements kept within bounds. By norms: training/clipping.py."""

from pellucid.core.arrays import array_namespace
from pellucid.core.gradients import RegisterGradient
from pellucid.core.indexed_slices import IndexedSlices
from pellucid.core.operation import Operation, convert_to_tensor
from pellucid.core.shapes import Spec, broadcast, merge
from pellucid.ops.arguments import check_allowed, name_scope, same_dtype
from pellucid.ops.arrays.creation import ZerosLike
from pellucid.ops.broadcasting import unbroadcast
from pellucid.ops.math.comparison import greater, less, logical_or
from pellucid.ops.math.elementwise import maximum, minimum
from pellucid.ops.math.selection import where
from pellucid.ops.regular import REAL


class ClipByValue(Operation):
    """max(min(x, high), low): x within [low, high]. Bounds are scalars or of x's shape."""

    op_type, fresh = "ClipByValue", True

    def infer(self, x, low, high):
        dtype = same_dtype(Spec(same_dtype(x, low), None), high)
        check_allowed("t", dtype, REAL)
        bounds = broadcast(low.shape, high.shape)
        return Spec(dtype, merge(x.shape, broadcast(x.shape, bounds)))

    def compute(self, x, low, high):
        xp = array_namespace(x, low, high)
        return xp.maximum(xp.minimum(x, high), low)


@RegisterGradient("ClipByValue")
def _clip_by_value_gradient(op, grad):
    # Each element has its gradient where it is used: x between the bounds, a bound outside.
    x, low, high = op.inputs
    zeros = ZerosLike((grad,)).output
    below, above = less(x, low), greater(x, high)
    return (lambda: where(logical_or(below, above), zeros, grad),
            lambda: unbroadcast(where(below, grad, zeros), low, x),
            lambda: unbroadcast(where(above, grad, zeros), high, x))


def clip_by_value(t, clip_value_min, clip_value_max, name=None):
    """t with elements below the minimum raised to it, and those above the maximum lowered.

    Args:
      t: Tensor or IndexedSlices of real numbers.
      clip_value_min, clip_value_max: of t's dtype; scalars, or they broadcast to t's shape.

    Returns:
      Tensor or IndexedSlices of t's dtype and shape. Where the bounds are crossed, it holds
      the minimum.

    Raises ValueError if a bound would broadcast t to another shape.
    As in TF: tf.clip_by_value.
    """
    with name_scope(name, "clip_by_value", (t, clip_value_min, clip_value_max)) as scope:
        is_sparse = isinstance(t, IndexedSlices)
        values = convert_to_tensor(t.values if is_sparse else t, name="t")
        clipped = minimum(values, clip_value_max)
        merge(values.spec.shape, clipped.spec.shape)
        clipped = maximum(clipped, clip_value_min, name=scope)
        merge(values.spec.shape, clipped.spec.shape)
        return IndexedSlices(clipped, t.indices, t.dense_shape) if is_sparse else clipped
