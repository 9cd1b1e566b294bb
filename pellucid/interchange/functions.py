"""Function graphs as FunctionDefs of a GraphDef's library, and back.

In a function an input is called "x" if it is an argument, and "node:output:2" if it is the third
of the tensors that the output so called of a node stands for. Read next: import_graph.py.
"""

import re

from pellucid.core.dtypes import as_dtype, resource
from pellucid.core.function_graph import FunctionGraph, is_reference
from pellucid.core.graph import get_default_graph
from pellucid.core.shapes import Spec
from pellucid.core.tensor import Tensor
from pellucid.interchange.messages import message
from pellucid.interchange.op_signatures import signature
from pellucid.ops.control.functional import (
    build_call,
    build_if,
    build_while,
)
from pellucid.ops.control.if_gradient import output_of
from pellucid.ops.control.passing import identity

# -- writing -------------------------------------------------------------------------------

def name_functions(graph):
    """Gives each function graph below a graph a name; list of (operation, role, FunctionGraph)."""
    found, taken, seen = [], set(), set()
    stack = [graph]
    while stack:
        for op in stack.pop().get_operations():
            for role in (*op.subgraphs, *op.functions):
                inner = getattr(op, role)
                if inner in seen:
                    continue
                seen.add(inner)
                base = re.sub(r"\W", "_", f"{op.name}_{role}")
                name, count = base, 0
                while name in taken:
                    count += 1
                    name = f"{base}_{count}"
                taken.add(name)
                inner.function_name = name
                found.append((op, role, inner))
                stack.append(inner)
    return found


def write_library(graph, library, write_node):
    """Fills a FunctionDefLibrary with the function graphs below a graph."""
    for op, role, inner in name_functions(graph):
        write_function(op, role, inner, library.function.add(), write_node)


def write_function(op, role, graph, function, write_node):
    """Fills a FunctionDef with a function graph of an operation."""
    about = function.signature
    about.name, about.is_stateful = graph.function_name, graph.has_effect
    names = {}
    for i, tensor in enumerate(graph.inputs):
        argument = about.input_arg.add()
        argument.name, argument.type = f"arg_{i}", _type(tensor)
        argument.is_ref = tensor.op.returns_ref
        names[tensor] = argument.name
    for inner in graph.get_operations():
        if inner.outputs and inner.outputs[0] in names:
            continue
        node = function.node_def.add()
        write_node(inner, node)
        del node.input[:]
        node.input.extend([names[t] for t in inner.input_nodes])
        node.input.extend([f"^{c.name}" for c in inner.control_inputs])
        names.update(zip(inner.outputs, _output_names(inner, node), strict=True))
    outputs = list(graph.outputs)
    if role == "body":                   # TensorFlow's loops return what they use from outside
        outputs += graph.inputs[len(outputs):]
    for i, tensor in enumerate(outputs):
        result = about.output_arg.add()
        result.name, result.type = f"result_{i}", _type(tensor)
        function.ret[result.name] = names[tensor]


def _type(tensor):
    return tensor.spec.dtype.as_datatype_enum


def _output_names(op, node):
    """What a function calls the outputs of one of its operations, which `node` is written as."""
    declared = signature(op.type) if op.op_type else None
    if declared is None:
        return [f"{op.name}:output:{i}" for i in range(len(op.outputs))]
    names, lists = [], [a for a in declared.outputs if a.number or a.types]
    rest = len(op.outputs) - len(declared.outputs) + len(lists)
    for argument in declared.outputs:
        count = 1
        if argument in lists:                # how long it is an attribute says; if it is the only
            count = rest if len(lists) == 1 else _length(node, argument)     # one, so do outputs
        names += [f"{op.name}:{argument.name}:{i}" for i in range(count)]
    if op.subgraphs and op.subgraphs[-1] == "body":
        return names[:len(op.outputs)]
    return names


def _length(node, argument):
    """How many tensors an output is that is a list: a number, or as many as there are types."""
    if argument.number:
        return node.attr[argument.number].i
    return len(node.attr[argument.types].list.type)


# -- reading -------------------------------------------------------------------------------

ROLES = {"If": ("then_branch", "else_branch"), "StatelessIf": ("then_branch", "else_branch"),
         "While": ("cond", "body"), "StatelessWhile": ("cond", "body"),
         "PartitionedCall": ("f",), "StatefulPartitionedCall": ("f",)}
DEEPEST = 64                        # functions that call one another
MOST_COPIES = 20_000                # nodes in all calls together, beyond ten of each: a call copies


class Library:
    """The functions of a GraphDef, built as function graphs where they are called."""

    def __init__(self, library, importer):
        self.functions = {f.signature.name: f for f in library.function}
        self.importer = importer        # class that builds nodes, see import_graph.py
        self._active, self._built = [], 0
        self._most = MOST_COPIES + 10 * sum(len(f.node_def) for f in library.function)

    def types(self):
        """Every node of every function: for the report of missing types."""
        for function in self.functions.values():
            yield from function.node_def

    def graphs(self, node, op_class, attrs, inputs):
        """{attribute: FunctionGraph} of a node of a type that calls functions itself."""
        found = {}
        for role, given in op_class.called_with(attrs, inputs).items():
            name = node.attr[role].func.name
            function = self.functions.get(name)
            arguments = function.signature.input_arg if function is not None else ()
            if len(given) != len(arguments):         # it is not known what the elements are
                used = [t for t in given if isinstance(t, Tensor)]
                first = arguments[:max(len(arguments) - len(used), 0)]
                given = [*[Spec(as_dtype(a.type), None) for a in first], *used]
            found[role] = graph = self._graph(name, given)
            for tensor, inner in zip(given, graph.inputs, strict=True):
                if not inner.op.is_ref:
                    continue
                if tensor in graph.captures:
                    raise ValueError(f"the function {name!r} is given {tensor.name!r} twice")
                graph.captures[tensor] = inner
        return found

    def build(self, node, inputs, name):
        """The outputs of a node that calls functions: one for each of TensorFlow's."""
        roles = ROLES.get(node.op)
        if roles is None:                                   # the type is a function's name
            return self._call(node.op, inputs, name)
        names = [node.attr[role].func.name for role in roles]
        if roles == ("f",):
            return self._call(names[0], inputs, name)
        if roles[0] == "cond":
            return self._while(names, inputs, name)
        common = node.attr["_results"].i if "_results" in node.attr else None
        return self._if(names, inputs, name, common)

    def _if(self, names, inputs, name, common):
        """An If; of old_branches.py, whose first results are of both branches, if not None."""
        branches = [self._graph(f, inputs[1:]) for f in names]
        kept = [graph.outputs[common:] if common is not None else [] for graph in branches]
        for graph in branches:
            graph.outputs = graph.outputs[:common]
        op = build_if(inputs[0], *branches, inputs[1:], name=name)
        op.ref_inputs += tuple([i for i, t in enumerate(inputs) if i and t.op.returns_ref])
        results = list(op.outputs)
        return results + [output_of(op, position, tensor)
                          for position, tensors in enumerate(kept) for tensor in tensors]

    def _call(self, function, inputs, name):
        return list(build_call(self._graph(function, inputs), inputs, name=name).outputs)

    def _while(self, names, inputs, name):
        """A While; what the body returns as it got it is a constant of the loop."""
        cond, body = [self._graph(f, inputs, loop=True) for f in names]
        if len(body.outputs) != len(inputs):
            raise ValueError(f"the body {names[1]!r} returns {len(body.outputs)} values for "
                             f"{len(inputs)} loop variables")
        same = {i for i, (a, b) in enumerate(zip(body.inputs, body.outputs, strict=True))
                if a is b}
        moving = [i for i in range(len(inputs)) if i not in same]
        if not moving:
            raise ValueError("no loop variable changes")
        constants = {}                                      # tensor -> its argument's number
        for i in sorted(same):
            tensor = identity(inputs[i]) if inputs[i] in constants else inputs[i]
            constants[tensor] = i
        for graph in (cond, body):
            graph.captures.update((t, graph.inputs[i]) for t, i in constants.items())
            graph.inputs = [graph.inputs[i] for i in (*moving, *constants.values())]
        body.outputs = [body.outputs[i] for i in moving]
        op = build_while(cond, body, [inputs[i] for i in moving], name=name)
        ends = dict(zip(moving, op.outputs, strict=True))
        return [inputs[i] if i in same else ends[i] for i in range(len(inputs))]

    def _graph(self, name, inputs, loop=False):
        function = self.functions.get(name)
        if function is None:
            raise ValueError(f"the library has no function {name!r}")
        if name in self._active or len(self._active) >= DEEPEST:
            raise ValueError(f"function {name!r} calls itself, or {DEEPEST} functions call one "
                             "another")
        self._built += len(function.node_def)
        if self._built > self._most:
            raise ValueError(f"its calls of functions come to more than {self._most} nodes")
        arguments = function.signature.input_arg
        if len(arguments) != len(inputs):
            raise ValueError(f"function {name!r} takes {len(arguments)} inputs, not {len(inputs)}")
        graph = FunctionGraph(get_default_graph())
        self._active.append(name)
        try:
            with graph.as_default():
                self._fill(graph, function, inputs, loop)
        finally:
            self._active.pop()
        return graph

    def _fill(self, graph, function, inputs, loop):
        given = {}
        for argument, tensor in zip(function.signature.input_arg, inputs, strict=True):
            spec = tensor if isinstance(tensor, Spec) else tensor.spec
            inner = graph.argument(Spec(spec.dtype, spec.shape if not loop else None), "Argument")
            if spec is not tensor:
                inner.op.is_ref, inner.op.returns_ref = is_reference(tensor), tensor.op.returns_ref
            if argument.type and spec.dtype not in (None, as_dtype(argument.type).base_dtype) and (
                    as_dtype(argument.type).base_dtype is not resource):
                raise ValueError(f"the argument {argument.name!r} of a function is of type "
                                 f"{as_dtype(argument.type).name}, not {spec.dtype.name}")
            given[f"{argument.name}:0"] = inner
        graph_def = message("GraphDef")()
        nodes = {node.name: node for node in function.node_def}
        for node in function.node_def:
            new = graph_def.node.add()
            new.CopyFrom(node)
            new.input[:] = [_plain_input(text, given, nodes, self.functions) for text in node.input]
        results = [_plain_input(function.ret[result.name], given, nodes, self.functions)
                   for result in function.signature.output_arg]
        # Arguments are in input_map under their names; not all need be used.
        found = self.importer(graph_def, given, None, self).run("", results, partly=True)
        graph.outputs = [t if t.op.graph is graph else graph.capture(t) for t in found]


def _plain_input(text, given, nodes, functions):
    """An input of a function's node as a graph writes it: "node:3"."""
    if text.startswith("^"):
        return text
    name, _, rest = text.partition(":")
    if rest.isdecimal():                                # of old_control_flow.py
        return text
    if f"{name}:0" in given and not rest:
        return f"{name}:0"
    node = nodes.get(name)
    if node is None:
        raise ValueError(f"Unknown input {text!r} in a function")
    if not rest:
        return text
    wanted, _, index = rest.partition(":")
    position = int(index) if index.isdecimal() and len(index) < 10 else 0
    function = functions.get(node.op)
    if function is not None:
        names = [a.name for a in function.signature.output_arg]
        return f"{name}:{names.index(wanted) if wanted in names else position}"
    declared = signature(node.op)
    if declared is None:
        return f"{name}:{position}"
    for argument in declared.outputs:
        if argument.name == wanted:
            return f"{name}:{position}"
        position += (node.attr[argument.number].i if argument.number else
                     len(node.attr[argument.types].list.type) if argument.types else 1)
    raise ValueError(f"Unknown input {text!r} in a function: {node.op} has no output {wanted!r}")


