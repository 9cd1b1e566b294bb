"""Programs that TensorFlow 1.15.5 has answered: what today's TensorFlow has no layers for.

A case is a function of a module `tf` and of `run`. It builds a graph, and returns what
`run(fetches, feed_dict)` gave, names of variables, and the like, in nested lists and dicts. It is
run twice: by `record.py`, in a Python 3.7 that has TensorFlow 1.15.5, and by
`test_recorded.py` on pellucid. So this file and the cases keep to Python 3.7.
"""

import importlib
import json
import pkgutil
from pathlib import Path

import numpy as np

ANSWERS = Path(__file__).parent / "answers"
CASES = {}                                        # "theme/name" -> function


def case(function):
    """Registers a function as a case of the theme that its file is named after."""
    CASES[f"{function.__module__.rpartition('.')[2]}/{function.__name__}"] = function
    return function


def load():
    """All cases by name."""
    from . import cases
    for module in pkgutil.iter_modules(cases.__path__):
        importlib.import_module(f"{cases.__name__}.{module.name}")
    return CASES


def answer(tf, name, **session_options):
    """What the case returns with this `tf`, as JSON has it."""
    with tf.Graph().as_default():
        runner = _Runner(tf, session_options)
        try:
            return json.loads(json.dumps(_plain(CASES[name](tf, runner))))
        finally:
            runner.close()


class _Runner:
    """run(fetches, feed_dict): in one session, once all variables have their first values."""

    def __init__(self, tf, options):
        self.tf, self.options, self.session = tf, options, None

    def __call__(self, fetches, feed_dict=None):
        if self.session is None:
            self.session = self.tf.Session(**self.options)
            self.session.run([self.tf.global_variables_initializer(),
                              self.tf.local_variables_initializer()])
        return self.session.run(fetches, feed_dict)

    def close(self):
        if self.session is not None:
            self.session.close()


def _plain(value):
    if isinstance(value, dict):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    if isinstance(value, (np.ndarray, np.generic)):
        kind = value.dtype
        rounded = np.asarray(value)
        if kind.kind == "f":
            return {"dtype": kind.name, "values": [
                [float(f"{x:.7g}") for x in rounded.astype(np.float64).ravel()],
                list(rounded.shape)]}
        if kind.kind in "OS":
            return {"dtype": "string", "values": [x.decode() for x in rounded.ravel()]}
        return {"dtype": kind.name, "values": rounded.tolist()}
    if isinstance(value, bytes):
        return value.decode()
    if value is None or isinstance(value, (bool, int, float, str)):
        return value
    return value.name                             # a tensor, an operation, a variable


def variables(tf):
    """Name, shape and dtype of each global variable, and whether it is trained."""
    trained = tf.trainable_variables()
    return [[v.name, str(v.shape), v.dtype.name, v in trained] for v in tf.global_variables()]


def collections(tf, *names):
    """The names of what is in collections."""
    return {name: [x.name for x in tf.get_collection(name)] for name in names}


def refused(function, *arguments, **options):
    """The type of the error that a call raises."""
    try:
        function(*arguments, **options)
    except Exception as error:
        return "raises " + type(error).__name__
    return "raises nothing"


def numbers(*shape, **options):
    """Numbers that are the same everywhere: a float32 array of this shape."""
    random = np.random.RandomState(options.get("seed", 0))
    return random.normal(size=shape).astype(np.float32)
