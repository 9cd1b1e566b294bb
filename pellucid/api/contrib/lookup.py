"""tf.lookup."""

from pellucid.ops.text.lookup import (
    HashTable,
    KeyValueTensorInitializer,
    LookupInterface,
    MutableHashTable,
    TextFileIndex,
    TextFileInitializer,
)
from pellucid.ops.text.vocabularies import (
    FastHashSpec,
    HasherSpec,
    IdTableWithHashBuckets,
    StrongHashSpec,
    index_table_from_file,
    index_table_from_tensor,
    index_to_string,
    index_to_string_table_from_file,
    index_to_string_table_from_tensor,
    string_to_index,
    string_to_index_table_from_file,
    string_to_index_table_from_tensor,
)
