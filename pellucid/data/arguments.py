"""What the methods of data sets make of their arguments: int64 Tensors, seeds, shapes to pad to."""

import numpy as np

from pellucid.core import dtypes, shapes
from pellucid.core.operation import convert_to_tensor
from pellucid.core.sources import constant
from pellucid.core.tensor import Tensor
from pellucid.ops.arrays.shaping import reshape
from pellucid.ops.random.draws import get_seed


def as_int64(value, name):
    """An int64 Tensor. ValueError for a Tensor of another type."""
    return convert_to_tensor(value, dtypes.int64, name=name)


def as_bool(value, name):
    """A bool Tensor."""
    return convert_to_tensor(value, dtypes.bool_, name=name)


def known_size(size, drop):
    """The size of every batch, if that is known before the run."""
    known = size.spec.value is not None and drop.spec.value is not None and bool(drop.spec.value)
    return int(size.spec.value) if known else None


def as_seeds(seed):
    """The int64 Tensors seed and seed2; TensorFlow's, without any both 0: each run differs."""
    if isinstance(seed, Tensor):
        graph_seed = seed.graph.seed
        return [as_int64(87654321 if graph_seed is None else graph_seed, "seed"),
                as_int64(seed, "seed2")]
    first, second = get_seed(seed)
    return [as_int64(first or 0, "seed"), as_int64(second or 0, "seed2")]


def padded_shape(given):
    """A shape to pad to as an int64 vector; -1 for unknown dimensions."""
    if isinstance(given, Tensor):
        return reshape(as_int64(given, "padded_shape"), [-1])
    if isinstance(given, list | tuple) and any(isinstance(d, Tensor) for d in given):
        return as_int64(convert_to_tensor(given), "padded_shape")
    known = tuple(-1 if d in (None, -1) else d for d in (
        given if isinstance(given, list | tuple) else shapes.as_tuple(given)))
    return constant(np.array([int(d) if not hasattr(d, "value") else -1 if d.value is None
                              else d.value for d in known], np.int64))


def padding_value(dtype, value):
    """A scalar Tensor of a dtype to pad with; 0 or an empty string where left out."""
    if value is None:
        value = b"" if dtype is dtypes.string else np.zeros((), dtype._numpy)
    tensor = convert_to_tensor(value, name="padding_value")
    if tensor.spec.shape != ():
        raise ValueError(f"Padding value should be a scalar, but is not: {tensor}.")
    if tensor.dtype.base_dtype is not dtype:
        raise TypeError(f"Padding value tensor ({tensor}) does not match output type: "
                        f"{dtype!r}")
    return tensor


def check_self_contained(tensor):
    """Raises ValueError if a data set depends on what a session would have to be told."""
    seen, waiting = set(), [tensor.op]
    while waiting:
        op = waiting.pop()
        if op in seen:
            continue
        seen.add(op)
        if op.type in ("Placeholder", "PlaceholderWithDefault"):
            raise ValueError(f"Cannot capture a placeholder (name:{op.name}, type:{op.type}) by "
                             "value: use Dataset.make_initializable_iterator(), and feed the "
                             "placeholder when its initializer runs.")
        if op.stateful and op.returns_ref:
            raise ValueError(
                "Failed to create a one-shot iterator for a dataset. "
                "`Dataset.make_one_shot_iterator()` does not support datasets that capture "
                "stateful objects, such as a `Variable` or `LookupTable`. In these cases, use "
                f"`Dataset.make_initializable_iterator()`. (It uses {op.name!r}.)")
        waiting.extend(t.op for t in op.input_nodes)
        waiting.extend(op.control_inputs)
