"""The module that answers to `import tensorflow` while `pellucid run` runs a program.

    import tensorflow as tf                        pellucid, under TensorFlow's name and version
    from tensorflow.contrib import slim            pellucid's tf.contrib.slim
    import tensorflow.compat.v1 as tf              pellucid again
    from tensorflow.python.ops import array_ops    see internal.py

A finder on sys.meta_path, so that sys.path and the rest of the interpreter stay as they are.
"""

import importlib.abc
import importlib.machinery
import sys
import types

from pellucid import version
from pellucid.names.lookup import find, parts_of


class StandIn(types.ModuleType):
    """A module under TensorFlow's name; what it does not hold itself, pellucid answers."""

    def __init__(self, name):
        super().__init__(name, "pellucid, in TensorFlow's place.")
        self.__path__ = []
        self.__version__ = version.VERSION

    def __getattr__(self, name):
        import pellucid
        if name == "__all__":                   # from tensorflow import *
            return [public for public in dir(pellucid) if not public.startswith("_")]
        return getattr(pellucid, name)

    def __dir__(self):
        import pellucid
        return sorted({*super().__dir__(), *dir(pellucid)})


class _Finder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Finds `tensorflow` and everything below it."""

    def find_spec(self, fullname, path=None, target=None):
        if fullname.partition(".")[0] != "tensorflow":
            return None
        return importlib.machinery.ModuleSpec(fullname, self, is_package=True)

    def create_module(self, spec):
        return StandIn(spec.name) if spec.name == "tensorflow" else None

    def exec_module(self, module):
        name = module.__spec__.name
        if name == "tensorflow":
            return
        try:
            sys.modules[name] = find(name) if parts_of(name) else sys.modules["tensorflow"]
        except AttributeError as error:
            raise ModuleNotFoundError(f"No module named {name!r}: {error}", name=name) from None


def install():
    """From now on `import tensorflow` means pellucid in this process."""
    for name in [n for n in sys.modules if n.partition(".")[0] == "tensorflow"]:
        del sys.modules[name]
    sys.meta_path.insert(0, _Finder())
