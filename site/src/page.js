// What every page loads: little, and nothing that a reader has to wait for.
//
// The rest is loaded by the pages that need it. Read next: lesson.js, then python.js.

import { markProgress } from "./progress.js";
import { showPythonsState } from "./status.js";

markProgress(document);
const programs = document.querySelectorAll(".cell-data");
if (programs.length > 0) {
  import("./lesson.js").then(({ openLesson }) => openLesson(document));
  showPythonsState(document);
  bootWhenIdle();
}
const graphs = document.querySelectorAll(".graph-figure");
if (graphs.length > 0) import("./figures.js").then(({ enliven }) => enliven(graphs));
addEventListener("load", letKeysScroll);
addEventListener("resize", letKeysScroll);
mount("free", () => import("./free/index.js"), "mountFree");
mount("playground", () => import("./playground/index.js"), "mountPlayground");

function mount(id, load, name) {
  const element = document.getElementById(id);
  if (element) load().then((module) => module[name](element));
}

// What is wider than its place can be reached with Tab, and then scrolled with the arrow keys.
function letKeysScroll() {
  for (const wide of document.querySelectorAll("article pre, article .table-wrapper, article div.math")) {
    if (wide.scrollWidth > wide.clientWidth) wide.tabIndex = 0;
    else wide.removeAttribute("tabindex");
  }
}

// Python starts while the reader reads, unless the reader asked to save data: then on first use.
function bootWhenIdle() {
  if (navigator.connection?.saveData) return;
  const idle = globalThis.requestIdleCallback ?? ((start) => setTimeout(start, 1500));
  const boot = () => idle(() => import("./python.js").then(
    ({ python }) => python.boot().catch(() => {})), { timeout: 5000 });
  if (document.readyState === "complete") boot();
  else addEventListener("load", boot, { once: true });
}
