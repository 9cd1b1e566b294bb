// Runs lessons.py and narrow.py in the page's own Python: node lessons.mjs BUILT_SITE BOOK.

import fs from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";

const [built, book] = process.argv.slice(2).map((argument) => path.resolve(argument));
const folder = path.join(built, "_static", "python") + path.sep;
const { loadPyodide } = await import(pathToFileURL(`${folder}pyodide.mjs`).href);
const python = await loadPyodide({ indexURL: folder });
for (const { file_name: name } of Object.values(
  JSON.parse(fs.readFileSync(`${folder}pyodide-lock.json`)).packages)) {
  python.unpackArchive(new Uint8Array(fs.readFileSync(folder + name)), "wheel");
}
python.mountNodeFS("/root_of_book", path.dirname(book));
python.runPython('import sys; sys.path.append("/root_of_book")');
const failures = ["lessons.py", "narrow.py"].flatMap((name) => python.runPython(
  fs.readFileSync(new URL(name, import.meta.url), "utf-8") + "\nfailures()").toJs());
for (const failure of failures) console.log(failure);
process.exit(failures.length > 0 ? 1 : 0);
