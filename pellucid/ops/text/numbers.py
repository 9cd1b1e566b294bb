"""Numbers as text, text as numbers, bytes as text. Read next: regex.py."""

import base64
import re

import numpy as np

from pellucid.core import dtypes, errors
from pellucid.core.gradients import NotDifferentiable
from pellucid.core.operation import Operation
from pellucid.core.shapes import Spec
from pellucid.ops.arguments import build, check_allowed
from pellucid.ops.arrays.sequences import either
from pellucid.ops.regular import INEXACT
from pellucid.ops.text.pieces import Mapped, mapped

_NUMBERS = (dtypes.float32, dtypes.float64, dtypes.int32, dtypes.int64)


# -- as_string -----------------------------------------------------------------------------

class AsString(Operation):
    """Each number as text, as C's printf writes it."""

    op_type, fresh = "AsString", True
    attrs = {"precision": -1, "scientific": False, "shortest": False, "width": -1, "fill": ""}

    def infer(self, input):
        check_allowed("input", input.dtype, frozenset(dtypes.ALL) - {dtypes.string})
        exact = input.dtype is not None and input.dtype not in INEXACT
        if self.scientific and self.shortest:
            raise ValueError("Cannot select both scientific and shortest notation")
        if exact and (self.scientific or self.shortest):
            raise ValueError("scientific and shortest format not supported for datatype "
                             f"{input.dtype.name}")
        if exact and self.precision >= 0:
            raise ValueError(f"precision not supported for datatype {input.dtype.name}")
        if self.fill not in ("", " ", "+", "-", "0", "#"):
            raise ValueError(f"Fill argument not supported: {self.fill!r}")
        return Spec(dtypes.string, input.shape)

    def compute(self, input):
        flat = np.reshape(input, -1)
        if flat.dtype.kind == "b":
            texts = ["true" if x else "false" for x in flat]
        elif flat.dtype.kind == "c":
            form = "({0},{0})".format(self._form("f"))
            texts = [form % (x.real, x.imag) for x in flat]
        else:
            form = self._form("d" if flat.dtype.kind in "iu" else "f")
            texts = [form % x for x in flat.tolist()]
        result = np.empty(flat.size, object)
        result[:] = [text.encode() for text in texts]
        return result.reshape(np.shape(input))

    def _form(self, kind):
        width = f"{self.fill}{self.width}" if self.width > -1 else ""
        precision = f".{self.precision}" if self.precision > -1 else ""
        kind = "e" if self.scientific else "g" if self.shortest else kind
        return f"%{width}{precision}{kind}"


NotDifferentiable("AsString")


def as_string(input, precision=-1, scientific=False, shortest=False, width=-1, fill="",
              name=None):
    """Each number as text.

    Args:
      input: Tensor of numbers or bools.
      precision: int, digits after the point; 6 by default. For floats alone.
      scientific: bool, write 1.5e+01.
      shortest: bool, write whichever of both forms is shorter.
      width: int, the least number of characters.
      fill: str, "0", " ", "+" or "-": with what, or where, shorter numbers are filled.

    As in TF: tf.as_string, tf.strings.as_string (op type AsString).
    """
    return build(AsString, {"input": input}, name, precision=int(precision),
                 scientific=bool(scientific), shortest=bool(shortest), width=int(width),
                 fill=fill).output


# -- to_number -----------------------------------------------------------------------------

_INTEGER = re.compile(rb"\s*-?[0-9]+\s*")
_FLOAT = re.compile(
    rb"\s*[-+]?([0-9]+\.?[0-9]*([eE][-+]?[0-9]+)?|\.[0-9]+([eE][-+]?[0-9]+)?|inf|infinity|nan)\s*",
    re.IGNORECASE)


class StringToNumber(Mapped):
    """The number that a string writes."""

    op_type, attrs = "StringToNumber", {"out_type": dtypes.float32}

    @property
    def dtype(self):
        """The DType of the result."""
        return self.out_type

    def one(self, text):
        """The number that one string writes."""
        pattern, convert = (_FLOAT, float) if self.out_type.is_floating else (_INTEGER, int)
        if not pattern.fullmatch(text):
            raise self._refusal(text)
        number = convert(text)
        if self.out_type.is_integer and not self.out_type.min <= number <= self.out_type.max:
            raise self._refusal(text)
        return number

    def _refusal(self, text):
        return errors.InvalidArgumentError(None, None, (
            "StringToNumberOp could not correctly convert string: "
            + text.decode(errors="backslashreplace")))


NotDifferentiable("StringToNumber")


def string_to_number(string_tensor=None, out_type=dtypes.float32, name=None, input=None):
    """The numbers that strings write.

    Args:
      string_tensor: Tensor of strings.
      out_type: float32, float64, int32 or int64.
      input: another name of string_tensor.

    Raises:
      tf.errors.InvalidArgumentError: in the run, if a string is no number of that type.

    As in TF: tf.string_to_number, tf.strings.to_number (op type StringToNumber).
    """
    strings = either("string_tensor", string_tensor, "input", input)
    out_type = dtypes.as_dtype(out_type)
    check_allowed("out_type", out_type, _NUMBERS)
    return build(StringToNumber, {"string_tensor": strings}, name, out_type=out_type).output


# -- base64 --------------------------------------------------------------------------------

class EncodeBase64(Mapped):
    """A string in base64 (RFC 4648, section 5: with - and _), padded with = or not."""

    op_type, attrs = "EncodeBase64", {"pad": False}

    def one(self, text):
        """One string in base64."""
        encoded = base64.urlsafe_b64encode(text)
        return encoded if self.pad else encoded.rstrip(b"=")


class DecodeBase64(Mapped):
    """The string that a base64 string encodes; = at the end may be left out."""

    op_type = "DecodeBase64"

    def one(self, text):
        """The string that one base64 string encodes."""
        bare = text.rstrip(b"=")
        if len(bare) % 4 == 1 or not re.fullmatch(rb"[A-Za-z0-9_-]*", bare):
            raise errors.InvalidArgumentError(None, None, "Invalid character found in base64.")
        return base64.urlsafe_b64decode(bare + b"=" * (-len(bare) % 4))


NotDifferentiable("EncodeBase64")
NotDifferentiable("DecodeBase64")


def encode_base64(input, pad=False, name=None):
    """Each string in web-safe base64; with pad, = fills it up to a multiple of four.

    As in TF: tf.encode_base64, tf.io.encode_base64 (op type EncodeBase64).
    """
    return mapped(EncodeBase64, input, name, pad=bool(pad))


def decode_base64(input, name=None):
    """The strings that web-safe base64 strings encode.

    As in TF: tf.decode_base64, tf.io.decode_base64 (op type DecodeBase64).
    """
    return mapped(DecodeBase64, input, name)
