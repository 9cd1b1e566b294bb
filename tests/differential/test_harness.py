"""The harness itself: what counts as a difference, and how a difference reads."""

from __future__ import annotations

import numpy as np
import pytest

import pellucid as tf

from .harness import Case, case, describe_value, differences, fed, in_turn, raised, run_case


def made(build, **options):
    return Case("here", build.__name__, build, **options)


def outcome(build, **options):
    return run_case(tf, made(build, **options))


ANY = made(lambda tf: None)


def tensor(value, name="x:0", kind="Identity", dtype="float32", shape=()):
    return {"tensor": name, "type": kind, "dtype": dtype, "shape": list(shape),
            "value": value}


def fields(expected, got, one=ANY):
    return [difference.field for difference in differences(one, expected, got)]


def test_equal_outcomes_do_not_differ():
    assert fields([tensor(1.5), {"a": None}], [tensor(1.5), {"a": None}]) == []


def test_every_field_of_a_tensor_counts():
    expected = tensor([1.0], shape=[1])
    for change in (tensor([2.0], shape=[1]), tensor([1.0], "y:0", shape=[1]),
                   tensor([1.0], kind="Add", shape=[1]), tensor([1.0], shape=[None]),
                   tensor([1.0], dtype="float64", shape=[1])):
        assert len(fields(expected, change)) == 1


def test_names_may_be_left_out():
    unnamed = made(lambda tf: None, names=False, why="a test")
    assert fields(tensor(1.0), tensor(1.0, "other:0", "Neg"), unnamed) == []
    assert fields(tensor(1.0), tensor(2.0, "other:0", "Neg"), unnamed) == ["result.value"]


@pytest.mark.parametrize("value, near, far", [
    (1.0, 1.000001, 1.0001), ([1e-9], [0.0], [1e-3]), ("nan", "nan", 1.0),
    ("inf", "inf", 1e30),
    ([["nan", 1.0]], [["nan", 1.0]], [["nan", 2.0]]),
    ([1.0, 2.0], [1.0, 2.0], [[1.0, 2.0]]),
])
def test_floats_agree_within_the_tolerance(value, near, far):
    assert fields(tensor(value), tensor(near)) == []
    assert fields(tensor(value), tensor(far)) == ["result.value"]


def test_integers_and_booleans_agree_exactly():
    assert fields(tensor(3, dtype="int32"), tensor(4, dtype="int32")) == ["result.value"]
    assert fields(tensor([True], dtype="bool"), tensor([False], dtype="bool")) != []
    assert fields([1], [True]) == ["result[0]"]
    assert fields([1], [1.0]) == ["result[0]"]


def test_complex_numbers_agree_within_the_tolerance():
    expected = tensor(["1.0 2.0"], dtype="complex64")
    assert fields(expected, tensor(["1.0 2.0000001"], dtype="complex64")) == []
    assert fields(expected, tensor(["1.0 2.1"], dtype="complex64")) == ["result.value"]


def test_a_subclass_of_the_expected_error_will_do():
    expected = {"error": "ValueError", "stage": "build"}
    own = {"error": "ValueError", "stage": "build", "bases": ["Own", "ValueError"]}
    assert fields(expected, own) == []
    assert fields(expected, {**own, "stage": "run"}) == ["result.stage"]
    assert fields(expected, {"error": "KeyError", "stage": "build"}) == ["result"]
    assert fields(expected, tensor(1.0)) == ["result"]
    assert fields(tensor(1.0), own) == ["result"]


def test_lists_of_another_length_differ():
    assert fields([1, 2], [1]) == ["result"]


def test_a_difference_reads_well():
    difference, = differences(ANY, {"y": tensor(1.0)}, {"y": tensor(2.0)})
    assert str(difference) == "  result.y.value\n    expected  1.0\n    got       2.0"


@pytest.mark.parametrize("value, described", [
    (np.float64(0.1), {"numpy": "float64 scalar", "value": 0.1}),
    (np.float32(0.1), {"numpy": "float32 scalar", "value": 0.1}),
    (np.array([[1, 2]]), {"numpy": "int64", "value": [[1, 2]]}),
    (np.zeros((0, 2)), {"numpy": "float64", "value": "empty", "size": [0, 2]}),
    (np.array([np.nan, np.inf]), {"numpy": "float64", "value": ["nan", "inf"]}),
    (np.complex64(1 + 2j), {"numpy": "complex64 scalar", "value": "1.0 2.0"}),
    (np.array([b"a"], object), {"numpy": "object", "value": ["a"]}),
    (b"a", {"numpy": "bytes", "value": "a"}), (2.5, 2.5), (True, True), (None, None),
])
def test_values_are_described(value, described):
    assert describe_value(value) == described


def test_a_case_runs():
    def double(tf):
        x = tf.placeholder(tf.float32, [None], name="x")
        return {"y": fed(tf.add(x, x, name="y"), {x: [1.0]})}

    assert outcome(lambda tf: double(tf)["y"])["value"] == [2.0]


def test_several_runs_share_a_session():
    def counting(tf):
        v = tf.Variable(0, name="v")
        more = tf.assign_add(v, 1)
        return in_turn(more, more)

    assert [run["value"] for run in outcome(counting)] == [1, 2]


def test_errors_say_when():
    assert outcome(lambda tf: tf.constant(1) + tf.constant(1.0))["stage"] == "build"
    assert outcome(lambda tf: tf.placeholder(tf.float32) + 1)["stage"] == "run"


def test_a_missing_name_is_no_error_of_the_case():
    assert outcome(lambda tf: tf.nothing_so_named) == {"missing": "nothing_so_named"}
    assert outcome(lambda tf: raised(lambda: tf.nn.nothing)) == {"missing": "nn.nothing"}


def test_without_values_only_sizes_remain():
    described = outcome(lambda tf: tf.constant([[1.0, 2.0]]), values=False, why="a test")
    assert described["size"] == [1, 2]
    assert "value" not in described


def test_touched_names_are_noted():
    touched = set()
    run_case(tf, made(lambda tf: tf.nn.relu(tf.constant(1.0))), touched)
    assert touched == {"nn", "nn.relu", "constant"}


def test_an_exception_to_the_rules_needs_a_reason():
    with pytest.raises(ValueError, match="does not say why"):
        case(names=False)(lambda tf: None)
