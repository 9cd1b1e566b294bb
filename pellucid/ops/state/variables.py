"""Which variables there are, and giving them their first values.

Read next: variable_scope.py.
"""

import numpy as np

from pellucid.core import errors
from pellucid.core.gradients import NotDifferentiable
from pellucid.core.graph import GraphKeys, get_default_graph
from pellucid.core.operation import Operation, convert_to_tensor, find_type
from pellucid.ops.arguments import name_scope
from pellucid.ops.state.assignment import as_ref

# -- collections ---------------------------------------------------------------------------

def global_variables(scope=None):
    """List of the variables, but for local ones; with `scope`, those whose name it matches.

    As in TF: tf.global_variables.
    """
    return get_collection(GraphKeys.GLOBAL_VARIABLES, scope)


def local_variables(scope=None):
    """List of the variables that are not saved. As in TF: tf.local_variables."""
    return get_collection(GraphKeys.LOCAL_VARIABLES, scope)


def trainable_variables(scope=None):
    """List of the variables that optimizers change. As in TF: tf.trainable_variables."""
    return get_collection(GraphKeys.TRAINABLE_VARIABLES, scope)


def model_variables(scope=None):
    """List of the variables of MODEL_VARIABLES. As in TF: tf.model_variables."""
    return get_collection(GraphKeys.MODEL_VARIABLES, scope)


def moving_average_variables(scope=None):
    """List of the variables that have a moving average.

    As in TF: tf.moving_average_variables.
    """
    return get_collection(GraphKeys.MOVING_AVERAGE_VARIABLES, scope)


def all_variables():
    """The same as global_variables(). As in TF: tf.all_variables."""
    return global_variables()


def add_to_collection(name, value):
    """Appends value to a collection of the default graph.

    As in TF: tf.add_to_collection.
    """
    get_default_graph().add_to_collection(name, value)


def add_to_collections(names, value):
    """Appends value to several collections. As in TF: tf.add_to_collections."""
    get_default_graph().add_to_collections(names, value)


def get_collection(key, scope=None):
    """A copy of a collection of the default graph. As in TF: tf.get_collection."""
    return get_default_graph().get_collection(key, scope)


def get_collection_ref(key):
    """A collection of the default graph, as a list that may be changed.

    As in TF: tf.get_collection_ref.
    """
    return get_default_graph().get_collection_ref(key)


# -- initialization ------------------------------------------------------------------------

class AssertVariablesInitialized(Operation):
    """Fails unless all its variables have values. Ours: asking does not initialize them."""

    op_type, effect, host = "AssertVariablesInitialized", True, True

    def infer(self, *refs):
        return ()

    @property
    def ref_inputs(self):
        return range(len(self.input_nodes))

    def compute(self, *refs):
        for ref in refs:
            if not ref.is_set:
                raise errors.FailedPreconditionError(
                    None, None, f"Attempting to use uninitialized value {ref.name}")
        return ()


def is_variable_initialized(variable, name=None):
    """A bool Tensor: whether the variable has a value. Asking does not give it one.

    As in TF: tf.is_variable_initialized (op type IsVariableInitialized).
    """
    ref = as_ref(variable)
    return find_type("IsVariableInitialized")([ref], name, dtype=ref.spec.dtype).output


def report_uninitialized_variables(var_list=None, name="report_uninitialized_variables"):
    """A string Tensor, shape (n,): the names of the variables that have no value.

    Args:
      var_list: list of Variable; by default the global and local ones.

    As in TF: tf.report_uninitialized_variables.
    """
    if var_list is None:
        var_list = global_variables() + local_variables() or _placed(get_default_graph())
    with name_scope(name):
        names = convert_to_tensor(np.array([v.op.name.encode() for v in var_list], object))
        if not var_list:
            return names
        return _unset([as_ref(v) for v in var_list], names)


def _unset(refs, names):
    from pellucid.ops.arrays.joining import stack
    from pellucid.ops.arrays.masking import boolean_mask
    from pellucid.ops.math.comparison import logical_not
    found = stack([is_variable_initialized(ref) for ref in refs])
    return boolean_mask(names, logical_not(found))


def _placed(graph):
    """The outputs of the variables of a graph that was made without collections."""
    return [op.output for op in graph.get_operations() if op.type == "VariableV2"]


def assert_variables_initialized(var_list=None):
    """An Operation that raises FailedPreconditionError where a variable has no value.

    Returns None if there are no variables. As in TF: tf.assert_variables_initialized.
    """
    if var_list is None:
        var_list = global_variables() + local_variables() or _placed(get_default_graph())
    return AssertVariablesInitialized([as_ref(v) for v in var_list]) if var_list else None


def variables_initializer(var_list, name="init"):
    """An Operation that sets each variable of the list to its initial value.

    As in TF: tf.variables_initializer.
    """
    graph = var_list[0].graph if var_list else get_default_graph()
    with graph.as_default(), graph.control_dependencies([v.initializer for v in var_list]):
        return find_type("NoOp")((), name)


def global_variables_initializer():
    """An Operation that sets the variables of GLOBAL_VARIABLES to their initial values.

    As in TF: tf.global_variables_initializer.
    """
    return variables_initializer(global_variables())


def local_variables_initializer():
    """An Operation that sets the variables of LOCAL_VARIABLES to their initial values.

    As in TF: tf.local_variables_initializer.
    """
    return variables_initializer(local_variables())


# TensorFlow's spellings before 0.12.
initialize_variables = variables_initializer
initialize_all_variables = global_variables_initializer
initialize_local_variables = local_variables_initializer


NotDifferentiable("IsVariableInitialized")
NotDifferentiable("AssertVariablesInitialized")
