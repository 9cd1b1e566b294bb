"""Read this first: graphs, operations, variables, sessions, gradients. Start at operation.py."""


def __getattr__(name):
    """TensorFlow keeps its messages below tensorflow.core: core.framework.graph_pb2.GraphDef."""
    from pellucid.names.internal import messages_below
    return messages_below(name)
