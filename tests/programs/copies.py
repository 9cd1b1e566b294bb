"""Examples as programs of any TensorFlow: `pellucid` in their first lines means what is given.

It is used by record.py too, in a Python 3.7 that has TensorFlow 1.15.5.
"""

import importlib
import sys
from pathlib import Path

EXAMPLES = Path(__file__).parents[2] / "examples"
ANSWERS = Path(__file__).parent / "answers.json"

# The arguments of `train` for its first steps, which are compared with TensorFlow's.
FIRST_STEPS = {
    "linear_regression": {"steps": 4}, "logistic_regression": {"steps": 4}, "kmeans": {},
    "nearest_neighbors": {}, "autoencoder": {"steps": 4}, "vae": {"steps": 4}, "gan": {"steps": 4},
    "word2vec": {"steps": 4}, "char_rnn": {"steps": 3, "told": 3}, "seq2seq": {"steps": 3},
    "dqn": {"steps": 68}, "policy_gradient": {"steps": 3}, "gpt": {"steps": 3, "told": 3},
}


def copy(name, tf):
    """A new module of the example, which imports `tf` as pellucid; so do those that it imports."""
    kept = {key: sys.modules.pop(key) for key in list(sys.modules)
            if key == "pellucid" or key.partition(".")[0] == "examples"}
    sys.modules["pellucid"] = tf
    try:
        return importlib.import_module("examples." + name)
    finally:
        for key in [key for key in sys.modules if key.partition(".")[0] == "examples"]:
            del sys.modules[key]
        del sys.modules["pellucid"]
        sys.modules.update(kept)


def first_steps(name, tf):
    """[losses, score] of the example's first steps on `tf`, as plain numbers."""
    learned = copy(name, tf).train(**FIRST_STEPS[name])
    return [[float(loss) for loss in learned.losses], learned.score]
