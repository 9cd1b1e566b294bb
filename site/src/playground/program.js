// The program that the playground is: settings become Python, and this very text is run.

import { datasetOf, decimal } from "./datasets.js";
import { ACTIVATIONS, FEATURES, OPTIMIZERS } from "./settings.js";

// The text of the program for settings from settings.checked.
export function programOf(settings) {
  const { layers, batch, seed, trainPercent } = settings;
  const data = datasetOf(settings.data);
  return `"""A net that learns to tell two classes of points apart: ${data.name.toLowerCase()}."""

import numpy as np
import pellucid as tf

rng = np.random.default_rng(${seed})

# -- data: points (n, 2), labels 0 or 1 -------------------------------------------------------

${data.code(settings)}
order = rng.permutation(len(points))
count = len(points) * ${trainPercent} // 100
points, labels = points[order].astype(np.float32), labels[order].astype(np.float32)[:, None]
train_x, test_x = points[:count], points[count:]
train_y, test_y = labels[:count], labels[count:]

# -- the net ----------------------------------------------------------------------------------

tf.set_random_seed(${seed})
x = tf.placeholder(tf.float32, [None, 2], name="x")
label = tf.placeholder(tf.float32, [None, 1], name="label")
x1, x2 = x[:, 0:1], x[:, 1:2]

features = tf.concat([${featureCode(settings)}], axis=1, name="features")
layers, weights, biases = [features], [], []


def connect(inputs, units):
    """A weight from each input to each unit, and a bias for each unit."""
    size = int(inputs.shape[1])
    w = tf.Variable(tf.random_normal([size, units], stddev=${stddev(settings)}), name="w")
    b = tf.Variable(tf.zeros([units]), name="b")
    weights.append(w)
    biases.append(b)
    return tf.matmul(inputs, w) + b


for units in [${layers.join(", ")}]:
    with tf.name_scope("hidden"):
        layers.append(${ACTIVATIONS[settings.activation].code}(connect(layers[-1], units)))
with tf.name_scope("output"):
    logit = connect(layers[-1], 1)
    p = tf.sigmoid(logit, name="p")                  # the probability of class 1

with tf.name_scope("loss"):
    error = tf.reduce_mean(tf.nn.sigmoid_cross_entropy_with_logits(labels=label, logits=logit))
    loss = error${penaltyCode(settings)}

minimize = ${OPTIMIZERS[settings.optimizer].code(decimal(settings.rate))}.minimize(loss)

# -- training ---------------------------------------------------------------------------------

session = tf.Session()
session.run(tf.global_variables_initializer())


def train(steps):
    """Takes some steps, each on ${batch} of the training points."""
    for _ in range(steps):
        batch = rng.integers(0, len(train_x), ${batch})
        session.run(minimize, {x: train_x[batch], label: train_y[batch]})


def errors():
    """The error on the training points, and on the others."""
    return (session.run(error, {x: train_x, label: train_y}),
            session.run(error, {x: test_x, label: test_y}))


if __name__ == "__main__":
    for steps in range(0, 2001, 200):
        print("step %4d   training error %.4f   test error %.4f" % (steps, *errors()))
        train(200)
    right = (session.run(p, {x: test_x}) > 0.5) == (test_y > 0.5)
    print("%.1f %% of the test points are right" % (100.0 * right.mean()))
`;
}

function featureCode({ features }) {
  return FEATURES.filter(({ id }) => features.includes(id)).map(({ code }) => code).join(", ");
}

// Weights that keep values about as large from layer to layer.
function stddev({ activation }) {
  return activation === "relu" || activation === "elu" ? "(2.0 / size) ** 0.5" : "size ** -0.5";
}

function penaltyCode({ penalty, penaltyRate }) {
  if (penalty === "none" || penaltyRate === 0) return "";
  const size = penalty === "l1" ? "tf.reduce_sum(tf.abs(w))" : "tf.reduce_sum(tf.square(w))";
  return ` + ${decimal(penaltyRate)} * tf.add_n([${size} for w in weights])`;
}
