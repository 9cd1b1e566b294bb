"""The log: messages of a level and above go to standard error.

    tf.logging.set_verbosity(tf.logging.INFO)
    tf.logging.info("step %d", 3)           # INFO:tensorflow:step 3

The logger is Python's of the name "tensorflow", which programs also reach through the module
logging. As in TF: tf.logging.
"""

import itertools
import logging
import sys
from collections import defaultdict

from pellucid.core.operation import _PACKAGE

DEBUG, INFO, WARN, ERROR, FATAL = 10, 20, 30, 40, 50
WARNING = WARN


class _Handler(logging.StreamHandler):
    """Writes to what sys.stderr is at the time of the message."""

    def __init__(self):
        logging.Handler.__init__(self)
        self.setFormatter(logging.Formatter(logging.BASIC_FORMAT))

    @property
    def stream(self):
        return sys.stderr


_logger = logging.getLogger("tensorflow")
_counts = defaultdict(itertools.count)         # (file, line) -> how often it was there


def get_logger():
    """Python's Logger. As in TF: tf.get_logger."""
    if not _logger.handlers and not logging.getLogger().handlers:
        _logger.addHandler(_Handler())             # nobody else would show the messages
    if _logger.level == logging.NOTSET:
        _logger.setLevel(WARN)
    return _logger


def get_verbosity():
    """The level from which on messages are shown. As in TF: tf.logging.get_verbosity."""
    return get_logger().getEffectiveLevel()


def set_verbosity(v):
    """Shows messages of level v (an int or its name) and above."""
    get_logger().setLevel(v)


def log(level, msg, *args, **kwargs):
    """Logs msg % args at a level. As in TF: tf.logging.log."""
    get_logger().log(level, msg, *args, **kwargs)


def debug(msg, *args, **kwargs):
    """Logs msg % args at DEBUG."""
    get_logger().debug(msg, *args, **kwargs)


def info(msg, *args, **kwargs):
    """Logs msg % args at INFO."""
    get_logger().info(msg, *args, **kwargs)


def warning(msg, *args, **kwargs):
    """Logs msg % args at WARN."""
    get_logger().warning(msg, *args, **kwargs)


warn = warning


def error(msg, *args, **kwargs):
    """Logs msg % args at ERROR."""
    get_logger().error(msg, *args, **kwargs)


def fatal(msg, *args, **kwargs):
    """Logs msg % args at FATAL; the program goes on, as in TensorFlow."""
    get_logger().critical(msg, *args, **kwargs)


def vlog(level, msg, *args, **kwargs):
    """Logs at a level that is given as a number."""
    get_logger().log(level, msg, *args, **kwargs)


def _count_here():
    """How often the caller's line was here before."""
    frame = sys._getframe(2)
    while frame.f_back and frame.f_code.co_filename.startswith(_PACKAGE):
        frame = frame.f_back
    return next(_counts[frame.f_code.co_filename, frame.f_lineno])


def log_every_n(level, msg, n, *args):
    """Logs the 1st, the n+1st, ... time that this line is reached."""
    if _count_here() % n == 0:
        log(level, msg, *args)


def log_first_n(level, msg, n, *args):
    """Logs the first n times that this line is reached."""
    if _count_here() < n:
        log(level, msg, *args)


def log_if(level, msg, condition, *args):
    """Logs if condition is true."""
    if condition:
        log(level, msg, *args)


def TaskLevelStatusMessage(msg):
    """Logs msg as an error."""
    error(msg)


def flush():
    """Flushes standard error."""
    sys.stderr.flush()
