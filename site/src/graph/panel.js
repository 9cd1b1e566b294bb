// What is known of one node: its type, inputs, value, gradient, and its code, the reader's and ours.

import { leavesOf } from "./folding.js";
import { show } from "./heatmap.js";
import { isScalar, shapeText, short, valueText } from "./numbers.js";
import { inputValue } from "./states.js";
import { html } from "./svg.js";
import { localDerivative } from "./words.js";

// Fills the element with a panel about a part (a leaf, or a folded scope).
//   onLine(node): called when the reader asks for the line of a node; null where there is no program.
//   onChoose(leaf): called when the reader chooses one of the inputs.
//   onOpen(scope): called to unfold a scope.
export function fillPanel(element, part, model, state, handlers) {
  const isOpen = new Set([...element.querySelectorAll("details[open]")].map((d) => d.dataset.of));
  element.replaceChildren(...(part.isScope
    ? scopePanel(part, state, handlers) : leafPanel(part, model, state, handlers)));
  for (const details of element.querySelectorAll("details")) {
    details.open = isOpen.has(details.dataset.of);
  }
}

function scopePanel(scope, state, { onOpen }) {
  const counts = new Map();
  for (const leaf of leavesOf(scope)) counts.set(leaf.opType, (counts.get(leaf.opType) ?? 0) + 1);
  const rows = [...counts].sort((a, b) => b[1] - a[1]).slice(0, 12);
  return [heading(scope.name, "name scope"),
    html("p", {}, `${scope.size.toLocaleString("en")} operations, folded into one node.`),
    html("button", { type: "button", class: "pv-button pv-wide", onclick: () => onOpen(scope) }, "Unfold"),
    html("ul", { class: "pv-list" }, rows.map(([type, count]) => html("li", {}, `${count} × ${type}`)))];
}

function leafPanel(leaf, model, state, { onLine, onChoose }) {
  const node = leaf.head;
  const type = model.types[node.op_type] ?? {};
  const place = node.line && onLine ? html("button", { type: "button", class: "pv-link", onclick: () => onLine(node) },
    `line ${node.line}`) : null;
  return [
    heading(leaf.name, leaf.kind === "op" ? node.op_type : leaf.kind, place),
    type.doc && leaf.kind === "op" ? html("p", { class: "pv-doc" }, type.doc) : null,
    ...inputsPart(node, model, state, onChoose),
    ...outputsPart(leaf, node, model, state),
    ...gradientsPart(node, leaf, state),
    ...codePart(type)].filter(Boolean);
}

function heading(name, kind, place) {
  return html("div", { class: "pv-heading" }, html("p", { class: "pv-name" }, name),
    html("span", { class: "pv-kind" }, kind), place);
}

function inputsPart(node, model, state, onChoose) {
  if (!node.inputs.length) return [];
  return [html("p", { class: "pv-part" }, "inputs"), html("ul", { class: "pv-list" }, node.inputs.map(([source], i) => {
    const leaf = model.nodes[source].leaf;
    const value = inputValue(model, state, node, i);
    return html("li", {}, html("button", { type: "button", class: "pv-link", onclick: () => onChoose(leaf) },
      leaf.name), value ? html("span", { class: "pv-mono" }, ` ${valueText(value, 26)}`) : null);
  }))];
}

function outputsPart(leaf, node, model, state) {
  return node.outputs.flatMap((output) => {
    const value = state.outputs.get(output.name) ?? (node.outputs.length === 1 ? state.values.get(leaf) : null)
      ?? (model.steps.length === 0 ? node.value : null);
    const known = value?.shape ?? output.shape;
    const shape = shapeText(known) || (known ? "scalar" : "shape unknown");
    const title = html("p", { class: "pv-part" }, node.outputs.length > 1 ? output.name : model.steps.length || value ? "value" : "output",
      html("span", { class: "pv-soft" }, ` ${shape} ${value?.dtype ?? output.dtype ?? ""}`));
    return model.steps.length || value ? [title, show(value, `value of ${output.name}`)] : [title];
  });
}

function gradientsPart(node, leaf, state) {
  const names = leaf.members.flatMap((member) => member.outputs.map((output) => output.name));
  return names.flatMap((name) => {
    const entry = state.byTensor.get(name);
    if (!entry) return [];
    const title = html("p", { class: "pv-part pv-gradient-title" }, `gradient${entry.isFinal ? "" : ", so far"}`);
    return [title, entry.of > 1 ? sum(entry, state) : chain(entry, state),
      show(entry.total, `gradient of ${name}`)].filter(Boolean);
  });
}

// The parts of a gradient, one below the other, as they came.
function sum(entry, state) {
  const rows = entry.parts.map((part, i) => html("li", {}, html("span", { class: "pv-sign" }, i ? "+=" : "="),
    html("span", { class: "pv-mono" }, valueText(part.value, 20)),
    html("span", { class: "pv-soft" }, ` from ${part.from?.name ?? "the start"}`)));
  for (let i = entry.parts.length; i < entry.of; i++) {
    rows.push(html("li", { class: "pv-soft" }, html("span", { class: "pv-sign" }, "+="), "…"));
  }
  return html("ol", { class: "pv-sum" }, rows);
}

function chain(entry, state) {
  const [{ value, from }] = entry.parts;
  const local = from && localDerivative(state, { from, sent: value });
  if (!local || !isScalar(value)) return null;
  return html("p", { class: "pv-mono pv-soft" },
    `${short(value.data)} = ${local.grad} × ${local.derivative} (${from.op_type})`);
}

function codePart(type) {
  const parts = [];
  if (type.code) parts.push(code("code", "how it is computed", type.code));
  if (type.gradient) parts.push(code("gradient", "its gradient", type.gradient));
  if (parts.length && type.file) parts.push(html("p", { class: "pv-soft pv-file" }, type.file));
  return parts;
}

function code(of, title, text) {
  return html("details", { "data-of": of }, html("summary", {}, title), html("pre", {}, html("code", {}, text)));
}
