"""Minimizing by SciPy: many evaluations of the loss in one call, not one step for each run.

    optimizer = tf.contrib.opt.ScipyOptimizerInterface(loss, options={"maxiter": 100})
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        optimizer.minimize(session)

All variables are laid end to end in one vector, which is what SciPy changes. Needs the extra
`scipy`.
"""

import itertools
import math

import numpy as np

from pellucid.core.gradients import gradients
from pellucid.core.session import default_session_for
from pellucid.core.shapes import as_tuple
from pellucid.core.sources import placeholder
from pellucid.ops.arrays.creation import zeros_like
from pellucid.ops.arrays.joining import concat
from pellucid.ops.arrays.shaping import reshape
from pellucid.ops.state.variables import trainable_variables
from pellucid.platform import log as logging


class ExternalOptimizerInterface:
    """Base of optimizers that run outside of the graph; a subclass defines _minimize.

    Args:
      loss: scalar Tensor.
      var_list: list of Variable; by default the trainable ones.
      equalities: list of Tensors that must be 0.
      inequalities: list of Tensors that must not be negative.
      var_to_bounds: {Variable: (least, greatest)}, numbers or arrays that broadcast to it.
      **optimizer_kwargs: what the optimizer itself takes.

    As in TF: tf.contrib.opt.ExternalOptimizerInterface.
    """

    def __init__(self, loss, var_list=None, equalities=None, inequalities=None,
                 var_to_bounds=None, **optimizer_kwargs):
        self._loss, self.optimizer_kwargs = loss, optimizer_kwargs
        self._equalities, self._inequalities = equalities or [], inequalities or []
        self._vars = trainable_variables() if var_list is None else list(var_list)
        self._packed_bounds = self._bounds(var_to_bounds)
        self._update_placeholders = [placeholder(var.dtype.base_dtype) for var in self._vars]
        self._var_updates = [var.assign(reshape(fed, _shape(var))) for var, fed in zip(
            self._vars, self._update_placeholders, strict=True)]
        self._packed_var = self._pack(self._vars)
        self._packed_loss_grad = self._gradient(loss)
        self._packed_equality_grads = [self._gradient(t) for t in self._equalities]
        self._packed_inequality_grads = [self._gradient(t) for t in self._inequalities]
        ends = list(itertools.accumulate(math.prod(_shape(var)) for var in self._vars))
        self._packing_slices = [slice(start, end) for start, end in itertools.pairwise([0, *ends])]

    def _bounds(self, var_to_bounds):
        if var_to_bounds is None:
            return None
        low, high = [], []
        for var in self._vars:
            bounds = var_to_bounds.get(var, (-np.inf, np.inf))
            for side, bound in zip((low, high), bounds, strict=True):
                side += np.broadcast_to(bound, _shape(var)).ravel().tolist()
        return list(zip(low, high, strict=True))

    def _gradient(self, tensor):
        """The gradient of a tensor by all variables, as one vector."""
        found = gradients(tensor, self._vars)
        return self._pack([zeros_like(var) if grad is None else grad
                           for grad, var in zip(found, self._vars, strict=True)])

    def _pack(self, tensors):
        """Tensors laid end to end."""
        if not tensors:
            return None
        if len(tensors) == 1:
            return reshape(tensors[0], [-1])
        return concat([reshape(tensor, [-1]) for tensor in tensors], 0)

    def minimize(self, session=None, feed_dict=None, fetches=None, step_callback=None,
                 loss_callback=None, **run_kwargs):
        """Changes the variables so that the loss is least.

        Args:
          session: Session; the default one where left out.
          feed_dict: {Tensor: value}, for each evaluation.
          fetches: list of Tensors to compute with each evaluation.
          step_callback: function of the vector of all variables, called after each step.
          loss_callback: function of the values of the fetches, called after each evaluation.
          **run_kwargs: arguments of session.run.
        """
        session = default_session_for(self._loss, session)
        feed_dict, fetches = feed_dict or {}, list(fetches or [])
        start = session.run(self._packed_var, feed_dict=feed_dict, **run_kwargs)

        def function_of(tensors, callback=None):
            return self._evaluation(tensors, session, feed_dict, fetches, callback)

        def functions_of(tensors):
            evaluations = [function_of([tensor]) for tensor in tensors]
            return [lambda x, f=f: f(x)[0] for f in evaluations]

        found = self._minimize(
            initial_val=start,
            loss_grad_func=function_of([self._loss, self._packed_loss_grad], loss_callback),
            equality_funcs=functions_of(self._equalities),
            equality_grad_funcs=functions_of(self._packed_equality_grads),
            inequality_funcs=functions_of(self._inequalities),
            inequality_grad_funcs=functions_of(self._packed_inequality_grads),
            packed_bounds=self._packed_bounds, step_callback=step_callback,
            optimizer_kwargs=self.optimizer_kwargs)
        parts = [found[part] for part in self._packing_slices]
        session.run(self._var_updates, dict(zip(self._update_placeholders, parts, strict=True)),
                    **run_kwargs)

    def _evaluation(self, tensors, session, feed_dict, fetches, callback):
        """A function of the vector of all variables that gives the values of tensors."""
        def evaluate(x):
            values = {var: x[part].reshape(_shape(var)) for var, part in zip(
                self._vars, self._packing_slices, strict=True)}
            found = session.run([*tensors, *fetches], feed_dict={**values, **feed_dict})
            if callback:
                callback(*found[len(tensors):])
            return found[:len(tensors)]
        return evaluate

    def _minimize(self, initial_val, loss_grad_func, equality_funcs, equality_grad_funcs,
                  inequality_funcs, inequality_grad_funcs, packed_bounds, step_callback,
                  optimizer_kwargs):
        """The vector at which the loss is least."""
        raise NotImplementedError("To use ExternalOptimizerInterface, subclass from it and "
                                  "implement the _minimize() method.")


def _shape(var):
    return as_tuple(var.shape)


class ScipyOptimizerInterface(ExternalOptimizerInterface):
    """Minimizes by scipy.optimize.minimize: L-BFGS-B unless `method` says another.

    Args:
      loss, var_list, equalities, inequalities, var_to_bounds: as of the base class. Which of
        them a method can take into account, SciPy says.
      method: str.
      options, tol, ...: other arguments of scipy.optimize.minimize.

    As in TF: tf.contrib.opt.ScipyOptimizerInterface.
    """

    _DEFAULT_METHOD = "L-BFGS-B"

    def _minimize(self, initial_val, loss_grad_func, equality_funcs, equality_grad_funcs,
                  inequality_funcs, inequality_grad_funcs, packed_bounds, step_callback,
                  optimizer_kwargs):
        def loss_and_gradient(x):
            loss, gradient = loss_grad_func(x)
            return float(loss), gradient.astype(np.float64)

        given = dict(optimizer_kwargs)
        method = given.pop("method", self._DEFAULT_METHOD)
        constraints = [{"type": kind, "fun": _precise(function), "jac": _precise(gradient)}
                       for kind, functions, grads in (
                           ("eq", equality_funcs, equality_grad_funcs),
                           ("ineq", inequality_funcs, inequality_grad_funcs))
                       for function, gradient in zip(functions, grads, strict=True)]
        own = {"jac": True, "callback": step_callback, "method": method,
               "constraints": constraints, "bounds": packed_bounds}
        for name in own.keys() & given.keys():
            if name == "bounds":
                raise ValueError("Bounds must be set using the var_to_bounds argument")
            raise ValueError(f"Optimizer keyword arg {name!r} is set automatically and cannot be "
                             "injected manually")
        result = _scipy().minimize(loss_and_gradient, initial_val.astype(np.float64), **own,
                                   **given)
        logging.info("Optimization terminated with:\n  Message: %s\n"
                     "  Objective function value: %f\n  Number of iterations: %s\n"
                     "  Number of functions evaluations: %s", result.message, result.fun,
                     getattr(result, "nit", "?"), getattr(result, "nfev", "?"))
        return result.x


def _precise(function):
    """The function, with results in the precision that SciPy's compiled methods take."""
    return lambda x: np.asarray(function(x), np.float64)


def _scipy():
    try:
        from scipy import optimize
    except ImportError:
        raise ImportError("ScipyOptimizerInterface needs SciPy: pip install pellucid[scipy]"
                          ) from None
    return optimize
