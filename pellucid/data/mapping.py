"""Data sets made of others by functions: map, filter, flat_map, interleave, reduce.

The inputs of such a node are the data set before it, what its function uses from outside, and
the numbers that are arguments of the method. Read next: prefetching.py.
"""

import collections
import concurrent.futures
import itertools
import weakref

import numpy as np

from pellucid.core import dtypes, shapes
from pellucid.core.cell import Cell
from pellucid.core.gradients import NotDifferentiable
from pellucid.core.operation import Operation
from pellucid.core.shapes import Spec
from pellucid.data.batches import attempt, batch_of, chunks
from pellucid.data.functions import CallsFunctions, called, compiled, processors
from pellucid.data.prefetching import ahead
from pellucid.data.streams import (
    TYPED,
    Context,
    DatasetOp,
    Failure,
    checked,
    dataset_op,
    element_of,
    require,
)

_FUNCTION = {"f": None, **TYPED}


class FunctionDatasetOp(CallsFunctions, DatasetOp):
    """Base of those that call a function with each element."""

    functions, ends = ("f",), 0

    @classmethod
    def called_with(cls, attrs, inputs):
        """{function: what it is called with}, see CallsFunctions."""
        used = inputs[1:len(inputs) - cls.ends]
        return {cls.functions[0]: [*element_of(inputs[0]), *used]}


@dataset_op
class MapDataset(FunctionDatasetOp):
    """The function of each element."""

    op_type, attrs = "MapDataset", {**_FUNCTION, "preserve_cardinality": False}

    def iterate(self, context, source, *captured):
        """One after the other."""
        function = compiled(context, self.f)
        return (called(function, element, captured) for element in source.iterate(context))


@dataset_op
class ParallelMapDataset(FunctionDatasetOp):
    """The same, of several elements at a time; the order stays."""

    op_type, attrs = "ParallelMapDataset", {**_FUNCTION, "preserve_cardinality": False}
    ends = 1

    def check(self, source, *rest):
        """At least one at a time, or -1."""
        require(int(rest[-1]) > 0 or int(rest[-1]) == -1,
                "num_parallel_calls must be greater than zero.")

    def iterate(self, context, source, *rest):
        """In the order of the elements."""
        *captured, num_parallel_calls = rest
        return in_parallel(compiled(context, self.f), source.iterate(context), captured,
                           int(num_parallel_calls))


@dataset_op
class ParallelMapDatasetV2(ParallelMapDataset):
    """The same, as TensorFlow 2 writes it."""

    op_type = "ParallelMapDatasetV2"


def in_parallel(function, elements, captured, count):
    """Generator of function(*element, *captured) for each element, `count` at a time."""
    count = processors() if count < 0 else count
    pool = concurrent.futures.ThreadPoolExecutor(count, thread_name_prefix="pellucid-map")
    pending = collections.deque()
    try:
        for element in elements:
            try:
                pending.append(pool.submit(called, function, element, captured))
            except RuntimeError:                             # there are no threads here
                while pending:
                    yield pending.popleft().result()
                yield called(function, element, captured)
                continue
            if len(pending) > count:
                yield pending.popleft().result()
        while pending:
            yield pending.popleft().result()
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


@dataset_op
class MapAndBatchDataset(FunctionDatasetOp):
    """Batches of the function of each element, several of which are computed at a time."""

    op_type, attrs = "MapAndBatchDataset", {**_FUNCTION, "preserve_cardinality": False}
    ends = 3

    def check(self, source, *rest):
        """A batch must hold something."""
        require(int(rest[-3]) > 0, "Batch size must be greater than zero.")

    def iterate(self, context, source, *rest):
        """One batch after the other."""
        *captured, batch_size, num_parallel_calls, drop_remainder = rest
        mapped = in_parallel(compiled(context, self.f), source.iterate(context), captured,
                             int(num_parallel_calls))
        for rows in chunks(mapped, int(batch_size), bool(drop_remainder)):
            yield rows if type(rows) is Failure else attempt(batch_of, rows, self.output_types)


@dataset_op
class FilterDataset(FunctionDatasetOp):
    """The elements for which the function is true."""

    op_type, attrs, functions = "FilterDataset", {"predicate": None, **TYPED}, ("predicate",)

    def iterate(self, context, source, *captured):
        """Those."""
        predicate = compiled(context, self.predicate)
        for element in source.iterate(context):
            result = called(predicate, element, captured)
            if type(result) is Failure:
                yield result
            elif result[0]:
                yield element


def opened(context, function, source, captured):
    """Generator of the iterators of the data sets that a function makes of each element."""
    for i, element in enumerate(source.iterate(context)):
        result = called(function, element, captured)
        yield iter([result]) if type(result) is Failure else result[0].iterate(context, (i,))


@dataset_op
class FlatMapDataset(FunctionDatasetOp):
    """The elements of the data sets that the function makes, one data set after the other."""

    op_type, attrs = "FlatMapDataset", _FUNCTION

    def iterate(self, context, source, *captured):
        """All of each."""
        return itertools.chain.from_iterable(
            opened(context, compiled(context, self.f), source, captured))


class _Interleaving(FunctionDatasetOp):
    """Base of those where data sets take turns; how many, and for how long, are the first two of
    the inputs at the end. `automatic`: -1 stands for as many as there are processors."""

    automatic = False

    def check(self, source, *rest):
        """Both must be positive."""
        cycle_length, block_length = self.turns(rest)
        require(cycle_length > 0, "cycle_length must be greater than zero.")
        require(block_length > 0, "block_length must be greater than zero.")

    def turns(self, rest):
        """(cycle_length, block_length), of the values of the inputs after the first."""
        cycle_length, block_length = map(int, rest[-self.ends:][:2])
        if self.automatic and cycle_length == -1:
            cycle_length = processors()
        return cycle_length, block_length


@dataset_op
class InterleaveDataset(_Interleaving):
    """The elements of the data sets that the function makes, cycle_length of them by turns."""

    op_type, attrs, ends, automatic = "InterleaveDataset", _FUNCTION, 2, True

    def iterate(self, context, source, *rest):
        """block_length of each before the next's turn."""
        streams = opened(context, compiled(context, self.f), source, rest[:-self.ends])
        return by_turns(streams, *self.turns(rest))


@dataset_op
class ParallelInterleaveDatasetV2(_Interleaving):
    """The same; threads read ahead."""

    op_type, attrs, ends = "ParallelInterleaveDatasetV2", {**_FUNCTION, "sloppy": False}, 3
    automatic = True

    def iterate(self, context, source, *rest):
        """In the same order."""
        cycle_length, block_length = self.turns(rest)
        streams = opened(context, compiled(context, self.f), source, rest[:-self.ends])
        threaded = (ahead(stream, block_length, context) for stream in streams)
        return by_turns(threaded, cycle_length, block_length)


@dataset_op
class ParallelInterleaveDatasetV4(ParallelInterleaveDatasetV2):
    """The same, as TensorFlow 2 writes it: how far to read ahead is among the inputs."""

    op_type, ends = "ParallelInterleaveDatasetV4", 5


def by_turns(streams, cycle, block):
    """Generator: `block` elements of each of the first `cycle` streams in turn.

    When a stream ends, the next one takes its place, when its turn comes.
    """
    current, i, given, opened_now, more = [None] * cycle, 0, 0, 0, True
    while more or opened_now:
        if current[i] is None and more:
            current[i] = next(streams, None)
            more = current[i] is not None
            opened_now += more
            continue
        element = None if current[i] is None else next(current[i], None)
        if element is not None:
            yield element
            given += 1
        elif current[i] is not None:
            current[i] = None
            opened_now -= 1
        if element is None or given == block:
            i, given = (i + 1) % cycle, 0


@dataset_op
class ParallelInterleaveDataset(_Interleaving):
    """The elements of the data sets that the function makes, as tf.contrib.data interleaves them.

    Threads read ahead. `sloppy` would allow another order, of what is there first; there is no
    need to make use of it.
    """

    op_type, attrs, ends = "ParallelInterleaveDataset", _FUNCTION, 5

    def iterate(self, context, source, *rest):
        """block_length of each before the next's turn."""
        buffer_output, prefetch_input = rest[-2:]
        streams = opened(context, compiled(context, self.f), source, rest[:-self.ends])
        threaded = (ahead(stream, int(buffer_output), context) for stream in streams)
        return by_slots(threaded, *self.turns(rest), int(prefetch_input))


def by_slots(streams, cycle, block, staged):
    """The same, where one of the `staged` next streams takes the place at once, and its turn
    comes after the others'."""
    slots = list(itertools.islice(streams, cycle))
    waiting = collections.deque(itertools.islice(streams, staged))
    at, given, going = 0, 0, True
    while going:
        going = False
        for i in [(at + k) % len(slots) for k in range(len(slots))]:
            element = None if slots[i] is None else next(slots[i], None)
            if element is not None:
                at, given, going = i, given + 1, True
                if given == block:
                    at, given = (i + 1) % len(slots), 0
                yield element
                break
            if slots[i] is None:
                continue
            slots[i] = None
            waiting.extend(itertools.islice(streams, 1))
            if waiting:
                slots[i] = waiting.popleft()
                at, given, going = (i + 1) % len(slots), 0, True
                break


@dataset_op
class LegacyParallelInterleaveDatasetV2(ParallelInterleaveDataset):
    """The same, as TensorFlow 2 writes it: whether it is sloppy is no input."""

    op_type, ends = "LegacyParallelInterleaveDatasetV2", 4


@dataset_op
class GroupByWindowDataset(CallsFunctions, DatasetOp):
    """Elements of equal keys, window by window, each made a data set of its own.

    key_func: from an element to an int64; window_size_func: from a key to the size of its
    windows; reduce_func: from a key and the data set of a window to a data set. What each uses
    from outside is of the types in the attribute T..._other_arguments.
    """

    op_type, functions = "GroupByWindowDataset", ("key_func", "reduce_func", "window_size_func")
    attrs = {**dict.fromkeys(functions), **{f"T{f}_other_arguments": () for f in functions},
             **TYPED}

    @classmethod
    def called_with(cls, attrs, inputs):
        """{function: what it is called with}, see CallsFunctions."""
        first = {"key_func": element_of(inputs[0]),
                 "reduce_func": [Spec(dtypes.int64, ()), Spec(dtypes.variant, ())],
                 "window_size_func": [Spec(dtypes.int64, ())]}
        used = inputs[1:]
        for f in cls.functions:
            n = len(attrs[f"T{f}_other_arguments"])
            first[f], used = [*first[f], *used[:n]], used[n:]
        return first

    def iterate(self, context, source, *captured):
        """The windows as they are full, then what is left, by key."""
        a = len(self.Tkey_func_other_arguments)
        b = a + len(self.Treduce_func_other_arguments)
        key_of = compiled(context, self.key_func)
        size_of = compiled(context, self.window_size_func)
        reduce = compiled(context, self.reduce_func)
        windows, numbers = {}, itertools.count()

        def reduced(key, rows):
            stream = reduce(key, _Rows(rows), *captured[a:b])[0]
            return stream.iterate(context, (next(numbers),))

        for element in checked(source.iterate(context)):
            key, = key_of(*element, *captured[:a])
            rows = windows.setdefault(int(key), [])
            rows.append(element)
            if len(rows) == int(size_of(key, *captured[b:])[0]):
                yield from reduced(key, windows.pop(int(key)))
        for key in sorted(windows):
            yield from reduced(np.int64(key), windows[key])


class _Rows:
    """A data set of elements that are there."""

    op, values = None, ()

    def __init__(self, rows):
        self._rows = rows

    def iterate(self, context, key=0):
        """The elements."""
        return iter(self._rows)


# -- all elements at once ------------------------------------------------------------------


class ReduceDataset(CallsFunctions, Operation):
    """The state after f(state, element) of all elements.

    Inputs: the data set, the first state, what f uses from outside.
    """

    op_type, attrs = "ReduceDataset", {**_FUNCTION, "Tstate": (), "Targuments": ()}
    functions, effect, stateful = ("f",), True, True

    @classmethod
    def called_with(cls, attrs, inputs):
        """{function: what it is called with}, see CallsFunctions."""
        n = len(attrs["Tstate"])
        state = [Spec(dtype, shape) for dtype, shape in zip(
            attrs["output_types"], attrs["output_shapes"], strict=True)]
        return {"f": [*state, *element_of(inputs[0]), *inputs[1 + n:]]}

    def infer(self, *inputs):
        return tuple([Spec(dtype, shape) for dtype, shape in zip(
            self.output_types, self.output_shapes, strict=True)])

    def new_cell(self, session):
        """The session, which the function runs in."""
        return Cell(lambda: weakref.ref(session), self.name)

    def compute(self, cell, source, *rest):
        context = Context(cell.value())
        function = compiled(context, self.f)
        n = len(self.Tstate)
        state, captured = rest[:n], rest[n:]
        for element in checked(source.iterate(context)):
            state = function(*state, *element, *captured)
        return tuple(state) if len(state) > 1 else state[0]


NotDifferentiable("ReduceDataset")


def loosest(a, b):
    """The shape that arrays of either shape have."""
    if a is None or b is None or len(a) != len(b):
        return None
    return tuple([p if p == q else None for p, q in zip(a, b, strict=True)])


def check_predicate(structure, what):
    """Raises ValueError unless a function returns a scalar bool."""
    leaf = structure
    if getattr(leaf, "dtype", None) is not dtypes.bool_ or not shapes.compatible(leaf.shape, ()):
        raise ValueError(f"`{what}` return type must be convertible to a scalar boolean tensor. "
                         f"Was {structure}.")


def check_dataset(result):
    """Raises TypeError unless a function returned a data set."""
    if not hasattr(result, "_variant_tensor"):
        raise TypeError(f"`map_func` must return a `Dataset` object. Got {type(result)}")
    return result
