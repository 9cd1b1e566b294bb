// Where everything stands: boxes within boxes, and arrows between them.
//
// Each open scope is laid out by itself with dagre, inner ones first, and is then one node of the
// scope around it. (dagre can nest, but draws nested graphs up to four times as wide.) An arrow is
// a chain of segments, one for each scope that it passes; where it crosses a border there is a
// port. Read next: curves.js, then draw.js.

import * as dagre from "@dagrejs/dagre";

import { curve, pointOn, thinned } from "./curves.js";
import { keyOf } from "./folding.js";
import { NOTE, textWidth } from "./sizes.js";

const TITLE_ROOM = 20;         // above the nodes in an open scope's box
const PADDING = 12;
const MARGIN = 14;
const ROOT = Symbol("what is around all parts");

// Places what `look` of folding.js found.
//   size(part): { width, height }.
//   label(edge): what is written on an edge, or "".
//   direction: "TB", top to bottom, or "LR", left to right.
// Returns { left, top, width, height,
//   parts: Map from part to { x, y, width, height }, the left upper corner,
//   boxes: Map from scope to the same,
//   edges: list of { edge, path, middle, label: { x, y } or null, tip: { x, y, angle } } }.
export function place({ parts, boxes, edges }, options) {
  const levels = new Map([[ROOT, newLevel()]]);
  for (const scope of boxes) levels.set(scope, newLevel());
  const levelOf = (part) => (levels.has(part.parent) ? part.parent : ROOT);
  for (const part of [...boxes, ...parts]) levels.get(levelOf(part)).children.push(part);
  const routes = edges.map((edge) => route(edge, levels, levelOf));
  // In `boxes`, outer scopes come before inner ones.
  for (const scope of [...boxes].reverse()) layOut(scope, levels, options);
  layOut(ROOT, levels, options);
  return assemble(routes, levels, boxes, options);
}

function newLevel() {
  return { children: [], segments: new Map(), ports: new Map(), places: new Map(), frame: null,
    origin: { x: 0, y: 0 } };
}

// -- arrows through borders ---------------------------------------------------------------------

// { edge, segments: list of { scope, segment } from its source to its target }. A segment is
// { from, to, edge, isFirst }; its ends are children of the scope, or ports. What leaves one
// source and passes the same borders shares its segments.
function route(edge, levels, levelOf) {
  const around = (part) => {
    const found = [];
    for (let scope = part; scope !== ROOT; scope = levelOf(scope)) found.unshift(scope);
    return found;
  };
  const [up, down] = [around(edge.from), around(edge.to)];
  let shared = 0;
  while (up[shared] === down[shared]) shared += 1;
  const flow = `${keyOf(edge.from)} ${edge.edges[0].output}`;
  const segments = [];
  const add = (scope, from, to, name) => {
    const level = levels.get(scope);
    if (!level.segments.has(name)) {
      level.segments.set(name, { name, from, to, edge, isFirst: segments.length === 0 });
    }
    segments.push({ scope, segment: level.segments.get(name) });
  };
  for (let depth = up.length - 1; depth > shared; depth--) {
    const scope = up[depth - 1];
    add(scope, up[depth], port(levels.get(scope), "out", flow), `out ${keyOf(up[depth])} ${flow}`);
  }
  const isDirect = up.length === shared + 1 && down.length === shared + 1;
  add(shared ? up[shared - 1] : ROOT, up[shared], down[shared],
    isDirect ? edge.key : `${keyOf(up[shared])}>${keyOf(down[shared])} ${flow} ${
      down.length === shared + 1 ? edge.key : ""}`);
  for (let depth = shared + 1; depth < down.length; depth++) {
    const scope = down[depth - 1];
    const isLast = depth === down.length - 1;
    add(scope, port(levels.get(scope), "in", flow), down[depth],
      `in ${keyOf(down[depth])} ${flow} ${isLast ? edge.key : ""}`);
  }
  for (const [i, { segment }] of segments.entries()) {
    segment.fromPort ??= i > 0 ? `out ${flow}` : null;
    segment.toPort ??= i < segments.length - 1 ? `in ${flow}` : null;
  }
  return { edge, segments };
}

// A point on the border of a scope, where something flows in or out.
function port(level, side, flow) {
  const name = `${side} ${flow}`;
  if (!level.ports.has(name)) level.ports.set(name, { port: name, side });
  return level.ports.get(name);
}

const nameOf = (end) => end.port ?? keyOf(end);

// -- one scope ----------------------------------------------------------------------------------

// Fills in places, frame and the segments' points, in the scope's own coordinates.
function layOut(scope, levels, { size, label, direction }) {
  const level = levels.get(scope);
  // Without multigraph and names, one of the two edges of err * err would disappear.
  const graph = new dagre.Graph({ multigraph: true });
  graph.setGraph({ rankdir: direction, nodesep: 24, edgesep: 14, ranksep: 32 });
  graph.setDefaultEdgeLabel(() => ({}));
  for (const child of level.children) {
    graph.setNode(keyOf(child), levels.has(child) ? sizeOfBox(levels.get(child)) : size(child));
  }
  for (const name of level.ports.keys()) graph.setNode(name, { width: 2, height: 2 });
  const ranks = depths(level);
  for (const segment of level.segments.values()) {
    const text = segment.isFirst ? label(segment.edge) : "";
    graph.setEdge(nameOf(segment.from), nameOf(segment.to), {
      width: text ? textWidth(text, NOTE) + 8 : 0, height: text ? 14 : 0, labelpos: "c",
      weight: segment.edge.from.kind === "constant" ? 2 : 1,
      minlen: lengthOf(segment, ranks) }, segment.name);
  }
  if (graph.nodeCount()) dagre.layout(graph);
  for (const child of level.children) level.places.set(child, corner(graph.node(keyOf(child))));
  for (const segment of level.segments.values()) {
    const found = graph.edge(nameOf(segment.from), nameOf(segment.to), segment.name);
    segment.points = found.points.map(({ x, y }) => ({ x, y }));
    const middle = found.points[Math.floor(found.points.length / 2)];
    segment.label = { x: found.x ?? middle.x, y: found.y ?? middle.y };
  }
  setFrame(level, scope, graph, direction);
  spreadEnds(level, levels, direction);
}

// Ports stand in the first and last row, so that nothing is between them and the border.
function lengthOf({ from, to }, ranks) {
  if (from.port) return 1 + (ranks.down.get(to) ?? 0);
  return to.port ? 1 + (ranks.up.get(from) ?? 0) : 1;
}

// { down: Map from child to the length of the longest way to it, up: from it }. Circles, which an
// optimizer's updates of a variable can close, are cut.
function depths({ children, segments }) {
  const next = new Map(children.map((child) => [child, []]));
  const before = new Map(children.map((child) => [child, []]));
  for (const { from, to } of segments.values()) {
    if (from.port || to.port) continue;
    next.get(from).push(to);
    before.get(to).push(from);
  }
  return { down: longest(children, before), up: longest(children, next) };
}

function longest(children, neighbours) {
  const found = new Map();
  const open = new Set();
  for (const start of children) {
    const stack = [start];
    while (stack.length) {
      const child = stack.at(-1);
      const waiting = found.has(child) ? []
        : neighbours.get(child).filter((other) => !found.has(other) && !open.has(other));
      open.add(child);
      if (waiting.length) {
        stack.push(...waiting);
        continue;
      }
      stack.pop();
      open.delete(child);
      if (!found.has(child)) {
        found.set(child, Math.max(0, ...neighbours.get(child).map((other) => 1 + (found.get(other) ?? -1))));
      }
    }
  }
  return found;
}

function corner({ x, y, width, height }) {
  return { x: x - width / 2, y: y - height / 2, width, height };
}

function sizeOfBox({ frame }) {
  return { width: frame.right - frame.left, height: frame.bottom - frame.top };
}

function setFrame(level, scope, graph, direction) {
  const boxes = [...level.places.values()];
  const points = [...level.segments.values()].flatMap(({ points: list }) => list);
  const xs = [...boxes.flatMap(({ x, width }) => [x, x + width]), ...points.map(({ x }) => x)];
  const ys = [...boxes.flatMap(({ y, height }) => [y, y + height]), ...points.map(({ y }) => y)];
  const room = scope === ROOT ? 0 : PADDING;
  const frame = { left: Math.min(...xs) - room, right: Math.max(...xs) + room,
    top: Math.min(...ys) - room - (scope === ROOT ? 0 : TITLE_ROOM), bottom: Math.max(...ys) + room };
  if (scope !== ROOT) {
    frame.right = Math.max(frame.right, frame.left + textWidth(scope.label, 11.5) + 44);
  }
  level.frame = frame;
  for (const [name, found] of level.ports) {
    const { x, y } = graph.node(name);
    const isIn = found.side === "in";
    Object.assign(found, direction === "TB" ? { x, y: isIn ? frame.top : frame.bottom }
      : { x: isIn ? frame.left : frame.right, y });
  }
}

// The ends of arrows lie side by side along a node's border; at boxes, at their ports.
function spreadEnds(level, levels, direction) {
  const isDown = direction === "TB";
  const [across, along] = isDown ? ["x", "y"] : ["y", "x"];
  const [length, depth] = isDown ? ["width", "height"] : ["height", "width"];
  const spread = (which, end) => {
    for (const [child, group] of groupBy([...level.segments.values()], which)) {
      const next = (segment) => segment.points.at(end === 0 ? 1 : -2)[across];
      const position = ({ edge }) => edge.edges[0].position ?? 0;
      group.sort((a, b) => next(a) - next(b) || position(a) - position(b));
      group.forEach((segment, i) => {
        const point = segment.points.at(end);
        if (child.port) {
          point.x = child.x;
          point.y = child.y;
          return;
        }
        const box = level.places.get(child);
        const isBack = segment.points.at(-1)[along] < segment.points[0][along];
        const inner = levels.get(child);
        if (inner) {
          const name = end === 0 ? segment.fromPort : segment.toPort;
          const found = inner.ports.get(name);
          point.x = box.x + found.x - inner.frame.left;
          point.y = box.y + found.y - inner.frame.top;
          return;
        }
        const room = Math.min(box[length] - 20, 26 * (group.length - 1));
        const offset = group.length > 1 ? room * (i / (group.length - 1) - 0.5) : 0;
        point[across] = box[across] + box[length] / 2 + offset;
        point[along] = box[along] + ((end === 0) === isBack ? 0 : box[depth]);
      });
    }
  };
  spread("from", 0);
  spread("to", -1);
}

function groupBy(segments, which) {
  const groups = new Map();
  for (const segment of segments) {
    if (!groups.has(segment[which])) groups.set(segment[which], []);
    groups.get(segment[which]).push(segment);
  }
  return groups;
}

// -- all together -------------------------------------------------------------------------------

function assemble(routes, levels, boxes, { label, direction }) {
  const root = levels.get(ROOT);
  root.origin = { x: MARGIN - root.frame.left, y: MARGIN - root.frame.top };
  const placed = { parts: new Map(), boxes: new Map(), edges: [], left: 0, top: 0,
    width: root.frame.right - root.frame.left + 2 * MARGIN,
    height: root.frame.bottom - root.frame.top + 2 * MARGIN };
  for (const scope of [ROOT, ...boxes]) {              // outer ones first
    const { places, origin } = levels.get(scope);
    for (const [child, box] of places) {
      const moved = { ...box, x: box.x + origin.x, y: box.y + origin.y };
      const inner = levels.get(child);
      (inner ? placed.boxes : placed.parts).set(child, moved);
      if (inner) inner.origin = { x: moved.x - inner.frame.left, y: moved.y - inner.frame.top };
    }
  }
  const labelled = new Set();
  for (const { edge, segments } of routes) {
    const points = segments.flatMap(({ scope, segment }) =>
      segment.points.map((point) => moved(point, levels.get(scope).origin)));
    const kept = thinned(points, direction);
    const [{ scope, segment }] = segments;
    const middle = pointOn(kept, moved(segment.label, levels.get(scope).origin), direction);
    const isNew = label(edge) && !labelled.has(segment);
    labelled.add(segment);
    placed.edges.push({ edge, ...curve(kept, direction), middle, label: isNew ? middle : null });
  }
  return placed;
}

function moved({ x, y }, origin) {
  return { x: x + origin.x, y: y + origin.y };
}
