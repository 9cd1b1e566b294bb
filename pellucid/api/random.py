"""tf.random: random tensors."""

from pellucid.ops.neural.candidate_sampling import (
    log_uniform_candidate_sampler,
    uniform_candidate_sampler,
)
from pellucid.ops.random.choice import categorical, multinomial
from pellucid.ops.random.choice import random_shuffle as shuffle
from pellucid.ops.random.draws import get_seed, set_random_seed, truncated_normal
from pellucid.ops.random.draws import random_normal as normal
from pellucid.ops.random.draws import random_uniform as uniform
from pellucid.ops.random.rejection import random_gamma as gamma
from pellucid.ops.random.rejection import random_poisson as poisson
