"""Random numbers: TensorFlow's own, each drawn once, or new ones where there is no seed."""

import threading

import numpy as np
import pytest

import pellucid as tf
from pellucid.ops.random import draws as random
from pellucid.ops.random import numbers as random_numbers
from tests.conftest import needs_tensorflow
from tests.differential.oracle import tensorflow

# First numbers of a run with seeds (seed, seed2), as TensorFlow 2.21 draws them on Linux.
VECTORS = {
    ("uniform", "float32", 10, (42, 0)):
        [0.8354591131210327, 0.9162973165512085, 0.4946495294570923],
    ("uniform", "float64", 9, (42, 2)): [0.9025025560745461, 0.9446665686250928],
    ("uniform", "float16", 9, (42, 2)): [0.162109375, 0.099609375, 0.337890625],
    ("normal", "float32", 11, (42, 0)):
        [float.fromhex(s) for s in ("-0x1.343d74p-2", "0x1.0984d8p-1", "-0x1.4169a4p-3")],
    ("normal", "float64", 9, (42, 2)): [-0.1543252717394975, 0.4258535236787724],
    ("truncated_normal", "float32", 13, (42, 1)):
        [-1.49994695186615, -1.2420494556427002, 0.5228314399719238],
}


@pytest.mark.parametrize("name, dtype, n, key", VECTORS)
def test_first_numbers(name, dtype, n, key):
    numbers = getattr(random_numbers, name)(key, [0], n, np.dtype(dtype))
    expected = np.array(VECTORS[name, dtype, n, key], dtype)
    assert numbers.dtype == dtype and numbers.shape == (1, n)
    np.testing.assert_array_equal(numbers[0, :len(expected)], expected)


def test_first_integers():
    small = random_numbers.words((42, 0), [0], 9, 4) % np.uint32(10)
    large = random_numbers.words((42, 2), [0], 9, 8) % np.uint64(10**12)
    assert small.tolist() == [[3, 1, 7, 7, 3, 5, 4, 1, 3]]
    assert large[0, :2].tolist() == [52794187942, 784935411034]


def test_the_second_run_goes_on(session):
    tf.set_random_seed(42)
    x = tf.random_uniform([10])
    first, second = session.run(x), session.run(x)
    assert first[:2].tolist() == [0.8354591131210327, 0.9162973165512085]
    assert second[:2].tolist() == [0.1419006586074829, 0.30870485305786133]


@pytest.mark.parametrize("name", ["uniform", "normal", "truncated_normal"])
@pytest.mark.parametrize("dtype", ["float32", "float64", "float16"])
def test_chunks_and_rows_do_not_matter(name, dtype):
    """A long sequence in pieces, and several runs at once, are what single runs give."""
    make, dtype = getattr(random_numbers, name), np.dtype(dtype)
    n = 5 * random_numbers.CHUNK + 3
    long = make((7, 8), [1], n, dtype)[0]
    np.testing.assert_array_equal(long[:1001], make((7, 8), [1], 1001, dtype)[0])
    starts = [3, 3 + 256 * 11, 3 + 512 * 11]
    rows = make((7, 8), starts, 11, dtype)
    for row, start in zip(rows, starts, strict=True):
        np.testing.assert_array_equal(row, make((7, 8), [start], 11, dtype)[0])


def test_a_group_that_finds_too_few_small_numbers_looks_further():
    def rarely_small(words):
        x = random_numbers.normal_doubles(words)
        return np.where(np.abs(x) < 0.06, x, 9.0)

    bases = np.arange(3, dtype=np.uint64) * np.uint64(128)
    for some in (bases, bases[:1]):
        found = random_numbers._first_small((1, 2), some, 2, rarely_small, 2)
        for base, group in zip(some, found, strict=True):
            counters = base + np.arange(400, dtype=np.uint64)
            x = rarely_small(random_numbers.philox((1, 2), counters)).ravel()
            assert group.tolist() == x[np.abs(x) < 2][:2].tolist()


DRAWS = {
    "uniform": lambda tf, n: tf.random_uniform([n]),
    "uniform_bfloat16": lambda tf, n: tf.random_uniform([n], dtype=tf.bfloat16),
    "uniform_int32": lambda tf, n: tf.random_uniform([n], -2**31, 2**31 - 1, tf.int32),
    "uniform_int64": lambda tf, n: tf.random_uniform([n], -5, 2**62, tf.int64),
    "normal": lambda tf, n: tf.random_normal([n], 1.0, 3.0),
    "normal_float16": lambda tf, n: tf.random_normal([n], dtype=tf.float16),
    "normal_float64": lambda tf, n: tf.random_normal([n], dtype=tf.float64),
    "truncated": lambda tf, n: tf.truncated_normal([n]),
    "truncated_float16": lambda tf, n: tf.truncated_normal([n], dtype=tf.float16),
    "truncated_float64": lambda tf, n: tf.truncated_normal([n], dtype=tf.float64),
    "gamma": lambda tf, n: tf.random_gamma([n], [0.3, 1.0, 2.5]),
    "gamma_float64": lambda tf, n: tf.random_gamma([n], 1.5, dtype=tf.float64),
    "poisson": lambda tf, n: tf.random_poisson([0.5, 9.0, 20.0], [n]),
    "poisson_int64": lambda tf, n: tf.random_poisson(300.0, [n], dtype=tf.int64),
    "shuffle": lambda tf, n: tf.random_shuffle(tf.range(n)),
    # Above some size TensorFlow's numbers depend on how many threads share the rows.
    "multinomial": lambda tf, n: tf.multinomial(np.log([[1.0, 2, 3], [3, 1, 0.5]]),
                                                min(n, 1000)),
    "crop": lambda tf, n: tf.random_crop(tf.reshape(tf.range(6 * n), [n, 6]), [1, 2]),
    "dropout": lambda tf, n: tf.nn.dropout(tf.ones([n]), 0.3),
}


@needs_tensorflow
@pytest.mark.parametrize("name", DRAWS)
def test_as_tensorflow(name):
    """Five runs each of few and of many numbers equal TensorFlow's bit for bit."""
    ours, theirs = [_runs(library, DRAWS[name]) for library in (tf, tensorflow())]
    for i, (one, other) in enumerate(zip(ours, theirs, strict=True)):
        assert one.dtype.name == other.dtype.name
        np.testing.assert_array_equal(one, other, err_msg=f"run {i}")


def _runs(library, draw):
    with library.Graph().as_default(), library.Session() as session:
        library.set_random_seed(1234)
        tensors = [draw(library, n) for n in (7, 1000, 40_001)]
        return [session.run(t) for t in tensors for _ in range(5)]


@needs_tensorflow
@pytest.mark.parametrize("name", ["orthogonal", "identity", "glorot_uniform", "he_normal",
                                  "uniform_unit_scaling", "lecun_uniform"])
def test_initializers_as_tensorflow(name):
    values = []
    for library in (tf, tensorflow()):
        with library.Graph().as_default(), library.Session() as session:
            library.set_random_seed(3)
            initializer = getattr(library.initializers, name)()
            values.append(session.run([initializer([4, 6]), initializer([6, 4])]))
    for one, other in zip(*values, strict=True):
        np.testing.assert_allclose(one, other, 0 if name != "orthogonal" else 1e-5, 1e-6)


# -- seeds --------------------------------------------------------------------------------

@pytest.mark.parametrize("of_graph, of_op, expected", [
    (5, 3, (5, 3)), (None, 3, (87654321, 3)), (None, None, (None, None)), (5, None, (5, 0)),
    (0, 0, (0, 2**31 - 1)), (-1, 2**31, (2**31 - 2, 1))])
def test_seeds(of_graph, of_op, expected):
    tf.set_random_seed(of_graph)
    assert tf.get_seed(of_op) == expected


def test_operations_without_a_seed_are_counted():
    tf.set_random_seed(9)
    assert [tf.get_seed(s)[1] for s in (None, None, 4, None)] == [0, 1, 4, 2]


def test_other_operations_do_not_change_the_numbers(session):
    tf.set_random_seed(9)
    x = tf.random_uniform([3])
    with tf.Graph().as_default(), tf.Session() as other:
        tf.set_random_seed(9)
        tf.constant(1.0)
        np.testing.assert_array_equal(other.run(tf.random_uniform([3])), session.run(x))


def test_a_seed_is_an_integer():
    with pytest.raises(TypeError, match="a seed must be an integer"):
        tf.random_uniform([2], seed=[1, 2])


# -- state --------------------------------------------------------------------------------

def test_numbers_made_ahead_are_those_of_single_runs(session):
    """From the second run on several are prepared; another length drops what is left."""
    n = tf.placeholder(tf.int32, [])
    x = tf.random_uniform([n], seed=4)
    lengths = [5, 5, 5, 5, 3, 5, 5, 0, 5]
    drawn = [session.run(x, {n: length}) for length in lengths]
    block = 0
    for length, got in zip(lengths, drawn, strict=True):
        wanted = random_numbers.uniform((87654321, 4), [block], length, np.dtype("f4"))
        np.testing.assert_array_equal(got, wanted[0])
        block += 256 * length


def test_fetched_numbers_are_the_callers_own(session):
    x = tf.random_uniform([4], seed=4)
    kept = [session.run(x) for _ in range(6)]
    copies = [value.copy() for value in kept]
    for value in kept:
        value[:] = -1
        assert value.base is None or value.base.size == value.size
    assert (session.run(x) >= 0).all()
    with tf.Session() as other:
        np.testing.assert_array_equal([other.run(x) for _ in range(6)], copies)


def test_threads_never_draw_the_same(session):
    x = tf.random_uniform([50], dtype=tf.float64, seed=1)
    session.run(x)
    drawn = [[] for _ in range(4)]

    def work(mine):
        for _ in range(50):
            mine.append(session.run(x))

    threads = [threading.Thread(target=work, args=(mine,)) for mine in drawn]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    rows = {value.tobytes() for mine in drawn for value in mine}
    assert len(rows) == 200
    with tf.Session() as alone:
        alone.run(x)
        assert rows == {alone.run(x).tobytes() for _ in range(200)}


def test_a_consumer_sees_one_draw(session):
    x = tf.random_normal([3])
    y, z = session.run([x + 1, x * 2])
    np.testing.assert_allclose((y - 1) * 2, z, rtol=1e-5, atol=1e-6)


# -- without any seed ---------------------------------------------------------------------

UNSEEDED = {
    "uniform": (lambda: tf.random_uniform([20_000]), 0.5, 0.29),
    "uniform_float16": (lambda: tf.random_uniform([20_000], dtype=tf.float16), 0.5, 0.29),
    "uniform_bfloat16": (lambda: tf.random_uniform([20_000], dtype=tf.bfloat16), 0.5, 0.29),
    "uniform_int32": (lambda: tf.random_uniform([20_000], -3, 4, tf.int32), 0, 2),
    "uniform_int64": (lambda: tf.random_uniform([20_000], 0, 10**12, tf.int64), 5e11,
                      2.887e11),
    "normal": (lambda: tf.random_normal([20_000]), 0, 1),
    "normal_float64": (lambda: tf.random_normal([20_000], dtype=tf.float64), 0, 1),
    "truncated": (lambda: tf.truncated_normal([20_000]), 0, 0.88),
    "truncated_float16": (lambda: tf.truncated_normal([20_000], dtype=tf.float16), 0, 0.88),
    "gamma": (lambda: tf.random_gamma([20_000], 4.0), 4, 2),
    "poisson": (lambda: tf.random_poisson(16.0, [20_000]), 16, 4),
    "shuffle": (lambda: tf.random_shuffle(tf.range(20_000)), 9999.5, 5773.5),
    "multinomial": (lambda: tf.multinomial(tf.zeros([1, 3]), 20_000), 1, 0.82),
}


@pytest.mark.parametrize("name", UNSEEDED)
def test_without_a_seed(name, session):
    build, mean, deviation = UNSEEDED[name]
    x = build()
    first, second = session.run(x), session.run(x)
    assert first.dtype == x.dtype.as_numpy_dtype
    assert not np.array_equal(first, second)
    wide = first.astype(np.float64)
    assert abs(wide.mean() - mean) < 0.05 * deviation
    assert abs(wide.std() - deviation) < 0.05 * deviation
    if name.startswith("truncated"):
        assert np.abs(wide).max() <= 2
    with tf.Session() as other:
        assert not np.array_equal(other.run(x), first)


# -- what is refused ----------------------------------------------------------------------

def test_a_shape_must_be_a_vector_of_integers():
    with pytest.raises(ValueError, match="vector of integers"):
        tf.random_uniform(tf.constant(3))
    with pytest.raises(TypeError, match="int32, int64"):
        tf.random_uniform([2.0])


def test_a_negative_dimension_is_refused_in_the_run(session):
    with pytest.raises(tf.errors.InvalidArgumentError, match="negative dimensions"):
        session.run(tf.random_normal([2, -1]))


def test_an_empty_range_is_refused_in_the_run(session):
    with pytest.raises(tf.errors.InvalidArgumentError, match="Need minval < maxval"):
        session.run(tf.random_uniform([2], 5, 5, tf.int32))


def test_a_crop_must_fit(session):
    n = tf.placeholder(tf.int32, [1])
    with pytest.raises(tf.errors.InvalidArgumentError, match="Need value.shape >= size"):
        session.run(tf.random_crop(tf.range(5), n), {n: [6]})


def test_the_gradient_of_gamma_is_refused():
    alpha, beta = tf.constant(2.0), tf.constant(3.0)
    x = tf.random_gamma([5], alpha, beta, seed=1)
    assert tf.gradients(x, beta)[0] is not None
    with pytest.raises(NotImplementedError, match="stop_gradient"):
        tf.gradients(x, alpha)


def test_multinomial_refuses():
    with pytest.raises(ValueError, match="must be a matrix"):
        tf.multinomial([1.0, 2.0], 3)
    with pytest.raises(ValueError, match="must not be negative"):
        tf.multinomial([[1.0]], -1)


def test_the_distance_between_runs_is_tensorflows():
    sequence = random.Sequence((1, 2))
    numbers, after = sequence.take(3, lambda key, starts, n: np.zeros((len(starts), n)))
    assert (sequence.block, after.block, numbers.shape) == (0, 256 * 3, (3,))
