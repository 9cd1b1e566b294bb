"""Iterators in a session: where one is, and the operations that start it and take from it.

Read next: iterators.py.
"""

import itertools
import threading
import weakref

import numpy as np

from pellucid.core import dtypes, errors, shapes
from pellucid.core.cell import Cell
from pellucid.core.gradients import NotDifferentiable
from pellucid.core.operation import Operation
from pellucid.core.shapes import Spec
from pellucid.core.traversal import schedule
from pellucid.data.functions import compiled
from pellucid.data.streams import Context, Failure
from pellucid.data.structure import as_value

_numbers = itertools.count()
_by_handle = weakref.WeakValueDictionary()           # string handle -> IteratorState


class IteratorState:
    """One iterator in one session.

    Args:
      op: the Operation that stands for it.
      session: Session.

    Attributes:
      handle: bytes, by which other runs of the session find it.
    """

    def __init__(self, op, session):
        self.op, self._session = op, weakref.ref(session)
        self.handle = b"%s, iterator %d" % (op.name.encode(), next(_numbers))
        _by_handle[self.handle] = self
        self._elements, self._buffers, self._lock = None, (), threading.Lock()

    def start(self, stream):
        """Begins to run through a data set; ends what went on before."""
        with self._lock:
            self._close()
            context = Context(self._session())
            self._buffers = context.buffers
            self._elements = iter(stream.iterate(context))

    def next(self):
        """The next element. OutOfRangeError at the end."""
        with self._lock:
            if self._elements is None:
                raise errors.FailedPreconditionError(
                    None, None, "GetNext() failed because the iterator has not been initialized. "
                    "Ensure that you have run the initializer operation for this iterator before "
                    "getting the next element.")
            element = next(self._elements, None)
        if element is None:
            raise errors.OutOfRangeError(None, None, "End of sequence")
        if type(element) is Failure:
            raise element.error
        return element

    def release(self):
        """Ends the threads that read ahead: the session is closed."""
        for buffer in list(self._buffers):           # first, because somebody may wait for one
            buffer.close()
        with self._lock:
            self._close()

    def _close(self):
        close = getattr(self._elements, "close", None)
        self._elements = None
        if close is not None:
            close()


class _Iterator(Operation):
    """What the operations of iterators share: a state of the session's."""

    stateful = returns_ref = True

    def infer(self):
        return Spec(dtypes.resource, ())

    def compute(self, cell):
        return cell


_TYPED = {"output_types": (), "output_shapes": ()}


class IteratorV2(_Iterator):
    """An iterator that MakeIterator starts."""

    op_type = "IteratorV2"
    attrs = {"shared_name": "", "container": "", **_TYPED}

    def new_cell(self, session):
        """The iterator in a session; one for all nodes of the same shared_name."""
        for op, cell in session._cells.items() if self.shared_name else ():
            if op.type == self.type and op.shared_name == self.shared_name:
                return cell
        return Cell(lambda: IteratorState(self, session), self.name)


class Factory:
    """The nodes that make a data set, as a function of no arguments: they stay in their graph.

    dataset: Tensor.
    """

    inputs, has_effect, function_name = (), True, ""

    def __init__(self, dataset):
        self.outputs = [dataset]

    def get_operations(self):
        """The nodes, each after those that it needs."""
        return schedule(self.outputs, ())

    def make(self, session):
        """The data set in a session."""
        return session.run(self.outputs[0])


class OneShotIterator(_Iterator):
    """An iterator that starts by itself, and once.

    dataset_factory: what makes its data set: a Factory, or of a graph from a file a FunctionGraph.
    """

    op_type, functions = "OneShotIterator", ("dataset_factory",)
    attrs = {"dataset_factory": None, **_TYPED, "container": "", "shared_name": ""}

    @classmethod
    def called_with(cls, attrs, inputs):
        """Nothing, see functions.CallsFunctions."""
        return {"dataset_factory": []}

    def new_cell(self, session):
        """The iterator in a session, started."""
        def started():
            state = IteratorState(self, session)
            if isinstance(self.dataset_factory, Factory):
                dataset = self.dataset_factory.make(session)
            else:
                dataset, = compiled(Context(session), self.dataset_factory)()
            state.start(dataset)
            return state
        return Cell(started, self.name)


class MakeIterator(Operation):
    """Starts an iterator on a data set."""

    op_type, effect = "MakeIterator", True

    def infer(self, dataset, iterator):
        return ()

    def compute(self, dataset, iterator):
        iterator.start(dataset)
        return ()


class IteratorGetNext(Operation):
    """The next element of an iterator."""

    op_type, attrs, effect = "IteratorGetNext", _TYPED, True

    def infer(self, iterator):
        return tuple([Spec(dtype, shape) for dtype, shape in zip(
            self.output_types, self.output_shapes, strict=True)])

    def compute(self, iterator):
        element = tuple(map(as_value, iterator.next()))
        return element if len(element) > 1 else element[0]


class IteratorToStringHandle(Operation):
    """The name of an iterator in a session, to be fed."""

    op_type, effect = "IteratorToStringHandle", True

    def infer(self, iterator):
        return Spec(dtypes.string, ())

    def compute(self, iterator):
        return np.array(iterator.handle, object)


class IteratorFromStringHandleV2(Operation):
    """The iterator of that name."""

    op_type, attrs, effect = "IteratorFromStringHandleV2", _TYPED, True

    def infer(self, handle):
        return Spec(dtypes.resource, ())

    def compute(self, handle):
        state = _by_handle.get(np.asarray(handle, object).item())
        if state is None:
            raise errors.InvalidArgumentError(
                None, None, "Could not parse string_handle as a valid ResourceHandle: it must be "
                "the value of Iterator.string_handle(), in this session.")
        _check_same(self, state.op)
        return state


def _check_same(wanted, found):
    """InvalidArgumentError unless an iterator gives what another promises."""
    if len(wanted.output_types) != len(found.output_types):
        raise errors.InvalidArgumentError(
            None, None, f"Number of components does not match: expected "
            f"{len(wanted.output_types)} types but got {len(found.output_types)}.")
    for i, (a, b) in enumerate(zip(wanted.output_types, found.output_types, strict=True)):
        if a is not b:
            raise errors.InvalidArgumentError(
                None, None, f"Data type mismatch at component {i}: expected {a.name} but got "
                f"{b.name}.")
    for i, (a, b) in enumerate(zip(wanted.output_shapes, found.output_shapes, strict=True)):
        if not shapes.compatible(a, b):
            raise errors.InvalidArgumentError(
                None, None, f"Incompatible shapes at component {i}: expected {shapes.show(a)} but "
                f"got {shapes.show(b)}.")


for _op in (IteratorV2, OneShotIterator, MakeIterator, IteratorGetNext, IteratorToStringHandle,
            IteratorFromStringHandleV2):
    NotDifferentiable(_op.op_type)
