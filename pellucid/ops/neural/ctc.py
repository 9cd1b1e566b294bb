"""CTC: the likelihood of a label sequence, whatever the times at which its labels are said.

Graves et al. 2006; the equations are those of Graves' book of 2012, section 7.4. The last class is
the blank. A labelling l of n labels is spelled l' = (blank, l1, blank, l2, ..., blank), and its
probability is the sum over all ways through l' in T steps:

    alpha(t, s) = y(t, l's) (alpha(t-1, s) + alpha(t-1, s-1) + [l's is no blank, and not l's-2]
                                                               alpha(t-1, s-2))

beta is the same from the end. Read next: ctc_decoders.py.
"""

import numpy as np

from pellucid.core import dtypes, errors
from pellucid.core.gradients import RegisterGradient
from pellucid.core.operation import Operation, convert_to_tensor
from pellucid.core.shapes import Spec, merge
from pellucid.ops.arguments import check_allowed
from pellucid.ops.arrays.shaping import expand_dims, transpose
from pellucid.ops.control.passing import PreventGradient
from pellucid.ops.sparse.sparse_tensor import SparseTensor

FLOATS = (dtypes.float32, dtypes.float64)


class CTCLoss(Operation):
    """(-log p(labels), its gradient with respect to the inputs), for each entry of the batch."""

    op_type, fresh, host = "CTCLoss", True, True
    attrs = {"preprocess_collapse_repeated": False, "ctc_merge_repeated": True,
             "ignore_longer_outputs_than_inputs": False}

    def infer(self, inputs, labels_indices, labels_values, sequence_length):
        check_allowed("inputs", inputs.dtype, FLOATS)
        check_allowed("labels_values", labels_values.dtype, (dtypes.int32,))
        merge(labels_indices.shape, (None, 2))
        time, batch, classes = merge(inputs.shape, (None, None, None))
        (batch,) = merge((batch,), sequence_length.shape)
        return Spec(inputs.dtype, (batch,)), Spec(inputs.dtype, (time, batch, classes))

    def compute(self, inputs, labels_indices, labels_values, sequence_length):
        time, batch, classes = inputs.shape
        check_lengths(sequence_length, time)
        blank = classes - 1
        labels = [self._sequence(b, found, blank) for b, found in enumerate(
            _by_entry(labels_indices, labels_values, batch))]
        counted = np.array([self._fits(b, labels[b], int(sequence_length[b]))
                            for b in range(batch)], bool)
        loss, grad = np.zeros(batch, inputs.dtype), np.zeros_like(inputs)
        if counted.any() and time:
            kept = [labels[b] for b in np.flatnonzero(counted)]
            lengths = sequence_length[counted]
            loss[counted], grad[:, counted] = _loss_and_gradient(
                inputs[:, counted], kept, lengths, blank, self.ctc_merge_repeated)
        return loss, grad

    def _sequence(self, b, labels, blank):
        """The labels of an entry, without what stands for no label."""
        def refuse(cause):
            raise errors.InvalidArgumentError(None, None, (
                f"{cause}, batch: {b} num_classes: {blank + 1} labels: {labels.tolist()}"))

        if self.preprocess_collapse_repeated and len(labels):
            labels = labels[np.concatenate([[True], labels[1:] != labels[:-1]])]
        null = labels >= blank
        if (null[:-1] & ~null[1:]).any():
            refuse("Saw a non-null label (index >= num_classes - 1) following a null label")
        if (labels < 0).any():
            refuse("All labels must be nonnegative integers")
        return labels[~null]

    def _fits(self, b, labels, length):
        if len(labels) <= length:
            return True
        if self.ignore_longer_outputs_than_inputs:
            return False
        raise errors.InvalidArgumentError(None, None, (
            f"Not enough time for target transition sequence (required: {len(labels)}, available: "
            f"{length}) in entry {b}. You can turn this error into a loss of 0 by the flag "
            "ignore_longer_outputs_than_inputs"))


def check_lengths(sequence_length, time):
    """InvalidArgumentError unless all lengths are in [0, time]."""
    wrong = (sequence_length < 0) | (sequence_length > time)
    if wrong.any():
        b = int(wrong.argmax())
        raise errors.InvalidArgumentError(None, None, (
            f"sequence_length({b}) = {sequence_length[b]}, it must be in [0, {time}]"))


def _by_entry(indices, values, batch):
    """The values of each entry of the batch."""
    ends = np.searchsorted(indices[:, 0], np.arange(batch + 1))
    return [values[ends[b]:ends[b + 1]] for b in range(batch)]


def _loss_and_gradient(inputs, labels, lengths, blank, merge_repeated):
    """The losses of a batch, and their gradient with respect to the inputs."""
    time, batch, _ = inputs.shape
    log_y = inputs - inputs.max(-1, keepdims=True)
    log_y = log_y - np.log(np.exp(log_y).sum(-1, keepdims=True))
    spelled = _spelled(labels, blank)
    ends = np.array([2 * len(found) + 1 for found in labels])
    said = np.take_along_axis(log_y, np.broadcast_to(spelled, (time, *spelled.shape)), 2)
    alpha, beta = _passes(said, spelled, ends, lengths, blank, merge_repeated)
    rows = np.arange(batch)
    last = alpha[np.maximum(lengths - 1, 0), rows]
    final = np.logaddexp(last[rows, ends - 1],
                         np.where(ends > 1, last[rows, np.maximum(ends - 2, 0)], -np.inf))
    final = np.where(lengths > 0, final, 0)

    # The expected number of times that a class is said at time t, given the labels.
    share = np.exp(np.where(np.isfinite(final), final, 0)[:, None] * -1 + alpha + beta)
    share = np.where(np.isfinite(final)[:, None], share, 0)
    expected = np.zeros_like(inputs)
    np.add.at(expected, (np.arange(time)[:, None, None], rows[:, None], spelled), share)
    inside = (np.arange(time)[:, None] < lengths)[:, :, None]
    return -final, np.where(inside, np.exp(log_y) - expected, 0)


def _spelled(labels, blank):
    """l' of each entry, one a row, filled up with blanks."""
    width = 2 * max(map(len, labels)) + 1
    spelled = np.full((len(labels), width), blank)
    for row, found in zip(spelled, labels, strict=True):
        row[1:2 * len(found):2] = found
    return spelled


def _passes(said, spelled, ends, lengths, blank, merge_repeated):
    """(log alpha, log beta), where beta leaves y(t) out; each of shape (time, batch, s)."""
    time, batch, width = said.shape
    low = np.full((batch, width), -np.inf, said.dtype)
    is_label = spelled != blank
    stays = np.where(is_label & (not merge_repeated), -np.inf, 0).astype(said.dtype)
    skips = low.copy()
    skips[:, 2:][is_label[:, 2:] & ~(merge_repeated & (spelled[:, 2:] == spelled[:, :-2]))] = 0
    within = np.arange(width) < ends[:, None]

    alpha = np.full_like(said, -np.inf)
    alpha[0, :, :2] = np.where(within, said[0], -np.inf)[:, :2]
    for t in range(1, time):
        before = alpha[t - 1]
        total = np.logaddexp(before + stays, _shifted(before, 1))
        total = np.logaddexp(total, _shifted(before, 2) + skips)
        alpha[t] = np.where(within, total + said[t], -np.inf)

    beta = np.full_like(said, -np.inf)
    start = np.where((np.arange(width) >= ends[:, None] - 2) & within, 0, low)
    skips_after = _shifted(skips, -2)
    for t in reversed(range(time)):
        after = beta[t + 1] + said[t + 1] if t + 1 < time else low
        total = np.logaddexp(after + stays, _shifted(after, -1))
        total = np.logaddexp(total, _shifted(after, -2) + skips_after)
        here = np.where((lengths == t + 1)[:, None], start, np.where(within, total, -np.inf))
        beta[t] = np.where((lengths > t)[:, None], here, -np.inf)
    return alpha, beta


def _shifted(x, count):
    """The columns moved to the right by count (to the left if negative); -inf comes in."""
    result = np.full_like(x, -np.inf)
    if abs(count) >= x.shape[1]:
        return result
    if count > 0:
        result[:, count:] = x[:, :-count]
    else:
        result[:, :count] = x[:, -count:]
    return result


@RegisterGradient("CTCLoss")
def _ctc_loss_gradient(op, grad, _):
    known = PreventGradient([op.outputs[1]], message=(
        "The second derivative of ctc_loss is not known.")).output
    return expand_dims(grad, -1) * known, None, None, None


def ctc_loss(labels, inputs=None, sequence_length=None, preprocess_collapse_repeated=False,
             ctc_merge_repeated=True, ignore_longer_outputs_than_inputs=False, time_major=True,
             logits=None):
    """-log of the probability of labels, summed over the times at which they may be said.

    Args:
      labels: SparseTensor of int32, shape (batch, most labels). Labels of the last class, the
        blank, and above stand for none, and may come at the end only.
      inputs: Tensor of float32 or float64, shape (time, batch, classes): the logits.
      sequence_length: vector of int32, how many steps of time each entry has.
      preprocess_collapse_repeated: bool, make one of repeated labels beforehand.
      ctc_merge_repeated: bool, whether a label that is said at several times in a row counts
        once. False: it counts each time (not the CTC of the paper).
      ignore_longer_outputs_than_inputs: bool, a loss and a gradient of 0 for entries with more
        labels than steps, instead of an error.
      time_major: bool; False takes inputs of shape (batch, time, classes).
      logits: another name of inputs.

    Returns:
      Tensor of inputs' dtype, shape (batch,).

    As in TF: tf.nn.ctc_loss (op type CTCLoss).
    """
    if not isinstance(labels, SparseTensor):
        raise TypeError("Expected labels (first argument) to be a SparseTensor")
    inputs = convert_to_tensor(inputs if logits is None else logits, name="inputs")
    if sequence_length is None:
        raise ValueError("ctc_loss needs sequence_length, the number of steps of each entry.")
    if not time_major:
        inputs = transpose(inputs, [1, 0, 2])
    lengths = convert_to_tensor(sequence_length, dtypes.int32, name="sequence_length")
    op = CTCLoss([inputs, labels.indices, labels.values, lengths],
                 preprocess_collapse_repeated=bool(preprocess_collapse_repeated),
                 ctc_merge_repeated=bool(ctc_merge_repeated),
                 ignore_longer_outputs_than_inputs=bool(ignore_longer_outputs_than_inputs))
    return op.outputs[0]
