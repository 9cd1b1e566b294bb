"""tf.graph_util: GraphDefs cut, frozen, stripped."""

from pellucid.interchange.import_graph import import_graph_def
from pellucid.interchange.transform import (
    convert_variables_to_constants,
    extract_sub_graph,
    remove_training_nodes,
    tensor_shape_from_node_def_name,
)
