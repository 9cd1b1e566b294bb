"""What programs used of tf.contrib."""


def __getattr__(name):
    """The public names, also where this room was imported before its face, api/contrib/."""
    from pellucid.names.old import from_face
    return from_face("pellucid.api.contrib", name)
