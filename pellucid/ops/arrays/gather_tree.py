"""gather_tree: the paths of a beam search, read from their ends."""

import numpy as np

from pellucid.core import errors
from pellucid.core.arrays import array_namespace, on_host
from pellucid.core.gradients import NotDifferentiable
from pellucid.core.operation import Operation
from pellucid.core.shapes import Spec, merge
from pellucid.ops.arguments import build, same_dtype


class GatherTree(Operation):
    """Each path followed from its last step to its first; end_token behind its end."""

    op_type, fresh = "GatherTree", True

    def infer(self, step_ids, parent_ids, max_sequence_lengths, end_token):
        for spec, rank in ((step_ids, 3), (parent_ids, 3), (max_sequence_lengths, 1),
                           (end_token, 0)):
            if spec.rank not in (rank, None):
                raise ValueError(f"Shape must be rank {rank} but is rank {spec.rank}")
        shape = merge((None,) * 3, merge(step_ids.shape, parent_ids.shape))
        batch = None if max_sequence_lengths.shape is None else max_sequence_lengths.shape[0]
        return Spec(same_dtype(step_ids, parent_ids), merge(shape, (None, batch, None)))

    def compute(self, step_ids, parent_ids, max_sequence_lengths, end_token):
        xp = array_namespace(step_ids, parent_ids, max_sequence_lengths, end_token)
        time, batch, width = np.shape(step_ids)
        if time == 0:
            return step_ids
        beams = xp.broadcast_to(xp.arange(width), (batch, width))
        lengths = xp.minimum(max_sequence_lengths, time)[:, None]
        path = [None] * time
        for t in reversed(range(time)):
            inside = t < lengths
            ids = xp.take_along_axis(step_ids[t], beams, 1)
            path[t] = xp.where(inside, ids, end_token)
            parents = xp.take_along_axis(parent_ids[t], beams, 1)
            if t and on_host(parents):
                _check_parents(parents, inside, t)
            beams = xp.where(inside, parents, beams)
        path = xp.stack(path)
        ends = path == end_token
        return xp.where(xp.cumsum(ends, 0) - ends > 0, end_token, path).astype(step_ids.dtype)


def _check_parents(parents, inside, t):
    wrong = np.argwhere(inside & ((parents < 0) | (parents >= parents.shape[1])))
    if len(wrong):
        row, beam = wrong[0].tolist()
        raise errors.InvalidArgumentError(
            None, None, f"Saw invalid parent id {parents[row, beam]} at (batch, time, beam) == "
            f"({row}, {t - 1}, {beam})")


NotDifferentiable("GatherTree")


def gather_tree(step_ids, parent_ids, max_sequence_lengths, end_token, name=None):
    """The paths of a beam search.

    Args:
      step_ids: int32 Tensor, shape (time, batch, beams), the symbols that each step added.
      parent_ids: int32 Tensor of that shape, in which beam of the step before they were added.
      max_sequence_lengths: int32 vector of length batch, at which step the paths end.
      end_token: int32 scalar, the symbol that ends a path; behind it there are only such.
      name: str.

    Returns:
      Tensor of step_ids' shape: the symbols of each path, in order.

    Raises:
      tf.errors.InvalidArgumentError: a parent is not the number of a beam (not under XLA).

    >>> ids, parents = [[[1, 2]], [[3, 4]]], [[[0, 0]], [[1, 0]]]
    >>> tf.Session().run(tf.contrib.seq2seq.gather_tree(ids, parents, [2], 9))
    array([[[2, 1]],
    <BLANKLINE>
           [[3, 4]]], dtype=int32)

    As in TF: tf.contrib.seq2seq.gather_tree (op type GatherTree).
    """
    inputs = {"step_ids": step_ids, "parent_ids": parent_ids,
              "max_sequence_lengths": max_sequence_lengths, "end_token": end_token}
    return build(GatherTree, inputs, name, ints=inputs).output
