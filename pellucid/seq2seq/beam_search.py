"""BeamSearchDecoder: of all ways to go on, keep the best few.

    decoder = tf.contrib.seq2seq.BeamSearchDecoder(
        cell, embedding, start_tokens, end_token, tile_batch(state, 4), beam_width=4)
    outputs, _, _ = tf.contrib.seq2seq.dynamic_decode(decoder, maximum_iterations=50)
    best = outputs.predicted_ids[:, :, 0]
"""

import collections

import numpy as np

from pellucid.core import dtypes
from pellucid.core.operation import convert_to_tensor
from pellucid.core.shapes import TensorShape
from pellucid.ops import nest
from pellucid.ops.arguments import name_scope
from pellucid.ops.arrays.creation import fill, zeros
from pellucid.ops.arrays.gather_tree import gather_tree
from pellucid.ops.arrays.masking import one_hot
from pellucid.ops.arrays.ranking import top_k
from pellucid.ops.arrays.shaping import expand_dims, reshape, size
from pellucid.ops.arrays.tiling import tile
from pellucid.ops.control.cond import cond
from pellucid.ops.math.casting import cast
from pellucid.ops.math.comparison import equal, logical_not, logical_or
from pellucid.ops.math.division import floordiv, mod
from pellucid.ops.math.reductions import reduce_all, reduce_max
from pellucid.ops.neural.softmax import log_softmax
from pellucid.recurrent.cell import batch_size_of
from pellucid.recurrent.steps import check_cell
from pellucid.seq2seq.basic_decoder import check_output_layer, size_after
from pellucid.seq2seq.beam_scores import attention_of, only_end_after_end, path_scores
from pellucid.seq2seq.beams import Beams
from pellucid.seq2seq.decoder import Decoder
from pellucid.seq2seq.helpers import as_embedding, as_tokens


class BeamSearchDecoderState(collections.namedtuple("BeamSearchDecoderState", (
        "cell_state", "log_probs", "finished", "lengths", "accumulated_attention_probs"))):
    """The state of a beam search; the tensors have shape (batch, beams, ...).

    As in TF: tf.contrib.seq2seq.BeamSearchDecoderState.
    """

    __slots__ = ()


class BeamSearchDecoderOutput(collections.namedtuple(
        "BeamSearchDecoderOutput", ("scores", "predicted_ids", "parent_ids"))):
    """What a step adds to each beam: its score, its symbol, the beam that it goes on from.

    As in TF: tf.contrib.seq2seq.BeamSearchDecoderOutput.
    """

    __slots__ = ()


class FinalBeamSearchDecoderOutput(collections.namedtuple(
        "FinalBeamDecoderOutput", ("predicted_ids", "beam_search_decoder_output"))):
    """The paths, the best first, shape (batch, time, beams), and the outputs of the steps.

    As in TF: tf.contrib.seq2seq.FinalBeamSearchDecoderOutput.
    """

    __slots__ = ()


class BeamSearchDecoder(Decoder):
    """A Decoder that keeps the beam_width best paths of each sequence.

    What the cell keeps of the source must be there once for each beam: see tile_batch.

    Args:
      cell: RNNCell.
      embedding: Tensor or Variable, shape (symbols, depth), or function from symbols, shape
        (batch, beams), to inputs.
      start_tokens: int32 vector, for each sequence the first symbol.
      end_token: int32 scalar, the symbol that ends a sequence.
      initial_state: structure of Tensor and TensorArray, shape (batch * beam_width, ...).
      beam_width: int.
      output_layer: Layer that makes logits of the cell's output.
      length_penalty_weight, coverage_penalty_weight: float, see beam_scores.py.
      reorder_tensor_arrays: bool, whether TensorArrays in the cell's last state come back as
        Tensors in which each beam has its own past.

    As in TF: tf.contrib.seq2seq.BeamSearchDecoder.
    """

    tracks_own_finished = True               # beams change places

    def __init__(self, cell, embedding, start_tokens, end_token, initial_state, beam_width,
                 output_layer=None, length_penalty_weight=0.0, coverage_penalty_weight=0.0,
                 reorder_tensor_arrays=True):
        check_cell(cell)
        check_output_layer(output_layer)
        self._cell, self._output_layer = cell, output_layer
        self._length_penalty_weight = length_penalty_weight
        self._coverage_penalty_weight = coverage_penalty_weight
        self._beam_width, self._reorder_tensor_arrays = beam_width, reorder_tensor_arrays
        self._embedding_fn = as_embedding(embedding)
        tokens, self._end_token = as_tokens(start_tokens, end_token)
        self._batch_size = size(tokens)
        self._beams = Beams(self._batch_size, beam_width)
        self._initial_cell_state = nest.map_structure(
            self._beams.split, initial_state, cell.state_size)
        self._start_tokens = tile(expand_dims(tokens, 1), [1, beam_width])
        self._start_inputs = self._embedding_fn(self._start_tokens)

    @property
    def batch_size(self):
        return self._batch_size

    @property
    def output_size(self):
        each = TensorShape([self._beam_width])
        return BeamSearchDecoderOutput(scores=each, predicted_ids=each, parent_ids=each)

    @property
    def output_dtype(self):
        scores = nest.map_structure(
            lambda _: self._dtype(), size_after(self._output_layer, self._cell))
        return BeamSearchDecoderOutput(
            scores=scores, predicted_ids=dtypes.int32, parent_ids=dtypes.int32)

    def _dtype(self):
        return nest.flatten(self._initial_cell_state)[0].dtype

    def initialize(self, name=None):
        """(finished, inputs, state): only the first beam counts, for all are alike."""
        first = zeros([self._batch_size], dtypes.int32)
        width, dtype = self._beam_width, self._dtype()
        finished = one_hot(first, width, False, True, dtype=dtypes.bool_)
        attention = attention_of(self._initial_cell_state, self._coverage_penalty_weight)
        return finished, self._start_inputs, BeamSearchDecoderState(
            cell_state=self._initial_cell_state, finished=finished,
            log_probs=one_hot(first, width, 0.0, -np.inf, dtype=dtype),
            lengths=zeros([self._batch_size, width], dtypes.int64),
            accumulated_attention_probs=() if attention is None else attention)

    def step(self, time, inputs, state, name=None):
        with name_scope(name, "BeamSearchDecoderStep", nest.flatten((time, inputs))):
            logits, cell_state = self._scored(inputs, state.cell_state)
            output, state = self._best(logits, cell_state, state)
            inputs = cond(reduce_all(state.finished), lambda: self._start_inputs,
                          lambda: self._embedding_fn(output.predicted_ids))
        return output, state, inputs, state.finished

    def _scored(self, inputs, cell_state):
        """(logits, shape (batch, beams, symbols); next cell state)."""
        beams, sizes = self._beams, self._cell.state_size
        inputs = nest.map_structure(lambda x: beams.merge(x, x.shape[2:]), inputs)
        cell_state = nest.map_structure(beams.merge, cell_state, sizes)
        outputs, cell_state = self._cell(inputs, cell_state)
        outputs = nest.map_structure(lambda x: beams.split(x, x.shape[1:]), outputs)
        if self._output_layer is not None:
            outputs = self._output_layer(outputs)
        return outputs, nest.map_structure(beams.split, cell_state, sizes)

    def _best(self, logits, cell_state, state):
        """(BeamSearchDecoderOutput, BeamSearchDecoderState) of the best ways to go on."""
        symbols, pick = batch_size_of(logits, 2), self._beams.pick
        log_probs = expand_dims(state.log_probs, 2) + only_end_after_end(
            log_softmax(logits), self._end_token, state.finished)
        going_on = logical_not(state.finished)
        attention = attention_of(cell_state, self._coverage_penalty_weight)
        if attention is not None:
            attention = state.accumulated_attention_probs + attention * expand_dims(
                cast(going_on, dtypes.float32), 2)
        scores = path_scores(
            log_probs, self._lengths_after(state.lengths, going_on, symbols),
            self._length_penalty_weight, self._coverage_penalty_weight, state.finished, attention)

        every = [self._batch_size, -1]
        best, chosen = top_k(reshape(scores, every), self._beam_width)
        words = mod(chosen, symbols, name="next_beam_word_ids")
        parents = floordiv(chosen, symbols, name="next_beam_parent_ids")
        finished = pick(state.finished, parents)
        lengths = pick(state.lengths, parents) + cast(logical_not(finished), dtypes.int64)
        next_state = BeamSearchDecoderState(
            cell_state=nest.map_structure(lambda x: pick(x, parents), cell_state),
            log_probs=pick(reshape(log_probs, every), chosen), lengths=lengths,
            finished=logical_or(finished, equal(words, self._end_token)),
            accumulated_attention_probs=() if attention is None else pick(attention, parents))
        return BeamSearchDecoderOutput(
            scores=best, predicted_ids=words, parent_ids=parents), next_state

    def _lengths_after(self, lengths, going_on, symbols):
        """Each path's length with each symbol: the end token does not count."""
        counts = one_hot(fill([self._batch_size, self._beam_width], self._end_token), symbols,
                         convert_to_tensor(0, dtypes.int64), convert_to_tensor(1, dtypes.int64),
                         dtype=dtypes.int64)
        return expand_dims(lengths, 2) + counts * expand_dims(cast(going_on, dtypes.int64), 2)

    def finalize(self, outputs, final_state, sequence_lengths):
        """(FinalBeamSearchDecoderOutput, state); how long a path is, its state knows."""
        longest = cast(reduce_max(final_state.lengths, axis=1), dtypes.int32)
        paths = gather_tree(outputs.predicted_ids, outputs.parent_ids, longest, self._end_token)
        if self._reorder_tensor_arrays:
            final_state = final_state._replace(cell_state=nest.map_structure(
                lambda part: self._beams.sorted_history(
                    part, outputs.parent_ids, final_state.lengths), final_state.cell_state))
        return FinalBeamSearchDecoderOutput(
            beam_search_decoder_output=outputs, predicted_ids=paths), final_state
