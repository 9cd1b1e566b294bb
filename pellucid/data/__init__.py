"""Data on its way into a graph: data sets and iterators, queues and readers."""


def __getattr__(name):
    """The public names, also where this room was imported before its face, api/data.py."""
    import importlib.util
    if not name.startswith("_") and importlib.util.find_spec(f"{__name__}.{name}") is None:
        face = importlib.import_module("pellucid.api.data")
        if hasattr(face, name):
            return getattr(face, name)
    raise AttributeError(f"module 'pellucid.data' has no attribute {name!r}")
