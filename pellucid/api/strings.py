"""tf.strings: text."""

from pellucid.ops.formatting import string_format as format
