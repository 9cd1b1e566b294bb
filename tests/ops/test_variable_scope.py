"""get_variable and variable_scope: which variable a name means, what things are called."""

import threading
import time

import numpy as np
import pytest

import pellucid as tf


def test_variable_scopes_name_variables_and_operations():
    with tf.variable_scope("a"), tf.name_scope("n"), tf.variable_scope("b"):
        assert tf.get_variable("v", [1]).op.name == "a/b/v"
        assert tf.Variable(1.0, name="w").op.name == "a/n/b/w"
        assert tf.constant(1.0).op.name == "a/n/b/Const"


def test_a_scope_opened_again_counts_its_name_scope_up():
    with tf.variable_scope("a") as scope:
        tf.get_variable("v", [1])
    with tf.variable_scope("a"):
        assert tf.get_variable("w", [1]).op.name == "a/w"
        assert tf.constant(1.0).op.name == "a_1/Const"
    with tf.variable_scope("b"), tf.variable_scope(scope) as again:
        assert tf.get_variable("x", [1]).op.name == "a/x"
        assert tf.constant(1.0).op.name == "b/a/Const"
        assert again.original_name_scope == "a/"
    with tf.variable_scope("c"), tf.variable_scope(scope, auxiliary_name_scope=False):
        assert tf.constant(1.0).op.name == "c/Const"


def test_default_names_are_made_unique_within_the_scope_around_them():
    names = []
    for _ in range(2):
        with tf.variable_scope("outer") as outer:
            for _ in range(2):
                with tf.variable_scope(None, "inner"):
                    with tf.variable_scope(None, "deep"):
                        names.append(tf.get_variable_scope().name)
    assert names == ["outer/inner/deep", "outer/inner_1/deep"] * 2
    with tf.variable_scope(outer), tf.variable_scope(None, "inner") as inner:
        assert inner.name == "outer/inner"


def test_an_open_scope_entered_by_object_keeps_its_count():
    with tf.variable_scope("outer") as outer:
        with tf.variable_scope(None, "inner"):
            pass
        with tf.variable_scope(outer), tf.variable_scope(None, "inner") as inner:
            assert inner.name == "outer/inner_1"
        with tf.variable_scope(None, "inner") as inner:
            assert inner.name == "outer/inner_1"


def test_reuse_finds_and_its_absence_makes():
    with tf.variable_scope("s") as scope:
        v = tf.get_variable("v", [2])
        with pytest.raises(ValueError, match=r"Variable s/v already exists, disallowed\. "
                                             r"Did you mean to set reuse=True or "
                                             r"reuse=tf\.AUTO_REUSE in VarScope\? "
                                             r"Originally defined at:\n\n.*py:\d+"):
            tf.get_variable("v", [2])
        scope.reuse_variables()
        assert tf.get_variable("v", [2]) is v
    with tf.variable_scope("s", reuse=True):
        assert tf.get_variable("v") is v
        assert tf.get_variable("v", [None]) is v
        with pytest.raises(ValueError, match="Variable s/w does not exist, or was not "
                                             "created"):
            tf.get_variable("w", [1])
        with pytest.raises(ValueError, match=r"share variable s/v, but specified shape "
                                             r"\(3,\) and found shape \(2,\)"):
            tf.get_variable("v", [3])
        with pytest.raises(ValueError, match="dtype float64 and found dtype float32_ref"):
            tf.get_variable("v", [2], tf.float64)
        with tf.variable_scope("inner", reuse=False) as inner:
            assert inner.reuse is True               # inherited; False does not undo
    with tf.variable_scope("t", reuse=tf.AUTO_REUSE):
        assert tf.get_variable("v", [2]) is tf.get_variable("v", [2])


def test_default_initializers(session):
    weights = tf.get_variable("weights", [30, 20])
    assert np.abs(session.run(weights)).max() <= np.sqrt(6 / 50)
    assert session.run(tf.get_variable("i", [2], tf.int32)).tolist() == [0, 0]
    assert session.run(tf.get_variable("b", [2], tf.bool)).tolist() == [False, False]
    with pytest.raises(ValueError, match="An initializer for variable c of .*complex64"):
        tf.get_variable("c", [2], tf.complex64)


def test_initializers_of_all_kinds(session):
    for i, (initializer, shape) in enumerate([
            (tf.ones_initializer, [2]), (tf.ones_initializer(), [2]),
            (lambda shape, dtype, partition_info: tf.ones(shape, dtype), [2]),
            (lambda: tf.ones([2]), None), ([1.0, 1.0], None),
            (np.ones(2, np.float32), None), (tf.ones([2]), None),
            (tf.Variable([1.0, 1.0]), None)]):
        v = tf.get_variable(f"v{i}", shape, initializer=initializer)
        assert v.dtype.base_dtype == tf.float32
        assert session.run(v).tolist() == [1.0, 1.0]


def test_initializers_that_cannot_be_right():
    with pytest.raises(ValueError, match="If initializer is a constant, do not specify "
                                         "shape"):
        tf.get_variable("a", [1], initializer=[1.0])
    with pytest.raises(ValueError, match="a did not get an initializer, so its `shape`"):
        tf.get_variable("a")
    with pytest.raises(ValueError, match=r"initializer passed is not valid.*\(\?, 2\)"):
        tf.get_variable("a", [None, 2], initializer=tf.ones_initializer())
    with pytest.raises(ValueError, match="Initializer type .* and explicit dtype .* don't "
                                         "match"):
        tf.get_variable("a", dtype=tf.float64, initializer=np.ones(1, np.float32))


def test_a_partitioned_variable_says_what_it_cannot_do(session):
    w = tf.get_variable("w", [4], partitioner=tf.fixed_size_partitioner(2))
    assert repr(w) == "<PartitionedVariable 'w' shape=(4,) dtype=float32 parts=2>"
    with pytest.raises(NotImplementedError, match="use its parts, `for part in variable`"):
        tf.convert_to_tensor(w, as_ref=True)
    with pytest.raises(ValueError, match="was made with one, as w/part_0 and so on"):
        tf.get_variable("w", [4])
    with pytest.raises(ValueError, match="more partitions than there are entries"):
        tf.get_variable("v", [4], partitioner=lambda **_: [5])


def test_partial_shapes(session):
    v = tf.get_variable("v", [None, 2], initializer=lambda: tf.ones([3, 2]))
    assert v.shape.as_list() == [None, 2]
    assert session.run(v).shape == (3, 2)


def test_regularizers():
    def doubled(v):
        return tf.multiply(2.0, v, name="loss")

    with tf.variable_scope("s", regularizer=doubled):
        tf.get_variable("v", [])
        tf.get_variable("w", [], regularizer=tf.no_regularizer)
    losses = tf.get_collection(tf.GraphKeys.REGULARIZATION_LOSSES)
    assert [loss.name for loss in losses] == ["s/v/Regularizer/loss:0"]


def test_custom_getters_nest_with_the_innermost_first():
    calls = []

    def getter(label):
        def call(getter, name, *args, **kwargs):
            calls.append((label, name))
            return getter(name + label, *args, **kwargs)
        return call

    with tf.variable_scope("s", custom_getter=getter("_outer")):
        with tf.variable_scope("t", custom_getter=getter("_inner")):
            v = tf.get_variable("v", [1])
    assert calls == [("_inner", "s/t/v"), ("_outer", "s/t/v_inner")]
    assert v.op.name == "s/t/v_inner_outer"
    with pytest.raises(ValueError, match="custom_getter which is not callable"):
        tf.get_variable("v", [1], custom_getter=3)


def test_scopes_pass_their_defaults_on(session):
    with tf.variable_scope("s", dtype=tf.float64,
                           initializer=tf.ones_initializer()) as scope:
        with tf.variable_scope("t"):
            v = tf.get_variable("v", [1])
        scope.set_initializer(tf.zeros_initializer())
        w = tf.get_variable("w", [1])
    assert v.dtype.base_dtype == tf.float64 == w.dtype.base_dtype
    assert session.run([v, w]) == [[1.0], [0.0]]
    assert scope.global_variables() == scope.trainable_variables() == [v, w]


def test_scopes_belong_to_threads_and_variables_to_the_graph():
    graph, seen = tf.get_default_graph(), []
    with tf.variable_scope("main") as scope:
        v = tf.get_variable("v", [1])

        def other():
            with graph.as_default():
                seen.append(tf.get_variable_scope().name)
                with tf.variable_scope(scope, reuse=True):
                    seen.append(tf.get_variable("v", [1]))

        thread = threading.Thread(target=other)
        thread.start()
        thread.join()
    assert seen == ["", v]


def test_a_scope_object_may_be_entered_again():
    scope = tf.variable_scope("s")
    with scope:
        tf.get_variable("v", [1])
    with scope as entered:
        assert entered.name == "s" and tf.get_variable("w", [1]).op.name == "s/w"
    assert tf.get_variable_scope().name == ""


def test_an_error_leaves_the_scopes():
    with pytest.raises(ZeroDivisionError), tf.variable_scope("s"):
        raise ZeroDivisionError
    assert tf.get_variable_scope().name == "" and tf.constant(1).op.name == "Const"


def test_wrong_arguments_of_variable_scope():
    with pytest.raises(TypeError, match="name_or_scope is required"):
        tf.variable_scope(None)
    with pytest.raises(TypeError, match="must be a string or VariableScope"):
        tf.variable_scope(3)
    with pytest.raises(ValueError, match="reuse=True cannot be used without"):
        tf.variable_scope(None, "a", reuse=True)
    with pytest.raises(ValueError, match="reuse parameter must be True or False or None"):
        tf.variable_scope("a", reuse="yes")


def test_many_scopes_take_linear_time():
    start = time.process_time()
    for i in range(5000):
        with tf.variable_scope(f"layer{i}"), tf.variable_scope(None, "inner"):
            pass
    assert time.process_time() - start < 5


def test_templates_share_their_variables(session):
    def line(x, slope):
        return tf.get_variable("slope", initializer=slope) * x

    template = tf.make_template("line", line, slope=3.0)
    assert template.variables == []
    assert session.run([template(1.0), template(2.0)]) == [3.0, 6.0]
    assert [v.op.name for v in template.trainable_variables] == ["line/slope"]
    assert tf.make_template("line", line, slope=1.0)(1.0).op.name.startswith("line_2/")
    careless = tf.make_template("careless", lambda: tf.Variable(1.0))
    careless()
    with pytest.raises(ValueError, match="perhaps you used tf.Variable when you meant"):
        careless()
