// The pure parts of the free page and the playground: tables, links, settings, programs.

import assert from "node:assert/strict";
import { test } from "node:test";

import { columnsFor, parseTable, tableCode } from "../../../site/src/free/csv.js";
import { pack, programIn, shareLink, unpack } from "../../../site/src/free/share.js";
import { DATASETS, rowsText } from "../../../site/src/playground/datasets.js";
import { thinned } from "../../../site/src/playground/losschart.js";
import { crossings } from "../../../site/src/playground/plane.js";
import { pointsOf } from "../../../site/src/playground/points.js";
import { programOf } from "../../../site/src/playground/program.js";
import { checked, DEFAULTS, hasSameNet } from "../../../site/src/playground/settings.js";

test("a shared program comes back, whatever is in it", async () => {
  for (const program of ["", "print(1)\n", "Gradienten: ∂L/∂w, π, 🙂\n\t'\"\\", "x = 1\n".repeat(20000)]) {
    const link = await shareLink(program, "https://example.org/some/free.html?a=b#old");
    const url = new URL(link);
    assert.equal(url.search, "?a=b");
    assert.match(url.hash, /^#program=[A-Za-z0-9_-]*$/);       // nothing that mail programs break
    assert.equal(await programIn(url.hash), program);
  }
  assert.ok((await pack("x = 1\n".repeat(20000))).length < 2000);
});

test("other fragments are no programs, and a damaged one says so", async () => {
  assert.equal(await programIn(""), null);
  assert.equal(await programIn("#the-book"), null);
  const packed = await pack("print('whole')\n".repeat(9));
  for (const wrong of [packed.slice(0, -5), "!!!", "A".repeat(40)]) {
    await assert.rejects(unpack(wrong), /damaged/);
  }
});

test("tables with commas, semicolons, tabs and blanks", () => {
  for (const text of ["a,b\n1,2\n3,4", "a;b\r\n1;2\r\n3;4\r\n", "a\tb\n1\t2\n3\t4\n\n", "a b\n1  2\n3 4"]) {
    assert.deepEqual(parseTable(text), { names: ["a", "b"], rows: [["1", "2"], ["3", "4"]] });
  }
  assert.deepEqual(parseTable("1,2\n3,4").names, ["column_1", "column_2"]);
  assert.deepEqual(parseTable("\uFEFFa,b\n\"x, y\",\"say \"\"hi\"\"\"").rows, [["x, y", 'say "hi"']]);
  assert.throws(() => parseTable("a,b\n1,2,3"), /Row 2 has 3 cells, the first one 2/);
  assert.throws(() => parseTable("  \n"), /nothing/);
  assert.throws(() => parseTable('a,b\n"1,2'), /quote/);
});

test("columns of numbers are numbers", () => {
  const columns = columnsFor(parseTable("a,b,c\n1,x,\n-2.5e3,y,4\ninf,z,nan"));
  assert.deepEqual(columns.map(({ isNumber }) => isNumber), [true, false, true]);
  assert.deepEqual(columns[0].values, [1, -2500, Infinity]);
  assert.ok(Number.isNaN(columns[2].values[0]) && Number.isNaN(columns[2].values[2]));
});

test("a table as code does not break out of its quotes", () => {
  const code = tableCode('a,b\n"x"""y",1\n\'""" + evil,2');
  const [line] = code.split("\n").filter((one) => one.startsWith("TABLE"));
  assert.equal(JSON.parse(line.slice("TABLE = ".length)), '"x""y""",1\n"\'"""""" + evil",2');
});

test("settings from anywhere can be used", () => {
  assert.deepEqual(checked(), DEFAULTS);
  assert.deepEqual(checked({ rate: "0.1; import os", layers: "x", features: 3, noise: 1e9, batch: 0, seed: -1,
    activation: "__proto__", data: "own" }), { ...DEFAULTS, noise: 50, batch: 1, seed: 0 });
  assert.deepEqual(checked({ layers: [0, 99, 3.4, "2", null, 1, 1, 1] }).layers, [1, 8, 3, 2, 1, 1]);
  assert.deepEqual(checked({ features: ["x2", "evil", "x1"] }).features, ["x1", "x2"]);
  assert.ok(hasSameNet(DEFAULTS, { ...DEFAULTS, rate: 0.1, optimizer: "adam" }));
  assert.ok(!hasSameNet(DEFAULTS, { ...DEFAULTS, layers: [4] }));
});

test("own text in the settings cannot become code", () => {
  const settings = checked({ data: "own", own: '1 2 0"""\nimport os\n"""' });
  assert.equal(settings.data, DEFAULTS.data);
  assert.equal(settings.own, null);
  assert.equal(checked({ data: "own", own: rowsText([[1, 2, 0], [-1e-7, 2.5, 1]]) }).data, "own");
});

test("every data set has a program", () => {
  for (const { id } of DATASETS) {
    const text = programOf(checked({ data: id, own: "1 2 0 3 4 1" }));
    assert.match(text, /labels/);
    assert.ok(text.split("\n").every((line) => line.length <= 100), id);
  }
});

test("points of a table: two columns of numbers and one of two classes", () => {
  const text = `name,height,weight,kind\n${Array.from({ length: 12 }, (_, i) =>
    `n${i},${i},${i * i},${i % 2 ? "cat" : "dog"}`).join("\n")}`;
  const { rows, words } = pointsOf(text);
  assert.deepEqual(rows[3], [3, 9, 0]);
  assert.match(words, /12 points: x₁ is height, x₂ is weight, class 0 is cat, class 1 is dog/);
  assert.throws(() => pointsOf("a,b\n1,2\n2,3"), /exactly two classes/);
  assert.throws(() => pointsOf("a,b,c\n1,2,0\n2,3,1"), /at least ten points/);
});

test("the border lies where the sign changes", () => {
  assert.deepEqual(crossings(1, 1, 1, 1), []);
  assert.deepEqual(crossings(1, -1, 1, -1), [[[0.5, 0], [0.5, 1]]]);
  assert.equal(crossings(1, -1, -1, 1).length, 2);
});

test("a long curve is thinned but keeps its end", () => {
  assert.deepEqual(thinned([1, 2, 3, 4]), [1, 3, 4]);
});
