// The net playground: a small net on points of the plane, in the manner of TensorFlow Playground.
//
// What the reader chooses (settings.js) becomes a program (program.js); Python runs this very text
// (pellucid/play/net.py) and says what there is to see. Nothing is computed here.

import { shareLink } from "../free/share.js";
import { short } from "../graph/numbers.js";
import { icon, iconButton } from "../graph/icons.js";
import { html } from "../graph/svg.js";
import { python } from "../python.js";
import { makeControls } from "./controls.js";
import { rowsText } from "./datasets.js";
import { explain } from "./explain.js";
import { makeLossChart } from "./losschart.js";
import { makeNetView } from "./netview.js";
import { coloursFor, paintPlane } from "./plane.js";
import { pointsOf } from "./points.js";
import { programOf } from "./program.js";
import { checked, DEFAULTS, hasSameNet, MOST_LAYERS, MOST_UNITS } from "./settings.js";

const FRAME = 28;              // milliseconds of training between two pictures
const SLOWEST = 250;
const NOTHING = { taken: 0, ms: 0 };

export function mountPlayground(element, { freePage = "free.html" } = {}) {
  const playground = new Playground(element, freePage);
  playground.open(false);
  return playground;
}

class Playground {
  constructor(element, freePage) {
    Object.assign(this, { element, freePage });
    this.settings = checked(readSettings());
    this.opened = null;            // the settings of the net that Python has
    this.found = null;             // what Python said last
    this.points = null;
    this.isRunning = false;
    this.pointed = null;           // the unit under the pointer
    this.build();
  }

  build() {
    this.controls = makeControls((key, value) => this.set({ [key]: value }), () => this.askForOwn());
    this.net = makeNetView({
      feature: (id) => this.toggleFeature(id),
      units: (layer, by) => this.set({ layers: this.settings.layers.map((units, i) =>
        (i === layer ? Math.max(1, Math.min(MOST_UNITS, units + by)) : units)) }),
      layers: (by) => this.changeLayers(by),
      point: (unit) => { this.pointed = unit; this.paint(); } });
    this.canvas = html("canvas", { class: "pl-plane", role: "img", "aria-label": "The plane, coloured by what the net says" });
    this.chart = makeLossChart();
    this.numbers = html("p", { class: "pl-numbers", "aria-live": "off" });
    this.status = html("p", { class: "pl-status", role: "status" });
    this.run = html("button", { type: "button", class: "pv-button pl-run", onclick: () => this.toggle() });
    this.showTest = html("input", { type: "checkbox", onchange: () => this.paint() });
    this.program = html("pre", { class: "pl-program", tabindex: 0 }, html("code", {}));
    this.words = html("div", { class: "pl-words" });
    this.own = this.makeOwn();
    const reset = iconButton("reset", "Begin again", () => this.open(false));
    const step = iconButton("next", "One step", () => this.step());
    this.root = html("div", { class: "pv pl" },
      html("div", { class: "pl-top" }, html("div", { class: "pl-buttons" }, reset, this.run, step), this.controls.top),
      this.status,
      html("div", { class: "pl-main" },
        html("section", { class: "pl-data", "aria-label": "Data" }, html("h2", {}, "Data"), this.controls.data, this.own),
        html("section", { class: "pl-middle", "aria-label": "Net" }, html("h2", {}, "Net"), this.net.element),
        html("section", { class: "pl-result", "aria-label": "Result" }, this.title = html("h2", {}),
          this.canvas, html("div", { class: "pl-scale", "aria-hidden": "true" }, "class 0", html("span", {}), "class 1"),
          html("label", { class: "pl-check" }, this.showTest, " show the test points"),
          this.chart.element, this.numbers)),
      html("div", { class: "pl-below" },
        html("section", {}, html("h2", {}, "What happens in a step"), this.words),
        html("section", {}, html("h2", {}, "The program that this is"),
          html("div", { class: "pl-links" }, this.link("Open it in the free page", () => this.openFree()),
            this.link("Copy", () => navigator.clipboard?.writeText(programOf(this.settings)))),
          this.program)));
    this.element.replaceChildren(this.root);
    this.sign();
    new ResizeObserver(() => this.paint()).observe(this.canvas);
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.repaint());
    new MutationObserver(() => this.repaint()).observe(document.body, { attributeFilter: ["data-theme"] });
    addEventListener("hashchange", () => this.set({ ...DEFAULTS, ...readSettings() }));
    this.refresh();
  }

  link(text, act) {
    return html("button", { type: "button", class: "pv-button", onclick: act }, text);
  }

  // -- settings ---------------------------------------------------------------------------------

  set(change) {
    this.settings = checked({ ...this.settings, ...change });
    this.refresh();
    this.open(this.opened && hasSameNet(this.opened, this.settings));
  }

  toggleFeature(id) {
    const { features } = this.settings;
    const next = features.includes(id) ? features.filter((one) => one !== id) : [...features, id];
    if (next.length) this.set({ features: next });
    else this.status.textContent = "A net needs at least one feature.";
  }

  changeLayers(by) {
    const { layers } = this.settings;
    if (by > 0 && layers.length < MOST_LAYERS) this.set({ layers: [...layers, layers.at(-1) ?? 2] });
    if (by < 0) this.set({ layers: layers.slice(0, -1) });
  }

  refresh() {
    this.colours = coloursFor(this.root);
    this.controls.show(this.settings, this.colours);
    this.net.build(this.settings);
    this.program.firstChild.textContent = programOf(this.settings);
    this.words.replaceChildren(...explain(this.settings));
    writeSettings(this.settings);
  }

  repaint() {
    this.colours = coloursFor(this.root);
    this.controls.show(this.settings, this.colours);
    this.paint();
    if (this.found) this.net.paint(this.found, this.colours);
  }

  // -- running ----------------------------------------------------------------------------------

  // Runs the program from its beginning; the net goes on from its weights if `keep`.
  async open(keep) {
    const settings = this.settings;
    if (!keep) this.chart.clear();
    this.speak(python.state === "ready" || python.state === "busy" ? "" : "Python is starting …");
    const turn = this.turn = (this.turn ?? 0) + 1;
    try {
      await python.boot({ onProgress: ({ text, fraction }) =>
        this.speak(`Python is starting: ${text}, ${Math.round(100 * fraction)} %`) });
      const found = await python.call("open_net", { program: programOf(settings), keep: Boolean(keep) });
      if (turn !== this.turn) return;                    // the reader has changed something since
      this.opened = settings;
      this.points = found.points;
      this.speak("");
      this.take(found);
      this.chart.add(found.steps, found.errors);
    } catch (error) {
      this.pause();
      this.opened = null;
      this.speak(`The program failed: ${error.message}`);
    }
  }

  async step() {
    this.pause();
    await this.train(1, 1000);
  }

  toggle() {
    if (this.isRunning) this.pause();
    else this.play();
  }

  pause() {
    this.isRunning = false;
    this.sign();
  }

  async play() {
    this.isRunning = true;
    this.sign();
    this.rate = null;
    let budget = FRAME;
    while (this.isRunning && this.element.isConnected) {
      const started = performance.now();
      const { taken, ms } = this.opened ? await this.train(100_000, budget) : NOTHING;
      const whole = performance.now() - started;
      if (taken) this.rate = mean(this.rate, (1000 * taken) / whole);
      // Pictures of a large net take long: then more is trained between two of them.
      budget = Math.max(FRAME, Math.min(SLOWEST, 1.5 * (whole - ms)));
      await new Promise((resolve) => requestAnimationFrame(resolve));
    }
  }

  async train(steps, ms) {
    const turn = this.turn;
    try {
      const found = await python.call("train_net", { steps, ms });
      if (turn !== this.turn) return NOTHING;
      this.take(found);
      this.chart.add(found.steps, found.errors);
      return found;
    } catch (error) {
      this.pause();
      this.speak(`Training failed: ${error.message}`);
      return NOTHING;
    }
  }

  take(found) {
    this.found = found;
    this.net.paint(found, this.colours);
    this.paint();
    const [train, test] = found.errors;
    const [rightTrain, rightTest] = found.right;
    const percent = (share) => (share === null ? "–" : `${(100 * share).toFixed(1)} %`);
    this.numbers.replaceChildren(
      html("span", { class: "pl-train" }, `training ${short(train)}, ${percent(rightTrain)} right`),
      html("span", { class: "pl-test" }, `test ${short(test)}, ${percent(rightTest)} right`),
      html("span", {}, `${found.steps.toLocaleString("en")} steps`
        + (this.rate ? `, ${Math.round(this.rate).toLocaleString("en")} a second` : "")));
    if (![train, test].some(Number.isFinite)) {
      this.pause();
      this.speak("The numbers have exploded: the learning rate is too large for this net. Begin again with a smaller one.");
    }
  }

  // The large picture: the net's answer, or that of the unit under the pointer.
  paint() {
    if (!this.colours) return;
    const { found, pointed } = this;
    let plane = null;
    if (found) {
      const area = found.resolution ** 2;
      const values = pointed && found.units[pointed.layer]
        ? Array.from(found.units[pointed.layer].subarray(pointed.unit * area, (pointed.unit + 1) * area), (v) => (v + 1) / 2)
        : Array.from(found.plane);
      plane = { values, resolution: found.resolution, side: found.side };
    }
    this.title.textContent = plane && pointed ? `What unit ${pointed.unit + 1} of layer ${pointed.layer} says` : "What it says";
    paintPlane(this.canvas, { plane, points: this.points, showTest: this.showTest.checked, colours: this.colours });
  }

  sign() {
    this.run.replaceChildren(icon(this.isRunning ? "pause" : "play"), html("span", {}, this.isRunning ? "Pause" : "Run"));
    this.root?.classList.toggle("pl-running", this.isRunning);
  }

  speak(text) {
    this.status.textContent = text;
    this.status.hidden = !text;
  }

  // -- the reader's own points ------------------------------------------------------------------

  makeOwn() {
    const text = html("textarea", { rows: 5, "aria-label": "Rows of x1, x2, class", spellcheck: "false",
      placeholder: "x1, x2, class\n5.1, 3.5, 0\n6.2, 2.9, 1" });
    const file = html("input", { type: "file", accept: ".csv,.txt,.tsv", "aria-label": "A file with points",
      onchange: async () => { text.value = await file.files[0].text(); } });
    this.ownWords = html("p", { class: "pl-soft", role: "status" });
    const box = html("div", { class: "pl-own", hidden: true },
      html("p", {}, "Rows of two numbers and a class; it stays in this page."), text, file,
      this.link("Use these points", () => this.useOwn(text.value)), this.ownWords);
    box.addEventListener("dragover", (event) => event.preventDefault());
    box.addEventListener("drop", async (event) => {
      event.preventDefault();
      const [dropped] = event.dataTransfer.files;
      if (dropped) text.value = await dropped.text();
    });
    return box;
  }

  askForOwn() {
    this.own.hidden = !this.own.hidden;
    if (!this.own.hidden) this.own.querySelector("textarea").focus();
  }

  useOwn(text) {
    try {
      const { rows, words } = pointsOf(text);
      this.ownWords.textContent = words;
      this.set({ data: "own", own: rowsText(rows) });
    } catch (error) {
      this.ownWords.textContent = error.message;
    }
  }

  async openFree() {
    location.href = await shareLink(programOf(this.settings), new URL(this.freePage, location.href));
  }
}

function mean(before, now) {
  return before === null ? now : 0.9 * before + 0.1 * now;
}

// -- settings in the address, so that a net can be passed on -------------------------------------

function readSettings() {
  try {
    return JSON.parse(decodeURIComponent(location.hash.slice(1)) || "{}");
  } catch {
    return {};
  }
}

function writeSettings(settings) {
  const changed = Object.fromEntries(Object.entries(settings)
    .filter(([key, value]) => JSON.stringify(value) !== JSON.stringify(DEFAULTS[key])));
  const hash = Object.keys(changed).length ? `#${encodeURIComponent(JSON.stringify(changed))}` : location.pathname;
  history.replaceState(null, "", hash);
}
