"""Whether a part stands at the wall of a protected place: a door there is its door, a strip along it asks for the wall."""

import shapely

from lhasaplan.core.candidates.part_shapes import extent_m
from lhasaplan.core.demand.neighbourhood import footprint
from lhasaplan.core.model.place import DRAWN_SOURCE, Part
from lhasaplan.core.protection.ground import ProtectedGround

AT_WALL_M = 0.3
ALONG_WALL_M = 1.0
HALF = 0.5


def is_at_a_protected_door(part: Part, ground: ProtectedGround, spared: str = "") -> bool:
    """Say whether a part before a door stands mostly at the wall of a known protected place: the door is that place's.

    The half disc before a door lies along the wall with its diameter, its longest side. Places of the spared kind, unless they
    hide nobody, have doors at which such a part may stand.
    """
    if part.shape != "point":
        return False
    at_wall = shapely.buffer(part.geometry, AT_WALL_M)
    walls = ground.walls(at_wall, spared)
    return float(shapely.length(shapely.intersection(walls, at_wall))) > HALF * extent_m(part.geometry)


def is_along_a_protected_wall(part: Part, ground: ProtectedGround) -> bool:
    """Say whether a part that a person drew lies with more than half of it before the walls of known protected places.

    What a map has there, a stop or a crossing, is where it is; a strip that is drawn along a wall asks for the wall.
    """
    if part.source != DRAWN_SOURCE:
        return False
    shape = footprint(part)
    strip = shapely.buffer(ground.walls(shapely.buffer(shape, ALONG_WALL_M)), ALONG_WALL_M)
    return bool(shapely.area(shapely.intersection(strip, shape)) > HALF * shapely.area(shape))
