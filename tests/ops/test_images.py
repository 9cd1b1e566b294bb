"""Files of pictures: what a row cannot say."""

import builtins
import io

import numpy as np
import pytest

import pellucid as tf
from tests.ops.cases_images import BOXES, CLEAR, IMAGE, SMOOTH, picture


def run(tensor):
    with tf.Session() as session:
        return session.run(tensor)


@pytest.mark.parametrize("channels", [1, 3])
@pytest.mark.parametrize("ratio", [1, 2, 4])
def test_jpeg_is_what_was_written(channels, ratio):
    """Up to what JPEG loses, also where it is read at less than its size."""
    ramp = np.add.outer(np.arange(64.0), np.arange(80.0))[..., None] * [1, 1.2, 0.7] + 20
    contents = picture([ramp.astype(np.uint8)], "JPEG", quality=95)
    found = run(tf.image.decode_jpeg(contents, channels, ratio=ratio)).astype(float)
    wanted = ramp if channels == 3 else ramp @ [[0.299], [0.587], [0.114]]
    means = wanted.reshape(64 // ratio, ratio, 80 // ratio, ratio, channels).mean((1, 3))
    assert abs(found - means).max() < 5


@pytest.mark.parametrize("options", [{}, {"quality": 30}, {"progressive": True},
                                     {"optimize_size": True}, {"chroma_downsampling": False}])
def test_jpegs_are_as_asked(options):
    from PIL import Image
    plain = run(tf.image.encode_jpeg(SMOOTH))
    asked = run(tf.image.encode_jpeg(SMOOTH, density_unit="cm", x_density=100, y_density=50,
                                     xmp_metadata="<about/>", **options))
    with Image.open(io.BytesIO(asked)) as read:
        assert read.info["dpi"] == (254, 127)
        assert b"<about/>" in read.info["xmp"]
        assert bool(read.info.get("progressive")) == options.get("progressive", False)
    assert options == {} or asked[-200:] != plain[-200:]


def test_png_of_several_deep_channels_is_refused():
    """Pillow would read bytes without a word; the first 25 bytes say that they are 16 bits."""
    contents = bytearray(picture([CLEAR], "PNG").item())
    picture_of = tf.image.decode_png(tf.placeholder_with_default(bytes(contents), []),
                                     dtype=tf.uint16)
    assert run(picture_of).dtype == np.uint16
    with pytest.raises(tf.errors.InvalidArgumentError, match="Invalid PNG data, size 12"):
        run(tf.image.decode_png(bytes(contents[:12])))
    with pytest.raises(tf.errors.InvalidArgumentError, match="Unknown image file format"):
        run(tf.image.decode_png(b"hello"))


def test_animations_need_another_operation():
    contents = picture([SMOOTH, SMOOTH[::-1]], "GIF")
    with pytest.raises(tf.errors.InvalidArgumentError, match="Got 2 frames.*decode_gif"):
        run(tf.image.decode_png(contents))


def test_a_small_picture_cannot_be_read_at_an_eighth():
    with pytest.raises(tf.errors.InvalidArgumentError, match="too small for a ratio of 8"):
        run(tf.image.decode_jpeg(picture([SMOOTH[:5, :5]], "JPEG"), ratio=8))


@pytest.mark.parametrize("options", [{"fancy_upscaling": False}, {"try_recover_truncated": True},
                                     {"acceptable_fraction": 0.5}, {"dct_method": "FAST"},
                                     {"ratio": 3}, {"channels": 4}])
def test_what_decode_jpeg_refuses(options):
    with pytest.raises(ValueError):
        tf.image.decode_jpeg(b"", **options)


def test_without_pillow_the_error_says_what_to_install(monkeypatch):
    real = builtins.__import__

    def without(name, *rest):
        if name.split(".")[0] == "PIL":
            raise ImportError(name)
        return real(name, *rest)

    contents = picture([SMOOTH], "PNG")
    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(tf.errors.OpError, match=r"pip install 'pellucid\[image\]'"):
        run(tf.image.decode_png(contents))
    with pytest.raises(tf.errors.OpError, match=r"pip install 'pellucid\[image\]'"):
        run(tf.image.encode_png(SMOOTH))


def test_an_image_of_unknown_type_is_refused():
    with pytest.raises(TypeError, match="dtype of 'x:0' must be known"):
        tf.image.adjust_brightness(tf.placeholder(name="x"), 0.1)


def test_a_negative_size_is_refused_at_once():
    with pytest.raises(ValueError, match=r"height and width must be >= 0, not \[-3, 4\]"):
        tf.image.resize_bilinear(IMAGE, [-3, 4])


@pytest.mark.parametrize("on", ["walk", "numpy"])
def test_a_crop_of_an_image_that_is_not_there(on):
    """As in TensorFlow; on a device nobody looks at indices."""
    crops = tf.image.crop_and_resize(IMAGE, BOXES, [0, 1, 2, 0], [3, 3])
    with tf.Session(engine=on) as session:
        with pytest.raises(tf.errors.OutOfRangeError, match="2 for 2 images"):
            session.run(crops)
