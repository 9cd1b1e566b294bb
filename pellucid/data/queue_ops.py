"""The operations of queues: the queue itself, a state of the session's, and what is done with it.

Read next: queues.py, for the classes that users make.
"""

import numpy as np

from pellucid.core import dtypes, errors, shapes
from pellucid.core.cell import Cell
from pellucid.core.gradients import NotDifferentiable
from pellucid.core.operation import Operation
from pellucid.core.shapes import Spec
from pellucid.data.elements import pad_and_stack, stack
from pellucid.data.queue_state import PriorityQueueState, QueueState, RandomShuffleQueueState

# -- the queue itself ----------------------------------------------------------------------


class _Queue(Operation):
    """What the operations of queues share: a state of the session's."""

    stateful = returns_ref = True
    state, pads = QueueState, False

    def infer(self):
        return Spec(dtypes.resource, ())

    def compute(self, cell):
        return cell

    @property
    def element_shapes(self):
        """The shapes that the components of an element must have; () for any."""
        return self.shapes

    def new_cell(self, session):
        """The queue of a session; one for all nodes of the same shared_name."""
        for op, cell in session._cells.items() if self.shared_name else ():
            if op.type == self.type and op.shared_name == self.shared_name:
                return cell
        return Cell(lambda: self.state(self), self.name)


_ATTRS = {"component_types": (), "shapes": (), "capacity": -1, "container": "",
          "shared_name": ""}


class FIFOQueueV2(_Queue):
    """A queue that gives elements in the order in which they came."""

    op_type, attrs = "FIFOQueueV2", _ATTRS


class PaddingFIFOQueueV2(_Queue):
    """The same, of elements whose shapes may differ; taken together, they are padded."""

    pads = True
    op_type, attrs = "PaddingFIFOQueueV2", _ATTRS


class RandomShuffleQueueV2(_Queue):
    """A queue that gives elements in a random order."""

    op_type, state = "RandomShuffleQueueV2", RandomShuffleQueueState
    attrs = _ATTRS | {"min_after_dequeue": 0, "seed": 0, "seed2": 0}


class PriorityQueueV2(_Queue):
    """A queue that gives the element of the least priority first."""

    op_type, attrs, state = "PriorityQueueV2", _ATTRS, PriorityQueueState

    @property
    def element_shapes(self):
        """Those of the components, the priority before the others."""
        return ((), *self.shapes) if self.shapes else ()


# -- what is done with it ------------------------------------------------------------------


class QueueEnqueueV2(Operation):
    """Adds one element, when there is room."""

    op_type, attrs, effect, keeps = "QueueEnqueueV2", {"timeout_ms": -1}, True, True

    def infer(self, queue, *components):
        return ()

    def compute(self, queue, *components):
        _check_shapes(queue, components, 0)
        queue.enqueue([components])
        return ()

    def _derived_attrs(self):
        return {"Tcomponents": tuple([t.spec.dtype for t in self.input_nodes[1:]])}


class QueueEnqueueManyV2(QueueEnqueueV2):
    """Adds the elements along the first dimension, as there is room."""

    op_type = "QueueEnqueueManyV2"

    def infer(self, queue, *components):
        for component in components:
            if component.rank == 0:
                raise ValueError("enqueue_many needs components with a first dimension")
        return ()

    def compute(self, queue, *components):
        sizes = {len(component) for component in components}
        if len(sizes) > 1:
            raise errors.InvalidArgumentError(
                None, None, "All input tensors must have the same size in the 0th dimension, but "
                f"they have {', '.join(str(len(c)) for c in components)}")
        _check_shapes(queue, components, 1)
        queue.enqueue(list(zip(*components, strict=True)))
        return ()


def _check_shapes(queue, components, skipped):
    for i, (shape, component) in enumerate(zip(queue.shapes, components, strict=False)):
        if not shapes.compatible(shape, np.shape(component)[skipped:]):
            raise errors.InvalidArgumentError(
                None, None, f"Shape mismatch in tuple component {i}. Expected "
                f"{shapes.show(shape)}, got {np.shape(component)[skipped:]}")


def _shapes_of(queue):
    """What is known of the shapes of a queue's components, from its handle; () for nothing.

    A branch or a loop knows a queue from outside by what stands for it.
    """
    while queue is not None and not isinstance(queue.op, _Queue):
        captures = getattr(queue.graph, "captures", {})
        queue = next((outer for outer, inner in captures.items() if inner is queue), None)
    return () if queue is None else queue.op.element_shapes


class QueueDequeueV2(Operation):
    """Takes one element, when there is one."""

    op_type, effect = "QueueDequeueV2", True
    attrs = {"component_types": (), "timeout_ms": -1}

    def infer(self, queue):
        return self._specs(())

    def _specs(self, batch):
        known = _shapes_of(self.input_nodes[0]) or (None,) * len(self.component_types)
        return tuple([Spec(dtype, None if shape is None else batch + shape)
                      for dtype, shape in zip(self.component_types, known, strict=True)])

    def compute(self, queue):
        element = queue.dequeue(1)[0]
        return element if len(self.outputs) > 1 else element[0]


class QueueDequeueManyV2(QueueDequeueV2):
    """Takes n elements at once, when there are as many."""

    op_type, up_to = "QueueDequeueManyV2", False

    def infer(self, queue, n):
        if not shapes.compatible(n.shape, ()):
            raise ValueError(f"n must be a scalar, but has shape {shapes.show(n.shape)}")
        known = None if n.value is None or self.up_to else int(n.value)
        if known is not None and known < 0:
            raise ValueError(f"n must be >= 0, but is {known}")
        return self._specs((known,))

    def compute(self, queue, n):
        known, padded = queue.shapes, queue.pads
        if not known or not (padded or all(map(shapes.is_complete, known))):
            raise errors.InvalidArgumentError(
                None, None, f"{queue.kind}'s DequeueMany and DequeueUpTo require the components "
                "to have specified shapes.")
        n = int(n)
        if n < 0:
            raise errors.InvalidArgumentError(
                None, None, f"DequeueManyOp requested {n} < 0 elements")
        elements = queue.dequeue(n, self.up_to)
        join = pad_and_stack if padded else stack
        columns = zip(*elements, strict=True) if elements else [()] * len(known)
        batch = tuple([join(column, dtype, shape) for column, dtype, shape in zip(
            columns, self.component_types, known, strict=True)])
        return batch if len(batch) > 1 else batch[0]


class QueueDequeueUpToV2(QueueDequeueManyV2):
    """Takes n elements, or what is left once the queue is closed."""

    op_type, up_to = "QueueDequeueUpToV2", True


class QueueCloseV2(Operation):
    """Says that no more elements will come."""

    op_type, attrs, effect = "QueueCloseV2", {"cancel_pending_enqueues": False}, True

    def infer(self, queue):
        return ()

    def compute(self, queue):
        queue.close(self.cancel_pending_enqueues)
        return ()


class QueueIsClosedV2(Operation):
    """Whether a queue was closed."""

    op_type, effect = "QueueIsClosedV2", True

    def infer(self, queue):
        return Spec(dtypes.bool_, ())

    def compute(self, queue):
        return np.bool_(queue.closed)


class QueueSizeV2(Operation):
    """The number of elements in a queue."""

    op_type, effect = "QueueSizeV2", True

    def infer(self, queue):
        return Spec(dtypes.int32, ())

    def compute(self, queue):
        return np.int32(queue.size())


for _op in (FIFOQueueV2, PaddingFIFOQueueV2, RandomShuffleQueueV2, PriorityQueueV2,
            QueueEnqueueV2, QueueEnqueueManyV2, QueueDequeueV2, QueueDequeueManyV2,
            QueueDequeueUpToV2, QueueCloseV2, QueueIsClosedV2, QueueSizeV2):
    NotDifferentiable(_op.op_type)
