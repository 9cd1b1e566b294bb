"""Kin of Adam: LazyAdam, which leaves rows without a gradient alone; Nadam; AdaMax."""

from pellucid.core.graph import get_default_graph
from pellucid.ops.arrays.gathering import gather
from pellucid.ops.control.waiting import group
from pellucid.ops.math.casting import cast
from pellucid.ops.math.elementwise import abs, maximum
from pellucid.ops.math.functions import sqrt
from pellucid.ops.state.assignment import (
    assign,
    assign_sub,
    scatter_add,
    scatter_sub,
    scatter_update,
)
from pellucid.ops.state.training_ops import ApplyAdam
from pellucid.training.adam import AdamOptimizer


class LazyAdamOptimizer(AdamOptimizer):
    """Adam that, of a variable with a sparse gradient, changes the rows of the gradient alone.

    The moving averages of other rows do not decay, so a step costs what its rows cost. It is
    another algorithm than Adam's, often as good.

    Arguments as of AdamOptimizer. As in TF: tf.contrib.opt.LazyAdamOptimizer.
    """

    def _apply_sparse(self, grad, var):
        scalars = self._scalars(var.dtype.base_dtype)
        beta1_power, beta2_power, rate, beta1, beta2, epsilon = scalars
        rate = rate * sqrt(1 - beta2_power) / (1 - beta1_power)
        rows, values = grad.indices, grad.values
        m, v = self.get_slot(var, "m"), self.get_slot(var, "v")
        new_m = beta1 * gather(m, rows) + (1 - beta1) * values
        new_v = beta2 * gather(v, rows) + (1 - beta2) * values * values
        kept = [scatter_update(slot, rows, new, use_locking=self._use_locking)
                for slot, new in ((m, new_m), (v, new_v))]
        step = rate * new_m / (sqrt(new_v) + epsilon)
        return group(scatter_sub(var, rows, step, use_locking=self._use_locking), *kept)


class NadamOptimizer(AdamOptimizer):
    """Adam with Nesterov's momentum (Dozat 2016): the step looks ahead by one more gradient.

    Arguments as of AdamOptimizer. As in TF: tf.contrib.opt.NadamOptimizer (op type ApplyAdam,
    with use_nesterov).
    """

    def _apply_dense(self, grad, var):
        m, v = self.get_slot(var, "m"), self.get_slot(var, "v")
        scalars = self._scalars(var.dtype.base_dtype)
        return ApplyAdam([var._ref(), m._ref(), v._ref(), *scalars, grad],
                         use_locking=self._use_locking, use_nesterov=True)

    def _apply_sparse(self, grad, var):
        scalars = self._scalars(var.dtype.base_dtype)
        beta1_power, beta2_power, rate, beta1, beta2, epsilon = scalars
        rate = rate * sqrt(1 - beta2_power) / (1 - beta1_power)
        rows, gain = grad.indices, grad.values * (1 - beta1)
        m = self._decay(self.get_slot(var, "m"), beta1, rows, gain)
        v = self._decay(self.get_slot(var, "v"), beta2, rows,
                        grad.values * grad.values * (1 - beta2))
        ahead = gain + beta1 * gather(m, rows)
        step = -rate * ahead / (sqrt(gather(v, rows)) + epsilon)
        return group(scatter_add(var, rows, step, use_locking=self._use_locking), ahead, v)


class AdaMaxOptimizer(AdamOptimizer):
    """Adam with the greatest gradient instead of the mean square (Kingma & Ba 2015, section 7).

        m = beta1 m + (1 - beta1) g
        v = max(beta2 v, |g|)
        w = w - learning_rate / (1 - beta1^t) m / (v + epsilon)

    Arguments as of AdamOptimizer. As in TF: tf.contrib.opt.AdaMaxOptimizer.
    """

    def __init__(self, learning_rate=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8,
                 use_locking=False, name="AdaMax"):
        super().__init__(learning_rate, beta1, beta2, epsilon, use_locking, name)

    def _create_slots(self, var_list):
        first = min(var_list, key=lambda var: var.name)
        self._create_non_slot_variable(self._call_if_callable(self._beta1), "beta1_power", first)
        for var in var_list:
            self._zeros_slot(var, "m", self._name)
            self._zeros_slot(var, "v", self._name)

    def _get_beta_accumulators(self):
        return self._get_non_slot_variable("beta1_power", get_default_graph())

    def _parts(self, var):
        """The rate, beta1, beta2 and epsilon of a step."""
        dtype = var.dtype.base_dtype
        power = cast(self._get_beta_accumulators(), dtype)
        rate, beta1, beta2, epsilon = (cast(x, dtype) for x in (
            self._lr_t, self._beta1_t, self._beta2_t, self._epsilon_t))
        return rate / (1 - power), beta1, beta2, epsilon

    def _apply_dense(self, grad, var):
        rate, beta1, beta2, epsilon = self._parts(var)
        m, v = self.get_slot(var, "m"), self.get_slot(var, "v")
        m = assign(m, beta1 * m + (1 - beta1) * grad, use_locking=self._use_locking)
        v = assign(v, maximum(beta2 * v, abs(grad)), use_locking=self._use_locking)
        step = assign_sub(var, rate * (m / (v + epsilon)), use_locking=self._use_locking)
        return group(step, m, v)

    def _apply_sparse(self, grad, var):
        rate, beta1, beta2, epsilon = self._parts(var)
        m, v = self.get_slot(var, "m"), self.get_slot(var, "v")
        rows, values = grad.indices, grad.values
        new_m = beta1 * gather(m, rows) + (1 - beta1) * values
        new_v = maximum(beta2 * gather(v, rows), abs(values))
        kept = [scatter_update(slot, rows, new, use_locking=self._use_locking)
                for slot, new in ((m, new_m), (v, new_v))]
        step = scatter_sub(var, rows, rate * (new_m / (new_v + epsilon)),
                           use_locking=self._use_locking)
        return group(step, *kept)

    def _finish(self, update_ops, name_scope):
        power = self._get_beta_accumulators()
        with get_default_graph().control_dependencies(update_ops):
            update = assign(power, power * self._beta1_t, use_locking=self._use_locking).op
        return group(*update_ops, update, name=name_scope)
