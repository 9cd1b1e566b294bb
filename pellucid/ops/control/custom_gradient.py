"""custom_gradient: a function of tensors that brings its own gradient."""

import functools

from pellucid.core.graph import GraphKeys, get_default_graph
from pellucid.core.operation import convert_to_tensor
from pellucid.ops.control.passing import IdentityN


def custom_gradient(f=None):
    """Decorator: f(*tensors) returns (result, grad_fn), and gradients use grad_fn.

        @tf.custom_gradient
        def log1pexp(x):
            e = tf.exp(x)
            def grad(upstream):
                return upstream * (1 - 1 / (1 + e))
            return tf.log(1 + e), grad

    The result is a Tensor or a list or tuple of them. grad_fn receives the gradient of the
    loss with respect to each, and returns that with respect to each argument. It is made of
    operations, so that it differentiates again.

    As in TF: tf.custom_gradient (op type IdentityN).
    """
    if f is None:
        return custom_gradient

    @functools.wraps(f)
    def decorated(*args, **kwargs):
        if kwargs:
            raise ValueError(f"{f.__name__}: a function with a custom gradient takes no "
                             f"keyword arguments, but got {', '.join(kwargs)}.")
        return _apply(f, [convert_to_tensor(arg) for arg in args])

    return decorated


def _apply(f, arguments):
    """f's result, behind an IdentityN that knows the gradient.

    The IdentityN has f's arguments as inputs too. To the gradient, what f is made of is out
    of sight: nothing goes to the results, and grad_fn's to the arguments.
    """
    before = set(_variables())
    result, grad_fn = f(*arguments)
    if before != set(_variables()):
        raise TypeError(f"{f.__name__} creates variables. Create them outside, and pass "
                        "them as arguments, so that they receive gradients.")
    several = isinstance(result, list | tuple)
    results = [convert_to_tensor(x) for x in (result if several else [result])]
    op = IdentityN([*results, *arguments])

    def gradient(op, *grads):
        sent = grad_fn(*grads[:len(results)])
        sent = list(sent) if isinstance(sent, list | tuple) else [sent]
        if len(sent) != len(arguments):
            raise ValueError(f"{f.__name__} has {len(arguments)} arguments, but its "
                             f"gradient function returned {len(sent)} gradients.")
        return [None] * len(results) + sent

    op._gradient_function = gradient
    outputs = op.outputs[:len(results)]
    return type(result)(outputs) if several else outputs[0]


def _variables():
    graph = get_default_graph()
    return (graph.get_collection(GraphKeys.GLOBAL_VARIABLES)
            + graph.get_collection(GraphKeys.LOCAL_VARIABLES))


def grad_pass_through(f):
    """f, with the gradient of the identity. As in TF: tf.grad_pass_through."""
    @custom_gradient
    @functools.wraps(f)
    def passing(*args):
        return f(*args), lambda *grads: grads
    return passing
