"""pellucid: a deep-learning library to read, to see and to run.

`import pellucid as tf` gives TensorFlow 1's graph API. Start reading at docs/tour.md.
"""
# The face: names alone, grouped by the room they come from. Nothing is computed here.
# ruff: noqa: F401

from pellucid.core import errors
from pellucid.core.dtypes import (
    DType,
    as_dtype,
    bfloat16,
    complex64,
    complex128,
    float16,
    float32,
    float64,
    int8,
    int16,
    int32,
    int64,
    string,
    uint8,
    uint16,
    uint32,
    uint64,
)
from pellucid.core.dtypes import bool_ as bool
from pellucid.core.dtypes import float16 as half
from pellucid.core.dtypes import float64 as double
from pellucid.core.gradients import (
    NotDifferentiable,
    RegisterGradient,
    UnconnectedGradients,
    gradients,
)
from pellucid.core.gradients import NotDifferentiable as NoGradient
from pellucid.core.graph import (
    Graph,
    GraphKeys,
    get_default_graph,
    reset_default_graph,
)
from pellucid.core.indexed_slices import IndexedSlices
from pellucid.core.operation import (
    Operation,
    convert_to_tensor,
    register_tensor_conversion_function,
)
from pellucid.core.options import (
    ConfigProto,
    GPUOptions,
    GraphOptions,
    OptimizerOptions,
    RunMetadata,
    RunOptions,
)
from pellucid.core.session import InteractiveSession, Session, get_default_session
from pellucid.core.shapes import Dimension, Spec, TensorShape
from pellucid.core.sources import constant, placeholder, placeholder_with_default
from pellucid.core.tensor import Tensor
from pellucid.core.variable import Variable
from pellucid.core.walk import Walk as _walk
from pellucid.engine.numpy_engine import NumpyEngine as _numpy_engine
from pellucid.ops import operators as _operators
from pellucid.ops.arguments import name_scope
from pellucid.ops.elementwise import add
from pellucid.ops.linear_algebra import matmul
from pellucid.ops.passing import identity
