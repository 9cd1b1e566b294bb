"""Saver: variables to files, and back.

    saver = tf.train.Saver()
    saver.save(session, "model/net", global_step=1000)       # model/net-1000.index, ...
    saver.restore(session, tf.train.latest_checkpoint("model"))

The files are TensorFlow's: a checkpoint (interchange/bundle.py), the graph beside it (`.meta`)
and the file `checkpoint`, which names the latest. A save is complete or did not happen, whenever
the process ends.
"""

import os
import time

import numpy as np

from pellucid.core import errors
from pellucid.core.graph import GraphKeys, get_default_graph
from pellucid.core.tensor import Tensor
from pellucid.core.variable import Variable
from pellucid.interchange.checkpoints import (
    checkpoint_exists,
    get_checkpoint_mtimes,
    remove_checkpoint,
    update_checkpoint_state,
)
from pellucid.interchange.collections import (
    is_inside,
    register_proto_function,
    scoped,
    unscoped,
)
from pellucid.interchange.messages import parse
from pellucid.interchange.meta_graph import (
    export_meta_graph,
    import_meta_graph_def,
    read_meta_graph,
)
from pellucid.ops.state.partitioned_variables import PartitionedVariable
from pellucid.ops.state.variables import get_collection, global_variables
from pellucid.ops.text.lookup import MutableHashTable
from pellucid.training import training_util
from pellucid.training.saver_graph import TablePart, add_operations


class Saver:
    """Saves and restores variables.

    Args:
      var_list: list of Variable, or {name in the checkpoint: Variable or list of the parts of a
        partitioned one}; by default all global variables, and all tables with checkpoint=True.
      reshape: bool, restore values of another shape but as many elements.
      sharded: bool, save by way of a temporary directory, with the operations that TensorFlow
        takes for several devices; here there is one, and the checkpoint is the same.
      max_to_keep: int, how many of the latest checkpoints to keep; None or 0 for all.
      keep_checkpoint_every_n_hours: float, keep one so often even if it is not among the latest.
      name: str, the scope of the operations.
      restore_sequentially: bool, restore one variable after the other.
      saver_def: SaverDef whose operations are in the graph already.
      defer_build: bool, wait for build() with adding operations.
      allow_empty: bool, no error where there are no variables.
      pad_step_number: bool, write steps with at least 8 digits, so that names sort.
      save_relative_paths: bool, so that the directory may be moved.
      filename: str, the path of save where session.run runs the operation itself.

    As in TF: tf.train.Saver (op types SaveV2, RestoreV2, Assign).
    """

    def __init__(self, var_list=None, reshape=False, sharded=False, max_to_keep=5,
                 keep_checkpoint_every_n_hours=10000.0, name=None, restore_sequentially=False,
                 saver_def=None, builder=None, defer_build=False, allow_empty=False,
                 write_version=2, pad_step_number=False, save_relative_paths=False, filename=None):
        if builder is not None:
            raise NotImplementedError("Saver(builder=...) is not supported; leave it out.")
        if write_version not in (None, 2):
            raise ValueError(f"write_version={write_version!r}: pellucid writes checkpoints of "
                             "version 2 (tf.train.SaverDef.V2).")
        if defer_build and var_list:
            raise ValueError("If `var_list` is provided then build cannot be deferred. Either set "
                             "defer_build=False or var_list=None.")
        self._var_list, self._reshape, self._name = var_list, reshape, name
        self._sharded = sharded
        self._sequentially, self._allow_empty = restore_sequentially, allow_empty
        self._pad_step_number, self._relative = pad_step_number, save_relative_paths
        self._filename, self._empty = filename or "model", False
        self._last_checkpoints = []                    # (path, time), the oldest first
        self.saver_def = saver_def
        self._max_to_keep, self._hours = max_to_keep or 0, keep_checkpoint_every_n_hours
        if saver_def is not None:
            self._max_to_keep = saver_def.max_to_keep
            self._hours = saver_def.keep_checkpoint_every_n_hours
        elif not defer_build:
            self.build()
        self._next_kept = time.time() + self._hours * 3600

    # -- the operations ------------------------------------------------------------------------

    def build(self):
        """Adds the operations to the graph, if defer_build put that off."""
        if self.saver_def is not None or self._empty:
            return
        variables = self._var_list
        if variables is None:
            variables = global_variables() + get_collection(GraphKeys.SAVEABLE_OBJECTS)
        if not variables:
            if not self._allow_empty:
                raise ValueError("No variables to save")
            self._empty = True
            return
        self.saver_def = add_operations(
            named_variables(variables), self._name or "save", self._filename, self._max_to_keep,
            self._hours, self._sharded, self._sequentially, self._reshape)

    # -- saving --------------------------------------------------------------------------------

    def save(self, sess, save_path, global_step=None, latest_filename=None,
             meta_graph_suffix="meta", write_meta_graph=True, write_state=True,
             strip_default_attrs=False, save_debug_info=False):
        """Saves the variables' values in a session, and returns the path.

        Args:
          sess: Session.
          save_path: str, the path; its directory is made, but not those above it.
          global_step: int, or a Tensor or Variable of one: appended as "-step".
          latest_filename: str, in place of "checkpoint".
          meta_graph_suffix: str.
          write_meta_graph: bool, write the graph beside it.
          write_state: bool, name it in the file `checkpoint`, and delete old ones.
          strip_default_attrs: bool, leave out attributes of nodes that have their default.
          save_debug_info: not supported.

        The files appear complete, or not at all, and the one before stays until then.
        Raises ValueError for a path that cannot be written to.
        As in TF: tf.train.Saver.save.
        """
        if save_debug_info:
            raise NotImplementedError("Saver.save: save_debug_info is not supported; leave it out.")
        save_path = os.fspath(save_path)
        latest_filename = _checked_latest(latest_filename, save_path)
        path = self._path_of_step(sess, save_path, global_step)
        directory = os.path.dirname(save_path) or "."
        if not os.path.isdir(directory):
            try:
                os.mkdir(directory)                  # one level, as TensorFlow does
            except OSError:
                raise ValueError(
                    f"Parent directory of {save_path} doesn't exist, can't save.") from None
        if not self._empty:
            self._check_built()
            path = sess.run(self.saver_def.save_tensor_name,
                            {self.saver_def.filename_tensor_name: path}).decode()
        if write_meta_graph:
            with sess.graph.as_default():
                self.export_meta_graph(f"{path}.{meta_graph_suffix}",
                                       strip_default_attrs=strip_default_attrs)
        if write_state and not self._empty:
            old = self._record(path)
            update_checkpoint_state(
                os.path.dirname(save_path), path, self.last_checkpoints,
                latest_filename=latest_filename, save_relative_paths=self._relative,
                all_model_checkpoint_timestamps=[t for _, t in self._last_checkpoints] or None)
            self._delete(old, meta_graph_suffix)
        return None if self._empty else path

    def _path_of_step(self, sess, save_path, global_step):
        if global_step is None:
            return save_path
        if not isinstance(global_step, int | np.integer):
            global_step = training_util.global_step(sess, global_step)
        return f"{save_path}-{global_step:08d}" if self._pad_step_number else (
            f"{save_path}-{global_step}")

    def _record(self, path):
        """Notes a checkpoint as the latest; returns the (path, time) that are too old now."""
        if not self._max_to_keep:
            return []
        self._last_checkpoints = [c for c in self._last_checkpoints if c[0] != path]
        self._last_checkpoints.append((path, time.time()))
        old = self._last_checkpoints[:-self._max_to_keep]
        self._last_checkpoints = self._last_checkpoints[-self._max_to_keep:]
        return old

    def _delete(self, old, meta_graph_suffix):
        for path, written in old:
            if written > self._next_kept:               # one every few hours is kept
                self._next_kept += self._hours * 3600
                continue
            remove_checkpoint(path, meta_graph_suffix=meta_graph_suffix)

    # -- restoring -----------------------------------------------------------------------------

    def restore(self, sess, save_path):
        """Sets the variables in a session to what was saved at `save_path`.

        Raises ValueError where there is no checkpoint; NotFoundError where it lacks a variable;
        InvalidArgumentError where a shape or type differs; DataLossError where it is damaged.
        As in TF: tf.train.Saver.restore.
        """
        if self._empty:
            return
        if save_path is None:
            raise ValueError("Can't load save_path when it is None.")
        save_path = os.fspath(save_path)
        if not checkpoint_exists(save_path):
            raise ValueError(f"The passed save_path is not a valid checkpoint: {save_path}")
        self._check_built()
        try:
            sess.run(self.saver_def.restore_op_name,
                     {self.saver_def.filename_tensor_name: save_path})
        except (errors.NotFoundError, errors.InvalidArgumentError) as error:
            what = ("a variable that the checkpoint does not have" if isinstance(
                error, errors.NotFoundError) else "a variable of another shape or type")
            raise type(error)(error.node_def, error.op, "Restoring from checkpoint failed. Most "
                              f"likely the graph has {what}: tf.train.list_variables("
                              f"{save_path!r}) lists what it has.\n{error.message}") from error

    # -- which checkpoints there are -----------------------------------------------------------

    @property
    def last_checkpoints(self):
        """List of the paths of the checkpoints that are kept, the latest last."""
        return [path for path, _ in self._last_checkpoints]

    def set_last_checkpoints(self, last_checkpoints):
        """Sets the list of paths, without times."""
        self.set_last_checkpoints_with_time([(path, 0.0) for path in last_checkpoints])

    def set_last_checkpoints_with_time(self, last_checkpoints_with_time):
        """Sets the list of (path, time)."""
        self._last_checkpoints = list(last_checkpoints_with_time)

    def recover_last_checkpoints(self, checkpoint_paths):
        """Goes on from checkpoints of an earlier run, so that they count as old ones."""
        found = [path for path in checkpoint_paths if checkpoint_exists(path)]
        self._last_checkpoints = list(zip(found, get_checkpoint_mtimes(found), strict=True))

    # -- as messages ---------------------------------------------------------------------------

    def _check_built(self):
        if self.saver_def is None:
            raise RuntimeError("The Saver was made with defer_build; call build() before.")

    def as_saver_def(self):
        """The SaverDef: the names of the operations that save and restore."""
        return self.saver_def

    def to_proto(self, export_scope=None):
        """The SaverDef; with an export_scope, its names without it, None if it is not there."""
        if export_scope is None or self.saver_def is None:
            return self.saver_def
        if not is_inside(self.saver_def.save_tensor_name, export_scope):
            return None
        return _renamed(self.saver_def, lambda name: unscoped(name, export_scope))

    @staticmethod
    def from_proto(saver_def, import_scope=None):
        """The Saver of a SaverDef whose operations are in the graph."""
        own = _renamed(saver_def, lambda name: scoped(name, import_scope))
        return Saver(saver_def=own, name=import_scope)

    def export_meta_graph(self, filename=None, collection_list=None, as_text=False,
                          export_scope=None, clear_devices=False, clear_extraneous_savers=False,
                          strip_default_attrs=False, save_debug_info=False):
        """The MetaGraphDef of the default graph with this Saver, written to `filename` if given.

        As in TF: tf.train.Saver.export_meta_graph.
        """
        return export_meta_graph(
            filename, saver_def=self.saver_def, collection_list=collection_list, as_text=as_text,
            export_scope=export_scope, clear_devices=clear_devices,
            clear_extraneous_savers=clear_extraneous_savers,
            strip_default_attrs=strip_default_attrs, save_debug_info=save_debug_info)


def _renamed(saver_def, rename):
    """A SaverDef with other names."""
    result = parse("SaverDef", saver_def.SerializeToString(), "saver_def")
    for field in "filename_tensor_name", "save_tensor_name", "restore_op_name":
        setattr(result, field, rename(getattr(result, field)))
    return result


register_proto_function(GraphKeys.SAVERS, "SaverDef", Saver.to_proto, Saver.from_proto)


def named_variables(variables):
    """[(name in the checkpoint, slice, Variable), ...], sorted by name.

    Args:
      variables: list of Variable, PartitionedVariable or MutableHashTable, or {name: one of
        these, or list of parts}.

    Raises TypeError for what is no variable, ValueError for names that occur twice.
    """
    items = variables.items() if isinstance(variables, dict) else [
        (None, variable) for variable in variables]
    found, seen = [], {}
    for name, value in items:
        if isinstance(value, MutableHashTable):
            found += [(part, "", TablePart(value, tensor)) for part, tensor in value.saved_parts()]
            continue
        many = isinstance(value, list | tuple | PartitionedVariable)
        for variable in value if many else (value,):
            variable = _as_variable(variable)
            info = getattr(variable, "_save_slice_info", None)
            whole = name or (info.full_name if info else variable._variable.op.name)
            part = info.spec if info else ""
            if (whole, part) in seen or (seen.get(whole, bool(part)) != bool(part)):
                raise ValueError(f"At least two variables have the same name: {whole}")
            seen[whole, part] = True
            seen[whole] = bool(part)
            found.append((whole, part, variable))
    return sorted(found, key=lambda entry: entry[:2])


def _as_variable(value):
    if isinstance(value, Variable):
        return value
    if isinstance(value, Tensor) and value.op.type in ("VariableV2", "VarHandleOp"):
        return _Place(value)
    raise TypeError(f"Variable to save is not a Variable: {value}")


class _Place:
    """A variable of which there is only the tensor, as in an imported graph."""

    def __init__(self, tensor):
        self._variable, self.graph, self.shape = tensor, tensor.graph, tensor.shape


def _checked_latest(latest_filename, save_path):
    latest_filename = latest_filename or "checkpoint"
    if os.path.split(latest_filename)[0]:
        raise ValueError("'latest_filename' must not contain path components")
    if os.path.basename(save_path) == latest_filename:
        raise ValueError(f"'latest_filename' collides with 'save_path': '{latest_filename}' and "
                         f"'{save_path}'")
    return latest_filename


def import_meta_graph(meta_graph_or_file, clear_devices=False, import_scope=None, input_map=None,
                      return_elements=None):
    """Adds the graph of a `.meta` file to the default graph, and returns a Saver for it.

    Args:
      meta_graph_or_file: path, or MetaGraphDef.
      clear_devices: bool, forget the devices.
      import_scope: str, prefix of all names.
      input_map: {name in the file: Tensor to use in its place}.
      return_elements: list of names; then the result is (Saver, list of those elements).

    Returns:
      Saver, or None if the graph has no variables.

    Raises OSError where there is no such file, DataLossError where it is damaged, ValueError or
    NotFoundError as import_graph_def does. As in TF: tf.train.import_meta_graph.
    """
    meta = meta_graph_or_file
    if isinstance(meta, str | os.PathLike):
        meta = read_meta_graph(meta)
    else:
        meta = parse("MetaGraphDef", meta.SerializeToString(), "meta_graph_or_file")
    variables, elements = import_meta_graph_def(
        meta, clear_devices, import_scope, input_map, return_elements)
    scope = "/".join(filter(None, [get_default_graph().get_name_scope(), import_scope]))
    saver = None
    if meta.HasField("saver_def"):
        saver = Saver.from_proto(meta.saver_def, scope or None)
    elif variables and GraphKeys.GLOBAL_VARIABLES in meta.collection_def:
        saver = Saver(variables)
    return saver if return_elements is None else (saver, elements)
