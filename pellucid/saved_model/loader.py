"""Reading SavedModels: TensorFlow 1's, and those of its later versions' v1 functions."""

import os

from pellucid.core import errors
from pellucid.interchange.collections import scoped
from pellucid.interchange.messages import parse, parse_text
from pellucid.saved_model import constants
from pellucid.training.saver import import_meta_graph

_INIT_OP_SIGNATURE = "__saved_model_init_op"          # where TensorFlow 2 notes the main op


def read(export_dir):
    """The SavedModel message in a directory.

    Raises OSError where there is none, DataLossError where its file is damaged.
    """
    export_dir = os.fsdecode(export_dir)
    for name, text in ((constants.SAVED_MODEL_FILENAME_PB, False),
                       (constants.SAVED_MODEL_FILENAME_PBTXT, True)):
        path = os.path.join(export_dir, name)
        if os.path.isfile(path):
            with open(path, "rb") as file:
                data = file.read()
            if text:
                return parse_text("SavedModel", data.decode("utf-8", "replace"), path)
            return parse("SavedModel", data, path)
    raise OSError(f"SavedModel file does not exist at: {export_dir}/"
                  f"{{{constants.SAVED_MODEL_FILENAME_PBTXT}|"
                  f"{constants.SAVED_MODEL_FILENAME_PB}}}")


def maybe_saved_model_directory(export_dir):
    """True if a directory holds a SavedModel.

    As in TF: tf.saved_model.loader.maybe_saved_model_directory.
    """
    export_dir = os.fsdecode(export_dir)
    return any(os.path.isfile(os.path.join(export_dir, name)) for name in (
        constants.SAVED_MODEL_FILENAME_PB, constants.SAVED_MODEL_FILENAME_PBTXT))


contains_saved_model = maybe_saved_model_directory


def load(sess, tags, export_dir, import_scope=None, **saver_kwargs):
    """Loads a graph of a SavedModel into a session, with its variables, and runs its main op.

    Args:
      sess: Session, whose graph the nodes join.
      tags: list of str, all the tags of the graph to load.
      export_dir: str, the directory.
      import_scope: str, prefix of all names.
      saver_kwargs: clear_devices, input_map, as of tf.train.import_meta_graph.

    Returns:
      MetaGraphDef, whose signature_def says what goes in and comes out.

    Raises RuntimeError where no graph has these tags, OSError where there is no SavedModel,
    DataLossError where a file is damaged, and what import_graph_def raises.
    As in TF: tf.saved_model.loader.load.
    """
    export_dir = os.fsdecode(export_dir)
    model = read(export_dir)
    meta = _tagged(model, {tags} if isinstance(tags, str) else set(tags))
    with sess.graph.as_default():
        saver = import_meta_graph(meta, import_scope=import_scope, **saver_kwargs)
        if saver is not None:
            variables = os.path.join(export_dir, constants.VARIABLES_DIRECTORY,
                                     constants.VARIABLES_FILENAME)
            if os.path.isfile(variables + ".index"):
                saver.restore(sess, variables)
        scope = "/".join(filter(None, [sess.graph.get_name_scope(), import_scope]))
        op = _main_op(sess.graph, meta, scope)
        if op is not None:
            feed = {scoped(name, scope): path for name, path in assets(meta, export_dir).items()}
            sess.run(op, feed)
    return meta


def _tagged(model, tags):
    for meta in model.meta_graphs:
        if set(meta.meta_info_def.tags) == tags:
            return meta
    found = [sorted(meta.meta_info_def.tags) for meta in model.meta_graphs]
    raise RuntimeError(f"MetaGraphDef associated with tags {', '.join(sorted(tags))!r} could not "
                       f"be found in SavedModel; it has graphs with the tags {found}. "
                       "`pellucid show DIRECTORY` lists what is there.")


def _main_op(graph, meta, scope):
    """The element of the graph to run after loading, or None."""
    if _INIT_OP_SIGNATURE in meta.signature_def:
        info = meta.signature_def[_INIT_OP_SIGNATURE].outputs.get(_INIT_OP_SIGNATURE)
        if info is not None and info.name:
            return graph.as_graph_element(scoped(info.name, scope))
    for key in constants.MAIN_OP_KEY, constants.LEGACY_INIT_OP_KEY:
        names = meta.collection_def[key].node_list.value if key in meta.collection_def else ()
        if len(names) > 1:
            raise RuntimeError(f"Expected exactly one SavedModel init op, but {key!r} has "
                               f"{len(names)}.")
        if names:
            return graph.as_graph_element(scoped(names[0], scope))
    return None


def assets(meta, export_dir):
    """{name of a tensor: path} of the files that a graph reads.

    Raises DataLossError for a name that leads out of the model's directory.
    """
    found = list(meta.asset_file_def)
    if constants.ASSETS_KEY in meta.collection_def:
        found += [parse("AssetFileDef", item.value, f"collection {constants.ASSETS_KEY}")
                  for item in meta.collection_def[constants.ASSETS_KEY].any_list.value]
    paths = {}
    for asset in found:
        directory = os.path.join(export_dir, constants.ASSETS_DIRECTORY)
        path = os.path.join(directory, asset.filename)
        if os.path.relpath(path, directory).split(os.sep)[0] == os.pardir:
            raise errors.DataLossError(
                None, None, f"{export_dir}: the asset {asset.filename!r} is not in the model")
        paths[asset.tensor_info.name] = path
    return paths
