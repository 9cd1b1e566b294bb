"""Summaries: what a run is worth remembering by, and the event files that TensorBoard reads.

The operations (scalars.py, histograms.py, images.py, audio.py, tensors.py) turn tensors into
serialized `Summary` messages; writer.py puts these into files. Read scalars.py first.
"""
