"""The harness finds what is wrong: operations with one fault each fail the check for it."""

import numpy as np
import pytest

from pellucid.core import dtypes, operation
from pellucid.core.gradients import RegisterGradient, _gradients
from pellucid.core.operation import Operation
from pellucid.core.shapes import Spec
from pellucid.core.sources import constant
from tests.ops import test_ops
from tests.ops.case import case

X = np.array([[0.5, -1.5, 2.0], [1.0, 0.25, -0.75]], np.float32)


class Double(Operation):
    """2 x, faultless. (The fixture sets its op_type, so that no other test meets it.)"""

    fresh = True

    def infer(self, x):
        return Spec(x.dtype, x.shape)

    def compute(self, x):
        return x * 2

    def gradient(self, grad):
        return grad * constant(2.0, grad.dtype)


class Squared(Double):
    """x x, faultless."""

    def compute(self, x):
        return x * x

    def gradient(self, grad):
        return grad * self.inputs[0] * constant(2.0, grad.dtype)


class WrongValue(Double):
    def compute(self, x):
        return x * 2 + 1


class WrongType(Double):
    def compute(self, x):
        return np.asarray(x * 2, np.float16)


class WrongShape(Double):
    def infer(self, x):
        return Spec(x.dtype, (7,))


class Vague(Double):
    def infer(self, x):
        return Spec(x.dtype, None)


class NeedsShape(Double):
    def infer(self, x):
        if x.shape is None or None in x.shape:
            raise ValueError("needs a shape.")
        return Spec(x.dtype, x.shape)


class WritesIntoItsInput(Double):
    def compute(self, x):
        x *= 2
        return x + 0


class Borrows(Double):
    def compute(self, x):
        return x[...]


class NeedsContiguous(Double):
    def compute(self, x):
        return np.frombuffer(x.tobytes() if x.flags.c_contiguous else bytes(x.nbytes),
                             x.dtype).reshape(x.shape) * 2


class WrongGradient(Squared):
    def gradient(self, grad):
        return grad * self.inputs[0]


class NoGradientAtAll(Squared):
    def gradient(self, grad):
        return None


class WrongSecondGradient(Squared):
    """Its gradient multiplies by a constant made of the value, as seen by no derivative."""

    def gradient(self, grad):
        from pellucid import stop_gradient
        return grad * stop_gradient(self.inputs[0]) * constant(2.0, grad.dtype)


class TypedOnly(Double):
    def infer(self, x):
        return Spec(dtypes.as_dtype(x.dtype), x.shape)


@pytest.fixture
def run(monkeypatch):
    """A function that runs one check on an operation class, as if it were in the table."""
    monkeypatch.setattr(operation, "op_types", dict(operation.op_types))
    before = dict(_gradients)

    def run(check, operation_class, oracle=lambda x: 2 * x):
        row = case("Faulty", lambda tf, x: operation_class([x]).output, X, oracle=oracle)
        operation_class.op_type = "Faulty"
        _gradients.pop("Faulty", None)
        RegisterGradient("Faulty")(lambda op, grad: op.gradient(grad))
        monkeypatch.setitem(test_ops.ROWS, "Faulty", row)
        shape = {"float32 (2, 3)"}
        answer = {label: list(shape) if "rank" not in label else ["float32 unknown"]
                  for label in ("", *test_ops.erasures(row))}
        for label in answer:
            if "dimension" in label:
                answer[label] = ["float32 (?, ?)"]
        monkeypatch.setattr(test_ops.answers, "of", lambda name, row: {"static": answer})
        if check is test_ops.test_engines_agree:
            return check("Faulty", "numpy")
        return check("Faulty")

    yield run
    _gradients.clear()
    _gradients.update(before)


CHECKS = [test_ops.test_value, test_ops.test_engines_agree, test_ops.test_views,
          test_ops.test_unknown_shapes, test_ops.test_untyped, test_ops.test_gradients,
          test_ops.test_gradients_of_unknown_shapes]


@pytest.mark.parametrize("check", CHECKS, ids=lambda c: c.__name__)
def test_what_is_right_passes(run, check):
    run(check, Double)
    run(check, Squared, lambda x: x * x)


@pytest.mark.parametrize("check, faulty, text", [
    (test_ops.test_value, WrongValue, "output 0"),
    (test_ops.test_value, WrongType, "values of dtype float16"),
    (test_ops.test_value, WrongShape, "value of shape"),
    (test_ops.test_value, Borrows, "Faulty is not fresh"),
    (test_ops.test_views, WritesIntoItsInput, "read-only"),
    (test_ops.test_views, NeedsContiguous, "on engine"),
    (test_ops.test_unknown_shapes, Vague, "output 0 is promised as float32 unknown"),
    (test_ops.test_unknown_shapes, NeedsShape, "refused, unlike TensorFlow"),
    (test_ops.test_untyped, TypedOnly, "Cannot convert value None"),
    (test_ops.test_gradients, WrongGradient, "first gradient along a random direction"),
    (test_ops.test_gradients, NoGradientAtAll, "first gradient along a random direction"),
    (test_ops.test_gradients, WrongSecondGradient, "second gradient along a random"),
], ids=lambda v: getattr(v, "__name__", ""))
def test_what_is_wrong_is_found(run, check, faulty, text):
    oracle = (lambda x: x * x) if issubclass(faulty, Squared) else (lambda x: 2 * x)
    with pytest.raises(Exception, match=text):
        run(check, faulty, oracle)
