"""The city as sight needs it: footprints as prisms, with a tree to find those that a view can meet."""

import math
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise
from typing import TypeVar

import numpy as np
import shapely
from numpy.typing import NDArray

from lhasaplan.core.base.arrays import BoolArray, FloatArray, IntArray, ObjectArray
from lhasaplan.core.city.floor_plans import NO_PLAN, FloorPlan
from lhasaplan.core.model.layer import Buildings
from lhasaplan.core.sight.obstacles.building_index import (
    CELL_M,
    Parts,
    TownIndex,
    build_index,
    cell_circles,
    circles_of,
    corners_of,
    parts_of,
)
from lhasaplan.core.sight.obstacles.relief import Relief, level_relief
from lhasaplan.core.sight.obstacles.standing import stand_on

Scalar = TypeVar("Scalar", bound=np.generic)


@dataclass(frozen=True, eq=False)
class Scene:
    """Buildings prepared for sight; made once, used by every view. What only the plain method asks is made when it asks.

    Parameters
    ----------
    index : the prisms for the kernels.
    relief : the ground; level unless given.
    is_raised : shape (B,); decks and roofs with a base above the ground.
    floor : walls inside buildings, which hide from indoor views alone; none unless given.
    """

    buildings: Buildings
    index: TownIndex
    relief: Relief
    is_raised: BoolArray
    floor: FloorPlan = NO_PLAN

    @cached_property
    def tree(self) -> shapely.STRtree:
        """The footprints by place."""
        tree = shapely.STRtree(self.buildings.polygons)
        tree.query(shapely.box(0, 0, 1, 1))  # a tree is built at the first question, which two threads must not ask at once
        return tree


def make_scene(buildings: Buildings, relief: Relief | None = None) -> Scene:
    """Return the buildings with their index, set on the relief if there is one.

    Over relief all heights (lens, targets at points) are above the datum, and fields are of targets above the ground.
    """
    is_raised, ground = buildings.base_m > 0.0, relief or level_relief()
    buildings = stand_on(buildings, ground)
    return Scene(buildings, build_index(buildings), ground, is_raised)


def walls_of(polygons: ObjectArray) -> tuple[FloatArray, IntArray]:
    """Return every wall, courtyards included, as x1 y1 x2 y2, shape (W, 4), and the polygon that each belongs to."""
    parts, part_owner = shapely.get_parts(polygons, return_index=True)
    rings, ring_part = shapely.get_rings(parts, return_index=True)
    corners, ring = shapely.get_coordinates(rings, return_index=True)
    joined = ring[1:] == ring[:-1]
    owner = part_owner[ring_part[ring[:-1][joined]]] if len(ring) else np.empty(0, np.int64)
    walls = np.c_[corners[:-1], corners[1:]][joined] if len(ring) else np.empty((0, 4))
    return walls, owner.astype(np.int64)


# A scene after one of its prisms changed, came or went, without looking at the others.


# The index of a town after one of its buildings changed: only its own parts and the cells that they lie in are touched.
def with_building_indexed(index: TownIndex, buildings: Buildings, number: int) -> TownIndex:
    """Return the index of buildings of which one differs from those that the index was made of, or is one more at the end.

    The answers are those of :func:`build_index`; so are the arrays, unless the building decides how far the grid reaches.
    """
    new = parts_of(buildings.polygons[number : number + 1])
    circle = circles_of(new)
    cell = _cells_of(circle, index)
    kept = index.building != number
    if cell is None or not len(kept) or not (kept.any() or len(cell)):
        return build_index(buildings)
    order, cells = _order(index, kept, cell, number)
    counts = np.diff(index.cell_start)
    np.subtract.at(counts, _cell_of_parts(index)[~kept], 1)
    np.add.at(counts, cell, 1)
    start = np.r_[0, np.cumsum(counts)]
    heights = np.full((len(circle), 2), (buildings.base_m[number], buildings.top_m[number]))
    part = np.concatenate((index.part, np.column_stack((circle, heights))))[order]
    around = _around(index.cell_circle, part, start, cells)
    spread = CELL_M * math.sqrt(0.5) + float(part[:, 2].max())
    building = np.r_[index.building, np.full(len(circle), number)][order]
    rings = _spliced(index, new, order)
    return TownIndex(
        index.origin, index.size, start, around, part, building, *rings, float(around[:, 2].max()), spread
    )  # fmt: skip


def _cells_of(circle: FloatArray, index: TownIndex) -> IntArray | None:
    """Return the cell of each circle's middle; None where one lies beyond the grid."""
    at = (circle[:, :2] - index.origin) / CELL_M
    if (at < 0.0).any() or (at >= index.size).any():
        return None
    column, row = at.astype(np.int64).T
    return np.asarray(row * index.size[0] + column, np.int64)


def _cell_of_parts(index: TownIndex) -> IntArray:
    return np.repeat(np.arange(len(index.cell_start) - 1), np.diff(index.cell_start))


def _order(index: TownIndex, kept: BoolArray, cell: IntArray, number: int) -> tuple[IntArray, IntArray]:
    """Return old and new parts, the new ones counted on, by cell and building, and the cells that lost or won one."""
    cells = _cell_of_parts(index)
    touched = np.unique(np.r_[cells[~kept], cell])
    old, new = np.flatnonzero(kept), np.argsort(cell, kind="stable")
    step = int(max(index.building.max(initial=0), number)) + 1
    at = np.searchsorted(cells[old] * step + index.building[old], cell[new] * step + number)
    return np.insert(old, at, len(kept) + new), touched


def _around(before: FloatArray, part: FloatArray, start: IntArray, cells: IntArray) -> FloatArray:
    """Return the circles around cells, those of some cells drawn anew."""
    around = before.copy()
    for cell in cells.tolist():
        inside = part[start[cell] : start[cell + 1], :3]
        around[cell] = cell_circles(inside, np.array([0, len(inside)]))[0]
    return around


def _spliced(index: TownIndex, new: Parts, order: IntArray) -> tuple[IntArray, IntArray, FloatArray]:
    """Return rings and corners in the order of old and new parts, copied in as few runs as there are."""
    part_ring, ring_start, corner = corners_of(new, np.arange(len(new.building)))
    rings = np.r_[index.part_ring, index.part_ring[-1] + part_ring[1:]]
    starts = np.r_[index.ring_start, index.ring_start[-1] + ring_start[1:]]
    corners = (index.corner, corner)
    breaks = np.r_[0, np.flatnonzero(np.diff(order) != 1) + 1, len(order)]
    runs = [(order[a], order[b - 1] + 1) for a, b in pairwise(breaks)] if len(order) else []
    counts = np.concatenate([np.diff(starts[rings[a] : rings[b] + 1]) for a, b in runs])
    copied = [_between(corners, starts[rings[a]], starts[rings[b]]) for a, b in runs]
    return np.r_[0, np.cumsum(np.diff(rings)[order])], np.r_[0, np.cumsum(counts)], np.ascontiguousarray(np.concatenate(copied))


def _between(corners: tuple[FloatArray, FloatArray], first: int, last: int) -> FloatArray:
    """Return the corners from first to last of two arrays laid end to end; a run may cross from one into the other."""
    old, new = corners
    whole = len(old)
    if last <= whole:
        return old[first:last]
    if first >= whole:
        return new[first - whole : last - whole]
    return np.concatenate((old[first:], new[: last - whole]))


def with_prism(scene: Scene, prism: Buildings, number: int, is_inserted: bool = False) -> Scene:
    """Return the scene with another prism (one, heights above its ground) under a number, or one more at the end.

    ``is_inserted`` puts it before the one that has the number now. Everything that the scene answers is what one made of all
    prisms would answer; walls of floor plans stay where they are.
    """
    standing, index = stand_on(prism, scene.relief), scene.index
    buildings, raised = scene.buildings, scene.is_raised
    if is_inserted:
        buildings, raised = _with_gap(buildings, standing, number), np.insert(raised, number, False)
        index = index._replace(building=index.building + (index.building >= number))
    buildings = put_building(buildings, standing, number)
    raised = _put(raised, number, prism.base_m[0] > 0.0)
    return replace(scene, buildings=buildings, index=with_building_indexed(index, buildings, number), is_raised=raised)


def _with_gap(before: Buildings, one: Buildings, number: int) -> Buildings:
    """Return the buildings with room for one more under a number."""
    names = ("ids", "polygons", "base_m", "top_m", "height_source")
    ids, polygons, base, top, source = (np.insert(getattr(before, name), number, getattr(one, name)[0]) for name in names)
    return Buildings(ids, polygons, base, top, source, (*before.tags[:number], one.tags[0], *before.tags[number:]))


def put_building(before: Buildings, one: Buildings, number: int) -> Buildings:
    """Return the buildings with another one under a number, or one more at the end."""
    tags = before.tags
    if number == len(before):
        tags = (*tags, one.tags[0])
    elif tags[number] is not one.tags[0]:
        tags = (*tags[:number], one.tags[0], *tags[number + 1 :])
    return Buildings(
        _put(before.ids, number, one.ids[0]),
        _put(before.polygons, number, one.polygons[0]),
        _put(before.base_m, number, one.base_m[0]),
        _put(before.top_m, number, one.top_m[0]),
        _put(before.height_source, number, one.height_source[0]),
        tags,
    )


def _put(column: NDArray[Scalar], number: int, value: object) -> NDArray[Scalar]:
    """Return a copy of a column with another value in one row, which may be the next after the last."""
    longer = np.empty(max(len(column), number + 1), column.dtype)
    longer[: len(column)] = column
    longer[number] = value
    return longer
