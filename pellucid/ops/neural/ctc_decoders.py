"""From CTC's class probabilities to labels: the best class at each time, or a beam search."""

import heapq
import math

import numpy as np

from pellucid.core import dtypes
from pellucid.core.gradients import NotDifferentiable
from pellucid.core.operation import Operation, convert_to_tensor
from pellucid.core.shapes import Spec, merge
from pellucid.ops.arguments import check_allowed
from pellucid.ops.neural.ctc import FLOATS, check_lengths
from pellucid.ops.sparse.sparse_tensor import SparseTensor


class _Decoder(Operation):
    """Base: (indices, values, shapes) of label sequences, and a number for each."""

    fresh = True
    top_paths = 1

    def infer(self, inputs, sequence_length):
        check_allowed("inputs", inputs.dtype, FLOATS)
        _, batch, _ = merge(inputs.shape, (None, None, None))
        (batch,) = merge((batch,), sequence_length.shape)
        paths = range(self.top_paths)
        return (*[Spec(dtypes.int64, (None, 2)) for _ in paths],
                *[Spec(dtypes.int64, (None,)) for _ in paths],
                *[Spec(dtypes.int64, (2,)) for _ in paths],
                Spec(inputs.dtype, (batch, self.top_paths)))

    def compute(self, inputs, sequence_length):
        check_lengths(sequence_length, len(inputs))
        paths = [[] for _ in range(self.top_paths)]
        numbers = np.zeros((inputs.shape[1], self.top_paths), inputs.dtype)
        for b, length in enumerate(sequence_length.tolist()):
            found, numbers[b] = self.decode(inputs[:length, b])
            for path, labels in zip(paths, found, strict=True):
                path.append(labels)
        triples = [_sparse(path) for path in paths]
        return (*[i for i, _, _ in triples], *[v for _, v, _ in triples],
                *[s for _, _, s in triples], numbers)

    def decode(self, logits):
        """(label sequences, numbers) of one entry, whose logits are (time, classes)."""
        raise NotImplementedError


def _sparse(rows):
    lengths = np.array([len(row) for row in rows], np.int64)
    indices = [(b, i) for b, row in enumerate(rows) for i in range(len(row))]
    values = [label for row in rows for label in row]
    return (np.array(indices, np.int64).reshape(-1, 2), np.array(values, np.int64),
            np.array([len(rows), lengths.max(initial=0)], np.int64))


def _collapsed(labels):
    """Labels, of each run of equal ones the first."""
    return [label for i, label in enumerate(labels) if i == 0 or label != labels[i - 1]]


class CTCGreedyDecoder(_Decoder):
    """The best class at each time; repeated ones are merged, blanks left out."""

    op_type, attrs, host = "CTCGreedyDecoder", {"merge_repeated": False}, True

    def decode(self, logits):
        """The labels, and minus the sum of the best logits."""
        best = logits.argmax(-1).tolist()
        labels = _collapsed(best) if self.merge_repeated else best
        blank = logits.shape[1] - 1
        return [[c for c in labels if c != blank]], -logits.max(-1).sum()


class CTCBeamSearchDecoder(_Decoder):
    """The label sequences of greatest probability that a search with a beam finds.

    Graves' prefix search (2012, section 7.5), with a bounded number of prefixes. Of each prefix it
    knows the probability of all ways to have said it by now, apart for those that end in a blank.
    """

    op_type, host = "CTCBeamSearchDecoder", True
    attrs = {"beam_width": 100, "top_paths": 1, "merge_repeated": True}

    def infer(self, inputs, sequence_length):
        if not 1 <= self.top_paths <= self.beam_width:
            raise ValueError(f"top_paths must be in [1, beam_width = {self.beam_width}], not "
                             f"{self.top_paths}.")
        return super().infer(inputs, sequence_length)

    def decode(self, logits):
        """The sequences, and the logarithms of their probabilities."""
        log_y = logits - logits.max(-1, keepdims=True)
        log_y = (log_y - np.log(np.exp(log_y).sum(-1, keepdims=True))).astype(np.float64)
        beam = {(): (0.0, -math.inf)}             # prefix -> log p, ending in blank and not
        for row in log_y:
            beam = self._step(beam, row)
        best = sorted(beam.items(), key=_total, reverse=True)[:self.top_paths]
        best += [((), (-math.inf, -math.inf))] * (self.top_paths - len(best))
        labels = [_collapsed(prefix) if self.merge_repeated else list(prefix)
                  for prefix, _ in best]
        return labels, [_total(item) for item in best]

    def _step(self, beam, row):
        """The beam after one more time, at which the classes have log-probabilities `row`."""
        new = {prefix: _stayed(prefix, beam, row) for prefix in beam}
        order = [prefix for prefix, _ in sorted(beam.items(), key=_total, reverse=True)]
        turns = {prefix: i for i, prefix in enumerate(order)}
        worst = [(_total(item), i, item[0]) for i, item in enumerate(new.items())]
        heapq.heapify(worst)
        left, barren = {}, set()            # prefix -> when it left the beam: (turn, label)
        for turn, prefix in enumerate(order):
            # As in TensorFlow: what left the beam, and was found again to be too improbable when
            # its parent had its turn, has no children.
            parent = prefix[:-1]
            if prefix and prefix in left and parent not in barren and (
                    left[prefix] < (turns.get(parent, -1), prefix[-1]) < (turn,)):
                barren.add(prefix)
                continue
            scores = _extended(prefix, beam[prefix], row)
            full = len(worst) == self.beam_width
            for label in np.flatnonzero(scores > (worst[0][0] if full else -math.inf)).tolist():
                child, score = (*prefix, label), float(scores[label])
                if child in new:
                    continue
                entry = (score, len(new) + turn, child)
                if len(worst) < self.beam_width:
                    heapq.heappush(worst, entry)
                elif score > worst[0][0]:
                    _, _, gone = heapq.heapreplace(worst, entry)
                    left[gone] = (turn, label)
                    del new[gone]
                else:
                    continue
                new[child] = (-math.inf, score)
        return new


def _stayed(prefix, beam, row):
    """log p of a prefix of the beam, ending in a blank and not, after one more time."""
    by_blank, by_label = beam[prefix]
    if not prefix:
        return np.logaddexp(by_blank, by_label) + row[-1], -math.inf
    said, parent = by_label + row[prefix[-1]], beam.get(prefix[:-1])
    if parent is not None:
        said = np.logaddexp(said, _extended(prefix[:-1], parent, row)[prefix[-1]])
    return np.logaddexp(by_blank, by_label) + row[-1], said


def _extended(prefix, parts, row):
    """log p of saying each label after a prefix; the same again needs a blank between."""
    scores = np.logaddexp(*parts) + row[:-1]
    if prefix:
        scores[prefix[-1]] = parts[0] + row[prefix[-1]]
    return scores


def _total(item):
    return float(np.logaddexp(*item[1]))


NotDifferentiable("CTCGreedyDecoder")
NotDifferentiable("CTCBeamSearchDecoder")


def ctc_greedy_decoder(inputs, sequence_length, merge_repeated=True):
    """The labels of the best class at each time.

    Args:
      inputs: Tensor of float32 or float64, shape (time, batch, classes): logits; the last
        class is the blank.
      sequence_length: vector of int32, how many steps each entry has.
      merge_repeated: bool, whether a class at several times in a row counts once.

    Returns:
      ([decoded], neg_sum_logits): a SparseTensor of int64, shape (batch, most labels), and a
      Tensor of shape (batch, 1): minus the sum of the best logits.

    As in TF: tf.nn.ctc_greedy_decoder (op type CTCGreedyDecoder).
    """
    op = _decoder(CTCGreedyDecoder, inputs, sequence_length, merge_repeated=bool(merge_repeated))
    return [SparseTensor(*op.outputs[:3])], op.outputs[3]


def ctc_beam_search_decoder(inputs, sequence_length, beam_width=100, top_paths=1,
                            merge_repeated=True):
    """The label sequences of greatest probability that a beam search finds.

    Args:
      inputs, sequence_length: as of ctc_greedy_decoder.
      beam_width: int, how many prefixes are kept at a time.
      top_paths: int, how many sequences to return.
      merge_repeated: bool, make one of repeated labels of the result: "A A" becomes "A".

    Returns:
      (decoded, log_probabilities): a list of top_paths SparseTensors of int64, and a Tensor of
      shape (batch, top_paths).

    As in TF: tf.nn.ctc_beam_search_decoder (op type CTCBeamSearchDecoder).
    """
    op = _decoder(CTCBeamSearchDecoder, inputs, sequence_length, beam_width=int(beam_width),
                  top_paths=int(top_paths), merge_repeated=bool(merge_repeated))
    n = op.top_paths
    decoded = [SparseTensor(*op.outputs[i:3 * n:n]) for i in range(n)]
    return decoded, op.outputs[-1]


def _decoder(op_class, inputs, sequence_length, **attrs):
    inputs = convert_to_tensor(inputs, preferred_dtype=dtypes.float32, name="inputs")
    lengths = convert_to_tensor(sequence_length, dtypes.int32, name="sequence_length")
    return op_class([inputs, lengths], **attrs)
