"""Operation types that make summaries; images are compared in tests/summary/test_images.py."""

import numpy as np

from tests.ops.case import case

X = np.array([[-2.0, -0.5, 0.25], [1.5, 5.0, 3.0]], np.float32)
WAVE = np.linspace(-1.1, 1.1, 24, dtype=np.float32).reshape(2, 4, 3)
LOSS = np.array(0.625, np.float32)

CASES = [
    case("ScalarSummary", lambda tf, x: tf.summary.scalar("loss", x), LOSS, gradient=()),
    case("ScalarSummary", lambda tf, x: tf.summary.scalar("steps", x, family="a"),
         np.array(1 << 40), label="int64"),
    case("HistogramSummary", lambda tf, x: tf.summary.histogram("x", x), X, gradient=()),
    case("HistogramSummary", lambda tf, x: tf.summary.histogram("x", x),
         np.array([], np.int32), label="empty"),
    case("AudioSummaryV2", lambda tf, x: tf.summary.audio("x", x, 8000), WAVE, gradient=()),
    case("AudioSummaryV2", lambda tf, x: tf.summary.audio("x", x, 44100, max_outputs=1),
         WAVE[0], gradient=(), label="one"),
    case("TensorSummaryV2", lambda tf, x: tf.summary.tensor_summary("x", x, "what it is"), X,
         gradient=()),
    case("TensorSummaryV2", lambda tf, x: tf.summary.text("x", x), np.array([b"a", b"b"], object),
         label="text"),
    case("MergeSummary", lambda tf, x, y: tf.summary.merge(
        [tf.summary.scalar("x", x), tf.summary.scalar("y", y)]), LOSS, LOSS + 1, gradient=()),
]
