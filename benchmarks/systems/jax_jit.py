"""JAX on the CPU: each step is one compiled function whose old state is donated."""

import os
from functools import partial

os.environ.setdefault("JAX_PLATFORMS", "cpu")

import jax
import jax.numpy as jnp
import numpy as np

from benchmarks import problems
from benchmarks.systems import System, builders_in

ACTIVATIONS = {"relu": jax.nn.relu, "sigmoid": jax.nn.sigmoid}


def affine(problem):
    a, b = map(jnp.asarray, problem.weights())
    run = jax.jit(lambda a, b, x: a @ x + b)

    def step(x):
        return np.asarray(run(a, b, x))

    return step


def classifier(problem):
    activation = ACTIVATIONS[problem.hidden]
    loss_of = LOSSES[problem.loss]
    return trained(problem, lambda layers, x, labels: loss_of(
        dense_layers(layers, activation, x), labels))


def conv_net(problem):
    def loss_at(layers, x, labels):
        *kernels, hidden, last = layers
        for w, b in kernels:
            maps = jax.nn.relu(convolved(x, w) + b)
            x = jax.lax.reduce_window(maps, -jnp.inf, jax.lax.max, (1, 2, 2, 1), (1, 2, 2, 1),
                                      "SAME")
        logits = dense_layers([hidden, last], jax.nn.relu, x.reshape(len(x), -1))
        return sparse_loss(logits, labels)

    return trained(problem, loss_at)


def lstm(problem):
    def loss_at(layers, x, labels):
        (kernel, bias), last = layers

        def cell(state, x):
            c, h = state
            i, j, f, o = jnp.split(jnp.concatenate([x, h], 1) @ kernel + bias, 4, 1)
            c = c * jax.nn.sigmoid(f + 1) + jax.nn.sigmoid(i) * jnp.tanh(j)
            return (c, jnp.tanh(c) * jax.nn.sigmoid(o)), None

        zeros = jnp.zeros((len(x), problem.units))
        (_, h), _ = jax.lax.scan(cell, (zeros, zeros), x.swapaxes(0, 1))
        return sparse_loss(dense_layers([last], None, h), labels)

    return trained(problem, loss_at)


def transformer(problem):
    heads = problem.heads, problem.width // problem.heads

    def norm(x, gain, bias):
        x = x - x.mean(-1, keepdims=True)
        return x * jax.lax.rsqrt((x * x).mean(-1, keepdims=True) + 1e-6) * gain + bias

    def loss_at(layers, x, labels):
        *blocks, last = layers
        for norm1, (w, b), (w_out, b_out), norm2, (w_up, b_up), (w_down, b_down) in (
                blocks[:6], blocks[6:]):
            q, k, v = jnp.moveaxis((norm(x, *norm1) @ w + b).reshape(*x.shape[:2], 3, *heads), 2, 0)
            x = x + jax.nn.dot_product_attention(q, k, v).reshape(x.shape) @ w_out + b_out
            x = x + jax.nn.gelu(norm(x, *norm2) @ w_up + b_up) @ w_down + b_down
        return sparse_loss(dense_layers([last], None, x.mean(1)), labels)

    return trained(problem, loss_at)


def trained(problem, loss_at):
    """A step of training that minimizes loss_at(layers, x, labels)."""
    layers = jax.tree.map(jnp.asarray, problem.weights())
    initial_state, updated = OPTIMIZERS[problem.optimizer]

    @partial(jax.jit, donate_argnums=0)
    def train(state, x, labels):
        loss, grads = jax.value_and_grad(loss_at)(state["layers"], x, labels)
        return updated(state, grads, problem.rate), loss

    state = initial_state(layers)

    def step(x, labels):
        nonlocal state
        state, loss = train(state, x, labels)
        return float(loss)

    return step


def convolution(problem):
    w = jnp.asarray(problem.weights())
    like = [jax.ShapeDtypeStruct(shape, jnp.float32)
            for shape in (problem.images, problem.kernel)]
    ways = {
        "forward": convolved,
        "kernel": lambda x, g, w: jax.linear_transpose(
            lambda w: convolved(x, w), like[1])(g)[0],
        "image": lambda g, w: jax.linear_transpose(lambda x: convolved(x, w), like[0])(g)[0],
    }
    run = jax.jit(ways[problem.way])

    def step(*values):
        return np.asarray(run(*values, w))

    return step


def convolved(x, w):
    return jax.lax.conv_general_dilated(
        x, w, (1, 1), "SAME", dimension_numbers=("NHWC", "HWIO", "NHWC"))


def inference(problem):
    layers = jax.tree.map(jnp.asarray, problem.weights())
    run = jax.jit(lambda layers, x: dense_layers(layers, jax.nn.relu, x))

    def step(x):
        return np.asarray(run(layers, x))

    return step


def diamond(problem):
    def doubled(x):
        for _ in range(problem.depth):
            x = x + x
        return x

    run = jax.jit(jax.value_and_grad(doubled))

    def step(x):
        with jax.enable_x64(True):
            y, slope = run(x)
        return float(y), float(slope)

    return step


def dense_layers(layers, activation, x):
    *hidden, (last_w, last_b) = layers
    for w, b in hidden:
        x = activation(x @ w + b)
    return x @ last_w + last_b


def tutorial_loss(logits, c):
    p = jax.nn.softmax(logits)
    return -jnp.sum(jnp.sum(c * jnp.log(p), axis=1))


def one_hot_loss(logits, c):
    return -jnp.mean(jnp.sum(c * jax.nn.log_softmax(logits), axis=1))


def sparse_loss(logits, y):
    return -jnp.mean(jnp.take_along_axis(jax.nn.log_softmax(logits), y[:, None], axis=1))


LOSSES = {"tutorial": tutorial_loss, "one-hot": one_hot_loss, "sparse": sparse_loss}


def sgd_state(layers):
    return {"layers": layers}


def sgd_updated(state, grads, rate):
    return {"layers": jax.tree.map(lambda w, g: w - rate * g, state["layers"], grads)}


def adam_state(layers):
    return {
        "layers": layers,
        "m": jax.tree.map(jnp.zeros_like, layers),
        "v": jax.tree.map(jnp.zeros_like, layers),
        "t": jnp.zeros((), jnp.float32),
    }


def adam_updated(state, grads, rate, beta1=0.9, beta2=0.999, epsilon=1e-8):
    """Kingma & Ba 2015, the faster order of section 2, which is also TensorFlow's."""
    t = state["t"] + 1
    m = jax.tree.map(lambda m, g: m + (1 - beta1) * (g - m), state["m"], grads)
    v = jax.tree.map(lambda v, g: v + (1 - beta2) * (g * g - v), state["v"], grads)
    rate = rate * jnp.sqrt(1 - beta2**t) / (1 - beta1**t)
    layers = jax.tree.map(
        lambda w, m, v: w - rate * m / (jnp.sqrt(v) + epsilon), state["layers"], m, v
    )
    return {"layers": layers, "m": m, "v": v, "t": t}


OPTIMIZERS = {"SGD": (sgd_state, sgd_updated), "Adam": (adam_state, adam_updated)}


def load():
    endless = {problems.Chain: "XLA does not finish compiling it"}
    return System(f"jax {jax.__version__}", builders_in(globals()), endless)
