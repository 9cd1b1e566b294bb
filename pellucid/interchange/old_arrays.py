"""TensorArray nodes as nodes on lists: the handle and the flow both become the list.

Read next: old_control_flow.py.
"""

from pellucid.interchange.old_nodes import (
    INT32,
    INT64,
    constant,
    control_inputs,
    data_inputs,
    source_of,
)

# TensorArray type: (list type, its inputs as numbers of the array's: 0 handle, last flow)
ARRAYS = {
    "TensorArrayV3": ("TensorListReserve", ("shape", 0)),
    "TensorArrayReadV3": ("TensorListGetItem", (2, 1, "shape")),
    "TensorArrayWriteV3": ("TensorListSetItem", (3, 1, 2)),
    "TensorArrayGatherV3": ("TensorListGather", (2, 1, "shape")),
    "TensorArrayScatterV3": ("TensorListScatterIntoExistingList", (3, 2, 1)),
    "TensorArrayConcatV3": ("TensorListConcatV2", (1, "shape", "empty")),
    "TensorArraySplitV3": ("TensorListSplit", (1, "shape", 2)),
    "TensorArraySizeV3": ("TensorListLength", (1,)),
    "TensorArrayCloseV3": ("NoOp", ()),
}


def arrays_as_lists(nodes):
    """Rewrites {name: NodeDef} in place."""
    dynamic = {n.name for n in nodes.values() if n.op == "TensorArrayV3" and (
        n.attr["dynamic_size"].b)}
    for node in list(nodes.values()):
        if node.op in ARRAYS:
            _rewrite(node, nodes, dynamic)
    for node in nodes.values():
        for i, text in enumerate(node.input):
            source, _, index = text.partition(":")
            if index == "1" and source in nodes and nodes[source].op == "TensorListReserve":
                node.input[i] = source


def _rewrite(node, nodes, dynamic):
    inputs = data_inputs(node)
    shape = node.attr["element_shape"] if "element_shape" in node.attr else None
    dtype = node.attr["dtype" if "dtype" in node.attr else "T"].type
    grows = node.op == "TensorArrayWriteV3" and _root(node, nodes) in dynamic
    node.op, order = ARRAYS[node.op]
    constants = {"shape": lambda: _shape(node, shape, nodes),
                 "empty": lambda: constant(nodes, f"{node.name}/leading_dims", [], INT64)}
    node.input[:] = [inputs[o] if isinstance(o, int) else constants[o]()
                     for o in order] + control_inputs(node)
    node.attr.clear()
    if dtype:
        node.attr["element_dtype"].type = dtype
    if grows:
        node.attr["resize_if_index_out_of_bounds"].b = True
    if "shape" in order and node.op not in ("TensorListGetItem", "TensorListStack",
                                            "TensorListGather"):
        node.attr["shape_type"].type = INT32


def _shape(node, shape, nodes):
    """A constant of an element shape, -1 for what is unknown."""
    known = shape is not None and not shape.shape.unknown_rank
    dims = [d.size for d in shape.shape.dim] if known else -1
    return constant(nodes, f"{node.name}/element_shape", dims, INT32)


def _root(node, nodes):
    """The name of the node that made a handle."""
    name = source_of(node.input[0])
    for _ in nodes:
        if name not in nodes or nodes[name].op not in ("Enter", "Switch", "Identity"):
            break
        name = source_of(nodes[name].input[0])
    return name
