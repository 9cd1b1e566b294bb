"""Attributes of nodes: what an operation knows, as AttrValue messages, and back.

Read next: graph_def.py.
"""

import numpy as np

from pellucid.core import dtypes
from pellucid.interchange.op_signatures import REQUIRED, signature
from pellucid.interchange.tensors import (
    array_to_proto,
    make_ndarray,
    proto_to_shape,
    shape_to_proto,
)

_FIELDS = {"string": "s", "int": "i", "float": "f", "bool": "b", "type": "type",
           "shape": "shape", "tensor": "tensor", "func": "func"}


# -- what an operation's attributes are ----------------------------------------------------

def attributes_of(op):
    """{name: (type, value)} of an operation, as TensorFlow names them."""
    declared = signature(op.type) if op.op_type else None       # a learner's own has its own
    if declared is None:
        return _guessed(op)
    found = {}
    derived = _derive(declared.outputs, [t.spec.dtype for t in op.outputs], op)
    derived |= _derive(declared.inputs, [t.spec.dtype for t in op.input_nodes], op)
    extra = None
    for name, (kind, default) in declared.attrs.items():
        value = getattr(op, name) if name in op.attrs else None
        if value is None and not (name in op.attrs and kind == "shape"):
            value = derived.get(name, default)
            if value is None and name in derived:
                value = _UNTYPED
        if value is REQUIRED:
            extra = op._derived_attrs() if extra is None else extra
            value = extra.get(name, REQUIRED)
        if value is REQUIRED:
            raise ValueError(f"{op.type} {op.name!r} cannot be written to a GraphDef: it has no "
                             f"value for the attribute {name!r}.")
        if _is_new(op.type, name) and value in (default, plain_default(kind, default)):
            continue
        if value is not None or kind == "shape":
            found[name] = kind, value
    return found


# Attributes that TensorFlow 1.15 knows of no type (_NEW), or not of these (_NEW_OF), and refuses.
_NEW = {"Tcomplex", "Tk", "Treal", "Tsegmentids", "allow_missing_files", "allowed_devices",
        "bad_indices_policy", "blank_index", "debug_name", "exponential_avg_factor", "grad_a",
        "grad_b", "grad_x", "grad_y", "index_type", "multiply_linear_by_lr", "offset",
        "resize_if_index_out_of_bounds", "shape_type", "sparse_gradient"}
_NEW_OF = {"explicit_paddings": ("DepthwiseConv2dNative", "DepthwiseConv2dNativeBackpropFilter",
                                 "DepthwiseConv2dNativeBackpropInput", "MaxPool", "MaxPoolGrad"),
           "Tshape": ("TensorListGetItem",), "validate_shape": ("AssignVariableOp",)}


def _is_new(op_type, name):
    return name in _NEW or op_type in _NEW_OF.get(name, ())


_UNTYPED = 0                     # TensorFlow's number for "no type"


def _derive(arguments, types, op):
    """{attribute: value} that follows from the types of the inputs or outputs."""
    found, position = {}, 0
    for argument, count in zip(arguments, _counts(arguments, len(types), op), strict=True):
        part = types[position:position + count]
        position += count
        if argument.number:
            found[argument.number] = count
        if argument.types:
            found[argument.types] = tuple(part)
        elif part:
            found[argument.type] = part[0]
    return found


def _counts(arguments, total, op):
    """How many tensors each argument stands for."""
    lists = [a for a in arguments if a.number or a.types]
    rest = total - (len(arguments) - len(lists))
    if len({a.number for a in lists}) == 1 and (len(lists) == 1 or lists[0].number):
        return [rest // len(lists) if a.number or a.types else 1 for a in arguments]
    return [1 if not (a.number or a.types) else
            getattr(op, a.number) if a.number else len(getattr(op, a.types)) for a in arguments]


def _guessed(op):
    """For a type that is not TensorFlow's: what its class declares, and T."""
    found = {name: (kind, getattr(op, name)) for name in op.attrs
             if (kind := _kind_of(getattr(op, name)))}
    if op.op_type and op.input_nodes and op.input_nodes[0].spec.dtype:
        found["T"] = "type", op.input_nodes[0].spec.dtype
    return found


def _kind_of(value):
    for kind, types in (("bool", bool | np.bool_), ("int", int | np.integer),
                        ("float", float | np.floating), ("string", str | bytes),
                        ("type", dtypes.DType), ("tensor", np.ndarray)):
        if isinstance(value, types):
            return kind
    if isinstance(value, tuple | list) and value:
        kind = _kind_of(value[0])                    # lists of lists have no form there
        return f"list({kind})" if kind and "(" not in kind else None
    return None


# -- messages ------------------------------------------------------------------------------

def write_attribute(proto, kind, value, where):
    """Fills an AttrValue with a value of a kind: "int", "list(type)", ..."""
    if kind.startswith("list("):
        proto.list.SetInParent()
        for item in value:
            _append(proto.list, kind[5:-1], item, where)
    elif kind == "shape":
        shape_to_proto(value, proto.shape)
    elif kind == "tensor":
        array_to_proto(np.asarray(value), proto.tensor)
    elif kind == "func":
        proto.func.name = value.function_name            # of a FunctionGraph, see functions.py
    else:
        setattr(proto, _FIELDS[kind], _plain(kind, value))


def _append(proto, kind, value, where):
    if kind == "shape":
        shape_to_proto(value, proto.shape.add())
    elif kind == "tensor":
        array_to_proto(np.asarray(value), proto.tensor.add())
    elif kind == "func":
        raise ValueError(f"{where}: a list of functions cannot be written to a GraphDef.")
    else:
        getattr(proto, _FIELDS[kind]).append(_plain(kind, value))


def _plain(kind, value):
    if kind == "type":
        return _UNTYPED if value in (None, _UNTYPED) else dtypes.as_dtype(value).as_datatype_enum
    if kind == "string":
        return value.encode("utf-8", "surrogateescape") if isinstance(value, str) else bytes(value)
    return {"int": int, "float": float, "bool": bool}[kind](value)


def read_attribute(proto, kind):
    """The value in an AttrValue that should be of a kind; lists as tuples.

    Raises ValueError where it is of another.
    """
    is_list = kind.startswith("list(")
    kind = kind[5:-1] if is_list else kind
    field = proto.WhichOneof("value")
    if not is_list:
        if field != _FIELDS[kind]:
            raise ValueError(f"it should be of type {kind}, but is {field or 'empty'}")
        return _read(kind, getattr(proto, field))
    if field != "list":
        raise ValueError(f"it should be of type list({kind}), but is {field or 'empty'}")
    if any(other.name != _FIELDS[kind] for other, _ in proto.list.ListFields()):
        raise ValueError(f"it should be of type list({kind}), but has other elements")
    return tuple([_read(kind, item) for item in getattr(proto.list, _FIELDS[kind])])


def _read(kind, value):
    if kind == "type":
        try:
            return None if value == _UNTYPED else dtypes.as_dtype(value).base_dtype
        except TypeError:
            raise ValueError(f"element type {value} is not supported") from None
    if kind == "string":
        return value.decode("utf-8", "surrogateescape")
    if kind == "shape":
        return proto_to_shape(value)
    if kind == "tensor":
        return make_ndarray(value)
    return value.name if kind == "func" else value


def plain_default(kind, default):
    """A default of op_types.txt as read_attribute gives values."""
    if default is REQUIRED:
        return REQUIRED
    if kind == "type":
        return dtypes.as_dtype(default)
    if kind == "list(type)":
        return tuple([dtypes.as_dtype(d) for d in default])
    if kind == "shape":
        return None if default is None else tuple(None if d < 0 else d for d in default)
    return tuple(default) if isinstance(default, list) else default
