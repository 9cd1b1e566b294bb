// Numbers and shapes as short text. Values come from pellucid/viz/values.py: numbers, or the
// strings "nan", "inf", "-inf", which JSON has no numbers for.

const DIGITS = 4;

// A number in at most about seven characters: 0.2474, -1.5, 1.2e-7, 1234.
export function short(number) {
  if (typeof number === "string") return number;
  if (typeof number === "boolean") return number ? "true" : "false";
  if (Number.isInteger(number) && Math.abs(number) < 1e6) return String(number);
  const size = Math.abs(number);
  if (size >= 1e5 || size < 1e-3) {
    return number.toExponential(2).replace(/\.?0+e/, "e").replace("e+", "e");
  }
  return String(Number(number.toPrecision(DIGITS)));
}

// A number, or NaN: what "inf" and "nan" are in arithmetic.
export function asNumber(item) {
  if (typeof item === "number") return item;
  if (typeof item === "boolean") return Number(item);
  return { inf: Infinity, "-inf": -Infinity }[item] ?? NaN;
}

// A shape as it is written on arrows: 40×2, ?×2; "" for scalars and for what is not known.
export function shapeText(shape) {
  return shape ? shape.map((size) => size ?? "?").join("×") : "";
}

// The same in words: "scalar", "vector of 3", "40 by 2 matrix".
export function shapeWords(shape) {
  if (!shape) return "of unknown shape";
  const sizes = shape.map((size) => size ?? "any number");
  if (shape.length === 0) return "scalar";
  if (shape.length === 1) return `vector of ${sizes[0]}`;
  return shape.length === 2 ? `${sizes[0]} by ${sizes[1]} matrix` : `array ${sizes.join(" by ")}`;
}

// One line for a value: a number, a short list, or the shape of a larger one.
export function valueText(value, longest = 16) {
  if (!value) return "";
  if (value.indices) return `rows ${valueText(value.indices, longest - 5)}`;
  if (value.data === undefined) return shapeText(value.shape);
  const text = listText(value.data);
  return text.length <= longest ? text : shapeText(value.shape) || `${text.slice(0, longest - 1)}…`;
}

function listText(data) {
  if (Array.isArray(data)) return `[${data.map(listText).join(" ")}]`;
  return short(data);
}

// True for what is shown as one number.
export function isScalar(value) {
  return Boolean(value) && value.data !== undefined && !Array.isArray(value.data);
}
