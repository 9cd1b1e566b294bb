"""Lists that contain tensors, and the scopes their parts are named in."""

import numpy as np
import pytest

import pellucid as tf


@pytest.fixture
def n():
    return tf.placeholder(tf.int32, [], name="n")


def test_a_list_with_a_tensor_is_packed(n, session):
    packed = tf.convert_to_tensor([[n, 2], [3, 4]])
    assert packed.op.type == "Pack"
    assert packed.shape == [2, 2]
    assert session.run(packed, {n: 1}).tolist() == [[1, 2], [3, 4]]


def test_numbers_beside_a_tensor_take_its_dtype():
    x = tf.placeholder(tf.float64, [])
    assert tf.convert_to_tensor([x, 2]).dtype is tf.float64
    with pytest.raises(TypeError, match=r"Expected int32, but got 2\.5"):
        tf.convert_to_tensor([tf.constant(1), 2.5])


def test_tensors_of_two_dtypes_are_not_packed(n):
    with pytest.raises(TypeError, match="a list containing a tensor of dtype"):
        tf.convert_to_tensor([n, tf.constant(1.0)])


def test_a_wanted_dtype_casts_the_tensors(n, session):
    packed = tf.convert_to_tensor([n, 2.5], tf.float32)
    assert session.run(packed, {n: 1}).tolist() == [1.0, 2.5]


def test_variables_and_operations_are_packed(session):
    v, op = tf.Variable(1.0), tf.constant(2.0).op
    session.run(v.initializer)
    assert session.run(tf.stack([v, op, 3.0])).tolist() == [1, 2, 3]


def test_names_of_the_parts(n):
    tf.zeros([n, 2])
    tf.stack([n, 3])
    tf.convert_to_tensor([[n, 4], [5, 6]])
    names = [op.name for op in tf.get_default_graph().get_operations()]
    assert names == [
        "n", "zeros/packed/1", "zeros/packed", "zeros/Const", "zeros", "stack/1", "stack",
        "packed/0/1", "packed/0", "packed/1_1", "packed"]


def test_stack_of_numbers_is_a_constant():
    assert tf.stack([1, 2]).op.type == "Const"
    assert tf.stack([np.zeros(2), np.ones(2)]).op.type == "Const"


def test_concat_of_one_tensor_is_the_tensor(n, session):
    x = tf.constant([1.0, 2.0])
    assert tf.concat([x], 0).op.type == "Identity"
    assert session.run(tf.concat(x, 0)).tolist() == [1, 2]


def test_unstacking_another_length_is_refused_in_the_run(session):
    x = tf.placeholder(tf.float32, [None])
    with pytest.raises(tf.errors.InvalidArgumentError, match="must equal 2, got shape"):
        session.run(tf.unstack(x, 2), {x: [1, 2, 3]})


def test_the_gradient_of_a_part_fills_the_others_with_zeros(session):
    x = tf.constant([[1.0, 2.0, 3.0]])
    _, middle, _ = tf.unstack(x, axis=1)
    gradient, = tf.gradients(middle * middle, x)
    assert session.run(gradient).tolist() == [[0, 4, 0]]
