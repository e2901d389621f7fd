"""The city as sight needs it: footprints as prisms in a tree to find those that a view can meet, and walls indoors."""

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise
from typing import TypeVar

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from lhasaplan.core.base.arrays import BoolArray, FloatArray, IntArray, ObjectArray
from lhasaplan.core.city.building_heights import NO_PLAN, FloorPlan
from lhasaplan.core.model.camera import Mount, View
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
    stand_on,
)
from lhasaplan.core.sight.obstacles.relief import Relief, level_relief

# The city as sight needs it: footprints as prisms, with a tree to find those that a view can meet.

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


# Walls of floor plans: what an indoor lens sees of its own building, from floor to ceiling.
#
# They hide in views of the building that they stand in and in no other; outdoor views never meet them.

ON_WALL_M = 1e-3  # a lens or a target this near to a wall hangs on it
NEAREST_M = 1e-2
MOST_CELLS = 1 << 20  # of a table of points and walls
NO_WALL = -1


def is_indoors(view: View) -> bool:
    """Return whether a view sees its own footprint only."""
    return view.mount is Mount.INDOOR and view.own_building >= 0


def open_floor(view: View, scene: Scene) -> BaseGeometry:
    """Return what an indoor view can see at most: its own footprint without what lies behind walls of the floor plan."""
    footprint: BaseGeometry = scene.buildings.polygons[view.own_building]
    walls = _walls_of(view, scene.floor)
    if not len(walls):
        return footprint
    return shapely.difference(footprint, shapely.union_all(_shadows(view, scene.floor.walls_m[walls], footprint)))


def wall_before(view: View, xy_m: FloatArray, scene: Scene) -> IntArray:
    """Return the first wall of the floor plan between an indoor lens and each point, shape (P,); NO_WALL where none is.

    Parameters
    ----------
    xy_m : shape (P, 2) or more columns, of which the first two count.
    """
    walls, first = _walls_of(view, scene.floor), np.full(len(xy_m), NO_WALL)
    if not len(walls):
        return first
    for part in _in_parts(len(xy_m), len(walls)):
        share = _crossed_at(view, xy_m[part, :2], scene.floor.walls_m[walls])
        nearest = share.argmin(axis=1)
        is_met = np.isfinite(share[np.arange(len(nearest)), nearest])
        first[part] = np.where(is_met, walls[nearest], NO_WALL)
    return first


def walls_before(view: View, scene: Scene) -> FloatArray:
    """Return the walls of the floor plan that may hide something from a view, shape (W, 4): x, y, x, y."""
    return np.reshape(scene.floor.walls_m[_walls_of(view, scene.floor)], (-1, 4))


def _walls_of(view: View, floor: FloorPlan) -> IntArray:
    """Return the walls that may hide something from a view: those of its building, on its level where both say one."""
    if not is_indoors(view) or not len(floor):
        return np.empty(0, np.int64)
    mine = np.flatnonzero(floor.building == view.own_building).tolist()
    return np.array([w for w in mine if _is_on_level(view, floor.levels[w])], np.int64)


def _is_on_level(view: View, levels: frozenset[float]) -> bool:
    """Return whether a wall may stand on the view's level: it does unless both say theirs and they differ."""
    return not (view.levels and levels) or not view.levels.isdisjoint(levels)


def _in_parts(points: int, walls: int) -> Iterator[slice]:
    """Yield runs of points, so that no table of points and walls is large."""
    step = max(1, MOST_CELLS // walls)
    yield from (slice(low, low + step) for low in range(0, points, step))


def _crossed_at(view: View, xy_m: FloatArray, walls_m: FloatArray) -> FloatArray:
    """Return at which share of the way from lens to point each wall is crossed, shape (P, W); infinite where it is not."""
    lens = np.array([view.x_m, view.y_m])
    way = xy_m[:, None, :] - lens
    a, b = walls_m[:, :2] - lens, walls_m[:, 2:] - lens
    side_a, side_b = _cross(way, a), _cross(way, b)
    with np.errstate(divide="ignore", invalid="ignore"):
        share = _cross(a, b - a) / _cross(way, b - a)
        slack = ON_WALL_M / np.hypot(way[..., 0], way[..., 1])
        is_crossed = ((side_a > 0.0) != (side_b > 0.0)) & (share > slack) & (share < 1.0 - slack)
    return np.where(is_crossed, share, np.inf)


def _cross(a: FloatArray, b: FloatArray) -> FloatArray:
    return np.asarray(a[..., 0] * b[..., 1] - a[..., 1] * b[..., 0])


def _shadows(view: View, walls_m: FloatArray, footprint: BaseGeometry) -> FloatArray:
    """Return what each wall hides: the quadrilateral from it to far beyond the footprint, exact at its ends."""
    lens = np.array([view.x_m, view.y_m])
    a, b = walls_m[:, :2] - lens, walls_m[:, 2:] - lens
    away = shapely.distance(shapely.linestrings(np.stack((a, b), axis=1)), shapely.Point(0.0, 0.0))
    is_apart = (away > ON_WALL_M) & (np.abs(_cross(a, b)) > 1e-12)
    a, b = a[is_apart], b[is_apart]
    west, south, east, north = footprint.bounds
    far = (3.0 * np.hypot(east - west, north - south) / np.maximum(away[is_apart], NEAREST_M) + 1.0)[:, None]
    return np.asarray(shapely.polygons(np.stack((a, b, b * far, a * far, a), axis=1) + lens))
