"""What every metric is made of: variables that add up, a value, and an update.

    accuracy, update = tf.metrics.accuracy(labels, predictions)
    session.run(tf.local_variables_initializer())       # start from zero
    for batch in batches:
        session.run(update, batch)                       # add a batch
    session.run(accuracy)                                # of all batches

Read next: streaming.py.
"""

from pellucid.core import dtypes
from pellucid.core.graph import GraphKeys
from pellucid.core.operation import convert_to_tensor
from pellucid.core.variable import Variable
from pellucid.nn.weights import squeeze_weights
from pellucid.ops.arrays.confusion_matrix import remove_squeezable_dimensions
from pellucid.ops.arrays.creation import zeros
from pellucid.ops.math.division import div_no_nan
from pellucid.ops.math.elementwise import maximum
from pellucid.ops.state.variables import add_to_collections

FLOAT = dtypes.float32                      # metrics count in it


def metric_variable(shape, dtype, name):
    """A variable of zeros, one of LOCAL_VARIABLES and METRIC_VARIABLES."""
    return Variable(lambda: zeros(shape, dtype), trainable=False, name=name, dtype=dtype,
                    collections=[GraphKeys.LOCAL_VARIABLES, GraphKeys.METRIC_VARIABLES])


def ratio(total, count, name):
    """total / count, and 0 where the count is not positive."""
    return div_no_nan(total, maximum(convert_to_tensor(count), 0), name=name)


def reported(value, update, metrics_collections, updates_collections):
    """(value, update), which join the collections that the user named."""
    if metrics_collections:
        add_to_collections(metrics_collections, value)
    if updates_collections:
        add_to_collections(updates_collections, update)
    return value, update


def aligned(predictions, labels, weights=None):
    """(predictions, labels, weights) without last dimensions of 1 that others do not have."""
    predictions = convert_to_tensor(predictions)
    if labels is not None:
        labels, predictions = remove_squeezable_dimensions(labels, predictions)
        if not predictions.shape.is_compatible_with(labels.shape):
            raise ValueError(f"Shapes {predictions.shape} and {labels.shape} are incompatible")
    if weights is not None:
        weights = squeeze_weights(weights, predictions)
    return predictions, labels, weights
