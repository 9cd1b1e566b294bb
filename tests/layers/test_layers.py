"""tf.layers beyond what TensorFlow 1.15.5 was asked: see ../recorded for its answers."""

import numpy as np
import pytest

import pellucid as tf


def test_layers_within_a_layer():
    class Block(tf.layers.Layer):
        def __init__(self):
            super().__init__()
            self.parts = [tf.layers.Dense(3), tf.layers.BatchNormalization()]

        def call(self, x):
            return self.parts[1](self.parts[0](x), training=True)

    block = Block()
    block(tf.placeholder(tf.float32, [None, 2]))
    assert [v.op.name for v in block.trainable_variables] == [
        "block/dense/kernel", "block/dense/bias", "block/batch_normalization/gamma",
        "block/batch_normalization/beta"]
    assert len(block.variables) == 6 and len(block.updates) == 2
    block.trainable = False
    assert block.trainable_variables == [] and len(block.variables) == 6


def test_a_layer_takes_untyped_and_python_values(session):
    x = tf.placeholder()
    x.set_shape([None, 2])
    y = tf.layers.dense(x, 1, kernel_initializer=tf.ones_initializer())
    z = tf.layers.dense([[1.0, 2.0]], 1, kernel_initializer=tf.ones_initializer())
    values = session.run([y, z], {x: np.array([[1, 2]], np.float32)})
    assert [v.tolist() for v in values] == [[[3.0]], [[3.0]]]


def test_a_variable_decides_about_training(session):
    on = tf.Variable(True)
    y = tf.layers.dropout(tf.ones([100]), 0.5, training=on)
    assert set(session.run(y)) == {0.0, 2.0}
    session.run(on.assign(False))
    assert set(session.run(y)) == {1.0}


def test_virtual_batches_need_a_known_shape():
    x = tf.placeholder(tf.float32, [4, None, 3])
    with pytest.raises(ValueError, match="virtual_batch_size needs inputs of known shape"):
        tf.layers.batch_normalization(x, virtual_batch_size=2, training=True)


def test_usual_moments_of_renorm_move_only_with_the_updates(session):
    x = tf.constant([[1.0], [3.0]])
    y = tf.layers.batch_normalization(x, renorm=True, training=True)
    session.run(tf.global_variables_initializer())
    first = session.run(y)
    assert (session.run(y) == first).all()
    session.run(tf.get_collection(tf.GraphKeys.UPDATE_OPS))
    assert (session.run(y) != first).all()


def test_refusals_say_what_would_be_right():
    x = tf.placeholder(tf.float32, [None, 4])
    layer = tf.layers.Dense(3)
    with pytest.raises(ValueError, match="has not been used yet"):
        layer.scope_name
    with pytest.raises(ValueError, match="Unknown activation: 'rely'. The names are elu"):
        tf.layers.dense(x, 3, "rely")
    layer(x)
    with pytest.raises(ValueError, match="expected axis -1 to have size 4"):
        layer(tf.placeholder(tf.float32, [None, 5]))
    with pytest.raises(TypeError, match="pred must be a Tensor"):
        tf.layers.dropout(x, training="yes")
    with pytest.raises(NotImplementedError, match="trains in one process"):
        tf.train.SyncReplicasOptimizer(tf.train.AdamOptimizer())
    with pytest.raises(ValueError, match="renorm is not supported with batch_weights"):
        tf.contrib.layers.batch_norm(x, batch_weights=tf.ones([2]), renorm=True)
    with pytest.raises(NotImplementedError, match="device"):
        tf.contrib.slim.variable("v", [], device="/cpu:0")


def test_double_precision_images_are_normalized_too(session):
    x = tf.constant(np.random.default_rng(0).normal(size=(4, 2, 2, 3)))
    y = tf.layers.batch_normalization(x, training=True)
    value = session.run(y)
    assert value.dtype == np.float64
    np.testing.assert_allclose(value.mean((0, 1, 2)), 0, atol=1e-12)


def test_many_layers_build_in_linear_time():
    x = tf.ones([1, 2])
    for _ in range(300):
        x = tf.layers.batch_normalization(tf.layers.dense(x, 2), training=True)
    assert len(tf.get_collection(tf.GraphKeys.UPDATE_OPS)) == 600
