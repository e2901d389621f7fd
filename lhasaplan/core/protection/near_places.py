"""Find the protected places near some ground by the boxes that their walls and grounds lie in."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from lhasaplan.core.base.arrays import FloatArray, IntArray
from lhasaplan.core.model.protected_place import ProtectedPlace


@dataclass(frozen=True, eq=False, slots=True)
class NearPlaces:
    """The protected places of a city, and the boxes that their walls and grounds lie in, from west to east.

    A tree of shapes would take a tenth of the memory that a city needs.

    Parameters
    ----------
    number : shape (P,); which place each box is of.
    bounds_m : shape (P, 4); west, south, east, north, those of places without either last.
    widest_m : from west to east, of any box.
    """

    places: tuple[ProtectedPlace, ...]
    number: IntArray
    bounds_m: FloatArray
    widest_m: float

    @classmethod
    def of(cls, places: Sequence[ProtectedPlace]) -> "NearPlaces":
        """Sort the places of a city."""
        bounds = extents(places)
        number = np.argsort(bounds[:, 0], kind="stable")
        widths = bounds[:, 2] - bounds[:, 0]
        return cls(tuple(places), number, bounds[number], float(np.max(widths, where=~np.isnan(widths), initial=0.0)))

    def around(self, ground: BaseGeometry) -> tuple[ProtectedPlace, ...]:
        """Return the places of which any sample may lie on some ground, in their order; each part of the ground is asked for."""
        found = [self._in_box(*box) for box in shapely.bounds(shapely.get_parts(ground)).tolist()]
        rows = np.unique(np.concatenate(found)) if found else np.zeros(0, np.int64)
        return tuple(self.places[row] for row in rows.tolist())

    def _in_box(self, west: float, south: float, east: float, north: float) -> IntArray:
        """Return the numbers of the places whose boxes touch one."""
        first = int(np.searchsorted(self.bounds_m[:, 0], west - self.widest_m))
        last = int(np.searchsorted(self.bounds_m[:, 0], east, side="right"))
        _, low, right, high = self.bounds_m[first:last].T
        return np.asarray(self.number[first:last][(right >= west) & (low <= north) & (high >= south)], np.int64)


def extents(places: Sequence[ProtectedPlace]) -> FloatArray:
    """Return west, south, east and north of the frontage and open ground of each place; NaN where there is none."""
    both = [np.array([*(getattr(place, name) for place in places), None], object)[:-1] for name in ("frontage", "open_ground")]
    found, other = (shapely.bounds(each).reshape(-1, 4) for each in both)
    least, most = np.fmin(found[:, :2], other[:, :2]), np.fmax(found[:, 2:], other[:, 2:])  # a missing one leaves the other
    return np.asarray(np.concatenate([least, most], axis=1), float)
