"""The wall that a camera hangs on: the own facade is no view of a protected place."""

import numpy as np
import shapely

from lhasaplan.core.base.arrays import FloatArray, IntArray
from lhasaplan.core.model.camera import View
from lhasaplan.core.model.layer import Buildings


def own_buildings(views: tuple[View, ...]) -> IntArray:
    """Return the building that each view's mount belongs to, -1 for none."""
    return np.array([view.own_building for view in views], np.int64)


def own_walls(views: tuple[View, ...], buildings: Buildings) -> FloatArray:
    """Return, per view, the wall that its mount hangs on as (x, y, unit x, unit y), shape (V, 4); NaN without one."""
    walls = np.full((len(views), 4), np.nan)
    for v, view in enumerate(views):
        if view.own_building >= 0:
            walls[v] = nearest_wall(buildings.polygons[view.own_building], view.x_m, view.y_m)
    return walls


def nearest_wall(footprint: shapely.Geometry, x_m: float, y_m: float) -> FloatArray:
    """Return the outline segment nearest to a point as (x, y, unit x, unit y), shape (4,)."""
    coordinates, ring = shapely.get_coordinates(shapely.get_parts(shapely.get_rings(footprint)), return_index=True)
    same = ring[1:] == ring[:-1]
    start, end = coordinates[:-1][same], coordinates[1:][same]
    along = end - start
    length = np.hypot(along[:, 0], along[:, 1])
    unit = along / np.maximum(length, 1e-9)[:, None]
    offset = np.array([x_m, y_m]) - start
    reached = np.clip((offset * unit).sum(axis=1), 0.0, length)
    miss = np.hypot(*(offset - reached[:, None] * unit).T)
    nearest = int(np.argmin(np.where(length > 0, miss, np.inf)))
    return np.concatenate([start[nearest], unit[nearest]])
