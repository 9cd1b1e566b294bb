"""Remakes answers.json: the examples' first steps on TensorFlow 1.15.5, which needs Python 3.7.

    v37/bin/python -m tests.programs.record [example ...]     # see tests/recorded/record.py

TensorFlow 1 seeds a random operation with the number of operations before it; since 2.0, and in
pellucid, it is the number of random operations before it. The recorder brings the newer rule.
"""

import json
import os
import sys
import warnings

from .copies import ANSWERS, FIRST_STEPS, first_steps


def main(names):
    os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
    warnings.simplefilter("ignore")
    import tensorflow as tf
    tf.compat.v1.logging.set_verbosity("ERROR")
    seed_by_random_operations()
    answers = json.loads(ANSWERS.read_text()) if names else {}
    for name in names or FIRST_STEPS:
        answers[name] = first_steps(name, tf)
        print(name, answers[name])
    lines = [f"{json.dumps(name)}: {json.dumps(answers[name])}" for name in FIRST_STEPS]
    ANSWERS.write_text("{" + ",\n".join(lines) + "}\n")


def seed_by_random_operations():
    """Operation seeds are 0, 1, 2, ... in the order in which a graph's random operations come."""
    from tensorflow.python.framework import ops, random_seed
    original = random_seed.get_seed

    def get_seed(op_seed):
        graph = ops.get_default_graph()
        if op_seed is None and graph.seed is not None:
            op_seed = getattr(graph, "random_operations", 0)
            graph.random_operations = op_seed + 1
        return original(op_seed)
    random_seed.get_seed = get_seed


if __name__ == "__main__":
    main(sys.argv[1:])
