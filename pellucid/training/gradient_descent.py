"""Gradient descent: step against the gradient."""

from pellucid.core.indexed_slices import IndexedSlices
from pellucid.core.operation import convert_to_tensor
from pellucid.ops.math.casting import cast
from pellucid.ops.state.training_ops import ApplyGradientDescent
from pellucid.training.optimizer import Optimizer


class GradientDescentOptimizer(Optimizer):
    """w = w - learning_rate dL/dw.

    Args:
      learning_rate: float, Tensor, or function of no arguments.
      use_locking: bool, recorded.
      name: str.

    As in TF: tf.train.GradientDescentOptimizer (op types ApplyGradientDescent, ScatterSub).
    """

    def __init__(self, learning_rate, use_locking=False, name="GradientDescent"):
        super().__init__(use_locking, name)
        self._learning_rate = learning_rate

    def _prepare(self):
        rate = self._call_if_callable(self._learning_rate)
        self._learning_rate_tensor = convert_to_tensor(rate, name="learning_rate")

    def _apply_dense(self, grad, var):
        rate = cast(self._learning_rate_tensor, var.dtype.base_dtype)
        return ApplyGradientDescent([var._ref(), rate, grad], use_locking=self._use_locking)

    def _apply_sparse_duplicate_indices(self, grad, var):
        # The step is linear in the gradient, so equal rows need not be summed first.
        step = grad.values * cast(self._learning_rate_tensor, var.dtype.base_dtype)
        return var.scatter_sub(IndexedSlices(step, grad.indices, grad.dense_shape),
                               use_locking=self._use_locking).op
