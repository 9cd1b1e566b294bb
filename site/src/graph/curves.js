// Smooth curves through the points of an arrow.

const NEAR = 34;

// Points without those so near another one that the curve between them would be a corner.
export function thinned(points, direction) {
  const along = direction === "TB" ? "y" : "x";
  const kept = [points[0]];
  const end = points.at(-1);
  for (const point of points.slice(1, -1)) {
    const isFar = (other) => Math.abs(point[along] - other[along]) >= NEAR;
    if (isFar(kept.at(-1)) && isFar(end)) kept.push(point);
  }
  return [...kept, end];
}

// A curve that leaves and arrives along the direction of the graph:
// { path, tip: { x, y, angle } }.
export function curve(points, direction) {
  const isDown = direction === "TB";
  const parts = [`M${at(points[0])}`];
  for (let i = 1; i < points.length; i++) {
    const [a, b] = [points[i - 1], points[i]];
    const [one, two] = isDown
      ? [{ x: a.x, y: (a.y + b.y) / 2 }, { x: b.x, y: (a.y + b.y) / 2 }]
      : [{ x: (a.x + b.x) / 2, y: a.y }, { x: (a.x + b.x) / 2, y: b.y }];
    parts.push(`C${at(one)} ${at(two)} ${at(b)}`);
  }
  const [last, end] = [points.at(-2), points.at(-1)];
  const angle = isDown ? (end.y >= last.y ? 90 : -90) : end.x >= last.x ? 0 : 180;
  return { path: parts.join(""), tip: { x: end.x, y: end.y, angle } };
}

// The point of that curve nearest to `target` in the direction of the graph: where a label stands.
export function pointOn(points, target, direction) {
  const [along, across] = direction === "TB" ? ["y", "x"] : ["x", "y"];
  for (let i = 1; i < points.length; i++) {
    const [a, b] = [points[i - 1], points[i]];
    const part = (target[along] - a[along]) / (b[along] - a[along]);
    if (!(part >= 0 && part <= 1)) continue;
    let [low, high] = [0, 1];                            // of the parameter of the Bézier curve
    while (high - low > 0.01) {
      const t = (low + high) / 2;
      if (1.5 * t * (1 - t) + t ** 3 < part) low = t;
      else high = t;
    }
    const t = (low + high) / 2;
    const share = 3 * t ** 2 - 2 * t ** 3;
    return { [along]: target[along], [across]: a[across] + share * (b[across] - a[across]) };
  }
  return points[Math.floor(points.length / 2)];
}

function at({ x, y }) {
  return `${round(x)} ${round(y)}`;
}

function round(number) {
  return Math.round(number * 10) / 10;
}
