"""Rows for pellucid/ops/state/training_ops.py: one update of a variable and its slots.

The oracle is TensorFlow's kernel. The outputs are the variable and the slots afterwards.
"""

import numpy as np

import pellucid
from pellucid.core.operation import op_types
from tests.ops.case import case

VAR = [[1.0, -2.0], [0.5, 3.0], [0.0, 4.0]]
GRAD = np.array([[0.1, -0.2], [0.3, 0.0], [-0.5, 1.5]], np.float32)
ROWS = np.array([2, 0], np.int32)
TWICE = np.array([1, 0, 1], np.int32)
SMALL = [[0.1, -0.2], [0.3, 0.0], [-0.5, 0.4]]
LARGE = [[1.0, 2.0], [0.5, 0.1], [3.0, 0.7]]


def _apply(op_type, arguments, slots=(), dtype=np.float32, **attrs):
    """A row's function: op_type on new variables; None among `arguments` is given."""
    def build(tf, *given):
        given = list(given)
        refs = [tf.Variable(np.array(value, dtype), name=f"ref{i}")
                for i, value in enumerate((VAR, *slots))]
        inputs = [given.pop(0) if a is None else tf.constant(a, dtype) for a in arguments]
        output = _create(tf, op_type, [*(r._ref() for r in refs), *inputs], attrs)
        with tf.get_default_graph().control_dependencies([output.op]):
            return [output, *(r.read_value() for r in refs[1:])]
    return build


def _create(tf, op_type, inputs, attrs):
    if tf is pellucid:
        return op_types[op_type](inputs, **attrs).output
    named = dict(zip(_NAMES[op_type], inputs, strict=False))
    return getattr(tf.raw_ops, op_type)(**named, **attrs)


_MOMENTUM = ["var", "accum", "lr", "grad", "momentum"]
_RMSPROP = ["var", "ms", "mom", "lr", "rho", "momentum", "epsilon", "grad", "indices"]
_FTRL = ["var", "accum", "linear", "grad"]
_DUAL = ["var", "gradient_accumulator", "gradient_squared_accumulator", "grad"]
_NAMES = {
    "ApplyGradientDescent": ["var", "alpha", "delta"],
    "ApplyMomentum": _MOMENTUM,
    "SparseApplyMomentum": [*_MOMENTUM[:4], "indices", "momentum"],
    "ApplyAdagrad": _MOMENTUM,
    "SparseApplyAdagrad": [*_MOMENTUM[:4], "indices"],
    "ApplyRMSProp": _RMSPROP,
    "SparseApplyRMSProp": _RMSPROP,
    "ApplyCenteredRMSProp": ["var", "mg", *_RMSPROP[1:]],
    "SparseApplyCenteredRMSProp": ["var", "mg", *_RMSPROP[1:]],
    "ApplyAdam": ["var", "m", "v", "beta1_power", "beta2_power", "lr", "beta1", "beta2",
                  "epsilon", "grad"],
    "ApplyAdadelta": ["var", "accum", "accum_update", "lr", "rho", "epsilon", "grad"],
    "SparseApplyAdadelta": ["var", "accum", "accum_update", "lr", "rho", "epsilon", "grad",
                            "indices"],
    "ApplyFtrl": [*_FTRL, "lr", "l1", "l2", "lr_power"],
    "SparseApplyFtrl": [*_FTRL, "indices", "lr", "l1", "l2", "lr_power"],
    "ApplyFtrlV2": [*_FTRL, "lr", "l1", "l2", "l2_shrinkage", "lr_power"],
    "SparseApplyFtrlV2": [*_FTRL, "indices", "lr", "l1", "l2", "l2_shrinkage", "lr_power"],
    "ApplyProximalGradientDescent": ["var", "alpha", "l1", "l2", "delta"],
    "SparseApplyProximalGradientDescent": ["var", "alpha", "l1", "l2", "grad", "indices"],
    "ApplyProximalAdagrad": ["var", "accum", "lr", "l1", "l2", "grad"],
    "SparseApplyProximalAdagrad": ["var", "accum", "lr", "l1", "l2", "grad", "indices"],
    "ApplyAdagradDA": [*_DUAL, "lr", "l1", "l2", "global_step"],
    "SparseApplyAdagradDA": [*_DUAL, "indices", "lr", "l1", "l2", "global_step"],
}
_ADAM = [0.81, 0.998001, 0.1, 0.9, 0.999, 1e-3, None]
_RATES = [0.1, 0.9, 0.5, 1e-3, None]
_STEP = np.int64(3)


def _rows(op_type, dense, sparse, slots):
    """Rows for a rule: dense, of doubles, and sparse."""
    return [
        case(op_type, _apply(op_type, dense, slots), GRAD),
        case(op_type, _apply(op_type, dense, slots, dtype=np.float64), GRAD.astype(np.float64),
             label="of doubles"),
        case(f"Sparse{op_type}", _apply(f"Sparse{op_type}", sparse, slots), GRAD[:2], ROWS),
        case(f"Sparse{op_type}", _apply(f"Sparse{op_type}", sparse, slots), GRAD, TWICE,
             label="a row twice")]


CASES = [
    case("ApplyGradientDescent", _apply("ApplyGradientDescent", [0.1, None]), GRAD),
    case("ApplyGradientDescent", _apply("ApplyGradientDescent", [0.1, None],
                                        dtype=np.float64),
         GRAD.astype(np.float64), label="of doubles"),
    case("ApplyGradientDescent", _apply("ApplyGradientDescent", [0.1, None],
                                        dtype=np.float16),
         GRAD.astype(np.float16), label="of halves"),
    case("ApplyMomentum", _apply("ApplyMomentum", [0.1, None, 0.9], [LARGE]), GRAD),
    case("ApplyMomentum", _apply("ApplyMomentum", [0.1, None, 0.9], [LARGE],
                                 use_nesterov=True),
         GRAD, label="of Nesterov"),
    case("SparseApplyMomentum", _apply("SparseApplyMomentum", [0.1, None, None, 0.9],
                                       [LARGE]),
         GRAD[:2], ROWS),
    case("SparseApplyMomentum", _apply("SparseApplyMomentum", [0.1, None, None, 0.9],
                                       [LARGE], use_nesterov=True),
         GRAD, TWICE, label="of Nesterov, a row twice"),
    case("ApplyAdagrad", _apply("ApplyAdagrad", [0.1, None], [LARGE]), GRAD),
    case("ApplyAdagrad", _apply("ApplyAdagrad", [0.1, None], [LARGE], update_slots=False),
         GRAD, label="without updating"),
    case("SparseApplyAdagrad", _apply("SparseApplyAdagrad", [0.1, None, None], [LARGE]),
         GRAD[:2], ROWS),
    case("SparseApplyAdagrad", _apply("SparseApplyAdagrad", [0.1, None, None], [LARGE]),
         GRAD, TWICE, label="a row twice"),
    case("SparseApplyAdagrad", _apply("SparseApplyAdagrad", [0.1, None, None], [LARGE]),
         GRAD[:0], ROWS[:0], label="no rows"),
    case("ApplyRMSProp", _apply("ApplyRMSProp", _RATES, [LARGE, VAR]), GRAD),
    case("SparseApplyRMSProp", _apply("SparseApplyRMSProp", [*_RATES, None], [LARGE, VAR]),
         GRAD[:2], ROWS),
    case("ApplyCenteredRMSProp", _apply("ApplyCenteredRMSProp", _RATES,
                                        [SMALL, LARGE, VAR]), GRAD),
    case("SparseApplyCenteredRMSProp",
         _apply("SparseApplyCenteredRMSProp", [*_RATES, None], [SMALL, LARGE, VAR]),
         GRAD[:2], ROWS),
    case("ApplyAdam", _apply("ApplyAdam", _ADAM, [VAR, LARGE]), GRAD),
    case("ApplyAdam", _apply("ApplyAdam", _ADAM, [VAR, LARGE], use_nesterov=True), GRAD,
         label="of Nesterov"),
    case("ApplyAdam", _apply("ApplyAdam", _ADAM, [VAR, LARGE], dtype=np.float64),
         GRAD.astype(np.float64), label="of doubles"),
    *_rows("ApplyAdadelta", [0.5, 0.9, 1e-3, None], [0.5, 0.9, 1e-3, None, None],
           [LARGE, LARGE]),
    *_rows("ApplyFtrl", [None, 0.1, 0.05, 0.2, -0.5], [None, None, 0.1, 0.05, 0.2, -0.5],
           [LARGE, SMALL]),
    *_rows("ApplyFtrlV2", [None, 0.1, 0.05, 0.2, 0.3, -0.4],
           [None, None, 0.1, 0.05, 0.2, 0.3, -0.4], [LARGE, SMALL]),
    *_rows("ApplyProximalGradientDescent", [0.1, 0.5, 0.2, None], [0.1, 0.5, 0.2, None, None],
           []),
    *_rows("ApplyProximalAdagrad", [0.1, 0.5, 0.2, None], [0.1, 0.5, 0.2, None, None], [LARGE]),
    case("ApplyAdagradDA", _apply("ApplyAdagradDA", [None, 0.1, 0.05, 0.2, None], [SMALL, LARGE]),
         GRAD, _STEP),
    case("SparseApplyAdagradDA",
         _apply("SparseApplyAdagradDA", [None, None, 0.1, 0.05, 0.2, None], [SMALL, LARGE]),
         GRAD[:2], ROWS, _STEP),
]
