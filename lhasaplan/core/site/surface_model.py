"""Tell a model of the surface from one of the bare ground: in the first, houses stand."""

import numpy as np
import shapely

from lhasaplan.core.base.arrays import BoolArray, FloatArray, ObjectArray
from lhasaplan.core.site.terrain import Terrain

MOST_HOUSES = 500  # that are looked at, evenly through the town
FEWEST_HOUSES = 3
LEAST_M2 = 30.0
BESIDE_M = 4.0  # farther out than eaves, nearer than the other side of a street
AROUND = 24  # places around each house
FEWEST_AROUND = 4
RISE_M = 2.0  # no ground lies so much higher under most houses than around them


def houses_rise_m(ground: Terrain, footprints: ObjectArray) -> float | None:
    """Return how much higher the ground lies under houses than around them where most seem to stand in it, else None.

    Terrain made of cells wider than houses tells nothing.
    """
    if ground.is_level or not len(footprints) or all(each.is_coarse for each in ground.sources):
        return None
    houses = _some(footprints[_are_on(ground, footprints)])
    if len(houses) < FEWEST_HOUSES:
        return None
    rise = _rises(ground, houses, footprints)
    rise = rise[np.isfinite(rise)]
    is_standing = len(rise) >= FEWEST_HOUSES and float((rise > RISE_M).mean()) > 0.5
    return float(np.median(rise)) if is_standing else None


def _are_on(ground: Terrain, footprints: ObjectArray) -> BoolArray:
    west, south, east, north = shapely.bounds(footprints).T
    return np.asarray(
        ground.covers(west, south) & ground.covers(east, north) & (shapely.area(footprints) >= LEAST_M2)
    )  # NaN of an empty one is nowhere


def _some(houses: ObjectArray) -> ObjectArray:
    return houses[:: -(-len(houses) // MOST_HOUSES) or 1]


def _rises(ground: Terrain, houses: ObjectArray, footprints: ObjectArray) -> FloatArray:
    """Return how much higher each house's ground lies than that around it, NaN where others stand all around."""
    rings = shapely.get_exterior_ring(shapely.convex_hull(shapely.buffer(houses, BESIDE_M + ground.cell_m)))
    share = np.arange(AROUND) / AROUND
    beside = shapely.line_interpolate_point(rings[:, None], share[None, :], normalized=True)
    x, y = shapely.get_x(beside), shapely.get_y(beside)
    around = np.where(_is_open(beside, footprints), ground.heights_m(x, y), np.nan)
    known = np.isfinite(around).sum(axis=1) >= FEWEST_AROUND
    rise = np.full(len(houses), np.nan)
    rise[known] = ground.ground_under(houses)[known] - np.nanmedian(around[known], axis=1)
    return rise


def _is_open(points: ObjectArray, footprints: ObjectArray) -> BoolArray:
    inside, _ = shapely.STRtree(footprints).query(points.ravel(), predicate="intersects")
    is_open = np.ones(points.size, bool)
    is_open[inside] = False
    return is_open.reshape(points.shape)
