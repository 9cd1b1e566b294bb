"""The form of a row in the table of operation cases."""

from dataclasses import dataclass

from pellucid.core.operation import create


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


def raw(tf, op_type, **arguments):
    """An operation by its type, for those that no public function builds.

    Args:
      tf: the library.
      op_type: str.
      **arguments: the inputs, in order, and then the attributes, by TensorFlow's names.
    """
    if hasattr(tf, "raw_ops"):
        return getattr(tf.raw_ops, op_type)(**arguments)
    inputs = [x for x in arguments.values() if isinstance(x, tf.Tensor)]
    attrs = {name: x for name, x in arguments.items() if not isinstance(x, tf.Tensor)}
    outputs = create(op_type, inputs, **attrs).outputs
    return outputs[0] if len(outputs) == 1 else outputs
