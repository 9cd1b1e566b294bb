"""AdamW and MomentumW: weight decay that is not part of the gradient."""

from pellucid.core.graph import get_default_graph
from pellucid.ops.arrays.gathering import gather
from pellucid.ops.math.casting import cast
from pellucid.ops.state.assignment import assign_sub, scatter_add
from pellucid.training.adam import AdamOptimizer
from pellucid.training.momentum import MomentumOptimizer


class _DecoupledWeightDecay:
    """Before each update: w = w - weight_decay w, of the rows that the gradient names.

    As in TensorFlow the decay is not multiplied by the learning rate: schedule it alike.
    """

    def _set_decay(self, weight_decay):
        self._weight_decay, self._decayed = weight_decay, None

    def minimize(self, loss, global_step=None, var_list=None, gate_gradients=1,
                 aggregation_method=None, colocate_gradients_with_ops=False, name=None,
                 grad_loss=None, decay_var_list=None):
        """As Optimizer.minimize; decay_var_list: the variables that decay, by default all."""
        self._decayed = None if decay_var_list is None else set(decay_var_list)
        return super().minimize(loss, global_step, var_list, gate_gradients, aggregation_method,
                                colocate_gradients_with_ops, name, grad_loss)

    def apply_gradients(self, grads_and_vars, global_step=None, name=None, decay_var_list=None):
        """As Optimizer.apply_gradients; decay_var_list: the variables that decay."""
        if decay_var_list is not None:
            self._decayed = set(decay_var_list)
        return super().apply_gradients(grads_and_vars, global_step, name)

    def _amount(self, dtype):
        return cast(self._call_if_callable(self._weight_decay), dtype)

    def _apply_dense(self, grad, var):
        if self._decayed is not None and var not in self._decayed:
            return super()._apply_dense(grad, var)
        decay = assign_sub(var, self._amount(var.dtype.base_dtype) * var, self._use_locking)
        with get_default_graph().control_dependencies([decay]):
            return super()._apply_dense(grad, var)

    def _apply_sparse(self, grad, var):
        if self._decayed is not None and var not in self._decayed:
            return super()._apply_sparse(grad, var)
        rows = -self._amount(var.dtype.base_dtype) * gather(var, grad.indices)
        decay = scatter_add(var, grad.indices, rows, self._use_locking)
        with get_default_graph().control_dependencies([decay]):
            return super()._apply_sparse(grad, var)


class AdamWOptimizer(_DecoupledWeightDecay, AdamOptimizer):
    """Adam with decoupled weight decay (Loshchilov & Hutter 2019).

        w = w - weight_decay w, then Adam's step.

    Args:
      weight_decay: float, Tensor, or function of no arguments.
      learning_rate, beta1, beta2, epsilon, use_locking: as of AdamOptimizer.
      name: str, also of the slots.

    As in TF: tf.contrib.opt.AdamWOptimizer.
    """

    def __init__(self, weight_decay, learning_rate=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8,
                 use_locking=False, name="AdamW"):
        super().__init__(learning_rate, beta1, beta2, epsilon, use_locking, name)
        self._set_decay(weight_decay)


class MomentumWOptimizer(_DecoupledWeightDecay, MomentumOptimizer):
    """Momentum with decoupled weight decay (Loshchilov & Hutter 2019).

        w = w - weight_decay w, then the momentum step.

    Args:
      weight_decay: float, Tensor, or function of no arguments.
      learning_rate, momentum, use_locking, use_nesterov: as of MomentumOptimizer.
      name: str, also of the slots.

    As in TF: tf.contrib.opt.MomentumWOptimizer.
    """

    def __init__(self, weight_decay, learning_rate, momentum, use_locking=False,
                 name="MomentumW", use_nesterov=False):
        super().__init__(learning_rate, momentum, use_locking, name, use_nesterov)
        self._set_decay(weight_decay)


def extend_with_decoupled_weight_decay(base_optimizer):
    """A class like base_optimizer, whose first argument is the weight decay.

        AdagradW = tf.contrib.opt.extend_with_decoupled_weight_decay(tf.train.AdagradOptimizer)
        optimizer = AdagradW(weight_decay=0.01, learning_rate=0.1)

    As in TF: tf.contrib.opt.extend_with_decoupled_weight_decay.
    """
    class OptimizerWithDecoupledWeightDecay(_DecoupledWeightDecay, base_optimizer):
        """base_optimizer with decoupled weight decay."""

        def __init__(self, weight_decay, *args, **kwargs):
            super().__init__(*args, **kwargs)
            self._set_decay(weight_decay)

    return OptimizerWithDecoupledWeightDecay
