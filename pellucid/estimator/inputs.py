"""Arrays and data frames as the input of an Estimator. As in TF: tf.estimator.inputs."""

import numpy as np


def numpy_input_fn(x, y=None, batch_size=128, num_epochs=1, shuffle=None, queue_capacity=1000,
                   num_threads=1):
    """A function() that returns the next batch of arrays, as (features, labels).

    Args:
      x: array, or {name: array}; the first dimension counts the examples.
      y: array, or {name: array}; without it the function returns features alone.
      batch_size: int.
      num_epochs: int, how often each example comes; None for ever.
      shuffle: bool, whether in random order. It must be given.
      queue_capacity: int, how many examples are mixed.
      num_threads: int, a hint: one reader keeps up.

    Raises ValueError, KeyError or TypeError for arrays that do not fit together.
    As in TF: tf.estimator.inputs.numpy_input_fn.
    """
    if not isinstance(shuffle, bool):
        raise ValueError("shuffle must be provided and explicitly set as boolean (it is "
                         "recommended to set it as True for training); got "
                         f"{shuffle}")

    def input_fn():
        if not isinstance(x, np.ndarray | dict):
            raise TypeError(f"x must be a dict or array; got {type(x).__name__}")
        if isinstance(x, dict) and not x:
            raise ValueError("x cannot be an empty dict")
        if y is not None and isinstance(y, dict) and not y:
            raise ValueError("y cannot be empty dict, use None instead.")
        parts = _as_dict(x, "x") | ({} if y is None else _as_dict(y, "y"))
        lengths = {name: len(array) for name, array in parts.items()}
        if len(set(lengths.values())) != 1:
            raise ValueError(f"Length of tensors in x and y is mismatched. {lengths}")
        batch = _batches(parts, batch_size, num_epochs, shuffle, queue_capacity)
        features = _back(x, "x", batch)
        return features if y is None else (features, _back(y, "y", batch))
    return input_fn


def pandas_input_fn(x, y=None, batch_size=128, num_epochs=1, shuffle=None, queue_capacity=1000,
                    num_threads=1, target_column="target"):
    """A function() that returns the next rows of a pandas DataFrame, as ({name: Tensor}, labels).

    Args:
      x: DataFrame; its columns are the features.
      y: Series or DataFrame of the same index.
      target_column: str, the name of y.
      All others: as numpy_input_fn's.

    As in TF: tf.estimator.inputs.pandas_input_fn.
    """
    if not isinstance(shuffle, bool):
        raise ValueError(f"shuffle must be provided and explicitly set as boolean; got {shuffle}")

    def input_fn():
        parts = {("x", name): _column(x[name]) for name in x.columns}
        if y is not None:
            if not np.array_equal(x.index, y.index):
                raise ValueError(f"Index for x and y are mismatched.\nIndex for x: {x.index}\n"
                                 f"Index for y: {y.index}\n")
            whole = hasattr(y, "columns")
            parts |= {("y", name): _column(y[name]) for name in y.columns} if whole else {
                ("y", target_column): _column(y)}
        batch = _batches(parts, batch_size, num_epochs, shuffle, queue_capacity)
        features = {name: batch["x", name] for name in x.columns}
        if y is None:
            return features
        if whole:
            return features, {name: batch["y", name] for name in y.columns}
        return features, batch["y", target_column]
    return input_fn


def _column(series):
    values = series.to_numpy()
    if values.dtype.kind not in "biufc":
        values = np.array([str(v) if not isinstance(v, bytes) else v for v in values], object)
    return values


def _as_dict(value, label):
    """{(label, name): array}; the name of an array alone is None."""
    if isinstance(value, dict):
        return {(label, name): np.asarray(array) for name, array in value.items()}
    return {(label, None): np.asarray(value)}


def _back(value, label, batch):
    if isinstance(value, dict):
        return {name: batch[label, name] for name in value}
    return batch[label, None]


def _batches(parts, batch_size, num_epochs, shuffle, queue_capacity):
    """{key: Tensor}: the next batch of arrays of one length."""
    from pellucid.data.dataset import Dataset
    examples = Dataset.from_tensor_slices(tuple(parts.values()))
    if shuffle:
        examples = examples.shuffle(max(queue_capacity, batch_size))
    batch = examples.repeat(num_epochs).batch(batch_size).make_one_shot_iterator().get_next()
    return dict(zip(parts, batch, strict=True))
