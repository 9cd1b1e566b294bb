// The signs on buttons, drawn: fonts do not all have them.

import { html, svg } from "./svg.js";

const PATHS = {
  first: "M3 3h2v10h-2zM13 3v10l-7-5z",
  back: "M11.5 3v10l-7-5z",
  play: "M4.5 2.5v11l8.5-5.5z",
  pause: "M4 3h3v10h-3zM9 3h3v10h-3z",
  next: "M4.5 3v10l7-5z",
  last: "M11 3h2v10h-2zM3 3v10l7-5z",
  out: "M3 7h10v2h-10z",
  in: "M7 3h2v4h4v2h-4v4h-2v-4h-4v-2h4z",
  fit: "M2 2h5v2h-3v3h-2zM9 12h3v-3h2v5h-5z",
  reset: "M8 3a5 5 0 1 1-4.6 3l1.8.8a3 3 0 1 0 2.8-1.8v2.3l-3.6-3.3 3.6-3.3z",
};

// A button with a sign on it. act(): called on a click.
export function iconButton(name, label, act) {
  return html("button", { type: "button", class: "pv-button", "aria-label": label, title: label,
    onclick: act }, icon(name));
}

export function icon(name) {
  return svg("svg", { viewBox: "0 0 16 16", width: 14, height: 14, "aria-hidden": "true", class: "pv-icon" },
    svg("path", { d: PATHS[name] }));
}
