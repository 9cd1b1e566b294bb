"""Optimizer: gradients of a loss become updates of variables.

`minimize` is `compute_gradients`, then `apply_gradients`. A subclass says what to keep
beside each variable (`_create_slots`), which numbers it needs (`_prepare`), and how one
variable is updated (`_apply_dense`, `_apply_sparse`). Read next: gradient_descent.py, then
adam.py.
"""

from pellucid.core import dtypes
from pellucid.core.gradients import gradients
from pellucid.core.graph import GraphKeys, get_default_graph
from pellucid.core.indexed_slices import IndexedSlices
from pellucid.core.operation import Operation, convert_to_tensor
from pellucid.core.tensor import Tensor
from pellucid.core.variable import Variable
from pellucid.ops.arguments import name_scope
from pellucid.ops.arrays.segments import unsorted_segment_sum
from pellucid.ops.arrays.shaping import shape
from pellucid.ops.arrays.unique import unique
from pellucid.ops.control.waiting import group, tuple_
from pellucid.ops.math.casting import cast
from pellucid.ops.state.assignment import assign_add
from pellucid.ops.state.variables import trainable_variables
from pellucid.training import slot_creator


class Optimizer:
    """Base of the optimizers.

    Args:
      use_locking: bool, recorded: updates are atomic either way.
      name: str, the name of the update operation and of the slots.

    To write one, override (names and calls as in TensorFlow):
      _create_slots(var_list): make slots with _zeros_slot and its like.
      _prepare(): make Tensors of the hyperparameters, once for each apply_gradients.
      _apply_dense(grad, var): the operation that updates var by a Tensor.
      _apply_sparse(grad, var): the same by IndexedSlices whose rows are all different.
      _finish(update_ops, name_scope): the operation that waits for all updates.

    As in TF: tf.train.Optimizer.
    """

    GATE_NONE, GATE_OP, GATE_GRAPH = 0, 1, 2

    def __init__(self, use_locking, name):
        if not name:
            raise ValueError("Must specify the optimizer name")
        self._use_locking, self._name = use_locking, name
        self._slots = {}                  # slot's name -> {operation of the variable: slot}
        self._non_slot_dict = {}          # (name, graph) -> Variable

    def get_name(self):
        """The optimizer's name."""
        return self._name

    # -- for users -------------------------------------------------------------------------

    def minimize(self, loss, global_step=None, var_list=None, gate_gradients=GATE_OP,
                 aggregation_method=None, colocate_gradients_with_ops=False, name=None,
                 grad_loss=None):
        """An Operation, each run of which is one step towards a smaller loss.

        Args:
          loss: Tensor, or function of no arguments that returns one; the sum of its
            elements is minimized.
          global_step: Variable to increase by one after the variables were updated.
          var_list: list of Variable; by default the trainable ones.
          gate_gradients: GATE_NONE, GATE_OP or GATE_GRAPH: which gradients must be complete
            before any of them is used.
          aggregation_method, colocate_gradients_with_ops: hints, without effect.
          name: str, of the operation.
          grad_loss: Tensor, the gradient of what follows the loss.

        Raises ValueError if the loss depends on none of the variables.
        """
        pairs = self.compute_gradients(loss, var_list, gate_gradients, aggregation_method,
                                       colocate_gradients_with_ops, grad_loss)
        if all(grad is None for grad, _ in pairs):
            raise ValueError(
                "No gradients provided for any variable, check your graph for ops that do "
                f"not support gradients, between variables {[str(v) for _, v in pairs]} "
                f"and loss {loss}.")
        return self.apply_gradients(pairs, global_step, name)

    def compute_gradients(self, loss, var_list=None, gate_gradients=GATE_OP,
                          aggregation_method=None, colocate_gradients_with_ops=False,
                          grad_loss=None):
        """List of (gradient, variable); a gradient is a Tensor, IndexedSlices or None.

        Arguments as in `minimize`.
        """
        loss = convert_to_tensor(loss() if callable(loss) else loss)
        if gate_gradients not in (self.GATE_NONE, self.GATE_OP, self.GATE_GRAPH):
            raise ValueError("gate_gradients must be one of: Optimizer.GATE_NONE, "
                             "Optimizer.GATE_OP, Optimizer.GATE_GRAPH.  Not "
                             f"{gate_gradients}")
        self._assert_valid_dtypes([loss] if grad_loss is None else [loss, grad_loss])
        var_list = _flat(trainable_variables() if var_list is None else var_list)
        if not var_list:
            raise ValueError("No variables to optimize.")
        grads = gradients(
            loss, [_target(v) for v in var_list], grad_loss,
            gate_gradients=gate_gradients == self.GATE_OP,
            aggregation_method=aggregation_method,
            colocate_gradients_with_ops=colocate_gradients_with_ops)
        if gate_gradients == self.GATE_GRAPH:
            grads = tuple_(grads)
        pairs = list(zip(grads, var_list, strict=True))
        self._assert_valid_dtypes([v for grad, v in pairs if grad is not None])
        return pairs

    def apply_gradients(self, grads_and_vars, global_step=None, name=None):
        """An Operation that updates the variables by their gradients.

        Args:
          grads_and_vars: list of (gradient, variable), as from `compute_gradients`.
          global_step: Variable to increase by one afterwards.
          name: str, of the operation.
        """
        pairs = [(_as_gradient(grad, var), var) for grad, var in grads_and_vars]
        if not pairs:
            raise ValueError("No variables provided.")
        updated = [(grad, var) for grad, var in pairs if grad is not None]
        if not updated:
            raise ValueError("No gradients provided for any variable: "
                             f"{[str(v) for _, v in pairs]}.")
        graph = get_default_graph()
        with graph.control_dependencies(None):
            self._create_slots([var for _, var in updated])
        with name_scope(name, self._name) as scope:
            self._prepare()
            updates = []
            for grad, var in updated:
                with graph.name_scope("update_" + var.op.name):
                    updates.append(self._update(grad, var))
            if global_step is None:
                step = self._finish(updates, scope)
            else:
                with graph.control_dependencies([self._finish(updates, "update")]):
                    step = assign_add(global_step, 1, name=scope)
        step = step.op if isinstance(step, Tensor) else step
        steps = graph.get_collection_ref(GraphKeys.TRAIN_OP)
        if step not in steps:
            steps.append(step)
        return step

    def get_slot(self, var, name):
        """The Variable that the optimizer keeps beside `var` under that name, or None."""
        return self._slots.get(name, {}).get(var.op)

    def get_slot_names(self):
        """Sorted list of the names that `get_slot` takes."""
        return sorted(self._slots)

    def variables(self):
        """List of the optimizer's own variables in the default graph, by name."""
        graph = get_default_graph()
        own = [v for slots in self._slots.values() for v in slots.values()]
        return sorted((v for v in [*own, *self._non_slot_variables()] if v.graph is graph),
                      key=lambda v: v.name)

    # -- for subclasses to override --------------------------------------------------------

    def _create_slots(self, var_list):
        """Makes what is kept beside each variable."""

    def _prepare(self):
        """Makes the Tensors that all updates use."""

    def _apply_dense(self, grad, var):
        raise NotImplementedError(f"{type(self).__name__} does not define _apply_dense.")

    def _apply_sparse(self, grad, var):
        raise NotImplementedError(f"{type(self).__name__} does not define _apply_sparse.")

    def _apply_sparse_duplicate_indices(self, grad, var):
        """Updates by IndexedSlices that may name a row twice: they are summed first.

        The square of a sum is not the sum of squares, so rules that are not linear in the
        gradient need this.
        """
        values, indices = sum_rows(grad.values, grad.indices)
        return self._apply_sparse(IndexedSlices(values, indices, grad.dense_shape), var)

    def _finish(self, update_ops, name_scope):
        """The operation that has run when all updates have."""
        return group(*update_ops, name=name_scope)

    def _valid_dtypes(self):
        """Set of the dtypes that losses, variables and gradients may have."""
        return {dtypes.float16, dtypes.bfloat16, dtypes.float32, dtypes.float64}

    # -- for subclasses to call ------------------------------------------------------------

    def _zeros_slot(self, var, slot_name, op_name):
        """The slot `slot_name` of var; a new one, of zeros, is named "<var>/<op_name>"."""
        return self._slot(var, slot_name, slot_creator.create_zeros_slot, op_name)

    def _get_or_make_slot(self, var, val, slot_name, op_name):
        """The slot `slot_name` of var; a new one starts as the Tensor val."""
        return self._slot(var, slot_name, slot_creator.create_slot, val, op_name)

    def _get_or_make_slot_with_initializer(self, var, initializer, shape, dtype, slot_name,
                                           op_name):
        """The slot `slot_name` of var; a new one starts as initializer(shape, dtype)."""
        return self._slot(var, slot_name, slot_creator.create_slot_with_initializer,
                          initializer, shape, dtype, op_name)

    def _slot(self, var, slot_name, make, *arguments):
        slots = self._slot_dict(slot_name)
        if var.op not in slots:
            slots[var.op] = make(var, *arguments)
        return slots[var.op]

    def _slot_dict(self, slot_name):
        return self._slots.setdefault(slot_name, {})

    def _create_non_slot_variable(self, initial_value, name, colocate_with):
        """A variable of the optimizer that belongs to no variable in particular."""
        key = name, colocate_with.graph
        if key not in self._non_slot_dict:
            self._non_slot_dict[key] = Variable(initial_value, name=name, trainable=False)
        return self._non_slot_dict[key]

    def _get_non_slot_variable(self, name, graph=None):
        return self._non_slot_dict.get((name, graph))

    def _non_slot_variables(self):
        return self._non_slot_dict.values()

    def _call_if_callable(self, param):
        """A hyperparameter, which may be given as a function of no arguments."""
        return param() if callable(param) else param

    def _assert_valid_dtypes(self, tensors):
        valid = self._valid_dtypes()
        for tensor in tensors:
            if tensor.dtype is not None and tensor.dtype.base_dtype not in valid:
                raise ValueError(f"Invalid type {tensor.dtype.base_dtype!r} for "
                                 f"{tensor.name}, expected: {list(valid)}.")

    def _update(self, grad, var):
        """The operation that updates one variable, and keeps to its constraint."""
        if not isinstance(var, Variable):
            raise NotImplementedError(f"Trying to update a Tensor {var}")
        if isinstance(grad, IndexedSlices):
            if var.constraint is not None:
                raise RuntimeError("Cannot use a constraint function on a sparse variable.")
            return self._apply_sparse_duplicate_indices(grad, var)
        update = self._apply_dense(grad, var)
        if var.constraint is None:
            return update
        with get_default_graph().control_dependencies([update]):
            return var.assign(var.constraint(var))


def sum_rows(values, indices):
    """(values, indices) of the same IndexedSlices in which every row occurs once."""
    rows, positions = unique(indices)
    return unsorted_segment_sum(values, positions, shape(rows)[0]), rows


def _target(var):
    """What to differentiate by: the variable's place, or a plain Tensor."""
    if isinstance(var, Variable):
        return var._ref()
    if isinstance(var, Tensor):
        return var
    raise NotImplementedError(f"Trying to optimize unsupported type {type(var)}: {var!r}")


def _as_gradient(grad, var):
    if grad is None or isinstance(grad, IndexedSlices):
        return grad
    try:
        grad = convert_to_tensor(grad)
    except TypeError:
        raise TypeError("Gradient must be convertible to a Tensor or IndexedSlices, or "
                        f"None: {grad}") from None
    # What is fed untyped is the one gradient whose dtype may turn out to be another's.
    return cast(grad, var.dtype.base_dtype) if grad.dtype is None and var.dtype else grad


def _flat(var_list):
    if isinstance(var_list, Variable | Tensor | Operation):
        return [var_list]
    result, stack = [], list(reversed(var_list))
    while stack:
        item = stack.pop()
        if isinstance(item, list | tuple | set):
            stack.extend(reversed(list(item)))
        else:
            result.append(item)
    return result
