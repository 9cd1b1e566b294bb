// Prints programs of the playground as JSON: for tests/play/test_net.py, which runs them.

import { programOf } from "../../../site/src/playground/program.js";
import { ACTIVATIONS, checked, DEFAULTS, OPTIMIZERS } from "../../../site/src/playground/settings.js";

const choices = [{},
  ...["xor", "clouds", "moons", "spirals", "iris", "wine"].map((data) => ({ data })),
  ...Object.keys(ACTIVATIONS).map((activation) => ({ activation, optimizer: "adam", rate: 0.01 })),
  ...Object.keys(OPTIMIZERS).map((optimizer) => ({ optimizer, rate: optimizer === "adagrad" ? 0.1 : 0.01 })),
  { features: ["x1", "x2", "x1x1", "x2x2", "x1x2", "sinx1", "sinx2"], layers: [], noise: 0 },
  { layers: [8, 8, 8, 8, 8, 8], penalty: "l2", penaltyRate: 0.001, batch: 1 },
  { penalty: "l1", penaltyRate: 0.001, trainPercent: 90, seed: 7 },
  { data: "own", own: Array.from({ length: 20 }, (_, i) => `${i} ${i * i} ${i % 2}`).join("\n") }];
console.log(JSON.stringify(choices.map((choice) => {
  const settings = checked({ ...DEFAULTS, ...choice });
  return { name: JSON.stringify(choice), settings, program: programOf(settings) };
})));
