"""tf.contrib.opt: more optimizers."""

from pellucid.contrib.weight_decay import AdamWOptimizer, MomentumWOptimizer
