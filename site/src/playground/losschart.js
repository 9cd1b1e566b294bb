// The errors on training and test points, step by step.

import { short } from "../graph/numbers.js";
import { svg } from "../graph/svg.js";

const WIDTH = 300;
const HEIGHT = 92;
const MOST = 400;

// { element, clear(), add(steps, [train, test]) }
export function makeLossChart() {
  let rows = [];
  const lines = [svg("path", { class: "pl-loss pl-train" }), svg("path", { class: "pl-loss pl-test" })];
  const top = svg("text", { x: 3, y: 11 });
  const end = svg("text", { x: WIDTH - 3, y: 11, "text-anchor": "end" });
  const element = svg("svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, class: "pl-chart", role: "img",
    "aria-label": "Errors on training and test points over the steps" },
    svg("path", { class: "pl-axis", d: `M0.5 0V${HEIGHT - 0.5}H${WIDTH}` }), lines[1], lines[0], top, end);

  function draw() {
    const finite = rows.flatMap(({ errors }) => errors).filter(Number.isFinite);
    const highest = Math.max(0.05, ...finite);
    const last = Math.max(1, rows.at(-1)?.steps ?? 1);
    lines.forEach((line, which) => line.setAttribute("d", pathOf(rows, which, highest, last)));
    top.textContent = rows.length ? short(Number(highest.toPrecision(2))) : "";
    end.textContent = rows.length ? `${rows.at(-1).steps.toLocaleString("en")} steps` : "";
  }

  return {
    element,
    clear() {
      rows = [];
      draw();
    },
    add(steps, errors) {
      if (rows.length && steps <= rows.at(-1).steps) rows = rows.filter((row) => row.steps < steps);
      rows.push({ steps, errors });
      if (rows.length > MOST) rows = thinned(rows);
      draw();
    },
  };
}

// Every second row, and the last.
export function thinned(rows) {
  return rows.filter((_, i) => i % 2 === 0 || i === rows.length - 1);
}

function pathOf(rows, which, highest, last) {
  let path = "";
  for (const { steps, errors } of rows) {
    if (!Number.isFinite(errors[which])) continue;
    const x = (steps / last) * (WIDTH - 4) + 2;
    const y = HEIGHT - 3 - (Math.min(errors[which], highest) / highest) * (HEIGHT - 16);
    path += `${path ? "L" : "M"}${x.toFixed(1)} ${y.toFixed(1)}`;
  }
  return path;
}
