"""The rows of the table: each workload with its goal for the NumPy engine.

The goals are those of the design document. Some are times, measured there on two cores of
a shared server; others are multiples of the floor, NumPy written by hand, and hold on any
machine. Read next: `measure`.
"""

from dataclasses import dataclass

from benchmarks.problems import (
    Affine,
    Chain,
    Classifier,
    ConvNet,
    Convolution,
    Diamond,
    Inference,
    Lstm,
    Transformer,
)


@dataclass(frozen=True)
class Goal:
    """At most `seconds`, or at most `floors` times the floor of the same run."""

    seconds: float | None = None
    floors: float | None = None


@dataclass(frozen=True)
class Workload:
    """One row.

    Attributes:
      phase: "step" times a step of a system that stands ready; "first" times building
        it and its first step, afresh in each round.
      checked_steps: how many steps are compared between the systems beforehand.
      rounds: the most rounds that are worth their time; --rounds may ask for fewer.
    """

    name: str
    title: str
    problem: object
    goal: Goal
    phase: str = "step"
    checked_steps: int = 20
    rounds: int = 25


MNIST = (784, 256, 256, 10)

WORKLOADS = [
    Workload("affine", "affine A x + b, one run", Affine(), Goal(seconds=2.5e-6)),
    Workload(
        "perceptron",
        "perceptron, 100 points, SGD",
        Classifier((2, 2), 100, "SGD", 0.01, loss="tutorial"),
        Goal(seconds=20e-6),
    ),
    Workload(
        "xor",
        "2-2-2 MLP, 100 points, SGD",
        Classifier((2, 2, 2), 100, "SGD", 0.03, hidden="sigmoid", loss="tutorial"),
        Goal(seconds=24e-6),
    ),
    Workload(
        "digits",
        "64-32-10 MLP, batch 32, Adam",
        Classifier((64, 32, 10), 32, "Adam", 0.001, loss="one-hot"),
        Goal(seconds=45e-6),
    ),
    Workload(
        "mnist-sgd",
        "784-256-256-10, batch 128, SGD",
        Classifier(MNIST, 128, "SGD", 0.01),
        Goal(floors=1.05),
    ),
    Workload(
        "mnist-adam",
        "784-256-256-10, batch 128, Adam",
        Classifier(MNIST, 128, "Adam", 0.0001),
        Goal(floors=1.10),
    ),
    Workload(
        "wide",
        "1024-4096-4096-10, batch 256, SGD",
        Classifier((1024, 4096, 4096, 10), 256, "SGD", 0.01, inputs=1),
        Goal(floors=1.05),
        checked_steps=2,
        rounds=7,
    ),
    Workload(
        "cnn",
        "LeNet-like CNN, batch 64, Adam",
        ConvNet(),
        Goal(floors=1.10),
        checked_steps=3,
        rounds=11,
    ),
    *[
        Workload(
            f"conv-{way}",
            f"conv 5x5, 14x14x32 to 64, {title}",
            Convolution(way),
            Goal(floors=1.10),
            checked_steps=2,
            rounds=11,
        )
        for way, title in (
            ("forward", "forward"),
            ("kernel", "to kernel"),
            ("image", "to image"),
        )
    ],
    Workload(
        "lstm",
        "LSTM 28x28, 128 units, batch 128, Adam",
        Lstm(),
        Goal(floors=1.10),
        checked_steps=3,
        rounds=9,
    ),
    Workload(
        "transformer",
        "transformer 2x128, seq 64, batch 16, Adam",
        Transformer(),
        Goal(floors=1.10),
        checked_steps=3,
        rounds=9,
    ),
    Workload(
        "inference",
        "784-256-256-10, inference, batch 1",
        Inference(MNIST),
        Goal(seconds=24e-6),
    ),
    Workload(
        "chain-first",
        "chain of 100,000 ops, build and run",
        Chain(100_000),
        Goal(seconds=1.5),
        phase="first",
        checked_steps=1,
        rounds=3,
    ),
    Workload(
        "chain-again",
        "chain of 100,000 ops, run again",
        Chain(100_000),
        Goal(seconds=0.13),
        checked_steps=1,
        rounds=5,
    ),
    Workload(
        "diamond-first",
        "diamond 1,000 deep, build and run",
        Diamond(1000),
        Goal(seconds=15e-3),
        phase="first",
        checked_steps=1,
        rounds=5,
    ),
    Workload(
        "diamond-again",
        "diamond 1,000 deep, run again",
        Diamond(1000),
        Goal(seconds=2e-3),
        checked_steps=2,
    ),
]
