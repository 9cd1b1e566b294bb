"""Kills a process that saves at random instants, and checks that nothing is lost.

    python -m tests.training.kill_test 300

The short form is in test_saver.py.
"""

import os
import random
import signal
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

import pellucid as tf
from tests.training.test_saver import SAVING


def attempt(folder, seconds):
    """Lets a process save for some time, kills it; returns what the latest checkpoint holds."""
    reading, writing = os.pipe()
    process = os.fork()                              # a copy of this one: nothing to import
    if not process:
        os.dup2(writing, 1)
        sys.argv[1:] = [str(folder)]
        exec(compile(SAVING, "saving", "exec"), {})
        os._exit(0)
    os.close(writing)
    os.read(reading, 1)                              # it is ready
    os.close(reading)
    time.sleep(seconds)
    os.kill(process, signal.SIGKILL)
    os.waitpid(process, 0)
    path = tf.train.latest_checkpoint(folder)
    values = {float(x) for i in range(5) for x in np.unique(tf.train.load_variable(path, f"v{i}"))}
    assert len(values) == 1, f"{path} holds parts of several saves: {values}"
    return path, values.pop()


def main(count):
    left = 0
    for i in range(count):
        with tempfile.TemporaryDirectory() as folder:
            path, step = attempt(Path(folder), random.uniform(0, 0.08))
            left += any(".part-" in name for name in os.listdir(folder))
        if i % 50 == 49:
            print(f"{i + 1} kills, {left} of them while a file was being written; nothing lost, "
                  f"the last one at step {step:.0f} ({os.path.basename(path)})", flush=True)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 300)
