"""The points that sample parts, and the few parts that may lie on a protected place's open ground."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from lhasaplan.core.base.arrays import FloatArray
from lhasaplan.core.city.streets import SHIPPED, STREET, StreetWidths, is_open_way, is_public
from lhasaplan.core.demand.nearby_features import DRIVEABLE
from lhasaplan.core.demand.neighbourhood import HALF_DISC_M, SHARE, extent_m, footprint, grid_points
from lhasaplan.core.model.layer import Buildings, Layer, Tags, any_alternative_holds
from lhasaplan.core.model.place import OUTDOOR_PARTS, Demand, Part
from lhasaplan.core.protection.ground import ProtectedGround
from lhasaplan.core.rules.pack import Pack
from lhasaplan.core.site.terrain import Terrain, level

# The few parts that may lie on a protected place's open ground, and whether they add up to watching it: a yard is no bay.

# The mapped objects on which a part may lie on protected ground: crossings, emergency entrances, ambulance stations.
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
    """Say whether vehicles of the public may use a way."""
    kind = tags.get("highway", "").removesuffix("_link")
    return kind in (*DRIVEABLE, "service") and is_open_way(tags) and is_public(tags)


# The few parts that may lie in the carriageway before a church or in the street on hospital ground: crossings and stops.
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
    """Say whether parts together take more than their share of the street before a place."""
    covered = shapely.intersection(shapely.union_all(grounds), street)
    return bool(shapely.area(covered) > SHARE_OF_STREET * shapely.area(street))


OUTDOOR_MOST_M = {"bay": 15.0, "ambulance_bay": 15.0, "school_crossing": 40.0}  # a yard is no bay, whatever it is called
OUTDOOR_MOST_M2 = 400.0  # two carriageways with a verge, 20 m long
APART_M = 4.0  # bays nearer than this are sampled as one ground
_SLACK_M = 0.5


def outdoors_of(part: Part, ground: ProtectedGround) -> str:
    """Return the protected kind whose open ground a part may lie on, empty for nearly all parts."""
    if part.source in ground.sources:
        return ""
    if may_use_the_street(part):
        return STREET if extent_m(part.geometry) <= STREET_PARTS_MOST_M else ""
    kind = OUTDOOR_PARTS.get(part.kind, "")
    if not kind:
        return ""
    is_small = extent_m(part.geometry) <= OUTDOOR_MOST_M[part.kind] and shapely.area(footprint(part)) <= OUTDOOR_MOST_M2
    return kind if is_small else ""


def too_much_outdoors(parts: Sequence[Part], ground: ProtectedGround) -> frozenset[int]:
    """Return the indices of bays and school crossings to refuse, later ones first, so that they do not add up to a yard.

    One on an open ground is always allowed. Others are, while all cover at most a tenth of it, and those that lie side by
    side (less than 4 m apart) are together no longer than one may be.
    """
    taken: dict[int, list[BaseGeometry]] = {}
    gone: set[int] = set()
    for number, part in enumerate(parts):
        kind = outdoors_of(part, ground)
        if part.kind not in OUTDOOR_PARTS or not kind or part.question:
            continue
        bay = footprint(part)
        grounds = ground.open_grounds(bay, kind)
        if any(_bay_is_too_much(bay, taken.get(place, []), its, OUTDOOR_MOST_M[part.kind]) for place, its in grounds.items()):
            gone.add(number)
            continue
        for place in grounds:
            taken.setdefault(place, []).append(bay)
    return frozenset(gone)


def _bay_is_too_much(bay: BaseGeometry, before: Sequence[BaseGeometry], open_ground: BaseGeometry, most_m: float) -> bool:
    """Tell whether a bay is one too many on an open ground, after those before it."""
    if not before:
        return False
    covered = shapely.intersection(shapely.union_all([*before, bay]), open_ground)
    return bool(shapely.area(covered) > SHARE * shapely.area(open_ground)) or _is_row(bay, before, most_m)


def _is_row(bay: BaseGeometry, before: Sequence[BaseGeometry], most_m: float) -> bool:
    """Tell whether a bay makes a row longer than one bay may be, with those that lie beside it and beside each other."""
    blocks = shapely.get_parts(shapely.buffer(shapely.union_all([*before, bay]), APART_M / 2))
    block = blocks[shapely.intersects(blocks, bay)][0]
    row = [each for each in before if shapely.intersects(block, each)]
    return bool(row) and extent_m(shapely.union_all([*row, bay])) > most_m + _SLACK_M


# Sample confirmed parts by points: a half disc before a door, a line by its length, ground by its area.

SPACING_M = {"point": 1.0, "line": 4.0, "area": 4.0}
LOST = 0.5  # a part that loses more than this share of its points is no demand at all


def sample_demand(
    parts: Sequence[Part], ground: ProtectedGround, buildings: Buildings | None = None, terrain: Terrain | None = None
) -> Demand:
    """Return the demand points of parts; none lies on protected ground or, where footprints are given, inside one.

    A part's weights sum to the length or area that is left of it; a part that loses more than half its points has none.
    Indoor parts keep points inside buildings but never on protected ground.

    Parameters
    ----------
    parts : confirmed parts that the guard let through.
    terrain : the ground that target heights count from; level if not given.
    """
    footprints = None if buildings is None or not len(buildings) else shapely.STRtree(buildings.polygons)
    sampled = [_left(part, ground, footprints) for part in parts]
    index = np.repeat(np.arange(len(sampled)), [len(weight) for _, weight in sampled])
    xy = np.concatenate([np.empty((0, 2)), *(points for points, _ in sampled)])
    height = np.array([part.target_height_m for part in parts], float)[index] if len(index) else np.empty(0)
    weights = np.concatenate([np.empty(0), *(weight for _, weight in sampled)])
    xyz = (terrain or level()).lifted(np.column_stack([xy, height]))
    return Demand(tuple(parts), index.astype(np.int64), xyz, weights)


def part_points(part: Part) -> tuple[FloatArray, FloatArray]:
    """Return all points (n, 2) of a part and their weights, before anything is dropped; weights sum to its length or area."""
    spacing_m = part.spacing_m or SPACING_M[part.shape]
    shape = ground_of(part)
    if int(shapely.get_dimensions(shape)) == 1:
        return _along(shape, spacing_m)
    points = np.concatenate([np.empty((0, 2)), *(grid_points(area, spacing_m) for area in shapely.get_parts(shape))])
    return points, np.full(len(points), shapely.area(shape) / max(1, len(points)))


def ground_of(part: Part) -> BaseGeometry:
    """Return the shape that is sampled; a bare point has a disc, whatever it is called."""
    if int(shapely.get_dimensions(part.geometry)) == 0:
        return shapely.union_all(shapely.buffer(shapely.get_parts(part.geometry), HALF_DISC_M))
    return part.geometry


def _along(line: BaseGeometry, spacing_m: float) -> tuple[FloatArray, FloatArray]:
    """Return the middles of equal pieces of at most the spacing, with their lengths."""
    points, weights = [np.empty((0, 2))], [np.empty(0)]
    for piece in shapely.get_parts(line):
        length = float(shapely.length(piece))
        count = max(1, int(np.ceil(length / spacing_m - 1e-9)))
        at = (np.arange(count) + 0.5) * length / count
        points.append(shapely.get_coordinates(shapely.line_interpolate_point(piece, at)))
        weights.append(np.full(count, length / count))
    return np.concatenate(points), np.concatenate(weights)


def _left(part: Part, ground: ProtectedGround, footprints: shapely.STRtree | None) -> tuple[FloatArray, FloatArray]:
    points, weights = part_points(part)
    lost = ground.covers_points(points[:, 0], points[:, 1], outdoors_of(part, ground))
    if footprints is not None and not part.indoor:
        inside = np.zeros(len(points), bool)
        inside[footprints.query(shapely.points(points), predicate="within")[0]] = True
        lost |= inside
    keep = ~lost if weights[lost].sum() <= LOST * weights.sum() else np.zeros(len(points), bool)
    return points[keep], weights[keep]
