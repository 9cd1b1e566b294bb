"""MovingAverageOptimizer: an optimizer that keeps moving averages of what it trains."""

from pellucid.core.graph import get_default_graph
from pellucid.core.variable import Variable
from pellucid.ops.control.waiting import group
from pellucid.ops.state.variables import global_variables
from pellucid.training.moving_averages import ExponentialMovingAverage
from pellucid.training.optimizer import Optimizer
from pellucid.training.saver import Saver


class MovingAverageOptimizer(Optimizer):
    """Another optimizer, after whose steps the moving averages of the variables are updated.

    Save with `swapping_saver`: the checkpoint has the averages under the variables' names, so
    that a plain Saver restores the averages for evaluation.

    Args:
      opt: Optimizer.
      average_decay: float, close to 1.
      num_updates: as of tf.train.ExponentialMovingAverage.
      sequential_update: bool; False updates the averages beside the variables, not after.

    As in TF: tf.contrib.opt.MovingAverageOptimizer.
    """

    def __init__(self, opt, average_decay=0.9999, num_updates=None, sequential_update=True):
        super().__init__(False, opt.get_name())
        self._optimizer, self._sequential = opt, sequential_update
        self._averages = ExponentialMovingAverage(average_decay, num_updates=num_updates)
        self._swapped = None                       # {name: the variable to save under it}

    def compute_gradients(self, *args, **kwargs):
        """Those of the other optimizer."""
        return self._optimizer.compute_gradients(*args, **kwargs)

    def apply_gradients(self, grads_and_vars, global_step=None, name=None):
        """The step of the other optimizer, and the update of the averages."""
        grads_and_vars = list(grads_and_vars)
        step = self._optimizer.apply_gradients(grads_and_vars, global_step, name)
        trained = [var for grad, var in grads_and_vars if grad is not None]
        with get_default_graph().control_dependencies([step] if self._sequential else []):
            update = self._averages.apply(trained)
        self._swapped = {}
        for var in trained:
            average = self._averages.average(var)
            self._swapped |= {var.op.name: average, average.op.name: var}
        return group(step, update, name="train_with_avg")

    def swapping_saver(self, var_list=None, name="swapping_saver", **kwargs):
        """A Saver that writes averages under the names of variables, and the other way round.

        Args:
          var_list: list of Variable, or {name: Variable}; by default all there are.
          name: str.
          **kwargs: as of tf.train.Saver.

        Raises RuntimeError before minimize or apply_gradients, ValueError if var_list has a
        variable but not its average.
        """
        if self._swapped is None:
            raise RuntimeError("Must call apply_gradients or minimize before creating the "
                               "swapping_saver")
        given = global_variables() if var_list is None else var_list
        if not isinstance(given, dict):
            given = {var.op.name: var for var in given}
        present = {var.op.name for var in given.values()}
        return Saver({key: self._exchanged(var, present) for key, var in given.items()},
                     name=name, **kwargs)

    def _exchanged(self, var, present):
        other = self._swapped.get(var.op.name)
        if other is None:
            return var
        if isinstance(other, Variable) and other.op.name not in present:
            raise ValueError(f"Variable to swap {other.op.name} is not part of variables to save. "
                             "This breaks MovingAverageOptimizer.")
        return other

    def get_slot(self, var, name):
        """A slot of the other optimizer."""
        return self._optimizer.get_slot(var, name)

    def get_slot_names(self):
        """Names of the slots of the other optimizer."""
        return self._optimizer.get_slot_names()

    def variables(self):
        """The variables of the other optimizer."""
        return self._optimizer.variables()
