"""Names that are imported on first use: who only trains on arrays need not wait for queues.

Namespace below tf -> name -> module that defines it, under the same name.
"""

import importlib


def _names(table):
    return {name: module for module, names in table.items() for name in names.split()}


LATER = {
    "": _names({
        "pellucid.data.csv": "decode_csv",
        "pellucid.data.files": "matching_files read_file write_file",
        "pellucid.data.queues": (
            "FIFOQueue PaddingFIFOQueue PriorityQueue QueueBase RandomShuffleQueue"),
        "pellucid.data.readers": (
            "FixedLengthRecordReader IdentityReader ReaderBase TFRecordReader TextLineReader "
            "WholeFileReader"),
    }),
    "io": _names({
        "pellucid.data.csv": "decode_csv",
        "pellucid.data.files": "matching_files read_file write_file",
        "pellucid.data.producers": "match_filenames_once",
        "pellucid.data.queues": (
            "FIFOQueue PaddingFIFOQueue PriorityQueue QueueBase RandomShuffleQueue"),
    }),
    "train": _names({
        "pellucid.data.batching": "batch batch_join shuffle_batch shuffle_batch_join",
        "pellucid.data.producers": (
            "input_producer limit_epochs match_filenames_once range_input_producer "
            "slice_input_producer string_input_producer"),
        "pellucid.data.queue_runner": "QueueRunner add_queue_runner start_queue_runners",
        "pellucid.running.coordinator": "Coordinator",
        "pellucid.running.cluster": "ClusterSpec Server replica_device_setter",
        "pellucid.running.looper_thread": "LooperThread",
        "pellucid.running.monitored_session": (
            "ChiefSessionCreator MonitoredSession MonitoredTrainingSession SessionCreator "
            "SingularMonitoredSession WorkerSessionCreator"),
        "pellucid.running.saving": "CheckpointSaverHook CheckpointSaverListener",
        "pellucid.running.scaffold": "Scaffold",
        "pellucid.running.session_manager": "SessionManager",
        "pellucid.running.session_run_hook": (
            "SessionRunArgs SessionRunContext SessionRunHook SessionRunValues"),
        "pellucid.running.steps": "SecondOrStepTimer",
        "pellucid.running.stopping": (
            "FeedFnHook FinalOpsHook GlobalStepWaiterHook NanLossDuringTrainingError "
            "NanTensorHook StopAtStepHook"),
        "pellucid.running.supervisor": "Supervisor basic_train_loop",
        "pellucid.running.watching": (
            "LoggingTensorHook ProfilerHook StepCounterHook SummarySaverHook"),
    }),
}


def find(namespace, name):
    """The thing called `name` below tf.namespace, or None if it is not one of these."""
    module = LATER[namespace].get(name)
    return getattr(importlib.import_module(module), name) if module else None
