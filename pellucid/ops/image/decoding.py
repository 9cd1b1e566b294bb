"""Pictures out of the bytes of PNG, JPEG, GIF and BMP files, by Pillow.

As in TensorFlow, each of these operations reads all formats. PNG and BMP give TensorFlow's pixels;
of JPEG each library has its own rounding, so pixels may differ by a few of 255. Read next:
encoding.py.
"""

import io

import numpy as np

from pellucid.core import dtypes, errors
from pellucid.core.gradients import NotDifferentiable
from pellucid.core.operation import Operation, convert_to_tensor
from pellucid.core.shapes import Spec
from pellucid.ops.arguments import build, check_allowed, name_scope
from pellucid.ops.image.conversion import convert_image_dtype

_MODES = {1: "L", 2: "LA", 3: "RGB", 4: "RGBA"}                  # Pillow's name of channels
_SIGNATURES = {b"\xff\xd8\xff": "JPEG", b"\x89PN": "PNG", b"GIF": "GIF"}


def pillow():
    """The module PIL.Image. ImportError, which says how to get it, where it is missing."""
    try:
        from PIL import Image
    except ImportError:
        raise ImportError("pictures are read and written by Pillow, which is not installed: "
                          "pip install 'pellucid[image]'") from None
    return Image


class _Decode(Operation):
    """A picture (h, w, c) of bytes."""

    host = True
    dtype, frames = dtypes.uint8, 0           # frames: how many dimensions there are for them
    channels, ratio = 0, 1

    def infer(self, contents):
        check_allowed("contents", contents.dtype, (dtypes.string,))
        if contents.rank not in (None, 0):
            raise ValueError(f"contents must be one string, not of rank {contents.rank}; "
                             "tf.map_fn decodes several.")
        return Spec(self.dtype, (None,) * (self.frames + 2) + (self.channels or None,))

    def compute(self, contents):
        with _open(contents) as picture:
            if getattr(picture, "n_frames", 1) > 1:
                _refuse(f"Got {picture.n_frames} frames, but animated gifs can only be decoded by "
                        "tf.image.decode_gif or tf.image.decode_image.")
            return _pixels(picture, self.channels, self.dtype, self.ratio)


class DecodePng(_Decode):
    """The pixels of a PNG file, uint8 or uint16."""

    op_type, attrs = "DecodePng", {"channels": 0, "dtype": dtypes.uint8}


class DecodeJpeg(_Decode):
    """The pixels of a JPEG file, of a size divided by `ratio`."""

    op_type = "DecodeJpeg"
    attrs = {"channels": 0, "ratio": 1, "fancy_upscaling": True, "try_recover_truncated": False,
             "acceptable_fraction": 1.0, "dct_method": ""}


class DecodeBmp(_Decode):
    """The pixels of a BMP file."""

    op_type, attrs = "DecodeBmp", {"channels": 0}


class DecodeGif(_Decode):
    """All pictures of a GIF file, (frames, h, w, 3)."""

    op_type, channels, frames = "DecodeGif", 3, 1

    def compute(self, contents):
        with _open(contents) as picture:
            return _all_frames(picture)


class DecodeImage(_Decode):
    """The pixels of a file in any of the formats; a GIF gives (frames, h, w, 3)."""

    op_type = "DecodeImage"
    attrs = {"channels": 0, "dtype": dtypes.uint8, "expand_animations": True}

    def infer(self, contents):
        found = super().infer(contents)
        return Spec(self.dtype, None) if self.expand_animations else found

    def compute(self, contents):
        with _open(contents) as picture:
            if picture.format != "GIF":
                return _pixels(picture, self.channels, self.dtype)
            if self.channels in (1, 4):
                _refuse("Channels must be in (None, 0, 3) when decoding GIF images")
            frames = _as(self.dtype, _all_frames(picture))
            return frames if self.expand_animations else frames[0]


for _type in ("DecodePng", "DecodeJpeg", "DecodeBmp", "DecodeGif", "DecodeImage"):
    NotDifferentiable(_type)


def _refuse(message):
    raise errors.InvalidArgumentError(None, None, message)


def _open(contents):
    """Pillow's picture; InvalidArgumentError if the bytes are none."""
    data = np.asarray(contents, object).item()
    image = pillow()
    try:
        picture = image.open(io.BytesIO(data), formats=("PNG", "JPEG", "GIF", "BMP"))
        if picture.format != "JPEG":          # for JPEG, not before the scale is chosen
            picture.load()
        picture.info["deep"] = picture.format == "PNG" and data[24] == 16      # bits a channel
        return picture
    except (OSError, SyntaxError, ValueError, image.DecompressionBombError) as error:
        kind = _SIGNATURES.get(data[:3], "BMP" if data[:2] == b"BM" else "")
        _refuse(f"Invalid {kind or 'image'} data, size {len(data)}: {error}" if kind else
                "Unknown image file format. One of JPEG, PNG, GIF, BMP required.")


def _pixels(picture, channels, dtype=dtypes.uint8, ratio=1):
    """The array (h, w, channels) of a picture."""
    mode = _MODES.get(channels) or _own_mode(picture)
    if ratio > 1 or (picture.format == "JPEG" and mode == "L"):
        _draft(picture, mode, ratio)
    try:
        if picture.mode.startswith("I"):              # gray, 16 bits a pixel
            x = _with_channels(np.array(picture).astype(np.uint16), len(mode))
            return (x >> 8).astype(np.uint8) if dtype is dtypes.uint8 else _as(dtype, x)
        if picture.format == "PNG" and mode in ("L", "LA") and picture.mode not in ("L", "LA", "1"):
            x = _gray(np.array(picture.convert("RGBA")))[..., :len(mode)]
        else:
            x = np.array(picture if picture.mode == mode else picture.convert(mode))
    except OSError as error:
        _refuse(f"Invalid {picture.format} data: {error}")
    if picture.info["deep"] and dtype is not dtypes.uint8:
        _refuse("Pillow reads PNG files of 16 bits and several channels as bytes: decode to dtype "
                "uint8.")
    return _as(dtype, x.reshape(*x.shape[:2], -1))


def _as(dtype, x):
    """uint8 or uint16 pixels as they are, as uint16, or as float32 from 0 to 1."""
    if dtype is dtypes.float32:
        return x * np.float32(1 / np.iinfo(x.dtype).max)
    if dtype is dtypes.uint16 and x.dtype == np.uint8:
        return x.astype(np.uint16) * np.uint16(257)
    return x


def _draft(picture, mode, ratio):
    """Has a JPEG file decoded to a smaller size, and gray without a look at its colours."""
    wanted = tuple(-(-size // ratio) for size in picture.size)
    picture.draft("L" if mode == "L" else "RGB", tuple(
        max(1, size // ratio) for size in picture.size))
    if picture.size != wanted:
        _refuse(f"a picture of {picture.size} pixels is too small for a ratio of {ratio}.")


def _with_channels(gray, channels):
    """A gray picture (h, w) with that many equal channels, the last of 2 or 4 being opaque."""
    x = np.repeat(gray[..., None], channels, -1)
    if channels in (2, 4):
        x[..., -1] = np.iinfo(gray.dtype).max
    return x


def _gray(x):
    """Of bytes (h, w, 4), gray and alpha, as libpng computes it for TensorFlow: in 15 bits, cut
    off; Pillow would round."""
    gray = (x[..., :3].astype(np.uint32) @ np.array([9798, 19235, 3735], np.uint32)) >> 15
    same = (x[..., 0] == x[..., 1]) & (x[..., 0] == x[..., 2])
    return np.stack([np.where(same, x[..., 0], gray.astype(np.uint8)), x[..., 3]], -1)


def _own_mode(picture):
    """Gray, gray with alpha, colour, or colour with alpha: as the file has it."""
    if picture.mode in ("1", "L") or picture.mode.startswith("I"):
        return "L"
    if picture.mode == "P":
        return "RGBA" if "transparency" in picture.info and picture.format == "PNG" else "RGB"
    return picture.mode if picture.mode in ("LA", "RGB", "RGBA") else "RGB"


def _all_frames(picture):
    frames = []
    for i in range(getattr(picture, "n_frames", 1)):
        picture.seek(i)
        frames.append(np.array(picture.convert("RGB")))
    return np.stack(frames)


# -- public functions ----------------------------------------------------------------------

def decode_png(contents, channels=0, dtype=dtypes.uint8, name=None):
    """The pixels of a PNG file.

    Args:
      contents: scalar string Tensor, the bytes of the file.
      channels: 1 for gray, 3 for RGB, 4 for RGBA, 2 for gray and alpha; 0 for the file's own.
      dtype: tf.uint8 or tf.uint16.

    Returns:
      Tensor of dtype, shape (h, w, channels).

    Raises tf.errors.InvalidArgumentError in the run if the bytes are no picture.
    As in TF: tf.image.decode_png (op type DecodePng).
    """
    dtype = dtypes.as_dtype(dtype)
    check_allowed("dtype", dtype, (dtypes.uint8, dtypes.uint16))
    return _decode(DecodePng, contents, name, channels, (0, 1, 2, 3, 4), dtype=dtype)


def decode_jpeg(contents, channels=0, ratio=1, fancy_upscaling=True, try_recover_truncated=False,
                acceptable_fraction=1, dct_method="", name=None):
    """The pixels of a JPEG file.

    Args:
      contents: scalar string Tensor, the bytes of the file.
      channels: 1 for gray, 3 for RGB, 0 for the file's own.
      ratio: 1, 2, 4 or 8, what height and width are divided by; it is quicker than resizing.
      fancy_upscaling: only True: colours of half the resolution are interpolated.
      try_recover_truncated: only False; acceptable_fraction has a meaning only if True.
      dct_method: a hint, "INTEGER_FAST" or "INTEGER_ACCURATE"; the latter is always used.

    Returns:
      Tensor of uint8, shape (h, w, channels).

    Raises tf.errors.InvalidArgumentError in the run if the bytes are no picture.
    As in TF: tf.image.decode_jpeg (op type DecodeJpeg).
    """
    if not fancy_upscaling or try_recover_truncated or acceptable_fraction != 1:
        raise ValueError("decode_jpeg supports fancy_upscaling=True, try_recover_truncated=False "
                         "and acceptable_fraction=1 only; Pillow leaves no choice.")
    if dct_method not in ("", "INTEGER_FAST", "INTEGER_ACCURATE"):
        raise ValueError(f"dct_method must be '', 'INTEGER_FAST' or 'INTEGER_ACCURATE', not "
                         f"{dct_method!r}.")
    if ratio not in (1, 2, 4, 8):
        raise ValueError(f"ratio must be 1, 2, 4 or 8, not {ratio!r}.")
    return _decode(DecodeJpeg, contents, name, channels, (0, 1, 3), ratio=ratio,
                   dct_method=dct_method)


def decode_bmp(contents, channels=0, name=None):
    """The pixels of a BMP file, uint8, with 3 or 4 channels (0: the file's own).

    As in TF: tf.image.decode_bmp (op type DecodeBmp).
    """
    return _decode(DecodeBmp, contents, name, channels, (0, 1, 3, 4))


def decode_gif(contents, name=None):
    """All pictures of a GIF file, uint8, shape (frames, h, w, 3).

    As in TF: tf.image.decode_gif (op type DecodeGif).
    """
    return build(DecodeGif, {"contents": contents}, name).output


def decode_image(contents, channels=None, dtype=dtypes.uint8, name=None, expand_animations=True):
    """The pixels of a PNG, JPEG, GIF or BMP file.

    Args:
      contents: scalar string Tensor, the bytes of the file.
      channels: 1 for gray, 3 for RGB, 4 for RGBA; 0 or None for the file's own.
      dtype: DType of the result, converted as tf.image.convert_image_dtype does.
      expand_animations: bool, whether a GIF gives (frames, h, w, 3), and not its first picture.

    Returns:
      Tensor of dtype; its shape is unknown, but for the rank if not expand_animations.

    As in TF: tf.image.decode_image (op type DecodeImage, that of TensorFlow 2.3 and later).
    """
    with name_scope(name, "decode_image"):
        dtype = dtypes.as_dtype(dtype)
        own = dtype if dtype in (dtypes.uint8, dtypes.uint16, dtypes.float32) else dtypes.uint8
        pixels = _decode(DecodeImage, convert_to_tensor(contents, name="contents"), None,
                         channels or 0, (0, 1, 3, 4), dtype=own,
                         expand_animations=bool(expand_animations))
        return pixels if dtype is own else convert_image_dtype(pixels, dtype)


def _decode(op_class, contents, name, channels, allowed, **attrs):
    if channels not in allowed:
        raise ValueError(f"channels must be one of {', '.join(map(str, allowed))}, not "
                         f"{channels!r}.")
    return build(op_class, {"contents": contents}, name, channels=channels, **attrs).output
