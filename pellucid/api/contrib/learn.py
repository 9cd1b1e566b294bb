"""tf.contrib.learn: words as numbers, data sets, names of modes."""

from pellucid.api.contrib import learn_datasets as datasets
from pellucid.api.contrib import learn_preprocessing as preprocessing
from pellucid.contrib.learn import ModeKeys


def __getattr__(name):
    """The estimators are tf.estimator's."""
    if name == "RunConfig":
        from pellucid.api.estimator import RunConfig
        return RunConfig
    from pellucid.names.old import answer
    return answer("contrib.learn", name)
