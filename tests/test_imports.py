"""The order of the rooms, read off the imports; documentation; the size of the core.

    api -> training, layers, data -> interchange -> nn -> ops -> core
    engine -> ops -> core

A room imports from rooms below it. What is imported inside a function counts as well.
"""

import ast
import importlib
import inspect
import sys
from pathlib import Path

import pytest

import pellucid
from tests import core_size

PACKAGE = Path(pellucid.__file__).parent
FILES = {".".join(path.relative_to(PACKAGE.parent).with_suffix("").parts): path
         for path in sorted(PACKAGE.rglob("*.py"))}

BELOW = {                      # room -> the rooms that it may import from
    "core": set(),
    "version": set(),
    "ops": {"core"},
    "engine": {"ops", "core"},
    "nn": {"ops", "core"},
    "training": {"interchange", "nn", "ops", "core"},
    "layers": {"nn", "ops", "core"},
    "losses": {"nn", "ops", "core"},
    "distributions": {"ops", "core"},
    "metrics": {"nn", "ops", "core"},
    "recurrent": {"layers", "nn", "ops", "core"},
    "seq2seq": {"recurrent", "layers", "nn", "ops", "core"},
    "contrib": {"platform", "summary", "recurrent", "training", "interchange", "metrics",
                "losses", "layers", "nn", "ops", "core"},
    "data": {"summary", "interchange", "nn", "ops", "core"},
    "datasets": {"core"},
    "interchange": {"nn", "ops", "core"},
    "play": {"viz", "engine", "training", "layers", "data", "interchange", "nn", "ops", "core"},
    "estimator": {"running", "saved_model", "data", "platform", "summary", "training",
                  "interchange", "metrics",
                  "losses", "layers", "nn", "ops", "core"},
    "platform": {"interchange", "nn", "ops", "core"},
    "running": {"data", "training", "platform", "summary", "interchange", "nn", "ops", "core"},
    "saved_model": {"training", "interchange", "ops", "core"},
    "summary": {"interchange", "ops", "core"},
    "viz": {"summary", "engine", "training", "layers", "data", "interchange", "nn", "ops", "core"},
}
ANYTHING = {"api", "cli", "names", "__main__", ""}      # "" is pellucid/__init__.py, the face

# Room -> libraries beside Python's own. In the others: NumPy and ml_dtypes.
LIBRARIES = {"contrib": {"numpy", "ml_dtypes", "scipy"},
             "viz": {"numpy", "ml_dtypes", "matplotlib", "IPython"},
             "interchange": {"numpy", "ml_dtypes", "google", "google_crc32c", "safetensors"},
             "engine": {"numpy", "ml_dtypes", "jax"},
             "ops": {"numpy", "ml_dtypes", "PIL"},
             "datasets": {"numpy", "tqdm"},
             "summary": {"numpy", "ml_dtypes", "google"}}

# Imported where JAX is there already, by functions.
WITHIN_JAX = {"pellucid.engine.dense_lists"}

# A notebook asks a graph or a tensor for its picture, a program a graph for its GraphDef, a
# MetaGraph for its queue runners.
# (importing module, imported module)
LOOKING_UP = {("pellucid.core.graph", "pellucid.viz"), ("pellucid.core.tensor", "pellucid.viz"),
              ("pellucid.core.graph", "pellucid.interchange.graph_def"),
              ("pellucid.core.operation", "pellucid.interchange.graph_def"),
              ("pellucid.core.session", "pellucid.interchange.step_stats"),
              ("pellucid.core.session", "pellucid.viz.profile"),
              ("pellucid.interchange.collections", "pellucid.data.queue_runner")}


def room_of(module):
    parts = module.split(".")
    return parts[1] if len(parts) > 1 else ""


def imports(path, whole=True):
    """(line, module) of each import statement; of those at the top level if not `whole`."""
    tree = ast.parse(path.read_text())
    nodes = ast.walk(tree) if whole else tree.body
    for node in nodes:
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}:{node.lineno}: write absolute imports"
            for alias in node.names:
                whole_name = f"{node.module}.{alias.name}"
                yield node.lineno, whole_name if whole_name in FILES or (
                    f"{whole_name}.__init__" in FILES) else node.module


def is_init(module):
    return module.removesuffix(".__init__")


@pytest.mark.parametrize("module", FILES)
def test_imports_run_downward(module):
    room = room_of(is_init(module))
    if room in ANYTHING:
        return
    assert room in BELOW, f"pellucid/{room} is a new room: say in BELOW what it stands on"
    at_once = {line for line, _ in imports(FILES[module], whole=False)}
    for line, imported in imports(FILES[module]):
        if not imported.startswith("pellucid") or (is_init(module), imported) in LOOKING_UP:
            continue
        if room_of(imported) == "names" and line not in at_once:
            continue                  # a module's __getattr__ asks for what it does not have
        other = room_of(imported)
        assert other == room or other in BELOW[room], (
            f"{FILES[module]}:{line}: {room} must not import {imported}; "
            f"it stands on {', '.join(sorted(BELOW[room])) or 'nothing'}")


@pytest.mark.parametrize("module", FILES)
def test_libraries_are_those_of_the_room(module):
    room = room_of(is_init(module))
    allowed = LIBRARIES.get(room, {"numpy", "ml_dtypes"})
    if room in ANYTHING:
        allowed = allowed | {"tqdm"}
    for line, imported in imports(FILES[module]):
        library = imported.split(".")[0]
        assert library in {"pellucid", *allowed, *sys.stdlib_module_names}, (
            f"{FILES[module]}:{line}: {room or 'the face'} must not import {library}")


@pytest.mark.parametrize("module", FILES)
def test_heavy_libraries_are_imported_on_use(module):
    light = {"pellucid", "numpy", "ml_dtypes", *sys.stdlib_module_names}
    if module in WITHIN_JAX:
        light |= {"jax"}
    for line, imported in imports(FILES[module], whole=False):
        assert imported not in WITHIN_JAX, f"{FILES[module]}:{line}: {imported} needs JAX"
        assert imported.split(".")[0] in light, (
            f"{FILES[module]}:{line}: import {imported} inside the function that uses it")


def test_imports_form_no_circle():
    """Such as a imports b imports a, at the top level."""
    needs = {is_init(module): {name for _, name in imports(path, whole=False)
                               if name in FILES}
             for module, path in FILES.items()}
    done, trail = set(), []

    def visit(module):
        assert module not in trail, " -> ".join([*trail[trail.index(module):], module])
        if module in done:
            return
        trail.append(module)
        for other in sorted(needs[module]):
            visit(other)
        done.add(trail.pop())

    for module in needs:
        visit(module)


# -- documentation -------------------------------------------------------------------------

@pytest.mark.parametrize("module", FILES)
def test_every_file_says_what_it_is_for(module):
    source = FILES[module].read_text()
    assert not source or ast.get_docstring(ast.parse(source)), (
        f"{FILES[module]} has no docstring")


@pytest.mark.parametrize("module", FILES)
def test_public_names_are_documented(module):
    tree = ast.parse(FILES[module].read_text())
    for node in tree.body:
        if not isinstance(node, ast.FunctionDef | ast.ClassDef):
            continue
        if not node.name.startswith("_"):
            assert ast.get_docstring(node), (
                f"{FILES[module]}:{node.lineno}: {node.name} has no docstring")


def _faces():
    yield "tf", pellucid
    for module in FILES:
        if module.startswith("pellucid.api.") and not module.endswith("__init__"):
            yield "tf." + module.rpartition(".")[2], importlib.import_module(module)


def _public(face):
    found = {name: getattr(face, name) for name in dir(face) if not name.startswith("_")}
    return {name: value for name, value in found.items() if not inspect.ismodule(value)}


@pytest.mark.parametrize("label, face", list(_faces()))
def test_what_users_reach_is_documented(label, face):
    for name, value in _public(face).items():
        if inspect.isfunction(value) or inspect.isclass(value):
            assert inspect.getdoc(value), f"{label}.{name} has no docstring"


@pytest.mark.parametrize("label, face", list(_faces()))
def test_faces_have_no_bodies(label, face):
    tree = ast.parse(inspect.getsource(face))
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            assert node.name.startswith("__"), (           # __getattr__ explains what is gone
                f"{label}: {node.name} is defined in a file of re-exports")


# -- the core's size -----------------------------------------------------------------------

def test_the_core_can_be_read_in_an_afternoon():
    sizes = core_size.sizes()
    assert sum(sizes[name] for name in core_size.READ_FIRST) <= 1000, core_size.table()
    assert sum(sizes.values()) <= 2800, core_size.table()
