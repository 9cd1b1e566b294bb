"""A layer of LSTM cells and its gradient through time (Hochreiter & Schmidhuber 1997).

What need not wait for the step before is done for all steps at once: the products with the
inputs, and all that leads to the kernel.
"""

import numpy as np

from benchmarks.systems.floor.pieces import OPTIMIZERS, flat_layers, sparse_head


def lstm(problem):
    n, steps, units = problem.batch, problem.steps, problem.units
    weights, layers = flat_layers(problem.weights())
    grads, grad_layers = flat_layers([(np.zeros_like(w), np.zeros_like(b)) for w, b in layers])
    (kernel, bias), (w, b) = layers
    (kernel_grad, bias_grad), (w_grad, b_grad) = grad_layers
    of_inputs, of_outputs = kernel[:problem.inputs], kernel[problem.inputs:]
    update = OPTIMIZERS[problem.optimizer](weights, grads, problem.rate, n)
    head, ones = sparse_head(n, problem.classes), np.ones(n * steps, np.float32)
    inputs = np.empty((steps, n, problem.inputs), np.float32)
    gates, gate_grads = (np.empty((steps, n, 4 * units), np.float32) for _ in range(2))
    outputs, cells = (np.zeros((steps + 1, n, units), np.float32) for _ in range(2))
    squashed = np.empty((steps, n, units), np.float32)
    product, z = np.empty((n, 4 * units), np.float32), np.empty((problem.classes, n), np.float32)
    rows, all_gates = inputs.reshape(-1, problem.inputs), gates.reshape(-1, 4 * units)
    all_gate_grads, before = gate_grads.reshape(all_gates.shape), outputs[:-1].reshape(-1, units)
    # sigmoid(x) = (tanh(x / 2) + 1) / 2, so one tanh does for all four: i, j, f, o.
    half, forget = (np.zeros((4, units), np.float32) for _ in range(2))
    half[:], half[1], forget[2] = 0.5, 1, 1
    half, forget, shift = half.ravel(), forget.ravel(), (1 - half).ravel()

    def of(gates):
        return (gates[:, k * units:(k + 1) * units] for k in range(4))

    def forward(t):
        here = gates[t]
        np.add(here, np.dot(outputs[t], of_outputs, out=product), out=here)
        np.multiply(here, half, out=here)
        np.tanh(here, out=here)
        np.multiply(here, half, out=here)
        np.add(here, shift, out=here)
        i, j, f, o = of(here)
        np.multiply(cells[t], f, out=cells[t + 1])
        np.add(cells[t + 1], i * j, out=cells[t + 1])
        np.tanh(cells[t + 1], out=squashed[t])
        np.multiply(squashed[t], o, out=outputs[t + 1])

    def backward(t, output_grad, cell_grad):
        i, j, f, o = of(gates[t])
        di, dj, df, do = of(gate_grads[t])
        slope = squashed[t] * squashed[t]
        np.subtract(1, slope, out=slope)
        np.multiply(slope, o, out=slope)
        np.multiply(slope, output_grad, out=slope)
        np.add(cell_grad, slope, out=cell_grad)
        np.multiply(output_grad, squashed[t], out=do)
        np.multiply(cell_grad, j, out=di)
        np.multiply(cell_grad, cells[t], out=df)
        for gate, grad in (i, di), (f, df), (o, do):
            grad *= gate
            grad *= 1 - gate
        np.multiply(cell_grad, i, out=dj)
        dj *= 1 - j * j
        np.multiply(cell_grad, f, out=cell_grad)
        return np.dot(gate_grads[t], of_outputs.T)

    def step(x, labels):
        np.copyto(inputs, x.swapaxes(0, 1))
        np.dot(rows, of_inputs, out=all_gates)
        np.add(all_gates, bias + forget, out=all_gates)
        for t in range(steps):
            forward(t)
        np.dot(w.T, outputs[steps].T, out=z)
        np.add(z, b[:, None], out=z)
        loss, error = head(z, labels)
        np.dot(outputs[steps].T, error.T, out=w_grad)
        np.dot(error, ones[:n], out=b_grad)
        output_grad, cell_grad = np.dot(error.T, w.T), np.zeros((n, units), np.float32)
        for t in reversed(range(steps)):
            output_grad = backward(t, output_grad, cell_grad)
        np.dot(rows.T, all_gate_grads, out=kernel_grad[:problem.inputs])
        np.dot(before.T, all_gate_grads, out=kernel_grad[problem.inputs:])
        np.dot(ones, all_gate_grads, out=bias_grad)
        update()
        return loss

    return step
