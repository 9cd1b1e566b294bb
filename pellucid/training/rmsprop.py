"""RMSProp: steps scaled by a moving average of the gradient's size."""

from pellucid.core.operation import convert_to_tensor
from pellucid.ops.math.casting import cast
from pellucid.ops.state.initializers import ones_initializer
from pellucid.ops.state.training_ops import (
    ApplyCenteredRMSProp,
    ApplyRMSProp,
    SparseApplyCenteredRMSProp,
    SparseApplyRMSProp,
)
from pellucid.training.optimizer import Optimizer


class RMSPropOptimizer(Optimizer):
    """RMSProp (Tieleman & Hinton 2012, lecture 6.5), with momentum; centered: Graves 2013.

        s = decay s + (1 - decay) g^2                       g = dL/dw, s starts at 1
        n = decay n + (1 - decay) g                         if centered, else n = 0
        a = momentum a + learning_rate g / sqrt(s - n^2 + epsilon)
        w = w - a

    As in TensorFlow the epsilon is inside the root, and s starts at one. Rows that
    IndexedSlices do not name keep w, s, n and a.

    Args:
      learning_rate, decay, momentum, epsilon: float, Tensor, or function of no arguments.
      use_locking: bool, recorded.
      centered: bool, divide by the estimated deviation.
      name: str, also of the slots: "<variable>/RMSProp" (s), then _1, _2.

    As in TF: tf.train.RMSPropOptimizer (op types ApplyRMSProp, ApplyCenteredRMSProp, and
    SparseApply of both).
    """

    def __init__(self, learning_rate, decay=0.9, momentum=0.0, epsilon=1e-10,
                 use_locking=False, centered=False, name="RMSProp"):
        super().__init__(use_locking, name)
        self._learning_rate, self._decay = learning_rate, decay
        self._momentum, self._epsilon = momentum, epsilon
        self._centered = centered

    def _create_slots(self, var_list):
        for var in var_list:
            dtype = var.dtype.base_dtype
            if var.shape.is_fully_defined():
                self._get_or_make_slot_with_initializer(
                    var, ones_initializer(dtype=dtype), var.shape, dtype, "rms", self._name)
            else:
                self._get_or_make_slot(var, var.initialized_value() * 0 + 1, "rms",
                                       self._name)
            if self._centered:
                self._zeros_slot(var, "mg", self._name)
            self._zeros_slot(var, "momentum", self._name)

    def _prepare(self):
        self._scalars = [
            convert_to_tensor(self._call_if_callable(value), name=name) for name, value in (
                ("learning_rate", self._learning_rate), ("decay", self._decay),
                ("momentum", self._momentum), ("epsilon", self._epsilon))]

    def _apply_dense(self, grad, var):
        op_class = ApplyCenteredRMSProp if self._centered else ApplyRMSProp
        return self._apply(op_class, var, grad)

    def _apply_sparse(self, grad, var):
        op_class = SparseApplyCenteredRMSProp if self._centered else SparseApplyRMSProp
        return self._apply(op_class, var, grad.values, grad.indices)

    def _apply(self, op_class, var, *grad):
        dtype = var.dtype.base_dtype
        slots = ("mg", "rms", "momentum") if self._centered else ("rms", "momentum")
        refs = [var._ref(), *(self.get_slot(var, name)._ref() for name in slots)]
        scalars = [cast(scalar, dtype) for scalar in self._scalars]
        return op_class([*refs, *scalars, *grad], use_locking=self._use_locking)
