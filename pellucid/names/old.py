"""The spellings of TensorFlow 0.x, and of 1.x before it settled: one table.

    tf.mul is tf.multiply, tf.train.SummaryWriter is tf.summary.FileWriter

Where only the name changed, the table says the new one. Where arguments changed too, a function
below takes the old ones. Read next: internal.py.
"""

import functools
import importlib.util

# Old name -> new name, both below tf.
OLD = {
    "audio_summary": "summary.audio",
    "batch_cholesky": "cholesky",
    "batch_cholesky_solve": "cholesky_solve",
    "batch_matrix_band_part": "matrix_band_part",
    "batch_matrix_determinant": "matrix_determinant",
    "batch_matrix_diag": "matrix_diag",
    "batch_matrix_diag_part": "matrix_diag_part",
    "batch_matrix_inverse": "matrix_inverse",
    "batch_matrix_set_diag": "matrix_set_diag",
    "batch_matrix_solve": "matrix_solve",
    "batch_matrix_solve_ls": "matrix_solve_ls",
    "batch_matrix_transpose": "matrix_transpose",
    "batch_matrix_triangular_solve": "matrix_triangular_solve",
    "batch_self_adjoint_eig": "self_adjoint_eig",
    "batch_self_adjoint_eigvals": "self_adjoint_eigvals",
    "batch_svd": "svd",
    "complex_abs": "abs",
    "concat_v2": "concat",
    "contrib.rnn.core_rnn_cell": "contrib.rnn",
    "estimator.tpu": "contrib.tpu",
    "image.per_image_whitening": "image.per_image_standardization",
    "initialize_all_tables": "tables_initializer",
    "inv": "reciprocal",
    "listdiff": "setdiff1d",
    "merge_all_summaries": "summary.merge_all",
    "merge_summary": "summary.merge",
    "mul": "multiply",
    "neg": "negative",
    "nest.is_sequence": "nest.is_nested",
    "nn.bidirectional_rnn": "nn.static_bidirectional_rnn",
    "nn.deconv2d": "nn.conv2d_transpose",
    "nn.rnn": "nn.static_rnn",
    "nn.seq2seq": "contrib.legacy_seq2seq",
    "pack": "stack",
    "sub": "subtract",
    "train.SummaryWriter": "summary.FileWriter",
    "unpack": "unstack",
}


def with_names(new, **renamed):
    """The function called `new`, which also takes its arguments under their old names."""
    from pellucid.names.lookup import find
    function = find(new)

    @functools.wraps(function)
    def old(*arguments, **options):
        return function(*arguments, **{renamed.get(k, k): v for k, v in options.items()})
    return old


def _batch_matmul(x, y, adj_x=None, adj_y=None, name=None):
    """x y, with the last two axes of either transposed and conjugated where asked."""
    from pellucid.ops.linalg.linear_algebra import matmul
    return matmul(x, y, adjoint_a=bool(adj_x), adjoint_b=bool(adj_y), name=name)


def _op_scope(values, name, default_name=None):
    """name_scope with the arguments in TensorFlow 0.x's order."""
    from pellucid.ops.arguments import name_scope
    return name_scope(name, default_name, values)


_CHANGED = {
    "batch_matmul": lambda: _batch_matmul,
    "histogram_summary": lambda: with_names("summary.histogram", tag="name"),
    "image_summary": lambda: with_names("summary.image", tag="name", max_images="max_outputs"),
    "op_scope": lambda: _op_scope,
    "scalar_summary": lambda: with_names("summary.scalar", tags="name", values="tensor"),
    "select": lambda: with_names("where", t="x", e="y"),
}


def spellings():
    """All old names, sorted."""
    return sorted({*OLD, *_CHANGED})


def from_face(face, name, modules_first=False):
    """What a room answers that bears the name of a face: the face's public names.

    The room may have been imported before its face, or in its place. With modules_first a module
    of the room hides a public name; the face imports it.
    """
    if name == "__path__":
        return []                     # in TensorFlow it is a package
    room = face.replace(".api", "")
    own = modules_first and importlib.util.find_spec(f"{room}.{name}") is not None
    if name.startswith("_") or own or not hasattr(public := importlib.import_module(face), name):
        raise AttributeError(f"module {room!r} has no attribute {name!r}")
    return getattr(public, name)


def answer(namespace, name):
    """What a namespace of tf that lacks `name` answers: the old spelling's meaning.

    Args:
      namespace: str, the namespace below tf: "" for tf itself, "nn", "contrib.layers".
      name: str, the attribute that was asked for.

    Raises Missing, an AttributeError that says what is nearest.
    """
    path = f"{namespace}.{name}" if namespace else name
    if name == "__path__" and namespace:
        return []                     # in TensorFlow it is a package
    if not name.startswith("__"):
        if path in _CHANGED:
            return _CHANGED[path]()
        if path in OLD:
            from pellucid.names.lookup import find
            return find(OLD[path])
        if name == "python" or path == "examples":
            from pellucid.names.internal import Internal
            return Internal(path)
    from pellucid.names.missing import Missing
    raise Missing(path)
