"""tf.estimator.inputs: arrays and data frames as input."""

from pellucid.estimator.inputs import numpy_input_fn, pandas_input_fn
