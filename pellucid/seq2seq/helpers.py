"""Helpers: where a decoder's inputs come from, the given sequence or its own last output.

    TrainingHelper          reads the sequence that is to be learned
    GreedyEmbeddingHelper   reads the likeliest symbol of the step before
    SampleEmbeddingHelper   draws a symbol of the step before
    InferenceHelper, CustomHelper: functions say

Read next: scheduled_helpers.py.
"""

from pellucid.core import dtypes
from pellucid.core.operation import convert_to_tensor
from pellucid.core.shapes import TensorShape
from pellucid.core.tensor import Tensor
from pellucid.nn.embedding import embedding_lookup
from pellucid.ops.arguments import name_scope
from pellucid.ops.arrays.creation import zeros_like
from pellucid.ops.arrays.shaping import reshape, shape, size
from pellucid.ops.arrays.tiling import tile
from pellucid.ops.control.cond import cond
from pellucid.ops.control.tensor_array import TensorArray
from pellucid.ops.math.casting import cast
from pellucid.ops.math.comparison import equal, greater_equal
from pellucid.ops.math.positions import argmax
from pellucid.ops.math.reductions import reduce_all
from pellucid.ops.random.choice import multinomial
from pellucid.recurrent.dynamic import swap_batch_and_time


class Helper:
    """What BasicDecoder asks for inputs and samples. To write one, override everything.

    Attributes:
      batch_size: scalar int32 Tensor.
      sample_ids_shape: TensorShape of a sample without the batch.
      sample_ids_dtype: DType of a sample.

    As in TF: tf.contrib.seq2seq.Helper.
    """

    @property
    def batch_size(self):
        raise NotImplementedError("batch_size has not been implemented")

    @property
    def sample_ids_shape(self):
        raise NotImplementedError("sample_ids_shape has not been implemented")

    @property
    def sample_ids_dtype(self):
        raise NotImplementedError("sample_ids_dtype has not been implemented")

    def initialize(self, name=None):
        """(finished, inputs) of the first step."""
        raise NotImplementedError("initialize has not been implemented")

    def sample(self, time, outputs, state, name=None):
        """The sample of a step, of its outputs."""
        raise NotImplementedError("sample has not been implemented")

    def next_inputs(self, time, outputs, state, sample_ids, name=None):
        """(finished, inputs of the next step, state)."""
        raise NotImplementedError("next_inputs has not been implemented")


class CustomHelper(Helper):
    """A helper made of three functions.

    Args:
      initialize_fn: function() -> (finished, inputs) of the first step.
      sample_fn: function(time, outputs, state) -> samples.
      next_inputs_fn: function(time, outputs, state, sample_ids) -> (finished, inputs, state).
      sample_ids_shape: list of int, a sample without the batch; a scalar by default.
      sample_ids_dtype: DType, int32 by default.

    As in TF: tf.contrib.seq2seq.CustomHelper.
    """

    sample_ids_shape = sample_ids_dtype = None

    def __init__(self, initialize_fn, sample_fn, next_inputs_fn, sample_ids_shape=None,
                 sample_ids_dtype=None):
        self._initialize_fn, self._sample_fn = initialize_fn, sample_fn
        self._next_inputs_fn, self._batch_size = next_inputs_fn, None
        self.sample_ids_shape = TensorShape(sample_ids_shape or [])
        self.sample_ids_dtype = sample_ids_dtype or dtypes.int32

    @property
    def batch_size(self):
        if self._batch_size is None:
            raise ValueError("batch_size accessed before initialize was called")
        return self._batch_size

    def initialize(self, name=None):
        with name_scope(name, type(self).__name__ + "Initialize"):
            finished, inputs = self._initialize_fn()
            if self._batch_size is None:
                self._batch_size = size(finished)
        return finished, inputs

    def sample(self, time, outputs, state, name=None):
        with name_scope(name, type(self).__name__ + "Sample", [time]):
            return self._sample_fn(time=time, outputs=outputs, state=state)

    def next_inputs(self, time, outputs, state, sample_ids, name=None):
        with name_scope(name, type(self).__name__ + "NextInputs", [time]):
            return self._next_inputs_fn(time=time, outputs=outputs, state=state,
                                        sample_ids=sample_ids)


class TrainingHelper(Helper):
    """Reads given sequences; samples are the likeliest symbols.

    Args:
      inputs: Tensor, shape (batch, time, ...), or (time, batch, ...) if time_major.
      sequence_length: int32 vector of length batch.
      time_major: bool.
      name: str.

    As in TF: tf.contrib.seq2seq.TrainingHelper.
    """

    sample_ids_shape, sample_ids_dtype = TensorShape([]), dtypes.int32

    def __init__(self, inputs, sequence_length, time_major=False, name=None):
        with name_scope(name, "TrainingHelper", [inputs, sequence_length]):
            self._inputs = convert_to_tensor(inputs, name="inputs")
            steps = self._inputs if time_major else swap_batch_and_time(self._inputs)
            self._steps = steps_of(steps)
            self._sequence_length = convert_to_tensor(sequence_length, name="sequence_length")
            if self._sequence_length.spec.rank != 1:
                raise ValueError("Expected sequence_length to be a vector, but received shape: "
                                 f"{self._sequence_length.shape}")
            self._zero_inputs = zeros_like(steps[0, :])
            self._batch_size = size(self._sequence_length)

    @property
    def inputs(self):
        """The Tensor that was given."""
        return self._inputs

    @property
    def sequence_length(self):
        """Tensor."""
        return self._sequence_length

    @property
    def batch_size(self):
        return self._batch_size

    def initialize(self, name=None):
        with name_scope(name, "TrainingHelperInitialize"):
            return self._at(0)

    def sample(self, time, outputs, name=None, **unused):
        with name_scope(name, "TrainingHelperSample", [time, outputs]):
            return cast(argmax(outputs, axis=-1), dtypes.int32)

    def next_inputs(self, time, outputs, state, name=None, **unused):
        with name_scope(name, "TrainingHelperNextInputs", [time, outputs]):
            return (*self._at(time + 1), state)

    def _at(self, time):
        """(which sequences are over, inputs) of a step."""
        finished = greater_equal(time, self._sequence_length)
        return finished, cond(reduce_all(finished), lambda: self._zero_inputs,
                              lambda: self._steps.read(time))


class _Inferring(Helper):
    """Starts every sequence, of `_batch_size`, with `_start_inputs`."""

    @property
    def batch_size(self):
        return self._batch_size

    def initialize(self, name=None):
        return tile([False], [self._batch_size]), self._start_inputs


class GreedyEmbeddingHelper(_Inferring):
    """Reads the embedding of the likeliest symbol of the step before.

    Args:
      embedding: Tensor or Variable, shape (symbols, depth), or function from a vector of
        symbols to the inputs.
      start_tokens: int32 vector, for each sequence the first symbol.
      end_token: int32 scalar, the symbol that ends a sequence.

    Raises:
      ValueError: start_tokens is no vector or end_token no scalar.

    As in TF: tf.contrib.seq2seq.GreedyEmbeddingHelper.
    """

    sample_ids_shape, sample_ids_dtype = TensorShape([]), dtypes.int32

    def __init__(self, embedding, start_tokens, end_token):
        self._embedding_fn = as_embedding(embedding)
        self._start_tokens, self._end_token = as_tokens(start_tokens, end_token)
        self._batch_size = size(self._start_tokens)
        self._start_inputs = self._embedding_fn(self._start_tokens)

    def sample(self, time, outputs, state, name=None):
        return argmax(_as_logits(outputs), axis=-1, output_type=dtypes.int32)

    def next_inputs(self, time, outputs, state, sample_ids, name=None):
        finished = equal(sample_ids, self._end_token)
        inputs = cond(reduce_all(finished), lambda: self._start_inputs,
                      lambda: self._embedding_fn(sample_ids))
        return finished, inputs, state


class SampleEmbeddingHelper(GreedyEmbeddingHelper):
    """Reads the embedding of a symbol drawn by the logits of the step before.

    Args:
      embedding, start_tokens, end_token: as in GreedyEmbeddingHelper.
      softmax_temperature: float, what logits are divided by; above 1 the draws are bolder.
      seed: int.

    As in TF: tf.contrib.seq2seq.SampleEmbeddingHelper.
    """

    def __init__(self, embedding, start_tokens, end_token, softmax_temperature=None, seed=None):
        super().__init__(embedding, start_tokens, end_token)
        self._softmax_temperature, self._seed = softmax_temperature, seed

    def sample(self, time, outputs, state, name=None):
        logits = _as_logits(outputs)
        if self._softmax_temperature is not None:
            logits = logits / self._softmax_temperature
        return draw(logits, self._seed)


class InferenceHelper(_Inferring):
    """Reads what a function makes of the output of the step before.

    Args:
      sample_fn: function(outputs) -> samples.
      sample_shape: list of int, a sample without the batch.
      sample_dtype: DType of a sample.
      start_inputs: Tensor, the inputs of the first step.
      end_fn: function(samples) -> bool vector, which sequences end with them.
      next_inputs_fn: function(samples) -> inputs; the samples themselves by default.

    As in TF: tf.contrib.seq2seq.InferenceHelper.
    """

    sample_ids_shape = sample_ids_dtype = None

    def __init__(self, sample_fn, sample_shape, sample_dtype, start_inputs, end_fn,
                 next_inputs_fn=None):
        self._sample_fn, self._end_fn, self._next_inputs_fn = sample_fn, end_fn, next_inputs_fn
        self.sample_ids_shape = TensorShape(sample_shape)
        self.sample_ids_dtype = sample_dtype
        self._batch_size = shape(start_inputs)[0]
        self._start_inputs = convert_to_tensor(start_inputs, name="start_inputs")

    def sample(self, time, outputs, state, name=None):
        return self._sample_fn(outputs)

    def next_inputs(self, time, outputs, state, sample_ids, name=None):
        inputs = sample_ids if self._next_inputs_fn is None else self._next_inputs_fn(sample_ids)
        return self._end_fn(sample_ids), inputs, state


# -- what helpers and beam search share ----------------------------------------------------

def steps_of(x):
    """The rows of a Tensor as a TensorArray: one entry a step of time."""
    return TensorArray(x.dtype, size=shape(x)[0], element_shape=x.shape[1:]).unstack(x)


def as_embedding(embedding):
    """The function from symbols to inputs."""
    return embedding if callable(embedding) else lambda ids: embedding_lookup(embedding, ids)


def as_tokens(start_tokens, end_token):
    """(vector of first symbols, scalar) as int32 Tensors."""
    start_tokens = convert_to_tensor(start_tokens, dtypes.int32, name="start_tokens")
    end_token = convert_to_tensor(end_token, dtypes.int32, name="end_token")
    if start_tokens.spec.rank != 1:
        raise ValueError(f"start_tokens must be a vector, saw shape: {start_tokens.shape}")
    if end_token.spec.rank != 0:
        raise ValueError(f"end_token must be a scalar, saw shape: {end_token.shape}")
    return start_tokens, end_token


def draw(logits, seed):
    """For each row of logits one class, int32, drawn by its probability."""
    return reshape(multinomial(logits, 1, seed=seed, output_dtype=dtypes.int32), [-1])


def _as_logits(outputs):
    if not isinstance(outputs, Tensor):
        raise TypeError(f"Expected outputs to be a single Tensor, got: {type(outputs)}")
    return outputs
