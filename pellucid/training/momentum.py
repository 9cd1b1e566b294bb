"""Momentum: steps that keep going where earlier ones went."""

from pellucid.core.operation import convert_to_tensor
from pellucid.ops.math.casting import cast
from pellucid.ops.state.training_ops import ApplyMomentum, SparseApplyMomentum
from pellucid.training.optimizer import Optimizer


class MomentumOptimizer(Optimizer):
    """Gradient descent with momentum (Polyak 1964), or Nesterov's (Sutskever et al. 2013).

        a = momentum a + g                                  g = dL/dw, a starts at 0
        w = w - learning_rate a
        w = w - learning_rate (g + momentum a)              with use_nesterov

    Rows that IndexedSlices do not name keep w and a.

    Args:
      learning_rate, momentum: float, Tensor, or function of no arguments.
      use_locking: bool, recorded.
      name: str, also of the slots: "<variable>/Momentum".
      use_nesterov: bool.

    As in TF: tf.train.MomentumOptimizer (op types ApplyMomentum, SparseApplyMomentum).
    """

    def __init__(self, learning_rate, momentum, use_locking=False, name="Momentum",
                 use_nesterov=False):
        super().__init__(use_locking, name)
        self._learning_rate, self._momentum = learning_rate, momentum
        self._use_nesterov = use_nesterov

    def _create_slots(self, var_list):
        for var in var_list:
            self._zeros_slot(var, "momentum", self._name)

    def _prepare(self):
        rate = self._call_if_callable(self._learning_rate)
        self._learning_rate_tensor = convert_to_tensor(rate, name="learning_rate")
        momentum = self._call_if_callable(self._momentum)
        self._momentum_tensor = convert_to_tensor(momentum, name="momentum")

    def _apply_dense(self, grad, var):
        return self._apply(ApplyMomentum, var, grad)

    def _apply_sparse(self, grad, var):
        return self._apply(SparseApplyMomentum, var, grad.values, grad.indices)

    def _apply(self, op_class, var, *grad):
        dtype = var.dtype.base_dtype
        return op_class(
            [var._ref(), self.get_slot(var, "momentum")._ref(),
             cast(self._learning_rate_tensor, dtype), *grad,
             cast(self._momentum_tensor, dtype)],
            use_locking=self._use_locking, use_nesterov=self._use_nesterov)
