"""Find the protected places near some ground by a tree of the boxes that their samples lie in."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from lhasaplan.core.base.arrays import ObjectArray
from lhasaplan.core.model.protected_place import ProtectedPlace


@dataclass(frozen=True, eq=False, slots=True)
class NearPlaces:
    """The protected places of a city, with a tree of the ground that their samples lie in."""

    places: tuple[ProtectedPlace, ...]
    tree: shapely.STRtree

    @classmethod
    def of(cls, places: Sequence[ProtectedPlace]) -> "NearPlaces":
        """Sort places into a tree."""
        return cls(tuple(places), shapely.STRtree(extents(places)))

    def around(self, ground: BaseGeometry) -> tuple[ProtectedPlace, ...]:
        """Return the places of which any sample may lie on some ground, in their order."""
        return tuple(self.places[row] for row in np.sort(self.tree.query(ground)).tolist())


def extents(places: Sequence[ProtectedPlace]) -> ObjectArray:
    """Return the box of what is sampled of each place: its frontage and its open ground."""
    both = [np.array([*(getattr(place, name) for place in places), None], object)[:-1] for name in ("frontage", "open_ground")]
    bounds = np.array([shapely.bounds(each) for each in both])  # NaN where a place has none
    is_bare = np.isnan(bounds).all(axis=(0, 2))
    bounds[:, is_bare] = 0.0
    west_south, east_north = np.nanmin(bounds[:, :, :2], axis=0), np.nanmax(bounds[:, :, 2:], axis=0)
    boxes = np.asarray(shapely.box(*west_south.T, *east_north.T), object)
    boxes[is_bare] = shapely.Polygon()
    return boxes
