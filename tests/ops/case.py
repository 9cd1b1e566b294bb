"""The form of a row in the table of operation cases."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Case:
    """One way to use one operation type, from which the harness derives its checks.

    Attributes:
      op_type: TensorFlow's name of the operation type that the row is about.
      build: function(tf, *tensors) -> Tensor, or list or tuple of them.
      inputs: NumPy arrays, the values of the tensors.
      oracle: function(*arrays) -> array or list of arrays; None compares with TensorFlow.
      gradient: positions of the inputs to differentiate by; None for all floating ones.
      second: bool, check second gradients too.
      rtol: relative tolerance of values.
      label: str, tells rows of one type apart.
    """

    op_type: str
    build: object
    inputs: tuple
    oracle: object = None
    gradient: tuple | None = None
    second: bool = True
    rtol: float = 1e-5
    label: str = ""


def case(op_type, build, *inputs, **options):
    """A Case; reads as a table row."""
    return Case(op_type, build, inputs, **options)
