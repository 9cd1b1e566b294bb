"""tf.initializers: what the values of a new variable are."""

from pellucid.ops.state.initializers import Constant as constant
from pellucid.ops.state.initializers import GlorotNormal as glorot_normal
from pellucid.ops.state.initializers import GlorotUniform as glorot_uniform
from pellucid.ops.state.initializers import Identity as identity
from pellucid.ops.state.initializers import (
    Initializer,
    he_normal,
    he_uniform,
    lecun_normal,
    lecun_uniform,
)
from pellucid.ops.state.initializers import Ones as ones
from pellucid.ops.state.initializers import Orthogonal as orthogonal
from pellucid.ops.state.initializers import RandomNormal as random_normal
from pellucid.ops.state.initializers import RandomUniform as random_uniform
from pellucid.ops.state.initializers import TruncatedNormal as truncated_normal
from pellucid.ops.state.initializers import UniformUnitScaling as uniform_unit_scaling
from pellucid.ops.state.initializers import VarianceScaling as variance_scaling
from pellucid.ops.state.initializers import Zeros as zeros
