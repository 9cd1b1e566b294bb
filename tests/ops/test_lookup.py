"""Lookup tables: where their entries live, files, what is refused."""

import numpy as np
import pytest

import pellucid as tf

lookup = tf.contrib.lookup


@pytest.fixture(autouse=True)
def graph():
    with tf.Graph().as_default() as graph:
        yield graph


@pytest.fixture
def words(tmp_path):
    path = tmp_path / "words.txt"
    path.write_bytes(b"lake\t7\r\npalmer\t9\n\nemerson\t11\n")
    return str(path)


def test_a_table_is_empty_until_its_initializer_ran(engine):
    table = lookup.index_table_from_tensor(["lake", "palmer"])
    ids = table.lookup(tf.constant(["palmer", "x"]))
    with tf.Session(engine=engine) as session:
        with pytest.raises(tf.errors.FailedPreconditionError, match="tables_initializer"):
            session.run(ids)
        session.run(tf.tables_initializer())
        assert session.run(ids).tolist() == [1, -1]
    with tf.Session(engine=engine) as other, pytest.raises(tf.errors.FailedPreconditionError):
        other.run(ids)


def test_unknown_words_fall_into_buckets_as_in_tensorflow(engine):
    words = tf.constant(["emerson", "lake", "palmer", "king", "crimson"])
    tables = [lookup.index_table_from_tensor(["lake", "palmer"], num_oov_buckets=3),
              lookup.index_table_from_tensor(["lake"], 5,
                                             hasher_spec=lookup.StrongHashSpec([1, 2])),
              lookup.index_table_from_tensor([12, 13], 3, dtype=tf.int64)]
    found = [tables[0].lookup(words), tables[1].lookup(words), tables[0].size(),
             tables[2].lookup(tf.constant([13, 14, 99], tf.int64))]
    with tf.Session(engine=engine) as session:
        session.run(tf.tables_initializer())
        first, second, size, numbers = session.run(found)
    # What TensorFlow 1.15.5 says.
    assert first.tolist() == [3, 0, 1, 3, 2]
    assert second.tolist() == [1, 0, 2, 2, 3]
    assert (size, numbers.tolist()) == (5, [1, 2, 2])


def test_lines_of_a_file(words, engine):
    made = [lookup.index_table_from_file(words, num_oov_buckets=1, vocab_size=2),
            lookup.index_to_string_table_from_file(words, default_value="?"),
            lookup.HashTable(lookup.TextFileInitializer(
                words, tf.string, 0, tf.int64, 1, vocab_size=2), -1)]
    found = [made[0].lookup(tf.constant(["lake\t7", "lake"])),
             made[1].lookup(tf.constant([0, 2, 3, 9], tf.int64)),
             made[2].lookup(tf.constant(["palmer", "x"])), made[0].size()]
    with tf.Session(engine=engine) as session:
        session.run(tf.tables_initializer())
        ids, lines, numbers, size = session.run(found)
    assert ids.tolist() == [0, 2]
    assert lines.tolist() == [b"lake\t7", b"", b"emerson\t11", b"?"]
    assert numbers.tolist() == [9, -1]
    assert size == 3


@pytest.mark.parametrize("options, error, message", [
    ({"vocab_size": 9}, tf.errors.InvalidArgumentError, "expected 9 but got 4"),
    ({"key_column_index": 2}, tf.errors.InvalidArgumentError, "line 0.*expected at least 3"),
    ({"vocabulary_file": "/no/such/file"}, tf.errors.NotFoundError, "/no/such/file"),
])
def test_files_that_do_not_fit(words, options, error, message):
    table = lookup.index_table_from_file(**{"vocabulary_file": words, **options})
    with tf.Session() as session, pytest.raises(error, match=message):
        session.run(table.init)


def test_a_word_that_occurs_twice_is_refused():
    table = lookup.HashTable(lookup.KeyValueTensorInitializer(["a", "b", "a"], [1, 2, 3]), -1)
    with tf.Session() as session, pytest.raises(
            tf.errors.FailedPreconditionError, match="different value for same key"):
        session.run(table.init)


def test_tables_of_one_shared_name_share_their_entries(words):
    first, second = (lookup.index_table_from_file(words) for _ in range(2))
    size = second.size()
    with tf.Session() as session:
        session.run(first.init)
        assert session.run(size) == 4


def test_a_growing_table_counts_words(engine):
    table = lookup.MutableHashTable(tf.string, tf.int64, 0)
    word = tf.placeholder(tf.string, [None])
    more = table.insert(word, table.lookup(word) + 1)
    keys, counts = table.export()
    with tf.Session(engine=engine) as session:
        for text in (["a"], ["b", "a"], ["c"]):
            session.run(more, {word: text})
        names, found = session.run([keys, counts])
        assert dict(zip(names.tolist(), found.tolist(), strict=True)) == {
            b"a": 2, b"b": 1, b"c": 1}
        session.run(table.remove(tf.constant(["a", "z"])))
        assert session.run(table.size()) == 2


def test_sparse_keys_give_sparse_values():
    table = lookup.index_table_from_tensor(["lake", "palmer"])
    found = table.lookup(tf.string_split(["palmer lake", "x"]))
    with tf.Session() as session:
        session.run(tf.tables_initializer())
        value = session.run(found)
    assert value.values.tolist() == [1, 0, -1]
    assert value.dense_shape.tolist() == [2, 2]


def test_names_are_tensorflows():
    table = lookup.index_table_from_tensor(["a"], num_oov_buckets=1)
    assert table.lookup(tf.constant(["b"])).name == "hash_table_Lookup/SelectV2:0"
    assert table.init.name == "string_to_index/hash_table/table_init/LookupTableImportV2"
    grown = lookup.MutableHashTable(tf.string, tf.int64, -1)
    assert grown.lookup(tf.constant(["b"])).name == (
        "MutableHashTable_lookup_table_find/LookupTableFindV2:0")
    assert tf.tables_initializer().name == "init_all_tables"


def test_what_is_refused():
    table = lookup.index_table_from_tensor(["a"])
    with pytest.raises(TypeError, match="Keys must be dtype"):
        table.lookup(tf.constant([1]))
    with pytest.raises(ValueError, match="num_oov_buckets"):
        lookup.index_table_from_tensor(["a"], num_oov_buckets=-1)
    with pytest.raises(ValueError, match="scalar"):
        lookup.HashTable(lookup.KeyValueTensorInitializer(["a"], [1]), [1, 2])
    with pytest.raises(ValueError, match="vocab_size"):
        lookup.index_table_from_file("words", vocab_size=0)
    with pytest.raises(ValueError, match="key"):
        lookup.StrongHashSpec([1])
    assert np.ndim(table.default_value.shape) == 1
