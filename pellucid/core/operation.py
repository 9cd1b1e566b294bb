"""Operation: a node of the graph.

An operation has `input_nodes`, a `compute` function that turns their values into its own, and
`consumers`. Subclass it, write `compute`, and it runs:

    class cube(Operation):
        def __init__(self, x):
            super().__init__([x])

        def compute(self, x_value):
            return x_value ** 3

The library's own operations also say before any run what they will return (`infer`), and carry
TensorFlow's name for their type (`op_type`). Read next: sources.py.
"""

import inspect
import os
import re
import sys
from typing import TYPE_CHECKING, Any

import numpy as np

from pellucid.core import shapes
from pellucid.core.cell import Cell
from pellucid.core.dtypes import as_dtype
from pellucid.core.graph import get_default_graph
from pellucid.core.shapes import Spec
from pellucid.core.tensor import Tensor, describe

_PACKAGE = os.path.dirname(os.path.dirname(__file__)) + os.sep
_OP_NAME = re.compile(r"[A-Za-z0-9.][A-Za-z0-9_.\-/]*$")
_INNER_OP_NAME = re.compile(r"[A-Za-z0-9_.\-/]*$")

op_types = {}              # TensorFlow's name of an operation type -> class
_later = []                # functions that import further types


class Operation:
    """A node that performs a computation on its inputs.

    Args:
      input_nodes: what it computes with: Tensors, Operations of one output, Variables, or
        values, which become constants.
      name: str, made unique in the graph; the type by default.
      **attrs: values for the attributes that the class declares in `attrs`.

    Class attributes, for those who write operations:
      op_type: TensorFlow's name of the type; a learner's own class leaves it out.
      attrs: {name: default} of the constants that a node carries besides its inputs.
      effect: computing it does something besides returning values, so it is never left out.
      stateful: compute receives the session's Cell for this node as its first argument.
      ref_inputs: positions of the inputs that arrive as Cells where they are variables.
      returns_ref: the output is a variable.
      folds: computing it while the graph is built is cheap and without side effect.
      fresh: its outputs never share memory with its inputs.
      keeps: arrays that it takes in live on after the run, in a Cell.
      host: only NumPy can compute it: its outputs' shapes depend on the data, say.
      static_inputs: positions of the inputs that must be known numbers when XLA compiles it.
      subgraphs: names of the attributes that are function graphs; compute receives, after a
        cell, a function for each: of the values of its inputs, the list of its outputs'.
      functions: names of the attributes that are function graphs and that it calls itself.

    As in TF: tf.Operation.
    """

    op_type: str | None = None
    attrs: dict = {}
    stateful = effect = returns_ref = folds = fresh = keeps = host = False
    ref_inputs: tuple = ()
    static_inputs: tuple = ()
    subgraphs: tuple = ()
    functions: tuple = ()
    device = ""
    _gradient_type = None             # set by gradient_override_map
    _gradient_function = None         # set by custom_gradient
    _colocated = None                 # set by colocate_with

    if TYPE_CHECKING:         # for mypy: what `attrs` declares is read as self.name
        def __getattr__(self, name: str) -> Any: ...

    def __init_subclass__(cls):
        if cls.__dict__.get("op_type"):
            op_types[cls.op_type] = cls
        for attribute, default in cls.__dict__.get("attrs", {}).items():
            setattr(cls, attribute, default)

    def __init__(self, input_nodes=(), name=None, **attrs):
        graph = get_default_graph()
        inputs = [n if type(n) is Tensor else convert_to_tensor(n) for n in input_nodes]
        for tensor in inputs:
            if tensor.op.graph is not graph:
                graph, inputs = graph._settle(self, inputs)
                break
        if graph._finalized:
            graph._check_not_finalized()
        if attrs:
            self._set_attrs(attrs)
        self.graph, self.input_nodes = graph, tuple(inputs)
        self._code, self._instruction = _user_position(self)
        specs = self._infer_outputs(inputs, name)
        self.name = _unique_name(graph, name, self.op_type or type(self).__name__)
        self.outputs = tuple([Tensor(self, i, spec) for i, spec in enumerate(specs)])
        self._number = len(graph._operations)              # creation order, the tie-breaker
        self.control_inputs = (
            graph._control_inputs_for(self, inputs) if graph._controllers else ())
        if graph._devices:
            self.device = graph._device_for(self)
        if graph._colocated:
            self._colocated = graph._colocated
        if graph._gradient_overrides:
            self._gradient_type = graph._gradient_overrides.get(self.type)
        for tensor in inputs:
            tensor._consumers.append(self)
        graph._operations[self.name] = self

    # -- what a subclass defines -----------------------------------------------------------

    def compute(self, *values):
        """The value of the output (a tuple for several), given those of the inputs."""
        raise NotImplementedError(f"{self.type} {self.name!r} does not define compute.")

    def infer(self, *inputs):
        """The Spec of the output (a tuple for several), given those of the inputs.

        Unless a subclass says otherwise: the first input's type, and an unknown shape.
        """
        return Spec(inputs[0].dtype if inputs else None, None)

    def new_cell(self, session):
        """The state of a stateful operation in a session that has none yet."""
        return Cell()

    # -- what everyone reads ---------------------------------------------------------------

    @property
    def type(self):
        """str, TensorFlow's name of the operation's type, or the name of its class."""
        return self.op_type or type(self).__name__

    @property
    def inputs(self):
        """Tuple of Tensor, the same as input_nodes: TensorFlow's name for them."""
        return self.input_nodes

    @property
    def output(self):
        """The operation's only output. ValueError if it has none or several."""
        if len(self.outputs) != 1:
            raise ValueError(f"{self.type} {self.name!r} has {len(self.outputs)} outputs; "
                             "choose one of op.outputs.")
        return self.outputs[0]

    @property
    def consumers(self):
        """List of the operations that have an output of this one as an input."""
        return list(dict.fromkeys(c for t in self.outputs for c in t._consumers))

    @property
    def node_def(self):
        """The operation as a NodeDef message; see interchange/graph_def.py."""
        from pellucid.interchange.graph_def import to_node_def
        return to_node_def(self)

    def get_attr(self, name):
        """The value of an attribute. ValueError if the operation has none of that name."""
        if name in self.attrs:
            return getattr(self, name)
        derived = self._derived_attrs()
        if name in derived:
            return derived[name]
        raise ValueError(f"Operation {self.name!r} has no attr named {name!r}.")

    def _derived_attrs(self):
        """Attributes that follow from inputs and outputs: TensorFlow's T, N, dtype."""
        derived = {"N": len(self.input_nodes)}
        if self.input_nodes:
            derived["T"] = self.input_nodes[0].spec.dtype
        if self.outputs:
            derived.setdefault("T", self.outputs[0].spec.dtype)
            derived["dtype"] = self.outputs[0].spec.dtype
        return derived

    @property
    def kernel(self):
        """What engines call: compute, with the result of a learner's own made an array."""
        return self.compute if self.op_type else self._compute_own

    def _compute_own(self, *values):
        results = self.compute(*values)
        if len(self.outputs) == 1:
            return self._as_promised(self.outputs[0], results)
        return tuple([self._as_promised(t, r) for t, r in zip(self.outputs, results, strict=True)])

    def _as_promised(self, tensor, result):
        dtype = tensor.spec.dtype
        result = np.asarray(result)
        if dtype is None or result.dtype == dtype._numpy:
            return result
        if not np.can_cast(result.dtype, dtype._numpy, "same_kind"):
            raise TypeError(
                f"{self.type}.compute returned {result.dtype}, but {tensor.name!r} is "
                f"{dtype.name}: define infer(self, *inputs), which returns tf.Spec(dtype, shape).")
        return result.astype(dtype._numpy)

    @property
    def location(self):
        """(file name, line number) of the user's line that built the operation."""
        for start, end, line in self._code.co_lines():
            if start <= self._instruction < end and line is not None:
                return self._code.co_filename, line
        return self._code.co_filename, self._code.co_firstlineno

    def run(self, feed_dict=None, session=None):
        """Runs the operation in `session`, or in the default session."""
        from pellucid.core.session import default_session_for
        default_session_for(self, session).run(self, feed_dict)

    def eval(self, feed_dict=None, session=None):
        """The value of the operation's only output."""
        return self.output.eval(feed_dict, session)

    def colocation_groups(self):
        """[b"loc:@name"], with the name of the operation that this one was colocated with."""
        return [b"loc:@" + (self._colocated or self).name.encode()]

    def _add_control_input(self, op):
        """Makes this operation wait for `op`, which may be younger."""
        if op not in self.control_inputs:
            self.control_inputs += (op,)
            self.graph._rewired += 1

    def __repr__(self):
        return f"<tf.Operation '{self.name}' type={self.type}>"

    def __str__(self):
        lines = [f"name: {self.name!r}", f"op: {self.type!r}"]
        lines += [f"input: {t.name!r}" for t in self.input_nodes]
        lines += [f"input: '^{c.name}'" for c in self.control_inputs]
        return "\n".join(lines)

    __array_priority__ = 100

    # -- construction ----------------------------------------------------------------------

    @classmethod
    def detached(cls, **attrs):
        """A node outside any graph, for `compute` and `infer` alone (engine/rewrite.py)."""
        op = object.__new__(cls)
        op._set_attrs(attrs)
        return op

    def _set_attrs(self, attrs):
        unknown = attrs.keys() - self.attrs.keys()
        if unknown:
            raise TypeError(f"{self.type} has no attribute {sorted(unknown)}")
        self.__dict__.update(attrs)

    def _infer_outputs(self, inputs, name):
        known = [tensor.spec for tensor in inputs]
        try:
            specs = self.infer(*known)
        except (ValueError, TypeError) as error:
            raise type(error)(self._explain(error, inputs, name)) from None
        if type(specs) is Spec:
            specs = (specs,)
            if self.folds:
                fold(self, known, specs[0])
        return specs

    def _explain(self, error, inputs, name):
        """The message of a construction error: what, which inputs, and the user's line."""
        parameters = inspect.signature(self.compute).parameters.values()
        labels = [p.name for p in parameters if p.kind is not p.VAR_POSITIONAL]
        labels = labels[self.stateful + len(self.subgraphs):]
        labels += [f"input {i}" for i in range(len(inputs))]
        file, line = self.location
        wanted = (name or self.type).rstrip("/")
        return "\n".join([f"{self.type} {wanted!r}: {error}",
                          *map(describe, labels, inputs),
                          f"  (built at {file}:{line})"])


def fold(op, inputs, spec):
    """Fills in spec.value where op is small integer arithmetic on known inputs.

    Shapes are computed by ordinary operations, so this is what makes
    `tf.reshape(x, [tf.shape(x)[0], 3])` have a static shape.
    """
    for known in inputs:
        if known.value is None:
            return
    if (spec.value is None and spec.dtype is not None and spec.dtype._numpy.kind in "iub"
            and (shapes.size(spec.shape) or 0) <= 1024):
        with np.errstate(all="ignore"):
            try:
                value = np.asarray(op.compute(*[known.value for known in inputs]))
            except (ValueError, IndexError, ArithmeticError):
                return                    # it is wrong; the run will say so, with its inputs
            except Exception as error:
                if hasattr(error, "error_code"):
                    return
                raise
        spec.value, spec.shape = value, value.shape


def create(op_type, inputs=(), name=None, **attrs):
    """An operation of a registered type: how code below the ops names one."""
    return find_type(op_type)(inputs, name=name, **attrs)


def register_later(*loaders):
    """Has the functions called, one after the other, until a type is there that is asked for."""
    _later.extend(loaders)


def load_until(op_type, registry):
    """Imports further operation types until the registry has this one, or there are no more."""
    while op_type not in registry and _later:
        _later.pop(0)()


def find_type(op_type):
    """The class of operations of a type, or None."""
    load_until(op_type, op_types)
    return op_types.get(op_type)


def _unique_name(graph, name, default):
    if name is None:
        return graph.unique_name(default)
    pattern = _INNER_OP_NAME if graph._scope else _OP_NAME
    if not name or not pattern.match(name):
        raise ValueError(f"{name!r} is not a valid node name")
    if name.endswith("/"):                  # a name scope's own name, taken as it is
        name = name[:-1]
        return name if name not in graph._operations else graph.unique_name(name)
    return graph.unique_name(name)


def _user_position(op):
    """(code, instruction) of the innermost frame outside this package (and op's own __init__)."""
    frame = sys._getframe(2)
    while frame.f_code.co_filename.startswith(_PACKAGE) and frame.f_back:
        frame = frame.f_back
    if op.op_type is None:                  # a learner's own: the line that made it says more
        while frame.f_back and frame.f_locals.get("self") is op:
            frame = frame.f_back
    return frame.f_code, frame.f_lasti


# -- values become tensors -----------------------------------------------------------------

_conversions = []          # (types, function(value, dtype, name)), the latest first


def register_tensor_conversion_function(base_type, conversion_func, priority=100):
    """Makes convert_to_tensor accept instances of base_type (a type or a tuple of types).

    conversion_func(value, dtype, name, as_ref) returns a Tensor, or NotImplemented.
    As in TF: tf.register_tensor_conversion_function.
    """
    if not callable(conversion_func):
        raise TypeError("conversion_func must be callable.")
    _conversions.append((priority, base_type, conversion_func))
    _conversions.sort(key=lambda entry: entry[0])


def convert_to_tensor(value, dtype=None, name=None, preferred_dtype=None, dtype_hint=None,
                      as_ref=False):
    """The Tensor that a value stands for; lists, numbers and arrays become constants.

    Args:
      value: a Tensor, Operation of one output, Variable, number, nested list or array.
      dtype: DType that the result must have, else that of the value.
      name: str, for a constant.
      preferred_dtype, dtype_hint: DType to try first where dtype is None.

    Raises ValueError if a tensor has another dtype, TypeError if a value cannot have it.
    As in TF: tf.convert_to_tensor.
    """
    dtype = as_dtype(dtype).base_dtype if dtype is not None else None
    if isinstance(value, Operation):
        value = value.output
    if isinstance(value, Tensor):
        if dtype is not None and value.spec.dtype not in (dtype, None):
            raise ValueError(f"Tensor conversion requested dtype {dtype.name} for Tensor with "
                             f"dtype {value.dtype.name}: {value!r}")
        return value
    preferred_dtype = preferred_dtype or dtype_hint
    for _, types, function in _conversions:
        if not isinstance(value, types):
            continue
        if dtype is None and preferred_dtype is not None:
            try:
                result = function(value, dtype=as_dtype(preferred_dtype), name=name, as_ref=as_ref)
                if result is not NotImplemented:
                    return result
            except (TypeError, ValueError):
                pass
        result = function(value, dtype=dtype, name=name, as_ref=as_ref)
        if result is not NotImplemented:
            return result
    raise TypeError(f"Cannot convert {value!r} of type {type(value).__name__} to a Tensor.")
