"""Models over lists of steps: an encoder and a decoder, and models in buckets of lengths.

As in TF: tf.contrib.legacy_seq2seq. Read next: legacy_losses.py.
"""

import copy

from pellucid.core import dtypes
from pellucid.ops import nest
from pellucid.ops.arguments import name_scope
from pellucid.ops.arrays.joining import concat
from pellucid.ops.arrays.shaping import reshape
from pellucid.ops.control.cond import cond
from pellucid.ops.state.variable_scope import get_variable_scope, variable_scope
from pellucid.recurrent.static import static_rnn
from pellucid.recurrent.wrappers import EmbeddingWrapper, OutputProjectionWrapper
from pellucid.seq2seq.legacy_decoders import (
    embedding_attention_decoder,
    embedding_rnn_decoder,
    rnn_decoder,
)
from pellucid.seq2seq.legacy_losses import sequence_loss, sequence_loss_by_example


def basic_rnn_seq2seq(encoder_inputs, decoder_inputs, cell, dtype=dtypes.float32, scope=None):
    """An encoder whose last state is the decoder's first; both are copies of the cell.

    Args:
      encoder_inputs, decoder_inputs: lists of Tensor, shape (batch, features).
      cell: RNNCell.
      dtype: DType of the first state.
      scope: VariableScope or str, "basic_rnn_seq2seq" by default.

    Returns:
      (list of the decoder's outputs, its last state).

    As in TF: tf.contrib.legacy_seq2seq.basic_rnn_seq2seq.
    """
    with variable_scope(scope or "basic_rnn_seq2seq"):
        _, state = static_rnn(copy.deepcopy(cell), encoder_inputs, dtype=dtype)
        return rnn_decoder(decoder_inputs, state, cell)


def tied_rnn_seq2seq(encoder_inputs, decoder_inputs, cell, loop_function=None,
                     dtype=dtypes.float32, scope=None):
    """basic_rnn_seq2seq in which encoder and decoder share their variables.

    As in TF: tf.contrib.legacy_seq2seq.tied_rnn_seq2seq.
    """
    with variable_scope("combined_tied_rnn_seq2seq"):
        scope = scope or "tied_rnn_seq2seq"
        _, state = static_rnn(cell, encoder_inputs, dtype=dtype, scope=scope)
        get_variable_scope().reuse_variables()
        return rnn_decoder(decoder_inputs, state, cell, loop_function, scope)


def embedding_rnn_seq2seq(encoder_inputs, decoder_inputs, cell, num_encoder_symbols,
                          num_decoder_symbols, embedding_size, output_projection=None,
                          feed_previous=False, dtype=None, scope=None):
    """basic_rnn_seq2seq from symbols to scores of symbols.

    Args:
      encoder_inputs, decoder_inputs: lists of int32 Tensor, shape (batch,).
      cell: RNNCell.
      num_encoder_symbols, num_decoder_symbols: int.
      embedding_size: int.
      output_projection: (weights, biases) that make scores of the outputs, which then are the
        cell's; None to have them made by the model.
      feed_previous: bool or scalar bool Tensor, feed the decoder its own best symbols.
      dtype: DType of the first state.
      scope: VariableScope or str, "embedding_rnn_seq2seq" by default.

    As in TF: tf.contrib.legacy_seq2seq.embedding_rnn_seq2seq.
    """
    with variable_scope(scope or "embedding_rnn_seq2seq") as scope:
        dtype = _dtype_in(scope, dtype)
        encoder = EmbeddingWrapper(copy.deepcopy(cell), num_encoder_symbols, embedding_size)
        _, state = static_rnn(encoder, encoder_inputs, dtype=dtype)
        if output_projection is None:
            cell = OutputProjectionWrapper(cell, num_decoder_symbols)

        def decoder(feed_previous, update=True):
            return embedding_rnn_decoder(
                decoder_inputs, state, cell, num_decoder_symbols, embedding_size,
                output_projection, feed_previous, update)

        return _either(decoder, feed_previous, len(decoder_inputs), state)


def embedding_attention_seq2seq(encoder_inputs, decoder_inputs, cell, num_encoder_symbols,
                                num_decoder_symbols, embedding_size, num_heads=1,
                                output_projection=None, feed_previous=False, dtype=None,
                                scope=None, initial_state_attention=False):
    """embedding_rnn_seq2seq whose decoder looks at all of the encoder's outputs.

    Args: those of embedding_rnn_seq2seq and of attention_decoder.

    As in TF: tf.contrib.legacy_seq2seq.embedding_attention_seq2seq (Bahdanau et al. 2014).
    """
    with variable_scope(scope or "embedding_attention_seq2seq", dtype=dtype) as scope:
        encoder = EmbeddingWrapper(copy.deepcopy(cell), num_encoder_symbols, embedding_size)
        outputs, state = static_rnn(encoder, encoder_inputs, dtype=scope.dtype)
        read = concat([reshape(e, [-1, 1, cell.output_size]) for e in outputs], 1)
        output_size = None
        if output_projection is None:
            cell = OutputProjectionWrapper(cell, num_decoder_symbols)
            output_size = num_decoder_symbols

        def decoder(feed_previous, update=True):
            return embedding_attention_decoder(
                decoder_inputs, state, read, cell, num_decoder_symbols, embedding_size,
                num_heads, output_size, output_projection, feed_previous, update,
                initial_state_attention=initial_state_attention)

        return _either(decoder, feed_previous, len(decoder_inputs), state)


def _dtype_in(scope, dtype):
    if dtype is not None:
        scope.set_dtype(dtype)
    return scope.dtype


def _either(decoder, feed_previous, steps, state):
    """The decoder that feeds itself or the one that is fed; by a Tensor, whichever it says."""
    if isinstance(feed_previous, bool):
        return decoder(feed_previous)

    def branch(feeds_itself):
        with variable_scope(get_variable_scope(), reuse=None if feeds_itself else True):
            outputs, last = decoder(feeds_itself, False)
            return outputs + nest.flatten(last)

    found = cond(feed_previous, lambda: branch(True), lambda: branch(False))
    return found[:steps], nest.pack_sequence_as(state, found[steps:])


def model_with_buckets(encoder_inputs, decoder_inputs, targets, weights, buckets, seq2seq,
                       softmax_loss_function=None, per_example_loss=False, name=None):
    """One model for several lengths: for each bucket the steps that it has, variables shared.

    Args:
      encoder_inputs, decoder_inputs, targets, weights: lists of Tensor, as long as the longest
        bucket needs.
      buckets: list of (length of the encoder's inputs, of the decoder's).
      seq2seq: function(encoder inputs, decoder inputs) -> (outputs, state).
      softmax_loss_function: as in sequence_loss.
      per_example_loss: bool, losses of shape (batch,) rather than scalars.

    Returns:
      (outputs, losses): for each bucket the list of outputs, and the loss.

    As in TF: tf.contrib.legacy_seq2seq.model_with_buckets.
    """
    for what, steps, longest in (
            ("encoder_inputs", encoder_inputs, buckets[-1][0]),
            ("targets", targets, buckets[-1][1]), ("weights", weights, buckets[-1][1])):
        if len(steps) < longest:
            raise ValueError(f"Length of {what} ({len(steps)}) must be at least that of last "
                             f"bucket ({longest}).")
    loss = sequence_loss_by_example if per_example_loss else sequence_loss
    losses, outputs = [], []
    with name_scope(name, "model_with_buckets",
                    [*encoder_inputs, *decoder_inputs, *targets, *weights]):
        for j, (encoded, decoded) in enumerate(buckets):
            with variable_scope(get_variable_scope(), reuse=True if j else None):
                found, _ = seq2seq(encoder_inputs[:encoded], decoder_inputs[:decoded])
                outputs.append(found)
                losses.append(loss(found, targets[:decoded], weights[:decoded],
                                   softmax_loss_function=softmax_loss_function))
    return outputs, losses
