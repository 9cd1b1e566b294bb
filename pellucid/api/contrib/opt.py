"""tf.contrib.opt: more optimizers."""

from pellucid.contrib.adam_variants import AdaMaxOptimizer, LazyAdamOptimizer, NadamOptimizer
from pellucid.contrib.external_optimizer import ExternalOptimizerInterface, ScipyOptimizerInterface
from pellucid.contrib.moving_average_optimizer import MovingAverageOptimizer
from pellucid.contrib.weight_decay import (
    AdamWOptimizer,
    MomentumWOptimizer,
    extend_with_decoupled_weight_decay,
)


def __getattr__(name):
    """Old spellings, and what a missing name would need."""
    from pellucid.names.old import answer
    return answer("contrib.opt", name)
