"""What an operation type is, in words and in code: what the page shows of a chosen node."""

import inspect
import textwrap

from pellucid.core.gradients import gradient_function

_LONGEST = 30            # lines; of longer classes only `compute` is shown


def explain_types(ops):
    """{op type: explain(an operation of it)} for all types among ops."""
    examples = {}
    for op in ops:
        examples.setdefault(op.type, op)
    return {op_type: explain(op) for op_type, op in examples.items()}


def explain(op):
    """A dict about an operation's type.

    It has "doc", the first line of the class's docstring; "code", the class or its `compute`;
    "gradient", the function that is registered for it, "" where there is none; and "file",
    where in pellucid the two stand ("" for a learner's own).
    """
    cls = type(op)
    doc = (inspect.getdoc(cls) or "").partition("\n")[0] if cls.__doc__ else ""
    return {"doc": doc, "code": _class_code(cls), "gradient": _gradient_code(op),
            "file": cls.__module__.replace(".", "/") + ".py" if op.op_type else ""}


def _class_code(cls):
    code = _code(cls)
    if code.count("\n") < _LONGEST:
        return code
    return _code(cls.compute)


def _gradient_code(op):
    try:
        function = gradient_function(op)
    except LookupError:
        return ""
    return _code(function) if function is not None else ""


def _code(thing):
    """Its source; "" where Python does not know it."""
    try:
        return textwrap.dedent(inspect.getsource(thing)).rstrip()
    except (OSError, TypeError):
        return ""
