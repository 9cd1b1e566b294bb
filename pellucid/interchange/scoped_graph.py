"""Parts of a GraphDef that are exported alone: one name scope, or all but other Savers.

Read next: meta_graph.py.
"""

from pellucid.interchange.collections import UNBOUND, unscoped
from pellucid.interchange.graph_def import empty_like


def within(graph_def, scope):
    """(GraphDef of the nodes in a name scope, their names without it; names of unbound inputs).

    An input from outside is called "$unbound_inputs_" and its name: who imports the graph says
    what stands there, with input_map.
    """
    result, unbound = empty_like(graph_def), []
    inside = scope + "/"
    for node in graph_def.node:
        if not node.name.startswith(inside):
            continue
        new = result.node.add()
        new.CopyFrom(node)
        new.name = unscoped(node.name, scope)
        for i, text in enumerate(node.input):
            if text.removeprefix("^").startswith(inside):
                new.input[i] = unscoped(text, scope)
            else:
                new.input[i] = "^" * text.startswith("^") + UNBOUND + text.removeprefix("^")
                unbound.append(new.input[i])
        if "_class" in node.attr:
            places = [s.removeprefix(b"loc:@") for s in node.attr["_class"].list.s]
            del new.attr["_class"].list.s[:]
            new.attr["_class"].list.s.extend([
                b"loc:@" + place.removeprefix(inside.encode()) for place in places
                if place.startswith(inside.encode())])
    return result, list(dict.fromkeys(unbound))


def without(graph_def, left_out):
    """The GraphDef without some nodes."""
    result = empty_like(graph_def)
    for node in graph_def.node:
        if node.name not in left_out:
            result.node.add().CopyFrom(node)
    return result


def of_other_savers(graph_def, saver_def):
    """Names of the nodes of Savers other than that of a SaverDef.

    A Saver's nodes are those in the scope of what writes or reads a checkpoint.
    """
    ours = set() if saver_def is None else {
        _scope(name) for name in (saver_def.save_tensor_name, saver_def.restore_op_name)}
    others = {_scope(node.name) for node in graph_def.node
              if node.op in _SAVE_OR_RESTORE} - ours - {""}
    return frozenset(node.name for node in graph_def.node
                     if any(outer in others for outer in _scopes(node.name)))


_SAVE_OR_RESTORE = {"SaveV2", "RestoreV2", "Save", "SaveSlices", "Restore", "RestoreSlice"}


def _scope(name):
    return name.rpartition("/")[0]


def _scopes(name):
    """The scopes around a name, the innermost first."""
    while name := _scope(name):
        yield name
