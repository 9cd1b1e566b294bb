"""tf.contrib.seq2seq: sequences as tensors."""

from pellucid.seq2seq.losses import sequence_loss


def __getattr__(name):
    """Old spellings, and what a missing name would need."""
    from pellucid.names.old import answer
    return answer("contrib.seq2seq", name)
