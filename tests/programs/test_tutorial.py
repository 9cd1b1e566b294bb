"""The programs of a first course, each from the graph to what it learned, on every engine.

    affine -> an own operation -> perceptron -> criterion -> gradient descent -> layers
"""

import numpy as np
import pytest

import pellucid as tf
from pellucid import Graph, Operation, RegisterGradient, Session, Variable


@pytest.fixture(autouse=True)
def _new_graph():
    Graph().as_default()


def clouds(seed=0, points=50, distance=2.0):
    """Two clouds of points, around (-d, -d) and (d, d), and their classes one-hot."""
    random = np.random.RandomState(seed)
    red = random.randn(points, 2) - distance
    blue = random.randn(points, 2) + distance
    classes = np.repeat([[1, 0], [0, 1]], points, axis=0)
    return np.concatenate([red, blue]), classes


def crossed_clouds(seed=0, points=50, distance=2.0):
    """Four clouds, one in each quadrant; opposite ones are of the same class."""
    random = np.random.RandomState(seed)
    centers = distance * np.array([[1, 1], [-1, -1], [1, -1], [-1, 1]])
    x = np.concatenate([center + 0.6 * random.randn(points, 2) for center in centers])
    return x, np.repeat([[1, 0], [0, 1]], 2 * points, axis=0)


# -- a graph is built, then run ------------------------------------------------------------

def test_affine_transformation(engine):
    A = Variable([[1, 0], [0, -1]])
    b = Variable([1, 1])
    x = tf.placeholder()
    y = tf.matmul(A, x)
    z = tf.add(y, b)

    session = Session(engine=engine)
    output = session.run(z, {x: [1, 2]})
    assert str(output) == "[ 2 -1]"
    assert session.run(z, {x: [0, 0]}).tolist() == [1, 1]


def test_an_operation_of_ones_own(engine):
    class cubed(Operation):
        def __init__(self, x):
            super().__init__([x])

        def compute(self, x_value):
            return x_value ** 3

    @RegisterGradient("cubed")
    def _cubed_gradient(op, grad):
        return 3 * op.inputs[0] ** 2 * grad

    x = tf.placeholder(tf.float32)
    y = cubed(x)
    slope, = tf.gradients(y, x)
    bend, = tf.gradients(slope, x)
    try:
        session = Session(engine=engine)
        assert session.run(y, {x: 2}) == 8
        assert session.run([y + 1.0, slope, bend], {x: [1, 2]})[1].tolist() == [3, 12]
        assert session.run(bend, {x: [1, 2]}).tolist() == [6, 12]
    finally:
        from pellucid.core.gradients import _gradients
        del _gradients["cubed"]


def test_the_tutorials_operation_runs_untyped(engine):
    class doubled(Operation):
        def __init__(self, x):
            super().__init__([x])

        def compute(self, x_value):
            return 2 * x_value

    x = tf.placeholder()
    assert Session(engine=engine).run(doubled(x), {x: 21}) == 42


# -- a perceptron --------------------------------------------------------------------------

def test_a_perceptron_of_two_classes_by_hand(engine):
    """p = sigmoid(w x + b) with a line that a person chose."""
    x = tf.placeholder()
    w = Variable([1, 1])
    b = Variable(0)
    p = tf.sigmoid(tf.cast(tf.add(tf.matmul(w, x), b), tf.float64))
    value = Session(engine=engine).run(p, {x: [3, 2]})
    assert value == pytest.approx(1 / (1 + np.exp(-5)))


def test_a_perceptron_classifies_clouds_by_hand(engine):
    points, classes = clouds()
    X = tf.placeholder()
    W = Variable([[1.0, -1.0], [1.0, -1.0]])
    b = Variable([0.0, 0.0])
    p = tf.nn.softmax(tf.add(tf.matmul(X, W), b))
    probabilities = Session(engine=engine).run(p, {X: points.astype(np.float32)})
    np.testing.assert_allclose(probabilities.sum(axis=1), 1, rtol=1e-5)
    # The line x + y = 0 with the signs the wrong way round: nearly every point is wrong.
    assert np.mean(probabilities.argmax(1) == classes.argmax(1)) < 0.05


def test_the_training_criterion(engine):
    """J = -sum c log p over all points, as in the book, equals NumPy's."""
    points, classes = clouds()
    weights = np.array([[0.5, -0.5], [0.3, -0.2]])
    X, c = tf.placeholder(tf.float64), tf.placeholder(tf.float64)
    W, b = Variable(weights), Variable([0.1, -0.1], dtype=tf.float64)
    p = tf.nn.softmax(tf.matmul(X, W) + b)
    J = tf.negative(tf.reduce_sum(tf.reduce_sum(tf.multiply(c, tf.log(p)), axis=1)))

    logits = points @ weights + [0.1, -0.1]
    e = np.exp(logits - logits.max(1, keepdims=True))
    expected = -np.sum(classes * np.log(e / e.sum(1, keepdims=True)))
    value = Session(engine=engine).run(J, {X: points, c: classes})
    assert value == pytest.approx(expected)


def perceptron(X, c, random):
    """(probabilities, loss) of a perceptron with random weights."""
    W = Variable(random.randn(2, 2).astype(np.float32))
    b = Variable(random.randn(2).astype(np.float32))
    p = tf.nn.softmax(tf.matmul(X, W) + b)
    return p, -tf.reduce_sum(tf.reduce_sum(c * tf.log(p), axis=1))


def test_gradient_descent_by_hand(engine):
    """w <- w - rate * dJ/dw, with nothing but gradients and assign."""
    points, classes = clouds()
    X = tf.placeholder(tf.float32, [None, 2])
    c = tf.placeholder(tf.float32, [None, 2])
    p, J = perceptron(X, c, np.random.RandomState(1))
    variables = tf.trainable_variables()
    steps = [w.assign(w - 0.01 * grad)
             for w, grad in zip(variables, tf.gradients(J, variables), strict=True)]
    feed = {X: points, c: classes}
    with Session(engine=engine) as session:
        session.run(tf.global_variables_initializer())
        losses = [session.run([J, steps], feed)[0] for _ in range(100)]
        right = session.run(p, feed).argmax(1) == classes.argmax(1)
    assert losses[-1] < 0.1 * losses[0]
    assert losses[-1] < 10
    assert right.mean() > 0.97


def test_gradient_descent_finds_a_line_between_the_clouds(engine):
    points, classes = clouds()
    X = tf.placeholder(tf.float32)
    c = tf.placeholder(tf.float32)
    p, J = perceptron(X, c, np.random.RandomState(11))
    minimize = tf.train.GradientDescentOptimizer(learning_rate=0.01).minimize(J)
    feed = {X: points, c: classes}
    session = Session(engine=engine)
    session.run(tf.global_variables_initializer())
    first = session.run(J, feed)
    for _ in range(100):
        session.run(minimize, feed)
    W, b = (session.run(v) for v in tf.trainable_variables())
    assert session.run(J, feed) < 0.1 * first
    assert np.mean(session.run(p, feed).argmax(1) == classes.argmax(1)) > 0.97

    # The line where both classes are equally likely passes between the clouds.
    across, offset = W[:, 1] - W[:, 0], b[1] - b[0]
    assert -2 * across.sum() + offset < 0 < 2 * across.sum() + offset


# -- more layers ---------------------------------------------------------------------------

def network(X, c, hidden, random):
    """(probabilities, loss) of a net with a hidden layer of sigmoids."""
    W1 = Variable(random.randn(2, hidden).astype(np.float32), name="W_hidden")
    b1 = Variable(random.randn(hidden).astype(np.float32), name="b_hidden")
    h = tf.sigmoid(tf.matmul(X, W1) + b1)
    W2 = Variable(random.randn(hidden, 2).astype(np.float32), name="W_output")
    b2 = Variable(random.randn(2).astype(np.float32), name="b_output")
    p = tf.nn.softmax(tf.matmul(h, W2) + b2)
    return p, -tf.reduce_sum(tf.reduce_sum(c * tf.log(p), axis=1))


def accuracy_of(build, engine, steps, rate):
    points, classes = crossed_clouds()
    X = tf.placeholder(tf.float32, [None, 2])
    c = tf.placeholder(tf.float32, [None, 2])
    p, J = build(X, c, np.random.RandomState(3))
    minimize = tf.train.GradientDescentOptimizer(rate).minimize(J)
    feed = {X: points, c: classes}
    with Session(engine=engine) as session:
        session.run(tf.global_variables_initializer())
        for _ in range(steps):
            session.run(minimize, feed)
        return np.mean(session.run(p, feed).argmax(1) == classes.argmax(1))


def test_a_perceptron_cannot_separate_crossed_clouds(engine):
    assert accuracy_of(perceptron, engine, 200, 0.001) < 0.8


def test_a_multi_layer_perceptron_separates_crossed_clouds(engine):
    def build(X, c, random):
        return network(X, c, 4, random)

    assert accuracy_of(build, engine, 500, 0.02) > 0.98


def test_engines_learn_the_same():
    """The same start and the same steps lead every engine to the same weights."""
    points, classes = crossed_clouds()
    X = tf.placeholder(tf.float32, [None, 2])
    c = tf.placeholder(tf.float32, [None, 2])
    _, J = network(X, c, 3, np.random.RandomState(4))
    minimize = tf.train.GradientDescentOptimizer(0.01).minimize(J)
    learned = {}
    for engine in ("walk", "numpy"):
        with Session(engine=engine) as session:
            session.run(tf.global_variables_initializer())
            for _ in range(50):
                session.run(minimize, {X: points, c: classes})
            learned[engine] = session.run(tf.trainable_variables())
    for ours, theirs in zip(learned["walk"], learned["numpy"], strict=True):
        np.testing.assert_allclose(ours, theirs, rtol=1e-4, atol=1e-5)
