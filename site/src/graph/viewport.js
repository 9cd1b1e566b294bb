// Looking at a large drawing through a window: fitting, zooming, dragging.

import { iconButton } from "./icons.js";
import { html, svg } from "./svg.js";

const LEAST = 0.8;             // smaller letters cannot be read: then one drags
const LEAST_ON_PHONES = 0.66;  // which are held nearer
const MOST = 2.5;

// { element, show(drawing, placed), reveal(box), fit(), isWhole(): all of it is in the window }
export function makeViewport(label) {
  const picture = svg("svg", { class: "pv-picture", role: "group", "aria-label": label });
  const element = html("div", { class: "pv-window" }, picture);
  let placed = { left: 0, top: 0, width: 1, height: 1 };
  let view = { x: 0, y: 0, scale: 1 };
  let isFitted = true;
  let revealed = null;

  const paint = () => {
    const { clientWidth: width, clientHeight: height } = element;
    picture.setAttribute("viewBox",
      `${view.x} ${view.y} ${width / view.scale} ${height / view.scale}`);
  };
  const fitScale = () => Math.min(1.15, (element.clientWidth || 600) / placed.width);

  // The window is as high as the drawing needs, up to what leaves room for the rest of the page.
  function fit() {
    const highest = Math.max(300, Math.min(620, globalThis.innerHeight * 0.66));
    const least = element.clientWidth < 480 ? LEAST_ON_PHONES : LEAST;
    let scale = Math.max(least, fitScale());
    if (placed.height * scale > highest) scale = Math.max(Math.min(LEAST, scale), highest / placed.height);
    element.style.height = `${Math.round(Math.min(highest, placed.height * scale))}px`;
    view = { scale, x: placed.left - Math.max(0, element.clientWidth / scale - placed.width) / 2,
      y: placed.top };
    if (placed.width * scale > element.clientWidth) {
      view.x = placed.left + (placed.width - element.clientWidth / scale) / 2;
    }
    isFitted = true;
    if (revealed) reveal(revealed);
    else paint();
  }

  function zoom(factor, x = element.clientWidth / 2, y = element.clientHeight / 2) {
    const scale = Math.max(0.2, Math.min(MOST, view.scale * factor));
    view.x += x / view.scale - x / scale;
    view.y += y / view.scale - y / scale;
    view.scale = scale;
    isFitted = false;
    paint();
  }

  // Moves as little as needed for a box of the drawing to be in the window.
  function reveal(box) {
    revealed = box;
    const width = element.clientWidth / view.scale;
    const height = element.clientHeight / view.scale;
    const margin = Math.min(70, height / 6, width / 6);
    const before = { ...view };
    view.x = Math.min(Math.max(view.x, box.x + box.width + margin - width), box.x - margin);
    view.y = Math.min(Math.max(view.y, box.y + box.height + margin - height), box.y - margin);
    // Where all of it fits there is nothing to move.
    if (placed.width <= width) view.x = before.x;
    if (placed.height <= height + 1) view.y = before.y;
    paint();
  }

  listenToPointers(element, { zoom, move(dx, dy) {
    view.x -= dx / view.scale;
    view.y -= dy / view.scale;
    isFitted = false;
    paint();
  } });
  let lastWidth = 0;
  new ResizeObserver(() => {
    if (element.clientWidth === lastWidth) return;
    lastWidth = element.clientWidth;
    if (isFitted) fit();
    else paint();
  }).observe(element);

  const controls = html("div", { class: "pv-zoom" }, iconButton("out", "Zoom out", () => zoom(0.8)),
    iconButton("in", "Zoom in", () => zoom(1.25)), iconButton("fit", "Fit the window", fit));
  element.append(controls);
  return { element, fit, reveal,
    isWhole: () => placed.height * view.scale <= element.clientHeight + 1
      && placed.width * view.scale <= element.clientWidth + 1,
    show(drawing, newPlaced) {
      placed = newPlaced;
      revealed = null;
      picture.replaceChildren(drawing);
      fit();
    } };
}

// One pointer drags, two pinch; the wheel zooms with ctrl, and else scrolls the page.
function listenToPointers(element, { zoom, move }) {
  const pointers = new Map();
  element.addEventListener("pointerdown", (event) => {
    if (event.target.closest("button")) return;
    pointers.set(event.pointerId, { x: event.clientX, y: event.clientY, moved: 0 });
  });
  element.addEventListener("pointermove", (event) => {
    const last = pointers.get(event.pointerId);
    if (!last) return;
    const [dx, dy] = [event.clientX - last.x, event.clientY - last.y];
    last.moved += Math.abs(dx) + Math.abs(dy);
    if (last.moved < 6) return;                          // a click with an unsteady hand
    if (!element.hasPointerCapture(event.pointerId)) element.setPointerCapture(event.pointerId);
    if (pointers.size === 2) {
      const other = [...pointers].find(([id]) => id !== event.pointerId)[1];
      const far = (x, y) => Math.hypot(x - other.x, y - other.y);
      const box = element.getBoundingClientRect();
      zoom(far(event.clientX, event.clientY) / Math.max(1, far(last.x, last.y)),
        (event.clientX + other.x) / 2 - box.left, (event.clientY + other.y) / 2 - box.top);
    } else if (event.pointerType !== "touch" || last.moved > 6) {
      move(dx, dy);
    }
    Object.assign(last, { x: event.clientX, y: event.clientY });
  });
  const forget = (event) => pointers.delete(event.pointerId);
  element.addEventListener("pointerup", forget);
  element.addEventListener("pointercancel", forget);
  element.addEventListener("wheel", (event) => {
    if (!event.ctrlKey && !event.metaKey) return;
    event.preventDefault();
    const box = element.getBoundingClientRect();
    zoom(Math.exp(-event.deltaY / 200), event.clientX - box.left, event.clientY - box.top);
  }, { passive: false });
}
