"""From a trained Estimator to a SavedModel, and what its inputs and outputs are called.

As in TF: Estimator.export_savedmodel, tf.estimator.export.
"""

import os
import shutil
import time
from collections import namedtuple

from pellucid.core import dtypes
from pellucid.core.graph import Graph
from pellucid.core.session import Session
from pellucid.core.sources import placeholder
from pellucid.estimator.spec import ModeKeys
from pellucid.ops.random.draws import set_random_seed
from pellucid.saved_model.builder import SavedModelBuilder
from pellucid.saved_model.signature_constants import DEFAULT_SERVING_SIGNATURE_DEF_KEY
from pellucid.saved_model.signature_def_utils import (
    classification_signature_def,
    predict_signature_def,
    regression_signature_def,
)
from pellucid.saved_model.tag_constants import SERVING
from pellucid.training.saver import Saver
from pellucid.training.training_util import create_global_step


class ServingInputReceiver(namedtuple("ServingInputReceiver", "features receiver_tensors "
                                                              "receiver_tensors_alternatives")):
    """What a served model receives, and the features that come of it.

    Args:
      features: {key: Tensor}, or one Tensor.
      receiver_tensors: {name: placeholder}, or one placeholder.

    As in TF: tf.estimator.export.ServingInputReceiver.
    """

    def __new__(cls, features, receiver_tensors, receiver_tensors_alternatives=None):
        if receiver_tensors_alternatives is not None:
            raise NotImplementedError("receiver_tensors_alternatives: export once for each.")
        if features is None or receiver_tensors is None:
            raise ValueError("features and receiver_tensors must be defined.")
        if not isinstance(features, dict):
            features = {"feature": features}
        if not isinstance(receiver_tensors, dict):
            receiver_tensors = {"input": receiver_tensors}
        return super().__new__(cls, features, receiver_tensors, None)


class TensorServingInputReceiver(ServingInputReceiver):
    """A ServingInputReceiver of a model whose features are one Tensor.

    As in TF: tf.estimator.export.TensorServingInputReceiver.
    """


class PredictOutput:
    """Outputs of any kind, {name: Tensor}. As in TF: tf.estimator.export.PredictOutput."""

    def __init__(self, outputs):
        self.outputs = outputs if isinstance(outputs, dict) else {"output": outputs}

    def signature(self, inputs):
        """The SignatureDef of a model that takes inputs, {name: Tensor}."""
        return predict_signature_def(inputs, self.outputs)


class ClassificationOutput:
    """Scores and names of classes. As in TF: tf.estimator.export.ClassificationOutput."""

    def __init__(self, scores=None, classes=None):
        if scores is None and classes is None:
            raise ValueError("At least one of scores and classes must be set.")
        self.scores, self.classes = scores, classes

    def signature(self, inputs):
        """The SignatureDef; of a model that takes one string, for serving."""
        return classification_signature_def(_examples(inputs), self.classes, self.scores)


class RegressionOutput:
    """A number for each example. As in TF: tf.estimator.export.RegressionOutput."""

    def __init__(self, value):
        self.value = value

    def signature(self, inputs):
        """The SignatureDef; of a model that takes one string, for serving."""
        return regression_signature_def(_examples(inputs), self.value)


def _examples(inputs):
    """The one string Tensor that classification and regression signatures take, or None."""
    only, = inputs.values() if len(inputs) == 1 else (None,)
    if only is None or only.dtype != dtypes.string:
        raise ValueError("this signature takes one string Tensor of serialized examples")
    return only


def build_raw_serving_input_receiver_fn(features, default_batch_size=None):
    """A function() that returns the ServingInputReceiver of features as they are.

    Args:
      features: {key: Tensor}, whose dtypes and shapes count.
      default_batch_size: int, the first dimension; None for any.

    As in TF: tf.estimator.export.build_raw_serving_input_receiver_fn.
    """
    known = {key: (tensor.dtype, tensor.shape.as_list()) for key, tensor in features.items()}

    def receiver():
        received = {key: placeholder(dtype, [default_batch_size, *shape[1:]], key)
                    for key, (dtype, shape) in known.items()}
        return ServingInputReceiver(received, received)
    return receiver


def build_parsing_serving_input_receiver_fn(feature_spec, default_batch_size=None):
    """A function() that returns the ServingInputReceiver of serialized tf.train.Examples.

    Args:
      feature_spec: {key: FixedLenFeature and the like}, for tf.parse_example.

    As in TF: tf.estimator.export.build_parsing_serving_input_receiver_fn.
    """
    def receiver():
        from pellucid.interchange.parsing import parse_example
        serialized = placeholder(dtypes.string, [default_batch_size], "input_example_tensor")
        return ServingInputReceiver(parse_example(serialized, feature_spec),
                                    {"examples": serialized})
    return receiver


def export(estimator, export_dir_base, serving_input_receiver_fn, assets_extra=None,
           as_text=False, checkpoint_path=None):
    """Writes a SavedModel of the model as it predicts.

    Args:
      estimator: Estimator.
      export_dir_base: str; the model is written to a new folder in it, named after the time.
      serving_input_receiver_fn: function() that returns a ServingInputReceiver.
      assets_extra: {path below assets.extra: file to copy}.
      as_text: bool, whether the graph is written as text.
      checkpoint_path: str; the latest by default.

    Returns:
      bytes, the path of the folder.

    Raises ValueError if the model is not trained, or none of its outputs can be served.
    """
    if serving_input_receiver_fn is None:
        raise ValueError("An input_receiver_fn must be defined.")
    path = checkpoint_path or estimator._trained()
    with Graph().as_default() as graph:
        set_random_seed(estimator.config.tf_random_seed)
        create_global_step()
        received = serving_input_receiver_fn()
        features = received.features
        if isinstance(received, TensorServingInputReceiver):
            features, = features.values()
        spec = estimator._call_model_fn(features, None, ModeKeys.PREDICT)
        signatures = _signatures(spec, received.receiver_tensors)
        folder = _new_folder(export_dir_base)
        building = f"{folder}.building"
        with Session(graph=graph, config=estimator.config.session_config) as session:
            saver = (spec.scaffold and spec.scaffold.saver) or Saver(sharded=False)
            saver.restore(session, path)
            builder = SavedModelBuilder(building)
            builder.add_meta_graph_and_variables(
                session, [SERVING], signatures, graph.get_collection("asset_filepaths"),
                main_op=_tables(graph), strip_default_attrs=True)
            builder.save(as_text)
    for target, source in (assets_extra or {}).items():
        target = os.path.join(building, "assets.extra", target)
        os.makedirs(os.path.dirname(target), exist_ok=True)
        shutil.copyfile(source, target)
    os.rename(building, folder)            # whole, or not there
    return folder.encode()


def _tables(graph):
    """The operation that fills the tables of words, or None where there are none."""
    from pellucid.ops.text.lookup import tables_initializer
    return tables_initializer() if graph.get_collection("table_initializer") else None


def _new_folder(base):
    os.makedirs(base, exist_ok=True)
    stamp = int(time.time())
    while os.path.exists(os.path.join(base, str(stamp))):
        stamp += 1
    return os.path.join(base, str(stamp))


def _signatures(spec, inputs):
    """{name: SignatureDef} of the model's outputs, the default one among them."""
    outputs = dict(spec.export_outputs or {})
    if not outputs:
        raise ValueError("export_outputs must be set in the EstimatorSpec that model_fn returns "
                         "for PREDICT: {name: tf.estimator.export.PredictOutput(...)}.")
    if DEFAULT_SERVING_SIGNATURE_DEF_KEY not in outputs:
        if len(outputs) > 1:
            raise ValueError("Multiple export_outputs were provided, but none of them is the "
                             f"default: call one {DEFAULT_SERVING_SIGNATURE_DEF_KEY!r}.")
        outputs[DEFAULT_SERVING_SIGNATURE_DEF_KEY] = next(iter(outputs.values()))
    signatures, reasons = {}, []
    for name, output in outputs.items():
        try:
            signatures[name] = output.signature(inputs)
        except ValueError as error:
            reasons.append(f"{name}: {error}")
    if not signatures:
        raise ValueError(f"none of the outputs can be served: {'; '.join(reasons)}.")
    return signatures


class _Exporter:
    """What the exporters share: a name and how to export."""

    def __init__(self, name, serving_input_receiver_fn, assets_extra=None, as_text=False):
        self.name, self._receiver = name, serving_input_receiver_fn
        self._assets_extra, self._as_text = assets_extra, as_text

    def _export(self, estimator, export_path, checkpoint_path):
        return export(estimator, export_path, self._receiver, self._assets_extra, self._as_text,
                      checkpoint_path)


class LatestExporter(_Exporter):
    """Exports after each evaluation, and keeps the latest. As in TF: tf.estimator.LatestExporter.

    Args:
      name: str, the folder below model_dir/export.
      serving_input_receiver_fn, assets_extra, as_text: as in Estimator.export_savedmodel.
      exports_to_keep: int; None for all.
    """

    def __init__(self, name, serving_input_receiver_fn, assets_extra=None, as_text=False,
                 exports_to_keep=5):
        super().__init__(name, serving_input_receiver_fn, assets_extra, as_text)
        if exports_to_keep is not None and exports_to_keep <= 0:
            raise ValueError("`exports_to_keep`, if provided, must be positive number")
        self._keep = exports_to_keep

    def export(self, estimator, export_path, checkpoint_path, eval_result, is_the_final_export):
        """Exports, and deletes what is older."""
        result = self._export(estimator, export_path, checkpoint_path)
        if self._keep is not None:
            stamps = sorted((f for f in os.listdir(export_path) if f.isdigit()), key=int)
            for stamp in stamps[:-self._keep]:
                shutil.rmtree(os.path.join(export_path, stamp))
        return result


class FinalExporter(_Exporter):
    """Exports once, at the end. As in TF: tf.estimator.FinalExporter."""

    def export(self, estimator, export_path, checkpoint_path, eval_result, is_the_final_export):
        """Exports if this is the end."""
        if not is_the_final_export:
            return None
        return self._export(estimator, export_path, checkpoint_path)
