"""Which of TensorFlow's files a path names, and what is in it."""

import os
import re
from dataclasses import dataclass

from pellucid.core import errors

_OP = re.compile(r"[A-Za-z_>][A-Za-z0-9_.>]*$")


class Unreadable(Exception):
    """A path that names nothing this command reads; the text says why."""


@dataclass
class Content:
    """What a path names.

    kind: "GraphDef", "MetaGraph", "SavedModel", "checkpoint", "events", "records" or
      "safetensors".
    path: str, of the file that holds it; of a checkpoint, the prefix.
    message: the protocol buffer, of the first three kinds.
    """

    kind: str
    path: str
    message: object = None


def content_of(path):
    """The Content that a path names.

    A path may be a file, the prefix of a checkpoint, or a directory: of a SavedModel, of
    checkpoints (the latest), or of event files (the newest). Raises Unreadable.
    """
    from pellucid.interchange.checkpoints import latest_checkpoint
    if os.path.isdir(path):
        from pellucid.saved_model.loader import maybe_saved_model_directory, read
        if maybe_saved_model_directory(path):
            return Content("SavedModel", path, read(path))
        if (found := latest_checkpoint(path)) is not None:
            return Content("checkpoint", found)
        events = [os.path.join(path, name) for name in os.listdir(path) if "tfevents" in name]
        if events:
            return Content("events", max(events, key=os.path.getmtime))
        raise Unreadable(f"{path}: the directory has no SavedModel, checkpoint or event file")
    if os.path.basename(path) == "checkpoint" and os.path.isfile(path) and (
            found := latest_checkpoint(os.path.dirname(path) or ".")) is not None:
        return Content("checkpoint", found)
    prefix = re.sub(r"\.(index|data-\d{5}-of-\d{5})$", "", path)
    if os.path.isfile(prefix + ".index"):
        return Content("checkpoint", prefix)
    if not os.path.isfile(path):
        raise Unreadable(f"{path}: there is no such file, directory or checkpoint")
    return _of_file(path)


def _of_file(path):
    from pellucid.interchange.messages import parse, parse_text
    from pellucid.interchange.old_checkpoints import OldReader
    from pellucid.interchange.records import read_records
    if path.endswith(".safetensors"):
        return Content("safetensors", path)
    with open(path, "rb") as file:
        start = file.read(4096)
    if not start:
        raise Unreadable(f"{path}: the file is empty")
    if "tfevents" in os.path.basename(path):
        return Content("events", path)
    if len(start) >= 12 and _succeeds(lambda: next(read_records(path), None)):
        first = next(read_records(path), b"")
        return Content("events" if b"brain.Event:" in first[:100] else "records", path)
    with open(path, "rb") as file:
        data = file.read()
    if data[-8:] == (0xDB4775248B80FB57).to_bytes(8, "little") and _succeeds(
            lambda: OldReader(path)):
        return Content("checkpoint", path)
    for kind, name, is_one in (("SavedModel", "SavedModel", _is_saved_model),
                               ("MetaGraph", "MetaGraphDef", _is_meta_graph),
                               ("GraphDef", "GraphDef", _is_graph)):
        try:
            message = parse(name, data, path)
        except errors.DataLossError:
            continue
        if is_one(message):
            return Content(kind, path, message)
    if _looks_like_text(start):
        text = data.decode("utf-8", "replace")
        for kind, name in (("GraphDef", "GraphDef"), ("MetaGraph", "MetaGraphDef"),
                           ("SavedModel", "SavedModel")):
            try:
                return Content(kind, path, parse_text(name, text, path))
            except errors.DataLossError:
                continue
    raise Unreadable(f"{path}: none of the files that pellucid reads: GraphDef, MetaGraph, "
                     "SavedModel, checkpoint, event file, TFRecord, safetensors; or it is damaged "
                     "or cut off")


def _succeeds(function):
    try:
        function()
    except errors.OpError:
        return False
    return True


def _looks_like_text(start):
    return b"\0" not in start and (b"{" in start or b":" in start)


def _is_graph(message):
    return bool(message.node) and all(n.name and _OP.match(n.op) for n in message.node)


def _is_meta_graph(message):
    return _is_graph(message.graph_def)


def _is_saved_model(message):
    return bool(message.meta_graphs) and all(map(_is_meta_graph, message.meta_graphs))


def graph_def_of(content):
    """The GraphDef in a Content of graphs, the first of several. Raises Unreadable for others."""
    if content.kind == "GraphDef":
        return content.message
    if content.kind == "MetaGraph":
        return content.message.graph_def
    if content.kind == "SavedModel":
        return content.message.meta_graphs[0].graph_def
    if content.kind == "checkpoint" and os.path.isfile(content.path + ".meta"):
        from pellucid.interchange.meta_graph import read_meta_graph
        return read_meta_graph(content.path + ".meta").graph_def
    if content.kind == "events":
        from pellucid.interchange.messages import parse
        from pellucid.summary.event_file import summary_iterator
        for event in summary_iterator(content.path):
            if event.graph_def:
                return parse("GraphDef", event.graph_def, content.path)
    raise Unreadable(f"{content.path}: {content.kind}, which holds no graph")
