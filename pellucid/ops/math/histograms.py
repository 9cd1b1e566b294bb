"""How often values occur: bincount, and histograms of equal bins."""

import numpy as np

from pellucid.core import dtypes, errors
from pellucid.core.arrays import array_namespace, on_host, scatter
from pellucid.core.gradients import NotDifferentiable
from pellucid.core.operation import Operation, convert_to_tensor
from pellucid.core.shapes import Spec, merge
from pellucid.core.sources import constant
from pellucid.ops.arguments import as_integers, as_tensor, check_allowed, name_scope, same_dtype
from pellucid.ops.arrays.segments import unsorted_segment_sum
from pellucid.ops.arrays.shaping import reshape, shape, size
from pellucid.ops.math.casting import cast
from pellucid.ops.math.clipping import clip_by_value
from pellucid.ops.math.comparison import greater
from pellucid.ops.math.elementwise import maximum, minimum
from pellucid.ops.math.functions import floor
from pellucid.ops.math.reductions import reduce_max

_COUNTS = (dtypes.int32, dtypes.int64, dtypes.float32, dtypes.float64)


class Bincount(Operation):
    """How often each of 0 ... size - 1 occurs in arr."""

    op_type, fresh = "Bincount", True
    host = True

    def infer(self, arr, size, weights):
        check_allowed("arr", arr.dtype, (dtypes.int32,))
        check_allowed("weights", weights.dtype, _COUNTS)
        merge(size.shape, ())
        return Spec(weights.dtype, (None if size.value is None else int(size.value),))

    def compute(self, arr, size, weights):
        xp, count = array_namespace(arr, weights), int(size)
        flat = arr.reshape(-1)
        if on_host(flat) and flat.size and flat.min() < 0:
            raise errors.InvalidArgumentError(None, None, "Input arr must be non-negative!")
        amount = weights.reshape(-1) if weights.size else xp.ones(flat.shape, weights.dtype)
        # One place more, for what is too great to be counted.
        whole = scatter(xp.zeros(count + 1, weights.dtype), xp.minimum(flat, count), amount, "add")
        return whole[:count]


NotDifferentiable("Bincount")


def bincount(arr, weights=None, minlength=None, maxlength=None, dtype=dtypes.int32):
    """How often each value occurs in a tensor of integers: entry i says it of i.

    Args:
      arr: Tensor of int32, not negative.
      weights: Tensor of arr's shape, what each occurrence counts; 1 by default.
      minlength: int, the least number of entries of the result.
      maxlength: int, the greatest number; what is not less is not counted.
      dtype: DType of the counts, where there are no weights.

    As in TF: tf.bincount, tf.math.bincount (op type Bincount).
    """
    with name_scope(None, "bincount"):
        arr = cast(as_integers(arr, "arr"), dtypes.int32)
        filled = greater(size(arr), 0)
        count = cast(filled, dtypes.int32) * (reduce_max(arr) + 1)
        if minlength is not None:
            count = maximum(as_integers(minlength, "minlength"), count)
        if maxlength is not None:
            count = minimum(as_integers(maxlength, "maxlength"), count)
        if weights is not None:
            weights = as_tensor(weights, name="weights")
            return unsorted_segment_sum(weights, arr, count)
        return Bincount([arr, count, constant(np.zeros(0, dtypes.as_dtype(dtype)._numpy))]).output


class HistogramFixedWidth(Operation):
    """How many of values are in each of nbins equal parts of value_range."""

    op_type, attrs, fresh = "HistogramFixedWidth", {"dtype": dtypes.int32}, True
    host = True

    def infer(self, values, value_range, nbins):
        check_allowed("values", same_dtype(values, value_range, ("values", "value_range")), _COUNTS)
        merge(value_range.shape, (2,))
        merge(nbins.shape, ())
        return Spec(self.dtype, (None if nbins.value is None else int(nbins.value),))

    def compute(self, values, value_range, nbins):
        xp, count = array_namespace(values), int(nbins)
        low, high = value_range
        if count <= 0:
            raise errors.InvalidArgumentError(None, None, "nbins should be a positive number, "
                                              f"but got '{count}'")
        if on_host(low) and not low < high:
            raise errors.InvalidArgumentError(None, None, (
                "value_range should satisfy value_range[0] < value_range[1], but got "
                f"'[{low}, {high}]'"))
        step = (high - low).astype(np.float64) / count
        above = (xp.maximum(values.reshape(-1), low) - low).astype(np.float64)
        places = xp.minimum(above / step, count - 1).astype(np.int32)
        dtype = self.dtype._numpy
        return scatter(xp.zeros(count, dtype), places, xp.ones(places.shape, dtype), "add")


NotDifferentiable("HistogramFixedWidth")


def histogram_fixed_width(values, value_range, nbins=100, dtype=dtypes.int32, name=None):
    """How many values are in each of nbins equal parts of a range.

    Args:
      values: Tensor of numbers.
      value_range: vector [least, greatest] of its dtype; what lies outside counts in the
        first or the last part.
      nbins: int scalar.
      dtype: int32 or int64.

    As in TF: tf.histogram_fixed_width (op type HistogramFixedWidth).
    """
    with name_scope(name, "histogram_fixed_width", [values, value_range, nbins]) as scope:
        values = as_tensor(values, name="values")
        bounds = convert_to_tensor(value_range, values.spec.dtype, name="value_range")
        inputs = [values, bounds, as_integers(nbins, "nbins")]
        return HistogramFixedWidth(inputs, scope, dtype=dtypes.as_dtype(dtype)).output


def histogram_fixed_width_bins(values, value_range, nbins=100, dtype=dtypes.int32, name=None):
    """In which of nbins equal parts of a range each value is, as Tensor of values' shape.

    Arguments as of histogram_fixed_width.

    As in TF: tf.histogram_fixed_width_bins.
    """
    with name_scope(name, "histogram_fixed_width_bins", [values, value_range, nbins]):
        values = as_tensor(values, name="values")
        form = shape(values)
        flat, bounds = reshape(values, [-1]), as_tensor(value_range, name="value_range")
        count = as_integers(nbins, "nbins")
        scaled = (flat - bounds[0]) / (bounds[1] - bounds[0])
        number = cast(count, scaled.dtype)
        places = clip_by_value(floor(number * scaled), 0, number - 1)
        return reshape(cast(places, dtypes.as_dtype(dtype)), form)
