"""tf.contrib.legacy_seq2seq: sequences as lists of steps."""

from pellucid.seq2seq.legacy_decoders import (
    attention_decoder,
    embedding_attention_decoder,
    embedding_rnn_decoder,
    rnn_decoder,
)
from pellucid.seq2seq.legacy_losses import sequence_loss, sequence_loss_by_example
from pellucid.seq2seq.legacy_models import (
    basic_rnn_seq2seq,
    embedding_attention_seq2seq,
    embedding_rnn_seq2seq,
    model_with_buckets,
    tied_rnn_seq2seq,
)


def __getattr__(name):
    """Old spellings, and what a missing name would need."""
    from pellucid.names.old import answer
    return answer("contrib.legacy_seq2seq", name)
