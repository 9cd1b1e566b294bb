"""Windows that slide over images: layouts, strides, padding, and how many of them there are.

What convolution and pooling share. Images are (n, *spatial, c), "NHWC", or (n, c, *spatial),
"NCHW"; computing is done in the former. Read next: convolve.py, convolution.py, pooling.py.
"""

import numpy as np

from pellucid.core.shapes import show

FORMATS = {3: ("NWC", "NCW"), 4: ("NHWC", "NCHW"), 5: ("NDHWC", "NCDHW")}


class Windows:
    """The geometry of an operation with strides, a padding, a layout, perhaps dilations.

    Args:
      op: Operation with attrs strides, padding, data_format, and, where it has them,
        dilations and explicit_paddings.
    """

    def __init__(self, op):
        self.rank = len(op.strides)
        self.channels_first = op.data_format[1] == "C"
        self.padding = op.padding
        self.strides = self.spatial(op.strides)
        self.dilations = self.spatial(getattr(op, "dilations", (1,) * self.rank))
        explicit = getattr(op, "explicit_paddings", ())
        pairs = list(zip(explicit[::2], explicit[1::2], strict=True))
        self.explicit = self.spatial(pairs) if pairs else None

    def spatial(self, entries):
        """Of one entry an axis, in the operation's layout, those of the spatial axes."""
        return tuple(entries[2:] if self.channels_first else entries[1:-1])

    def channels(self, entries):
        """Of one entry an axis, in the operation's layout, that of the channels."""
        return entries[1 if self.channels_first else -1]

    def join(self, n, spatial, channels):
        """A shape in the operation's layout."""
        return (n, channels, *spatial) if self.channels_first else (n, *spatial, channels)

    def last(self, x):
        """An array with its channels last."""
        return x.transpose(0, *range(2, x.ndim), 1) if self.channels_first else x

    def back(self, x):
        """An array with channels last in the operation's layout."""
        return x.transpose(0, x.ndim - 1, *range(1, x.ndim - 1)) if self.channels_first else x

    def count(self, sizes, window):
        """How many windows fit along each spatial axis; None where unknown.

        Raises ValueError if a window is larger than the image, padding included.
        """
        around = self.explicit or ((0, 0),) * len(sizes)
        return tuple([self._count(*axis) for axis in zip(
            sizes, window, self.strides, self.dilations, around, strict=True)])

    def _count(self, size, window, stride, dilation, around):
        if size is None or (window is None and self.padding != "SAME"):
            return None
        if self.padding == "SAME":
            return -(-size // stride)
        size += sum(around)
        extent = (window - 1) * dilation + 1
        if size < extent:
            raise ValueError(f"Negative dimension size caused by subtracting {extent} from "
                             f"{size}: the window is larger than the image.")
        return (size - extent) // stride + 1

    def pads(self, sizes, window):
        """(before, after) for each spatial axis; of an odd SAME padding more is after."""
        if self.padding != "SAME":
            return self.explicit or ((0, 0),) * len(sizes)
        pads = []
        for size, k, stride, dilation in zip(sizes, window, self.strides, self.dilations,
                                             strict=True):
            total = max((-(-size // stride) - 1) * stride + (k - 1) * dilation + 1 - size, 0)
            pads.append((total // 2, total - total // 2))
        return tuple(pads)


def check_rank(name, spec, rank):
    """Raises ValueError unless the Spec may be of that rank."""
    if spec.rank not in (None, rank):
        raise ValueError(f"{name} must be of rank {rank}, but has shape {show(spec.shape)}.")


def per_axis(name, value, rank, channels_first):
    """Strides and the like as a tuple with an entry an axis.

    Args:
      name: str, for error messages.
      value: int or list of 1, of rank - 2 (the spatial axes) or of rank; None for ones.
      rank: int, of the images.
      channels_first: bool.
    """
    value = [1] if value is None else np.ravel(value).tolist()
    if any(int(v) != v or v < 1 for v in value):
        raise ValueError(f"{name} must be positive integers, not {value}.")
    value = [int(v) for v in value]
    if len(value) == rank:
        return tuple(value)
    if len(value) == 1:
        value *= rank - 2
    if len(value) != rank - 2:
        raise ValueError(f"{name} should be of length 1, {rank - 2} or {rank}, but was "
                         f"{len(value)}.")
    return (1, 1, *value) if channels_first else (1, *value, 1)


def is_channels_first(data_format, rank):
    """True for "NC...". ValueError for what is no layout of that rank; None is "N...C"."""
    if data_format is None:
        return False
    if data_format not in FORMATS[rank]:
        raise ValueError(f"data_format must be one of {', '.join(FORMATS[rank])}, not "
                         f"{data_format!r}.")
    return data_format[1] == "C"


def padding_attrs(padding, explicit=True):
    """{"padding": ..., "explicit_paddings": ...} of what users write for padding.

    Args:
      padding: "SAME", "VALID", or a list of (before, after) for each axis of the images.
      explicit: bool, whether such a list is allowed.
    """
    if isinstance(padding, list | tuple) and explicit:
        pairs = [tuple(pair) for pair in padding]
        if any(len(pair) != 2 or min(pair) < 0 for pair in pairs):
            raise ValueError("explicit padding is a list of (before, after), neither of them "
                             f"negative, for each axis; not {padding!r}.")
        return {"padding": "EXPLICIT",
                "explicit_paddings": tuple([int(p) for pair in pairs for p in pair])}
    if padding not in ("SAME", "VALID"):
        raise ValueError(f"padding must be 'SAME' or 'VALID'{' or a list of pairs' * explicit}, "
                         f"not {padding!r}.")
    return {"padding": padding}


def check_only_spatial(name, entries, channels_first):
    """Raises ValueError if batch or channels have an entry that is not 1."""
    if entries[0] != 1 or entries[1 if channels_first else -1] != 1:
        raise ValueError(f"{name} in the batch and depth dimensions must be 1, but are "
                         f"{list(entries)}.")
