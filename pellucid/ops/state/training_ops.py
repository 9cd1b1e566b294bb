"""The update rules of the optimizers, as operations on variables.

Each has three parts, so that each can be used by itself:

    coefficients    from the scalar inputs (learning rate, decay, ...): what the rule needs
                    of them. An engine that knows the scalars computes this once.
    rule            from old arrays, a gradient and the coefficients: the new arrays. It
                    writes only into arrays that were born in it.
    update          the rule, applied to what the variable and its slots hold.

The dense operation updates whole variables, the sparse one the rows that a gradient names:
the same mathematics. Read next: ../../training/optimizer.py.
"""


from pellucid.core import errors
from pellucid.core.arrays import array_namespace, one_after_another, scatter_into
from pellucid.core.cell import writable
from pellucid.core.gradients import NotDifferentiable
from pellucid.core.operation import Operation
from pellucid.core.shapes import Spec, compatible, show
from pellucid.core.variable import check_same_dtype
from pellucid.ops.state.assignment import check_rows


class Apply(Operation):
    """An update of a variable and its slots, the first inputs, by a gradient.

    Attributes:
      grad_input: position of the gradient among the inputs; all others are scalars.
      coefficient_names: what `coefficients` returns.
    """

    returns_ref = fresh = True
    grad_input, coefficient_names = 0, ()

    def infer(self, var, *others):
        for i, x in enumerate(others, 1):
            check_same_dtype(var, x)
            if i in self.ref_inputs or i == self.grad_input:
                if not compatible(var.shape, x.shape):
                    raise ValueError(f"input {i} has shape {show(x.shape)}, the variable "
                                     f"{show(var.shape)}; they must be equal.")
            elif not compatible(x.shape, ()):
                raise ValueError(f"input {i} must be a scalar, but has shape "
                                 f"{show(x.shape)}.")
        return Spec(var.dtype, var.shape)

    def compute(self, *inputs):
        n, g = len(self.ref_inputs), self.grad_input
        scalars = inputs[n:g] + inputs[g + 1:]
        return self.update(*inputs[:n], inputs[g], *self.coefficients(*scalars))

    @staticmethod
    def coefficients(*scalars):
        """What the rule needs of the scalar inputs: unless overridden, they themselves."""
        return scalars


class SparseApply(Operation):
    """The same for some rows: the input after the gradient, `indices`, says which.

    Slots and variable change in these rows alone. Rows that are named twice are updated
    twice, one after the other.
    """

    returns_ref = fresh = True
    grad_input = 0

    def infer(self, var, *others):
        grad, indices = others[self.grad_input - 1], others[self.grad_input]
        check_same_dtype(var, grad)
        if None not in (var.shape, indices.shape) and not compatible(
                grad.shape, indices.shape + var.shape[1:]):
            raise ValueError("the gradient must have shape "
                             f"{show(indices.shape + var.shape[1:])}: for each index a row "
                             "of the variable.")
        return Spec(var.dtype, var.shape)

    def compute(self, *inputs):
        n, g = len(self.ref_inputs), self.grad_input
        cells, grad, indices = inputs[:n], inputs[g], inputs[g + 1]
        coefficients = self.coefficients(*inputs[n:g], *inputs[g + 2:])

        def update(values, rows, grad):
            changed = self.rule(*[v[rows] for v in values], grad, *coefficients)
            return tuple([scatter_into(v, rows, new, "set")
                          for v, new in zip(values, changed, strict=True)])

        with writable(cells) as values:
            check_rows(indices, len(values[0]))
            values[:] = one_after_another(update, tuple(values), indices, grad)
        return cells[0]

    def _derived_attrs(self):
        indices = self.input_nodes[self.grad_input + 1]
        return {**super()._derived_attrs(), "Tindices": indices.spec.dtype}


def check_shape(grad, value):
    """Unlike an operator, an update does not broadcast."""
    if grad.shape != value.shape:
        raise errors.InvalidArgumentError(
            None, None, "var and grad do not have the same shape: "
            f"{value.shape} {grad.shape}")


# -- gradient descent ---------------------------------------------------------------------

class ApplyGradientDescent(Apply):
    """var = var - alpha grad."""

    op_type, attrs = "ApplyGradientDescent", {"use_locking": False}
    ref_inputs, grad_input = (0,), 2
    coefficient_names = ("minus_rate",)

    @staticmethod
    def coefficients(alpha):
        return (-alpha,)

    def update(self, var, grad, minus_rate):
        with var.lock:
            old = var.value
            check_shape(grad, old)
            new = grad * minus_rate                   # one array is born, not two
            new += old
            var.value = new
        return var


# -- momentum -----------------------------------------------------------------------------

class ApplyMomentum(Apply):
    """Momentum (Polyak 1964), and Nesterov's (Sutskever et al. 2013).

        accum = momentum accum + grad
        var   = var - lr accum                              plain
        var   = var - lr (grad + momentum accum)            use_nesterov
    """

    op_type = "ApplyMomentum"
    attrs = {"use_locking": False, "use_nesterov": False}
    ref_inputs, grad_input = (0, 1), 3
    coefficient_names = ("minus_rate", "momentum")

    @staticmethod
    def coefficients(lr, momentum):
        return -lr, momentum

    def rule(self, var, accum, grad, minus_rate, momentum):
        accum = accum * momentum
        accum += grad
        if self.use_nesterov:
            new = accum * momentum
            new += grad
            new *= minus_rate
        else:
            new = accum * minus_rate
        new += var
        return new, accum

    def update(self, var, accum, grad, *coefficients):
        with var.lock:
            check_shape(grad, var.value)
            var.value, accum.value = self.rule(
                var.value, accum.value, grad, *coefficients)
        return var


class SparseApplyMomentum(SparseApply):
    """ApplyMomentum's rule on the rows `indices`."""

    op_type, attrs = "SparseApplyMomentum", ApplyMomentum.attrs
    ref_inputs, grad_input = (0, 1), 3
    coefficients = staticmethod(ApplyMomentum.coefficients)
    rule = ApplyMomentum.rule


# -- Adagrad ------------------------------------------------------------------------------

class ApplyAdagrad(Apply):
    """Adagrad (Duchi et al. 2011).

        accum = accum + grad^2                              if update_slots
        var   = var - lr grad / sqrt(accum)
    """

    op_type = "ApplyAdagrad"
    attrs = {"use_locking": False, "update_slots": True}
    ref_inputs, grad_input = (0, 1), 3
    coefficient_names = ("minus_rate",)

    @staticmethod
    def coefficients(lr):
        return (-lr,)

    def rule(self, var, accum, grad, minus_rate):
        if self.update_slots:
            total = grad * grad
            total += accum
            accum = total
        new = grad * minus_rate
        new /= array_namespace(accum).sqrt(accum)
        new += var
        return new, accum

    def update(self, var, accum, grad, minus_rate):
        with var.lock:
            check_shape(grad, var.value)
            var.value, accum.value = self.rule(var.value, accum.value, grad, minus_rate)
        return var


class SparseApplyAdagrad(SparseApply):
    """ApplyAdagrad's rule on the rows `indices`."""

    op_type, attrs = "SparseApplyAdagrad", ApplyAdagrad.attrs
    ref_inputs, grad_input = (0, 1), 3
    coefficients = staticmethod(ApplyAdagrad.coefficients)
    rule = ApplyAdagrad.rule


# -- RMSProp ------------------------------------------------------------------------------

class ApplyRMSProp(Apply):
    """RMSProp (Tieleman & Hinton 2012), with momentum on the scaled gradient.

        ms  = rho ms + (1 - rho) grad^2
        mom = momentum mom + lr grad / sqrt(ms + epsilon)
        var = var - mom
    """

    op_type, attrs = "ApplyRMSProp", {"use_locking": False}
    ref_inputs, grad_input = (0, 1, 2), 7
    coefficient_names = ("rate", "gain", "momentum", "epsilon")

    @staticmethod
    def coefficients(lr, rho, momentum, epsilon):
        return lr, 1 - rho, momentum, epsilon

    def rule(self, var, ms, mom, grad, lr, gain, momentum, epsilon):
        ms = _mean_square(ms, grad, gain)
        step = grad * lr
        step /= array_namespace(ms).sqrt(ms + epsilon)
        mom = mom * momentum
        mom += step
        return var - mom, ms, mom

    def update(self, var, ms, mom, grad, *coefficients):
        with var.lock:
            check_shape(grad, var.value)
            var.value, ms.value, mom.value = self.rule(
                var.value, ms.value, mom.value, grad, *coefficients)
        return var


class SparseApplyRMSProp(SparseApply):
    """ApplyRMSProp's rule on the rows `indices`."""

    op_type, attrs = "SparseApplyRMSProp", ApplyRMSProp.attrs
    ref_inputs, grad_input = (0, 1, 2), 7
    coefficients = staticmethod(ApplyRMSProp.coefficients)
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
    coefficient_names = ("rate", "gain", "momentum", "epsilon")
    coefficients = staticmethod(ApplyRMSProp.coefficients)

    def rule(self, var, mg, ms, mom, grad, lr, gain, momentum, epsilon):
        mg, ms = _mean(mg, grad, gain), _mean_square(ms, grad, gain)
        variance = ms - mg * mg
        variance += epsilon
        step = grad * lr
        step /= array_namespace(ms).sqrt(variance)
        mom = mom * momentum
        mom += step
        return var - mom, mg, ms, mom

    def update(self, var, mg, ms, mom, grad, *coefficients):
        with var.lock:
            check_shape(grad, var.value)
            var.value, mg.value, ms.value, mom.value = self.rule(
                var.value, mg.value, ms.value, mom.value, grad, *coefficients)
        return var


class SparseApplyCenteredRMSProp(SparseApply):
    """ApplyCenteredRMSProp's rule on the rows `indices`."""

    op_type, attrs = "SparseApplyCenteredRMSProp", ApplyCenteredRMSProp.attrs
    ref_inputs, grad_input = (0, 1, 2, 3), 8
    coefficients = staticmethod(ApplyRMSProp.coefficients)
    rule = ApplyCenteredRMSProp.rule


def _mean(mean, x, gain):
    """The moving average mean + gain (x - mean)."""
    new = x - mean
    new *= gain
    new += mean
    return new


def _mean_square(mean, x, gain):
    """The moving average mean + gain (x^2 - mean)."""
    new = x * x
    new -= mean
    new *= gain
    new += mean
    return new


# -- Adam ---------------------------------------------------------------------------------

class ApplyAdam(Apply):
    """Adam (Kingma & Ba 2015, the faster form of its section 2), and Nadam (Dozat 2016).

        m    = beta1 m + (1 - beta1) grad
        v    = beta2 v + (1 - beta2) grad^2
        rate = lr sqrt(1 - beta2_power) / (1 - beta1_power)
        var  = var - rate m / (sqrt(v) + epsilon)                              plain
        var  = var - rate (beta1 m + (1 - beta1) grad) / (sqrt(v) + epsilon)   use_nesterov

    beta1_power is beta1^t at step t. The epsilon is the paper's "epsilon hat".
    """

    op_type, attrs = "ApplyAdam", {"use_locking": False, "use_nesterov": False}
    ref_inputs, grad_input = (0, 1, 2), 9
    coefficient_names = ("minus_rate", "gain1", "gain2", "epsilon", "beta1")

    @staticmethod
    def coefficients(beta1_power, beta2_power, lr, beta1, beta2, epsilon):
        root = array_namespace(beta2_power).sqrt(1 - beta2_power)
        rate = lr * root / (1 - beta1_power)
        return -rate, 1 - beta1, 1 - beta2, epsilon, beta1

    def rule(self, var, m, v, grad, minus_rate, gain1, gain2, epsilon, beta1):
        m, v = _mean(m, grad, gain1), _mean_square(v, grad, gain2)
        scale = array_namespace(v).sqrt(v)
        scale += epsilon
        if self.use_nesterov:
            new = m * beta1
            new += grad * gain1
            new *= minus_rate
        else:
            new = m * minus_rate
        new /= scale
        new += var
        return new, m, v

    def update(self, var, m, v, grad, *coefficients):
        with var.lock:
            check_shape(grad, var.value)
            var.value, m.value, v.value = self.rule(
                var.value, m.value, v.value, grad, *coefficients)
        return var


for _op_type in (
        "ApplyGradientDescent", "ApplyMomentum", "SparseApplyMomentum", "ApplyAdagrad",
        "SparseApplyAdagrad", "ApplyRMSProp", "SparseApplyRMSProp", "ApplyCenteredRMSProp",
        "SparseApplyCenteredRMSProp", "ApplyAdam"):
    NotDifferentiable(_op_type)
