"""Lookup tables: from words to numbers and back.

    table = tf.contrib.lookup.index_table_from_tensor(["lake", "palmer"], num_oov_buckets=1)
    ids = table.lookup(tf.constant(["palmer", "emerson"]))         # [1, 2]
    session.run(tf.tables_initializer())

The entries live in the session. Read next: vocabularies.py.
"""

from pellucid.core import dtypes
from pellucid.core.dtypes import as_dtype
from pellucid.core.graph import GraphKeys
from pellucid.core.operation import convert_to_tensor
from pellucid.core.sources import constant
from pellucid.ops.arguments import as_tensor, name_scope
from pellucid.ops.control.waiting import group, no_op
from pellucid.ops.sparse.sparse_tensor import SparseTensor
from pellucid.ops.state.variables import add_to_collection, get_collection
from pellucid.ops.text import tables


def tables_initializer(name="init_all_tables"):
    """An Operation that fills all tables of the graph.

    As in TF: tf.tables_initializer, tf.initialize_all_tables.
    """
    initializers = get_collection(GraphKeys.TABLE_INITIALIZERS)
    return group(*initializers, name=name) if initializers else no_op(name=name)


class LookupInterface:
    """What all tables have: a node, types of keys and values, a default.

    As in TF: tf.contrib.lookup.LookupInterface.
    """

    def __init__(self, resource_handle, key_dtype, value_dtype, default_value):
        self.resource_handle, self.default_value = resource_handle, default_value
        self.key_dtype, self.value_dtype = key_dtype, value_dtype

    @property
    def name(self):
        """str, the name of the table's node, without its scope."""
        return self.resource_handle.op.name.rpartition("/")[2]

    def _scope(self, name, suffix, values=()):
        return name_scope(name, f"{self.name}_{suffix}", [self.resource_handle, *values])

    def size(self, name=None):
        """Tensor of int64: the number of entries."""
        with self._scope(name, "Size"):
            return tables.LookupTableSizeV2([self.resource_handle]).output

    _find = "Lookup"

    def lookup(self, keys, name=None):
        """The values of keys, the default where there is none.

        Args:
          keys: Tensor or SparseTensor of the table's key type.

        Returns:
          Tensor of the value type, of keys' shape; of a SparseTensor, a SparseTensor.

        Raises TypeError if keys have another type.
        """
        if isinstance(keys, SparseTensor):
            return SparseTensor(keys.indices, self.lookup(keys.values, name), keys.dense_shape)
        keys = as_tensor(keys)
        self._check_keys(keys)
        with self._scope(name, self._find, [keys, self.default_value]):
            return tables.LookupTableFindV2(
                [self.resource_handle, keys, self.default_value]).output

    def _check_keys(self, keys):
        if keys.dtype is not self.key_dtype:
            raise TypeError(f"Signature mismatch. Keys must be dtype {self.key_dtype}, got "
                            f"{keys.dtype}.")


# -- tables that are filled once -----------------------------------------------------------

class HashTable(LookupInterface):
    """A table that is filled once, when tf.tables_initializer() runs.

    Args:
      initializer: KeyValueTensorInitializer or TextFileInitializer.
      default_value: scalar, the value of keys that are not there.
      shared_name: str; tables of the same shared_name share their entries in a session.
      name: str.

    As in TF: tf.contrib.lookup.HashTable, tf.lookup.StaticHashTable (op type HashTableV2).
    """

    def __init__(self, initializer, default_value, shared_name=None, name=None):
        keys, values = initializer.key_dtype, initializer.value_dtype
        default = convert_to_tensor(default_value, values)
        if default.spec.rank not in (None, 0):
            raise ValueError("default_value must be a scalar.")
        with name_scope(name, "hash_table") as scope:
            handle = tables.HashTableV2((), scope, key_dtype=keys, value_dtype=values,
                                        shared_name=shared_name or "").output
        super().__init__(handle, keys, values, default)
        self._initializer = initializer.initialize(self)

    @property
    def initializer(self):
        """The Operation that fills the table."""
        return self._initializer

    init = initializer

    def export(self, name=None):
        """(keys, values), all entries."""
        with self._scope(name, "Export") as scope:
            return tables.LookupTableExportV2([self.resource_handle], scope,
                                              Tkeys=self.key_dtype,
                                              Tvalues=self.value_dtype).outputs


class KeyValueTensorInitializer:
    """What a table is filled with: keys and their values.

    Args:
      keys, values: Tensors or lists, of one length.
      key_dtype, value_dtype: DType, where keys or values are lists.
      name: str.

    As in TF: tf.contrib.lookup.KeyValueTensorInitializer.
    """

    def __init__(self, keys, values, key_dtype=None, value_dtype=None, name=None):
        self._name = name or "key_value_init"
        self._keys = convert_to_tensor(keys, key_dtype, name="keys")
        self._values = convert_to_tensor(values, value_dtype, name="values")
        self._keys.shape.assert_is_compatible_with(self._values.shape)
        self.key_dtype, self.value_dtype = self._keys.dtype, self._values.dtype

    def initialize(self, table):
        """The Operation that fills a table; it joins the collection of initializers."""
        with name_scope(self._name, values=[table.resource_handle, self._keys, self._values]):
            op = tables.LookupTableImportV2([table.resource_handle, self._keys, self._values])
        add_to_collection(GraphKeys.TABLE_INITIALIZERS, op)
        return op


class TextFileIndex:
    """What may stand for a column of a text file. As in TF: tf.contrib.lookup.TextFileIndex."""

    WHOLE_LINE, LINE_NUMBER = -2, -1


class TextFileInitializer:
    """What a table is filled with: the lines of a text file.

    Args:
      filename: str, or scalar Tensor.
      key_dtype, value_dtype: DType.
      key_index, value_index: int, the number of a column; TextFileIndex.WHOLE_LINE for the
        line, TextFileIndex.LINE_NUMBER for its number.
      vocab_size: int, how many lines to take; there must be as many.
      delimiter: str, what stands between columns.
      name: str.

    As in TF: tf.contrib.lookup.TextFileInitializer (op type InitializeTableFromTextFileV2).
    """

    def __init__(self, filename, key_dtype, key_index, value_dtype, value_index, vocab_size=None,
                 delimiter="\t", name=None):
        if not isinstance(filename, str | bytes) and not hasattr(filename, "op"):
            raise ValueError("Filename required for this file initializer.")
        if vocab_size is not None and vocab_size <= 0:
            raise ValueError(f"Invalid vocab_size {vocab_size}.")
        self.key_dtype, self.value_dtype = as_dtype(key_dtype), as_dtype(value_dtype)
        for index, dtype, what in ((key_index, self.key_dtype, "key"),
                                   (value_index, self.value_dtype, "value")):
            _check_index(index, dtype, what)
        self._filename, self._name = filename, name or "text_file_init"
        self._attrs = {"key_index": key_index, "value_index": value_index,
                       "vocab_size": -1 if vocab_size is None else vocab_size,
                       "delimiter": delimiter}
        if not hasattr(filename, "op"):
            with name_scope(None):
                self._filename = constant(filename, dtypes.string, name="asset_path")
            add_to_collection(GraphKeys.ASSET_FILEPATHS, self._filename)

    def initialize(self, table):
        """The Operation that fills a table; it joins the collection of initializers."""
        with name_scope(self._name, "text_file_init", [table.resource_handle]):
            op = tables.InitializeTableFromTextFileV2(
                [table.resource_handle, self._filename], **self._attrs)
        add_to_collection(GraphKeys.TABLE_INITIALIZERS, op)
        return op


def _check_index(index, dtype, what):
    if index < -2:
        raise ValueError(f"Invalid {what} index {index}.")
    if index == TextFileIndex.LINE_NUMBER and dtype is not dtypes.int64:
        raise ValueError(f"Signature mismatch. {what}_dtype must be int64 for line numbers, got "
                         f"{dtype}.")
    if index == TextFileIndex.WHOLE_LINE and not (dtype.is_integer or dtype is dtypes.string):
        raise ValueError(f"Signature mismatch. {what}_dtype must be integer or string for whole "
                         f"lines, got {dtype}.")


# -- tables that grow ----------------------------------------------------------------------

class MutableHashTable(LookupInterface):
    """A table to which entries can be added while it is used.

    Args:
      key_dtype, value_dtype: DType.
      default_value: the value of keys that are not there; a scalar, or a Tensor if values are.
      shared_name: str; tables of the same shared_name share their entries in a session.
      name: str.
      checkpoint: bool, whether a Saver of all variables saves the entries too, as the tensors
        "name-keys" and "name-values".

    As in TF: tf.contrib.lookup.MutableHashTable (op types MutableHashTableV2,
    MutableHashTableOfTensorsV2).
    """

    _find = "lookup_table_find"

    def __init__(self, key_dtype, value_dtype, default_value, shared_name=None,
                 name="MutableHashTable", checkpoint=True):
        keys, values = as_dtype(key_dtype), as_dtype(value_dtype)
        default = convert_to_tensor(default_value, values)
        attrs = {"key_dtype": keys, "value_dtype": values, "shared_name": shared_name or "",
                 "use_node_name_sharing": checkpoint and not shared_name}
        if default.spec.shape:
            op = tables.MutableHashTableOfTensorsV2((), name, value_shape=default.shape, **attrs)
        else:
            op = tables.MutableHashTableV2((), name, **attrs)
        super().__init__(op.output, keys, values, default)
        if checkpoint:
            add_to_collection(GraphKeys.SAVEABLE_OBJECTS, self)

    def saved_parts(self):
        """[(name in a checkpoint, Tensor), ...] of what a Saver saves."""
        with self.resource_handle.graph.name_scope(None):
            keys, values = self.export()
        return [(self.name + "-keys", keys), (self.name + "-values", values)]

    def restore(self, keys, values):
        """An Operation that makes these, which a Saver has read, the only entries."""
        with name_scope(f"{self.name}_table_restore"):
            return tables.LookupTableImportV2([self.resource_handle, keys, values])

    def insert(self, keys, values, name=None):
        """An Operation that adds entries, in place of those that have the same keys."""
        with self._scope(name, "lookup_table_insert"):
            keys = convert_to_tensor(keys, self.key_dtype, name="keys")
            values = convert_to_tensor(values, self.value_dtype, name="values")
            return tables.LookupTableInsertV2([self.resource_handle, keys, values])

    def remove(self, keys, name=None):
        """An Operation that takes entries out, where they are."""
        keys = as_tensor(keys)
        self._check_keys(keys)
        with self._scope(name, "lookup_table_remove"):
            return tables.LookupTableRemoveV2([self.resource_handle, keys])

    def export(self, name=None):
        """(keys, values), all entries."""
        with self._scope(name, "lookup_table_export_values"):
            return tables.LookupTableExportV2(
                [self.resource_handle], Tkeys=self.key_dtype,
                Tvalues=self.value_dtype).outputs
