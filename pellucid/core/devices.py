"""Device names. They are recorded and written into GraphDefs; engines may use them.

    "/gpu:0" -> "/device:GPU:0"        "/job:ps/task:1" -> "/job:ps/task:1"
"""

import re

_ORDER = ("job", "replica", "task", "device")
_PART = re.compile(r"(?:(job|replica|task|device):([^/]+)|(cpu|gpu|tpu)(?::(\d+|\*))?)$", re.I)


def parse(name):
    """{"job": "ps", "device": "GPU:0", ...} of a device name. ValueError if it is none."""
    parts = {}
    for text in filter(None, name.split("/")):
        found = _PART.match(text)
        if not found:
            raise ValueError(f"Unknown device part {text!r} in {name!r}: write for example "
                             "'/cpu:0', '/device:GPU:1' or '/job:worker/task:0'.")
        field, value, kind, index = found.groups()
        if field:
            parts[field.lower()] = value.upper() if field.lower() == "device" else value
        else:
            parts["device"] = f"{kind.upper()}:{index or 0}"
    return parts


def join(parts):
    """The canonical name of parsed parts."""
    return "".join(f"/{field}:{parts[field]}" for field in _ORDER if field in parts)


def merge(outer, inner):
    """A device name in which `inner` overrides `outer`, part by part."""
    return join({**parse(outer), **parse(inner)})
