"""Runs without NumPy's floating-point warnings: as in TensorFlow, log(0) is -inf, in silence.

`with np.errstate(...)` costs 0.9 us a run. NumPy keeps that state in a context variable, so a
Context in which it was set once does the same for 0.1 us.
"""

import contextvars
import threading

import numpy as np

is_quiet = contextvars.ContextVar("is_quiet", default=False)


class _Quiet(threading.local):
    """One context a thread: a context cannot be entered twice at once."""

    def __init__(self):
        self.context = contextvars.copy_context()
        self.context.run(np.seterr, all="ignore")
        self.context.run(is_quiet.set, True)


quiet = _Quiet()


def quietly(function, *args):
    """function(*args), with floating-point warnings off."""
    if is_quiet.get():                       # a run within a run, for example in a py_func
        return function(*args)
    return quiet.context.run(function, *args)
