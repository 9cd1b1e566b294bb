"""Operation types of pellucid/ops/text: strings, hashes, tables."""

import numpy as np

from tests.ops.case import case


def texts(*values, shape=None):
    """An array of bytes objects."""
    result = np.empty(len(values), object)
    result[:] = [v if isinstance(v, bytes) else v.encode() for v in values]
    return result if shape is None else result.reshape(shape)


WORDS = texts("lake", " palmer\t", "", "Grüße", "a,b,,c", "x" * 70, shape=(2, 3))
COUNTED = np.array([[1, 0, 2], [-1, 3, 3]], np.int32)
NUMBERS = np.array([1.5, -2.0, 1e20, 0.1, np.inf], np.float32)


def parts(sparse):
    """The three tensors of a SparseTensor."""
    return [sparse.indices, sparse.values, sparse.dense_shape]


def fixed(use):
    """use(tf, table, keys), of a table that is filled before the keys are looked up."""
    def build(tf, keys):
        entries = tf.lookup.KeyValueTensorInitializer(
            ["lake", "a", ""], tf.constant([3, 1, 7], tf.int64))
        table = tf.lookup.StaticHashTable(entries, -1)
        with tf.control_dependencies([table.initializer]):
            return use(tf, table, tf.identity(keys))
    return build


def growing(use, default=-1):
    """The same of a table to which entries were added."""
    def build(tf, keys):
        room = tf.contrib.lookup if hasattr(tf, "contrib") else tf.lookup.experimental
        table = room.MutableHashTable(tf.string, tf.int64, tf.constant(default, tf.int64))
        values = tf.constant(np.array([np.add(default, 3), np.add(default, 2)]), tf.int64)
        with tf.control_dependencies([table.insert(tf.constant(["a", "b"]), values)]):
            return use(tf, table, tf.identity(keys))
    return build


def exported(tf, table, keys):
    with tf.control_dependencies([keys]):
        names, values = table.export()
    return [tf.size(names), tf.sort(values)]


def removed(tf, table, keys):
    with tf.control_dependencies([table.remove(keys)]):
        return [table.size(), table.lookup(tf.constant(["a", "b"]))]


CASES = [
    case("StringJoin", lambda tf, x, y: tf.string_join([x, "-", y]), WORDS,
         np.array(b"!", object)),
    case("StringJoin", lambda tf, x, y: tf.string_join([x, y, x], separator="/"), WORDS[0],
         WORDS[1], label="separator"),
    case("StringJoin", lambda tf, x, y: tf.string_join([x, y]), WORDS[:0], WORDS[:0],
         label="empty"),
    case("ReduceJoin", lambda tf, x: tf.reduce_join(x, 1, separator=","), WORDS),
    case("ReduceJoin", lambda tf, x: tf.reduce_join(x, [0, 1]), WORDS, label="both axes"),
    case("ReduceJoin", lambda tf, x: tf.reduce_join(x), WORDS, label="all axes"),
    case("ReduceJoin", lambda tf, x: tf.reduce_join(x, [-2], keep_dims=True), WORDS,
         label="kept axis"),
    case("ReduceJoin", lambda tf, x: tf.reduce_join(x, 0), WORDS[:0], label="empty"),
    case("StringSplit", lambda tf, x: parts(tf.string_split(x)), texts("a b", "", " c")),
    case("StringSplit", lambda tf, x: parts(tf.string_split(x, ",", skip_empty=False)),
         WORDS[1], label="comma, empty pieces"),
    case("StringSplit", lambda tf, x: parts(tf.string_split(x, ", ")),
         texts("a, b,c", "d"), label="two delimiters"),
    case("StringSplit", lambda tf, x: parts(tf.string_split(x, "")), texts("abc", "d"),
         label="bytes"),
    case("StringSplitV2", lambda tf, x: parts(tf.strings.split(x, "::")),
         texts("a::b", "::", "c:d"), label="separator"),
    case("StringSplitV2", lambda tf, x: parts(tf.strings.split(x, maxsplit=1)),
         texts(" a b  c ", "d"), label="whitespace, once"),
    case("Substr", lambda tf, x, i: tf.substr(x, i, i), texts("lake", "ice", "snow"), np.int32(1)),
    case("Substr", lambda tf, x, i, n: tf.strings.substr(x, i, n), texts("lake", "ice", "snow"),
         np.array([-2, 0, 4]), np.array([9, 2, 1]), label="each its own"),
    case("Substr", lambda tf, x: tf.strings.substr(x, 1, 3, unit="UTF8_CHAR"),
         texts("Grüße", "日本語文字"), label="characters"),
    case("StringLength", lambda tf, x: tf.strings.length(x), WORDS),
    case("StringLength", lambda tf, x: tf.strings.length(x, unit="UTF8_CHAR"), WORDS,
         label="characters"),
    case("StringStrip", lambda tf, x: tf.string_strip(x), WORDS),
    case("StringLower", lambda tf, x: tf.strings.lower(x), texts("LAKE", "GRÜSSE")),
    case("StringLower", lambda tf, x: tf.strings.lower(x, encoding="utf-8"),
         texts("LAKE", "GRÜSSE"), label="utf-8"),
    case("StringUpper", lambda tf, x: tf.strings.upper(x), WORDS),
    case("StringUpper", lambda tf, x: tf.strings.upper(x, encoding="utf-8"), texts("über"),
         label="utf-8"),
    case("AsString", lambda tf, x: tf.as_string(x), NUMBERS),
    case("AsString", lambda tf, x: tf.as_string(x, precision=2, width=9, fill="0"), NUMBERS[:2],
         label="filled"),
    case("AsString", lambda tf, x: tf.as_string(x, scientific=True, precision=3),
         NUMBERS.astype(np.float64), label="scientific"),
    case("AsString", lambda tf, x: tf.as_string(x, shortest=True), NUMBERS, label="shortest"),
    case("AsString", lambda tf, x: tf.as_string(x, width=4, fill="-"), COUNTED, label="int32"),
    case("AsString", lambda tf, x: tf.as_string(x), np.array([True, False]), label="bool"),
    case("AsString", lambda tf, x: tf.as_string(x, precision=1), np.array([1 + 2j], np.complex64),
         label="complex"),
    case("StringToNumber", lambda tf, x: tf.string_to_number(x), texts("1.5", " -2e3 ", "inf")),
    case("StringToNumber", lambda tf, x: tf.string_to_number(x, tf.int64), texts("12", " -7"),
         label="int64"),
    case("StringToNumber", lambda tf, x: tf.string_to_number(x, tf.float64), WORDS[:0],
         label="empty"),
    case("EncodeBase64", lambda tf, x: tf.encode_base64(x), WORDS),
    case("EncodeBase64", lambda tf, x: tf.encode_base64(x, pad=True), texts(b"\xfb\xff", "a"),
         label="padded"),
    case("DecodeBase64", lambda tf, x: tf.decode_base64(x), texts("bGFrZQ", "-_8=", "")),
    case("StaticRegexReplace", lambda tf, x: tf.regex_replace(x, "[a-c]+", r"<\0>"), WORDS),
    case("StaticRegexReplace", lambda tf, x: tf.strings.regex_replace(
        x, "([[:alpha:]])([[:space:]])?", r"\2\1", replace_global=False), WORDS,
         label="the first, groups"),
    case("RegexReplace", lambda tf, x, p, r: tf.regex_replace(x, p, r), WORDS,
         np.array(b"l.k", object), np.array(b"_", object)),
    case("StaticRegexFullMatch", lambda tf, x: tf.strings.regex_full_match(x, "[a-z]*"), WORDS),
    case("RegexFullMatch", lambda tf, x, p: tf.strings.regex_full_match(x, p), WORDS,
         np.array(b"a.*c", object)),
    case("StringToHashBucketFast", lambda tf, x: tf.string_to_hash_bucket_fast(x, 1000), WORDS),
    case("StringToHashBucket", lambda tf, x: tf.string_to_hash_bucket(x, 2**40), WORDS),
    case("StringToHashBucketStrong", lambda tf, x: tf.string_to_hash_bucket_strong(
        x, 1000, [7, 2**61]), WORDS),
    case("HashTableV2", fixed(lambda tf, t, k: t.lookup(k)), WORDS),
    case("LookupTableFindV2", fixed(lambda tf, t, k: t.lookup(k)), WORDS[:0], label="empty"),
    case("LookupTableFindV2", growing(lambda tf, t, k: t.lookup(k), [4, 5]), texts("b", "c"),
         label="rows"),
    case("LookupTableSizeV2", fixed(lambda tf, t, k: [t.size(), k]), WORDS),
    case("LookupTableImportV2", fixed(lambda tf, t, k: t.lookup(k)), texts("a", "c")),
    case("MutableHashTableV2", growing(lambda tf, t, k: t.lookup(k)), texts("a", "c")),
    case("MutableHashTableOfTensorsV2", growing(lambda tf, t, k: t.lookup(k), [4, 5]),
         texts("a", "c", shape=(2, 1))),
    case("LookupTableInsertV2", growing(lambda tf, t, k: [t.lookup(k), t.size()]),
         texts("b", "")),
    case("LookupTableExportV2", growing(exported), texts("b")),
    case("LookupTableRemoveV2", growing(removed), texts("b", "c")),
]
