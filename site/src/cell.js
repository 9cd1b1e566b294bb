// One program in the page: its editor, Run, Stop and Reset, and what it gives.

import { Output } from "./output.js";
import { notRun, python } from "./python.js";

const near = new IntersectionObserver((entries) => {
  for (const { target, isIntersecting } of entries) {
    if (isIntersecting) {
      near.unobserve(target);
      target.cell.openEditor();
    }
  }
}, { rootMargin: "600px" });

export class Cell {
  constructor(element, data, lesson, index) {
    Object.assign(this, { element, data, lesson, index });
    this.isDone = false;           // its results are there, made by this text
    this.isStopped = false;        // Stop was pressed since it began, perhaps before Python was there
    this.code = data.code;
    this.editor = null;
    this.still = element.querySelector(".highlight-python3, .highlight");
    this.state = element.querySelector(".cell-state");
    this.button = {};
    for (const name of ["run", "stop", "reset"]) {
      this.button[name] = element.querySelector(`button.${name}`);
      this.button[name].addEventListener("click", () => this[name]());
    }
    this.button.run.disabled = false;
    this.button.run.title = "Shift-Enter in the program";
    this.output = new Output(element, {
      onLine: (line, file) => this.editor?.light(file === `<${this.data.name}>` ? line : null),
      onGo: (line) => this.go(line),
    });
    element.cell = this;
    near.observe(element);
  }

  get label() {
    return `Program ${this.data.name.replace(/^program /, "")}`;
  }

  // The program as it was set makes room for an editor. Until then it can be read, and copied.
  // The editor is as high as what was there, although it sets only those lines that are in sight:
  // a page that moves between the press of a button and its release loses the click.
  async openEditor() {
    this.opening ??= import("./editor.js").then(({ makeEditor }) => {
      const place = document.createElement("div");
      place.className = "cell-editor";
      place.style.minHeight = `${this.still.getBoundingClientRect().height}px`;
      this.editor = makeEditor(place, {
        code: this.code, label: `${this.label}. Shift-Enter runs it; Escape, then Tab leaves it.`,
        onRun: () => this.run(), onChange: (code) => this.edited(code),
      });
      this.still.replaceWith(place);
    });
    return this.opening;
  }

  edited(code) {
    this.code = code;
    this.isDone = false;
    this.editor?.view.dom.parentElement.style.removeProperty("min-height");
    this.button.reset.hidden = code === this.data.code;
    this.editor?.markError(null);
  }

  // Runs what is missing above it, then it.
  async run() {
    if (this.isRunning) return;
    this.#begin();
    const failed = await this.lesson.runAbove(this.index, this);
    if (failed) this.end(failed === this ? "stopped" : `${failed.label} above fails`);
    else await this.runAlone();
    if (failed && failed !== this) failed.element.scrollIntoView({ block: "center", behavior: "smooth" });
  }

  async runAlone() {
    this.#begin();
    const result = await this.ask({ name: this.data.name, before: this.lesson.nameAbove(this.index) });
    this.isDone = result.ok || (this.data.raises !== undefined && result.error.stage === "program");
    this.lesson.forgetBelow(this.index);
    this.show(result);
    this.end(words(result));
    return result;
  }

  // Asks Python to run the program, and shows what comes meanwhile.
  async ask(request) {
    const leave = python.listen(({ type, text, fraction }) => {
      if (type === "progress") this.say(`${text}, ${Math.round(100 * fraction)} %`);
    });
    try {
      if (python.state !== "ready") this.say("waits for Python");
      await python.boot();
      if (this.isStopped) return notRun("KeyboardInterrupt", "Stopped.");
      this.say("runs");
      this.output.begin();
      return await python.run({
        code: this.code, ...request,
        onStdout: (text) => this.output.write(text),
        onStderr: (text) => this.output.write(text, "stderr"),
        onDisplay: (message) => this.output.display(message),
      });
    } catch (error) {
      if (this.isStopped) return notRun("KeyboardInterrupt", "Stopped.");
      return notRun("Error", `Python cannot be had: ${error.message}`);
    } finally {
      leave();
    }
  }

  show(result) {
    this.output.finish(result);
    this.editor?.markError(result.error ? result.line : null);
  }

  stop() {
    this.isStopped = true;
    python.stop();
  }

  reset() {
    this.code = this.data.code;
    this.editor?.set(this.code);
    this.edited(this.code);
    this.output.restore();
    this.say("");
  }

  async go(line) {
    await this.openEditor();
    this.editor.go(line);
  }

  say(text) {
    this.state.textContent = text;
  }

  #begin() {
    this.isRunning = true;
    this.element.classList.add("running");
    this.button.stop.hidden = false;
    this.button.run.disabled = true;
    this.say("");                  // how it ended before is no longer true
  }

  end(text) {
    this.isRunning = this.isStopped = false;
    this.element.classList.remove("running");
    this.button.stop.hidden = true;
    this.button.run.disabled = false;
    this.say(text);
  }
}

function words({ ok, error, ms }) {
  if (error?.stage === "stopped") return "stopped";
  const time = ms < 1000 ? `${Math.max(1, Math.round(ms))} ms` : `${(ms / 1000).toFixed(1)} s`;
  return ok ? `ran in ${time}` : `failed after ${time}`;
}
