"""Name a location by its nearest street, longitude and latitude."""

from collections.abc import Iterator, Sequence

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from lhasaplan.core.base.arrays import ObjectArray
from lhasaplan.core.base.crs import Crs
from lhasaplan.core.model.drawn_tags import is_drawn
from lhasaplan.core.model.layer import Layer

NEAR_M = 250.0  # a street farther off says nothing of where a thing lies
_STREETS = frozenset(
    ("motorway", "trunk", "primary", "secondary", "tertiary", "unclassified", "residential", "living_street", "pedestrian")
)


class NearestStreet:
    """Finds the named street that lies nearest; a path or a drive often bears the name of the place that it leads to."""

    def __init__(self, roads: Layer | None, crs: Crs | None) -> None:
        rows = list(named_streets(roads)) if roads is not None else []
        shapes: ObjectArray = np.array([*(shape for shape, _ in rows), None], object)[:-1]
        self._names, self._tree, self._crs = [name for _, name in rows], shapely.STRtree(shapes), crs

    def street(self, shape: BaseGeometry) -> str:
        """Return the name of the nearest street, empty where none is near."""
        found = self._tree.query_nearest(shapely.centroid(shape), max_distance=NEAR_M, all_matches=False)
        return self._names[int(found[0])] if len(found) else ""

    def streets(self, shapes: Sequence[BaseGeometry]) -> list[str]:
        """Return the name of the nearest street of each shape, as :meth:`street` gives it, asked together."""
        found = [""] * len(shapes)
        if not shapes or not len(self._tree):
            return found
        middles = shapely.centroid(np.asarray(shapes, dtype=object))
        for one, street in self._tree.query_nearest(middles, max_distance=NEAR_M, all_matches=False).T:
            found[int(one)] = self._names[int(street)]
        return found

    def lonlat(self, shape: BaseGeometry) -> tuple[float, float] | None:
        """Return longitude and latitude of the middle, None without a coordinate system."""
        if self._crs is None:
            return None
        middle = shapely.get_coordinates(shapely.centroid(shape))
        lon, lat = self._crs.to_lonlat(middle[:, 0], middle[:, 1])
        return round(float(lon[0]), 5), round(float(lat[0]), 5)

    def text(self, shape: BaseGeometry) -> str:
        """Return longitude, latitude and street in one text."""
        spot = self.lonlat(shape)
        return ", ".join((*(() if spot is None else (f"{spot[0]:.5f}, {spot[1]:.5f}",)), *filter(None, (self.street(shape),))))


def named_streets(roads: Layer) -> Iterator[tuple[BaseGeometry, str]]:
    """Yield the streets that bear a name, with it; a way that a user drew lends its name to nothing."""
    for geometry, tags in zip(roads.geometry, roads.tags, strict=True):
        kind = tags.get("highway", "").removesuffix("_link")
        is_street = kind in _STREETS and tags.get("indoor", "no") == "no"
        if is_street and tags.get("name") and geometry is not None and not geometry.is_empty and not is_drawn(tags):
            yield geometry, tags["name"]
