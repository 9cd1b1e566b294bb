// Programs to begin with on the free page.

export const EXAMPLES = [
  { name: "A graph, forward and backward", code: `import pellucid as tf

# The last line is a run: below it appears as a graph that you can step through.
x = tf.Variable(0.5, dtype=tf.float64, name="x")
a = tf.square(x, name="a")
loss = tf.add(tf.sin(a), tf.exp(a), name="loss")

tf.viz.trace(loss, xs=[x])
` },
  { name: "A line through points", code: `import numpy as np
import pellucid as tf

# Points near the line y = 2 x - 1, and the line that gradient descent finds.
rng = np.random.default_rng(1)
xs = rng.uniform(-1.0, 1.0, (50, 1))
ys = 2.0 * xs - 1.0 + 0.1 * rng.normal(size=(50, 1))

x = tf.placeholder(tf.float64, [None, 1], name="x")
y = tf.placeholder(tf.float64, [None, 1], name="y")
w = tf.Variable([[0.0]], dtype=tf.float64, name="w")
b = tf.Variable([0.0], dtype=tf.float64, name="b")
err = tf.subtract(tf.matmul(x, w) + b, y, name="err")
loss = tf.reduce_mean(err * err, name="loss")
step = tf.train.GradientDescentOptimizer(0.3).minimize(loss)

session = tf.Session()
session.run(tf.global_variables_initializer())
for i in range(51):
    if i % 10 == 0:
        print(i, session.run(loss, {x: xs, y: ys}))
    session.run(step, {x: xs, y: ys})
print("y = %.3f x + %.3f" % (session.run(w)[0, 0], session.run(b)[0]))

tf.viz.trace(loss, {x: xs[:4], y: ys[:4]}, session=session)
` },
  { name: "Exclusive or", code: `import numpy as np
import pellucid as tf

# What no straight line can tell apart: a hidden layer of four units learns it.
points = np.array([[0, 0], [0, 1], [1, 0], [1, 1]], np.float32)
labels = np.array([[0], [1], [1], [0]], np.float32)

tf.set_random_seed(2)
x = tf.placeholder(tf.float32, [None, 2], name="x")
y = tf.placeholder(tf.float32, [None, 1], name="y")
hidden = tf.layers.dense(x, 4, activation=tf.tanh, name="hidden")
logit = tf.layers.dense(hidden, 1, name="output")
p = tf.sigmoid(logit, name="p")
loss = tf.reduce_mean(
    tf.nn.sigmoid_cross_entropy_with_logits(labels=y, logits=logit), name="loss")
step = tf.train.AdamOptimizer(0.05).minimize(loss)

session = tf.Session()
session.run(tf.global_variables_initializer())
for i in range(300):
    session.run(step, {x: points, y: labels})
print(np.round(session.run(p, {x: points}), 3))

tf.viz.trace(loss, {x: points, y: labels}, session=session)
` },
  { name: "An operation of your own", code: `import numpy as np
import pellucid as tf


class cube(tf.Operation):
    """x ** 3: compute says what it is, the gradient how it is trained through."""

    def __init__(self, x):
        super().__init__([x])

    def compute(self, x):
        return x ** 3


@tf.RegisterGradient("cube")
def _cube_gradient(op, grad):
    return 3.0 * op.inputs[0] ** 2.0 * grad


x = tf.placeholder(tf.float64, name="x")
y = cube(x)
(slope,) = tf.gradients(y, [x])

# The gradient, beside a difference quotient.
session = tf.Session()
at, h = 2.0, 1e-5
quotient = (session.run(y.output, {x: at + h}) - session.run(y.output, {x: at - h})) / (2 * h)
print("gradient ", session.run(slope, {x: at}))
print("quotient ", round(float(quotient), 6))

tf.viz.trace(y.output, {x: at})
` },
  { name: "The plan: a graph as a program", code: `import numpy as np
import pellucid as tf

# A session turns what is fetched into straight Python, and keeps it. Here it is.
x = tf.placeholder(tf.float32, [None, 2], name="x")
w = tf.Variable(np.ones((2, 3), np.float32), name="w")
loss = tf.reduce_sum(tf.square(tf.tanh(tf.matmul(x, w))), name="loss")
(slope,) = tf.gradients(loss, [w])

session = tf.Session()
session.run(tf.global_variables_initializer())
print(session.plan([loss, slope], [x]).source)

loss.graph
` },
];
