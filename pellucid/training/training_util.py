"""The global step: a variable that counts the training steps."""

from pellucid.core import dtypes
from pellucid.core.graph import GraphKeys, get_default_graph
from pellucid.core.tensor import Tensor
from pellucid.core.variable import Variable
from pellucid.ops.state.initializers import zeros_initializer
from pellucid.ops.state.variable_scope import get_variable
from pellucid.ops.state.variable_store import VariableAggregation


def get_or_create_global_step(graph=None):
    """The graph's global step; where it has none, a new int64 variable "global_step".

    As in TF: tf.train.get_or_create_global_step.
    """
    step = get_global_step(graph)
    return create_global_step(graph) if step is None else step


def get_global_step(graph=None):
    """The graph's global step, or None.

    It is what the collection GLOBAL_STEP holds, or else the tensor "global_step:0".
    As in TF: tf.train.get_global_step.
    """
    graph = graph or get_default_graph()
    steps = graph.get_collection(GraphKeys.GLOBAL_STEP)
    if len(steps) > 1:
        return None
    if steps:
        step = steps[0]
    else:
        try:
            step = graph.get_tensor_by_name("global_step:0")
        except KeyError:
            return None
    assert_global_step(step)
    return step


def create_global_step(graph=None):
    """A new global step. ValueError if the graph has one.

    As in TF: tf.train.create_global_step.
    """
    graph = graph or get_default_graph()
    if get_global_step(graph) is not None:
        raise ValueError('"global_step" already exists.')
    with graph.as_default(), graph.name_scope(None):
        return get_variable(
            GraphKeys.GLOBAL_STEP, shape=[], dtype=dtypes.int64,
            initializer=zeros_initializer(), trainable=False,
            aggregation=VariableAggregation.ONLY_FIRST_REPLICA,
            collections=[GraphKeys.GLOBAL_VARIABLES, GraphKeys.GLOBAL_STEP])


def global_step(sess, global_step_tensor):
    """int, the global step in a session. As in TF: tf.train.global_step."""
    return int(sess.run(global_step_tensor))


def assert_global_step(global_step_tensor):
    """Raises TypeError unless it can count steps: a scalar integer Tensor or Variable.

    As in TF: tf.train.assert_global_step.
    """
    step = global_step_tensor
    if not isinstance(step, Variable | Tensor):
        raise TypeError(f'Existing "global_step" must be a Variable or Tensor: {step}.')
    if step.dtype is None or not step.dtype.base_dtype.is_integer:
        raise TypeError(f'Existing "global_step" does not have integer type: {step.dtype}')
    if step.shape.ndims != 0 and step.shape.is_fully_defined():
        raise TypeError(f'Existing "global_step" is not scalar: {step.shape}')
