"""Branches of TensorFlow's first control flow, as If: Switch nodes, what is below them, and Merge.

Each group of Merge nodes becomes an If. What its results need below the Switch nodes becomes the
functions of this If, and of no other: the gradients of a branch, whose Merge nodes are others,
need much of the forward branch again, and were it computed again a random number would be another
one and a variable might have changed. The first If returns it as a further result, as gradients
of an If do here (ops/control/if_gradient.py). Read next: old_control_flow.py.
"""

from collections import Counter

from pellucid.interchange.old_nodes import (
    VARIANT,
    consumers_of,
    control_inputs,
    copy_of,
    data_inputs,
    decides,
    full,
    new_node,
    source_of,
    switch_above,
    topological,
    unused,
)


def branches_as_ifs(nodes, library):
    """{name: NodeDef} of the same without Switch and Merge.

    Args:
      nodes: {name: NodeDef}, without loops.
      library: FunctionDefLibrary, which the branches are added to.

    Raises ValueError where Switch and Merge nodes form no branch.
    """
    if not any(node.op in ("Switch", "Merge") for node in nodes.values()):
        return nodes
    return _Branches(nodes, library).run()


class Arguments:
    """What a function takes: {what it is inside: argument}, and what each is outside."""

    def __init__(self, arguments, firsts):
        self.arguments, self.firsts = arguments, firsts

    def add(self, text):
        """The argument that stands for a tensor outside."""
        if text not in self.arguments:
            self.arguments[text] = f"arg_{len(self.firsts)}"
            self.firsts.append(text)
        return self.arguments[text]


def add_function(library, name, nodes, results, arguments):
    """A new FunctionDef of a library; inputs are written as a graph writes them, "node:2"."""
    function = library.function.add()
    function.signature.name = unused({f.signature.name for f in library.function},
                                     "".join(c if c.isalnum() else "_" for c in name))
    for i in range(arguments):
        function.signature.input_arg.add().name = f"arg_{i}"
    function.node_def.extend(nodes)
    for i, text in enumerate(results):
        result = function.signature.output_arg.add()
        result.name = f"result_{i}"
        function.ret[result.name] = full(text)
    return function


class _Branches:
    """Attributes, where a decision is the text of the tensor that a Switch decides by:

      decision: {name of a Switch or Merge: decision}, as the graph was at first.
      switches, below: {decision: names of its Switch nodes; of what they lead to}.
      preds: {decision: node whose input is that tensor as it is called now}.
      consumers: {name: names of the nodes (or decisions) that take from it, or wait for it}.
    """

    def __init__(self, nodes, library):
        topological(nodes)                              # ValueError if there is a circle
        self.nodes, self.library = dict(nodes), library
        self.decision = {n.name: decides(n, nodes) for n in nodes.values() if n.op == "Switch"}
        merges = [n for n in nodes.values() if n.op == "Merge"]
        self.decision.update({n.name: self.decision[self._switch_above(n)] for n in merges})
        self.groups = {}                                # what becomes one If: a list of Merges
        for merge in merges:
            self.groups.setdefault(self._group(merge), []).append(merge)
        self.order = {n.name: i for i, n in enumerate(topological(nodes, self._after))}
        self.consumers = {name: set(found) for name, found in consumers_of(nodes).items()}
        self.switches, self.preds = {}, {}
        for name, decision in self.decision.items():
            if nodes[name].op == "Switch":
                self.switches.setdefault(decision, set()).add(name)
        self.below = {decision: self._reached(decision) for decision in self.switches}
        for decision in self.switches:
            self.preds[decision] = new_node(decision, "", [decision])
            self.consumers.setdefault(source_of(decision), set()).add(decision)
        self.branched = set().union(*self.below.values(), *self.switches.values())
        self._remove_unused()

    def run(self):
        """The nodes with each group of Merge nodes as an If."""
        groups = [[merge for merge in group if merge.name in self.nodes]
                  for group in self.groups.values()]
        groups = sorted(filter(None, groups), key=lambda g: min(self.order[n.name] for n in g))
        left = Counter(self.decision[group[0].name] for group in groups)
        for decision in self.switches.keys() - left.keys():
            self._remove(decision)
        for group in groups:
            decision = self.decision[group[0].name]
            self._branch(decision, group)
            left[decision] -= 1
            if not left[decision]:
                self._remove(decision)
        return {name: n for name, n in self.nodes.items() if name not in self.branched}

    # -- what belongs to what ------------------------------------------------------------------

    def _group(self, merge):
        return self.decision[merge.name], merge.name.rpartition("/")[0]

    def _after(self, node):
        """What a node comes after: the first of a group after all that the group needs."""
        if node.op != "Merge":
            return node.input
        group = self.groups[self._group(node)]
        if node is group[0]:
            return [t for merge in group for t in merge.input]
        return [group[0].name]

    def _switch_above(self, merge):
        """The name of a Switch whose ways a Merge brings together."""
        if len(data_inputs(merge)) not in (0, 2):
            raise ValueError(f"Merge {merge.name!r} brings {len(data_inputs(merge))} values "
                             "together; only those of the two ways of one condition are supported")
        above = switch_above(merge.input, self.nodes)
        if above is not None:
            return source_of(above)
        raise ValueError(f"Merge {merge.name!r} is part of no branch: it has no Switch above it")

    def _reached(self, decision):
        """Names of what is below the Switch nodes of a decision, up to its Merge nodes."""
        switches = self.switches[decision]
        found, stack = set(), list(switches)
        while stack:
            name = stack.pop()
            if name in found or (self.nodes[name].op == "Merge"
                                 and self.decision[name] == decision):
                continue
            found.add(name)
            stack += self.consumers.get(name, ())
        return found - switches

    def _remove_unused(self):
        """Removes what is in a branch and leads to no Merge at its end."""
        needed, stack = set(), [n for n in self.nodes if n not in self.branched]
        while stack:
            name = stack.pop()
            if name in self.nodes and name not in needed:
                needed.add(name)
                stack += [source_of(t) for t in self.nodes[name].input]
        for name in [n for n in self.nodes if n not in needed]:
            self._remove(name)

    def _remove(self, name):
        """Removes a node, and those in branches that nobody but it took from."""
        stack = [name]
        while stack:
            name = stack.pop()
            node = self.nodes.pop(name, None) or self.preds.pop(name, None)
            for text in node.input if node else ():
                source = source_of(text)
                self.consumers[source].discard(name)
                if not self.consumers[source] and source in self.branched:
                    stack.append(source)

    # -- one If --------------------------------------------------------------------------------

    def _branch(self, decision, merges):
        """Makes an If of a group."""
        for merge in merges:
            if any((merge.name in b) != (merges[0].name in b) for b in self.below.values()):
                raise ValueError(f"Merge {merge.name!r} and {merges[0].name!r} end one branch, but "
                                 "only one of them is in a branch around it")
        sides = [_Side(self, decision, way, merges) for way in (1, 0)]
        own = {n for side in sides for n in side.nodes if side.nodes[n].op != "Const"}
        outside = Arguments({}, [])
        scope = merges[0].name.rpartition("/")[0] or merges[0].name
        name = unused(self.nodes, f"{scope}/If")
        takers = {c for n in own for c in self.consumers.get(n, ())} - own
        takers -= {merge.name for merge in merges}
        instead = {}
        for side in sides:
            for text in side.kept(takers):
                if text in instead:
                    raise ValueError(f"{text!r} is on both ways of {decision!r}")
                instead[text] = f"{name}:{len(merges) + len(instead)}"
        bodies = [side.copies(outside) for side in sides]
        pred = self.preds[decision].input[0]
        controls = sorted(set().union(*[side.waits() for side in sides]))
        new = new_node(name, "If", [pred, *outside.firsts, *controls])
        new.attr["Tin"].list.type.extend([VARIANT] * len(outside.firsts))
        new.attr["_results"].i = len(merges)        # of both; what follows, of one (functions.py)
        for role, (copies, results) in zip(("then", "else"), bodies, strict=True):
            function = add_function(self.library, f"{scope}_{role}", copies, results,
                                    len(outside.firsts))
            new.attr[f"{role}_branch"].func.name = function.signature.name
        self._put(new, merges, own, takers, instead)

    def node(self, name):
        """A node, or what stands for a decision."""
        return self.nodes[name] if name in self.nodes else self.preds[name]

    def _put(self, new, merges, own, takers, instead):
        """Puts an If in the place of its group and of its own nodes."""
        self.nodes[new.name], self.order[new.name] = new, self.order[merges[0].name]
        for below in self.below.values():
            if merges[0].name in below:
                below.add(new.name)
                self.branched.add(new.name)
        for text in new.input:
            self.consumers.setdefault(source_of(text), set()).add(new.name)
        found = self.consumers[new.name] = takers | {merge.name for merge in merges}
        for taker in takers:
            node = self.node(taker)
            inputs = [f"^{new.name}" if t.startswith("^") and t[1:] in own else
                      instead.get(full(t), t) for t in node.input]
            if node.op == "Const":
                inputs = [t for t in inputs if t != f"^{new.name}"]
                found.discard(taker)
            node.input[:] = inputs
        for i, merge in enumerate(merges):
            for text in merge.input:
                self.consumers[source_of(text)].discard(merge.name)
            self.nodes[merge.name] = new_node(merge.name, "Identity", [f"{new.name}:{i}"])
        for name in own:
            self.consumers[name] = set()
        for name in own:
            self._remove(name)


class _Side:
    """What is computed where a decision is true (way 1), or where it is false (0)."""

    def __init__(self, graph, decision, way, merges):
        self.graph, self.way = graph, way
        self.switches = graph.switches[decision]
        self.results = [data_inputs(merge)[way] for merge in merges]
        below, needed, stack = graph.below[decision], {}, list(self.results)
        while stack:
            source = source_of(stack.pop())
            if source not in needed and source in below:
                needed[source] = graph.nodes[source]
                stack += needed[source].input
        self.nodes = {n: needed[n] for n in sorted(needed, key=graph.order.get)}

    def kept(self, takers):
        """What others take of it; these are results too from now on."""
        texts = [full(t) for name in sorted(takers) for t in data_inputs(self.graph.node(name))]
        found = [t for t in dict.fromkeys(texts) if source_of(t) in self.nodes
                 and self.nodes[source_of(t)].op != "Const"]
        self.results += found
        return found

    def copies(self, outside):
        """The nodes and results of a function; `outside` gets what it takes from elsewhere."""
        copies = []
        for node in self.nodes.values():
            copies.append(copy_of(node))
            copies[-1].input[:] = [t if t.startswith("^") else self._inner(t, outside)
                                   for t in node.input
                                   if not t.startswith("^") or t[1:] in self.nodes]
        return copies, [self._inner(t, outside) for t in self.results]

    def _inner(self, text, outside):
        source = source_of(text)
        if source in self.nodes:
            return text
        if source not in self.switches:
            return outside.add(full(text))
        if full(text) != f"{source}:{self.way}":
            raise ValueError(f"{text!r} is on the other way of Switch {source!r} than the Merge "
                             "that it leads to says")
        return outside.add(full(self.graph.nodes[source].input[0]))

    def waits(self):
        """The control inputs from elsewhere, of the nodes and of the Switch nodes above them."""
        nodes, switches = self.graph.nodes, set()
        for text in [t for node in self.nodes.values() for t in node.input] + self.results:
            if source_of(text) in self.switches:
                switches.add(source_of(text))
        users = [*self.nodes.values(), *[nodes[s] for s in switches]]
        return {t for node in users for t in control_inputs(node)
                if t[1:] not in self.nodes and t[1:] not in self.switches and t[1:] in nodes}
