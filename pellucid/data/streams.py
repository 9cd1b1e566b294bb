"""Streams: what a data set is while a session runs, and what running through one needs.

Each kind of data set is an operation with a generator, `iterate`, that gives its elements, made of
those of the data sets before it. Computing the operation gives a Stream, which has read nothing
yet; an iterator starts the generators. So a data set is a graph of nodes as everything else, and
the same nodes serve any number of iterators in any number of sessions. Read next: sources.py.
"""

import weakref

from pellucid.core import dtypes, errors
from pellucid.core.gradients import NotDifferentiable
from pellucid.core.operation import Operation
from pellucid.core.shapes import Spec


class Stream:
    """The elements of a data set, given the values of its inputs.

    Attributes:
      op: DatasetOp.
      values: tuple, its inputs: Streams and arrays.
    """

    __slots__ = ("op", "values")

    def __init__(self, op, values):
        self.op, self.values = op, values

    def iterate(self, context, key=0):
        """Iterator of the elements: flat tuples, or a Failure in place of one."""
        return self.op.iterate(context.child(key), *self.values)


class Failure:
    """Stands where an element could not be computed; whoever asks for it gets the error.

    Attributes:
      error: exception.
    """

    __slots__ = ("error",)

    def __init__(self, error):
        self.error = error


def checked(elements):
    """The elements; the error of a Failure is raised."""
    for element in elements:
        if type(element) is Failure:
            raise element.error
        yield element


class Context:
    """What generators know of the run that they are part of.

    Attributes:
      session: Session, whose cells hold what functions use.
      path: tuple, which place among the data sets of an iterator this is.
      buffers: WeakSet of what threads of the iterator fill.
    """

    __slots__ = ("_states", "buffers", "path", "session")

    def __init__(self, session, states=None, path=(), buffers=None):
        self.session, self.path = session, path
        self._states = {} if states is None else states
        self.buffers = weakref.WeakSet() if buffers is None else buffers

    def child(self, key):
        """The Context of a data set before this one."""
        return Context(self.session, self._states, (*self.path, key), self.buffers)

    def state(self, make, what=""):
        """What stays as long as the iterator, also where a repeated data set starts anew."""
        return self.shared((what, self.path), make)

    def shared(self, key, make):
        """The same, for all places that use `key`."""
        found = self._states.get(key)
        if found is None:
            found = self._states.setdefault(key, make())
        return found


class DatasetOp(Operation):
    """Base of the operations whose value is a Stream.

    output_types, output_shapes: of the components of an element; flat, as in TensorFlow.
    """

    effect = True                                       # neither folded nor shared

    def infer(self, *inputs):
        return Spec(dtypes.variant, ())

    def compute(self, *values):
        self.check(*values)
        return Stream(self, values)

    def check(self, *values):
        """Raises InvalidArgumentError for inputs that cannot be run with."""

    def iterate(self, context, *values):
        """Generator of the elements."""
        raise NotImplementedError(self.type)


TYPED = {"output_types": (), "output_shapes": ()}


def element_of(dataset):
    """List of a Spec for each part of an element of the data set that a Tensor is.

    It is empty where that is not known, as of one that a function is called with.
    """
    return [Spec(dtype, shape) for dtype, shape in zip(
        getattr(dataset.op, "output_types", ()), getattr(dataset.op, "output_shapes", ()),
        strict=False)]


def dataset_op(op_class):
    """Registers that there is no gradient; a decorator."""
    NotDifferentiable(op_class.op_type)
    return op_class


def require(condition, message):
    """Raises InvalidArgumentError unless the condition holds."""
    if not condition:
        raise errors.InvalidArgumentError(None, None, message)
