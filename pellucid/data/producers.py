"""Input producers: queues that give the rows of a tensor, such as names of files, again and again.

    files = tf.train.string_input_producer(["a.csv", "b.csv"], num_epochs=10)

Read next: readers.py.
"""

from pellucid.core import dtypes
from pellucid.core.graph import GraphKeys, control_dependencies
from pellucid.core.operation import convert_to_tensor
from pellucid.core.shapes import TensorShape
from pellucid.core.sources import constant
from pellucid.core.variable import Variable
from pellucid.data.files import matching_files
from pellucid.data.queue_runner import QueueRunner, add_queue_runner
from pellucid.data.queues import FIFOQueue
from pellucid.ops.arguments import name_scope
from pellucid.ops.arrays.creation import range_
from pellucid.ops.arrays.gathering import gather
from pellucid.ops.arrays.shaping import shape, size
from pellucid.ops.control.passing import identity
from pellucid.ops.control.printing import Assert_
from pellucid.ops.math.casting import cast
from pellucid.ops.math.comparison import greater
from pellucid.ops.random.choice import random_shuffle
from pellucid.ops.state.assignment import count_up_to
from pellucid.summary.scalars import scalar


def limit_epochs(tensor, num_epochs=None, name=None):
    """The tensor, which num_epochs runs can read; then OutOfRangeError.

    A local variable, "epochs", counts.
    As in TF: tf.train.limit_epochs.
    """
    if num_epochs is None:
        return tensor
    if num_epochs <= 0:
        raise ValueError(f"num_epochs must be > 0 not {num_epochs}.")
    with name_scope(name, "limit_epochs", [tensor]) as scope:
        epochs = Variable(constant(0, dtypes.int64), name="epochs", trainable=False,
                          collections=[GraphKeys.LOCAL_VARIABLES])
        with control_dependencies([count_up_to(epochs, num_epochs)]):
            return identity(tensor, name=scope)


def match_filenames_once(pattern, name=None):
    """A local variable with the names of the files that match when it is initialized.

    As in TF: tf.train.match_filenames_once.
    """
    with name_scope(name, "matching_filenames", [pattern]) as scope:
        return Variable(matching_files(pattern), trainable=False, name=scope,
                        validate_shape=False, collections=[GraphKeys.LOCAL_VARIABLES])


def input_producer(input_tensor, element_shape=None, num_epochs=None, shuffle=True, seed=None,
                   capacity=32, shared_name=None, summary_name=None, name=None,
                   cancel_op=None):
    """A queue of the rows of a tensor, which a QueueRunner keeps filled.

    Args:
      input_tensor: Tensor of at least one dimension.
      element_shape: the shape of a row, where the tensor does not know it.
      num_epochs: int, how often each row is given, then OutOfRangeError; None for ever.
      shuffle: bool, whether in a new random order in each epoch.
      seed: int.
      capacity: int, of the queue.
      shared_name, name: str.
      summary_name: str, of a scalar summary that says how full the queue is.
      cancel_op: Operation, of the QueueRunner.

    As in TF: tf.train.input_producer.
    """
    with name_scope(name, "input_producer", [input_tensor]) as scope:
        tensor = convert_to_tensor(input_tensor, name="input_tensor")
        row = tensor.shape[1:].merge_with(TensorShape(element_shape))
        if not row.is_fully_defined():
            raise ValueError("Either `input_tensor` must have a fully defined shape or "
                             "`element_shape` must be specified")
        if shuffle:
            tensor = random_shuffle(tensor, seed=seed)
        tensor = limit_epochs(tensor, num_epochs)
        queue = FIFOQueue(capacity, [tensor.dtype.base_dtype], [row], shared_name=shared_name,
                          name=scope)
        add_queue_runner(QueueRunner(queue, [queue.enqueue_many([tensor])],
                                     cancel_op=cancel_op))
        if summary_name is not None:
            scalar(summary_name, cast(queue.size(), dtypes.float32) * (1.0 / capacity))
        return queue


def string_input_producer(string_tensor, num_epochs=None, shuffle=True, seed=None, capacity=32,
                          shared_name=None, name=None, cancel_op=None):
    """A queue of strings, for example of the names of files.

    Args: see input_producer; string_tensor is a vector, or a list, of strings.

    Raises ValueError for an empty list; InvalidArgumentError, in the run, for an empty vector.
    As in TF: tf.train.string_input_producer.
    """
    problem = "string_input_producer requires a non-null input tensor"
    if isinstance(string_tensor, list | tuple) and not string_tensor:
        raise ValueError(problem)
    with name_scope(name, "input_producer", [string_tensor]) as scope:
        strings = convert_to_tensor(string_tensor, dtypes.string)
        with control_dependencies([Assert_(greater(size(strings), 0), [problem])]):
            strings = identity(strings)
        return input_producer(strings, [], num_epochs, shuffle, seed, capacity, shared_name,
                              f"fraction_of_{capacity}_full", scope, cancel_op)


def range_input_producer(limit, num_epochs=None, shuffle=True, seed=None, capacity=32,
                         shared_name=None, name=None):
    """A queue of the integers 0 ... limit - 1.

    Args: see input_producer.
    As in TF: tf.train.range_input_producer.
    """
    with name_scope(name, "input_producer", [limit]) as scope:
        return input_producer(range_(limit), [], num_epochs, shuffle, seed, capacity,
                              shared_name, f"fraction_of_{capacity}_full", scope)


def slice_input_producer(tensor_list, num_epochs=None, shuffle=True, seed=None, capacity=32,
                         shared_name=None, name=None):
    """List of Tensors: in each run, one row of each of several tensors of equal length.

    Args: see input_producer.
    As in TF: tf.train.slice_input_producer.
    """
    with name_scope(name, "input_producer", list(tensor_list)):
        tensors = [convert_to_tensor(tensor) for tensor in tensor_list]
        if not tensors:
            raise ValueError("Expected at least one tensor in slice_input_producer().")
        count = shape(tensors[0])[0]
        index = range_input_producer(count, num_epochs, shuffle, seed, capacity,
                                     shared_name).dequeue()
        return [gather(tensor, index) for tensor in tensors]
