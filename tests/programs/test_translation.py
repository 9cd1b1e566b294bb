"""A translation model with attention: it learns to say a sequence backwards."""

import numpy as np

import pellucid as tf

SYMBOLS, LENGTH, END, UNITS, BATCH = 6, 3, 1, 16, 32      # 0 is the first symbol, 1 the last


def sentences(random, count):
    """(sources, their lengths, targets): each target the source backwards, then END."""
    sources, targets = np.zeros((2, count, LENGTH + 1), np.int32)
    lengths = random.randint(2, LENGTH + 1, count)
    for source, target, length in zip(sources, targets, lengths, strict=True):
        source[:length] = random.randint(2, SYMBOLS, length)
        target[:length + 1] = [*source[length - 1::-1], END]
    return sources, lengths, targets


class Translator:
    """Training, greedy decoding and a beam search, with one set of variables."""

    def __init__(self):
        self.source = tf.placeholder(tf.int32, [None, LENGTH + 1])
        self.lengths = tf.placeholder(tf.int32, [None])
        self.target = tf.placeholder(tf.int32, [None, LENGTH + 1])
        self.table = tf.get_variable("embedding", [SYMBOLS, 12])
        read = tf.nn.embedding_lookup(self.table, self.source)
        self.memory, self.last = tf.nn.dynamic_rnn(
            tf.nn.rnn_cell.GRUCell(UNITS), read, self.lengths, dtype=tf.float32)
        self.start = tf.zeros_like(self.lengths)
        self.scores = tf.layers.Dense(SYMBOLS, use_bias=False, name="scores")
        self.loss, self.train = self.trained()
        self.greedy, self.best = self.decoded(), self.searched(3)

    def cell(self, width=1):
        """(attentive cell, first state), for so many beams."""
        s2s = tf.contrib.seq2seq
        memory, last, lengths = [s2s.tile_batch(x, width)
                                 for x in (self.memory, self.last, self.lengths)]
        mechanism = s2s.BahdanauAttention(UNITS, memory, lengths)
        cell = s2s.AttentionWrapper(tf.nn.rnn_cell.GRUCell(UNITS), mechanism, UNITS)
        state = cell.zero_state(tf.size(lengths), tf.float32)
        return cell, state.clone(cell_state=last)

    def decode(self, decoder, **options):
        return tf.contrib.seq2seq.dynamic_decode(decoder, scope="decoder", **options)[0]

    def trained(self):
        s2s = tf.contrib.seq2seq
        steps = self.lengths + 1
        begun = tf.concat([self.start[:, None], self.target[:, :-1]], 1)
        helper = s2s.TrainingHelper(tf.nn.embedding_lookup(self.table, begun), steps)
        with tf.variable_scope("model"):
            cell, state = self.cell()
            outputs = self.decode(s2s.BasicDecoder(cell, helper, state, self.scores),
                                  impute_finished=True)
        longest = tf.reduce_max(steps)
        loss = s2s.sequence_loss(outputs.rnn_output, self.target[:, :longest],
                                 tf.sequence_mask(steps, longest, tf.float32))
        optimizer = tf.train.AdamOptimizer(0.03)
        gradients, variables = zip(*optimizer.compute_gradients(loss), strict=True)
        gradients, _ = tf.clip_by_global_norm(gradients, 5.0)
        return loss, optimizer.apply_gradients(zip(gradients, variables, strict=True))

    def decoded(self):
        s2s = tf.contrib.seq2seq
        with tf.variable_scope("model", reuse=True):
            cell, state = self.cell()
            helper = s2s.GreedyEmbeddingHelper(self.table, self.start, END)
            return self.decode(s2s.BasicDecoder(cell, helper, state, self.scores),
                               maximum_iterations=LENGTH + 1).sample_id

    def searched(self, width):
        s2s = tf.contrib.seq2seq
        with tf.variable_scope("model", reuse=True):
            cell, state = self.cell(width)
            decoder = s2s.BeamSearchDecoder(cell, self.table, self.start, END, state, width,
                                            self.scores, length_penalty_weight=0.5)
            return self.decode(decoder, maximum_iterations=LENGTH + 1).predicted_ids


def test_it_learns_to_turn_sequences_around():
    tf.set_random_seed(1)
    random, model = np.random.RandomState(0), Translator()
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())

        def feed(count):
            return dict(zip((model.source, model.lengths, model.target),
                            sentences(random, count), strict=True))

        first = session.run(model.loss, feed(BATCH))
        for _ in range(120):
            session.run(model.train, feed(BATCH))
        unseen = feed(60)
        loss, greedy, best = session.run([model.loss, model.greedy, model.best], unseen)
        wanted, lengths = unseen[model.target], unseen[model.lengths]
    assert first > 1.2 and loss < 0.3, (first, loss)
    for answers in (greedy, best[:, :, 0]):
        right = [np.array_equal(answer[:length + 1], target[:length + 1])
                 for answer, target, length in zip(answers, wanted, lengths, strict=True)]
        assert np.mean(right) > 0.9
    names = {v.name for v in tf.trainable_variables()}
    assert "model/decoder/attention_wrapper/bahdanau_attention/query_layer/kernel:0" in names
    assert len(names) == 14, sorted(names)
