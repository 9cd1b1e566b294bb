"""edit_distance: how many insertions, deletions and replacements make one sequence another."""

import itertools

import numpy as np

from pellucid.core import dtypes, errors
from pellucid.core.gradients import NotDifferentiable
from pellucid.core.operation import Operation
from pellucid.core.shapes import Spec
from pellucid.ops.arguments import name_scope, same_dtype
from pellucid.ops.sparse.sparse_tensor import as_sparse


class EditDistance(Operation):
    """The edit distance of each pair of sequences, which lie along the last axis.

    Where normalized, the distance is divided by the length of the truth: inf if only that is 0.
    """

    op_type, attrs, fresh = "EditDistance", {"normalize": True}, True
    host = True

    def infer(self, hypothesis_indices, hypothesis_values, hypothesis_shape, truth_indices,
              truth_values, truth_shape):
        same_dtype(hypothesis_values, truth_values, ("hypothesis_values", "truth_values"))
        known = [s.value for s in (hypothesis_shape, truth_shape)]
        if any(value is None for value in known):
            ranks = [s.shape[0] for s in (hypothesis_shape, truth_shape) if s.shape]
            rank = next((r for r in ranks if r is not None), None)
            return Spec(dtypes.float32, None if rank is None else (None,) * (rank - 1))
        return Spec(dtypes.float32, _result_shape(*known))

    def compute(self, hypothesis_indices, hypothesis_values, hypothesis_shape, truth_indices,
                truth_values, truth_shape):
        ours = _sequences(hypothesis_indices, hypothesis_values, "hypothesis")
        theirs = _sequences(truth_indices, truth_values, "truth")
        result = np.zeros(_result_shape(hypothesis_shape, truth_shape), np.float32)
        for place in {*ours, *theirs}:
            hypothesis, truth = ours.get(place, ()), theirs.get(place, ())
            distance = levenshtein(hypothesis, truth)
            if self.normalize:
                distance = distance / len(truth) if len(truth) else np.inf
            result[place] = distance
        return result


def _result_shape(*dense_shapes):
    first, second = (tuple(s.tolist()) for s in dense_shapes)
    if len(first) != len(second):
        raise ValueError(f"Expected hypothesis_shape.NumElements() == truth_shape.NumElements(), "
                         f"but are {len(first)} and {len(second)}")
    return tuple(max(pair) for pair in zip(first[:-1], second[:-1], strict=True))


def _sequences(indices, values, label):
    """{place in the result: the values there, in order}."""
    groups, starts = indices[:, :-1], [0]
    if len(indices):
        changes = np.any(groups[1:] != groups[:-1], axis=1)
        starts = [0, *(np.flatnonzero(changes) + 1), len(indices)]
    found = {}
    for start, end in itertools.pairwise(starts):
        place = tuple(groups[start].tolist())
        if place in found:
            raise errors.InvalidArgumentError(None, None, (
                f"{label}_indices are out of order: use sparse_reorder"))
        found[place] = values[start:end]
    return found


def levenshtein(a, b):
    """The least number of insertions, deletions and replacements that turn a into b.

    Row by row of the usual table (Wagner & Fischer 1974). Within a row each entry may also
    follow from the one before it: a running minimum of (entry - position).

    >>> levenshtein("kitten", "sitting")
    3
    """
    a, b = (np.array(list(x)) for x in (a, b))
    positions = np.arange(len(b) + 1)
    row = positions
    for i, item in enumerate(a):
        from_above = row + 1
        from_above[1:] = np.minimum(from_above[1:], row[:-1] + (b != item))
        from_above[0] = i + 1
        row = np.minimum.accumulate(from_above - positions) + positions
    return int(row[-1])


NotDifferentiable("EditDistance")


def edit_distance(hypothesis, truth, normalize=True, name="edit_distance"):
    """The Levenshtein distance of sequences, which lie along the last axis of sparse tensors.

    Args:
      hypothesis: SparseTensor.
      truth: SparseTensor of its dtype and rank.
      normalize: bool, divide by the length of the truth; where that is 0 and the hypothesis
        is not empty, the result is inf.
      name: str.

    Returns:
      Tensor of float32, of the shape without the last axis.

    As in TF: tf.edit_distance (op type EditDistance).
    """
    hypothesis, truth = as_sparse(hypothesis), as_sparse(truth)
    with name_scope(name, "EditDistance") as scope:
        return EditDistance(
            [hypothesis.indices, hypothesis.values, hypothesis.dense_shape, truth.indices,
             truth.values, truth.dense_shape], scope, normalize=bool(normalize)).output
