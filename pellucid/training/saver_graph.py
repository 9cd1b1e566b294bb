"""The operations of a Saver: what writes its variables to a checkpoint, and what reads them.

Names and types are TensorFlow's, so that a MetaGraph says to either which operations to run.
Read next: saver.py.
"""

import uuid

import numpy as np

from pellucid.core.operation import convert_to_tensor, create
from pellucid.interchange import saving_ops  # noqa: F401 - registers SaveV2 and RestoreV2
from pellucid.interchange.messages import message


class TablePart:
    """The keys or the values of a table that grows; both are restored at once."""

    def __init__(self, table, tensor):
        self.table, self._variable, self.graph = table, tensor, tensor.graph


def add_operations(parts, name, filename, max_to_keep, hours, sharded, sequentially, reshape):
    """The SaverDef of new operations.

    Args:
      parts: list of (name in the checkpoint, slice, Variable or TablePart).
      name: str, their scope.
      filename: str, where they save if nobody feeds another path.
      max_to_keep, hours: for the SaverDef.
      sharded, sequentially, reshape: bool, see Saver.
    """
    graph = parts[0][2].graph
    with graph.as_default(), graph.control_dependencies(None), graph.name_scope(name):
        default = create("PlaceholderWithDefault", [convert_to_tensor(
            filename, name="filename/input")], name="filename", shape=()).output
        path = create("PlaceholderWithDefault", [default], name="Const", shape=()).output
        written = (_save_sharded if sharded else _save)(graph, path, parts)
        restored = _restore(graph, path, parts, sharded, sequentially, reshape)
        if sharded:
            with graph.control_dependencies([restored]):
                restored = create("NoOp", name="restore_all")
    return message("SaverDef")(
        filename_tensor_name=path.name, save_tensor_name=written.name,
        restore_op_name=restored.name, max_to_keep=max_to_keep, version=2, sharded=sharded,
        keep_checkpoint_every_n_hours=hours)


def _save(graph, path, parts):
    """Saves at `path`, and gives it back."""
    with graph.name_scope("SaveV2") as scope:
        names, slices = _named_constants(parts)
        tensors = [_value(variable._variable) for _, _, variable in parts]
        saved = create("SaveV2", [path, names, slices, *tensors], name=scope)
    with graph.control_dependencies([saved]):
        return create("Identity", [path], name="control_dependency").output


def _save_sharded(graph, path, parts):
    """Saves in a directory beside `path`, then merges what is there into it."""
    part = f"_temp_{uuid.uuid4().hex}/part"
    with graph.name_scope("StringJoin") as scope:
        start = create("StringJoin", [path, convert_to_tensor(part, name="inputs_1")],
                       name=scope).output
    shards = convert_to_tensor(np.int32(1), name="num_shards")
    with graph.name_scope("ShardedFilename") as scope:
        number = convert_to_tensor(np.int32(0), name="shard")
        file = create("ShardedFilename", [start, number, shards], name=scope).output
    written = _save(graph, file, parts)
    with graph.name_scope("MergeV2Checkpoints") as scope:
        with graph.control_dependencies([written.op]):
            files = create("Pack", [file], name="checkpoint_prefixes").output
        merged = create("MergeV2Checkpoints", [files, path], name=scope)
    with graph.control_dependencies([written.op, merged]):
        return create("Identity", [path], name="Identity").output


def _restore(graph, path, parts, sharded, sequentially, reshape):
    with graph.name_scope("RestoreV2") as scope:
        names, slices = _named_constants(parts)
        dtypes = tuple([variable._variable.spec.dtype for _, _, variable in parts])
        read = create("RestoreV2", [path, names, slices], dtypes=dtypes, name=scope)
    assigned, entries = [], {}
    for (_, _, variable), value in zip(parts, read.outputs, strict=True):
        if isinstance(variable, TablePart):
            entries.setdefault(variable.table, []).append(value)
            if len(entries[variable.table]) == 1:    # the keys come first
                continue
        with graph.control_dependencies(assigned[-1:] if sequentially else ()):
            if isinstance(variable, TablePart):
                assigned.append(variable.table.restore(*entries[variable.table]))
            else:
                assigned.append(_assign(variable, value, reshape))
    with graph.control_dependencies(assigned):
        return create("NoOp", name="restore_shard" if sharded else "restore_all")


def _assign(variable, value, reshape):
    shape = variable.shape
    if reshape:
        value = create("Reshape", [value, convert_to_tensor(
            np.array(shape.as_list(), np.int32))]).output
    if _is_handle(variable._variable):
        return create("AssignVariableOp", [variable._variable, value],
                      name="AssignVariableOp", dtype=variable._variable.spec.dtype)
    return create("Assign", [variable._variable, value], name="Assign",
                  validate_shape=not reshape and shape.is_fully_defined())


def _is_handle(tensor):
    """True for a resource variable, which an imported graph may have."""
    return tensor.op.type == "VarHandleOp"


def _value(tensor):
    """What SaveV2 takes of a variable."""
    if _is_handle(tensor):
        return create("ReadVariableOp", [tensor], dtype=tensor.spec.dtype).output
    return tensor


def _named_constants(parts):
    names = np.array([name.encode() for name, _, _ in parts], object)
    slices = np.array([part.encode() for _, part, _ in parts], object)
    return (convert_to_tensor(names, name="tensor_names"),
            convert_to_tensor(slices, name="shape_and_slices"))
