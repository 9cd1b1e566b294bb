"""Writing SavedModels. Read next: loader.py."""

import filecmp
import os
import shutil

from pellucid.core import errors
from pellucid.core.graph import GraphKeys, get_default_graph
from pellucid.core.operation import Operation
from pellucid.core.tensor import Tensor
from pellucid.interchange.bundle import write_file
from pellucid.interchange.collections import write_collection
from pellucid.interchange.messages import message, to_text
from pellucid.interchange.transform import strip_default_attrs as stripped
from pellucid.ops.state.variables import global_variables
from pellucid.saved_model import constants, tag_constants
from pellucid.saved_model.signature_def_utils import predict_signature_def
from pellucid.saved_model.utils import build_tensor_info
from pellucid.training.saver import Saver


class SavedModelBuilder:
    """Collects the graphs of a SavedModel, then writes it.

    Args:
      export_dir: str, a directory that does not exist or is empty (AssertionError otherwise).

    As in TF: tf.saved_model.builder.SavedModelBuilder.
    """

    def __init__(self, export_dir):
        self._export_dir = os.fsdecode(export_dir)
        if os.path.isdir(self._export_dir) and os.listdir(self._export_dir):
            raise AssertionError(
                "Export directory already exists, and isn't empty. Please choose a different "
                "export directory, or delete all the contents of the specified directory: "
                f"{self._export_dir}")
        os.makedirs(self._export_dir, exist_ok=True)
        self._model = message("SavedModel")(
            saved_model_schema_version=constants.SAVED_MODEL_SCHEMA_VERSION)
        self._has_variables = False

    def add_meta_graph_and_variables(self, sess, tags, signature_def_map=None,
                                     assets_collection=None, legacy_init_op=None,
                                     clear_devices=False, main_op=None,
                                     strip_default_attrs=False, saver=None):
        """Adds the default graph, and writes the values of its variables in a session.

        Args:
          sess: Session.
          tags: list of str, by which the graph is found when loading.
          signature_def_map: {key: SignatureDef}.
          assets_collection: list of string Tensors, names of files to copy into the model.
          legacy_init_op, main_op: Operation to run after loading.
          clear_devices: bool, leave out the devices.
          strip_default_attrs: bool, leave out attributes that have their default.
          saver: Saver of the variables; one of all global variables by default.
        """
        if self._has_variables:
            raise AssertionError("Graph state including variables and assets has already been "
                                 "saved. Please invoke `add_meta_graph()` instead.")
        with sess.graph.as_default():
            saver = self._saver(saver)
            variables = os.path.join(self._export_dir, constants.VARIABLES_DIRECTORY)
            os.makedirs(variables, exist_ok=True)
            saver.save(sess, os.path.join(variables, constants.VARIABLES_FILENAME),
                       write_meta_graph=False, write_state=False)
            self._add(tags, signature_def_map, assets_collection, legacy_init_op, clear_devices,
                      main_op, strip_default_attrs, saver)
        self._has_variables = True

    def add_meta_graph(self, tags, signature_def_map=None, assets_collection=None,
                       legacy_init_op=None, clear_devices=False, main_op=None,
                       strip_default_attrs=False, saver=None):
        """Adds the default graph, which shares the variables written before.

        Arguments as of add_meta_graph_and_variables; AssertionError before that.
        """
        if not self._has_variables:
            raise AssertionError("Graph state including variables and assets has not been saved "
                                 "yet. Please invoke `add_meta_graph_and_variables()` first.")
        self._add(tags, signature_def_map, assets_collection, legacy_init_op, clear_devices,
                  main_op, strip_default_attrs, self._saver(saver))

    def save(self, as_text=False):
        """Writes the model, and returns the path of its file, bytes as in TensorFlow."""
        name = constants.SAVED_MODEL_FILENAME_PBTXT if as_text else (
            constants.SAVED_MODEL_FILENAME_PB)
        path = os.path.join(self._export_dir, name)
        write_file(path, to_text(self._model).encode() if as_text else
                   self._model.SerializeToString(deterministic=True))
        return path.encode()

    # -- parts -----------------------------------------------------------------------------

    def _saver(self, saver):
        return saver or Saver(global_variables() or None, sharded=True, allow_empty=True)

    def _add(self, tags, signatures, assets, legacy_init_op, clear_devices, main_op,
             strip_default_attrs, saver):
        if legacy_init_op is not None and main_op is not None:
            raise ValueError("Give legacy_init_op or main_op, not both.")
        for op in legacy_init_op, main_op:
            if op is not None and not isinstance(op, Operation | Tensor):
                raise TypeError(f"legacy_init_op and main_op must be Operations, not {op!r}")
        _check_signatures(signatures)
        graph = get_default_graph()
        tags = [tags] if isinstance(tags, str) else tags
        meta = saver.export_meta_graph(clear_devices=clear_devices)
        meta.meta_info_def.tags.extend(tags)
        for key, op in (constants.LEGACY_INIT_OP_KEY, legacy_init_op), (
                constants.MAIN_OP_KEY, main_op):
            if op is not None:
                write_collection(meta, key, [graph.as_graph_element(op)])
        for key, signature in (signatures or {}).items():
            meta.signature_def[key].MergeFromString(signature.SerializeToString())
        self._add_assets(meta, assets)
        if strip_default_attrs:
            stripped(meta)
        self._model.meta_graphs.add().CopyFrom(meta)

    def _add_assets(self, meta, tensors):
        """Copies the files that string constants name, and says in the graph which they are."""
        used = {}                                        # name in the model -> source
        for tensor in tensors or ():
            source = _asset_path(tensor)
            name = os.path.basename(source)
            number = 0
            while used.get(name, source) != source and not filecmp.cmp(used[name], source, False):
                number += 1
                name = f"{os.path.basename(source)}_{number}"
            used[name] = source
            asset = message("AssetFileDef")(filename=name)
            asset.tensor_info.name = build_tensor_info(tensor).name
            item = meta.collection_def[constants.ASSETS_KEY].any_list.value.add()
            item.type_url = "type.googleapis.com/tensorflow.AssetFileDef"
            item.value = asset.SerializeToString()
        if used:
            directory = os.path.join(self._export_dir, constants.ASSETS_DIRECTORY)
            os.makedirs(directory, exist_ok=True)
            for name, source in used.items():
                shutil.copyfile(source, os.path.join(directory, name))


def _asset_path(tensor):
    value = tensor.op.value if isinstance(tensor, Tensor) and tensor.op.type == "Const" else None
    if value is None or value.dtype != object or value.size != 1:
        raise ValueError(f"Asset path tensor {tensor!r} must be a constant, one text.")
    path = os.fsdecode(value.reshape(-1)[0])
    if not os.path.isfile(path):
        raise errors.NotFoundError(None, None, f"{path}; No such file or directory")
    return path


def _check_signatures(signatures):
    for key, signature in (signatures or {}).items():
        if key in ("__saved_model_init_op", "__saved_model_train_op"):
            raise KeyError(f"Key '{key}' is reserved for SavedModels themselves.")
        for info in (*signature.inputs.values(), *signature.outputs.values()):
            if not info.WhichOneof("encoding"):
                raise AssertionError(f"All TensorInfo protos used in the SignatureDefs must have "
                                     f"the name set; in {key!r} one has none.")


def simple_save(session, export_dir, inputs, outputs, legacy_init_op=None):
    """Writes a session's graph and variables as a SavedModel with one signature.

    Args:
      session: Session.
      export_dir: str, a directory that does not exist or is empty.
      inputs, outputs: {key: Tensor}.
      legacy_init_op: Operation to run after loading.

    As in TF: tf.saved_model.simple_save.
    """
    with session.graph.as_default():
        builder = SavedModelBuilder(export_dir)
        builder.add_meta_graph_and_variables(
            session, [tag_constants.SERVING],
            {"serving_default": predict_signature_def(inputs, outputs)},
            assets_collection=session.graph.get_collection(GraphKeys.ASSET_FILEPATHS),
            main_op=legacy_init_op, clear_devices=True)
        builder.save()
