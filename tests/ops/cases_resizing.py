"""Operation types of pellucid/ops/image/resizing.py, bicubic.py and area.py."""

import numpy as np

from tests.ops.case import case
from tests.ops.cases_convolution import X

OPTIONS = [{}, {"align_corners": True}, {"half_pixel_centers": True}]


def resize(symbol, size, **options):
    return lambda tf, x: getattr(tf.image, symbol)(x, size, **options)


def back(symbol, size, **options):
    def build(tf, x):
        y = getattr(tf.image, symbol)(x, size, **options)
        return tf.gradients(y, x, grad_ys=y)[0]
    return build


def rows(op_type, build, symbol, **more):
    """A row for each option, larger and smaller."""
    return [case(op_type, build(symbol, size, **options), X, label=f"{size} {list(options)}",
                 **more) for options in OPTIONS for size in ([8, 9], [3, 2], [1, 7])]


CASES = [
    *rows("ResizeBilinear", resize, "resize_bilinear"),
    *rows("ResizeNearestNeighbor", resize, "resize_nearest_neighbor"),
    # Its gradient is the second gradient of the rows above; float64 is computed in float32.
    *rows("ResizeBilinearGrad", back, "resize_bilinear", gradient=(), rtol=1e-4),
    *rows("ResizeNearestNeighborGrad", back, "resize_nearest_neighbor", second=False),
    *rows("ResizeBicubic", resize, "resize_bicubic", rtol=1e-4),
    *rows("ResizeBicubicGrad", back, "resize_bicubic", gradient=(), rtol=1e-3),
    *[case("ResizeArea", resize("resize_area", size, align_corners=align), X, rtol=1e-4,
           label=f"{size} {align}") for size in ([8, 9], [3, 2], [1, 7])
      for align in (False, True)],
    case("ResizeArea", resize("resize_area", [4, 9]), (9 * abs(X)).astype(np.uint8),
         label="uint8"),
    case("ResizeBilinear", resize("resize_bilinear", [3, 9]), (9 * X).astype(np.int32),
         label="int32"),
    case("ResizeNearestNeighbor", resize("resize_nearest_neighbor", [3, 9]),
         (9 * abs(X)).astype(np.uint8), label="uint8"),
    case("ResizeBilinear", resize("resize_images", [4, 4]), X[0], label="one image"),
    case("ResizeNearestNeighbor", resize("resize_images", [4, 4], method=1, align_corners=True),
         X, label="resize_images"),
]
