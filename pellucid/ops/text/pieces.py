"""Pieces of text: joined, split, cut out, stripped, measured.

A tensor of strings is an array of bytes objects, so all of this runs on the host. Read next:
numbers.py.
"""

import re

import numpy as np

from pellucid.core import dtypes, errors
from pellucid.core.gradients import NotDifferentiable
from pellucid.core.operation import Operation, convert_to_tensor
from pellucid.core.shapes import Spec, broadcast, merge, normalize_axis
from pellucid.core.sources import constant
from pellucid.ops.arguments import as_tensor, build, check_allowed, name_scope
from pellucid.ops.arrays.creation import range_
from pellucid.ops.arrays.sequences import either
from pellucid.ops.arrays.shaping import rank
from pellucid.ops.sparse.sparse_tensor import SparseTensor

STRINGS = (dtypes.string,)


def each(function, x, dtype=object):
    """An array of function(s) for each string s of x, of x's shape."""
    x = np.asarray(x, object)
    result = np.empty(x.size, dtype)
    result[:] = [function(s) for s in x.reshape(-1)]
    return result.reshape(x.shape)


class Mapped(Operation):
    """Base of operations from each string to one value."""

    fresh = True
    dtype = dtypes.string

    def infer(self, input):
        check_allowed("input", input.dtype, STRINGS)
        return Spec(self.dtype, input.shape)

    def compute(self, input):
        return each(self.one, input, self.dtype._numpy)

    def one(self, text):
        """The value of one string."""
        raise NotImplementedError


def mapped(op_class, input, name, **attrs):
    """The output of a Mapped operation."""
    return build(op_class, {"input": input}, name, **attrs).output


# -- joined --------------------------------------------------------------------------------

class StringJoin(Operation):
    """Strings at the same place of several tensors, joined."""

    op_type, attrs, fresh = "StringJoin", {"separator": ""}, True

    def infer(self, *inputs):
        shape = ()
        for i, x in enumerate(inputs):
            check_allowed(f"input {i}", x.dtype, STRINGS)
            if x.shape:
                shape = merge(shape or None, x.shape)
        unknown = any(x.shape is None for x in inputs)
        return Spec(dtypes.string, None if unknown and not shape else shape)

    def compute(self, *inputs):
        arrays = [np.asarray(x, object) for x in inputs]
        shapes = {x.shape for x in arrays if x.shape}
        if len(shapes) > 1:
            raise errors.InvalidArgumentError(None, None, (
                "Input shapes do not match: strings are joined place by place, but the shapes "
                f"are {', '.join(map(str, sorted(shapes)))}"))
        shape = shapes.pop() if shapes else ()
        columns = [np.broadcast_to(x, shape).reshape(-1) for x in arrays]
        result = np.empty(columns[0].size, object)
        result[:] = list(map(as_bytes(self.separator).join, zip(*columns, strict=True)))
        return result.reshape(shape)


def as_bytes(text):
    """Text as bytes, str in UTF-8."""
    return text.encode() if isinstance(text, str) else bytes(text)


NotDifferentiable("StringJoin")


def string_join(inputs, separator="", name=None):
    """Strings joined place by place.

    Args:
      inputs: list of Tensors of strings, of one shape or scalars.
      separator: str, what stands between.

    As in TF: tf.string_join, tf.strings.join (op type StringJoin).
    """
    with name_scope(name, "StringJoin", list(inputs)) as scope:
        tensors = [as_tensor(x, name=f"inputs_{i}") for i, x in enumerate(inputs)]
        return StringJoin(tensors, scope, separator=separator).output


class ReduceJoin(Operation):
    """The strings along some axes, joined into one; along the first axis first."""

    op_type, attrs, fresh = "ReduceJoin", {"keep_dims": False, "separator": ""}, True

    def infer(self, inputs, reduction_indices):
        check_allowed("inputs", inputs.dtype, STRINGS)
        if inputs.shape is None or reduction_indices.value is None:
            return Spec(dtypes.string, None)
        axes = self._axes(reduction_indices.value, len(inputs.shape))
        return Spec(dtypes.string, tuple([
            1 if i in axes else d for i, d in enumerate(inputs.shape)
            if self.keep_dims or i not in axes]))

    def _axes(self, indices, count):
        axes = [normalize_axis(axis, count) for axis in np.reshape(indices, -1).tolist()]
        if len(set(axes)) < len(axes):
            raise ValueError(f"Duplicate reduction dimension in {axes}.")
        return axes

    def compute(self, inputs, reduction_indices):
        inputs = np.asarray(inputs, object)
        axes = self._axes(reduction_indices, inputs.ndim)
        kept = [i for i in range(inputs.ndim) if i not in axes]
        shape = [inputs.shape[i] for i in kept]
        together = inputs.transpose(*kept, *reversed(axes)).reshape(
            int(np.prod(shape)), int(np.prod([inputs.shape[i] for i in axes])))
        result = np.empty(len(together), object)
        result[:] = list(map(as_bytes(self.separator).join, together))
        if self.keep_dims:
            shape = [1 if i in axes else d for i, d in enumerate(inputs.shape)]
        return result.reshape(shape)


NotDifferentiable("ReduceJoin")


def reduce_join(inputs, axis=None, keep_dims=None, separator="", name=None,
                reduction_indices=None, keepdims=None):
    """The strings along axes, joined.

    Args:
      inputs: Tensor of strings.
      axis: int or list of int; all axes by default. Strings along the first of them are
        neighbours in the result.
      keepdims, keep_dims: bool, keep the axes, with length 1.
      separator: str, what stands between.
      reduction_indices: older name of axis.

    As in TF: tf.reduce_join, tf.strings.reduce_join (op type ReduceJoin).
    """
    keep = bool(either("keepdims", keepdims, "keep_dims", keep_dims))
    axis = either("axis", axis, "reduction_indices", reduction_indices)
    with name_scope(name, "ReduceJoin", [inputs, axis]):
        inputs = as_tensor(inputs, name="inputs")
        if axis is None:
            known = inputs.spec.rank
            axis = range_(rank(inputs) - 1, -1, -1) if known is None else constant(
                np.arange(known - 1, -1, -1, dtype=np.int32))
        return build(ReduceJoin, {"inputs": inputs, "reduction_indices": axis},
                     ints=("reduction_indices",), keep_dims=keep, separator=separator).output


# -- split ---------------------------------------------------------------------------------

class StringSplit(Operation):
    """(indices, values, shape) of the pieces between single delimiters, a row for each string."""

    op_type, attrs, fresh = "StringSplit", {"skip_empty": True}, True

    def infer(self, input, delimiter):
        check_allowed("input", input.dtype, STRINGS)
        merge(input.shape, (None,))
        merge(delimiter.shape, ())
        return (Spec(dtypes.int64, (None, 2)), Spec(dtypes.string, (None,)),
                Spec(dtypes.int64, (2,)))

    def compute(self, input, delimiter):
        split = self.splitter(np.asarray(delimiter, object).item())
        rows = [split(text) for text in input]
        lengths = np.array([len(row) for row in rows], np.int64)
        places = np.zeros((int(lengths.sum()), 2), np.int64)
        places[:, 0] = np.repeat(np.arange(len(rows)), lengths)
        places[:, 1] = np.arange(len(places)) - np.repeat(np.cumsum(lengths) - lengths, lengths)
        values = np.empty(len(places), object)
        values[:] = [piece for row in rows for piece in row]
        return places, values, np.array([len(rows), lengths.max(initial=0)], np.int64)

    def splitter(self, delimiter):
        """A function from a string to its pieces; each byte of the delimiter separates."""
        if not delimiter:
            def split(text):
                return [text[i:i + 1] for i in range(len(text))]
        elif len(delimiter) == 1:
            def split(text):
                return text.split(delimiter)
        else:
            split = re.compile(b"[" + re.escape(delimiter) + b"]").split
        return (lambda text: [p for p in split(text) if p]) if self.skip_empty else split


class StringSplitV2(StringSplit):
    """The same between whole separators; between runs of whitespace where it is empty."""

    op_type, attrs = "StringSplitV2", {"maxsplit": -1}

    def splitter(self, delimiter):
        """A function from a string to its pieces."""
        most = self.maxsplit
        if delimiter or most == 0:
            return lambda text: text.split(delimiter, most) if most else [text]

        def split(text):
            words = text.split(None, most)
            # As in TensorFlow, what is left after the last split is a piece even if it is empty.
            return [*words, b""] if len(words) == most else words
        return split


NotDifferentiable("StringSplit")
NotDifferentiable("StringSplitV2")


def string_split(source, sep=None, skip_empty=True, delimiter=None, result_type="SparseTensor",
                 name=None):
    """The pieces of each string, as the rows of a SparseTensor.

    Args:
      source: vector of strings.
      sep: str, each character of which separates; a space by default. "" splits into bytes.
      skip_empty: bool, leave empty pieces out.
      delimiter: older name of sep.
      result_type: "SparseTensor".

    As in TF: tf.string_split (op type StringSplit).
    """
    _check_result_type(result_type)
    sep = either("sep", sep, "delimiter", delimiter)
    with name_scope(name, "StringSplit", [source, sep]):
        source = convert_to_tensor(source, dtypes.string)
        sep = convert_to_tensor(" " if sep is None else sep, dtypes.string)
        if sep.spec.rank not in (None, 0):
            raise ValueError("sep must be a scalar.")
        return SparseTensor(*StringSplit([source, sep], skip_empty=bool(skip_empty)).outputs)


def strings_split(input=None, sep=None, maxsplit=-1, result_type="SparseTensor", source=None,
                  name=None):
    """The pieces of each string between separators, as the rows of a SparseTensor.

    Args:
      input: vector of strings.
      sep: str; by default runs of whitespace separate.
      maxsplit: int, the greatest number of splits; -1 for any.
      result_type: "SparseTensor".
      source: older name of input.

    As in TF: tf.strings.split (op type StringSplitV2).
    """
    _check_result_type(result_type)
    input = either("input", input, "source", source)
    with name_scope(name, "StringSplit", [input]):
        input = convert_to_tensor(input, dtypes.string)
        sep = convert_to_tensor("" if sep is None else sep, dtypes.string)
        return SparseTensor(*StringSplitV2([input, sep], maxsplit=int(maxsplit)).outputs)


def _check_result_type(result_type):
    if result_type == "RaggedTensor":
        raise NotImplementedError("result_type='RaggedTensor': there are no ragged tensors; take "
                                  "result_type='SparseTensor'.")
    if result_type != "SparseTensor":
        raise ValueError("result_type must be 'RaggedTensor' or 'SparseTensor'.")


# -- parts ---------------------------------------------------------------------------------

UNITS = ("BYTE", "UTF8_CHAR")


def _check_unit(unit):
    if unit not in UNITS:
        raise ValueError(f"unit must be one of {', '.join(UNITS)}, not {unit!r}.")


class Substr(Operation):
    """text[pos : pos + len]; a negative pos counts from the end."""

    op_type, attrs, fresh = "Substr", {"unit": "BYTE"}, True

    def infer(self, input, pos, len):
        check_allowed("input", input.dtype, STRINGS)
        for label, x in ("pos", pos), ("len", len):
            check_allowed(label, x.dtype, (dtypes.int32, dtypes.int64))
        if pos.dtype is not len.dtype:
            raise TypeError(f"pos and len must have one type, not {pos.dtype.name} and "
                            f"{len.dtype.name}.")
        return Spec(dtypes.string, broadcast(input.shape, merge(pos.shape, len.shape)))

    def compute(self, input, pos, len):
        texts, starts, lengths = np.broadcast_arrays(np.asarray(input, object), pos, len)
        result = np.empty(texts.size, object)
        triples = zip(texts.reshape(-1), starts.reshape(-1).tolist(),
                      lengths.reshape(-1).tolist(), strict=True)
        result[:] = [self._part(*triple) for triple in triples]
        return result.reshape(texts.shape)

    def _part(self, text, start, length):
        units = text if self.unit == "BYTE" else text.decode(errors="surrogateescape")
        if not -len(units) <= start <= len(units):
            raise errors.InvalidArgumentError(None, None, (
                f"pos {start} out of range for string {text!r}"))
        start += len(units) if start < 0 else 0
        part = units[start:start + max(length, 0)]
        return part if self.unit == "BYTE" else part.encode(errors="surrogateescape")


NotDifferentiable("Substr")


def substr(input, pos, len, name=None, unit="BYTE"):
    """The part of each string that begins at pos and is len long, or as long as there is text.

    Args:
      input: Tensor of strings.
      pos: ints of a shape that broadcasts with input's; a negative one counts from the end.
      len: ints of pos's type and shape.
      unit: "BYTE", or "UTF8_CHAR" to count characters.

    Raises:
      tf.errors.InvalidArgumentError: in the run, if pos lies outside of a string.

    As in TF: tf.substr, tf.strings.substr (op type Substr).
    """
    _check_unit(unit)
    inputs = {"input": input, "pos": pos, "len": len}
    return build(Substr, inputs, name, ints=("pos", "len"), alike=("pos", "len"),
                 unit=unit).output


class StringLength(Mapped):
    """How many bytes, or characters, a string has."""

    op_type, attrs, dtype = "StringLength", {"unit": "BYTE"}, dtypes.int32

    def one(self, text):
        """The length of one string."""
        return len(text if self.unit == "BYTE" else text.decode(errors="replace"))


class StringStrip(Mapped):
    """A string without whitespace at its ends."""

    op_type = "StringStrip"

    def one(self, text):
        """One string without whitespace at its ends."""
        return text.strip(b" \t\n\v\f\r")


class StringLower(Mapped):
    """A string in lower case: ASCII letters, or all if the encoding is utf-8."""

    op_type, attrs = "StringLower", {"encoding": ""}

    def one(self, text):
        """One string in lower case."""
        return text.decode().lower().encode() if self.encoding else text.lower()


class StringUpper(Mapped):
    """A string in upper case: ASCII letters, or all if the encoding is utf-8."""

    op_type, attrs = "StringUpper", {"encoding": ""}

    def one(self, text):
        """One string in upper case."""
        return text.decode().upper().encode() if self.encoding else text.upper()


for _op_class in (StringLength, StringStrip, StringLower, StringUpper):
    NotDifferentiable(_op_class.op_type)


def string_length(input, name=None, unit="BYTE"):
    """The length of each string, in bytes, or for unit="UTF8_CHAR" in characters.

    As in TF: tf.strings.length (op type StringLength).
    """
    _check_unit(unit)
    return mapped(StringLength, input, name, unit=unit)


def string_strip(input, name=None):
    """Each string without whitespace at its ends.

    As in TF: tf.string_strip, tf.strings.strip (op type StringStrip).
    """
    return mapped(StringStrip, input, name)


def string_lower(input, encoding="", name=None):
    """Each string in lower case: ASCII letters, or with encoding="utf-8" all.

    As in TF: tf.strings.lower (op type StringLower).
    """
    return mapped(StringLower, input, name, encoding=_encoding(encoding))


def string_upper(input, encoding="", name=None):
    """Each string in upper case: ASCII letters, or with encoding="utf-8" all.

    As in TF: tf.strings.upper (op type StringUpper).
    """
    return mapped(StringUpper, input, name, encoding=_encoding(encoding))


def _encoding(encoding):
    if encoding not in ("", "utf-8"):
        raise ValueError(f"only utf-8 or '' (ASCII) are encodings here, not {encoding!r}.")
    return encoding
