"""Tensors as signatures describe them. As in TF: tf.saved_model.utils."""

from pellucid.core import dtypes
from pellucid.core.graph import get_default_graph
from pellucid.interchange.messages import message
from pellucid.interchange.tensors import shape_to_proto
from pellucid.ops.sparse.sparse_tensor import SparseTensor


def build_tensor_info(tensor):
    """The TensorInfo (name, type, shape) of a Tensor or SparseTensor.

    As in TF: tf.saved_model.utils.build_tensor_info.
    """
    info = message("TensorInfo")()
    if isinstance(tensor, SparseTensor):
        info.coo_sparse.values_tensor_name = tensor.values.name
        info.coo_sparse.indices_tensor_name = tensor.indices.name
        info.coo_sparse.dense_shape_tensor_name = tensor.dense_shape.name
        shape = tensor.get_shape()
        dims = None if shape.ndims is None else tuple(shape.as_list())
    else:
        if hasattr(tensor, "_as_graph_element"):                   # a Variable
            tensor = tensor._as_graph_element()
        info.name, dims = tensor.name, tensor.spec.shape
    if tensor.dtype is not None:
        info.dtype = dtypes.as_dtype(tensor.dtype).base_dtype.as_datatype_enum
    shape_to_proto(dims, info.tensor_shape)
    return info


def get_tensor_from_tensor_info(tensor_info, graph=None, import_scope=None):
    """The Tensor or SparseTensor of a graph that a TensorInfo describes.

    Raises KeyError if the graph has none of that name, ValueError for an empty TensorInfo.
    As in TF: tf.saved_model.utils.get_tensor_from_tensor_info.
    """
    graph = graph or get_default_graph()

    def tensor(name):
        return graph.get_tensor_by_name(f"{import_scope}/{name}" if import_scope else name)

    kind = tensor_info.WhichOneof("encoding")
    if kind == "name":
        return tensor(tensor_info.name)
    if kind == "coo_sparse":
        parts = tensor_info.coo_sparse
        return SparseTensor(tensor(parts.indices_tensor_name), tensor(parts.values_tensor_name),
                            tensor(parts.dense_shape_tensor_name))
    raise ValueError(f"Invalid TensorInfo.encoding: {kind}")
