"""tf.contrib.learn.preprocessing: words as numbers."""

from pellucid.contrib.learn import CategoricalVocabulary, VocabularyProcessor, tokenizer
