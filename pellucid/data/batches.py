"""Data sets of batches, and of windows; and single elements out of batches again.

Read next: functions.py.
"""

import collections
import itertools

import numpy as np

from pellucid.core import dtypes, errors
from pellucid.data.elements import pad_and_stack, stack
from pellucid.data.sparse import SparseElement, stack_sparse, unstack_sparse
from pellucid.data.streams import (
    TYPED,
    DatasetOp,
    Failure,
    Stream,
    checked,
    dataset_op,
    require,
)


@dataset_op
class BatchDatasetV2(DatasetOp):
    """Elements put together, batch_size at a time."""

    op_type, attrs = "BatchDatasetV2", {"parallel_copy": False, **TYPED}

    def check(self, source, batch_size, drop_remainder):
        """A batch must hold something."""
        require(int(batch_size) > 0, "Batch size must be greater than zero.")

    def iterate(self, context, source, batch_size, drop_remainder):
        """One batch after the other."""
        for rows in chunks(source.iterate(context), int(batch_size), bool(drop_remainder)):
            yield rows if type(rows) is Failure else attempt(batch_of, rows, self.output_types)


@dataset_op
class PaddedBatchDatasetV2(DatasetOp):
    """The same, of elements that are padded to one shape.

    Inputs: the data set, batch_size, for each component a shape (-1: of the largest), for each a
    value to pad with, drop_remainder.
    """

    op_type, attrs = "PaddedBatchDatasetV2", {"N": 1, "Toutput_types": (), **TYPED}

    def check(self, source, batch_size, *rest):
        """A batch must hold something."""
        require(int(batch_size) > 0, "Batch size must be greater than zero.")

    def iterate(self, context, source, batch_size, *rest):
        """One batch after the other."""
        n = len(self.Toutput_types)
        wanted = [tuple(None if d < 0 else d for d in np.asarray(s).tolist()) for s in rest[:n]]
        padding = rest[n:2 * n]
        for rows in chunks(source.iterate(context), int(batch_size), bool(rest[-1])):
            yield rows if type(rows) is Failure else attempt(
                self._padded, rows, wanted, padding)

    def _padded(self, rows, wanted, padding):
        return tuple([
            stack_sparse(column) if isinstance(column[0], SparseElement) else pad_and_stack(
                column, dtype, shape, np.asarray(value, dtype._numpy).item())
            for column, dtype, shape, value in zip(
                zip(*rows, strict=True), self.Toutput_types, wanted, padding, strict=True)])


def chunks(elements, size, drop_remainder):
    """Generator of lists of `size` elements; a Failure drops the list it would have been in."""
    rows = []
    for element in elements:
        if type(element) is Failure:
            rows = []
            yield element
            continue
        rows.append(element)
        if len(rows) == size:
            yield rows
            rows = []
    if rows and not drop_remainder:
        yield rows


def attempt(function, *args):
    """function(*args), or the Failure to compute it."""
    try:
        return function(*args)
    except Exception as error:
        return Failure(error)


def batch_of(rows, types):
    """The flat element that a list of flat elements makes."""
    return tuple([_column(column, dtype)
                  for column, dtype in zip(zip(*rows, strict=True), types, strict=True)])


def _column(column, dtype):
    if dtype is dtypes.variant:
        require(isinstance(column[0], SparseElement),
                "Batching data sets is not supported: batch their elements, with flat_map.")
        return stack_sparse(column)
    found = {getattr(value, "shape", ()) for value in column}
    if len(found) > 1:
        raise errors.InvalidArgumentError(
            None, None, "Cannot batch tensors with different shapes: "
            f"{', '.join(map(str, sorted(found)))}. padded_batch makes them alike.")
    return stack(column, dtype, found.pop())


@dataset_op
class UnbatchDataset(DatasetOp):
    """The rows of the elements."""

    op_type, attrs = "UnbatchDataset", TYPED

    def iterate(self, context, source):
        """Row after row."""
        for element in source.iterate(context):
            if type(element) is Failure:
                yield element
                continue
            parts = [unstack_sparse(part) if isinstance(part, SparseElement) else part
                     for part in element]
            if len({len(part) for part in parts}) > 1:
                yield Failure(errors.InvalidArgumentError(
                    None, None, "Input element must have the same batch size in each component."))
                continue
            yield from zip(*parts, strict=True)


@dataset_op
class WindowDataset(DatasetOp):
    """Data sets of `size` elements each, `stride` apart, which begin `shift` apart."""

    op_type, attrs = "WindowDataset", TYPED

    def check(self, source, size, shift, stride, drop_remainder):
        """All must be positive."""
        for name, value in zip(("size", "shift", "stride"), (size, shift, stride), strict=True):
            require(int(value) > 0, f"Window {name} must be greater than zero.")

    def iterate(self, context, source, size, shift, stride, drop_remainder):
        """One window after the other, a data set for each component."""
        size, shift, stride = int(size), int(shift), int(stride)
        span = (size - 1) * stride + 1
        buffer, elements = collections.deque(), checked(source.iterate(context))
        while True:
            buffer.extend(itertools.islice(elements, span - len(buffer)))
            rows = list(buffer)[::stride]
            if not rows or (drop_remainder and len(rows) < size):
                return
            yield tuple([_Kept(column) for column in zip(*rows, strict=True)])
            for _ in range(min(shift, len(buffer))):
                buffer.popleft()
            if shift > span:
                for _ in itertools.islice(elements, shift - span):
                    pass


class _Kept(Stream):
    """The data set of one component of a window."""

    __slots__ = ("column",)

    def __init__(self, column):
        super().__init__(None, ())
        self.column = column

    def iterate(self, context, key=0):
        """The elements, each of one component."""
        return ((value,) for value in self.column)
