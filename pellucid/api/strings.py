"""tf.strings: text."""

from pellucid.ops.control.formatting import string_format as format
