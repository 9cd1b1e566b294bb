"""TensorFlow 1, alive or recorded.

`tensorflow()` is the module `tensorflow.compat.v1` with version 2's behaviour disabled,
imported at the first call. `recorded()` reads what it answered when `record.py` ran.
"""

from __future__ import annotations

import functools
import importlib.util
import json
import os
import warnings
from collections.abc import Iterable
from pathlib import Path

from .harness import Case, run_case, without_details

ANSWERS = Path(__file__).parent / "answers"


def installed() -> bool:
    return importlib.util.find_spec("tensorflow") is not None


@functools.cache
def tensorflow():
    """The oracle's module. Quiet, and with Eigen's kernels alone, so that it repeats."""
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "0")
    os.environ.setdefault("CUDA_VISIBLE_DEVICES", "-1")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import tensorflow.compat.v1 as tf

        tf.logging.set_verbosity(tf.logging.FATAL)
        tf.disable_v2_behavior()
        # Grappler folds b = a + 1 into its consumers although b is fed: wrong answers.
        tf.config.optimizer.set_experimental_options({"disable_meta_optimizer": True})
    return tf


@functools.cache
def live(one: Case):
    """TensorFlow's outcome, computed once a process."""
    tf = tensorflow()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")                  # its warnings are not under test
        return without_details(run_case(tf, one))


@functools.cache
def recorded(theme: str) -> dict:
    """{"tensorflow": its version, "answers": {name: outcome}}; both empty if none exist."""
    path = ANSWERS / f"{theme}.json"
    if not path.exists():
        return {"tensorflow": "", "answers": {}}
    return json.loads(path.read_text())


def write(theme: str, cases: Iterable[Case]) -> Path:
    """Asks TensorFlow and writes one line a case, so that a change is a readable diff."""
    answers = [f"  {json.dumps(one.name)}: {json.dumps(live(one), allow_nan=False)}"
               for one in sorted(cases, key=lambda one: one.name)]
    path = ANSWERS / f"{theme}.json"
    version = json.dumps(tensorflow().__version__)
    text = f'{{"tensorflow": {version}, "answers": {{\n' + ",\n".join(answers) + "\n}}\n"
    path.write_text(text)
    return path
