"""A web server on this machine, with small files in the form of the data sets."""

import gzip
import io
import pickle
import struct
import tarfile
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import numpy as np

random = np.random.default_rng(0)


def images(n, *shape):
    """n images of random bytes."""
    return random.integers(0, 256, (n, *shape), np.uint8)


def labels(n):
    """n class numbers."""
    return random.integers(0, 10, n, np.uint8)


def idx(array):
    """The gzipped idx file of an array of images or labels."""
    head = struct.pack(f">{1 + array.ndim}I", 2048 + array.ndim, *array.shape)
    return gzip.compress(head + array.tobytes())


def npz(**arrays):
    """NumPy's npz file of some arrays."""
    file = io.BytesIO()
    np.savez(file, **arrays)
    return file.getvalue()


def archive(files):
    """A gzipped tar archive of {name: bytes}."""
    whole = io.BytesIO()
    with tarfile.open(fileobj=whole, mode="w:gz") as tar:
        for name, data in files.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(data)
            tar.addfile(entry, io.BytesIO(data))
    return whole.getvalue()


def cifar_batch(pictures, numbers):
    """A pickle as CIFAR-10 has it."""
    rows = pictures.transpose(0, 3, 1, 2).reshape(len(pictures), -1)
    return pickle.dumps({b"data": rows, b"labels": numbers.tolist()}, 2)


class Server:
    """What `serve` gives.

    Attributes:
      url: str.
      files: {path: bytes}, which a test fills.
      asked: list of (path, Range header or None), what was asked for.
      breaks: {path: list of int}, after how many bytes the next answers end.
      ranges: bool, whether it goes on in the middle if asked to.
    """

    def __init__(self):
        self.files, self.asked, self.breaks, self.ranges = {}, [], {}, True
        self.url = ""


@contextmanager
def serve():
    """A Server, until the end of the block."""
    state = Server()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            path, wanted = self.path.lstrip("/"), self.headers.get("Range")
            state.asked.append((path, wanted))
            data = state.files.get(path)
            if data is None:
                self.send_error(404)
                return
            start = int(wanted[len("bytes="):-1]) if wanted and state.ranges else 0
            self.send_response(206 if start else 200)
            self.send_header("Content-Length", len(data) - start)
            self.end_headers()
            ends = state.breaks.get(path)
            self.wfile.write(data[start:ends.pop(0) if ends else None])

        def log_message(self, *_):
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        state.url = f"http://127.0.0.1:{server.server_port}"
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield state
        finally:
            server.shutdown()
            thread.join()
