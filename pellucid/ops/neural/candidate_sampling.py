"""Classes drawn to be told from the true ones, where there are too many to look at all.

The numbers are TensorFlow's: a draw takes two words of the operation's sequence, and a run
has 512 blocks for each class that it draws. Read next: ../../nn/sampling.py.
"""

import collections
import math

import numpy as np

from pellucid.core import dtypes, errors
from pellucid.core.gradients import NotDifferentiable
from pellucid.core.operation import Operation, convert_to_tensor
from pellucid.core.shapes import Spec, merge
from pellucid.ops.arguments import check_allowed, name_scope
from pellucid.ops.random import numbers as random_numbers
from pellucid.ops.random.draws import RandomOperation, Sequence, seeds

_BLOCKS = 512                                # 2048 words


class _CandidateSampler(RandomOperation):
    """Base: (num_sampled classes, expected counts of the true ones, of the sampled ones)."""

    attrs = {"num_true": 1, "num_sampled": 1, "unique": True, "range_max": 1, "seed": 0,
             "seed2": 0}

    def infer(self, true_classes):
        check_allowed("true_classes", true_classes.dtype, (dtypes.int64,))
        shape = merge(true_classes.shape, (None, self.num_true))
        return (Spec(dtypes.int64, (self.num_sampled,)), Spec(dtypes.float32, shape),
                Spec(dtypes.float32, (self.num_sampled,)))

    def compute(self, cell, true_classes):
        if true_classes.ndim != 2 or true_classes.shape[1] != self.num_true:
            raise errors.InvalidArgumentError(
                None, None, f"true_classes must have num_true = {self.num_true} columns, but "
                f"has shape {list(true_classes.shape)}")
        with cell.lock:
            state = cell.value
            if type(state) is Sequence:
                cell.value = state.skip(_BLOCKS * self.num_sampled)
            drawn, tries = self._draw(state)
        return drawn, self._expected(true_classes, tries), self._expected(drawn, tries)

    def _draw(self, state):
        """(classes, how many were drawn until there were enough different ones)."""
        n = self.num_sampled
        if not self.unique:
            return self._sample(state, 0, n), n
        drawn, tries, count = {}, 0, n
        while True:
            for candidate in self._sample(state, tries, count).tolist():
                tries += 1
                drawn[candidate] = None
                if len(drawn) == n:
                    return np.array(list(drawn), np.int64), tries
            count = max(64, tries)

    def _sample(self, state, start, n):
        """The classes number start, ..., start + n - 1 of the sequence."""
        raise NotImplementedError

    def _probability(self, classes):
        raise NotImplementedError

    def _expected(self, classes, tries):
        """How often a class is expected; if they are unique, its chance to be there."""
        p = self._probability(classes)
        with np.errstate(divide="ignore"):
            found = p * tries if tries == self.num_sampled else \
                -np.expm1(tries * np.log1p(-p))
        return found.astype(np.float32)


class LogUniformCandidateSampler(_CandidateSampler):
    """P(class) = log((class + 2) / (class + 1)) / log(range_max + 1)."""

    op_type, attrs = "LogUniformCandidateSampler", _CandidateSampler.attrs

    def _sample(self, state, start, n):
        if type(state) is Sequence:
            block, rest = divmod(2 * start, 4)
            u = random_numbers.uniform(state.key, [state.block + block], n + rest // 2,
                                       np.dtype(np.float64))[0][rest // 2:]
        else:
            u = state.random(n)
        found = np.exp(u * math.log1p(self.range_max)).astype(np.int64) - 1
        return found % self.range_max          # rounding may reach the end of the range

    def _probability(self, classes):
        return np.log((classes + 2.0) / (classes + 1.0)) / math.log1p(self.range_max)


class UniformCandidateSampler(_CandidateSampler):
    """P(class) = 1 / range_max."""

    op_type, attrs = "UniformCandidateSampler", _CandidateSampler.attrs

    def _sample(self, state, start, n):
        if type(state) is not Sequence:
            return state.integers(0, self.range_max, n)
        block, rest = divmod(2 * start, 4)
        # A word below 2^64 mod range_max would favour small classes, and is drawn anew: a
        # chance of range_max / 2^64, which is left out.
        words = random_numbers.words(state.key, [state.block + block], n + rest // 2, 8)
        return (words[0][rest // 2:] % np.uint64(self.range_max)).astype(np.int64)

    def _probability(self, classes):
        return np.full(classes.shape, 1 / self.range_max)


NotDifferentiable("LogUniformCandidateSampler")
NotDifferentiable("UniformCandidateSampler")


def log_uniform_candidate_sampler(true_classes, num_true, num_sampled, unique, range_max,
                                  seed=None, name=None):
    """Classes drawn so that small numbers, as of frequent words, come more often.

    Args:
      true_classes: Tensor of int64, shape (batch, num_true).
      num_true: int, how many true classes an example has.
      num_sampled: int, how many to draw, for the whole batch.
      unique: bool, whether those drawn must differ.
      range_max: int, how many classes there are.
      seed: int.

    Returns:
      (sampled_candidates, true_expected_count, sampled_expected_count), a namedtuple: int64
      of shape (num_sampled,), P(class) = log((class + 2) / (class + 1)) /
      log(range_max + 1); and how often the true and the sampled ones are to be expected
      among them, float32, of shapes (batch, num_true) and (num_sampled,).

    As in TF: tf.random.log_uniform_candidate_sampler (op type LogUniformCandidateSampler).
    """
    return _build(LogUniformCandidateSampler, true_classes, num_true, num_sampled, unique,
                  range_max, seed, name)


def uniform_candidate_sampler(true_classes, num_true, num_sampled, unique, range_max,
                              seed=None, name=None):
    """Classes drawn with equal chances; arguments and results as of
    log_uniform_candidate_sampler.

    As in TF: tf.random.uniform_candidate_sampler (op type UniformCandidateSampler).
    """
    return _build(UniformCandidateSampler, true_classes, num_true, num_sampled, unique,
                  range_max, seed, name)


def _build(op_class, true_classes, num_true, num_sampled, unique, range_max, seed, name):
    for label, value in (("num_true", num_true), ("num_sampled", num_sampled),
                         ("range_max", range_max)):
        if value < 1:
            raise ValueError(f"{label} must be at least 1, but is {value}.")
    if unique and num_sampled > range_max:
        raise ValueError(f"{num_sampled} classes cannot all differ, where there are only "
                         f"{range_max}.")
    result = collections.namedtuple(op_class.op_type, [
        "sampled_candidates", "true_expected_count", "sampled_expected_count"])
    with name_scope(name, op_class.op_type, [true_classes]) as scope:
        true_classes = convert_to_tensor(true_classes, dtypes.int64, name="true_classes")
        return result(*op_class([true_classes], scope, num_true=num_true,
                                num_sampled=num_sampled, unique=bool(unique),
                                range_max=range_max, **seeds(seed)).outputs)


class ComputeAccidentalHits(Operation):
    """(indices, ids, weights) of the sampled classes that are true ones of an example."""

    op_type, attrs, fresh = "ComputeAccidentalHits", {"num_true": 1, "seed": 0, "seed2": 0}, True
    host = True

    def infer(self, true_classes, sampled_candidates):
        merge(true_classes.shape, (None, self.num_true))
        merge(sampled_candidates.shape, (None,))
        return (Spec(dtypes.int32, (None,)), Spec(dtypes.int64, (None,)),
                Spec(dtypes.float32, (None,)))

    def compute(self, true_classes, sampled_candidates):
        n = len(sampled_candidates)
        last = dict(zip(sampled_candidates.tolist(), range(n), strict=True))
        latest = np.zeros(n, bool)                # of a class drawn twice, the later counts
        latest[list(last.values())] = True
        rows, _, places = np.nonzero(latest & (true_classes[:, :, None] == sampled_candidates))
        weights = np.full(len(rows), np.finfo(np.float32).min, np.float32)
        return rows.astype(np.int32), places.astype(np.int64), weights


NotDifferentiable("ComputeAccidentalHits")

_Hits = collections.namedtuple("ComputeAccidentalHits", ["indices", "ids", "weights"])


def compute_accidental_hits(true_classes, sampled_candidates, num_true, seed=None, name=None):
    """Where a sampled class is one of an example's true ones.

    Args:
      true_classes: Tensor of int64, shape (batch, num_true).
      sampled_candidates: Tensor of int64, shape (num_sampled,).
      num_true: int.
      seed: for TensorFlow's signature; nothing is drawn.

    Returns:
      (indices, ids, weights), a namedtuple of vectors: example indices[i] has
      sampled_candidates[ids[i]] as a true class; weights[i] is the least float32, to be
      added to that logit.

    As in TF: tf.nn.compute_accidental_hits (op type ComputeAccidentalHits).
    """
    with name_scope(name, "ComputeAccidentalHits", [true_classes, sampled_candidates]) as scope:
        true_classes = convert_to_tensor(true_classes, dtypes.int64, name="true_classes")
        sampled = convert_to_tensor(sampled_candidates, dtypes.int64, name="sampled_candidates")
        return _Hits(*ComputeAccidentalHits([true_classes, sampled], scope, num_true=num_true,
                                            **seeds(seed)).outputs)
