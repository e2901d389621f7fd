"""The city as sight needs it: footprints as prisms in a tree to find those that a view can meet, and walls indoors."""

from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from lhasaplan.core.base.arrays import BoolArray, FloatArray, IntArray, ObjectArray, slices
from lhasaplan.core.city.building_heights import NO_PLAN, FloorPlan
from lhasaplan.core.model.camera import Mount, View
from lhasaplan.core.model.layer import Buildings
from lhasaplan.core.sight.obstacles.building_index import (
    TownIndex,
    build_index,
    stand_on,
)
from lhasaplan.core.sight.obstacles.relief import Relief, level_relief

# The city as sight needs it: footprints as prisms, with a tree to find those that a view can meet.

# Of a union of shadows: without it GEOS may lose a piece of a sliver that lies along another, and all that it covers, in silence.
ROUND_M = 1e-9
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
    hidden = shapely.union_all(_shadows(view, scene.floor.walls_m[walls], footprint), grid_size=ROUND_M)
    return shapely.difference(footprint, hidden)


def wall_before(view: View, xy_m: FloatArray, scene: Scene) -> IntArray:
    """Return the first wall of the floor plan between an indoor lens and each point, shape (P,); NO_WALL where none is.

    Parameters
    ----------
    xy_m : shape (P, 2) or more columns, of which the first two count.
    """
    walls, first = _walls_of(view, scene.floor), np.full(len(xy_m), NO_WALL)
    if not len(walls):
        return first
    for part in slices(len(xy_m), max(1, MOST_CELLS // len(walls))):  # so that no table of points and walls is large
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
