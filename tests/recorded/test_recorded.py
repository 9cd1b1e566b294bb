"""pellucid answers as TensorFlow 1.15.5 did: layers, losses, metrics, contrib."""

import functools
import json

import numpy as np
import pytest

import pellucid
from tests.recorded import harness

CASES = harness.load()
THEMES = sorted({name.partition("/")[0] for name in CASES})


@functools.cache
def recorded(theme):
    return json.loads((harness.ANSWERS / f"{theme}.json").read_text())


@pytest.mark.parametrize("name", CASES)
def test_answers_as_tensorflow_did(name, engine):
    theirs = recorded(name.partition("/")[0])[name]
    agree(harness.answer(pellucid, name, engine=engine), theirs, name)


@pytest.mark.parametrize("theme", THEMES)
def test_every_case_was_recorded(theme):
    named = {name for name in CASES if name.partition("/")[0] == theme}
    assert recorded(theme).keys() - {"tensorflow"} == named


def agree(ours, theirs, where):
    """Raises AssertionError that says where two answers differ."""
    if isinstance(theirs, dict) and "dtype" in theirs and isinstance(ours, dict):
        assert ours["dtype"] == theirs["dtype"], where
        if "float" in theirs["dtype"]:
            assert ours["values"][1] == theirs["values"][1], f"{where}: shapes"
            wanted = np.array(theirs["values"][0])
            largest = np.abs(wanted[np.isfinite(wanted)]).max(initial=1.0)
            np.testing.assert_allclose(ours["values"][0], wanted, 2e-4, 2e-5 * largest,
                                       err_msg=where)
            return
    assert type(ours) is type(theirs), f"{where}: {ours!r} but {theirs!r}"
    if isinstance(theirs, dict):
        assert list(ours) == list(theirs), where
        for key in theirs:
            agree(ours[key], theirs[key], f"{where}.{key}")
    elif isinstance(theirs, list):
        assert len(ours) == len(theirs), f"{where}: {ours!r} but {theirs!r}"
        for i, (x, y) in enumerate(zip(ours, theirs, strict=True)):
            agree(x, y, f"{where}[{i}]")
    elif isinstance(theirs, float):
        assert ours == pytest.approx(theirs, 1e-4), where
    else:
        assert ours == theirs, where
