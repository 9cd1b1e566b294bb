// Compiles what a page imports at its start, with the page's own Python: node compile.mjs FOLDER.
//
// FOLDER has Pyodide and the wheels. Writes compiled.json there: {path in a wheel: base64 of the
// .pyc}. A page that finds these need not compile 300 files before it can run the first program.

import fs from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";

const folder = path.resolve(process.argv[2]);
const { loadPyodide } = await import(pathToFileURL(path.join(folder, "pyodide.mjs")).href);
const python = await loadPyodide({ indexURL: folder + path.sep });
for (const name of fs.readdirSync(folder).filter((name) => name.endsWith(".whl"))) {
  python.unpackArchive(new Uint8Array(fs.readFileSync(path.join(folder, name))), "wheel");
}
const compiled = python.runPython(`
import base64, importlib.util, json, pathlib, py_compile, sys

import pellucid as tf, pellucid.play.answers
pellucid.play.answers.Answers().run({"code": """
import pellucid as tf
x = tf.placeholder(tf.float32, [2], name="x")
loss = tf.reduce_sum(tf.square(tf.tanh(x * tf.Variable([1.0, 2.0]))))
train = tf.train.AdamOptimizer(0.1).minimize(loss)
with tf.Session() as session:
    session.run(tf.global_variables_initializer())
    session.run(train, {x: [1.0, 2.0]})
tf.viz.trace(loss, {x: [1.0, 2.0]})
"""}, lambda kind, message: None)

packages, found = pathlib.Path(tf.__file__).parents[1], {}
for module in list(sys.modules.values()):
    source = getattr(module, "__file__", None)
    if source and source.endswith(".py") and pathlib.Path(source).is_relative_to(packages):
        target = pathlib.Path(importlib.util.cache_from_source(source))
        py_compile.compile(source, target, doraise=True,
                           invalidation_mode=py_compile.PycInvalidationMode.UNCHECKED_HASH)
        found[str(target.relative_to(packages))] = base64.b64encode(target.read_bytes()).decode()
json.dumps(found)
`);
fs.writeFileSync(path.join(folder, "compiled.json"), compiled);
