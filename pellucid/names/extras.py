"""Functions of TensorFlow's source that programs import and that have no public name.

As in TF: tensorflow.python.framework.tensor_shape, .util.all_util, .client.device_lib,
.layers.utils, .ops.control_flow_ops.
"""

import types

from pellucid.core.graph import control_dependencies
from pellucid.core.operation import convert_to_tensor
from pellucid.core.shapes import TensorShape
from pellucid.nn.choice import smart_cond


def list_local_devices(session_config=None):
    """One description: this process's CPU. As in TF: device_lib.list_local_devices."""
    return [types.SimpleNamespace(name="/device:CPU:0", device_type="CPU", memory_limit=0,
                                  locality=None, incarnation=1, physical_device_desc="")]


def remove_undocumented(module_name, allowed_exception_list=None, doc_string_modules=None):
    """Nothing: it hid names from TensorFlow's documentation. As in TF: all_util."""


def with_dependencies(dependencies, output_tensor, name=None):
    """output_tensor, once `dependencies` have run. As in TF: control_flow_ops.with_dependencies."""
    from pellucid.ops.control.passing import identity
    with control_dependencies(dependencies):
        return identity(convert_to_tensor(output_tensor), name=name)


def scalar():
    """The shape of a scalar."""
    return TensorShape([])


def vector(length):
    """The shape of a vector."""
    return TensorShape([length])


def matrix(rows, columns):
    """The shape of a matrix."""
    return TensorShape([rows, columns])


EXTRAS = {function.__name__: function for function in (
    list_local_devices, matrix, remove_undocumented, scalar, smart_cond, vector,
    with_dependencies)}
EXTRAS["unknown_shape"] = lambda rank=None, **kwargs: TensorShape(
    None if rank is None else [None] * rank)

# What has another name in public.
RENAMED = {
    "ComputeGradient": "test.compute_gradient",
    "ComputeGradientError": "test.compute_gradient_error",
    "FileIO": "gfile.GFile",
    "TensorFlowTestCase": "test.TestCase",
    "create_dir": "io.gfile.mkdir",
    "delete_file": "io.gfile.remove",
    "file_exists": "io.gfile.exists",
    "is_directory": "io.gfile.isdir",
    "is_sequence": "nest.is_nested",
    "list_directory": "io.gfile.listdir",
    "recursive_create_dir": "io.gfile.makedirs"}
