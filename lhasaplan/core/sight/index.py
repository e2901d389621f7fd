"""Buildings in a grid of bounding circles, so that a lens meets them near to far."""

import math
from typing import NamedTuple

import numpy as np
import shapely

from lhasaplan.core.arrays import FloatArray, IntArray
from lhasaplan.core.layer import Buildings

CELL_M = 48.0


class TownIndex(NamedTuple):
    """Solid parts of buildings, sorted by grid cell.

    A part is one polygon of a footprint; its rings are kept with the solid on their left.

    Parameters
    ----------
    origin : x, y of the grid's corner.
    size : columns, rows of the grid.
    cell_start : shape (cells + 1,); parts of a cell.
    cell_circle : shape (cells, 3); x, y, radius around all parts of a cell.
    part : shape (n, 5); x, y, radius of the bounding circle, base and top.
    building : shape (n,); index of the part's building.
    part_ring : shape (n + 1,); rings of a part.   ring_start : corners of a ring.   corner : x, y.
    widest : largest cell circle.   spread : largest distance from a cell's middle to a part's far edge.
    """

    origin: FloatArray
    size: IntArray
    cell_start: IntArray
    cell_circle: FloatArray
    part: FloatArray
    building: IntArray
    part_ring: IntArray
    ring_start: IntArray
    corner: FloatArray
    widest: float
    spread: float


class Neighbours(NamedTuple):
    """Grid offsets by distance: which cells to visit, near to far."""

    offset: IntArray
    distance: FloatArray


def build_index(buildings: Buildings) -> TownIndex:
    """Return the index of all footprints; empty buildings give an index without parts."""
    polygons, building = shapely.get_parts(buildings.polygons, return_index=True)
    if not len(polygons):
        return _empty()
    polygons = shapely.orient_polygons(polygons)
    circle = _circles(polygons)
    origin = circle[:, :2].min(axis=0) - 1.0
    size = ((circle[:, :2].max(axis=0) - origin) / CELL_M).astype(np.int64) + 1
    column, row = ((circle[:, :2] - origin) / CELL_M).astype(np.int64).T
    cell = row * size[0] + column
    order = np.argsort(cell, kind="stable")
    polygons, building, circle, cell = polygons[order], building[order].astype(np.int64), circle[order], cell[order]
    start = np.searchsorted(cell, np.arange(size[0] * size[1] + 1)).astype(np.int64)
    part = np.column_stack((circle, buildings.base_m[building], buildings.top_m[building]))
    around = _cell_circles(circle, start)
    spread = CELL_M * math.sqrt(0.5) + float(circle[:, 2].max())
    return TownIndex(
        origin, size, start, around, part, building, *_corners(polygons), float(around[:, 2].max()), spread
    )  # fmt: skip


def neighbours(reach_m: float) -> Neighbours:
    """Return the offsets of all cells that a circle of this radius may touch, sorted by distance."""
    n = int(reach_m / CELL_M) + 2
    column, row = np.meshgrid(np.arange(-n, n + 1), np.arange(-n, n + 1))
    away = np.hypot(column, row).ravel() * CELL_M
    order = np.argsort(away, kind="stable")
    return Neighbours(np.column_stack((column.ravel(), row.ravel()))[order].astype(np.int64), away[order])


def _empty() -> TownIndex:
    """Return the index of open land: one cell without parts."""
    none, start = np.empty(0, np.int64), np.zeros(2, np.int64)
    circle, part, corner = np.zeros((1, 3)), np.empty((0, 5)), np.empty((0, 2))
    return TownIndex(
        np.zeros(2), np.ones(2, np.int64), start, circle, part, none, start[:1], start[:1], corner, 0.0, 0.0
    )  # fmt: skip


def _circles(polygons: FloatArray) -> FloatArray:
    """Return a bounding circle of each polygon: x, y, radius."""
    bounds = shapely.bounds(polygons)
    middle = (bounds[:, :2] + bounds[:, 2:]) / 2.0
    corner, owner = shapely.get_coordinates(shapely.get_exterior_ring(polygons), return_index=True)
    away = np.hypot(*(corner - middle[owner]).T)
    first = np.flatnonzero(np.r_[True, owner[1:] != owner[:-1]])
    return np.column_stack((middle, np.maximum.reduceat(away, first)))


def _cell_circles(circle: FloatArray, start: IntArray) -> FloatArray:
    """Return a circle around all parts of each cell; radius 0 for an empty cell."""
    around = np.zeros((len(start) - 1, 3))
    full = np.flatnonzero(np.diff(start))
    first, count = start[full], np.diff(start)[full]
    low = np.minimum.reduceat(circle[:, :2] - circle[:, 2:3], first)
    high = np.maximum.reduceat(circle[:, :2] + circle[:, 2:3], first)
    middle = (low + high) / 2.0
    away = np.hypot(*(circle[:, :2] - np.repeat(middle, count, axis=0)).T) + circle[:, 2]
    around[full] = np.column_stack((middle, np.maximum.reduceat(away, first)))
    return around


def _corners(polygons: FloatArray) -> tuple[IntArray, IntArray, FloatArray]:
    """Return the rings of each part, the corners of each ring (not closed), and the corners."""
    rings, part = shapely.get_rings(polygons, return_index=True)
    corner, ring = shapely.get_coordinates(rings, return_index=True)
    last = np.r_[ring[1:] != ring[:-1], True]
    part_ring = np.searchsorted(part, np.arange(len(polygons) + 1)).astype(np.int64)
    ring_start = np.searchsorted(ring[~last], np.arange(len(rings) + 1)).astype(np.int64)
    return part_ring, ring_start, np.ascontiguousarray(corner[~last])
