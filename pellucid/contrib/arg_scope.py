"""arg_scope: default arguments of functions, for the calls in a block.

    with slim.arg_scope([slim.conv2d], padding="SAME", activation_fn=tf.nn.elu):
        net = slim.conv2d(net, 32, [3, 3])

Only functions that were decorated with add_arg_scope take part. Read next: layers.py.
"""

import contextlib
import functools
import threading


class _Scopes(threading.local):
    """The stack of scopes, one a thread; a scope is {function: arguments}."""

    def __init__(self):
        self.stack = [{}]


_scopes = _Scopes()


def add_arg_scope(func):
    """`func`, whose arguments arg_scope can set. As in TF: tf.contrib.framework.add_arg_scope."""
    @functools.wraps(func)
    def scoped(*args, **kwargs):
        defaults = _scopes.stack[-1].get(scoped)
        return func(*args, **({**defaults, **kwargs} if defaults else kwargs))

    scoped._takes_arg_scope = True
    return scoped


def has_arg_scope(func):
    """True if func was decorated with add_arg_scope."""
    return hasattr(func, "_takes_arg_scope")


def current_arg_scope():
    """{function: arguments}, of the innermost scope."""
    return _scopes.stack[-1]


@contextlib.contextmanager
def arg_scope(list_ops_or_scope, **kwargs):
    """Inside, the functions are called with these arguments unless a call gives its own.

    Args:
      list_ops_or_scope: list of functions that were decorated with add_arg_scope; or the scope
        that another arg_scope gave, to enter it again.
      **kwargs: the arguments.

    As in TF: tf.contrib.framework.arg_scope, tf.contrib.slim.arg_scope.
    """
    if isinstance(list_ops_or_scope, dict):
        if kwargs:
            raise ValueError("When attempting to re-use a scope by suppling a dictionary, kwargs "
                             "must be empty.")
        scope = dict(list_ops_or_scope)
    else:
        scope = _extended(list_ops_or_scope, kwargs)
    _scopes.stack.append(scope)
    try:
        yield scope
    finally:
        _scopes.stack.pop()


def _extended(functions, arguments):
    if not isinstance(functions, list | tuple):
        raise TypeError("list_ops_or_scope must either be a list/tuple or reused scope (i.e. dict)")
    scope = dict(_scopes.stack[-1])
    for function in functions:
        if not has_arg_scope(function):
            raise ValueError(f"{function} is not decorated with @add_arg_scope")
        scope[function] = {**scope.get(function, {}), **arguments}
    return scope
