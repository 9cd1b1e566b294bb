"""Operation types of pellucid/ops/image: colours, boxes, patches, files of pictures."""

import io

import numpy as np

from tests.ops.case import case
from tests.ops.cases_convolution import numbers

IMAGE = numbers(2, 4, 5, 3) / 2 + 0.5                       # (n, h, w, c), from 0 to 1
BYTES = (IMAGE[0] * 255).astype(np.uint8)
GRAYS = np.array([[[.5, .5, .5], [0, 0, 0], [1, 0, 0]], [[.2, .2, .9], [.9, .9, .1], [0, 1, 1]]],
                 np.float32)
BOXES = np.array([[0, 0, 1, 1], [.1, .2, .7, .6], [-.2, .5, 1.1, .1], [.3, .3, .3, .3]],
                 np.float32)
WHICH = np.array([0, 1, 1, 0], np.int32)
DRAWN = np.stack([BOXES, BOXES[::-1]])
CORNERS = (numbers(12, 4) + 1) / 2
SCORES = np.round(numbers(12), 1)


def picture(x, kind, **options):
    """The bytes of a file."""
    from PIL import Image
    file = io.BytesIO()
    frames = [Image.fromarray(frame) for frame in x]
    more = {"save_all": True, "append_images": frames[1:]} if kind == "GIF" else {}
    frames[0].save(file, kind, **more, **options)
    return np.array(file.getvalue(), object)


SMOOTH = (np.add.outer(np.arange(17), np.arange(12))[..., None]
          * np.array([1, 2, 3])).astype(np.uint8)
CLEAR = np.concatenate([SMOOTH, SMOOTH[..., :1]], -1)
DEEP = SMOOTH[..., 0].astype(np.uint16) * 300


def image(symbol, *arguments, **options):
    """A build of tf.image's function of that name."""
    return lambda tf, *xs: getattr(tf.image, symbol)(*xs, *arguments, **options)


def crops(size, **options):
    return lambda tf, x, boxes: tf.image.crop_and_resize(x, boxes, WHICH, size, **options)


def crops_back(position, **options):
    def build(tf, x, boxes):
        y = tf.image.crop_and_resize(x, boxes, WHICH, [3, 2], **options)
        return tf.gradients(y, (x, boxes)[position], grad_ys=y)[0]
    return build


def sampled(seed, **options):
    def build(tf, boxes):
        return list(tf.image.sample_distorted_bounding_box(
            [60, 80, 3], boxes, seed=seed, seed2=3, **options))
    return build


def patches(padding, rates=(1, 1, 1, 1)):
    return lambda tf, x: tf.extract_image_patches(x, [1, 3, 2, 1], [1, 2, 1, 1], rates, padding)


def best(boxes, scores):
    """What NonMaxSuppressionV4 gives, box by box."""
    chosen = []
    low, high = np.minimum(boxes[:, :2], boxes[:, 2:]), np.maximum(boxes[:, :2], boxes[:, 2:])
    for i in sorted(range(len(boxes)), key=lambda i: (-scores[i], i)):
        def share(j, i=i):
            sides = np.maximum(np.minimum(high[i], high[j]) - np.maximum(low[i], low[j]), 0)
            areas = (high - low).prod(1)
            return sides.prod() / (areas[i] + areas[j] - sides.prod())
        if scores[i] > -0.5 and all(share(j) <= 0.25 for j in chosen):
            chosen.append(i)
    return [np.array(chosen + [0] * (10 - len(chosen)), np.int32), np.int32(len(chosen))]


# Of JPEG each library has its own rounding: the rows look at sizes, test_images.py at pixels.

def adjust(symbol, amount, dtype="float32"):
    """What is done with colours depends on the type, so that must be known."""
    return lambda tf, x: getattr(tf.image, symbol)(tf.cast(x, dtype), amount)


CASES = [
    case("AdjustContrastv2", adjust("adjust_contrast", 1.7), IMAGE),
    case("AdjustContrastv2", lambda tf, x, f: tf.image.adjust_contrast(
        tf.cast(x, tf.float32), tf.cast(f, tf.float32)), IMAGE[0], np.float32(0.3),
         label="factor"),
    case("AdjustContrastv2", adjust("adjust_contrast", 1.7, "uint8"), BYTES, label="uint8"),
    *[case(op_type, adjust(symbol, amount, x.dtype), x, label=f"{amount} {x.dtype} {x.shape}")
      for op_type, symbol, amounts in (("AdjustHue", "adjust_hue", (0.1, -0.7, 0.5)),
                                       ("AdjustSaturation", "adjust_saturation", (0.3, 1.7, 5.0)))
      for amount in amounts for x in (IMAGE, BYTES, GRAYS)],
    case("RGBToHSV", image("rgb_to_hsv"), IMAGE),
    case("RGBToHSV", image("rgb_to_hsv"), GRAYS, gradient=(), label="edges"),
    case("RGBToHSV", image("rgb_to_hsv"), IMAGE[0].astype(np.float64), label="float64"),
    case("HSVToRGB", image("hsv_to_rgb"), IMAGE),
    case("HSVToRGB", image("hsv_to_rgb"), GRAYS, label="edges"),
    *[case("CropAndResize", crops(size, method=method, extrapolation_value=0.25), IMAGE, BOXES,
           gradient=(0,), second=False, label=f"{size} {method}")
      for size in ([3, 2], [1, 1], [1, 6]) for method in ("bilinear", "nearest")],
    case("CropAndResize", crops([3, 3]), np.stack([BYTES, BYTES]), BOXES, gradient=(),
         label="uint8"),
    case("CropAndResizeGradImage", crops_back(0), IMAGE, BOXES, rtol=1e-4),
    case("CropAndResizeGradImage", crops_back(0, method="nearest"), IMAGE, BOXES, rtol=1e-4,
         label="nearest"),
    case("CropAndResizeGradBoxes", crops_back(1), IMAGE, BOXES, rtol=1e-4),
    case("DrawBoundingBoxes", image("draw_bounding_boxes"), IMAGE, DRAWN),
    case("DrawBoundingBoxes", image("draw_bounding_boxes"), IMAGE[..., :1], DRAWN, label="gray"),
    case("DrawBoundingBoxesV2", image("draw_bounding_boxes", colors=[[.1, .2, .3], [.4, .5, .6]]),
         IMAGE, DRAWN),
    case("NonMaxSuppressionV3", image("non_max_suppression", 5, 0.25), CORNERS, SCORES),
    case("NonMaxSuppressionV3", image("non_max_suppression", 12, 0.1, score_threshold=0.2),
         CORNERS, SCORES, label="score"),
    case("NonMaxSuppressionV4", lambda tf, boxes, scores: tf.image.non_max_suppression_padded(
        boxes, scores, 10, 0.25, -0.5, pad_to_max_output_size=True), CORNERS, SCORES,
         oracle=best),
    *[case("SampleDistortedBoundingBoxV2", sampled(seed, min_object_covered=0.3 * seed,
                                                   aspect_ratio_range=(0.5, 2.0)),
           BOXES[None, 1:2], label=f"{seed}") for seed in (1, 2, 3)],
    case("ExtractImagePatches", patches("SAME"), IMAGE),
    case("ExtractImagePatches", patches("VALID", (1, 1, 2, 1)), IMAGE, label="rates"),
    case("ExtractImagePatches", patches("SAME"), np.stack([BYTES, BYTES]), label="uint8"),
    *[case("DecodePng", image("decode_png", channels), picture([x], "PNG"),
           label=f"{name} to {channels}")
      for name, x in (("gray", SMOOTH[..., 0]), ("colour", SMOOTH), ("clear", CLEAR),
                      ("deep", DEEP)) for channels in (0, 1, 3, 4)],
    case("DecodePng", image("decode_png", dtype="uint16"), picture([DEEP], "PNG"), label="uint16"),
    case("DecodePng", image("decode_png", dtype="uint16"), picture([SMOOTH], "PNG"),
         label="colour uint16"),
    case("DecodeBmp", image("decode_bmp"), picture([SMOOTH], "BMP")),
    case("DecodeGif", image("decode_gif"), picture([SMOOTH, SMOOTH[::-1]], "GIF")),
    *[case("DecodeJpeg", lambda tf, x, channels=channels, ratio=ratio: tf.shape(
        tf.image.decode_jpeg(x, channels, ratio=ratio)), picture([SMOOTH], "JPEG"),
           label=f"{channels} {ratio}") for channels in (0, 1, 3) for ratio in (1, 2, 4, 8)],
    *[case("DecodeImage", image("decode_image", expand_animations=animated), picture(x, kind),
           oracle=oracle, label=f"{kind} {animated}") for x, kind, animated, oracle in (
        ([SMOOTH], "PNG", True, lambda _: SMOOTH), ([SMOOTH], "BMP", True, lambda _: SMOOTH),
        ([SMOOTH, SMOOTH], "GIF", True, None), ([SMOOTH, SMOOTH], "GIF", False, None))],
    case("DecodeImage", image("decode_image", dtype="float32"), picture([DEEP], "PNG"),
         label="float32"),
    case("EncodePng", lambda tf, x: tf.image.decode_png(tf.image.encode_png(x)), SMOOTH),
    case("EncodePng", lambda tf, x: tf.image.decode_png(tf.image.encode_png(x, 9)), CLEAR,
         label="clear"),
    case("EncodePng", lambda tf, x: tf.image.decode_png(tf.image.encode_png(x), dtype="uint16"),
         DEEP[..., None], label="uint16"),
    case("EncodeJpeg", lambda tf, x: tf.shape(tf.image.decode_jpeg(tf.image.encode_jpeg(
        x, quality=90, chroma_downsampling=False))), SMOOTH),
]
