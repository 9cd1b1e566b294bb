"""The examples learn; and their first steps are TensorFlow's, number for number.

With the same seeds they start from the same weights and draw the same numbers, so that the second
loss is equal only if each gradient and each update of the first step was.
"""

import importlib
import json
import warnings

import numpy as np
import pytest

import pellucid
from pellucid.core import session
from tests.conftest import ENGINES
from tests.differential import oracle
from tests.programs.copies import ANSWERS, EXAMPLES, FIRST_STEPS, first_steps

# (example, arguments of a short training, what its score must be): what guessing, or a net that
# lacks a gradient, does not reach. None where that would take too long: the losses fall.
SHORT = [
    ("linear_regression", {}, lambda score: score < 0.001),
    ("logistic_regression", {"steps": 200}, lambda score: score > 0.93),
    ("kmeans", {}, lambda score: score < 0.2),
    ("nearest_neighbors", {}, lambda score: score > 0.98),
    ("autoencoder", {"steps": 500}, lambda score: score < 0.85),
    ("vae", {"steps": 400}, lambda score: score > -26.5),
    ("gan", {"steps": 700}, lambda score: score > 0.25),
    ("word2vec", {"steps": 1000}, lambda score: score > 0.8),
    ("char_rnn", {"steps": 40, "told": 5}, None),
    ("seq2seq", {"steps": 30}, None),
    ("dqn", {"steps": 1500}, lambda score: score > 0.7),
    ("policy_gradient", {"steps": 35}, lambda score: score > 150),
    ("gpt", {"steps": 60, "told": 5}, lambda score: score < 2.4),
]

# What TensorFlow 2's compat.v1 has no part of any more: layers and recurrent cells.
GONE = {"gan", "char_rnn", "seq2seq", "dqn", "policy_gradient"}


@pytest.mark.parametrize("name, arguments, enough", SHORT, ids=[name for name, *_ in SHORT])
def test_it_learns(name, arguments, enough):
    learned = importlib.import_module(f"examples.{name}").train(**arguments)
    if enough is None:
        assert np.mean(learned.losses[-5:]) < 0.85 * learned.losses[0]
    else:
        assert enough(learned.score), learned.score
        assert not learned.losses or np.isfinite(learned.losses).all()


# Half a minute each to compile for XLA; dynamic_rnn and attention are in tests/engine as well.
LONG_TO_COMPILE = {"char_rnn", "gpt", "policy_gradient", "seq2seq"}


@pytest.mark.parametrize("name, engine", [
    (name, engine) for name in FIRST_STEPS for engine in ENGINES
    if engine != "xla" or name not in LONG_TO_COMPILE])
def test_first_steps_are_those_of_tensorflow_1(name, engine, monkeypatch):
    monkeypatch.setattr(session, "default_engine", engine)
    agree(first_steps(name, pellucid), json.loads(ANSWERS.read_text())[name])


@pytest.mark.parametrize("name", sorted(FIRST_STEPS.keys() - GONE))
def test_it_runs_on_tensorflow_of_today(name):
    if not oracle.installed():
        pytest.skip("TensorFlow is not installed")
    theirs = json.loads(ANSWERS.read_text())[name]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        ours = first_steps(name, oracle.tensorflow())
    if name == "logistic_regression":        # its data are shuffled otherwise than in 1.15
        ours, theirs = [ours[0][:1], 0], [theirs[0][:1], 0]
    agree(ours, theirs)


def agree(ours, theirs):
    np.testing.assert_allclose(ours[0], theirs[0], rtol=1e-4)
    assert ours[1] == pytest.approx(theirs[1], rel=1e-3)


def test_every_example_is_in_the_list():
    page = (EXAMPLES / "README.md").read_text()
    for name in FIRST_STEPS:
        assert f"[{name}.py]({name}.py)" in page
    assert {name for name, *_ in SHORT} == FIRST_STEPS.keys()
