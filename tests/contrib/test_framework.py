"""contrib.framework: variables by name, and from checkpoints."""

import numpy as np
import pytest

import pellucid as tf

framework = tf.contrib.framework


@pytest.fixture
def checkpoint(tmp_path):
    """A checkpoint of a/w, a/b and c."""
    with tf.Graph().as_default(), tf.Session() as session:
        with tf.variable_scope("a"):
            tf.get_variable("w", initializer=[[1.0, 2.0]])
            tf.get_variable("b", initializer=[3.0])
        tf.get_variable("c", initializer=4.0)
        session.run(tf.global_variables_initializer())
        return tf.train.Saver().save(session, str(tmp_path / "model"))


def values(*variables):
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        return session.run(list(variables))


@pytest.mark.parametrize("assignment", [
    {"a/": "net/"}, {"a/w": "net/w", "a/b": "net/b"}, {"a/": "net"}])
def test_initial_values_of_a_checkpoint(checkpoint, assignment):
    with tf.variable_scope("net"):
        w = tf.get_variable("w", [1, 2])
        b = tf.get_variable("b", [1])
    other = tf.get_variable("other", initializer=7.0)
    tf.train.init_from_checkpoint(checkpoint, assignment)
    assert [value.tolist() for value in values(w, b, other)] == [[[1, 2]], [3], 7]


def test_initial_values_of_a_directory_by_variable(checkpoint, tmp_path):
    c = tf.get_variable("d", [])
    framework.init_from_checkpoint(str(tmp_path), {"c": c})
    assert values(c) == [4.0] and c.initial_value.op.type == "RestoreV2"


@pytest.mark.parametrize("assignment, says", [
    ({"none": "w"}, "not found"), ({"a/w": "w"}, "doesn't match"), ({"a/": "x/"}, "no variable"),
    ({"/": "/"}, "not found")])
def test_what_does_not_fit(checkpoint, assignment, says):
    tf.get_variable("w", [3])
    with pytest.raises(ValueError, match=says):
        tf.train.init_from_checkpoint(checkpoint, assignment)


def test_assigning(checkpoint):
    w = tf.get_variable("w", [2, 1])
    c = tf.get_variable("c", [])
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        assign, feeds = framework.assign_from_checkpoint(checkpoint, {"a/w": w, "c": c})
        session.run(assign, feeds)
        assert session.run(w).tolist() == [[1], [2]] and session.run(c) == 4
        session.run(*framework.assign_from_values({"c": 5.0}))
        assert session.run(c) == 5
        framework.assign_from_checkpoint_fn(checkpoint, [c, w], ignore_missing_vars=True)(session)
        assert session.run(c) == 4
        with pytest.raises(ValueError, match="missing variable \\[w\\]"):
            framework.assign_from_checkpoint(checkpoint, [w])
        with pytest.raises(ValueError, match="Total size"):
            framework.assign_from_checkpoint(checkpoint, {"a/w": c})
    assert framework.assign_from_checkpoint_fn(checkpoint, [w], ignore_missing_vars=True) is None


def test_variables_by_name():
    names = ("w", "a/w", "a/w2", "ab/w")
    variables = {name: tf.get_variable(name, [], initializer=tf.zeros_initializer())
                 for name in names}

    def named(found):
        return [v.op.name for v in found]
    assert named(framework.get_variables_by_name("w")) == ["w", "a/w", "ab/w"]
    assert named(framework.get_variables_by_suffix("w2")) == ["a/w2"]
    assert named(framework.get_variables_to_restore(exclude=["a/"])) == ["w", "ab/w"]
    assert named(framework.get_variables_to_restore(["a"])) == ["a/w", "a/w2", "ab/w"]
    assert framework.get_unique_variable("a/w") is variables["a/w"]
    with pytest.raises(ValueError, match="Couldn't find"):
        framework.get_unique_variable("none")
    with pytest.raises(ValueError, match="uniquely"):
        framework.get_unique_variable("a")
    assert named(framework.filter_variables(
        list(variables.values()), ["w"], ["^a/"])) == ["w", "ab/w"]
    np.testing.assert_equal(tf.contrib.util.constant_value(tf.constant([1, 2])), [1, 2])
