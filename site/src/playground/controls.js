// The controls: what each sets, and what it means.

import { html } from "../graph/svg.js";
import { DATASETS } from "./datasets.js";
import { paintIcon } from "./plane.js";
import { ACTIVATIONS, OPTIMIZERS, PENALTIES, PENALTY_RATES, RATES } from "./settings.js";

// change(key, value): the reader has set something. onOwn(): wants points of their own.
// Returns { top, data, show(settings, colours) }: two groups, and what they show.
export function makeControls(change, onOwn) {
  const select = (key, label, choices, help) => {
    const box = html("select", { id: `pl-${key}`, onchange: () => change(key, choices[box.selectedIndex].value) },
      choices.map(({ name }) => html("option", {}, name)));
    return { key, element: field(label, box, help, `pl-${key}`),
      show: (settings) => {
        box.selectedIndex = choices.findIndex(({ value }) => value === settings[key]);
      } };
  };
  const named = (object) => Object.entries(object).map(([value, item]) => ({ value, name: item.name ?? item }));
  const numbers = (list) => list.map((value) => ({ value, name: String(value) }));
  const range = (key, label, low, high, step, unit, help) => {
    const shown = html("output", {});
    const box = html("input", { type: "range", min: low, max: high, step, id: `pl-${key}`,
      oninput: () => { shown.textContent = box.value + unit; },
      onchange: () => change(key, Number(box.value)) });
    const element = field([label, " ", shown], box, help, `pl-${key}`);
    return { key, element, box, show: (settings) => {
      box.value = settings[key];
      shown.textContent = settings[key] + unit;
    } };
  };

  const top = [
    select("rate", "learning rate η", numbers(RATES), "How far one step goes. Too small: slow. Too large: it jumps about, or the numbers explode."),
    select("optimizer", "optimizer", named(OPTIMIZERS), "How a step is made of the gradient; the rule is written below."),
    select("activation", "activation", named(ACTIVATIONS), "What a unit does with its weighted sum. Without one, all layers together are a single straight line."),
    select("penalty", "regularization", named(PENALTIES), "Adds the size of the weights to the loss: L1 their absolute values (many become zero), L2 their squares (all stay small)."),
    select("penaltyRate", "its strength", numbers(PENALTY_RATES), "How much the size of the weights counts beside the error."),
  ];
  const below = [
    range("noise", "noise", 0, 50, 5, " %", "How far points stray from where they belong."),
    range("trainPercent", "training points", 10, 90, 10, " %", "The rest are for testing: the net never learns from them."),
    range("batch", "batch size", 1, 30, 1, "", "How many points one step looks at."),
    seedField(change),
  ];
  const sets = DATASETS.map((set) => {
    const canvas = html("canvas", { title: set.about });
    const button = html("button", { type: "button", class: "pl-set", title: `${set.name}: ${set.about}`,
      "aria-label": `${set.name}: ${set.about}`,
      onclick: () => (set.id === "own" ? onOwn() : change("data", set.id)) },
      set.id === "own" ? html("span", { class: "pl-csv", "aria-hidden": "true" }, "CSV") : canvas, html("span", {}, set.name));
    return { set, canvas, button };
  });
  const all = [...top, ...below];
  return {
    top: html("div", { class: "pl-controls" }, top.map(({ element }) => element)),
    data: html("div", {}, html("div", { class: "pl-sets", role: "group", "aria-label": "Data" },
      sets.map(({ button }) => button)), below.map(({ element }) => element)),
    show(settings, colours) {
      for (const control of all) control.show(settings);
      for (const { set, canvas, button } of sets) {
        button.setAttribute("aria-pressed", String(set.id === settings.data));
        if (set.icon.length) paintIcon(canvas, set.icon, colours);
      }
      const isReal = DATASETS.find(({ id }) => id === settings.data)?.isReal;
      below[0].element.hidden = Boolean(isReal);
      top.at(-1).element.hidden = settings.penalty === "none";
    },
  };
}

function field(label, box, help, id) {
  return html("div", { class: "pl-field", title: help }, html("label", { for: id }, label), box);
}

function seedField(change) {
  const box = html("input", { type: "number", min: 0, max: 9999, id: "pl-seed",
    onchange: () => change("seed", Number(box.value) || 0) });
  const next = html("button", { type: "button", class: "pl-small pl-next",
    onclick: () => change("seed", (Number(box.value) + 1) % 10000) }, "next");
  const help = "Where the random numbers begin: the same seed gives the same points, weights and steps.";
  return { element: field("seed", html("span", { class: "pl-seed" }, box, next), help, "pl-seed"),
    show: ({ seed }) => { box.value = seed; } };
}
