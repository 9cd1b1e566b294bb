"""Variables that start with what a checkpoint holds. As in TF: tf.train.init_from_checkpoint."""

import os
import re

from pellucid.core.operation import convert_to_tensor, create
from pellucid.core.variable import Assign, Variable
from pellucid.interchange.checkpoints import latest_checkpoint, load_checkpoint
from pellucid.ops.state.variables import get_collection


def init_from_checkpoint(ckpt_dir_or_file, assignment_map):
    """Makes variables start with a checkpoint's tensors instead of their initial values.

    Nothing is read before the variables are initialized.

    Args:
      ckpt_dir_or_file: prefix of a checkpoint, or a directory of which the latest is taken.
      assignment_map: {name in the checkpoint: Variable, its name, or the name of a scope}; a name
        that ends in "/" is a scope of the checkpoint, "/" all of it.

    Raises ValueError if a tensor is missing or its shape differs.
    As in TF: tf.train.init_from_checkpoint, tf.contrib.framework.init_from_checkpoint.
    """
    reader = load_checkpoint(ckpt_dir_or_file)
    path = _prefix(ckpt_dir_or_file)
    shapes = reader.get_variable_to_shape_map()
    by_name = {v.op.name: v for v in get_collection("variables")}
    for source, target in sorted(assignment_map.items(), key=lambda item: str(item[0])):
        variable = by_name.get(target) if isinstance(target, str) else target
        if isinstance(variable, Variable):
            _start_from(variable, path, source, shapes)
        else:
            for inner, name in _of_scope(source, target, by_name, shapes, path):
                _start_from(by_name[name], path, inner, shapes)


def _prefix(path):
    path = os.fspath(path)
    return (latest_checkpoint(path) or path) if os.path.isdir(path) else path


def _of_scope(source, scope, by_name, shapes, path):
    """(name in the checkpoint, name of a variable) for the variables of a scope."""
    if not isinstance(scope, str):
        raise ValueError(f"assignment_map: {scope!r} is no Variable and no name of a scope.")
    scope = "" if scope == "/" else scope.rstrip("/") + "/"
    source = "" if source == "/" else source.rstrip("/") + "/"
    names = [name for name in by_name if name.startswith(scope)]
    if not names:
        raise ValueError(f"Assignment map with scope only name {scope!r} should map to scope only; "
                         "no variable of the graph is in it.")
    for name in names:
        inner = source + name[len(scope):]
        if inner not in shapes:
            raise ValueError(f"Tensor {name} ({inner} in {path}) is not found in {path} "
                             "checkpoint")
        yield inner, name


def _start_from(variable, path, name, shapes):
    """Replaces the initializer of a variable by a restoring one."""
    name = re.sub(r":0$", "", name)
    if name not in shapes:
        raise ValueError(f"Tensor {name} is not found in {path} checkpoint {shapes}")
    if not variable.shape.is_compatible_with(shapes[name]):
        raise ValueError(f"Shape of variable {variable.name} ({variable.shape}) doesn't match with "
                         f"shape of tensor {name} ({shapes[name]}) from checkpoint reader.")
    graph = variable.graph
    with graph.as_default(), graph.control_dependencies(None), graph.name_scope(
            "checkpoint_initializer"):
        value = create("RestoreV2", [path, [name], [""]],
                       dtypes=[variable.dtype.base_dtype]).outputs[0]
        value.set_shape(variable.shape)
        value = convert_to_tensor(value)
        variable._initializer_op = Assign([variable._variable, value])
        variable._initial_value = variable.op.initial_value = value
        graph._rewired += 1


def assign_from_checkpoint(model_path, var_list, ignore_missing_vars=False):
    """(an Operation that assigns a checkpoint's values, the feed_dict to run it with).

    Args:
      model_path: prefix of a checkpoint.
      var_list: list of Variables, or {name in the checkpoint: Variable}.
      ignore_missing_vars: leave out what the checkpoint lacks; otherwise ValueError.

    As in TF: tf.contrib.framework.assign_from_checkpoint.
    """
    from pellucid.ops.arrays.shaping import reshape
    from pellucid.ops.control.waiting import group
    from pellucid.ops.state.assignment import assign

    reader = load_checkpoint(model_path)
    operations, feeds = [], {}
    for name, variable in _named(var_list).items():
        if not reader.has_tensor(name):
            message = f"Checkpoint is missing variable [{name}]"
            if not ignore_missing_vars:
                raise ValueError(message)
            continue
        value = reader.get_tensor(name)
        if value.size != variable.shape.num_elements():
            raise ValueError(f"Total size of new array must be unchanged for {name} lh_shape: "
                             f"[{value.shape}] rh_shape: [{tuple(variable.shape.as_list())}]")
        fed = create("Placeholder", name=f"{variable.op.name}/placeholder",
                     dtype=variable.dtype.base_dtype, shape=value.shape).outputs[0]
        feeds[fed] = value
        operations.append(assign(variable, reshape(fed, variable.shape)))
    return group(*operations), feeds


def assign_from_checkpoint_fn(model_path, var_list, ignore_missing_vars=False,
                              reshape_variables=False):
    """A function(session) that restores variables; None where the checkpoint has none of them.

    Arguments as assign_from_checkpoint's; reshape_variables allows shapes that differ.
    As in TF: tf.contrib.framework.assign_from_checkpoint_fn.
    """
    from pellucid.training.saver import Saver

    named = _named(var_list)
    if ignore_missing_vars:
        reader = load_checkpoint(model_path)
        named = {name: v for name, v in named.items() if reader.has_tensor(name)}
    if not named:
        return None
    saver = Saver(named, reshape=reshape_variables)
    return lambda session: saver.restore(session, model_path)


def _named(var_list):
    if isinstance(var_list, dict):
        return var_list
    return {variable.op.name: variable for variable in var_list}
