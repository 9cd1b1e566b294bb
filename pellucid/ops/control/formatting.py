"""Values as text, as TensorFlow shows them. Read next: printing.py."""

import numpy as np

from pellucid.core import dtypes
from pellucid.core.gradients import NotDifferentiable
from pellucid.core.operation import Operation, convert_to_tensor
from pellucid.core.shapes import Spec
from pellucid.ops.arguments import name_scope


def summarize(x, limit):
    """The first `limit` entries of an array, as tf.Print shows them; all if negative.

    >>> summarize(np.arange(6).reshape(2, 3), 4)
    '[0 1 2][3...]...'
    """
    x = np.asarray(x)
    limit = x.size if limit < 0 else limit
    text, _ = _inside(x if x.ndim else x.reshape(1), limit, outermost=True)
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


def summarize_edges(x, edge):
    """The array but for what lies further than `edge` from both ends of an axis, as tf.print
    shows it; all if negative.

    >>> summarize_edges(np.arange(9), 2)
    '[0 1 ... 7 8]'
    """
    x = np.asarray(x)
    return _framed(x, edge, depth=1) if x.ndim else _quoted(x[()])


def _framed(x, edge, depth):
    if x.ndim == 0:
        return _quoted(x[()])
    shown = [_framed(row, edge, depth + 1) for row in _ends(x, edge)]
    if 0 <= edge and 2 * edge < len(x):
        shown.insert(edge, "...")
    between = "\n" * (x.ndim - 1) + " " * depth if x.ndim > 1 else " "
    return f"[{between.join(shown)}]"


def _ends(x, edge):
    if edge < 0 or 2 * edge >= len(x):
        return [x[i, ...] for i in range(len(x))]
    return [x[i, ...] for i in (*range(edge), *range(len(x) - edge, len(x)))]


def _quoted(value):
    return f'"{_entry(value)}"' if isinstance(value, bytes) else _entry(value)


def _entry(value):
    if isinstance(value, np.ndarray):
        value = value[()]
    if isinstance(value, bytes):
        return value.decode(errors="replace").translate(_ESCAPES)
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


class StringFormat(Operation):
    """The template with its placeholders replaced by the inputs."""

    op_type = "StringFormat"
    attrs = {"template": "%s", "placeholder": "%s", "summarize": 3}
    fresh = True

    def infer(self, *inputs):
        return Spec(dtypes.string, ())

    def compute(self, *inputs):
        shown = [summarize_edges(x, self.summarize) for x in inputs]
        before, *after = self.template.split(self.placeholder)
        text = before + "".join([a + b for a, b in zip(shown, after, strict=True)])
        result = np.empty((), object)
        result[()] = text.encode()
        return result


NotDifferentiable("StringFormat")


def string_format(template, inputs, placeholder="{}", summarize=3, name=None):
    """The template, in which each placeholder is replaced by an input, as text.

    Args:
      template: str.
      inputs: Tensor or list of Tensor, as many as the template has placeholders.
      placeholder: str.
      summarize: int, how many entries to show at both ends of each axis; -1 for all.

    As in TF: tf.strings.format (op type StringFormat).
    """
    inputs = inputs if isinstance(inputs, list | tuple) else [inputs]
    if template.count(placeholder) != len(inputs):
        raise ValueError(f"The template expects {template.count(placeholder)} tensors, but the "
                         f"inputs have {len(inputs)}: {template!r}")
    with name_scope(name, "StringFormat", list(inputs)) as scope:
        tensors = [convert_to_tensor(x) for x in inputs]
        return StringFormat(tensors, name=scope, template=template, placeholder=placeholder,
                            summarize=summarize).output
