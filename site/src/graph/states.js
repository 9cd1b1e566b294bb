// What is known after a number of steps: a pure function of the steps.

// The state after step `index` of the model (-1: before the first).
//   values: Map from leaf to its value; of several outputs, the latest.
//   outputs: Map from tensor name to value.
//   gradients: Map from leaf to { total, parts: list of what was sent, of, tensor, isFinal }.
//   byTensor: Map from tensor name to the same.
//   current: the step, or null.
export function stateAt(model, index) {
  const values = new Map();
  const outputs = new Map();
  const gradients = new Map();
  const byTensor = new Map();
  for (let i = 0; i <= index; i++) {
    const step = model.steps[i];
    if (step.phase === "forward") {
      values.set(step.leaf, step.value);
      if (step.tensor) outputs.set(step.tensor.name, step.value);
      continue;
    }
    const before = step.part > 1 ? byTensor.get(step.tensor.name) : null;
    const entry = { total: step.total, of: step.parts, tensor: step.tensor,
      parts: [...(before?.parts ?? []), { value: step.sent, from: step.from }],
      isFinal: step.part === step.parts };
    byTensor.set(step.tensor.name, entry);
    gradients.set(step.leaf, entry);
  }
  return { values, outputs, gradients, byTensor, current: model.steps[index] ?? null };
}

// The value of an input of a node in a state; that of a variable where its read is meant.
export function inputValue(model, state, node, position) {
  const [source, output] = node.inputs[position];
  const from = model.nodes[source];
  const name = from.outputs[output]?.name;
  return state.outputs.get(name) ?? (from.variable !== null ? state.values.get(from.leaf) : null)
    ?? (from.value !== undefined && model.steps.length === 0 ? from.value : null);
}

// The first step of a leaf in a phase, as an index; -1 if there is none.
export function firstStep(model, leaf, phase) {
  return model.steps.findIndex((step) => step.leaf === leaf && step.phase === phase);
}
