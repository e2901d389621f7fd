"""Where lines from a lens meet the ground, for many lines at once."""

import numpy as np

from lhasaplan.core.arrays import FloatArray
from lhasaplan.core.sight.jit import kernel
from lhasaplan.core.sight.relief import Relief
from lhasaplan.core.sight.relief_line import ground_share


def meet_ground(relief: Relief, lens: FloatArray, along: FloatArray) -> FloatArray:
    """Return how far along the level each line meets the ground, metres; twice its reach if it does not.

    Parameters
    ----------
    lens : shape (n, 4); x, y, height above the datum, reach.   along : shape (n, 3); east, north, down for each level metre.
    """
    away = np.empty(len(lens))
    _meet_ground(relief, lens, along, away)
    return away


@kernel
def _meet_ground(relief: Relief, lens: FloatArray, along: FloatArray, away: FloatArray) -> None:
    """Write how far away each line meets the ground."""
    for i in range(len(lens)):
        x, y, z, reach = lens[i, 0], lens[i, 1], lens[i, 2], lens[i, 3]
        end_x, end_y, end_z = x + along[i, 0] * reach, y + along[i, 1] * reach, z - along[i, 2] * reach
        away[i] = ground_share(relief, x, y, z, end_x, end_y, end_z) * reach
