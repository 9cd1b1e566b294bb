"""Batch normalization: activations of mean 0 and variance 1, whatever the layers before do.

While training, mean and variance are those of the batch, and moving averages of them are kept
for use afterwards. The averages change only when the operations in UPDATE_OPS run:

    updates = tf.get_collection(tf.GraphKeys.UPDATE_OPS)
    with tf.control_dependencies(updates):
        step = optimizer.minimize(loss)

Read next: ../nn/normalization.py.
"""

from pellucid.core import dtypes, shapes
from pellucid.core.operation import convert_to_tensor
from pellucid.layers.base import InputSpec, Layer
from pellucid.layers.core import dtype_of
from pellucid.nn.choice import smart_cond
from pellucid.nn.normalization import batch_normalization as normalize
from pellucid.nn.normalization import moments
from pellucid.ops.arguments import as_tensor, name_scope
from pellucid.ops.casting import cast
from pellucid.ops.elementwise import maximum
from pellucid.ops.initializers import ones_initializer, zeros_initializer
from pellucid.ops.shaping import reshape, size
from pellucid.ops.state import assign_sub
from pellucid.ops.variable_scope import VariableAggregation, VariableSynchronization


class BatchNormalization(Layer):
    """gamma (x - mean) / sqrt(variance + epsilon) + beta (Ioffe & Szegedy 2015).

    Mean and variance are taken over all axes but `axis`. With `training` they are those of the
    batch, and the layer's updates are

        moving_mean     = momentum moving_mean     + (1 - momentum) mean
        moving_variance = momentum moving_variance + (1 - momentum) variance;

    without it they are the moving averages.

    Args:
      axis: int, or list of them: the axes whose entries are normalized each by itself.
      momentum: float.
      epsilon: float.
      center, scale: bool, whether there is a beta, a gamma.
      beta_initializer, gamma_initializer, moving_mean_initializer, moving_variance_initializer,
        beta_regularizer, gamma_regularizer, beta_constraint, gamma_constraint: as of Dense.
      renorm, renorm_clipping, renorm_momentum, virtual_batch_size, adjustment: not supported.
      trainable: bool; False also drops the updates.
      fused: bool, whether moving_variance averages the unbiased variance, n / (n - 1) times
        the batch's, as TensorFlow's fused kernel does. None: for inputs of rank 4 with their
        channels in axis 1 or 3, as in TensorFlow.
      name: str, of the variable scope.

    As in TF: tf.layers.BatchNormalization.
    """

    def __init__(self, axis=-1, momentum=0.99, epsilon=1e-3, center=True, scale=True,
                 beta_initializer=zeros_initializer(), gamma_initializer=ones_initializer(),
                 moving_mean_initializer=zeros_initializer(),
                 moving_variance_initializer=ones_initializer(), beta_regularizer=None,
                 gamma_regularizer=None, beta_constraint=None, gamma_constraint=None,
                 renorm=False, renorm_clipping=None, renorm_momentum=0.99, fused=None,
                 trainable=True, virtual_batch_size=None, adjustment=None, name=None, **kwargs):
        super().__init__(name=name, trainable=trainable, **kwargs)
        for option, value in (("renorm", renorm), ("virtual_batch_size", virtual_batch_size),
                              ("adjustment", adjustment), ("renorm_clipping", renorm_clipping)):
            if value:
                raise NotImplementedError(f"BatchNormalization: {option} is not supported; leave "
                                          "it out for plain batch normalization.")
        self.axis, self.momentum, self.epsilon = axis, momentum, epsilon
        self.center, self.scale, self.fused = center, scale, fused
        self.beta_initializer, self.gamma_initializer = beta_initializer, gamma_initializer
        self.moving_mean_initializer = moving_mean_initializer
        self.moving_variance_initializer = moving_variance_initializer
        self.beta_regularizer, self.gamma_regularizer = beta_regularizer, gamma_regularizer
        self.beta_constraint, self.gamma_constraint = beta_constraint, gamma_constraint
        self.beta = self.gamma = self.moving_mean = self.moving_variance = None
        if fused and not self._one_channel_axis():
            raise ValueError("Passing fused=True is only supported when axis is 1 or 3; "
                             f"received {axis}")

    def _one_channel_axis(self):
        axes = [self.axis] if isinstance(self.axis, int) else list(self.axis)
        return len(axes) == 1 and axes[0] in (-3, -1, 1, 3)

    def build(self, input_shape):
        """Makes gamma, beta and the moving averages: one entry for each entry of the axis."""
        dims = shapes.as_tuple(input_shape)
        if dims is None:
            raise ValueError("Input has undefined rank:", input_shape)
        axes = [self.axis] if isinstance(self.axis, int) else list(self.axis)
        self._axes = [axis + len(dims) if axis < 0 else axis for axis in axes]
        if any(not 0 <= axis < len(dims) for axis in self._axes) or (
                len(set(self._axes)) < len(axes)):
            raise ValueError(f"Invalid axis: {self.axis} for a shape of rank {len(dims)}")
        sizes = [dims[axis] for axis in self._axes]
        if None in sizes:
            raise ValueError("There are values in axis that are undefined. Input shape: "
                             f"{shapes.show(dims)}")
        self.fused = (self.fused in (None, True) and len(dims) == 4
                      and self._one_channel_axis())
        self.input_spec = InputSpec(ndim=len(dims), axes=dict(zip(self._axes, sizes, strict=True)))
        self._spread = [d if axis in self._axes else 1 for axis, d in enumerate(dims)]
        shape = sizes if len(sizes) == 1 else self._spread
        dtype = self._dtype or dtypes.float32
        if dtype in (dtypes.float16, dtypes.bfloat16):
            dtype = dtypes.float32                   # averages need the precision
        if self.scale:
            self.gamma = self.add_weight(
                "gamma", shape, dtype, self.gamma_initializer, self.gamma_regularizer,
                constraint=self.gamma_constraint)
        if self.center:
            self.beta = self.add_weight(
                "beta", shape, dtype, self.beta_initializer, self.beta_regularizer,
                constraint=self.beta_constraint)
        kept = {"trainable": False, "synchronization": VariableSynchronization.ON_READ,
                "aggregation": VariableAggregation.MEAN}
        self.moving_mean = self.add_weight(
            "moving_mean", shape, dtype, self.moving_mean_initializer, **kept)
        self.moving_variance = self.add_weight(
            "moving_variance", shape, dtype, self.moving_variance_initializer, **kept)

    def call(self, inputs, training=False):
        """Tensor like inputs; `training` is a bool or a bool Tensor."""
        others = [axis for axis in range(len(self._spread)) if axis not in self._axes]
        moving = (self.moving_mean.value(), self.moving_variance.value())
        mean, variance = smart_cond(training, lambda: self._batch_moments(inputs, others),
                                    lambda: moving)
        if mean is not moving[0]:
            spread = variance * self._correction(inputs) if self.fused else variance
            spread = smart_cond(training, lambda: spread, lambda: moving[1])
            # Where the averages were taken for the values, these move them nowhere.
            self.add_update([self._average(self.moving_mean, mean),
                             self._average(self.moving_variance, spread)])
        along_last = others == list(range(len(others)))
        mean, variance, beta, gamma = (
            None if x is None else self._as_factor(x, inputs, along_last)
            for x in (mean, variance, self.beta, self.gamma))
        outputs = normalize(inputs, mean, variance, beta, gamma, self.epsilon)
        outputs.set_shape(inputs.spec.shape)
        return outputs

    def _batch_moments(self, inputs, axes):
        x = cast(inputs, self.moving_mean.dtype.base_dtype)
        return moments(x, axes, keep_dims=len(self._axes) > 1)

    def _correction(self, inputs):
        """n / (n - 1), where n is how many entries each mean is taken over."""
        dtype = self.moving_variance.dtype.base_dtype
        n = cast(size(inputs), dtype) / shapes.size(tuple(self._spread))
        return n / maximum(n - 1, convert_to_tensor(1, dtype))

    def _average(self, variable, value):
        with name_scope("AssignMovingAvg") as scope:
            dtype = variable.dtype.base_dtype
            decay = cast(convert_to_tensor(1.0 - self.momentum, name="decay"), dtype)
            return assign_sub(variable, (variable - value) * decay, name=scope)

    def _as_factor(self, x, inputs, along_last):
        """x, so that it broadcasts with inputs, in its dtype."""
        x = convert_to_tensor(x)
        if not along_last and x.spec.rank != len(self._spread):
            x = reshape(x, self._spread)
        dtype = dtype_of(inputs)
        return x if dtype is None else cast(x, dtype)


def batch_normalization(
        inputs, axis=-1, momentum=0.99, epsilon=1e-3, center=True, scale=True,
        beta_initializer=zeros_initializer(), gamma_initializer=ones_initializer(),
        moving_mean_initializer=zeros_initializer(),
        moving_variance_initializer=ones_initializer(), beta_regularizer=None,
        gamma_regularizer=None, beta_constraint=None, gamma_constraint=None, training=False,
        trainable=True, name=None, reuse=None, renorm=False, renorm_clipping=None,
        renorm_momentum=0.99, fused=None, virtual_batch_size=None, adjustment=None):
    """inputs, normalized over all axes but `axis`.

    Args:
      inputs: Tensor.
      training: bool or scalar bool Tensor: use the batch's mean and variance, not the moving
        averages. False by default! Run UPDATE_OPS with each training step.
      reuse: bool, use the variables of an earlier layer of that name.
      All others: as of BatchNormalization.

    As in TF: tf.layers.batch_normalization.
    """
    inputs = as_tensor(inputs)
    return BatchNormalization(
        axis, momentum, epsilon, center, scale, beta_initializer, gamma_initializer,
        moving_mean_initializer, moving_variance_initializer, beta_regularizer,
        gamma_regularizer, beta_constraint, gamma_constraint, renorm, renorm_clipping,
        renorm_momentum, fused, trainable, virtual_batch_size, adjustment, name,
        dtype=dtype_of(inputs), _scope=name, _reuse=reuse)(inputs, training=training)
