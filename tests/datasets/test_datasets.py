"""The data sets, from a server on this machine."""

import hashlib
import pickle

import numpy as np
import pytest

import pellucid as tf
from pellucid.datasets import cifar10, download, fashion_mnist, input_data, mnist
from tests.datasets import server as files


@pytest.fixture
def server(monkeypatch, tmp_path):
    """A server that the data sets are told of, and an empty cache."""
    monkeypatch.setenv("KERAS_HOME", str(tmp_path))
    with files.serve() as state:
        monkeypatch.setenv(download.MIRROR, state.url + "/")
        yield state


def sha256(data):
    return hashlib.sha256(data).hexdigest()


# -- downloading ---------------------------------------------------------------------------

DATA = files.images(300, 1000).tobytes()


def test_a_file_is_downloaded_once(server, tmp_path):
    server.files["a"] = DATA
    path = tmp_path / "new" / "a"
    for _ in range(2):
        assert download.fetch(path, f"{server.url}/a", sha256(DATA)) == path
    assert path.read_bytes() == DATA
    assert len(server.asked) == 1
    assert [p.name for p in path.parent.iterdir()] == ["a"]


@pytest.mark.parametrize("ranges", [True, False])
def test_a_broken_connection_is_taken_up_where_it_broke(server, tmp_path, ranges):
    server.files["a"], server.ranges = DATA, ranges
    server.breaks["a"] = [100_000, 200_000]
    path = download.fetch(tmp_path / "a", f"{server.url}/a", sha256(DATA))
    assert path.read_bytes() == DATA
    assert server.asked == [("a", None), ("a", "bytes=100000-"), ("a", "bytes=200000-")]


def test_what_is_not_whole_leaves_nothing_behind(server, tmp_path):
    server.files["a"], server.breaks["a"] = DATA, [10, 10, 10]
    with pytest.raises(ConnectionError, match=r"ended after 10 of 300000 bytes.* put it at .*/a"):
        download.fetch(tmp_path / "a", f"{server.url}/a")
    assert list(tmp_path.iterdir()) == []


def test_a_wrong_checksum_leaves_nothing_behind(server, tmp_path):
    server.files["a"] = DATA
    with pytest.raises(ValueError, match="has sha256 .*, but a has 123"):
        download.fetch(tmp_path / "a", f"{server.url}/a", "123")
    assert list(tmp_path.iterdir()) == []


def test_a_missing_file_says_what_the_server_said(server, tmp_path):
    with pytest.raises(ConnectionError, match="404 Not Found"):
        download.fetch(tmp_path / "a", f"{server.url}/a")
    assert len(server.asked) == 1


def test_offline(monkeypatch, tmp_path):
    monkeypatch.setenv("KERAS_HOME", str(tmp_path))
    monkeypatch.setenv(download.MIRROR, "http://127.0.0.1:9")
    with pytest.raises(ConnectionError, match=r"mnist\.npz from http://127\.0\.0\.1:9/mnist/mnist"
                                              r"\.npz: .*refused.*put it at .*datasets/mnist\.npz"):
        mnist.load_data()


def test_without_a_mirror_files_come_from_their_own_places(monkeypatch):
    monkeypatch.delenv(download.MIRROR, raising=False)
    assert download.address("mnist", "a", "http://b/") == "http://b/a"


# -- Keras's data sets ---------------------------------------------------------------------

def test_mnist(server, monkeypatch, tmp_path):
    parts = {"x_train": files.images(5, 28, 28), "y_train": files.labels(5),
             "x_test": files.images(3, 28, 28), "y_test": files.labels(3)}
    server.files["mnist/mnist.npz"] = files.npz(**parts)
    monkeypatch.setattr(mnist, "SHA256", sha256(server.files["mnist/mnist.npz"]))
    for path in ("mnist.npz", str(tmp_path / "elsewhere.npz")):
        (x_train, y_train), (x_test, y_test) = tf.keras.datasets.mnist.load_data(path)
        for array, name in ((x_train, "x_train"), (y_train, "y_train"), (x_test, "x_test"),
                            (y_test, "y_test")):
            np.testing.assert_array_equal(array, parts[name])
    assert (tmp_path / "datasets" / "mnist.npz").exists()
    assert (tmp_path / "elsewhere.npz").exists()


def test_a_damaged_mnist_is_named(server, tmp_path):
    (tmp_path / "datasets").mkdir()
    (tmp_path / "datasets" / "mnist.npz").write_bytes(b"PK\3\4 nonsense")
    with pytest.raises(ValueError, match=r"mnist.npz is not MNIST as NumPy's npz.*Delete it"):
        mnist.load_data()


def idx_files(server, data_set, monkeypatch, module, side=28):
    """Puts small files under the names that the module knows, and their checksums there."""
    arrays = {"train-images-idx3-ubyte.gz": files.images(30, side, side),
              "train-labels-idx1-ubyte.gz": files.labels(30),
              "t10k-images-idx3-ubyte.gz": files.images(8, side, side),
              "t10k-labels-idx1-ubyte.gz": files.labels(8)}
    assert arrays.keys() == module.SHA256.keys()
    encoded = {name: files.idx(array) for name, array in arrays.items()}
    server.files.update({f"{data_set}/{name}": data for name, data in encoded.items()})
    monkeypatch.setattr(module, "SHA256", {name: sha256(encoded[name]) for name in module.SHA256})
    return list(arrays.values())


def test_fashion_mnist(server, monkeypatch):
    arrays = idx_files(server, "fashion-mnist", monkeypatch, fashion_mnist)
    (x_train, y_train), (x_test, y_test) = tf.keras.datasets.fashion_mnist.load_data()
    for found, array in zip((x_train, y_train, x_test, y_test), arrays, strict=True):
        np.testing.assert_array_equal(found, array)


def test_cifar10(server, monkeypatch, tmp_path):
    batches = {name: (files.images(4, 32, 32, 3), files.labels(4)) for name in (
        *[f"data_batch_{i}" for i in range(1, 6)], "test_batch")}
    packed = {f"cifar-10-batches-py/{name}": files.cifar_batch(*batch)
              for name, batch in batches.items()}
    server.files["cifar-10/cifar-10-python.tar.gz"] = data = files.archive(packed)
    monkeypatch.setattr(cifar10, "SHA256", sha256(data))

    def check(loaded):
        (x_train, y_train), (x_test, y_test) = loaded
        assert x_train.shape == (20, 32, 32, 3) and y_train.shape == (20, 1)
        np.testing.assert_array_equal(x_train[4:8], batches["data_batch_2"][0])
        np.testing.assert_array_equal(x_test, batches["test_batch"][0])
        np.testing.assert_array_equal(y_test[:, 0], batches["test_batch"][1])
        assert y_train.dtype == np.uint8

    check(tf.keras.datasets.cifar10.load_data())
    (tmp_path / "datasets" / "cifar-10-python.tar.gz").unlink()
    for name, content in packed.items():              # as Keras unpacks it
        path = tmp_path / "datasets" / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(content)
    check(cifar10.load_data())
    assert len(server.asked) == 1


def test_a_pickle_with_code_is_not_run(server, tmp_path):
    folder = tmp_path / "datasets" / "cifar-10-batches-py"
    folder.mkdir(parents=True)
    for name in (*[f"data_batch_{i}" for i in range(1, 6)], "test_batch"):
        (folder / name).write_bytes(pickle.dumps({b"data": print, b"labels": []}, 2))
    with pytest.raises(ValueError, match="print, which has no place there"):
        cifar10.load_data()


# -- TensorFlow 1's MNIST ------------------------------------------------------------------

@pytest.fixture
def digits(server, monkeypatch, tmp_path):
    """(folder with the four files, the arrays in them)."""
    arrays = idx_files(server, "mnist", monkeypatch, input_data)
    return str(tmp_path / "MNIST_data"), arrays


def test_read_data_sets(digits, server):
    folder, (x_train, y_train, _, y_test) = digits
    data = input_data.read_data_sets(folder, one_hot=True, validation_size=10)
    assert [part.num_examples for part in data] == [20, 10, 8]
    assert data.train.images.dtype == np.float32
    np.testing.assert_array_equal(
        data.validation.images, x_train[:10].reshape(10, 784) * np.float32(1 / 255))
    np.testing.assert_array_equal(data.test.labels, np.eye(10)[y_test])
    assert data.test.labels.dtype == np.float64
    plain = input_data.read_data_sets(folder, dtype=tf.uint8, reshape=False, validation_size=0)
    np.testing.assert_array_equal(plain.train.images, x_train[..., None])
    np.testing.assert_array_equal(plain.train.labels, y_train)
    assert plain.validation.num_examples == 0
    assert len(server.asked) == 4


def test_batches_are_those_of_tensorflow(digits):
    """The order of an epoch is numpy.random's, seeded by the graph or the argument."""
    folder, (x_train, _, _, _) = digits
    options = {"dtype": tf.uint8, "validation_size": 0}
    tf.set_random_seed(7)
    for seed in (None, 3):
        train = input_data.read_data_sets(folder, seed=seed, **options).train
        random = np.random.RandomState(7 if seed is None else seed)
        first, second = np.arange(30), np.arange(30)
        random.shuffle(first)
        random.shuffle(second)
        order = [*first, *first[second]]
        drawn = [train.next_batch(8)[0] for _ in range(6)]
        np.testing.assert_array_equal(
            np.concatenate(drawn), x_train.reshape(30, 784)[order[:48]])
        assert train.epochs_completed == 1
    tf.reset_default_graph()


def test_without_shuffling_batches_come_in_order(digits):
    folder, (_, y_train, _, _) = digits
    train = input_data.read_data_sets(folder, validation_size=0).train
    labels = [train.next_batch(12, shuffle=False)[1] for _ in range(5)]
    np.testing.assert_array_equal(np.concatenate(labels), np.tile(y_train, 2))


def test_fake_data():
    train = input_data.read_data_sets("nowhere", fake_data=True, one_hot=True).train
    images, labels = train.next_batch(2, fake_data=True)
    assert np.shape(images) == (2, 784) and labels == [[1] + [0] * 9] * 2
    assert train.num_examples == 10000


def test_a_source_of_ones_own(server, tmp_path, monkeypatch):
    """Other data of MNIST's form are taken from source_url, and not held to MNIST's checksums."""
    idx_files(server, "mine", monkeypatch, input_data, side=6)
    monkeypatch.setattr(input_data, "SHA256", dict.fromkeys(input_data.SHA256, "0"))
    data = input_data.read_data_sets(str(tmp_path / "mine"), source_url=f"{server.url}/mine/",
                                     validation_size=1)
    assert data.test.images.shape == (8, 36)


def test_what_read_data_sets_refuses(digits, tmp_path):
    folder, _ = digits
    with pytest.raises(ValueError, match="Validation size should be between 0 and 30"):
        input_data.read_data_sets(folder)
    with pytest.raises(TypeError, match="expected uint8 or float32"):
        input_data.read_data_sets(folder, validation_size=0, dtype=tf.int32)
    (tmp_path / "MNIST_data" / "t10k-labels-idx1-ubyte.gz").write_bytes(files.idx(
        files.labels(9))[:20])
    with pytest.raises(ValueError, match="idx file of labels, or is not whole"):
        input_data.read_data_sets(folder, validation_size=0)


def test_extract(digits, tmp_path):
    folder, (_, y_train, x_test, _) = digits
    input_data.read_data_sets(folder, validation_size=0)
    name = f"{folder}/t10k-images-idx3-ubyte.gz"
    with open(name, "rb") as file:
        np.testing.assert_array_equal(input_data.extract_images(file), x_test[..., None])
    np.testing.assert_array_equal(input_data.extract_images(name), x_test[..., None])
    path = input_data.maybe_download("train-labels-idx1-ubyte.gz", folder)
    np.testing.assert_array_equal(input_data.extract_labels(path), y_train)
    with pytest.raises(ValueError, match="magic number 2049, not 2051"):
        input_data.extract_images(path)
