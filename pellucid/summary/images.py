"""Pictures, as PNG. Read next: audio.py."""

import struct
import zlib

import numpy as np

from pellucid.core import dtypes, errors
from pellucid.core.gradients import NotDifferentiable
from pellucid.core.operation import Operation, convert_to_tensor
from pellucid.core.shapes import Spec
from pellucid.interchange.messages import message
from pellucid.ops.arguments import check_allowed, old_names
from pellucid.summary.naming import collect, serialized, summary_scope, text_of

_COLOR_TYPES = {1: 0, 2: 4, 3: 2, 4: 6}             # channels -> PNG's number
_RED = np.array([255, 0, 0, 255], np.uint8)


def encode_png(image):
    """The PNG file of an image, uint8, (h, w, c) with 1 to 4 channels. (PNG specification, W3C.)

    >>> encode_png(np.zeros((2, 3, 1), np.uint8))[:8]
    b'\\x89PNG\\r\\n\\x1a\\n'
    """
    h, w, c = image.shape
    rows = np.zeros((h, w * c + 1), np.uint8)       # each row begins with its filter: none
    rows[:, 1:] = image.reshape(h, w * c)
    return b"".join([
        b"\x89PNG\r\n\x1a\n",
        _chunk(b"IHDR", struct.pack(">IIBBBBB", w, h, 8, _COLOR_TYPES[c], 0, 0, 0)),
        _chunk(b"IDAT", zlib.compress(rows.tobytes())), _chunk(b"IEND", b"")])


def _chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def as_pixels(image, bad_color):
    """A floating image (h, w, c) as uint8.

    Without negative values, zero is black and the largest value white; with them, zero is the
    middle and the value furthest from it an end. Pixels that are not finite get bad_color.
    """
    finite = np.isfinite(image).all(axis=-1)
    values = image[finite]
    low, high = (values.min(), values.max()) if values.size else (np.inf, -np.inf)
    signed = low < 0
    furthest = np.float32(max(abs(low), abs(high)) if signed else high)
    whole = np.float32(127 if signed else 255)
    scale = image.dtype.type(0 if furthest < 1e-6 else whole / furthest)
    offset = image.dtype.type(128 if signed else 0)
    pixels = np.empty(image.shape, np.uint8)
    pixels[finite] = (values * scale + offset).astype(np.uint8)
    pixels[~finite] = bad_color[:image.shape[-1]]
    return pixels


class ImageSummary(Operation):
    """A Summary of images. Inputs: tag (text), tensor (n, h, w, c), c = 1, 3 or 4.

    As in TF: tf.raw_ops.ImageSummary.
    """

    op_type, fresh = "ImageSummary", True
    attrs = {"max_images": 3, "bad_color": _RED}

    def infer(self, tag, tensor):
        check_allowed("tag", tag.dtype, {dtypes.string})
        check_allowed("tensor", tensor.dtype, {dtypes.uint8, dtypes.float32, dtypes.float16,
                                               dtypes.float64})
        if self.max_images < 1:
            raise ValueError(f"max_images must be at least 1, got {self.max_images}")
        return Spec(dtypes.string, ())

    def compute(self, tag, tensor):
        tensor, tag = np.asarray(tensor), text_of(tag)
        if tensor.ndim != 4 or tensor.shape[-1] not in (1, 3, 4):
            raise errors.InvalidArgumentError(
                None, None, "Tensor must be 4-D with last dim 1, 3, or 4, not "
                f"{list(tensor.shape)}")
        _, h, w, c = tensor.shape
        if not (0 < h < 1 << 31 and 0 < w < 1 << 31):
            raise errors.InvalidArgumentError(
                None, None, f"{tag}: an image of {h} rows and {w} columns cannot be shown")
        bad_color = _RED if self.bad_color is None else np.ravel(self.bad_color)
        if len(bad_color) < c:
            raise errors.InvalidArgumentError(
                None, None, f"expected depth <= bad_color.size, got depth = {c}, "
                f"bad_color.size = {len(bad_color)}")
        summary = message("Summary")()
        for i, image in enumerate(tensor[:self.max_images]):
            with np.errstate(all="ignore"):
                pixels = image if image.dtype == np.uint8 else as_pixels(image, bad_color)
            value = summary.value.add(
                tag=f"{tag}/image" if self.max_images == 1 else f"{tag}/image/{i}")
            value.image.height, value.image.width, value.image.colorspace = h, w, c
            value.image.encoded_image_string = encode_png(pixels)
        return serialized(summary)


NotDifferentiable("ImageSummary")


@old_names(max_images="max_outputs")
def image(name, tensor, max_outputs=3, collections=None, family=None):
    """A summary of images.

    Args:
      name: str, the tag within the current name scope; "/image/0", ... is added to it.
      tensor: Tensor (n, h, w, c) of 1 (gray), 3 (RGB) or 4 (RGBA) channels; uint8, or floats,
        which are scaled image by image.
      max_outputs: int, how many images at most.
      collections: list of collections to add it to; GraphKeys.SUMMARIES by default.
      family: str, a prefix that groups tags in TensorBoard.

    As in TF: tf.summary.image (op type ImageSummary).
    """
    with summary_scope(name, family, values=[tensor]) as (tag, scope):
        inputs = [convert_to_tensor(tag, name="tag"),
                  convert_to_tensor(tensor, preferred_dtype=dtypes.float32, name="tensor")]
        return collect(ImageSummary(inputs, name=scope, max_images=max_outputs).output,
                       collections)
