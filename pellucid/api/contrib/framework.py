"""tf.contrib.framework: arg_scope, variables, the global step."""

from pellucid.contrib.arg_scope import (
    add_arg_scope,
    arg_scope,
    current_arg_scope,
    has_arg_scope,
)
from pellucid.contrib.variables import (
    get_local_variables,
    get_model_variables,
    get_trainable_variables,
    get_variables,
    model_variable,
    variable,
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
