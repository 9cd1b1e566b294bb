"""tf.sparse: tensors most of whose entries are zero."""

from pellucid.ops.sparse.products import sparse_tensor_dense_matmul as matmul
from pellucid.ops.sparse.products import sparse_tensor_dense_matmul as sparse_dense_matmul
from pellucid.ops.sparse.sparse_tensor import SparseTensor
from pellucid.ops.sparse.sparse_tensor import sparse_placeholder as placeholder
from pellucid.ops.sparse.sparse_tensor import sparse_reorder as reorder
from pellucid.ops.sparse.sparse_tensor import sparse_retain as retain
from pellucid.ops.sparse.sparse_tensor import sparse_tensor_to_dense as to_dense
