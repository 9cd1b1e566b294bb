"""The global step as hooks read it, and when it is time to do something again."""

import time

from pellucid.core.sources import constant
from pellucid.ops.math.elementwise import add
from pellucid.training.training_util import get_or_create_global_step

_COLLECTION = "global_step_read_op_cache"


def step_before_run():
    """The Tensor of the global step as it is before a run changes it.

    All that changes the step in the graph waits for it. TensorFlow leaves that order open.
    """
    step = get_or_create_global_step()
    graph = step.graph
    for read in graph.get_collection(_COLLECTION):
        return read
    variable = getattr(step, "_variable", step)
    with graph.as_default(), graph.control_dependencies(None), graph.name_scope(
            f"{variable.op.name}/"):
        # A sum, since an Identity of a variable is the variable itself, read at the end.
        read = add(variable, constant(0, variable.dtype.base_dtype, name="add/y"), name="add")
    for op in variable.consumers():
        if op.returns_ref and 0 in op.ref_inputs and op.type != "Assign":
            op._add_control_input(read.op)
    graph.add_to_collection(_COLLECTION, read)
    return read


class SecondOrStepTimer:
    """Says when something is due again: every so many seconds, or steps.

    Args:
      every_secs: float, or None.
      every_steps: int, or None; exactly one of both is given.

    As in TF: tf.train.SecondOrStepTimer.
    """

    def __init__(self, every_secs=None, every_steps=None):
        if every_secs is None and every_steps is None:
            raise ValueError("Either every_secs or every_steps should be provided.")
        if every_secs is not None and every_steps is not None:
            raise ValueError("Can not provide both every_secs and every_steps.")
        self._every_secs, self._every_steps = every_secs, every_steps
        self.reset()

    def reset(self):
        """Forgets when it was done last: it is due."""
        self._last_step = self._last_time = None

    def should_trigger_for_step(self, step):
        """True if it is due at this step."""
        if self._last_step is None:
            return True
        if step == self._last_step:
            return False
        if self._every_secs is not None:
            return time.time() >= self._last_time + self._every_secs
        return step >= self._last_step + self._every_steps

    def update_last_triggered_step(self, step):
        """Notes that it is done now; (seconds, steps) since the last time, or (None, None)."""
        now, last_time, last_step = time.time(), self._last_time, self._last_step
        self._last_time, self._last_step = now, step
        return (None, None) if last_time is None else (now - last_time, step - last_step)

    def last_triggered_step(self):
        """The step when it was done last, or None."""
        return self._last_step


class NeverTriggerTimer:
    """A timer for what is never due."""

    def reset(self):
        """Nothing to forget."""

    def should_trigger_for_step(self, step):
        """False."""
        return False

    def update_last_triggered_step(self, step):
        """(None, None)."""
        return None, None

    def last_triggered_step(self):
        """None."""
        return None
