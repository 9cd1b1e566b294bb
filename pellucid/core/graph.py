"""Graph: the operations, in order of creation, and the scopes that new ones are built in.

Building an operation adds it to the default graph. The graph gives it a unique name, the
control inputs of the enclosing `control_dependencies`, and a device. It never runs anything:
that is a Session's job. Read next: operation.py.
"""

import re
import threading

from pellucid.core.scopes import Scopes
from pellucid.core.tensor import Tensor


class GraphKeys:
    """Names of the standard collections. As in TF: tf.GraphKeys."""

    GLOBAL_VARIABLES = "variables"
    VARIABLES = GLOBAL_VARIABLES
    LOCAL_VARIABLES = "local_variables"
    METRIC_VARIABLES = "metric_variables"
    MODEL_VARIABLES = "model_variables"
    TRAINABLE_VARIABLES = "trainable_variables"
    TRAINABLE_RESOURCE_VARIABLES = "trainable_resource_variables"
    MOVING_AVERAGE_VARIABLES = "moving_average_variables"
    CONCATENATED_VARIABLES = "concatenated_variables"
    SUMMARIES = "summaries"
    SUMMARY_OP = "summary_op"
    QUEUE_RUNNERS = "queue_runners"
    TABLE_INITIALIZERS = "table_initializer"
    ASSET_FILEPATHS = "asset_filepaths"
    REGULARIZATION_LOSSES = "regularization_losses"
    LOSSES = "losses"
    SAVERS = "savers"
    SAVEABLE_OBJECTS = "saveable_objects"
    WEIGHTS = "weights"
    BIASES = "biases"
    ACTIVATIONS = "activations"
    UPDATE_OPS = "update_ops"
    INIT_OP = "init_op"
    LOCAL_INIT_OP = "local_init_op"
    READY_OP = "ready_op"
    READY_FOR_LOCAL_INIT_OP = "ready_for_local_init_op"
    GLOBAL_STEP = "global_step"
    TRAIN_OP = "train_op"
    EVAL_STEP = "eval_step"
    COND_CONTEXT = "cond_context"
    WHILE_CONTEXT = "while_context"


class Graph(Scopes):
    """A computational graph. As in TF: tf.Graph.

    `Graph().as_default()` makes it the default at once; used with `with`, the graph that was
    the default before comes back at the end of the block.
    """

    def __init__(self):
        super().__init__()
        self._operations = {}           # name -> Operation, in order of creation
        self._collections = {}
        self._finalized = False
        self._unseeded_random_ops = 0   # the part of a random op's seed that tells them apart
        self._rewired = 0               # grows when an existing operation changes
        self._variable_store = None     # get_variable's, see ops/state/variable_store.py
        self.seed = None

    # -- the default graph -----------------------------------------------------------------

    def as_default(self):
        """Makes this the graph that new operations join; may be used with `with`."""
        return _AsDefault(self)

    # -- operations ------------------------------------------------------------------------

    def get_operations(self):
        """List of all operations, in order of creation."""
        return list(self._operations.values())

    @property
    def finalized(self):
        """True if the graph takes no more operations."""
        return self._finalized

    def finalize(self):
        """From now on, adding an operation raises RuntimeError."""
        self._finalized = True

    @property
    def version(self):
        """int, grows with every operation."""
        return len(self._operations)

    def get_operation_by_name(self, name):
        """The Operation of that name. KeyError if there is none."""
        if not isinstance(name, str):
            raise TypeError(f"Operation names are strings, not {name!r}.")
        return self.as_graph_element(name, allow_tensor=False)

    def get_tensor_by_name(self, name):
        """The Tensor of that name, for example "x:0". KeyError if there is none."""
        if not isinstance(name, str):
            raise TypeError(f"Tensor names are strings, not {name!r}.")
        return self.as_graph_element(name, allow_operation=False)

    def as_graph_element(self, obj, allow_tensor=True, allow_operation=True):
        """The Tensor or Operation of this graph that `obj` is, names, or wraps.

        Raises KeyError for an unknown name, ValueError for an element of another graph or a
        malformed name, TypeError for what is neither.
        """
        if isinstance(obj, str):
            return self._by_name(obj, allow_tensor, allow_operation)
        element = obj._as_graph_element() if hasattr(obj, "_as_graph_element") else obj
        if isinstance(element, Tensor) and allow_tensor:
            op = element.op
        elif hasattr(element, "input_nodes") and allow_operation:
            op = element
        else:
            wanted = " or ".join(["Tensor"] * allow_tensor + ["Operation"] * allow_operation)
            raise TypeError(f"Can not convert a {type(obj).__name__} into a {wanted}.")
        if op.graph is not self:
            raise ValueError(f"{element} is not an element of this graph.")
        return element

    def _by_name(self, name, allow_tensor, allow_operation):
        op_name, colon, index = name.partition(":")
        if colon:
            if not allow_tensor:
                raise ValueError(f"Name {name!r} appears to refer to a Tensor, not an Operation.")
            if not index.isdigit():
                raise ValueError(f"The name {name!r} looks like a Tensor name, but is not a "
                                 "valid one. Tensor names have the form \"<op_name>:<index>\".")
            op = self._operations.get(op_name)
            if op is None:
                raise KeyError(f"The name {name!r} refers to a Tensor which does not exist. "
                               f"The operation {op_name!r} does not exist in the graph.")
            if int(index) >= len(op.outputs):
                raise KeyError(f"The name {name!r} refers to a Tensor which does not exist. "
                               f"The operation {op_name!r} has {len(op.outputs)} outputs.")
            return op.outputs[int(index)]
        if not allow_operation:
            hint = f" Perhaps you meant {name + ':0'!r}." if name in self._operations else ""
            raise ValueError(f"The name {name!r} looks like an Operation name, not a Tensor. "
                             f"Tensor names have the form \"<op_name>:<index>\".{hint}")
        if name not in self._operations:
            raise KeyError(f"The name {name!r} refers to an Operation not in the graph.")
        return self._operations[name]

    def _add(self, op):
        self._operations[op.name] = op

    def is_feedable(self, tensor):
        """True: every tensor may be fed."""
        return self.as_graph_element(tensor) is not None

    def is_fetchable(self, element):
        """True: every tensor and operation may be fetched."""
        return self.as_graph_element(element) is not None

    def prevent_feeding(self, tensor):
        """Not supported: every tensor may be fed."""
        raise NotImplementedError("Graph.prevent_feeding: in pellucid every tensor may be fed.")

    def as_graph_def(self, from_version=None, add_shapes=False):
        """The graph as a GraphDef message; see interchange/graph_def.py."""
        from pellucid.interchange.graph_def import to_graph_def
        return to_graph_def(self, from_version, add_shapes)

    # -- collections -----------------------------------------------------------------------

    def add_to_collection(self, name, value):
        """Appends value to the collection `name`."""
        self._check_not_finalized()
        self._collections.setdefault(name, []).append(value)

    def add_to_collections(self, names, value):
        """Appends value to each of the collections, once a collection."""
        names = (names,) if isinstance(names, str) else dict.fromkeys(names)
        for name in names:
            self.add_to_collection(name, value)

    def get_collection(self, name, scope=None):
        """A copy of the collection; with `scope`, the items whose name matches it as a regex."""
        items = self._collections.get(name, [])
        if scope is None:
            return list(items)
        pattern = re.compile(scope)
        return [i for i in items if hasattr(i, "name") and pattern.match(i.name)]

    def get_collection_ref(self, name):
        """The collection itself, as a list that may be changed."""
        return self._collections.setdefault(name, [])

    def get_all_collection_keys(self):
        """Names of the collections, sorted where they are strings."""
        return sorted(key for key in self._collections if isinstance(key, str))

    @property
    def collections(self):
        """Names of the collections."""
        return list(self._collections)

    def clear_collection(self, name):
        """Empties the collection."""
        self._check_not_finalized()
        self._collections.pop(name, None)

    def _check_not_finalized(self):
        if self._finalized:
            raise RuntimeError("Graph is finalized and cannot be modified.")

    outer: "Graph | None" = None            # the graph around; only a function graph has one
    _adopts = False

    def _adopt(self, tensor):
        """A foreign tensor as one of this graph's; only the body of a function can (captures)."""
        return None

    def _settle(self, op, inputs):
        """The graph that inputs from elsewhere put an operation in, and the inputs there."""
        adopted = [t if t.op.graph is self else self._adopt(t) for t in inputs]
        if None not in adopted:
            return self, adopted
        first = inputs[0]
        for tensor in inputs:
            if tensor.op.graph is not first.op.graph:
                raise ValueError(f"{tensor} must be from the same graph as {first}.")
        return first.op.graph, inputs

    def _repr_html_(self):
        from pellucid.viz import notebook_html
        return notebook_html(self)


class _Defaults(threading.local):
    """The stack of default graphs, one a thread, above one graph for all."""

    def __init__(self):
        self.stack = []


_defaults = _Defaults()
_global_default = [Graph()]


def get_default_graph():
    """The graph that new operations join. As in TF: tf.get_default_graph."""
    stack = _defaults.stack
    return stack[-1] if stack else _global_default[0]


def reset_default_graph():
    """Replaces the default graph by an empty one.

    Raises AssertionError inside a `with graph.as_default()` block, as TensorFlow does.
    As in TF: tf.reset_default_graph.
    """
    if any(entered for entered in map(_entered.get, map(id, _defaults.stack)) if entered):
        raise AssertionError("Do not use tf.reset_default_graph() to clear nested graphs. "
                             "Leave the `with graph.as_default()` block first.")
    _defaults.stack.clear()
    _global_default[0] = Graph()


_entered = {}           # id(graph) -> how many `with` blocks of it are open


class _AsDefault:
    """What as_default returns: the graph is already the default; leaving restores."""

    def __init__(self, graph):
        self.graph, self.depth = graph, len(_defaults.stack)
        _defaults.stack.append(graph)

    def __enter__(self):
        if get_default_graph() is not self.graph:
            self.depth = len(_defaults.stack)
            _defaults.stack.append(self.graph)
        _entered[id(self.graph)] = _entered.get(id(self.graph), 0) + 1
        return self.graph

    def __exit__(self, *exception):
        _entered[id(self.graph)] -= 1
        if not _entered[id(self.graph)]:
            del _entered[id(self.graph)]
        del _defaults.stack[self.depth:]


def control_dependencies(control_inputs):
    """Operations built inside run after `control_inputs`.

    As in TF: tf.control_dependencies. See Graph.control_dependencies.
    """
    return get_default_graph().control_dependencies(control_inputs)


def device(device_name_or_function):
    """Records a device on the operations built inside. As in TF: tf.device."""
    return get_default_graph().device(device_name_or_function)


def colocate_with(op, ignore_existing=False):
    """Records on operations built inside that they belong with `op`. As in TF: tf.colocate_with."""
    return get_default_graph().colocate_with(op, ignore_existing)
