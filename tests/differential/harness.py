"""Runs a case on a library and describes what came out as plain data; compares two such.

A *case* is a function of a module `tf`. It builds a graph and returns what to look at: a
tensor, an operation, plain Python and NumPy values, or lists, tuples and dicts of those.
`fed` adds a feed_dict, `in_turn` asks for several runs of one session. The *outcome* is
JSON-able, so that TensorFlow's can be stored in `answers/` (see `record.py`).

    @case
    def two_sums(tf):
        x = tf.placeholder(tf.float32, [2])
        return fed([x + 1, tf.reduce_sum(x)], {x: [1, 2]})

Read next: cases/arithmetic.py, then test_differential.py.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from types import ModuleType
from typing import Any, NamedTuple

import numpy as np

# -------------------------------------------------------------------------------- cases


@dataclass(frozen=True)
class Case:
    """A program, and how closely the two libraries must agree on it.

    names: compare the names and types of the fetched operations.
    values: compare numbers; without it only dtype and shape.
    graph: run inside a fresh graph; without it the case manages graphs by itself.
    why: the reason of any exception above.
    """

    theme: str
    name: str
    build: Callable[[Any], Any]
    names: bool = True
    values: bool = True
    graph: bool = True
    rtol: float = 1e-5
    atol: float = 1e-6
    why: str = ""

    @property
    def id(self) -> str:
        return f"{self.theme}/{self.name}"


CASES: dict[str, Case] = {}


def case(function=None, *, each: Iterable | None = None, **options):
    """Registers a function as a case; with `each`, as one case for every entry.

    An entry is handed to the function after `tf`; a tuple is spread over its arguments.
    """
    if function is None:
        return partial(case, each=each, **options)
    theme = function.__module__.rpartition(".")[2]
    name = function.__name__.strip("_")
    if each is None:
        _register(Case(theme, name, function, **options))
    else:
        for entry in each:
            arguments = entry if isinstance(entry, tuple) else (entry,)
            label = "-".join(_label(argument) for argument in arguments)
            build = partial(_spread, function, arguments)
            _register(Case(theme, f"{name}[{label}]", build, **options))
    return function


def _register(new: Case) -> None:
    if new.id in CASES:
        raise ValueError(f"two cases are called {new.id}")
    if not (new.names and new.values and new.rtol <= 1e-5) and not new.why:
        raise ValueError(f"{new.id} is an exception to the rules and does not say why")
    CASES[new.id] = new


def _spread(function, arguments, tf):
    return function(tf, *arguments)


def _label(argument) -> str:
    return "".join(str(argument).replace("'", "").split())


def load_cases() -> dict[str, Case]:
    """Every case by id, in the order of files and lines."""
    from . import cases

    for module in sorted(module.name for module in pkgutil.iter_modules(cases.__path__)):
        importlib.import_module(f"{cases.__name__}.{module}")
    return CASES


# -------------------------------------------------------- what a case may return or use


class Fed(NamedTuple):
    """Fetches with the feed_dict they need."""

    fetches: Any
    feed_dict: dict


class InTurn(NamedTuple):
    """Fetches for one run after the other in the same session."""

    runs: tuple


def fed(fetches, feed_dict) -> Fed:
    return Fed(fetches, feed_dict)


def in_turn(*runs) -> InTurn:
    return InTurn(runs)


def raised(action: Callable[[], Any]):
    """The exception that `action` raises, as a value to return; None if there is none."""
    try:
        action()
    except MissingName:
        raise
    except Exception as error:
        return error
    return None


# ------------------------------------------------------------------------------ running


def run_case(tf, one: Case, touched: set[str] | None = None, **session_options) -> Any:
    """Builds and runs a case on the library `tf`, and describes the outcome.

    touched: collects the public names that the case reads. A name that `tf` lacks makes the
    outcome {"missing": name}; it is not mistaken for an error of the case.
    """
    watched = Watched(tf, set() if touched is None else touched)
    outcome = _outcome(tf, one, watched, session_options)
    return outcome if one.values else _sizes_for_values(outcome)


def _outcome(tf, one: Case, watched: Watched, session_options: dict):
    if not one.graph:
        return _attempt("build", lambda: describe(tf, one.build(watched)))
    graph = tf.Graph()
    with graph.as_default():
        built = _attempt("build", lambda: _Built(one.build(watched)))
        if not isinstance(built, _Built):
            return built

        def run():
            with tf.Session(graph=graph, **session_options) as session:
                return _run(tf, session, built.value)

        return _attempt("run", run)


class _Built(NamedTuple):
    value: Any


def _attempt(stage: str, action: Callable[[], Any]):
    try:
        return action()
    except MissingName as missing:
        return {"missing": str(missing)}
    except Exception as error:
        return describe_error(error, stage)


def _run(tf, session, built):
    leaves: list = []
    _collect(tf, built, leaves)
    if not leaves:                                       # nothing to run
        return describe(tf, built)
    if tf.global_variables() or tf.local_variables():
        session.run([tf.global_variables_initializer(), tf.local_variables_initializer()])
    runs = built.runs if isinstance(built, InTurn) else (built,)
    outcomes = [_one_run(tf, session, run) for run in runs]
    return outcomes if isinstance(built, InTurn) else outcomes[0]


def _one_run(tf, session, run):
    fetches, feed_dict = run if isinstance(run, Fed) else (run, None)
    leaves: list = []
    _collect(tf, fetches, leaves)
    values = session.run(leaves, feed_dict)
    return describe(tf, fetches, iter(values))


def _graph_element(tf, leaf) -> bool:
    return isinstance(leaf, tf.Tensor | tf.Operation | tf.Variable | tf.IndexedSlices)


def _collect(tf, structure, leaves: list) -> None:
    """Appends the graph elements in `structure`, from left to right."""
    if isinstance(structure, dict):
        structure = structure.values()
    if _graph_element(tf, structure):
        leaves.append(structure)
    elif isinstance(structure, Fed):
        _collect(tf, structure.fetches, leaves)
    elif isinstance(structure, list | tuple | type({}.values())):
        for part in structure:
            _collect(tf, part, leaves)


# --------------------------------------------------------------------------- describing

NOTHING: Iterator = iter(())


def describe(tf, structure, values: Iterator = NOTHING) -> Any:
    """Plain data that says all we promise about `structure`.

    values: the results of the run, one for each graph element, from left to right.
    """
    if _graph_element(tf, structure):
        return _describe_element(tf, structure, next(values))
    if isinstance(structure, dict):
        return {str(key): describe(tf, part, values) for key, part in structure.items()}
    if isinstance(structure, tf.TensorShape):
        return str(structure)
    if isinstance(structure, tf.DType):
        return structure.name
    if isinstance(structure, tf.Dimension):
        return structure.value
    if isinstance(structure, list | tuple) and not isinstance(structure, str):
        return [describe(tf, part, values) for part in structure]
    if isinstance(structure, BaseException):
        return describe_error(structure)
    return describe_value(structure)


def _describe_element(tf, element, value) -> dict:
    if isinstance(element, tf.IndexedSlices):
        return {
            "slices": element.dtype.base_dtype.name,
            "values": describe_value(value.values),
            "indices": describe_value(value.indices),
            "dense_shape": describe_value(value.dense_shape),
        }
    if not isinstance(element, tf.Tensor | tf.Variable):
        return {"operation": element.name, "type": element.type,
                "value": describe_value(value)}
    dtype, shape = element.dtype.base_dtype.name, element.get_shape()
    described = {
        "tensor": element.name,
        "type": element.op.type,
        "dtype": dtype,
        "shape": None if shape.ndims is None else shape.as_list(),
    }
    described.update(describe_value(value))
    promised = "object" if dtype == "string" else dtype
    if described["numpy"] in (promised, f"{promised} scalar"):
        del described["numpy"]                           # as the dtype promises
    if dtype == "string" and isinstance(value, bytes):
        del described["numpy"]
    return described


def describe_value(value) -> Any:
    """A Python or NumPy value as plain data; NumPy's carry their dtype."""
    if isinstance(value, np.generic):                    # first: np.float64 is a float, too
        return {"numpy": f"{value.dtype.name} scalar", "value": _plain(value)}
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, float):
        return _plain(value)
    if isinstance(value, bytes):
        return {"numpy": "bytes", "value": value.decode("latin-1")}
    if isinstance(value, np.ndarray):
        if not value.size:
            return {"numpy": value.dtype.name, "value": "empty", "size": list(value.shape)}
        flat = np.empty(value.size, object)
        flat[:] = [_plain(item) for item in value.reshape(-1)]
        return {"numpy": value.dtype.name, "value": flat.reshape(value.shape).tolist()}
    if isinstance(value, list | tuple):
        return [describe_value(item) for item in value]
    if isinstance(value, dict):
        return {str(key): describe_value(item) for key, item in value.items()}
    return f"<{type(value).__name__}>"


def _plain(item):
    """One number, as short as its type allows; JSON has no nan, inf or complex."""
    if isinstance(item, bytes):
        return item.decode("latin-1")
    if isinstance(item, str):
        return item
    if isinstance(item, complex | np.complexfloating):
        part = np.float64 if isinstance(item, complex) else item.real.dtype.type
        return f"{_plain(part(item.real))} {_plain(part(item.imag))}"
    if isinstance(item, bool | np.bool_):
        return bool(item)
    if isinstance(item, int | np.integer):
        return int(item)
    number = float(str(item)) if isinstance(item, np.generic) else float(item)
    return number if np.isfinite(number) else str(number)


def describe_error(error: BaseException, stage: str | None = None) -> dict:
    """The class of an exception, as Python or `tf.errors` names it.

    A library's own subclass of ValueError counts as ValueError. All base classes and the
    message go along for the comparison, but are not recorded.
    """
    bases = [base.__name__ for base in type(error).__mro__]
    described = bases[0] if "OpError" in bases else next(
        base.__name__ for base in type(error).__mro__ if base.__module__ == "builtins")
    return {"error": described, **({"stage": stage} if stage else {}), "bases": bases,
            "message": f"{bases[0]}: {error}"}


def _sizes_for_values(outcome):
    """The outcome with the shape of every array in place of its numbers."""
    if isinstance(outcome, dict):
        sizes = {key: _sizes_for_values(part) for key, part in outcome.items()}
        if "value" in outcome and "size" not in outcome:
            sizes["size"] = list(np.array(outcome["value"], object).shape)
        sizes.pop("value", None)
        return sizes
    if isinstance(outcome, list):
        return [_sizes_for_values(part) for part in outcome]
    return outcome


def without_details(outcome):
    """The outcome as it is recorded: an error's class, not its message."""
    if isinstance(outcome, dict):
        kept = {k: v for k, v in outcome.items()
                if not ("error" in outcome and k in ("bases", "message"))}
        return {key: without_details(part) for key, part in kept.items()}
    if isinstance(outcome, list):
        return [without_details(part) for part in outcome]
    return outcome


# ---------------------------------------------------------------------------- comparing


# Types of operation that 1.15 and today's compat.v1 spell differently: tf.add's.
SYNONYMS = {"Add": ("AddV2",),
            "Identity": ("Merge", "RefMerge", "Exit"),     # of what cond and while_loop return
            "TensorListGetItem": ("TensorArrayReadV3",),
            "TensorListStack": ("TensorArrayGatherV3",),
            "TensorListGather": ("TensorArrayGatherV3",),
            "TensorListConcatV2": ("TensorArrayConcatV3",),
            "TensorListLength": ("TensorArraySizeV3",)}


class Difference(NamedTuple):
    field: str
    expected: Any
    got: Any

    def __str__(self):
        return f"  {self.field}\n    expected  {self.expected}\n    got       {self.got}"


def differences(one: Case, expected, got) -> list[Difference]:
    """Where an outcome departs from what is expected, by the rules of its case."""
    found: list[Difference] = []
    _compare(one, "result", expected, got, found)
    return found


def _compare(one: Case, field: str, expected, got, found: list) -> None:
    if _is_error(expected) or _is_error(got):
        _compare_errors(field, expected, got, found)
    elif isinstance(expected, dict) and isinstance(got, dict):
        if "value" in expected and "value" in got and not isinstance(expected["value"],
                                                                     dict):
            expected, got = dict(expected), dict(got)
            dtype = str(expected.get("dtype") or expected.get("numpy"))
            wanted, value = expected.pop("value"), got.pop("value")
            if not _close(one, dtype, wanted, value):
                found.append(Difference(f"{field}.value", wanted, value))
        for key in {**expected, **got}:
            if key in ("tensor", "operation", "type") and not one.names:
                continue
            if (key in expected) != (key in got):
                missing, extra = expected.get(key, "nothing"), got.get(key, "nothing")
                found.append(Difference(f"{field}.{key}", missing, extra))
            else:
                _compare(one, f"{field}.{key}", expected[key], got[key], found)
    elif isinstance(expected, list) and isinstance(got, list) and len(expected) == len(got):
        for index, (wanted, value) in enumerate(zip(expected, got, strict=True)):
            _compare(one, f"{field}[{index}]", wanted, value, found)
    elif isinstance(expected, float) and isinstance(got, float):
        if not _close(one, "float64", expected, got):
            found.append(Difference(field, expected, got))
    elif isinstance(got, str) and expected in SYNONYMS.get(got, ()):
        pass
    elif type(expected) is not type(got) or expected != got:
        found.append(Difference(field, expected, got))


def _is_error(outcome) -> bool:
    return isinstance(outcome, dict) and "error" in outcome


def _compare_errors(field: str, expected, got, found: list) -> None:
    """A subclass of the expected exception will do: who catches the one has the other."""
    if not (_is_error(expected) and _is_error(got)):
        found.append(Difference(field, _short(expected), _short(got)))
    elif expected["error"] not in got.get("bases", [got["error"]]):
        found.append(Difference(field, _short(expected), _short(got)))
    elif expected.get("stage") != got.get("stage"):
        found.append(Difference(f"{field}.stage", expected.get("stage"), _short(got)))


def _short(outcome):
    if not _is_error(outcome):
        return outcome
    when = f" at {outcome['stage']}" if "stage" in outcome else ""
    message = f", {outcome['message'][:400]}" if outcome.get("message") else ""
    return f"{outcome['error']}{when}{message}"


def _close(one: Case, dtype: str, expected, got) -> bool:
    kind = dtype.removesuffix(" scalar")
    if kind.startswith(("float", "bfloat", "complex")):
        wanted, value = _numbers(expected), _numbers(got)
        loose = {"float16": 1e-3, "bfloat16": 1e-2}.get(kind, 0.0)
        return wanted.shape == value.shape and np.allclose(
            value, wanted, max(one.rtol, loose), max(one.atol, loose), equal_nan=True)
    return type(expected) is type(got) and expected == got


def _numbers(nested) -> np.ndarray:
    """Nested lists of described floats or complex numbers ("re im"), back as an array."""
    items = np.array(nested, object)
    flat = [[float(part) for part in str(item).split()] if item != "empty" else []
            for item in items.reshape(-1)]
    return np.array(flat).reshape(*items.shape, -1) if flat else np.zeros(items.shape)


# ----------------------------------------------------------------- what the cases touch


class MissingName(AttributeError):
    """The library has no such public name (yet)."""


def find(tf, symbol: str, *modules: str):
    """The function `symbol` of `tf` itself, or else of the first of the modules."""
    for path in ("", *modules):
        if hasattr(tf, path) or not path:
            module = getattr(tf, path) if path else tf
            if hasattr(module, symbol):
                return getattr(module, symbol)
    raise MissingName(symbol)


class Watched:
    """A module whose every attribute that is read is noted, as `nn.relu`."""

    def __init__(self, module: ModuleType, touched: set[str], path: str = ""):
        self._module, self._touched, self._path = module, touched, path

    def __getattr__(self, name: str):
        path = f"{self._path}{name}"
        self._touched.add(path)
        try:
            value = getattr(self._module, name)
        except AttributeError:
            raise MissingName(path) from None
        if isinstance(value, ModuleType):
            return Watched(value, self._touched, f"{path}.")
        return value
