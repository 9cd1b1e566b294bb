"""Shaping and moving values: reshape, concat, gather, pad, where and their relatives."""

import numpy as np

from ..harness import case, fed, raised

X = np.arange(6, dtype=np.float32).reshape(2, 3)
CUBE = np.arange(12, dtype=np.float32).reshape(2, 3, 2)


# -------------------------------------------------------------------- shape, size, rank


@case
def shape_of(tf):
    x = tf.placeholder(tf.float32, [None, 3])
    y = tf.placeholder(tf.float32)
    return fed([tf.shape(x), tf.shape(y), tf.shape([[1, 2]]), tf.shape(3.0),
                tf.shape(x, out_type=tf.int64), tf.shape(x, name="named"),
                tf.size(x), tf.size(y), tf.size([[1, 2]]), tf.size(x, out_type=tf.int64),
                tf.rank(x), tf.rank(y), tf.rank([[1, 2]]), tf.rank(3)], {x: X, y: CUBE})


@case
def shape_of_a_known_shape_is_a_constant(tf):
    x = tf.constant(X)
    return [tf.shape(x), tf.size(x), tf.rank(x)]


@case
def shape_n(tf):
    return tf.shape_n([tf.constant([1]), tf.constant([[1, 2]])])


@case
def broadcast_shapes(tf):
    return [tf.broadcast_static_shape(tf.TensorShape([1, 3]), tf.TensorShape([2, 1])),
            tf.broadcast_dynamic_shape(tf.constant([1, 3]), tf.constant([2, 1])),
            raised(lambda: tf.broadcast_static_shape(tf.TensorShape([2]),
                                                     tf.TensorShape([3])))]


@case
def broadcast_to(tf):
    return [tf.broadcast_to([1, 2], [3, 2]), tf.broadcast_to(5.0, [2]),
            raised(lambda: tf.broadcast_to([1, 2], [3]))]


# ------------------------------------------------------------- reshape, squeeze, expand


@case(each=[([3, 2],), ([-1],), ([6, 1],), ([1, -1, 2],), ([2, 3],), ([-1, 3],)])
def reshape(tf, shape):
    x = tf.placeholder(tf.float32, [None, 3])
    return fed([tf.reshape(tf.constant(X), shape), tf.reshape(x, shape)], {x: X})


@case
def reshape_variants(tf):
    x = tf.placeholder(tf.float32, [None, 3])
    n = tf.placeholder(tf.int32, [2])
    m = tf.placeholder(tf.int32)
    return fed([tf.reshape(x, tf.shape(x)), tf.reshape(x, [tf.shape(x)[0], 3]),
                tf.reshape(x, [tf.shape(x)[0] * 3]), tf.reshape(x, n), tf.reshape(x, m),
                tf.reshape([1], []), tf.reshape(3, [1, 1]),
                tf.reshape(x, [-1, 3], name="named"),
                tf.reshape(x, tf.constant([3, 2], tf.int64)), tf.reshape(x, (3, -1)),
                tf.reshape(x, [tf.size(x)]), tf.reshape(x, -1 * tf.ones([1], tf.int32))],
               {x: X, n: [3, 2], m: [6]})


@case
def reshape_of_nothing(tf):
    return [tf.reshape(tf.zeros([0, 3]), [3, 0]), tf.reshape(tf.zeros([0]), [-1, 2]),
            tf.reshape([], [0, 5])]


@case(each=[([4],), ([-1, 4],), ([-1, -1],), ([2, 2],), ([-2, 3],), ([1.5, 4],), ("a",)])
def reshape_that_does_not_fit(tf, shape):
    return tf.reshape(tf.constant(X), shape)


@case
def reshape_that_does_not_fit_when_it_runs(tf):
    x = tf.placeholder(tf.float32, [None])
    return fed(tf.reshape(x, [2, -1]), {x: [1.0, 2.0, 3.0]})


@case(each=[0, 1, 2, -1, -2, -3])
def expand_dims(tf, axis):
    x = tf.placeholder(tf.float32, [None, 3])
    return fed([tf.expand_dims(x, axis), tf.expand_dims(x, dim=axis)], {x: X})


@case
def expand_dims_variants(tf):
    x = tf.placeholder(tf.float32)
    return fed([tf.expand_dims(1, 0), tf.expand_dims(x, 0),
                tf.expand_dims([1], 1, name="named"),
                tf.expand_dims([1, 2], tf.constant(0)),
                raised(lambda: tf.expand_dims([1], 3)),
                raised(lambda: tf.expand_dims([1], -3)),
                raised(lambda: tf.expand_dims([1])),
                raised(lambda: tf.expand_dims([1], axis=0, dim=0))], {x: X})


@case(each=[None, ([0],), ([2],), ([0, 2],), ([-1],), 0, -3])
def squeeze(tf, axis):
    axis = list(axis) if isinstance(axis, list) else axis
    x = tf.placeholder(tf.float32, [1, None, 1])
    return fed([tf.squeeze(tf.zeros([1, 3, 1]), axis), tf.squeeze(x, axis)],
               {x: np.ones((1, 2, 1))})


@case
def squeeze_variants(tf):
    x = tf.placeholder(tf.float32)
    return fed([tf.squeeze(x), tf.squeeze(x, [0]), tf.squeeze([[1]], name="named"),
                tf.squeeze([[1]], squeeze_dims=[0]),
                raised(lambda: tf.squeeze([[1, 2]], [1])),
                raised(lambda: tf.squeeze([1], [4]))], {x: np.ones((1, 2, 1))})


@case
def squeeze_that_does_not_fit_when_it_runs(tf):
    x = tf.placeholder(tf.float32, [None, 2])
    return fed(tf.squeeze(x, [0]), {x: np.ones((3, 2))})


# ---------------------------------------------------------------------------- transpose


@case(each=[None, ([0, 1, 2],), ([2, 0, 1],), ([1, 0, 2],), ([2, 1, 0],)])
def transpose(tf, perm):
    x = tf.placeholder(tf.float32, [None, 3, 2])
    return fed([tf.transpose(tf.constant(CUBE), perm), tf.transpose(x, perm)], {x: CUBE})


@case
def transpose_variants(tf):
    x = tf.placeholder(tf.float32)
    perm = tf.placeholder(tf.int32, [2])
    return fed([tf.transpose(x), tf.transpose(X, [1, 0], name="named"), tf.transpose(3.0),
                tf.transpose(X, perm),
                tf.transpose(tf.constant([[1 + 1j]]), conjugate=True),
                tf.transpose([[1, 2]], tf.constant([1, 0], tf.int64))],
               {x: X, perm: [1, 0]})


@case(each=[([0],), ([0, 0],), ([0, 2],), ([0, 1, 2],), ([-1, 0],)])
def transpose_that_does_not_fit(tf, perm):
    return tf.transpose(tf.constant(X), perm)


# ------------------------------------------------------------------------------- concat


@case(each=[0, 1, -1, -2])
def concat(tf, axis):
    x = tf.placeholder(tf.float32, [None, 3])
    return fed([tf.concat([X, X], axis), tf.concat([x, X, x], axis)], {x: X})


@case
def concat_variants(tf):
    x = tf.placeholder(tf.float32)
    axis = tf.placeholder(tf.int32, [])
    return fed([tf.concat([x, X], 0), tf.concat([X], 0), tf.concat(X, 0),
                tf.concat([[1], [2, 3]], 0, name="named"), tf.concat([X, X], axis),
                tf.concat(values=[X, np.zeros((0, 3), np.float32)], axis=0),
                tf.concat([["a"], ["b"]], 0), tf.concat([X, X], tf.constant(1))],
               {x: X, axis: 1})


@case
def concat_refuses(tf):
    return [raised(lambda: tf.concat([X, X[:1]], 1)), raised(lambda: tf.concat([X, X], 2)),
            raised(lambda: tf.concat([X, [1.0]], 0)), raised(lambda: tf.concat([], 0)),
            raised(lambda: tf.concat([tf.constant([1]), tf.constant([1.0])], 0)),
            raised(lambda: tf.concat([1, 2], 0)), raised(lambda: tf.concat(0, [X, X]))]


@case
def concat_that_does_not_fit_when_it_runs(tf):
    x = tf.placeholder(tf.float32, [None, None])
    return fed(tf.concat([x, X], 1), {x: np.ones((3, 1))})


# ---------------------------------------------------------------- stack, unstack, split


@case(each=[0, 1, 2, -1, -3])
def stack(tf, axis):
    x = tf.placeholder(tf.float32, [None, 3])
    c = tf.constant(X)
    return fed([tf.stack([c, X + 1], axis), tf.stack([x, X], axis)], {x: X})


@case
def stack_variants(tf):
    x = tf.placeholder(tf.float32, [])
    return fed([tf.stack([1, 2]), tf.stack([x, 2.0]), tf.stack([x], name="named"),
                tf.stack([[1, 2], [3, 4]], axis=1), tf.stack(X), tf.parallel_stack([X, X]),
                tf.stack(values=[x, x])], {x: 1.0})


@case
def stack_refuses(tf):
    return [raised(lambda: tf.stack([X, X[:1]])), raised(lambda: tf.stack([X, X], 3)),
            raised(lambda: tf.stack([X, X], -4)), raised(lambda: tf.stack([])),
            raised(lambda: tf.stack([tf.constant(1), tf.constant(1.0)]))]


@case(each=[0, 1, -1])
def unstack(tf, axis):
    return tf.unstack(tf.constant(CUBE), axis=axis)


@case
def unstack_variants(tf):
    x = tf.placeholder(tf.float32, [None, 2])
    return fed([tf.unstack(x, 2), tf.unstack(x, axis=1), tf.unstack([1, 2], name="named"),
                tf.unstack(tf.zeros([0, 2]))], {x: np.ones((2, 2))})


@case
def unstack_refuses(tf):
    x = tf.placeholder(tf.float32, [None, 2])
    return [raised(lambda: tf.unstack(x)), raised(lambda: tf.unstack(X, 3)),
            raised(lambda: tf.unstack(X, axis=2)), raised(lambda: tf.unstack(3.0)),
            raised(lambda: tf.unstack(tf.placeholder(tf.float32)))]


@case
def unstack_of_another_length_when_it_runs(tf):
    x = tf.placeholder(tf.float32, [None])
    return fed(tf.unstack(x, 2), {x: [1.0, 2.0, 3.0]})


@case(each=[(3, 1), (1, 0), (2, 0), (3, -1)])
def split(tf, count, axis):
    x = tf.placeholder(tf.float32, [None, 3])
    return fed([tf.split(tf.constant(X), count, axis), tf.split(x, count, axis=axis)],
               {x: X})


@case(each=[([1, 2], 1), ([2, 0], 0), ([1, -1], 1), ([3], 1)])
def split_by_sizes(tf, sizes, axis):
    x = tf.placeholder(tf.float32, [None, 3])
    return fed([tf.split(tf.constant(X), sizes, axis), tf.split(x, sizes, axis)], {x: X})


@case
def split_variants(tf):
    sizes = tf.placeholder(tf.int32, [2])
    x = tf.placeholder(tf.float32)
    return fed([tf.split([1, 2, 3, 4], 2), tf.split([1, 2], 2, name="named"),
                tf.split(X, sizes, 1), tf.split(x, 2, 0), tf.split(value=X, axis=1,
                                                                   num_or_size_splits=3)],
               {sizes: [1, 2], x: X})


@case
def split_refuses(tf):
    return [raised(lambda: tf.split(X, 2, 1)), raised(lambda: tf.split(X, [1, 1], 1)),
            raised(lambda: tf.split(X, 2, 2)), raised(lambda: tf.split(X, [1, 3], 1))]


# ---------------------------------------------------------------------------- tile, pad


@case(each=[([1, 1],), ([2, 1],), ([1, 3],), ([2, 2],), ([0, 1],)])
def tile(tf, multiples):
    x = tf.placeholder(tf.float32, [None, 3])
    return fed([tf.tile(tf.constant(X), multiples), tf.tile(x, multiples)], {x: X})


@case
def tile_variants(tf):
    n = tf.placeholder(tf.int32, [])
    x = tf.placeholder(tf.float32)
    return fed([tf.tile([1, 2], [n]), tf.tile(x, [1, n]),
                tf.tile([[1]], [2, 2], name="named"),
                tf.tile(3, []), raised(lambda: tf.tile([1], [1, 1])),
                raised(lambda: tf.tile([1], 2))], {n: 2, x: X})


@case(each=["CONSTANT", "REFLECT", "SYMMETRIC", "reflect"])
def pad(tf, mode):
    x = tf.placeholder(tf.float32, [None, 3])
    paddings = [[1, 1], [0, 2]]
    return fed([tf.pad(tf.constant(X), paddings, mode), tf.pad(x, paddings, mode)], {x: X})


@case
def pad_variants(tf):
    x = tf.placeholder(tf.float32)
    n = tf.placeholder(tf.int32, [1, 2])
    return fed([tf.pad(x, [[1, 0], [0, 1]]), tf.pad([1, 2], n), tf.pad([1], [[0, 0]]),
                tf.pad([1, 2], [[1, 1]], constant_values=9),
                tf.pad([1.0], [[1, 1]], name="named")], {x: X, n: [[1, 2]]})


@case
def pad_refuses(tf):
    return [raised(lambda: tf.pad([1], [[1, 1]], "WRAP")),
            raised(lambda: tf.pad([1], [[1, 1], [1, 1]])),
            raised(lambda: tf.pad([1], [1, 1])), raised(lambda: tf.pad([1], [[-1, 1]])),
            raised(lambda: tf.pad([1, 2], [[3, 0]], "REFLECT"))]


@case(each=[([0],), ([1],), ([0, 1],), ([-1],)])
def reverse(tf, axis):
    return [tf.reverse(tf.constant(X), axis), tf.reverse_v2(tf.constant(X), axis)]


@case
def reverse_refuses(tf):
    return [raised(lambda: tf.reverse(X, [2])), raised(lambda: tf.reverse(X, [0, 0]))]


@case
def reverse_sequence(tf):
    return [tf.reverse_sequence(X, [2, 3], seq_axis=1, batch_axis=0),
            tf.reverse_sequence(X, [1, 2], seq_dim=1, batch_dim=0, name="named")]


@case
def roll(tf):
    return [tf.roll([1, 2, 3], 1, 0), tf.roll(X, [1, -1], [0, 1])]


@case
def meshgrid(tf):
    return [tf.meshgrid([1, 2, 3], [4, 5]), tf.meshgrid([1, 2, 3], [4, 5], indexing="ij")]


@case
def sequence_mask(tf):
    n = tf.placeholder(tf.int32, [None])
    return fed([tf.sequence_mask([1, 3, 2], 4), tf.sequence_mask(n),
                tf.sequence_mask([1, 2], dtype=tf.float32),
                tf.sequence_mask([[1], [2]], 3, name="named")], {n: [1, 2]})


# ---------------------------------------------------------------------- gather, scatter


@case(each=[(0,), ([1, 0],), ([[0, 1], [1, 1]],), ([],), (1,)])
def gather(tf, indices):
    return tf.gather(tf.constant(X), tf.constant(indices, tf.int32))


@case(each=[1, -1, 2])
def gather_along(tf, axis):
    x = tf.placeholder(tf.float32, [None, 3, 2])
    return fed([tf.gather(tf.constant(CUBE), [1, 0], axis=axis),
                tf.gather(x, [[0], [1]], axis=axis)], {x: CUBE})


@case
def gather_variants(tf):
    x = tf.placeholder(tf.float32, [None, 3])
    i = tf.placeholder(tf.int32, [None])
    return fed([tf.gather(x, i), tf.gather(x, i, name="named"),
                tf.gather(X, tf.constant([1], tf.int64)), tf.gather(["a", "b"], [1]),
                tf.gather(tf.Variable(X, name="v"), [0]), tf.gather(params=X, indices=0),
                tf.gather(CUBE, [[1, 0], [2, 1]], batch_dims=1, axis=1)], {x: X, i: [1, 0]})


@case
def gather_refuses(tf):
    return [raised(lambda: tf.gather(X, [1.5])), raised(lambda: tf.gather(3.0, [0])),
            raised(lambda: tf.gather(X, [0], axis=2))]


@case(each=[2, -1])
def gather_out_of_bounds(tf, index):
    i = tf.placeholder(tf.int32, [])
    return fed(tf.gather(X, i), {i: index})


@case(each=[([[0, 1], [1, 2]],), ([[0], [1]],), ([[[0, 0]], [[1, 1]]],), ([1, 1],)])
def gather_nd(tf, indices):
    x = tf.placeholder(tf.float32, [None, 3])
    return fed([tf.gather_nd(tf.constant(X), indices), tf.gather_nd(x, indices)], {x: X})


@case
def gather_nd_variants(tf):
    return [tf.gather_nd(CUBE, [[0, 1]], name="named"), tf.gather_nd(CUBE, [[0, 1, 0]]),
            raised(lambda: tf.gather_nd(X, [[0, 0, 0]]))]


@case
def gather_nd_out_of_bounds(tf):
    i = tf.placeholder(tf.int32, [1, 2])
    return fed(tf.gather_nd(X, i), {i: [[0, 3]]})


@case(names=False, why="a composition in compat.v1")
def gather_by_batches(tf):
    return [tf.batch_gather(X, [[0, 2], [1, 1]]),
            tf.gather_nd(CUBE, [[1], [0]], batch_dims=1)]


@case
def scatter_nd(tf):
    return [tf.scatter_nd([[1], [3]], [5.0, 6.0], [4]),
            tf.scatter_nd([[1], [1]], [5, 6], [3]),
            tf.scatter_nd([[0, 1], [1, 0]], [1.0, 2.0], [2, 2], name="named"),
            tf.scatter_nd([[1]], [[1.0, 2.0]], [2, 2]),
            tf.scatter_nd(tf.constant([[0]], tf.int64), [1.0], tf.constant([2], tf.int64))]


@case
def scatter_nd_refuses(tf):
    return [raised(lambda: tf.scatter_nd([[0]], [[1.0]], [2])),
            raised(lambda: tf.scatter_nd([[0], [1]], [1.0], [2]))]


@case
def scatter_nd_out_of_bounds(tf):
    i = tf.placeholder(tf.int32, [1, 1])
    return fed(tf.scatter_nd(i, [1.0], [2]), {i: [[2]]})


@case
def tensor_scatter(tf):
    return [tf.tensor_scatter_update(X, [[0]], [[7.0, 8.0, 9.0]]),
            tf.tensor_scatter_add(X, [[0, 1], [0, 1]], [1.0, 1.0]),
            tf.tensor_scatter_sub(X, [[1, 1]], [1.0])]


@case
def dynamic_partition_and_stitch(tf):
    parts = tf.dynamic_partition([10.0, 20.0, 30.0], [0, 1, 0], 2)
    return [parts, tf.dynamic_stitch([[0, 2], [1]], [[1.0, 3.0], [2.0]])]


# ------------------------------------------------------------------ where, boolean_mask


@case
def where_selects(tf):
    mask = tf.placeholder(tf.bool, [None, 3])
    return fed([tf.where(X > 2, X, -X), tf.where(mask, X, tf.zeros_like(X)),
                tf.where([True, False], [1, 2], [3, 4], name="named"),
                tf.where(True, 1.0, 2.0), tf.where(tf.constant(False), X, -X)],
               {mask: X > 1})


@case
def where_by_rows(tf):
    return tf.where([True, False], X, -X)


@case
def where_of_a_condition_alone(tf):
    mask = tf.placeholder(tf.bool, [None, 3])
    return fed([tf.where([True, False, True]), tf.where(X > 2), tf.where(mask),
                tf.where([False]), tf.where([1.0, 0.0, 2.0]),
                tf.where([True], name="named")],
               {mask: X > 3})


@case
def where_refuses(tf):
    return [raised(lambda: tf.where(X > 2, X, 0.0)), raised(lambda: tf.where(X > 2, X)),
            raised(lambda: tf.where([True, False], [1, 2], [3])),
            raised(lambda: tf.where([True], X, X)),
            raised(lambda: tf.where(X > 2, X, tf.constant(X, tf.float64)))]


@case
def where_v2_broadcasts(tf):
    return [tf.where_v2(X > 2, X, 0.0), tf.where_v2([[True], [False]], 1, 2)]


@case
def boolean_mask(tf):
    x = tf.placeholder(tf.float32, [None, 3])
    mask = tf.placeholder(tf.bool, [None])
    return fed([tf.boolean_mask(X, [True, False]), tf.boolean_mask(X, X > 2),
                tf.boolean_mask(x, mask), tf.boolean_mask(X, [True, False, True], axis=1),
                tf.boolean_mask([1, 2, 3], [False, True, True], name="named")],
               {x: X, mask: [False, True]})


@case
def boolean_mask_refuses(tf):
    return [raised(lambda: tf.boolean_mask(X, [True])),
            raised(lambda: tf.boolean_mask(X, True)),
            raised(lambda: tf.boolean_mask([1], tf.placeholder(tf.bool)))]


# ---------------------------------------------------------------------- one_hot, unique


@case
def one_hot(tf):
    i = tf.placeholder(tf.int32, [None])
    return fed([tf.one_hot([0, 2, -1, 5], 3), tf.one_hot(i, 2), tf.one_hot(1, 3),
                tf.one_hot([0, 1], 2, on_value=5, off_value=-1),
                tf.one_hot([0, 1], 2, 3.0, 4.0), tf.one_hot([0, 1], 3, axis=0),
                tf.one_hot([[0], [1]], 2, axis=1), tf.one_hot([0], 2, dtype=tf.int32),
                tf.one_hot([0], 2, True, False), tf.one_hot([0], 2, name="named"),
                tf.one_hot([0, 1], tf.constant(2))],
               {i: [1, 0]})


@case
def one_hot_refuses(tf):
    return [raised(lambda: tf.one_hot([0], -1)), raised(lambda: tf.one_hot([0], 2, 1, 0.0)),
            raised(lambda: tf.one_hot([0.5], 2)),
            raised(lambda: tf.one_hot([0], 2, axis=3)),
            raised(lambda: tf.one_hot([0], 2, 1, 0, dtype=tf.float32)),
            raised(lambda: tf.one_hot([1], 2, dtype=tf.bool))]


@case
def unique(tf):
    values, indices = tf.unique([4, 1, 4, 2, 1])
    _, _, counts = tf.unique_with_counts(["a", "b", "a"])
    return [values, indices, counts]


@case
def setdiff1d(tf):
    return list(tf.setdiff1d([1, 2, 3, 4], [2, 4]))


@case
def invert_permutation(tf):
    return tf.invert_permutation([2, 0, 1])


@case
def sort(tf):
    return [tf.sort([3, 1, 2]), tf.sort(X, direction="DESCENDING"), tf.argsort([3, 1, 2]),
            tf.argsort(X, axis=0, direction="DESCENDING"), tf.sort(X, axis=0)]


@case
def searchsorted(tf):
    return [tf.searchsorted([1, 3, 5], [0, 3, 6]),
            tf.searchsorted([1, 3, 5], [0, 3, 6], side="right")]


@case
def space_and_depth(tf):
    x = tf.constant(np.arange(16, dtype=np.float32).reshape(1, 2, 2, 4))
    return [tf.space_to_depth(x, 2), tf.depth_to_space(x, 2)]


@case(names=False, why="1.15 reshapes before it opens the name scope")
def repeat(tf):
    return [tf.repeat([1, 2], 2), tf.repeat([1, 2], [2, 3]), tf.repeat(X, 2, axis=1)]


@case
def required_space_and_batches(tf):
    x = tf.constant(np.arange(16, dtype=np.float32).reshape(1, 4, 4, 1))
    batches = tf.space_to_batch_nd(x, [2, 2], [[0, 0], [0, 0]])
    return [batches, tf.batch_to_space_nd(batches, [2, 2], [[0, 0], [0, 0]])]


# -------------------------------------------------------------------- static evaluation


@case
def static_shape_of_computed_sizes(tf):
    x = tf.placeholder(tf.float32, [None, 3])
    n = tf.shape(x)[0]
    return fed([tf.zeros([n, 3]), tf.ones([tf.shape(x)[1]]),
                tf.fill([n, tf.shape(x)[1]], 2),
                tf.reshape(x, tf.concat([[n], [3]], 0)), tf.tile([[1]], [n, 2]),
                tf.reshape(x, tf.stack([n, 3])), tf.zeros(tf.shape(x)[1:]),
                tf.broadcast_to([1.0, 2.0, 3.0], tf.shape(x)), tf.range(tf.shape(x)[1])], {x: X})


@case
def constant_value(tf):
    x = tf.placeholder(tf.float32, [2, 3])
    value = tf.get_static_value
    return [value(tf.constant([1, 2])), value(x), value(tf.shape(x)), value(tf.rank(x)),
            value(tf.size(x)), value(tf.stack([tf.constant(1), 2])),
            value(tf.constant(1) + 2),
            value(tf.shape(x)[0]), value(tf.range(3)), value(tf.fill([2], 1)),
            value(tf.cast([1.5], tf.int32)), value(tf.concat([[1], [2]], 0))]
