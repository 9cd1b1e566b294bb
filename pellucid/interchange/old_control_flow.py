"""TensorFlow's first control flow, as If and While: the only module that knows it.

A branch was made of Switch nodes, which send a value one of two ways, and Merge nodes, which pass
on whichever arrives. A loop was a circle: Enter, Merge, Switch, the body, NextIteration, back to
Merge; and Exit. Here each such circle becomes a While node and two functions, the innermost
first, and each group of Merge nodes an If. Stacks and TensorArrays have become lists of tensors
before (old_state.py, old_arrays.py). What follows is the import of any graph with functions
(functions.py).
"""

from pellucid.interchange.messages import message
from pellucid.interchange.old_arrays import ARRAYS, arrays_as_lists
from pellucid.interchange.old_branches import Arguments, add_function, branches_as_ifs
from pellucid.interchange.old_nodes import (
    VARIANT,
    consumers_of,
    copy_of,
    data_inputs,
    full,
    leaving,
    new_node,
    source_of,
    switch_above,
    unused,
)
from pellucid.interchange.old_state import STATE, pass_state

OLD = frozenset(("Switch", "RefSwitch", "Merge", "RefMerge", "Enter", "RefEnter", "Exit", "RefExit",
                 "NextIteration", "RefNextIteration", "LoopCond"))
CONVERTED = OLD | STATE | ARRAYS.keys()       # types that a graph may have, and no more after it


def convert(graph_def):
    """The same GraphDef with If and While; ValueError where nodes form no loop or branch."""
    result = message("GraphDef")()
    result.CopyFrom(graph_def)
    try:
        converter = _Converter(result)
        pass_state(converter.nodes)
        arrays_as_lists(converter.nodes)
        converter.loops()
        nodes = branches_as_ifs(converter.nodes, result.library)
    except (LookupError, StopIteration) as error:
        raise ValueError("its branches and loops (control flow of TensorFlow's first kind) are "
                         f"not complete: {error!r}") from error
    del result.node[:]
    result.node.extend(nodes.values())
    return result


class _Converter:
    def __init__(self, graph_def):
        self.library = graph_def.library
        self.nodes = {node.name: copy_of(node) for node in graph_def.node}
        for node in self.nodes.values():
            node.op = {"RefSwitch": "Switch", "RefMerge": "Merge", "RefEnter": "Enter",
                       "RefExit": "Exit", "RefNextIteration": "NextIteration"}.get(
                           node.op, node.op)

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
            consumers = consumers_of(self.nodes)
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
            nodes[source_of(t)].op == "NextIteration" for t in data_inputs(nodes[n]))]
        position = {name: i for i, name in enumerate(nodes)}
        merges.sort(key=lambda node: position[node.name])
        loop_cond = [nodes[n] for n in inside if nodes[n].op == "LoopCond"]
        if len(loop_cond) != 1 or not merges:
            raise ValueError(f"the loop of {enters[0].name!r} has {len(loop_cond)} conditions "
                             f"(LoopCond) and {len(merges)} loop variables")
        arguments, firsts, following, exits = {}, [], [], {}
        for i, merge in enumerate(merges):
            sources = [nodes[source_of(t)] for t in data_inputs(merge)]
            firsts.append(next(s for s in sources if s.op == "Enter").input[0])
            following.append(next(s for s in sources if s.op == "NextIteration").input[0])
            arguments[f"{merge.name}:0"] = f"arg_{i}"
            for name in inside:
                node = nodes[name]
                if node.op == "Switch" and full(node.input[0]) == f"{merge.name}:0":
                    arguments[f"{name}:1"] = f"arg_{i}"
                    exits[name] = i
        started = {source_of(t) for m in merges for t in data_inputs(m)}
        for enter in enters:
            if enter.name not in started:
                arguments[f"{enter.name}:0"] = f"arg_{len(firsts)}"
                firsts.append(enter.input[0])
        outside = Arguments(arguments, firsts)
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
        loop = new_node(unused(nodes, f"{name}/While"), "While", [*firsts, *sorted(controls)])
        loop.attr["T"].list.type.extend([VARIANT] * len(firsts))
        loop.attr["cond"].func.name = cond.signature.name
        loop.attr["body"].func.name = body.signature.name
        ends = [n for n in nodes.values() if n.op == "Exit" and source_of(n.input[0]) in inside]
        for node in ends:
            nodes[node.name] = new_node(node.name, "Identity",
                                     [f"{loop.name}:{exits[leaving(node, nodes)[0]]}"])
        for n in inside:
            del nodes[n]
        nodes[loop.name] = loop

    def _function(self, name, inside, outside, results):
        """A function of the nodes that some results need, added to the library."""
        nodes, needed, stack = self.nodes, {}, [full(t) for t in results]
        while stack:
            text = stack.pop()
            source = source_of(text)
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
            stack += [t if t.startswith("^") else full(t) for t in node.input]
        copies = {}
        for source in [n for n in nodes if n in needed]:
            copy = copies[source] = copy_of(nodes[source])
            copy.input[:] = [t for t in copy.input if not t.startswith("^") or t[1:] in needed]
        # The arguments stand in as nodes while branches inside are converted.
        stand_ins = dict(outside.arguments)
        for copy in copies.values():
            copy.input[:] = [stand_ins.get(full(t), t) if not t.startswith("^") else t
                             for t in copy.input]
        wanted = [stand_ins.get(full(t), t) for t in results]
        above = switch_above(wanted, copies)
        if above is not None:
            raise ValueError(f"in the loop {name!r}, {wanted[0]!r} comes from Switch "
                             f"{source_of(above)!r}, whose branch ends outside of the loop: loops "
                             "in branches in loops are not supported with their gradients")
        copies = branches_as_ifs(copies, self.library)
        return add_function(self.library, name, copies.values(), wanted, len(outside.firsts))


def _reached(starts, consumers, nodes):
    """Names of the nodes that some nodes lead to, with them; up to where loops end (Exit)."""
    found, stack = set(), [node.name for node in starts]
    while stack:
        name = stack.pop()
        if name in found or nodes[name].op == "Exit":
            continue
        found.add(name)
        stack += consumers.get(name, ())
    return found
