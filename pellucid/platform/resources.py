"""Files beside a program's source. As in TF: tf.resource_loader, tf.sysconfig."""

import os
import sys

from pellucid.core.operation import _PACKAGE
from pellucid.platform.gfile import GFile


def _caller():
    frame = sys._getframe(1)
    while frame.f_back and frame.f_code.co_filename.startswith(_PACKAGE):
        frame = frame.f_back
    return frame.f_code.co_filename


def get_data_files_path():
    """The folder of the file that calls this."""
    return os.path.dirname(os.path.abspath(_caller()))


get_root_dir_with_all_resources = get_data_files_path


def get_path_to_datafile(path):
    """The absolute path of a file that stands beside the calling one."""
    return os.path.join(get_data_files_path(), path)


def load_resource(path):
    """The bytes of a file that stands beside the calling one. NotFoundError if there is none."""
    with GFile(get_path_to_datafile(path), "rb") as file:
        return file.read()


def readahead_file_path(path, readahead="128M"):
    """The path, as it is."""
    return path
