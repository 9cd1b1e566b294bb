"""Variable: a parameter, a value that a session keeps between runs.

A variable is four nodes: its initial value, the place that holds it (VariableV2), the assignment
that initializes it, and a read (Identity). The value itself lives in a Cell of each session, so
two sessions on one graph are independent. Read next: traversal.py.
"""

import numpy as np

from pellucid.core import dtypes, errors, shapes
from pellucid.core.cell import Cell
from pellucid.core.function_graph import init_scope
from pellucid.core.graph import GraphKeys, get_default_graph
from pellucid.core.indexed_slices import IndexedSlices
from pellucid.core.operation import (
    Operation,
    convert_to_tensor,
    create,
    register_tensor_conversion_function,
)
from pellucid.core.shapes import Spec
from pellucid.core.tensor import Tensor


class VariableV2(Operation):
    """The place that holds a variable's value. Its output is a reference: a Cell in a run."""

    op_type = "VariableV2"
    attrs = {"shape": None, "dtype": None, "container": "", "shared_name": ""}
    stateful = returns_ref = True
    initial_value = None            # Tensor, once a Variable says what it starts with

    def infer(self):
        return Spec(self.dtype, self.shape)

    def compute(self, cell):
        return cell

    def new_cell(self, session):
        """A variable that no initializer has set takes its initial value on first use."""
        if self.initial_value is None:
            return Cell(name=self.name)
        return Cell(lambda: session.run(self.initial_value), self.name)


class Assign(Operation):
    """Points a variable at a new value."""

    op_type, attrs = "Assign", {"validate_shape": True, "use_locking": True}
    ref_inputs, returns_ref, keeps = (0,), True, True

    def infer(self, ref, value):
        check_same_dtype(ref, value)
        if not self.validate_shape:
            return Spec(ref.dtype, value.shape)
        return Spec(ref.dtype, shapes.merge(ref.shape, value.shape))

    def compute(self, ref, value):
        expected = self.input_nodes[0].spec.shape
        if self.validate_shape and not shapes.compatible(expected, np.shape(value)):
            raise errors.InvalidArgumentError(
                None, None, "Assign requires shapes of both tensors to match. lhs shape= "
                f"{list(expected)} rhs shape= {list(np.shape(value))}")
        ref.value = value
        return ref


class IsVariableInitialized(Operation):
    """Whether a variable has a value. Asking does not initialize it."""

    op_type, attrs = "IsVariableInitialized", {"dtype": None}
    ref_inputs, host = (0,), True

    def infer(self, ref):
        return Spec(dtypes.bool_, ())

    def compute(self, ref):
        return np.bool_(ref.is_set)


def check_same_dtype(ref, value):
    """Raises TypeError unless a variable's type and a value's agree."""
    if value.dtype not in (ref.dtype, None):
        raise TypeError(f"the value has dtype {value.dtype.name}, the variable {ref.dtype.name}.")


class Variable:
    """A parameter of a model, kept by the session from run to run.

    Args:
      initial_value: what it starts with: anything that converts to a Tensor, or a function of
        no arguments that returns one.
      trainable: bool, whether optimizers change it (it joins `trainable_variables`).
      collections: names of the collections it joins; GLOBAL_VARIABLES by default.
      validate_shape: False allows values of any shape.
      caching_device, use_resource, synchronization, aggregation: hints: there is one device and
        one kind of variable; expected_shape has no effect in TensorFlow either.
      name: str; "Variable" by default.
      dtype: DType; by default that of the initial value.
      constraint: function from the updated value to the value to keep, applied by optimizers.

    >>> w = Variable([[1.0, 2.0]], name="w")
    >>> w
    <tf.Variable 'w:0' shape=(1, 2) dtype=float32_ref>

    As in TF: tf.Variable (op types VariableV2, Assign, Identity).
    """

    def __init__(self, initial_value=None, trainable=None, collections=None, validate_shape=True,
                 caching_device=None, name=None, variable_def=None, dtype=None,
                 expected_shape=None, import_scope=None, constraint=None, use_resource=None,
                 synchronization=None, aggregation=None, shape=None):
        if initial_value is None:
            raise ValueError("initial_value must be specified.")
        if variable_def is not None:
            raise ValueError("variable_def: import a graph with tf.import_graph_def instead.")
        if constraint is not None and not callable(constraint):
            raise ValueError("The `constraint` argument must be a callable.")
        if collections is not None and not isinstance(collections, list | tuple | set):
            raise ValueError(f"collections argument to Variable constructor must be a list, tuple,"
                             f" or set. Got {collections!r} of type {type(collections)}")
        self._trainable = True if trainable is None else bool(trainable)
        self.constraint = constraint
        self._save_slice_info = None
        self._build(initial_value, name, dtype, validate_shape, shapes.as_tuple(shape))
        collections = list(collections) if collections is not None else [
            GraphKeys.GLOBAL_VARIABLES]
        if self._trainable and GraphKeys.TRAINABLE_VARIABLES not in collections:
            collections.append(GraphKeys.TRAINABLE_VARIABLES)
        self.graph.add_to_collections(collections, self)

    def _build(self, initial_value, name, dtype, validate_shape, shape):
        graph = get_default_graph()
        if graph.outer is not None:                  # in a branch or loop: lifted out of it
            if getattr(initial_value, "graph", None) is graph:
                raise ValueError(
                    f"Initializer for variable {name or 'Variable'} is from inside a control-flow "
                    "construct, such as a loop or conditional. When creating a variable inside a "
                    "loop or conditional, use a lambda as the initializer.")
            with init_scope():
                return self._build(initial_value, name, dtype, validate_shape, shape)
        dtype = None if dtype is None else dtypes.as_dtype(dtype).base_dtype
        with graph.control_dependencies(None), graph.name_scope(name or "Variable") as scope:
            if callable(initial_value):
                with graph.name_scope("Initializer"):
                    initial = convert_to_tensor(initial_value(), dtype, name="initial_value")
            else:
                initial = convert_to_tensor(initial_value, dtype, name="initial_value")
            if shape is None:
                shape = initial.spec.shape if validate_shape else None
            if validate_shape and initial.spec.shape is None and shape is None:
                raise ValueError(f"initial_value must have a shape specified: {initial}")
            place = VariableV2(shape=shape, dtype=initial.spec.dtype, name=scope)
            place.initial_value = initial
            self._variable, self._initial_value = place.output, initial
            self._initializer_op = Assign(
                [self._variable, initial], validate_shape=validate_shape, name="Assign")
            self._snapshot = create("Identity", [self._variable], name="read").output

    # -- what it is ------------------------------------------------------------------------

    @property
    def name(self):
        return self._variable.name

    @property
    def _shared_name(self):
        return self.op.name

    @property
    def op(self):
        """The VariableV2 operation."""
        return self._variable.op

    @property
    def graph(self):
        return self._variable.graph

    @property
    def device(self):
        return self._variable.device

    @property
    def dtype(self):
        return self._variable.dtype

    @property
    def shape(self):
        return self._variable.shape

    @property
    def trainable(self):
        return self._trainable

    @property
    def initializer(self):
        """The operation that sets the variable to its initial value."""
        return self._initializer_op

    @property
    def initial_value(self):
        """The Tensor it starts with."""
        return self._initial_value

    def get_shape(self):
        return self.shape

    def set_shape(self, shape):
        """Adds to what is known of the shape."""
        self._variable.set_shape(shape)
        self._snapshot.set_shape(shape)

    # -- reading ---------------------------------------------------------------------------

    def value(self):
        """The Tensor that reads the variable."""
        return self._snapshot

    def read_value(self):
        """A new Tensor that reads the variable, after the enclosing control dependencies."""
        return create("Identity", [self._variable], name="read").output

    def initialized_value(self):
        """The value, of a variable that some initializer may not have reached yet.

        Reading is enough: a variable without a value takes its initial value on first use. A
        GraphDef has the branch that TensorFlow needs (interchange/first_values.py).
        """
        return self._snapshot

    def eval(self, session=None):
        """The value in `session`, or in the default session."""
        return self._variable.eval(session=session)

    def _ref(self):
        return self._variable

    def _as_graph_element(self):
        return self._variable

    # -- writing ---------------------------------------------------------------------------

    def load(self, value, session=None):
        """Sets the value in `session`, without adding to the graph."""
        from pellucid.core.session import default_session_for
        session = default_session_for(self, session)
        session.run(self.initializer, {self._initializer_op.input_nodes[1]: value})

    def assign(self, value, use_locking=False, name=None, read_value=True):
        """A Tensor that sets the variable to `value` when it runs; the Operation if not
        `read_value`."""
        return self._update("Assign", value, use_locking, name, read_value)

    def assign_add(self, delta, use_locking=False, name=None, read_value=True):
        """A Tensor that adds delta when it runs."""
        return self._update("AssignAdd", delta, use_locking, name, read_value)

    def assign_sub(self, delta, use_locking=False, name=None, read_value=True):
        """A Tensor that subtracts delta when it runs."""
        return self._update("AssignSub", delta, use_locking, name, read_value)

    def _update(self, op_type, value, use_locking, name, read_value):
        if type(value) is not Tensor:
            with self.graph.as_default(), self.graph.name_scope(name or op_type) as name:
                value = convert_to_tensor(value, self._variable.spec.dtype, name="value")
        assigned = create(op_type, [self._variable, value], use_locking=use_locking, name=name)
        return assigned.output if read_value else assigned

    def scatter_update(self, sparse_delta, use_locking=False, name=None):
        """Sets the rows of an IndexedSlices."""
        return self._scatter("ScatterUpdate", sparse_delta, use_locking, name)

    def scatter_add(self, sparse_delta, use_locking=False, name=None):
        """Adds to the rows of an IndexedSlices."""
        return self._scatter("ScatterAdd", sparse_delta, use_locking, name)

    def scatter_sub(self, sparse_delta, use_locking=False, name=None):
        """Subtracts from the rows of an IndexedSlices."""
        return self._scatter("ScatterSub", sparse_delta, use_locking, name)

    def scatter_mul(self, sparse_delta, use_locking=False, name=None):
        """Multiplies the rows of an IndexedSlices."""
        return self._scatter("ScatterMul", sparse_delta, use_locking, name)

    def scatter_div(self, sparse_delta, use_locking=False, name=None):
        """Divides the rows of an IndexedSlices."""
        return self._scatter("ScatterDiv", sparse_delta, use_locking, name)

    def scatter_min(self, sparse_delta, use_locking=False, name=None):
        """Sets the rows of an IndexedSlices to the lesser of both."""
        return self._scatter("ScatterMin", sparse_delta, use_locking, name)

    def scatter_max(self, sparse_delta, use_locking=False, name=None):
        """Sets the rows of an IndexedSlices to the greater of both."""
        return self._scatter("ScatterMax", sparse_delta, use_locking, name)

    def _scatter(self, op_type, delta, use_locking, name):
        if not isinstance(delta, IndexedSlices):
            raise TypeError(f"sparse_delta is not IndexedSlices: {delta!r}")
        return create(op_type, [self._variable, delta.indices, delta.values],
                      use_locking=use_locking, name=name).output

    # -- as a value ------------------------------------------------------------------------

    def __iter__(self):
        raise TypeError("'Variable' object is not iterable.")

    def __repr__(self):
        return f"<tf.Variable '{self.name}' shape={self.shape} dtype={self.dtype.name}>"

    __array_priority__ = 100


def _convert_variable(variable, dtype=None, name=None, as_ref=False):
    if dtype is not None and not dtype.is_compatible_with(variable.dtype.base_dtype):
        raise ValueError(f"Incompatible type conversion requested to type {dtype.name!r} for "
                         f"variable of type {variable.dtype.name!r}")
    return variable._variable if as_ref else variable._snapshot


register_tensor_conversion_function(Variable, _convert_variable)
