// Points of the reader's own, from a table.

import { columnsFor, parseTable } from "../free/csv.js";

const MOST = 2000;
const FEWEST = 10;

// Rows of [x1, x2, class] from a table: its first two columns of numbers, and its last column or
// the next one with two different entries.
export function pointsOf(text) {
  const table = parseTable(text);
  const columns = columnsFor(table);
  const numeric = columns.filter(({ isNumber }) => isNumber);
  const label = columns.findLast(({ values }) => new Set(values).size === 2);
  const [x1, x2] = numeric.filter((column) => column !== label);
  if (!label || !x1 || !x2) {
    throw new Error("It takes two columns of numbers and one with exactly two classes.");
  }
  const classes = [...new Set(label.values)].sort();
  const rows = x1.values.map((a, i) => [a, x2.values[i], classes.indexOf(label.values[i])])
    .filter(([a, b]) => Number.isFinite(a) && Number.isFinite(b));
  const spread = (index) => new Set(rows.map((row) => row[index])).size > 1;
  if (rows.length < FEWEST || !spread(0) || !spread(1)) throw new Error("It takes at least ten points that differ.");
  const used = rows.slice(0, MOST);
  return { rows: used, words: `${used.length} points: x₁ is ${x1.name}, x₂ is ${x2.name}, class 0 is ${
    classes[0]}, class 1 is ${classes[1]}.` };
}
