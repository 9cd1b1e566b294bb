"""Indexing, slicing and strided slices."""

import numpy as np

from ..harness import case, fed

ARRAY = np.arange(24, dtype=np.float32).reshape(2, 3, 4)

# Written as a reader would write it between the brackets.
INDICES = [
    "0", "-1", "1, 2", "1, 2, 3", "-1, -1, -1", ":", "0:1", "1:", ":-1", "::2", "::-1",
    "-1::-1", ":, 1", ":, :, 1", "..., 1", "..., 1:3", "1, ...", "...", "0, ..., 0",
    "None", "None, 0", ":, None", "..., None", "0, None, 1", "None, ..., None", "..., ::2",
    ":, ::-1, 1:3", ":, 5:", "2:1", ":, 1:1", ":, -5:2", ":, :100", "1:0:-1", ":, 2:0:-1",
    ":, 2::-2", "0:2, 1, 1:4:2", "..., None, :", ":, 0:1, 0",
]


def _index(text):
    return eval(f"np.s_[{text}]", {"np": np})


@case(each=INDICES)
def index(tf, text):
    return tf.constant(ARRAY)[_index(text)]


@case(each=INDICES)
def index_of_a_partly_known_shape(tf, text):
    x = tf.placeholder(tf.float32, [None, 3, None])
    return fed(x[_index(text)], {x: ARRAY})


@case(each=["0", ":", "1:", "..., 0", "None", "0, 1", "::-1", "..., None"])
def index_of_an_unknown_rank(tf, text):
    x = tf.placeholder(tf.float32)
    return fed(x[_index(text)], {x: ARRAY})


@case(each=["2", "-3", "0, 3", "0, 0, 0, 0", "..., 4", ":, :, :, 0", "..., ..., 0", "1.5",
            "[0, 1]", "'a'", "1.0:2", "::0"])
def index_that_is_wrong(tf, text):
    return tf.constant(ARRAY)[_index(text)]


@case
def index_by_numpy_integers(tf):
    x = tf.constant(ARRAY)
    return [x[np.int64(1)], x[np.int32(0), np.int64(1):]]


@case
def index_by_tensors(tf):
    x = tf.constant(ARRAY)
    i = tf.placeholder(tf.int32, [])
    return fed([x[i], x[0, i], x[:i], x[i:, 0], x[..., i], x[:, i:i + 2]], {i: 1})


@case
def index_by_long_tensors(tf):
    i = tf.constant(1, tf.int64)
    x = tf.constant(ARRAY)
    return [x[i], x[:, i]]


@case
def index_by_constant_tensors_gives_static_shapes(tf):
    x = tf.constant(ARRAY)
    return [x[tf.constant(1)], x[:tf.constant(1)], x[tf.constant(0):2]]


@case
def index_out_of_bounds_when_it_runs(tf):
    i = tf.placeholder(tf.int32, [])
    return fed(tf.constant(ARRAY)[i], {i: 5})


@case
def index_by_dimensions(tf):
    x = tf.constant(ARRAY)
    return x[:x.shape[0], : x.shape[1] - 1]


@case
def index_by_a_boolean_mask(tf):
    x = tf.constant([1.0, 2.0])
    return x[x > 1]


@case
def index_a_variable(tf):
    v = tf.Variable(ARRAY, name="v")
    return [v[0], v[..., 1]]


@case
def index_a_shape(tf):
    x = tf.placeholder(tf.float32, [None, 3])
    return fed([tf.shape(x)[0], tf.shape(x)[1], tf.shape(x)[-1], tf.shape(x)[:1]],
               {x: np.zeros((5, 3))})


@case
def index_strings(tf):
    return tf.constant(["a", "b", "c"])[1:]


@case
def index_in_a_scope(tf):
    with tf.name_scope("s"):
        x = tf.constant([1.0, 2.0])
        return [x[0], x[1]]


# ----------------------------------------------------------------- slice, strided_slice


@case(each=[([0, 0, 0], [1, 1, 1]), ([1, 0, 2], [1, 3, 2]), ([0, 1, 0], [-1, -1, -1]),
            ([0, 0, 0], [2, 0, 4])])
def slice_of(tf, begin, size):
    return tf.slice(tf.constant(ARRAY), begin, size)


@case
def slice_with_sizes_known_when_it_runs(tf):
    x = tf.placeholder(tf.float32, [None, 3, 4])
    n = tf.placeholder(tf.int32, [])
    return fed([tf.slice(x, [0, 1, 0], [n, 2, -1]), tf.slice(x, [n, 0, 0], [-1, 1, 1]),
                tf.slice(x, tf.constant([0, 0, 0]), [1, -1, 4], name="named")],
               {x: ARRAY, n: 1})


@case(each=[([0, 0, 0], [3, 1, 1]), ([0, 0], [1, 1]), ([2, 0, 0], [1, 1, 1]),
            ([-1, 0, 0], [1, 1, 1]), ([0, 0, 0], [-2, 1, 1])])
def slice_that_does_not_fit(tf, begin, size):
    return tf.slice(tf.constant(ARRAY), begin, size)


@case
def slice_that_does_not_fit_when_it_runs(tf):
    x = tf.placeholder(tf.float32, [None])
    return fed(tf.slice(x, [1], [3]), {x: [1.0, 2.0]})


@case(each=[
    ([0], [1], None, {}),
    ([0, 1], [2, 3], [1, 1], {}),
    ([1, -1, 0], [0, -3, 4], [-1, -1, 2], {}),
    ([0, 0], [0, 2], None, {"begin_mask": 1, "end_mask": 1}),
    ([0, 1], [0, 3], None, {"end_mask": 1}),
    ([1, 0], [2, 0], None, {"shrink_axis_mask": 1, "end_mask": 2}),
    ([0, 1], [0, 2], None, {"ellipsis_mask": 1}),
    ([0, 0], [1, 0], None, {"new_axis_mask": 2}),
    ([0, 0, 0], [2, 3, 4], [1, 2, 3], {"name": "named"}),
])
def strided_slice(tf, begin, end, strides, options):
    return tf.strided_slice(tf.constant(ARRAY), begin, end, strides, **options)


@case
def strided_slice_of_tensors(tf):
    n = tf.placeholder(tf.int32, [1])
    return fed([tf.strided_slice([1, 2, 3, 4], n, [4]),
                tf.strided_slice([1, 2, 3, 4], [0], n, [1])], {n: [2]})


@case
def strided_slice_assignment(tf):
    v = tf.Variable([1.0, 2.0, 3.0, 4.0])
    return v[1:3].assign([7.0, 8.0])


@case
def gradient_of_an_index(tf):
    x = tf.placeholder(tf.float32, [2, 3, 4])
    picked = [x[0], x[..., 1], x[:, ::-1, 1:3], x[1, 2, 3], x[:, None, 1], x[1:2, ..., ::2]]
    gradients = [tf.identity(tf.gradients(p * p, x)[0], name=f"g{i}")
                 for i, p in enumerate(picked)]
    return fed(gradients, {x: ARRAY})


@case
def gradient_of_slice(tf):
    x = tf.placeholder(tf.float32, [None, 3, 4])
    y = tf.slice(x, [0, 1, 1], [1, 2, -1])
    return fed(tf.identity(tf.gradients(y * y, x)[0], name="g"), {x: ARRAY})
