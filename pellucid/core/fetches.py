"""The grammar of Session.run: what may be fetched and fed, and in which structure it returns."""

import operator

import numpy as np

from pellucid.core import dtypes, shapes
from pellucid.core.cell import Cell
from pellucid.core.operation import Operation
from pellucid.core.sources import as_array
from pellucid.core.tensor import Tensor


class Fetches:
    """A structure of fetches, as a flat list and the way back.

    Attributes:
      targets: list of Tensor and Operation to run, each once.
      pack: function from the list of the targeted tensors' values to the user's structure.
    """

    def __init__(self, graph, structure):
        self.graph, self.targets, self._positions = graph, [], {}
        self.pack = self._pack(structure)

    def _pack(self, item):
        if isinstance(item, list):
            parts = [self._pack(part) for part in item]
            return lambda values: [part(values) for part in parts]
        if isinstance(item, tuple):
            parts = [self._pack(part) for part in item]
            build = type(item)._make if hasattr(item, "_make") else tuple
            return lambda values: build([part(values) for part in parts])
        if isinstance(item, dict):
            named = {key: self._pack(part) for key, part in item.items()}
            build = dict if type(item) is dict else type(item)
            return lambda values: build((key, part(values)) for key, part in named.items())
        if hasattr(item, "_fetch_parts"):                # IndexedSlices, SparseTensor
            tensors, rebuild = item._fetch_parts()
            parts = [self._pack(tensor) for tensor in tensors]
            return lambda values: rebuild(*[part(values) for part in parts])
        return self._leaf(item)

    def _leaf(self, item):
        try:
            element = self.graph.as_graph_element(item)
        except TypeError as error:
            raise TypeError(f"Fetch argument {item!r} has invalid type {type(item)}, must be a "
                            f"string or Tensor. ({error})") from None
        except (ValueError, KeyError) as error:
            raise ValueError(f"Fetch argument {item!r} cannot be interpreted as a Tensor. "
                             f"({error.args[0]})") from None
        if isinstance(element, Operation):
            if element.op_type is None and len(element.outputs) == 1:
                element = element.output         # a learner's own operation stands for its value
            else:
                self.targets.append(element)
                return lambda values: None
        if element not in self._positions:
            self._positions[element] = len(self._positions)
            self.targets.append(element)
        return operator.itemgetter(self._positions[element])


def expand_feeds(graph, feed_dict):
    """(feeds, split): the tensors that a feed_dict names, and a function from its values to
    theirs."""
    parts = [_feed_parts(graph, key) for key in feed_dict]
    feeds = [Feed(tensor) for tensors, _ in parts for tensor in tensors]
    if not any(split for _, split in parts):
        return feeds, None
    return feeds, lambda values: _spread(parts, values)


def _feed_parts(graph, key):
    """The same for one key: a tensor, or tuples of tensors, such as the state of a deep cell."""
    if hasattr(key, "_feed_parts"):                      # IndexedSlices, SparseTensor
        return key._feed_parts()
    if not isinstance(key, tuple):
        return [_feed_key(graph, key)], None
    parts = [_feed_parts(graph, k) for k in key]

    def split(value):
        if len(value) != len(key):
            raise ValueError(f"Cannot feed {len(value)} values for {len(key)} tensors.")
        return _spread(parts, value)
    return [tensor for tensors, _ in parts for tensor in tensors], split


def _spread(parts, values):
    return [part for (_, split), value in zip(parts, values, strict=True)
            for part in (split(value) if split else (value,))]


def _feed_key(graph, key):
    try:
        return graph.as_graph_element(key, allow_operation=False)
    except (ValueError, KeyError, TypeError) as error:
        if isinstance(key, Operation) and key.graph is graph:
            return key.output
        raise TypeError(f"Cannot interpret feed_dict key as Tensor: {error.args[0]}") from None


class Feed:
    """Turns what the user feeds for one tensor into an array of its type."""

    __slots__ = ("_accepted", "_dtype", "_shape", "tensor")

    def __init__(self, tensor):
        self.tensor = tensor
        dtype = tensor.spec.dtype           # text may be str, so strings are always converted
        self._dtype = dtype._numpy if dtype not in (None, dtypes.string) else dtype
        self._shape = tensor.spec.shape
        self._accepted = None               # the shape that was last seen to fit

    def array(self, value):
        """The array that a fed value stands for. TypeError, ValueError if it does not fit."""
        if type(value) is not np.ndarray or (
                value.dtype is not self._dtype and self._dtype is not None):
            value = self._convert(value)
        if value.shape != self._accepted:
            if not shapes.compatible(value.shape, self._shape):
                raise ValueError(
                    f"Cannot feed value of shape {value.shape} for Tensor {self.tensor.name!r}, "
                    f"which has shape {shapes.show(self._shape)!r}")
            self._accepted = value.shape
        return value

    def _convert(self, value):
        if isinstance(value, Tensor | Operation | Cell) or hasattr(value, "_as_graph_element"):
            raise TypeError("The value of a feed cannot be a tf.Tensor object. Acceptable feed "
                            "values include Python scalars, strings, lists, and numpy ndarrays. "
                            f"For reference, the tensor object was {value} which was passed to "
                            f"the feed with key {self.tensor}.")
        dtype = self.tensor.spec.dtype
        if dtype is None:
            return np.asarray(value)
        if dtype is dtypes.string:
            return as_array(value if isinstance(value, np.ndarray) else np.array(value, object))
        try:
            array = np.asarray(value, self._dtype)
        except OverflowError:
            raise self._wrong_type(value) from None
        if isinstance(value, int) and int(array) != value:
            raise self._wrong_type(value)
        return array

    def _wrong_type(self, value):
        return TypeError(f"Type of feed value {value} with type {type(value)} is not compatible "
                         f"with Tensor type {self.tensor.dtype.name}. Try explicitly setting the "
                         "type of the feed tensor to a larger type (e.g. int64).")


_CONTAINERS = list, tuple, dict


def key_of(structure):
    """A hashable key that tells structures of fetches apart."""
    if not isinstance(structure, _CONTAINERS):
        return structure
    if isinstance(structure, dict):
        return type(structure), *structure, *map(key_of, structure.values())
    return type(structure), *[
        part if type(part) is Tensor else key_of(part) for part in structure]
