"""tf.contrib.seq2seq: decoders, helpers, attention, beam search, a loss."""

from pellucid.ops.arrays.gather_tree import gather_tree
from pellucid.seq2seq.attention import (
    AttentionMechanism,
    BahdanauAttention,
    LuongAttention,
    hardmax,
)
from pellucid.seq2seq.attention_wrapper import AttentionWrapper, AttentionWrapperState
from pellucid.seq2seq.basic_decoder import BasicDecoder, BasicDecoderOutput
from pellucid.seq2seq.beam_search import (
    BeamSearchDecoder,
    BeamSearchDecoderOutput,
    BeamSearchDecoderState,
    FinalBeamSearchDecoderOutput,
)
from pellucid.seq2seq.beams import tile_batch
from pellucid.seq2seq.decoder import Decoder, dynamic_decode
from pellucid.seq2seq.helpers import (
    CustomHelper,
    GreedyEmbeddingHelper,
    Helper,
    InferenceHelper,
    SampleEmbeddingHelper,
    TrainingHelper,
)
from pellucid.seq2seq.losses import sequence_loss
from pellucid.seq2seq.scheduled_helpers import (
    ScheduledEmbeddingTrainingHelper,
    ScheduledOutputTrainingHelper,
)


def __getattr__(name):
    """Old spellings, and what a missing name would need."""
    from pellucid.names.old import answer
    return answer("contrib.seq2seq", name)
