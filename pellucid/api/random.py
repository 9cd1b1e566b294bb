"""tf.random: random tensors."""

from pellucid.ops.candidate_sampling import (
    log_uniform_candidate_sampler,
    uniform_candidate_sampler,
)
from pellucid.ops.random import get_seed, set_random_seed, truncated_normal
from pellucid.ops.random import random_normal as normal
from pellucid.ops.random import random_uniform as uniform
from pellucid.ops.random_choice import categorical, multinomial
from pellucid.ops.random_choice import random_shuffle as shuffle
from pellucid.ops.random_rejection import random_gamma as gamma
from pellucid.ops.random_rejection import random_poisson as poisson
