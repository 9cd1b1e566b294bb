"""PyTorch on the CPU, eager, spelled for speed: addmm, fused optimizers, no copies."""

import torch
import torch.nn.functional as F

from benchmarks.systems import System, builders_in

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

    def logits(x):
        h = x.permute(0, 3, 1, 2)
        for w, b in kernels:
            h = F.max_pool2d(torch.relu(F.conv2d(h, w, b, padding=2)), 2)
        return dense_layers([hidden, last], torch.relu, h.permute(0, 2, 3, 1).flatten(1))

    return trained(problem, parameters, logits)


def lstm(problem):
    """PyTorch's order of gates is i, f, j, o; of its two biases one is trained."""
    (kernel, bias), last = [tuple(map(torch.from_numpy, layer)) for layer in problem.weights()]
    order = torch.arange(4 * problem.units).reshape(4, -1)[[0, 2, 1, 3]].ravel()
    layer = torch.nn.LSTM(problem.inputs, problem.units, batch_first=True)
    forget = torch.zeros(4, problem.units)
    forget[1] = 1
    values = kernel[:problem.inputs, order].T, kernel[problem.inputs:, order].T, bias[order]
    with torch.no_grad():
        for parameter, value in zip(layer.parameters(), (*values, forget.ravel()), strict=True):
            parameter.copy_(value)
    layer.bias_hh_l0.requires_grad_(False)
    parameters = [layer.weight_ih_l0, layer.weight_hh_l0, layer.bias_ih_l0]
    parameters += [p.requires_grad_() for p in last]
    return trained(problem, parameters, lambda x: dense_layers([last], None, layer(x)[0][:, -1]))


def transformer(problem):
    layers = [tuple(torch.from_numpy(a).clone() for a in layer) for layer in problem.weights()]
    parameters = [p.requires_grad_() for layer in layers for p in layer]
    *blocks, last = layers
    heads = problem.heads, problem.width // problem.heads

    def norm(x, layer):
        return F.layer_norm(x, x.shape[-1:], *layer, eps=1e-6)

    def logits(x):
        for norm1, (w, b), (w_out, b_out), norm2, (w_up, b_up), (w_down, b_down) in (
                blocks[:6], blocks[6:]):
            qkv = torch.addmm(b, norm(x, norm1).flatten(0, 1), w).view(*x.shape[:2], 3, *heads)
            y = F.scaled_dot_product_attention(*qkv.permute(2, 0, 3, 1, 4))
            y = y.transpose(1, 2).reshape(-1, problem.width)
            x = x + torch.addmm(b_out, y, w_out).view(x.shape)
            y = torch.addmm(b_up, norm(x, norm2).flatten(0, 1), w_up)
            x = x + torch.addmm(b_down, F.gelu(y, approximate="tanh"), w_down).view(x.shape)
        return dense_layers([last], None, x.mean(1))

    return trained(problem, parameters, logits)


def trained(problem, parameters, logits):
    """A step of training that minimizes the cross-entropy of logits(x)."""
    optimizer = OPTIMIZERS[problem.optimizer](parameters, lr=problem.rate, fused=True)

    def step(x, labels):
        loss = sparse_loss(logits(torch.from_numpy(x)), torch.from_numpy(labels))
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
    name = f"torch {torch.__version__}, {torch.get_num_threads()} threads"
    return System(name, builders_in(globals()))
