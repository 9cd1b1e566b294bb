"""Training graphs with each optimizer, dense and sparse updates: there and back with TensorFlow,
graph and checkpoint, the same losses on both sides."""

import numpy as np
import pytest

import pellucid as pt
from tests.conftest import needs_tensorflow
from tests.differential.oracle import installed, tensorflow

OPTIMIZERS = {
    "GradientDescent": lambda t: t.GradientDescentOptimizer(0.1),
    "Momentum": lambda t: t.MomentumOptimizer(0.1, 0.9),
    "Nesterov": lambda t: t.MomentumOptimizer(0.1, 0.9, use_nesterov=True),
    "Adagrad": lambda t: t.AdagradOptimizer(0.1),
    "AdagradDA": lambda t: t.AdagradDAOptimizer(0.1, t.get_or_create_global_step()),
    "Adadelta": lambda t: t.AdadeltaOptimizer(1.0),
    "Adam": lambda t: t.AdamOptimizer(0.1),
    "RMSProp": lambda t: t.RMSPropOptimizer(0.1, momentum=0.5),
    "centered RMSProp": lambda t: t.RMSPropOptimizer(0.1, centered=True),
    "Ftrl": lambda t: t.FtrlOptimizer(0.1, l1_regularization_strength=0.01),
    "ProximalAdagrad": lambda t: t.ProximalAdagradOptimizer(0.1),
    "ProximalGradientDescent": lambda t: t.ProximalGradientDescentOptimizer(0.1),
}
FEEDS = {"x:0": np.random.RandomState(0).randn(6, 3).astype(np.float32),
         "words:0": np.array([0, 2, 2, 4, 1, 0], np.int32)}


def build(tf, name):
    """The net, its optimizer and its Saver."""
    x = tf.placeholder(tf.float32, [None, 3], name="x")
    words = tf.placeholder(tf.int32, [None], name="words")
    values = np.random.RandomState(1)
    table = tf.get_variable("table", initializer=tf.constant(
        values.randn(5, 3).astype(np.float32)))
    w = tf.get_variable("w", initializer=tf.constant(values.randn(3, 2).astype(np.float32)))
    hidden = tf.tanh(tf.matmul(x + tf.nn.embedding_lookup(table, words), w))
    loss = tf.reduce_mean(tf.square(hidden - 0.5), name="loss")
    steps = tf.train.get_or_create_global_step()
    OPTIMIZERS[name](tf.train).minimize(loss, steps, name="step")
    tf.global_variables_initializer()
    return tf.train.Saver()


def train(session, steps):
    losses = []
    for _ in range(steps):
        session.run("step", FEEDS)
        losses.append(session.run("loss:0", FEEDS))
    return losses


@needs_tensorflow
@pytest.mark.parametrize("ours_first", [True, False])
@pytest.mark.parametrize("name", OPTIMIZERS)
def test_training_begun_by_one_goes_on_in_the_other(tmp_path, name, ours_first):
    first, second = (pt, tensorflow())[::1 if ours_first else -1]
    with first.Graph().as_default():
        saver = build(first, name)
        with first.Session() as session:
            session.run("init")
            train(session, 2)
            path = saver.save(session, str(tmp_path / "net"))
            wanted = train(session, 3)
    with second.Graph().as_default(), second.Session() as session:
        saver = second.train.import_meta_graph(path + ".meta")
        saver.restore(session, path)
        np.testing.assert_allclose(train(session, 3), wanted, rtol=2e-5)


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_interrupted_training_goes_on_with_the_same_numbers(tmp_path, name):
    """Bit for bit: slots, powers and the step are all in the checkpoint."""
    with pt.Graph().as_default(), pt.Session() as session:
        saver = build(pt, name)
        session.run("init")
        train(session, 2)
        path = saver.save(session, str(tmp_path / "net"))
        wanted = train(session, 3)
    with pt.Graph().as_default(), pt.Session() as session:
        build(pt, name).restore(session, path)
        assert train(session, 3) == wanted


def test_random_numbers_after_an_interruption(tmp_path):
    """A new session draws a seeded sequence from its beginning, as TensorFlow's does."""
    def draw(library, times, restore=None):
        with library.Graph().as_default(), library.Session() as session:
            library.set_random_seed(1)
            library.get_variable("v", initializer=library.zeros([]))
            x = library.random_uniform([2], seed=5)
            session.run(library.global_variables_initializer())
            saver = library.train.Saver()
            if restore:
                saver.restore(session, restore)
            found = [session.run(x).tolist() for _ in range(times)]
            return found, saver.save(session, str(tmp_path / "net"))

    for library in [pt, tensorflow()] if installed() else [pt]:
        found, path = draw(library, 3)
        again, _ = draw(library, 3, path)
        assert again == found and found[0] != found[1]
