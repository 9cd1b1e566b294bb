"""The update rules of the optimizers, as operations on variables.

A `rule` maps old arrays and a gradient to new arrays. The dense operation applies it to whole
variables, the sparse one to the rows that a gradient names, which are the same mathematics. A
rule writes only into arrays that were born in it. Read next: ../training/optimizer.py.
"""

import numpy as np

from pellucid.core import errors
from pellucid.core.arrays import array_namespace, on_host, scatter
from pellucid.core.gradients import NotDifferentiable
from pellucid.core.operation import Operation
from pellucid.core.shapes import Spec, compatible, show
from pellucid.core.variable import check_same_dtype
from pellucid.ops.state import check_rows


class Apply(Operation):
    """An update of a variable and its slots, the first inputs, by a gradient of their shape.

    Attributes:
      grad_input: position of the gradient among the inputs; all others are scalars.
    """

    returns_ref = fresh = True
    grad_input = 0

    def infer(self, var, *others):
        for i, x in enumerate(others, 1):
            check_same_dtype(var, x)
            if i in self.ref_inputs or i == self.grad_input:
                if not compatible(var.shape, x.shape):
                    raise ValueError(f"input {i} has shape {show(x.shape)}, the variable "
                                     f"{show(var.shape)}; they must be equal.")
            elif not compatible(x.shape, ()):
                raise ValueError(f"input {i} must be a scalar, but has shape {show(x.shape)}.")
        return Spec(var.dtype, var.shape)


class SparseApply(Operation):
    """The same for some rows: the input after the gradient, `indices`, says which.

    Slots and variable change in these rows alone. Rows that are named twice are updated twice,
    one after the other.
    """

    returns_ref = fresh = True
    grad_input = 0

    def infer(self, var, *others):
        grad, indices = others[self.grad_input - 1], others[self.grad_input]
        check_same_dtype(var, grad)
        if None not in (var.shape, indices.shape) and not compatible(
                grad.shape, indices.shape + var.shape[1:]):
            raise ValueError(f"the gradient must have shape {show(indices.shape + var.shape[1:])}:"
                             " for each index a row of the variable.")
        return Spec(var.dtype, var.shape)

    def compute(self, *inputs):
        n, g = len(self.ref_inputs), self.grad_input
        cells, scalars = inputs[:n], [*inputs[n:g], None, *inputs[g + 2:]]
        grad, indices = inputs[g], inputs[g + 1]
        with cells[0].lock:
            values = [cell.value for cell in cells]
            check_rows(indices, len(values[0]))
            for turn in _turns(indices):
                rows = indices[turn]
                scalars[g - n] = grad[turn]
                changed = self.rule(*[v[rows] for v in values], *scalars)
                values = [scatter(v, rows, new, "set")
                          for v, new in zip(values, changed, strict=True)]
            for cell, value in zip(cells, values, strict=True):
                cell.value = value
        return cells[0]

    def _derived_attrs(self):
        indices = self.input_nodes[self.grad_input + 1]
        return {**super()._derived_attrs(), "Tindices": indices.spec.dtype}


def _turns(indices):
    """Groups of positions in `indices` such that no row occurs twice in a group, in order.

    Optimizers sum the gradients of equal rows beforehand, so there is one group.
    """
    if not on_host(indices):
        return [slice(None)]
    turns, left = [], np.arange(len(indices))
    while len(left):
        _, first = np.unique(indices[left], return_index=True)
        if len(first) == len(indices):
            return [slice(None)]
        turns.append(left[first])
        left = np.delete(left, first)
    return turns


def _check_shape(grad, value):
    """Unlike an operator, an update does not broadcast."""
    if grad.shape != value.shape:
        raise errors.InvalidArgumentError(
            None, None, f"var and grad do not have the same shape: {value.shape} {grad.shape}")


# -- gradient descent -----------------------------------------------------------------------

class ApplyGradientDescent(Apply):
    """var = var - alpha grad."""

    op_type, attrs = "ApplyGradientDescent", {"use_locking": False}
    ref_inputs, grad_input = (0,), 2

    def compute(self, var, alpha, delta):
        with var.lock:
            old = var.value
            if delta.shape != old.shape:
                _check_shape(delta, old)
            new = delta * -alpha                # one array is born, not two
            new += old
            var.value = new
        return var


# -- momentum -------------------------------------------------------------------------------

class ApplyMomentum(Apply):
    """Momentum (Polyak 1964), and Nesterov's (Sutskever et al. 2013).

        accum = momentum accum + grad
        var   = var - lr accum                              plain
        var   = var - lr (grad + momentum accum)            use_nesterov
    """

    op_type, attrs = "ApplyMomentum", {"use_locking": False, "use_nesterov": False}
    ref_inputs, grad_input = (0, 1), 3

    def rule(self, var, accum, lr, grad, momentum):
        accum = accum * momentum
        accum += grad
        if self.use_nesterov:
            step = accum * momentum
            step += grad
            step *= -lr
        else:
            step = accum * -lr
        step += var
        return step, accum

    def compute(self, var, accum, lr, grad, momentum):
        with var.lock:
            _check_shape(grad, var.value)
            var.value, accum.value = self.rule(var.value, accum.value, lr, grad, momentum)
        return var


class SparseApplyMomentum(SparseApply):
    """ApplyMomentum's rule on the rows `indices`."""

    op_type, attrs = "SparseApplyMomentum", ApplyMomentum.attrs
    ref_inputs, grad_input = (0, 1), 3
    rule = ApplyMomentum.rule


# -- adagrad --------------------------------------------------------------------------------

class ApplyAdagrad(Apply):
    """Adagrad (Duchi et al. 2011).

        accum = accum + grad^2                              if update_slots
        var   = var - lr grad / sqrt(accum)
    """

    op_type, attrs = "ApplyAdagrad", {"use_locking": False, "update_slots": True}
    ref_inputs, grad_input = (0, 1), 3

    def rule(self, var, accum, lr, grad):
        if self.update_slots:
            total = grad * grad
            total += accum
            accum = total
        step = grad * -lr
        step /= array_namespace(accum).sqrt(accum)
        step += var
        return step, accum

    def compute(self, var, accum, lr, grad):
        with var.lock:
            _check_shape(grad, var.value)
            var.value, accum.value = self.rule(var.value, accum.value, lr, grad)
        return var


class SparseApplyAdagrad(SparseApply):
    """ApplyAdagrad's rule on the rows `indices`."""

    op_type, attrs = "SparseApplyAdagrad", ApplyAdagrad.attrs
    ref_inputs, grad_input = (0, 1), 3
    rule = ApplyAdagrad.rule


# -- RMSProp --------------------------------------------------------------------------------

class ApplyRMSProp(Apply):
    """RMSProp (Tieleman & Hinton 2012), with momentum on the scaled gradient.

        ms  = rho ms + (1 - rho) grad^2
        mom = momentum mom + lr grad / sqrt(ms + epsilon)
        var = var - mom
    """

    op_type, attrs = "ApplyRMSProp", {"use_locking": False}
    ref_inputs, grad_input = (0, 1, 2), 7

    def rule(self, var, ms, mom, lr, rho, momentum, epsilon, grad):
        ms = _mean_square(ms, grad, 1 - rho)
        step = grad * lr
        step /= array_namespace(ms).sqrt(ms + epsilon)
        mom = mom * momentum
        mom += step
        return var - mom, ms, mom

    def compute(self, var, ms, mom, lr, rho, momentum, epsilon, grad):
        with var.lock:
            _check_shape(grad, var.value)
            var.value, ms.value, mom.value = self.rule(
                var.value, ms.value, mom.value, lr, rho, momentum, epsilon, grad)
        return var


class SparseApplyRMSProp(SparseApply):
    """ApplyRMSProp's rule on the rows `indices`."""

    op_type, attrs = "SparseApplyRMSProp", ApplyRMSProp.attrs
    ref_inputs, grad_input = (0, 1, 2), 7
    rule = ApplyRMSProp.rule


class ApplyCenteredRMSProp(Apply):
    """RMSProp that divides by the gradient's estimated deviation (Graves 2013, eq. 38-45).

        mg  = rho mg + (1 - rho) grad
        ms  = rho ms + (1 - rho) grad^2
        mom = momentum mom + lr grad / sqrt(ms - mg^2 + epsilon)
        var = var - mom
    """

    op_type, attrs = "ApplyCenteredRMSProp", {"use_locking": False}
    ref_inputs, grad_input = (0, 1, 2, 3), 8

    def rule(self, var, mg, ms, mom, lr, rho, momentum, epsilon, grad):
        mg, ms = _mean(mg, grad, 1 - rho), _mean_square(ms, grad, 1 - rho)
        variance = ms - mg * mg
        variance += epsilon
        step = grad * lr
        step /= array_namespace(ms).sqrt(variance)
        mom = mom * momentum
        mom += step
        return var - mom, mg, ms, mom

    def compute(self, var, mg, ms, mom, lr, rho, momentum, epsilon, grad):
        with var.lock:
            _check_shape(grad, var.value)
            var.value, mg.value, ms.value, mom.value = self.rule(
                var.value, mg.value, ms.value, mom.value, lr, rho, momentum, epsilon, grad)
        return var


class SparseApplyCenteredRMSProp(SparseApply):
    """ApplyCenteredRMSProp's rule on the rows `indices`."""

    op_type, attrs = "SparseApplyCenteredRMSProp", ApplyCenteredRMSProp.attrs
    ref_inputs, grad_input = (0, 1, 2, 3), 8
    rule = ApplyCenteredRMSProp.rule


def _mean(mean, x, rate):
    """The moving average mean + rate (x - mean)."""
    new = x - mean
    new *= rate
    new += mean
    return new


def _mean_square(mean, x, rate):
    """The moving average mean + rate (x^2 - mean)."""
    new = x * x
    new -= mean
    new *= rate
    new += mean
    return new


# -- Adam -----------------------------------------------------------------------------------

class ApplyAdam(Apply):
    """Adam (Kingma & Ba 2015, the form before section 2.1's end), and Nadam (Dozat 2016).

        m   = beta1 m + (1 - beta1) grad
        v   = beta2 v + (1 - beta2) grad^2
        lr' = lr sqrt(1 - beta2_power) / (1 - beta1_power)
        var = var - lr' m / (sqrt(v) + epsilon)                                   plain
        var = var - lr' (beta1 m + (1 - beta1) grad) / (sqrt(v) + epsilon)        use_nesterov

    beta1_power is beta1^t at step t. The epsilon is the paper's "epsilon hat".
    """

    op_type, attrs = "ApplyAdam", {"use_locking": False, "use_nesterov": False}
    ref_inputs, grad_input = (0, 1, 2), 9

    def rule(self, var, m, v, beta1_power, beta2_power, lr, beta1, beta2, epsilon, grad):
        xp = array_namespace(var, grad)
        rate = lr * xp.sqrt(1 - beta2_power) / (1 - beta1_power)
        m, v = _mean(m, grad, 1 - beta1), _mean_square(v, grad, 1 - beta2)
        scale = xp.sqrt(v)
        scale += epsilon
        if self.use_nesterov:
            step = m * beta1
            step += grad * (1 - beta1)
            step *= -rate
        else:
            step = m * -rate
        step /= scale
        step += var
        return step, m, v

    def compute(self, var, m, v, beta1_power, beta2_power, lr, beta1, beta2, epsilon, grad):
        with var.lock:
            _check_shape(grad, var.value)
            var.value, m.value, v.value = self.rule(
                var.value, m.value, v.value, beta1_power, beta2_power, lr, beta1, beta2, epsilon,
                grad)
        return var


for _op_type in ("ApplyGradientDescent", "ApplyMomentum", "SparseApplyMomentum", "ApplyAdagrad",
                 "SparseApplyAdagrad", "ApplyRMSProp", "SparseApplyRMSProp",
                 "ApplyCenteredRMSProp", "SparseApplyCenteredRMSProp", "ApplyAdam"):
    NotDifferentiable(_op_type)
