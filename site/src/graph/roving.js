// One node of the graph is in the tab order; arrow keys go from there to its neighbours.

// nodes: Map from part to element; placed: of layout.js; edges: of folding.js.
// Returns { focus(part), next(part, key): the part in that direction, or null }.
export function rove(nodes, placed, edges) {
  let current = [...nodes.keys()][0];
  const setCurrent = (part) => {
    nodes.get(current)?.setAttribute("tabindex", "-1");
    current = part;
    nodes.get(current)?.setAttribute("tabindex", "0");
  };
  if (current) setCurrent(current);
  return {
    focus(part) {
      setCurrent(part);
      nodes.get(part)?.focus({ preventScroll: true });
    },
    next: (part, key) => neighbour(part, key, placed, edges),
  };
}

// The nearest part in the direction of an arrow key; those that an edge leads to come first.
export function neighbour(part, key, placed, edges) {
  const direction = { ArrowUp: [0, -1], ArrowDown: [0, 1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] }[key];
  if (!direction) return null;
  const joined = new Set();
  for (const { from, to } of edges) {
    if (from === part) joined.add(to);
    if (to === part) joined.add(from);
  }
  const centre = (other) => {
    const { x, y, width, height } = placed.parts.get(other);
    return [x + width / 2, y + height / 2];
  };
  const [x, y] = centre(part);
  let best = null;
  let least = Infinity;
  for (const other of placed.parts.keys()) {
    const [dx, dy] = [centre(other)[0] - x, centre(other)[1] - y];
    const along = dx * direction[0] + dy * direction[1];
    const across = Math.abs(dx * direction[1]) + Math.abs(dy * direction[0]);
    if (other === part || along <= 4) continue;
    const cost = (along + 2 * across) * (joined.has(other) ? 0.3 : 1);
    if (cost < least) [best, least] = [other, cost];
  }
  return best;
}
