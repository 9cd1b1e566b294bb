// What a program gave: text, errors that point at the reader's line, pictures, graphs.

import { heatMap } from "./heatmap.js";

export class Output {
  // element: where the output stands; one that was recorded may be in it already.
  //   onLine(line, file): the graph view is at a step that this line made; null for none. The file
  //     is "<name>" of the program in which the line stands.
  //   onGo(line): the reader wants to see that line.
  constructor(element, { onLine = () => {}, onGo = () => {} } = {}) {
    Object.assign(this, { onLine, onGo });
    this.recorded = element.querySelector(":scope > .output.recorded");
    this.live = document.createElement("div");
    this.live.className = "output live";
    this.live.setAttribute("aria-live", "polite");
    this.live.hidden = true;
    element.append(this.live);
    this.views = [];
  }

  // A run begins. What is there stays, pale, until something new comes, so that nothing jumps.
  begin() {
    this.isOld = true;
    (this.live.hidden ? this.recorded : this.live)?.classList.add("old");
  }

  write(text, kind = "stdout") {
    this.#renew();
    const last = this.live.lastElementChild;
    if (last?.dataset.kind === kind) {
      last.append(text);
      return;
    }
    const lines = this.#add("pre", kind);
    lines.dataset.kind = kind;
    lines.textContent = text;
  }

  display({ kind, data }) {
    this.#renew();
    const place = this.#add("div", `shown ${kind}`);
    if (kind === "graph") this.#graph(place, data);
    else if (kind === "array") place.append(heatMap(data));
    else if (kind === "svg" || kind === "chart") place.append(picture(data));
    else place.textContent = String(data);
  }

  // The run has ended.
  finish({ error, line }) {
    this.#renew();
    if (error) this.#error(error, line);
  }

  // What was recorded, as before any run.
  restore() {
    this.#clear();
    this.live.hidden = true;
    this.recorded?.classList.remove("old");
    if (this.recorded) this.recorded.hidden = false;
  }

  #renew() {
    if (!this.isOld) return;
    this.isOld = false;
    this.#clear();
    this.live.hidden = false;
    if (this.recorded) this.recorded.hidden = true;
  }

  #clear() {
    for (const view of this.views) view?.destroy?.();
    this.views = [];
    this.live.replaceChildren();
    this.live.classList.remove("old");
    this.onLine(null);
  }

  #graph(place, data) {
    import("./graph/index.js").then(({ mountGraph }) => {
      if (place.isConnected) this.views.push(mountGraph(place, data, { onLine: this.onLine }));
    });
  }

  #error({ type, message, text, stage }, line) {
    const box = this.#add("div", `error ${stage}`);
    if (stage === "stopped") {
      box.textContent = message;
      return;
    }
    const title = document.createElement("p");
    title.className = "error-title";
    title.innerHTML = "<strong></strong><span></span>";
    title.firstChild.textContent = type;
    title.lastChild.textContent = message ? `: ${message.split("\n")[0]}` : "";
    box.append(title);
    if (line !== null) {
      const go = document.createElement("button");
      go.type = "button";
      go.className = "go-to-line";
      go.textContent = `line ${line}`;
      go.addEventListener("click", () => this.onGo(line));
      title.append(" ", go);
    }
    const rest = document.createElement("pre");
    rest.textContent = text;
    box.append(rest);
  }

  #add(tag, name) {
    const element = document.createElement(tag);
    element.className = name;
    this.live.append(element);
    return element;
  }
}

// A drawing that a program made is shown as an image: in it, no script can run.
function picture(svg) {
  const image = document.createElement("img");
  image.alt = /<title>([^<]*)/.exec(svg)?.[1] ?? "A picture that the program drew";
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`;
  return image;
}
