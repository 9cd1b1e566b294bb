// A small note at the edge of the page while Python loads, and when it is ready.

import { python } from "./python.js";

export function showPythonsState(document) {
  const note = document.createElement("div");
  note.className = "python-state";
  note.setAttribute("role", "status");
  note.hidden = true;
  note.innerHTML = '<span class="bar"><span></span></span><span class="text"></span>';
  document.body.append(note);
  const [bar, text] = [note.querySelector(".bar span"), note.querySelector(".text")];
  let timer;

  const show = (words, fraction) => {
    clearTimeout(timer);
    note.hidden = false;
    text.textContent = words;
    bar.style.width = `${100 * fraction}%`;
  };
  python.listen((event) => {
    if (event.type === "progress") show(`Python: ${event.text}`, event.fraction);
    if (event.type === "state" && event.state === "ready" && !note.hidden) {
      show("Python is ready", 1);
      timer = setTimeout(() => { note.hidden = true; }, 1600);
    }
    if (event.type === "state" && event.state === "failed") show("Python could not start", 0);
  });
}
