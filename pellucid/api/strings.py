"""tf.strings: text."""

from pellucid.ops.control.formatting import string_format as format
from pellucid.ops.text.hashing import string_to_hash_bucket as to_hash_bucket
from pellucid.ops.text.hashing import string_to_hash_bucket_fast as to_hash_bucket_fast
from pellucid.ops.text.hashing import string_to_hash_bucket_strong as to_hash_bucket_strong
from pellucid.ops.text.numbers import as_string
from pellucid.ops.text.numbers import string_to_number as to_number
from pellucid.ops.text.pieces import reduce_join, substr
from pellucid.ops.text.pieces import string_join as join
from pellucid.ops.text.pieces import string_length as length
from pellucid.ops.text.pieces import string_lower as lower
from pellucid.ops.text.pieces import string_strip as strip
from pellucid.ops.text.pieces import string_upper as upper
from pellucid.ops.text.pieces import strings_split as split
from pellucid.ops.text.regex import regex_full_match, regex_replace
