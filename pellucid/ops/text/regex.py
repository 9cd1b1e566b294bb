"""Regular expressions: replace, and match as a whole.

TensorFlow's are RE2's, which Python's re understands but for the names of classes.
"""

import functools
import re

import numpy as np

from pellucid.core import dtypes, errors
from pellucid.core.gradients import NotDifferentiable
from pellucid.core.operation import Operation
from pellucid.core.shapes import Spec, merge
from pellucid.ops.arguments import as_tensor, build, check_allowed, name_scope
from pellucid.ops.text.pieces import STRINGS, Mapped, as_bytes, each, mapped

_CLASSES = {"alnum": "0-9A-Za-z", "alpha": "A-Za-z", "ascii": r"\x00-\x7F", "blank": r"\t ",
            "cntrl": r"\x00-\x1F\x7F", "digit": "0-9", "graph": "!-~", "lower": "a-z",
            "print": " -~", "punct": r"!-/:-@\[-`{-~", "space": r"\t\n\v\f\r ", "upper": "A-Z",
            "word": "0-9A-Za-z_", "xdigit": "0-9A-Fa-f"}


@functools.lru_cache(maxsize=256)
def compiled(pattern):
    """The Pattern of RE2's text. InvalidArgumentError if it is none."""
    text = as_bytes(pattern).decode(errors="surrogateescape")
    named = re.sub(r"\[:(\w+):\]", lambda m: _CLASSES.get(m[1], m[0]), text)
    try:
        return re.compile(named, re.ASCII)
    except re.error as error:
        raise errors.InvalidArgumentError(None, None, (
            f"Invalid pattern: {text}, error: {error}")) from None


@functools.lru_cache(maxsize=256)
def template(rewrite):
    """RE2's rewrite text as Python's: \\0 is the whole match, and only \\0 ... \\9 and \\\\ are
    special."""
    text = as_bytes(rewrite).decode(errors="surrogateescape")
    parts = re.split(r"(\\.)", text, flags=re.DOTALL)
    for i, part in enumerate(parts):
        if i % 2 and not (part[1].isdigit() or part[1] == "\\"):
            raise errors.InvalidArgumentError(None, None, f"Invalid rewrite: {text}")
    return "".join(rf"\g<{part[1]}>" if i % 2 and part[1].isdigit() else part
                   for i, part in enumerate(parts))


class _Replace(Operation):
    """Base: strings in which matches are replaced."""

    fresh = True

    def infer(self, input, *patterns):
        check_allowed("input", input.dtype, STRINGS)
        for pattern in patterns:
            merge(pattern.shape, ())
        return Spec(dtypes.string, input.shape)

    def replaced(self, input, pattern, rewrite):
        """The strings with matches of the pattern replaced: all, or the first."""
        find, text, count = compiled(pattern), template(rewrite), 0 if self.replace_global else 1
        return each(lambda s: find.sub(text, s.decode(errors="surrogateescape"), count=count)
                    .encode(errors="surrogateescape"), input)


class StaticRegexReplace(_Replace):
    """Strings in which matches of a pattern, an attribute, are replaced."""

    op_type = "StaticRegexReplace"
    attrs = {"pattern": "", "rewrite": "", "replace_global": True}

    def compute(self, input):
        return self.replaced(input, self.pattern, self.rewrite)


class RegexReplace(_Replace):
    """Strings in which matches of a pattern, an input, are replaced."""

    op_type, attrs = "RegexReplace", {"replace_global": True}

    def compute(self, input, pattern, rewrite):
        pattern, rewrite = (np.asarray(x, object).item() for x in (pattern, rewrite))
        return self.replaced(input, pattern, rewrite)


class StaticRegexFullMatch(Mapped):
    """Whether a whole string matches a pattern, an attribute."""

    op_type, attrs, dtype = "StaticRegexFullMatch", {"pattern": ""}, dtypes.bool_

    def one(self, text):
        """Whether one string matches."""
        return _matches(self.pattern, text)


class RegexFullMatch(Operation):
    """Whether a whole string matches a pattern, an input."""

    op_type, fresh = "RegexFullMatch", True

    def infer(self, input, pattern):
        check_allowed("input", input.dtype, STRINGS)
        merge(pattern.shape, ())
        return Spec(dtypes.bool_, input.shape)

    def compute(self, input, pattern):
        pattern = np.asarray(pattern, object).item()
        return each(lambda text: _matches(pattern, text), input, bool)


def _matches(pattern, text):
    return compiled(pattern).fullmatch(text.decode(errors="surrogateescape")) is not None


for _op_class in (StaticRegexReplace, RegexReplace, StaticRegexFullMatch, RegexFullMatch):
    NotDifferentiable(_op_class.op_type)


def regex_replace(input, pattern, rewrite, replace_global=True, name=None):
    r"""Strings in which the matches of a regular expression are replaced.

    Args:
      input: Tensor of strings.
      pattern: str, or scalar Tensor.
      rewrite: str, or scalar Tensor; \1 stands for the first group, \0 for the whole match.
      replace_global: bool, replace all matches, or only the first.

    As in TF: tf.regex_replace, tf.strings.regex_replace (op type StaticRegexReplace,
    RegexReplace).
    """
    replace_global = bool(replace_global)
    if isinstance(pattern, str | bytes) and isinstance(rewrite, str | bytes):
        return mapped(StaticRegexReplace, input, name, pattern=pattern, rewrite=rewrite,
                      replace_global=replace_global)
    with name_scope(name, "RegexReplace", [input, pattern, rewrite]) as scope:
        given = {"input": input, "pattern": pattern, "rewrite": rewrite}
        tensors = [as_tensor(x, name=label) for label, x in given.items()]
        return RegexReplace(tensors, scope, replace_global=replace_global).output


def regex_full_match(input, pattern, name=None):
    """Whether each string, as a whole, matches a regular expression.

    Args:
      input: Tensor of strings.
      pattern: str, or scalar Tensor.

    As in TF: tf.strings.regex_full_match (op types StaticRegexFullMatch, RegexFullMatch).
    """
    if isinstance(pattern, str | bytes):
        return mapped(StaticRegexFullMatch, input, name, pattern=pattern)
    return build(RegexFullMatch, {"input": input, "pattern": pattern}, name).output
