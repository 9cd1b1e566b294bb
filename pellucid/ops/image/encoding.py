"""PNG and JPEG files out of pictures, by Pillow."""

import io

import numpy as np

from pellucid.core import dtypes, errors
from pellucid.core.gradients import NotDifferentiable
from pellucid.core.operation import Operation
from pellucid.core.shapes import Spec
from pellucid.ops.arguments import build, check_allowed
from pellucid.ops.conv.windows import check_rank
from pellucid.ops.image.decoding import pillow


class _Encode(Operation):
    """The bytes of a file, of a picture (h, w, c)."""

    allowed, host = (dtypes.uint8,), True

    def infer(self, image):
        check_allowed("image", image.dtype, self.allowed)
        check_rank("image", image, 3)
        return Spec(dtypes.string, ())

    def write(self, image, channels, **options):
        """The bytes of the file that Pillow writes."""
        if image.shape[2] not in channels:
            raise errors.InvalidArgumentError(
                None, None, f"image must have one of {channels} channels, got {image.shape[2]}")
        if not image.size:
            raise errors.InvalidArgumentError(None, None, "image must not be empty, but is "
                                              f"{image.shape}")
        if image.dtype == np.uint16 and image.shape[2] > 1:
            raise NotImplementedError("Pillow writes 16 bits a pixel for one channel only: "
                                      "convert the picture to uint8.")
        file = io.BytesIO()
        x = np.ascontiguousarray(image[..., 0] if image.shape[2] == 1 else image)
        pillow().fromarray(x).save(file, **options)
        return np.array(file.getvalue(), object)


class EncodePng(_Encode):
    """The bytes of a PNG file."""

    op_type, attrs = "EncodePng", {"compression": -1}
    allowed = (dtypes.uint8, dtypes.uint16)

    def compute(self, image):
        return self.write(image, (1, 2, 3, 4), format="PNG", compress_level=(
            6 if self.compression < 0 else self.compression))


class EncodeJpeg(_Encode):
    """The bytes of a JPEG file."""

    op_type = "EncodeJpeg"
    attrs = {"format": "", "quality": 95, "progressive": False, "optimize_size": False,
             "chroma_downsampling": True, "density_unit": "in", "x_density": 300,
             "y_density": 300, "xmp_metadata": ""}

    def compute(self, image):
        channels = {"": (1, 3), "grayscale": (1,), "rgb": (3,)}[self.format]
        unit = 1 if self.density_unit == "in" else 2.54
        more = {"xmp": self.xmp_metadata.encode()} if self.xmp_metadata else {}
        return self.write(
            image, channels, format="JPEG", quality=self.quality, optimize=self.optimize_size,
            progressive=self.progressive, subsampling=2 if self.chroma_downsampling else 0,
            dpi=(round(self.x_density * unit), round(self.y_density * unit)), **more)


NotDifferentiable("EncodePng")
NotDifferentiable("EncodeJpeg")


def encode_png(image, compression=-1, name=None):
    """The bytes of a PNG file.

    Args:
      image: Tensor of uint8 or uint16, shape (h, w, c), c being 1 (gray), 2 (gray and alpha), 3
        (RGB) or 4 (RGBA); of uint16, 1 only.
      compression: int from 0, quick, to 9, small; -1 for a good choice.

    Returns:
      Scalar string Tensor.

    As in TF: tf.image.encode_png (op type EncodePng).
    """
    if not -1 <= compression <= 9:
        raise ValueError(f"compression should be in [-1, 9], got {compression}.")
    return build(EncodePng, {"image": image}, name, compression=compression).output


def encode_jpeg(image, format="", quality=95, progressive=False, optimize_size=False,
                chroma_downsampling=True, density_unit="in", x_density=300, y_density=300,
                xmp_metadata="", name=None):
    """The bytes of a JPEG file.

    Args:
      image: Tensor of uint8, shape (h, w, c), c being 1 or 3.
      format: "grayscale", "rgb", or "" for what the channels say.
      quality: int from 0 to 100.
      progressive: bool, whether a reader can show it coarsely before it is all there.
      optimize_size: bool, whether to take more time to make it smaller.
      chroma_downsampling: bool, whether colours have half the resolution.
      density_unit, x_density, y_density: "in" or "cm", and pixels per unit.
      xmp_metadata: str, put into the file.

    Returns:
      Scalar string Tensor.

    As in TF: tf.image.encode_jpeg (op type EncodeJpeg).
    """
    if format not in ("", "grayscale", "rgb"):
        raise ValueError(f"format must be '', 'grayscale' or 'rgb', not {format!r}.")
    if not 0 <= quality <= 100:
        raise ValueError(f"quality must be in [0, 100], got {quality}.")
    if density_unit not in ("in", "cm"):
        raise ValueError(f"density_unit must be 'in' or 'cm', not {density_unit!r}.")
    return build(EncodeJpeg, {"image": image}, name, format=format, quality=quality,
                 progressive=bool(progressive), optimize_size=bool(optimize_size),
                 chroma_downsampling=bool(chroma_downsampling), density_unit=density_unit,
                 x_density=x_density, y_density=y_density, xmp_metadata=xmp_metadata).output
