"""Scopes: what operations inherit from where they are built.

A name prefix, operations to wait for, a device, another gradient. Each is entered with `with`
and is gone after the block. Read next: graph.py.
"""

import contextlib
import re

from pellucid.core import devices
from pellucid.core.tensor import Tensor

_SCOPE_NAME = re.compile(r"[A-Za-z0-9.][A-Za-z0-9_.\-/]*$")
_INNER_SCOPE_NAME = re.compile(r"[A-Za-z0-9_.\-/]*$")


class Scopes:
    """The part of a Graph that knows the scopes which are open."""

    def __init__(self):
        self._names_in_use = {}         # lower-case name -> how often it was asked for
        self._scope = ""                # the current name scope, without a last slash
        self._controllers: tuple = ()   # the enclosing control_dependencies, outermost first
        self._devices: tuple = ()       # device names or functions, outermost first
        self._colocated = None          # the operation of the enclosing colocate_with
        self._gradient_overrides = {}

    def as_graph_element(self, obj, allow_tensor=True, allow_operation=True):
        """The Tensor or Operation that `obj` is, names, or wraps."""
        raise NotImplementedError

    # -- names -----------------------------------------------------------------------------

    def unique_name(self, name, mark_as_used=True):
        """`name` in the current scope, with _1, _2, ... if it is taken (case is ignored)."""
        if self._scope:
            name = f"{self._scope}/{name}"
        key = name.lower()
        count = self._names_in_use.get(key, 0)
        if mark_as_used:
            self._names_in_use[key] = count + 1
        if not count:
            return name
        while f"{key}_{count}" in self._names_in_use:
            count += 1
        if mark_as_used:
            self._names_in_use[f"{key}_{count}"] = 1
            self._names_in_use[key] = count + 1      # the search need not start over next time
        return f"{name}_{count}"

    def name_scope(self, name):
        """Operations built inside are named "name/..."; `with` gives the scope's name.

        A name that ends in "/" re-enters that scope as it is; None or "" is the root.
        """
        return _NameScope(self, name)

    def get_name_scope(self):
        """The current name scope, without a last slash."""
        return self._scope

    # -- what new operations inherit -------------------------------------------------------

    @contextlib.contextmanager
    def control_dependencies(self, control_inputs):
        """Operations built inside run after `control_inputs`; None clears those outside."""
        before = self._controllers
        if control_inputs is None:
            self._controllers = ()
        else:
            ops = [self._as_operation(c) for c in control_inputs]
            self._controllers = (*before, _Controller(ops))
        try:
            yield
        finally:
            self._controllers = before

    def _as_operation(self, element):
        if hasattr(element, "indices") and hasattr(element, "values"):      # IndexedSlices
            element = element.values
        element = self.as_graph_element(element)
        return element.op if isinstance(element, Tensor) else element

    def _control_inputs_for(self, op, inputs):
        """The operations that `op` must wait for beyond those it has as inputs.

        Where an input was itself built under the same control_dependencies, waiting for the
        input is enough.
        """
        producers = {tensor.op for tensor in inputs}
        found = []
        for controller in self._controllers:
            if controller.seen.isdisjoint(producers):
                found += [c for c in controller.ops if c not in producers]
            controller.seen.add(op)
        return tuple(dict.fromkeys(found))

    @contextlib.contextmanager
    def device(self, name_or_function):
        """Records a device (str, None, or a function of the Operation) on operations inside."""
        if hasattr(name_or_function, "to_string"):
            name_or_function = name_or_function.to_string()
        if isinstance(name_or_function, str):
            devices.parse(name_or_function)                  # refuse a bad name here
        before = self._devices
        self._devices = (*before, name_or_function)
        try:
            yield
        finally:
            self._devices = before

    def _device_for(self, op):
        """The innermost device counts, completed by those around it; a function has its say."""
        for device in reversed(self._devices):
            if device is None:
                break
            op.device = (str(device(op) or "") if callable(device)
                         else devices.merge(device, op.device))
        return op.device

    @contextlib.contextmanager
    def colocate_with(self, op, ignore_existing=False):
        """Records on operations inside that they belong with `op` (a run has one device)."""
        before = self._colocated
        self._colocated = self._as_operation(op) if op is not None else None
        try:
            yield
        finally:
            self._colocated = before

    @contextlib.contextmanager
    def gradient_override_map(self, op_type_map):
        """Operations built inside use the gradient registered as op_type_map[their type]."""
        if not isinstance(op_type_map, dict):
            raise TypeError("op_type_map must be a dictionary mapping strings to strings")
        before = self._gradient_overrides
        self._gradient_overrides = {**before, **op_type_map}
        try:
            yield
        finally:
            self._gradient_overrides = before


class _NameScope:
    """One `name_scope` block. A class, since most public functions open a scope: a generator
    with contextlib would take 4 us more."""

    __slots__ = ("_before", "_graph", "_name")

    def __init__(self, graph, name):
        self._graph, self._name, self._before = graph, name, graph._scope

    def __enter__(self):
        graph, name = self._graph, self._name
        self._before, graph._scope = graph._scope, self._scope(graph, name)
        return graph._scope + "/" if graph._scope else ""

    def _scope(self, graph, name):
        if not name:
            return ""
        if isinstance(name, bytes):
            name = name.decode()
        pattern = _INNER_SCOPE_NAME if graph._scope else _SCOPE_NAME
        if not pattern.match(name):
            raise ValueError(f"{name!r} is not a valid scope name")
        return name[:-1] if name.endswith("/") else graph.unique_name(name)

    def __exit__(self, *exception):
        self._graph._scope = self._before


class _Controller:
    """One `control_dependencies` block: what to wait for, and the operations built inside."""

    __slots__ = ("ops", "seen")

    def __init__(self, ops):
        self.ops, self.seen = ops, set()
