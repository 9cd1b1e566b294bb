"""tf.app: from the command line into a program's main."""

from pellucid.api import flags
from pellucid.platform.app import run
