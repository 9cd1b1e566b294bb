"""TensorFlow's first control flow, as If and While: the only module that knows it.

A branch was made of Switch nodes, which send a value one of two ways, and Merge nodes, which pass
on whichever arrives. A loop was a circle: Enter, Merge, Switch, the body, NextIteration, back to
Merge; and Exit. Here each such circle becomes a While node and two functions, the innermost
first, and each group of Merge nodes an If. TensorArrays become lists of tensors. What follows is
the import of any graph with functions (functions.py).
"""

from pellucid.interchange.messages import message

OLD = frozenset(("Switch", "RefSwitch", "Merge", "RefMerge", "Enter", "RefEnter", "Exit", "RefExit",
                 "NextIteration", "RefNextIteration", "LoopCond"))
_INT32, _VARIANT = 3, 21


def convert(graph_def):
    """The same GraphDef with If and While; ValueError where nodes form no loop or branch."""
    result = message("GraphDef")()
    result.CopyFrom(graph_def)
    try:
        converter = _Converter(result)
        converter.arrays()
        converter.loops()
        nodes = converter.branches(converter.nodes)
    except (LookupError, StopIteration) as error:
        raise ValueError("its branches and loops (control flow of TensorFlow's first kind) are "
                         f"not complete: {error!r}") from error
    del result.node[:]
    result.node.extend(nodes.values())
    return result


class _Converter:
    def __init__(self, graph_def):
        self.library = graph_def.library
        self.nodes = {node.name: _copy(node) for node in graph_def.node}
        for node in self.nodes.values():
            node.op = {"RefSwitch": "Switch", "RefMerge": "Merge", "RefEnter": "Enter",
                       "RefExit": "Exit", "RefNextIteration": "NextIteration"}.get(
                           node.op, node.op)

    # -- TensorArrays ----------------------------------------------------------------------

    def arrays(self):
        """TensorArray nodes as nodes on lists; the handle and the flow both become the list."""
        for node in list(self.nodes.values()):
            rule = _ARRAYS.get(node.op)
            if rule is None:
                continue
            controls = [t for t in node.input if t.startswith("^")]
            inputs = [t for t in node.input if not t.startswith("^")]
            shape = node.attr["element_shape"] if "element_shape" in node.attr else None
            dtype = node.attr["dtype" if "dtype" in node.attr else "T"].type
            node.op, order = rule
            constants = {"shape": lambda node=node, shape=shape: self._shape(node, shape),
                         "empty": lambda node=node: self._empty(node)}
            node.input[:] = [inputs[o] if isinstance(o, int) else constants[o]()
                             for o in order] + controls
            node.attr.clear()
            if dtype:
                node.attr["element_dtype"].type = dtype
            if "shape" in order:
                node.attr["Tshape" if node.op == "TensorListGetItem" else
                          "shape_type"].type = _INT32
                if node.op in ("TensorListStack", "TensorListGather"):
                    del node.attr["shape_type"]
        for node in self.nodes.values():
            for i, text in enumerate(node.input):
                source, _, index = text.partition(":")
                if index == "1" and source in self.nodes and (
                        self.nodes[source].op == "TensorListReserve"):
                    node.input[i] = source

    def _shape(self, node, shape):
        """A constant of an element shape, -1 for what is unknown."""
        known = shape is not None and not shape.shape.unknown_rank
        dims = [d.size for d in shape.shape.dim] if known else -1
        return self._constant(f"{node.name}/element_shape", dims, _INT32)

    def _empty(self, node):
        return self._constant(f"{node.name}/leading_dims", [], 9)

    def _constant(self, name, value, enum):
        import numpy as np

        from pellucid.interchange.tensors import array_to_proto
        while name in self.nodes:
            name += "_"
        node = self.nodes[name] = message("NodeDef")()
        node.name, node.op = name, "Const"
        node.attr["dtype"].type = enum
        array_to_proto(np.array(value, np.int32 if enum == _INT32 else np.int64),
                       node.attr["value"].tensor)
        return name

    # -- loops -----------------------------------------------------------------------------

    def loops(self):
        """Every loop as a While, those without loops in them first."""
        while True:
            frames = {}
            for node in self.nodes.values():
                if node.op == "Enter":
                    frames.setdefault(node.attr["frame_name"].s, []).append(node)
            if not frames:
                break
            consumers = _consumers(self.nodes)
            inside = {frame: _reached(enters, consumers, self.nodes)
                      for frame, enters in frames.items()}
            innermost = [f for f, names in inside.items() if not any(
                self.nodes[name].op == "Enter" and self.nodes[name].attr["frame_name"].s != f
                for name in names)]
            if not innermost:
                raise ValueError("its loops (Enter) are in one another in a circle")
            for frame in innermost:
                self._loop(frames[frame], inside[frame])
        left = [n.name for n in self.nodes.values()
                if n.op in ("NextIteration", "LoopCond", "Exit")]
        if left:
            raise ValueError(f"{left[0]!r} is part of no loop")

    def _loop(self, enters, inside):
        nodes = self.nodes
        merges = [nodes[n] for n in inside if nodes[n].op == "Merge" and any(
            nodes[_source(t)].op == "NextIteration" for t in n_inputs(nodes[n]))]
        merges.sort(key=lambda node: list(nodes).index(node.name))
        loop_cond = [nodes[n] for n in inside if nodes[n].op == "LoopCond"]
        if len(loop_cond) != 1 or not merges:
            raise ValueError(f"the loop of {enters[0].name!r} has {len(loop_cond)} conditions "
                             f"(LoopCond) and {len(merges)} loop variables")
        arguments, firsts, following, exits = {}, [], [], {}
        for i, merge in enumerate(merges):
            sources = [nodes[_source(t)] for t in n_inputs(merge)]
            firsts.append(next(s for s in sources if s.op == "Enter").input[0])
            following.append(next(s for s in sources if s.op == "NextIteration").input[0])
            arguments[f"{merge.name}:0"] = f"arg_{i}"
            for name in inside:
                node = nodes[name]
                if node.op == "Switch" and _full(node.input[0]) == f"{merge.name}:0":
                    arguments[f"{name}:1"] = f"arg_{i}"
                    exits[f"{name}:0"] = i
        started = {_source(t) for m in merges for t in n_inputs(m)}
        for enter in enters:
            if enter.name not in started:
                arguments[f"{enter.name}:0"] = f"arg_{len(firsts)}"
                firsts.append(enter.input[0])
        outside = _Outside(arguments, firsts)
        name = enters[0].name.rpartition("/")[0] or enters[0].name
        cond = self._function(f"{name}_cond", inside, outside, [loop_cond[0].input[0]])
        body = self._function(f"{name}_body", inside, outside, following)
        while True:                                  # until both take all that either needs
            count = len(firsts)
            for function in (cond, body):
                self.library.function.remove(function)
            cond = self._function(f"{name}_cond", inside, outside, [loop_cond[0].input[0]])
            body = self._function(f"{name}_body", inside, outside, following)
            if count == len(firsts):
                break
        for i in range(len(merges), len(firsts)):
            result = body.signature.output_arg.add()
            result.name = f"result_{i}"
            body.ret[result.name] = f"arg_{i}"
        controls = {t for n in inside for t in nodes[n].input
                    if t.startswith("^") and t[1:] not in inside}
        controls |= {t for e in enters for t in e.input if t.startswith("^")}
        loop = _node(_unused(nodes, f"{name}/While"), "While", [*firsts, *sorted(controls)])
        loop.attr["T"].list.type.extend([_VARIANT] * len(firsts))
        loop.attr["cond"].func.name = cond.signature.name
        loop.attr["body"].func.name = body.signature.name
        leaving = [n for n in nodes.values() if n.op == "Exit" and _source(n.input[0]) in inside]
        for node in leaving:
            nodes[node.name] = _node(node.name, "Identity",
                                     [f"{loop.name}:{exits[_full(node.input[0])]}"])
        for n in inside:
            del nodes[n]
        nodes[loop.name] = loop

    def _function(self, name, inside, outside, results):
        """A function of the nodes that some results need, added to the library."""
        nodes, needed, stack = self.nodes, {}, [_full(t) for t in results]
        while stack:
            text = stack.pop()
            source = _source(text)
            if text in outside.arguments or source in needed:
                continue
            node = nodes.get(source)
            if node is None:
                raise ValueError(f"Unknown input node {text!r}")
            if text.startswith("^"):
                if source not in inside or node.op in OLD:
                    continue
            elif source not in inside and node.op != "Const":
                outside.add(text)
                continue
            needed[source] = node
            stack += [t if t.startswith("^") else _full(t) for t in node.input]
        copies = {}
        for source in [n for n in nodes if n in needed]:
            copy = copies[source] = _copy(nodes[source])
            copy.input[:] = [t for t in copy.input if not t.startswith("^") or t[1:] in needed]
        function = self.library.function.add()
        taken = {f.signature.name for f in self.library.function}
        function.signature.name = _unused(taken, "".join(
            c if c.isalnum() else "_" for c in name))
        # The arguments stand in as nodes while branches inside are converted.
        stand_ins = dict(outside.arguments)
        for copy in copies.values():
            copy.input[:] = [stand_ins.get(_full(t), t) if not t.startswith("^") else t
                             for t in copy.input]
        wanted = [stand_ins.get(_full(t), t) for t in results]
        copies = self.branches(copies)
        for i in range(len(outside.firsts)):
            function.signature.input_arg.add().name = f"arg_{i}"
        _fill(function, copies, wanted)
        return function

    # -- branches --------------------------------------------------------------------------

    def branches(self, nodes):
        """The nodes with each group of Merge nodes as an If; without Switch nodes."""
        order = _topological(nodes)
        done = set()
        for merge in [n for n in order if n.op == "Merge"]:
            if merge.name in done or merge.name not in nodes:
                continue
            pred = self._pred(merge, nodes)
            scope = merge.name.rpartition("/")[0]
            group = [n for n in order if n.op == "Merge" and n.name not in done
                     and n.name.rpartition("/")[0] == scope and self._pred(n, nodes) == pred]
            self._branch(pred, group, nodes)
            done.update(n.name for n in group)
        # What is left below a Switch was in a branch, and copied to its function.
        switches = [n for n in nodes.values() if n.op == "Switch"]
        for node in switches:
            _decides(node, nodes)                          # IndexError if it has no condition
        copied = _reached(switches, _consumers(nodes), nodes, stop="Merge")
        return {name: n for name, n in nodes.items() if name not in copied}

    def _pred(self, merge, nodes):
        """What the nearest Switch above a Merge decides by."""
        seen, stack = set(), list(merge.input)
        while stack:
            source = _source(stack.pop())
            node = nodes.get(source)
            if node is None or source in seen:
                continue
            seen.add(source)
            if node.op == "Switch":
                return _decides(node, nodes)
            stack += node.input
        raise ValueError(f"Merge {merge.name!r} is part of no branch: it has no Switch above it")

    def _branch(self, pred, merges, nodes):
        switches = {n.name for n in nodes.values() if n.op == "Switch" and (
            _decides(n, nodes) == pred)}
        inside = _reached([nodes[n] for n in switches], _consumers(nodes), nodes, stop="Merge")
        inside -= switches
        outside = _Outside({}, [])
        scope = merges[0].name.rpartition("/")[0] or merges[0].name
        functions = []
        for _ in range(2):                           # the second time, all arguments are known
            for function in functions:
                self.library.function.remove(function)
            functions = [self._taken(f"{scope}_{role}", way, merges, nodes, inside, switches,
                                     outside)
                         for way, role in ((1, "then"), (0, "else"))]
        new = _node(_unused(nodes, f"{scope}/If"), "If", [pred, *outside.firsts])
        new.attr["Tin"].list.type.extend([_VARIANT] * len(outside.firsts))
        new.attr["then_branch"].func.name, new.attr["else_branch"].func.name = [
            f.signature.name for f in functions]
        for i, merge in enumerate(merges):
            nodes[merge.name] = _node(merge.name, "Identity", [f"{new.name}:{i}"])
        nodes[new.name] = new

    def _taken(self, name, way, merges, nodes, inside, switches, outside):
        results = [n_inputs(merge)[way] for merge in merges]
        needed, stack = {}, list(results)
        while stack:
            text = stack.pop()
            source = _source(text)
            if source in needed or source in switches or source not in inside:
                continue
            needed[source] = nodes[source]
            stack += nodes[source].input

        def inner(text):
            source = _source(text)
            if source in needed:
                return text
            if source in switches:
                return outside.add(_full(nodes[source].input[0]))
            return outside.add(_full(text))
        copies = {}
        for source in [n for n in nodes if n in needed]:
            copy = copies[source] = _copy(nodes[source])
            copy.input[:] = [t if t.startswith("^") else inner(t) for t in copy.input
                             if not t.startswith("^") or t[1:] in needed]
        wanted = [inner(t) for t in results]
        function = self.library.function.add()
        function.signature.name = _unused({f.signature.name for f in self.library.function},
                                          "".join(c if c.isalnum() else "_" for c in name))
        for i in range(len(outside.firsts)):
            function.signature.input_arg.add().name = f"arg_{i}"
        _fill(function, copies, wanted)
        return function


class _Outside:
    """What a function takes: {what it is inside: argument}, and what each is outside."""

    def __init__(self, arguments, firsts):
        self.arguments, self.firsts = arguments, firsts

    def add(self, text):
        """The argument that stands for a tensor outside."""
        if text not in self.arguments:
            self.arguments[text] = f"arg_{len(self.firsts)}"
            self.firsts.append(text)
        return self.arguments[text]


# -- small words ---------------------------------------------------------------------------

# TensorArray type: (list type, its inputs as numbers of the array's: 0 handle, last flow)
_ARRAYS = {
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
CONVERTED = OLD | _ARRAYS.keys()              # types that a graph may have, and no more after it


def n_inputs(node):
    """The data inputs of a node."""
    return [t for t in node.input if not t.startswith("^")]


def _decides(switch, nodes):
    """What a Switch decides by, behind the Identity (pred_id) that each branch has."""
    text = _full(switch.input[1])
    for _ in nodes:
        node = nodes.get(_source(text))
        if node is None or node.op != "Identity":
            break
        text = _full(node.input[0])
    return text


def _source(text):
    return text.removeprefix("^").partition(":")[0]


def _full(text):
    return text if ":" in text or text.startswith("^") else f"{text}:0"


def _copy(node):
    copy = message("NodeDef")()
    copy.CopyFrom(node)
    return copy


def _node(name, op, inputs):
    node = message("NodeDef")()
    node.name, node.op = name, op
    node.input.extend(inputs)
    return node


def _unused(taken, name):
    found, count = name, 0
    while found in taken:
        count += 1
        found = f"{name}_{count}"
    return found


def _consumers(nodes):
    found = {}
    for node in nodes.values():
        for text in node.input:
            found.setdefault(_source(text), []).append(node.name)
    return found


def _reached(starts, consumers, nodes, stop="Exit"):
    """Names of the nodes that some nodes lead to, with them; up to those of the type `stop`."""
    found, stack = set(), [node.name for node in starts]
    while stack:
        name = stack.pop()
        if name in found or nodes[name].op == stop:
            continue
        found.add(name)
        stack += consumers.get(name, ())
    return found


def _topological(nodes):
    """The nodes, each after those it takes inputs from."""
    done, order = set(), []
    for first in nodes.values():
        stack = [(first, iter(first.input))]
        while stack:
            node, inputs = stack[-1]
            if node.name in done:
                stack.pop()
                continue
            for text in inputs:
                source = _source(text)
                if source in nodes and source not in done:
                    stack.append((nodes[source], iter(nodes[source].input)))
                    break
            else:
                done.add(node.name)
                order.append(node)
                stack.pop()
            if len(stack) > len(nodes):
                raise ValueError(f"Node {first.name!r} is in a cycle that is no loop")
    return order


def _fill(function, nodes, results):
    """Puts nodes into a FunctionDef; inputs are written as a graph writes them, "node:2"."""
    function.node_def.extend(nodes.values())
    for i, text in enumerate(results):
        result = function.signature.output_arg.add()
        result.name = f"result_{i}"
        function.ret[result.name] = _full(text)
