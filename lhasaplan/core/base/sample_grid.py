"""Points on a regular grid inside a shape, the same for every shape that lies on the same ground."""

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from lhasaplan.core.base.arrays import FloatArray


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
