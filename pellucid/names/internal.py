"""Paths into TensorFlow's own source, such as tensorflow.python.ops.array_ops.

They were never public, and programs import them all the same. Such a path answers with the public
function of the same name: a module of tensorflow.python is looked up in the namespaces that it
was the source of, and then in all others. `gen_nn_ops._relu_grad` and its kin, TensorFlow's
generated functions, build the operation of that type. Read next: stand_in.py.
"""

import importlib
import re
import types

from pellucid.names.lookup import find

# A module's last part -> the namespaces to look in first ("" is tf itself).
SOURCE_OF = {
    "arg_scope": ("contrib.framework",),
    "base": ("layers",),
    "basic_session_run_hooks": ("train",),
    "compat": ("compat",),
    "convolutional": ("layers",),
    "core": ("layers",),
    "core_rnn": ("nn", "contrib.rnn"),
    "core_rnn_cell": ("nn.rnn_cell", "contrib.rnn"),
    "core_rnn_cell_impl": ("nn.rnn_cell", "contrib.rnn"),
    "data": ("data",),
    "dataset_ops": ("data",),
    "dtypes": ("dtypes",),
    "errors": ("errors",),
    "errors_impl": ("errors",),
    "estimator": ("estimator",),
    "export_output": ("estimator.export",),
    "flags": ("flags",),
    "gfile": ("gfile",),
    "googletest": ("test",),
    "gradient_checker": ("test",),
    "graph_util": ("graph_util",),
    "hparam": ("contrib.training",),
    "image_ops": ("image",),
    "init_ops": ("initializers",),
    "initializers": ("initializers",),
    "iterator_ops": ("data",),
    "layers": ("layers", "contrib.layers"),
    "linalg_ops": ("linalg",),
    "lookup_ops": ("", "contrib.lookup"),
    "losses": ("losses",),
    "math_ops": ("math",),
    "metrics": ("metrics",),
    "model_fn": ("estimator",),
    "nest": ("nest", "contrib.framework.nest"),
    "nn": ("nn",),
    "nn_ops": ("nn",),
    "normalization": ("layers",),
    "optimizers": ("train",),
    "pooling": ("layers",),
    "regularizers": ("contrib.layers",),
    "rnn": ("nn", "contrib.rnn"),
    "rnn_cell": ("nn.rnn_cell", "contrib.rnn"),
    "rnn_cell_impl": ("nn.rnn_cell", "contrib.rnn"),
    "run_config": ("estimator",),
    "saver": ("train",),
    "seq2seq": ("contrib.legacy_seq2seq", "contrib.seq2seq"),
    "session_run_hook": ("train",),
    "signature_constants": ("saved_model.signature_constants",),
    "special_math_ops": ("math",),
    "summary": ("summary",),
    "tensor_util": ("contrib.util", ""),
    "tag_constants": ("saved_model.tag_constants",),
    "test_util": ("test",),
    "tf_logging": ("logging",),
    "training": ("train",),
    "training_util": ("train",),
}
# Where all other names are looked for, in this order.
EVERYWHERE = ("", "nn", "train", "math", "layers", "nn.rnn_cell", "image", "linalg", "strings",
              "losses", "metrics", "data", "test", "summary", "gfile", "flags", "graph_util",
              "sparse", "random", "io", "initializers", "keras.utils", "contrib.framework",
              "contrib.layers", "contrib.rnn", "contrib.seq2seq")
# Packages of tensorflow.python, and modules whose names lie in no namespace in particular.
PACKAGES = frozenset((
    "client", "data", "eager", "estimator", "framework", "io", "kernel_tests", "keras", "layers",
    "learn", "lib", "ops", "platform", "python", "saved_model", "summary", "tools", "tpu",
    "training", "user_ops", "util"))
MODULES = frozenset((
    "all_util", "app", "array_ops", "adam", "candidate_sampling_ops", "check_ops",
    "checkpoint_utils", "clip_ops", "common_shapes", "constant_op", "control_flow_ops",
    "deprecation", "device", "device_lib", "embedding_ops", "encoder", "file_io",
    "function", "functional_ops", "gradients", "gradients_impl", "importer", "input",
    "inspect_checkpoint", "io_ops", "learning_rate_decay", "logging_ops", "math_grad",
    "meta_graph", "monitored_session", "moving_averages", "nn_grad", "nn_impl",
    "op_def_registry", "ops", "optimizer", "parsing_ops", "partitioned_variables", "py_func",
    "random_ops", "random_seed", "registry", "resource_loader", "resource_variable_ops",
    "script_ops", "session", "session_manager", "slot_creator", "smart_cond", "sparse_ops",
    "sparse_tensor", "special_functions", "state_ops", "string_ops", "supervisor",
    "tensor_array_ops", "tensor_shape", "template", "test", "tpu_config", "tpu_estimator",
    "traceable_stack", "utils", "variable_scope", "variables", "versions"))
# Modules that other modules of Python or of pellucid stand for.
INSTEAD = {"tf_inspect": "inspect", "input_data": "pellucid.datasets.input_data",
           "timeline": "pellucid.interchange.timeline"}


class Internal(types.ModuleType):
    """A package or module of TensorFlow's source, by its path below `tensorflow`."""

    def __init__(self, path):
        super().__init__(f"tensorflow.{path}", "Names inside TensorFlow, answered by public ones.")
        self.__path__ = []
        self._path = path

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        found = self._find(name)
        if found is None:
            from pellucid.names.missing import Missing
            raise Missing(f"{self._path}.{name}")
        return found

    def _find(self, name):
        last = self._path.rpartition(".")[2]
        if name in INSTEAD:
            return importlib.import_module(INSTEAD[name])
        if self._path.startswith("core"):
            return self._message(name, last)
        if self._path.startswith("examples"):
            return Internal(f"{self._path}.{name}") if name in ("tutorials", "mnist") else None
        if last in PACKAGES and (name in PACKAGES or name in MODULES or name in SOURCE_OF
                                 or name.startswith("gen_")):
            return Internal(f"{self._path}.{name}")
        if last.startswith("gen_"):
            return _generated(name)
        contrib = self._path.partition(".python")[0]
        own = (contrib,) if contrib.startswith("contrib.") else ()
        return _search(name, (*own, *SOURCE_OF.get(last, ()), *EVERYWHERE))

    def _message(self, name, last):
        """tensorflow.core.framework.graph_pb2.GraphDef: a message by its name."""
        if not last.endswith("_pb2"):
            return Internal(f"{self._path}.{name}")
        from pellucid.interchange.messages import message
        try:
            return message(name)
        except KeyError:
            return _search(name, ("",))


def messages_below(name):
    """tensorflow.core.`name`, which holds definitions of messages. AttributeError if it is none."""
    if name not in ("debug", "example", "framework", "lib", "profiler", "protobuf", "util"):
        raise AttributeError(f"module 'pellucid.core' has no attribute {name!r}")
    return Internal(f"core.{name}")


def _search(name, namespaces):
    """What the first of the namespaces that has `name` calls so, or None."""
    from pellucid.names import extras
    if name in extras.EXTRAS:
        return extras.EXTRAS[name]
    if name in extras.RENAMED:
        return find(extras.RENAMED[name])
    for namespace in namespaces:
        try:
            return getattr(find(namespace), name)
        except (AttributeError, ImportError):
            continue
    return None


def _generated(name):
    """The function that builds an operation, named as TensorFlow's generated code names it.

    `_relu_grad(gradients, features)` builds a ReluGrad: inputs by position, attributes by name.
    """
    from pellucid.core.operation import op_types
    from pellucid.names.op_types import load_all
    load_all()
    wanted = name.replace("_", "").lower()
    op_class = next((op_class for op_type, op_class in op_types.items()
                     if re.sub(r"\W", "", op_type).lower() == wanted), None)
    if op_class is None:
        return _search(name.strip("_"), EVERYWHERE)

    def build(*inputs, name=None, **attrs):
        op = op_class(inputs, name=name, **attrs)
        return op.outputs[0] if len(op.outputs) == 1 else list(op.outputs) or op
    build.__name__ = build.__qualname__ = name
    build.__doc__ = f"Builds a {op_class.op_type}: inputs by position, attributes by name."
    return build
