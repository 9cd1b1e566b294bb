"""The errors of a run, under TensorFlow's names and codes.

    OpError
    ├── CancelledError (1)            ├── AbortedError (10)
    ├── UnknownError (2)              ├── OutOfRangeError (11)
    ├── InvalidArgumentError (3)      ├── UnimplementedError (12)
    ├── DeadlineExceededError (4)     ├── InternalError (13)
    ├── NotFoundError (5)             ├── UnavailableError (14)
    ├── AlreadyExistsError (6)        ├── DataLossError (15)
    ├── PermissionDeniedError (7)     └── UnauthenticatedError (16)
    ├── ResourceExhaustedError (8)
    └── FailedPreconditionError (9)

What is wrong while a graph is *built* is Python's ValueError or TypeError, as in TensorFlow.
Read next: dtypes.py.
"""


class OpError(Exception):
    """An operation failed while it ran.

    Args:
      node_def: the node, for TensorFlow's signature; an Operation or None.
      op: the Operation that failed, or None.
      message: str, what went wrong.

    As in TF: tf.errors.OpError.
    """

    error_code = 2

    def __init__(self, node_def, op, message, error_code=None):
        super().__init__(message)
        self.node_def, self.op, self.message = node_def, op, message
        if error_code is not None:
            self.error_code = error_code

    def __reduce__(self):
        # An operation belongs to its process, so only the message travels.
        return type(self), (None, None, self.message)

    def __str__(self):
        return self.message


class CancelledError(OpError):
    """The operation was cancelled, for example by closing a queue."""

    error_code = 1


class UnknownError(OpError):
    """A failure of a kind that has no class of its own."""

    error_code = 2


class InvalidArgumentError(OpError):
    """An operation received an input that it cannot compute with."""

    error_code = 3


class DeadlineExceededError(OpError):
    """Time ran out."""

    error_code = 4


class NotFoundError(OpError):
    """A file, a name or a key does not exist."""

    error_code = 5


class AlreadyExistsError(OpError):
    """What should be made exists."""

    error_code = 6


class PermissionDeniedError(OpError):
    """The caller may not do this."""

    error_code = 7


class ResourceExhaustedError(OpError):
    """Memory or another resource ran out."""

    error_code = 8


class FailedPreconditionError(OpError):
    """The system is not in a state for this, for example a variable has no value yet."""

    error_code = 9


class AbortedError(OpError):
    """The operation was aborted, typically by a conflict."""

    error_code = 10


class OutOfRangeError(OpError):
    """An iteration went past the end, for example of a data set."""

    error_code = 11


class UnimplementedError(OpError):
    """The operation is not implemented."""

    error_code = 12


class InternalError(OpError):
    """A promise inside the library was broken."""

    error_code = 13


class UnavailableError(OpError):
    """A service is unavailable for now."""

    error_code = 14


class DataLossError(OpError):
    """Data is corrupted or lost."""

    error_code = 15


class UnauthenticatedError(OpError):
    """The caller is not known."""

    error_code = 16
