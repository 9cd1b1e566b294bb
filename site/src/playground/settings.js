// What the reader can choose, and what it may be.

export const FEATURES = [
  { id: "x1", label: "x₁", code: "x1" },
  { id: "x2", label: "x₂", code: "x2" },
  { id: "x1x1", label: "x₁²", code: "tf.square(x1)" },
  { id: "x2x2", label: "x₂²", code: "tf.square(x2)" },
  { id: "x1x2", label: "x₁x₂", code: "x1 * x2" },
  { id: "sinx1", label: "sin 2x₁", code: "tf.sin(2.0 * x1)" },
  { id: "sinx2", label: "sin 2x₂", code: "tf.sin(2.0 * x2)" },
];

export const ACTIVATIONS = {
  tanh: { name: "tanh", code: "tf.tanh" },
  relu: { name: "relu", code: "tf.nn.relu" },
  sigmoid: { name: "sigmoid", code: "tf.sigmoid" },
  elu: { name: "elu", code: "tf.nn.elu" },
  linear: { name: "none (linear)", code: "tf.identity" },
};

// rule: the update that is applied, in words and signs; η is the learning rate, g the gradient.
export const OPTIMIZERS = {
  sgd: { name: "gradient descent", code: (rate) => `tf.train.GradientDescentOptimizer(${rate})`,
    rule: ["w ← w − η · g"], words: "Each weight goes a small step against its gradient." },
  momentum: { name: "momentum", code: (rate) => `tf.train.MomentumOptimizer(${rate}, momentum=0.9)`,
    rule: ["v ← 0.9 · v + g", "w ← w − η · v"],
    words: "Steps in the same direction add up, so it rolls on like a ball." },
  adagrad: { name: "Adagrad", code: (rate) => `tf.train.AdagradOptimizer(${rate})`,
    rule: ["s ← s + g²", "w ← w − η · g / √s"],
    words: "Weights that have had large gradients take smaller steps." },
  rmsprop: { name: "RMSProp", code: (rate) => `tf.train.RMSPropOptimizer(${rate})`,
    rule: ["s ← 0.9 · s + 0.1 · g²", "w ← w − η · g / √(s + 10⁻¹⁰)"],
    words: "Each weight's step is measured by the usual size of its gradient of late." },
  adam: { name: "Adam", code: (rate) => `tf.train.AdamOptimizer(${rate})`,
    rule: ["m ← 0.9 · m + 0.1 · g", "s ← 0.999 · s + 0.001 · g²",
      "w ← w − η · m̂ / (√ŝ + 10⁻⁸)"],
    words: "Momentum and RMSProp together; the hats correct for the start at zero." },
};

export const RATES = [0.0001, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3, 10];
export const PENALTIES = { none: "none", l1: "L1", l2: "L2" };
export const PENALTY_RATES = [0, 0.0003, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1];
export const MOST_LAYERS = 6;
export const MOST_UNITS = 8;

export const DEFAULTS = {
  data: "circle", noise: 10, trainPercent: 50, batch: 10, seed: 1, own: null,
  features: ["x1", "x2"], layers: [4, 2], activation: "tanh", optimizer: "sgd", rate: 0.03,
  penalty: "none", penaltyRate: 0,
};

// Settings that can be used, from any object: what is missing or not possible is the default.
export function checked(wanted = {}) {
  const found = { ...DEFAULTS };
  const oneOf = (key, choices) => {
    if (choices.includes(wanted[key])) found[key] = wanted[key];
  };
  const whole = (key, low, high) => {
    if (Number.isInteger(wanted[key])) found[key] = Math.max(low, Math.min(high, wanted[key]));
  };
  oneOf("data", ["circle", "xor", "clouds", "moons", "spirals", "iris", "wine", "own"]);
  oneOf("activation", Object.keys(ACTIVATIONS));
  oneOf("optimizer", Object.keys(OPTIMIZERS));
  oneOf("penalty", Object.keys(PENALTIES));
  oneOf("rate", RATES);
  oneOf("penaltyRate", PENALTY_RATES);
  whole("noise", 0, 50);
  whole("trainPercent", 10, 90);
  whole("batch", 1, 100);
  whole("seed", 0, 9999);
  const features = FEATURES.map(({ id }) => id).filter((id) => wanted.features?.includes?.(id));
  if (features.length) found.features = features;
  if (Array.isArray(wanted.layers)) {
    found.layers = wanted.layers.slice(0, MOST_LAYERS)
      .map((units) => Math.max(1, Math.min(MOST_UNITS, Math.round(Number(units)) || 1)));
  }
  // It may come from a link, and stands in the program: numbers, and nothing else.
  if (typeof wanted.own === "string" && /^[\d\s.e+-]+$/.test(wanted.own)) found.own = wanted.own;
  if (found.data === "own" && !found.own) found.data = DEFAULTS.data;
  return found;
}

// True if a net with these settings has the same weights: then it can go on from where it was.
export function hasSameNet(a, b) {
  const shape = ({ features, layers, data, noise, seed, trainPercent, own }) =>
    JSON.stringify([features, layers, data, noise, seed, trainPercent, own]);
  return shape(a) === shape(b);
}
