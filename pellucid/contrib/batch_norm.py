"""contrib's batch normalization: tf.layers' layer, and what only contrib has."""

from pellucid.contrib.arg_scope import add_arg_scope
from pellucid.contrib.layers import collected
from pellucid.contrib.variables import join_collections, named_getter
from pellucid.core.graph import GraphKeys, get_default_graph
from pellucid.core.operation import convert_to_tensor
from pellucid.layers.core import dtype_of
from pellucid.layers.named import ONES, ZEROS
from pellucid.layers.normalization import BatchNormalization
from pellucid.nn.choice import known_condition, smart_cond
from pellucid.nn.normalization import weighted_moments
from pellucid.ops.arrays.shaping import reshape
from pellucid.ops.arrays.shaping import shape as shape_of
from pellucid.ops.control.passing import identity
from pellucid.ops.state.variable_scope import get_variable_scope, variable_scope
from pellucid.ops.state.variables import add_to_collections
from pellucid.training.moving_averages import assign_moving_average


class _BatchNorm(BatchNormalization):
    """A layer whose updates join no collection by themselves."""

    update_collections = ()


class _OwnBatchNorm(_BatchNorm):
    """The same where TensorFlow does not go through tf.layers: beta is made first."""

    parameters = ("beta", "gamma")
    batch_weights, zero_debias = None, False

    def _batch_moments(self, x):
        if self.batch_weights is None:
            return super()._batch_moments(x)
        axes = [axis for axis in range(len(self._spread)) if axis not in self._axes]
        weights = reshape(self.batch_weights, [-1] + [1] * (len(self._spread) - 1))
        return weighted_moments(x, axes, weights)

    def _update_averages(self, mean, variance, training):
        if not self.zero_debias:
            super()._update_averages(mean, variance, training)
            return
        with variable_scope(get_variable_scope(), auxiliary_name_scope=False) as scope:
            if self.fused:
                scope.set_custom_getter(None)        # as in TensorFlow: no model variables
            self.add_update([
                smart_cond(training, lambda: assign_moving_average(
                    self.moving_mean, mean, self.momentum, zero_debias=True),
                    lambda: self.moving_mean.value()),
                self._average(self.moving_variance, variance)])


@add_arg_scope
def batch_norm(inputs, decay=0.999, center=True, scale=False, epsilon=0.001, activation_fn=None,
               param_initializers=None, param_regularizers=None,
               updates_collections=GraphKeys.UPDATE_OPS, is_training=True, reuse=None,
               variables_collections=None, outputs_collections=None, trainable=True,
               batch_weights=None, fused=None, data_format="NHWC",
               zero_debias_moving_mean=False, scope=None, renorm=False, renorm_clipping=None,
               renorm_decay=0.99, adjustment=None):
    """Batch normalization (Ioffe & Szegedy 2015) of the last axis; no gamma by default.

    Args:
      inputs: Tensor of rank 2 or more.
      decay: float, of the moving averages.
      center, scale: bool, whether there is a beta, a gamma.
      epsilon: float.
      activation_fn: function(Tensor) -> Tensor, applied in the end.
      param_initializers, param_regularizers: {"beta": ..., "gamma": ..., "moving_mean": ...,
        "moving_variance": ...}.
      updates_collections: names of the collections that the updates join; None makes them run
        whenever the output is computed.
      is_training: bool or scalar bool Tensor. True by default!
      reuse, variables_collections, outputs_collections, trainable: as fully_connected's.
      batch_weights: Tensor of shape (batch,), how much each example counts in mean and variance.
      fused: bool, as of tf.layers.batch_normalization; None is True, also for rank 2.
      data_format: "NHWC" or "NCHW".
      zero_debias_moving_mean: bool, divide the mean's average by 1 - decay^t after t updates, so
        that it may start at zero.
      scope: str; "BatchNorm" by default.
      renorm, renorm_clipping, renorm_decay: batch renormalization, see
        tf.layers.batch_normalization, where renorm_decay is renorm_momentum.
      adjustment: function, as of tf.layers.batch_normalization.

    Raises ValueError for renorm together with batch_weights, updates_collections or
    zero_debias_moving_mean; all as in TensorFlow.

    As in TF: tf.contrib.layers.batch_norm, tf.contrib.slim.batch_norm.
    """
    initializers, regularizers = param_initializers or {}, param_regularizers or {}
    if data_format not in ("NHWC", "NCHW"):
        raise ValueError("data_format has to be either NCHW or NHWC.")
    with variable_scope(scope, "BatchNorm", [inputs], reuse=reuse,
                        custom_getter=named_getter()) as opened:
        inputs = convert_to_tensor(inputs)
        known = inputs.spec.shape
        if known is None:
            raise ValueError(f"Inputs {inputs.name} has undefined rank")
        own = (batch_weights is not None or zero_debias_moving_mean
               or updates_collections is not GraphKeys.UPDATE_OPS)
        if own and renorm:
            raise ValueError("renorm is not supported with batch_weights, updates_collections or "
                             "zero_debias_moving_mean")
        fused = (fused is not False and len(known) in (2, 4) and batch_weights is None
                 and not renorm and adjustment is None)
        flat = fused and len(known) == 2
        layer = (_OwnBatchNorm if own or flat else _BatchNorm)(
            1 if data_format == "NCHW" else -1, decay, epsilon, center, scale,
            initializers.get("beta", ZEROS),
            initializers.get("gamma", ONES),
            initializers.get("moving_mean", ZEROS),
            initializers.get("moving_variance", ONES),
            regularizers.get("beta"), regularizers.get("gamma"), renorm=renorm,
            renorm_clipping=renorm_clipping, renorm_momentum=renorm_decay, fused=fused,
            trainable=trainable, adjustment=adjustment, name=opened.name, dtype=dtype_of(inputs),
            _scope=opened, _reuse=reuse)
        if own:
            layer.batch_weights, layer.zero_debias = batch_weights, zero_debias_moving_mean
        if flat:
            # As in TensorFlow: an image of one pixel, so that the one operation applies.
            outputs = layer(reshape(inputs, [-1, 1, 1, known[1]]), training=is_training)
            outputs = reshape(outputs, shape_of(inputs))
            outputs.set_shape(known)
        else:
            outputs = layer(inputs, training=is_training)
        for name in ("beta", "gamma", "moving_mean", "moving_variance"):
            join_collections(getattr(layer, name), variables_collections, name)
        if updates_collections is not None:
            for update in layer.updates:
                add_to_collections(updates_collections, update)
        elif known_condition(is_training) is not False:
            with get_default_graph().control_dependencies(layer.updates):
                outputs = identity(outputs)
        if activation_fn is not None:
            outputs = activation_fn(outputs)
        return collected(outputs_collections, outputs)
