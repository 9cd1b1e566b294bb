"""Structures of tensors: nested lists, tuples, namedtuples and dicts, and the flat list of them.

What loops carry, branches return and data sets hold comes in such structures. A dict counts in
the order of its sorted keys. As in TF: tf.nest.
"""

from collections.abc import Mapping, Sequence


def is_nested(value):
    """True if value is a list, tuple, namedtuple or dict. As in TF: tf.nest.is_nested."""
    return isinstance(value, list | tuple | Mapping) or (
        isinstance(value, Sequence) and not isinstance(value, str | bytes | bytearray | range))


def _items(structure):
    """The parts of a structure one level down."""
    if isinstance(structure, Mapping):
        return [structure[key] for key in _keys(structure)]
    return list(structure)


def _keys(mapping):
    try:
        return sorted(mapping)
    except TypeError:
        raise TypeError("nest only supports dicts with sortable keys.") from None


def _rebuild(like, items):
    """A structure of like's type, with other parts."""
    if isinstance(like, Mapping):
        found = dict(zip(_keys(like), items, strict=True))
        ordered = {key: found[key] for key in like}
        return ordered if type(like) is dict else _mapping(like, ordered)
    if isinstance(like, tuple) and hasattr(like, "_fields"):
        return type(like)(*items)
    return type(like)(items)


def _mapping(like, ordered):
    if hasattr(like, "default_factory"):
        return type(like)(like.default_factory, ordered)
    return type(like)(ordered)


def flatten(structure, expand_composites=False):
    """The parts of a structure as a flat list; of what is none, [structure].

    With expand_composites, what is made of several tensors (IndexedSlices, SparseTensor,
    TensorArray) counts as those. As in TF: tf.nest.flatten.
    """
    if is_nested(structure):
        return [leaf for item in _items(structure) for leaf in flatten(item, expand_composites)]
    if expand_composites and hasattr(structure, "_composite_parts"):
        return list(structure._composite_parts()[0])
    return [structure]


def pack_sequence_as(structure, flat_sequence, expand_composites=False):
    """`flat_sequence` in the form of `structure`. ValueError if it has another length.

    As in TF: tf.nest.pack_sequence_as.
    """
    if not is_nested(flat_sequence):
        raise TypeError("flat_sequence must be a sequence, not "
                        f"{type(flat_sequence).__name__}.")
    flat = list(flat_sequence)
    count = len(flatten(structure, expand_composites))
    if count != len(flat):
        raise ValueError(
            f"Could not pack sequence. Structure had {count} elements, but flat_sequence had "
            f"{len(flat)} elements.  Structure: {structure}, flat_sequence: {flat}.")
    rest = iter(flat)
    return _pack(structure, rest, expand_composites)


def _pack(structure, rest, expand_composites):
    if is_nested(structure):
        return _rebuild(structure,
                        [_pack(item, rest, expand_composites) for item in _items(structure)])
    if expand_composites and hasattr(structure, "_composite_parts"):
        parts, rebuild = structure._composite_parts()
        return rebuild(*[next(rest) for _ in parts])
    return next(rest)


def assert_same_structure(nest1, nest2, check_types=True, expand_composites=False):
    """Raises ValueError unless both have the same form, TypeError if types of parts differ.

    As in TF: tf.nest.assert_same_structure.
    """
    try:
        _compare(nest1, nest2, check_types, expand_composites)
    except (ValueError, TypeError) as error:
        raise type(error)(
            "The two structures don't have the same nested structure.\n\n"
            f"First structure: type={type(nest1).__name__} str={nest1}\n\n"
            f"Second structure: type={type(nest2).__name__} str={nest2}\n\n"
            f"More specifically: {error}") from None


def _is_composite(value):
    return hasattr(value, "_composite_parts")


def _compare(one, other, check_types, expand_composites):
    if expand_composites and _is_composite(one) != _is_composite(other):
        raise ValueError(f"one is a composite tensor, the other is not: {one!r}, {other!r}")
    if is_nested(one) != is_nested(other):
        inner, outer = (other, one) if is_nested(one) else (one, other)
        raise ValueError(f"Substructure \"type={type(outer).__name__} str={outer}\" is a "
                         f"sequence, while substructure \"type={type(inner).__name__} "
                         f"str={inner}\" is not")
    if not is_nested(one):
        return
    if check_types and not _same_type(one, other):
        raise TypeError(f"The two structures don't have the same sequence type. First: "
                        f"{type(one)}, second: {type(other)}")
    if isinstance(one, Mapping) and isinstance(other, Mapping) and set(one) != set(other):
        raise ValueError("The two dictionaries don't have the same set of keys. First structure "
                         f"has keys {list(one)}, second {list(other)}")
    if len(one) != len(other):
        raise ValueError(f"The two structures don't have the same number of elements. First "
                         f"has {len(one)}, second {len(other)}")
    for a, b in zip(_items(one), _items(other), strict=True):
        _compare(a, b, check_types, expand_composites)


def _same_type(one, other):
    if isinstance(one, Mapping) and isinstance(other, Mapping):
        return True
    fields = getattr(one, "_fields", None), getattr(other, "_fields", None)
    if None not in fields:
        return fields[0] == fields[1] and type(one).__name__ == type(other).__name__
    return type(one) is type(other)


def map_structure(func, *structure, **options):
    """The structure of func(parts at one place of each structure).

    Args:
      func: function of as many values as there are structures.
      *structure: structures of one form.
      check_types: bool, whether lists and tuples at one place are an error; True by default.
      expand_composites: bool, see flatten.

    As in TF: tf.nest.map_structure.
    """
    if not callable(func):
        raise TypeError(f"func must be callable, got: {func}")
    if not structure:
        raise ValueError("Must provide at least one structure")
    check_types = options.pop("check_types", True)
    expand = options.pop("expand_composites", False)
    if options:
        raise ValueError("Only valid keyword arguments are `check_types` and "
                         f"`expand_composites`, not: `{', '.join(options)}`")
    for other in structure[1:]:
        assert_same_structure(structure[0], other, check_types, expand)
    flat = zip(*[flatten(s, expand) for s in structure], strict=True)
    return pack_sequence_as(structure[0], [func(*parts) for parts in flat], expand)
