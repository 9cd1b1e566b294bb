"""Ftrl: for models of many features, of which few matter."""

from pellucid.core.operation import convert_to_tensor
from pellucid.ops.math.casting import cast
from pellucid.ops.state.further_training_ops import (
    ApplyFtrl,
    ApplyFtrlV2,
    SparseApplyFtrl,
    SparseApplyFtrlV2,
)
from pellucid.training.optimizer import Optimizer
from pellucid.training.slot_creator import filled_like


class FtrlOptimizer(Optimizer):
    """Follow the regularized leader (McMahan et al. 2013).

        t = s + g^2                                          g = dL/dw, z starts at 0
        z = z + g - (t^p - s^p) / learning_rate w            p = -learning_rate_power
        w = -sign(z) max(|z| - l1, 0) / (t^p / learning_rate + 2 l2)
        s = t                                                s starts at the initial value

    Rows that IndexedSlices do not name keep w, s and z.

    Args:
      learning_rate: float, Tensor, or function of no arguments.
      learning_rate_power: float, 0 or less; 0 makes the learning rate constant.
      initial_accumulator_value: float, 0 or more.
      l1_regularization_strength, l2_regularization_strength: float, 0 or more: l1 and l2.
      use_locking: bool, recorded.
      name: str.
      accum_name, linear_name: str, of the slots, if not `name`: "<variable>/Ftrl" (s) and
        "<variable>/Ftrl_1" (z).
      l2_shrinkage_regularization_strength: float c, 0 or more: z adds g + 2 c w instead of g.

    As in TF: tf.train.FtrlOptimizer (op types ApplyFtrl, ApplyFtrlV2, and Sparse of both).
    """

    def __init__(self, learning_rate, learning_rate_power=-0.5, initial_accumulator_value=0.1,
                 l1_regularization_strength=0.0, l2_regularization_strength=0.0,
                 use_locking=False, name="Ftrl", accum_name=None, linear_name=None,
                 l2_shrinkage_regularization_strength=0.0):
        super().__init__(use_locking, name)
        for label, value in (
                ("initial_accumulator_value", initial_accumulator_value),
                ("l1_regularization_strength", l1_regularization_strength),
                ("l2_regularization_strength", l2_regularization_strength),
                ("l2_shrinkage_regularization_strength",
                 l2_shrinkage_regularization_strength)):
            if value < 0.0:
                raise ValueError(f"{label} {value} needs to be positive or zero")
        if learning_rate_power > 0.0:
            raise ValueError(f"learning_rate_power {learning_rate_power} needs to be negative or "
                             "zero")
        self._learning_rate, self._power = learning_rate, learning_rate_power
        self._initial_accumulator_value = initial_accumulator_value
        self._l1, self._l2 = l1_regularization_strength, l2_regularization_strength
        self._shrinkage = l2_shrinkage_regularization_strength
        self._accum_name, self._linear_name = accum_name, linear_name

    def _create_slots(self, var_list):
        for var in var_list:
            start = filled_like(var, self._initial_accumulator_value)
            self._get_or_make_slot(var, start, "accum", self._accum_name or self._name)
            self._zeros_slot(var, "linear", self._linear_name or self._name)

    def _prepare(self):
        rate = self._call_if_callable(self._learning_rate)
        values = {"learning_rate": rate, "l1_regularization_strength": self._l1,
                  "l2_regularization_strength": self._l2}
        if self._shrinkage > 0:
            values["l2_shrinkage_regularization_strength"] = self._shrinkage
        values["learning_rate_power"] = self._power
        self._scalars = [convert_to_tensor(value, name=name) for name, value in values.items()]

    def _apply_dense(self, grad, var):
        return self._apply(ApplyFtrlV2 if self._shrinkage > 0 else ApplyFtrl, var, grad)

    def _apply_sparse(self, grad, var):
        op_class = SparseApplyFtrlV2 if self._shrinkage > 0 else SparseApplyFtrl
        return self._apply(op_class, var, grad.values, grad.indices)

    def _apply(self, op_class, var, *grad):
        refs = [var._ref(), *(self.get_slot(var, name)._ref() for name in ("accum", "linear"))]
        scalars = [cast(scalar, var.dtype.base_dtype) for scalar in self._scalars]
        return op_class([*refs, *grad, *scalars], use_locking=self._use_locking)
