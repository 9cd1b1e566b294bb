"""A graph as a GraphDef message, and files of it. Read next: import_graph.py."""

import os

from pellucid.core.collector import collector_paused
from pellucid.core.graph import Graph
from pellucid.interchange.attributes import attributes_of, write_attribute
from pellucid.interchange.bundle import write_file
from pellucid.interchange.first_values import FirstValues, input_name, replace_inputs
from pellucid.interchange.functions import write_library
from pellucid.interchange.messages import message, to_text
from pellucid.interchange.tensors import shape_to_proto

PRODUCER = 134                       # the version of GraphDefs that TensorFlow 1.15 writes


def to_graph_def(graph, from_version=None, add_shapes=False):
    """The GraphDef of a graph.

    Args:
      graph: Graph.
      from_version: int, leave out the operations that the graph had at that `graph.version`.
      add_shapes: bool, write the static shapes too (attribute _output_shapes).

    Learners' own operations are nodes like others, which only a program that defines them runs.
    First values that depend on other variables have nodes more than the graph: first_values.py.
    As in TF: tf.Graph.as_graph_def.
    """
    result = message("GraphDef")()
    result.versions.producer = PRODUCER
    with collector_paused():
        write_library(graph, result.library, write_node)
        first_values = FirstValues(graph, write_node)
        for op in graph.get_operations()[from_version or 0:]:
            instead = first_values.write(op, result.node)
            node = result.node.add()
            write_node(op, node, add_shapes)
            if instead:
                replace_inputs(node, instead)
    return result


def to_node_def(op):
    """The NodeDef of an operation. As in TF: tf.Operation.node_def."""
    node = message("NodeDef")()
    write_node(op, node)
    return node


def write_node(op, node, add_shapes=False):
    """Fills a NodeDef with an operation."""
    node.name, node.op, node.device = op.name, op.type, op.device
    node.input.extend([input_name(t) for t in op.input_nodes])
    node.input.extend([f"^{c.name}" for c in op.control_inputs])
    for name, (kind, value) in attributes_of(op).items():
        write_attribute(node.attr[name], kind, value, f"{op.type} {op.name!r}")
    if op._gradient_type:
        node.attr["_gradient_op_type"].s = op._gradient_type.encode()
    if add_shapes and op.outputs:
        shapes = node.attr["_output_shapes"].list
        for tensor in op.outputs:
            shape_to_proto(tensor.spec.shape, shapes.shape.add())
        if op.subgraphs[-1:] == ("body",):          # in a file, what a loop uses is an output too
            for tensor in op.input_nodes[len(op.outputs):]:
                shape_to_proto(tensor.spec.shape, shapes.shape.add())


def empty_like(graph_def):
    """A GraphDef without nodes, with the functions and the version of another."""
    result = message("GraphDef")()
    result.library.MergeFromString(graph_def.library.SerializeToString())
    result.versions.MergeFromString(graph_def.versions.SerializeToString())
    return result


def write_graph(graph_or_graph_def, logdir, name, as_text=True):
    """Writes a Graph or GraphDef to the file logdir/name, and returns its path.

    As in TF: tf.io.write_graph, tf.train.write_graph.
    """
    graph_def = graph_or_graph_def
    if isinstance(graph_def, Graph):
        graph_def = to_graph_def(graph_def)
    os.makedirs(logdir, exist_ok=True)
    path = os.path.join(logdir, name)
    write_file(path, to_text(graph_def).encode() if as_text else graph_def.SerializeToString())
    return path
