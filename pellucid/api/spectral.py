"""tf.spectral."""

from pellucid.ops.math.fourier import (
    fft,
    fft2d,
    fft3d,
    ifft,
    ifft2d,
    ifft3d,
    irfft,
    irfft2d,
    rfft,
    rfft2d,
)
