"""tf.util."""

from pellucid.interchange.tensors import make_ndarray, make_tensor_proto
from pellucid.ops.conversion import constant_value
