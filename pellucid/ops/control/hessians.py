"""Second derivatives: the Hessian of a scalar, row by row."""

from pellucid.core import shapes
from pellucid.core.gradients import gradients
from pellucid.core.operation import convert_to_tensor
from pellucid.ops.arrays.joining import stack
from pellucid.ops.arrays.shaping import reshape


def hessians(ys, xs, name="hessians", colocate_gradients_with_ops=False,
             gate_gradients=False, aggregation_method=None):
    """For each x in xs, the second derivatives H[i, j] = d^2 sum(ys) / dx[i] dx[j].

    Args:
      ys: Tensor or list of Tensor.
      xs: Tensor, Variable or list of them, of known shapes: each element of an x needs a
        gradient of its own, which becomes a part of the graph.
      name, colocate_gradients_with_ops, gate_gradients, aggregation_method: as in
        tf.gradients.

    Returns:
      list of Tensor, each of shape x.shape + x.shape.

    Raises ValueError where the shape of an x is unknown, or no y depends on it.
    As in TF: tf.hessians.
    """
    xs = list(xs) if isinstance(xs, list | tuple) else [xs]
    options = {"colocate_gradients_with_ops": colocate_gradients_with_ops,
               "gate_gradients": gate_gradients, "aggregation_method": aggregation_method}
    firsts = gradients(ys, xs, **options)
    return [_hessian(first, convert_to_tensor(x, as_ref=True), options)
            for first, x in zip(firsts, xs, strict=True)]


def _hessian(first, x, options):
    shape = x.spec.shape
    if first is None:
        raise ValueError(f"hessians: no y depends on {x.name!r}.")
    if not shapes.is_complete(shape):
        raise ValueError(f"hessians: the shape of {x.name!r} must be known, but is "
                         f"{shapes.show(shape)}; give it with set_shape.")
    first = reshape(convert_to_tensor(first), [-1])
    rows = [_row(first[i], x, options) for i in range(shapes.size(shape))]
    return reshape(stack(rows), shape + shape)


def _row(element, x, options):
    """The derivatives of one first derivative: zeros where it does not depend on x."""
    return gradients(element, x, unconnected_gradients="zero", **options)[0]
