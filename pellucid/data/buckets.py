"""Batches of examples that are alike, such as sentences of about one length.

    lengths, (words, tags) = tf.contrib.training.bucket_by_sequence_length(
        length, [words, tags], 32, bucket_boundaries=[10, 20, 40], dynamic_pad=True)

Each bucket is a queue. As soon as a bucket has enough for a batch, the batch goes to the queue on
top, from which the program takes it. Read batching.py first.
"""

import itertools

import numpy as np

from pellucid.core import dtypes, errors
from pellucid.core.operation import convert_to_tensor
from pellucid.core.shapes import TensorShape
from pellucid.data.batching import as_tensors, common_shapes
from pellucid.data.queue_runner import QueueRunner, add_queue_runner
from pellucid.data.queues import FIFOQueue, PaddingFIFOQueue
from pellucid.nn.choice import smart_cond
from pellucid.ops.arguments import name_scope
from pellucid.ops.control.cond import cond
from pellucid.ops.control.waiting import group, no_op
from pellucid.ops.math.casting import cast
from pellucid.ops.math.comparison import equal, less_equal
from pellucid.ops.math.reductions import reduce_sum
from pellucid.summary.scalars import scalar


def bucket(tensors, which_bucket, batch_size, num_buckets, num_threads=1, capacity=32,
           bucket_capacities=None, shapes=None, dynamic_pad=False,
           allow_smaller_final_batch=False, keep_input=True, shared_name=None, name=None):
    """Batches of examples of one bucket each.

    Args:
      tensors: list or dict of Tensors, one example.
      which_bucket: int32 Tensor, scalar: the example's bucket.
      batch_size: int, or a list of one for each bucket.
      num_buckets: int.
      num_threads: int, how many threads compute examples.
      capacity: int, the most batches that wait on top.
      bucket_capacities: list of the most examples that wait in each bucket; by default `capacity`.
      keep_input: bool, or a bool Tensor, scalar: whether the example is kept.
      shapes, dynamic_pad, allow_smaller_final_batch, shared_name, name: see tf.train.batch.

    Returns:
      (int32 Tensor, the batch's bucket; Tensors in the structure of `tensors`, a Tensor for a
      list of one).

    Raises ValueError where the lists are not of num_buckets.
    As in TF: tf.contrib.training.bucket.
    """
    sizes = _one_each(batch_size, num_buckets, "batch_size")
    capacities = _one_each(capacity if bucket_capacities is None else bucket_capacities,
                           num_buckets, "bucket_capacities")
    keys = sorted(tensors) if isinstance(tensors, dict) else None
    flat = as_tensors("bucket", tensors, keys)
    with name_scope(name, "bucket", flat):
        flat = [convert_to_tensor(t) for t in flat]
        which_bucket = convert_to_tensor(which_bucket, dtypes.int32, name="which_bucket")
        types = [t.dtype.base_dtype for t in flat]
        shapes = common_shapes([flat], False) if shapes is None else shapes
        queue_class = PaddingFIFOQueue if dynamic_pad else FIFOQueue
        queues = [queue_class(capacities[i], types, shapes,
                              shared_name=shared_name and f"{shared_name}_{i}",
                              name=f"bucket_queue_{i}") for i in range(num_buckets)]
        known = isinstance(batch_size, int) and not allow_smaller_final_batch
        top = PaddingFIFOQueue(
            capacity, [dtypes.int32, *types],
            [[], *(TensorShape([batch_size if known else None]).concatenate(s) for s in shapes)],
            shared_name=shared_name, name="top_queue")
        _fill(queues, which_bucket, flat, keep_input, num_threads, top)
        _empty_into(top, queues, sizes, allow_smaller_final_batch)
        _summarize(top, queues, capacity)
        number, *batch = top.dequeue(name="dequeue_top")
    if keys is not None:
        return number, dict(zip(keys, batch, strict=True))
    return number, batch if len(batch) > 1 else batch[0]


def bucket_by_sequence_length(input_length, tensors, batch_size, bucket_boundaries,
                              num_threads=1, capacity=32, bucket_capacities=None, shapes=None,
                              dynamic_pad=False, allow_smaller_final_batch=False,
                              keep_input=True, shared_name=None, name=None):
    """Batches of examples of about one length.

    Args:
      input_length: int32 Tensor, scalar: the example's length.
      bucket_boundaries: increasing list of int: [10, 20] for shorter than 10, shorter than 20, and
        the others.
      others: see tf.contrib.training.bucket.

    Returns:
      (int32 Tensor, shape (batch,), the lengths; Tensors in the structure of `tensors`).

    As in TF: tf.contrib.training.bucket_by_sequence_length.
    """
    _check_boundaries(bucket_boundaries)
    keys = sorted(tensors) if isinstance(tensors, dict) else None
    flat = as_tensors("bucket_by_sequence_length", tensors, keys)
    with name_scope(name, "bucket_by_sequence_length", [input_length, *flat]):
        length = convert_to_tensor(input_length, dtypes.int32, name="input_length")
        passed = less_equal(np.array(bucket_boundaries, np.int32), length)
        _, (lengths, *batch) = bucket(
            [length, *flat], reduce_sum(cast(passed, dtypes.int32)), batch_size,
            len(bucket_boundaries) + 1, num_threads, capacity, bucket_capacities,
            shapes if shapes is None else [TensorShape([]), *shapes], dynamic_pad,
            allow_smaller_final_batch, keep_input, shared_name)
    if keys is not None:
        return lengths, dict(zip(keys, batch, strict=True))
    return lengths, batch


def _one_each(value, num_buckets, what):
    """A list of one value a bucket."""
    if not isinstance(value, list | tuple):
        return [value] * num_buckets
    if len(value) != num_buckets:
        raise ValueError(f"{what} has {len(value)} elements, but there are {num_buckets} buckets.")
    return list(value)


def _check_boundaries(boundaries):
    if not isinstance(boundaries, list | tuple):
        raise TypeError(f"bucket_boundaries must be a list or tuple, but received: {boundaries}")
    if not boundaries:
        raise ValueError("bucket_boundaries must not be empty")
    for below, above in itertools.pairwise(boundaries):
        if not isinstance(below, int) or not isinstance(above, int):
            raise TypeError(f"bucket boundaries must be integers, but saw: {below} and {above}")
        if below >= above:
            raise ValueError("Buckets must contain sequential increasing lengths, but saw: "
                             f"{below} before {above}")


_ENDED = errors.OutOfRangeError, errors.CancelledError


def _fill(queues, which_bucket, tensors, keep_input, num_threads, top):
    """A runner whose threads put examples in their buckets, and close these at the end."""
    def enqueue():
        return group(*(cond(equal(which_bucket, i), lambda queue=queue: queue.enqueue(tensors),
                            no_op) for i, queue in enumerate(queues)))

    add_queue_runner(QueueRunner(
        top, [smart_cond(keep_input, enqueue, no_op)] * num_threads,
        close_op=group(*(queue.close() for queue in queues)),
        cancel_op=group(*(queue.close(cancel_pending_enqueues=True) for queue in queues)),
        queue_closed_exception_types=_ENDED))


def _empty_into(top, queues, sizes, smaller_final):
    """A runner with a thread a bucket that takes batches from it to the top."""
    enqueues = []
    for i, (queue, size) in enumerate(zip(queues, sizes, strict=True)):
        dequeue = queue.dequeue_up_to if smaller_final else queue.dequeue_many
        batch = dequeue(size, name=f"read_bucket_{i}")
        batch = batch if isinstance(batch, list | tuple) else [batch]
        enqueues.append(top.enqueue([convert_to_tensor(i), *batch],
                                    name=f"enqueue_from_bucket_{i}"))
    add_queue_runner(QueueRunner(
        queues[0], enqueues, close_op=top.close(),
        cancel_op=top.close(cancel_pending_enqueues=True),
        queue_closed_exception_types=_ENDED))


def _summarize(top, queues, capacity):
    for queue in queues:
        scalar(f"bucket/{queue.name}/size", cast(queue.size(), dtypes.float32))
    scalar(f"bucket/{top.name}/fraction_of_{capacity}_full",
           cast(top.size(), dtypes.float32) * (1.0 / capacity))
