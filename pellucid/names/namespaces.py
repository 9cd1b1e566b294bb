"""The namespaces below tf, each imported on first use: tf.nn, tf.train, tf.image.

Some bear the name of a room of the package: tf.nn is api/nn.py, while pellucid/nn is the room
that it re-exports. Importing a room puts it where the namespace belongs, as an attribute of the
package; so namespaces are properties, which are asked first. Read next: later.py.
"""

import importlib
import sys
import types

NAMESPACES = {name: f"pellucid.api.{name}" for name in (
    "app bitwise compat contrib data debugging distributions errors estimator feature_column "
    "flags gfile graph_util image initializers io keras layers linalg logging lookup losses manip "
    "math metrics nest nn python_io queue random resource_loader saved_model signal sparse "
    "spectral strings summary test train").split()}
NAMESPACES["viz"] = "pellucid.viz"


def _namespace(name):
    def get(package):
        return importlib.import_module(NAMESPACES[name])

    def keep(package, room):
        if sys.modules.get(f"{package.__name__}.{name}") is not room:
            raise AttributeError(f"tf.{name} is a namespace and stays one")
    return property(get, keep)


class Face(types.ModuleType):
    """A package with the namespaces as attributes."""


for _name in NAMESPACES:
    setattr(Face, _name, _namespace(_name))


def put_on(package):
    """Gives the package of that name the namespaces of tf."""
    module = sys.modules[package]
    for name in NAMESPACES.keys() & vars(module).keys():      # rooms that came in before
        del vars(module)[name]
    module.__class__ = Face
