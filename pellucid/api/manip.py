"""tf.manip."""

from pellucid.ops.arrays.gathering import gather_nd, scatter_nd
from pellucid.ops.arrays.shaping import reshape
from pellucid.ops.arrays.tiling import reverse, roll, tile
