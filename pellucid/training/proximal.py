"""Gradient descent and Adagrad that make small weights 0; Adagrad by dual averaging."""

from pellucid.core import dtypes
from pellucid.core.operation import convert_to_tensor
from pellucid.ops.control.passing import identity
from pellucid.ops.math.casting import cast
from pellucid.ops.state.further_training_ops import (
    ApplyAdagradDA,
    ApplyProximalAdagrad,
    ApplyProximalGradientDescent,
    SparseApplyAdagradDA,
    SparseApplyProximalAdagrad,
    SparseApplyProximalGradientDescent,
)
from pellucid.training.optimizer import Optimizer
from pellucid.training.slot_creator import filled_like


class ProximalGradientDescentOptimizer(Optimizer):
    """Gradient descent with shrinkage (Duchi & Singer 2009).

        u = w - r g                                          g = dL/dw, r = learning_rate
        w = sign(u) max(|u| - r l1, 0) / (1 + r l2)

    Args:
      learning_rate: float, Tensor, or function of no arguments.
      l1_regularization_strength, l2_regularization_strength: float: l1 and l2.
      use_locking: bool, recorded.
      name: str.

    As in TF: tf.train.ProximalGradientDescentOptimizer (op types
    ApplyProximalGradientDescent, SparseApplyProximalGradientDescent).
    """

    _dense, _sparse = ApplyProximalGradientDescent, SparseApplyProximalGradientDescent

    def __init__(self, learning_rate, l1_regularization_strength=0.0,
                 l2_regularization_strength=0.0, use_locking=False,
                 name="ProximalGradientDescent"):
        super().__init__(use_locking, name)
        self._learning_rate = learning_rate
        self._l1, self._l2 = l1_regularization_strength, l2_regularization_strength

    def _prepare(self):
        rate = self._call_if_callable(self._learning_rate)
        self._scalars = [
            convert_to_tensor(value, name=name) for name, value in (
                ("learning_rate", rate), ("l1_regularization_strength", self._l1),
                ("l2_regularization_strength", self._l2))]

    def _apply_dense(self, grad, var):
        return self._apply(self._dense, var, grad)

    def _apply_sparse(self, grad, var):
        return self._apply(self._sparse, var, grad.values, grad.indices)

    def _apply(self, op_class, var, *grad):
        slots = [self.get_slot(var, name)._ref() for name in self.get_slot_names()]
        scalars = [cast(scalar, var.dtype.base_dtype) for scalar in self._scalars]
        return op_class([var._ref(), *slots, *scalars, *grad], use_locking=self._use_locking)


class ProximalAdagradOptimizer(ProximalGradientDescentOptimizer):
    """Adagrad with shrinkage (Duchi & Singer 2009).

        s = s + g^2                              g = dL/dw, s starts at initial_accumulator_value
        r = learning_rate / sqrt(s)
        u = w - r g
        w = sign(u) max(|u| - r l1, 0) / (1 + r l2)

    Args:
      learning_rate, l1_regularization_strength, l2_regularization_strength, use_locking: as of
        ProximalGradientDescentOptimizer.
      initial_accumulator_value: float, positive.
      name: str, also of the slots: "<variable>/ProximalAdagrad".

    As in TF: tf.train.ProximalAdagradOptimizer (op types ApplyProximalAdagrad,
    SparseApplyProximalAdagrad).
    """

    _dense, _sparse = ApplyProximalAdagrad, SparseApplyProximalAdagrad

    def __init__(self, learning_rate, initial_accumulator_value=0.1,
                 l1_regularization_strength=0.0, l2_regularization_strength=0.0,
                 use_locking=False, name="ProximalAdagrad"):
        if initial_accumulator_value <= 0.0:
            raise ValueError("initial_accumulator_value must be positive: "
                             f"{initial_accumulator_value}")
        super().__init__(learning_rate, l1_regularization_strength, l2_regularization_strength,
                         use_locking, name)
        self._initial_accumulator_value = initial_accumulator_value

    def _create_slots(self, var_list):
        for var in var_list:
            start = filled_like(var, self._initial_accumulator_value)
            self._get_or_make_slot(var, start, "accumulator", self._name)


class AdagradDAOptimizer(Optimizer):
    """Adagrad by dual averaging (Duchi, Hazan & Singer 2011): sparse linear models. At step t:

        z = z + g                                g = dL/dw, z starts at 0
        s = s + g^2                              s starts at the initial value
        w = -learning_rate sign(z) max(|z| - t l1, 0) / (sqrt(s) + t learning_rate l2)

    What w is initialized to plays no part after the first step.

    Args:
      learning_rate: float, Tensor, or function of no arguments.
      global_step: Variable, the number of steps so far; hand it to `minimize` as well.
      initial_gradient_squared_accumulator_value: float, positive.
      l1_regularization_strength, l2_regularization_strength: float: l1 and l2.
      use_locking: bool, recorded.
      name: str, also of the slots: "<variable>/AdagradDA" (z), "<variable>/AdagradDA_1" (s).

    As in TF: tf.train.AdagradDAOptimizer (op types ApplyAdagradDA, SparseApplyAdagradDA).
    """

    def __init__(self, learning_rate, global_step, initial_gradient_squared_accumulator_value=0.1,
                 l1_regularization_strength=0.0, l2_regularization_strength=0.0,
                 use_locking=False, name="AdagradDA"):
        if initial_gradient_squared_accumulator_value <= 0.0:
            raise ValueError("initial_gradient_squared_accumulator_value must be positive: "
                             f"{initial_gradient_squared_accumulator_value}")
        super().__init__(use_locking, name)
        self._learning_rate, self._global_step = learning_rate, global_step
        self._initial = initial_gradient_squared_accumulator_value
        self._l1, self._l2 = l1_regularization_strength, l2_regularization_strength

    def _create_slots(self, var_list):
        for var in var_list:
            self._get_or_make_slot(var, filled_like(var, 0.0), "gradient_accumulator", self._name)
            self._get_or_make_slot(var, filled_like(var, self._initial),
                                   "gradient_squared_accumulator", self._name)

    def _prepare(self):
        rate = self._call_if_callable(self._learning_rate)
        self._learning_rate_tensor = convert_to_tensor(rate, name="learning_rate")
        self._step = identity(self._global_step) + 1

    def _apply_dense(self, grad, var):
        return self._apply(ApplyAdagradDA, var, grad)

    def _apply_sparse(self, grad, var):
        return self._apply(SparseApplyAdagradDA, var, grad.values, grad.indices)

    def _apply(self, op_class, var, *grad):
        dtype = var.dtype.base_dtype
        slots = [self.get_slot(var, name)._ref() for name in (
            "gradient_accumulator", "gradient_squared_accumulator")]
        step = cast(identity(self._step), dtypes.int64)
        scalars = [cast(self._learning_rate_tensor, dtype), cast(self._l1, dtype),
                   cast(self._l2, dtype), step]
        return op_class([var._ref(), *slots, *grad, *scalars], use_locking=self._use_locking)
