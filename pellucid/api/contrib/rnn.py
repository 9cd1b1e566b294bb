"""tf.contrib.rnn: cells, wrappers and static networks."""

from pellucid.recurrent.cell import LSTMStateTuple, RNNCell
from pellucid.recurrent.cells import BasicLSTMCell, BasicRNNCell, GRUCell, LSTMCell
from pellucid.recurrent.contrib_cells import AttentionCellWrapper, LayerNormBasicLSTMCell
from pellucid.recurrent.nas_cell import NASCell
from pellucid.recurrent.stacked import (
    stack_bidirectional_dynamic_rnn,
    stack_bidirectional_rnn,
)
from pellucid.recurrent.static import static_bidirectional_rnn, static_rnn
from pellucid.recurrent.wrappers import (
    DeviceWrapper,
    DropoutWrapper,
    EmbeddingWrapper,
    InputProjectionWrapper,
    MultiRNNCell,
    OutputProjectionWrapper,
    ResidualWrapper,
)


def __getattr__(name):
    """Old spellings, and what a missing name would need."""
    from pellucid.names.old import answer
    return answer("contrib.rnn", name)
