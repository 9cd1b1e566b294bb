"""Nothing is accepted and ignored: each parameter of a public function has its use in the body.

What has none is in HINTS, with the reason; all else is honoured, or refused with an error.
"""

import ast
import functools
import inspect
import types
from pathlib import Path

import pytest

import pellucid as tf

ONE_DEVICE = "a hint about devices: a session computes on one"
INTERFACE = "part of the interface that a subclass or a caller of TensorFlow's expects"
NO_THREADS = "a hint about threads: the order of what is given does not depend on it"
NO_TPU = "TensorFlow 1.15 ignores it as well where use_tpu=False, and True is refused"
SAME = "the values are the same, whichever it is"

# (function or method, parameter) -> why it may be ignored.
HINTS = {
    ("CheckpointSaverHook.after_create_session", "coord"): INTERFACE,
    ("FinalExporter.export", "eval_result"): INTERFACE,
    ("LatestExporter.export", "eval_result"): INTERFACE,
    ("LatestExporter.export", "is_the_final_export"): INTERFACE,
    ("Layer.add_loss", "inputs"): "the graph knows what losses depend on",
    ("Layer.add_update", "inputs"): "the graph knows what updates depend on",
    ("Layer.build", "input_shape"): INTERFACE,
    ("Layer.call", "args"): INTERFACE,
    ("Layer.call", "kwargs"): INTERFACE,
    ("ReaderBase.restore_state", "state"): "it always raises",
    ("ReaderBase.restore_state", "name"): "it always raises",
    ("Server.__init__", "start"): "there is nothing to start",
    ("Session.make_callable", "accept_options"): "options are always accepted",
    ("StopAtStepHook.after_create_session", "coord"): INTERFACE,
    ("SummarySaverHook.end", "session"): INTERFACE,
    ("TPUEstimator.__init__", "batch_axis"): NO_TPU,
    ("TPUEstimator.__init__", "eval_on_tpu"): NO_TPU,
    ("TPUEstimator.__init__", "export_to_cpu"): NO_TPU,
    ("TPUEstimator.__init__", "export_to_tpu"): NO_TPU,
    ("TensorArray.__init__", "colocate_with_first_write_call"): ONE_DEVICE,
    ("TestCase.session", "use_gpu"): ONE_DEVICE,
    ("TestCase.cached_session", "use_gpu"): ONE_DEVICE,
    ("Variable.__init__", "aggregation"): ONE_DEVICE,
    ("Variable.__init__", "caching_device"): ONE_DEVICE,
    ("Variable.__init__", "expected_shape"): "TensorFlow 1.15 ignores it as well",
    ("Variable.__init__", "import_scope"): "only for variable_def, which is refused",
    ("Variable.__init__", "synchronization"): ONE_DEVICE,
    ("Variable.__init__", "use_resource"): "there is one kind of variable",
    ("VocabularyProcessor.fit", "unused_y"): INTERFACE,
    ("VocabularyProcessor.fit_transform", "unused_y"): INTERFACE,
    ("FlagValues.find_module_defining_flag", "flagname"): "modules are not kept: the default",
    ("LoggingTensorHook.after_run", "run_context"): INTERFACE,
    ("argsort", "stable"): "the sort is always stable",
    ("embed_sequence", "unique"): SAME,
    ("embedding_lookup", "validate_indices"): "ids are always checked",
    ("forward_compatible", "day"): "the answer is always yes",
    ("forward_compatible", "month"): "the answer is always yes",
    ("forward_compatible", "year"): "the answer is always yes",
    ("gather", "validate_indices"): "indices are always checked",
    ("get_local_variable", "trainable"): "TensorFlow 1.15 ignores it as well: it never is",
    ("gradients", "aggregation_method"): SAME,
    ("gradients", "colocate_gradients_with_ops"): ONE_DEVICE,
    ("hessians", "name"): "TensorFlow 1.15 ignores it as well",
    ("import_graph_def", "op_dict"): "TensorFlow 1.15 ignores it as well",
    ("is_gpu_available", "cuda_only"): "the answer is always no",
    ("is_gpu_available", "min_cuda_compute_capability"): "the answer is always no",
    ("matmul", "a_is_sparse"): SAME,
    ("matmul", "b_is_sparse"): SAME,
    ("moments", "shift"): "TensorFlow 1.15 ignores it as well",
    ("numpy_input_fn", "num_threads"): NO_THREADS,
    ("pandas_input_fn", "num_threads"): NO_THREADS,
    ("readahead_file_path", "readahead"): "files are there",
    ("while_loop", "swap_memory"): "a hint about the memory of devices",
}
# Methods whose parameters are an interface, whoever has them.
INTERFACES = {
    ("__call__", "partition_info"), ("after_create_session", "coord"),
    ("before_run", "run_context"), ("build", "input_shape"),
    ("new_cell", "session"),
    # of decoders and helpers
    ("finalize", "sequence_lengths"), ("initialize", "name"), ("next_inputs", "name"),
    ("next_inputs", "outputs"), ("next_inputs", "time"), ("next_inputs", "unused"),
    ("sample", "name"), ("sample", "state"), ("sample", "time"), ("sample", "unused")}


@functools.cache
def functions(path):
    """{line of a function: its node} of a file."""
    tree = ast.parse(Path(path).read_text())
    return {node.lineno: node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}


def ignored(function):
    """The parameters that a function's body does not read."""
    code = inspect.unwrap(function).__code__
    found = functions(code.co_filename)
    start = code.co_firstlineno                  # of the first decorator, if there is one
    node = next((found[line] for line in range(start, start + 40)
                 if line in found and found[line].name == code.co_name), None)
    if node is None or all(isinstance(part, ast.Raise | ast.Pass) or (
            isinstance(part, ast.Expr) and isinstance(part.value, ast.Constant))
            for part in node.body):
        return []                                # a lambda; refuses all; is there to be overridden
    read = {name.id for part in node.body for name in ast.walk(part) if isinstance(name, ast.Name)}
    if "locals" in read:
        return []
    named = inspect.signature(inspect.unwrap(function)).parameters
    return [name for name in named if name not in read and name not in ("self", "cls")
            and not name.startswith("_")]


def public(module=tf, path="tf", depth=0, seen=None):
    """(path, function) for the functions and methods of a face, each once."""
    seen = set() if seen is None else seen
    for name in dir(module):
        value = None if name.startswith("_") else getattr(module, name, None)
        where = f"{path}.{name}"
        if isinstance(value, types.ModuleType):
            if value.__name__.startswith("pellucid.api") and depth < 3:
                yield from public(value, where, depth + 1, seen)
        elif inspect.isclass(value) and str(value.__module__).startswith("pellucid"):
            for method in vars(value).values():
                method = getattr(method, "__func__", method)
                if isinstance(method, types.FunctionType) and (
                        not method.__name__.startswith("_") or method.__name__ in (
                            "__init__", "__call__")):
                    yield from once(f"{where}.{method.__name__}", method, seen)
        elif isinstance(value, types.FunctionType):
            yield from once(where, value, seen)


def once(where, function, seen):
    function = inspect.unwrap(function)
    if str(function.__module__).startswith("pellucid") and function not in seen:
        seen.add(function)
        yield where, function


def is_hint(function, parameter):
    method = function.__qualname__.rpartition(".")[2]
    return (function.__qualname__, parameter) in HINTS or (method, parameter) in INTERFACES


FACE = list(public())


def test_nothing_is_accepted_and_ignored():
    found = [f"{where}({parameter}=...), {function.__module__}" for where, function in FACE
             for parameter in ignored(function) if not is_hint(function, parameter)]
    assert not found, "ignored:\n" + "\n".join(found)


def test_each_hint_is_needed():
    needed = {(function.__qualname__, parameter) for _, function in FACE
              for parameter in ignored(function)}
    assert HINTS.keys() <= needed, sorted(HINTS.keys() - needed)


def test_the_face_was_looked_at():
    assert len(FACE) > 1500
    assert inspect.unwrap(tf.layers.dense) in dict(FACE).values()


def test_arguments_that_are_refused():
    with pytest.raises(ValueError, match="Only call `softmax_cross_entropy_with_logits` with"):
        tf.nn.softmax_cross_entropy_with_logits([1.0], [1.0])
    with pytest.raises(ValueError, match="Only call `sigmoid_cross_entropy_with_logits` with"):
        tf.nn.sigmoid_cross_entropy_with_logits([1.0], [1.0])
    with pytest.raises(ValueError, match="only 2; delete the files with"):
        tf.train.remove_checkpoint("x", 1)
    with pytest.raises(NotImplementedError, match="leave them out"):
        tf.test.assert_equal_graph_def(tf.GraphDef(), tf.GraphDef(), checkpoint_v2=True)


def test_a_divergence_that_may_not_be_undefined(session):
    def divergence(scale, allow):
        wide, narrow = tf.distributions.Normal(0.0, scale), tf.distributions.Normal(0.0, 1.0)
        return tf.distributions.kl_divergence(wide, narrow, allow_nan_stats=allow)

    assert session.run(divergence(2.0, False)) == session.run(divergence(2.0, True))
    assert session.run(divergence(float("nan"), True)) != 0
    with pytest.raises(tf.errors.InvalidArgumentError, match="is not a number"):
        session.run(divergence(float("nan"), False))


def test_layers_that_are_called_as_their_activation(session):
    y = tf.contrib.layers.relu(tf.ones([2, 3]), 4)
    assert y.shape.as_list() == [2, 4]
    assert y.op.type == "Relu"
