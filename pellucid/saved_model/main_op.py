"""What runs when a SavedModel is loaded. As in TF: tf.saved_model.main_op."""

from pellucid.core.graph import control_dependencies, get_default_graph
from pellucid.ops.control.waiting import group
from pellucid.ops.state.variables import global_variables_initializer, local_variables_initializer
from pellucid.ops.text.lookup import tables_initializer


def main_op():
    """An Operation that initializes variables, local variables and tables."""
    return group(global_variables_initializer(), local_variables_initializer(),
                 tables_initializer())


def main_op_with_restore(restore_op_name):
    """The same, and then the operation of that name."""
    with control_dependencies([main_op()]):
        return group(get_default_graph().get_operation_by_name(restore_op_name))
