// What a step does, in a sentence: for the line below the graph and for screen readers.

import { isScalar, shapeWords, short, valueText } from "./numbers.js";
import { inputValue } from "./states.js";

// Pieces of text; each is { text, kind } where kind is "", "name", "value" or "gradient".
export function describeStep(model, state) {
  const step = state.current;
  if (!step) {
    return [plain("Before the run: nothing is known yet. "), plain("Go forward to compute.")];
  }
  return step.phase === "forward" ? forward(model, state, step) : backward(state, step);
}

function forward(model, state, step) {
  const name = piece("name", step.node.name);
  if (step.fed) return [name, plain(" is fed: "), number("value", step.value)];
  if (step.leaf.kind === "variable") return [name, plain(" holds "), number("value", step.value)];
  if (step.leaf.kind === "constant") return [name, plain(" is "), number("value", step.value)];
  if (!step.tensor) return [name, plain(" is run")];
  const inputs = step.node.inputs.map((_, i) => inputValue(model, state, step.node, i));
  const pieces = [name, plain(` = ${step.node.op_type}(`)];
  inputs.forEach((value, i) => {
    if (i) pieces.push(plain(", "));
    pieces.push(value ? number("value", value) : plain(sourceName(model, step.node, i)));
  });
  return [...pieces, plain(") = "), number("value", step.value)];
}

function backward(state, step) {
  const name = piece("name", step.leaf.name);
  if (!step.from) {
    return [plain("Backward starts at "), name, plain(": its gradient with respect to itself is "),
      number("gradient", step.sent)];
  }
  const pieces = [piece("name", step.from.name), plain(" sends "), number("gradient", step.sent),
    plain(" to "), name];
  const local = localDerivative(state, step);
  if (local !== null) {
    pieces.splice(3, 0, plain(` = ${local.grad} × ${local.derivative}`));
  }
  if (step.parts === 1) return pieces;
  const entry = state.byTensor.get(step.tensor.name);
  if (step.part > 1) {
    pieces.push(plain(isScalar(step.total)
      ? `: ${entry.parts.map((part) => short(part.value.data)).join(" + ")} = ` : ", += gives "));
    pieces.push(number("gradient", step.total));
  }
  const left = step.parts - step.part;
  pieces.push(plain(left
    ? `. It waits for ${left} more before it sends on.`
    : `. All ${step.parts} have arrived: now it can send on.`));
  return pieces;
}

// For scalars: the consumer's gradient, and the derivative that the chain rule multiplies it with.
export function localDerivative(state, step) {
  const above = step.from && state.byTensor.get(step.from.outputs[0]?.name)?.total;
  if (!isScalar(above) || !isScalar(step.sent) || step.from.outputs.length > 1) return null;
  const [grad, sent] = [above.data, step.sent.data];
  if (typeof grad !== "number" || typeof sent !== "number" || grad === 0) return null;
  return { grad: short(grad), derivative: short(sent / grad) };
}

function sourceName(model, node, position) {
  return model.nodes[node.inputs[position][0]].name;
}

const plain = (text) => ({ text, kind: "" });
const piece = (kind, text) => ({ text, kind });
const number = (kind, value) => piece(kind, valueText(value, 28) || "nothing");

// The same sentence as one string.
export function sentence(model, state) {
  return describeStep(model, state).map(({ text }) => text).join("");
}

// What a screen reader says of a drawn part.
export function partLabel(part, state) {
  if (part.isScope) return `Scope ${part.name}, folded, ${part.size} operations`;
  const words = [`${part.name}, ${part.kind === "op" ? part.opType : part.kind}`];
  const shape = part.head.outputs[0]?.shape;
  if (part.head.outputs.length) words.push(shapeWords(state.values.get(part)?.shape ?? shape));
  const value = state.values.get(part);
  if (value) words.push(`value ${valueText(value, 40)}`);
  const gradient = state.gradients.get(part);
  if (gradient) {
    words.push(`gradient ${valueText(gradient.total, 40)}`
      + (gradient.isFinal ? "" : `, ${gradient.parts.length} of ${gradient.of} parts`));
  }
  return words.join(", ");
}
