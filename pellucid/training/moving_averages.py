"""Moving averages of variables: smoother values than the last ones, for evaluation."""

from pellucid.core import dtypes
from pellucid.core.graph import GraphKeys, get_default_graph
from pellucid.core.operation import convert_to_tensor
from pellucid.core.variable import Variable
from pellucid.ops.arguments import name_scope
from pellucid.ops.control.waiting import group
from pellucid.ops.math.casting import cast
from pellucid.ops.math.elementwise import minimum
from pellucid.ops.math.functions import pow
from pellucid.ops.state.assignment import assign, assign_sub
from pellucid.ops.state.initializers import zeros_initializer
from pellucid.ops.state.variable_scope import get_variable, get_variable_scope, variable_scope
from pellucid.ops.state.variables import (
    global_variables,
    moving_average_variables,
    trainable_variables,
)
from pellucid.training import slot_creator


class ExponentialMovingAverage:
    """Keeps for each variable a shadow: shadow = decay shadow + (1 - decay) variable.

    Args:
      decay: float or Tensor, close to 1.
      num_updates: Tensor or number n; the decay is then min(decay, (1 + n) / (10 + n)),
        smaller early on.
      zero_debias: correct the shadows of Tensors for their start at zero.
      name: str, also of the shadows: "<variable>/ExponentialMovingAverage".

    A Variable's shadow starts at its value, that of another Tensor at zero.

        average = tf.train.ExponentialMovingAverage(0.99)
        with tf.control_dependencies([step]):
            step = average.apply([w])
        average.average(w)                            # the shadow, a Variable

    As in TF: tf.train.ExponentialMovingAverage.
    """

    def __init__(self, decay, num_updates=None, zero_debias=False,
                 name="ExponentialMovingAverage"):
        self._decay, self._num_updates = decay, num_updates
        self._zero_debias, self._name = zero_debias, name
        self._averages = {}               # operation of the variable -> its shadow
        self._to_debias = set()

    @property
    def name(self):
        """The name of the shadows."""
        return self._name

    def apply(self, var_list=None):
        """An Operation that updates the shadows; makes those that are missing.

        Args:
          var_list: list of Variable or Tensor; by default the trainable variables.
        """
        var_list = trainable_variables() if var_list is None else var_list
        for var in var_list:
            if var.dtype.base_dtype not in dtypes.FLOATING:
                raise TypeError(f"The variables must be half, float, or double: {var.name}")
            if var.op not in self._averages:
                with get_default_graph().control_dependencies(None):
                    self._averages[var.op] = self._make(var)
        with name_scope(self._name, values=var_list) as scope:
            decay = self._present_decay()
            updates = [assign_moving_average(self._averages[var.op], var, decay,
                                             var.op in self._to_debias) for var in var_list]
            return group(*updates, name=scope)

    def _make(self, var):
        if isinstance(var, Variable):
            get_default_graph().add_to_collection(GraphKeys.MOVING_AVERAGE_VARIABLES, var)
            return slot_creator.create_slot(var, var.initialized_value(), self._name)
        if self._zero_debias:
            self._to_debias.add(var.op)
        return slot_creator.create_zeros_slot(var, self._name)

    def _present_decay(self):
        decay = convert_to_tensor(self._decay, dtypes.float32, name="decay")
        if self._num_updates is None:
            return decay
        n = cast(self._num_updates, dtypes.float32, name="num_updates")
        return minimum(decay, (1.0 + n) / (10.0 + n))

    def average(self, var):
        """The shadow of `var`, a Variable; None if it has none."""
        return self._averages.get(var.op)

    def average_name(self, var):
        """str, the name that the shadow of `var` has or would have."""
        if var.op in self._averages:
            return self._averages[var.op].op.name
        graph = get_default_graph()
        return graph.unique_name(f"{var.op.name}/{self._name}", mark_as_used=False)

    def variables_to_restore(self, moving_avg_variables=None):
        """{name in a checkpoint: Variable}, such that averages are loaded for values.

        Args:
          moving_avg_variables: variables to load from their shadows; by default those that
            are trainable or have a moving average.
        """
        if moving_avg_variables is None:
            moving_avg_variables = trainable_variables() + moving_average_variables()
        restored = dict.fromkeys(moving_avg_variables)
        names = {self.average_name(v): v for v in restored}
        for v in global_variables():
            if v not in restored:
                names.setdefault(v.op.name, v)
        return names


def assign_moving_average(variable, value, decay, zero_debias=True, name=None):
    """A Tensor that sets variable = decay variable + (1 - decay) value when it runs.

    Args:
      variable: Variable, of zeros where zero_debias.
      value: Tensor of its dtype and shape.
      decay: float or Tensor.
      zero_debias: divide by 1 - decay^t at the t-th update, as Kingma & Ba 2015 (section
        3), so that the start at zero does not count.

    As in TF: tensorflow.python.training.moving_averages.assign_moving_average.
    """
    with name_scope(name, "AssignMovingAvg", [variable]) as scope:
        rate = convert_to_tensor(1.0 - decay, name="decay")
        rate = cast(rate, variable.dtype.base_dtype)
        value = value.value() if isinstance(value, Variable) else value
        if zero_debias:
            return _assign_debiased(variable, value, rate)
        return assign_sub(variable, (variable - value) * rate, name=scope)


def _assign_debiased(variable, value, rate):
    """Keeps the biased average in one variable, the number of updates in another."""
    dtype = variable.dtype.base_dtype
    with variable_scope(variable.op.name, values=[variable]):
        biased = get_variable(
            _unused("biased"), variable.shape, dtype, zeros_initializer(), trainable=False)
        updates = get_variable(
            _unused("local_step"), [], dtype, zeros_initializer(), trainable=False)
        average = assign_sub(biased, (biased - value) * rate)
        correction = 1 - pow(1.0 - rate, updates.assign_add(1))
        return assign(variable, average / correction,
                      name=get_default_graph().get_name_scope() + "/")


def _unused(name):
    """`name`, or with _1, _2, ... the first that no variable of the scope has."""
    scope = get_variable_scope()
    if scope.reuse:
        return name
    taken = {v.op.name for v in scope.global_variables()}
    found, i = name, 0
    while f"{scope.name}/{found}" in taken:
        i += 1
        found = f"{name}_{i}"
    return found
