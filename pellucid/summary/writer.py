"""FileWriter: summaries, graphs and reports of runs into an event file.

    writer = tf.summary.FileWriter("log", session.graph)
    writer.add_summary(session.run(merged), global_step=step)
    writer.close()
"""

import os
import threading
import time
import warnings

from pellucid.core.graph import Graph
from pellucid.interchange.messages import message
from pellucid.interchange.meta_graph import export_meta_graph
from pellucid.summary.event_file import EventFile


class FileWriter:
    """Writes an event file into a directory; may be used with `with`.

    Args:
      logdir: str, made if it does not exist; TensorBoard is started on it or on one above.
      graph: Graph to write at once, with its MetaGraph.
      max_queue: int, how many events may wait to be written before adding waits too.
      flush_secs: number, seconds after which events are in the file at the latest.
      graph_def: GraphDef in place of graph (deprecated in TensorFlow).
      filename_suffix: str, end of the file's name.
      session: not supported.

    As in TF: tf.summary.FileWriter.
    """

    def __init__(self, logdir, graph=None, max_queue=10, flush_secs=120, graph_def=None,
                 filename_suffix=None, session=None):
        if session is not None:
            raise NotImplementedError("FileWriter(session=...): writing by operations is not "
                                      "supported; leave session out.")
        self._logdir = os.fsdecode(logdir)
        self._options = max_queue, flush_secs, filename_suffix or ""
        self._seen_tags, self._warned = set(), False
        self._file = EventFile(self._logdir, *self._options)
        if graph is not None or graph_def is not None:
            self.add_graph(graph=graph, graph_def=graph_def)
            full = graph.as_graph_def(add_shapes=True) if graph is not None else graph_def
            self.add_meta_graph(export_meta_graph(
                graph=graph or Graph(), graph_def=_own("GraphDef", full)))

    def __enter__(self):
        return self

    def __exit__(self, *exception):
        self.close()

    def get_logdir(self):
        """The directory."""
        return self._logdir

    # -- what can be written ---------------------------------------------------------------

    def add_summary(self, summary, global_step=None):
        """Writes a Summary.

        Args:
          summary: what a summary operation gave (bytes), or a Summary.
          global_step: int, the step that it belongs to.
        """
        data = summary if isinstance(summary, bytes) else summary.SerializeToString()
        summary = message("Summary").FromString(data)
        for value in summary.value:                  # metadata are written once a tag
            if value.HasField("metadata"):
                if value.tag in self._seen_tags:
                    value.ClearField("metadata")
                self._seen_tags.add(value.tag)
        self._add(message("Event")(summary=summary), global_step)

    def add_session_log(self, session_log, global_step=None):
        """Writes a SessionLog."""
        self._add(message("Event")(session_log=_own("SessionLog", session_log)), global_step)

    def add_graph(self, graph, global_step=None, graph_def=None):
        """Writes a Graph, or a GraphDef given as `graph_def` (or, as TensorFlow takes it, as
        `graph`)."""
        if graph is not None and graph_def is not None:
            raise ValueError("Please pass only graph, or graph_def (deprecated), but not both.")
        if isinstance(graph, Graph) or isinstance(graph_def, Graph):
            graph = graph if isinstance(graph, Graph) else graph_def
            data = graph.as_graph_def(add_shapes=True).SerializeToString()
        elif graph is None and graph_def is None:
            raise ValueError("No graph is given: pass a tf.Graph, for example session.graph.")
        else:
            given = graph if graph is not None else graph_def
            if getattr(getattr(given, "DESCRIPTOR", None), "full_name", "") != (
                    "tensorflow.GraphDef"):
                raise TypeError("The passed graph must be an instance of `Graph` or the "
                                f"deprecated `GraphDef`, not {type(given).__name__}")
            data = given.SerializeToString()
        self._add(message("Event")(graph_def=data), global_step)

    def add_meta_graph(self, meta_graph_def, global_step=None):
        """Writes a MetaGraphDef. TypeError for anything else."""
        if getattr(getattr(meta_graph_def, "DESCRIPTOR", None), "full_name", "") != (
                "tensorflow.MetaGraphDef"):
            raise TypeError("meta_graph_def must be type MetaGraphDef, saw type: "
                            f"{type(meta_graph_def)}")
        self._add(message("Event")(meta_graph_def=meta_graph_def.SerializeToString()),
                  global_step)

    def add_run_metadata(self, run_metadata, tag, global_step=None):
        """Writes what a run reported (RunOptions.trace_level), under a tag that is new.

        Raises ValueError for a tag that was used.
        """
        if ("run", tag) in self._seen_tags:
            raise ValueError("The provided tag was already used for this event type")
        self._seen_tags.add(("run", tag))
        event = message("Event")()
        event.tagged_run_metadata.tag = tag
        event.tagged_run_metadata.run_metadata = run_metadata.SerializeToString()
        self._add(event, global_step)

    def _add(self, event, step):
        event.wall_time = time.time()
        if step is not None:
            event.step = int(step)
        self.add_event(event)

    def add_event(self, event):
        """Writes an Event. After close() nothing is written, which is said once."""
        if self._file is not None:
            self._file.add(event)
        elif not self._warned:
            self._warned = True
            warnings.warn("Attempting to use a closed FileWriter. The operation will be a noop "
                          "unless the FileWriter is explicitly reopened.", stacklevel=3)

    # -- the file --------------------------------------------------------------------------

    def flush(self):
        """Returns when everything added so far is in the file."""
        if self._file is not None:
            self._file.flush()

    def close(self):
        """Writes what is waiting, and closes the file."""
        if self._file is not None:
            file, self._file = self._file, None
            file.close()

    def reopen(self):
        """Goes on after close(), in a new file of the same directory."""
        if self._file is None:
            self._file, self._warned = EventFile(self._logdir, *self._options), False


class FileWriterCache:
    """One FileWriter a directory. As in TF: tf.summary.FileWriterCache."""

    _writers = {}
    _lock = threading.RLock()

    @staticmethod
    def get(logdir):
        """The FileWriter of a directory."""
        with FileWriterCache._lock:
            if logdir not in FileWriterCache._writers:
                FileWriterCache._writers[logdir] = FileWriter(logdir)
            return FileWriterCache._writers[logdir]

    @staticmethod
    def clear():
        """Flushes all of them, and forgets them."""
        with FileWriterCache._lock:
            for writer in FileWriterCache._writers.values():
                writer.flush()
            FileWriterCache._writers.clear()


def _own(name, proto):
    """The message as one of our classes; TensorFlow's may be given."""
    cls = message(name)
    return proto if isinstance(proto, cls) else cls.FromString(proto.SerializeToString())
