// The pure parts of the graph view: what is there, what folds, where it stands, what is known.

import assert from "node:assert/strict";
import { test } from "node:test";

import { closed, LIMIT, look, makeTree, openAtFirst, opened } from "../../../site/src/graph/folding.js";
import { place } from "../../../site/src/graph/layout.js";
import { matrixOf, thin } from "../../../site/src/graph/matrices.js";
import { makeModel } from "../../../site/src/graph/model.js";
import { short, valueText } from "../../../site/src/graph/numbers.js";
import { neighbour } from "../../../site/src/graph/roving.js";
import { sizeOf } from "../../../site/src/graph/sizes.js";
import { stateAt } from "../../../site/src/graph/states.js";
import { sentence } from "../../../site/src/graph/words.js";

const node = (name, op_type, inputs = [], more = {}) => ({ name, op_type, kind: "op", inputs,
  controls: [], outputs: [{ name: `${name}:0`, dtype: "float32", shape: [] }], file: "cell", line: 1,
  is_target: false, variable: null, ...more });
const scalar = (data) => ({ shape: [], dtype: "float32", data });
const forward = (id, data) => ({ phase: "forward", node: id, output: 0, fed: false, value: scalar(data) });
const backward = (id, from, position, part, parts, sent, total) => ({ phase: "backward", node: id,
  output: 0, from, position, part, parts, sent: scalar(sent), total: scalar(total) });

// err * err, of a variable.
const SQUARE = {
  nodes: [node("w", "VariableV2", [], { kind: "variable" }),
    node("w/read", "Identity", [[0, 0]], { variable: 0 }),
    node("square", "Mul", [[1, 0], [1, 0]], { is_target: true })],
  steps: [forward(0, 3), forward(1, 3), forward(2, 9), backward(2, null, 0, 1, 1, 1, 1),
    backward(1, 2, 0, 1, 2, 3, 3), backward(1, 2, 1, 2, 2, 3, 6), backward(0, 1, 0, 1, 1, 6, 6)],
  types: {}, note: "" };

function chainOf(count, nameOf) {
  const nodes = Array.from({ length: count }, (_, i) => node(nameOf(i), "Tanh", i ? [[i - 1, 0]] : []));
  return makeModel({ nodes, steps: [] });
}

function layOut(seen, direction = "TB") {
  const options = { hasValues: true, gradients: new Set() };
  return place(seen, { size: (part) => sizeOf(part, options), label: () => "3×4", direction });
}

test("a variable and its read are one leaf, and a square has both edges", () => {
  const model = makeModel(SQUARE);
  assert.deepEqual(model.leaves.map(({ name }) => name), ["w", "square"]);
  assert.deepEqual(model.edges.map(({ position }) => position), [0, 1]);
  assert.equal(model.steps.length, 5);                    // without the two through the read
  const tree = makeTree(model.leaves);
  const seen = look(tree, openAtFirst(tree), model.edges);
  const placed = layOut(seen);
  assert.equal(placed.edges.length, 2);
  assert.notEqual(placed.edges[0].path, placed.edges[1].path);
});

test("gradients add up, and the sentence says so", () => {
  const model = makeModel(SQUARE);
  const state = stateAt(model, 3);
  const [w] = model.leaves;
  assert.equal(state.gradients.get(w).total.data, 3);
  assert.equal(state.gradients.get(w).isFinal, false);
  assert.match(sentence(model, state), /square sends 3 = 1 × 3 to w.*waits for 1 more/);
  const last = stateAt(model, 4);
  assert.equal(last.gradients.get(w).isFinal, true);
  assert.match(sentence(model, last), /3 \+ 3 = 6/);
  assert.equal(stateAt(model, -1).values.size, 0);
  assert.match(sentence(model, stateAt(model, 1)), /square = Mul\(3, 3\) = 9/);
});

test("at most the limit is drawn, and every node can be unfolded", () => {
  const model = chainOf(5000, (i) => `block_${Math.floor(i / 50)}/layer_${Math.floor(i / 10)}/op_${i}`);
  const tree = makeTree(model.leaves);
  let open = openAtFirst(tree);
  assert.ok(look(tree, open, model.edges).parts.length <= LIMIT);
  const scopes = [];
  for (const stack = [tree]; stack.length;) {
    const scope = stack.pop();
    scopes.push(scope);
    stack.push(...scope.children.filter((part) => part.isScope));
  }
  for (const scope of scopes.slice(1, 60)) {
    open = opened(open, scope);
    const seen = look(tree, open, model.edges);
    assert.ok(seen.parts.length <= LIMIT, `${scope.name}: ${seen.parts.length}`);
    assert.ok(seen.boxes.includes(scope));
    assert.equal(seen.shown.size, 5000);
  }
  assert.ok(!look(tree, closed(open, scopes[1]), model.edges).boxes.includes(scopes[1]));
});

test("a crowd without scopes is bundled", () => {
  const model = chainOf(20000, (i) => `Tanh_${i}`);
  const tree = makeTree(model.leaves);
  const seen = look(tree, openAtFirst(tree), model.edges);
  assert.ok(seen.parts.length <= LIMIT);
  assert.equal(seen.parts.reduce((sum, part) => sum + (part.size ?? 1), 0), 20000);
  const inner = look(tree, opened(openAtFirst(tree), seen.parts[0]), model.edges);
  assert.ok(inner.parts.length > seen.parts.length && inner.parts.length <= LIMIT);
});

test("boxes that say nothing are not drawn, and what Python folds stays folded", () => {
  const names = ["mul/y", "mul", "gradients/a", "gradients/b", "one/only"];
  names.push(...Array.from({ length: 20 }, (_, i) => `gradients/c_${i}`));
  const model = makeModel({ nodes: names.map((name) =>
    node(name, "X", [], { kind: name === "mul/y" ? "constant" : "op", value: scalar(1) })), steps: [], folded: ["gradients"] });
  const tree = makeTree(model.leaves);
  const { parts, boxes } = look(tree, openAtFirst(tree, LIMIT, model.folded), []);
  assert.deepEqual(parts.map(({ name }) => name), ["mul/y", "mul", "gradients", "one/only"]);
  assert.deepEqual(boxes, []);
});

for (const direction of ["TB", "LR"]) {
  test(`nothing overlaps, and arrows run along, ${direction}`, () => {
    const model = makeModel({ steps: [], nodes: Array.from({ length: 60 }, (_, i) =>
      node(`s${i % 4}/t${i % 3}/n${i}`, "Add", i > 5 ? [[i - 1, 0], [(i * 7) % i, 0], [i - 5, 0]] : [])) });
    const tree = makeTree(model.leaves);
    const seen = look(tree, openAtFirst(tree), model.edges);
    const placed = layOut(seen, direction);
    const boxes = [...placed.parts.values()];
    assert.equal(boxes.length, seen.parts.length);
    boxes.forEach((a, i) => boxes.slice(i + 1).forEach((b) => assert.ok(
      a.x + a.width <= b.x || b.x + b.width <= a.x || a.y + a.height <= b.y || b.y + b.height <= a.y)));
    for (const [scope, box] of placed.boxes) {
      for (const child of scope.children) {
        const inner = placed.parts.get(child) ?? placed.boxes.get(child);
        assert.ok(inner.x >= box.x && inner.y >= box.y
          && inner.x + inner.width <= box.x + box.width && inner.y + inner.height <= box.y + box.height);
      }
    }
    for (const box of boxes) {
      assert.ok(box.x >= 0 && box.x + box.width <= placed.width);
      assert.ok(box.y >= 0 && box.y + box.height <= placed.height);
    }
    assert.ok(placed.edges.every(({ path }) => !path.includes("NaN")));
  });
}

test("a circle, as optimizers make with a variable, is laid out too", () => {
  const nodes = [node("a/w", "VariableV2", [], { kind: "variable" }), node("a/x", "Neg", [[0, 0]]),
    node("a/y", "Neg", [[1, 0], [3, 0]]), node("a/z", "Neg", [[2, 0]]), node("b", "Neg", [[3, 0]])];
  const model = makeModel({ nodes, steps: [] });
  const tree = makeTree(model.leaves);
  assert.equal(layOut(look(tree, openAtFirst(tree), model.edges)).edges.length, 5);
});

test("arrow keys go to neighbours", () => {
  const model = makeModel(SQUARE);
  const tree = makeTree(model.leaves);
  const seen = look(tree, openAtFirst(tree), model.edges);
  const placed = layOut(seen);
  const [w, square] = seen.parts;
  assert.equal(neighbour(w, "ArrowDown", placed, seen.edges), square);
  assert.equal(neighbour(square, "ArrowUp", placed, seen.edges), w);
  assert.equal(neighbour(square, "ArrowDown", placed, seen.edges), null);
  assert.equal(neighbour(square, "x", placed, seen.edges), null);
});

test("numbers are short and survive", () => {
  assert.equal(short(0.24740395925452294), "0.2474");
  assert.equal(short(1e-7), "1e-7");
  assert.equal(short(123456.7), "1.23e5");
  assert.equal(short("nan"), "nan");
  assert.equal(short(-3), "-3");
  assert.equal(valueText({ shape: [2], data: [1, "inf"] }), "[1 inf]");
  assert.equal(valueText({ shape: [40, 8], first: [1], min: 0 }), "40×8");
});

test("any value becomes a matrix to look at", () => {
  assert.deepEqual(matrixOf({ data: 3 }).rows, [[3]]);
  assert.deepEqual(matrixOf({ data: [1, 2] }).rows, [[1, 2]]);
  assert.deepEqual(matrixOf({ data: [[[1, 2]], [[3, 4]]] }).rows, [[1, 2], [3, 4]]);
  assert.equal(matrixOf({ data: [] }), null);
  assert.equal(matrixOf({ data: [[]] }), null);
  assert.equal(matrixOf({ indices: { data: [1] }, values: { data: [[5]] } }).label, "rows 1");
  assert.deepEqual(thin([[1, 2, 3, 4], [5, 6, 7, 8]], 1, 2), [[1, 3]]);
});
