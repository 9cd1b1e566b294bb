"""Data sets of the records of files: lines, TFRecords, pieces of a fixed length, CSV."""

import numpy as np

from pellucid.core import dtypes
from pellucid.core.dtypes import DType, as_dtype
from pellucid.core.operation import convert_to_tensor
from pellucid.core.sources import constant
from pellucid.data import csv, records, structure
from pellucid.data.arguments import as_bool, as_int64
from pellucid.data.dataset import Dataset
from pellucid.data.files import path_of
from pellucid.data.streams import TYPED, DatasetOp, Failure, dataset_op, require
from pellucid.data.structure import TensorLeaf
from pellucid.ops.arguments import name_scope
from pellucid.ops.arrays.shaping import reshape

_COMPRESSIONS = (b"", b"ZLIB", b"GZIP")


class _Files(DatasetOp):
    """What the data sets of files share.

    The first input names the files, `compression` is the position of the one that says how they
    are compressed.
    """

    compression = 1

    def check(self, *values):
        """The compression must be one that is known."""
        found = _text(values[self.compression])
        require(found in _COMPRESSIONS, f"Unsupported compression_type: {found.decode()}.")

    def iterate(self, context, filenames, *rest):
        """The records of one file after the other."""
        rest = list(rest)
        compression = _text(rest.pop(self.compression - 1)).decode()
        for name in np.reshape(np.asarray(filenames, object), -1):
            try:
                for record in self.records(path_of(name), compression, *rest):
                    yield (record,)
            except Exception as error:
                yield Failure(error)

    def records(self, path, compression, *rest):
        """The records of a file."""
        raise NotImplementedError(self.type)


def _text(value):
    return bytes(np.asarray(value, object).item())


@dataset_op
class TextLineDatasetOp(_Files):
    """The lines of files, without their ends."""

    op_type, attrs = "TextLineDataset", TYPED

    def records(self, path, compression, *rest):
        """The lines."""
        return records.lines(path, compression)


@dataset_op
class TFRecordDatasetOp(_Files):
    """The records of TFRecord files."""

    op_type, attrs = "TFRecordDataset", TYPED

    def records(self, path, compression, *rest):
        """The records."""
        return (record for _, record in records.tf_records(path, compression))


@dataset_op
class FixedLengthRecordDatasetOp(_Files):
    """Records of a fixed number of bytes."""

    op_type, attrs, compression = "FixedLengthRecordDatasetV2", TYPED, 5

    def records(self, path, compression, header, record, footer, buffer_size):
        """The records between header and footer."""
        return records.fixed_length_whole(path, int(record), int(header), int(footer),
                                          compression)


@dataset_op
class CSVDatasetOp(DatasetOp):
    """The columns of the lines of CSV files."""

    op_type, attrs = "CSVDataset", TYPED

    def iterate(self, context, filenames, compression_type, buffer_size, header, *rest):
        """One line after the other."""
        for name in np.reshape(np.asarray(filenames, object), -1):
            lines = records.lines(path_of(name), _text(compression_type).decode())
            try:
                for i, line in enumerate(lines):
                    if i or not header:
                        yield self._element(line, i, *rest)
            except Exception as error:
                yield Failure(error)

    def _element(self, line, i, field_delim, use_quote_delim, na_value, select_cols, *defaults):
        try:
            fields = csv.split_line(line, _text(field_delim), bool(use_quote_delim))
            if len(select_cols):
                fields = csv.selected(fields, select_cols.tolist())
            values = csv.convert_line(fields, self.output_types, defaults, _text(na_value), i)
        except Exception as error:
            return Failure(error)
        return tuple([value if dtype is dtypes.string else dtype._numpy.type(value)
                      for value, dtype in zip(values, self.output_types, strict=True)])


# -- what users build ----------------------------------------------------------------------

_RECORD = TensorLeaf(dtypes.string, ())


def _build(dataset, op_class, filenames, num_parallel_reads, inputs):
    """Makes `dataset` the records of files; the tensors that inputs() returns follow the names."""
    def one(names):
        flat = reshape(names, [-1], name="flat_filenames")
        op = op_class([flat, *inputs()], **structure.flat_attrs(_RECORD))
        return Dataset(op.output, _RECORD)

    if not structure.is_dataset(filenames):
        names = convert_to_tensor(filenames, dtypes.string)
        if num_parallel_reads is None:
            made = one(names)
        else:
            with name_scope(None, "filenames"):
                filenames = Dataset.from_tensor_slices(reshape(names, [-1]))
    if num_parallel_reads is not None:
        made = filenames.interleave(one, num_parallel_reads,
                                    num_parallel_calls=num_parallel_reads)
    elif structure.is_dataset(filenames):
        made = filenames.flat_map(one)
    Dataset.__init__(dataset, made._variant_tensor, _RECORD)


def _compression(given):
    return _string("" if given is None else given, "compression_type")


def _string(value, name):
    return convert_to_tensor(value, dtypes.string, name=name)


class TextLineDataset(Dataset):
    """The lines of text files, as strings without their ends.

    Args:
      filenames: str, list of them, string Tensor, or Dataset of strings.
      compression_type: "", "ZLIB" or "GZIP".
      buffer_size: int, a hint.
      num_parallel_reads: int, how many files to read at a time, line by line in turn.

    As in TF: tf.data.TextLineDataset.
    """

    def __init__(self, filenames, compression_type=None, buffer_size=None,
                 num_parallel_reads=None):
        _build(self, TextLineDatasetOp, filenames, num_parallel_reads, lambda: [
            _compression(compression_type), as_int64(buffer_size or 0, "buffer_size")])


class TFRecordDataset(Dataset):
    """The records of TFRecord files, as strings.

    Args: see TextLineDataset.
    As in TF: tf.data.TFRecordDataset.
    """

    def __init__(self, filenames, compression_type=None, buffer_size=None,
                 num_parallel_reads=None):
        _build(self, TFRecordDatasetOp, filenames, num_parallel_reads, lambda: [
            _compression(compression_type), as_int64(buffer_size or 0, "buffer_size")])


class FixedLengthRecordDataset(Dataset):
    """Records of record_bytes bytes each, between a header and a footer of each file.

    Args:
      record_bytes, header_bytes, footer_bytes: int or int64 Tensor.
      others: see TextLineDataset.

    As in TF: tf.data.FixedLengthRecordDataset.
    """

    def __init__(self, filenames, record_bytes, header_bytes=None, footer_bytes=None,
                 buffer_size=None, compression_type=None, num_parallel_reads=None):
        _build(self, FixedLengthRecordDatasetOp, filenames, num_parallel_reads, lambda: [
            as_int64(header_bytes or 0, "header_bytes"), as_int64(record_bytes, "record_bytes"),
            as_int64(footer_bytes or 0, "footer_bytes"), as_int64(buffer_size or 0, "buffer_size"),
            _compression(compression_type)])


class CsvDataset(Dataset):
    """The columns of CSV files, a tuple of scalars for each line.

    Args:
      filenames: str, list of them, or string Tensor.
      record_defaults: list, for each column its DType, or a value of its type that stands for an
        empty field.
      compression_type: "", "ZLIB" or "GZIP".
      buffer_size: int, a hint.
      header: bool, whether to skip the first line of each file.
      field_delim, use_quote_delim, na_value, select_cols: as of decode_csv.

    As in TF: tf.data.experimental.CsvDataset.
    """

    def __init__(self, filenames, record_defaults, compression_type=None, buffer_size=None,
                 header=False, field_delim=",", use_quote_delim=True, na_value="",
                 select_cols=None):
        names = convert_to_tensor(filenames, dtypes.string, name="filenames")
        defaults = [constant(np.empty(0, as_dtype(d)._numpy), as_dtype(d))
                    if isinstance(d, DType | type) else convert_to_tensor(d)
                    for d in record_defaults]
        element = tuple([TensorLeaf(d.dtype, ()) for d in defaults])
        inputs = [as_int64(buffer_size or 0, "buffer_size"), as_bool(header, "header"),
                  _string(field_delim, "field_delim"),
                  as_bool(use_quote_delim, "use_quote_delim"), _string(na_value, "na_value"),
                  constant(np.array(select_cols or (), np.int64), name="select_cols")]
        op = CSVDatasetOp([names, _compression(compression_type), *inputs, *defaults],
                          **structure.flat_attrs(element))
        Dataset.__init__(self, op.output, element)
