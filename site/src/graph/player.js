// The slider over all steps: forward, then backward; with buttons, keys and playing by itself.

import { icon, iconButton } from "./icons.js";
import { html } from "./svg.js";

const PACE = 900;              // milliseconds a step

// onStep(index): called whenever the step changes; -1 is before the first.
// Returns { element, go(index), step(by), toggle(), index }.
export function makePlayer(steps, onStep) {
  let index = -1;
  let timer = null;
  const forwardCount = steps.filter(({ phase }) => phase === "forward").length;
  const play = iconButton("play", "Play", () => toggle());
  play.classList.add("pv-play");
  const slider = html("input", { type: "range", min: 0, max: steps.length, value: 0, step: 1,
    "aria-label": "Step of the run", oninput: () => go(Number(slider.value) - 1, true) });
  const count = html("span", { class: "pv-count pv-mono" });
  const share = steps.length ? (100 * forwardCount) / steps.length : 100;
  const track = html("div", { class: "pv-track", style: `--pv-share:${share}%` }, slider,
    html("div", { class: "pv-phases", "aria-hidden": "true" },
      html("span", { style: `flex:${forwardCount}` }, "forward"),
      forwardCount < steps.length
        ? html("span", { style: `flex:${steps.length - forwardCount}` }, "backward") : null));
  const element = html("div", { class: "pv-player", role: "group", "aria-label": "Steps" },
    html("div", { class: "pv-buttons" },
      iconButton("first", "To the beginning", () => go(-1)),
      iconButton("back", "One step back", () => step(-1)), play,
      iconButton("next", "One step on", () => step(1)),
      iconButton("last", "To the end", () => go(steps.length - 1))),
    track, count);

  function go(next, byHand = true) {
    if (byHand) pause();
    index = Math.max(-1, Math.min(steps.length - 1, next));
    slider.value = index + 1;
    const phase = index < 0 ? "start" : steps[index].phase;
    slider.setAttribute("aria-valuetext", `step ${index + 1} of ${steps.length}, ${phase}`);
    count.textContent = `${index + 1} / ${steps.length}`;
    element.dataset.phase = phase;
    onStep(index);
  }

  function step(by) {
    go(index + by);
  }

  function sign(name, label) {
    play.replaceChildren(icon(name));
    play.setAttribute("aria-label", label);
    play.title = label;
  }

  function pause() {
    clearInterval(timer);
    timer = null;
    sign("play", "Play");
  }

  function toggle() {
    if (timer) {
      pause();
      return;
    }
    if (index >= steps.length - 1) go(-1);
    sign("pause", "Pause");
    timer = setInterval(() => {
      if (!element.isConnected || index >= steps.length - 1) pause();
      else go(index + 1, false);
    }, PACE);
    go(index + 1, false);
  }

  return { element, go, step, toggle, pause, get index() { return index; } };
}
