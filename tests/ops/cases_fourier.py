"""Operation types of pellucid/ops/math/fourier.py and pellucid/ops/linalg/least_squares.py."""

import numpy as np

from tests.ops.case import case

RANDOM = np.random.default_rng(4)
X = RANDOM.normal(size=(2, 3, 4, 5)).astype(np.float32)
Z = (X + 1j * RANDOM.normal(size=X.shape)).astype(np.complex64)
EVEN = RANDOM.normal(size=(3, 4, 6)).astype(np.float32)
TALL = RANDOM.normal(size=(2, 5, 3))
WIDE = RANDOM.normal(size=(3, 5))


def axes(n):
    return tuple(range(-n, 0))


def normal(a, b, w=0.0):
    return np.linalg.solve(a.swapaxes(-1, -2) @ a + w * np.eye(a.shape[-1]), a.swapaxes(-1, -2) @ b)


TRANSFORMS = [
    case(name, lambda tf, z, f=function: getattr(tf.signal, f)(z), Z,
         oracle=lambda z, i=inverse, n=rank: (np.fft.ifftn if i else np.fft.fftn)(z, axes=axes(n)))
    for rank, suffix in ((1, ""), (2, "2d"), (3, "3d"))
    for inverse, function, name in ((False, "fft" + suffix, "FFT" + suffix.upper()),
                                    (True, "ifft" + suffix, "IFFT" + suffix.upper()))
]
CASES = [
    *TRANSFORMS,
    case("FFT", lambda tf, z: tf.fft(z), Z.astype(np.complex128)[0, 0], label="complex128"),
    case("RFFT", lambda tf, x: tf.signal.rfft(x), X, oracle=np.fft.rfft),
    case("RFFT", lambda tf, x: tf.signal.rfft(x), EVEN, oracle=np.fft.rfft, label="even"),
    case("RFFT", lambda tf, x: tf.signal.rfft(x, [8]), EVEN, label="padded",
         oracle=lambda x: np.fft.rfft(x, 8)),
    case("RFFT", lambda tf, x: tf.signal.rfft(x, [3]), EVEN, label="cropped",
         oracle=lambda x: np.fft.rfft(x, 3)),
    case("RFFT2D", lambda tf, x: tf.signal.rfft2d(x), X, oracle=np.fft.rfft2),
    case("RFFT2D", lambda tf, x: tf.signal.rfft2d(x, [5, 4]), EVEN, label="lengths",
         oracle=lambda x: np.fft.rfft2(x, (5, 4))),
    case("IRFFT", lambda tf, z: tf.signal.irfft(z), Z, oracle=lambda z: np.fft.irfft(z)),
    case("IRFFT", lambda tf, z: tf.signal.irfft(z, [7]), Z, label="odd",
         oracle=lambda z: np.fft.irfft(z, 7)),
    case("IRFFT", lambda tf, z: tf.signal.irfft(z, [12]), Z, label="padded",
         oracle=lambda z: np.fft.irfft(z, 12)),
    case("IRFFT2D", lambda tf, z: tf.signal.irfft2d(z, [4, 6]), Z, label="lengths",
         oracle=lambda z: np.fft.irfft2(z, (4, 6))),
    case("MatrixSolveLs", lambda tf, a, b: tf.matrix_solve_ls(a, b, fast=False), TALL,
         TALL[..., :2] + 1, oracle=normal, gradient=()),
    case("MatrixSolveLs", lambda tf, a, b: tf.matrix_solve_ls(a, b, fast=False),
         np.ones((3, 2)), np.arange(3.0).reshape(3, 1), gradient=(), label="dependent columns",
         oracle=lambda a, b: np.full((2, 1), 0.5)),
    case("MatrixSolveLs", lambda tf, a, b: tf.matrix_solve_ls(a, b, fast=False), WIDE,
         WIDE[:, :2], oracle=lambda a, b: np.linalg.lstsq(a, b, rcond=None)[0], gradient=(),
         label="wide"),
]
