"""Clipping gradients: keep their directions, bound their lengths."""

from pellucid.core import dtypes
from pellucid.core.indexed_slices import IndexedSlices
from pellucid.core.operation import convert_to_tensor
from pellucid.core.shapes import compatible
from pellucid.core.sources import constant
from pellucid.ops.arguments import name_scope
from pellucid.ops.arrays.creation import ones_like, range_
from pellucid.ops.arrays.joining import stack
from pellucid.ops.arrays.shaping import rank, size
from pellucid.ops.control.passing import identity
from pellucid.ops.math.casting import cast
from pellucid.ops.math.comparison import greater
from pellucid.ops.math.elementwise import maximum, minimum
from pellucid.ops.math.functions import rsqrt, sqrt
from pellucid.ops.math.reductions import reduce_sum
from pellucid.ops.math.selection import where
from pellucid.ops.neural.biases import l2_loss


def clip_by_norm(t, clip_norm, axes=None, name=None):
    """t clip_norm / max(|t|, clip_norm): t, shortened to length clip_norm if it is longer.

    Args:
      t: floating Tensor, or IndexedSlices, whose given rows are clipped together.
      clip_norm: positive number or scalar Tensor.
      axes: int Tensor: take the length along these axes; by default of t as a whole.

    As in TF: tf.clip_by_norm.
    """
    with name_scope(name, "clip_by_norm") as scope:
        values = convert_to_tensor(_values(t), name="t")
        squared = reduce_sum(values * values, axes, keepdims=True)
        # The gradient of sqrt at 0 is infinite, and 0 times infinity is nan: not there.
        positive = greater(squared, 0)
        norm = where(positive, sqrt(where(positive, squared, ones_like(squared))), squared)
        scaled = values * clip_norm
        if not compatible(values.spec.shape, scaled.spec.shape):
            raise ValueError(f"clip_norm must be a scalar: it turns shape {values.shape} "
                             f"into {scaled.shape}.")
        clipped = identity(scaled / maximum(norm, clip_norm), name=scope)
        return _like(t, clipped)


def clip_by_average_norm(t, clip_norm, name=None):
    """t clip_norm / max(|t| / n, clip_norm), where n is the number of t's elements.

    As in TF: tf.clip_by_average_norm.
    """
    with name_scope(name, "clip_by_average_norm", [t]) as scope:
        t = convert_to_tensor(t, name="t")
        n = cast(size(t), dtypes.float32)
        inverse = rsqrt(reduce_sum(t * t, range_(rank(t))))
        scale = t * clip_norm * minimum(inverse * n, constant(1.0) / clip_norm)
        return identity(scale, name=scope)


def global_norm(t_list, name=None):
    """The length of all tensors together: sqrt(sum of |t|^2).

    Args:
      t_list: list of Tensor, IndexedSlices and None, which counts nothing.

    As in TF: tf.global_norm (op types L2Loss, Sqrt).
    """
    t_list = _checked(t_list)
    with name_scope(name, "global_norm"):
        halves = [l2_loss(_values(t)) for t in t_list if t is not None]
        half = reduce_sum(stack(halves))
        return sqrt(half * constant(2.0, half.spec.dtype), name="global_norm")


def clip_by_global_norm(t_list, clip_norm, use_norm=None, name=None):
    """(clipped list, global norm): each t clip_norm / max(norm, clip_norm).

    All are scaled alike, so that together they keep their direction (Pascanu et al. 2013).
    If the norm is infinite or nan, all become nan.

    Args:
      t_list: list of Tensor, IndexedSlices and None, which stays None.
      clip_norm: positive number or scalar Tensor.
      use_norm: scalar Tensor, the global norm if it is known already.

    As in TF: tf.clip_by_global_norm.
    """
    t_list = _checked(t_list)
    norm = global_norm(t_list, name) if use_norm is None else use_norm
    with name_scope(name, "clip_by_global_norm") as scope:
        scale = clip_norm * minimum(1 / norm, constant(1.0, norm.dtype) / clip_norm)
        scale = scale + (norm - norm)        # 0, or nan where the norm is not finite
        clipped = []
        for i, t in enumerate(t_list):
            if t is None:
                clipped.append(None)
                continue
            values = convert_to_tensor(_values(t), name=f"t_{i}")
            clipped.append(_like(t, identity(values * scale, name=f"{scope}_{i}")))
        return clipped, norm


def _checked(t_list):
    if not isinstance(t_list, list | tuple):
        raise TypeError("t_list should be a sequence")
    return list(t_list)


def _values(t):
    return t.values if isinstance(t, IndexedSlices) else t


def _like(t, values):
    """`values` in the place of t's."""
    if isinstance(t, IndexedSlices):
        return IndexedSlices(values, t.indices, t.dense_shape)
    return values
