"""The functions that the page's modules call by name: `python.call("versions", null)`.

Each takes one argument, which is what JSON can say, and returns the same or NumPy arrays of
numbers, which arrive in the page as typed arrays. A function stands in the file whose business it
is; here it gets its name.
"""

import platform

import numpy as np

from pellucid.play import net


def versions(_):
    """What runs in the page."""
    return {"python": platform.python_version(), "numpy": np.__version__}


FUNCTIONS = {
    "open_net": net.open_net,
    "train_net": net.train_net,
    "versions": versions,
}
