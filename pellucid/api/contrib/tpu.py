"""tf.contrib.tpu: what it does without a TPU."""

from pellucid.estimator.tpu import (
    InputPipelineConfig,
    RunConfig,
    TPUConfig,
    TPUEstimator,
    TPUEstimatorSpec,
)


def __getattr__(name):
    """What a missing name would need."""
    from pellucid.names.old import answer
    return answer("contrib.tpu", name)
