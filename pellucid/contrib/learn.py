"""What programs used of tf.contrib.learn: modes, words as numbers.

The estimators of tf.contrib.learn became tf.estimator's.
"""

import re
from collections import Counter

import numpy as np


class ModeKeys:
    """What a model_fn is called for. As in TF: tf.contrib.learn.ModeKeys."""

    TRAIN = "train"
    EVAL = "eval"
    INFER = "infer"


_TOKEN = re.compile(r"[A-Z]{2,}(?![a-z])|[A-Z][a-z]+(?=[A-Z])|[\'\w\-]+")


def tokenizer(iterator):
    """Yields the list of the words of each text."""
    for text in iterator:
        yield _TOKEN.findall(text)


class CategoricalVocabulary:
    """Words and their numbers; 0 is the unknown word.

    As in TF: tf.contrib.learn.preprocessing.CategoricalVocabulary.
    """

    def __init__(self, unknown_token="<UNK>", support_reverse=True):
        self._unknown_token, self._support_reverse = unknown_token, support_reverse
        self._mapping, self._words = {unknown_token: 0}, [unknown_token]
        self._frequencies, self._frozen = Counter(), False

    def __len__(self):
        return len(self._mapping)

    def freeze(self, freeze=True):
        """From now on unknown words are 0; without it they get new numbers."""
        self._frozen = freeze

    def get(self, category):
        """The number of a word."""
        if category not in self._mapping:
            if self._frozen:
                return 0
            self._mapping[category] = len(self._mapping)
            self._words.append(category)
        return self._mapping[category]

    def add(self, category, count=1):
        """Counts a word."""
        if self.get(category) > 0:
            self._frequencies[category] += count

    def trim(self, min_frequency, max_frequency=-1):
        """Keeps the words that were counted more than min_frequency times; the most used first."""
        kept = sorted(self._frequencies.items())
        kept.sort(key=lambda item: -item[1])
        kept = [(word, count) for word, count in kept if count > min_frequency
                and not 0 < max_frequency <= count]
        self._words = [self._unknown_token, *(word for word, _ in kept)]
        self._mapping = {word: i for i, word in enumerate(self._words)}
        self._frequencies = Counter(dict(kept))

    def reverse(self, class_id):
        """The word of a number."""
        return self._words[class_id]


class VocabularyProcessor:
    """Texts as rows of numbers of words, of one length.

    Args:
      max_document_length: int; longer texts are cut, shorter ones filled with 0.
      min_frequency: int, words that are used less often are unknown: 0.
      vocabulary: CategoricalVocabulary, made where left out.
      tokenizer_fn: function(texts) that yields lists of words.

    As in TF: tf.contrib.learn.preprocessing.VocabularyProcessor.
    """

    def __init__(self, max_document_length, min_frequency=0, vocabulary=None, tokenizer_fn=None):
        self.max_document_length, self.min_frequency = max_document_length, min_frequency
        self.vocabulary_ = vocabulary or CategoricalVocabulary()
        self._tokenizer = tokenizer_fn or tokenizer

    def fit(self, raw_documents, unused_y=None):
        """Learns the words of texts. Returns itself."""
        for words in self._tokenizer(raw_documents):
            for word in words:
                self.vocabulary_.add(word)
        if self.min_frequency > 0:
            self.vocabulary_.trim(self.min_frequency)
        self.vocabulary_.freeze()
        return self

    def fit_transform(self, raw_documents, unused_y=None):
        """fit, then transform of the same texts."""
        self.fit(raw_documents)
        return self.transform(raw_documents)

    def transform(self, raw_documents):
        """Yields for each text an int64 array of shape (max_document_length,)."""
        for words in self._tokenizer(raw_documents):
            row = np.zeros(self.max_document_length, np.int64)
            for i, word in enumerate(words[:self.max_document_length]):
                row[i] = self.vocabulary_.get(word)
            yield row

    def reverse(self, documents):
        """Yields the text of each row of numbers."""
        for row in documents:
            yield " ".join(self.vocabulary_.reverse(number) for number in row)

    def save(self, filename):
        """Writes the processor to a file, for restore."""
        import pickle

        from pellucid.interchange.bundle import write_file
        write_file(filename, pickle.dumps(self))

    @classmethod
    def restore(cls, filename):
        """The processor that save wrote. A file from elsewhere may run code when it is read."""
        import pickle
        with open(filename, "rb") as file:
            return pickle.load(file)


def __getattr__(name):
    """The public names: this file bears the name of its face, api/contrib/learn.py."""
    from pellucid.names.old import from_face
    return from_face("pellucid.api.contrib.learn", name)
