"""make_template: a function that makes its variables once, and its calls share them."""

import functools

from pellucid.core.graph import GraphKeys, get_default_graph
from pellucid.ops.state.variable_scope import variable_scope


def make_template(name_, func_, create_scope_now_=False, unique_name_=None,
                  custom_getter_=None, **kwargs):
    """A function like func_, all of whose calls use the variables that the first one made.

    Args:
      name_: str, the name of its variable scope, which is made unique.
      func_: function that makes its variables with get_variable.
      create_scope_now_: settle the scope's name here, not at the first call.
      unique_name_: str, the scope's name as it stands.
      custom_getter_: as in variable_scope.
      **kwargs: arguments for func_ that are the same in every call.

    >>> line = tf.make_template("line", lambda x: tf.get_variable("slope", []) * x)
    >>> _ = line(2.0), line(3.0)
    >>> tf.trainable_variables()
    [<tf.Variable 'line/slope:0' shape=() dtype=float32_ref>]

    Calling the Template raises ValueError where a call after the first makes a trainable
    variable. As in TF: tf.make_template.
    """
    function = functools.partial(func_, **kwargs) if kwargs else func_
    return Template(name_, function, create_scope_now_, unique_name_, custom_getter_)


class Template:
    """A function together with the variables it made: what make_template returns."""

    def __init__(self, name, func, create_scope_now=False, unique_name=None,
                 custom_getter=None):
        if name is None:
            raise ValueError("name cannot be None.")
        self.name, self.func = name, func
        self.variable_scope, self._called = None, False
        self._unique_name, self._custom_getter = unique_name, custom_getter
        if create_scope_now:
            with self._new_scope(auxiliary_name_scope=False) as self.variable_scope:
                pass

    def _new_scope(self, **options):
        return variable_scope(self._unique_name, self.name,
                              custom_getter=self._custom_getter, **options)

    def __call__(self, *args, **kwargs):
        if self.variable_scope is None:
            with self._new_scope() as self.variable_scope:
                return self._call(args, kwargs)
        with variable_scope(self.variable_scope, reuse=self._called):
            return self._call(args, kwargs)

    def _call(self, args, kwargs):
        trainable = get_default_graph().get_collection_ref(GraphKeys.TRAINABLE_VARIABLES)
        before, again = len(trainable), self._called
        result = self.func(*args, **kwargs)
        self._called = True
        if again and len(trainable) > before:
            raise ValueError("Trainable variable created when calling a template after the "
                             "first time, perhaps you used tf.Variable when you meant "
                             f"tf.get_variable: {trainable[before:]}")
        return result

    @property
    def variable_scope_name(self):
        """str, the scope's name and a slash; None before the first call."""
        if self.variable_scope is None:
            return None
        name = self.variable_scope.name
        return name if not name or name.endswith("/") else name + "/"

    def _in_scope(self, key):
        if not self._called:
            return []
        return get_default_graph().get_collection(key, self.variable_scope_name)

    @property
    def global_variables(self):
        """List of its variables, but for local ones."""
        return self._in_scope(GraphKeys.GLOBAL_VARIABLES)

    @property
    def local_variables(self):
        """List of its variables that are not saved."""
        return self._in_scope(GraphKeys.LOCAL_VARIABLES)

    @property
    def variables(self):
        """List of all its variables."""
        return self.global_variables + self.local_variables

    @property
    def trainable_variables(self):
        """List of its variables that optimizers change."""
        return self._in_scope(GraphKeys.TRAINABLE_VARIABLES)

    @property
    def non_trainable_variables(self):
        """List of its variables that optimizers leave alone."""
        trainable = set(self.trainable_variables)
        return [v for v in self.global_variables if v not in trainable]

    weights, trainable_weights = variables, trainable_variables
    non_trainable_weights = non_trainable_variables

    @property
    def var_scope(self):
        """The old name of variable_scope."""
        return self.variable_scope
