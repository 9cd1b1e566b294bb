// The worker: Python itself, in a thread of its own, so that the page never waits for it.
//
// It gets the questions of python.js and passes them to pellucid/play/answers.py.

const PYTHON = new URL("../python/", import.meta.url).href;
let pyodide, answers, interrupt;

const tell = (type, message) => self.postMessage({ type, ...message });

self.onmessage = async ({ data: { type, id, ...question } }) => {
  if (type === "boot") {
    interrupt = question.interrupt;
    await boot().catch((error) => tell("failed", { text: `Python could not start: ${error.message}` }));
    return;
  }
  try {
    if (interrupt) interrupt[0] = 0;
    tell("answer", { id, value: ask(type, id, question) });
  } catch (error) {
    if (error instanceof pyodide.ffi.PythonError) tell("error", { id, text: lastLine(error.message) });
    else tell("failed", { text: `Python broke down: ${error.message}` });
  }
};

async function boot() {
  tell("progress", { fraction: 0.05, text: "loading Python" });
  const { loadPyodide } = await import(PYTHON + "pyodide.mjs");
  pyodide = await loadPyodide({
    indexURL: PYTHON,
    lockFileURL: PYTHON + "pyodide-lock.json",
    env: { HOME: "/home/reader", PYTHONHASHSEED: "0" },
    stdout: (text) => console.log(text),
    stderr: (text) => console.warn(text),
  });
  tell("progress", { fraction: 0.5, text: "loading NumPy" });
  await pyodide.loadPackage(["numpy", "pellucid"], { messageCallback() {} });
  tell("progress", { fraction: 0.75, text: "loading pellucid" });
  answers = pyodide.pyimport("pellucid.play.answers").Answers();
  if (interrupt) pyodide.setInterruptBuffer(interrupt);
  tell("ready");
}

function ask(type, id, question) {
  const asked = pyodide.toPy(question);
  const send = (kind, message) => tell(kind, { id, ...plain(message) });
  const found = answers[type](asked, send);
  asked.destroy();
  return plain(found);
}

// What Python returned, as JavaScript's own objects: NumPy arrays become typed arrays.
function plain(value) {
  if (!(value instanceof pyodide.ffi.PyProxy)) return value;
  const found = value.toJs({ dict_converter: Object.fromEntries, create_pyproxies: false });
  value.destroy();
  return found;
}

const lastLine = (text) => text.trimEnd().split("\n").at(-1);
