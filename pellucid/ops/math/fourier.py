"""Discrete Fourier transforms along the last one, two or three axes.

    y[k] = sum_j x[j] exp(-2 pi i j k / n)

The inverse has the opposite sign and the factor 1/n. Of real x, y is symmetric, so rfft leaves
its second half out.
"""

import numpy as np

from pellucid.core import dtypes, errors
from pellucid.core.arrays import array_namespace
from pellucid.core.gradients import RegisterGradient
from pellucid.core.operation import Operation, convert_to_tensor
from pellucid.core.shapes import Spec, merge
from pellucid.core.sources import constant
from pellucid.ops.arguments import as_integers, as_tensor, build, check_allowed, name_scope
from pellucid.ops.arrays.creation import fill, range_
from pellucid.ops.arrays.joining import concat, stack
from pellucid.ops.arrays.shaping import rank as rank_of
from pellucid.ops.arrays.shaping import shape
from pellucid.ops.arrays.tiling import pad
from pellucid.ops.math.casting import cast
from pellucid.ops.math.complex_numbers import complex as complex_of
from pellucid.ops.math.complex_numbers import real
from pellucid.ops.math.elementwise import maximum
from pellucid.ops.math.reductions import reduce_prod

_COMPLEX = (dtypes.complex64, dtypes.complex128)
_OF = {dtypes.float32: dtypes.complex64, dtypes.float64: dtypes.complex128}


# -- of complex numbers --------------------------------------------------------------------

class _Transform(Operation):
    """Base: a transform along the last `rank` axes."""

    fresh = True
    rank = 1
    inverse = False

    def infer(self, input):
        check_allowed("input", input.dtype, _COMPLEX)
        _check_rank(input, self.rank)
        return Spec(input.dtype, input.shape)

    def compute(self, input):
        fft = array_namespace(input).fft
        function = fft.ifftn if self.inverse else fft.fftn
        return function(input, axes=tuple(range(-self.rank, 0))).astype(input.dtype)


def _check_rank(input, rank):
    if input.shape is not None and len(input.shape) < rank:
        raise ValueError(f"Shape must be at least rank {rank} but is rank {len(input.shape)}.")


def _complex_transform(name, axes, backwards):
    """The class of the transform `name`, its gradient registered."""
    what = "inverse transform" if backwards else "transform"

    class Transform(_Transform):
        op_type, rank, inverse = name, axes, backwards

    Transform.__name__ = Transform.__qualname__ = name
    Transform.__doc__ = f"The {what} along the last {axes} axes."

    @RegisterGradient(name)
    def _gradient(op, grad):
        # The matrix of the transform is symmetric, so its adjoint is its conjugate: that of the
        # inverse transform but for the factor n.
        opposite = _TRANSFORMS[axes, not backwards]([grad]).output
        count = cast(cast(reduce_prod(shape(grad)[-axes:]), grad.dtype.real_dtype), grad.dtype)
        return opposite / count if backwards else opposite * count

    return Transform


_TRANSFORMS = {}
for _axes, _suffix in ((1, ""), (2, "2D"), (3, "3D")):
    _TRANSFORMS[_axes, False] = _complex_transform("FFT" + _suffix, _axes, False)
    _TRANSFORMS[_axes, True] = _complex_transform("IFFT" + _suffix, _axes, True)


def fft(input, name=None):
    """The transform along the last axis of a complex Tensor. As in TF: tf.fft, tf.signal.fft."""
    return build(_TRANSFORMS[1, False], {"input": input}, name).output


def ifft(input, name=None):
    """The inverse of fft. As in TF: tf.ifft, tf.signal.ifft."""
    return build(_TRANSFORMS[1, True], {"input": input}, name).output


def fft2d(input, name=None):
    """The transform along the last two axes. As in TF: tf.fft2d, tf.signal.fft2d."""
    return build(_TRANSFORMS[2, False], {"input": input}, name).output


def ifft2d(input, name=None):
    """The inverse of fft2d. As in TF: tf.ifft2d, tf.signal.ifft2d."""
    return build(_TRANSFORMS[2, True], {"input": input}, name).output


def fft3d(input, name=None):
    """The transform along the last three axes. As in TF: tf.fft3d, tf.signal.fft3d."""
    return build(_TRANSFORMS[3, False], {"input": input}, name).output


def ifft3d(input, name=None):
    """The inverse of fft3d. As in TF: tf.ifft3d, tf.signal.ifft3d."""
    return build(_TRANSFORMS[3, True], {"input": input}, name).output


# -- of real numbers -----------------------------------------------------------------------

class RFFT(Operation):
    """Of real numbers: the first n // 2 + 1 entries of the transform of length n."""

    op_type, fresh, rank = "RFFT", True, 1
    static_inputs = (1,)

    def infer(self, input, fft_length):
        check_allowed("input", input.dtype, _OF.keys())
        lengths, dtype = _lengths(self, input, fft_length), _OF.get(input.dtype)
        if input.shape is None:
            return Spec(dtype, None)
        last = None if lengths[-1] is None else lengths[-1] // 2 + 1 if lengths[-1] else 0
        return Spec(dtype, (*input.shape[:-self.rank], *lengths[:-1], last))

    def compute(self, input, fft_length):
        lengths = tuple(fft_length.tolist())
        _check_long_enough(input.shape[-self.rank:], lengths)
        axes = tuple(range(-self.rank, 0))
        return array_namespace(input).fft.rfftn(input, lengths, axes)


class RFFT2D(RFFT):
    """The same along the last two axes."""

    op_type, rank = "RFFT2D", 2


class IRFFT(Operation):
    """The inverse: n real numbers from the first n // 2 + 1 entries of their transform."""

    op_type, fresh, rank = "IRFFT", True, 1
    static_inputs = (1,)

    def infer(self, input, fft_length):
        check_allowed("input", input.dtype, _COMPLEX)
        lengths = _lengths(self, input, fft_length)
        shape = None if input.shape is None else (*input.shape[:-self.rank], *lengths)
        return Spec(input.dtype and input.dtype.real_dtype, shape)

    def compute(self, input, fft_length):
        lengths = tuple(fft_length.tolist())
        _check_long_enough(input.shape[-self.rank:], (*lengths[:-1], lengths[-1] // 2 + 1))
        axes = tuple(range(-self.rank, 0))
        return array_namespace(input).fft.irfftn(input, lengths, axes)


class IRFFT2D(IRFFT):
    """The same along the last two axes."""

    op_type, rank = "IRFFT2D", 2


def _lengths(op, input, fft_length):
    _check_rank(input, op.rank)
    check_allowed("fft_length", fft_length.dtype, (dtypes.int32,))
    merge(fft_length.shape, (op.rank,))
    return fft_length.as_shape() or (None,) * op.rank


def _check_long_enough(given, needed):
    if any(d < n for d, n in zip(given, needed, strict=True)) and min(given) > 0:
        raise errors.InvalidArgumentError(None, None, (
            f"Input dimensions {list(given)} must be at least {list(needed)}"))


@RegisterGradient("RFFT")
def _rfft_gradient(op, grad):
    return _from_half(op, grad, _TRANSFORMS[1, True]), None


@RegisterGradient("RFFT2D")
def _rfft2d_gradient(op, grad):
    return _from_half(op, grad, _TRANSFORMS[2, True]), None


def _from_half(op, grad, inverse):
    # y = the first half of F x, so to x goes the real part of F^H (g, zeros): n times the
    # inverse transform.
    x, lengths = op.inputs
    whole = _grown(grad, concat([shape(grad)[:-1], lengths[-1:]], 0))
    count = cast(cast(reduce_prod(lengths), x.dtype), grad.dtype)
    return _grown(real(inverse([whole]).output * count), shape(x))


def _grown(x, size):
    """x with zeros after it, of shape `size`."""
    missing = size - shape(x)
    return pad(x, stack([missing * 0, missing], axis=1))


@RegisterGradient("IRFFT")
def _irfft_gradient(op, grad):
    return _to_half(op, grad, RFFT), None


@RegisterGradient("IRFFT2D")
def _irfft2d_gradient(op, grad):
    return _to_half(op, grad, RFFT2D), None


def _to_half(op, grad, transform):
    # Each entry of y but the first, and but the middle one of an even n, stands for itself and
    # for its mirror image, so its share is counted twice.
    lengths = op.inputs[1]
    half = transform([grad, lengths]).output
    n, count = lengths[-1], shape(half)[-1]
    places = range_(count)
    mirrored = cast(cast((places * 2) % n, dtypes.bool_), grad.dtype)
    weights, total = mirrored + 1.0, cast(reduce_prod(lengths), grad.dtype)
    return _grown(half * complex_of(weights / total, weights * 0.0), shape(op.inputs[0]))


def rfft(input_tensor, fft_length=None, name=None):
    """The transform of real numbers along the last axis: its first n // 2 + 1 entries.

    Args:
      input_tensor: Tensor of float32 or float64, shape (..., m).
      fft_length: vector [n]; by default [m]. Longer than m pads with zeros, shorter crops.

    As in TF: tf.signal.rfft, tf.spectral.rfft (op type RFFT).
    """
    return _of_real(RFFT, input_tensor, fft_length, name, "rfft")


def rfft2d(input_tensor, fft_length=None, name=None):
    """rfft along the last two axes. As in TF: tf.signal.rfft2d (op type RFFT2D)."""
    return _of_real(RFFT2D, input_tensor, fft_length, name, "rfft2d")


def irfft(input_tensor, fft_length=None, name=None):
    """The inverse of rfft.

    Args:
      input_tensor: Tensor of complex64 or complex128, shape (..., m).
      fft_length: vector [n], the length of the result; by default [2 (m - 1)].

    As in TF: tf.signal.irfft, tf.spectral.irfft (op type IRFFT).
    """
    return _of_real(IRFFT, input_tensor, fft_length, name, "irfft")


def irfft2d(input_tensor, fft_length=None, name=None):
    """The inverse of rfft2d. As in TF: tf.signal.irfft2d (op type IRFFT2D)."""
    return _of_real(IRFFT2D, input_tensor, fft_length, name, "irfft2d")


def _of_real(op_class, x, fft_length, name, default):
    with name_scope(name, default, [x, fft_length]) as scope:
        back = issubclass(op_class, IRFFT)
        x = convert_to_tensor(x, preferred_dtype=dtypes.complex64 if back else dtypes.float32)
        rank = op_class.rank
        if x.spec.shape is not None and len(x.spec.shape) < rank:
            raise ValueError(f"Shape must be at least rank {rank} but is {x.shape}.")
        if fft_length is None:
            lengths = shape(x)[-rank:]
            if back:
                lengths = concat([lengths[:-1], maximum(2 * (lengths[-1:] - 1), 0)], 0)
        else:
            lengths = as_integers(fft_length)
            x = _padded(x, lengths, rank, back)
        return op_class([x, lengths], scope).output


def _padded(x, lengths, rank, back):
    """x with zeros after it, where the transform asks for more entries than there are."""
    known, given = as_tensor(lengths).spec.as_shape(), x.spec.shape
    wanted = lengths if not back else concat([lengths[:-1], lengths[-1:] // 2 + 1], 0)
    if known and given and None not in (*known, *given[-rank:]):
        needed = known if not back else (*known[:-1], known[-1] // 2 + 1)
        if all(d >= n for d, n in zip(given[-rank:], needed, strict=True)):
            return x
    missing = maximum(wanted - shape(x)[-rank:], 0)
    before = (fill([rank_of(x) - rank, 2], 0) if given is None else
              constant(np.zeros((len(given) - rank, 2), np.int32)))
    return pad(x, concat([before, stack([missing * 0, missing], axis=1)], 0))


