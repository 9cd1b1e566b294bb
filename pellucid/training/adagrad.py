"""Adagrad: smaller steps along directions whose gradients have been large."""

from pellucid.core.operation import convert_to_tensor
from pellucid.ops.math.casting import cast
from pellucid.ops.state.initializers import constant_initializer
from pellucid.ops.state.training_ops import ApplyAdagrad, SparseApplyAdagrad
from pellucid.training.optimizer import Optimizer


class AdagradOptimizer(Optimizer):
    """Adagrad (Duchi, Hazan & Singer 2011).

        s = s + g^2                        g = dL/dw, s starts at initial_accumulator_value
        w = w - learning_rate g / sqrt(s)

    Rows that IndexedSlices do not name keep w and s.

    Args:
      learning_rate: float, Tensor, or function of no arguments.
      initial_accumulator_value: float, positive.
      use_locking: bool, recorded.
      name: str, also of the slots: "<variable>/Adagrad".

    As in TF: tf.train.AdagradOptimizer (op types ApplyAdagrad, SparseApplyAdagrad).
    """

    def __init__(self, learning_rate, initial_accumulator_value=0.1, use_locking=False,
                 name="Adagrad"):
        if initial_accumulator_value <= 0.0:
            raise ValueError("initial_accumulator_value must be positive: "
                             f"{initial_accumulator_value}")
        super().__init__(use_locking, name)
        self._learning_rate = learning_rate
        self._initial_accumulator_value = initial_accumulator_value

    def _create_slots(self, var_list):
        for var in var_list:
            dtype = var.dtype.base_dtype
            if var.shape.is_fully_defined():
                start = constant_initializer(self._initial_accumulator_value, dtype=dtype)
                self._get_or_make_slot_with_initializer(
                    var, start, var.shape, dtype, "accumulator", self._name)
            else:
                self._get_or_make_slot(
                    var, var.initialized_value() * 0 + self._initial_accumulator_value,
                    "accumulator", self._name)

    def _prepare(self):
        rate = self._call_if_callable(self._learning_rate)
        self._learning_rate_tensor = convert_to_tensor(rate, name="learning_rate")

    def _apply_dense(self, grad, var):
        return self._apply(ApplyAdagrad, var, grad)

    def _apply_sparse(self, grad, var):
        return self._apply(SparseApplyAdagrad, var, grad.values, grad.indices)

    def _apply(self, op_class, var, *grad):
        rate = cast(self._learning_rate_tensor, var.dtype.base_dtype)
        return op_class([var._ref(), self.get_slot(var, "accumulator")._ref(), rate, *grad],
                        use_locking=self._use_locking)
