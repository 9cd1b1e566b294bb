"""The convolutional network of examples/digits_cnn.py reaches its goal."""

import pytest

pytest.importorskip("sklearn")

from examples import digits_cnn


def test_held_out_digits_are_read():
    assert digits_cnn.train(epochs=10) >= 0.98
