"""Images in summaries: the pixels are TensorFlow's, the PNG files are PNG files."""

import io

import numpy as np
import pytest

import pellucid as tf
from pellucid.summary.images import encode_png
from tests.conftest import needs_tensorflow
from tests.differential.oracle import tensorflow

RANDOM = np.random.RandomState(0)
BAD = RANDOM.rand(1, 4, 5, 3).astype(np.float32)
BAD[0, 1, 1, 1], BAD[0, 2, 2, 0] = np.nan, np.inf
IMAGES = {
    "positive": RANDOM.rand(2, 4, 5, 1).astype(np.float32),
    "signed": RANDOM.randn(4, 4, 5, 3).astype(np.float32),
    "double": RANDOM.rand(1, 2, 2, 4),
    "half": RANDOM.randn(1, 3, 3, 3).astype(np.float16),
    "pixels": RANDOM.randint(0, 256, (2, 4, 5, 4)).astype(np.uint8),
    "not finite": BAD,
    "nothing finite": np.full((1, 2, 2, 1), np.nan, np.float32),
    "black": np.zeros((1, 2, 2, 1), np.float32),
}


def decoded(summary):
    """[(tag, height, width, channels, pixels)] of a serialized Summary."""
    from matplotlib import image
    found = []
    for value in tf.Summary.FromString(summary).value:
        pixels = np.rint(image.imread(io.BytesIO(value.image.encoded_image_string)) * 255)
        shape = value.image.height, value.image.width, value.image.colorspace
        found.append((value.tag, shape, pixels.astype(int).tolist()))
    return found


def summaries(library, values, **options):
    with library.Graph().as_default(), library.Session() as session:
        return session.run(library.summary.image("x", library.constant(values), **options))


@needs_tensorflow
@pytest.mark.parametrize("label", IMAGES)
@pytest.mark.parametrize("count", [1, 3])
def test_pixels_are_tensorflows(label, count):
    ours, theirs = (decoded(summaries(library, IMAGES[label], max_outputs=count))
                    for library in (tf, tensorflow()))
    assert ours == theirs


def test_floats_are_scaled():
    ((tag, shape, pixels),) = decoded(summaries(
        tf, np.array([[[[0.0], [0.5], [1.0]]]], np.float32), max_outputs=1))
    assert (tag, shape, pixels) == ("x/image", (1, 3, 1), [[0, 127, 255]])


@pytest.mark.parametrize("channels", [1, 2, 3, 4])
def test_png_there_and_back(channels):
    from matplotlib import image
    pixels = RANDOM.randint(0, 256, (7, 3, channels)).astype(np.uint8)
    read = np.rint(image.imread(io.BytesIO(encode_png(pixels))) * 255).astype(np.uint8)
    if channels != 2:                            # gray with alpha is read as colours
        assert np.array_equal(read.reshape(pixels.shape), pixels)


@pytest.mark.parametrize("shape", [(4, 5, 3), (1, 4, 5, 2), (1, 0, 5, 1)])
def test_what_is_no_image(shape):
    with pytest.raises(tf.errors.InvalidArgumentError, match="4-D|cannot be shown"):
        summaries(tf, np.zeros(shape, np.float32))
