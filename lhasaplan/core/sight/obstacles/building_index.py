"""Buildings in a grid of bounding circles, so that a lens meets them near to far."""

import math
from functools import lru_cache
from typing import NamedTuple

import numpy as np
import shapely

from lhasaplan.core.base.arrays import BoolArray, FloatArray, IntArray, ObjectArray
from lhasaplan.core.base.translations import marked
from lhasaplan.core.model.layer import Buildings
from lhasaplan.errors import Fault, InputError

CELL_M = 48.0
MOST_CELLS = 60_000_000  # 370 km by 370 km: their list takes 2 GB
TOO_WIDE = marked(
    "the buildings extend over {width_km} by {height_km} km, too far for one project; building {id} lies "
    "farthest from the others. Remove it, or divide the project"
)


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
    """Return the index of all footprints; empty buildings give an index without parts.

    Raises
    ------
    InputError
        Where a building lies so far from the others that the cells between them would fill the memory.
    """
    parts = parts_of(buildings.polygons)
    if not len(parts.building):
        return _empty()
    circle = circles_of(parts)
    origin = circle[:, :2].min(axis=0) - 1.0
    size = ((circle[:, :2].max(axis=0) - origin) / CELL_M).astype(np.int64) + 1
    if size.prod() > MOST_CELLS:
        raise _too_wide(buildings, parts.building, circle, size)
    column, row = ((circle[:, :2] - origin) / CELL_M).astype(np.int64).T
    cell = row * size[0] + column
    order = np.argsort(cell, kind="stable")
    building, circle = parts.building[order], circle[order]
    start = np.searchsorted(cell[order], np.arange(size[0] * size[1] + 1)).astype(np.int64)
    part = np.column_stack((circle, buildings.base_m[building], buildings.top_m[building]))
    around = cell_circles(circle, start)
    spread = CELL_M * math.sqrt(0.5) + float(circle[:, 2].max())
    return TownIndex(
        origin, size, start, around, part, building, *corners_of(parts, order), float(around[:, 2].max()), spread
    )  # fmt: skip


def _too_wide(buildings: Buildings, building: IntArray, circle: FloatArray, size: IntArray) -> InputError:
    """Return the error that names the building farthest from the middle of the town."""
    away = np.hypot(*(circle[:, :2] - np.median(circle[:, :2], axis=0)).T)
    width, height = (size * CELL_M / 1000.0).round().astype(int).tolist()
    farthest = str(buildings.ids[building[int(away.argmax())]])
    return InputError(Fault(TOO_WIDE, params={"width_km": width, "height_km": height, "id": farthest}))


def neighbours(reach_m: float) -> Neighbours:
    """Return the offsets of all cells that a circle of this radius may touch, sorted by distance."""
    return _cells_around(int(reach_m / CELL_M) + 2)


@lru_cache(maxsize=32)
def _cells_around(n: int) -> Neighbours:
    """Return the offsets of n cells each way; kept, since single cameras ask for the same few again and again."""
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


class Parts(NamedTuple):
    """Polygons as plain arrays: corners of closed rings, the first corner of each ring, the first ring of each part."""

    corner: FloatArray
    ring_start: IntArray
    part_ring: IntArray
    building: IntArray


def parts_of(polygons: ObjectArray) -> Parts:
    """Return polygons and the parts of multipolygons; empty ones are left out."""
    if not len(polygons):
        none, start = np.empty(0, np.int64), np.zeros(1, np.int64)
        return Parts(np.empty((0, 2)), start, start, none)
    _, corner, offsets = shapely.to_ragged_array(polygons, include_z=False)
    ring_start, part_ring, *whole = (np.asarray(one, np.int64) for one in offsets)
    building = np.repeat(np.arange(len(polygons)), np.diff(whole[0])) if whole else np.arange(len(polygons))
    filled = np.diff(part_ring) > 0
    return Parts(corner, ring_start, np.r_[part_ring[:-1][filled], part_ring[-1]], building[filled])


def circles_of(parts: Parts) -> FloatArray:
    """Return a bounding circle of each part: x, y, radius."""
    first = parts.ring_start[parts.part_ring[:-1]]
    count = np.diff(np.r_[first, len(parts.corner)])
    middle = (np.minimum.reduceat(parts.corner, first) + np.maximum.reduceat(parts.corner, first)) / 2.0
    away = np.hypot(*(parts.corner - np.repeat(middle, count, axis=0)).T)
    return np.column_stack((middle, np.maximum.reduceat(away, first)))


def cell_circles(circle: FloatArray, start: IntArray) -> FloatArray:
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


def corners_of(parts: Parts, order: IntArray) -> tuple[IntArray, IntArray, FloatArray]:
    """Return the rings of each part in this order, the corners of each ring (not closed), and the corners."""
    rings = np.diff(parts.part_ring)[order]
    ring = _spans(parts.part_ring[:-1][order], rings)
    count = np.diff(parts.ring_start)[ring] - 1
    start = np.repeat(parts.ring_start[ring], count)
    nth = _spans(np.zeros(len(ring), np.int64), count)
    backwards = np.repeat(_turned(parts)[ring], count)
    corner = parts.corner[np.where(backwards, start + np.repeat(count, count) - nth, start + nth)]
    return np.r_[0, np.cumsum(rings)], np.r_[0, np.cumsum(count)], np.ascontiguousarray(corner)


def _turned(parts: Parts) -> BoolArray:
    """Return which rings have the solid on their right: shells that run clockwise, courtyards that do not."""
    x, y = (parts.corner - np.repeat(parts.corner[parts.ring_start[:-1]], np.diff(parts.ring_start), axis=0)).T
    doubled = np.add.reduceat(np.r_[x[:-1] * y[1:] - x[1:] * y[:-1], 0.0], parts.ring_start[:-1])
    is_shell = np.zeros(len(doubled), bool)
    is_shell[parts.part_ring[:-1]] = True
    return np.asarray((doubled > 0.0) != is_shell)


def _spans(start: IntArray, count: IntArray) -> IntArray:
    """Return start, start + 1 ... of each span, one after the other."""
    return np.repeat(start - np.cumsum(count) + count, count) + np.arange(count.sum())
