"""Groups of points that lie close to each other."""

import numpy as np
import shapely

from lhasaplan.core.base.arrays import FloatArray, IntArray
from lhasaplan.core.base.joined_groups import joined_groups


def clusters(points: FloatArray, within_m: float) -> IntArray:
    """Return a group number for each point, shape (n,): points within a distance of each other are one group."""
    if len(points) == 0:
        return np.empty(0, np.int64)
    at = shapely.points(points)
    a, b = shapely.STRtree(at).query(at, predicate="dwithin", distance=within_m)
    return joined_groups(a, b, len(points))
