"""A graph, and perhaps a run of it, as what the page's graph view reads: dicts and lists.

    stepping.as_data(loss)                                # the graph
    stepping.as_data(tf.viz.trace(loss, {x: [1.0]}))      # the graph and a run, to step through

In the page a program ends with a tensor or a trace, and its picture appears (site/src/graph/).
What is drawn is decided there, where the reader can change it; here is what there is to draw, and
what is better folded at first. Read next: sources.py.
"""

import json
import os.path

from pellucid.core.graph import Graph
from pellucid.core.operation import Operation
from pellucid.core.tensor import Tensor
from pellucid.core.traversal import post_order, prerequisites
from pellucid.core.variable import Variable
from pellucid.viz import sources, variables
from pellucid.viz.samples import with_sample
from pellucid.viz.simplify import KINDS, operations, staying_folded
from pellucid.viz.trace import Trace
from pellucid.viz.values import LARGEST

MOST_NODES = 20_000          # of larger graphs the first ones are sent, and a note says so
_MANY_STEPS = 400            # a longer run is shown with fewer numbers a value
_FEW_NUMBERS = 32


def as_data(target, largest=None):
    """What JSON can carry of a graph or a run.

    Args:
      target: Trace; or a Graph, Tensor, Operation, Variable or a list of them, whose graph is
        shown without values.
      largest: int, arrays of more elements are summarized; 256 where left out, fewer for
        runs of many steps.

    Returns:
      dict of
        "nodes": list, one for each operation, in the order of the run or in post-order:
          "name", "op_type", "kind" ("op", "variable", "placeholder", "constant"),
          "inputs" (list of [node, output]), "controls" (list of nodes), "outputs" (list of
          {"name", "dtype", "shape"}; dimensions that are not known are None, as are shapes),
          "file" (without its folder) and "line" of the user, "variable" (the node of the variable
          that it is a part of, as its read; or None), "is_target" (the user asked for it), and
          "value" for constants.
          Nodes are numbers in the list.
        "steps": list: {"phase": "forward", "node", "output", "fed", "value"} or
          {"phase": "backward", "node", "output", "from" (the node that sends, or None at the
          start), "position" (along which of its inputs), "part", "parts", "sent", "total"}.
        "types": {op type: see sources.explain}.
        "folded": list of names of scopes that are not opened at first: gradients and updates.
        "note": str, what is missing, or "".
        Values are what samples.with_sample says.
    """
    if isinstance(target, Trace):
        ops, targets = _operations_of(target)
        steps, note = target.steps, target.note
    else:
        ops, targets = operations(target)
        steps, note = [], ""
    if len(ops) > MOST_NODES:
        note = f"{note} Shown are {MOST_NODES:,} of {len(ops):,} operations.".strip()
        ops = ops[:MOST_NODES]
    if largest is None:
        largest = LARGEST if len(steps) <= _MANY_STEPS else _FEW_NUMBERS
    number = {op: i for i, op in enumerate(ops)}
    owner, _ = variables.fold(ops)
    return {"nodes": [_node(op, number, owner, targets, largest) for op in ops],
            "steps": [_step(step, number, largest) for step in steps if step.op in number],
            "types": sources.explain_types(ops), "folded": staying_folded(ops, owner),
            "note": note}


def to_json(target, largest=None):
    """as_data as JSON text."""
    return json.dumps(as_data(target, largest), allow_nan=False)


def can_show(value):
    """True for what as_data takes, alone or in a list: a program that ends with it is drawn."""
    if isinstance(value, list | tuple):
        return bool(value) and all(isinstance(v, _DRAWN) and not isinstance(v, Trace)
                                   for v in value)
    return isinstance(value, Trace | _DRAWN)


_DRAWN = Tensor | Operation | Variable | Graph


def _operations_of(trace):
    """(the operations of a run in its order, those that were fetched)."""
    ops = dict.fromkeys(step.op for step in trace.forward)
    missing = [op for op in dict.fromkeys(step.op for step in trace.backward) if op not in ops]
    if missing:                     # y was not among the fetches
        ops.update(dict.fromkeys(post_order(missing, prerequisites(()))))
    return list(ops), {item.op if isinstance(item, Tensor) else item for item in trace.targets}


def _node(op, number, owner, targets, largest):
    file, line = op.location
    place = owner.get(op)
    found = {
        "name": op.name, "op_type": op.type, "kind": KINDS.get(op.type, "op"),
        "inputs": [[number[t.op], t.value_index] for t in op.input_nodes if t.op in number],
        "controls": [number[c] for c in op.control_inputs if c in number],
        "outputs": [_output(tensor) for tensor in op.outputs],
        "file": os.path.basename(file), "line": line, "is_target": op in targets,
        "variable": None if place is None or place is op else number[place]}
    if op.type == "Const":
        found["value"] = with_sample(op.value, largest)
    return found


def _output(tensor):
    spec = tensor.spec
    return {"name": tensor.name, "dtype": spec.dtype.name if spec.dtype else None,
            "shape": None if spec.shape is None else list(spec.shape)}


def _step(step, number, largest):
    found = {"phase": step.phase, "node": number[step.op],
             "output": step.tensor.value_index if step.tensor is not None else None}
    if step.phase == "forward":
        return {**found, "fed": step.is_fed, "value": with_sample(step.value, largest)}
    sent = with_sample(step.contribution, largest)
    return {**found, "from": number[step.consumer] if step.consumer is not None else None,
            "position": step.position, "part": step.part, "parts": step.parts,
            "sent": sent, "total": sent if step.part == 1 else with_sample(step.value, largest)}


