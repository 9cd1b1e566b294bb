"""A MetaGraph: a graph, its collections, and which of its nodes save and restore it.

The file `prefix.meta` beside a checkpoint is one. Read next: transform.py.
"""

import os

from pellucid.core import errors
from pellucid.core.graph import GraphKeys, get_default_graph
from pellucid.core.tensor import Tensor
from pellucid.core.variable import Variable
from pellucid.interchange.bundle import write_file
from pellucid.interchange.collections import (
    is_inside,
    read_collections,
    register_proto_function,
    scoped,
    unscoped,
    write_collection,
)
from pellucid.interchange.graph_def import to_graph_def
from pellucid.interchange.import_graph import import_graph_def
from pellucid.interchange.messages import message, parse, parse_text, to_text
from pellucid.interchange.scoped_graph import of_other_savers, within, without
from pellucid.interchange.transform import strip_default_attrs as without_defaults
from pellucid.ops.state.partitioned_variables import SaveSliceInfo

# -- writing -------------------------------------------------------------------------------

def export_meta_graph(filename=None, meta_info_def=None, graph_def=None, saver_def=None,
                      collection_list=None, as_text=False, graph=None, export_scope=None,
                      clear_devices=False, clear_extraneous_savers=False,
                      strip_default_attrs=False, save_debug_info=False):
    """The MetaGraphDef of a graph, written to the file `filename` if given.

    Args:
      filename: str, or None.
      meta_info_def: MetaInfoDef, for its tags.
      graph_def: GraphDef in place of the graph's own.
      saver_def: SaverDef.
      collection_list: names of the collections to write; all by default.
      as_text: bool, the file in text form.
      graph: Graph, by default the default one.
      export_scope: str, write only the nodes and items in this name scope, their names without
        it. Inputs from outside are called "$unbound_inputs_..."; the collection unbound_inputs
        lists them, and import_meta_graph asks for them in input_map.
      clear_devices: bool, leave out the devices.
      clear_extraneous_savers: bool, leave out the nodes of Savers other than saver_def's.
      strip_default_attrs: bool, leave out attributes of nodes that have their default.
      save_debug_info: not supported.

    As in TF: tf.train.export_meta_graph.
    """
    if save_debug_info:
        raise NotImplementedError("export_meta_graph: save_debug_info is not supported; "
                                  "leave it out.")
    graph = graph or get_default_graph()
    if graph_def is None:
        graph_def = to_graph_def(graph, add_shapes=True)
    left_out, unbound = frozenset(), []
    if clear_extraneous_savers:
        left_out = of_other_savers(graph_def, saver_def)
        graph_def = without(graph_def, left_out)
    if export_scope:
        graph_def, unbound = within(graph_def, export_scope)
    meta = message("MetaGraphDef")()
    if meta_info_def is not None:
        meta.meta_info_def.CopyFrom(meta_info_def)
    meta.meta_info_def.tensorflow_version = "1.15.0"
    meta.graph_def.CopyFrom(graph_def)
    if clear_devices:
        for node in meta.graph_def.node:
            node.device = ""
    if saver_def is not None:
        meta.saver_def.CopyFrom(saver_def)
    for key in graph.get_all_collection_keys() if collection_list is None else collection_list:
        if clear_extraneous_savers and key == GraphKeys.SAVERS:
            if saver_def is not None:
                meta.collection_def[key].bytes_list.value.append(saver_def.SerializeToString())
        else:
            write_collection(meta, key, graph.get_collection(key), export_scope, left_out)
    write_collection(meta, _UNBOUND_INPUTS, unbound)
    if strip_default_attrs:
        without_defaults(meta)
    if filename:
        write_file(filename, to_text(meta).encode() if as_text else meta.SerializeToString())
    return meta


_UNBOUND_INPUTS = "unbound_inputs"


def variable_to_def(variable, export_scope=None):
    """The VariableDef of a variable, None if it is not in a scope that alone is exported.

    As in TF: tf.Variable.to_proto.
    """
    if not is_inside(variable, export_scope):
        return None

    def name(element):
        return unscoped(element.name, export_scope)

    result = message("VariableDef")(
        variable_name=name(variable), initializer_name=name(variable.initializer),
        snapshot_name=name(variable._snapshot), trainable=variable.trainable,
        is_resource=variable._variable.op.type == "VarHandleOp")
    if variable._initial_value is not None:
        result.initial_value_name = name(variable._initial_value)
    info = variable._save_slice_info
    if info is not None:
        result.save_slice_info_def.full_name = info.full_name
        for field in "full_shape", "var_offset", "var_shape":
            getattr(result.save_slice_info_def, field).extend(getattr(info, field))
    return result


# -- reading -------------------------------------------------------------------------------

def read_meta_graph(path):
    """The MetaGraphDef in a file, binary or text.

    Raises NotFoundError or DataLossError. As in TF: meta_graph.read_meta_graph_file.
    """
    path = os.fspath(path)
    try:
        with open(path, "rb") as file:
            data = file.read()
    except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
        raise OSError(f"File {path} does not exist.") from None
    try:
        return parse("MetaGraphDef", data, path)
    except errors.DataLossError:
        if not data[:200].isascii() or b"{" not in data:
            raise
    return parse_text("MetaGraphDef", data.decode("utf-8", "replace"), path)


def import_meta_graph_def(meta, clear_devices=False, import_scope=None, input_map=None,
                          return_elements=None):
    """Adds the nodes and collections of a MetaGraphDef to the default graph.

    Returns (list of the variables, list of the return_elements or None).
    """
    graph_def = meta.graph_def
    if clear_devices:
        graph_def = message("GraphDef").FromString(graph_def.SerializeToString())
        for node in graph_def.node:
            node.device = ""
    _check_bound(meta, input_map or {})
    info = meta.meta_info_def
    graph = get_default_graph()
    before = graph.get_name_scope()
    producer = info.stripped_op_list if info.HasField("stripped_op_list") else None
    elements = import_graph_def(graph_def, name=import_scope or "", input_map=input_map,
                                return_elements=return_elements, producer_op_list=producer)
    scope = f"{before}/{import_scope}" if before and import_scope else import_scope or ""
    found = read_collections(graph, meta, scope)
    variables = dict.fromkeys(v for key in sorted(VARIABLES & found.keys()) for v in found[key])
    return list(variables), elements


def _check_bound(meta, input_map):
    """Raises ValueError unless input_map says what stands for each input from outside."""
    if _UNBOUND_INPUTS in meta.collection_def:
        names = [name.decode(errors="replace")
                 for name in meta.collection_def[_UNBOUND_INPUTS].bytes_list.value]
        missing = [name for name in names if name not in input_map]
        if missing:
            raise ValueError("Graph contains unbound inputs: " + ", ".join(missing) + ". Must "
                             "provide these inputs through input_map.")


def variable_from_def(definition, scope=""):
    """The Variable whose nodes are already in a graph. As in TF: tf.Variable.from_proto.

    Raises ValueError where the graph has no such nodes.
    """
    graph = get_default_graph()

    def element(name):
        try:
            return graph.as_graph_element(scoped(name, scope))
        except (KeyError, ValueError) as error:
            raise ValueError(f"Variable {definition.variable_name!r}: {error}") from None

    variable = object.__new__(Variable)
    variable._variable = element(definition.variable_name)
    if not isinstance(variable._variable, Tensor):
        raise ValueError(f"Variable {definition.variable_name!r} names no tensor")
    variable._initializer_op = element(definition.initializer_name)
    variable._snapshot = element(definition.snapshot_name)
    variable._initial_value = (element(definition.initial_value_name)
                               if definition.initial_value_name else None)
    variable._trainable, variable.constraint = definition.trainable, None
    variable._save_slice_info = _slice_info(definition.save_slice_info_def) if (
        definition.HasField("save_slice_info_def")) else None
    return variable


def _slice_info(definition):
    return SaveSliceInfo(definition.full_name, list(definition.full_shape),
                         list(definition.var_offset), list(definition.var_shape))


# Collections whose items are written as VariableDef.
VARIABLES = frozenset({
    GraphKeys.GLOBAL_VARIABLES, GraphKeys.LOCAL_VARIABLES, GraphKeys.TRAINABLE_VARIABLES,
    GraphKeys.MODEL_VARIABLES, GraphKeys.MOVING_AVERAGE_VARIABLES, GraphKeys.METRIC_VARIABLES,
    GraphKeys.GLOBAL_STEP, GraphKeys.CONCATENATED_VARIABLES,
    GraphKeys.TRAINABLE_RESOURCE_VARIABLES})
for _key in VARIABLES:
    register_proto_function(_key, "VariableDef", variable_to_def, variable_from_def)
