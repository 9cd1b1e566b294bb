"""Operations on lookup tables, whose entries are kept in the session. Read next: lookup.py."""

import threading

import numpy as np

from pellucid.core import dtypes, errors
from pellucid.core.cell import Cell
from pellucid.core.gradients import NotDifferentiable
from pellucid.core.operation import Operation
from pellucid.core.shapes import Spec, as_tuple, merge

_LINE, _NUMBER = -2, -1               # what stands for a column: the whole line, its number


class Table:
    """The entries of a table in a session.

    Attributes:
      entries: {key: value}, or None as long as the table was not initialized.
      value_shape: the shape of one value; () but for tables of tensors.
    """

    def __init__(self, entries=None, value_shape=()):
        self.entries, self.value_shape, self.lock = entries, value_shape, threading.Lock()

    def known(self):
        """The entries. FailedPreconditionError if the table was not initialized."""
        if self.entries is None:
            raise errors.FailedPreconditionError(
                None, None, "Table not initialized. Run tf.tables_initializer() first.")
        return self.entries

    def find(self, keys, default):
        """The values of an array of keys; the default where there is none."""
        get, flat = self.known().get, np.reshape(keys, -1).tolist()
        default = np.asarray(default, object if isinstance(default, bytes) else None)
        found = np.empty((len(flat), *self.value_shape), default.dtype)
        if self.value_shape:
            for i, key in enumerate(flat):
                found[i] = get(key, default)
        else:
            default = default[()]
            found[:] = [get(key, default) for key in flat]
        return found.reshape(np.shape(keys) + self.value_shape)

    def insert(self, keys, values, fixed=False):
        """Adds entries, replacing others; of a fixed table none may be replaced by another."""
        flat = np.reshape(keys, -1).tolist()
        rows = np.reshape(values, (len(flat), *self.value_shape))
        rows = rows.tolist() if not self.value_shape else rows.copy()
        with self.lock:
            entries = {} if self.entries is None else self.entries
            for key, value in zip(flat, rows, strict=True):
                if fixed and key in entries and not np.array_equal(entries[key], value):
                    raise errors.FailedPreconditionError(None, None, (
                        f"HashTable has different value for same key. Key {key!r} has "
                        f"{entries[key]!r} and trying to add value {value!r}"))
                entries[key] = value
            self.entries = entries

    def replace(self, keys, values, fixed=False):
        """Makes these the only entries."""
        new = Table({}, self.value_shape)
        new.insert(keys, values, fixed)
        self.entries = new.entries

    def remove(self, keys):
        """Takes entries out, where they are."""
        with self.lock:
            for key in np.reshape(keys, -1).tolist():
                self.known().pop(key, None)


# -- the tables ----------------------------------------------------------------------------

class _Table(Operation):
    """Base of tables: nodes whose state is the session's, shared by equal shared_names."""

    stateful = returns_ref = True
    value_shape = ()

    def infer(self):
        return Spec(dtypes.resource, ())

    def compute(self, cell):
        return cell

    def new_cell(self, session):
        """The table of a session; one for all nodes of the same shared_name."""
        for op, cell in session._cells.items() if self.shared_name else ():
            if op.type == self.type and op.shared_name == self.shared_name:
                return cell
        return Cell(self._first, self.name)

    def _first(self):
        return Table({}, as_tuple(self.value_shape) or ())


_ATTRS = {"container": "", "shared_name": "", "use_node_name_sharing": False,
          "key_dtype": None, "value_dtype": None}


class HashTableV2(_Table):
    """A table that is filled once, by its initializer."""

    op_type, attrs = "HashTableV2", _ATTRS

    def _first(self):
        return Table()


class MutableHashTableV2(_Table):
    """A table to which entries can be added."""

    op_type, attrs = "MutableHashTableV2", _ATTRS


class MutableHashTableOfTensorsV2(_Table):
    """The same, with values that are tensors of one shape."""

    op_type, attrs = "MutableHashTableOfTensorsV2", {**_ATTRS, "value_shape": ()}


# -- what is done with them ----------------------------------------------------------------

class LookupTableFindV2(Operation):
    """The values of keys."""

    op_type, fresh = "LookupTableFindV2", True

    def infer(self, table_handle, keys, default_value):
        if None in (keys.shape, default_value.shape):
            return Spec(default_value.dtype, None)
        return Spec(default_value.dtype, keys.shape + default_value.shape)

    def compute(self, table_handle, keys, default_value):
        return table_handle.find(keys, default_value)

    def _derived_attrs(self):
        return {"Tin": self.input_nodes[1].spec.dtype, "Tout": self.input_nodes[2].spec.dtype}


class LookupTableSizeV2(Operation):
    """The number of entries."""

    op_type, fresh = "LookupTableSizeV2", True

    def infer(self, table_handle):
        return Spec(dtypes.int64, ())

    def compute(self, table_handle):
        return np.array(len(table_handle.known()), np.int64)


class LookupTableExportV2(Operation):
    """(keys, values) of all entries."""

    op_type, attrs, fresh = "LookupTableExportV2", {"Tkeys": None, "Tvalues": None}, True

    def infer(self, table_handle):
        rest = as_tuple(self.input_nodes[0].op.value_shape)
        values = None if rest is None else (None, *rest)
        return Spec(self.Tkeys, (None,)), Spec(self.Tvalues, values)

    def compute(self, table_handle):
        entries = dict(table_handle.known())
        keys = np.empty(len(entries), self.Tkeys._numpy)
        values = np.empty((len(entries), *table_handle.value_shape), self.Tvalues._numpy)
        keys[:] = list(entries)
        if entries:
            values[:] = list(entries.values())
        return keys, values

    def _infer_outputs(self, inputs, name):
        self.input_nodes = tuple(inputs)
        return super()._infer_outputs(inputs, name)


class _Change(Operation):
    """Base of operations that change a table: they receive its Cell."""

    effect, ref_inputs = True, (0,)

    def infer(self, table_handle, *others):
        return ()


class LookupTableInsertV2(_Change):
    """Adds entries."""

    op_type = "LookupTableInsertV2"

    def compute(self, table_handle, keys, values):
        table_handle.value.insert(keys, values)
        return ()

    def _derived_attrs(self):
        return {"Tin": self.input_nodes[1].spec.dtype, "Tout": self.input_nodes[2].spec.dtype}


class LookupTableImportV2(LookupTableInsertV2):
    """Makes these the entries of a table: also how a table that is filled once starts."""

    op_type = "LookupTableImportV2"

    def compute(self, table_handle, keys, values):
        table_handle.value.replace(keys, values, fixed=True)
        return ()


class LookupTableRemoveV2(_Change):
    """Takes entries out."""

    op_type = "LookupTableRemoveV2"

    def compute(self, table_handle, keys):
        table_handle.value.remove(keys)
        return ()

    def _derived_attrs(self):
        return {"Tin": self.input_nodes[1].spec.dtype}


class InitializeTableFromTextFileV2(_Change):
    """Fills a table from the lines of a file: columns of them, whole lines, their numbers."""

    op_type = "InitializeTableFromTextFileV2"
    attrs = {"key_index": _LINE, "value_index": _NUMBER, "vocab_size": -1, "delimiter": "\t"}

    def infer(self, table_handle, filename):
        merge(filename.shape, ())
        return ()

    def compute(self, table_handle, filename):
        path = np.asarray(filename, object).item()
        lines = _lines(path)
        if self.vocab_size >= 0:
            if len(lines) < self.vocab_size:
                raise errors.InvalidArgumentError(None, None, (
                    f"Invalid vocab_size in {path.decode()}: expected {self.vocab_size} but "
                    f"got {len(lines)}"))
            lines = lines[:self.vocab_size]
        handle = self.input_nodes[0].op
        keys = self._column(lines, self.key_index, handle.key_dtype)
        values = self._column(lines, self.value_index, handle.value_dtype)
        table_handle.value.replace(keys, values, fixed=True)
        return ()

    def _column(self, lines, index, dtype):
        if index == _NUMBER:
            return np.arange(len(lines))
        found = np.empty(len(lines), dtype._numpy)
        for i, line in enumerate(lines):
            parts = [line] if index == _LINE else line.split(self.delimiter.encode())
            place = max(index, 0)
            if place >= len(parts):
                raise errors.InvalidArgumentError(None, None, (
                    f"Invalid number of columns in line {i} ({line.decode(errors='replace')}): "
                    f"expected at least {place + 1} got {len(parts)}"))
            found[i] = _converted(parts[place], dtype, i)
        return found


def _lines(path):
    try:
        with open(path, "rb") as file:
            lines = file.read().replace(b"\r", b"").split(b"\n")
    except OSError as error:
        kind = errors.NotFoundError if isinstance(error, FileNotFoundError) else (
            errors.UnknownError)
        raise kind(None, None, f"{path.decode()}: {error.strerror}") from None
    return lines if lines[-1] else lines[:-1]


def _converted(text, dtype, line):
    if dtype is dtypes.string:
        return text
    try:
        return int(text) if dtype.is_integer else float(text)
    except ValueError:
        raise errors.InvalidArgumentError(None, None, (
            f"Field {text!r} in line {line} is not a valid {dtype.name}.")) from None


for _op_class in (HashTableV2, MutableHashTableV2, MutableHashTableOfTensorsV2,
                  LookupTableFindV2, LookupTableSizeV2, LookupTableExportV2,
                  LookupTableInsertV2, LookupTableImportV2, LookupTableRemoveV2,
                  InitializeTableFromTextFileV2):
    NotDifferentiable(_op_class.op_type)
