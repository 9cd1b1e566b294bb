"""Scaffold: the operations that a training program needs beside the model's.

Read next: session_manager.py.
"""

from pellucid.core.graph import GraphKeys, get_default_graph
from pellucid.ops.control.waiting import group
from pellucid.ops.state.variables import (
    global_variables,
    global_variables_initializer,
    local_variables_initializer,
    report_uninitialized_variables,
)
from pellucid.summary.merging import merge_all
from pellucid.training.saver import Saver

_PARTS = {                    # argument -> the collection that may have it
    "init_op": GraphKeys.INIT_OP,
    "ready_op": GraphKeys.READY_OP,
    "ready_for_local_init_op": GraphKeys.READY_FOR_LOCAL_INIT_OP,
    "local_init_op": GraphKeys.LOCAL_INIT_OP,
    "summary_op": GraphKeys.SUMMARY_OP,
    "saver": GraphKeys.SAVERS,
}


class Scaffold:
    """Initializers, readiness, summaries and saver of a graph; what is left out is made.

    Args:
      init_op: Operation that initializes the global variables.
      init_feed_dict: dict to feed it.
      init_fn: function(scaffold, session), called after init_op.
      ready_op: string Tensor, the names of what is not initialized.
      ready_for_local_init_op: the same, before local_init_op may run.
      local_init_op: Operation, run in each new session, also in recovered ones.
      summary_op: Tensor, all summaries.
      saver: Saver.
      copy_from_scaffold: Scaffold, for what is left out.

    As in TF: tf.train.Scaffold.
    """

    def __init__(self, init_op=None, init_feed_dict=None, init_fn=None, ready_op=None,
                 ready_for_local_init_op=None, local_init_op=None, summary_op=None, saver=None,
                 copy_from_scaffold=None):
        other = copy_from_scaffold
        if other is not None and not isinstance(other, Scaffold):
            raise TypeError("copy_from_scaffold is not a Scaffold instance.")
        given = {"init_op": init_op, "ready_op": ready_op, "local_init_op": local_init_op,
                 "ready_for_local_init_op": ready_for_local_init_op, "summary_op": summary_op,
                 "saver": saver}
        for name, value in given.items():
            setattr(self, name, getattr(other, name, None) if value is None else value)
        self.init_feed_dict = getattr(other, "init_feed_dict", None) if (
            init_feed_dict is None) else init_feed_dict
        user_init_fn = getattr(other, "_user_init_fn", None) if init_fn is None else init_fn
        self._user_init_fn = user_init_fn
        self.init_fn = None if user_init_fn is None else (
            lambda session: user_init_fn(self, session))

    def finalize(self):
        """Makes what is missing, and finalizes the graph. Returns the Scaffold."""
        defaults = {
            "init_op": lambda: group(global_variables_initializer()),
            "ready_op": report_uninitialized_variables,
            "ready_for_local_init_op": lambda: report_uninitialized_variables(
                global_variables()),
            "local_init_op": Scaffold.default_local_init_op,
            "summary_op": merge_all,
            "saver": lambda: Saver(allow_empty=True, defer_build=True),
        }
        for name, collection in _PARTS.items():
            if getattr(self, name) is None:
                setattr(self, name, Scaffold.get_or_default(name, collection, defaults[name]))
        self.saver.build()
        get_default_graph().finalize()
        return self

    @staticmethod
    def get_or_default(arg_name, collection_key, default_constructor):
        """What a collection holds, or else what default_constructor() makes.

        Raises RuntimeError if it holds several.
        """
        graph = get_default_graph()
        found = graph.get_collection(collection_key)
        if len(found) > 1:
            raise RuntimeError(
                f'More than one item in the collection "{collection_key}". Please indicate which '
                "one to use by passing it to the tf.Scaffold constructor as:  "
                f"tf.Scaffold({arg_name}=item to use)")
        if found:
            return found[0]
        made = default_constructor()
        if made is not None:
            graph.add_to_collection(collection_key, made)
        return made

    @staticmethod
    def default_local_init_op():
        """The Operation that initializes local variables and tables."""
        tables = get_default_graph().get_collection(GraphKeys.TABLE_INITIALIZERS)
        return group(local_variables_initializer(), *tables)
