// Python in the page: one worker, asked by messages. What every other module talks to.
//
//     import { python } from "../python.js";
//     await python.boot({ onProgress });          // may be called often; it boots once
//     const result = await python.run({ code, name: "cell 3", onStdout, onDisplay });
//     const numbers = await python.call("net_steps", { steps: 100 });
//
// Nothing is loaded before the first boot(), run() or call(). All calls are answered in the order
// in which they were made. Read next: worker.js, the other end; pellucid/play/page.py, its Python.

const RESTARTED = "Python was started again, and what the programs above had made is gone.";

// What run() answers for a program that did not come to its end.
export function notRun(type, text) {
  return { ok: false, text: "", line: null, ms: 0, value: null, check: null,
           error: { type, message: text, text, stage: "stopped" } };
}

class Python {
  constructor() {
    this.worker = null;
    this.ready = null;             // promise of the boot
    this.waiting = new Map();      // id -> {resolve, reject, onStdout, ...}
    this.listeners = new Set();
    this.lastId = 0;
    this.state = "off";            // "off", "booting", "ready", "busy", "failed"
    // The Stop button writes a 2 here, which Python reads as Ctrl-C. It needs shared memory, which
    // browsers give only to pages served with the headers for isolation; without, see stop().
    this.interrupt = globalThis.crossOriginIsolated ? new Uint8Array(new SharedArrayBuffer(1)) : null;
  }

  // Starts Python. Resolves when it can run programs; rejects if it cannot be had.
  //   onProgress({ fraction, text }): fraction from 0 to 1, text such as "NumPy".
  boot({ onProgress } = {}) {
    const forward = ({ type, ...rest }) => type === "progress" && onProgress?.(rest);
    this.listeners.add(forward);
    this.ready ??= this.#start();
    return this.ready.finally(() => this.listeners.delete(forward));
  }

  // Runs a program. Never rejects for what the program does.
  //   code: string.
  //   name: string, what error messages call it.
  //   check: string of asserts that are run in its names afterwards, or undefined.
  //   hints: string that defines hint(names, error), or undefined; asked when something failed.
  //   fresh: true to run it in a namespace and a default graph of its own.
  //   before: the name of the program after which it stands: it runs in the names as they were
  //     then. Left out: in the names as they are.
  //   isCopy: true to leave those names as they are (an exercise).
  //   raises: the class of the error that it is meant to raise.
  //   onStdout(text), onStderr(text), onDisplay({ kind, data }): as it comes. Kinds: "text" (string),
  //     "array" ({ shape, dtype, values, text }), "svg" (string), "chart" (string, SVG), "graph"
  //     (JSON for mountGraph of graph/index.js).
  // Resolves to {
  //   ok: it ran, and its check passed,
  //   text: all that it printed, with the repr of a last line that is an expression,
  //   error: null or { type, message, text, stage }: text is the traceback of the reader's own
  //     lines; stage is "program", "check" or "stopped",
  //   line: number of the reader's line where it failed, or null,
  //   ms: how long it ran,
  //   value: the repr of its last line, or null,
  //   check: null or { passed, message, hint } }
  run({ onStdout, onStderr, onDisplay, ...request }) {
    return this.#ask("run", request, { onStdout, onStderr, onDisplay });
  }

  // Calls a function of pellucid.play.page with one argument.
  //   argument: what JSON can say; it arrives as dict, list, str, int, float, bool, None.
  // Resolves to what it returns: dicts as objects, lists as arrays, NumPy arrays as typed arrays
  // (nested ones if they have several axes). Rejects with an Error whose message is Python's.
  call(name, argument = null) {
    return this.#ask("call", { name, argument }, {});
  }

  // Forgets all names and graphs. Resolves when it is done.
  reset() {
    return this.worker ? this.#ask("reset", {}, {}) : Promise.resolve();
  }

  // Stops what runs. With shared memory names are kept and the run answers "stopped"; without, the
  // worker is ended and a new one booted, and hasRestarted listeners are told.
  stop() {
    if (this.interrupt) {
      this.interrupt[0] = 2;
      return;
    }
    this.#end(RESTARTED);
    this.boot().catch(() => {});
  }

  // listener({ type, ... }): "state" (state), "progress" (fraction, text), "restarted" (text).
  // Returns the function that takes the listener away.
  listen(listener) {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  // -- the worker -----------------------------------------------------------------------------

  #start() {
    this.#set("booting");
    return new Promise((resolve, reject) => {
      this.worker = new Worker(new URL("./worker.js", import.meta.url), { type: "module" });
      this.boots = { resolve, reject };
      this.worker.onmessage = ({ data }) => this.#receive(data);
      this.worker.onerror = (event) => this.#receive({ type: "failed", text: event.message });
      this.worker.postMessage({ type: "boot", interrupt: this.interrupt });
    });
  }

  async #ask(type, request, callbacks) {
    await this.boot();
    const id = ++this.lastId;
    return new Promise((resolve, reject) => {
      this.waiting.set(id, { resolve, reject, ...callbacks });
      this.#set("busy");
      this.worker.postMessage({ type, id, ...request });
    });
  }

  #receive({ type, id, ...message }) {
    const asked = this.waiting.get(id);
    if (type === "progress") {
      this.#tell({ type, ...message });
    } else if (type === "ready") {
      this.#set("ready");
      this.boots.resolve();
    } else if (type === "failed") {
      this.#set("failed");
      this.#end(message.text);
    } else if (type === "stdout") {
      asked?.onStdout?.(message.text);
    } else if (type === "stderr") {
      asked?.onStderr?.(message.text);
    } else if (type === "display") {
      asked?.onDisplay?.(message);
    } else if (type === "answer" || type === "error") {
      this.waiting.delete(id);
      if (this.waiting.size === 0) this.#set("ready");
      if (type === "answer") asked?.resolve(message.value);
      else asked?.reject(new Error(message.text));
    }
  }

  #end(text) {
    this.worker?.terminate();
    this.boots?.reject(new Error(text));       // who waits for a boot that was ended waits no more
    this.worker = this.ready = null;
    for (const { resolve } of this.waiting.values()) resolve(notRun("KeyboardInterrupt", text));
    this.waiting.clear();
    this.#tell({ type: "restarted", text });
  }

  #set(state) {
    this.state = state;
    this.#tell({ type: "state", state });
  }

  #tell(event) {
    for (const listener of [...this.listeners]) listener(event);
  }
}

export const python = new Python();
