"""First values that depend on other variables, written so that TensorFlow can compute them.

Here a variable that is read before its initializer ran takes its first value then. TensorFlow
refuses to read it; and all initializers of a graph run at once, in any order. So where the first
value of a variable depends on reads of others (the shadow of a moving average, say), a GraphDef
gets a second copy of that computation, in which each read is a branch, as in TensorFlow 1's own
`Variable.initialized_value`: the variable's value if it has one, or else what it starts with.
"""

from pellucid.core.traversal import post_order
from pellucid.core.variable import Assign


class FirstValues:
    """What is written before the initializers of a graph.

    Args:
      graph: Graph.
      write_node: function(operation, NodeDef) that fills the NodeDef.
    """

    def __init__(self, graph, write_node):
        self._write_node = write_node
        self._reads = {}                     # operation -> whether it depends on a read
        self._copies = {}                    # operation -> name of its copy
        self._names = {op.name.lower() for op in graph.get_operations()}

    def write(self, assign, nodes):
        """Adds to `nodes` what the initializer `assign` needs; {input: instead}."""
        value = _first_value(assign)
        if value is None:
            return {}
        for op in post_order([value.op], lambda op: () if op in self._reads else _needs(op)):
            if op in self._reads:
                continue
            self._reads[op] = _is_read(op) or any(self._reads[i] for i in _needs(op))
            if self._reads[op]:
                self._copies[op] = (self._branch if _is_read(op) else self._copy)(op, nodes)
        return self._instead([value])

    def _instead(self, tensors):
        return {input_name(t): input_name(t, self._copies[t.op])
                for t in tensors if t.op in self._copies}

    def _copy(self, op, nodes):
        node = nodes.add()
        self._write_node(op, node)
        node.name = self._unused(f"{op.name}/initialized")
        replace_inputs(node, self._instead(op.input_nodes))
        return node.name

    def _branch(self, read, nodes):
        """Adds the branch of TensorFlow's first control flow that stands for a read."""
        place = read.input_nodes[0].op
        scope = self._unused(f"{read.name}/cond")
        start = input_name(place.initial_value, self._copies.get(place.initial_value.op))
        kind = read.input_nodes[0].spec.dtype.as_datatype_enum
        for name, op_type, inputs in (
                ("pred_id", "IsVariableInitialized", [place.name]),
                ("read/Switch", "RefSwitch", [place.name, f"{scope}/pred_id"]),
                ("read", "Identity", [f"{scope}/read/Switch:1"]),
                ("Switch_1", "Switch", [start, f"{scope}/pred_id"]),
                ("Merge", "Merge", [f"{scope}/Switch_1", f"{scope}/read"])):
            node = nodes.add()
            node.name, node.op = f"{scope}/{name}", op_type
            node.input.extend(inputs)
            node.attr["dtype" if name == "pred_id" else "T"].type = kind
        node.attr["N"].i = 2
        return node.name

    def _unused(self, name):
        found, i = name, 0
        while found.lower() in self._names:
            i += 1
            found = f"{name}_{i}"
        self._names.add(found.lower())
        return found


def replace_inputs(node, instead):
    """Renames inputs of a NodeDef, by {text: text}."""
    node.input[:] = [instead.get(text, text) for text in node.input]


def _first_value(assign):
    """The Tensor, if `assign` gives a variable its first value."""
    if not isinstance(assign, Assign):
        return None
    value = getattr(assign.input_nodes[0].op, "initial_value", None)
    return value if value is not None and assign.input_nodes[1] is value else None


def _is_read(op):
    if op.op_type != "Identity" or op.control_inputs:
        return False
    place = op.input_nodes[0].op
    return place.op_type == "VariableV2" and place.initial_value is not None


def _needs(op):
    """The operations that a first value which needs `op` needs too: for a read, what its
    variable starts with."""
    if _is_read(op):
        return [op.input_nodes[0].op.initial_value.op]
    return [t.op for t in op.input_nodes]


def input_name(tensor, node_name=None):
    """How a NodeDef names an input: the node, by default the tensor's own, and which output."""
    name = tensor.op.name if node_name is None else node_name
    return f"{name}:{tensor.value_index}" if tensor.value_index else name
