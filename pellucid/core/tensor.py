"""Tensor: one output of an operation, and what is known of it before it runs.

A Tensor holds no value. It says which operation makes it (`op`), which operations use it
(`consumers`), and what any value of it will look like (`dtype`, `shape`). Its operators
(`x + y`, `x[0]`) are installed by ops/operators.py. Read next: graph.py.
"""

from typing import TYPE_CHECKING, Any

from pellucid.core import shapes
from pellucid.core.shapes import Spec, TensorShape


class Tensor:
    """One output of an operation. As in TF: tf.Tensor.

    Attributes:
      op: the Operation that computes it.
      value_index: int, which of the operation's outputs it is.
      spec: the Spec that the operation promised, refined by set_shape.
    """

    __slots__ = ("__weakref__", "_consumers", "op", "spec", "value_index")

    def __init__(self, op, value_index, spec):
        self.op, self.value_index, self.spec = op, value_index, spec
        self._consumers = []

    @property
    def name(self):
        """str, "operation:index", for example "dense/MatMul:0"."""
        return f"{self.op.name}:{self.value_index}"

    @property
    def graph(self):
        return self.op.graph

    @property
    def device(self):
        return self.op.device

    @property
    def dtype(self):
        """DType, or None where it is only known when the graph runs."""
        dtype = self.spec.dtype
        return dtype._as_ref if self.op.returns_ref else dtype

    @property
    def shape(self):
        """TensorShape, as far as it is known before the graph runs."""
        return TensorShape(self.spec.shape)

    def get_shape(self):
        """The same as `shape`."""
        return TensorShape(self.spec.shape)

    def set_shape(self, shape):
        """Adds to what is known of the shape. ValueError if it contradicts what was known."""
        spec, shape = self.spec, shapes.as_tuple(shape)
        try:
            merged = shapes.merge(spec.shape, shape)
        except ValueError as error:
            raise ValueError(f"{self.name}: {error}") from None
        self.spec = Spec(spec.dtype, merged, spec.value, spec.partial)

    def consumers(self):
        """List of the operations that have this tensor as an input, once for each such input."""
        return list(self._consumers)

    def eval(self, feed_dict=None, session=None):
        """Its value in `session`, or in the default session."""
        from pellucid.core.session import default_session_for
        return default_session_for(self, session).run(self, feed_dict)

    def __bool__(self):
        raise TypeError(
            f"Using a Tensor as a Python bool is not allowed: {self.name!r} has no value until "
            "a session runs it. Use tf.cond or tf.where to choose by a tensor, and "
            "`x is not None` to test whether one was given.")

    def __len__(self):
        raise TypeError(f"len is not defined for the symbolic Tensor {self.name!r}. "
                        "Use tf.shape(x)[0], or x.shape[0].value if it is known.")

    def __array__(self, dtype=None, copy=None):
        raise NotImplementedError(
            f"Cannot convert the symbolic Tensor {self.name!r} to a NumPy array: it has no value "
            "until a session runs it.")

    def __iter__(self):
        first = self.spec.shape[0] if self.spec.shape else None
        if first is None:
            raise TypeError(f"Tensor {self.name!r} of shape {shapes.show(self.spec.shape)} can "
                            "only be iterated over if its first dimension is known.")
        return (self[i] for i in range(first))

    def __str__(self):
        return 'Tensor("{}"{}{})'.format(
            self.name,
            "" if self.spec.shape is None else f", shape={shapes.show(self.spec.shape)}",
            "" if self.dtype is None else f", dtype={self.dtype.name}")

    def __repr__(self):
        dtype = self.dtype.name if self.dtype else None
        return f"<tf.Tensor '{self.name}' shape={shapes.show(self.spec.shape)} dtype={dtype}>"

    def _repr_html_(self):
        from pellucid.viz import notebook_html
        return notebook_html(self)

    if TYPE_CHECKING:         # for mypy: ops/operators.py installs it
        def __getitem__(self, key: Any) -> Any: ...

    # NumPy leaves binary operators on (array, Tensor) to the Tensor.
    __array_priority__ = 100


def describe(label, tensor):
    """One line of an error message: label = 'name' dtype shape."""
    dtype = tensor.dtype.name if tensor.dtype else "untyped"
    return f"  {label} = {tensor.name!r}  {dtype}  {shapes.show(tensor.spec.shape)}"
