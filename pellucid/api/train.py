"""tf.train: optimizers, schedules, averages, the global step, queues and threads."""

from pellucid.training.adagrad import AdagradOptimizer
from pellucid.training.adam import AdamOptimizer
from pellucid.training.gradient_descent import GradientDescentOptimizer
from pellucid.training.learning_rate_decay import (
    cosine_decay,
    cosine_decay_restarts,
    exponential_decay,
    inverse_time_decay,
    linear_cosine_decay,
    natural_exp_decay,
    noisy_linear_cosine_decay,
    piecewise_constant,
    polynomial_decay,
)
from pellucid.training.learning_rate_decay import (
    piecewise_constant as piecewise_constant_decay,
)
from pellucid.training.momentum import MomentumOptimizer
from pellucid.training.moving_averages import ExponentialMovingAverage
from pellucid.training.optimizer import Optimizer
from pellucid.training.rmsprop import RMSPropOptimizer
from pellucid.training.training_util import (
    assert_global_step,
    create_global_step,
    get_global_step,
    get_or_create_global_step,
    global_step,
)

_MESSAGES = ("BytesList", "CheckpointState", "Example", "Feature", "FeatureList", "FeatureLists",
             "Features", "FloatList", "Int64List", "SaverDef", "SequenceExample")


def __getattr__(name):
    """Messages are made on first use, since they need protobuf; queues are imported then."""
    if name in _MESSAGES:
        from pellucid.interchange.messages import message
        return message(name)
    from pellucid.names import later, old
    if (found := later.find("train", name)) is not None:
        return globals().setdefault(name, found)
    return old.answer("train", name)


def __dir__():
    from pellucid.names.later import LATER
    return sorted({*globals(), *_MESSAGES, *LATER["train"]})
