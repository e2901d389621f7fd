"""List the buildings that outputs tell as of unknown use: those whose use a person may declare, one by one or many at once."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from lhasaplan.core.base.arrays import BoolArray, ObjectArray
from lhasaplan.core.model.layer import Buildings, Layer
from lhasaplan.core.model.place import ProtectedClass, ProtectedPlace
from lhasaplan.core.project.decisions import Declaration
from lhasaplan.core.protection.kind_types import ProtectedKinds
from lhasaplan.core.protection.undisclosed import is_undisclosed, secret_kinds
from lhasaplan.core.protection.unknown_use import likely_dwellings, use_unknown

INSIDE = 0.5  # share of a footprint beyond which it lies in an area
Found = tuple[int, ProtectedClass]  # row of the buildings, and what they are told as


@dataclass(frozen=True, eq=False, slots=True)
class UnknownBuildings:
    """Buildings of unknown use, by id; ``likely`` are those that house numbers, entrances or names make dwellings, likely."""

    ids: tuple[str, ...]
    shapes: ObjectArray
    likely: BoolArray

    def __len__(self) -> int:
        return len(self.ids)

    def inside(self, area: BaseGeometry) -> "UnknownBuildings":
        """Return those that lie in an area with more than half of their footprint."""
        shared = shapely.area(shapely.intersection(self.shapes, area))
        return self.at(shared > INSIDE * shapely.area(self.shapes))

    def at(self, keep: BoolArray) -> "UnknownBuildings":
        """Return the rows that are kept, shape (n,) of truth."""
        rows = np.flatnonzero(keep)
        return UnknownBuildings(tuple(self.ids[row] for row in rows.tolist()), self.shapes[rows], self.likely[rows])


def unknown_buildings(
    places: Sequence[ProtectedPlace],
    buildings: Buildings,
    layers: Mapping[str, Layer],
    kinds: ProtectedKinds,
    declarations: Sequence[Declaration],
) -> UnknownBuildings:
    """Return the buildings of unknown use, in the order of their layer.

    A building in which an undisclosed place is stands among its like: left out it would be a hint (``undisclosed.py``).
    """
    secret = secret_kinds(kinds)
    found: dict[int, ProtectedClass] = {}
    for place in places:
        if not place.cls.is_known:
            found.update((row, place.cls) for row in _rows(place))
        elif is_undisclosed(place) and not set(place.kinds) - secret:
            found.update(of_unknown_use(place, buildings, layers, kinds, declarations))
    rows = np.array(sorted(found), np.int64)
    likely = np.array([found[row] is ProtectedClass.DWELLING_LIKELY for row in rows.tolist()], bool)
    return UnknownBuildings(tuple(map(str, buildings.ids[rows].tolist())), buildings.polygons[rows], likely)


def of_unknown_use(
    place: ProtectedPlace,
    buildings: Buildings,
    layers: Mapping[str, Layer],
    kinds: ProtectedKinds,
    declarations: Sequence[Declaration],
) -> list[Found]:
    """Return the buildings of a place whose use would be unknown without it, and what they would count as."""
    index, secret = kinds.index(), secret_kinds(kinds)
    rows = np.array(sorted(_rows(place)), np.int64)
    own = [tuple(name for name in index.names(buildings.tags[row]) if name not in secret) for row in rows.tolist()]
    some = _some(buildings, rows.tolist())
    unknown = use_unknown(some, own, kinds, declarations)
    likely = likely_dwellings(some, unknown, layers, kinds)
    classes = np.where(likely, ProtectedClass.DWELLING_LIKELY, ProtectedClass.USE_UNKNOWN)
    return [(row, ProtectedClass(cls)) for row, cls in zip(rows[unknown].tolist(), classes[unknown].tolist(), strict=True)]


def _rows(place: ProtectedPlace) -> Iterator[int]:
    """Yield the rows of a place's buildings, each once."""
    yield from {*place.buildings, *((place.building,) if place.building >= 0 else ())}


def _some(of: Buildings, rows: Sequence[int]) -> Buildings:
    at = np.array(rows, np.int64)
    tags = tuple(of.tags[row] for row in rows)
    return Buildings(of.ids[at], of.polygons[at], of.base_m[at], of.top_m[at], of.height_source[at], tags)
