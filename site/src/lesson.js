// The programs of a lesson, in order: what a program needs from those above it is run first, so
// that every program meets what it would meet if the lesson were run from its beginning.

import { Cell } from "./cell.js";
import { Exercise } from "./exercise.js";
import { lessonName, markProgress, noteTotal } from "./progress.js";
import { python } from "./python.js";

export function openLesson(document) {
  return new Lesson([...document.querySelectorAll(".cell")].filter(
    (element) => element.querySelector(".cell-data")));
}

class Lesson {
  constructor(elements) {
    this.name = lessonName();
    this.programs = [];            // cells, in the order of the page; exercises are not among them
    this.exercises = [];
    for (const element of elements) this.#add(element);
    noteTotal(this.name, this.exercises.length);
    markProgress(document);
    python.listen(({ type }) => type === "restarted" && this.forget());
  }

  #add(element) {
    const data = JSON.parse(element.querySelector(".cell-data").textContent);
    const above = this.programs.length;
    if (data.kind === "exercise") {
      this.exercises.push(new Exercise(element, data, this, above));
      return;
    }
    if (data.name.startsWith("line ")) data.name = `program ${above + 1}`;
    this.programs.push(new Cell(element, data, this, above));
  }

  // The name of the program above place `index`; "" for the beginning of the lesson.
  nameAbove(index) {
    return this.programs[index - 1]?.data.name ?? "";
  }

  // Runs those of the programs above place `index` whose results are not there. Resolves to the
  // cell that failed, or null.
  async runAbove(index, asker) {
    const missing = this.programs.slice(0, index).findIndex((cell) => !cell.isDone);
    if (missing < 0) return null;
    for (const cell of this.programs.slice(missing, index)) {
      if (asker.isStopped) return asker;
      asker.say(`first runs what is above (${cell.index + 1} of ${index})`);
      const result = await cell.runAlone();
      if (!cell.isDone) return result.error?.stage === "stopped" ? asker : cell;
    }
    return null;
  }

  // A program has run anew: what those below have made came from other names.
  forgetBelow(index) {
    for (const cell of this.programs.slice(index + 1)) cell.isDone = false;
  }

  forget() {
    for (const cell of this.programs) cell.isDone = false;
  }
}
