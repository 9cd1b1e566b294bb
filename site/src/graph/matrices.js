// Any value as a matrix to look at: what heat maps and tables of numbers show.

import { asNumber } from "./numbers.js";

const MOST_ROWS = 64;

// { rows: lists of items, label: what part of the value they are, or "" }; null where there is
// nothing to show. Arrays of more axes stand as their matrices, one below the other.
export function matrixOf(value) {
  if (!value) return null;
  if (value.indices) {
    const inner = matrixOf(value.values);
    return inner && { ...inner, label: `rows ${[value.indices.data].flat().join(", ")}` };
  }
  if (value.sample) return { rows: value.sample, label: value.sample_of };
  if (value.data === undefined) return null;
  let rows = value.data;
  if (!Array.isArray(rows)) rows = [[rows]];
  else if (!Array.isArray(rows[0])) rows = [rows];
  while (Array.isArray(rows[0]?.[0])) rows = rows.flat();
  if (rows.length === 0 || rows[0].length === 0) return null;
  const label = rows.length > MOST_ROWS ? `the first ${MOST_ROWS} rows` : "";
  return { rows: rows.slice(0, MOST_ROWS), label };
}

// At most `height` by `width` evenly spaced items of a matrix.
export function thin(rows, height, width) {
  const rowStep = Math.ceil(rows.length / height);
  const columnStep = Math.ceil(rows[0].length / width);
  return rows.filter((_, i) => i % rowStep === 0)
    .map((row) => row.filter((_, j) => j % columnStep === 0));
}

// The largest finite absolute value: what the strongest colour stands for. 0 if there is none.
export function largest(rows) {
  let found = 0;
  for (const row of rows) {
    for (const item of row) {
      const size = Math.abs(asNumber(item));
      if (size > found && Number.isFinite(size)) found = size;
    }
  }
  return found;
}

// The colour of an item as CSS, from the variables of graph.css: so it follows light and dark.
// strongest: in percent; less where there is text on it.
export function colour(item, scale, strongest = 100) {
  const number = asNumber(item);
  if (Number.isNaN(number)) return "var(--pv-nan)";
  const part = scale === 0 ? 0 : Math.min(1, Math.abs(number) / scale);
  // The root makes small numbers visible; zero stays the ground.
  const share = Math.round(strongest * Math.sqrt(part));
  return `color-mix(in srgb, var(${number < 0 ? "--pv-minus" : "--pv-plus"}) ${share}%, `
    + "var(--pv-zero))";
}
