"""Layer: variables, and the function that uses them, under one name.

    layer = tf.layers.Dense(10, name="scores")
    y, z = layer(x), layer(w)                     # one kernel, used twice

The first call makes the variables in a variable scope of the layer's name; later calls use
them again. A subclass says which variables (`build`) and which function (`call`). Read next:
core.py.
"""

import re
import weakref

from pellucid.core import dtypes, shapes
from pellucid.core.graph import GraphKeys, get_default_graph
from pellucid.core.operation import Operation, convert_to_tensor
from pellucid.core.tensor import Tensor
from pellucid.layers.named import initializer_named
from pellucid.ops.arguments import as_tensor, name_scope
from pellucid.ops.arrays.shaping import shape as shape_of
from pellucid.ops.math.casting import cast
from pellucid.ops.state.initializers import glorot_uniform_initializer, zeros_initializer
from pellucid.ops.state.partitioned_variables import parts_of
from pellucid.ops.state.variable_scope import VariableScope, get_variable, variable_scope
from pellucid.ops.state.variable_store import VariableAggregation, VariableSynchronization


class InputSpec:
    """What a layer expects of its input. As in TF: tf.layers.InputSpec.

    Args:
      dtype: DType.
      shape: the exact shape; None for a dimension that may be any.
      ndim, max_ndim, min_ndim: int, the rank.
      axes: {axis: size}.
    """

    def __init__(self, dtype=None, shape=None, ndim=None, max_ndim=None, min_ndim=None,
                 axes=None):
        self.dtype = None if dtype is None else dtypes.as_dtype(dtype)
        self.shape = shapes.as_tuple(shape)
        self.ndim = len(self.shape) if self.shape is not None else ndim
        self.max_ndim, self.min_ndim = max_ndim, min_ndim
        self.axes = {int(axis): size for axis, size in (axes or {}).items()}

    def check(self, x, layer_name):
        """Raises ValueError unless the Tensor x may be the input."""
        known, wrong = x.spec.shape, None
        if self.dtype is not None and x.dtype not in (self.dtype, None):
            wrong = f"expected dtype={self.dtype.name}, found dtype={x.dtype.name}"
        elif known is None:
            return                                # the run will tell
        elif self.ndim is not None and len(known) != self.ndim:
            wrong = f"expected ndim={self.ndim}, found ndim={len(known)}"
        elif self.max_ndim is not None and len(known) > self.max_ndim:
            wrong = f"expected max_ndim={self.max_ndim}, found ndim={len(known)}"
        elif self.min_ndim is not None and len(known) < self.min_ndim:
            wrong = f"expected min_ndim={self.min_ndim}, found ndim={len(known)}"
        elif self.shape is not None and not shapes.compatible(self.shape, known):
            wrong = f"expected shape={shapes.show(self.shape)}"
        else:
            for axis, size in self.axes.items():
                if size is not None and known[axis] not in (size, None):
                    wrong = f"expected axis {axis} to have size {size}"
        if wrong:
            raise ValueError(f"Input 0 of layer {layer_name} is incompatible with the layer: "
                             f"{wrong}. Its shape is {shapes.show(known)}.")


class Layer:
    """Base of the layers.

    Args:
      trainable: bool, whether optimizers change the variables.
      name: str, of the variable scope; by default the class's name in snake_case, made
        unique.
      dtype: DType of the variables; by default that of the first input.
      activity_regularizer: function(output) -> Tensor, divided by the batch size and added to
        the losses.

    To write one, override (as in TensorFlow):
      build(input_shape): make the variables with add_weight.
      call(inputs): return the output.

    Attributes:
      built: bool, whether the variables exist.
      input_spec: InputSpec or None.

    As in TF: tf.layers.Layer.
    """

    update_collections = (GraphKeys.UPDATE_OPS,)     # which collections the updates join

    def __init__(self, trainable=True, name=None, dtype=None, activity_regularizer=None,
                 _scope=None, _reuse=None):
        self.trainable, self.built, self.input_spec = trainable, False, None
        self.activity_regularizer = activity_regularizer
        self._dtype = None if dtype is None else dtypes.as_dtype(dtype).base_dtype
        self._trainable_weights, self._non_trainable_weights = [], []
        self._losses, self._updates = [], []
        self._reuse, self._scope, self._current_scope = _reuse, None, None
        self._base_name = name.name if isinstance(name, VariableScope) else name
        self._name = self._base_name
        if not self._name:
            self._base_name = _snake_case(type(self).__name__)
            self._name = _unique_layer_name(self._base_name)
        if _scope:
            with variable_scope(_scope) as self._scope:
                pass

    # -- what a subclass defines -----------------------------------------------------------

    def build(self, input_shape):
        """Makes the variables; input_shape is a TensorShape."""
        self.built = True

    def call(self, inputs, *args, **kwargs):
        """The output, a Tensor."""
        return inputs

    # -- calling ---------------------------------------------------------------------------

    def __call__(self, inputs, *args, scope=None, **kwargs):
        """The layer's output for `inputs`: a Tensor, or a list of them where call takes one."""
        inputs, before = _as_tensors(inputs), len(self._updates)
        self._set_scope(scope)
        reuse = True if self.built else self._reuse
        with variable_scope(self._scope, reuse=reuse,
                            auxiliary_name_scope=False) as self._current_scope:
            with get_default_graph().name_scope(self._current_scope.original_name_scope):
                self._build_once(inputs)
                outputs = self.call(inputs, *args, **kwargs)
                self._regularize_activity(outputs)
        if self.trainable:
            for update in self._updates[before:]:
                get_default_graph().add_to_collections(self.update_collections, update)
        return outputs

    def apply(self, inputs, *args, **kwargs):
        """The same as calling the layer."""
        return self(inputs, *args, **kwargs)

    def _set_scope(self, scope=None):
        if self._scope is None:
            if self._reuse and scope is None:
                scope = self._base_name
            with variable_scope(scope, default_name=self._base_name) as self._scope:
                pass

    def _build_once(self, inputs):
        self._check_input(inputs)
        if self.built:
            return
        first = inputs if isinstance(inputs, Tensor) else next(iter(inputs), None)
        if self._dtype is None and first is not None and first.dtype is not None:
            self._dtype = first.dtype.base_dtype
        self.build(inputs.shape if isinstance(inputs, Tensor) else [x.shape for x in inputs])
        self.built = True
        self._check_input(inputs)

    def _check_input(self, inputs):
        if self.input_spec is not None and isinstance(inputs, Tensor):
            self.input_spec.check(inputs, self._name)

    def _regularize_activity(self, outputs):
        if self.activity_regularizer is None:
            return
        with name_scope("ActivityRegularizer"):
            for y in outputs if isinstance(outputs, list | tuple) else [outputs]:
                loss = self.activity_regularizer(y)
                self.add_loss(loss / cast(shape_of(y)[0], loss.dtype))

    # -- making variables, losses and updates ----------------------------------------------

    def add_weight(self, name, shape, dtype=None, initializer=None, regularizer=None,
                   trainable=None, constraint=None, use_resource=None,
                   synchronization=VariableSynchronization.AUTO,
                   aggregation=VariableAggregation.NONE, partitioner=None):
        """The layer's variable `name`: a new one, or where the layer reuses, the one there is.

        Args:
          name: str, in the layer's scope.
          shape: list of int.
          dtype: DType; by default the layer's, or float32.
          initializer: as in tf.get_variable.
          regularizer: function(variable) -> Tensor or None, which joins the losses.
          trainable: bool, True by default.
          constraint, use_resource, synchronization, aggregation, partitioner: as in
            tf.get_variable.
        """
        dtype = dtypes.as_dtype(dtype or self._dtype or dtypes.float32)
        if trainable is None:
            trainable = synchronization is not VariableSynchronization.ON_READ
        self._set_scope()
        everyone = get_default_graph().get_collection_ref(GraphKeys.GLOBAL_VARIABLES)
        before = len(everyone)
        with variable_scope(self._scope, reuse=self.built or self._reuse,
                            auxiliary_name_scope=False) as self._current_scope:
            with get_default_graph().name_scope(self._current_scope.original_name_scope):
                variable = get_variable(
                    name, shape, dtype, self._initializer(initializer, dtype),
                    trainable=trainable and self.trainable, constraint=constraint,
                    use_resource=use_resource, synchronization=synchronization,
                    aggregation=aggregation, partitioner=partitioner)
                if regularizer is not None:
                    self._regularize(name, variable, regularizer, everyone[before:])
        for part in parts_of(variable):
            # A custom_getter may have made it one that is not trained.
            trained = trainable and (not self.trainable or getattr(part, "trainable", True))
            own = self._trainable_weights if trained else self._non_trainable_weights
            if part not in own:
                own.append(part)
        return variable

    def _regularize(self, name, variable, regularizer, new):
        for part in parts_of(variable):
            if part in new:
                with name_scope(name + "/Regularizer"):
                    self.add_loss(regularizer(part))

    def add_variable(self, *args, **kwargs):
        """The old name of add_weight."""
        return self.add_weight(*args, **kwargs)

    def _initializer(self, initializer, dtype):
        if initializer is None:
            initializer = self._current_scope.initializer
        if initializer is None:
            floating = dtype.is_floating or dtype.is_complex
            return (glorot_uniform_initializer if floating else zeros_initializer)()
        return initializer_named(initializer)

    def add_loss(self, losses, inputs=None):
        """Adds Tensors to the layer's losses and to REGULARIZATION_LOSSES.

        Args:
          losses: a Tensor, a function of no arguments, None, or a list of these.
          inputs: the Tensors that the losses depend on; not needed.
        """
        losses = losses if isinstance(losses, list | tuple) else [losses]
        losses = [loss() if callable(loss) else loss for loss in losses]
        losses = [convert_to_tensor(loss) for loss in losses if loss is not None]
        losses = [loss for loss in losses if all(loss is not own for own in self._losses)]
        self._losses += losses
        if losses:
            get_default_graph().get_collection_ref(
                GraphKeys.REGULARIZATION_LOSSES).extend(losses)

    def add_update(self, updates, inputs=None):
        """Adds operations that should run with each training step; they join UPDATE_OPS.

        Args:
          updates: an Operation, a Tensor, a function of no arguments, or a list of these.
          inputs: the Tensors that the updates depend on; not needed.
        """
        for update in updates if isinstance(updates, list | tuple) else [updates]:
            update = update() if callable(update) else update
            self._updates.append(update.op if isinstance(update, Tensor) else update)

    # -- what it is ------------------------------------------------------------------------

    @property
    def name(self):
        """str; unlike scope_name it counts from _1."""
        return self._name

    @property
    def dtype(self):
        """DType of the variables; None before the first call if it was not given."""
        return self._dtype

    @property
    def scope_name(self):
        """str, the variable scope's name. ValueError before the first call."""
        if self._scope is None:
            raise ValueError(f'No name available for layer scope because the layer "{self._name}" '
                             "has not been used yet. Call the layer first.")
        return self._scope.name

    @property
    def graph(self):
        """The Graph of the variables, or None."""
        variables = self.weights
        return variables[0].graph if variables else None

    @property
    def updates(self):
        """List of the update operations; none of a layer that is not trainable."""
        own = self._updates if self.trainable else []
        return [*own, *(u for layer in self._sublayers() for u in layer.updates)]

    @property
    def losses(self):
        """List of the loss Tensors."""
        return [*self._losses, *(x for layer in self._sublayers() for x in layer.losses)]

    @property
    def trainable_weights(self):
        """List of the variables that optimizers change."""
        if not self.trainable:
            return []
        return [*self._trainable_weights,
                *(v for layer in self._sublayers() for v in layer.trainable_weights)]

    @property
    def non_trainable_weights(self):
        """List of the other variables."""
        own = self._non_trainable_weights
        if not self.trainable:
            own = self._trainable_weights + own
            return [*own, *(v for layer in self._sublayers() for v in layer.weights)]
        return [*own, *(v for layer in self._sublayers() for v in layer.non_trainable_weights)]

    @property
    def weights(self):
        """List of all variables, the trainable ones first."""
        return self.trainable_weights + self.non_trainable_weights

    @property
    def variables(self):
        """The same as weights."""
        return self.weights

    @property
    def trainable_variables(self):
        """The same as trainable_weights."""
        return self.trainable_weights

    @property
    def non_trainable_variables(self):
        """The same as non_trainable_weights."""
        return self.non_trainable_weights

    def count_params(self):
        """int, the number of all variables' elements. ValueError before the first call."""
        if not self.built:
            raise ValueError(f"You tried to call `count_params` on {self._name}, but the layer "
                             "isn't built. Call it first.")
        return sum(shapes.size(shapes.as_tuple(v.shape)) for v in self.weights)

    def _sublayers(self):
        """The layers that are this one's attributes, and so are part of it."""
        for value in vars(self).values():
            for item in value if isinstance(value, list | tuple) else (value,):
                if isinstance(item, Layer):
                    yield item

    def __repr__(self):
        return f"<{type(self).__name__} layer {self._name!r}>"


_layer_counts = weakref.WeakKeyDictionary()               # graph -> {base: how many}


def _as_tensors(inputs):
    """A Tensor for what converts to one; lists keep their form."""
    if isinstance(inputs, list | tuple) and any(
            isinstance(x, Tensor | Operation) or hasattr(x, "_as_graph_element") for x in inputs):
        return type(inputs)(map(as_tensor, inputs))
    return as_tensor(inputs)


def _snake_case(name):
    """"MaxPooling2D" -> "max_pooling2d"."""
    name = re.sub(r"(.)([A-Z][a-z0-9]+)", r"\1_\2", name)
    return re.sub(r"([a-z])([A-Z])", r"\1_\2", name).lower().lstrip("_")


def _unique_layer_name(base):
    """base_1, base_2, ...: layers are counted apart from scopes, as in TensorFlow."""
    counts = _layer_counts.setdefault(get_default_graph(), {})
    counts[base] = counts.get(base, 0) + 1
    return f"{base}_{counts[base]}"
