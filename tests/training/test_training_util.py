"""The global step."""

import pytest

import pellucid as tf


def test_the_global_step_is_made_once(session):
    assert tf.train.get_global_step() is None
    step = tf.train.get_or_create_global_step()
    assert tf.train.get_or_create_global_step() is step is tf.train.get_global_step()
    assert step.op.name == "global_step" and step.dtype.base_dtype == tf.int64
    assert step not in tf.trainable_variables() and step in tf.global_variables()
    assert tf.get_collection(tf.GraphKeys.GLOBAL_STEP) == [step]
    with pytest.raises(ValueError, match='"global_step" already exists'):
        tf.train.create_global_step()
    session.run(tf.assign_add(step, 3))
    assert tf.train.global_step(session, step) == 3


def test_its_name_is_at_the_root_unless_variable_scopes_say_otherwise():
    with tf.name_scope("n"):
        assert tf.train.create_global_step().op.name == "global_step"


def test_a_tensor_of_that_name_will_do():
    step = tf.Variable(7, name="global_step")
    assert tf.train.get_global_step() is step.op.outputs[0]


def test_another_graph():
    graph = tf.Graph()
    step = tf.train.get_or_create_global_step(graph)
    assert step.graph is graph and tf.train.get_global_step() is None


def test_what_cannot_count_steps():
    for wrong, text in ((3, "must be a Variable or Tensor"),
                        (tf.constant(1.0), "does not have integer type"),
                        (tf.constant([1]), "is not scalar")):
        with pytest.raises(TypeError, match=text):
            tf.train.assert_global_step(wrong)
