"""Changes to GraphDefs: cutting out, freezing, stripping. As in TF: tf.graph_util.

All of them return a new GraphDef and leave the given one as it is.
"""

import numpy as np

from pellucid.interchange.attributes import plain_default, read_attribute
from pellucid.interchange.graph_def import empty_like
from pellucid.interchange.import_graph import parse_input
from pellucid.interchange.op_signatures import REQUIRED, signature
from pellucid.interchange.tensors import array_to_proto


def extract_sub_graph(graph_def, dest_nodes):
    """The nodes of a GraphDef that `dest_nodes` depend on.

    Args:
      graph_def: GraphDef.
      dest_nodes: list of node names.

    Raises AssertionError for a name that is not in the graph.
    As in TF: tf.graph_util.extract_sub_graph.
    """
    if type(graph_def).DESCRIPTOR.full_name != "tensorflow.GraphDef":
        raise TypeError("graph_def must be a graph_pb2.GraphDef proto.")
    if isinstance(dest_nodes, str):
        raise TypeError("dest_nodes must be a list.")
    nodes = {node.name: node for node in graph_def.node}
    for name in dest_nodes:
        assert name in nodes, f"{name} is not in graph"
    needed, stack = set(dest_nodes), list(dest_nodes)
    while stack:
        for text in nodes[stack.pop()].input:
            source = parse_input(text)[0]
            assert source in nodes, f"{source} is not in graph"
            if source not in needed:
                needed.add(source)
                stack.append(source)
    result = empty_like(graph_def)
    for node in graph_def.node:
        if node.name in needed:
            result.node.add().MergeFromString(node.SerializeToString())
    return result


def convert_variables_to_constants(sess, input_graph_def, output_node_names,
                                   variable_names_whitelist=None, variable_names_blacklist=None):
    """A GraphDef in which variables are constants, with their values in a session.

    Args:
      sess: Session.
      input_graph_def: GraphDef, for example session.graph.as_graph_def().
      output_node_names: list of the names of the nodes to keep, with all they depend on.
      variable_names_whitelist: list of names of the only variables to convert; all by default.
      variable_names_blacklist: list of names of variables to leave.

    As in TF: tf.graph_util.convert_variables_to_constants.
    """
    graph_def = extract_sub_graph(input_graph_def, output_node_names)
    names = [node.name for node in graph_def.node if node.op in VARIABLES
             and (variable_names_whitelist is None or node.name in variable_names_whitelist)
             and (variable_names_blacklist is None or node.name not in variable_names_blacklist)]
    values = dict(zip(names, sess.run([f"{name}:0" for name in names]), strict=True)
                  ) if names else {}
    return with_constants(graph_def, values)


VARIABLES = ("Variable", "VariableV2", "VarHandleOp")


def with_constants(graph_def, values):
    """A GraphDef in which variables are constants.

    Args:
      graph_def: GraphDef.
      values: {name of a variable's node: array}.

    What reads a resource variable becomes what takes its value.
    """
    result = empty_like(graph_def)
    handles = {node.name for node in graph_def.node
               if node.name in values and node.op == "VarHandleOp"}
    for node in graph_def.node:
        if node.name in values:
            new = result.node.add(name=node.name, op="Const", device=node.device)
            new.attr["dtype"].type = node.attr["dtype"].type
            array_to_proto(_as_array(values[node.name]), new.attr["value"].tensor)
        elif node.input and node.input[0] in handles and node.op in _OF_VALUE:
            _of_value(node, result)
        else:
            result.node.add().CopyFrom(node)
    return result


def _as_array(value):
    return np.asarray(value, object if isinstance(value, bytes) else None)


# Operation types that read a resource variable, and what computes the same of its value.
_OF_VALUE = {"ReadVariableOp": "Identity", "ResourceGather": "GatherV2",
             "ResourceGatherNd": "GatherNd", "VariableShape": "Shape"}


def _of_value(node, result):
    """Adds the node that takes the value where `node` takes the variable."""
    new = result.node.add(name=node.name, op=_OF_VALUE[node.op], input=list(node.input),
                          device=node.device)
    attr = {"ReadVariableOp": {"T": "dtype"}, "VariableShape": {"out_type": "out_type"},
            "ResourceGather": {"Tparams": "dtype", "Tindices": "Tindices",
                               "batch_dims": "batch_dims"},
            "ResourceGatherNd": {"Tparams": "dtype", "Tindices": "Tindices"}}[node.op]
    for name, source in attr.items():
        if source in node.attr:
            new.attr[name].CopyFrom(node.attr[source])
    if node.op == "ResourceGather":
        axis = result.node.add(name=f"{node.name}/axis", op="Const")
        axis.attr["dtype"].type = 3
        array_to_proto(np.array(0, np.int32), axis.attr["value"].tensor)
        new.attr["Taxis"].type = 3
        new.input.insert(2, axis.name)


# Nodes that matter while training only.
_TRAINING = {"CheckNumerics"}
_PASSING = {"Identity"}


def remove_training_nodes(input_graph, protected_nodes=None):
    """A GraphDef without the nodes that only pass a value on (Identity, CheckNumerics).

    Args:
      input_graph: GraphDef.
      protected_nodes: list of names of nodes to keep.

    A node that others wait for (a control input), or that waits, stays.
    As in TF: tf.graph_util.remove_training_nodes.
    """
    protected = set(protected_nodes or ())
    awaited = {text[1:] for node in input_graph.node for text in node.input
               if text.startswith("^")}
    instead = {}                                    # name of a node left out -> its input
    for node in input_graph.node:
        if (node.op in _TRAINING | _PASSING and node.name not in protected | awaited
                and len(node.input) == 1 and not node.input[0].startswith("^")):
            instead[node.name] = node.input[0]
    result = empty_like(input_graph)
    for node in input_graph.node:
        if node.name not in instead:
            new = result.node.add()
            new.MergeFromString(node.SerializeToString())
            new.input[:] = [_follow(text, instead) for text in node.input]
    return result


def _follow(text, instead):
    seen = set()
    while (name := parse_input(text)[0]) in instead and not text.startswith("^"):
        if name in seen:
            raise ValueError(f"Node {name!r} is its own input, over others")
        seen.add(name)
        text = instead[name]
    return text


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


def tensor_shape_from_node_def_name(graph, input_name):
    """The TensorShape of a tensor; "x" stands for "x:0".

    As in TF: tf.graph_util.tensor_shape_from_node_def_name.
    """
    return graph.get_tensor_by_name(
        input_name if ":" in input_name else f"{input_name}:0").get_shape()
