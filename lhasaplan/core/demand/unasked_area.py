"""Compute ground in view that no part asks for, and ground in view that is not mapped."""

from collections.abc import Sequence

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from lhasaplan.core.base.arrays import BoolArray, FloatArray, IntArray, ObjectArray
from lhasaplan.core.base.batching import in_threads
from lhasaplan.core.base.progress import Progress, no_progress
from lhasaplan.core.context.reference_data import SEEN_PX_M
from lhasaplan.core.results.assessment import Field
from lhasaplan.core.sight.visibility.density_bands import DensityBands, areas_only

# Tell what of the ground in view nobody mapped: no building is near, and nobody knows what hides it.
#
# Where no building is within 100 m the map was cut, or never drawn, and a camera's field is the bare disc of its lens.

MAPPED_M = 100.0  # in a street there is a building at less
CELL_M = 20.0  # ground is judged by the middles of such squares
SETTLED_BY_M = 115.0  # a building farther from ground than this says nothing of it: 100 m and half the diagonal of a square
SHAPES_AT_ONCE = 256
APART = 1 << 32  # between the numbers of squares above each other: more than there are beside each other on earth


def not_mapped(shapes: Sequence[BaseGeometry], buildings: shapely.STRtree) -> list[BaseGeometry | None]:
    """Return of the ground in each shape what is not mapped, None where all of it is."""
    found: list[BaseGeometry | None] = []
    for low in range(0, len(shapes), SHAPES_AT_ONCE):
        some = shapes[low : low + SHAPES_AT_ONCE]
        own = [_cells_of(shape) for shape in some]
        cells = np.concatenate([np.zeros((0, 2), np.int64), *own])
        _, first, which = np.unique(cells[:, 1] * APART + cells[:, 0], return_index=True, return_inverse=True)
        is_bare = ~_is_mapped(cells[first], buildings)[which]  # squares of neighbours are mostly the same
        ends = np.cumsum([len(cells) for cells in own])[:-1]
        found += [_not_mapped(shape, cells[bare]) for shape, cells, bare in zip(some, own, np.split(is_bare, ends), strict=True)]
    return found


def are_mapped(xy_m: FloatArray, buildings: shapely.STRtree) -> BoolArray:
    """Return which places, shape (n, 2), lie in a square that counts as mapped."""
    cells = np.floor(xy_m / CELL_M).astype(np.int64)
    _, first, which = np.unique(cells[:, 1] * APART + cells[:, 0], return_index=True, return_inverse=True)
    return _is_mapped(cells[first], buildings)[which]


def without(ground: BaseGeometry, bare: BaseGeometry | None) -> BaseGeometry:
    """Return the part of a ground that is mapped; the very same ground where all of it is."""
    return ground if bare is None else areas_only(shapely.difference(ground, bare))


def together(bare: Sequence[BaseGeometry | None]) -> BaseGeometry | None:
    """Return the unmapped ground of several grounds as one; None where all of them are mapped."""
    left = [each for each in bare if each is not None]
    if len(left) < 2:
        return left[0] if left else None
    return shapely.union_all(left)


def _cells_of(seen: BaseGeometry) -> IntArray:
    """Return the squares that the box around a ground meets, row by row and in each from west to east, shape (n, 2)."""
    if seen.is_empty:
        return np.zeros((0, 2), np.int64)
    west, south, east, north = np.floor(np.array(seen.bounds) / CELL_M).astype(np.int64)
    row, column = np.mgrid[south : north + 1, west : east + 1].reshape(2, -1)
    return np.column_stack((column, row))


def _strips(cells: IntArray) -> ObjectArray:
    """Return squares that follow each other from west to east as one box: there are far fewer of these."""
    opens = np.append(True, (np.diff(cells[:, 1]) != 0) | (np.diff(cells[:, 0]) != 1))
    first, last = np.flatnonzero(opens), np.append(np.flatnonzero(opens)[1:], len(cells)) - 1
    boxes: ObjectArray = shapely.box(*(cells[first] * CELL_M).T, *((cells[last] + 1) * CELL_M).T)
    return boxes


def _is_mapped(cells: IntArray, buildings: shapely.STRtree) -> BoolArray:
    """Return which squares have a building within 100 m of their middle, shape (n,)."""
    near = np.zeros(len(cells), bool)
    if len(buildings) and len(cells):
        middles = shapely.points((cells + 0.5) * CELL_M)
        near[buildings.query_nearest(middles, max_distance=MAPPED_M, all_matches=False)[0]] = True
    return near


def _not_mapped(shape: BaseGeometry, bare: IntArray) -> BaseGeometry | None:
    """Return what of a shape lies in these squares: the same to the last digit whatever other shapes are asked about with it."""
    if not len(bare):
        return None
    left: BaseGeometry = areas_only(shapely.intersection(shape, shapely.union_all(_strips(bare))))
    return None if left.is_empty else left


# Ground that a camera can see at 25 px/m or better and that no part it serves asks for.

_SLIVER_M2 = 0.01
_CAMERAS_A_BATCH = 32


def ground_seen(field: Field | None, density_px_m: float = SEEN_PX_M) -> shapely.Geometry:
    """Return the ground that a field shows at a density or better, by its bands.

    A density between two bands is taken at the finer one: never more than what is really seen.
    """
    if field is None:
        return shapely.MultiPolygon()
    if isinstance(field.bands, DensityBands):
        return field.bands.at_least(density_px_m)
    bands = [band for lower, band in field.bands if lower >= density_px_m - 1e-9]
    # Bands are disjoint pieces of the field: where they fill it, it is their union, without the cost of joining them.
    if len(bands) == len(field.bands) and sum(band.area for band in bands) >= field.area_m2 - _SLIVER_M2:
        return field.geometry
    return bands[0] if len(bands) == 1 else shapely.union_all(bands)


def unasked_ground(ground: shapely.Geometry, asked: Sequence[shapely.Geometry], distance_m: float) -> shapely.Geometry:
    """Return the ground farther than ``distance_m`` from every part; all of it without parts."""
    if not len(asked):
        return ground
    return shapely.difference(ground, shapely.union_all(shapely.buffer(list(asked), distance_m, quad_segs=16)))


def unasked_grounds(
    grounds: ObjectArray, asked: Sequence[Sequence[shapely.Geometry]], distance_m: float, progress: Progress = no_progress
) -> ObjectArray:
    """Return the ground of each camera farther than ``distance_m`` from every part that it serves."""
    found = grounds.copy()
    serving = [c for c, parts in enumerate(asked) if len(parts)]
    jobs = [serving[low : low + _CAMERAS_A_BATCH] for low in range(0, len(serving), _CAMERAS_A_BATCH)]

    def cut(cameras: list[int]) -> None:
        for c in cameras:
            found[c] = unasked_ground(grounds[c], asked[c], distance_m)

    if jobs:
        in_threads(cut, jobs, progress)
    return found
