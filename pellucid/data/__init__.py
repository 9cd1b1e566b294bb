"""Data on its way into a graph: data sets and iterators, queues and readers."""


def __getattr__(name):
    """The public names, also where this room was imported before its face, api/data.py."""
    from pellucid.names.old import from_face
    return from_face("pellucid.api.data", name, modules_first=True)
