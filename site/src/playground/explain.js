// What the playground does, in words and formulas, with the settings as they are.

import { html } from "../graph/svg.js";
import { datasetOf } from "./datasets.js";
import { ACTIVATIONS, OPTIMIZERS, PENALTIES } from "./settings.js";

// Elements that say which data, which net, which loss and which rule.
export function explain(settings) {
  const { batch, rate, layers, features, penalty, penaltyRate } = settings;
  const optimizer = OPTIMIZERS[settings.optimizer];
  const sizes = [features.length, ...layers, 1];
  const weights = sizes.slice(1).reduce((sum, size, i) => sum + size * sizes[i], 0);
  const biases = sizes.slice(1).reduce((sum, size) => sum + size, 0);
  const regular = penalty === "none" || penaltyRate === 0 ? ""
    : ` + ${penaltyRate} · Σ ${penalty === "l1" ? "|w|" : "w²"}`;
  return [
    part("The data", `${datasetOf(settings.data).name}: ${datasetOf(settings.data).about}. Filled points `
      + "are for training, rings for testing."),
    part("The net", `${sizes.join(" – ")} units: ${weights} weights and ${biases} biases. Each unit computes `
      + `${ACTIVATIONS[settings.activation].name}(Σ weight · input + bias), the output sigmoid(Σ …) = p, `
      + "the probability of class 1. On the dark line p is ½."),
    part("The loss", "The mean, over the points of a batch, of"),
    formula(`−[y · log p + (1 − y) · log(1 − p)]${regular}`),
    part("One step", `${batch} training point${batch > 1 ? "s" : ""} drawn at random, the gradient g of the `
      + `loss with respect to each weight and bias w, and then (${optimizer.name}, η = ${rate}):`),
    ...optimizer.rule.map(formula),
    html("p", { class: "pl-soft" }, optimizer.words,
      penalty !== "none" && penaltyRate === 0 ? ` (${PENALTIES[penalty]} has no strength yet.)` : ""),
  ];
}

function part(title, text) {
  return html("p", {}, html("b", {}, `${title}. `), text);
}

function formula(text) {
  return html("p", { class: "pl-formula" }, text);
}
