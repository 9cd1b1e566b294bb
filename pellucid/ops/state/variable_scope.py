"""get_variable and variable_scope: variables that are found, or made, by name.

    with tf.variable_scope("layer", reuse=tf.AUTO_REUSE):
        w = tf.get_variable("w", [784, 10])            # layer/w, the same one every time

A graph keeps a store of such variables. A scope carries what get_variable uses where its
caller says nothing: the prefix of the name, whether to reuse, the initializer, and so on.
Scopes belong to the thread that opened them; the store is shared. Read next: variable_store.py.
"""

import contextlib
import enum
import threading

from pellucid.core import dtypes
from pellucid.core.graph import GraphKeys, get_default_graph
from pellucid.ops.arguments import graph_of
from pellucid.ops.state.variable_store import (
    VariableAggregation,
    VariableSynchronization,
    base_dtype,
    call_getter,
    check_initial_dtype,
    find_or_make,
    nested_getter,
    store,
)


class _ReuseMode(enum.Enum):
    """How get_variable treats names that exist, besides True and False."""

    AUTO_REUSE = 1


AUTO_REUSE = _ReuseMode.AUTO_REUSE


def get_variable(name, shape=None, dtype=None, initializer=None, regularizer=None,
                 trainable=None, collections=None, caching_device=None, partitioner=None,
                 validate_shape=True, use_resource=None, custom_getter=None,
                 constraint=None, synchronization=VariableSynchronization.AUTO,
                 aggregation=VariableAggregation.NONE):
    """The variable of that name in the current variable scope; a new one if there is none.

    Args:
      name: str, to which the scope's name is prefixed; name scopes play no part.
      shape: its shape. Only initializers that are constants need none.
      dtype: DType; float32 unless the scope says otherwise.
      initializer: function(shape, dtype) or class of such, or a value. By default the
        scope's, else Glorot's uniform distribution for floats and zeros for integers and
        bools.
      regularizer: function(variable) -> Tensor or None, which joins REGULARIZATION_LOSSES.
      trainable, collections, validate_shape, constraint: as for tf.Variable.
      partitioner: function(shape, dtype) -> list of how many parts each axis has. Then the result
        is a PartitionedVariable, whose parts are the variables name/part_0, name/part_1, ...
      use_resource, synchronization, aggregation, caching_device: without effect.
      custom_getter: function(getter, name, ...) that is called instead and may call getter.

    Raises:
      ValueError: the variable exists and the scope does not reuse; it does not exist and
        the scope only reuses; it exists with another shape or dtype; no initial value can
        be made.

    As in TF: tf.get_variable.
    """
    return get_variable_scope()._get_variable(
        name, shape=shape, dtype=dtype, initializer=initializer, regularizer=regularizer,
        trainable=trainable, collections=collections, caching_device=caching_device,
        partitioner=partitioner, validate_shape=validate_shape, use_resource=use_resource,
        custom_getter=custom_getter, constraint=constraint, synchronization=synchronization,
        aggregation=aggregation)


def get_local_variable(name, shape=None, dtype=None, initializer=None, regularizer=None,
                       trainable=False, collections=None, *args, **options):
    """get_variable of a variable that is not trained and not saved: one of LOCAL_VARIABLES.

    As in TF: tf.get_local_variable.
    """
    collections = [*(collections or ()), GraphKeys.LOCAL_VARIABLES]
    return get_variable(name, shape, dtype, initializer, regularizer, False, collections,
                        *args, **options)


def no_regularizer(_):
    """A regularizer that adds no loss, for use where a scope's would. As in TF."""
    return None


# -- scopes --------------------------------------------------------------------------------

class VariableScope:
    """What get_variable uses where its caller says nothing. As in TF: tf.VariableScope.

    Attributes:
      name: str, the prefix of variables' names.
      original_name_scope: str, the name scope that was opened with it, ending in "/".
      reuse: None or False: make variables; True: find them; AUTO_REUSE: either.
      initializer, regularizer, caching_device, partitioner, custom_getter, dtype,
        use_resource, constraint: as in get_variable.
    """

    def __init__(self, reuse, name="", initializer=None, regularizer=None,
                 caching_device=None, partitioner=None, custom_getter=None, name_scope="",
                 dtype=dtypes.float32, use_resource=None, constraint=None):
        self.reuse, self.name, self.original_name_scope = reuse, name, name_scope
        self.initializer, self.regularizer = initializer, regularizer
        self.caching_device, self.partitioner = caching_device, partitioner
        self.custom_getter, self.dtype = custom_getter, dtype
        self.use_resource, self.constraint = use_resource, constraint

    def reuse_variables(self):
        """From here on, get_variable only finds variables."""
        self.reuse = True

    def set_initializer(self, initializer):
        """Changes the default initializer."""
        self.initializer = initializer

    def set_regularizer(self, regularizer):
        """Changes the default regularizer."""
        self.regularizer = regularizer

    def set_dtype(self, dtype):
        """Changes the default dtype."""
        self.dtype = dtype

    def set_use_resource(self, use_resource):
        """Recorded: all variables are of one kind."""
        self.use_resource = use_resource

    def set_caching_device(self, caching_device):
        """Recorded: all variables are on one device."""
        self.caching_device = caching_device

    def set_partitioner(self, partitioner):
        """Changes the default partitioner."""
        self.partitioner = partitioner

    def set_custom_getter(self, custom_getter):
        """Changes the default custom_getter."""
        self.custom_getter = custom_getter

    def get_collection(self, name):
        """The members of a collection whose names are in this scope."""
        inside = self.name + "/" if self.name else ""
        return get_default_graph().get_collection(name, inside)

    def global_variables(self):
        """This scope's variables."""
        return self.get_collection(GraphKeys.GLOBAL_VARIABLES)

    def trainable_variables(self):
        """This scope's variables that optimizers change."""
        return self.get_collection(GraphKeys.TRAINABLE_VARIABLES)

    def local_variables(self):
        """This scope's variables that are not saved."""
        return self.get_collection(GraphKeys.LOCAL_VARIABLES)

    def _get_variable(self, name, dtype=None, initializer=None, reuse=None, constraint=None,
                      custom_getter=None, **options):
        for option in ("regularizer", "caching_device", "partitioner", "use_resource"):
            if options.get(option) is None:
                options[option] = getattr(self, option)
        if custom_getter is None:
            custom_getter = self.custom_getter
        with get_default_graph().name_scope(None):   # only variable scopes name variables
            if dtype is not None and initializer is not None and not callable(initializer):
                check_initial_dtype(initializer, dtype)
            options.update(
                dtype=base_dtype(self.dtype if dtype is None else dtype),
                initializer=self.initializer if initializer is None else initializer,
                reuse=self.reuse if reuse is None else reuse)
            constraint = self.constraint if constraint is None else constraint
            full_name = f"{self.name}/{name}" if self.name else name
            if custom_getter is None:
                return find_or_make(full_name, constraint=constraint, **options)
            return call_getter(custom_getter, full_name, constraint, options)

    def _extended(self, name, name_scope, **changes):
        """A copy with another name and, where they are not None, other defaults."""
        scope = VariableScope(
            changes["reuse"] or self.reuse, name, self.initializer, self.regularizer,
            self.caching_device, self.partitioner, self.custom_getter, name_scope,
            self.dtype, self.use_resource,
            changes["constraint"])                   # as in TensorFlow, not inherited
        for option in ("initializer", "regularizer", "caching_device", "partitioner",
                       "dtype", "use_resource"):
            if changes[option] is not None:
                setattr(scope, option, changes[option])
        if changes["custom_getter"] is not None:
            scope.custom_getter = nested_getter(changes["custom_getter"], self.custom_getter)
        return scope


def get_variable_scope():
    """The current VariableScope. As in TF: tf.get_variable_scope."""
    return _thread().scope


class variable_scope:
    """Context manager: get_variable inside finds and makes variables named "scope/...".

    Args:
      name_or_scope: str, for a scope within the current one; a VariableScope, to return to
        it from wherever we are; None, for `default_name` made unique.
      default_name: str.
      values: Tensors whose graph becomes the default inside.
      reuse: True: get_variable only finds; AUTO_REUSE: finds or makes; None or False: as
        the enclosing scope.
      initializer, regularizer, caching_device, partitioner, custom_getter, dtype,
        use_resource, constraint: what get_variable uses inside, where it is not told.
      auxiliary_name_scope: False: operations inside keep the current name scope.

    Entering yields the VariableScope. Operations inside are named "scope/..." too, or
    "scope_1/..." where that name scope was used before; variables keep the scope's name.

    As in TF: tf.variable_scope.
    """

    def __init__(self, name_or_scope, default_name=None, values=None, initializer=None,
                 regularizer=None, caching_device=None, partitioner=None,
                 custom_getter=None, reuse=None, dtype=None, use_resource=None,
                 constraint=None, auxiliary_name_scope=True):
        if name_or_scope is None and default_name is None:
            raise TypeError("If default_name is None then name_or_scope is required")
        if name_or_scope is not None and not isinstance(name_or_scope, VariableScope | str):
            raise TypeError("VariableScope: name_or_scope must be a string or "
                            "VariableScope.")
        if reuse not in (None, False, True, AUTO_REUSE):
            raise ValueError("The reuse parameter must be True or False or None.")
        if name_or_scope is None and reuse:
            raise ValueError("reuse=True cannot be used without a name_or_scope")
        if not isinstance(auxiliary_name_scope, bool):
            raise TypeError("The auxiliary_name_scope must be `True` or `False`, while get "
                            f"{auxiliary_name_scope}")
        self._name_or_scope, self._default_name = name_or_scope, default_name
        self._values = values
        self._auxiliary_name_scope, self._exits = auxiliary_name_scope, []
        self._options = {
            "initializer": initializer, "regularizer": regularizer, "reuse": reuse or None,
            "caching_device": caching_device, "partitioner": partitioner, "dtype": dtype,
            "custom_getter": custom_getter, "use_resource": use_resource,
            "constraint": constraint}

    def __enter__(self):
        with contextlib.ExitStack() as stack:
            graph = graph_of(*self._values or ())
            if graph is not get_default_graph():
                stack.enter_context(graph.as_default())
            scope = stack.enter_context(self._open(graph))
            self._exits.append(stack.pop_all())
        return scope

    def __exit__(self, *exception):
        return self._exits.pop().__exit__(*exception)

    @contextlib.contextmanager
    def _open(self, graph):
        name, thread = self._name_or_scope, _thread()
        label = name.name.rpartition("/")[2] if isinstance(name, VariableScope) else name
        label = self._default_name if name is None else label
        with self._name_scope(graph, label) as opened:
            if name is None:
                name = self._name_or_scope = thread.unused(self._default_name)
            with thread.inside(name, opened, self._options) as scope:
                yield scope

    def _name_scope(self, graph, label):
        if not self._auxiliary_name_scope:
            current = graph.get_name_scope()
            return contextlib.nullcontext(current + "/" if current else "")
        return graph.name_scope(label) if label else contextlib.nullcontext(label)


@contextlib.contextmanager
def variable_op_scope(values, name_or_scope, default_name=None, **options):
    """The old spelling of variable_scope(name_or_scope, default_name, values).

    As in TF: tf.variable_op_scope.
    """
    with variable_scope(name_or_scope, default_name, values, **options) as scope:
        yield scope


# -- which scope we are in -----------------------------------------------------------------

class _Thread(threading.local):
    """The scope that this thread is in, and which scopes it has opened."""

    def __init__(self):
        self.scope, self.opened = VariableScope(False), _Opened()

    def unused(self, prefix):
        """prefix, prefix_1, ... : the first that was not opened in the current scope."""
        before = self.scope.name + "/" if self.scope.name else ""
        name, i = prefix, 0
        while self.opened.at(before + name).count:
            i += 1
            name = f"{prefix}_{i}"
        return name

    @contextlib.contextmanager
    def inside(self, name_or_scope, name_scope, options):
        """Opens a scope within the current one, or a given one."""
        before = self.scope
        if isinstance(name_or_scope, VariableScope):
            name, parent = name_or_scope.name, name_or_scope
            name_scope = parent.original_name_scope
        else:
            name, parent = name_or_scope, before
            if before.name:
                name = f"{before.name}/{name}"
        opened = self.opened.at(name)
        opened.count += 1
        below = opened.below
        if parent is name_or_scope:
            opened.below = opened.copy().below
        self.scope = scope = parent._extended(name, name_scope, **options)
        try:
            yield scope
        finally:
            if self.scope is not scope:
                raise RuntimeError("Improper nesting of variable_scope.")
            self.scope, opened.below = before, below if parent is name_or_scope else {}


class _Opened:
    """How often a scope was opened, and the scopes below it.

    Default names are counted afresh once the scope around them is closed, as in TensorFlow.
    A tree forgets them at once, however many scopes there are.
    """

    __slots__ = ("below", "count")

    def __init__(self, count=0):
        self.count, self.below = count, {}

    def at(self, name):
        node = self
        for part in name.split("/"):
            if part not in node.below:
                node.below[part] = _Opened()
            node = node.below[part]
        return node

    def copy(self):
        node = _Opened(self.count)
        node.below = {part: child.copy() for part, child in self.below.items()}
        return node


def _thread():
    """This thread's scopes in the default graph."""
    if store().scopes is None:
        store().scopes = _Thread()
    return store().scopes
