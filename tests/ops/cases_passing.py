"""Operation types of ops/control/passing.py that cases_core.py and cases_control.py leave."""

import numpy as np

from pellucid.ops.control.passing import prevent_gradient
from tests.ops.case import case

X = np.array([1.5, -2.0], np.float32)


def prevented(tf, x):
    return tf.raw_ops.PreventGradient(input=x) if hasattr(tf, "raw_ops") else (
        prevent_gradient(x))


CASES = [case("PreventGradient", prevented, X, oracle=lambda x: x, gradient=())]
