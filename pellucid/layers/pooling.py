"""Pooling: the greatest entry, or the mean, of each window."""

from pellucid.layers.base import InputSpec, Layer
from pellucid.layers.convolutional import FORMATS, padding_named
from pellucid.layers.core import channels, tuple_of
from pellucid.ops.conv import pooling


class _Pooling(Layer):
    """Base of the pooling layers.

    Args:
      pool_size: int, or one for each dimension: the size of a window.
      strides: the same, the distance between windows.
      padding: "valid", windows stay inside; "same", they may reach over the border, and what is
        outside does not count.
      data_format: "channels_last" or "channels_first".
      name: str.
    """

    rank = 2

    def __init__(self, pool_size, strides, padding="valid", data_format="channels_last",
                 name=None, **kwargs):
        super().__init__(name=name, **kwargs)
        self.pool_size = tuple_of(pool_size, self.rank, "pool_size")
        self.strides = tuple_of(pool_size if strides is None else strides, self.rank, "strides")
        self.padding, self.data_format = padding_named(padding), channels(data_format)
        self.input_spec = InputSpec(ndim=self.rank + 2)

    def call(self, inputs):
        """Tensor of inputs' rank."""
        window, strides = (
            [1, 1, *values] if self.data_format == "channels_first" else [1, *values, 1]
            for values in (self.pool_size, self.strides))
        return self.function(inputs, window, strides, self.padding.upper(),
                             data_format=FORMATS[self.data_format, self.rank])


def _layer(kind, rank, function, what):
    """The class and the function of tf.layers for one kind of pooling."""
    name, label = f"{kind}Pooling{rank}D", {"Max": "max", "Average": "average"}[kind]
    shape = ("(n, w, c)", "(n, h, w, c)", "(n, d, h, w, c)")[rank - 1]
    layer_class = type(name, (_Pooling,), {
        "rank": rank, "function": staticmethod(function), "__module__": __name__,
        "__doc__": f"{what} of each window of {shape}.\n{_Pooling.__doc__.partition('.')[2]}\n"
                   f"    As in TF: tf.layers.{name}.\n"})

    def pool(inputs, pool_size, strides, padding="valid", data_format="channels_last", name=None):
        return layer_class(pool_size, strides, padding, data_format, name)(inputs)

    pool.__name__ = pool.__qualname__ = f"{label}_pooling{rank}d"
    pool.__doc__ = (f"{what} of each window of inputs, {shape}. Arguments as of {name}.\n\n"
                    f"    As in TF: tf.layers.{pool.__name__}.\n    ")
    return layer_class, pool


_MAX, _MEAN = "The greatest entry", "The mean"
MaxPooling1D, max_pooling1d = _layer("Max", 1, pooling.max_pool1d, _MAX)
MaxPooling2D, max_pooling2d = _layer("Max", 2, pooling.max_pool, _MAX)
MaxPooling3D, max_pooling3d = _layer("Max", 3, pooling.max_pool3d, _MAX)
AveragePooling1D, average_pooling1d = _layer("Average", 1, pooling.avg_pool1d, _MEAN)
AveragePooling2D, average_pooling2d = _layer("Average", 2, pooling.avg_pool, _MEAN)
AveragePooling3D, average_pooling3d = _layer("Average", 3, pooling.avg_pool3d, _MEAN)
