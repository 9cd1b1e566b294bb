// Tables as text, with commas, semicolons or tabs: from text to columns, and on to Python.

// { names: list of str, rows: list of lists of str }. Quotes as in RFC 4180. Names are made up
// where the first line holds numbers. Throws an Error that says what is wrong.
export function parseTable(text) {
  const clean = text.replace(/^\uFEFF/, "").replace(/\r\n?/g, "\n");
  const separator = separatorOf(clean);
  const rows = split(clean, separator).filter((row) => row.some((cell) => cell.trim() !== ""));
  if (rows.length === 0) throw new Error("There is nothing in it.");
  const width = rows[0].length;
  const wrong = rows.findIndex((row) => row.length !== width);
  if (wrong >= 0) {
    throw new Error(`Row ${wrong + 1} has ${rows[wrong].length} cells, the first one ${width}.`);
  }
  const trimmed = rows.map((row) => row.map((cell) => cell.trim()));
  const hasNames = trimmed.length > 1 && trimmed[0].every((cell) => cell !== "" && !isNumber(cell));
  const names = hasNames ? trimmed.shift() : trimmed[0].map((_, i) => `column_${i + 1}`);
  return { names, rows: trimmed };
}

// The one that is found most often in the first line.
function separatorOf(text) {
  const [line] = text.trimStart().split("\n", 1);
  const count = (mark) => line.split(mark).length;
  const found = [",", ";", "\t"].reduce((best, mark) => (count(mark) > count(best) ? mark : best));
  return count(found) > 1 ? found : /\s/.test(line.trim()) ? " " : ",";
}

function split(text, separator) {
  if (separator === " ") return text.split("\n").map((line) => line.trim().split(/\s+/));
  const rows = [[]];
  let cell = "";
  let isQuoted = false;
  for (let i = 0; i < text.length; i++) {
    const letter = text[i];
    if (isQuoted) {
      if (letter === '"' && text[i + 1] === '"') cell += text[i++];
      else if (letter === '"') isQuoted = false;
      else cell += letter;
    } else if (letter === '"' && cell.trim() === "") {
      isQuoted = true;
      cell = "";
    } else if (letter === separator || letter === "\n") {
      rows.at(-1).push(cell);
      cell = "";
      if (letter === "\n") rows.push([]);
    } else {
      cell += letter;
    }
  }
  if (isQuoted) throw new Error("A quoted cell has no closing quote.");
  rows.at(-1).push(cell);
  return rows;
}

function isNumber(cell) {
  return /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/.test(cell) || /^[+-]?(nan|inf|infinity)$/i.test(cell);
}

// List of { name, isNumber, values: numbers or strings }. An empty cell in a column of numbers is
// NaN.
export function columnsFor({ names, rows }) {
  return names.map((name, i) => {
    const cells = rows.map((row) => row[i]);
    const isNumeric = cells.some(isNumber) && cells.every((cell) => cell === "" || isNumber(cell));
    const values = isNumeric ? cells.map((cell) => (cell === "" ? NaN : asFloat(cell))) : cells;
    return { name, isNumber: isNumeric, values };
  });
}

function asFloat(cell) {
  if (/inf/i.test(cell)) return cell.startsWith("-") ? -Infinity : Infinity;
  return Number(cell);
}

// Python that makes `data` of a table: a dict from column name to NumPy array. The text of the
// table stands in the program, so it runs anywhere, and reads as a table.
export function tableCode(text, name = "data") {
  const table = parseTable(text);
  const columns = columnsFor(table);
  const names = columns.map((column) => JSON.stringify(column.name));
  const kinds = columns.map((column) => (column.isNumber ? "float" : "str"));
  const lines = table.rows.map((row) => row.map(quoted).join(","));
  return `import csv

import numpy as np

TABLE = ${literal(lines.join("\n"))}
_rows = list(csv.reader(TABLE.strip().splitlines()))
_kinds = [${kinds.join(", ")}]
${name} = {column: np.array([kind(cell or "nan") if kind is float else cell for cell in cells])
        for column, kind, cells in zip([${names.join(", ")}], _kinds, zip(*_rows))}
`;
}

// Text as Python writes it: lines that can be read, where no quotes in them end it too early.
function literal(text) {
  return text.includes('"""') ? JSON.stringify(text) : `r"""\n${text}\n"""`;
}

function quoted(cell) {
  return /[",\n]/.test(cell) ? `"${cell.replaceAll('"', '""').replaceAll("\n", " ")}"` : cell;
}
