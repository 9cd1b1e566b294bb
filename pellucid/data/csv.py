"""decode_csv: lines of comma-separated fields, as one tensor for each column (RFC 4180)."""

import itertools
import re

import numpy as np

from pellucid.core import dtypes, errors
from pellucid.core.gradients import NotDifferentiable
from pellucid.core.operation import Operation, convert_to_tensor
from pellucid.core.shapes import Spec
from pellucid.ops.arguments import check_allowed, name_scope

COLUMN_TYPES = (dtypes.float32, dtypes.float64, dtypes.int32, dtypes.int64, dtypes.string)
_NUMBER = re.compile(rb"\s*-?\d+\s*")


def split_line(line, delimiter=b",", quotes=True):
    """List of the fields of a line, as bytes.

    Raises InvalidArgumentError for quotes where there must be none.
    """
    if not quotes or b'"' not in line:
        if b"\n" in line or b"\r" in line:
            raise _invalid("Unquoted fields cannot have quotes/CRLFs inside")
        return line.split(delimiter) if line else []
    fields, at = [], 0
    while at <= len(line):
        if line[at:at + 1] == b'"':
            field, at = _quoted(line, at + 1, delimiter)
        else:
            end = line.find(delimiter, at)
            end = len(line) if end < 0 else end
            field, at = line[at:end], end + 1
            if any(c in field for c in b'"\n\r'):
                raise _invalid("Unquoted fields cannot have quotes/CRLFs inside")
        fields.append(field)
    return fields


def _quoted(line, at, delimiter):
    """(field, where the next begins) of a field whose opening quote is before `at`."""
    parts = []
    while True:
        end = line.find(b'"', at)
        if end < 0:
            raise _invalid("Quoted field has to end with quote followed by delim or end")
        parts.append(line[at:end])
        following = line[end + 1:end + 2]
        if following == b'"':                            # two quotes stand for one
            parts.append(b'"')
            at = end + 2
        elif following in (b"", delimiter):
            return b"".join(parts), end + 2
        else:
            raise _invalid("Quote inside a string has to be escaped by another quote")


def convert_field(field, dtype, what):
    """A field as a value of a column. InvalidArgumentError for what is no such number."""
    if dtype is dtypes.string:
        return field
    try:
        if dtype.is_integer:
            if _NUMBER.fullmatch(field):
                number = int(field)
                if dtype.min <= number <= dtype.max:
                    return number
        elif b"_" not in field:
            return float(field)
    except ValueError:
        pass
    raise _invalid(f"{what} is not a valid {dtype.name.replace('32', '', dtype.is_floating)}: "
                   f"{field.decode('utf-8', 'replace')}")


def _invalid(message):
    return errors.InvalidArgumentError(None, None, message)


def convert_line(fields, types, defaults, na_value, record):
    """The values of a record: a default where a field is empty or `na_value`."""
    if len(fields) != len(types):
        raise _invalid(f"Expect {len(types)} fields but have {len(fields)} in record {record}")
    values = []
    for i, (field, dtype, default) in enumerate(zip(fields, types, defaults, strict=True)):
        if field == b"" or field == na_value:
            if not np.size(default):
                raise _invalid(f"Field {i} is required but missing in record {record}!")
            values.append(np.reshape(default, -1)[0])
        else:
            values.append(convert_field(field, dtype, f"Field {i} in record {record}"))
    return values


class DecodeCSV(Operation):
    """The columns of records, each a line of text."""

    op_type = "DecodeCSV"
    attrs = {"field_delim": ",", "use_quote_delim": True, "na_value": "", "select_cols": ()}

    def infer(self, records, *defaults):
        check_allowed("records", records.dtype, {dtypes.string})
        for i, default in enumerate(defaults):
            check_allowed(f"record_defaults[{i}]", default.dtype, COLUMN_TYPES)
            if (default.rank or 0) > 1 or (default.rank == 1 and (default.shape[0] or 0) > 1):
                raise ValueError(f"record_defaults[{i}] must be a scalar or a vector of at most "
                                 f"one element, but has shape {default.shape}")
        return tuple([Spec(default.dtype, records.shape) for default in defaults])

    def compute(self, records, *defaults):
        records = np.asarray(records, object)
        types = [t.spec.dtype for t in self.outputs]
        rows = []
        for i, record in enumerate(records.reshape(-1)):
            fields = split_line(record, self.field_delim.encode(), self.use_quote_delim)
            if self.select_cols:
                fields = selected(fields, self.select_cols)
            rows.append(convert_line(fields, types, defaults, self.na_value.encode(), i))
        columns = []
        for i, dtype in enumerate(types):
            column = np.empty(len(rows), dtype._numpy)
            column[:] = [row[i] for row in rows]
            columns.append(column.reshape(records.shape))
        return tuple(columns) if len(columns) > 1 else columns[0]

    def _derived_attrs(self):
        return {"OUT_TYPE": tuple([t.spec.dtype for t in self.outputs])}


NotDifferentiable("DecodeCSV")


def selected(fields, columns):
    """The fields of these columns; InvalidArgumentError if there are not as many."""
    if columns[-1] >= len(fields):
        raise _invalid(f"Expect at least {columns[-1] + 1} fields but have {len(fields)}")
    return [fields[column] for column in columns]


def decode_csv(records, record_defaults, field_delim=",", use_quote_delim=True, name=None,
               na_value="", select_cols=None):
    """The columns of comma-separated records.

    Args:
      records: string Tensor, each element a record (a line without its end).
      record_defaults: list, for each column a value of its type (float32, float64, int32, int64
        or string), which stands for an empty field; `[]` where a field must not be empty.
      field_delim: str, one character.
      use_quote_delim: bool, whether fields may stand in double quotes.
      name: str.
      na_value: str that also stands for an empty field.
      select_cols: increasing list of the columns to read; all where left out.

    Returns:
      list of Tensors of the shape of records.

    Raises, in the run, InvalidArgumentError for a record that does not fit.
    As in TF: tf.decode_csv (op type DecodeCSV).
    """
    select_cols = tuple(int(c) for c in select_cols or ())
    if any(a >= b for a, b in itertools.pairwise(select_cols)):
        raise ValueError("select_cols is not strictly increasing.")
    if any(c < 0 for c in select_cols):
        raise ValueError("select_cols contains negative values.")
    if select_cols and len(select_cols) != len(record_defaults):
        raise ValueError("Length of select_cols and record_defaults do not match.")
    if len(field_delim.encode()) != 1:
        raise ValueError("field_delim must be a single character")
    with name_scope(name, "DecodeCSV", [records]) as scope:
        records = convert_to_tensor(records, dtypes.string, name="records")
        defaults = [convert_to_tensor(default, name=f"record_defaults_{i}")
                    for i, default in enumerate(record_defaults)]
        return list(DecodeCSV(
            [records, *defaults], scope, field_delim=field_delim,
            use_quote_delim=use_quote_delim, na_value=na_value,
            select_cols=select_cols).outputs)
