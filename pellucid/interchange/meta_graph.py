"""A MetaGraph: a graph, its collections, and which of its nodes save and restore it.

The file `prefix.meta` beside a checkpoint is one. Read next: transform.py.
"""

import os

from pellucid.core import errors
from pellucid.core.graph import GraphKeys, get_default_graph
from pellucid.core.operation import Operation
from pellucid.core.tensor import Tensor
from pellucid.core.variable import Variable
from pellucid.interchange.attributes import plain_default, read_attribute
from pellucid.interchange.bundle import write_file
from pellucid.interchange.graph_def import to_graph_def
from pellucid.interchange.import_graph import import_graph_def
from pellucid.interchange.messages import message, parse, parse_text, to_text
from pellucid.interchange.op_signatures import REQUIRED, signature
from pellucid.ops.state.partitioned_variables import SaveSliceInfo

# Collections whose elements are written as VariableDef.
VARIABLES = frozenset({
    GraphKeys.GLOBAL_VARIABLES, GraphKeys.LOCAL_VARIABLES, GraphKeys.TRAINABLE_VARIABLES,
    GraphKeys.MODEL_VARIABLES, GraphKeys.MOVING_AVERAGE_VARIABLES, GraphKeys.METRIC_VARIABLES,
    GraphKeys.GLOBAL_STEP, GraphKeys.CONCATENATED_VARIABLES,
    GraphKeys.TRAINABLE_RESOURCE_VARIABLES})
# Collections that describe things of TensorFlow's which pellucid has none of.
_SKIPPED = frozenset({GraphKeys.COND_CONTEXT, GraphKeys.WHILE_CONTEXT, GraphKeys.QUEUE_RUNNERS})


# -- writing -------------------------------------------------------------------------------

def to_meta_graph_def(graph=None, graph_def=None, saver_def=None, collection_list=None,
                      meta_info_def=None, clear_devices=False):
    """The MetaGraphDef of a graph.

    Args:
      graph: Graph, by default the default one.
      graph_def: GraphDef to take in place of the graph's own.
      saver_def: SaverDef, or None.
      collection_list: names of the collections to write; all by default.
      meta_info_def: MetaInfoDef, for its tags.
      clear_devices: bool, leave out the devices.
    """
    graph = graph or get_default_graph()
    meta = message("MetaGraphDef")()
    if meta_info_def is not None:
        meta.meta_info_def.CopyFrom(meta_info_def)
    meta.meta_info_def.tensorflow_version = "1.15.0"
    meta.graph_def.CopyFrom(to_graph_def(graph, add_shapes=True)
                            if graph_def is None else graph_def)
    if clear_devices:
        for node in meta.graph_def.node:
            node.device = ""
    if saver_def is not None:
        meta.saver_def.CopyFrom(saver_def)
    for key in graph.get_all_collection_keys() if collection_list is None else collection_list:
        items = graph.get_collection(key)
        if items:
            write_collection(meta, key, items)
    return meta


def write_collection(meta, key, items):
    """Adds a collection to a MetaGraphDef, if its items can be written: graph elements,
    variables, numbers, texts, and what has a `to_proto` method."""
    collection = message("CollectionDef")()
    for item in items:
        if isinstance(item, Variable):
            if key in VARIABLES:
                collection.bytes_list.value.append(variable_to_def(item).SerializeToString())
            else:
                collection.node_list.value.append(item.name)
        elif isinstance(item, Tensor | Operation):
            collection.node_list.value.append(item.name)
        elif isinstance(item, bool | int):
            collection.int64_list.value.append(item)
        elif isinstance(item, float):
            collection.float_list.value.append(item)
        elif isinstance(item, str | bytes):
            collection.bytes_list.value.append(item.encode() if isinstance(item, str) else item)
        elif hasattr(item, "to_proto"):
            collection.bytes_list.value.append(item.to_proto().SerializeToString())
        else:
            return
    kind = collection.WhichOneof("kind")
    if kind and len(getattr(collection, kind).value) == len(items):      # one kind for all
        meta.collection_def[key].CopyFrom(collection)


def strip_default_attrs(meta):
    """Leaves out the attributes of nodes that have their default, and notes that in the message.

    A program that has an attribute which this one's reader does not know can be read then.
    """
    for node in meta.graph_def.node:
        declared = signature(node.op)
        for name, (kind, default) in (declared.attrs.items() if declared else ()):
            if name not in node.attr or default is REQUIRED or kind in ("tensor", "func"):
                continue
            if read_attribute(node.attr[name], kind) == plain_default(kind, default):
                del node.attr[name]
    meta.meta_info_def.stripped_default_attrs = True


def variable_to_def(variable):
    """The VariableDef of a variable. As in TF: tf.Variable.to_proto."""
    result = message("VariableDef")(
        variable_name=variable.name, initializer_name=variable.initializer.name,
        snapshot_name=variable._snapshot.name, trainable=variable.trainable,
        is_resource=variable._variable.op.type == "VarHandleOp")
    if variable._initial_value is not None:
        result.initial_value_name = variable._initial_value.name
    info = variable._save_slice_info
    if info is not None:
        result.save_slice_info_def.full_name = info.full_name
        for field in "full_shape", "var_offset", "var_shape":
            getattr(result.save_slice_info_def, field).extend(getattr(info, field))
    return result


def write_meta_graph(path, meta, as_text=False):
    """Writes a MetaGraphDef to a file."""
    write_file(path, to_text(meta).encode() if as_text else meta.SerializeToString())


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
    info = meta.meta_info_def
    graph = get_default_graph()
    before = graph.get_name_scope()
    producer = info.stripped_op_list if info.HasField("stripped_op_list") else None
    elements = import_graph_def(graph_def, name=import_scope or "", input_map=input_map,
                                return_elements=return_elements, producer_op_list=producer)
    scope = f"{before}/{import_scope}" if before and import_scope else import_scope or ""
    variables = {}                                   # serialized VariableDef -> Variable
    for key in sorted(meta.collection_def):
        if key not in _SKIPPED:
            _read_collection(graph, key, meta.collection_def[key], scope, variables)
    return list(variables.values()), elements


def _read_collection(graph, key, collection, scope, variables):
    kind = collection.WhichOneof("kind")
    if kind in (None, "any_list"):
        return
    for value in getattr(collection, kind).value:
        if kind == "node_list":
            try:
                value = graph.as_graph_element(scoped(value, scope))
            except (KeyError, ValueError) as error:
                raise ValueError(f"Collection {key!r}: {error}") from None
        elif kind == "bytes_list" and key in VARIABLES:
            if value not in variables:
                variables[value] = variable_from_def(
                    parse("VariableDef", value, f"collection {key!r}"), graph, scope)
            value = variables[value]
        graph.add_to_collection(key, value)


def variable_from_def(definition, graph, scope=""):
    """The Variable whose nodes are already in a graph. As in TF: tf.Variable.from_proto.

    Raises ValueError where the graph has no such nodes.
    """
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


def scoped(name, scope):
    """A name in a graph that was imported under `scope`."""
    if not scope:
        return name
    return f"^{scope}/{name[1:]}" if name.startswith("^") else f"{scope}/{name}"
