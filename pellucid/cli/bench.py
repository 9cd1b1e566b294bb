"""Time training steps on this machine, on each engine, and on TensorFlow if it is installed.

    pellucid bench                     half a minute
    pellucid bench --seconds 0.5       more patiently

The programs are TensorFlow 1 programs, the same for all; their losses must agree. The systems take
turns, and the least of some rounds is shown: what the machine can do when nobody disturbs it. The
full table, with hand-written NumPy, PyTorch and JAX: docs/benchmarks.md.
"""

import importlib.util
import itertools
import os
import sys

ROUNDS = 5

# (what it is, units of the layers, rows fed, optimizer)
NETS = [("perceptron", (2, 2), 100, "GradientDescent"),
        ("64-32-10 net, Adam", (64, 32, 10), 32, "Adam"),
        ("784-256-256-10 net", (784, 256, 256, 10), 128, "GradientDescent"),
        ("784-256-256-10 net, Adam", (784, 256, 256, 10), 128, "Adam")]


def add_arguments(parser):
    """How long, and whether TensorFlow runs too."""
    parser.add_argument("--seconds", type=float, default=0.1, metavar="S",
                        help=f"for each net and system, in each of {ROUNDS} rounds (default 0.1)")
    parser.add_argument("--alone", action="store_true", help="without TensorFlow")


def run(arguments):
    """Prints a table; returns the exit code, 1 if the losses differ."""
    from pellucid.cli.tables import table
    if not arguments.seconds > 0:
        print("pellucid bench: --seconds must be positive", file=sys.stderr)
        return 1
    systems = _systems(arguments.alone)
    rows, agree = [], True
    for title, sizes, batch, optimizer in NETS:
        steps = [_step(tf, engine, sizes, batch, optimizer) for tf, engine in systems.values()]
        losses = [[step() for _ in range(5)] for step in steps]
        agree = agree and all(abs(a - b) < 1e-3 * abs(b) for other in losses[1:]
                              for a, b in zip(other, losses[0], strict=True))
        best = [min(times) for times in zip(*[
            [_time(step, arguments.seconds) for step in steps] for _ in range(ROUNDS)],
            strict=True)]
        rows.append([title, *[f"{seconds * 1e6:.0f} us" for seconds in best]])
    print(_versions(systems))
    print(table(rows, ["one training step", *systems], right=range(1, len(systems) + 1)))
    if not agree:
        print("pellucid bench: the systems' losses differ", file=sys.stderr)
    return not agree


def _systems(alone):
    """{name: (the module tf, its Session's arguments)}"""
    import pellucid
    found = {"pellucid": (pellucid, {"engine": "numpy"})}
    if importlib.util.find_spec("jax"):
        found["pellucid, xla"] = pellucid, {"engine": "xla"}
    if importlib.util.find_spec("tensorflow") and not alone:
        os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
        tensorflow = importlib.import_module("tensorflow.compat.v1")
        tensorflow.logging.set_verbosity(tensorflow.logging.ERROR)
        tensorflow.disable_v2_behavior()
        found["TensorFlow"] = tensorflow, {}
    return found


def _versions(systems):
    import platform

    import numpy as np

    from pellucid.version import PELLUCID
    parts = [f"pellucid {PELLUCID}", f"NumPy {np.__version__}", f"Python {sys.version.split()[0]}"]
    if "TensorFlow" in systems:
        parts.insert(1, f"TensorFlow {systems['TensorFlow'][0].__version__}")
    return f"{', '.join(parts)}; {os.cpu_count()} cores, {platform.machine()}\n"


def _step(tf, engine, sizes, batch, optimizer):
    """A function that trains a net of dense layers by one batch and returns the loss."""
    import numpy as np
    rng = np.random.default_rng(1)
    with tf.Graph().as_default():
        h = x = tf.placeholder(tf.float32, [None, sizes[0]])
        y = tf.placeholder(tf.int32, [None])
        for n, units in itertools.pairwise(sizes):
            w = rng.normal(size=(n, units)).astype(np.float32) * np.float32((2 / n) ** 0.5)
            h = tf.matmul(tf.nn.relu(h) if h is not x else h, tf.Variable(w)) + tf.Variable(
                np.zeros(units, np.float32))
        loss = tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(labels=y, logits=h))
        train = getattr(tf.train, optimizer + "Optimizer")(0.001).minimize(loss)
        session = tf.Session(**engine)
        session.run(tf.global_variables_initializer())
    feed = {x: rng.normal(size=(batch, sizes[0])).astype(np.float32),
            y: rng.integers(sizes[-1], size=batch, dtype=np.int32)}
    return lambda: float(session.run([train, loss], feed)[1])


def _time(step, seconds):
    """Seconds of one step: the mean over so many that they take about `seconds`."""
    from time import perf_counter
    start = perf_counter()
    count, end = 0, start + seconds
    while (now := perf_counter()) < end or not count:
        for _ in range(10):
            step()
        count += 10
    return (now - start) / count
