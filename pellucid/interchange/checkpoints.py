"""Looking into checkpoints, and the file `checkpoint`, which says which is the latest.

Read next: graph_def.py.
"""

import os

from pellucid.core import errors
from pellucid.interchange.bundle import write_file
from pellucid.interchange.messages import message, parse_text, to_text
from pellucid.interchange.old_checkpoints import open_checkpoint


class CheckpointReader:
    """The tensors of a checkpoint. As in TF: tf.train.NewCheckpointReader."""

    def __init__(self, filepattern):
        self._bundle = open_checkpoint(_as_text(filepattern))

    def get_variable_to_shape_map(self):
        """{name: list of int}."""
        return {name: list(self._bundle.shape(name)) for name in self._bundle.names()}

    def get_variable_to_dtype_map(self):
        """{name: DType}."""
        return {name: self._bundle.dtype(name) for name in self._bundle.names()}

    def has_tensor(self, tensor_str):
        """True if there is a tensor of that name."""
        return tensor_str in self._bundle

    def get_tensor(self, tensor_str):
        """The tensor as a NumPy array; a scalar string as bytes. NotFoundError if there is none."""
        value = self._bundle.read(_as_text(tensor_str))
        return value if value.shape else value[()]

    def debug_string(self):
        """bytes, one line a tensor: name, type, shape."""
        lines = [f"{name} ({dtype.name}) [{','.join(map(str, self._bundle.shape(name)))}]\n"
                 for name, dtype in self.get_variable_to_dtype_map().items()]
        return "".join(lines).encode()


def NewCheckpointReader(filepattern):
    """A reader of the checkpoint with the prefix `filepattern`.

    It has get_variable_to_shape_map(), get_variable_to_dtype_map(), has_tensor(name),
    get_tensor(name) and debug_string().

    Raises NotFoundError, or DataLossError (with file and offset) for a damaged one.
    As in TF: tf.train.NewCheckpointReader.
    """
    return CheckpointReader(filepattern)


def load_checkpoint(ckpt_dir_or_file):
    """A reader of a checkpoint, or of the latest one in a directory.

    As in TF: tf.train.load_checkpoint.
    """
    path = _as_text(ckpt_dir_or_file)
    if os.path.isdir(path):
        found = latest_checkpoint(path)
        if found is None:
            raise ValueError(f"Couldn't find 'checkpoint' file or checkpoints in given directory "
                             f"{path}")
        path = found
    return CheckpointReader(path)


def load_variable(ckpt_dir_or_file, name):
    """The value of one variable, a NumPy array. As in TF: tf.train.load_variable."""
    return load_checkpoint(ckpt_dir_or_file).get_tensor(name.removesuffix(":0"))


def list_variables(ckpt_dir_or_file):
    """List of (name, shape), sorted by name. As in TF: tf.train.list_variables."""
    return sorted(load_checkpoint(ckpt_dir_or_file).get_variable_to_shape_map().items())


def checkpoint_exists(checkpoint_prefix):
    """True if there is a checkpoint with that prefix. As in TF: tf.train.checkpoint_exists."""
    return _file_of(checkpoint_prefix) is not None


def _file_of(prefix):
    """The file by which a checkpoint is known: of version 2 its index, of version 1 it."""
    prefix = _as_text(prefix)
    for path in prefix + ".index", prefix:
        if os.path.isfile(path):
            return path
    return None


def get_checkpoint_mtimes(checkpoint_prefixes):
    """List of the times, in seconds, at which checkpoints were written; missing ones left out.

    As in TF: tf.train.get_checkpoint_mtimes.
    """
    return [os.path.getmtime(_file_of(prefix))
            for prefix in checkpoint_prefixes if checkpoint_exists(prefix)]


def remove_checkpoint(checkpoint_prefix, checkpoint_format_version=None, meta_graph_suffix="meta"):
    """Deletes the files of a checkpoint, the index first: what is left is no checkpoint.

    Raises ValueError for checkpoint_format_version 1: delete its files with tf.gfile.Remove.
    As in TF: tf.train.remove_checkpoint.
    """
    if checkpoint_format_version not in (None, 2):
        raise ValueError(f"remove_checkpoint: checkpoint_format_version {checkpoint_format_version}"
                         " is not supported, only 2; delete the files with tf.gfile.Remove.")
    prefix = _as_text(checkpoint_prefix)
    directory, base = os.path.split(prefix)
    _remove(prefix + ".index")
    _remove(f"{prefix}.{meta_graph_suffix}")
    if os.path.isdir(directory or "."):
        for name in os.listdir(directory or "."):
            if name.startswith(base + ".data-"):
                _remove(os.path.join(directory, name))


def _remove(path):
    try:
        os.remove(path)
    except FileNotFoundError:
        pass


# -- the file `checkpoint` -----------------------------------------------------------------

def get_checkpoint_state(checkpoint_dir, latest_filename=None):
    """The CheckpointState of a directory, with absolute paths or those relative to here.

    Returns None if there is no such file. Has model_checkpoint_path and
    all_model_checkpoint_paths. DataLossError where the file cannot be read.
    As in TF: tf.train.get_checkpoint_state.
    """
    directory = _as_text(checkpoint_dir)
    path = os.path.join(directory, latest_filename or "checkpoint")
    try:
        with open(path, "rb") as file:
            data = file.read()
    except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
        return None
    try:
        state = parse_text("CheckpointState", data.decode(), path)
    except UnicodeDecodeError as error:
        raise errors.DataLossError(None, None, f"{path}, byte {error.start}: no text") from None
    if not state.model_checkpoint_path:
        raise errors.DataLossError(None, None, f"{path}: there is no model_checkpoint_path")
    state.model_checkpoint_path = os.path.join(directory, state.model_checkpoint_path)
    state.all_model_checkpoint_paths[:] = [
        os.path.join(directory, p) for p in state.all_model_checkpoint_paths]
    return state


def latest_checkpoint(checkpoint_dir, latest_filename=None):
    """The prefix of the latest checkpoint in a directory, or None.

    As in TF: tf.train.latest_checkpoint.
    """
    try:
        state = get_checkpoint_state(checkpoint_dir, latest_filename)
    except errors.DataLossError:
        return None
    if state is None or not checkpoint_exists(state.model_checkpoint_path):
        return None
    return state.model_checkpoint_path


def update_checkpoint_state(save_dir, model_checkpoint_path, all_model_checkpoint_paths=None,
                            latest_filename=None, all_model_checkpoint_timestamps=None,
                            last_preserved_timestamp=None, save_relative_paths=False):
    """Writes the file `checkpoint`: which is the latest, and which older ones there are.

    The file is the old or the new one at every instant.
    As in TF: tf.train.update_checkpoint_state.
    """
    state = generate_checkpoint_state_proto(
        save_dir, model_checkpoint_path, all_model_checkpoint_paths,
        all_model_checkpoint_timestamps, last_preserved_timestamp, save_relative_paths)
    path = os.path.join(_as_text(save_dir), latest_filename or "checkpoint")
    if path == state.model_checkpoint_path:
        raise RuntimeError(f"Save path '{path}' conflicts with path used for checkpoint state. "
                           "Please use a different save path.")
    write_file(path, to_text(state).encode())


def generate_checkpoint_state_proto(save_dir, model_checkpoint_path,
                                    all_model_checkpoint_paths=None,
                                    all_model_checkpoint_timestamps=None,
                                    last_preserved_timestamp=None, save_relative_paths=False):
    """The CheckpointState that update_checkpoint_state writes.

    As in TF: tf.train.generate_checkpoint_state_proto.
    """
    directory, latest = _as_text(save_dir), _as_text(model_checkpoint_path)
    paths = [_as_text(p) for p in all_model_checkpoint_paths or ()]
    if latest not in paths:
        paths.append(latest)
    if all_model_checkpoint_timestamps and len(all_model_checkpoint_timestamps) != len(paths):
        raise ValueError("Checkpoint timestamps, if provided, must match checkpoint paths "
                         f"provided: {len(all_model_checkpoint_timestamps)} and {len(paths)}.")
    if save_relative_paths or not os.path.isabs(directory):
        latest, *paths = [os.path.relpath(p, directory or ".") for p in (latest, *paths)]
    state = message("CheckpointState")(model_checkpoint_path=latest,
                                       all_model_checkpoint_paths=paths)
    state.all_model_checkpoint_timestamps.extend(all_model_checkpoint_timestamps or ())
    if last_preserved_timestamp is not None:
        state.last_preserved_timestamp = last_preserved_timestamp
    return state


def _as_text(path):
    path = os.fspath(path)
    return path.decode() if isinstance(path, bytes) else path
