"""How many numbers a model has: tf.contrib.slim.model_analyzer."""


def analyze_vars(variables, print_info=False):
    """(number of entries, number of bytes) of variables, together.

    Args:
      variables: list of Variable.
      print_info: bool, print each variable with its shape and size.

    As in TF: tf.contrib.slim.model_analyzer.analyze_vars.
    """
    sizes = [var.shape.num_elements() or 0 for var in variables]
    weights = [size * var.dtype.size for size, var in zip(sizes, variables, strict=True)]
    if print_info:
        print("---------", "Variables: name (type shape) [size]", "---------", sep="\n")
        for var, size, weight in zip(variables, sizes, weights, strict=True):
            print(var.name, tensor_description(var), f"[{size}, bytes: {weight}]")
        print(f"Total size of variables: {sum(sizes)}")
        print(f"Total bytes of variables: {sum(weights)}")
    return sum(sizes), sum(weights)


def tensor_description(var):
    """"(float32_ref 3x4)". As in TF: tf.contrib.slim.model_analyzer.tensor_description."""
    return f"({var.dtype.name} {'x'.join(map(str, var.shape))})"
