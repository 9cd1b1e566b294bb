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
from pellucid.layers.named import ONES, ZEROS
from pellucid.layers.renormalization import Renormalization
from pellucid.nn.choice import known_condition, smart_cond
from pellucid.nn.normalization import batch_normalization as normalize
from pellucid.nn.normalization import moments
from pellucid.ops.arguments import as_tensor, name_scope
from pellucid.ops.arrays.creation import ones, ones_like, zeros, zeros_like
from pellucid.ops.arrays.shaping import reshape
from pellucid.ops.arrays.shaping import shape as shape_of
from pellucid.ops.control.passing import identity
from pellucid.ops.math.casting import cast
from pellucid.ops.math.reductions import reduce_mean
from pellucid.ops.neural.batch_norm import fused_batch_norm
from pellucid.ops.state.assignment import assign_sub
from pellucid.ops.state.variable_store import VariableAggregation, VariableSynchronization


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
      renorm, renorm_clipping, renorm_momentum: see renormalization.py.
      trainable: bool; False also drops the updates.
      fused: bool, whether to use one operation, FusedBatchNormV3, where the input has rank 4
        and its channels are in axis 1 or 3; None is True, where that is possible. Its variance,
        which moving_variance averages, is n / (n - 1) times the batch's.
      virtual_batch_size: int, which divides the batch size: this many examples are normalized by
        each mean and variance; the moving averages are of all of them.
      adjustment: function(shape of inputs) -> (scale, bias), Tensors by which the normalized
        values are changed before gamma and beta, while training.
      name: str, of the variable scope.

    As in TF: tf.layers.BatchNormalization.
    """

    parameters = ("gamma", "beta")                   # in which order they are made

    def __init__(self, axis=-1, momentum=0.99, epsilon=1e-3, center=True, scale=True,
                 beta_initializer=ZEROS, gamma_initializer=ONES,
                 moving_mean_initializer=ZEROS,
                 moving_variance_initializer=ONES, beta_regularizer=None,
                 gamma_regularizer=None, beta_constraint=None, gamma_constraint=None,
                 renorm=False, renorm_clipping=None, renorm_momentum=0.99, fused=None,
                 trainable=True, virtual_batch_size=None, adjustment=None, name=None, **kwargs):
        super().__init__(name=name, trainable=trainable, **kwargs)
        self.axis, self.momentum, self.epsilon = axis, momentum, epsilon
        self.center, self.scale, self.fused = center, scale, fused
        self.beta_initializer, self.gamma_initializer = beta_initializer, gamma_initializer
        self.moving_mean_initializer = moving_mean_initializer
        self.moving_variance_initializer = moving_variance_initializer
        self.beta_regularizer, self.gamma_regularizer = beta_regularizer, gamma_regularizer
        self.beta_constraint, self.gamma_constraint = beta_constraint, gamma_constraint
        self.beta = self.gamma = self.moving_mean = self.moving_variance = None
        self.renorm = bool(renorm)
        if renorm:
            self._renormalization = Renormalization(self, renorm_clipping, renorm_momentum)
        self.virtual_batch_size, self.adjustment = virtual_batch_size, adjustment
        self._check_options()

    def _check_options(self):
        if self.fused and not self._one_channel_axis():
            raise ValueError("Passing fused=True is only supported when axis is 1 or 3; "
                             f"received {self.axis}")
        if self.virtual_batch_size is not None:
            if self.virtual_batch_size <= 0:
                raise ValueError("virtual_batch_size must be a positive integer that divides the "
                                 "true batch size of the input Tensor")
            if self.adjustment is not None:
                raise ValueError("When using virtual_batch_size, adjustment cannot be specified")

    def _several_operations(self):
        """The options that FusedBatchNormV3 does not have."""
        return [name for name in ("renorm", "virtual_batch_size", "adjustment")
                if getattr(self, name) not in (None, False)]

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
                      and not self._several_operations()
                      and self._one_channel_axis() and self._dtype is not dtypes.float64)
        self.input_spec = InputSpec(ndim=len(dims), axes=dict(zip(self._axes, sizes, strict=True)))
        self._spread = [d if axis in self._axes else 1 for axis, d in enumerate(dims)]
        if self.virtual_batch_size is not None:
            if 0 in self._axes:
                raise ValueError("When using virtual_batch_size, the batch dimension must be 0 "
                                 "and thus axis cannot include 0")
            self._spread.insert(1, 1)                # of the virtual batches
            self._axes = [axis + 1 for axis in self._axes]
        shape = sizes if len(sizes) == 1 and self.virtual_batch_size is None else self._spread
        dtype = self._dtype or dtypes.float32
        if dtype in (dtypes.float16, dtypes.bfloat16):
            dtype = dtypes.float32                   # averages need the precision
        for name in self.parameters:
            if self.scale if name == "gamma" else self.center:
                setattr(self, name, self.add_weight(
                    name, shape, dtype, getattr(self, f"{name}_initializer"),
                    getattr(self, f"{name}_regularizer"),
                    constraint=getattr(self, f"{name}_constraint")))
        partitioner = self._scope.partitioner
        self._scope.set_partitioner(None)            # as in TensorFlow, averages are whole
        kept = {"trainable": False, "synchronization": VariableSynchronization.ON_READ,
                "aggregation": VariableAggregation.MEAN}
        self.moving_mean = self.add_weight(
            "moving_mean", shape, dtype, self.moving_mean_initializer, **kept)
        self.moving_variance = self.add_weight(
            "moving_variance", shape, dtype, self.moving_variance_initializer, **kept)
        if self.renorm:
            self._renormalization.build(shape, dtype, **kept)
        self._scope.set_partitioner(partitioner)

    def call(self, inputs, training=False):
        """Tensor like inputs; `training` is a bool or a bool Tensor."""
        moving = (self.moving_mean.value(), self.moving_variance.value())
        if self.fused:
            outputs, mean, variance = smart_cond(
                training, lambda: self._fused(inputs, moving, True),
                lambda: self._fused(inputs, moving, False))
        else:
            outputs, mean, variance = self._plain(inputs, moving, training)
        if known_condition(training) is not False:
            self._update_averages(mean, variance, training)
        outputs.set_shape(inputs.spec.shape)
        return outputs

    def _update_averages(self, mean, variance, training):
        # Where the averages were taken for the values, these move them nowhere.
        self.add_update([self._average(self.moving_mean, mean), smart_cond(
            training, lambda: self._renormalization.average_variance(variance),
            lambda: identity(self.moving_variance)) if self.renorm
            else self._average(self.moving_variance, variance)])

    def _fused(self, inputs, moving, training):
        """(output, mean, variance) by one operation; the variance is the unbiased one."""
        size = self._spread[self._axes[0]]
        dtype = self.moving_mean.dtype.base_dtype
        gamma = ones([size], dtype) if self.gamma is None else self.gamma
        beta = zeros([size], dtype) if self.beta is None else self.beta
        return tuple(fused_batch_norm(
            inputs, gamma, beta, *((None, None) if training else moving), self.epsilon,
            "NCHW" if self._axes == [1] else "NHWC", training))

    def _plain(self, inputs, moving, training):
        """The same by many operations, for any rank, any axes and all options."""
        x = inputs
        if self.virtual_batch_size is not None:
            x = reshape(inputs, [self.virtual_batch_size, -1, *self._known_but_first(inputs)])
        scale, offset, (mean, variance) = self.gamma, self.beta, moving
        new_mean, new_variance = moving
        if known_condition(training) is not False:
            if self.adjustment is not None:
                scale, offset = _composed(*self._adjusted(inputs, training), scale, offset)
            mean, variance = smart_cond(training, lambda: self._batch_moments(x), lambda: moving)
            new_mean, new_variance = mean, variance
            if self.virtual_batch_size is not None:
                new_mean, new_variance = (reduce_mean(y, axis=1, keepdims=True)
                                          for y in (mean, variance))
            if self.renorm:
                r, d, new_mean, new_variance = self._renormalization.corrections(
                    new_mean, new_variance, training)
                scale, offset = _composed(r, d, scale, offset)
        factors = [None if y is None else self._as_factor(y, x)
                   for y in (mean, variance, offset, scale)]
        outputs = normalize(x, *factors, self.epsilon)
        if self.virtual_batch_size is not None:
            outputs = reshape(outputs, [-1, *self._known_but_first(inputs)])
        return outputs, new_mean, new_variance

    def _known_but_first(self, inputs):
        known = inputs.spec.shape[1:]
        if known.count(None):
            raise ValueError("virtual_batch_size needs inputs of known shape but for the batch "
                             f"dimension, not {inputs.shape}")
        return known

    def _adjusted(self, inputs, training):
        """(scale, bias) of the adjustment; of no effect when not training."""
        scale, bias = self.adjustment(shape_of(inputs))
        return (smart_cond(training, lambda: scale, lambda: ones_like(scale)),
                smart_cond(training, lambda: bias, lambda: zeros_like(bias)))

    def _batch_moments(self, x):
        virtual = self.virtual_batch_size is not None
        axes = [axis for axis in range(len(self._spread))
                if axis not in self._axes and not (virtual and axis == 1)]
        x = cast(x, self.moving_mean.dtype.base_dtype)
        return moments(x, axes, keep_dims=virtual or len(self._axes) > 1)

    def _average(self, variable, value, momentum=None):
        momentum = self.momentum if momentum is None else momentum
        with name_scope("AssignMovingAvg") as scope:
            dtype = variable.dtype.base_dtype
            decay = cast(convert_to_tensor(1.0 - momentum, name="decay"), dtype)
            return assign_sub(variable, (variable - value) * decay, name=scope)

    def _as_factor(self, factor, x):
        """factor, so that it broadcasts with x, in its dtype."""
        factor, rank = convert_to_tensor(factor), len(self._spread)
        along_last = self._axes == [rank - 1]
        if not along_last and factor.spec.rank != rank:
            factor = reshape(factor, self._spread)
        dtype = dtype_of(x)
        return factor if dtype is None else cast(factor, dtype)


def _composed(scale, offset, then_scale, then_offset):
    """(scale, offset) of x scale + offset, and then then_scale and then_offset; None is none."""
    if then_scale is not None:
        scale, offset = scale * then_scale, offset * then_scale
    return scale, offset if then_offset is None else offset + then_offset


def batch_normalization(
        inputs, axis=-1, momentum=0.99, epsilon=1e-3, center=True, scale=True,
        beta_initializer=ZEROS, gamma_initializer=ONES,
        moving_mean_initializer=ZEROS,
        moving_variance_initializer=ONES, beta_regularizer=None,
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
