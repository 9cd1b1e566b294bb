"""Contractions: products summed over any axes. tensordot, and einsum, by letters.

    einsum("ij,jk->ik", a, b)      the matrix product
    einsum("bij->bji", x)          a transpose
    einsum("ii->", x)              the trace

Read next: ../arrays/segments.py.
"""

import numpy as np

from pellucid.core import shapes
from pellucid.core.arrays import array_namespace
from pellucid.core.gradients import RegisterGradient
from pellucid.core.operation import Operation, convert_to_tensor
from pellucid.core.shapes import Spec, broadcast, normalize_axis
from pellucid.ops.arguments import as_tensor, check_allowed, name_scope, same_dtype
from pellucid.ops.arrays.creation import OnesLike
from pellucid.ops.arrays.creation import range_ as range_tensor
from pellucid.ops.arrays.gathering import gather
from pellucid.ops.arrays.joining import concat, stack
from pellucid.ops.arrays.shaping import expand_dims, rank, reshape, shape, transpose
from pellucid.ops.broadcasting import unbroadcast
from pellucid.ops.linalg.linear_algebra import matmul
from pellucid.ops.math.complex_numbers import conjugate
from pellucid.ops.math.reductions import reduce_prod, split_axes
from pellucid.ops.regular import NUMBERS

# -- tensordot ----------------------------------------------------------------------------

def tensordot(a, b, axes, name=None):
    """The products of a's and b's elements, summed over pairs of axes.

    Args:
      a: Tensor of numbers.
      b: Tensor of a's dtype.
      axes: an int n, for the last n axes of a and the first n of b; or two lists of ints,
        the axes of a and those of b that are paired with them.

    Returns:
      Tensor of a's dtype; its shape is that of a and then that of b, without the summed
      axes.

    Raises ValueError for axes of another form. As in TF: tf.tensordot.
    """
    with name_scope(name, "Tensordot", (a, b)) as scope:
        a, b = convert_to_tensor(a, name="a"), convert_to_tensor(b, name="b")
        a_axes, b_axes = _pairs(a, axes)
        a_matrix, a_free, a_left = _as_matrix(a, a_axes, last=True)
        b_matrix, b_free, b_left = _as_matrix(b, b_axes, last=False)
        product = matmul(a_matrix, b_matrix)
        left = None if a_left is None or b_left is None else a_left + b_left
        if left is not None and None not in left:
            return product if product.spec.shape == left else reshape(
                product, np.array(left, np.int32), name=scope)
        result = reshape(product, concat([a_free, b_free], 0), name=scope)
        if left is not None:
            result.set_shape(left)
        return result


def _pairs(a, axes):
    """The axes of a and of b, each a list of ints or a Tensor."""
    if isinstance(axes, int | np.integer):
        if axes < 0:
            raise ValueError("'axes' must be at least 0.")
        if a.spec.shape is None:
            return range_tensor(rank(a) - axes, rank(a)), list(range(axes))
        if axes > len(a.spec.shape):
            raise ValueError("'axes' must not be larger than the number of dimensions of "
                             f"tensor {a}, got {axes}.")
        return list(range(len(a.spec.shape) - axes, len(a.spec.shape))), list(range(axes))
    if not isinstance(axes, list | tuple):
        axes = convert_to_tensor(axes, name="axes", dtype="int32")
        return axes[0], axes[1]
    if len(axes) != 2:
        raise ValueError(f"'axes' must be an integer or have length 2, got {axes}.")
    a_axes, b_axes = ([p] if isinstance(p, int) else p for p in axes)
    if len(a_axes) != len(b_axes):
        raise ValueError("Different number of contraction axes 'a' and 'b', "
                         f"{len(a_axes)} != {len(b_axes)}.")
    return list(a_axes), list(b_axes)


def _as_matrix(x, axes, last):
    """x with its summed axes last (or first), as a matrix.

    Returns (matrix, the dimensions of the other axes as a Tensor or list, and as a static
    shape or None).
    """
    if x.spec.shape is not None and isinstance(axes, list):
        known = x.spec.shape
        axes = [normalize_axis(i, len(known)) for i in axes]
        free = [i for i in range(len(known)) if i not in axes]
        perm, left = (free + axes if last else axes + free), tuple(known[i] for i in free)
        if shapes.is_complete(known):
            summed = shapes.size([known[i] for i in axes])
            size = shapes.size(left)
            wanted = (size, summed) if last else (summed, size)
            turned = x if perm == sorted(perm) else transpose(x, perm)
            matrix = turned if turned.spec.shape == wanted else reshape(turned, wanted)
            return matrix, list(left), left
    else:
        left = None
        axes, free = split_axes(x, convert_to_tensor(axes, dtype="int32", name="axes"))
        perm = concat([free, axes] if last else [axes, free], 0)
    dims = shape(x)
    free, summed = gather(dims, free), gather(dims, axes)
    sizes = [reduce_prod(free), reduce_prod(summed)]
    return reshape(transpose(x, perm), stack(sizes if last else sizes[::-1])), free, left


# -- einsum -------------------------------------------------------------------------------

class Einsum(Operation):
    """Products of one or two tensors, summed as an equation says.

    The equation names the axes of each input and of the output, "ij,jk->ik". An axis that
    the output lacks is summed over; one that occurs twice in one term is its diagonal.
    "..." stands for any number of axes, which are broadcast.
    """

    op_type, attrs, fresh = "Einsum", {"equation": None}, True

    def infer(self, *inputs):
        dtype = inputs[0].dtype
        for x in inputs[1:]:
            dtype = same_dtype(inputs[0], x)
        check_allowed("inputs", dtype, NUMBERS)
        terms, output = split_equation(self.equation)
        if len(terms) != len(inputs) or len(inputs) > 2:
            raise ValueError(f"the equation {self.equation!r} has {len(terms)} inputs, not "
                             f"{len(inputs)}.")
        for term, x in zip(terms, inputs, strict=True):
            _check_rank(term, x.rank)
        if any(x.shape is None and "..." in t for t, x in zip(terms, inputs, strict=True)):
            return Spec(dtype, None)
        labels, left = expand(terms, output, [
            len(t) if x.shape is None else len(x.shape)
            for t, x in zip(terms, inputs, strict=True)])
        known = {}
        for names, x in zip(labels, inputs, strict=True):
            for label, d in zip(names, x.shape or (None,) * len(names), strict=True):
                known[label] = _same_dimension(label, known.get(label, _ANY), d)
        return Spec(dtype, tuple([known[label] for label in left]))

    def compute(self, *inputs):
        terms, output = split_equation(self.equation)
        labels, left = expand(terms, output, [x.ndim for x in inputs])
        xp = array_namespace(*inputs)
        plain = list(dict.fromkeys(left))
        if len(inputs) == 1:
            result = xp.einsum(inputs[0], *_small(labels[0], plain))
        else:
            result = _product(xp, *inputs, *labels, plain)
        result = _on_diagonal(xp, result, plain, left) if plain != left else result
        return result.copy() if len(inputs) == 1 else result


_ANY = object()


def _same_dimension(label, a, b):
    """The dimension of a label that two axes share; those of "..." are broadcast."""
    if a is _ANY:
        return b
    if label < 0:
        return broadcast((a,), (b,))[0]
    if None not in (a, b) and a != b:
        raise ValueError(f"an axis has dimension {a} in one input and {b} in another.")
    return b if a is None else a


def split_equation(equation):
    """(list of input terms, output term) of an equation that has both."""
    inputs, _, output = equation.partition("->")
    return inputs.split(","), output


def _check_rank(term, rank):
    named = len(term.replace("...", ""))
    if rank is not None and (rank < named or (rank > named and "..." not in term)):
        raise ValueError(f"the term {term!r} names {named} axes, its tensor has {rank}.")


def expand(terms, output, ranks):
    """The terms as lists of numbers, one for each axis; those of "..." are negative.

    The axes of an ellipsis are counted from its end, -1, -2, ..., so that shorter ones are
    broadcast against longer ones.
    """
    extra = [r - len(t.replace("...", "")) for t, r in zip(terms, ranks, strict=True)]
    most = max((n for t, n in zip(terms, extra, strict=True) if "..." in t), default=0)
    return ([_numbers(t, n) for t, n in zip(terms, extra, strict=True)],
            _numbers(output, most))


def _numbers(term, extra):
    before, dots, after = term.partition("...")
    ellipsis = list(range(-extra, 0)) if dots else []
    return [*map(ord, before), *ellipsis, *map(ord, after)]


def _product(xp, a, b, a_labels, b_labels, output):
    """The product of two arrays, summed over the labels that `output` lacks.

    What can be is done by matrix multiplication, which is 10 to 100 times as quick as
    np.einsum: (batch, rows, summed) times (batch, summed, columns).
    """
    a, a_labels = _reduced(xp, a, a_labels, b_labels + output)
    b, b_labels = _reduced(xp, b, b_labels, a_labels + output)
    batch = [i for i in output if i in a_labels and i in b_labels]
    summed = [i for i in a_labels if i in b_labels and i not in output]
    rows = [i for i in a_labels if i not in b_labels]
    columns = [i for i in b_labels if i not in a_labels]
    a = a.transpose([a_labels.index(i) for i in batch + rows + summed])
    b = b.transpose([b_labels.index(i) for i in batch + summed + columns])
    n, m = len(batch), len(rows)
    a_dims, b_dims = a.shape[n:n + m], b.shape[n + len(summed):]
    if a.shape[n + m:] != b.shape[n:n + len(summed)]:
        raise ValueError(f"axes of dimensions {a.shape[n + m:]} and "
                         f"{b.shape[n:n + len(summed)]} cannot be summed together")
    k = shapes.size(a.shape[n + m:])
    a = a.reshape((*a.shape[:n], shapes.size(a_dims), k))
    b = b.reshape((*b.shape[:n], k, shapes.size(b_dims)))
    result = a * b if not summed else xp.matmul(a, b)
    result = result.reshape(result.shape[:n] + a_dims + b_dims)
    found = batch + rows + columns
    return result.transpose([found.index(i) for i in output])


def _reduced(xp, x, labels, others):
    """x with its diagonals taken and summed over the labels that nothing else has."""
    wanted = [i for i in dict.fromkeys(labels) if i in others]
    return (x if wanted == labels else xp.einsum(x, *_small(labels, wanted))), wanted


def _small(labels, wanted):
    """The same labels as numbers from 0: np.einsum takes no others."""
    numbers = {label: i for i, label in enumerate(dict.fromkeys(labels))}
    return [numbers[i] for i in labels], [numbers[i] for i in wanted]


def _on_diagonal(xp, x, labels, wanted):
    """An array of axes `wanted`, of which some repeat: x on the diagonals, else 0."""
    first = [i for n, i in enumerate(wanted) if i not in wanted[:n]]
    x = x.transpose([labels.index(i) for i in first])
    index = tuple(None if i in wanted[:n] else slice(None) for n, i in enumerate(wanted))
    x, keep = x[index], True
    for n, label in enumerate(wanted):
        m = wanted.index(label)
        if m < n:
            size = x.shape[m]
            axes = [1] * len(wanted)
            axes[m] = axes[n] = size
            keep = xp.logical_and(keep, xp.eye(size, dtype=bool).reshape(axes))
    return xp.where(keep, x, xp.zeros((), x.dtype))


@RegisterGradient("Einsum")
def _einsum_gradient(op, grad):
    terms, output = split_equation(op.equation)
    if len(terms) == 1:
        return _term_gradient(op.inputs[0], terms[0], grad, output, None, "")
    (x, y), (a, b) = op.inputs, terms
    return (lambda: _term_gradient(x, a, grad, output, y, b),
            lambda: _term_gradient(y, b, grad, output, x, a))


def _term_gradient(x, term, grad, output, other, other_term):
    """The gradient by x: the product of grad and the other input, summed as x's axes say.

    Worked out for x with its axes in a plain order: "..." first, each letter once.
    """
    dots = "..." if "..." in term else ""
    letters = "".join(dict.fromkeys(term.replace("...", "")))
    plain = x if term == dots + letters else _one(f"{term}->{dots}{letters}", x)
    found = output + other_term
    kept = "".join(i for i in letters if i in found)
    kept = (dots if dots in found else "") + kept
    if other is None:
        sent = _one(f"{output}->{kept}", grad)
    else:
        equation = f"{output},{other_term}->{kept}"
        sent = Einsum((grad, conjugate(other)), equation=equation).output
    for i, letter in enumerate(reversed(letters), 1):
        if letter not in found:                       # x was summed over this axis: spread
            sent = expand_dims(sent, -i)
    if kept != dots + letters:
        sent = sent * OnesLike((plain,)).output
    if dots:
        sent = unbroadcast(sent, plain, sent)
    return sent if plain is x else _one(f"{dots}{letters}->{term}", sent)


def _one(equation, x):
    source, output = equation.split("->")
    return x if source == output else Einsum((x,), equation=equation).output


def einsum(equation, *inputs, **kwargs):
    """Products of tensors, summed as an equation says.

    Args:
      equation: str, the axes of each input and of the output by letters, "ij,jk->ik".
        Without "->", the output has the letters that occur once, in alphabetical order.
        "..." stands for any number of axes.
      *inputs: Tensors of one dtype. More than two are contracted pair by pair, in an order
        that keeps the intermediate tensors small.
      name: str.

    Raises ValueError if the equation does not fit the inputs.
    As in TF: tf.einsum (op type Einsum).
    """
    name = kwargs.pop("name", None)
    kwargs.pop("optimize", None)                        # a hint how to order the products
    if kwargs:
        raise TypeError(f"invalid keyword arguments for this function: {', '.join(kwargs)}")
    if len(inputs) == 1 and isinstance(inputs[0], list | tuple) and "," in equation:
        inputs = tuple(inputs[0])
    with name_scope(name, "einsum", inputs):
        inputs = [as_tensor(x) for x in inputs]
        terms, output = _parse(equation, len(inputs))
        for pair in _order(terms, output, inputs):
            pair = sorted(pair, reverse=True)
            tensors = [inputs.pop(i) for i in pair]
            used = [terms.pop(i) for i in pair]
            left = output if not terms else _needed(used, terms, output)
            inputs.append(Einsum(tensors, equation=f"{','.join(used)}->{left}").output)
            terms.append(left)
        return inputs[0]


def _parse(equation, count):
    """(terms, output) of what a user wrote."""
    equation = equation.replace(" ", "")
    inputs, arrow, output = equation.partition("->")
    terms = inputs.split(",")
    letters = inputs.replace("...", "").replace(",", "")
    if not all(c.isalpha() for c in letters + output.replace("...", "")):
        raise ValueError(f"Indices have incorrect format: {equation!r}")
    if len(terms) != count:
        raise ValueError(f"Got {count} inputs for equation {equation!r}, expecting "
                         f"{len(terms)}")
    if not arrow:
        output = "..." * ("..." in inputs) + "".join(
            c for c in sorted(set(letters)) if letters.count(c) == 1)
    unknown = set(output.replace("...", "")) - set(letters)
    if unknown or ("..." in output and "..." not in inputs):
        raise ValueError(f"Output of {equation!r} has axes that no input has: "
                         f"{''.join(sorted(unknown)) or '...'}")
    return terms, output


def _order(terms, output, inputs):
    """Which inputs to combine, step by step; results join the end of the list."""
    if len(inputs) < 3:
        return [tuple(range(len(inputs)))]
    dummies = _dummies(terms, inputs)
    equation = f"{','.join(terms)}->{output}".replace("...", "")
    path = np.einsum_path(equation, *dummies, optimize="greedy")[0][1:]
    steps, count = [], len(inputs)
    for step in path:
        while len(step) > 1:                             # a step may combine more than two
            first, second = step[:2]
            steps.append((first, second))
            count -= 1
            rest = [i - (i > first) - (i > second) for i in step[2:]]
            step = [*rest, count - 1] if rest else []
    return steps


def _dummies(terms, inputs):
    """Arrays of the inputs' shapes, without memory; what is unknown is taken as 2."""
    known = {}
    for term, x in zip(terms, inputs, strict=True):
        if "..." not in term:
            for letter, d in zip(term, x.spec.shape or (), strict=False):
                known[letter] = known.get(letter) or d
    return [np.broadcast_to(np.float32(0), [known.get(c) or 2 for c in term if c != "."])
            for term in terms]


def _needed(used, terms, output):
    """The axes of a product of two that later products or the output still need."""
    later = "".join(terms) + output
    letters = dict.fromkeys("".join(used).replace("...", ""))
    return "..." * any("..." in t for t in used) + "".join(c for c in letters if c in later)
