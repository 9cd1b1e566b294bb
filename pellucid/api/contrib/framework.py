"""tf.contrib.framework: arg_scope, variables, the global step."""

from pellucid.api import nest
from pellucid.contrib.arg_scope import (
    add_arg_scope,
    arg_scope,
    current_arg_scope,
    has_arg_scope,
)
from pellucid.contrib.variables import (
    assign_from_values,
    assign_from_values_fn,
    filter_variables,
    get_local_variables,
    get_model_variables,
    get_trainable_variables,
    get_unique_variable,
    get_variable_full_name,
    get_variables,
    get_variables_by_name,
    get_variables_by_suffix,
    get_variables_to_restore,
    model_variable,
    variable,
)
from pellucid.interchange.checkpoints import list_variables, load_checkpoint, load_variable
from pellucid.nn.choice import smart_cond
from pellucid.ops.conversion import is_tensor
from pellucid.training.from_checkpoint import (
    assign_from_checkpoint,
    assign_from_checkpoint_fn,
    init_from_checkpoint,
)
from pellucid.training.training_util import (
    assert_global_step,
    create_global_step,
    get_global_step,
    get_or_create_global_step,
)


def __getattr__(name):
    """Old spellings, and what a missing name would need."""
    from pellucid.names.old import answer
    return answer("contrib.framework", name)
