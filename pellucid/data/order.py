"""Data sets that give the elements of another in other order, more often, or only some.

Shuffling with a seed gives the very order that TensorFlow 1.15 gives. Read next: batches.py.
"""

import collections
import itertools

from pellucid.core import errors
from pellucid.data.queue_state import RandomWords
from pellucid.data.streams import TYPED, DatasetOp, Failure, dataset_op, require


@dataset_op
class ShuffleDataset(DatasetOp):
    """A buffer of the next elements, of which one is taken at random each time.

    With reshuffle_each_iteration every epoch has seeds of its own, two words of the sequence
    that the given ones start.
    """

    op_type = "ShuffleDataset"
    attrs = {"reshuffle_each_iteration": True, **TYPED}

    def check(self, source, buffer_size, seed, seed2):
        """The buffer must hold something."""
        require(int(buffer_size) > 0, "buffer_size must be greater than zero.")

    def iterate(self, context, source, buffer_size, seed, seed2):
        """One epoch."""
        if self.reshuffle_each_iteration:
            seeds = context.state(lambda: RandomWords(seed, seed2))
            seed, seed2 = next(seeds), next(seeds)
        return shuffled(iter([source.iterate(context)]), int(buffer_size),
                        RandomWords(seed, seed2))


@dataset_op
class ShuffleAndRepeatDataset(DatasetOp):
    """The same, repeated: the buffer is filled across the ends of epochs, which stay in order.

    The random numbers go on from epoch to epoch.
    """

    op_type, attrs = "ShuffleAndRepeatDataset", TYPED

    def check(self, source, buffer_size, seed, seed2, count):
        """The buffer must hold something."""
        require(int(buffer_size) > 0, "buffer_size must be greater than zero.")

    def iterate(self, context, source, buffer_size, seed, seed2, count):
        """All epochs."""
        return shuffled_and_repeated(context, source, buffer_size, seed, seed2, count)


def shuffled_and_repeated(context, source, buffer_size, seed, seed2, count):
    """Generator of the elements of `count` epochs, each in random order."""
    return shuffled((source.iterate(context) for _ in times(count)), int(buffer_size),
                    RandomWords(seed, seed2))


def times(count):
    """Iterator of as many turns; without end for a negative count."""
    return itertools.repeat(None) if int(count) < 0 else itertools.repeat(None, int(count))


def shuffled(epochs, size, words):
    """Generator of the elements of the epochs, each epoch in random order.

    Args:
      epochs: iterator of iterators of elements.
      size: int, of the buffer.
      words: iterator of random integers.

    The buffer is a ring. What it holds of each epoch is a slice of it, [start, end), and an
    element is chosen of the oldest slice: it changes places with the slice's first, and goes.
    """
    ring, slices, held, begin = [], collections.deque([[0, 0]]), 0, 0
    current = next(epochs, None)
    while True:
        while current is not None and held < size:
            element, end = next(current, None), slices[-1][1]
            if element is None:
                current = next(epochs, None) if end > begin else None     # an empty epoch: no more
                slices.append([end, end])
                begin = end
            elif type(element) is Failure:
                yield element
            else:
                if end < size:
                    ring.append(element)
                else:
                    ring[end % size] = element
                slices[-1][1] = end + 1
                held += 1
        if not held:
            return
        while slices[0][0] == slices[0][1]:
            slices.popleft()
        start, end = slices[0]
        chosen, first = (start + next(words) % (end - start)) % size, start % size
        element = ring[chosen]
        ring[chosen] = ring[first]
        ring[first] = None
        slices[0][0] += 1
        held -= 1
        yield element


@dataset_op
class RepeatDataset(DatasetOp):
    """The elements again and again: count times, or for ever if it is negative."""

    op_type, attrs = "RepeatDataset", TYPED

    def iterate(self, context, source, count):
        """One epoch after the other.

        A data set that is shuffled anew each time and then repeated is shuffled and repeated in
        one, as TensorFlow's optimizer of data sets has it.
        """
        if isinstance(source.op, ShuffleDataset) and source.op.reshuffle_each_iteration:
            yield from shuffled_and_repeated(context.child(0), *source.values, count)
            return
        for _ in times(count):
            empty = True
            for element in source.iterate(context):
                empty = False
                yield element
            if empty:
                return


@dataset_op
class TakeDataset(DatasetOp):
    """The first elements; all, if count is negative."""

    op_type, attrs = "TakeDataset", TYPED

    def iterate(self, context, source, count):
        """At most as many."""
        return itertools.islice(source.iterate(context), int(count) if count >= 0 else None)


@dataset_op
class SkipDataset(DatasetOp):
    """All but the first elements; none, if count is negative."""

    op_type, attrs = "SkipDataset", TYPED

    def iterate(self, context, source, count):
        """Those after them."""
        return itertools.islice(source.iterate(context) if count >= 0 else iter(()),
                                max(int(count), 0), None)


@dataset_op
class ShardDataset(DatasetOp):
    """Every num_shards-th element, from `index` on."""

    op_type, attrs = "ShardDataset", TYPED

    def check(self, source, num_shards, index):
        """The index must be one of the shards."""
        require(int(num_shards) > 0, f"Number of shards must be greater than zero (currently "
                f"num_shards = {num_shards}).")
        require(0 <= int(index) < int(num_shards), f"Index must be between 0 and "
                f"{int(num_shards) - 1} (currently index = {index}).")

    def iterate(self, context, source, num_shards, index):
        """This shard's."""
        return itertools.islice(source.iterate(context), int(index), None, int(num_shards))


@dataset_op
class CacheDataset(DatasetOp):
    """The elements of the first epoch, kept in memory for the others."""

    op_type, attrs = "CacheDataset", TYPED

    def iterate(self, context, source, filename):
        """From memory, once an epoch was read to its end."""
        kept = context.state(list)
        if not kept:
            elements = []
            for element in source.iterate(context):
                elements.append(element)
                yield element
            kept.append(elements)
        else:
            yield from kept[0]


@dataset_op
class IgnoreErrorsDataset(DatasetOp):
    """The elements that could be computed."""

    op_type, attrs = "IgnoreErrorsDataset", TYPED

    def iterate(self, context, source):
        """Without the failures."""
        for element in source.iterate(context):
            if type(element) is not Failure:
                yield element
            elif not isinstance(element.error, errors.OpError):
                raise element.error


# -- what TensorFlow adds for speed ---------------------------------------------------------

@dataset_op
class OptimizeDataset(DatasetOp):
    """The elements, as they are: graphs from files have it."""

    op_type, attrs = "OptimizeDataset", {**TYPED, "optimization_configs": ()}

    def iterate(self, context, source, optimizations):
        """Those."""
        return source.iterate(context)


@dataset_op
class ModelDataset(DatasetOp):
    """The same."""

    op_type, attrs = "ModelDataset", {**TYPED, "algorithm": 0, "cpu_budget": 0}

    def iterate(self, context, source):
        """Those."""
        return source.iterate(context)
