"""Attention mechanisms: which parts of a memory a query looks at.

The memory is what an encoder made of each step of its input, shape (batch, time, depth). A
mechanism compares a query, shape (batch, depth), with the key of each part: the scores become
probabilities, the alignments, shape (batch, time). Read next: attention_wrapper.py.
"""

import numpy as np

from pellucid.core.graph import control_dependencies
from pellucid.core.operation import convert_to_tensor
from pellucid.core.shapes import is_complete
from pellucid.layers.base import Layer
from pellucid.layers.core import Dense
from pellucid.ops.arguments import name_scope
from pellucid.ops.arrays.creation import ones_like
from pellucid.ops.arrays.joining import concat
from pellucid.ops.arrays.masking import one_hot, sequence_mask
from pellucid.ops.arrays.shaping import expand_dims, reshape, shape, squeeze
from pellucid.ops.control.assertions import assert_positive
from pellucid.ops.linalg.linear_algebra import matmul
from pellucid.ops.math.elementwise import square
from pellucid.ops.math.functions import rsqrt, tanh
from pellucid.ops.math.positions import argmax
from pellucid.ops.math.reductions import reduce_sum
from pellucid.ops.math.selection import where
from pellucid.ops.neural.softmax import softmax
from pellucid.ops.state.initializers import (
    constant_initializer,
    ones_initializer,
    zeros_initializer,
)
from pellucid.ops.state.variable_scope import get_variable, variable_scope
from pellucid.recurrent.cell import batch_size_of, zero_state


class AttentionMechanism:
    """What AttentionWrapper calls: (query, state) -> (alignments, next state).

    Attributes:
      values: Tensor, what is looked at, shape (batch, time, depth).
      batch_size, alignments_size: int or scalar Tensor, values' first dimensions.
      state_size: as in RNNCell.

    As in TF: tf.contrib.seq2seq.AttentionMechanism.
    """

    @property
    def alignments_size(self):
        raise NotImplementedError(f"{type(self).__name__} must define alignments_size.")

    @property
    def state_size(self):
        raise NotImplementedError(f"{type(self).__name__} must define state_size.")


class _Mechanism(AttentionMechanism):
    """What the mechanisms share: a memory, keys made of it, masked scores.

    Args:
      query_layer: Layer that queries pass through, or None.
      memory: Tensor, shape (batch, time, ...).
      probability_fn: function(scores, state) -> alignments.
      memory_sequence_length: int vector of length batch, what is behind it is not looked at.
      memory_layer: Layer that makes the keys of the memory, or None: the memory is the keys.
      check_inner_dims_defined: bool, refuse a memory whose depth is unknown.
      score_mask_value: float, the score of what is not looked at, minus infinity by default.
      custom_key_value_fn: function(keys, values) -> (keys, values), or None.
      name: str.
    """

    def __init__(self, query_layer, memory, probability_fn, memory_sequence_length=None,
                 memory_layer=None, check_inner_dims_defined=True, score_mask_value=None,
                 custom_key_value_fn=None, name=None):
        for what, layer in (("query_layer", query_layer), ("memory_layer", memory_layer)):
            if layer is not None and not isinstance(layer, Layer):
                raise TypeError(f"{what} is not a Layer: {type(layer).__name__}")
        if not callable(probability_fn):
            raise TypeError("probability_fn must be callable, saw type: "
                            f"{type(probability_fn).__name__}")
        self._query_layer, self._memory_layer = query_layer, memory_layer
        masked = -np.inf if score_mask_value is None else score_mask_value
        self._probability_fn = lambda score, state: probability_fn(
            _mask_score(score, memory_sequence_length, masked), state)
        with name_scope(name, "BaseAttentionMechanismInit", [memory]):
            self._values = _prepare(memory, memory_sequence_length, check_inner_dims_defined)
            self._keys = memory_layer(self._values) if memory_layer else self._values
            if custom_key_value_fn is not None:
                self._keys, self._values = custom_key_value_fn(self._keys, self._values)
            self._batch_size = batch_size_of(self._keys)
            self._alignments_size = batch_size_of(self._keys, 1)
        self.dtype = (memory_layer or self._values).dtype

    @property
    def query_layer(self):
        """Layer or None."""
        return self._query_layer

    @property
    def memory_layer(self):
        """Layer or None."""
        return self._memory_layer

    @property
    def values(self):
        """Tensor, shape (batch, time, depth)."""
        return self._values

    @property
    def keys(self):
        """Tensor, shape (batch, time, units)."""
        return self._keys

    @property
    def batch_size(self):
        """int or scalar Tensor."""
        return self._batch_size

    @property
    def alignments_size(self):
        return self._alignments_size

    @property
    def state_size(self):
        return self._alignments_size

    def initial_alignments(self, batch_size, dtype):
        """Zeros of shape (batch, time)."""
        return zero_state(self._alignments_size, batch_size, dtype)

    def initial_state(self, batch_size, dtype):
        """The first state: the first alignments."""
        return self.initial_alignments(batch_size, dtype)


class LuongAttention(_Mechanism):
    """score = query . key, times attention_g if `scale` (Luong et al. 2015).

    Args:
      num_units: int, the depth of the keys, which must be the query's.
      memory: Tensor, shape (batch, time, depth).
      memory_sequence_length: int vector of length batch: what is behind it is not looked at.
      scale: bool.
      probability_fn: function(scores) -> alignments, softmax by default; or hardmax.
      score_mask_value: float, the score of what is not looked at, minus infinity by default.
      dtype: DType of the layer that makes the keys, float32 by default.
      custom_key_value_fn: function(keys, values) -> (keys, values).
      name: str.

    As in TF: tf.contrib.seq2seq.LuongAttention.
    """

    def __init__(self, num_units, memory, memory_sequence_length=None, scale=False,
                 probability_fn=None, score_mask_value=None, dtype=None,
                 custom_key_value_fn=None, name="LuongAttention"):
        super().__init__(
            None, memory, _of_score(probability_fn), memory_sequence_length,
            _units(num_units, "memory_layer", dtype), score_mask_value=score_mask_value,
            custom_key_value_fn=custom_key_value_fn, name=name)
        self._num_units, self._scale, self._name = num_units, scale, name

    def __call__(self, query, state):
        """(alignments, next state) of a query, shape (batch, num_units)."""
        with variable_scope(None, "luong_attention", [query]):
            score = _luong_score(query, self._keys)
            if self._scale:
                score = get_variable("attention_g", [], query.dtype,
                                     ones_initializer()) * score
        alignments = self._probability_fn(score, state)
        return alignments, alignments


class BahdanauAttention(_Mechanism):
    """score = v . tanh(key + query_layer(query)) (Bahdanau et al. 2014).

    With `normalize`, v becomes g v / |v|, and a bias b is added inside (Salimans & Kingma 2016).

    Args:
      num_units: int, the depth in which key and query are compared.
      normalize: bool.
      All others: as in LuongAttention.

    As in TF: tf.contrib.seq2seq.BahdanauAttention.
    """

    def __init__(self, num_units, memory, memory_sequence_length=None, normalize=False,
                 probability_fn=None, score_mask_value=None, dtype=None,
                 custom_key_value_fn=None, name="BahdanauAttention"):
        super().__init__(
            _units(num_units, "query_layer", dtype), memory, _of_score(probability_fn),
            memory_sequence_length, _units(num_units, "memory_layer", dtype),
            score_mask_value=score_mask_value, custom_key_value_fn=custom_key_value_fn,
            name=name)
        self._num_units, self._normalize, self._name = num_units, normalize, name

    def __call__(self, query, state):
        """(alignments, next state) of a query, shape (batch, depth)."""
        with variable_scope(None, "bahdanau_attention", [query]):
            score = self._score(self._query_layer(query) if self._query_layer else query)
        alignments = self._probability_fn(score, state)
        return alignments, alignments

    def _score(self, query):
        units, dtype = self._num_units, query.dtype
        v = get_variable("attention_v", [units], dtype)
        hidden = self._keys + expand_dims(query, 1)
        if self._normalize:
            g = get_variable("attention_g", [], dtype, constant_initializer((1 / units) ** 0.5))
            hidden = hidden + get_variable("attention_b", [units], dtype, zeros_initializer())
            v = g * v * rsqrt(reduce_sum(square(v)))
        return reduce_sum(v * tanh(hidden), [2])


def hardmax(logits, name=None):
    """1 where a row's greatest logit is, 0 elsewhere: a Tensor like the logits.

    As in TF: tf.contrib.seq2seq.hardmax.
    """
    with name_scope(name, "Hardmax", [logits]):
        logits = convert_to_tensor(logits, name="logits")
        return one_hot(argmax(logits, -1), batch_size_of(logits, -1), dtype=logits.dtype)


def _units(number, name, dtype):
    return Dense(number, name=name, use_bias=False, dtype=dtype or "float32")


def _of_score(probability_fn):
    """function(scores, state) -> alignments that leaves the state out."""
    function = softmax if probability_fn is None else probability_fn
    return lambda score, _: function(score)


def _luong_score(query, keys):
    """query . key for each key: a Tensor of shape (batch, time)."""
    depth, units = query.shape[-1].value, keys.shape[-1].value
    if depth is None or depth != units:
        raise ValueError(
            f"The query has {depth} units, but the keys have {units}: give the mechanism "
            f"num_units={depth}, the size of the cell's output.")
    return squeeze(matmul(expand_dims(query, 1), keys, transpose_b=True), [1])


def _prepare(memory, lengths, check_dims):
    """The memory as a Tensor, zero behind each row's length."""
    memory = convert_to_tensor(memory, name="memory")
    known = memory.spec.shape
    if known is None or (check_dims and not is_complete(known[2:])):
        raise ValueError(f"Expected memory {memory.name} to have fully defined inner dims, but "
                         f"saw shape: {memory.shape}")
    if lengths is None:
        return memory
    mask = sequence_mask(convert_to_tensor(lengths, name="memory_sequence_length"),
                         shape(memory)[1], memory.dtype)
    inner = [1] * (len(known) - 2)
    return memory * reshape(mask, concat([shape(mask), inner], 0))


def _mask_score(score, lengths, value):
    """The scores, but `value` behind each row's length."""
    if lengths is None:
        return score
    check = assert_positive(
        lengths, message="All values in memory_sequence_length must be greater than zero.")
    with control_dependencies([check]):
        mask = sequence_mask(lengths, shape(score)[1])
    return where(mask, score, value * ones_like(score))
