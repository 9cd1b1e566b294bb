"""AttentionWrapper: a cell that looks at a memory in every step.

    mechanism = tf.contrib.seq2seq.BahdanauAttention(64, encoder_outputs, lengths)
    cell = tf.contrib.seq2seq.AttentionWrapper(cell, mechanism, attention_layer_size=64)
    state = cell.zero_state(batch_size, tf.float32).clone(cell_state=encoder_state)

Read next: beam_search.py.
"""

import collections

from pellucid.core import dtypes
from pellucid.core.graph import control_dependencies
from pellucid.core.shapes import TensorShape
from pellucid.core.tensor import Tensor
from pellucid.layers.core import Dense
from pellucid.ops import nest
from pellucid.ops.arguments import name_scope
from pellucid.ops.arrays.creation import zeros
from pellucid.ops.arrays.joining import concat
from pellucid.ops.arrays.shaping import expand_dims, squeeze
from pellucid.ops.control.assertions import assert_equal
from pellucid.ops.control.passing import identity
from pellucid.ops.control.tensor_array import TensorArray
from pellucid.ops.linalg.linear_algebra import matmul
from pellucid.recurrent.cell import RNNCell, batch_size_of, zero_state
from pellucid.recurrent.steps import check_cell, first_state
from pellucid.seq2seq.attention import AttentionMechanism

_HINT = ("Are you using the BeamSearchDecoder? Then tile the encoder's outputs, their lengths and "
         "its last state with tf.contrib.seq2seq.tile_batch(x, beam_width), and ask zero_state for "
         "batch_size * beam_width.")


class AttentionWrapperState(collections.namedtuple("AttentionWrapperState", (
        "cell_state", "attention", "time", "alignments", "alignment_history",
        "attention_state"))):
    """The state of an AttentionWrapper.

    Attributes:
      cell_state: the state of the cell inside.
      attention: Tensor, the last attention, shape (batch, size).
      time: int32 scalar Tensor, the number of steps so far.
      alignments: Tensor, shape (batch, memory's time), the last alignments; of several
        mechanisms, a tuple.
      alignment_history: a TensorArray of all alignments if asked for, else (); of several
        mechanisms, a tuple.
      attention_state: the state of the mechanism; of several, a tuple.

    As in TF: tf.contrib.seq2seq.AttentionWrapperState.
    """

    __slots__ = ()

    def clone(self, **kwargs):
        """The state with other values for some of its parts, whose shapes must agree.

        Example: state.clone(cell_state=encoder_state).
        """
        return nest.map_structure(_of_same_shape, self, self._replace(**kwargs))


def _of_same_shape(old, new):
    if isinstance(old, Tensor) and isinstance(new, Tensor):
        new.set_shape(old.shape)
    return new


class AttentionWrapper(RNNCell):
    """A cell that reads its input beside the last attention, and answers with the next.

        output, cell_state = cell(cell_input_fn(input, attention), cell_state)
        alignments         = mechanism(output)
        context            = the mean of the memory, weighted by the alignments
        attention          = attention_layer([output, context]), or the context without one

    Args:
      cell: RNNCell.
      attention_mechanism: AttentionMechanism or list of them, whose attentions are put side by
        side.
      attention_layer_size: int, the units of the attention layer, or None for no layer; a list
        for a list of mechanisms.
      alignment_history: bool, whether the state keeps the alignments of all steps.
      cell_input_fn: function(inputs, attention) -> the cell's input; side by side by default.
      output_attention: bool, whether the output is the attention rather than the cell's output.
      initial_cell_state: the cell's part of zero_state; the cell's zeros by default.
      name: str.
      attention_layer: Layer, or a list of them, in place of attention_layer_size.
      attention_fn: function(mechanism, cell output, attention state, attention layer) ->
        (attention, alignments, next attention state), in place of the last three lines above.
      dtype: DType.

    As in TF: tf.contrib.seq2seq.AttentionWrapper (Bahdanau et al. 2014; Luong et al. 2015).
    """

    def __init__(self, cell, attention_mechanism, attention_layer_size=None,
                 alignment_history=False, cell_input_fn=None, output_attention=True,
                 initial_cell_state=None, name=None, attention_layer=None, attention_fn=None,
                 dtype=None):
        super().__init__(name=name, dtype=dtype)
        check_cell(cell)
        self._is_multi = isinstance(attention_mechanism, list | tuple)
        self._attention_mechanisms = tuple(
            attention_mechanism if self._is_multi else [attention_mechanism])
        for mechanism in self._attention_mechanisms:
            if not isinstance(mechanism, AttentionMechanism):
                raise TypeError("attention_mechanism must be an AttentionMechanism or a list of "
                                f"them, saw type: {type(mechanism).__name__}")
        if cell_input_fn is not None and not callable(cell_input_fn):
            raise TypeError(
                f"cell_input_fn must be callable, saw type: {type(cell_input_fn).__name__}")
        self._cell, self._cell_input_fn = cell, cell_input_fn or _side_by_side
        self._attention_fn = attention_fn or _attend
        self._output_attention, self._alignment_history = output_attention, alignment_history
        self._choose_layers(attention_layer_size, attention_layer)
        with name_scope(name, "AttentionWrapperInit"):
            self._initial_cell_state = self._checked_state(
                initial_cell_state, "constructing", "initial_cell_state")

    def _choose_layers(self, sizes, layers):
        mechanisms = self._attention_mechanisms
        depths = [mechanism.values.shape[-1].value for mechanism in mechanisms]
        if sizes is not None and layers is not None:
            raise ValueError("Only one of attention_layer_size and attention_layer should be set")
        if sizes is not None:
            depths = _one_each("attention_layer_size", sizes, mechanisms)
            layers = [Dense(size, name="attention_layer", use_bias=False, dtype=mechanism.dtype)
                      for size, mechanism in zip(depths, mechanisms, strict=True)]
        elif layers is not None:
            layers = _one_each("attention_layer", layers, mechanisms)
            depths = [layer.compute_output_shape([None, self._cell.output_size + depth])[-1].value
                      for layer, depth in zip(layers, depths, strict=True)]
        self._attention_layers = None if layers is None else tuple(layers)
        self._attention_layer_size = sum(depths)

    @property
    def output_size(self):
        return self._attention_layer_size if self._output_attention else self._cell.output_size

    @property
    def state_size(self):
        sizes = [mechanism.alignments_size for mechanism in self._attention_mechanisms]
        return AttentionWrapperState(
            cell_state=self._cell.state_size, time=TensorShape([]),
            attention=self._attention_layer_size, alignments=self._one_or_all(sizes),
            attention_state=self._one_or_all(
                [mechanism.state_size for mechanism in self._attention_mechanisms]),
            alignment_history=self._one_or_all(
                [size if self._alignment_history else () for size in sizes]))

    def zero_state(self, batch_size, dtype):
        """An AttentionWrapperState of zeros, but for the cell's part: see initial_cell_state."""
        with name_scope(type(self).__name__ + "ZeroState", None, [batch_size]):
            cell_state = self._initial_cell_state
            if cell_state is None:
                cell_state = first_state(self._cell, None, batch_size, dtype)
            with control_dependencies(self._same_batch(batch_size, "calling zero_state of")):
                cell_state = nest.map_structure(
                    lambda part: identity(part, name="checked_cell_state"), cell_state)
            alignments = [mechanism.initial_alignments(batch_size, dtype)
                          for mechanism in self._attention_mechanisms]
            return AttentionWrapperState(
                cell_state=cell_state, time=zeros([], dtypes.int32),
                attention=zero_state(self._attention_layer_size, batch_size, dtype),
                alignments=self._one_or_all(alignments),
                attention_state=self._one_or_all(
                    [mechanism.initial_state(batch_size, dtype)
                     for mechanism in self._attention_mechanisms]),
                alignment_history=self._one_or_all(
                    [TensorArray(dtype, size=0, dynamic_size=True, element_shape=first.shape)
                     if self._alignment_history else () for first in alignments]))

    def call(self, inputs, state):
        """(attention or the cell's output, AttentionWrapperState)."""
        if not isinstance(state, AttentionWrapperState):
            raise TypeError("Expected state to be instance of AttentionWrapperState. Received "
                            f"type {type(state)} instead.")
        output, cell_state = self._cell(
            self._cell_input_fn(inputs, state.attention), state.cell_state)
        output = self._checked_state(output, "applying", "cell_output")
        found = [self._attention_fn(mechanism, output, before, layer)
                 for mechanism, before, layer in zip(
                     self._attention_mechanisms, self._all(state.attention_state),
                     self._attention_layers or [None] * len(self._attention_mechanisms),
                     strict=True)]
        attentions, alignments, states = zip(*found, strict=True)
        history = self._all(state.alignment_history)
        if self._alignment_history:
            history = [array.write(state.time, alignment)
                       for array, alignment in zip(history, alignments, strict=True)]
        attention = concat(list(attentions), 1)
        return attention if self._output_attention else output, AttentionWrapperState(
            time=state.time + 1, cell_state=cell_state, attention=attention,
            attention_state=self._one_or_all(states), alignments=self._one_or_all(alignments),
            alignment_history=self._one_or_all(history))

    def _one_or_all(self, of_each):
        return tuple(of_each) if self._is_multi else of_each[0]

    def _all(self, one_or_all):
        return one_or_all if self._is_multi else [one_or_all]

    def _checked_state(self, state, doing, name):
        """A structure of Tensor, whose batch in the run must be the memories'."""
        if state is None:
            return None
        checks = self._same_batch(batch_size_of(nest.flatten(state)[-1]), doing)
        with control_dependencies(checks):
            return nest.map_structure(lambda part: identity(part, name=f"checked_{name}"), state)

    def _same_batch(self, batch_size, doing):
        message = (f"When {doing} AttentionWrapper {self._name}: the memory's batch is not as "
                   f"large as the cell's. {_HINT}")
        return [assert_equal(batch_size, mechanism.batch_size, message=message)
                for mechanism in self._attention_mechanisms]


def _one_each(name, given, mechanisms):
    """`given` as a list, of as many as there are mechanisms."""
    given = list(given) if isinstance(given, list | tuple) else [given]
    if len(given) != len(mechanisms):
        raise ValueError(f"If provided, {name} must contain exactly one per attention_mechanism, "
                         f"saw: {len(given)} vs {len(mechanisms)}")
    return given


def _side_by_side(inputs, attention):
    return concat([inputs, attention], -1)


def _attend(mechanism, output, state, layer):
    """(attention, alignments, next state): the attention_fn unless another is given."""
    alignments, state = mechanism(output, state=state)
    context = squeeze(matmul(expand_dims(alignments, 1), mechanism.values), [1])
    if layer is None:
        return context, alignments, state
    return layer(concat([output, context], 1)), alignments, state
