// The graph view: any tensor's graph, and a run of it to step through.
//
//     const view = mountGraph(element, data, { onLine });
//
// Read in this order: model.js (what there is), folding.js (what is seen), layout.js (where),
// draw.js (how), states.js (what is known after a step), words.js (in a sentence).

import { draw } from "./draw.js";
import { closed, keyOf, look, makeTree, openAtFirst, opened } from "./folding.js";
import { place } from "./layout.js";
import { makeModel } from "./model.js";
import { shapeText } from "./numbers.js";
import { fillPanel } from "./panel.js";
import { makePlayer } from "./player.js";
import { rove } from "./roving.js";
import { sizeOf } from "./sizes.js";
import { stateAt } from "./states.js";
import { html } from "./svg.js";
import { makeViewport } from "./viewport.js";
import { describeStep, partLabel, sentence } from "./words.js";

const AT_FIRST = 40;           // nodes that the reader finds; unfolding adds up to folding.LIMIT

// Shows a graph in `element`.
//   data: what pellucid/viz/stepping.py says of a tensor, a graph or a trace; or that as JSON.
//   onLine(line, file): called with the reader's line that built the node of the current step, or
//     that was asked for; with null when there is none. Left out where no program is at hand.
//   step: the step to begin with; where left out, the last of the forward part, or the first of a
//     graph that is larger than its window.
// Returns { go(step), steps: how many, fold(name), unfold(name), destroy() }.
export function mountGraph(element, data, { onLine = null, step } = {}) {
  const view = new GraphView(element, makeModel(typeof data === "string" ? JSON.parse(data) : data), onLine);
  view.start(step);
  return {
    go: (index) => view.player?.go(index),
    steps: view.model.steps.length,
    unfold: (name) => view.unfold(view.scopeNamed(name)),
    fold: (name) => view.fold(view.scopeNamed(name)),
    destroy() { view.destroy(); },
  };
}

class GraphView {
  constructor(element, model, onLine) {
    Object.assign(this, { element, model, onLine });
    this.tree = makeTree(model.leaves);
    this.open = openAtFirst(this.tree, AT_FIRST, model.folded);
    this.state = stateAt(model, -1);
    this.chosen = null;            // the part whose panel is pinned by the reader
    this.hasRun = model.steps.length > 0;
    this.withGradient = new Set(model.steps.filter((s) => s.phase === "backward").map((s) => s.leaf));
    this.build();
  }

  build() {
    const name = this.model.leaves.find((leaf) => leaf.isTarget)?.name ?? "";
    const count = this.model.leaves.length;
    this.viewport = makeViewport(`Graph of ${name}, ${count} nodes. Arrow keys go from node to node, `
      + "Enter shows one, n and p step through the run.");
    this.caption = html("p", { class: "pv-caption" });
    this.live = html("p", { class: "pv-hidden", "aria-live": "polite" });
    this.panel = html("aside", { class: "pv-panel", "aria-label": "The chosen node", tabindex: 0 });
    this.player = this.hasRun ? makePlayer(this.model.steps, (index) => this.show(index)) : null;
    const note = this.model.note ? html("p", { class: "pv-note" }, this.model.note) : null;
    this.root = html("div", { class: "pv pv-stepper", onkeydown: (event) => this.onKey(event) },
      this.player ? html("div", { class: "pv-top" }, this.player.element, this.caption) : null,
      html("div", { class: "pv-main" }, this.viewport.element, this.panel), note, this.live);
    this.element.replaceChildren(this.root);
    this.viewport.element.addEventListener("click", (event) => this.onClick(event));
  }

  start(step) {
    this.relay();
    if (!this.player) {
      this.choose(this.model.leaves.findLast?.((leaf) => leaf.isTarget) ?? null);
      return;
    }
    // Of a graph that is seen as a whole, all values at once; of a larger one, the first.
    const forward = this.model.steps.filter((s) => s.phase === "forward").length;
    this.player.go(step ?? (this.viewport.isWhole() ? forward - 1 : 0));
  }

  destroy() {
    this.player?.pause();
    this.element.replaceChildren();
  }

  // -- layout -----------------------------------------------------------------------------------

  // Lays out what is seen: after the beginning, folding and unfolding.
  relay() {
    this.seen = look(this.tree, this.open, this.model.edges);
    const sizes = new Map(this.seen.parts.map((part) => [part,
      sizeOf(part, { hasValues: this.hasRun, gradients: this.withGradient })]));
    const label = (edge) => this.edgeText(edge);
    const options = { size: (part) => sizes.get(part), label };
    this.placed = this.bestLayout(options);
    this.drawing = draw(this.placed, { sizes, label, hasRun: this.hasRun });
    this.viewport.show(this.drawing.element, this.placed);
    this.parts = new Map([...this.seen.parts, ...this.seen.boxes].map((part) => [keyOf(part), part]));
    this.rove = rove(this.drawing.nodes, this.placed, this.seen.edges);
    this.paint();
  }

  // Top to bottom; or left to right, where that shows the graph larger.
  bestLayout(options) {
    const down = place(this.seen, { ...options, direction: "TB" });
    const { clientWidth: width } = this.viewport.element;
    if (width < 560 || this.seen.parts.length > 60) return down;
    const right = place(this.seen, { ...options, direction: "LR" });
    const scale = (found) => Math.min(1, width / found.width, 520 / found.height);
    return scale(right) > 1.15 * scale(down) && scale(right) > 0.62 ? right : down;
  }

  // Of the two edges of err * err, one is labelled.
  isSecond(edge) {
    return edge.node.inputs.findIndex(([source, output]) =>
      source === edge.source.id && output === edge.output) !== edge.position;
  }

  edgeText({ from, edges, isControl }) {
    if (isControl || from.kind === "constant" || this.isSecond(edges[0])) return "";
    const tensors = new Set(edges.map((edge) => edge.source.outputs[edge.output]?.name));
    if (tensors.size > 1) return `${tensors.size} tensors`;
    const { source, output } = edges[0];
    const run = this.model.steps.find((s) => s.phase === "forward" && s.leaf === source.leaf
      && (s.output === output || source.leaf.kind === "variable"));
    return shapeText(run?.value?.shape ?? source.outputs[output]?.shape);
  }

  // -- steps ------------------------------------------------------------------------------------

  show(index) {
    this.state = stateAt(this.model, index);
    const step = this.state.current;
    this.caption.replaceChildren(...describeStep(this.model, this.state).map(({ kind, text }) =>
      (kind ? html(kind === "name" ? "b" : "code", { class: `pv-${kind}` }, text) : text)));
    this.live.textContent = sentence(this.model, this.state);
    this.root.dataset.phase = step?.phase ?? "start";
    this.chosen = null;
    this.paint();
    const part = step && this.seen.shown.get(step.leaf);
    if (part) this.viewport.reveal(this.placed.parts.get(part));
    this.tellLine(step?.node ?? null);
  }

  paint() {
    this.drawing.paint(this.state, this.seen.shown);
    for (const [part, node] of this.drawing.nodes) {
      node.setAttribute("aria-label", partLabel(part, this.state));
      node.classList.toggle("pv-chosen", part === this.chosen);
    }
    const leaf = this.chosen ?? this.state.current?.leaf
      ?? this.model.leaves.find((one) => one.isTarget) ?? this.model.leaves[0];
    if (!leaf) return;
    fillPanel(this.panel, leaf, this.model, this.state, {
      onLine: this.onLine && ((node) => this.tellLine(node)),
      onChoose: (chosen) => this.choose(chosen),
      onOpen: (scope) => this.unfold(scope) });
  }

  tellLine(node) {
    if (node?.line) this.onLine?.(node.line, node.file);
    else this.onLine?.(null, null);
  }

  // -- what the reader does ---------------------------------------------------------------------

  choose(part) {
    this.chosen = part;
    this.paint();
    if (part && !part.isScope) this.tellLine(part.head);
  }

  unfold(scope) {
    if (!scope) return;
    this.open = opened(this.open, scope);
    this.chosen = null;
    this.relay();
    this.focusPart(scope.children[0]);
    this.live.textContent = `${scope.name} is unfolded: ${scope.children.length} nodes.`;
  }

  fold(scope) {
    if (!scope) return;
    this.open = closed(this.open, scope);
    this.chosen = scope;
    this.relay();
    this.focusPart(scope);
    this.live.textContent = `${scope.name} is folded.`;
  }

  focusPart(part) {
    const node = this.drawing.nodes.get(part);
    if (!node) return;
    this.rove.focus(part);
    this.viewport.reveal(this.placed.parts.get(part));
  }

  scopeNamed(name) {
    const stack = [this.tree];
    while (stack.length) {
      const scope = stack.pop();
      if (scope.name === name && scope !== this.tree) return scope;
      stack.push(...scope.children.filter((child) => child.isScope));
    }
    return null;
  }

  partOf(target) {
    const found = target.closest("[data-fold], .pv-node");
    if (!found) return {};
    const part = this.parts.get(found.dataset.fold ?? found.dataset.key);
    return { part, isFold: Boolean(found.dataset.fold) };
  }

  onClick(event) {
    const { part, isFold } = this.partOf(event.target);
    if (part) this.act(part, isFold);
  }

  act(part, isFold) {
    if (isFold) this.fold(part);
    else if (part.isScope) this.unfold(part);
    else this.choose(this.chosen === part ? null : part);
    if (!part.isScope) this.rove.focus(part);
  }

  onKey(event) {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const { part, isFold } = this.partOf(event.target);
    const move = part && !isFold && this.rove.next(part, event.key);
    if (move) this.focusPart(move);
    else if (part && (event.key === "Enter" || event.key === " ")) this.act(part, isFold);
    else if (part && event.key === "Escape" && part.parent?.parent) this.fold(part.parent);
    else if (this.player && event.key === "n") this.player.step(1);
    else if (this.player && event.key === "p") this.player.step(-1);
    else return;
    event.preventDefault();
  }
}
