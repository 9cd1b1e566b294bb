"""What programs used of tf.contrib."""


def __getattr__(name):
    """The public names, also where this room was imported before its face, api/contrib/."""
    import importlib
    face = importlib.import_module("pellucid.api.contrib")
    if name.startswith("_") or not hasattr(face, name):
        raise AttributeError(f"module 'pellucid.contrib' has no attribute {name!r}")
    return getattr(face, name)
