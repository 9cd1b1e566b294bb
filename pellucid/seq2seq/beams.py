"""Batches of beams: tensors of shape (batch, beams, ...), and their beams in another order.

A cell knows nothing of beams: it is given (batch * beams, ...). Read next: beam_scores.py.
"""

import logging

from pellucid.core import dtypes
from pellucid.core.graph import control_dependencies
from pellucid.core.operation import convert_to_tensor
from pellucid.core.shapes import TensorShape
from pellucid.core.tensor import Tensor
from pellucid.ops import nest
from pellucid.ops.arguments import name_scope
from pellucid.ops.arrays.creation import range_
from pellucid.ops.arrays.gather_tree import gather_tree
from pellucid.ops.arrays.gathering import gather, gather_nd
from pellucid.ops.arrays.joining import concat, stack
from pellucid.ops.arrays.masking import sequence_mask
from pellucid.ops.arrays.shaping import expand_dims, reshape, shape, transpose
from pellucid.ops.arrays.tiling import tile
from pellucid.ops.control.printing import Assert_
from pellucid.ops.control.tensor_array import TensorArray
from pellucid.ops.math.casting import cast
from pellucid.ops.math.comparison import equal, logical_and, logical_or
from pellucid.ops.math.reductions import reduce_max
from pellucid.ops.math.selection import where
from pellucid.recurrent.cell import batch_size_of

log = logging.getLogger("tensorflow")             # where TensorFlow says it too


def tile_batch(t, multiplier, name=None):
    """Each row of a Tensor, or of a structure of them, `multiplier` times in a row.

    Args:
      t: structure of Tensor, shape (batch, ...).
      multiplier: int, the beam width.
      name: str.

    Returns:
      The same structure of Tensor, shape (batch * multiplier, ...).

    As in TF: tf.contrib.seq2seq.tile_batch.
    """
    with name_scope(name, "tile_batch", nest.flatten(t)):
        return nest.map_structure(lambda x: _tiled(x, multiplier), t)


def _tiled(x, multiplier):
    x = convert_to_tensor(x, name="t")
    known = x.spec.shape
    if not known:
        raise ValueError(f"t must have statically known rank of at least 1, saw shape: {x.shape}")
    repeated = tile(expand_dims(x, 1), [1, multiplier] + [1] * (len(known) - 1))
    sizes = shape(x)
    result = reshape(repeated, concat([[sizes[0] * multiplier], sizes[1:]], 0))
    batch = None if known[0] is None or isinstance(multiplier, Tensor) else known[0] * multiplier
    result.set_shape([batch, *known[1:]])
    return result


class Beams:
    """A batch of so many beams.

    Args:
      batch_size: scalar int32 Tensor.
      width: int, the number of beams.
    """

    def __init__(self, batch_size, width):
        self.batch_size, self.width = batch_size, width
        known = batch_size.spec.value
        self.known_batch = None if known is None else int(known)

    def split(self, x, size):
        """(batch * beams, size...) as (batch, beams, size...); counters and TensorArrays stay."""
        if isinstance(x, TensorArray) or _rank_of(x) == 0:
            return x
        wanted = TensorShape([self.known_batch, self.width]).concatenate(_as_shape(size))
        result = reshape(x, concat([[self.batch_size, self.width], shape(x)[1:]], 0))
        if not result.shape.is_compatible_with(wanted):
            raise ValueError(
                f"The state {x.name!r} has shape {x.shape}, which makes {result.shape} of a "
                f"batch of beams, where (batch, beams, depth) == {wanted} is expected. Make "
                "it with tf.contrib.seq2seq.tile_batch, or zero_state(batch_size * beam_width).")
        result.set_shape(wanted)
        return result

    def merge(self, x, size):
        """(batch, beams, size...) as (batch * beams, size...); what has no beams stays."""
        if isinstance(x, TensorArray) or _rank_of(x) < 2:
            return x
        result = reshape(
            x, concat([[self.batch_size * self.width], shape(x)[2:]], 0))
        known = None if self.known_batch is None else self.known_batch * self.width
        result.set_shape(TensorShape([known]).concatenate(_as_shape(size)))
        return result

    def pick(self, x, chosen):
        """(batch, beams, ...): for each beam the entry of x that `chosen` names.

        Args:
          x: Tensor, shape (batch, choices, ...); counters and TensorArrays stay as they are.
          chosen: int32 Tensor, shape (batch, beams).
        """
        if isinstance(x, TensorArray) or _rank_of(x) < 2:
            return x
        with name_scope(None, "tensor_gather_helper", [x, chosen]):
            sizes = shape(x)
            first = expand_dims(range_(self.batch_size) * sizes[1], 1)
            rows = reshape(x, concat([[self.batch_size * sizes[1]], sizes[2:]], 0))
            found = gather(rows, reshape(chosen + first, [-1]))
            result = reshape(found, concat([sizes[:1], [self.width], sizes[2:]], 0))
            result.set_shape([x.shape[0], self.width, *x.shape.as_list()[2:]])
            return result

    def sorted_history(self, history, parent_ids, lengths):
        """A TensorArray of all steps as a Tensor, each beam's own past; else x itself."""
        if not isinstance(history, TensorArray):
            return history
        known = history.element_shape
        if not known.ndims:
            log.warning("The TensorArray %s in the cell state is not sorted by beams: the shape of "
                        "its elements must be known, but is %s.", history.flow.name, known)
            return history
        if not self._may_hold(known.as_list()):
            log.warning("The TensorArray %s in the cell state is not sorted by beams: its elements "
                        "have shape %s, not (batch, beams, ...). Set reorder_tensor_arrays=False "
                        "to be told no more.", history.flow.name, known)
            return history
        steps = history.stack()
        with control_dependencies([self._check_held(steps)]):
            return gather_tree_from_array(steps, parent_ids, lengths)

    def _may_hold(self, known):
        """Whether elements of this static shape are sorted: if the run has to tell, or vectors.

        So TensorFlow leaves alignments whose batch and time are known in their TensorArray.
        """
        batch, width = self.known_batch, self.width
        if batch is None or known[0] is None:
            return True
        return known[0] == batch * width and (
            len(known) == 1 or known[1] is None or known[:2] == [batch, width])

    def _check_held(self, steps):
        sizes, both = shape(steps), self.batch_size * self.width
        holds = equal(sizes[1], both)
        if steps.spec.rank != 2:
            holds = logical_or(holds, logical_and(equal(sizes[1], self.batch_size),
                                                  equal(sizes[2], self.width)))
        return Assert_(holds, [f"{steps.name}: elements of a TensorArray in the cell state must "
                               "have shape (batch, beams, ...) to be sorted by beams; set "
                               "reorder_tensor_arrays=False to leave them."])


def gather_tree_from_array(t, parent_ids, sequence_length):
    """What was computed in each step, for each path of a beam search in order.

    Args:
      t: Tensor, shape (time, batch, beams, ...) or (time, batch * beams, ...).
      parent_ids: int32 Tensor, shape (time, batch, beams), as in gather_tree.
      sequence_length: int Tensor, shape (batch, beams).

    Returns:
      Tensor like t. Behind a path's end each beam has its own entries.

    As in TF: tf.contrib.seq2seq.python.ops.beam_search_decoder.gather_tree_from_array.
    """
    time, batch, width = [batch_size_of(parent_ids, axis) for axis in range(3)]
    own = tile(reshape(range_(width), [1, 1, -1]), [time, batch, 1])
    paths = gather_tree(own, parent_ids, cast(reduce_max(sequence_length, axis=1), dtypes.int32),
                        width + 1)
    inside = transpose(sequence_mask(sequence_length, time), [2, 0, 1])
    paths = where(inside, paths, own)
    steps = tile(reshape(range_(time), [-1, 1, 1]), [1, batch, width])
    rows = tile(reshape(range_(batch), [1, -1, 1]), [time, 1, width])
    found = gather_nd(reshape(t, [time, batch, width, -1]), stack([steps, rows, paths], -1))
    return reshape(found, shape(t))


def _rank_of(x):
    if x.spec.rank is None:
        raise ValueError(f"Expected tensor ({x!r}) to have known rank, but its shape is unknown.")
    return x.spec.rank


def _as_shape(size):
    if not isinstance(size, Tensor):
        return TensorShape(size)
    value = size.spec.value
    return TensorShape(None if value is None else value.tolist())
