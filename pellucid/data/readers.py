"""Readers: records, one a run, out of the files that a queue names.

    files = tf.train.string_input_producer(["a.csv", "b.csv"])
    key, line = tf.TextLineReader(skip_header_lines=1).read(files)

A reader keeps in the session which file it is in, and where. Read next: batching.py.
"""

import collections
import threading

import numpy as np

from pellucid.core import dtypes, errors
from pellucid.core.cell import Cell
from pellucid.core.gradients import NotDifferentiable
from pellucid.core.operation import Operation, convert_to_tensor
from pellucid.core.shapes import Spec
from pellucid.data import records
from pellucid.data.files import path_of
from pellucid.data.queues import QueueBase

_Read = collections.namedtuple("ReaderRead", ["key", "value"])
_ReadUpTo = collections.namedtuple("ReaderReadUpTo", ["keys", "values"])


class ReaderState:
    """Where a reader is, in a session.

    Args:
      records: function(path) -> iterator of (part of the key or None, record).

    Attributes:
      produced: int, how many records were read.
      completed: int, how many files are finished.
    """

    def __init__(self, records):
        self._records, self._lock = records, threading.Lock()
        self.reset()

    def reset(self):
        """Forgets the file that is being read, and the counts."""
        self.produced = self.completed = 0
        self._file, self._rest = None, None

    def read(self, queue):
        """(key, record), of the next file of the queue when one is finished."""
        with self._lock:
            while True:
                found = self._within(queue)
                if found is not None:
                    return found

    def read_up_to(self, queue, n):
        """At most n pairs (key, record) of one file."""
        with self._lock:
            found = []
            while True:
                pair = self._within(queue)
                if pair is not None:
                    found.append(pair)
                if found and (len(found) == n or self._rest is None):
                    return found

    def _within(self, queue):
        """The next pair of the file that is being read or begun; None at its end."""
        if self._rest is None:
            self._file = np.asarray(queue.dequeue(1)[0][0], object).item()
            self._rest = self._records(path_of(self._file))
        for place, record in self._rest:
            self.produced += 1
            if place is None:                      # the file is one record
                self._finish()
                return self._last, record
            return b"%s:%d" % (self._file, place), record
        self._finish()
        return None

    def _finish(self):
        self._last, self._rest = self._file, None
        self.completed += 1


class _Reader(Operation):
    """What the operations of readers share: a state of the session's."""

    stateful = returns_ref = True

    def infer(self):
        return Spec(dtypes.resource, ())

    def compute(self, cell):
        return cell

    def new_cell(self, session):
        return Cell(lambda: ReaderState(self.records), self.name)

    def records(self, path):
        """Iterator of (place, record) of a file; place None if it is one record."""
        raise NotImplementedError


_ATTRS = {"container": "", "shared_name": ""}


class WholeFileReaderV2(_Reader):
    """Reads a file as one record, its name as the key."""

    op_type, attrs = "WholeFileReaderV2", _ATTRS

    def records(self, path):
        """The file."""
        yield None, records.whole_file(path)


class IdentityReaderV2(_Reader):
    """Gives the names themselves."""

    op_type, attrs = "IdentityReaderV2", _ATTRS

    def records(self, path):
        """The name."""
        yield None, path.encode("utf-8", "surrogateescape")


class TextLineReaderV2(_Reader):
    """Reads lines, keys "file:line"."""

    op_type, attrs = "TextLineReaderV2", {"skip_header_lines": 0, **_ATTRS}

    def records(self, path):
        """The lines after the header."""
        for number, line in enumerate(records.lines(path), 1):
            if number > self.skip_header_lines:
                yield number, line


class TFRecordReaderV2(_Reader):
    """Reads TFRecords, keys "file:offset"."""

    op_type, attrs = "TFRecordReaderV2", {**_ATTRS, "compression_type": ""}

    def records(self, path):
        """The records."""
        return records.tf_records(path, self.compression_type)


class FixedLengthRecordReaderV2(_Reader):
    """Reads records of a fixed number of bytes, keys "file:number"."""

    op_type = "FixedLengthRecordReaderV2"
    attrs = {"header_bytes": 0, "record_bytes": 0, "footer_bytes": 0, "hop_bytes": 0, **_ATTRS,
             "encoding": ""}

    def records(self, path):
        """The records between header and footer."""
        return enumerate(records.fixed_length(
            path, self.record_bytes, self.header_bytes, self.footer_bytes, self.hop_bytes))


class ReaderReadV2(Operation):
    """The next record and its key."""

    op_type, effect = "ReaderReadV2", True

    def infer(self, reader, queue):
        return Spec(dtypes.string, ()), Spec(dtypes.string, ())

    def compute(self, reader, queue):
        key, value = reader.read(queue)
        return np.array(key, object), np.array(value, object)


class ReaderReadUpToV2(Operation):
    """The next records of a file, at most as many, and their keys."""

    op_type, effect = "ReaderReadUpToV2", True

    def infer(self, reader, queue, num_records):
        return Spec(dtypes.string, (None,)), Spec(dtypes.string, (None,))

    def compute(self, reader, queue, num_records):
        if int(num_records) <= 0:
            raise errors.InvalidArgumentError(None, None, "num_records must be positive")
        pairs = reader.read_up_to(queue, int(num_records))
        columns = np.empty((2, len(pairs)), object)
        for i, pair in enumerate(pairs):
            columns[:, i] = pair
        return columns[0], columns[1]


class ReaderNumRecordsProducedV2(Operation):
    """How many records a reader gave."""

    op_type, effect = "ReaderNumRecordsProducedV2", True

    def infer(self, reader):
        return Spec(dtypes.int64, ())

    def compute(self, reader):
        return np.int64(reader.produced)


class ReaderNumWorkUnitsCompletedV2(Operation):
    """How many files a reader has finished."""

    op_type, effect = "ReaderNumWorkUnitsCompletedV2", True

    def infer(self, reader):
        return Spec(dtypes.int64, ())

    def compute(self, reader):
        return np.int64(reader.completed)


class ReaderResetV2(Operation):
    """Makes a reader forget where it was."""

    op_type, effect = "ReaderResetV2", True

    def infer(self, reader):
        return ()

    def compute(self, reader):
        reader.reset()
        return ()


for _op in (WholeFileReaderV2, IdentityReaderV2, TextLineReaderV2, TFRecordReaderV2,
            FixedLengthRecordReaderV2, ReaderReadV2, ReaderReadUpToV2,
            ReaderNumRecordsProducedV2, ReaderNumWorkUnitsCompletedV2, ReaderResetV2):
    NotDifferentiable(_op.op_type)


class ReaderBase:
    """Reads records from the files that a queue names.

    As in TF: tf.ReaderBase.
    """

    def __init__(self, reader_ref, supports_serialize=False):
        self._reader_ref, self._supports_serialize = reader_ref, supports_serialize

    @property
    def reader_ref(self):
        """Tensor, the handle of the reader."""
        return self._reader_ref

    @property
    def supports_serialize(self):
        """False: where a reader is cannot be saved."""
        return self._supports_serialize

    def read(self, queue, name=None):
        """(key, value), two string Tensors: the next record.

        Args:
          queue: QueueBase of strings, file names; a new one is taken when a file is finished.
          name: str.

        Raises, in the run, OutOfRangeError when the queue is closed and all was read.
        As in TF: ReaderBase.read.
        """
        return _Read(*ReaderReadV2([self._reader_ref, _ref(queue)], name).outputs)

    def read_up_to(self, queue, num_records, name=None):
        """(keys, values), two string vectors: the next records, at most num_records of a file.

        As in TF: ReaderBase.read_up_to.
        """
        count = convert_to_tensor(num_records, dtypes.int64,
                                  name=f"{name or 'ReaderReadUpToV2'}/num_records")
        return _ReadUpTo(*ReaderReadUpToV2(
            [self._reader_ref, _ref(queue), count], name).outputs)

    def num_records_produced(self, name=None):
        """int64 Tensor, how many records were read."""
        return ReaderNumRecordsProducedV2([self._reader_ref], name).output

    def num_work_units_completed(self, name=None):
        """int64 Tensor, how many files are finished."""
        return ReaderNumWorkUnitsCompletedV2([self._reader_ref], name).output

    def reset(self, name=None):
        """Operation that makes the reader forget where it was."""
        return ReaderResetV2([self._reader_ref], name)

    def serialize_state(self, name=None):
        """Not supported."""
        raise NotImplementedError("serialize_state: where a reader is cannot be saved; start "
                                  "again from the first file.")

    def restore_state(self, state, name=None):
        """Not supported."""
        return self.serialize_state()


def _ref(queue):
    return queue.queue_ref if isinstance(queue, QueueBase) else queue


class WholeFileReader(ReaderBase):
    """Reads whole files: key and value are name and contents. As in TF: tf.WholeFileReader."""

    def __init__(self, name=None):
        super().__init__(WholeFileReaderV2((), name).output)


class IdentityReader(ReaderBase):
    """Gives the names in the queue themselves. As in TF: tf.IdentityReader."""

    def __init__(self, name=None):
        super().__init__(IdentityReaderV2((), name).output)


class TextLineReader(ReaderBase):
    """Reads lines of text; of each file, skip_header_lines less. As in TF: tf.TextLineReader."""

    def __init__(self, skip_header_lines=None, name=None):
        super().__init__(TextLineReaderV2(
            (), name, skip_header_lines=int(skip_header_lines or 0)).output)


class TFRecordReader(ReaderBase):
    """Reads TFRecords; options: TFRecordOptions. As in TF: tf.TFRecordReader."""

    def __init__(self, name=None, options=None):
        super().__init__(TFRecordReaderV2(
            (), name, compression_type=records.compression_of(options)).output)


class FixedLengthRecordReader(ReaderBase):
    """Reads records of record_bytes bytes each, hop_bytes apart where given, between a header
    and a footer of the file. As in TF: tf.FixedLengthRecordReader."""

    def __init__(self, record_bytes, header_bytes=None, footer_bytes=None, hop_bytes=None,
                 name=None, encoding=None):
        if encoding:
            raise NotImplementedError("FixedLengthRecordReader(encoding=...): decompress the "
                                      "files first.")
        super().__init__(FixedLengthRecordReaderV2(
            (), name, record_bytes=int(record_bytes), header_bytes=int(header_bytes or 0),
            footer_bytes=int(footer_bytes or 0), hop_bytes=int(hop_bytes or 0)).output)
