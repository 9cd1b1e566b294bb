"""Adadelta: steps in the units of the weights."""

from pellucid.core.operation import convert_to_tensor
from pellucid.ops.math.casting import cast
from pellucid.ops.state.further_training_ops import ApplyAdadelta, SparseApplyAdadelta
from pellucid.training.optimizer import Optimizer


class AdadeltaOptimizer(Optimizer):
    """Adadelta (Zeiler 2012).

        s = rho s + (1 - rho) g^2                            g = dL/dw; s and d start at 0
        u = sqrt(d + epsilon) / sqrt(s + epsilon) g
        d = rho d + (1 - rho) u^2
        w = w - learning_rate u

    Rows that IndexedSlices do not name keep w, s and d.

    Args:
      learning_rate: 1.0 is the paper's; TensorFlow's default, 0.001, is slow.
      rho, epsilon: float, Tensor, or function of no arguments, like learning_rate.
      use_locking: bool, recorded.
      name: str, also of the slots: "<variable>/Adadelta" (s) and "<variable>/Adadelta_1" (d).

    As in TF: tf.train.AdadeltaOptimizer (op types ApplyAdadelta, SparseApplyAdadelta).
    """

    def __init__(self, learning_rate=0.001, rho=0.95, epsilon=1e-8, use_locking=False,
                 name="Adadelta"):
        super().__init__(use_locking, name)
        self._lr, self._rho, self._epsilon = learning_rate, rho, epsilon

    def _create_slots(self, var_list):
        for var in var_list:
            self._zeros_slot(var, "accum", self._name)
            self._zeros_slot(var, "accum_update", self._name)

    def _prepare(self):
        self._scalars = [
            convert_to_tensor(self._call_if_callable(value), name=name) for name, value in (
                ("lr", self._lr), ("rho", self._rho), ("epsilon", self._epsilon))]

    def _apply_dense(self, grad, var):
        return self._apply(ApplyAdadelta, var, grad)

    def _apply_sparse(self, grad, var):
        return self._apply(SparseApplyAdadelta, var, grad.values, grad.indices)

    def _apply(self, op_class, var, *grad):
        refs = [var._ref(), *(self.get_slot(var, name)._ref()
                              for name in ("accum", "accum_update"))]
        scalars = [cast(scalar, var.dtype.base_dtype) for scalar in self._scalars]
        return op_class([*refs, *scalars, *grad], use_locking=self._use_locking)
