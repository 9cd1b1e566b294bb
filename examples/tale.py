"""The tale in text.txt, letter by letter: what char_rnn.py and gpt.py read."""

from pathlib import Path

import numpy as np

TEXT = Path(__file__).parent / "text.txt"


class Letters:
    """A text as numbers, one a letter.

    Attributes:
      letters: str, those that occur, in order: letter number 0, 1, ...
      numbers: array of int32, shape (length of the text,).
    """

    def __init__(self, text):
        self.letters = "".join(sorted(set(text)))
        self.numbers = np.array([self.letters.index(letter) for letter in text], np.int32)

    def __len__(self):
        return len(self.letters)

    def text(self, numbers):
        """The letters that the numbers stand for."""
        return "".join(self.letters[number] for number in numbers)


def load_tale():
    """The Letters of text.txt, a tale of 700 words that was written for these programs."""
    return Letters(TEXT.read_text(encoding="utf-8"))
