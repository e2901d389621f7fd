"""Whether parts stand at the doors of protected places or lie round homes: a ring round a house watches all of its doors."""

from collections.abc import Sequence

import shapely
from shapely.geometry.base import BaseGeometry

from lhasaplan.core.candidates.part_shapes import extent_m
from lhasaplan.core.demand.neighbourhood import footprint
from lhasaplan.core.model.place import DRAWN_SOURCE, Part
from lhasaplan.core.protection.ground import ProtectedGround

AT_WALL_M = 0.3
ALONG_WALL_M = 1.0
ROUND_M = 10.0
HALF = 0.5


def is_at_a_protected_door(part: Part, ground: ProtectedGround, spared: str = "") -> bool:
    """Say whether a part before a door stands mostly at the wall of a known protected place: the door is that place's.

    The half disc before a door lies along the wall with its diameter, its longest side. Places of the spared kind, unless they
    are discreet, have doors at which such a part may stand.
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


def is_round_homes(shapes: Sequence[BaseGeometry], ground: ProtectedGround) -> bool:
    """Say whether ground lies round a block of homes: on both sides of most of it, and before most of its outline.

    "On both sides" is what the hull of the ground takes in; a street that passes two sides of a corner house takes in half
    of it at most.
    """
    whole = shapely.union_all(shapes)
    near, hull = shapely.buffer(whole, ROUND_M), shapely.convex_hull(whole)
    blocks = shapely.get_parts(ground.homes(near))
    return any(_is_round(block, near, hull) for block in blocks[shapely.intersects(blocks, hull)])


def too_much_round_homes(parts: Sequence[Part], ground: ProtectedGround, public_ground: BaseGeometry) -> frozenset[int]:
    """Return the indices of parts to refuse, later ones first, so that those off the street do not lie round homes together."""
    taken: list[BaseGeometry] = []
    gone: set[int] = set()
    for number, part in enumerate(parts):
        shape = footprint(part)
        if part.question or part.indoor or _is_mostly_on(shape, public_ground):
            continue
        beside = [each for each in taken if shapely.dwithin(each, shape, 4 * ROUND_M)]
        if not is_round_homes([*beside, shape], ground):
            taken.append(shape)
        else:
            gone.add(number)
    return frozenset(gone)


def _is_round(block: BaseGeometry, near: BaseGeometry, hull: BaseGeometry) -> bool:
    outline = shapely.boundary(block)
    is_within = shapely.area(shapely.intersection(block, hull)) > HALF * shapely.area(block)
    return bool(is_within and shapely.length(shapely.intersection(outline, near)) > HALF * shapely.length(outline))


def _is_mostly_on(shape: BaseGeometry, public_ground: BaseGeometry) -> bool:
    return bool(shapely.area(shapely.intersection(shape, public_ground)) >= HALF * shapely.area(shape))
