"""Files and folders under TensorFlow's names, with its errors. As in TF: tf.gfile, tf.io.gfile.

Paths are those of this machine: gs://, s3:// and hdfs:// raise UnimplementedError.
"""

import contextlib
import glob as globbing
import os
from collections import namedtuple

from pellucid.core import errors

FileStatistics = namedtuple("FileStatistics", "length mtime_nsec is_directory")

_REMOTE = ("gs://", "s3://", "hdfs://", "viewfs://")
_KINDS = ((FileNotFoundError, errors.NotFoundError), (FileExistsError, errors.AlreadyExistsError),
          (PermissionError, errors.PermissionDeniedError),
          (IsADirectoryError, errors.FailedPreconditionError),
          (NotADirectoryError, errors.FailedPreconditionError))


@contextlib.contextmanager
def _errors_of_tensorflow(path):
    try:
        yield
    except OSError as error:
        kind = next((ours for theirs, ours in _KINDS if isinstance(error, theirs)), None)
        if kind is None and error.errno == 39:                  # a folder that is not empty
            kind = errors.FailedPreconditionError
        raise (kind or errors.UnknownError)(None, None, f"{path}; {error.strerror}") from None


def _local(path):
    """The path as str. UnimplementedError for one on another machine."""
    path = os.fsdecode(path)
    if path.startswith(_REMOTE):
        raise errors.UnimplementedError(
            None, None, f"{path}: pellucid reads this machine's files only; copy it here first.")
    return path.removeprefix("file://")


class GFile:
    """A file, opened on first use.

    Args:
      name: path.
      mode: "r", "w", "a", "r+", "w+" or "a+"; with "b", reads give bytes.

    Raises tf.errors.NotFoundError and its kin. As in TF: tf.gfile.GFile, tf.gfile.Open.
    """

    def __init__(self, name, mode="r"):
        if mode.replace("b", "") not in ("r", "w", "a", "r+", "w+", "a+"):
            raise errors.InvalidArgumentError(None, None, f"mode {mode!r} is not r, w or a")
        self._name, self._mode, self._file = _local(name), mode, None
        self._binary = "b" in mode

    @property
    def name(self):
        """The path."""
        return self._name

    @property
    def mode(self):
        """The mode that it was opened in."""
        return self._mode

    def _opened(self, reading=False):
        kind = self._mode.replace("b", "")
        if kind in ("w", "a") if reading else kind == "r":
            raise errors.PermissionDeniedError(
                None, None, f"File isn't open for {'reading' if reading else 'writing'}")
        if self._file is None:
            with _errors_of_tensorflow(self._name):
                self._file = open(self._name, kind + "b")
        return self._file

    def _given(self, data):
        return data if self._binary else data.decode("utf-8")

    def size(self):
        """Length in bytes."""
        return stat(self._name).length

    def write(self, file_content):
        """Appends str or bytes."""
        data = file_content.encode("utf-8") if isinstance(file_content, str) else file_content
        self._opened().write(data)

    def read(self, n=-1):
        """The next n bytes, or what is left: bytes in a mode with b, else str."""
        return self._given(self._opened(reading=True).read(n))

    def readline(self):
        """The next line with its end; empty at the end of the file."""
        return self._given(self._opened(reading=True).readline())

    def readlines(self):
        """The lines that are left."""
        return list(self)

    def __iter__(self):
        return iter(self.readline, b"" if self._binary else "")

    def __next__(self):
        line = self.readline()
        if not line:
            raise StopIteration
        return line

    next = __next__

    def seek(self, offset=None, whence=0, position=None):
        """Goes to a byte: from the start, from here (whence 1), or from the end (2)."""
        if position is not None:
            offset = position
        if offset is None:
            raise TypeError("seek(): offset argument required")
        if whence not in (0, 1, 2):
            raise errors.InvalidArgumentError(None, None, f"Invalid whence argument: {whence}")
        self._opened(reading=True).seek(offset, whence)

    def seekable(self):
        """True."""
        return True

    def tell(self):
        """The position in bytes."""
        return self._opened(reading="r" in self._mode).tell()

    def flush(self):
        """Hands what was written to the system."""
        if self._file is not None:
            with _errors_of_tensorflow(self._name):
                self._file.flush()

    def close(self):
        """Closes the file; written files exist from now on even if nothing was written."""
        if self._mode[0] in "wa":
            self._opened()
        if self._file is not None:
            with _errors_of_tensorflow(self._name):
                self._file.close()
            self._file = None
            self._mode = self._mode.replace("w", "a") if "w" in self._mode else self._mode

    def __enter__(self):
        return self

    def __exit__(self, *exception):
        self.close()


class FastGFile(GFile):
    """GFile. As in TF: tf.gfile.FastGFile."""


Open = GFile


def exists(path):
    """True if there is a file or folder."""
    return os.path.exists(_local(path))


def isdir(path):
    """True if there is a folder."""
    return os.path.isdir(_local(path))


def glob(pattern):
    """The paths that match a pattern, or any of a list of patterns; sorted."""
    patterns = [pattern] if isinstance(pattern, str | bytes | os.PathLike) else pattern
    return [path for one in patterns for path in sorted(globbing.glob(_local(one)))]


def listdir(path):
    """The names in a folder. NotFoundError if there is none."""
    path = _local(path)
    if not os.path.isdir(path):
        raise errors.NotFoundError(None, None, "Could not find directory")
    return sorted(os.listdir(path))


def mkdir(path):
    """Makes a folder in one that exists."""
    with _errors_of_tensorflow(path):
        os.mkdir(_local(path))


def makedirs(path):
    """Makes a folder and those above it; it may exist."""
    with _errors_of_tensorflow(path):
        os.makedirs(_local(path), exist_ok=True)


def _refuse_existing(path, overwrite):
    if not overwrite and os.path.exists(path):
        raise errors.AlreadyExistsError(None, None, f"file already exists: {path}")


def copy(src, dst, overwrite=False):
    """Copies a file. AlreadyExistsError if dst exists and overwrite is False."""
    src, dst = _local(src), _local(dst)
    _refuse_existing(dst, overwrite)
    import shutil
    with _errors_of_tensorflow(src):
        shutil.copyfile(src, dst)


def rename(src, dst, overwrite=False):
    """Renames or moves. AlreadyExistsError if dst exists and overwrite is False."""
    src, dst = _local(src), _local(dst)
    _refuse_existing(dst, overwrite)
    with _errors_of_tensorflow(src):
        os.replace(src, dst)


def remove(path):
    """Deletes a file. NotFoundError if there is none."""
    with _errors_of_tensorflow(path):
        os.remove(_local(path))


def rmtree(path):
    """Deletes a folder with all in it. NotFoundError if there is none."""
    import shutil
    path = _local(path)
    with _errors_of_tensorflow(path):
        os.remove(path) if os.path.isfile(path) else shutil.rmtree(path)


def stat(path):
    """FileStatistics: length, mtime_nsec, is_directory. NotFoundError if there is nothing."""
    with _errors_of_tensorflow(path):
        found = os.stat(_local(path))
    return FileStatistics(found.st_size, found.st_mtime_ns, os.path.isdir(_local(path)))


def walk(top, topdown=True, onerror=None):
    """Yields (folder, names of folders in it, names of files in it), down the tree or up."""
    path = _local(top)
    if not os.path.isdir(path):
        if onerror is not None:
            onerror(errors.NotFoundError(None, None, f"{path}; No such file or directory"))
        return
    for folder, folders, files in os.walk(path, topdown):
        folders.sort()
        yield folder, list(folders), sorted(files)


# -- the names of tf.gfile -----------------------------------------------------------------

def Exists(filename):
    """True if there is a file or folder. As in TF: tf.gfile.Exists."""
    return exists(filename)


def IsDirectory(dirname):
    """True if there is a folder. As in TF: tf.gfile.IsDirectory."""
    return isdir(dirname)


def Glob(filename):
    """The paths that match a pattern, or any of a list. As in TF: tf.gfile.Glob."""
    return glob(filename)


def ListDirectory(dirname):
    """The names in a folder. As in TF: tf.gfile.ListDirectory."""
    return listdir(dirname)


def MkDir(dirname):
    """Makes a folder in one that exists. As in TF: tf.gfile.MkDir."""
    mkdir(dirname)


def MakeDirs(dirname):
    """Makes a folder and those above it. As in TF: tf.gfile.MakeDirs."""
    makedirs(dirname)


def Copy(oldpath, newpath, overwrite=False):
    """Copies a file. As in TF: tf.gfile.Copy."""
    copy(oldpath, newpath, overwrite)


def Rename(oldname, newname, overwrite=False):
    """Renames or moves. As in TF: tf.gfile.Rename."""
    rename(oldname, newname, overwrite)


def Remove(filename):
    """Deletes a file. As in TF: tf.gfile.Remove."""
    remove(filename)


def DeleteRecursively(dirname):
    """Deletes a folder with all in it. As in TF: tf.gfile.DeleteRecursively."""
    rmtree(dirname)


def Stat(filename):
    """FileStatistics of a path. As in TF: tf.gfile.Stat."""
    return stat(filename)


def Walk(top, in_order=True):
    """walk, down the tree, or up where in_order is False. As in TF: tf.gfile.Walk."""
    return walk(top, in_order)


# -- the names of tensorflow.python.lib.io.file_io ------------------------------------------

def read_file_to_string(filename, binary_mode=False):
    """The contents of a file, str or bytes."""
    with GFile(filename, "rb" if binary_mode else "r") as file:
        return file.read()


def write_string_to_file(filename, file_content):
    """Makes a file of these contents."""
    with GFile(filename, "w") as file:
        file.write(file_content)
