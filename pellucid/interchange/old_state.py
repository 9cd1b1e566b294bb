"""What old graphs keep beside their values, as values: stacks, and gradients of TensorArrays.

The gradient of a loop of TensorFlow's first control flow runs backward over what the loop left on
stacks; it gathers gradients in arrays that nobody's output is. Here each stack and each such array
becomes a list that passes through the loops and branches where it is used: in by an Enter, out by
an Exit, as if the user had written it as a loop variable. What uses it then takes the list and
gives the next one. This is done before old_control_flow.py makes functions of the loops.
"""

from pellucid.interchange.old_nodes import (
    FLOAT,
    INT32,
    VARIANT,
    constant,
    consumers_of,
    control_inputs,
    data_inputs,
    decides,
    decides_a_loop,
    full,
    leaving,
    new_node,
    source_of,
    switch_above,
    topological,
    unused,
)

STACKS = {"StackV2", "StackPushV2", "StackPopV2", "StackCloseV2"}
_GRAD = "TensorArrayGradV3"
STATE = STACKS | {_GRAD, "ControlTrigger"}           # types that are no more afterwards
_FLOWS = {"TensorArrayWriteV3", "TensorArrayScatterV3", "TensorArraySplitV3"}


def pass_state(nodes):
    """Rewrites {name: NodeDef} in place. ValueError where a handle comes from elsewhere."""
    if not any(node.op in STATE for node in nodes.values()):
        return
    for node in nodes.values():
        if node.op in ("ControlTrigger", "StackCloseV2"):
            node.op = "NoOp"
            node.input[:] = control_inputs(node)
            node.attr.clear()
    frames = _Frames(nodes)
    order = {node.name: i for i, node in enumerate(topological(nodes, frames.inputs))}
    _redirect(nodes, _uses(nodes))             # which takes away the flows, that order said
    uses = _uses(nodes)                        # their ways, by what decides now
    consumers = consumers_of(nodes)
    for number, (state, found) in enumerate(uses.items()):
        found.sort(key=lambda use: order[use.node.name])
        _Weaver(nodes, frames, consumers, state, f"list_{number}").run(found)
    _remove_handles(nodes)


class _Use:
    """An operation on a stack or array, and the way of its handle to it, the outermost first:
    ("Enter", frame) or ("Switch", what decides, side)."""

    def __init__(self, node, path, root, grad):
        self.node, self.path, self.root, self.grad = node, path, root, grad


def _uses(nodes):
    """{("stack" or "grad", root, source): list of _Use}"""
    found = {}
    for node in nodes.values():
        handle = data_inputs(node)[:1]
        if not handle or not (node.op in STACKS or node.op.startswith("TensorArray")):
            continue
        if node.op in ("StackV2", "TensorArrayV3", _GRAD):
            continue
        use = _trace(nodes, node, handle[0])
        if use.root.op == "StackV2":
            found.setdefault(("stack", use.root.name, b""), []).append(use)
        elif use.grad is not None:
            key = "grad", use.root.name, use.grad.attr["source"].s
            found.setdefault(key, []).append(use)
    return found


def _trace(nodes, user, text):
    pushed = data_inputs(user)[1:] if user.op == "StackPushV2" else []
    around, grad = _decisions(nodes, switch_above(pushed, nodes)), None
    path, known = list(around), list(around.values())
    for _ in nodes:
        node = nodes.get(source_of(text))
        if node is None:
            raise ValueError(f"Unknown input node {text!r} of {user.name!r}")
        if node.op == "Enter":
            path.append(("Enter", node.attr["frame_name"].s))
            known.append(None)
        elif node.op == "Switch":
            around = _decisions(nodes, full(text))
            if around.keys() >= set(path):
                path, known = [], []
            more = [step for step in around if step not in path]
            path += more
            known += [around[step] for step in more]
        elif node.op == _GRAD and grad is None:
            grad = node
        elif node.op in ("StackV2", "TensorArrayV3"):
            # In a loop that is in a branch, the branch is not decided again.
            path = [step for i, step in enumerate(path)
                    if known[i] is None or known[i] not in known[i + 1:]]
            return _Use(user, path[::-1], node, grad)
        elif node.op != "Identity":
            break
        text = node.input[0]
    raise ValueError(f"the handle of {user.name!r} ({user.op}) comes from {node.name!r} "
                     f"({node.op}): such a stack or TensorArray, made in a loop and used by its "
                     "gradient, is not supported")


def _decisions(nodes, text):
    """{step of a way: what decides, outside of loops} of an output of a Switch, the innermost
    first: what decides may be computed in a branch itself."""
    found = {}
    while text is not None:
        switch = nodes[source_of(text)]
        step = "Switch", decides(switch, nodes), int(text.endswith(":1"))
        if step in found:
            break
        found[step] = decides(switch, nodes, through=("Identity", "Enter"))
        text = None if decides_a_loop(switch, nodes) else switch_above([step[1]], nodes)
    return found


class _Frames:
    """The loops: the condition of each, and what its Exits wait for."""

    def __init__(self, nodes):
        self.conditions, self.following, self._of_merge, self._nodes = {}, {}, {}, nodes
        for node in nodes.values():
            if node.op == "Merge":
                sources = [nodes[source_of(t)] for t in data_inputs(node)]
                enters = [s for s in sources if s.op == "Enter"]
                if enters:
                    frame = self._of_merge[node.name] = enters[0].attr["frame_name"].s
                    self.following.setdefault(frame, []).extend(
                        [s.name for s in sources if s.op == "NextIteration"])
        for node in nodes.values():
            if node.op == "Switch" and source_of(node.input[0]) in self._of_merge:
                cond = nodes[source_of(node.input[1])]
                if cond.op == "LoopCond":
                    self.conditions[self._of_merge[source_of(node.input[0])]] = cond.name

    def inputs(self, node):
        """What a node comes after, without the circles of loops: an Exit after all of its loop."""
        if node.op == "Merge":
            return [t for t in node.input
                    if self._nodes[source_of(t)].op != "NextIteration"]
        if node.op == "Exit":
            frame = self._of_merge.get(leaving(node, self._nodes)[1])
            return [*node.input, *self.following.get(frame, ())]
        return node.input


def _redirect(nodes, uses):
    """What took a popped value takes the second output now; what took a flow, nothing."""
    instead, flowing = {}, False
    for found in uses.values():
        for use in found:
            if use.node.op == "StackPopV2":
                instead[f"{use.node.name}:0"] = f"{use.node.name}:1"
            elif use.node.op == "StackPushV2":
                instead[f"{use.node.name}:0"] = use.node.input[1]
            elif use.node.op in _FLOWS:
                instead[f"{use.node.name}:0"], flowing = _NO_FLOW, True
            if use.grad is not None:
                instead[f"{use.grad.name}:1"], flowing = _NO_FLOW, True
    for node in nodes.values():
        node.input[:] = [t if t.startswith("^") else instead.get(full(t), t) for t in node.input]
    if flowing:
        constant(nodes, _NO_FLOW, 0.0, FLOAT)


_NO_FLOW = "no_flow"


class _Weaver:
    """Passes one stack or array of gradients through all that use it."""

    def __init__(self, nodes, frames, consumers, state, label):
        self.nodes, self.frames, self.consumers = nodes, frames, consumers
        (self.kind, self.root, _), self.label = state, label
        self.touched = False

    def run(self, uses):
        self.pass_through(uses, 0, self._first(uses))

    def _add(self, name, op, inputs, **types):
        node = new_node(unused(self.nodes, name), op, inputs)
        for attribute, number in types.items():
            node.attr[attribute].type = number
        self.nodes[node.name] = node
        return node.name

    def _first(self, uses):
        """The list before anything is done to it."""
        root = self.nodes[self.root]
        shape = constant(self.nodes, f"{self.root}/list_shape", -1, INT32)
        if self.kind == "stack":
            return self._add(f"{self.root}/list", "EmptyTensorList", [shape, shape],
                             element_dtype=root.attr["elem_type"].type, shape_type=INT32)
        array = self.root
        if root.attr["dynamic_size"].b:                    # as long as it is when it is complete
            array = data_inputs(uses[0].grad)[1]
            while self.nodes[source_of(array)].op in ("Enter", "Switch", "Identity"):
                array = self.nodes[source_of(array)].input[0]
        length = self._add(f"{self.root}/length", "TensorListLength", [array])
        return self._add(f"{self.root}/gradient", "TensorListReserve", [shape, length],
                         element_dtype=root.attr["dtype"].type, shape_type=INT32)

    def pass_through(self, uses, depth, current):
        """The list after some uses whose ways agree up to `depth`."""
        groups = {}
        for use in uses:
            step = use.path[depth][:2] if depth < len(use.path) else use
            groups.setdefault(step, []).append(use)
        for step, group in groups.items():
            if isinstance(step, _Use):
                current = getattr(self, f"_{self.kind}")(step.node, current)
            elif step[0] == "Enter":
                current = self._through_loop(step[1], group, depth, current)
            else:
                current = self._through_branch(step[1], group, depth, current)
        return current

    def _through_loop(self, frame, uses, depth, current):
        scope = self.frames.conditions[frame].rpartition("/")[0] or "loop"
        enter = self._add(f"{scope}/{self.label}/Enter", "Enter", [current], T=VARIANT)
        self.nodes[enter].attr["frame_name"].s = frame
        merge = self._add(f"{scope}/{self.label}/Merge", "Merge", [enter])
        switch = self._add(f"{scope}/{self.label}/Switch", "Switch",
                           [merge, self.frames.conditions[frame]])
        after = self.pass_through(uses, depth + 1, f"{switch}:1")
        following = self._add(f"{scope}/{self.label}/NextIteration", "NextIteration", [after])
        self.nodes[merge].input.append(following)
        return self._add(f"{scope}/{self.label}/Exit", "Exit", [switch])

    def _through_branch(self, pred, uses, depth, current):
        scope = self._scope_of_branch(pred, uses)
        switch = self._add(f"{scope}/{self.label}/Switch", "Switch", [current, pred])
        after = [self.pass_through([use for use in uses if use.path[depth][2] == side],
                                   depth + 1, f"{switch}:{side}") for side in (0, 1)]
        return self._add(f"{scope}/{self.label}_Merge", "Merge", after)

    def _scope_of_branch(self, pred, uses):
        """The scope of the Merge that the branch ends in: the two become one If."""
        stack, seen = [], set()
        for use in uses:
            stack += [use.node.name, *[source_of(t) for t in data_inputs(use.node)[1:2]]]
        while stack:
            name = stack.pop(0)
            if name in seen or name not in self.nodes:
                continue
            seen.add(name)
            if self.nodes[name].op == "Merge":
                above = switch_above(self.nodes[name].input, self.nodes)
                if above and decides(self.nodes[source_of(above)], self.nodes) == pred:
                    return name.rpartition("/")[0]
            if self.nodes[name].op not in ("Exit", "NextIteration"):
                stack += self.consumers.get(name, ())
        return uses[0].node.name

    def _stack(self, node, current):
        controls = control_inputs(node)
        push = node.op == "StackPushV2"
        dtype = node.attr["T" if push else "elem_type"].type
        if push:
            node.op, node.input[:] = "TensorListPushBack", [current, node.input[1], *controls]
        else:
            shape = constant(self.nodes, f"{node.name}/element_shape", -1, INT32)
            node.op, node.input[:] = "TensorListPopBack", [current, shape, *controls]
        node.attr.clear()
        node.attr["element_dtype"].type = dtype
        return f"{node.name}:0"

    def _grad(self, node, current):
        """The handle and the flow become the list; old_control_flow.py does the rest."""
        inputs = data_inputs(node)
        controls = control_inputs(node)
        if node.op == "TensorArrayWriteV3":                # gradients of one item are added
            inputs[2] = self._sum(node, current, *inputs[1:3])
        elif node.op in _FLOWS and self.touched:
            raise ValueError(f"{node.name!r} ({node.op}): rows that are added to gradients of "
                             "others are not supported")
        node.input[:] = [current, *inputs[1:-1], current, *controls]
        if node.op not in _FLOWS:
            return current
        self.touched = True
        return node.name

    def _sum(self, node, current, index, value):
        dtype = node.attr["T"].type
        shape = self._add(f"{node.name}/Shape", "Shape", [value], T=dtype, out_type=INT32)
        before = self._add(f"{node.name}/before", "TensorListGetItem", [current, index, shape],
                           element_dtype=dtype)
        return self._add(f"{node.name}/sum", "AddV2", [before, value], T=dtype)


def _remove_handles(nodes):
    """Removes the nodes whose output was a handle, and what only passed that on."""
    consumers, gone = consumers_of(nodes), set()
    stack = [node.name for node in nodes.values() if node.op in (_GRAD, "StackV2")]
    while stack:
        name = stack.pop()
        if name in gone:
            continue
        gone.add(name)
        stack += [c for c in consumers.get(name, ())
                  if nodes[c].op in ("Enter", "Switch", "Identity", _GRAD)
                  and source_of(nodes[c].input[0]) == name]
    for name in gone:
        del nodes[name]
    for node in nodes.values():
        node.input[:] = [t for t in node.input
                         if not t.startswith("^") or t[1:] not in gone]
