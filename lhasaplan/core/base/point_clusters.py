"""Groups of points that lie close to each other."""

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components
from scipy.spatial import KDTree

from lhasaplan.core.base.arrays import FloatArray, IntArray


def clusters(points: FloatArray, within_m: float) -> IntArray:
    """Return a group number for each point, shape (n,): points within a distance of each other are one group."""
    if len(points) == 0:
        return np.empty(0, np.int64)
    pairs = KDTree(points).query_pairs(within_m, output_type="ndarray")
    joined = coo_array((np.ones(len(pairs), np.int8), (pairs[:, 0], pairs[:, 1])), shape=(len(points), len(points)))
    return np.asarray(connected_components(joined, directed=False)[1], np.int64)
