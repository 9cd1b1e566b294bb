// The graphs of the text: pictures, which the reader can open to look closer or to step through.

import { mountGraph } from "./graph/index.js";

export function enliven(figures) {
  for (const figure of figures) offer(figure);
}

function offer(figure) {
  const data = JSON.parse(figure.querySelector(".graph-data").textContent);
  const place = figure.querySelector(".graph-view");
  const open = document.createElement("button");
  open.type = "button";
  open.className = "open-graph";
  open.textContent = data.steps.length > 0 ? "Step through it" : "Look closer";
  const mount = () => {
    open.remove();
    const view = document.createElement("div");
    place.replaceChildren(view);
    place.classList.add("open");
    mountGraph(view, data);
  };
  open.addEventListener("click", mount);
  if (figure.classList.contains("hero")) mount();
  else figure.append(open);
}
