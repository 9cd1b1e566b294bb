"""Fashion-MNIST: 70,000 pictures of clothes, laid out like MNIST (Xiao, Rasul & Vollgraf 2017)."""

from pellucid.datasets import idx
from pellucid.datasets.download import address, cache_folder, fetch

ORIGIN = "https://storage.googleapis.com/tensorflow/tf-keras-datasets/"
SHA256 = {
    "train-labels-idx1-ubyte.gz":
        "a04f17134ac03560a47e3764e11b92fc97de4d1bfaf8ba1a3aa29af54cc90845",
    "train-images-idx3-ubyte.gz":
        "3aede38d61863908ad78613f6a32ed271626dd12800ba2636569512369268a84",
    "t10k-labels-idx1-ubyte.gz":
        "67da17c76eaffca5446c3361aaab5c3cd6d1c2608764d35dfb1850b086bf8dd5",
    "t10k-images-idx3-ubyte.gz":
        "346e55b948d973a97e58d2351dde16a484bd415d4595297633bb08f03db6a073",
}


def load_data():
    """The pictures, downloaded on first use to ~/.keras/datasets/fashion-mnist.

    Returns:
      (x_train, y_train), (x_test, y_test): uint8 arrays of shapes (60000, 28, 28), (60000,),
      (10000, 28, 28), (10000,). The classes are T-shirt, trouser, pullover, dress, coat, sandal,
      shirt, sneaker, bag, ankle boot.

    Raises ConnectionError and ValueError as mnist.load_data.
    As in TF: tf.keras.datasets.fashion_mnist.load_data.
    """
    arrays = {}
    for name, sha256 in SHA256.items():
        path = fetch(cache_folder() / "fashion-mnist" / name,
                     address("fashion-mnist", name, ORIGIN), sha256)
        arrays[name[:2], "images" in name] = idx.read(
            path, idx.IMAGES if "images" in name else idx.LABELS)
    return ((arrays["tr", True], arrays["tr", False]), (arrays["t1", True], arrays["t1", False]))
