"""Print and Assert: operations that say something about values while the graph runs."""

import sys

import numpy as np

from pellucid.core import dtypes, errors
from pellucid.core.cell import Cell
from pellucid.core.gradients import NotDifferentiable, RegisterGradient
from pellucid.core.operation import Operation, convert_to_tensor
from pellucid.core.shapes import Spec
from pellucid.ops.arguments import check_allowed, name_scope


class Print(Operation):
    """Passes its first input on, and prints the others to standard error."""

    op_type, attrs = "Print", {"message": "", "first_n": -1, "summarize": 3}
    stateful = effect = True

    def infer(self, input, *data):
        return Spec(input.dtype, input.shape)

    def new_cell(self, session):
        return Cell(lambda: 0, self.name)            # how often it has printed

    def compute(self, cell, input, *data):
        if self.first_n >= 0:
            with cell.lock:
                if cell.value >= self.first_n:
                    return input
                cell.value += 1
        shown = "".join([f"[{summarize(x, self.summarize)}]" for x in data])
        print(self.message + shown, file=sys.stderr, flush=True)
        return input


@RegisterGradient("Print")
def _print_gradient(op, grad):
    return [grad] + [None] * (len(op.inputs) - 1)


def Print_(input_, data, message=None, first_n=None, summarize=None, name=None):
    """A Tensor equal to `input_` that, where it is computed, prints to standard error.

    Args:
      input_: Tensor.
      data: list of Tensor, what to print.
      message: str, printed before.
      first_n: int, print only so many times.
      summarize: int, how many entries of each tensor to print; 3 by default, -1 for all.

    As in TF: tf.Print (op type Print).
    """
    with name_scope(name, "Print", [input_, *data]) as scope:
        tensors = [convert_to_tensor(input_, name="input"), *map(convert_to_tensor, data)]
        return Print(tensors, name=scope, message=message or "",
                     first_n=-1 if first_n is None else first_n,
                     summarize=3 if summarize is None else summarize).output


class Assert(Operation):
    """Raises InvalidArgumentError, with its other inputs in the message, if the first is
    False."""

    op_type, attrs, effect = "Assert", {"summarize": 3}, True

    def infer(self, condition, *data):
        check_allowed("condition", condition.dtype, (dtypes.bool_,))
        if condition.rank not in (None, 0):
            raise ValueError(f"condition must be a scalar, but has {condition!r}.")
        if not data:
            raise ValueError("data must have at least one element.")
        return ()

    def compute(self, condition, *data):
        if not condition:
            shown = " ".join([f"[{summarize(x, self.summarize)}]" for x in data])
            raise errors.InvalidArgumentError(None, None, f"assertion failed: {shown}")
        return ()


NotDifferentiable("Assert")


def Assert_(condition, data, summarize=None, name=None):
    """An operation that raises tf.errors.InvalidArgumentError if `condition` is False.

    Args:
      condition: scalar Tensor of bool.
      data: list of Tensor, at least one, for the message.
      summarize: int, how many entries of each tensor to show; 3 by default, -1 for all.

    Like every operation it only acts where it runs: put what it guards under
    `tf.control_dependencies([tf.Assert(...)])`.

    As in TF: tf.Assert (op type Assert).
    """
    with name_scope(name, "Assert", [condition, *data]):
        condition = convert_to_tensor(condition, dtypes.bool_, name="Condition")
        tensors = [convert_to_tensor(x, name=f"data_{i}") for i, x in enumerate(data)]
        return Assert([condition, *tensors], name="Assert",
                      summarize=3 if summarize is None else summarize)


# -- values as text -----------------------------------------------------------------------

def summarize(x, limit):
    """The first `limit` entries of an array, as TensorFlow shows them; all if negative.

    >>> summarize(np.arange(6).reshape(2, 3), 4)
    '[0 1 2][3...]...'
    """
    x = np.asarray(x)
    limit = x.size if limit < 0 else limit
    rows = x if x.ndim else x.reshape(1)
    text, _ = _inside(rows, limit, outermost=True)
    return text + ("..." if x.size > limit else "")


def _inside(x, room, outermost):
    """The text between the brackets of x, cut after `room` entries; the room left."""
    if x.ndim == 1:
        text = " ".join(map(_entry, x[:room]))
        cut = len(x) > room and not outermost
        return text + ("..." if cut else ""), max(room - len(x), 0)
    parts = []
    for row in x:
        if not room:
            break
        text, room = _inside(row, room, False)
        parts.append(f"[{text}]")
    return "".join(parts), room


def _entry(value):
    if isinstance(value, bytes):
        return _escaped(value)
    if isinstance(value, np.bool_):
        return str(int(value))
    if isinstance(value, np.integer | np.complexfloating):
        return str(value)
    # The shorter of two lengths that reads back as the same number.
    digits = (15, 17) if value.dtype == np.float64 else (6, 9)
    wide = value if value.dtype == np.float64 else np.float32(value)
    short = f"{wide:.{digits[0]}g}"
    return short if wide.dtype.type(short) == wide else f"{wide:.{digits[1]}g}"


_ESCAPES = {ord("\n"): "\\n", ord("\r"): "\\r", ord("\t"): "\\t", ord('"'): '\\"',
            ord("'"): "\\'", ord("\\"): "\\\\"}
_ESCAPES |= {code: f"\\{code:03o}" for code in [*range(32), 127] if code not in _ESCAPES}


def _escaped(text):
    return text.decode(errors="replace").translate(_ESCAPES)
