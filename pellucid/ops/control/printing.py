"""Print, print and Assert: operations that say something of values while the graph runs."""

import sys

from pellucid.core import dtypes, errors
from pellucid.core.cell import Cell
from pellucid.core.gradients import NotDifferentiable, RegisterGradient
from pellucid.core.operation import Operation, convert_to_tensor
from pellucid.core.shapes import Spec
from pellucid.core.tensor import Tensor
from pellucid.ops.arguments import check_allowed, name_scope
from pellucid.ops.control.formatting import string_format, summarize


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


class PrintV2(Operation):
    """Prints a text."""

    op_type, attrs, effect = "PrintV2", {"output_stream": "stderr", "end": "\n"}, True

    def infer(self, input):
        check_allowed("input", input.dtype, (dtypes.string,))
        return ()

    def compute(self, input):
        text = getattr(input, "item", lambda: input)().decode(errors="replace")
        if self.output_stream.startswith("file://"):
            with open(self.output_stream.removeprefix("file://"), "a") as file:
                file.write(text + self.end)
        else:
            print(text, end=self.end, file=getattr(sys, self.output_stream), flush=True)
        return ()


NotDifferentiable("PrintV2")


def print_(*inputs, output_stream=None, summarize=3, sep=" ", end="\n", name=None):
    """An operation that prints its inputs: tensors, and lists, dicts and text around them.

    Args:
      inputs: Tensors, nested structures of them, and anything that has a repr.
      output_stream: sys.stderr (the default), sys.stdout or "file://path", which is appended.
      summarize: int, how many entries to show at both ends of each axis; -1 for all.
      sep, end: str, as for Python's print.

    As in TF: tf.print (op types StringFormat, PrintV2).
    """
    literal = _layout(inputs, sep, "", [])
    placeholder = "{}"
    while placeholder in literal:
        placeholder = f"{{{placeholder}}}"
    tensors = []
    template = _layout(inputs, sep, placeholder, tensors)
    text = string_format(template, tensors, placeholder, summarize,
                         name and f"{name}_format")
    return PrintV2([text], name=name, output_stream=_stream(output_stream), end=end)


def _layout(inputs, sep, placeholder, tensors):
    """The inputs as one text, with a placeholder for each tensor, which is put in the list."""
    return sep.join([x if isinstance(x, str) else repr(_with_holes(x, placeholder, tensors))
                     for x in inputs])


def _with_holes(x, placeholder, tensors):
    if isinstance(x, Tensor) or hasattr(x, "_as_graph_element"):
        tensors.append(x)
        return _Hole(placeholder)
    if isinstance(x, dict):
        return {key: _with_holes(part, placeholder, tensors) for key, part in x.items()}
    if isinstance(x, list | tuple):
        parts = [_with_holes(part, placeholder, tensors) for part in x]
        return x._make(parts) if hasattr(x, "_make") else type(x)(parts)
    return x


class _Hole:
    """Where a tensor stood in a structure; its repr is the placeholder."""

    def __init__(self, text):
        self.text = text

    def __repr__(self):
        return self.text


def _stream(given):
    """The name of an output stream: "stderr", "stdout" or "file://path"."""
    if given is None or given is sys.stderr or given == "stderr":
        return "stderr"
    if given is sys.stdout or given == "stdout":
        return "stdout"
    if isinstance(given, str) and given.startswith("file://"):
        return given
    raise ValueError(f"output_stream must be sys.stderr, sys.stdout or 'file://path', not "
                     f"{given!r}.")


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
