"""cond, case, switch_case: computing one of several things.

    y = tf.cond(x < 0, lambda: -x, lambda: tf.sqrt(x))

Both functions are called once, while the graph is built; what they build is computed only in the
runs that take their branch. Read next: while_loop.py.
"""

import functools

from pellucid.core import dtypes
from pellucid.core.function_graph import FunctionGraph
from pellucid.core.graph import get_default_graph
from pellucid.core.operation import Operation, convert_to_tensor
from pellucid.core.tensor import Tensor
from pellucid.ops.arguments import name_scope
from pellucid.ops.control.functional import build_if
from pellucid.ops.control.passing import identity
from pellucid.ops.control.printing import Assert_
from pellucid.ops.math.comparison import equal
from pellucid.ops.math.reductions import reduce_any, reduce_sum
from pellucid.ops.nest import assert_same_structure, flatten, pack_sequence_as


def cond(pred, true_fn=None, false_fn=None, strict=False, name=None, fn1=None, fn2=None):
    """What true_fn() returned where pred is true, what false_fn() returned otherwise.

    Args:
      pred: a scalar bool Tensor.
      true_fn, false_fn: functions of no arguments that return Tensors, or nested structures of
        them, of one form and of the same dtypes. What they build is computed only if it is
        needed: an assign inside runs only when its branch is taken. What was built outside is
        computed in any case.
      strict: False: a list or tuple of one element is returned as that element.
      name: str.
      fn1, fn2: old names of true_fn and false_fn.

    Raises:
      TypeError: pred is a Python bool, or true_fn or false_fn no function.
      ValueError: they return different structures or dtypes, or nothing.

    >>> x = tf.placeholder(tf.float32, [])
    >>> tf.cond(x < 0, lambda: -x, lambda: x)
    <tf.Tensor 'cond/Merge:0' shape=() dtype=float32>

    As in TF: tf.cond (op types If, StatelessIf).
    """
    true_fn = _one_of(true_fn, fn1, "true_fn", "fn1")
    false_fn = _one_of(false_fn, fn2, "false_fn", "fn2")
    with name_scope(name, "cond", [pred]):
        if isinstance(pred, bool):
            raise TypeError("pred must not be a Python bool: use an if statement.")
        pred = _truth(pred)
        then_branch, result = _branch(true_fn, pred)
        else_branch, other = _branch(false_fn, pred)
        if result is None or other is None:
            raise ValueError(f"{'true_fn' if result is None else 'false_fn'} must have a return "
                             "value.")
        assert_same_structure(result, other)
        _check_dtypes(then_branch.outputs, else_branch.outputs)
        op = build_if(pred, then_branch, else_branch)
        merged = pack_sequence_as(result, [identity(t, name="Merge") for t in op.outputs],
                                  expand_composites=True)
    return merged if strict else _unpack_single(merged)


def _one_of(function, old, name, old_name):
    if function is not None and old is not None:
        raise TypeError(f"cond(): {name} and {old_name} may not be set simultaneously.")
    function = old if function is None else function
    if function is None:
        raise TypeError(f"cond(): {name} argument required")
    if not callable(function):
        raise TypeError(f"{name} must be callable.")
    return function


def _truth(pred):
    pred = convert_to_tensor(pred, name="pred")
    if pred.spec.dtype not in (dtypes.bool_, None):
        raise TypeError(f"pred has type {pred.spec.dtype.name}, which does not match the expected "
                        "type bool.")
    if pred.spec.rank not in (0, None):
        raise ValueError(f"pred must be a scalar, but its rank is {pred.spec.rank}.")
    return identity(pred, name="pred_id")


def _branch(function, pred):
    """(FunctionGraph of what a function builds, the structure that it returned)"""
    graph = FunctionGraph(get_default_graph())
    with graph.as_default():
        result = function()
        if result is not None:
            graph.outputs = [_output(graph, pred, part)
                             for part in flatten(result, expand_composites=True)]
    return graph, result


def _output(graph, pred, part):
    """A part of what a branch returns, as a tensor of its graph.

    An operation, as in TensorFlow, stands for the truth that its branch was taken.
    """
    if isinstance(part, Operation) and (part.op_type or len(part.outputs) != 1):
        with graph.control_dependencies([part]):
            return identity(pred, name="control_dependency")
    tensor = convert_to_tensor(part)
    return tensor if tensor.op.graph is graph else inside(graph, tensor)


def inside(graph, tensor):
    """The tensor of a function graph that stands for one outside; ValueError if there is none."""
    found = graph.capture(tensor)
    if found is None:
        raise ValueError(f"{tensor!r} is of another graph, or of another branch or loop.")
    return found


def _check_dtypes(ours, theirs):
    if len(ours) != len(theirs):
        raise ValueError(f"true_fn returns {len(ours)} tensors, false_fn {len(theirs)}.")
    for a, b in zip(ours, theirs, strict=True):
        if a.spec.dtype is not b.spec.dtype and None not in (a.spec.dtype, b.spec.dtype):
            raise ValueError("Outputs of true_fn and false_fn must have the same type: "
                             f"{a.spec.dtype.name}, {b.spec.dtype.name}")


def _unpack_single(result):
    return result[0] if isinstance(result, list | tuple) and len(result) == 1 else result


# -- several branches ----------------------------------------------------------------------

def case(pred_fn_pairs, default=None, exclusive=False, strict=False, name="case"):
    """What the function of the first true predicate returned.

    Args:
      pred_fn_pairs: list of (scalar bool Tensor, function), or a dict, whose order is that of
        the predicates' names.
      default: function for where no predicate is true; without one, that is an error.
      exclusive: bool, whether it is an error if several are true.
      strict: see tf.cond.
      name: str.

    Raises TypeError or ValueError for malformed pairs, and in the run InvalidArgumentError
    where none or several predicates are true and may not be.
    As in TF: tf.case.
    """
    pairs = _pairs(pred_fn_pairs)
    if default is not None and not callable(default):
        raise TypeError("default must be callable.")
    preds = [pred for pred, _ in pairs]
    with name_scope(name, "case", preds):
        waits = [_at_most_one(preds)] if exclusive else []
        if default is None:
            *pairs, (last, function) = pairs
            default = _checked(function, last, preds)
        with get_default_graph().control_dependencies(waits):
            for pred, function in reversed(pairs):
                default = functools.partial(cond, pred, function, default, strict=strict,
                                            name="cond")
            return default()


def _pairs(pairs):
    if isinstance(pairs, dict):
        pairs = sorted(pairs.items(), key=lambda pair: pair[0].name)
    if not isinstance(pairs, list | tuple):
        raise TypeError("pred_fn_pairs must be a list, tuple, or dict")
    if not pairs:
        raise ValueError("pred_fn_pairs must not be empty")
    for pair in pairs:
        if not isinstance(pair, tuple) or len(pair) != 2:
            raise TypeError("Each entry in pred_fn_pairs must be a 2-tuple")
        if not isinstance(pair[0], Tensor) or pair[0].spec.dtype is not dtypes.bool_:
            raise TypeError(f"pred must be Tensor of type bool: {pair[0]}")
        if not callable(pair[1]):
            raise TypeError("fn must be callable.")
    return list(pairs)


def _at_most_one(preds):
    from pellucid.ops.arrays.joining import stack
    from pellucid.ops.math.casting import cast
    count = reduce_sum(cast(stack(preds), dtypes.int32))
    return Assert_(count <= 1, ["More than one condition evaluated as True:", *preds])


def _checked(function, pred, preds):
    """A default: the last function, which must not be called unless its predicate is true."""
    def default():
        from pellucid.ops.arrays.joining import stack
        check = Assert_(reduce_any(stack(preds)), ["None of the conditions evaluated as True:",
                                                   *preds])
        with get_default_graph().control_dependencies([check]):
            return function()
    return default


def switch_case(branch_index, branch_fns, default=None, name="switch_case"):
    """What branch_fns[branch_index]() returned.

    Args:
      branch_index: a scalar int32 Tensor.
      branch_fns: list of functions, a dict {int: function}, or a list of (int, function); the
        indices are 0, 1, 2, ...
      default: function for any other index; without one, the function of the largest index.
      name: str.

    As in TF: tf.switch_case.
    """
    functions = _indexed(branch_fns)
    with name_scope(name, "switch_case", [branch_index]):
        index = convert_to_tensor(branch_index, name="branch_index")
        if index.spec.dtype is not dtypes.int32:
            raise TypeError(f"branch_index must be a Tensor of type int32, got {index!r}")
        if default is None:
            *functions, (_, default) = functions
        if not callable(default):
            raise TypeError("default must be callable.")
        for number, function in reversed(functions):
            default = functools.partial(cond, equal(index, number), function, default,
                                        name="cond")
        return default()


def _indexed(branch_fns):
    if isinstance(branch_fns, dict):
        pairs = list(branch_fns.items())
    elif not isinstance(branch_fns, list | tuple):
        raise TypeError("branch_fns must be a list, tuple, or dict")
    elif all(callable(function) for function in branch_fns):
        pairs = list(enumerate(branch_fns))
    else:
        pairs = list(branch_fns)
    if not pairs:
        raise ValueError("branch_fns must not be empty")
    for pair in pairs:
        if not isinstance(pair, tuple) or len(pair) != 2 or not isinstance(pair[0], int):
            raise TypeError("Each entry in branch_fns must be a 2-tuple of an int and a function, "
                            f"but one is {pair!r}")
        if not callable(pair[1]):
            raise TypeError(f"The function for branch {pair[0]} must be callable.")
    pairs.sort(key=lambda pair: pair[0])
    if [number for number, _ in pairs] != list(range(len(pairs))):
        raise ValueError(f"branch indices must form contiguous range of [0 to {len(pairs)}) but "
                         f"found {{{','.join(str(number) for number, _ in pairs)}}}")
    return pairs
