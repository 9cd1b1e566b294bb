"""Words get vectors from the company they keep: word2vec on sentences of a small language.

    python -m examples.word2vec

Skip-gram (Mikolov et al. 2013): from a word, say its neighbours. To compare with all words would be
slow in a large vocabulary, so each step compares with a few words drawn at random
(tf.nn.nce_loss; Gutmann & Hyvarinen 2010). Nobody says what an animal is; words that can replace
each other come to lie side by side.
"""

import numpy as np

import pellucid as tf
from examples.learning import Learned, flags, watched

GOAL = "the nearest neighbour of at least 90 % of the words is of the same kind"
KINDS = {
    "animal": "cat dog horse mouse cow bird",
    "person": "miller girl king baker child",
    "food": "bread corn cheese apple soup",
    "place": "mill town river forest castle",
    "colour": "red green white black yellow",
    "eats": "eats tastes wants finds",
    "goes": "runs walks goes hurries",
}
PATTERNS = [
    "the colour animal eats the food", "the person eats the colour food",
    "the animal goes to the place", "the colour animal goes from the place to the person",
    "a person goes from the place to the place", "a person and the animal eats food in the place",
]
WINDOW = 2


def sentences(random, count):
    """Sentences, each a list of words: a pattern whose kinds are replaced by words of the kind."""
    words = {kind: list_of.split() for kind, list_of in KINDS.items()}
    for _ in range(count):
        pattern = PATTERNS[random.randint(len(PATTERNS))].split()
        yield [words[w][random.randint(len(words[w]))] if w in words else w for w in pattern]


def pairs(random, count):
    """(vocabulary, words, neighbours): arrays of the numbers of words that stand close together."""
    text = list(sentences(random, count))
    vocabulary = sorted({word for sentence in text for word in sentence})
    number = {word: i for i, word in enumerate(vocabulary)}
    found = [(number[word], number[sentence[j]])
             for sentence in text for i, word in enumerate(sentence)
             for j in range(max(0, i - WINDOW), min(len(sentence), i + WINDOW + 1)) if j != i]
    words, neighbours = np.array(found, np.int32).T
    return vocabulary, words, neighbours


def model(words, neighbours, size, dimensions=16, drawn=8):
    """(loss, vectors of unit length) for words (n,) and their neighbours (n, 1)."""
    vectors = tf.get_variable("vectors", [size, dimensions],
                              initializer=tf.random_uniform_initializer(-0.5, 0.5))
    weights = tf.get_variable("weights", [size, dimensions],
                              initializer=tf.truncated_normal_initializer(stddev=0.25))
    biases = tf.get_variable("biases", [size], initializer=tf.zeros_initializer())
    loss = tf.reduce_mean(tf.nn.nce_loss(
        weights=weights, biases=biases, labels=neighbours,
        inputs=tf.nn.embedding_lookup(vectors, words), num_sampled=drawn, num_classes=size))
    return loss, tf.nn.l2_normalize(vectors, axis=1)


def train(steps=4000, batch=128, seed=0):
    """A Learned; its score is the part of words whose nearest neighbour is of their kind."""
    random = np.random.RandomState(seed)
    vocabulary, words, neighbours = pairs(random, 2000)
    with tf.Graph().as_default():
        tf.set_random_seed(seed)
        word = tf.placeholder(tf.int32, [None], name="word")
        neighbour = tf.placeholder(tf.int32, [None, 1], name="neighbour")
        loss, vectors = model(word, neighbour, len(vocabulary))
        likeness = tf.matmul(vectors, vectors, transpose_b=True)
        nearest = tf.nn.top_k(likeness, k=2).indices[:, 1]     # the first is the word itself
        step = tf.train.AdagradOptimizer(0.5).minimize(loss)

        losses = []
        with tf.Session() as session:
            session.run(tf.global_variables_initializer())
            for _ in watched(steps, losses):
                rows = random.randint(len(words), size=batch)
                value, _ = session.run([loss, step], {
                    word: words[rows], neighbour: neighbours[rows, None]})
                losses.append(value)
            found = session.run(nearest)
    kind = {word: kind for kind, list_of in KINDS.items() for word in list_of.split()}
    pairs_found = [(word, vocabulary[near]) for word, near in zip(vocabulary, found)
                   if word in kind]
    right = np.mean([kind.get(near) == kind[word] for word, near in pairs_found])
    return Learned(losses, float(right), ", ".join(f"{a}: {b}" for a, b in pairs_found))


def main():
    """Trains and says how well; True if the goal is reached."""
    result = train(**flags(train, __doc__))
    print(f"Words and their nearest: {result.sample}\n"
          f"{result.score:.0%} of them are of the same kind")
    return result.score >= 0.9


if __name__ == "__main__":
    raise SystemExit(not main())
