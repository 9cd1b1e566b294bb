"""Structures of elements: tuples, named tuples and dicts, nested, with anything else as leaves.

A list is no structure here: it becomes a tensor. Dicts are gone through in the order of their
sorted keys.
"""


def is_structure(value):
    """True for a tuple or a dict."""
    return isinstance(value, tuple | dict)


def flatten(structure):
    """List of the leaves.

    >>> flatten(({"b": 1, "a": 2}, 3))
    [2, 1, 3]
    """
    if isinstance(structure, dict):
        return [leaf for key in sorted(structure) for leaf in flatten(structure[key])]
    if isinstance(structure, tuple):
        return [leaf for part in structure for leaf in flatten(part)]
    return [structure]


def pack_like(structure, leaves):
    """The structure with other leaves, given as a list in the order of flatten."""
    return _pack(structure, iter(leaves))


def _pack(structure, leaves):
    if isinstance(structure, dict):
        packed = {key: _pack(structure[key], leaves) for key in sorted(structure)}
        kind = dict if type(structure) is dict else type(structure)
        return kind((key, packed[key]) for key in structure)
    if isinstance(structure, tuple):
        parts = [_pack(part, leaves) for part in structure]
        return type(structure)._make(parts) if hasattr(structure, "_make") else tuple(parts)
    return next(leaves)


def map_structure(function, structure):
    """The structure with function(leaf) for each leaf."""
    return pack_like(structure, [function(leaf) for leaf in flatten(structure)])


def flatten_up_to(structure, other, what="structure"):
    """The parts of `other` that stand where `structure` has its leaves.

    Raises ValueError, or TypeError for other kinds of parts, if `other` is not made like it.
    """
    if isinstance(structure, dict):
        if not isinstance(other, dict) or sorted(other) != sorted(structure):
            raise _mismatch(what, structure, other)
        return [leaf for key in sorted(structure)
                for leaf in flatten_up_to(structure[key], other[key], what)]
    if isinstance(structure, tuple):
        if not isinstance(other, list | tuple) or len(other) != len(structure):
            raise _mismatch(what, structure, other)
        return [leaf for part, of_other in zip(structure, other, strict=True)
                for leaf in flatten_up_to(part, of_other, what)]
    return [other]


def _mismatch(what, structure, other):
    kind = ValueError if isinstance(other, tuple | list | dict) else TypeError
    if not isinstance(other, tuple | list | dict):
        kind = ValueError
    return kind(f"The two structures don't have the same nested structure: {what} is {other!r}, "
                f"for {structure!r}")
