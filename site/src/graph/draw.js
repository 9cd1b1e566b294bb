// The picture: SVG elements for what layout.js placed, and their change from step to step.

import { keyOf } from "./folding.js";
import { miniature } from "./heatmap.js";
import { isScalar, valueText } from "./numbers.js";
import { BOLDER, fit, MONO, NOTE, textsOf, TITLE } from "./sizes.js";
import { svg } from "./svg.js";

const ROW = 22;                // the height of a value on a node

// Draws. Returns { element, paint(state, progress), nodes: Map from part to its element }.
//   sizes: Map from part to what sizeOf says.
//   label(edge): text on an edge.
//   hasRun: true if there are steps.
export function draw(placed, { sizes, label, hasRun }) {
  const wires = placed.edges.map((wire) => drawWire(wire, label(wire.edge)));
  const cards = new Map();
  for (const [part, box] of placed.parts) cards.set(part, drawPart(part, box, sizes.get(part)));
  const element = svg("g", { class: hasRun ? "pv-drawing pv-has-run" : "pv-drawing" },
    [...placed.boxes].map(([scope, box]) => drawBox(scope, box)),
    wires.map(({ group }) => group), [...cards.values()].map(({ group }) => group),
    wires.map(({ sent }) => sent));
  const nodes = new Map([...cards].map(([part, { group }]) => [part, group]));
  return { element, nodes, paint(state, shown) { paintAll(wires, cards, state, shown); } };
}

// -- nodes --------------------------------------------------------------------------------------

function drawBox(scope, { x, y, width, height }) {
  return svg("g", { class: "pv-box", "data-key": keyOf(scope) },
    svg("rect", { x, y, width, height, rx: 12 }),
    svg("g", { class: "pv-fold", role: "button", tabindex: -1, "data-fold": keyOf(scope),
      "aria-label": `Fold scope ${scope.name}` },
      svg("rect", { x: x + 4, y: y + 4, width: 20, height: 18, rx: 5, class: "pv-fold-face" }),
      svg("path", { d: `M${x + 10} ${y + 13}h8` }),
      svg("text", { x: x + 29, y: y + 17, "font-size": 11.5 }, scope.label)));
}

function drawPart(part, { x, y, width, height }, size) {
  const { title, note } = textsOf(part);
  const kind = part.isScope ? "scope" : part.kind;
  const group = svg("g", { class: `pv-node pv-${kind}${part.isTarget ? " pv-target" : ""}`,
    transform: `translate(${x} ${y})`, role: "button", tabindex: -1, "data-key": keyOf(part) });
  if (part.isScope) {
    group.append(svg("rect", { x: 4, y: 5, width: width - 2, height: height - 2, rx: 9, class: "pv-under" }));
  }
  const isPill = kind === "constant" && !size.rows;
  group.append(svg("rect", { width, height, rx: isPill ? 12 : 9, class: "pv-face" }));
  if (kind === "variable" || kind === "placeholder") {
    group.append(svg("rect", { x: 0, y: 9, width: 4, height: height - 18, rx: 2, class: "pv-bar" }));
  }
  if (isPill) {
    group.append(svg("text", { x: width / 2, y: 16, "font-size": MONO, class: "pv-mono" }, title));
  } else {
    group.append(svg("text", { x: width / 2, y: 18, "font-size": TITLE, class: "pv-title" },
      fit(title, TITLE, (width - 16) / BOLDER)));
    if (note) {
      group.append(svg("text", { x: width / 2, y: 33, "font-size": NOTE, class: "pv-soft" },
        fit(note, NOTE, width - 14)));
    }
  }
  if (title !== fit(title, TITLE, (width - 16) / BOLDER) || note !== fit(note, NOTE, width - 14)) {
    group.append(svg("title", {}, [title, note].filter(Boolean).join(", ")));
  }
  const value = size.rows ? drawRow(width, size.rows.value, "value") : null;
  const gradient = size.rows?.gradient ? drawRow(width, size.rows.gradient, "gradient") : null;
  if (value) group.append(value.group);
  if (gradient) group.append(gradient.group);
  let progress = null;
  if (part.isScope) {
    progress = svg("rect", { x: 8, y: height - 6, width: 0, height: 3, rx: 1.5, class: "pv-progress" });
    group.append(progress);
  }
  return { group, part, width, value, gradient, progress };
}

function drawRow(width, top, kind) {
  const body = svg("g", { transform: `translate(${kind === "gradient" ? 20 : 6} 2)` });
  const pips = svg("g", { class: "pv-pips" });
  const group = svg("g", { class: `pv-row pv-${kind}`, transform: `translate(0 ${top})` },
    svg("rect", { x: 5, y: 0, width: width - 10, height: ROW, rx: 5, class: "pv-row-face" }),
    kind === "gradient" ? svg("text", { x: 15, y: 15.5, "font-size": 12, class: "pv-mark" }, "∂") : null,
    body, pips);
  return { group, body, pips, width: width - (kind === "gradient" ? 26 : 12), last: undefined };
}

function fillRow(row, value) {
  if (row.last === value) return;
  row.last = value;
  row.group.classList.toggle("pv-known", Boolean(value));
  row.body.replaceChildren();
  if (!value) return;
  const most = Math.floor(row.width / (MONO * 0.61));
  const text = valueText(value, most);
  const fits = isScalar(value) || (text.startsWith("[") && !text.includes("[["));
  const picture = fits ? null : miniature(value, row.width, ROW - 4);
  row.body.append(picture ?? svg("text", { x: row.width / 2, y: 13.5, "font-size": MONO,
    class: "pv-mono" }, text || "∅"));
}

// ●●○: how many of its parts a gradient has received.
function fillPips(row, entry) {
  row.pips.replaceChildren();
  if (!entry || entry.of < 2 || entry.of > 9) return;
  for (let i = 0; i < entry.of; i++) {
    row.pips.append(svg("circle", { cx: row.width + 26 - 9 - 7 * (entry.of - 1 - i), cy: 0, r: 2.6,
      class: i < entry.parts.length ? "pv-pip pv-full" : "pv-pip" }));
  }
}

// -- edges --------------------------------------------------------------------------------------

function drawWire({ edge, path, label, tip, middle }, text) {
  const flow = svg("path", { d: path, class: "pv-flow" });
  const group = svg("g", { class: `pv-wire${edge.isControl ? " pv-control" : ""}` },
    svg("path", { d: path, class: "pv-line" }), flow,
    svg("path", { d: "M0 0L-7 3.6L-7 -3.6Z", class: "pv-tip",
      transform: `translate(${tip.x} ${tip.y}) rotate(${tip.angle})` }));
  if (label && text) {
    const width = text.length * 6.4 + 6;
    group.append(svg("rect", { x: label.x - width / 2, y: label.y - 7, width, height: 14, rx: 4,
      class: "pv-label-ground" }),
      svg("text", { x: label.x, y: label.y + 3.6, "font-size": NOTE, class: "pv-label" }, text));
  }
  const sent = svg("g", { class: "pv-sent", transform: `translate(${(label ?? middle).x} ${(label ?? middle).y})` });
  return { edge, group, sent };
}

function paintSent(wire, step) {
  wire.sent.replaceChildren();
  if (!step) return;
  const text = `${step.part > 1 ? "+= " : ""}${valueText(step.sent, 18) || "?"}`;
  const width = text.length * 7 + 14;
  wire.sent.append(svg("rect", { x: -width / 2, y: -10, width, height: 20, rx: 10 }),
    svg("text", { y: 4, "font-size": MONO, class: "pv-mono" }, text));
}

// -- painting a state ---------------------------------------------------------------------------

// shown: Map from leaf to the part that stands for it.
function paintAll(wires, cards, state, shown) {
  const step = state.current;
  const here = step ? shown.get(step.leaf) : null;
  const sender = step?.from ? shown.get(step.from.leaf) : null;
  const counts = countKnown(state, shown);
  for (const [part, card] of cards) {
    const { classList } = card.group;
    const entry = part.isScope ? null : state.gradients.get(part);
    classList.toggle("pv-known", counts.known.has(part));
    classList.toggle("pv-current", part === here);
    classList.toggle("pv-backward", part === here && step.phase === "backward");
    classList.toggle("pv-sender", part === sender && part !== here);
    classList.toggle("pv-waiting", Boolean(entry) && !entry.isFinal);
    if (card.value) fillRow(card.value, state.values.get(part));
    if (card.gradient) {
      fillRow(card.gradient, entry?.total);
      fillPips(card.gradient, entry);
    }
    if (card.progress) {
      const share = (counts.known.get(part) ?? 0) / part.size;
      card.progress.setAttribute("width", Math.min(1, share) * (card.width - 16));
    }
  }
  for (const wire of wires) {
    const { edge, group } = wire;
    const isForward = step?.phase === "forward" && edge.to === here
      && edge.edges.some((one) => one.node === step.node);
    const isBackward = step?.phase === "backward" && step.edge && edge.edges.includes(step.edge);
    group.classList.toggle("pv-forward", Boolean(isForward));
    group.classList.toggle("pv-back", Boolean(isBackward));
    group.classList.toggle("pv-known", counts.known.has(edge.from));
    paintSent(wire, isBackward ? step : null);
  }
}

// { known: Map from part to how many of its leaves have a value }.
function countKnown(state, shown) {
  const known = new Map();
  for (const leaf of state.values.keys()) {
    const part = shown.get(leaf);
    known.set(part, (known.get(part) ?? 0) + 1);
  }
  return { known };
}
