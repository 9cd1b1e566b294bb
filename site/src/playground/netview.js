// The net: its features, units and weights. Each unit is a small picture of what it says of the
// plane; each weight a line, as thick as it is large, blue where it is positive.

import { short } from "../graph/numbers.js";
import { html, svg } from "../graph/svg.js";
import { paintMap } from "./plane.js";
import { FEATURES, MOST_LAYERS, MOST_UNITS } from "./settings.js";

// on: { feature(id), units(layer, by), layers(by), point(unit or null) }: what the reader does.
// Returns { element, build(settings), paint(found, colours) }.
export function makeNetView(on) {
  const wires = svg("svg", { class: "pl-wires", "aria-hidden": "true" });
  const columns = html("div", { class: "pl-columns" });
  const tip = html("div", { class: "pl-tip", role: "status" });
  const stage = html("div", { class: "pl-stage" }, wires, columns, tip);
  const element = html("div", { class: "pl-net" }, stage);
  let tiles = [];                // for each layer from the features on, its units' elements
  let lines = [];                // for each weight, { line, layer, from, to }
  let last = null;

  function build(settings) {
    tip.textContent = "";
    const isOn = (id) => settings.features.includes(id);
    const features = FEATURES.map(({ id, label }) => tile({ label, isOff: !isOn(id), isButton: true,
      name: `Feature ${label}`, onclick: () => on.feature(id) }));
    const hidden = settings.layers.map((units, i) => Array.from({ length: units }, (_, j) =>
      tile({ name: `Layer ${i + 1}, unit ${j + 1}` })));
    tiles = [features.filter((_, i) => isOn(FEATURES[i].id)), ...hidden, []];
    const output = html("div", { class: "pl-column pl-output-end" },
      html("h3", {}, "output"), html("div", { class: "pl-dot", title: "p, the probability of class 1" }, "p"));
    tiles.at(-1).push(output.lastChild);
    columns.replaceChildren(
      html("div", { class: "pl-column" }, html("h3", {}, "features"), features),
      ...hidden.map((units, i) => html("div", { class: "pl-column" },
        html("h3", {}, `layer ${i + 1}`),
        html("div", { class: "pl-more" }, small("−", `One unit less in layer ${i + 1}`,
          () => on.units(i, -1), units.length <= 1), small("+", `One unit more in layer ${i + 1}`,
          () => on.units(i, 1), units.length >= MOST_UNITS)), units)),
      html("div", { class: "pl-column pl-layers" }, html("h3", {}, "layers"),
        html("div", { class: "pl-more" }, small("−", "One layer less", () => on.layers(-1), hidden.length === 0),
          small("+", "One layer more", () => on.layers(1), hidden.length >= MOST_LAYERS))), output);
    hidden.forEach((units, layer) => units.forEach((unit, i) => {
      unit.addEventListener("pointerenter", () => on.point({ layer: layer + 1, unit: i }));
      unit.addEventListener("pointerleave", () => on.point(null));
    }));
    requestAnimationFrame(wire);
  }

  function tile({ label = "", name, isOff = false, isButton = false, onclick }) {
    const canvas = html("canvas", { title: name });
    return html(isButton ? "button" : "div", { class: `pl-tile${isOff ? " pl-off" : ""}`, title: name,
      type: isButton ? "button" : undefined, "aria-pressed": isButton ? String(!isOff) : undefined,
      "aria-label": name, role: isButton ? undefined : "img", onclick },
      label ? html("span", { class: "pl-tile-label" }, label) : null, canvas);
  }

  function small(text, name, act, isDisabled) {
    return html("button", { type: "button", class: "pl-small", "aria-label": name, title: name,
      disabled: isDisabled, onclick: act }, text);
  }

  // Lines between the tiles, where they stand now.
  function wire() {
    const frame = stage.getBoundingClientRect();
    if (!frame.width) return;
    wires.setAttribute("viewBox", `0 0 ${frame.width} ${frame.height}`);
    lines = [];
    const side = (tileElement, isRight) => {
      const box = (tileElement.querySelector("canvas") ?? tileElement).getBoundingClientRect();
      return [(isRight ? box.right : box.left) - frame.left, box.top + box.height / 2 - frame.top];
    };
    for (let layer = 1; layer < tiles.length; layer++) {
      tiles[layer - 1].forEach((from, i) => tiles[layer].forEach((to, j) => {
        const [[x, y], [toX, toY]] = [side(from, true), side(to, false)];
        const middle = (x + toX) / 2;
        const d = `M${x} ${y}C${middle} ${y} ${middle} ${toY} ${toX} ${toY}`;
        const line = svg("path", { d, class: "pl-wire" });
        const target = svg("path", { d, class: "pl-hit" });
        const found = { line, target, layer: layer - 1, from: i, to: j };
        target.addEventListener("pointerenter", () => tell(found));
        target.addEventListener("pointerleave", () => tell(null));
        lines.push(found);
      }));
    }
    wires.replaceChildren(...lines.map(({ line }) => line), ...lines.map(({ target }) => target));
    if (last) paintWires();
  }

  function tell(found) {
    for (const { line } of lines) line.classList.toggle("pl-lit", line === found?.line);
    if (!found || !last) {
      tip.textContent = "";
      return;
    }
    const name = (layer, unit) => (layer === 0
      ? tiles[0][unit].textContent : layer === tiles.length - 1 ? "output" : `layer ${layer}, unit ${unit + 1}`);
    const weight = last.weights[found.layer][found.from][found.to];
    tip.textContent = `${name(found.layer, found.from)} → ${name(found.layer + 1, found.to)}: weight ${
      short(weight)}; bias of ${name(found.layer + 1, found.to)} ${short(last.biases[found.layer][found.to])}`;
  }

  function paintWires() {
    for (const { line, layer, from, to } of lines) {
      const weight = last.weights[layer]?.[from]?.[to];
      if (weight === undefined) continue;
      line.style.strokeWidth = Math.min(9, 0.4 + 3.2 * Math.sqrt(Math.abs(weight)));
      line.classList.toggle("pl-negative", weight < 0);
    }
  }

  function paint(found, colours) {
    last = found;
    found.units.forEach((values, layer) => {
      const area = found.resolution ** 2;
      tiles[layer]?.forEach((unit, i) => paintMap(unit.querySelector("canvas"), values, found.resolution,
        colours, i * area));
    });
    paintWires();
  }

  new ResizeObserver(() => wire()).observe(stage);
  return { element, build, paint };
}
