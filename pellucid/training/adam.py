"""Adam: steps scaled by moving averages of the gradient and of its square."""

from pellucid.core.graph import get_default_graph
from pellucid.core.operation import convert_to_tensor
from pellucid.ops.control.waiting import group
from pellucid.ops.math.casting import cast
from pellucid.ops.math.functions import sqrt
from pellucid.ops.state.assignment import assign, assign_sub, scatter_add
from pellucid.ops.state.training_ops import ApplyAdam
from pellucid.training.optimizer import Optimizer


class AdamOptimizer(Optimizer):
    """Adam (Kingma & Ba 2015), with the epsilon of the end of its section 2.

        t  = t + 1                                          g = dL/dw; t, m and v start at 0
        m  = beta1 m + (1 - beta1) g
        v  = beta2 v + (1 - beta2) g^2
        lr = learning_rate sqrt(1 - beta2^t) / (1 - beta1^t)
        w  = w - lr m / (sqrt(v) + epsilon)

    The epsilon stands outside the corrected root, so it is the paper's "epsilon hat". For
    IndexedSlices g is zero in the other rows: there too m and v decay and w moves.

    Args:
      learning_rate, beta1, beta2, epsilon: float, Tensor, or function of no arguments.
      use_locking: bool, recorded.
      name: str, also of the slots: "<variable>/Adam" (m) and "<variable>/Adam_1" (v). The
        powers of the betas are the variables beta1_power and beta2_power.

    As in TF: tf.train.AdamOptimizer (op type ApplyAdam).
    """

    def __init__(self, learning_rate=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8,
                 use_locking=False, name="Adam"):
        super().__init__(use_locking, name)
        self._lr, self._epsilon = learning_rate, epsilon
        self._beta1, self._beta2 = beta1, beta2

    def _create_slots(self, var_list):
        first = min(var_list, key=lambda var: var.name)
        for name, beta in (("beta1_power", self._beta1), ("beta2_power", self._beta2)):
            self._create_non_slot_variable(self._call_if_callable(beta), name, first)
        for var in var_list:
            self._zeros_slot(var, "m", self._name)
            self._zeros_slot(var, "v", self._name)

    def _get_beta_accumulators(self):
        graph = get_default_graph()
        return (self._get_non_slot_variable("beta1_power", graph),
                self._get_non_slot_variable("beta2_power", graph))

    def _prepare(self):
        self._lr_t, self._beta1_t, self._beta2_t, self._epsilon_t = [
            convert_to_tensor(self._call_if_callable(value), name=name) for name, value in (
                ("learning_rate", self._lr), ("beta1", self._beta1), ("beta2", self._beta2),
                ("epsilon", self._epsilon))]

    def _scalars(self, dtype):
        """beta1_power, beta2_power, learning rate, beta1, beta2, epsilon, of a dtype."""
        return [cast(x, dtype) for x in (*self._get_beta_accumulators(), self._lr_t,
                                         self._beta1_t, self._beta2_t, self._epsilon_t)]

    def _apply_dense(self, grad, var):
        m, v = self.get_slot(var, "m"), self.get_slot(var, "v")
        scalars = self._scalars(var.dtype.base_dtype)
        return ApplyAdam([var._ref(), m._ref(), v._ref(), *scalars, grad],
                         use_locking=self._use_locking)

    def _apply_sparse(self, grad, var):
        scalars = self._scalars(var.dtype.base_dtype)
        beta1_power, beta2_power, rate, beta1, beta2, epsilon = scalars
        rate = rate * sqrt(1 - beta2_power) / (1 - beta1_power)
        m = self._decay(self.get_slot(var, "m"), beta1, grad.indices,
                        grad.values * (1 - beta1))
        v = self._decay(self.get_slot(var, "v"), beta2, grad.indices,
                        grad.values * grad.values * (1 - beta2))
        root = sqrt(v)
        step = assign_sub(var, rate * m / (root + epsilon), use_locking=self._use_locking)
        return group(step, m, v)

    def _decay(self, slot, beta, indices, gain):
        """The slot, after slot = beta slot and slot[indices] += gain."""
        decayed = assign(slot, slot * beta, use_locking=self._use_locking)
        with get_default_graph().control_dependencies([decayed]):
            return scatter_add(slot, indices, gain, use_locking=self._use_locking)

    def _finish(self, update_ops, name_scope):
        # The powers belong to the step that the updates make, so they change after them.
        with get_default_graph().control_dependencies(update_ops):
            powers = [assign(power, power * beta, use_locking=self._use_locking).op
                      for power, beta in zip(self._get_beta_accumulators(),
                                             (self._beta1_t, self._beta2_t), strict=True)]
        return group(*update_ops, *powers, name=name_scope)
