"""Tell what of the ground in view nobody mapped: no building is near, and nobody knows what hides it.

Where no building is within 100 m the map was cut, or never drawn, and a camera's field is the bare disc of its lens.
"""

from collections.abc import Sequence

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from lhasaplan.core.audit.camera_results import SeenGround
from lhasaplan.core.base.arrays import BoolArray, IntArray, ObjectArray
from lhasaplan.core.model.layer import Buildings

MAPPED_M = 100.0  # in a street there is a building at less
CELL_M = 20.0  # ground is judged by the middles of such squares
GROUNDS_AT_ONCE = 256


def not_mapped(grounds: Sequence[SeenGround], buildings: Buildings) -> list[BaseGeometry | None]:
    """Return of each ground what is not mapped, None where all of it is."""
    every = np.zeros((0, 2), np.int64)
    for low in range(0, len(grounds), GROUNDS_AT_ONCE):  # squares of neighbours are mostly the same
        cells = [_cells_of(ground.seen) for ground in grounds[low : low + GROUNDS_AT_ONCE]]
        every = _each_once(np.concatenate([every, *cells]))
    bare = every[~_is_mapped(every, buildings)]
    if not len(bare):
        return [None] * len(grounds)
    known = shapely.STRtree(_strips(bare))
    return [_not_mapped(ground, known) for ground in grounds]


def _cells_of(seen: BaseGeometry) -> IntArray:
    """Return the squares that the box around a ground meets, shape (n, 2)."""
    if seen.is_empty:
        return np.zeros((0, 2), np.int64)
    west, south, east, north = np.floor(np.array(seen.bounds) / CELL_M).astype(np.int64)
    return np.mgrid[west : east + 1, south : north + 1].reshape(2, -1).T


def _each_once(cells: IntArray) -> IntArray:
    """Return the squares, each once, row by row from south to north and in each from west to east."""
    order = np.lexsort((cells[:, 0], cells[:, 1]))
    cells = cells[order]
    is_new = np.append(True, (np.diff(cells, axis=0) != 0).any(axis=1))[: len(cells)]
    return np.asarray(cells[is_new], np.int64)


def _strips(cells: IntArray) -> ObjectArray:
    """Return squares that follow each other from west to east as one box: there are far fewer of these."""
    opens = np.append(True, (np.diff(cells[:, 1]) != 0) | (np.diff(cells[:, 0]) != 1))
    first, last = np.flatnonzero(opens), np.append(np.flatnonzero(opens)[1:], len(cells)) - 1
    boxes: ObjectArray = shapely.box(*(cells[first] * CELL_M).T, *((cells[last] + 1) * CELL_M).T)
    return boxes


def _is_mapped(cells: IntArray, buildings: Buildings) -> BoolArray:
    """Return which squares have a building within 100 m of their middle, shape (n,)."""
    near = np.zeros(len(cells), bool)
    if len(buildings) and len(cells):
        middles = shapely.points((cells + 0.5) * CELL_M)
        tree = shapely.STRtree(buildings.polygons)
        near[tree.query_nearest(middles, max_distance=MAPPED_M, all_matches=False)[0]] = True
    return near


def _not_mapped(ground: SeenGround, bare: shapely.STRtree) -> BaseGeometry | None:
    seen = ground.seen
    met = bare.query(seen)
    left = shapely.intersection(seen, shapely.union_all(bare.geometries[met])) if len(met) else None
    return left if left is not None and left.area > 0.0 else None
