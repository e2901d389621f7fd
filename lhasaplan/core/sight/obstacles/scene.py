"""The city as sight needs it: footprints as prisms, with a tree to find those that a view can meet."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import shapely

from lhasaplan.core.base.arrays import BoolArray, FloatArray, IntArray, ObjectArray
from lhasaplan.core.city.floor_plans import NO_PLAN, FloorPlan
from lhasaplan.core.model.layer import Buildings
from lhasaplan.core.sight.obstacles.building_index import TownIndex, build_index
from lhasaplan.core.sight.obstacles.relief import Relief, level_relief
from lhasaplan.core.sight.obstacles.standing import stand_on


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
