// Arrays as colours: small ones on the nodes, large ones in the panel, with numbers where they fit.

import { colour, largest, matrixOf, thin } from "./matrices.js";
import { isScalar, short } from "./numbers.js";
import { html, svg } from "./svg.js";

// A group of cells within `width` by `height` pixels; null if the value has no numbers.
export function miniature(value, width, height, most = [4, 14]) {
  const matrix = matrixOf(value);
  if (!matrix || typeof matrix.rows[0][0] === "object") return null;
  const rows = thin(matrix.rows, ...most);
  const scale = largest(matrix.rows);
  const cellHeight = Math.min(height / rows.length, 11);
  const cellWidth = Math.min(width / rows[0].length, Math.max(cellHeight, 11));
  const left = (width - cellWidth * rows[0].length) / 2;
  const top = (height - cellHeight * rows.length) / 2;
  const cells = [];
  rows.forEach((row, i) => row.forEach((item, j) => {
    cells.push(svg("rect", { x: left + j * cellWidth, y: top + i * cellHeight,
      width: cellWidth - 0.8, height: cellHeight - 0.8, rx: 1.2,
      style: `fill:${colour(item, scale)}` }));
  }));
  return svg("g", { class: "pv-mini" }, cells);
}

const TABLE_ROWS = 12;
const TABLE_COLUMNS = 8;

// An element that shows a value: a table of coloured numbers if it is small, else a heat map;
// and what is known of the rest.
export function show(value, name) {
  if (!value) return html("p", { class: "pv-soft" }, "not yet");
  if (isScalar(value)) return html("p", { class: "pv-scalar pv-mono" }, String(value.data));
  const matrix = matrixOf(value);
  if (!matrix) return html("p", { class: "pv-mono" }, wholeText(value));
  const isSmall = matrix.rows.length <= TABLE_ROWS && matrix.rows[0].length <= TABLE_COLUMNS;
  return html("div", { class: "pv-value" },
    isSmall ? table(matrix.rows, name) : map(matrix.rows, name),
    matrix.label ? html("p", { class: "pv-soft" }, `shown: ${matrix.label}`) : null,
    value.histogram ? histogram(value) : null);
}

function wholeText(value) {
  if (value.first) return `${value.first.map(short).join(" ")} …`;
  return value.data === undefined || value.data?.length === 0 ? "empty" : JSON.stringify(value.data);
}

function table(rows, name) {
  const scale = largest(rows);
  const isText = typeof rows[0][0] === "string" && Number.isNaN(Number(rows[0][0]))
    && !["nan", "inf", "-inf"].includes(rows[0][0]);
  return html("table", { class: "pv-numbers", "aria-label": name }, html("tbody", {},
    rows.map((row) => html("tr", {}, row.map((item) => html("td",
      isText ? {} : { style: `background:${colour(item, scale, 55)}`, title: String(item) },
      short(item)))))));
}

function map(rows, name) {
  const scale = largest(rows);
  const side = Math.max(3, Math.min(22, Math.floor(234 / rows[0].length)));
  const height = Math.max(4, Math.min(14, Math.floor(180 / rows.length)));
  const picture = svg("svg", { class: "pv-map", role: "img",
    "aria-label": `${name} as a heat map`, width: side * rows[0].length, height: height * rows.length });
  rows.forEach((row, i) => row.forEach((item, j) => picture.append(
    svg("rect", { x: j * side, y: i * height, width: side - 0.5, height: height - 0.5,
      style: `fill:${colour(item, scale)}` }, svg("title", {}, `[${i}, ${j}] ${short(item)}`)))));
  return html("div", {}, html("div", { class: "pv-scroll" }, picture), legend(scale));
}

function legend(scale) {
  return html("p", { class: "pv-legend pv-mono", "aria-hidden": "true" },
    short(-scale), html("span", { class: "pv-ramp" }), short(scale));
}

function histogram(value) {
  const { low, high, counts } = value.histogram;
  const tallest = Math.max(...counts);
  const picture = svg("svg", { viewBox: `0 0 ${counts.length * 10} 40`, class: "pv-histogram",
    role: "img", preserveAspectRatio: "none",
    "aria-label": `histogram from ${short(low)} to ${short(high)}, mean ${short(value.mean)}` },
    counts.map((count, i) => svg("rect", { x: i * 10, width: 9,
      y: 40 - 40 * count / tallest, height: 40 * count / tallest })));
  return html("div", {}, picture, html("p", { class: "pv-legend pv-mono" }, short(low),
    html("span", {}, `mean ${short(value.mean)}`), short(high)));
}
