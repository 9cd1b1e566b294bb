"""tf.sparse: tensors most of whose entries are zero."""

from pellucid.ops.sparse.arithmetic import sparse_add as add
from pellucid.ops.sparse.arithmetic import sparse_reduce_max as reduce_max
from pellucid.ops.sparse.arithmetic import sparse_reduce_sum as reduce_sum
from pellucid.ops.sparse.arithmetic import sparse_softmax as softmax
from pellucid.ops.sparse.parts import from_dense
from pellucid.ops.sparse.parts import sparse_concat as concat
from pellucid.ops.sparse.parts import sparse_fill_empty_rows as fill_empty_rows
from pellucid.ops.sparse.parts import sparse_mask as mask
from pellucid.ops.sparse.parts import sparse_reset_shape as reset_shape
from pellucid.ops.sparse.parts import sparse_reshape as reshape
from pellucid.ops.sparse.parts import sparse_slice as slice
from pellucid.ops.sparse.parts import sparse_split as split
from pellucid.ops.sparse.parts import sparse_transpose as transpose
from pellucid.ops.sparse.products import sparse_tensor_dense_matmul as matmul
from pellucid.ops.sparse.products import sparse_tensor_dense_matmul as sparse_dense_matmul
from pellucid.ops.sparse.sparse_tensor import SparseTensor
from pellucid.ops.sparse.sparse_tensor import sparse_placeholder as placeholder
from pellucid.ops.sparse.sparse_tensor import sparse_reorder as reorder
from pellucid.ops.sparse.sparse_tensor import sparse_retain as retain
from pellucid.ops.sparse.sparse_tensor import sparse_tensor_to_dense as to_dense
