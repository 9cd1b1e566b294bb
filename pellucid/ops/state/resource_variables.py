"""Resource variables: TensorFlow's second form of variables, for graphs that hold them.

A graph of Keras or of `use_resource=True` names a variable by a handle (VarHandleOp), reads it by
ReadVariableOp and updates it by operations without outputs. Here a handle is a reference like
VariableV2's, to the same Cell, so each of these types is a form of one that exists. pellucid's own
functions do not build them: import_graph_def does.
"""

import numpy as np

from pellucid.core.cell import Cell
from pellucid.core.gradients import NotDifferentiable, RegisterGradient
from pellucid.core.indexed_slices import IndexedSlices
from pellucid.core.operation import Operation, convert_to_tensor, op_types
from pellucid.core.shapes import Spec
from pellucid.core.variable import Assign, IsVariableInitialized, VariableV2
from pellucid.ops.arrays.gathering import GatherNd, GatherV2
from pellucid.ops.arrays.shaping import reshape
from pellucid.ops.state import further_training_ops  # noqa: F401 - registers optimizers' types
from pellucid.ops.state.assignment import AssignAdd, AssignSub
from pellucid.ops.state.training_ops import Apply, SparseApply


class VarHandleOp(VariableV2):
    """The place that holds a variable's value."""

    op_type = "VarHandleOp"

    def new_cell(self, session):
        """Handles of one shared name stand for one variable, as in TensorFlow."""
        shared = self.shared_name and (self.container, self.shared_name)
        for op, cell in session._cells.items() if shared else ():
            if type(op) is VarHandleOp and (op.container, op.shared_name) == shared:
                return cell
        return Cell(name=self.name)


class ReadVariableOp(Operation):
    """The value that a variable has when this runs."""

    op_type, attrs = "ReadVariableOp", {"dtype": None}
    ref_inputs, effect = (0,), True                   # an effect: two reads may differ

    def infer(self, resource):
        return Spec(self.dtype, resource.shape)

    def compute(self, resource):
        return resource.value


@RegisterGradient("ReadVariableOp")
def _read_variable_op_gradient(op, grad):
    return grad


class VarIsInitializedOp(IsVariableInitialized):
    """Whether a variable has a value."""

    op_type, attrs = "VarIsInitializedOp", {}

    def _derived_attrs(self):
        return {}


NotDifferentiable("VarIsInitializedOp")


def _without_output(cls, op_type, **more):
    """The form of an updating type that takes a handle and has no output."""
    def infer(self, *inputs):
        cls.infer(self, *inputs)
        return ()

    def compute(self, *inputs):
        cls.compute(self, *inputs)
        return ()

    NotDifferentiable(op_type)
    return type(op_type, (cls,), {
        "__doc__": f"{cls.op_type} of a resource variable.", "__module__": __name__,
        "op_type": op_type, "infer": infer, "compute": compute, "returns_ref": False,
        "effect": True, **more})


AssignVariableOp = _without_output(
    Assign, "AssignVariableOp", attrs={"dtype": None, "validate_shape": False})
AssignAddVariableOp = _without_output(AssignAdd, "AssignAddVariableOp", attrs={"dtype": None})
AssignSubVariableOp = _without_output(AssignSub, "AssignSubVariableOp", attrs={"dtype": None})
for _cls in list(op_types.values()):
    if issubclass(_cls, Apply | SparseApply) or (
            _cls.op_type.startswith("Scatter") and _cls.returns_ref):
        _without_output(_cls, "Resource" + _cls.op_type)


_ZERO = np.zeros((), np.int32)                        # the axis


class ResourceGather(Operation):
    """Rows of a variable."""

    op_type, attrs, fresh = "ResourceGather", {"batch_dims": 0, "dtype": None}, True
    ref_inputs, effect = (0,), True

    def infer(self, resource, indices):
        specs = resource, indices, Spec(indices.dtype, (), value=_ZERO)
        return Spec(self.dtype, GatherV2.detached(batch_dims=self.batch_dims).infer(*specs).shape)

    def compute(self, resource, indices):
        return GatherV2.detached(batch_dims=self.batch_dims).compute(
            resource.value, indices, _ZERO)


@RegisterGradient("ResourceGather")
def _resource_gather_gradient(op, grad):
    handle, indices = op.inputs
    dims = handle.shape.as_list()
    rows = reshape(grad, [-1, *dims[1:]])
    return IndexedSlices(rows, reshape(indices, [-1]), convert_to_tensor(dims)), None


class ResourceGatherNd(Operation):
    """Elements or parts of a variable."""

    op_type, attrs, fresh = "ResourceGatherNd", {"dtype": None}, True
    ref_inputs, effect = (0,), True

    def infer(self, resource, indices):
        return Spec(self.dtype, GatherNd.detached().infer(resource, indices).shape)

    def compute(self, resource, indices):
        return GatherNd.detached().compute(resource.value, indices)


NotDifferentiable("ResourceGatherNd")


class VariableShape(Operation):
    """The shape of a variable's value."""

    op_type, attrs, ref_inputs, effect = "VariableShape", {"out_type": None}, (0,), True

    def infer(self, input):
        rank = None if input.shape is None else len(input.shape)
        return Spec(self.out_type, (rank,))

    def compute(self, input):
        return np.array(np.shape(input.value), self.out_type._numpy)


NotDifferentiable("VariableShape")
