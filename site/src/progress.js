// What the reader has solved and written, kept in this browser and nowhere else.

const KEY = "pellucid:book";

function all() {
  try {
    return JSON.parse(localStorage.getItem(KEY)) ?? {};
  } catch {
    return {};                     // no storage here, or what lies there is not ours
  }
}

function change(edit) {
  const found = all();
  edit(found);
  try {
    localStorage.setItem(KEY, JSON.stringify(found));
  } catch {
    // private windows and full disks: the page works without
  }
}

export const lessonName = () =>
  location.pathname.split("/").pop().replace(/\.html$/, "") || "index";

// { exercises: { name: { solved, tries, code } }, total } of a lesson.
export function progressOf(lesson) {
  return { exercises: {}, total: 0, ...all()[lesson] };
}

export function noteTotal(lesson, total) {
  change((found) => { found[lesson] = { ...progressOf(lesson), total }; });
}

export function noteExercise(lesson, name, what) {
  change((found) => {
    const known = progressOf(lesson);
    known.exercises[name] = { ...known.exercises[name], ...what };
    found[lesson] = known;
  });
}

// Writes behind each lesson in the navigation how many of its exercises are solved.
export function markProgress(root) {
  for (const link of root.querySelectorAll(".sidebar-tree a.reference")) {
    const lesson = new URL(link.href, location.href).pathname.split("/").pop().replace(/\.html$/, "");
    const { exercises, total } = progressOf(link.classList.contains("current") ? lessonName() : lesson);
    const solved = Object.values(exercises).filter((exercise) => exercise.solved).length;
    link.querySelector(".progress")?.remove();
    if (solved === 0) continue;
    const mark = document.createElement("span");
    mark.className = "progress";
    mark.textContent = solved >= total ? "✓" : `${solved}/${total}`;
    mark.title = `${solved} of ${total} exercises solved`;
    mark.setAttribute("aria-label", mark.title);
    link.append(mark);
  }
}
