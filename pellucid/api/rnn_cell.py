"""tf.nn.rnn_cell: cells of recurrent networks."""

from pellucid.recurrent.cell import LSTMStateTuple, RNNCell
from pellucid.recurrent.cells import BasicLSTMCell, BasicRNNCell, GRUCell, LSTMCell
from pellucid.recurrent.wrappers import (
    DeviceWrapper,
    DropoutWrapper,
    MultiRNNCell,
    ResidualWrapper,
)


def __getattr__(name):
    """Old spellings, and what a missing name would need."""
    from pellucid.names.old import answer
    return answer("nn.rnn_cell", name)
