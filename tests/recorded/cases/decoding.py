"""contrib.seq2seq: decoders, helpers, attention, beam search: names, shapes, values, gradients."""

import numpy as np

from ..harness import case, numbers, refused, variables
from .recurrent import _filled, _flat


def _shapes(structure):
    return [str(x.shape) for x in _flat(structure)]


def _decoder(tf, cell, helper, layer=True):
    state = cell.zero_state(3, tf.float32)
    output = tf.layers.Dense(6, name="scores") if layer else None
    return tf.contrib.seq2seq.BasicDecoder(cell, helper, state, output)


@case
def reading_given_sequences(tf, run):
    s2s, answers = tf.contrib.seq2seq, []
    x = tf.placeholder(tf.float32, [3, None, 4])
    lengths = tf.placeholder(tf.int32, [3])
    with tf.variable_scope("all", initializer=_filled(tf)):
        for i, (layer, options) in enumerate([
                (True, {}), (False, {}), (True, {"impute_finished": True}),
                (True, {"output_time_major": True, "maximum_iterations": 2}),
                (True, {"impute_finished": True, "maximum_iterations": tf.constant(4)})]):
            with tf.variable_scope("case_" + str(i)):
                cell = tf.nn.rnn_cell.BasicLSTMCell(5)
                found = s2s.dynamic_decode(
                    _decoder(tf, cell, s2s.TrainingHelper(x, lengths), layer), **options)
            loss = tf.reduce_sum(tf.square(found[0].rnn_output))
            mine = [v for v in tf.trainable_variables() if f"case_{i}/" in v.name]
            answers.append([_flat(found), tf.gradients(loss, [*mine, x])])
            assert _shapes(found)
    feed = {x: numbers(3, 5, 4), lengths: [5, 2, 3]}
    return [run(answers, feed), variables(tf), [_shapes(a[0]) for a in answers]]


@case
def time_first_and_lengths_of_zero(tf, run):
    s2s = tf.contrib.seq2seq
    x = tf.placeholder(tf.float32, [4, 3, 2])
    lengths = tf.placeholder(tf.int32, [3])
    with tf.variable_scope("all", initializer=_filled(tf)):
        found = s2s.dynamic_decode(_decoder(
            tf, tf.nn.rnn_cell.GRUCell(5), s2s.TrainingHelper(x, lengths, time_major=True)),
            swap_memory=True, scope="mine")
    return [run(_flat(found), {x: numbers(4, 3, 2), lengths: some})
            for some in ([4, 1, 0], [1, 1, 1])] + [_shapes(found)]


@case
def own_best_symbols(tf, run):
    s2s, answers = tf.contrib.seq2seq, []
    start = tf.placeholder(tf.int32, [None])
    with tf.variable_scope("all", initializer=_filled(tf)):
        table = tf.get_variable("table", [6, 4])
        for i, embedding in enumerate([table, lambda ids: tf.one_hot(ids, 4)]):
            with tf.variable_scope("case_" + str(i)):
                helper = s2s.GreedyEmbeddingHelper(embedding, start, 2)
                cell = tf.nn.rnn_cell.GRUCell(5)
                decoder = s2s.BasicDecoder(
                    cell, helper, cell.zero_state(tf.size(start), tf.float32),
                    tf.layers.Dense(6, use_bias=False))
                answers.append(s2s.dynamic_decode(decoder, maximum_iterations=7))
    return [run([_flat(a) for a in answers], {start: [0, 1, 3, 5]}), variables(tf),
            [_shapes(a) for a in answers]]


@case
def drawn_symbols(tf, run):
    s2s, answers = tf.contrib.seq2seq, []
    tf.set_random_seed(5)
    with tf.variable_scope("all", initializer=_filled(tf)):
        table = tf.get_variable("table", [6, 4])
        for i, temperature in enumerate([None, 0.5, 3.0]):
            with tf.variable_scope("case_" + str(i)):
                helper = s2s.SampleEmbeddingHelper(table, [0, 1, 3], 2, temperature, seed=7 + i)
                answers.append(s2s.dynamic_decode(
                    _decoder(tf, tf.nn.rnn_cell.GRUCell(5), helper), maximum_iterations=8))
    return [run([_flat(a) for a in answers]), run([_flat(a) for a in answers])]


@case
def scheduled_sampling(tf, run):
    s2s, answers = tf.contrib.seq2seq, []
    tf.set_random_seed(5)
    x = tf.constant(numbers(3, 4, 6))
    aux = tf.constant(numbers(3, 4, 2, seed=4))
    with tf.variable_scope("all", initializer=_filled(tf)):
        table = tf.get_variable("table", [6, 6])
        helpers = [
            s2s.ScheduledEmbeddingTrainingHelper(x, [4, 2, 3], table, 0.5, seed=3,
                                                 scheduling_seed=9),
            s2s.ScheduledEmbeddingTrainingHelper(x, [4, 2, 3], table, 0.0, seed=3),
            s2s.ScheduledOutputTrainingHelper(x, [4, 2, 3], 0.5, seed=3),
            s2s.ScheduledOutputTrainingHelper(x, [4, 2, 3], 0.5, seed=3,
                                              next_inputs_fn=lambda y: 2.0 * y),
            s2s.ScheduledOutputTrainingHelper(x, [4, 2, 3], 0.5, seed=3, auxiliary_inputs=aux),
            s2s.ScheduledOutputTrainingHelper(x, [4, 2, 3], 1.0, seed=3, auxiliary_inputs=aux,
                                              next_inputs_fn=lambda y: 2.0 * y)]
        for i, helper in enumerate(helpers):
            with tf.variable_scope("case_" + str(i)):
                # One after the other: TensorFlow draws for several steps at once, in any order.
                found = s2s.dynamic_decode(_decoder(tf, tf.nn.rnn_cell.GRUCell(5), helper),
                                           parallel_iterations=1)
            loss = tf.reduce_sum(tf.square(found[0].rnn_output))
            mine = [v for v in tf.trainable_variables() if f"case_{i}/" in v.name]
            answers.append([_flat(found), tf.gradients(loss, mine)])
    return [run(answers), [_shapes(a[0][0]) for a in answers]]


@case
def helpers_of_functions(tf, run):
    s2s = tf.contrib.seq2seq
    start = tf.constant(numbers(3, 6))
    custom = s2s.CustomHelper(
        lambda: (tf.tile([False], [3]), start),
        lambda time, outputs, state: tf.cast(tf.argmax(outputs, -1), tf.int32),
        lambda time, outputs, state, sample_ids: (
            tf.tile([time >= 3], [3]), tf.one_hot(sample_ids, 6), state))
    inference = s2s.InferenceHelper(
        tf.tanh, [6], tf.float32, start, lambda samples: samples[:, 0] > 0.1)
    changed = s2s.InferenceHelper(
        lambda outputs: outputs > 0, [6], tf.bool, start,
        lambda samples: tf.reduce_all(samples, 1), lambda samples: tf.to_float(samples))
    with tf.variable_scope("all", initializer=_filled(tf)):
        answers = [s2s.dynamic_decode(
            _decoder(tf, tf.nn.rnn_cell.GRUCell(5), helper), maximum_iterations=5,
            scope="case_" + str(i)) for i, helper in enumerate([custom, inference, changed])]
    return [run([_flat(a) for a in answers]), [_shapes(a) for a in answers], variables(tf)]


def _mechanisms(tf, memory, lengths):
    s2s = tf.contrib.seq2seq
    return [
        lambda: s2s.BahdanauAttention(3, memory, lengths),
        lambda: s2s.BahdanauAttention(5, memory, normalize=True),
        lambda: s2s.LuongAttention(5, memory, lengths),
        lambda: s2s.LuongAttention(5, memory, lengths, scale=True, score_mask_value=-9.0),
        lambda: s2s.LuongAttention(5, memory, probability_fn=tf.contrib.seq2seq.hardmax),
        lambda: s2s.BahdanauAttention(5, memory, lengths, custom_key_value_fn=lambda k, v: (
            k * 0.5, tf.concat([v, k], -1))),
        lambda: [s2s.BahdanauAttention(3, memory, lengths), s2s.BahdanauAttention(4, memory)],
    ]


@case
def attention_mechanisms(tf, run):
    s2s, answers = tf.contrib.seq2seq, []
    x = tf.constant(numbers(3, 4, 6))
    memory = tf.placeholder(tf.float32, [3, None, 2])
    lengths = tf.placeholder(tf.int32, [3])
    with tf.variable_scope("all", initializer=_filled(tf)):
        for i, make in enumerate(_mechanisms(tf, memory, lengths)):
            with tf.variable_scope("case_" + str(i)):
                mechanism = make()
                size = [4, 2] if isinstance(mechanism, list) else 4
                cell = s2s.AttentionWrapper(
                    tf.nn.rnn_cell.BasicLSTMCell(5), mechanism, size if i % 2 == 0 else None)
                found = s2s.dynamic_decode(_decoder(
                    tf, cell, s2s.TrainingHelper(x, [4, 2, 3])), impute_finished=i % 3 == 0)
            loss = tf.reduce_sum(tf.square(found[0].rnn_output))
            mine = [v for v in tf.trainable_variables() if f"case_{i}/" in v.name]
            gradients = [g for g in tf.gradients(loss, [*mine, memory]) if g is not None]
            answers.append([_flat(found), gradients])
    feed = {memory: numbers(3, 5, 2, seed=2), lengths: [5, 1, 3]}
    return [run(answers, feed), variables(tf), [_shapes(a[0]) for a in answers]]


@case
def attention_wrappers(tf, run):
    s2s, answers = tf.contrib.seq2seq, []
    x = tf.constant(numbers(3, 4, 6))
    memory = tf.constant(numbers(3, 5, 2, seed=2))
    gru = tf.nn.rnn_cell.GRUCell
    given = tf.constant(numbers(3, 5, seed=8))
    options = [
        {"output_attention": False},
        {"cell_input_fn": lambda inputs, attention: inputs + 1.0},
        {"initial_cell_state": given},
        {"alignment_history": True, "attention_layer_size": 3},
        {"attention_layer": tf.layers.Dense(3, activation=tf.tanh, name="mine")},
        {"attention_fn": lambda mechanism, output, state, layer: (
            tf.zeros([3, 2]) + output[:, :2], tf.nn.softmax(state + 1.0), state + 1.0)},
    ]
    with tf.variable_scope("all", initializer=_filled(tf)):
        for i, more in enumerate(options):
            with tf.variable_scope("case_" + str(i)):
                cell = s2s.AttentionWrapper(gru(5), s2s.BahdanauAttention(3, memory), **more)
                outputs, state, lengths = s2s.dynamic_decode(
                    _decoder(tf, cell, s2s.TrainingHelper(x, [4, 2, 3])))
            history = state.alignment_history
            if i == 3:
                state = state._replace(alignment_history=history.stack())
            answers.append(_flat((outputs, state, lengths)))
        twice = [s2s.LuongAttention(5, memory), s2s.BahdanauAttention(3, memory)]
        cell = s2s.AttentionWrapper(gru(5), twice, alignment_history=True)
        state = cell.zero_state(3, tf.float32).clone(cell_state=given)
        output, state = cell(x[:, 0], state)
        output, state = cell(x[:, 1], state)
        answers.append([output, state.attention, list(state.alignments), state.time,
                        [h.stack() for h in state.alignment_history]])
        stacked = tf.nn.rnn_cell.MultiRNNCell([
            s2s.AttentionWrapper(gru(5), s2s.LuongAttention(5, memory), 4), gru(4)])
        answers.append(_flat(tf.nn.dynamic_rnn(stacked, x, [4, 2, 3], dtype=tf.float32)))
    return [run(answers), variables(tf), cell.output_size, str(cell.state_size.alignments)]


@case
def attention_over_time(tf, run):
    s2s = tf.contrib.seq2seq
    x, memory = tf.constant(numbers(3, 4, 6)), tf.constant(numbers(3, 5, 2, seed=2))
    with tf.variable_scope("all", initializer=_filled(tf)):
        cell = s2s.AttentionWrapper(tf.nn.rnn_cell.GRUCell(5), s2s.BahdanauAttention(3, memory),
                                    alignment_history=True)
        state = cell.zero_state(3, tf.float32)
        refusal = refused(lambda: tf.nn.dynamic_rnn(cell, x, initial_state=state))
        outputs, state = tf.nn.dynamic_rnn(cell, x, [4, 2, 3], state, tf.float32)
    loss = tf.reduce_sum(outputs) + tf.reduce_sum(tf.square(state.attention))
    return [refusal, run([outputs, state.cell_state, state.time, state.alignment_history.stack()]),
            run(tf.gradients(loss, tf.trainable_variables()))]


def _beams(tf, batch, width, attention, known, **options):
    """The outputs of a beam search, with attention where asked for."""
    s2s = tf.contrib.seq2seq
    start = tf.constant([0] * batch) if known else tf.placeholder_with_default(
        np.zeros(batch, np.int32), [None])
    memory = tf.constant(numbers(batch, 5, 2, seed=2))
    cell = tf.nn.rnn_cell.BasicLSTMCell(5)
    first = tf.contrib.rnn.LSTMStateTuple(
        tf.constant(numbers(batch, 5, seed=3)), tf.constant(numbers(batch, 5, seed=4)))
    state = s2s.tile_batch(first, width)
    if attention:
        history = attention == "history"
        mechanism = s2s.LuongAttention(
            5, s2s.tile_batch(memory, width), s2s.tile_batch(tf.constant([5, 2, 3]), width))
        cell = s2s.AttentionWrapper(cell, mechanism, 4, alignment_history=history)
        size = batch * width if known else tf.size(start) * width
        state = cell.zero_state(size, tf.float32).clone(cell_state=state)
    table = tf.get_variable("table", [7, 4])
    decoder = s2s.BeamSearchDecoder(
        cell, table, start, 2, state, width,
        output_layer=tf.layers.Dense(7, use_bias=False), **options)
    return s2s.dynamic_decode(decoder, maximum_iterations=6)


@case
def beam_search(tf, run):
    answers = []
    with tf.variable_scope("all", initializer=_filled(tf)):
        for i, (width, attention, known, options) in enumerate([
                (1, False, True, {}), (3, False, False, {}),
                (3, False, True, {"length_penalty_weight": 0.8}),
                (4, True, True, {}),
                (2, True, False, {"coverage_penalty_weight": 0.4}),
                (3, True, True, {"coverage_penalty_weight": 0.2, "length_penalty_weight": 1.0})]):
            with tf.variable_scope("case_" + str(i)):
                outputs, state, lengths = _beams(tf, 3, width, attention, known, **options)
            answers.append(_flat([outputs, state.log_probs, state.lengths, state.finished,
                                  state.accumulated_attention_probs, lengths]))
    return [run(answers), variables(tf), [_shapes(a) for a in answers]]


@case
def beam_search_keeps_alignments(tf, run):
    answers = []
    with tf.variable_scope("all", initializer=_filled(tf)):
        for i, (known, options) in enumerate([
                (False, {}), (True, {}), (False, {"reorder_tensor_arrays": False})]):
            with tf.variable_scope("case_" + str(i)):
                outputs, state, _ = _beams(tf, 3, 2, "history", known, **options)
            history = state.cell_state.alignment_history
            is_array = isinstance(history, tf.TensorArray)
            answers.append([outputs.predicted_ids, history.stack() if is_array else history])
    return run(answers)


@case
def paths(tf, run):
    s2s = tf.contrib.seq2seq
    ids = np.array([[[1, 2, 3]], [[4, 5, 6]], [[7, 8, 9]]], np.int32)
    parents = np.array([[[0, 0, 0]], [[0, 1, 1]], [[2, 1, 2]]], np.int32)
    hot = tf.constant(numbers(3, 4))
    tiled = s2s.tile_batch((tf.constant(numbers(2, 3)), tf.constant([4, 5])), 2)
    return [run([s2s.gather_tree(ids, parents, [length], end)
                 for length in (0, 1, 2, 3, 5) for end in (10, 5)]),
            run([tiled, s2s.hardmax(hot)])]


@case
def what_is_refused(tf, run):
    s2s, rnn = tf.contrib.seq2seq, tf.nn.rnn_cell
    x, cell = tf.constant(numbers(3, 4, 6)), rnn.GRUCell(5)
    state = cell.zero_state(3, tf.float32)
    helper = s2s.TrainingHelper(x, [4, 2, 3])
    memory = tf.constant(numbers(3, 5, 2, seed=2))
    mechanism = s2s.LuongAttention(4, memory)
    return [
        refused(lambda: s2s.TrainingHelper(x, 3)),
        refused(lambda: s2s.GreedyEmbeddingHelper(x, 3, 1)),
        refused(lambda: s2s.GreedyEmbeddingHelper(x, [3], [1])),
        refused(lambda: s2s.BasicDecoder("cell", helper, state)),
        refused(lambda: s2s.BasicDecoder(cell, "helper", state)),
        refused(lambda: s2s.BasicDecoder(cell, helper, state, lambda y: y)),
        refused(lambda: s2s.dynamic_decode("decoder")),
        refused(lambda: s2s.dynamic_decode(s2s.BasicDecoder(cell, helper, state),
                                           maximum_iterations=[3])),
        refused(lambda: s2s.LuongAttention(4, tf.placeholder(tf.float32, [3, 5, None]))),
        refused(lambda: s2s.LuongAttention(4, memory, probability_fn="softmax")),
        refused(lambda: s2s.AttentionWrapper(cell, "mechanism")),
        refused(lambda: s2s.AttentionWrapper(cell, mechanism, [3, 3])),
        refused(lambda: s2s.AttentionWrapper(cell, mechanism, cell_input_fn=3)),
        refused(lambda: s2s.AttentionWrapper(
            cell, mechanism, 3, attention_layer=tf.layers.Dense(3))),
        refused(lambda: s2s.AttentionWrapper(cell, mechanism).zero_state(4, tf.float32)),
        refused(lambda: s2s.AttentionWrapper(cell, mechanism)(x[:, 0], state)),
        refused(lambda: s2s.AttentionWrapper(cell, mechanism)(
            x[:, 0], s2s.AttentionWrapper(cell, mechanism).zero_state(3, tf.float32))),
        refused(lambda: s2s.BeamSearchDecoder(cell, memory, [0, 0, 0], 1, state, 2)),
        refused(lambda: s2s.BeamSearchDecoder(cell, memory, 0, 1, state, 2)),
        refused(lambda: s2s.tile_batch(tf.constant(1), 2)),
        refused(lambda: s2s.AttentionWrapper(
            cell, s2s.LuongAttention(4, memory, [3, 0, 1]))(x[:, 0], s2s.AttentionWrapper(
                cell, mechanism).zero_state(3, tf.float32))),
    ]
