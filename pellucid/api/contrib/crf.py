"""tf.contrib.crf: linear-chain conditional random fields."""

from pellucid.contrib.crf import (
    crf_binary_score,
    crf_decode,
    crf_log_likelihood,
    crf_log_norm,
    crf_multitag_sequence_score,
    crf_sequence_score,
    crf_unary_score,
    viterbi_decode,
)
from pellucid.contrib.crf_cells import (
    CrfDecodeBackwardRnnCell,
    CrfDecodeForwardRnnCell,
    CrfForwardRnnCell,
)


def __getattr__(name):
    """What a missing name would need."""
    from pellucid.names.old import answer
    return answer("contrib.crf", name)
