"""tf.random: random tensors."""

from pellucid.ops.random import (
    categorical,
    get_seed,
    multinomial,
    set_random_seed,
    truncated_normal,
)
from pellucid.ops.random import random_normal as normal
from pellucid.ops.random import random_shuffle as shuffle
from pellucid.ops.random import random_uniform as uniform
