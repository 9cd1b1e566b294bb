// The free page: the reader's own program and data, run in the page; shared by link, taken away as
// a file. Nothing of it is sent anywhere.

import { makeEditor } from "../editor.js";
import { html } from "../graph/svg.js";
import { Output } from "../output.js";
import { python } from "../python.js";
import { tableCode } from "./csv.js";
import { EXAMPLES } from "./examples.js";
import { keep, kept } from "./draft.js";
import { programIn, shareLink } from "./share.js";

const LARGEST = 300_000;       // letters of a table
const NAME = "program";

export async function mountFree(element) {
  const free = new Free(element);
  await free.open();
  return free;
}

class Free {
  constructor(element) {
    this.element = element;
    this.build();
  }

  build() {
    const button = (text, act, name = "") => html("button", { type: "button", class: name, onclick: act }, text);
    this.runButton = button("Run", () => this.run(), "run");
    this.stopButton = button("Stop", () => python.stop(), "stop");
    this.stopButton.hidden = true;
    this.state = html("span", { class: "cell-state", role: "status" });
    const choice = html("select", { "aria-label": "Begin with an example", onchange: () => {
      if (choice.value) this.begin(EXAMPLES[Number(choice.value)].code);
      choice.value = "";
    } }, html("option", { value: "" }, "Examples …"),
      EXAMPLES.map(({ name }, i) => html("option", { value: i }, name)));
    const place = html("div", { class: "cell-editor" });
    this.cell = html("div", { class: "cell free-cell" },
      html("div", { class: "cell-tools" }, this.runButton, this.stopButton,
        button("Reset", () => this.reset()), this.state), place);
    this.table = this.makeTable(button);
    this.link = html("p", { class: "free-link", role: "status", hidden: true });
    this.element.replaceChildren(html("div", { class: "free" },
      html("div", { class: "free-tools cell-tools" }, choice,
        button("Add a table …", () => this.openTable()), button("Share as a link", () => this.share()),
        button("Copy", () => this.copy(this.editor.code(), "The program is copied.")),
        button("Download", () => this.download())),
      this.link, this.table, this.cell));
    this.editor = makeEditor(place, { label: "Your program. Shift-Enter runs it; Escape, then Tab leaves it.",
      numbers: true, onRun: () => this.run(), onChange: (code) => {
        keep(code);
        this.editor.markError(null);
      } });
    this.output = new Output(this.cell, {
      onLine: (line, file) => this.editor.light(file === `<${NAME}>` ? line : null),
      onGo: (line) => this.editor.go(line) });
    this.listenForFiles();
    addEventListener("hashchange", () => this.open());
  }

  // Shows the program of the link, or the one that the reader left, or an example.
  async open() {
    let code = null;
    try {
      code = await programIn(location.hash);
    } catch (error) {
      this.tell(error.message);
    }
    this.original = code ?? EXAMPLES[0].code;
    this.editor.set(code ?? kept() ?? this.original);
    this.editor.markError(null);
  }

  begin(code) {
    this.original = code;
    this.editor.set(code);
    this.editor.markError(null);
    this.output.restore();
    keep(code);
    this.say("");
  }

  reset() {
    this.begin(this.original);
    python.reset().catch(() => {});
  }

  // -- running ----------------------------------------------------------------------------------

  async run() {
    if (this.isRunning) return;
    this.isRunning = true;
    this.cell.classList.add("running");
    this.stopButton.hidden = false;
    this.runButton.disabled = true;
    const leave = python.listen(({ type, text, fraction }) => {
      if (type === "progress") this.say(`${text}, ${Math.round(100 * fraction)} %`);
    });
    try {
      await python.boot();
      this.say("runs");
      this.output.begin();
      const result = await python.run({ code: this.editor.code(), name: NAME, fresh: true,
        onStdout: (text) => this.output.write(text), onStderr: (text) => this.output.write(text, "stderr"),
        onDisplay: (message) => this.output.display(message) });
      this.output.finish(result);
      this.editor.markError(result.error ? result.line : null);
      const time = result.ms < 1000 ? `${Math.max(1, Math.round(result.ms))} ms` : `${(result.ms / 1000).toFixed(1)} s`;
      this.say(result.error?.stage === "stopped" ? "stopped" : `${result.ok ? "ran in" : "failed after"} ${time}`);
    } catch (error) {
      this.say(`Python cannot be had: ${error.message}`);
    } finally {
      leave();
      this.isRunning = false;
      this.cell.classList.remove("running");
      this.stopButton.hidden = true;
      this.runButton.disabled = false;
    }
  }

  say(text) {
    this.state.textContent = text;
  }

  // -- taking it away ---------------------------------------------------------------------------

  async share() {
    const link = await shareLink(this.editor.code(), location.href);
    history.replaceState(null, "", link);
    const field = html("input", { type: "text", readonly: true, value: link, "aria-label": "The link" });
    this.tell("The program is in this link itself; no server gets it. ", field);
    field.select();
    await this.copy(link, "The link is copied. The program is in it; no server gets it. ", field);
  }

  async copy(text, words, ...more) {
    try {
      await navigator.clipboard.writeText(text);
      this.tell(words, ...more);
    } catch {
      if (!more.length) this.tell("The browser does not allow copying here; select the text instead.");
    }
  }

  download() {
    const text = `# Runs after: pip install pellucid\n\n${this.editor.code()}`;
    const link = html("a", { download: "program.py", href: URL.createObjectURL(new Blob([text], { type: "text/x-python" })) });
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
  }

  tell(...pieces) {
    this.link.replaceChildren(...pieces);
    this.link.hidden = pieces.length === 0;
  }

  // -- data -------------------------------------------------------------------------------------

  makeTable(button) {
    this.tableText = html("textarea", { rows: 6, spellcheck: "false", "aria-label": "The table",
      placeholder: "length,width,kind\n4.7,1.4,0\n6.0,2.5,1" });
    const file = html("input", { type: "file", accept: ".csv,.tsv,.txt", "aria-label": "A file with a table",
      onchange: () => file.files[0] && this.readFile(file.files[0]) });
    this.tableWords = html("p", { role: "status" });
    return html("div", { class: "free-table", hidden: true },
      html("p", {}, "A table with commas, semicolons or tabs: paste it, drop it or choose a file. It becomes "
        + "part of the program, and stays in this page: ", html("code", {}, "data[\"length\"]"),
        " is then a NumPy array."),
      this.tableText, html("div", { class: "cell-tools" }, file,
        button("Put it into the program", () => this.insertTable(), "run"),
        button("Close", () => { this.table.hidden = true; })), this.tableWords);
  }

  openTable() {
    this.table.hidden = false;
    this.tableText.focus();
  }

  async readFile(file) {
    this.openTable();
    if (file.size > LARGEST) {
      this.tableWords.textContent = `The file is too large: ${Math.round(file.size / 1000)} kB, and a program holds ${LARGEST / 1000}.`;
      return;
    }
    this.tableText.value = await file.text();
    this.tableWords.textContent = file.name;
  }

  insertTable() {
    try {
      if (this.tableText.value.length > LARGEST) throw new Error(`A program holds tables of up to ${LARGEST / 1000} kB.`);
      const code = `${tableCode(this.tableText.value)}\n${this.editor.code()}`;
      this.editor.set(code);
      keep(code);
      this.table.hidden = true;
      this.say("the table is in the program, as data");
    } catch (error) {
      this.tableWords.textContent = error.message;
    }
  }

  // A file may be dropped anywhere on the page: a program opens, a table is offered.
  listenForFiles() {
    this.element.addEventListener("dragover", (event) => event.preventDefault());
    this.element.addEventListener("drop", async (event) => {
      const [file] = event.dataTransfer?.files ?? [];
      if (!file) return;
      event.preventDefault();
      if (/\.py$/.test(file.name)) this.begin(await file.text());
      else await this.readFile(file);
    }, true);
  }
}
