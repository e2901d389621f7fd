"""How deep protected places lie below the ground around them: a pit in imported terrain takes them out of view and picture."""

from dataclasses import replace

import numpy as np
import shapely

from lhasaplan.core.base.arrays import FloatArray, IntArray, ObjectArray
from lhasaplan.core.model.protected_place import ProtectedWalls
from lhasaplan.core.sight.obstacles.relief import Relief, ground_at

RINGS_M = (2.0, 5.0, 10.0, 20.0, 40.0, 80.0)  # beyond what walls enclose
BEARINGS = 24
LOWER = 0.25  # of a ring may lie lower all the same: a way in makes no pit another thing
LEAST_M = 1.0  # a step at the door is no pit
SPACING_M = 5.0  # along the edge of open ground, of the spots whose middle height is its own


def lifted(walls: ProtectedWalls, relief: Relief) -> ProtectedWalls:
    """Return the walls as high as if no pit were dug round them; the very same where none lies in one."""
    depth_m = depths_m(walls, relief)
    if not (depth_m > 0.0).any():
        return walls
    raised = {name: getattr(walls, name) + depth_m for name in ("base_m", "top_m", "ground_m")}
    return replace(walls, **raised)


def depths_m(walls: ProtectedWalls, relief: Relief) -> FloatArray:
    """Return for each wall how far the ground at its building lies below that around, shape (W,); 0 where it does not.

    Around is the ring, of several, of which three quarters stand highest above it.
    """
    if not len(walls) or relief.is_level:
        return np.zeros(len(walls))
    group = _groups(walls)
    count = int(group.max()) + 1
    low, high = (_extremes(walls, group, count, which) for which in (np.minimum, np.maximum))
    middle, radius = (low + high) / 2.0, np.hypot(*((high - low) / 2.0).T)
    depth = _around_m(middle, radius, relief) - _lowest(walls.ground_m, group, count)
    return np.asarray(np.where(depth > LEAST_M, depth, 0.0)[group], float)


def levels_m(grounds: ObjectArray, relief: Relief) -> FloatArray:
    """Return how high above the datum each open ground lies in the middle, shape (G,)."""
    dense = shapely.segmentize(grounds, SPACING_M)
    whole = np.concatenate((dense, shapely.point_on_surface(grounds)))
    xy, which = shapely.get_coordinates(whole, return_index=True)
    height, which = ground_at(relief, *xy.T), which % len(grounds)
    order = np.lexsort((height, which))
    first = np.searchsorted(which[order], np.arange(len(grounds)))
    count = np.bincount(which, minlength=len(grounds))
    return np.asarray(height[order][first + count // 2], float)


def levels_without_pits_m(grounds: ObjectArray, relief: Relief) -> FloatArray:
    """Return the same as if no pit were dug round any of them, shape (G,)."""
    own, (west, south, east, north) = levels_m(grounds, relief), shapely.bounds(grounds).T
    middle = np.column_stack((west + east, south + north)) / 2.0
    around = _around_m(middle, np.hypot(east - west, north - south) / 2.0, relief)
    return np.asarray(np.where(around - own > LEAST_M, around, own), float)


def _around_m(middle: FloatArray, radius_m: FloatArray, relief: Relief) -> FloatArray:
    """Return how high the ground stands around circles: on the ring of which three quarters stand highest."""
    angle = np.arange(BEARINGS) * (2.0 * np.pi / BEARINGS)
    around = np.full(len(middle), -np.inf)
    for beyond_m in RINGS_M:
        reach = (radius_m + beyond_m)[:, None]
        x, y = middle[:, :1] + reach * np.sin(angle), middle[:, 1:] + reach * np.cos(angle)
        around = np.maximum(around, np.quantile(ground_at(relief, x, y), LOWER, axis=1))
    return around


def _groups(walls: ProtectedWalls) -> IntArray:
    """Return the walls of one building, or of one place where the building is not known, by a number of their own."""
    keys = np.column_stack((walls.building, np.where(walls.building >= 0, -1, walls.place)))
    return np.asarray(np.unique(keys, axis=0, return_inverse=True)[1].reshape(-1), np.int64)


def _extremes(walls: ProtectedWalls, group: IntArray, count: int, which: np.ufunc) -> FloatArray:
    """Return the least or greatest x and y of the walls of each group, shape (groups, 2)."""
    found = np.full((count, 2), np.inf if which is np.minimum else -np.inf)
    for ends in (walls.ends_m[:, :2], walls.ends_m[:, 2:]):
        which.at(found, group, ends)
    return found


def _lowest(ground_m: FloatArray, group: IntArray, count: int) -> FloatArray:
    found = np.full(count, np.inf)
    np.minimum.at(found, group, ground_m)
    return found
