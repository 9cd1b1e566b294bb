"""tf.io: files."""

from pellucid.interchange.graph_def import write_graph
