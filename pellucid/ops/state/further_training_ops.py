"""The update rules of the rarer optimizers: Adadelta, Ftrl, the proximal ones, AdagradDA.

Where a rule has an l1, weights that would be small become 0: for a step of size rate,

    shrunk(x, a) = sign(x) max(|x| - a, 0),        var = shrunk(x, rate l1) / (1 + rate l2).

See training_ops.py for what an update is made of.
"""

from pellucid.core.arrays import array_namespace
from pellucid.core.gradients import NotDifferentiable
from pellucid.core.shapes import compatible, show
from pellucid.ops.state.training_ops import Apply, SparseApply, check_shape


def _updated(op, cells, grad, coefficients):
    """Applies op's rule to what the cells hold."""
    with cells[0].lock:
        check_shape(grad, cells[0].value)
        values = op.rule(*[cell.value for cell in cells], grad, *coefficients)
        for cell, value in zip(cells, values, strict=True):
            cell.value = value
    return cells[0]


def _shrunk(x, bound):
    xp = array_namespace(x)
    return xp.sign(x) * xp.maximum(xp.abs(x) - bound, x.dtype.type(0))


# -- Adadelta -----------------------------------------------------------------------------

class ApplyAdadelta(Apply):
    """Adadelta (Zeiler 2012).

        accum        = rho accum + (1 - rho) grad^2
        step         = sqrt(accum_update + epsilon) / sqrt(accum + epsilon) grad
        accum_update = rho accum_update + (1 - rho) step^2
        var          = var - lr step
    """

    op_type, attrs = "ApplyAdadelta", {"use_locking": False}
    ref_inputs, grad_input = (0, 1, 2), 6
    coefficient_names = ("rate", "rho", "gain", "epsilon")

    @staticmethod
    def coefficients(lr, rho, epsilon):
        return lr, rho, 1 - rho, epsilon

    def rule(self, var, accum, accum_update, grad, lr, rho, gain, epsilon):
        xp = array_namespace(var)
        accum = accum * rho + grad * grad * gain
        step = xp.sqrt(accum_update + epsilon) / xp.sqrt(accum + epsilon) * grad
        return var - step * lr, accum, accum_update * rho + step * step * gain

    def update(self, var, accum, accum_update, grad, *coefficients):
        return _updated(self, (var, accum, accum_update), grad, coefficients)


class SparseApplyAdadelta(SparseApply):
    """ApplyAdadelta's rule on the rows `indices`."""

    op_type, attrs = "SparseApplyAdadelta", ApplyAdadelta.attrs
    ref_inputs, grad_input = (0, 1, 2), 6
    coefficients = staticmethod(ApplyAdadelta.coefficients)
    rule = ApplyAdadelta.rule


# -- Ftrl ---------------------------------------------------------------------------------

class ApplyFtrl(Apply):
    """Follow the regularized leader (McMahan et al. 2013). With p = -lr_power, which is 1/2:

        total  = accum + grad^2
        linear = linear + grad - (total^p - accum^p) / lr var
        var    = -shrunk(linear, l1) / (total^p / lr + 2 l2)
        accum  = total
    """

    op_type, attrs = "ApplyFtrl", {"use_locking": False}
    ref_inputs, grad_input = (0, 1, 2), 3
    coefficient_names = ("rate", "l1", "twice_l2", "power")

    @staticmethod
    def coefficients(lr, l1, l2, lr_power):
        return lr, l1, l2 + l2, -lr_power

    def rule(self, var, accum, linear, grad, lr, l1, twice_l2, power):
        return _follow(var, accum, linear, grad, grad, lr, l1, twice_l2, power)

    def update(self, var, accum, linear, grad, *coefficients):
        return _updated(self, (var, accum, linear), grad, coefficients)


def _follow(var, accum, linear, grad, pulled, lr, l1, twice_l2, power):
    """ApplyFtrl's rule, where `linear` adds up other gradients than accum does."""
    total = accum + grad * grad
    strength = total ** power
    linear = linear + pulled - (strength - accum ** power) / lr * var
    return -_shrunk(linear, l1) / (strength / lr + twice_l2), total, linear


class SparseApplyFtrl(SparseApply):
    """ApplyFtrl's rule on the rows `indices`."""

    op_type, attrs = "SparseApplyFtrl", ApplyFtrl.attrs
    ref_inputs, grad_input = (0, 1, 2), 3
    coefficients = staticmethod(ApplyFtrl.coefficients)
    rule = ApplyFtrl.rule


class ApplyFtrlV2(ApplyFtrl):
    """ApplyFtrl, where linear adds grad + 2 l2_shrinkage var instead of grad."""

    op_type, attrs = "ApplyFtrlV2", ApplyFtrl.attrs
    coefficient_names = ("rate", "l1", "twice_l2", "twice_shrinkage", "power")

    @staticmethod
    def coefficients(lr, l1, l2, l2_shrinkage, lr_power):
        return lr, l1, l2 + l2, l2_shrinkage + l2_shrinkage, -lr_power

    def rule(self, var, accum, linear, grad, lr, l1, twice_l2, twice_shrinkage, power):
        pulled = grad + twice_shrinkage * var
        return _follow(var, accum, linear, grad, pulled, lr, l1, twice_l2, power)


class SparseApplyFtrlV2(SparseApply):
    """ApplyFtrlV2's rule on the rows `indices`."""

    op_type, attrs = "SparseApplyFtrlV2", ApplyFtrl.attrs
    ref_inputs, grad_input = (0, 1, 2), 3
    coefficients = staticmethod(ApplyFtrlV2.coefficients)
    rule = ApplyFtrlV2.rule


# -- proximal -----------------------------------------------------------------------------

class ApplyProximalGradientDescent(Apply):
    """Gradient descent with shrinkage (Duchi & Singer 2009).

        var = shrunk(var - alpha delta, alpha l1) / (1 + alpha l2)
    """

    op_type, attrs = "ApplyProximalGradientDescent", {"use_locking": False}
    ref_inputs, grad_input = (0,), 4
    coefficient_names = ("rate", "bound", "divisor")

    @staticmethod
    def coefficients(alpha, l1, l2):
        return alpha, alpha * l1, 1 + alpha * l2

    def rule(self, var, grad, alpha, bound, divisor):
        return (_shrunk(var - alpha * grad, bound) / divisor,)

    def update(self, var, grad, *coefficients):
        return _updated(self, (var,), grad, coefficients)


class SparseApplyProximalGradientDescent(SparseApply):
    """ApplyProximalGradientDescent's rule on the rows `indices`."""

    op_type, attrs = "SparseApplyProximalGradientDescent", ApplyProximalGradientDescent.attrs
    ref_inputs, grad_input = (0,), 4
    coefficients = staticmethod(ApplyProximalGradientDescent.coefficients)
    rule = ApplyProximalGradientDescent.rule


class ApplyProximalAdagrad(Apply):
    """Adagrad with shrinkage (Duchi & Singer 2009).

        accum = accum + grad^2
        rate  = lr / sqrt(accum)
        var   = shrunk(var - rate grad, rate l1) / (1 + rate l2)
    """

    op_type, attrs = "ApplyProximalAdagrad", {"use_locking": False}
    ref_inputs, grad_input = (0, 1), 5
    coefficient_names = ("rate", "l1", "l2")

    def rule(self, var, accum, grad, lr, l1, l2):
        accum = accum + grad * grad
        rate = lr / array_namespace(accum).sqrt(accum)
        return _shrunk(var - rate * grad, rate * l1) / (1 + rate * l2), accum

    def update(self, var, accum, grad, *coefficients):
        return _updated(self, (var, accum), grad, coefficients)


class SparseApplyProximalAdagrad(SparseApply):
    """ApplyProximalAdagrad's rule on the rows `indices`."""

    op_type, attrs = "SparseApplyProximalAdagrad", ApplyProximalAdagrad.attrs
    ref_inputs, grad_input = (0, 1), 5
    coefficients = staticmethod(lambda *scalars: scalars)
    rule = ApplyProximalAdagrad.rule


# -- dual averaging -----------------------------------------------------------------------

class ApplyAdagradDA(Apply):
    """Adagrad by dual averaging (Duchi et al. 2011, section 1.2). At step t:

        g   = g + grad               (gradient_accumulator)
        s   = s + grad^2             (gradient_squared_accumulator)
        var = -lr shrunk(g, t l1) / (sqrt(s) + t lr l2)
    """

    op_type, attrs = "ApplyAdagradDA", {"use_locking": False}
    ref_inputs, grad_input = (0, 1, 2), 3
    coefficient_names = ("minus_rate", "bound", "more")

    def infer(self, var, *others):
        *others, step = others
        if not compatible(step.shape, ()):
            raise ValueError(f"global_step must be a scalar, but has shape {show(step.shape)}.")
        return super().infer(var, *others)

    @staticmethod
    def coefficients(lr, l1, l2, global_step):
        t = global_step.astype(lr.dtype)
        return -lr, t * l1, t * lr * l2

    def rule(self, var, g, s, grad, minus_rate, bound, more):
        g, s = g + grad, s + grad * grad
        return minus_rate * _shrunk(g, bound) / (array_namespace(s).sqrt(s) + more), g, s

    def update(self, var, g, s, grad, *coefficients):
        return _updated(self, (var, g, s), grad, coefficients)


class SparseApplyAdagradDA(SparseApply):
    """ApplyAdagradDA's rule on the rows `indices`."""

    op_type, attrs = "SparseApplyAdagradDA", ApplyAdagradDA.attrs
    ref_inputs, grad_input = (0, 1, 2), 3
    coefficients = staticmethod(ApplyAdagradDA.coefficients)
    rule = ApplyAdagradDA.rule


for _op_type in (
        "ApplyAdadelta", "SparseApplyAdadelta", "ApplyFtrl", "SparseApplyFtrl", "ApplyFtrlV2",
        "SparseApplyFtrlV2", "ApplyProximalGradientDescent",
        "SparseApplyProximalGradientDescent", "ApplyProximalAdagrad",
        "SparseApplyProximalAdagrad", "ApplyAdagradDA", "SparseApplyAdagradDA"):
    NotDifferentiable(_op_type)
