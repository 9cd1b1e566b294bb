"""tf.manip."""

from pellucid.ops.gathering import gather_nd, scatter_nd
from pellucid.ops.shaping import reshape
from pellucid.ops.tiling import reverse, roll, tile
