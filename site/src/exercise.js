// An exercise: a program that is checked, with hints, and a solution after some tries.

import { Cell } from "./cell.js";
import { lessonName, markProgress, noteExercise, progressOf } from "./progress.js";

const TRIES = 2;                   // so many, then the solution can be opened

export class Exercise extends Cell {
  constructor(element, data, lesson, above) {
    super(element, data, lesson, above);
    this.box = element.closest(".exercise");
    this.solution = this.box.querySelector(".solution");
    this.verdict = document.createElement("div");
    this.verdict.className = "verdict";
    this.verdict.setAttribute("role", "status");
    element.append(this.verdict);
    const known = progressOf(lesson.name).exercises[data.name] ?? {};
    this.tries = known.tries ?? 0;
    if (known.code && known.code !== data.code) {
      this.code = known.code;
      this.button.reset.hidden = false;
      this.openEditor();           // what is shown is the starter
    }
    this.#mark(known.solved ?? false);
  }

  get label() {
    return `Exercise: ${this.data.title}`;
  }

  edited(code) {
    super.edited(code);
    clearTimeout(this.saving);
    this.saving = setTimeout(() => noteExercise(lessonName(), this.data.name, { code }), 400);
  }

  async runAlone() {
    const { check, hints } = this.data;
    const result = await this.ask({ name: "your answer", isCopy: true, check, hints,
                                    before: this.lesson.nameAbove(this.index) });
    if (result.error?.stage !== "stopped") {
      this.tries += 1;
      const solved = result.ok || this.isSolved;
      noteExercise(lessonName(), this.data.name, { tries: this.tries, code: this.code, solved });
      this.#mark(solved);
      markProgress(document);
    }
    this.show(result);
    this.end(result.ok ? "solved" : result.error.stage === "stopped" ? "stopped" : "not yet");
    return result;
  }

  show(result) {
    const { stage } = result.error ?? {};
    // A failed check is no error of the program: it says what is still missing.
    super.show(stage === "check" ? { ...result, error: null } : result);
    this.verdict.className = `verdict ${result.ok ? "good" : "bad"}`;
    this.verdict.replaceChildren();
    if (result.ok) this.#tell("p", "right", "Right. The check passes.");
    if (stage === "check") this.#tell("p", "missing", upper(result.error.message));
    if (result.check?.hint) this.#tell("p", "hint", result.check.hint);
  }

  reset() {
    super.reset();
    this.verdict.replaceChildren();
  }

  #tell(tag, name, text) {
    const line = document.createElement(tag);
    line.className = name;
    line.textContent = text;
    this.verdict.append(line);
  }

  #mark(solved) {
    this.isSolved = solved;
    this.box.classList.toggle("is-solved", solved);
    this.box.querySelector(".solved").hidden = !solved;
    const closed = !solved && this.tries < TRIES;
    this.solution.classList.toggle("later", closed);
    this.solution.querySelector("summary").textContent = closed
      ? `A solution can be opened after ${TRIES - this.tries} more ${TRIES - this.tries > 1 ? "tries" : "try"}`
      : "A solution";
    this.solution.querySelector("summary").onclick = (event) => {
      if (closed) event.preventDefault();
    };
  }
}

const upper = (text) => text.charAt(0).toUpperCase() + text.slice(1);
