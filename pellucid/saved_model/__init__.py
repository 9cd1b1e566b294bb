"""SavedModels of TensorFlow 1: graphs, variables and files in a directory, to be served.

    saved_model.pb                graphs, each with tags, and what goes in and comes out
    variables/variables.index     a checkpoint
    assets/                       files that the graphs read, for example vocabularies

Read builder.py (writing), then loader.py (reading).
"""


def __getattr__(name):
    """The public names, also where this room was imported before its face, api/saved_model.py."""
    from pellucid.names.old import from_face
    return from_face("pellucid.api.saved_model", name, modules_first=True)
