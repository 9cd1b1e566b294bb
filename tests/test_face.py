"""The face: every public room answers to its name, in whichever order things are imported."""

import subprocess
import sys

import pytest

ORDERS = [
    "import pellucid.layers.core; import pellucid as tf; tf.layers.dense; tf.losses.log_loss",
    "import pellucid.contrib.layers; import pellucid as tf; tf.layers.dense; tf.contrib.slim",
    "import pellucid as tf; tf.contrib.layers.xavier_initializer; tf.layers.dense; tf.viz.draw",
    "import pellucid as tf; tf.metrics.accuracy; tf.distributions.Normal; tf.losses.get_losses",
    "import pellucid.metrics; import pellucid as tf; tf.metrics.mean; tf.nn.conv2d; tf.GraphDef",
]


@pytest.mark.parametrize("program", ORDERS)
def test_rooms_in_any_order(program):
    subprocess.run([sys.executable, "-c", program], check=True)


def test_what_does_not_exist_is_an_attribute_error():
    import pellucid as tf
    for module in (tf, tf.layers, tf.losses):
        with pytest.raises(AttributeError, match="nonsense"):
            module.nonsense
    assert {"layers", "viz", "GraphDef", "matmul"} <= set(dir(tf))
