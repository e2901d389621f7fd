"""The mapped objects on which a part may lie on protected ground: crossings, emergency entrances, ambulance stations."""

from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property

import shapely
from shapely.geometry.base import BaseGeometry

from lhasaplan.core.candidates.nearby_features import DRIVEABLE
from lhasaplan.core.city.streets import SHIPPED, StreetWidths, is_open_way, is_public
from lhasaplan.core.demand.neighbourhood import footprint
from lhasaplan.core.model.layer import Layer, Tags
from lhasaplan.core.model.place import Part
from lhasaplan.core.model.tag_conditions import any_alternative_holds
from lhasaplan.core.rules.pack import Pack

_BAY = (("emergency=emergency_ward_entrance|ambulance_station",), ("amenity=ambulance_station",))
OBJECTS: Mapping[str, tuple[tuple[str, ...], ...]] = {
    "bay": _BAY,
    "ambulance_bay": _BAY,
    "school_crossing": (("highway=crossing",), ("crossing=*",)),
}
REACH_M: Mapping[str, float] = {"bay": 15.0, "ambulance_bay": 15.0, "school_crossing": 2.0}
IN_STREET = 0.9
_WIDEST_M = 16.0  # of a carriageway, whatever its tag says: a wider "street" through a yard is the yard
_ON_ROAD_M = 1.0


class Granted:
    """Finds the mapped objects and the streets on which an exception rests; nothing is looked for until it is asked."""

    def __init__(
        self, layers: Mapping[str, Layer] | None = None, widths: StreetWidths = SHIPPED, packs: Iterable[Pack] = ()
    ) -> None:
        self.layers, self.widths = layers or {}, widths
        self.shipped = frozenset(pack.name for pack in packs if pack.shipped and not pack.changed)

    def has_object(self, part: Part) -> bool:
        """Say whether the object that a part of this kind is for is mapped at it; a crossing has to cross a street."""
        near = self._objects[part.kind].query(part.geometry, predicate="dwithin", distance=REACH_M[part.kind])
        if part.kind != "school_crossing":
            return len(near) > 0
        found = self._objects[part.kind].geometries[near]
        return bool(len(self._streets.query(found, predicate="dwithin", distance=_ON_ROAD_M)[0]))

    def is_in_the_street(self, part: Part) -> bool:
        """Say whether a part lies in a street that vehicles and the public use, pavements included; a footway is none."""
        strip = footprint(part)
        near = self._streets.query(strip, predicate="dwithin", distance=_WIDEST_M)
        covered = shapely.intersection(strip, shapely.union_all([self._surface(int(row)) for row in near]))
        return bool(shapely.area(covered) >= IN_STREET * shapely.area(strip))

    def _surface(self, row: int) -> BaseGeometry:
        carriageway_m = min(self.widths.carriageway_m(self._roads[row][1]), _WIDEST_M)
        return shapely.buffer(self._roads[row][0], (carriageway_m + self.widths.pavements_m) / 2, cap_style="flat")

    @cached_property
    def _objects(self) -> Mapping[str, shapely.STRtree]:
        every = list(self._features())
        return {
            kind: shapely.STRtree([shape for shape, tags in every if any_alternative_holds(tags, OBJECTS[kind])])
            for kind in OBJECTS
        }

    @cached_property
    def _roads(self) -> list[tuple[BaseGeometry, Tags]]:
        return [(shape, tags) for shape, tags in self._features() if shapely.get_dimensions(shape) == 1 and _is_street(tags)]

    @cached_property
    def _streets(self) -> shapely.STRtree:
        return shapely.STRtree([shape for shape, _ in self._roads])

    def _features(self) -> Iterator[tuple[BaseGeometry, Tags]]:
        for name, layer in self.layers.items():
            if name not in ("buildings", "trees", "cameras", "terrain"):
                rows = zip(layer.geometry, layer.tags, strict=True)
                yield from ((shape, tags) for shape, tags in rows if shape is not None and not shape.is_empty)


def _is_street(tags: Tags) -> bool:
    kind = tags.get("highway", "").removesuffix("_link")
    return kind in (*DRIVEABLE, "service") and is_open_way(tags) and is_public(tags)
