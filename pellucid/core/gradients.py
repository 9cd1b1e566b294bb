"""Gradients: from a graph of operations, the graph of their derivatives.

The chain rule, node by node, from ys back to xs. Each operation type registers a function that,
given the gradient of the loss with respect to its outputs, builds the gradient with respect to
its inputs. The result is made of ordinary operations, so it can be differentiated again.
Read next: ../ops/math/elementwise.py, then ../engine/plan.py.
"""

import enum

from pellucid.core.collector import collector_paused
from pellucid.core.dtypes import variant
from pellucid.core.graph import get_default_graph
from pellucid.core.indexed_slices import IndexedSlices
from pellucid.core.operation import convert_to_tensor, create, load_until
from pellucid.core.shapes import compatible, merge, show
from pellucid.core.tensor import Tensor

_GRADIENT_TYPES = Tensor, IndexedSlices
_gradients = {}            # operation type -> function(op, *output gradients), None: no gradient


class RegisterGradient:
    """Decorator that registers the gradient of an operation type.

        @RegisterGradient("Square")
        def _square_gradient(op, grad):
            return grad * 2 * op.inputs[0]

    The function receives the Operation and, for each output, the gradient of the loss with
    respect to it; it returns the gradient with respect to each input (a Tensor, IndexedSlices or
    None; a list or tuple for several inputs). In place of a gradient it may return a function of
    no arguments that builds it, which is called only if the gradient is needed.

    As in TF: tf.RegisterGradient.
    """

    def __init__(self, op_type):
        if not isinstance(op_type, str):
            raise TypeError("op_type must be a string")
        self.op_type = op_type

    def __call__(self, function):
        if self.op_type in _gradients:
            raise KeyError(f"Registering two gradients with name {self.op_type!r}!")
        _gradients[self.op_type] = function
        return function


def NotDifferentiable(op_type):
    """Declares that gradients stop at operations of this type.

    As in TF: tf.NotDifferentiable, tf.NoGradient.
    """
    if not isinstance(op_type, str):
        raise TypeError("op_type must be a string")
    if op_type in _gradients:
        raise KeyError(f"Registering two gradients with name {op_type!r}!")
    _gradients[op_type] = None


def gradient_function(op):
    """The registered gradient function of an operation; None where it stops gradients.

    Raises LookupError if there is none.
    """
    if op._gradient_function is not None:              # custom_gradient
        return op._gradient_function
    op_type = op._gradient_type or op.type
    load_until(op_type, _gradients)
    if op_type not in _gradients:
        raise LookupError(
            f"No gradient defined for operation {op.name!r} (op type: {op_type}), which lies "
            f"between ys and xs. Define one:\n"
            f'  @tf.RegisterGradient("{op_type}")\n'
            f"  def _{op_type.lower()}_gradient(op, grad):\n"
            f"      return ...   # the gradient with respect to each of op.inputs\n"
            f"or declare that it has none: tf.NotDifferentiable({op_type!r}).")
    return _gradients[op_type]


class UnconnectedGradients(enum.Enum):
    """What tf.gradients returns for an x that no y depends on."""

    NONE = "none"
    ZERO = "zero"


class AggregationMethod:
    """Hints how gradients are summed; the sum is the same. As in TF: tf.AggregationMethod."""

    ADD_N = DEFAULT = 0
    EXPERIMENTAL_TREE, EXPERIMENTAL_ACCUMULATE_N = 1, 2


def gradients(ys, xs, grad_ys=None, name="gradients", colocate_gradients_with_ops=False,
              gate_gradients=False, aggregation_method=None, stop_gradients=None,
              unconnected_gradients=UnconnectedGradients.NONE):
    """The derivative of sum(ys) with respect to each x in xs, as new nodes of the graph.

    Args:
      ys: Tensor or list of Tensor.
      xs: Tensor, Variable or list of them.
      grad_ys: for each y the gradient to start with (of its shape); ones where left out.
      name: str, the name scope of the new operations.
      colocate_gradients_with_ops: bool, a hint; all operations are on one device.
      gate_gradients: bool, compute all gradients of an operation before any of them is used.
      aggregation_method: a hint how to sum; the sum is the same.
      stop_gradients: Tensors to treat as constants.
      unconnected_gradients: UnconnectedGradients, or "none" or "zero".

    Returns:
      list, for each x a Tensor of its shape, an IndexedSlices, or None if no y depends on it
      (or only through integers).

    Raises:
      LookupError: an operation in between has no registered gradient.
      TypeError: a grad_ys is not floating or complex, or a complex y has none.
      ValueError: a gradient does not have the shape of what it is the gradient of.

    As in TF: tf.gradients.
    """
    ys, xs = _tensors(ys), _tensors(xs, as_ref=True)
    stops = _tensors([] if stop_gradients is None else stop_gradients)
    grad_ys = [None] * len(ys) if grad_ys is None else _as_list(grad_ys)
    if len(grad_ys) != len(ys):
        raise ValueError(f"Passed {len(grad_ys)} grad_ys for {len(ys)} ys")
    unconnected = UnconnectedGradients(unconnected_gradients)
    graph = ys[0].graph if ys else get_default_graph()
    with graph.as_default(), graph.name_scope(name or "gradients"), collector_paused():
        partial = {}                     # Tensor -> the gradients that its consumers sent back
        for i, (y, grad) in enumerate(zip(ys, grad_ys, strict=True)):
            if _carries_gradient(y):
                partial.setdefault(y, []).append(_start(y, grad, i))
        total = _through(graph, ys, xs, stops, partial, gate_gradients)
        return [total[x] if x in total else _unconnected(x, unconnected) for x in xs]


def _through(graph, ys, xs, stops, partial, gate):
    """{x: its gradient}, built in `graph`. From a loop's body, on through what it captures."""
    total, level = {}, graph
    while ys:
        beyond = any(x.op.graph is not level for x in xs)
        inside = getattr(level, "captures", {}) if beyond else {}     # {tensor outside: argument}
        targets = [*xs, *inside.values()]
        ops, wanted = path(ys, targets, stops)
        found = _backward(graph, ops, wanted, partial, set(targets), gate)
        total.update((x, found[x]) for x in xs if x in found)
        partial = {outer: [found[t]] for outer, t in inside.items() if t in found}
        ys, level = list(partial), level.outer
    return total


def path(ys, xs, stops):
    """(ops, tensors) on a way from xs to ys, the operations oldest first.

    Only these take part: a consumer off the loss's path sends nothing back, and a node never
    waits for it. A gradient reaches a tensor of `stops`, but nothing that it is computed from.
    """
    stopped = {t.op for t in stops}
    upstream, stack = set(), [y.op for y in ys]
    while stack:
        op = stack.pop()
        if op not in upstream and op not in stopped:
            upstream.add(op)
            stack.extend(t.op for t in op.input_nodes)
    wanted = {x for x in xs if _carries_gradient(x)}
    ops = []
    for op in sorted(upstream, key=lambda op: op._number):
        if any(t in wanted for t in op.input_nodes):
            ops.append(op)
            wanted.update(t for t in op.outputs if _carries_gradient(t))
    return ops, wanted


def _backward(graph, ops, wanted, partial, xs, gate):
    """Sends gradients back through `ops` to the tensors `wanted`; {x: its gradient}.

    A node is visited after all its consumers on the path: only then is the gradient of its
    output, the sum of what they send back, complete. Youngest first is such an order.
    """
    total, outer = {}, graph._scope
    for op in reversed(ops):
        grads, function = [], None
        for tensor in op.outputs:
            grads.append(_sum(partial.pop(tensor, ())))
            if grads[-1] is not None:
                function = gradient_function(op)
                if tensor in xs:
                    total[tensor] = grads[-1]
        if function is None:
            continue
        graph._scope = graph.unique_name(op.name + "_grad")
        try:
            sent = _call(function, op, grads, wanted, gate)
        finally:
            graph._scope = outer
        for tensor, grad in zip(op.input_nodes, sent, strict=True):
            if grad is not None:
                partial.setdefault(tensor, []).append(grad)
    total.update((x, _sum(partial[x])) for x in xs if x not in total and x in partial)
    return total


def _call(function, op, grads, wanted, gate):
    """The gradients with respect to those of op's inputs that are wanted, checked."""
    if getattr(function, "asks_wanted", False):      # a loop's, which does no more than it must
        sent = function(op, grads, [t in wanted for t in op.input_nodes])
    else:
        if None in grads:
            grads = [create("ZerosLike", [t]).output if g is None and _carries_gradient(t) else g
                     for t, g in zip(op.outputs, grads, strict=True)]
        sent = function(op, *grads)
    sent = list(sent) if isinstance(sent, list | tuple) else [sent]
    if len(sent) != len(op.input_nodes):
        raise ValueError(f"Num gradients {len(sent)} generated for op {op.name!r} (op type: "
                         f"{op.type}) do not match num inputs {len(op.input_nodes)}")
    for i, tensor in enumerate(op.input_nodes):
        grad = sent[i] if tensor in wanted else None
        if grad is not None and not isinstance(grad, _GRADIENT_TYPES):
            grad = grad() if callable(grad) else convert_to_tensor(grad)
        if type(grad) is Tensor:
            _check_shape(op, i, tensor, grad)
        sent[i] = grad
    if gate and sum(grad is not None for grad in sent) > 1:
        sent = _gated(sent)
    return sent


def _check_shape(op, index, tensor, grad):
    wanted, spec = tensor.spec.shape, grad.spec
    if spec.shape == wanted:
        return
    if not compatible(spec.shape, wanted):
        raise ValueError(
            "Incompatible shapes between op input and calculated input gradient. Forward "
            f"operation: {op.name} ({op.type}). Input index: {index}. Original input shape: "
            f"{show(wanted)}. Calculated input gradient shape: {show(spec.shape)}")
    if merge(spec.shape, wanted) != spec.shape:
        grad.set_shape(wanted)


def _gated(grads):
    """The same gradients, none of which is ready before all of them are."""
    graph = get_default_graph()
    with graph.name_scope("tuple"):
        with graph.control_dependencies([g.op for g in grads if g is not None]):
            group = create("NoOp", name="group_deps")
        with graph.control_dependencies([group]):
            return [_identity(g) for g in grads]


def _identity(grad):
    if isinstance(grad, IndexedSlices):
        return IndexedSlices(_identity(grad.values), grad.indices, grad.dense_shape)
    if grad is None:
        return None
    return create("Identity", [grad], name="control_dependency").output


def _sum(grads):
    """The sum of what the consumers of one tensor sent back, the oldest consumer first."""
    if len(grads) < 2:
        return grads[0] if grads else None
    grads = grads[::-1]
    if all(isinstance(g, IndexedSlices) for g in grads):
        return _concatenate(grads)
    return create("AddN", [convert_to_tensor(g) for g in grads]).output


def _concatenate(slices):
    """Rows of several IndexedSlices as one; rows named twice count twice."""
    indices = [s.indices for s in slices]
    if len({i.dtype for i in indices}) > 1:
        indices = [create("Cast", [i], DstT=max(
            (i.spec.dtype for i in indices), key=lambda d: d.size)).output for i in indices]
    axis = convert_to_tensor(0, name="axis")
    return IndexedSlices(create("ConcatV2", [*(s.values for s in slices), axis]).output,
                         create("ConcatV2", [*indices, axis]).output, slices[0].dense_shape)


def _carries_gradient(tensor):
    dtype = tensor.spec.dtype
    return dtype is None or dtype.is_floating or dtype.is_complex or dtype is variant


def _start(y, grad, index):
    """The gradient of the sum with respect to y itself: ones, unless the user gave another."""
    if isinstance(grad, IndexedSlices):
        return grad
    if grad is not None:
        grad = convert_to_tensor(grad, preferred_dtype=y.spec.dtype, name=f"grad_ys_{index}")
        if not _carries_gradient(grad):
            raise TypeError(f"Gradient type {grad.dtype.name} generated for {y!r} must be "
                            "floating or complex, as the tensor is.")
        return grad
    if y.spec.dtype is not None and y.spec.dtype.is_complex:
        raise TypeError(f"Gradients of complex tensors must set grad_ys (y.dtype = {y.dtype!r})")
    return create("OnesLike", [y], name=f"grad_ys_{index}").output


def _unconnected(x, unconnected):
    if unconnected is UnconnectedGradients.ZERO:
        return create("ZerosLike", [x], name="zeros_like").output
    return None


def _as_list(items):
    return list(items) if isinstance(items, list | tuple) else [items]


def _tensors(items, as_ref=False):
    return [item if isinstance(item, Tensor) else convert_to_tensor(item, as_ref=as_ref)
            for item in _as_list(items)]
