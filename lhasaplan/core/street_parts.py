"""The few parts that may lie in the carriageway before a church or in the street on hospital ground: crossings and stops."""

from collections.abc import Mapping, Sequence

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from lhasaplan.core.arrays import ObjectArray
from lhasaplan.core.layer import Layer, Tags
from lhasaplan.core.place import Part
from lhasaplan.core.quarter import footprint
from lhasaplan.core.street_widths import CLOSED, SHIPPED, StreetWidths, is_open_way, is_public, surfaces

STREET = "street"  # what ``ProtectedGround`` leaves out for them
STREET_PARTS = frozenset({"crossing", "boarding_area", "platform_edge"})
STREET_PARTS_MOST_M = 40.0  # a crossing or a stop; what is longer fills the street
# Before one place they together take at most this share of the carriageway: a street before a church is not watched whole.
SHARE_OF_STREET = 0.5
MOST_CARRIAGEWAY_M = 13.0  # four lanes; whatever a tag says, what is wider is a square
_DRIVEN = frozenset({"motorway", "trunk", "primary", "secondary", "tertiary", "unclassified", "residential", "living_street"})
_NOT_DRIVEN_BY_ALL = ("motor_vehicle", "vehicle")


def may_use_the_street(part: Part) -> bool:
    """Say whether a part may lie in the street before a protected place: made of a mapped crossing or stop, not by hand."""
    return part.kind in STREET_PARTS and bool(part.source) and part.source != "hand" and bool(part.pack)


def is_driven_by_all(tags: Tags) -> bool:
    """Say whether a feature is a street under the sky that the public drives on; no service road, no lane across a square."""
    is_street = tags.get("highway", "").removesuffix("_link") in _DRIVEN and is_open_way(tags) and is_public(tags)
    return is_street and all(tags.get(key, "yes") not in CLOSED for key in _NOT_DRIVEN_BY_ALL)


class Streets:
    """Carriageways, and streets with their pavements, of all that the public drives on; without any square or walked area."""

    def __init__(self, layers: Mapping[str, Layer], widths: StreetWidths = SHIPPED) -> None:
        rows = [row for layer in layers.values() for row in zip(layer.geometry, layer.tags, strict=True) if "highway" in row[1]]
        driven = [(line, tags) for line, tags in rows if is_driven_by_all(tags) and shapely.get_dimensions(line) == 1]
        lines = np.array([*(line for line, _ in driven), None], object)[:-1]
        carriageway_m = np.array([min(widths.carriageway_m(tags), MOST_CARRIAGEWAY_M) for _, tags in driven], float)
        self._carriageways = shapely.STRtree(surfaces(lines, carriageway_m))
        self._streets = shapely.STRtree(surfaces(lines, carriageway_m + widths.pavements_m) if len(lines) else lines)
        walked = [
            g for layer in layers.values() for g, tags in zip(layer.geometry, layer.tags, strict=True) if _is_square(g, tags)
        ]
        self._squares = shapely.STRtree(np.array([*walked, None], object)[:-1])

    def carriageway(self, ground: BaseGeometry) -> BaseGeometry:
        """Return what of a ground is carriageway."""
        return self._of(self._carriageways, ground)

    def street(self, ground: BaseGeometry) -> BaseGeometry:
        """Return what of a ground is street, pavements included."""
        return self._of(self._streets, ground)

    def _of(self, tree: shapely.STRtree, ground: BaseGeometry) -> BaseGeometry:
        if ground.is_empty:
            return ground
        found = shapely.intersection(ground, shapely.union_all(_touching(tree, ground)))
        return found if found.is_empty else shapely.difference(found, shapely.union_all(_touching(self._squares, ground)))


def _touching(tree: shapely.STRtree, ground: BaseGeometry) -> ObjectArray:
    found: ObjectArray = tree.geometries[tree.query(ground, predicate="intersects")]
    return found


def _is_square(geometry: BaseGeometry | None, tags: Tags) -> bool:
    """Say whether people walk and stand there: a square, a pedestrian area."""
    is_named = tags.get("place") == "square" or "highway" in tags
    return geometry is not None and is_named and bool(shapely.get_dimensions(geometry) == 2)


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
