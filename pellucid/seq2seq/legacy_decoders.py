"""Decoders over lists of steps: plain, with embedded symbols, with attention.

Each takes a list of inputs, one a step, and the state to begin with. A loop function replaces
the input of a step by something made of the step before: that is how a trained decoder talks by
itself. As in TF: tf.contrib.legacy_seq2seq. Read next: legacy_models.py.
"""

from pellucid.core import dtypes
from pellucid.core.operation import convert_to_tensor
from pellucid.nn.activations import xw_plus_b
from pellucid.nn.embedding import embedding_lookup
from pellucid.ops import nest
from pellucid.ops.arrays.creation import zeros
from pellucid.ops.arrays.joining import concat, stack
from pellucid.ops.arrays.shaping import reshape, shape
from pellucid.ops.control.passing import stop_gradient
from pellucid.ops.conv.convolution import conv2d
from pellucid.ops.math.casting import cast
from pellucid.ops.math.functions import tanh
from pellucid.ops.math.positions import argmax
from pellucid.ops.math.reductions import reduce_sum
from pellucid.ops.neural.softmax import softmax
from pellucid.ops.state.variable_scope import get_variable, get_variable_scope, variable_scope
from pellucid.recurrent.wrappers import linear


def rnn_decoder(decoder_inputs, initial_state, cell, loop_function=None, scope=None):
    """A cell over a list of inputs, from a given state.

    Args:
      decoder_inputs: list of Tensor, shape (batch, features).
      initial_state: the state to begin with.
      cell: RNNCell.
      loop_function: function(output of the step before, step) -> the step's input, from the
        second step on.
      scope: VariableScope or str, "rnn_decoder" by default.

    Returns:
      (list of outputs, the last state).

    As in TF: tf.contrib.legacy_seq2seq.rnn_decoder.
    """
    with variable_scope(scope or "rnn_decoder"):
        state, outputs, before = initial_state, [], None
        for i, x in enumerate(decoder_inputs):
            x = _looped(loop_function, before, i, x)
            if i:
                get_variable_scope().reuse_variables()
            output, state = cell(x, state)
            outputs.append(output)
            before = output if loop_function is not None else None
        return outputs, state


def _looped(loop_function, before, i, x):
    if loop_function is None or before is None:
        return x
    with variable_scope("loop_function", reuse=True):
        return loop_function(before, i)


def embedding_rnn_decoder(decoder_inputs, initial_state, cell, num_symbols, embedding_size,
                          output_projection=None, feed_previous=False,
                          update_embedding_for_previous=True, scope=None):
    """rnn_decoder whose inputs are symbols, looked up in a table.

    Args:
      decoder_inputs: list of int Tensor, shape (batch,).
      initial_state, cell: as in rnn_decoder.
      num_symbols, embedding_size: int, the table's shape.
      output_projection: (weights, biases) that make symbols' scores of an output, for
        feed_previous; None if the outputs are scores.
      feed_previous: bool, feed each step the best symbol of the step before; of the inputs only
        the first is used.
      update_embedding_for_previous: bool, whether the table learns from symbols fed so.
      scope: VariableScope or str, "embedding_rnn_decoder" by default.

    As in TF: tf.contrib.legacy_seq2seq.embedding_rnn_decoder.
    """
    with variable_scope(scope or "embedding_rnn_decoder"):
        _check_projection(output_projection, num_symbols)
        embedding = get_variable("embedding", [num_symbols, embedding_size])
        loop = _best_symbol(embedding, output_projection, update_embedding_for_previous)
        inputs = [embedding_lookup(embedding, x) for x in decoder_inputs]
        return rnn_decoder(inputs, initial_state, cell, loop if feed_previous else None)


def _check_projection(projection, num_symbols):
    if projection is not None:
        weights, biases = map(convert_to_tensor, projection)
        weights.shape.assert_is_compatible_with([None, num_symbols])
        biases.shape.assert_is_compatible_with([num_symbols])


def _best_symbol(embedding, projection, update):
    """A loop function: the embedding of the symbol with the highest score."""
    def loop(before, _):
        if projection is not None:
            before = xw_plus_b(before, *projection)
        found = embedding_lookup(embedding, argmax(before, 1))
        return found if update else stop_gradient(found)
    return loop


def attention_decoder(decoder_inputs, initial_state, attention_states, cell, output_size=None,
                      num_heads=1, loop_function=None, dtype=None, scope=None,
                      initial_state_attention=False):
    """A decoder that looks at what was read, at each step at another place.

    Bahdanau et al. 2014, as Vinyals et al. 2014 use it: from the state s, each thing read h_i
    gets the weight softmax_i(v tanh(W h_i + U s)); their weighted sum goes into the next step's
    input and into the output.

    Args:
      decoder_inputs: list of Tensor, shape (batch, features).
      initial_state: the state to begin with.
      attention_states: Tensor, shape (batch, length, size), what was read.
      cell: RNNCell.
      output_size: int, the cell's by default.
      num_heads: int, how many places it looks at.
      loop_function: as in rnn_decoder.
      dtype: DType of the variables.
      scope: VariableScope or str, "attention_decoder" by default.
      initial_state_attention: bool, look before the first step too, rather than begin with
        zeros: for going on from a state and what was read.

    Returns:
      (list of outputs, shape (batch, output_size); the last state).

    As in TF: tf.contrib.legacy_seq2seq.attention_decoder.
    """
    if not decoder_inputs:
        raise ValueError("Must provide at least 1 input to attention decoder.")
    if num_heads < 1:
        raise ValueError("With less than 1 heads, use a non-attention decoder.")
    if attention_states.spec.shape is None or attention_states.spec.shape[2] is None:
        raise ValueError(f"Shape[2] of attention_states must be known: {attention_states.shape}")
    output_size = cell.output_size if output_size is None else output_size
    with variable_scope(scope or "attention_decoder", dtype=dtype) as scope:
        attention = _Attention(attention_states, num_heads, scope.dtype)
        state, outputs, before = initial_state, [], None
        looks = attention.nothing(decoder_inputs[0])
        if initial_state_attention:
            looks = attention(initial_state)
        for i, x in enumerate(decoder_inputs):
            if i:
                get_variable_scope().reuse_variables()
            x = _looped(loop_function, before, i, x)
            if x.spec.shape is None or x.spec.shape[1] is None:
                raise ValueError(f"Could not infer input size from input: {x.name}")
            output, state = cell(linear(concat([x, *looks], 1), x.spec.shape[1]), state)
            again = True if i == 0 and initial_state_attention else None
            with variable_scope(get_variable_scope(), reuse=again):
                looks = attention(state)
            with variable_scope("AttnOutputProjection"):
                output = linear(concat([output, *looks], 1), output_size)
            before = output if loop_function is not None else None
            outputs.append(output)
        return outputs, state


class _Attention:
    """Where a state looks: for each head the weighted sum of what was read.

    The product of W and h_i is the same at each step, so it is computed once, as a convolution
    with a kernel of one pixel.
    """

    def __init__(self, states, heads, dtype):
        known = states.spec.shape
        self.length = shape(states)[1] if known[1] is None else known[1]
        self.size, self.dtype = known[2], dtype
        self.hidden = reshape(states, [-1, self.length, 1, self.size])
        self.features, self.v = [], []
        for head in range(heads):
            kernel = get_variable(f"AttnW_{head}", [1, 1, self.size, self.size], dtype=dtype)
            self.features.append(conv2d(self.hidden, kernel, [1, 1, 1, 1], "SAME"))
            self.v.append(get_variable(f"AttnV_{head}", [self.size], dtype=dtype))

    def nothing(self, x):
        """Zeros, for the step before the first."""
        found = [zeros(stack([shape(x)[0], self.size]), self.dtype) for _ in self.v]
        for look in found:
            look.set_shape([None, self.size])
        return found

    def __call__(self, state):
        query = concat(nest.flatten(state), 1) if nest.is_nested(state) else state
        return [self._look(head, query) for head in range(len(self.v))]

    def _look(self, head, query):
        with variable_scope(f"Attention_{head}"):
            y = reshape(linear(query, self.size), [-1, 1, 1, self.size])
            scores = reduce_sum(
                self.v[head] * tanh(self.features[head] + cast(y, self.dtype)), [2, 3])
            weights = cast(softmax(cast(scores, dtypes.float32)), self.dtype)
            look = reduce_sum(reshape(weights, [-1, self.length, 1, 1]) * self.hidden, [1, 2])
            return reshape(look, [-1, self.size])


def embedding_attention_decoder(decoder_inputs, initial_state, attention_states, cell,
                                num_symbols, embedding_size, num_heads=1, output_size=None,
                                output_projection=None, feed_previous=False,
                                update_embedding_for_previous=True, dtype=None, scope=None,
                                initial_state_attention=False):
    """attention_decoder whose inputs are symbols, looked up in a table.

    Args: those of attention_decoder and of embedding_rnn_decoder.

    As in TF: tf.contrib.legacy_seq2seq.embedding_attention_decoder.
    """
    if output_projection is not None:
        convert_to_tensor(output_projection[1]).shape.assert_is_compatible_with([num_symbols])
    with variable_scope(scope or "embedding_attention_decoder", dtype=dtype):
        embedding = get_variable("embedding", [num_symbols, embedding_size])
        loop = _best_symbol(embedding, output_projection, update_embedding_for_previous)
        inputs = [embedding_lookup(embedding, x) for x in decoder_inputs]
        return attention_decoder(
            inputs, initial_state, attention_states, cell, output_size, num_heads,
            loop if feed_previous else None, initial_state_attention=initial_state_attention)
