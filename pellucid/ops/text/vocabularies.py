"""Vocabularies: words to their numbers, unknown ones to buckets, and numbers to words."""

import collections

from pellucid.core import dtypes
from pellucid.core.dtypes import as_dtype
from pellucid.core.operation import convert_to_tensor
from pellucid.ops.arguments import as_tensor, name_scope
from pellucid.ops.arrays.creation import range_
from pellucid.ops.arrays.shaping import size
from pellucid.ops.control.waiting import no_op
from pellucid.ops.math.casting import cast
from pellucid.ops.math.comparison import not_equal
from pellucid.ops.math.elementwise import add
from pellucid.ops.math.selection import where_v2
from pellucid.ops.sparse.sparse_tensor import SparseTensor
from pellucid.ops.text.hashing import string_to_hash_bucket_fast, string_to_hash_bucket_strong
from pellucid.ops.text.lookup import (
    HashTable,
    KeyValueTensorInitializer,
    TextFileIndex,
    TextFileInitializer,
)
from pellucid.ops.text.numbers import as_string

HasherSpec = collections.namedtuple("HasherSpec", ["hasher", "key"])
FastHashSpec = HasherSpec("fasthash", None)


class StrongHashSpec(HasherSpec):
    """How unknown words are hashed: by a hash with a key of two ints.

    As in TF: tf.contrib.lookup.StrongHashSpec.
    """

    def __new__(cls, key):
        if len(key) != 2 or not all(isinstance(k, int) for k in key):
            raise ValueError(f"Invalid key {key}: it must be two ints.")
        return super().__new__(cls, "stronghash", tuple(key))


class IdTableWithHashBuckets:
    """A table of ids in which each unknown key has one of num_oov_buckets further ids.

    Args:
      table: HashTable with values of int64, or None.
      num_oov_buckets: int.
      hasher_spec: FastHashSpec, or a StrongHashSpec.
      name: str.
      key_dtype: DType of the keys, string or an integer type.

    As in TF: tf.contrib.lookup.IdTableWithHashBuckets.
    """

    def __init__(self, table, num_oov_buckets, hasher_spec=FastHashSpec, name=None,
                 key_dtype=None):
        self.key_dtype = as_dtype(key_dtype or (table.key_dtype if table else dtypes.string))
        if not (self.key_dtype is dtypes.string or self.key_dtype.is_integer):
            raise TypeError(f"Invalid key_dtype, expected one of int64, string, got {key_dtype}.")
        if table is None and num_oov_buckets <= 0:
            raise ValueError("oov_buckets must be > 0 if no table is supplied")
        if table is not None and table.value_dtype is not dtypes.int64:
            raise TypeError(f"Invalid value_dtype, expected int64 but got {table.value_dtype}.")
        if not isinstance(hasher_spec, HasherSpec):
            raise TypeError(f"hasher_spec must be of type HasherSpec, got {hasher_spec}")
        self._table, self._buckets, self._spec = table, num_oov_buckets, hasher_spec
        self._name = (name or "hash_bucket").rpartition("/")[2]
        self.value_dtype = dtypes.int64

    @property
    def name(self):
        """str, the name of the table inside, or of the buckets."""
        return self._table.name if self._table else self._name

    @property
    def initializer(self):
        """The Operation that fills the table inside."""
        return self._table.initializer if self._table else no_op()

    init = initializer

    def size(self, name=None):
        """Tensor of int64: the number of ids, buckets included."""
        with name_scope(name, f"{self.name}_Size"):
            inside = self._table.size() if self._table else 0
            return inside + self._buckets

    def lookup(self, keys, name=None):
        """The ids of keys: a Tensor or SparseTensor of strings, or of integers.

        Raises TypeError if keys have another type.
        """
        if isinstance(keys, SparseTensor):
            return SparseTensor(keys.indices, self.lookup(keys.values, name), keys.dense_shape)
        keys = as_tensor(keys)
        if keys.dtype is not self.key_dtype:
            raise TypeError(f"Signature mismatch. Keys must be dtype {self.key_dtype}, got "
                            f"{keys.dtype}.")
        with name_scope(name, f"{self.name}_Lookup"):
            if self._table and not self._buckets:
                return self._table.lookup(keys)
            texts = keys if keys.dtype is dtypes.string else as_string(keys)
            buckets = self._hashed(texts)
            if self._table is None:
                return buckets
            ids = self._table.lookup(keys)
            further = add(buckets, self._table.size())
            return where_v2(not_equal(ids, self._table.default_value), ids, further)

    def _hashed(self, texts):
        if self._spec.hasher == "fasthash":
            return string_to_hash_bucket_fast(texts, self._buckets, name="hash_bucket")
        return string_to_hash_bucket_strong(texts, self._buckets, self._spec.key,
                                            name="hash_bucket")


class StaticVocabularyTable(IdTableWithHashBuckets):
    """A vocabulary: words to ids, unknown words to one of num_oov_buckets further ids.

    Args:
      initializer: what the vocabulary is filled with, words and ids of int64; or None.
      num_oov_buckets: int, at least 1.
      lookup_key_dtype: DType of the keys.
      name: str.

    As in TF: tf.lookup.StaticVocabularyTable.
    """

    def __init__(self, initializer, num_oov_buckets, lookup_key_dtype=None, name=None):
        if num_oov_buckets <= 0:
            raise ValueError("oov_buckets must be > 0; use tf.lookup.StaticHashTable.")
        table = HashTable(initializer, -1, name=name) if initializer else None
        super().__init__(table, num_oov_buckets, name=name, key_dtype=lookup_key_dtype)


# -- words to ids --------------------------------------------------------------------------

def index_table_from_tensor(mapping, num_oov_buckets=0, default_value=-1,
                            hasher_spec=FastHashSpec, dtype=dtypes.string, name=None):
    """A table from words to their places in a list.

    Args:
      mapping: vector of words (of strings, or of integers), each once.
      num_oov_buckets: int; unknown words get one of as many ids after those of the list.
      default_value: int, the id of unknown words where there are no buckets.
      hasher_spec: FastHashSpec, or a StrongHashSpec.
      dtype: DType of the words.
      name: str.

    As in TF: tf.contrib.lookup.index_table_from_tensor.
    """
    _check_buckets(num_oov_buckets)
    if mapping is None:
        raise ValueError("vocabulary_list must be specified.")
    dtype = as_dtype(dtype)
    with name_scope(name, "string_to_index"):
        keys = convert_to_tensor(mapping)
        if keys.dtype.is_integer != dtype.is_integer:
            raise ValueError(f"Expected {'integer' if dtype.is_integer else 'non-integer'}, got "
                             f"{keys.dtype}.")
        if not (dtype.is_integer or keys.dtype.is_compatible_with(dtype)):
            raise ValueError(f"Vocabulary dtype {keys.dtype} is not {dtype}.")
        ids = cast(range_(size(keys)), dtypes.int64)
        keys = cast(keys, dtypes.int64) if dtype.is_integer else keys
        with name_scope(None, "hash_table"):
            init = KeyValueTensorInitializer(keys, ids, name="table_init")
            return _with_buckets(HashTable(init, default_value), num_oov_buckets, hasher_spec,
                                 dtype)


def index_table_from_file(vocabulary_file=None, num_oov_buckets=0, vocab_size=None,
                          default_value=-1, hasher_spec=FastHashSpec, key_dtype=dtypes.string,
                          name=None, key_column_index=TextFileIndex.WHOLE_LINE,
                          value_column_index=TextFileIndex.LINE_NUMBER, delimiter="\t"):
    """A table from words to the numbers of their lines in a file.

    Args:
      vocabulary_file: str, or scalar Tensor.
      vocab_size: int, how many lines to take.
      key_column_index, value_column_index: which columns words and ids are.
      delimiter: str, what stands between columns.
      All others: as of index_table_from_tensor.

    As in TF: tf.contrib.lookup.index_table_from_file.
    """
    _check_file(vocabulary_file, vocab_size)
    _check_buckets(num_oov_buckets)
    key_dtype = as_dtype(key_dtype)
    with name_scope(name, "string_to_index"), name_scope(None, "hash_table"):
        init = TextFileInitializer(
            vocabulary_file, dtypes.int64 if key_dtype.is_integer else key_dtype,
            key_column_index, dtypes.int64, value_column_index, vocab_size, delimiter,
            "table_init")
        shared = _shared(vocabulary_file, vocab_size, key_column_index, value_column_index)
        return _with_buckets(HashTable(init, default_value, shared), num_oov_buckets,
                             hasher_spec, key_dtype)


def _with_buckets(table, count, spec, key_dtype):
    if not count:
        return table
    return IdTableWithHashBuckets(table, count, spec, table.resource_handle.op.name, key_dtype)


def _check_buckets(count):
    if count < 0:
        raise ValueError(f"num_oov_buckets must be greater or equal than 0, got {count}.")


def _check_file(file, vocab_size):
    if file is None or (isinstance(file, str | bytes) and not file):
        raise ValueError("vocabulary_file must be specified and must not be empty.")
    if vocab_size is not None and vocab_size < 1:
        raise ValueError(f"vocab_size must be greater than 0, got {vocab_size}.")


def _shared(file, vocab_size, key_index, value_index):
    """Tables of the same lines share their entries."""
    if not isinstance(file, str | bytes):
        return ""
    file = file.decode() if isinstance(file, bytes) else file
    middle = "" if vocab_size is None else f"{vocab_size}_"
    return f"hash_table_{file}_{middle}{key_index}_{value_index}"


# -- ids to words --------------------------------------------------------------------------

def index_to_string_table_from_tensor(mapping, default_value="UNK", name=None):
    """A table from places in a list of words to the words.

    Args:
      mapping: vector of strings.
      default_value: str, the word of other ids.
      name: str.

    As in TF: tf.contrib.lookup.index_to_string_table_from_tensor.
    """
    if mapping is None:
        raise ValueError("vocabulary_list must be specified.")
    with name_scope(name, "index_to_string"):
        words = convert_to_tensor(mapping, dtypes.string)
        ids = cast(range_(size(words)), dtypes.int64)
        return HashTable(KeyValueTensorInitializer(ids, words, name="table_init"),
                         default_value)


def index_to_string_table_from_file(vocabulary_file, vocab_size=None, default_value="UNK",
                                    name=None, key_column_index=TextFileIndex.LINE_NUMBER,
                                    value_column_index=TextFileIndex.WHOLE_LINE,
                                    delimiter="\t"):
    """A table from the numbers of lines in a file to the words there.

    Arguments as of index_table_from_file.

    As in TF: tf.contrib.lookup.index_to_string_table_from_file.
    """
    _check_file(vocabulary_file, vocab_size)
    with name_scope(name, "index_to_string"):
        init = TextFileInitializer(
            vocabulary_file, dtypes.int64, key_column_index, dtypes.string, value_column_index,
            vocab_size, delimiter, "table_init")
        shared = _shared(vocabulary_file, vocab_size, key_column_index, value_column_index)
        return HashTable(init, default_value, shared)


def string_to_index(tensor, mapping, default_value=-1, name=None):
    """The places of words in a list, -1 for others. As in TF: tf.contrib.lookup.string_to_index."""
    table = index_table_from_tensor(mapping, default_value=default_value)
    return table.lookup(convert_to_tensor(tensor), name)


def index_to_string(tensor, mapping, default_value="UNK", name=None):
    """The words at places of a list. As in TF: tf.contrib.lookup.index_to_string."""
    table = index_to_string_table_from_tensor(mapping, default_value)
    return table.lookup(convert_to_tensor(tensor, preferred_dtype=dtypes.int64), name)


def string_to_index_table_from_tensor(mapping, num_oov_buckets=0, default_value=-1,
                                      hasher_spec=FastHashSpec, name=None):
    """The older name of index_table_from_tensor.

    As in TF: tf.contrib.lookup.string_to_index_table_from_tensor.
    """
    return index_table_from_tensor(mapping, num_oov_buckets, default_value, hasher_spec,
                                   dtypes.string, name)


def string_to_index_table_from_file(vocabulary_file=None, num_oov_buckets=0, vocab_size=None,
                                    default_value=-1, hasher_spec=FastHashSpec, name=None):
    """The older name of index_table_from_file.

    As in TF: tf.contrib.lookup.string_to_index_table_from_file.
    """
    return index_table_from_file(vocabulary_file, num_oov_buckets, vocab_size, default_value,
                                 hasher_spec, dtypes.string, name)
