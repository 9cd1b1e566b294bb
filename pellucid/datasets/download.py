"""Files that are downloaded once: where they are kept, how they come, how they are checked.

A file appears under its name only when all of it is there and its checksum is right: it grows
under another name, and is renamed at the end. A connection that breaks is taken up where it
broke. Read next: idx.py, mnist.py.
"""

import hashlib
import os
import tempfile
import urllib.error
import urllib.request
from pathlib import Path

MIRROR = "PELLUCID_DATASETS_URL"      # environment variable: a server that has all files
ATTEMPTS, TIMEOUT, CHUNK = 3, 30, 1 << 16


def cache_folder():
    """The folder of downloaded data: $KERAS_HOME/datasets, else ~/.keras/datasets.

    It is Keras's own, so what Keras has downloaded need not come again.
    """
    return Path(os.environ.get("KERAS_HOME") or Path.home() / ".keras") / "datasets"


def address(data_set, name, origin):
    """Where a file comes from: origin + name, or from the mirror that the environment names.

    With PELLUCID_DATASETS_URL=http://host/data, mnist.npz comes from
    http://host/data/mnist/mnist.npz.
    """
    mirror = os.environ.get(MIRROR)
    return f"{mirror.rstrip('/')}/{data_set}/{name}" if mirror else origin + name


def fetch(path, url, sha256=None):
    """The path of a file, downloaded from url unless it is there.

    Args:
      path: str or Path, where the file is, or is to be.
      url: str, an address of http, https or ftp, or of a file.
      sha256: str, the checksum of the right file in hexadecimal digits; None if not known.

    Raises:
      ConnectionError: it cannot be had; the text says where to put it by hand.
      ValueError: what came has another checksum.
    """
    path = Path(path)
    if path.exists():
        return path
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, growing = tempfile.mkstemp(prefix=f"{path.name}.", suffix=".part", dir=path.parent)
    try:
        with open(handle, "wb") as file:
            digest = _download(url, file, path)
            if sha256 is not None and digest != sha256:
                raise ValueError(
                    f"{url} has sha256 {digest}, but {path.name} has {sha256}. Somebody changed "
                    f"the file. {_by_hand(path, url)}")
            file.flush()
            os.fsync(file.fileno())
        os.chmod(growing, 0o644)               # mkstemp's are for the owner alone
        os.replace(growing, path)
    except BaseException:
        os.unlink(growing)
        raise
    return path


def _download(url, file, path):
    """Fills `file` from url, and returns the sha256 of it."""
    from tqdm import tqdm
    digest, problem = hashlib.sha256(), None
    with tqdm(desc=path.name, unit="B", unit_scale=True, leave=False, disable=None) as bar:
        for _ in range(ATTEMPTS):
            try:
                if _go_on(url, file, digest, bar):
                    return digest.hexdigest()
                problem = f"it ended after {file.tell()} of {bar.total} bytes"
            except urllib.error.HTTPError as error:
                problem = f"the server answers {error.code} {error.reason}"
                error.close()
                break                          # asking again does not help
            except (OSError, EOFError) as error:
                problem = getattr(error, "reason", None) or error
    raise ConnectionError(f"cannot download {path.name} from {url}: {problem}. "
                          f"{_by_hand(path, url)}")


def _go_on(url, file, digest, bar):
    """Reads on from where the file ends; True if it is whole then."""
    request = urllib.request.Request(url)
    start = file.tell()
    if start:
        request.add_header("Range", f"bytes={start}-")
    with urllib.request.urlopen(request, timeout=TIMEOUT) as answer:
        length = answer.headers.get("Content-Length")
        if start and getattr(answer, "status", None) != 206:
            for _ in _chunks(answer, start):   # it sends everything again: pass over what we have
                pass
            length = None if length is None else int(length) - start
        bar.total = None if length is None else start + int(length)
        bar.refresh()
        for chunk in _chunks(answer):
            file.write(chunk)
            digest.update(chunk)
            bar.update(len(chunk))
    return bar.total is None or file.tell() == bar.total


def _chunks(answer, count=None):
    """What is left of an answer, or the next `count` bytes of it, piece by piece."""
    while count is None or count > 0:
        chunk = answer.read(CHUNK if count is None else min(CHUNK, count))
        if not chunk:
            return
        count = None if count is None else count - len(chunk)
        yield chunk


def _by_hand(path, url):
    return (f"You can get {url} by other means and put it at {path}, or name a server that has "
            f"it in the environment variable {MIRROR}.")
