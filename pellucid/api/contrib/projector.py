"""tf.contrib.tensorboard.plugins.projector: tensors to look at in TensorBoard."""

from pellucid.summary.projector import visualize_embeddings


def __getattr__(name):
    """The messages are made on first use, since they need protobuf."""
    if name in ("ProjectorConfig", "EmbeddingInfo", "SpriteMetadata"):
        from pellucid.interchange.messages import message
        return message(name)
    from pellucid.names.old import answer
    return answer("contrib.tensorboard.plugins.projector", name)
