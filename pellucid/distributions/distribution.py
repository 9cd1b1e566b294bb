"""What probability distributions have in common, and how far one is from another.

Read next: continuous.py, discrete.py.
"""

from pellucid.core import dtypes
from pellucid.core.shapes import TensorShape, broadcast
from pellucid.ops.arguments import as_integers, name_scope
from pellucid.ops.arrays.creation import ones_like, zeros_like
from pellucid.ops.arrays.joining import concat
from pellucid.ops.arrays.shaping import expand_dims, reshape, shape
from pellucid.ops.math.functions import exp, log, sqrt
from pellucid.ops.math.reductions import reduce_prod


class ReparameterizationType:
    """Whether gradients flow from a draw to the parameters.

    As in TF: tf.distributions.ReparameterizationType.
    """

    def __init__(self, rep_type):
        self._type = rep_type

    def __repr__(self):
        return f"<Reparameterization Type: {self._type}>"


FULLY_REPARAMETERIZED = ReparameterizationType("FULLY_REPARAMETERIZED")
NOT_REPARAMETERIZED = ReparameterizationType("NOT_REPARAMETERIZED")


class Distribution:
    """Base of the distributions: a batch of independent ones, over numbers.

    Args:
      dtype: DType of what is drawn.
      parameters: list of Tensors whose shapes, broadcast, are the batch's.
      name: str, the scope of the distribution's operations.
      allow_nan_stats: for TensorFlow's signature: none of their statistics is undefined.

    Class attributes:
      reparameterization_type: FULLY_REPARAMETERIZED if draws are a function of parameters and
        noise, through which gradients flow; else NOT_REPARAMETERIZED.

    As in TF: tf.distributions.Distribution.
    """

    reparameterization_type = NOT_REPARAMETERIZED

    def __init__(self, dtype, parameters, name, validate_args=False, allow_nan_stats=True):
        self.dtype, self.name = dtype, name
        self.validate_args, self.allow_nan_stats = validate_args, allow_nan_stats
        self._parameters = parameters

    @property
    def batch_shape(self):
        """TensorShape of the batch, as far as it is known."""
        found = ()
        for parameter in self._parameters:
            found = broadcast(found, parameter.spec.shape)
        return TensorShape(found)

    @property
    def event_shape(self):
        """TensorShape of one draw of one distribution: a number's, ()."""
        return TensorShape(())

    def batch_shape_tensor(self, name="batch_shape_tensor"):
        """The batch's shape as a Tensor of int32."""
        with self._scope(name):
            known = self.batch_shape
            if known.is_fully_defined():
                return as_integers(known.as_list(), "batch_shape")
            total = zeros_like(self._parameters[0])
            for parameter in self._parameters[1:]:
                total += zeros_like(parameter)
            return shape(total)

    def sample(self, sample_shape=(), seed=None, name="sample"):
        """Numbers drawn at random.

        Args:
          sample_shape: int or vector of ints, in front of the batch's shape.
          seed: int.

        Returns:
          Tensor of dtype, shape sample_shape + batch_shape.
        """
        with self._scope(name):
            sample_shape = as_integers(sample_shape, "sample_shape")
            if sample_shape.spec.rank == 0:
                sample_shape = expand_dims(sample_shape, 0)
            n = reduce_prod(sample_shape)
            batch = self.batch_shape_tensor()
            drawn = self._draw(concat([[n], batch], 0), n, seed)
            whole = reshape(drawn, concat([sample_shape, batch], 0))
            front = TensorShape(sample_shape.spec.as_shape())
            whole.set_shape(front.concatenate(self.batch_shape))
            return whole

    def log_prob(self, value, name="log_prob"):
        """The logarithm of the density (or probability) at `value`."""
        with self._scope(name, value):
            return self._log_prob(value)

    def prob(self, value, name="prob"):
        """The density (or probability) at `value`."""
        with self._scope(name, value):
            return exp(self._log_prob(value))

    def cdf(self, value, name="cdf"):
        """The probability of a draw not above `value`."""
        with self._scope(name, value):
            return self._cdf(value)

    def log_cdf(self, value, name="log_cdf"):
        """The logarithm of cdf."""
        with self._scope(name, value):
            return log(self._cdf(value))

    def entropy(self, name="entropy"):
        """The expected value of -log_prob."""
        with self._scope(name):
            return self._entropy()

    def mean(self, name="mean"):
        """The expected value."""
        with self._scope(name):
            return self._mean()

    def variance(self, name="variance"):
        """The expected squared distance from the mean."""
        with self._scope(name):
            return self._variance()

    def stddev(self, name="stddev"):
        """The root of the variance."""
        with self._scope(name):
            return sqrt(self._variance())

    def mode(self, name="mode"):
        """The likeliest value."""
        with self._scope(name):
            return self._mode()

    def kl_divergence(self, other, name="kl_divergence"):
        """How far the distribution is from another: the expected log_prob - other.log_prob."""
        with self._scope(name):
            return kl_divergence(self, other)

    def cross_entropy(self, other, name="cross_entropy"):
        """The expected value of -other.log_prob: the entropy and the divergence."""
        with self._scope(name):
            return self._entropy() + kl_divergence(self, other)

    def _scope(self, name, *values):
        return _Scopes(self.name, name)

    def _missing(self, *_):
        raise NotImplementedError(f"{type(self).__name__} does not have this.")

    _cdf = _mean = _variance = _mode = _entropy = _log_prob = _draw = _missing

    def __repr__(self):
        return (f"<tf.distributions.{type(self).__name__} '{self.name}' batch_shape="
                f"{self.batch_shape} event_shape=() dtype={self.dtype.name}>")


class _Scopes:
    """The distribution's scope, entered again, and one in it for a method."""

    def __init__(self, outer, inner):
        self._outer, self._inner = name_scope(outer), name_scope(inner)

    def __enter__(self):
        self._outer.__enter__()
        return self._inner.__enter__()

    def __exit__(self, *exception):
        self._inner.__exit__(*exception)
        self._outer.__exit__(*exception)


def spread(x, *others):
    """x, of the shape that it has when broadcast with others."""
    for other in others:
        x = x * ones_like(other, dtype=x.dtype)
    return x


def check_floating(name, *parameters):
    """Raises ValueError unless the parameters are floating numbers of one dtype."""
    found = [parameter.spec.dtype for parameter in parameters]
    if found[0] not in dtypes.FLOATING or found.count(found[0]) != len(found):
        names = ", ".join("untyped" if dtype is None else dtype.name for dtype in found)
        raise ValueError(f"the parameters of {name} must be floating numbers of one dtype, but "
                         f"are {names}: use tf.cast.")


# -- divergences ---------------------------------------------------------------------------

_divergences = {}                 # (class, class) -> function(a, b, name)


class RegisterKL:
    """Decorator of the function(a, b, name=None) that computes KL(a || b) for two classes.

    As in TF: tf.distributions.RegisterKL.
    """

    def __init__(self, dist_cls_a, dist_cls_b):
        self._key = dist_cls_a, dist_cls_b

    def __call__(self, kl_fn):
        if not callable(kl_fn):
            raise TypeError(f"kl_fn must be callable, received: {kl_fn}")
        if self._key in _divergences:
            names = [cls.__name__ for cls in self._key]
            raise ValueError(f"KL({names[0]} || {names[1]}) has already been registered.")
        _divergences[self._key] = kl_fn
        return kl_fn


def kl_divergence(distribution_a, distribution_b, allow_nan_stats=True, name=None):
    """The Kullback-Leibler divergence, the expected log(a's density / b's) under a.

    Args:
      distribution_a, distribution_b: Distributions.
      allow_nan_stats: bool; False: it is an error of the run if the result is not a number.
      name: str.

    Raises NotImplementedError for a pair of which nobody registered one (RegisterKL).
    As in TF: tf.distributions.kl_divergence.
    """
    for a in type(distribution_a).__mro__:
        for b in type(distribution_b).__mro__:
            if (a, b) in _divergences:
                with name_scope("KullbackLeibler"):
                    found = _divergences[a, b](distribution_a, distribution_b, name=name)
                    return found if allow_nan_stats else _checked(found)
    raise NotImplementedError(
        "No KL(distribution_a || distribution_b) registered for distribution_a type "
        f"{type(distribution_a).__name__} and distribution_b type "
        f"{type(distribution_b).__name__}")


def _checked(divergence):
    """The same, which fails in the run where it is not a number."""
    from pellucid.ops.control.passing import identity
    from pellucid.ops.control.printing import Assert_
    from pellucid.ops.math.comparison import logical_not
    from pellucid.ops.math.functions import is_nan
    from pellucid.ops.math.reductions import reduce_any
    check = Assert_(logical_not(reduce_any(is_nan(divergence))),
                    ["The Kullback-Leibler divergence is not a number:", divergence])
    with divergence.graph.control_dependencies([check]):
        return identity(divergence)
