"""A graph's collections in a MetaGraph: names of nodes, numbers, texts, and messages.

What a collection's items are as messages, and back, is said by who has them:
`register_proto_function`. Read next: meta_graph.py.
"""

import logging

from pellucid.core.graph import GraphKeys
from pellucid.core.operation import Operation
from pellucid.core.tensor import Tensor
from pellucid.interchange.messages import message, parse

UNBOUND = "$unbound_inputs_"           # how an input from outside of what is exported begins

# Collections that describe things of TensorFlow's which pellucid has none of.
_SKIPPED = frozenset({GraphKeys.COND_CONTEXT, GraphKeys.WHILE_CONTEXT})
_forms = {}                            # collection -> (message name, to_proto, from_proto)


def register_proto_function(collection_name, proto_type, to_proto, from_proto):
    """Makes the items of a collection messages in a MetaGraph.

    Args:
      collection_name: str.
      proto_type: str, the name of the message.
      to_proto: function(item, export_scope) to a message, None for an item outside the scope.
      from_proto: function(message, import_scope) to an item.

    As in TF: ops.register_proto_function.
    """
    _forms[collection_name] = proto_type, to_proto, from_proto


def _form(key):
    """(message name, to_proto, from_proto) of a collection of messages, else None."""
    if key == GraphKeys.QUEUE_RUNNERS:
        import pellucid.data.queue_runner  # noqa: F401 - registers itself
    return _forms.get(key)


# -- names and scopes ----------------------------------------------------------------------

def scoped(name, scope):
    """A name in a graph that was imported under `scope`."""
    if not scope:
        return name
    return f"^{scope}/{name[1:]}" if name.startswith("^") else f"{scope}/{name}"


def unscoped(name, scope):
    """A name as it is when `scope` alone is exported."""
    if not scope:
        return name
    control = "^" * name.startswith("^")
    return control + name.removeprefix("^").removeprefix(scope + "/")


def is_inside(item, scope, left_out=frozenset()):
    """True if a name, or what has a name, is in a scope and not of nodes left out."""
    name = item if isinstance(item, str) else getattr(item, "name", None)
    if not isinstance(name, str):
        return True
    name = name.removeprefix("^")
    return name.partition(":")[0] not in left_out and (
        not scope or name.startswith((scope + "/", UNBOUND)))


# -- writing -------------------------------------------------------------------------------

def write_collection(meta, key, items, export_scope=None, left_out=frozenset()):
    """Adds a collection to a MetaGraphDef: what of it is in the scope, and not left out.

    Items are graph elements, numbers, texts, or what register_proto_function was told of; a
    collection with others, or with several kinds, is left out with a warning, as in TensorFlow.
    """
    if key in _SKIPPED:
        return
    collection, wanted = message("CollectionDef")(), 0
    for item in items:
        if is_inside(item, export_scope, left_out):
            wanted += _add(collection, key, item, export_scope)
    kind = collection.WhichOneof("kind")
    if len(getattr(collection, kind).value if kind else ()) != wanted:
        logging.getLogger("tensorflow").warning(
            "The collection %r is not written: its items are not all of one kind that has a form "
            "in a file, such as tensors, numbers or texts.", key)
    elif kind:
        meta.collection_def[key].CopyFrom(collection)


def _add(collection, key, item, scope):
    """Adds an item; returns how many items there should be more."""
    if _form(key):
        try:
            proto = _form(key)[1](item, scope)
        except AttributeError:                           # another kind of thing
            return 1
        if proto is None:                                # it is not in the scope
            return 0
        collection.bytes_list.value.append(proto.SerializeToString())
    elif isinstance(item, Tensor | Operation) or hasattr(item, "initializer"):
        collection.node_list.value.append(unscoped(item.name, scope))
    elif isinstance(item, bool | int):
        collection.int64_list.value.append(item)
    elif isinstance(item, float):
        collection.float_list.value.append(item)
    elif isinstance(item, str | bytes):
        collection.bytes_list.value.append(item.encode() if isinstance(item, str) else item)
    return 1


# -- reading -------------------------------------------------------------------------------

def read_collections(graph, meta, scope=""):
    """Fills the collections of a graph with those of a MetaGraphDef.

    Returns {collection: list of the items read}. Raises ValueError, naming the collection, where
    the graph lacks what an item names; DataLossError where an item is damaged.
    """
    made = {}                                # (message name, bytes) -> the same item everywhere
    return {key: _read(graph, key, meta.collection_def[key], scope, made)
            for key in sorted(meta.collection_def) if key not in _SKIPPED}


def _read(graph, key, collection, scope, made):
    kind = collection.WhichOneof("kind")
    items = []
    for value in getattr(collection, kind).value if kind not in (None, "any_list") else ():
        if kind == "bytes_list" and _form(key):
            name, _, from_proto = _form(key)
            if (name, value) not in made:
                proto = parse(name, value, f"collection {key!r}")
                made[name, value] = _checked(key, from_proto, proto, scope)
            value = made[name, value]
        elif kind == "node_list":
            value = _checked(key, graph.as_graph_element, scoped(value, scope))
        graph.add_to_collection(key, value)
        items.append(value)
    return items


def _checked(key, function, *arguments):
    try:
        return function(*arguments)
    except (KeyError, ValueError) as error:
        raise ValueError(f"Collection {key!r}: {error}") from None
