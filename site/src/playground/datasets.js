// The sets of points that the net can learn: each is a few lines of Python, which are run.
//
// Each: { id, name, about, code(settings): Python that defines `points` (n, 2) and `labels` (n),
// isReal: measured, so noise is not added; icon: list of [x, y, class] between -1 and 1 }.

import { IRIS, WINE } from "./real.js";

const POINTS = 400;

export const DATASETS = [
  { id: "circle", name: "Circle", about: "a disc of class 1 in a ring of class 0",
    icon: ring((i) => (i % 2 ? 0.3 : 0.85)),
    code: drawn(`radius = np.where(labels == 1, rng.uniform(0.0, 1.1, n), rng.uniform(1.6, 2.4, n))
angle = rng.uniform(0.0, 2.0 * np.pi, n)
points = np.stack([radius * np.cos(angle), radius * np.sin(angle)], axis=1)`) },
  { id: "xor", name: "Exclusive or", about: "class 1 where x₁ and x₂ have the same sign",
    icon: [[-0.6, 0.6], [0.6, -0.6], [0.6, 0.6], [-0.6, -0.6]].flatMap(([x, y]) =>
      [[0, 0], [0.25, 0.1], [-0.2, 0.2], [0.1, -0.25], [-0.2, -0.2]].map(([a, b]) =>
        [x + a, y + b, Number(x * y > 0)])),
    code: drawn(`points = rng.uniform(0.15, 2.4, (n, 2)) * rng.choice([-1.0, 1.0], (n, 2))
labels = (points[:, 0] * points[:, 1] > 0).astype(int)`) },
  { id: "clouds", name: "Two clouds", about: "two round clouds that a straight line tells apart",
    icon: [...Array(24).keys()].map((i) => [Math.cos(i * 2.4) * 0.3 * Math.sqrt(i / 24) + (i % 2 ? 0.5 : -0.5),
      Math.sin(i * 2.4) * 0.3 * Math.sqrt(i / 24) + (i % 2 ? 0.5 : -0.5), i % 2]),
    code: drawn(`centres = np.where(labels == 1, 1.2, -1.2)[:, None]
points = centres + 0.55 * rng.normal(size=(n, 2))`) },
  { id: "moons", name: "Moons", about: "two half circles, one inside the bend of the other",
    icon: [...Array(28).keys()].map((i) => {
      const angle = (Math.PI * Math.floor(i / 2)) / 13;
      return i % 2 ? [0.32 - 0.6 * Math.cos(angle), 0.28 - 0.65 * Math.sin(angle), 1]
        : [-0.32 + 0.6 * Math.cos(angle), -0.28 + 0.65 * Math.sin(angle), 0];
    }),
    code: drawn(`angle = rng.uniform(0.0, np.pi, n)
side = np.where(labels == 1, -1.0, 1.0)
points = np.stack([side * (1.4 * np.cos(angle) - 0.7),
                   side * (1.5 * np.sin(angle) - 0.5)], axis=1)`) },
  { id: "spirals", name: "Spirals", about: "two arms that wind around each other: hard without x₁², sin x₁ or a larger net",
    icon: [...Array(40).keys()].map((i) => {
      const part = Math.floor(i / 2) / 20;
      const angle = 1.6 * 2 * Math.PI * part + (i % 2) * Math.PI;
      return [0.92 * part * Math.sin(angle), 0.92 * part * Math.cos(angle), i % 2];
    }),
    code: drawn(`part = np.sqrt(rng.uniform(0.0, 1.0, n))                    # how far out
angle = 1.6 * 2.0 * np.pi * part + labels * np.pi
points = 2.4 * part[:, None] * np.stack([np.sin(angle), np.cos(angle)], axis=1)`) },
  { id: "iris", name: "Iris", isReal: true, about: "petals of two kinds of iris, measured in 1935: x₁ length, x₂ width",
    icon: iconOf(IRIS), code: real(IRIS, "petal length and width in cm; Iris versicolor 0, virginica 1 (Fisher 1936)") },
  { id: "wine", name: "Wine", isReal: true, about: "two kinds of wine: x₁ intensity of the colour, x₂ hue",
    icon: iconOf(WINE), code: real(WINE, "colour intensity and hue of two kinds of wine (Forina, UCI repository, CC BY 4.0)") },
  { id: "own", name: "Your own", isReal: true, about: "points of your own, from a table", icon: [],
    code: (settings) => real(settings.own ?? "", "points of your own")(settings) },
];

export function datasetOf(id) {
  return DATASETS.find((set) => set.id === id) ?? DATASETS[0];
}

// Code for points that a formula draws.
function drawn(formula) {
  return ({ noise }) => `n = ${POINTS}
labels = np.arange(n) % 2
${formula}
${noise ? `points = points + ${decimal(0.01 * noise)} * rng.normal(size=(n, 2))              # noise\n` : ""}`;
}

// Code for measured points, moved and scaled into the plane that is shown.
function real(rows, source) {
  return () => `# ${source}
TABLE = """${rows.includes(";") ? rowsText(rows.trim().split(/;\s*/).filter(Boolean).map(inWords)) : rows}"""
table = np.array(TABLE.split(), np.float64).reshape(-1, 3)
points, labels = table[:, :2], table[:, 2].astype(int)
points = 1.2 * (points - points.mean(axis=0)) / points.std(axis=0)
`;
}

const inWords = (row) => row.split(/\s+/);

// 0.1 as Python writes it, 1 as 1.0.
export function decimal(number) {
  const text = String(Number(number.toPrecision(6)));
  return /[.e]/.test(text) ? text : `${text}.0`;
}

// Rows of [x1, x2, class] as the text that `real` reads.
export function rowsText(rows) {
  const words = rows.map((row) => row.join(" "));
  const lines = [];
  for (let i = 0; i < words.length; i += 6) lines.push(words.slice(i, i + 6).join("  "));
  return `\n${lines.join("\n")}\n`;
}

function ring(radiusOf) {
  return [...Array(30).keys()].map((i) => [radiusOf(i) * Math.cos(i * 2.4), radiusOf(i) * Math.sin(i * 2.4), i % 2]);
}

function iconOf(text) {
  const rows = text.trim().split(/;\s*/).filter(Boolean).map((row) => row.split(/\s+/).map(Number));
  const scaled = [0, 1].map((axis) => {
    const values = rows.map((row) => row[axis]);
    const [low, high] = [Math.min(...values), Math.max(...values)];
    return (value) => (1.7 * (value - low)) / (high - low) - 0.85;
  });
  return rows.filter((_, i) => i % 3 === 0).map(([a, b, label]) => [scaled[0](a), scaled[1](b), label]);
}
