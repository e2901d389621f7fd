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


def not_mapped(grounds: Sequence[SeenGround], buildings: Buildings) -> list[BaseGeometry | None]:
    """Return of each ground what is not mapped, None where all of it is."""
    cells = [_cells_of(ground.seen) for ground in grounds]
    every = np.unique(np.concatenate([np.zeros((0, 2), np.int64), *cells]), axis=0)
    bare = every[~_is_mapped(every, buildings)]
    if not len(bare):
        return [None] * len(grounds)
    known = shapely.STRtree(_squares(bare))
    return [_not_mapped(ground, known) for ground in grounds]


def _cells_of(seen: BaseGeometry) -> IntArray:
    """Return the squares that the box around a ground meets, shape (n, 2)."""
    if seen.is_empty:
        return np.zeros((0, 2), np.int64)
    west, south, east, north = np.floor(np.array(seen.bounds) / CELL_M).astype(np.int64)
    return np.mgrid[west : east + 1, south : north + 1].reshape(2, -1).T


def _squares(cells: IntArray) -> ObjectArray:
    boxes: ObjectArray = shapely.box(*(cells * CELL_M).T, *((cells + 1) * CELL_M).T)
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
