"""Every registered operation type has a row, and says whether it has a gradient."""

import pytest

from pellucid.core import gradients, operation
from pellucid.data import csv, file_datasets, readers, transformations  # noqa: F401 - they register
from tests.ops import answers
from tests.ops.harness import load_rows

op_types = {name: c for name, c in operation.op_types.items()
            if c.__module__.startswith("pellucid.")}

# Types of which a row cannot say what they do, and the test that does.
ELSEWHERE = {
    "AsMatrix": "tests/ops/test_linear_algebra.py",
    "AsProduct": "tests/ops/test_linear_algebra.py",
    "Assert": "tests/ops/test_printing.py",
    "AssertVariablesInitialized": "tests/ops/test_state.py",
    "Assign": "tests/core/test_variable.py",
    "FakeParam": "tests/ops/test_control_flow.py",
    "MergeV2Checkpoints": "tests/training/test_saver.py",
    "ImageSummary": "tests/summary/test_images.py",
    "InitializeTableFromTextFileV2": "tests/ops/test_lookup.py",
    "IsVariableInitialized": "tests/core/test_variable.py",
    "NoOp": "tests/core/test_session.py",
    "ParseExampleV2": "tests/interchange/test_parsing.py",
    "PartitionedCall": "tests/interchange/test_functions.py",
    "Placeholder": "tests/core/test_sources.py",
    "RestoreV2": "tests/training/test_saver.py",
    "SaveV2": "tests/training/test_saver.py",
    "StatefulPartitionedCall": "tests/interchange/test_functions.py",
    "ShardedFilename": "tests/training/test_saver.py",
    "StridedSliceAssign": "tests/ops/test_indexing.py",
    "PrintV2": "tests/ops/test_printing.py",
    "VariableV2": "tests/core/test_variable.py",
}
ELSEWHERE |= dict.fromkeys((
    "FIFOQueueV2", "FixedLengthRecordReaderV2", "IdentityReaderV2", "MatchingFiles",
    "PaddingFIFOQueueV2", "PriorityQueueV2", "QueueCloseV2", "QueueDequeueManyV2",
    "QueueDequeueUpToV2", "QueueDequeueV2", "QueueEnqueueManyV2", "QueueEnqueueV2",
    "QueueIsClosedV2", "QueueSizeV2", "RandomShuffleQueueV2", "ReadFile",
    "ReaderNumRecordsProducedV2", "ReaderNumWorkUnitsCompletedV2", "ReaderReadUpToV2",
    "ReaderReadV2", "ReaderResetV2", "TFRecordReaderV2", "TextLineReaderV2",
    "WholeFileReaderV2", "WriteFile",
), "tests/recorded/cases/queues.py, tests/data")
ELSEWHERE |= dict.fromkeys((
    "EmptyTensorList", "TensorListConcatV2", "TensorListFromTensor", "TensorListGather",
    "TensorListGetItem", "TensorListLength", "TensorListPopBack", "TensorListPushBack",
    "TensorListReserve", "TensorListResize", "TensorListScatterIntoExistingList",
    "TensorListScatterV2", "TensorListSetItem", "TensorListSplit", "TensorListStack",
    "TensorListElementShape",
), "tests/ops/test_tensor_array.py")
# Graphs that are imported have them; no function builds them.
ELSEWHERE |= {name: "tests/ops/test_resource_variables.py" for name, c in op_types.items()
              if c.__module__ == "pellucid.ops.state.resource_variables"}
ELSEWHERE |= dict.fromkeys((
    "BatchDatasetV2", "CSVDataset", "CacheDataset", "ConcatenateDataset", "DeserializeSparse",
    "FilterDataset", "FixedLengthRecordDatasetV2", "FlatMapDataset", "GeneratorDataset",
    "GroupByWindowDataset", "IgnoreErrorsDataset", "InterleaveDataset",
    "IteratorFromStringHandleV2", "IteratorGetNext", "IteratorToStringHandle", "IteratorV2",
    "MakeIterator",
    "MapAndBatchDataset", "MapDataset", "OneShotIterator", "PaddedBatchDatasetV2",
    "ParallelInterleaveDataset", "ParallelInterleaveDatasetV2", "ParallelMapDataset",
    "PrefetchDataset", "RangeDataset", "ReduceDataset", "RepeatDataset", "SerializeSparse",
    "ShardDataset", "ShuffleAndRepeatDataset", "ShuffleDataset", "SkipDataset",
    "TFRecordDataset", "TakeDataset", "TensorDataset", "TensorSliceDataset", "TextLineDataset",
    "UnbatchDataset", "WindowDataset", "ZipDataset",
), "tests/recorded/cases/datasets.py, tests/data")
ELSEWHERE |= dict.fromkeys((
    "LegacyParallelInterleaveDatasetV2", "ModelDataset", "OptimizeDataset",
    "ParallelInterleaveDatasetV4", "ParallelMapDatasetV2",
), "tests/interchange/test_datasets_in_graphs.py")
# Types whose gradient is never asked for: they have no inputs, or no output.
WITHOUT_INPUTS = {"Const", "Placeholder", "VarHandleOp", "VariableV2"}

NAMES = load_rows()
ROWS = {row.op_type for row in NAMES.values()}


@pytest.mark.parametrize("op_type", sorted(op_types))
def test_each_type_has_a_row(op_type):
    if op_type in ELSEWHERE:
        assert op_type not in ROWS, f"{op_type} has a row, so take it off ELSEWHERE"
    else:
        assert op_type in ROWS, (
            f"{op_type} ({op_types[op_type].__module__}) has no row: add one to "
            f"tests/ops/cases_{op_types[op_type].__module__.rpartition('.')[2]}.py")


@pytest.mark.parametrize("op_type", sorted(op_types))
def test_each_type_has_a_gradient_or_says_that_it_has_none(op_type):
    assert op_type in gradients._gradients or op_type in WITHOUT_INPUTS, (
        f"{op_type}: register a gradient with @RegisterGradient({op_type!r}), or say "
        f"NotDifferentiable({op_type!r}) beside the class")


def test_rows_are_of_registered_types():
    assert set() == ROWS - op_types.keys()


def test_gradients_are_of_registered_types():
    ours = {name for name, function in gradients._gradients.items()
            if (getattr(function, "__module__", "") or "").startswith("pellucid.")}
    assert ours - op_types.keys() == set()


def test_tensorflows_answers_are_recorded_for_each_row():
    recorded = answers.recorded()
    assert recorded.keys() == NAMES.keys(), "remake them: python -m tests.ops.answers"
