"""Streets that the public drives on under the sky: their carriageways, and the ground that they take with pavements."""

from collections.abc import Mapping

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from lhasaplan.core.base.arrays import BoolArray, ObjectArray
from lhasaplan.core.city.street_widths import CLOSED, SHIPPED, StreetWidths, is_open_way, is_public, surfaces
from lhasaplan.core.model.layer import Layer, Tags

STREET = "street"  # what ``ProtectedGround`` leaves out for them
MOST_CARRIAGEWAY_M = 13.0  # four lanes; whatever a tag says, what is wider is a square
_CROSSED_M = 2.0
_DRIVEN = frozenset({"motorway", "trunk", "primary", "secondary", "tertiary", "unclassified", "residential", "living_street"})
_NOT_DRIVEN_BY_ALL = ("motor_vehicle", "vehicle")


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

    def is_crossed_by(self, lines: ObjectArray) -> BoolArray:
        """Return which lines lead over a carriageway, 2 m of it or more."""
        line, way = self._carriageways.query(lines, predicate="intersects")
        on_m = shapely.length(shapely.intersection(lines[line], self._carriageways.geometries[way]))
        crossed = np.zeros(len(lines), bool)
        crossed[line[on_m >= _CROSSED_M]] = True
        return crossed

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
