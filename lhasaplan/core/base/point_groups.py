"""Groups of things: joined by pairs, close to each other, or sampled on a regular grid."""

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from lhasaplan.core.base.arrays import FloatArray, IntArray

# Number the groups into which pairs join things: connected components of a graph without directions.


def joined_groups(a: IntArray, b: IntArray, count: int) -> IntArray:
    """Return the group of each of ``count`` things, shape (count,), numbered in the order of their first member.

    Each thing takes the lowest number among those that it is joined with, until none is lower (Shiloach and Vishkin 1982).

    Parameters
    ----------
    a, b : shape (n,); pairs of things that are in one group.

    Examples
    --------
    >>> joined_groups(np.array([3, 0]), np.array([1, 2]), 5)
    array([0, 1, 0, 1, 2])
    """
    label = np.arange(count)
    while True:
        low = np.minimum(label[a], label[b])
        hooked = label.copy()
        np.minimum.at(hooked, label[a], low)
        np.minimum.at(hooked, label[b], low)
        while not np.array_equal(hooked, hooked[hooked]):
            hooked = hooked[hooked]
        if np.array_equal(hooked, label):
            return np.asarray(np.unique(label, return_inverse=True)[1], np.int64)
        label = hooked


# Groups of points that lie close to each other.


def clusters(points: FloatArray, within_m: float) -> IntArray:
    """Return a group number for each point, shape (n,): points within a distance of each other are one group."""
    if len(points) == 0:
        return np.empty(0, np.int64)
    at = shapely.points(points)
    a, b = shapely.STRtree(at).query(at, predicate="dwithin", distance=within_m)
    return joined_groups(a, b, len(points))


# Points on a regular grid inside a shape, the same for every shape that lies on the same ground.


def grid_points(area: BaseGeometry, step_m: float) -> FloatArray:
    """Return the grid points inside an area, shape (n, 2); a point on it when it is smaller than the grid.

    The grid is anchored to the coordinate system, so that neighbours share it and small edits move no point.
    """
    if area.is_empty:
        return np.empty((0, 2))
    x0, y0, x1, y1 = shapely.bounds(area)
    x, y = np.meshgrid(_steps(x0, x1, step_m), _steps(y0, y1, step_m))
    inside = shapely.contains_xy(area, x.ravel(), y.ravel())
    points = np.column_stack([x.ravel()[inside], y.ravel()[inside]])
    return points if len(points) else shapely.get_coordinates(shapely.point_on_surface(area))


def _steps(low: float, high: float, step_m: float) -> FloatArray:
    return (np.arange(np.floor(low / step_m), np.floor(high / step_m) + 1.0) + 0.5) * step_m
