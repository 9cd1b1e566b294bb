"""tf.lookup."""

from pellucid.ops.text.lookup import HashTable as StaticHashTable
from pellucid.ops.text.lookup import KeyValueTensorInitializer, TextFileIndex, TextFileInitializer
from pellucid.ops.text.vocabularies import StaticVocabularyTable
