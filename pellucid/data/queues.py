"""Queues: tensors that one thread leaves and another takes, within one session.

    queue = tf.FIFOQueue(100, [tf.float32, tf.int32], shapes=[(784,), ()])
    enqueue = queue.enqueue_many([images, labels])
    image, label = queue.dequeue_many(32)

A queue is a node whose state lives in the session, so that each session has its own. Read next:
queue_runner.py, for the threads.
"""

import hashlib

import numpy as np

from pellucid.core import dtypes, shapes
from pellucid.core.dtypes import as_dtype
from pellucid.core.operation import convert_to_tensor
from pellucid.core.shapes import TensorShape
from pellucid.data.queue_ops import (
    FIFOQueueV2,
    PaddingFIFOQueueV2,
    PriorityQueueV2,
    QueueCloseV2,
    QueueDequeueManyV2,
    QueueDequeueUpToV2,
    QueueDequeueV2,
    QueueEnqueueManyV2,
    QueueEnqueueV2,
    QueueIsClosedV2,
    QueueSizeV2,
    RandomShuffleQueueV2,
)
from pellucid.ops.arguments import name_scope
from pellucid.ops.random.draws import get_seed


class QueueBase:
    """A queue of elements, each a list of tensors of given types.

    As in TF: tf.QueueBase.
    """

    def __init__(self, dtypes, shapes, names, queue_ref):
        self._dtypes = dtypes
        self._shapes = [TensorShape(s) for s in shapes or [None] * len(dtypes)]
        self._names, self._queue_ref = names, queue_ref
        self._name = queue_ref.op.name.rpartition("/")[2]

    @property
    def queue_ref(self):
        """Tensor, the handle of the queue."""
        return self._queue_ref

    @property
    def name(self):
        """str, the name of the queue's operation."""
        return self._queue_ref.op.name

    @property
    def dtypes(self):
        """List of DType, one for each component."""
        return self._dtypes

    @property
    def shapes(self):
        """List of TensorShape, one for each component."""
        return self._shapes

    @property
    def names(self):
        """List of str if elements are dicts, else None."""
        return self._names

    def enqueue(self, vals, name=None):
        """Operation that adds one element: a tensor, a list of them, or a dict if it has names.

        It waits while the queue is full. As in TF: QueueBase.enqueue.
        """
        return self._enqueue(QueueEnqueueV2, vals, name, f"{self._name}_enqueue", ())

    def enqueue_many(self, vals, name=None):
        """Operation that adds the elements that lie along the first dimension of the tensors.

        As in TF: QueueBase.enqueue_many.
        """
        return self._enqueue(QueueEnqueueManyV2, vals, name, f"{self._name}_EnqueueMany", (None,))

    def _enqueue(self, op_class, vals, name, default, batch):
        values = self._components(vals)
        with name_scope(name, default, values) as scope:
            tensors = [convert_to_tensor(value, dtype, name=f"component_{i}")
                       for i, (value, dtype) in enumerate(zip(values, self._dtypes, strict=True))]
            for tensor, shape in zip(tensors, self._shapes, strict=True):
                if shape.ndims is not None:
                    tensor.shape.assert_is_compatible_with(TensorShape(batch).concatenate(shape))
            return op_class([self._queue_ref, *tensors], name=scope)

    def _components(self, vals):
        if isinstance(vals, dict):
            if not self._names:
                raise ValueError("Queue must have names to enqueue a dictionary")
            if sorted(self._names) != sorted(vals):
                raise ValueError(f"Keys in dictionary to enqueue do not match names of Queue.  "
                                 f"Dictionary: {sorted(vals)}, Queue: {sorted(self._names)}")
            return [vals[name] for name in self._names]
        if self._names:
            raise ValueError("You must enqueue a dictionary in a Queue with names")
        values = list(vals) if isinstance(vals, list | tuple) else [vals]
        if len(values) != len(self._dtypes):
            raise ValueError(f"the queue {self.name!r} has elements of {len(self._dtypes)} "
                             f"tensors, but got {len(values)}")
        return values

    def dequeue(self, name=None):
        """One element: a Tensor, a list of them, or a dict. It waits while the queue is empty.

        As in TF: QueueBase.dequeue.
        """
        return self._dequeued(QueueDequeueV2(
            [self._queue_ref], name or f"{self._name}_Dequeue",
            component_types=tuple(self._dtypes)))

    def dequeue_many(self, n, name=None):
        """n elements, put together along a new first dimension. It waits for as many.

        Raises, in the run, OutOfRangeError if the queue is closed and holds fewer.
        As in TF: QueueBase.dequeue_many.
        """
        return self._dequeue_many(QueueDequeueManyV2, n, name or f"{self._name}_DequeueMany")

    def dequeue_up_to(self, n, name=None):
        """n elements, or what is left once the queue is closed.

        As in TF: QueueBase.dequeue_up_to.
        """
        return self._dequeue_many(QueueDequeueUpToV2, n, name or f"{self._name}_DequeueUpTo")

    def _dequeue_many(self, op_class, n, name):
        with name_scope(name, None, [self._queue_ref]) as scope:
            n = convert_to_tensor(n, dtypes.int32, name="n")
            return self._dequeued(op_class([self._queue_ref, n], scope,
                                           component_types=tuple(self._dtypes)))

    def _dequeued(self, op):
        tensors = list(op.outputs)
        if self._names:
            return dict(zip(self._names, tensors, strict=True))
        return tensors if len(tensors) > 1 else tensors[0]

    def close(self, cancel_pending_enqueues=False, name=None):
        """Operation that closes the queue: enqueuing fails, what it holds can still be taken.

        Who waits with an element comes first, unless cancel_pending_enqueues.
        As in TF: QueueBase.close.
        """
        return QueueCloseV2([self._queue_ref], name or f"{self._name}_Close",
                            cancel_pending_enqueues=cancel_pending_enqueues)

    def is_closed(self, name=None):
        """bool Tensor, whether the queue is closed."""
        return QueueIsClosedV2([self._queue_ref], name or f"{self._name}_Is_Closed").output

    def size(self, name=None):
        """int32 Tensor, the number of elements in the queue."""
        return QueueSizeV2([self._queue_ref], name or f"{self._name}_Size").output


class FIFOQueue(QueueBase):
    """A queue that gives elements in the order in which they came.

    Args:
      capacity: int, the most elements that it holds.
      dtypes: DType, or list of one for each component of an element.
      shapes: list of their shapes; dequeue_many needs them.
      names: list of str, so that elements are dicts.
      shared_name: str, nodes of one shared_name are one queue.
      name: str.

    As in TF: tf.FIFOQueue.
    """

    def __init__(self, capacity, dtypes, shapes=None, names=None, shared_name=None,
                 name="fifo_queue"):
        _build(self, FIFOQueueV2, capacity, dtypes, shapes, names, shared_name, name)


class PaddingFIFOQueue(QueueBase):
    """A FIFOQueue whose elements may differ in shape where `shapes` has None.

    Elements that are taken together are padded to the longest, with zeros or empty strings.
    As in TF: tf.PaddingFIFOQueue.
    """

    def __init__(self, capacity, dtypes, shapes, names=None, shared_name=None,
                 name="padding_fifo_queue"):
        _build(self, PaddingFIFOQueueV2, capacity, dtypes, shapes, names, shared_name, name)


class RandomShuffleQueue(QueueBase):
    """A queue that gives elements in a random order.

    Args:
      capacity, dtypes, shapes, names, shared_name, name: as of a FIFOQueue.
      min_after_dequeue: int, how many elements stay, for a good mix, until the queue is closed.
      seed: int, for the same order each time; TensorFlow's.

    As in TF: tf.RandomShuffleQueue.
    """

    def __init__(self, capacity, min_after_dequeue, dtypes, shapes=None, names=None, seed=None,
                 shared_name=None, name="random_shuffle_queue"):
        seed, seed2 = _seeds(seed, shared_name)
        _build(self, RandomShuffleQueueV2, capacity, dtypes, shapes, names, shared_name, name,
               min_after_dequeue=min_after_dequeue, seed=seed, seed2=seed2)


class PriorityQueue(QueueBase):
    """A queue that gives the element of the least priority first.

    Elements have the priority, an int64, as a component before the others.
    As in TF: tf.PriorityQueue.
    """

    def __init__(self, capacity, types, shapes=None, names=None, shared_name=None,
                 name="priority_queue"):
        _build(self, PriorityQueueV2, capacity, types, shapes, names, shared_name, name)


def _build(queue, op_class, capacity, types, given, names, shared_name, name, **attrs):
    types = [as_dtype(dtype).base_dtype for dtype in _list_of(types)]
    known = None if given is None else _shapes(given, len(types), op_class is PaddingFIFOQueueV2)
    if names is not None:
        names = _list_of(names)
        if len(names) != len(types):
            raise ValueError(f"Queue names must be as many as the types: {names}, {types}")
    op = op_class((), name=name, capacity=int(capacity), component_types=tuple(types),
                  shapes=tuple(known or ()), shared_name=shared_name or "", **attrs)
    if op_class is PriorityQueueV2:
        types, names = [dtypes.int64, *types], names and ["priority", *names]
        known = known and [(), *known]
    QueueBase.__init__(queue, types, known, names, op.output)


def _list_of(value):
    return list(value) if isinstance(value, list | tuple) else [value]


def _shapes(given, count, partial):
    """List of `count` shapes as tuples, also from a single one for a single component."""
    if isinstance(given, TensorShape):
        given = [given]
    if not isinstance(given, list | tuple):
        raise TypeError("shapes must be a TensorShape or a list or tuple of TensorShapes.")
    if all(d is None or isinstance(d, int | np.integer | shapes.Dimension) for d in given):
        if partial:
            raise ValueError("When providing partial shapes, a list of shapes must be provided.")
        given = [given]
    known = [shapes.as_tuple(shape) for shape in given]
    if any(shape is None for shape in known):
        raise ValueError(f"All shapes must have a defined rank: {given}")
    if not partial and not all(map(shapes.is_complete, known)):
        raise ValueError(f"All shapes must be fully defined: {given}")
    if len(known) != count:
        raise ValueError(f"Queue shapes must have the same length as dtypes: {given}, {count}")
    return known


def _seeds(seed, shared_name):
    """TensorFlow's two seeds of a queue: without its own, the second is made of the name."""
    graph_seed, op_seed = get_seed(seed)
    if graph_seed is None and op_seed is None:
        return 0, 0
    if seed is None and shared_name is not None:
        text = f"{graph_seed}{shared_name}".encode()
        op_seed = int(hashlib.md5(text, usedforsecurity=False).hexdigest()[:8], 16) & 0x7FFFFFFF
    return graph_seed, op_seed
