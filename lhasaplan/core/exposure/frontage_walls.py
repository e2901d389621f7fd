"""The walls of protected frontage: which way they face, and which one a camera hangs on."""

import numpy as np
import shapely

from lhasaplan.core.base.arrays import BoolArray, FloatArray, IntArray
from lhasaplan.core.model.camera import View
from lhasaplan.core.model.layer import Buildings
from lhasaplan.core.model.protected_place import ProtectedSamples

SAME_WALL_M = 0.5  # a sample this near to the line of the mount's wall lies on that wall
BEFORE_WALL_M = 0.05  # samples stand this far before their wall


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


def on_own_wall(samples: ProtectedSamples, sample: IntArray, walls: FloatArray, own: IntArray, view: IntArray) -> BoolArray:
    """Tell which entries show the facade that the camera itself hangs on; shape (N,)."""
    mine = np.flatnonzero((own[view] >= 0) & (own[view] == samples.building[sample]) & (samples.length_m[sample] > 0.0))
    found = np.zeros(len(sample), bool)
    wall = walls[view[mine]]
    offset = samples.xyz_m[sample[mine], :2] - wall[:, :2]
    found[mine] = np.abs(offset[:, 0] * wall[:, 3] - offset[:, 1] * wall[:, 2]) < SAME_WALL_M
    return found


def is_faced(samples: ProtectedSamples, directions: FloatArray, sample: IntArray, lens_xy_m: FloatArray) -> BoolArray:
    """Tell which entries look at a wall from its outer side; ground has no side. Shape (N,).

    A sample stands a little before its wall, so a lens behind the wall's plane would see it at a grazing angle.

    Parameters
    ----------
    lens_xy_m : shape (N, 2); the lens of each entry.
    """
    east, north = np.take(directions, sample, axis=0).T
    at = np.take(samples.xyz_m, sample, axis=0)
    before = (lens_xy_m[:, 0] - at[:, 0]) * north - (
        lens_xy_m[:, 1] - at[:, 1]
    ) * east  # outwards is to the right: the building is on the left
    return np.asarray((before > -BEFORE_WALL_M + 1e-6) | ((east == 0.0) & (north == 0.0)), bool)
