// How large a drawn part is, in pixels. Widths of text are estimated, so that layouts are the same
// everywhere and can be tested without a browser.

import { valueText } from "./numbers.js";

export const TITLE = 13;
export const NOTE = 10.5;
export const MONO = 11.5;
const WIDEST = 196;
export const BOLDER = 1.08;           // titles are bold
const NARROW = "iljtfr.,:;'|!()[] ";

// The width of text in a sans-serif of some size.
export function textWidth(text, size) {
  let ems = 0;
  for (const letter of text) {
    ems += NARROW.includes(letter) ? 0.33 : letter >= "A" && letter <= "Z" ? 0.7 : 0.57;
  }
  return ems * size;
}

// The text, cut with an ellipsis where it is wider than `width`.
export function fit(text, size, width) {
  if (textWidth(text, size) <= width) return text;
  let kept = text;
  while (kept && textWidth(`${kept}…`, size) > width) kept = kept.slice(0, -1);
  return `${kept}…`;
}

// What is written on a part: { title, note }. An operation's title is its type, its note its own
// name where that says more.
export function textsOf(part) {
  if (part.isScope) return { title: part.label, note: `${part.size.toLocaleString("en")} operations` };
  if (part.kind === "constant") return { title: valueText(part.head.value, 14) || "Const", note: "" };
  if (part.kind !== "op") return { title: part.label, note: part.kind };
  return { title: part.opType, note: ownName(part.label, part.opType) };
}

// The part of a name that is not just the type, in other spelling: "" for MatMul_1.
function ownName(name, opType) {
  const last = name.split("/").at(-1).replace(/_\d+$/, "");
  const isType = opType.toLowerCase().includes(last.replaceAll("_", "").toLowerCase());
  const isDefault = ["add", "sub", "mul", "truediv", "pow", "strided_slice"].includes(last);
  return isType || isDefault ? "" : name;
}

// { width, height, rows }: rows says where values and gradients stand below the top, or null.
export function sizeOf(part, { hasValues, gradients }) {
  const { title, note } = textsOf(part);
  const widest = Math.max(BOLDER * textWidth(title, TITLE), textWidth(note, NOTE));
  const hasGradient = gradients.has(part);
  if (part.kind === "constant" && !hasGradient) {
    return { width: Math.max(30, textWidth(title, MONO) + 20), height: 24, rows: null };
  }
  if (part.isScope) {
    return { width: Math.min(WIDEST, Math.max(84, widest + 30)), height: 46, rows: null };
  }
  const text = note ? 40 : 27;
  const width = Math.min(WIDEST, Math.max(hasValues ? 108 : 56, widest + 26));
  if (!hasValues) return { width, height: text + 3, rows: null };
  const rows = { value: text + 1, gradient: hasGradient ? text + 26 : null };
  return { width, height: text + (hasGradient ? 54 : 29), rows };
}
