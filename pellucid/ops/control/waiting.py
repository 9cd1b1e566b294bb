"""Waiting: operations that only make others run, and tensors that wait for others."""

from pellucid.core.graph import get_default_graph
from pellucid.core.indexed_slices import IndexedSlices
from pellucid.core.operation import Operation, convert_to_tensor
from pellucid.core.tensor import Tensor
from pellucid.ops.arguments import graph_of, name_scope
from pellucid.ops.control.passing import NoOp, identity


def no_op(name=None):
    """An operation that does nothing, after its control inputs.

    As in TF: tf.no_op (op type NoOp).
    """
    return NoOp(name=name)


def group(*inputs, name=None):
    """An operation that has run when all of `inputs` (nested Tensors, Operations) have.

    As in TF: tf.group (op type NoOp).
    """
    elements = []
    for item in _flat(inputs):
        if not _is_element(item):
            raise TypeError("'inputs' should be zero or more (nested) Tensors. Received "
                            f"'{item}' with type '{type(item)}'.")
        elements.append(item)
    graph = graph_of(*elements)
    with graph.as_default(), graph.control_dependencies(elements):
        return NoOp(name=name or "group_deps")


def _flat(items):
    for item in items:
        if isinstance(item, list | tuple):
            yield from _flat(item)
        elif isinstance(item, dict):
            yield from _flat(item.values())
        else:
            yield item


def _is_element(item):
    return (isinstance(item, Tensor | Operation | IndexedSlices)
            or hasattr(item, "_as_graph_element"))


def tuple_(tensors, name=None, control_inputs=None):
    """The tensors, of which none is available before all of them are.

    Args:
      tensors: list of Tensor, IndexedSlices, Operation or None.
      name: str.
      control_inputs: more to wait for.

    Returns:
      list of the same length.

    As in TF: tf.tuple.
    """
    with name_scope(name, "tuple", tensors):
        tensors = [t if t is None or _is_element(t) else convert_to_tensor(t)
                   for t in tensors]
        awaited = [*(t for t in tensors if t is not None), *(control_inputs or ())]
        if not awaited:
            raise ValueError("'tensors' must have at least one Tensor. "
                             f"Received: {tensors}.")
        gate = group(*sorted({_op_of(t) for t in awaited}, key=lambda op: op._number))
        return [_after(gate, t) for t in tensors]


def _op_of(element):
    if isinstance(element, IndexedSlices):
        return element.op                                # not made dense
    return element if isinstance(element, Operation) else convert_to_tensor(element).op


def _after(gate, element):
    if element is None:
        return None
    if isinstance(element, Operation):
        return group(element, gate)
    return with_dependencies([gate], element)


def with_dependencies(dependencies, output_tensor, name=None):
    """The tensor (or IndexedSlices), available once the dependencies have run.

    As in TF: tensorflow.python.ops.control_flow_ops.with_dependencies.
    """
    with name_scope(name, "control_dependency", [*dependencies, output_tensor]) as scope:
        with get_default_graph().control_dependencies(dependencies):
            if isinstance(output_tensor, IndexedSlices):
                return IndexedSlices(identity(output_tensor.values, name=scope),
                                     output_tensor.indices, output_tensor.dense_shape)
            return identity(output_tensor, name=scope)
