"""How long each node of a run took, and what it made: the StepStats of a RunMetadata.

    metadata = tf.RunMetadata()
    session.run(loss, options=tf.RunOptions(trace_level=tf.RunOptions.FULL_TRACE),
                run_metadata=metadata)
    writer.add_run_metadata(metadata, "step 100")      # TensorBoard colours the graph by time
"""

import threading
import time

import numpy as np

from pellucid.core import dtypes
from pellucid.core.cell import Cell
from pellucid.interchange.tensors import shape_to_proto

_DEVICE = "/job:localhost/replica:0/task:0/device:CPU:0"


class Recorder:
    """Called after each node of a run, fills a RunMetadata, which it empties first.

    A node's time begins where that of the node before ended: nodes run one at a time.
    """

    def __init__(self, run_metadata):
        descriptor = getattr(run_metadata, "DESCRIPTOR", None)
        if getattr(descriptor, "full_name", "") != "tensorflow.RunMetadata":
            raise TypeError(f"expected a tf.RunMetadata, but got {type(run_metadata)}")
        run_metadata.Clear()
        self._metadata, self._stats = run_metadata, None
        # Wall time at the beginning, then a clock that is never set back.
        self._start, self._last = time.time_ns(), time.perf_counter_ns()
        self._offset = self._start - self._last

    def begin(self):
        """Called when the first node is about to start: the time of planning is not its own."""
        self._last = time.perf_counter_ns()

    def __call__(self, op, inputs, outputs):
        now = time.perf_counter_ns()
        if self._stats is None:
            self._stats = self._metadata.step_stats.dev_stats.add(device=_DEVICE).node_stats
        took = (now - self._last + 999) // 1000          # a node takes a microsecond at least
        node = self._stats.add(
            node_name=op.name, all_start_micros=(self._last + self._offset) // 1000,
            op_end_rel_micros=took, all_end_rel_micros=took,
            scheduled_micros=(self._last + self._offset) // 1000,
            thread_id=threading.get_ident() & 0xFFFFFFFF,
            timeline_label=f"{op.name} = {op.type}({', '.join(_names(op.input_nodes))})")
        for i, value in enumerate(outputs or ()):
            if isinstance(value, Cell):
                value = value.value if value.is_set else None
            if isinstance(value, np.ndarray | np.generic):
                _describe(node.output.add(slot=i).tensor_description, value)
        self._last = time.perf_counter_ns()              # writing this down is not the next's


def _names(tensors):
    return [t.op.name if not t.value_index else t.name for t in tensors]


def _describe(description, value):
    description.dtype = dtypes.of_numpy(value.dtype).as_datatype_enum
    shape_to_proto(value.shape, description.shape)
    description.allocation_description.requested_bytes = value.nbytes
    description.allocation_description.allocated_bytes = value.nbytes
    description.allocation_description.allocator_name = "cpu"
