"""What a symbol that pellucid lacks would need, in one line.

Refused symbols stand in REFUSED with what to use instead; for all others the nearest name that
there is. Read next: lookup.py.
"""

import difflib
import re

from pellucid.names.lookup import parts_of

_EAGER = ("pellucid builds graphs: run them with tf.Session, and see single values with "
          "tf.InteractiveSession and tensor.eval()")
_ONE_PROCESS = "pellucid runs in one process: use tf.Session, or tf.train.MonitoredTrainingSession"
_GRAPH_DEF = "import a frozen graph with tf.import_graph_def"
_TPU = "there are no TPUs here: tf.contrib.tpu.TPUEstimator(use_tpu=False) trains on the CPU"
_KERAS = "the layers are in tf.layers, the loops in tf.estimator and tf.Session"
_TREES = "train trees with scikit-learn, and feed the results"
_COMPILED = ("compiled operations cannot be loaded: write a subclass of tf.Operation with a "
             "compute method")

# A symbol, or a namespace with all below it -> what to use instead.
REFUSED = {
    "enable_eager_execution": _EAGER,
    "executing_eagerly_outside_functions": _EAGER,
    "enable_v2_behavior": _EAGER,
    "GradientTape": "use tf.gradients on a graph, which may be differentiated again",
    "function": "graphs are built by calling Python functions: leave the decorator out",
    "contrib.eager": _EAGER,
    "contrib.tpu": _TPU,
    "contrib.cluster_resolver": _ONE_PROCESS,
    "contrib.distribute": _ONE_PROCESS,
    "distribute": _ONE_PROCESS,
    "contrib.all_reduce": _ONE_PROCESS,
    "contrib.nccl": "use tf.add_n: there is one device",
    "contrib.tensorrt": _GRAPH_DEF,
    "contrib.lite": _GRAPH_DEF,
    "lite": _GRAPH_DEF,
    "contrib.quantize": "quantized kernels do not exist here; keep the graph in float32",
    "contrib.cudnn_rnn": "use tf.nn.rnn_cell.LSTMCell or GRUCell with tf.nn.dynamic_rnn",
    "contrib.grid_rnn": "write an RNNCell of your own (tf.nn.rnn_cell.RNNCell)",
    "contrib.keras": _KERAS,
    "keras": _KERAS,
    "contrib.boosted_trees": _TREES,
    "contrib.tensor_forest": _TREES,
    "contrib.decision_trees": _TREES,
    "estimator.BoostedTreesClassifier": _TREES,
    "estimator.BoostedTreesRegressor": _TREES,
    "contrib.factorization": "use tf.segment_mean and tf.argmin, or scikit-learn",
    "contrib.kernel_methods": "use scikit-learn's kernel approximations, and feed the results",
    "contrib.bayesflow": "use tf.distributions",
    "contrib.gan": "write the two losses and two optimizers; examples/ has a GAN",
    "contrib.graph_editor": "export with graph.as_graph_def and import with tf.import_graph_def's "
                            "input_map",
    "contrib.image": "use tf.image, or scipy.ndimage in a tf.py_func",
    "contrib.staging": "tf.data.Dataset.prefetch overlaps the input with the step",
    "contrib.ffmpeg": "decode sound in Python and feed it",
    "contrib.timeseries": "write the model with tf.estimator.Estimator",
    "contrib.signal": "use scipy.signal in a tf.py_func",
    "contrib.autograph": "use tf.cond and tf.while_loop",
    "contrib.predictor": "load with tf.saved_model.loader.load and call session.run",
    "contrib.session_bundle": "load with tf.saved_model.loader.load",
    "contrib.solvers": "use scipy.sparse.linalg",
    "contrib.integrate": "use scipy.integrate",
    "user_ops": "write a subclass of tf.Operation with a compute method",
    "load_op_library": _COMPILED,
    "load_library": _COMPILED,
    "sysconfig": _COMPILED,
    "python.framework.function.Defun": "call the Python function where it is needed; a gradient of "
                                       "its own it gets from tf.custom_gradient",
    "contrib.learn.DNNClassifier": "use tf.estimator.DNNClassifier",
    "contrib.learn.DNNRegressor": "use tf.estimator.DNNRegressor",
    "contrib.learn.LinearClassifier": "use tf.estimator.LinearClassifier",
    "contrib.learn.LinearRegressor": "use tf.estimator.LinearRegressor",
    "contrib.learn.Estimator": "use tf.estimator.Estimator",
    "contrib.learn.Experiment": "use tf.estimator.train_and_evaluate",
    "contrib.learn.SKCompat": "use tf.estimator.inputs.numpy_input_fn",
}
# Where else a name may stand.
_ELSEWHERE = ("", "nn", "train", "math", "layers", "image", "losses", "metrics", "contrib.layers",
              "contrib.rnn", "nn.rnn_cell", "contrib.framework", "summary", "data", "linalg", "io")


class Missing(AttributeError):
    """A symbol of TensorFlow that pellucid lacks. The text is made when it is read.

    Programs ask with hasattr what there is, and imports do; the search for a near name takes
    milliseconds.
    """

    def __init__(self, path):
        super().__init__(path)
        self.path = path

    def __str__(self):
        return explain(self.path)


def alternative(path):
    """What to use instead of a refused symbol; None where it is not refused on purpose."""
    parts = parts_of(path)
    for size in range(len(parts), 0, -1):
        reason = REFUSED.get(".".join(parts[:size]))
        if reason is not None:
            return reason
    return None


def explain(path):
    """One line: what is missing, and what is nearest or to be used instead.

    path: the dotted name below tf, for example "nn.conv5d".
    """
    path = ".".join(parts_of(path))
    instead = alternative(path)
    if instead is not None:
        return f"tf.{path} is not part of pellucid: {instead}."
    near = nearest(path)
    return f"pellucid has no tf.{path}" + (f"; nearest: tf.{near}." if near else ".")


def nearest(path):
    """The dotted name (below tf) that is most like one that is missing, or None."""
    namespace, _, name = path.rpartition(".")
    for other in _ELSEWHERE:
        if other != namespace and not path.startswith("python") and name in _names(other):
            return f"{other}.{name}".lstrip(".")
    close = difflib.get_close_matches(name, _names(namespace), 1, 0.75)
    if close:
        return f"{namespace}.{close[0]}".lstrip(".")
    for other in _ELSEWHERE:
        close = difflib.get_close_matches(name, _names(other), 1, 0.85)
        if close:
            return f"{other}.{close[0]}".lstrip(".")
    return None


def _names(namespace):
    """The public names of a namespace, without asking for what it lacks."""
    import pellucid
    found = pellucid
    for part in namespace.split(".") if namespace else ():
        known = part in dir(found)
        found = getattr(found, part) if known else None
        if found is None:
            return []
    return [name for name in dir(found) if not name.startswith("_")]


def advice(error):
    """What a program that ended with `error` would have needed of pellucid, or None.

    Of missing attributes of pellucid's modules, and names that could not be imported from them.
    """
    missing = None
    if isinstance(error, Missing):
        return None                                       # has said it
    if isinstance(error, AttributeError) and error.name:
        missing = _public(getattr(error.obj, "__name__", None)), error.name
    elif isinstance(error, ImportError):
        named = re.match(r"cannot import name '(\w+)' from '([\w.]+)'", str(error))
        if named:
            missing = _public(named[2]), named[1]
    if missing is None or missing[0] is None:
        return None
    return "pellucid: " + explain(".".join(filter(None, missing)))


def _public(module):
    """The namespace below tf whose module is called so, or None."""
    match = re.match(r"(?:pellucid(?:\.api)?|tensorflow)(?:$|\.)(.*)", module or "")
    return match[1] if match else None
