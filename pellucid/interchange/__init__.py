"""Files that TensorFlow reads and writes: graphs, checkpoints, models.

Read first messages.py (what a file is made of), then graph_def.py (graphs), then bundle.py
(checkpoints). Nothing here is loaded by `import pellucid` but names; protobuf and the
checksum library come in with the first file.
"""
