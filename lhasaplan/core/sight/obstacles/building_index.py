"""Buildings on uneven ground, in a grid of bounding circles, so that a lens meets them near to far; points in a grid."""

import math
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

import numpy as np
import shapely

from lhasaplan.core.base.arrays import BoolArray, FloatArray, IntArray, ObjectArray, in_columns, order_of, slices
from lhasaplan.core.base.translations import marked
from lhasaplan.core.model.layer import Buildings
from lhasaplan.core.sight.obstacles.relief import FOUNDATION_M, Relief, ground_at
from lhasaplan.errors import Fault, InputError

# Points sorted into a grid, so that a view looks only at those around it.

LEAST_CELL_M = 16.0
MOST_CELLS_ACROSS = 2000
CELLS_A_POINT = 16.0  # about so many at most: a grid between few points far apart would cost more than they do


class Targets(NamedTuple):
    """Points by cell, row by row: those of neighbouring cells of a row follow each other.

    Parameters
    ----------
    xyz : shape (n, 3).   number : shape (n,); the caller's index of each point.
    cell_start : shape (columns * rows + 1,).   frame : x, y of the corner and the cell's width.
    """

    xyz: FloatArray
    number: IntArray
    cell_start: IntArray
    columns: int
    rows: int
    frame: FloatArray


def sort_targets(xyz_m: FloatArray) -> Targets:
    """Return at least one point in a grid whose cells are wide enough to be few."""
    x, y = np.ascontiguousarray(xyz_m[:, :2].T)  # column by column: numpy is slow at short rows
    corner = float(x.min()), float(y.min())
    wide_m, high_m = float(x.max()) - corner[0], float(y.max()) - corner[1]
    few_m = math.sqrt(wide_m * high_m / (CELLS_A_POINT * len(x)))
    width_m = max(LEAST_CELL_M, max(wide_m, high_m) / MOST_CELLS_ACROSS, few_m)
    column, row = (((at - low) / width_m).astype(np.int64) for at, low in zip((x, y), corner, strict=True))
    columns, rows = int(column.max()) + 1, int(row.max()) + 1
    cell = row * columns + column
    number = order_of(cell)
    start = np.r_[0, np.cumsum(np.bincount(cell, minlength=columns * rows))]
    return Targets(np.take(xyz_m, number, axis=0), number, start, columns, rows, np.array([*corner, width_m]))


# Buildings in a grid of bounding circles, so that a lens meets them near to far.

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
    cell_circle : shape (cells, 5); x, y, radius around all parts of a cell, its first part and the one after its last.
    part : shape (n, 8); x, y, radius of the bounding circle, base and top, and once more, so that one place in memory
        tells them: index of the part's building, first corner, and corners of its one ring, 0 where it has several.
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
    part_ring, ring_start, corner = corners_of(parts, order)
    first, rings = part_ring[:-1], np.diff(part_ring)
    corners = np.where(rings == 1, np.diff(ring_start)[first], 0)
    part = in_columns(*circle.T, buildings.base_m[building], buildings.top_m[building], building, ring_start[first], corners)
    around = cell_circles(circle, start)
    spread = CELL_M * math.sqrt(0.5) + float(circle[:, 2].max())
    return TownIndex(
        origin, size, start, around, part, building, part_ring, ring_start, corner, float(around[:, 2].max()), spread
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
    circle, part, corner = np.zeros((1, 5)), np.empty((0, 8)), np.empty((0, 2))
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
    """Return a circle around all parts of each cell, its first part and the one after its last; all 0 for an empty one."""
    around = np.zeros((len(start) - 1, 5))  # whose empty rows, most of a wide region, take no memory while nobody writes them
    full = np.flatnonzero(np.diff(start))
    first, count = start[full], np.diff(start)[full]
    low = np.minimum.reduceat(circle[:, :2] - circle[:, 2:3], first)
    high = np.maximum.reduceat(circle[:, :2] + circle[:, 2:3], first)
    middle = (low + high) / 2.0
    away = np.hypot(*(circle[:, :2] - np.repeat(middle, count, axis=0)).T) + circle[:, 2]
    around[full] = np.column_stack((middle, np.maximum.reduceat(away, first), first, first + count))
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


# Set buildings on uneven ground: each roof is flat, at the median ground under the footprint plus its height.

SAMPLES = ((256, 1024.0), (1024, 16384.0), (4096, np.inf))  # under each footprint, by the most cells that it covers
LINE_M, FEWEST_LINES, MOST_LINES = 0.5, 16, 512  # how far apart the lines that samples lie on run
SAMPLES_AT_ONCE = 1 << 20


def stand_on(buildings: Buildings, relief: Relief) -> Buildings:
    """Return the buildings set on the relief: heights above the datum instead of above the ground.

    Roofs are flat at the median ground under the footprint plus height. A base on the ground goes down into
    it, so that no line passes under a house on a slope; a raised base keeps its height above the median ground.
    """
    if not len(buildings) or relief.is_level:
        return buildings
    median = ground_under(buildings.polygons, relief)
    base = np.where(buildings.base_m > 0.0, buildings.base_m, -FOUNDATION_M) + median
    return Buildings(
        buildings.ids, buildings.polygons, base, buildings.top_m + median, buildings.height_source, buildings.tags
    )  # fmt: skip


def ground_under(polygons: ObjectArray, relief: Relief) -> FloatArray:
    """Return the median ground under each footprint, shape (B,); 0 for one without extent.

    Courtyards do not count. Samples lie evenly over the footprint, so that one smaller than a cell has them between the
    middles of cells, and corners count no more than any other ground. A footprint gives the same alone and in its town.
    """
    return _kept(_Asked(polygons, relief))


@dataclass(frozen=True, eq=False, slots=True)
class _Asked:
    """Footprints and ground as they are at hand: a town is set on its ground for lenses, walls and frontage alike."""

    polygons: ObjectArray
    relief: Relief

    def __hash__(self) -> int:
        return hash((id(self.polygons), id(self.relief.height)))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Asked) and self.polygons is other.polygons and self.relief.height is other.relief.height


@lru_cache(maxsize=4)
def _kept(asked: _Asked) -> FloatArray:
    cells = shapely.area(asked.polygons) / asked.relief.cell**2
    median, least = np.zeros(len(asked.polygons)), 0.0
    for samples, most in SAMPLES:
        some = np.flatnonzero((cells >= least) & (cells < most))
        for part in slices(len(some), SAMPLES_AT_ONCE // samples):
            rows = some[part]
            median[rows] = _medians(asked.polygons[rows], asked.relief, samples)
        least = most
    median.flags.writeable = False
    return median


def _medians(polygons: ObjectArray, relief: Relief, samples: int) -> FloatArray:
    """Return the median ground under some footprints from so many samples of each."""
    from lhasaplan.core.sight.obstacles.relief_lines import sample_under  # noqa: PLC0415  (numba is loaded when it is first needed)

    parts, bounds = parts_of(polygons), shapely.bounds(polygons)
    own = (np.searchsorted(parts.building, np.arange(len(polygons)), side=side) for side in ("left", "right"))
    # The first ring of each footprint and the one after its last.
    ring = np.ascontiguousarray(np.column_stack([parts.part_ring[end] for end in own]), np.int64)
    lines = np.clip(np.nan_to_num((bounds[:, 3] - bounds[:, 1]) / LINE_M), FEWEST_LINES, MOST_LINES).astype(np.int64)
    corners = np.diff(parts.ring_start[ring], axis=1)[:, 0]
    found, run = np.empty(int(corners.max(initial=0)) + 1), np.empty((int((lines * corners).max(initial=0)) // 2 + 1, 3))
    extent, height = bounds[:, 1::2].copy(), np.empty((len(polygons), samples))
    sample_under(ring, extent, lines, parts.ring_start, parts.corner, relief, found, run, height)
    return _without_lines(np.median(height, axis=1), polygons, relief)


def _without_lines(median: FloatArray, polygons: ObjectArray, relief: Relief) -> FloatArray:
    """Return the medians, those of footprints thinner than a hair from their corners, of empty ones as 0."""
    for row in np.flatnonzero(np.isnan(median)).tolist():
        x, y = shapely.get_coordinates(polygons[row]).T
        median[row] = np.median(ground_at(relief, x, y)) if len(x) else 0.0
    return median
