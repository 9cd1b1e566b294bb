"""Built from operations as a user would build them: losses, normalization, embeddings, ..."""


def __getattr__(name):
    """The public names, also where this room was imported before its face, api/nn.py."""
    from pellucid.names.old import from_face
    return from_face("pellucid.api.nn", name)
