"""ConfigProto, RunOptions: TensorFlow's options of sessions and runs.

An option that is accepted works. One that has no meaning here is recorded, and says so once.
"""

import warnings


class Options:
    """A record with declared fields; an unknown field is an error."""

    fields: dict = {}
    without_effect: dict = {}

    def __init__(self, **values):
        for name, default in self.fields.items():
            setattr(self, name, default() if callable(default) else default)
        for name, value in values.items():
            setattr(self, name, value)

    def __setattr__(self, name, value):
        if name not in self.fields:
            raise ValueError(f"{type(self).__name__} has no field {name!r}; it has "
                             f"{', '.join(self.fields)}.")
        super().__setattr__(name, value)

    def __eq__(self, other):
        return type(self) is type(other) and vars(self) == vars(other)

    __hash__ = None  # type: ignore[assignment]

    def CopyFrom(self, other):
        """Takes over the other's fields, as protocol buffers do."""
        self.__dict__.update(vars(other))

    def HasField(self, name):
        """True if the field differs from its default."""
        default = self.fields[name]
        return getattr(self, name) != (default() if callable(default) else default)

    def __repr__(self):
        inside = ", ".join(f"{name}={getattr(self, name)!r}" for name in self.fields
                           if self.HasField(name))
        return f"{type(self).__name__}({inside})"


_NO_GPU = "the NumPy engine computes on the CPU"
_THREADS = "NumPy's BLAS decides; set OMP_NUM_THREADS before Python starts"


class GPUOptions(Options):
    """As in TF: tf.GPUOptions."""

    fields = {"allow_growth": False, "per_process_gpu_memory_fraction": 0.0,
              "visible_device_list": "", "allocator_type": "", "force_gpu_compatible": False}


class OptimizerOptions(Options):
    """As in TF: tf.OptimizerOptions."""

    L0, L1 = -1, 0
    DEFAULT, OFF, ON_1, ON_2 = 0, -1, 1, 2
    fields = {"opt_level": 0, "global_jit_level": 0,
              "do_common_subexpression_elimination": False, "do_constant_folding": False,
              "do_function_inlining": False}


class GraphOptions(Options):
    """As in TF: tf.GraphOptions."""

    fields = {"optimizer_options": OptimizerOptions, "build_cost_model": 0,
              "infer_shapes": False, "place_pruned_graph": False}


class ConfigProto(Options):
    """Options of a session. As in TF: tf.ConfigProto."""

    fields = {"allow_soft_placement": False, "log_device_placement": False,
              "device_count": dict, "gpu_options": GPUOptions, "graph_options": GraphOptions,
              "intra_op_parallelism_threads": 0, "inter_op_parallelism_threads": 0,
              "use_per_session_threads": False, "operation_timeout_in_ms": 0}
    without_effect = {"log_device_placement": _NO_GPU, "gpu_options": _NO_GPU,
                      "intra_op_parallelism_threads": _THREADS,
                      "inter_op_parallelism_threads": "a run computes one operation at a time",
                      "use_per_session_threads": _THREADS,
                      "operation_timeout_in_ms": "no operation waits for another process"}


class RunOptions(Options):
    """Options of one run. As in TF: tf.RunOptions."""

    NO_TRACE, SOFTWARE_TRACE, HARDWARE_TRACE, FULL_TRACE = 0, 1, 2, 3
    fields = {"trace_level": 0, "timeout_in_ms": 0, "output_partition_graphs": False,
              "report_tensor_allocations_upon_oom": False}
    without_effect = {"timeout_in_ms": "a run cannot be stopped from outside",
                      "output_partition_graphs": "there is one partition, the graph",
                      "report_tensor_allocations_upon_oom": "NumPy allocates as it computes"}


_said = set()


def report_options(*all_options):
    """Warns once for each field that is set and has no effect here."""
    for options in all_options:
        for name, why in options.without_effect.items() if options is not None else ():
            if options.HasField(name) and name not in _said:
                _said.add(name)
                warnings.warn(f"{type(options).__name__}.{name} has no effect: {why}.",
                              stacklevel=4)
