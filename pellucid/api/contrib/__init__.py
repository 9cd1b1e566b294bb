"""tf.contrib: the parts of it that programs use."""

from pellucid.api import keras
from pellucid.api.contrib import (
    crf,
    data,
    distributions,
    framework,
    layers,
    learn,
    legacy_seq2seq,
    lookup,
    metrics,
    opt,
    rnn,
    seq2seq,
    slim,
    tensorboard,
    tpu,
    training,
    util,
)


def __getattr__(name):
    """Old spellings, and what a missing name would need."""
    from pellucid.names.old import answer
    return answer("contrib", name)
