"""The few parts that may lie in the carriageway before a church or in the street on hospital ground: crossings and stops."""

from collections.abc import Sequence

import shapely
from shapely.geometry.base import BaseGeometry

from lhasaplan.core.demand.neighbourhood import footprint
from lhasaplan.core.model.place import Part

STREET_PARTS = frozenset({"crossing", "boarding_area", "platform_edge"})
STREET_PARTS_MOST_M = 40.0  # a crossing or a stop; what is longer fills the street
# Before one place they together take at most this share of the carriageway: a street before a church is not watched whole.
SHARE_OF_STREET = 0.5


def may_use_the_street(part: Part) -> bool:
    """Say whether a part may lie in the street before a protected place: made of a mapped crossing or stop, not by hand."""
    return part.kind in STREET_PARTS and bool(part.source) and part.source != "hand" and bool(part.pack)


def too_much_in_the_street(parts: Sequence[Part], streets: Sequence[BaseGeometry]) -> frozenset[int]:
    """Return the indices of parts to refuse, later ones first, so that each of some streets is taken by half at most.

    One part is always allowed before a place.
    """
    tree, taken, gone = shapely.STRtree(streets), dict[int, list[BaseGeometry]](), set[int]()
    for number, part in enumerate(parts):
        if not may_use_the_street(part) or part.question or part.indoor:
            continue
        ground = footprint(part)
        found = tree.query(ground, predicate="intersects").tolist()
        if any(_is_too_much([*taken[place], ground], streets[place]) for place in found if place in taken):
            gone.add(number)
            continue
        for place in found:
            taken.setdefault(place, []).append(ground)
    return frozenset(gone)


def _is_too_much(grounds: Sequence[BaseGeometry], street: BaseGeometry) -> bool:
    covered = shapely.intersection(shapely.union_all(grounds), street)
    return bool(shapely.area(covered) > SHARE_OF_STREET * shapely.area(street))
