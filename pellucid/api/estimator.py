"""tf.estimator: models that are trained, evaluated and asked."""

from pellucid.api import estimator_export as export
from pellucid.api import estimator_inputs as inputs
from pellucid.estimator.canned import (
    DNNClassifier,
    DNNLinearCombinedClassifier,
    DNNLinearCombinedRegressor,
    DNNRegressor,
    LinearClassifier,
    LinearRegressor,
)
from pellucid.estimator.estimator import Estimator
from pellucid.estimator.run_config import RunConfig
from pellucid.estimator.saved_models import FinalExporter, LatestExporter
from pellucid.estimator.spec import EstimatorSpec, ModeKeys
from pellucid.estimator.train_and_evaluate import EvalSpec, TrainSpec, train_and_evaluate


def __getattr__(name):
    """What a missing name would need."""
    from pellucid.names.old import answer
    return answer("estimator", name)
