"""PyTorch on the CPU, eager, spelled for speed: addmm, fused optimizers, no copies."""

import torch
import torch.nn.functional as F

from benchmarks.problems import (
    Affine,
    Chain,
    Classifier,
    ConvNet,
    Convolution,
    Diamond,
    Inference,
)
from benchmarks.systems import System

ACTIVATIONS = {"relu": torch.relu, "sigmoid": torch.sigmoid}


def affine(problem):
    a, b = map(torch.from_numpy, problem.weights())

    @torch.inference_mode()
    def step(x):
        return torch.addmm(b, a, torch.from_numpy(x)).numpy()

    return step


def classifier(problem):
    layers = [(torch.from_numpy(w), torch.from_numpy(b)) for w, b in problem.weights()]
    parameters = [p.requires_grad_() for layer in layers for p in layer]
    activation = ACTIVATIONS[problem.hidden]
    loss_of = LOSSES[problem.loss]
    optimizer = OPTIMIZERS[problem.optimizer](parameters, lr=problem.rate, fused=True)

    def step(x, labels):
        logits = dense_layers(layers, activation, torch.from_numpy(x))
        loss = loss_of(logits, torch.from_numpy(labels))
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        return loss.item()

    return step


def conv_net(problem):
    """Images stay channels last, the layout in which the batches come."""
    *kernels, hidden, last = [tuple(map(torch.from_numpy, layer)) for layer in problem.weights()]
    kernels = [(as_torch_kernel(w), b) for w, b in kernels]
    parameters = [p.requires_grad_() for layer in (*kernels, hidden, last) for p in layer]
    optimizer = OPTIMIZERS[problem.optimizer](parameters, lr=problem.rate, fused=True)

    def step(x, labels):
        h = torch.from_numpy(x).permute(0, 3, 1, 2)
        for w, b in kernels:
            h = F.max_pool2d(torch.relu(F.conv2d(h, w, b, padding=2)), 2)
        h = h.permute(0, 2, 3, 1).flatten(1)
        loss = sparse_loss(dense_layers([hidden, last], torch.relu, h), torch.from_numpy(labels))
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        return loss.item()

    return step


def convolution(problem):
    w = as_torch_kernel(torch.from_numpy(problem.weights()))
    n, height, width, channels = problem.images
    pad = problem.kernel[0] // 2

    @torch.inference_mode()
    def step(*values):
        x, *grads = (torch.from_numpy(value).permute(0, 3, 1, 2) for value in values)
        if problem.way == "forward":
            return F.conv2d(x, w, padding=pad).permute(0, 2, 3, 1).contiguous().numpy()
        if problem.way == "kernel":
            back = torch.nn.grad.conv2d_weight(x, w.shape, grads[0], padding=pad)
            return back.permute(2, 3, 1, 0).contiguous().numpy()
        back = torch.nn.grad.conv2d_input((n, channels, height, width), w, x, padding=pad)
        return back.permute(0, 2, 3, 1).contiguous().numpy()

    return step


def as_torch_kernel(w):
    """A kernel (h, w, in, out) as (out, in, h, w), channels last in memory."""
    return w.permute(3, 2, 0, 1).contiguous(memory_format=torch.channels_last)


def inference(problem):
    layers = [(torch.from_numpy(w), torch.from_numpy(b)) for w, b in problem.weights()]

    @torch.inference_mode()
    def step(x):
        return dense_layers(layers, torch.relu, torch.from_numpy(x)).numpy()

    return step


def chain(problem):
    c = torch.tensor(problem.factor)

    def step(x):
        x = torch.tensor(x, requires_grad=True)
        y = x
        for _ in range(problem.length):
            y = y * c
        y.backward()
        return y.item(), x.grad.item()

    return step


def diamond(problem):
    def step(x):
        x = torch.tensor(x, requires_grad=True)
        y = x
        for _ in range(problem.depth):
            y = y + y
        y.backward()
        return y.item(), x.grad.item()

    return step


def dense_layers(layers, activation, x):
    *hidden, (last_w, last_b) = layers
    for w, b in hidden:
        x = activation(torch.addmm(b, x, w))
    return torch.addmm(last_b, x, last_w)


def tutorial_loss(logits, c):
    p = torch.softmax(logits, dim=1)
    return -(c * torch.log(p)).sum(dim=1).sum()


def sparse_loss(logits, y):
    return F.cross_entropy(logits, y.long())


LOSSES = {"tutorial": tutorial_loss, "one-hot": F.cross_entropy, "sparse": sparse_loss}
OPTIMIZERS = {"SGD": torch.optim.SGD, "Adam": torch.optim.Adam}


def load():
    builders = {
        Affine: affine,
        Classifier: classifier,
        ConvNet: conv_net,
        Convolution: convolution,
        Inference: inference,
        Chain: chain,
        Diamond: diamond,
    }
    return System(f"torch {torch.__version__}, {torch.get_num_threads()} threads", builders)
