"""What the examples share: what training has led to, its progress, batches, settings as flags."""

import argparse
import inspect
from typing import NamedTuple

import numpy as np
from tqdm import tqdm


class Learned(NamedTuple):
    """What training has led to.

    Attributes:
      losses: list of float, one a step.
      score: float, what the program's GOAL speaks of.
      sample: str or None, something that it can do now.
    """

    losses: list
    score: float
    sample: object = None


def watched(steps, losses, lines=10):
    """The numbers of the steps, 0, 1, ..., with a progress bar and ten lines about the losses.

    Args:
      steps: int.
      losses: list of float, to which the caller adds as it goes.
    """
    every, said = max(1, steps // lines), 0
    with tqdm(total=steps, unit="step", leave=False) as bar:
        for step in range(steps):
            yield step
            bar.update()
            if (step + 1) % every == 0 and len(losses) > said:
                bar.write(f"step {step + 1:6d}  loss {np.mean(losses[said:]):.4f}")
                said = len(losses)


def batches(random, size, *arrays):
    """Rows drawn at random from arrays of the same length, for ever: each time a list of arrays.

    Args:
      random: np.random.RandomState.
      size: int, how many rows.
    """
    while True:
        rows = random.randint(len(arrays[0]), size=size)
        yield [array[rows] for array in arrays]


def flags(train, text):
    """The arguments of the function `train`, from the command line: --steps 100 --seed 1.

    Args:
      train: function whose arguments all have defaults that are numbers.
      text: str, what --help says first: the program's docstring.
    """
    parser = argparse.ArgumentParser(description=text,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    for name, argument in inspect.signature(train).parameters.items():
        parser.add_argument("--" + name, type=type(argument.default), default=argument.default,
                            help="(default: %(default)s)")
    return vars(parser.parse_args())
