"""Data on its way into a graph: data sets and iterators, queues and readers."""


def __getattr__(name):
    """The public names, also where this room was imported before its face, api/data.py."""
    import importlib
    face = importlib.import_module("pellucid.api.data")
    if name.startswith("_") or not hasattr(face, name):
        raise AttributeError(f"module 'pellucid.data' has no attribute {name!r}")
    return getattr(face, name)
