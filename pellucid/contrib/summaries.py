"""contrib.layers' summaries: of tensors, of activations, of collections of them."""

import re

from pellucid.core import dtypes
from pellucid.core.graph import GraphKeys
from pellucid.ops.math.casting import to_float
from pellucid.ops.math.comparison import greater, less
from pellucid.ops.math.reductions import reduce_mean
from pellucid.ops.state.variables import get_collection
from pellucid.summary.histograms import histogram
from pellucid.summary.scalars import scalar


def summarize_tensor(tensor, tag=None):
    """The scalar summary of a scalar, the histogram of all else; None for text and bools.

    As in TF: tf.contrib.layers.summarize_tensor.
    """
    if tensor.dtype.base_dtype in (dtypes.string, dtypes.bool_):
        return None
    summarize = scalar if tensor.shape.ndims == 0 else histogram
    return summarize(tag or f"{tensor.op.name}_summary", tensor)


def summarize_activation(op):
    """The histogram of an activation; of relu also how many entries are zero.

    As in TF: tf.contrib.layers.summarize_activation.
    """
    name, kind = op.op.name, op.op.type
    if kind in ("Relu", "Softplus", "Relu6"):
        # The input says it exactly, without comparing floats for equality.
        scalar(f"{name}/zeros", reduce_mean(to_float(less(op.op.inputs[0], 0.0))))
    if kind == "Relu6":
        scalar(f"{name}/sixes", reduce_mean(to_float(greater(op.op.inputs[0], 6.0))))
    return histogram(f"{name}/activation", op)


def summarize_tensors(tensors, summarizer=summarize_tensor):
    """List of summarizer(tensor). As in TF: tf.contrib.layers.summarize_tensors."""
    return [summarizer(tensor) for tensor in tensors]


def summarize_collection(collection, name_filter=None, summarizer=summarize_tensor):
    """List of summarizer(tensor) for the members of a collection.

    Args:
      collection: name of the collection.
      name_filter: regular expression that names must start with.
      summarizer: function of a Tensor.

    As in TF: tf.contrib.layers.summarize_collection.
    """
    members = [x for x in get_collection(collection)
               if name_filter is None or re.match(name_filter, x.op.name)]
    return summarize_tensors(members, summarizer)


def summarize_activations(name_filter=None, summarizer=summarize_activation):
    """summarize_collection, of ACTIVATIONS. As in TF: tf.contrib.layers.summarize_activations."""
    return summarize_collection(GraphKeys.ACTIVATIONS, name_filter, summarizer)
