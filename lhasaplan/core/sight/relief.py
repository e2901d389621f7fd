"""The ground as a grid of heights, bilinear between cell centres, and buildings standing on it."""

import math
from itertools import pairwise
from typing import NamedTuple

import numpy as np
import shapely

from lhasaplan.core.arrays import FloatArray, IntArray
from lhasaplan.core.layer import Buildings

TILE_CELLS = 32
FOUNDATION_M = 1000.0  # what stands on the ground also fills the slope below its lowest corner


class Relief(NamedTuple):
    """Bare earth, north up, square cells.

    Parameters
    ----------
    height : shape (rows, columns); heights at cell centres, metres above the datum.
    west, north : the grid's outer edges.   cell : width of a cell.
    highest, lowest : extremes of tiles of ``TILE_CELLS`` cells, one cell of overlap included.
    bend : the strongest curvature in those tiles, 1 / m: how far apart knots may lie.
    is_level : stands for no relief at all: the ground is the datum everywhere.
    """

    height: FloatArray
    west: float
    north: float
    cell: float
    highest: FloatArray
    lowest: FloatArray
    bend: FloatArray
    is_level: bool


def make_relief(height_m: FloatArray, west_m: float, north_m: float, cell_m: float) -> Relief:
    """Return the relief of a grid of at least two by two cells without gaps."""
    height = np.ascontiguousarray(height_m, float)
    tiles = _tiles(height), -_tiles(-height), _tiles(_bend(height) / cell_m**2)
    return Relief(height, float(west_m), float(north_m), float(cell_m), *tiles, is_level=False)


def level_relief() -> Relief:
    """Return the relief that stands for none."""
    return make_relief(np.zeros((2, 2)), 0.0, 0.0, 1.0)._replace(is_level=True)


def ground_at(relief: Relief, x_m: FloatArray, y_m: FloatArray) -> FloatArray:
    """Return the bilinear ground at points; beyond the grid its edge goes on."""
    rows, columns = relief.height.shape
    fx = np.clip((np.asarray(x_m) - relief.west) / relief.cell - 0.5, 0.0, columns - 1.001)
    fy = np.clip((relief.north - np.asarray(y_m)) / relief.cell - 0.5, 0.0, rows - 1.001)
    j, i = fx.astype(np.int64), fy.astype(np.int64)
    a, b, z = fx - j, fy - i, relief.height
    upper, lower = z[i, j] * (1 - a) + z[i, j + 1] * a, z[i + 1, j] * (1 - a) + z[i + 1, j + 1] * a
    return np.asarray(upper + (lower - upper) * b)


def stand_on(buildings: Buildings, relief: Relief) -> Buildings:
    """Return the buildings set on the relief: heights above the datum instead of above the ground.

    Roofs are flat at the median ground under the footprint's corners plus height. A base on the ground goes down into
    it, so that no line passes under a house on a slope; a raised base keeps its height above the median ground.
    """
    if not len(buildings) or relief.is_level:
        return buildings
    corner, owner = _corners(buildings)
    ground = ground_at(relief, corner[:, 0], corner[:, 1])
    start = np.searchsorted(owner, np.arange(len(buildings) + 1))
    median = np.array([np.median(ground[a:b]) if b > a else 0.0 for a, b in pairwise(start)])
    base = np.where(buildings.base_m > 0.0, buildings.base_m, -FOUNDATION_M) + median
    return Buildings(
        buildings.ids, buildings.polygons, base, buildings.top_m + median, buildings.height_source, buildings.tags
    )  # fmt: skip


def _corners(buildings: Buildings) -> tuple[FloatArray, IntArray]:
    """Return each corner of each footprint once, and the building it belongs to; a ring ends where it began."""
    parts, building = shapely.get_parts(buildings.polygons, return_index=True)
    rings, part = shapely.get_rings(parts, return_index=True)
    corner, ring = shapely.get_coordinates(rings, return_index=True)
    repeats = np.r_[True, ring[1:] != ring[:-1]]
    return corner[~repeats], building[part[ring[~repeats]]]


def _bend(height: FloatArray) -> FloatArray:
    """Return the greatest second difference of heights at each cell, along rows, columns and across."""
    padded = np.pad(height, 1, mode="reflect", reflect_type="odd")
    middle, around = 2.0 * height, np.zeros(height.shape)
    for a, b in (
        (padded[1:-1, :-2], padded[1:-1, 2:]),
        (padded[:-2, 1:-1], padded[2:, 1:-1]),
        (padded[:-2, :-2], padded[2:, 2:]),
        (padded[:-2, 2:], padded[2:, :-2]),
    ):
        around = np.maximum(around, np.abs(a + b - middle))
    return around


def _tiles(height: FloatArray) -> FloatArray:
    """Return the highest of each tile and of the cells next to it."""
    rows, columns = (math.ceil(n / TILE_CELLS) for n in height.shape)
    tiles = np.empty((rows, columns))
    for i in range(rows):
        for j in range(columns):
            top, left = max(0, i * TILE_CELLS - 1), max(0, j * TILE_CELLS - 1)
            tiles[i, j] = height[top : (i + 1) * TILE_CELLS + 1, left : (j + 1) * TILE_CELLS + 1].max()
    return tiles
