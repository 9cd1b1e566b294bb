"""train.batch and train.shuffle_batch: single examples in, batches out, through a queue.

    image, label = read_and_decode(files)
    images, labels = tf.train.shuffle_batch([image, label], 32, capacity=2000,
                                            min_after_dequeue=1000)

Each adds a QueueRunner to the graph; tf.train.start_queue_runners starts them.
"""

from pellucid.core import dtypes
from pellucid.core.operation import convert_to_tensor
from pellucid.core.shapes import merge
from pellucid.data.queue_runner import QueueRunner, add_queue_runner
from pellucid.data.queues import FIFOQueue, PaddingFIFOQueue, RandomShuffleQueue
from pellucid.ops.arguments import name_scope
from pellucid.ops.math.casting import cast
from pellucid.ops.math.elementwise import maximum
from pellucid.ops.sparse.sparse_tensor import SparseTensor
from pellucid.summary.scalars import scalar


def batch(tensors, batch_size, num_threads=1, capacity=32, enqueue_many=False, shapes=None,
          dynamic_pad=False, allow_smaller_final_batch=False, shared_name=None, name=None):
    """Batches of the examples that `tensors` are, one after the other.

    Args:
      tensors: list or dict of Tensors, one example; many along the first dimension if
        `enqueue_many`.
      batch_size: int or int32 Tensor.
      num_threads: int, how many threads compute examples; with several the order is not fixed.
      capacity: int, the most examples that wait.
      enqueue_many: bool, see above.
      shapes: list of the shapes of an example, where the tensors do not know them.
      dynamic_pad: bool, pad examples whose dimensions are None to the longest of a batch.
      allow_smaller_final_batch: bool, give what is left at the end, instead of dropping it.
      shared_name, name: str.

    Returns:
      Tensors in the structure of `tensors`; a Tensor for a list of one.

    Raises ValueError where a shape is unknown, without dynamic_pad or `shapes`.
    As in TF: tf.train.batch.
    """
    queue = PaddingFIFOQueue if dynamic_pad else FIFOQueue
    return _batch("batch", [tensors], batch_size, num_threads, capacity, enqueue_many, shapes,
                  allow_smaller_final_batch, shared_name, name, queue)


def batch_join(tensors_list, batch_size, capacity=32, enqueue_many=False, shapes=None,
               dynamic_pad=False, allow_smaller_final_batch=False, shared_name=None, name=None):
    """The same of several sources of examples, each with a thread of its own.

    Args: see batch; tensors_list is a list of what `tensors` is there.
    As in TF: tf.train.batch_join.
    """
    queue = PaddingFIFOQueue if dynamic_pad else FIFOQueue
    return _batch("batch_join", tensors_list, batch_size, 1, capacity, enqueue_many, shapes,
                  allow_smaller_final_batch, shared_name, name, queue)


def shuffle_batch(tensors, batch_size, capacity, min_after_dequeue, num_threads=1, seed=None,
                  enqueue_many=False, shapes=None, allow_smaller_final_batch=False,
                  shared_name=None, name=None):
    """Batches of the examples that `tensors` are, in random order.

    Args:
      min_after_dequeue: int, how many examples stay in the queue, for a good mix.
      seed: int.
      others: see batch.

    As in TF: tf.train.shuffle_batch.
    """
    return _batch("shuffle_batch", [tensors], batch_size, num_threads, capacity, enqueue_many,
                  shapes, allow_smaller_final_batch, shared_name, name, RandomShuffleQueue,
                  min_after_dequeue=min_after_dequeue, seed=seed)


def shuffle_batch_join(tensors_list, batch_size, capacity, min_after_dequeue, seed=None,
                       enqueue_many=False, shapes=None, allow_smaller_final_batch=False,
                       shared_name=None, name=None):
    """The same of several sources of examples, each with a thread of its own.

    As in TF: tf.train.shuffle_batch_join.
    """
    return _batch("shuffle_batch_join", tensors_list, batch_size, 1, capacity, enqueue_many,
                  shapes, allow_smaller_final_batch, shared_name, name, RandomShuffleQueue,
                  min_after_dequeue=min_after_dequeue, seed=seed)


def _batch(function, sources, batch_size, num_threads, capacity, enqueue_many, shapes,
           smaller_final, shared_name, name, queue_class, **options):
    if not sources:
        raise ValueError(f"Expected at least one set of tensors in {function}()")
    if num_threads < 1:
        raise ValueError(f"num_threads must be at least 1, not {num_threads}")
    keys = sorted(sources[0]) if isinstance(sources[0], dict) else None
    lists = [as_tensors(function, source, keys) for source in sources]
    with name_scope(name, function, [t for one in lists for t in one]) as scope:
        lists = [[convert_to_tensor(t) for t in one] for one in lists]
        types = _common_types(lists)
        shapes = common_shapes(lists, enqueue_many) if shapes is None else shapes
        rest = options.get("min_after_dequeue", 0)
        if capacity <= rest:
            raise ValueError(f"capacity {capacity} must be bigger than min_after_dequeue {rest}.")
        queue = queue_class(capacity=capacity, dtypes=types, shapes=shapes,
                            shared_name=shared_name, **options)
        enqueue = queue.enqueue_many if enqueue_many else queue.enqueue
        add_queue_runner(QueueRunner(queue, [enqueue(one) for one in lists] * num_threads))
        _summarize(queue, capacity, rest if options else None)
        dequeue = queue.dequeue_up_to if smaller_final else queue.dequeue_many
        batches = dequeue(batch_size, name=scope)
    if keys is None:
        return batches
    return dict(zip(keys, batches if len(keys) > 1 else [batches], strict=True))


def as_tensors(function, source, keys):
    """The tensors of a source; of a dict, by sorted keys."""
    if isinstance(source, dict) != (keys is not None) or (keys and sorted(source) != keys):
        raise ValueError(f"the sources of {function} must have the same keys")
    tensors = [source[key] for key in keys] if keys is not None else list(source)
    if not tensors:
        raise ValueError(f"Expected at least one tensor in {function}().")
    if any(isinstance(t, SparseTensor) for t in tensors):
        raise NotImplementedError(f"tf.train.{function} of a SparseTensor is not supported: make "
                                  "it dense with tf.sparse_tensor_to_dense, or use tf.data.")
    return tensors


def _common_types(lists):
    types = [[t.dtype.base_dtype for t in one] for one in lists]
    for other in types[1:]:
        if other != types[0]:
            raise TypeError("Expected types to be consistent: "
                            f"{', '.join(t.name for t in types[0])} vs. "
                            f"{', '.join(t.name for t in other)}.")
    return types[0]


def common_shapes(lists, enqueue_many):
    """What the shapes of the sources' tensors agree in; of one element each if enqueue_many."""
    shapes = []
    for tensors in zip(*lists, strict=True):
        merged = tensors[0].spec.shape
        for tensor in tensors:
            if tensor.spec.shape is None:
                raise ValueError(f"Cannot infer Tensor's rank: {tensor}")
            merged = merge(merged, tensor.spec.shape)
        if enqueue_many and not merged:
            raise ValueError(f"enqueue_many needs a first dimension, but got {tensors[0]}")
        shapes.append(merged[1:] if enqueue_many else merged)
    return shapes


def _summarize(queue, capacity, rest):
    """A scalar summary that says how full the queue is, beyond what stays in it."""
    if rest is None:
        scalar(f"fraction_of_{capacity}_full",
               cast(queue.size(), dtypes.float32) * (1.0 / capacity))
    else:
        over = cast(maximum(0, queue.size() - rest), dtypes.float32)
        scalar(f"fraction_over_{rest}_of_{capacity - rest}_full",
               over * (1.0 / (capacity - rest)))
