"""Flags as TensorFlow 1.15 (absl) reads them."""

import sys

import pytest

import pellucid as tf
from pellucid.platform.flags import FlagValues


@pytest.fixture
def flags():
    """FlagValues with one flag of each kind."""
    values = FlagValues()
    tf.flags.DEFINE_string("name", "net", "a name", flag_values=values)
    tf.flags.DEFINE_integer("steps", 10, "steps", 0, 100, flag_values=values)
    tf.flags.DEFINE_float("rate", 0.1, "rate", flag_values=values)
    tf.flags.DEFINE_boolean("train", True, "train?", flag_values=values, short_name="t")
    tf.flags.DEFINE_enum("mode", "a", ["a", "b"], "mode", flag_values=values)
    tf.flags.DEFINE_list("layers", "1,2", "sizes", flag_values=values)
    tf.flags.DEFINE_multi_integer("at", [1], "when", flag_values=values)
    tf.flags.DEFINE_string("empty", None, "nothing yet", flag_values=values)
    return values


@pytest.mark.parametrize("arguments, name, value", [
    ([], "steps", 10),
    (["--steps=3"], "steps", 3),
    (["--steps", "0x10"], "steps", 16),
    (["-steps", "3"], "steps", 3),
    (["--rate", "1e-3"], "rate", 1e-3),
    (["--rate=-2"], "rate", -2.0),
    (["--notrain"], "train", False),
    (["--train"], "train", True),
    (["--train=False"], "train", False),
    (["-t=0"], "train", False),
    (["--train", "False"], "train", True),           # a boolean takes no next argument
    (["--mode=b"], "mode", "b"),
    (["--layers=4, 5"], "layers", ["4", "5"]),
    (["--at=4", "--at=5"], "at", [4, 5]),
    ([], "at", [1]),
    (["--name="], "name", ""),
    (["--name=a=b"], "name", "a=b"),
    ([], "empty", None),
    (["--", "--steps=3"], "steps", 10),
    (["x", "--steps=3"], "steps", 10),
])
def test_parsing(flags, arguments, name, value):
    flags(["program", *arguments])
    assert getattr(flags, name) == value and type(getattr(flags, name)) is type(value)


def test_what_is_left(flags):
    assert flags(["p", "--steps=3", "x", "--y"]) == ["p", "x", "--y"]
    assert flags(["p", "--what=3", "--steps=4", "z"], known_only=True) == ["p", "--what=3", "z"]
    assert flags.steps == 4


@pytest.mark.parametrize("arguments, error, says", [
    (["--stepz=3"], tf.flags.UnrecognizedFlagError, "'stepz'. Did you mean: steps ?"),
    (["--steps=x"], tf.flags.IllegalFlagValueError, "flag --steps=x: invalid literal"),
    (["--steps=101"], tf.flags.IllegalFlagValueError, "not in the range"),
    (["--steps"], tf.flags.Error, "Missing value for flag --steps"),
    (["--mode=c"], tf.flags.IllegalFlagValueError, "one of <a|b>"),
    (["--train=maybe"], tf.flags.IllegalFlagValueError, "Non-boolean argument"),
])
def test_what_is_wrong(flags, arguments, error, says):
    with pytest.raises(error) as raised:
        flags(["program", *arguments])
    assert says in str(raised.value)


def test_defining_twice_and_wrong_defaults(flags):
    with pytest.raises(tf.flags.DuplicateFlagError, match="'steps' is defined twice"):
        tf.flags.DEFINE_integer("steps", 1, "again", flag_values=flags)
    with pytest.raises(tf.flags.IllegalFlagValueError, match="--size=2.5"):
        tf.flags.DEFINE_integer("size", 2.5, "half", flag_values=flags)
    tf.flags.DEFINE_string(flag_name="old", default_value="x", docstring="", flag_values=flags)
    assert flags["old"].value == "x"


def test_the_first_use_parses_the_command_line(flags, monkeypatch):
    monkeypatch.setattr(sys, "argv", ["program", "--steps=7"])
    assert not flags.is_parsed() and flags.steps == 7 and flags.is_parsed()
    flags.steps = 8
    assert flags.steps == 8 and flags["steps"].value == 8 and not flags["steps"].using_default_value
    with pytest.raises(AttributeError, match="nothing"):
        flags.nothing
    with pytest.raises(tf.flags.UnrecognizedFlagError):
        flags.nothing = 3
    assert "steps" in flags and "nothing" not in flags
    assert flags.flag_values_dict()["rate"] == 0.1
    assert set(getattr(flags, "__flags")) == set(flags)


def test_validators(flags):
    tf.flags.mark_flag_as_required("empty", flags)
    with pytest.raises(tf.flags.ValidationError, match="must have a value"):
        flags(["program"])
    tf.flags.register_validator("steps", lambda n: n % 2 == 0, "even, please", flags)
    with pytest.raises(tf.flags.ValidationError, match="--steps=3: even, please"):
        flags(["program", "--empty=x", "--steps=3"])
    flags(["program", "--empty=x", "--steps=4"])


@pytest.fixture
def program_flags(monkeypatch):
    """The flags of a program of its own."""
    values = FlagValues()
    monkeypatch.setattr("pellucid.platform.flags.FLAGS", values)
    tf.flags.DEFINE_integer("steps", 10, "How long.", flag_values=values)
    return values


def test_run(program_flags, capsys):
    with pytest.raises(SystemExit) as left:
        tf.app.run(lambda rest: (program_flags.steps, rest), ["p", "--steps=2", "--other", "x"])
    assert left.value.code == (2, ["p", "--other", "x"])
    with pytest.raises(SystemExit) as left:
        tf.app.run(print, ["p", "--steps=two"])
    assert left.value.code == 1 and "--steps=two" in capsys.readouterr().err
    with pytest.raises(SystemExit) as left:
        tf.app.run(print, ["p", "--help"])
    shown = capsys.readouterr().out
    assert left.value.code == 1 and "--steps: How long.\n    (default: 10)" in shown
