"""Signatures: which tensors go into a model, and which come out, under which keys.

As in TF: tf.saved_model.signature_def_utils.
"""

from pellucid.core import dtypes
from pellucid.core.operation import convert_to_tensor
from pellucid.interchange.messages import message
from pellucid.saved_model import signature_constants as keys
from pellucid.saved_model.utils import build_tensor_info


def build_signature_def(inputs=None, outputs=None, method_name=None):
    """A SignatureDef.

    Args:
      inputs, outputs: {key: TensorInfo}.
      method_name: str, for example signature_constants.PREDICT_METHOD_NAME.
    """
    signature = message("SignatureDef")()
    for given, field in (inputs, signature.inputs), (outputs, signature.outputs):
        for key, info in (given or {}).items():
            field[key].MergeFromString(info.SerializeToString())
    if method_name is not None:
        signature.method_name = method_name
    return signature


def predict_signature_def(inputs, outputs):
    """The signature of a function from named tensors to named tensors.

    Args:
      inputs, outputs: {key: Tensor}. ValueError if one is empty.
    """
    if not inputs:
        raise ValueError("Prediction inputs cannot be None or empty.")
    if not outputs:
        raise ValueError("Prediction outputs cannot be None or empty.")
    return build_signature_def(_infos(inputs), _infos(outputs), keys.PREDICT_METHOD_NAME)


def classification_signature_def(examples, classes, scores):
    """The signature of a classifier of serialized Examples.

    Args:
      examples: Tensor of strings.
      classes: Tensor of strings, or None.
      scores: Tensor of float32, or None.
    """
    if examples is None:
        raise ValueError("Classification `inputs` cannot be None.")
    if classes is None and scores is None:
        raise ValueError("Classification `classes` and `scores` cannot both be None.")
    outputs = {}
    if classes is not None:
        outputs[keys.CLASSIFY_OUTPUT_CLASSES] = _typed(
            classes, dtypes.string, "Classification classes must be of type string.")
    if scores is not None:
        outputs[keys.CLASSIFY_OUTPUT_SCORES] = _typed(
            scores, dtypes.float32, "Classification scores must be of type float.")
    inputs = {keys.CLASSIFY_INPUTS: _typed(
        examples, dtypes.string, "Classification inputs must be of type string.")}
    return build_signature_def(_infos(inputs), _infos(outputs), keys.CLASSIFY_METHOD_NAME)


def regression_signature_def(examples, predictions):
    """The signature of a regression on serialized Examples.

    Args:
      examples: Tensor of strings.
      predictions: Tensor of float32.
    """
    if examples is None:
        raise ValueError("Regression `inputs` cannot be None.")
    if predictions is None:
        raise ValueError("Regression `predictions` cannot be None.")
    inputs = {keys.REGRESS_INPUTS: _typed(
        examples, dtypes.string, "Regression inputs must be of type string.")}
    outputs = {keys.REGRESS_OUTPUTS: _typed(
        predictions, dtypes.float32, "Regression output must be of type float.")}
    return build_signature_def(_infos(inputs), _infos(outputs), keys.REGRESS_METHOD_NAME)


def is_valid_signature(signature_def):
    """True if TensorFlow Serving can serve the signature."""
    if signature_def is None:
        return False
    inputs, outputs = signature_def.inputs, signature_def.outputs
    if signature_def.method_name == keys.PREDICT_METHOD_NAME:
        return bool(inputs) and bool(outputs)
    text, number = dtypes.string.as_datatype_enum, dtypes.float32.as_datatype_enum
    allowed = {
        keys.CLASSIFY_METHOD_NAME: (keys.CLASSIFY_INPUTS, {
            keys.CLASSIFY_OUTPUT_CLASSES: text, keys.CLASSIFY_OUTPUT_SCORES: number}),
        keys.REGRESS_METHOD_NAME: (keys.REGRESS_INPUTS, {keys.REGRESS_OUTPUTS: number})}
    if signature_def.method_name not in allowed:
        return False
    key, wanted = allowed[signature_def.method_name]
    return (set(inputs) == {key} and inputs[key].dtype == text and bool(outputs)
            and all(name in wanted and info.dtype == wanted[name]
                    for name, info in outputs.items()))


def _infos(tensors):
    return {key: build_tensor_info(tensor) for key, tensor in tensors.items()}


def _typed(tensor, dtype, message):
    tensor = convert_to_tensor(tensor)
    if tensor.spec.dtype is not dtype:
        raise ValueError(message)
    return tensor
