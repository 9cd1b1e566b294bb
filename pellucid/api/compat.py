"""tf.compat: strings between Python 2 and 3; v1, which is tf itself."""

from pellucid.platform.compat import (
    as_bytes,
    as_str,
    as_str_any,
    as_text,
    bytes_or_text_types,
    complex_types,
    forward_compatible,
    integral_types,
    path_to_str,
    real_types,
)


def __getattr__(name):
    """`tf.compat.v1` is tf."""
    if name == "v1":
        import pellucid
        return pellucid
    from pellucid.names.old import answer
    return answer("compat", name)
