"""Summaries: what a run is worth remembering by, and the event files that TensorBoard reads.

The operations (scalars.py, histograms.py, images.py, audio.py, tensors.py) turn tensors into
serialized `Summary` messages; writer.py puts these into files. Read scalars.py first.
"""


def __getattr__(name):
    """The public names, also where this room was imported before its face, api/summary.py."""
    from pellucid.names.old import from_face
    return from_face("pellucid.api.summary", name)
