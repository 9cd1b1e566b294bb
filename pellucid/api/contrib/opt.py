"""tf.contrib.opt: more optimizers."""

from pellucid.contrib.weight_decay import AdamWOptimizer, MomentumWOptimizer


def __getattr__(name):
    """Old spellings, and what a missing name would need."""
    from pellucid.names.old import answer
    return answer("contrib.opt", name)
