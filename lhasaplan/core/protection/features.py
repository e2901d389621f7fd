"""Find the map features that are protected, and the building or ground that each belongs to."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import shapely

from lhasaplan.core.base.arrays import BoolArray, IntArray, ObjectArray
from lhasaplan.core.base.geometry_repair import grounds_of, is_drawn_plainly
from lhasaplan.core.model.layer import Buildings, ConditionIndex, Layer, is_drawn
from lhasaplan.core.model.place import ProtectedClass
from lhasaplan.core.protection.kind_types import LINE_M, Inside, ProtectedKind, ProtectedKinds

DRAWN_KIND = "shelter"  # what a user's polygon is, unless it says more
NOT_SEARCHED = frozenset({"cameras", "terrain"})
BUILDINGS = "buildings"
ROOM_SHARE = 0.9  # an area with this share inside one building is a room of it
SAME_SHARE = 0.5  # two grounds of one kind that overlap this much of the smaller are one
_ON_THE_WALL_M = 0.01


@dataclass(frozen=True, eq=False, slots=True)
class Features:
    """Protected features outside the layer of buildings: length n each; ``kinds`` are names, sorted."""

    ids: ObjectArray
    geometry: ObjectArray
    kinds: tuple[tuple[str, ...], ...]
    drawn: BoolArray  # by a user, on no map
    own_spot: BoolArray  # what keeps to its own ground within a building that many share

    def __len__(self) -> int:
        return len(self.kinds)


@dataclass(frozen=True, eq=False, slots=True)
class Links:
    """What belongs together: pairs of feature and building, pairs of features, kinds that features lend to buildings.

    ``counts`` says which features are (part of) a place at all; ``spot`` which keep to their own ground inside a building;
    ``room`` which lie in the building they belong to and add no ground.
    """

    feature: IntArray
    building: IntArray
    feature_a: IntArray
    feature_b: IntArray
    lent: Mapping[int, frozenset[str]]
    counts: BoolArray
    spot: BoolArray
    room: BoolArray


class _Told:
    """Which features were told already: two are one thing only if id, kinds and ground say so."""

    def __init__(self, buildings: Buildings, own: Sequence[tuple[str, ...]]) -> None:
        self._buildings, self._own = buildings, own
        self._themselves = set(zip(map(id, buildings.polygons), map(id, buildings.tags), strict=True))
        ids = buildings.ids.tolist()
        self._row = dict(zip(ids, range(len(ids)), strict=True))
        self._again: dict[str, list[int]] = {}  # further rows of an id that several buildings have
        if len(self._row) < len(ids):
            for row, identity in enumerate(ids):
                if self._row[identity] != row:
                    self._again.setdefault(identity, []).append(row)
        self._features: dict[tuple[str, bool], list[tuple[tuple[str, ...], shapely.Geometry]]] = {}

    def is_the_building(self, geometry: shapely.Geometry, tags: Mapping[str, str]) -> bool:
        """Say whether a row of the layer of buildings is itself one of the buildings, by the very same values."""
        return (id(geometry), id(tags)) in self._themselves

    def _houses(self, identity: str) -> Iterator[int]:
        """Yield the buildings of an id."""
        if identity in self._row:
            yield self._row[identity]
            yield from self._again.get(identity, ())

    def knows(self, identity: str, ground: shapely.Geometry, kinds: tuple[str, ...], is_ours: bool) -> bool:
        """Say whether this was reported; remember it if not."""
        known = self._features.setdefault((identity, is_ours), [])
        houses = [] if is_ours else [(self._own[row], self._buildings.polygons[row]) for row in self._houses(identity)]
        if any(set(kinds) <= set(its) and _lies_within(ground, shape) for its, shape in (*houses, *known)):
            return True
        known.append((kinds, ground))
        return False


def _lies_within(ground: shapely.Geometry, other: shapely.Geometry) -> bool:
    """Say whether nothing of a ground is lost when the other stands for it: a line or a point takes more than it covers."""
    is_alike = shapely.get_dimensions(ground) == shapely.get_dimensions(other)
    return bool(is_alike and (shapely.equals_exact(ground, other) or shapely.covers(other, ground)))


def find_features(
    layers: Mapping[str, Layer], buildings: Buildings, own: Sequence[tuple[str, ...]], kinds: ProtectedKinds
) -> Features:
    """Return the protected features of all layers; one thing counts once, and one that is a building not at all.

    An id alone makes no two features one: whatever lies elsewhere, or is of another kind, counts beside what bears its id.
    A feature of the layer of buildings that is none, since it is said to lie under ground, protects the ground above it: one
    wrong tag must not take a home out of sight. What a user draws counts whatever id it has: a refuge that was copied from a
    building has the building's.

    Parameters
    ----------
    own : the kinds that each building's own tags show.
    """
    reported, index, named, spots = _Told(buildings, own), kinds.index(), kinds.by_name(), kinds.own_spots()
    ids, geometry, shown, drawn, own_spot = [], [], [], [], []
    for name, shape, is_plain, tags, identity in _rows(layers):
        if name == BUILDINGS and reported.is_the_building(shape, tags):
            continue
        is_ours = is_drawn(tags)  # in whatever layer it was put
        names = kinds_shown(tags, is_ours, index) if is_ours or name not in NOT_SEARCHED else ()
        if not names:
            continue
        for ground in [shape] if is_plain else things_of(shape, [named[each] for each in names]):
            if not reported.knows(identity, ground, names, is_ours):
                ids.append(identity)
                geometry.append(ground)
                shown.append(names)
                drawn.append(is_ours)
                own_spot.append(not is_ours and spots.is_spot(tags))
    shapes = np.array([*geometry, None], object)[:-1]
    return Features(np.array(ids, object), shapes, tuple(shown), np.array(drawn, bool), np.array(own_spot, bool))


def things_of(shape: shapely.Geometry, kinds: Sequence[ProtectedKind]) -> list[shapely.Geometry]:
    """Return what a shape is for these kinds; a closed line has a strip of its own only where data make it wider than usual."""
    strip_m = max(kind.line_m for kind in kinds)
    return grounds_of(shape, strip_m, strip_m if strip_m > LINE_M else 0.0)


def kinds_shown(tags: Mapping[str, str], is_ours: bool, index: ConditionIndex) -> tuple[str, ...]:
    """Return the kinds of a feature; a word that we do not know under our own key is meant to protect, too."""
    names = index.names(tags)
    return names or ((DRAWN_KIND,) if is_ours else ())


def _rows(layers: Mapping[str, Layer]) -> Iterator[tuple[str, shapely.Geometry, bool, Mapping[str, str], str]]:
    """Yield layer, shape, whether it is drawn plainly, tags and id of every feature."""
    for name, layer in layers.items():
        plain = is_drawn_plainly(layer.geometry).tolist()
        for identity, geometry, is_plain, tags in zip(layer.ids, layer.geometry, plain, layer.tags, strict=True):
            yield name, geometry, is_plain, tags, str(identity)


def link(features: Features, buildings: Buildings, own: Sequence[tuple[str, ...]], kinds: ProtectedKinds) -> Links:
    """Return what belongs together.

    A point belongs to the building it stands in, or at whose wall it stands; so does a room. A ground takes the buildings on
    it whose own kind is the same or none. Grounds of one kind that overlap are one.
    """
    named = kinds.by_name()
    dimension = shapely.get_dimensions(features.geometry) if len(features) else np.empty(0, int)
    tree = shapely.STRtree(buildings.polygons)
    inside, host, is_whole = _hosts(features, dimension, tree, buildings, kinds.attach_m)
    marker = _mask(features, lambda kind: kind.on_building_only, named)
    spot = np.zeros(len(features), bool)
    spot[inside] = _mask(features, lambda kind: kind.inside == Inside.SPOT, named)[inside]
    spot |= _in_shared_buildings(features, inside, host, buildings, kinds)
    joins = ~(marker | spot)[inside]
    lent = _lent(features, inside[~spot[inside]], host[~spot[inside]])
    takes = (dimension == 2) & ~_mask(features, lambda kind: kind.open_air, named)
    takes[inside[is_whole]] = False
    homes = frozenset(kind.name for kind in kinds.kinds if kind.cls == ProtectedClass.HOME)
    lying = _lying_on(features, np.flatnonzero(takes), tree)
    ground, on_it = _on_grounds(features, lying, lambda b: lent.get(b, frozenset()).union(own[b]), homes)
    room = np.zeros(len(features), bool)
    room[inside[joins & is_whole]] = True
    a, b = _same_grounds(features, dimension, room)
    return Links(np.concatenate([inside[joins], ground]), np.concatenate([host[joins], on_it]), a, b, lent, ~marker, spot, room)


def _in_shared_buildings(
    features: Features, inside: IntArray, host: IntArray, buildings: Buildings, kinds: ProtectedKinds
) -> BoolArray:
    """Return the features that keep to their own ground since every building they lie in is one that many share."""
    spots, is_shared = kinds.own_spots(), np.zeros(len(features), bool)
    is_shared[inside] = features.own_spot[inside]
    for feature, building in zip(inside.tolist(), host.tolist(), strict=True):
        is_shared[feature] &= is_shared[feature] and spots.is_shared(buildings.tags[building])
    return is_shared


def _mask(features: Features, claim: Callable[[ProtectedKind], bool], named: Mapping[str, ProtectedKind]) -> BoolArray:
    """Return the features all of whose kinds meet the claim."""
    return np.fromiter((all(claim(named[name]) for name in names) for names in features.kinds), bool, len(features))


def _hosts(
    features: Features, dimension: IntArray, tree: shapely.STRtree, buildings: Buildings, attach_m: float
) -> tuple[IntArray, IntArray, BoolArray]:
    """Return pairs of feature and the building it lies in: the nearest for points, the one that holds it for areas.

    Each part of an area has a building of its own; whether the feature as a whole lies in buildings is said of every pair.
    """
    points = np.flatnonzero(dimension == 0)
    row, building = tree.query(features.geometry[points], predicate="dwithin", distance=attach_m)
    distance = shapely.distance(features.geometry[points[row]], buildings.polygons[building])
    order = np.lexsort((building, np.maximum(distance, _ON_THE_WALL_M), row))
    _, nearest = np.unique(row[order], return_index=True)
    keep = order[nearest]
    areas, holder, is_whole = _rooms(features.geometry, np.flatnonzero(dimension == 2), tree, buildings)
    inside, host = np.concatenate([points[row[keep]], areas]), np.concatenate([building[keep], holder])
    return inside, host, np.concatenate([np.ones(len(keep), bool), is_whole])


def _rooms(
    geometry: ObjectArray, areas: IntArray, tree: shapely.STRtree, buildings: Buildings
) -> tuple[IntArray, IntArray, BoolArray]:
    """Return pairs of area and a building that holds it, or a part of it, and whether all of the area lies in such buildings."""
    parts, owner = shapely.get_parts(geometry[areas], return_index=True)
    part, holder = tree.query(parts, predicate="intersects")
    shared = shapely.area(shapely.intersection(parts[part], buildings.polygons[holder]))
    is_room = shared >= ROOM_SHARE * shapely.area(parts[part])
    first = np.flatnonzero(is_room)[np.unique(part[is_room], return_index=True)[1]]
    inside_m2 = np.bincount(owner[part[first]], shapely.area(parts[part[first]]), minlength=len(areas))
    is_whole = inside_m2 >= ROOM_SHARE * shapely.area(geometry[areas])
    of = owner[part[first]]
    return areas[of], holder[first], is_whole[of]


def _lent(features: Features, inside: IntArray, host: IntArray) -> dict[int, frozenset[str]]:
    lent: dict[int, frozenset[str]] = {}
    for feature, building in zip(inside.tolist(), host.tolist(), strict=True):
        lent[building] = lent.get(building, frozenset()).union(features.kinds[feature])
    return lent


def _lying_on(features: Features, grounds: IntArray, footprints: shapely.STRtree) -> tuple[IntArray, IntArray]:
    """Return pairs of ground and each building whose middle lies on it."""
    row, building = footprints.query(features.geometry[grounds], predicate="intersects")
    middle = shapely.point_on_surface(footprints.geometries[building])
    on_it = shapely.intersects(features.geometry[grounds[row]], middle)
    return grounds[row[on_it]], building[on_it].astype(np.int64)


def _on_grounds(
    features: Features, lying: tuple[IntArray, IntArray], shown: Callable[[int], frozenset[str]], homes: frozenset[str]
) -> tuple[IntArray, IntArray]:
    """Return the pairs whose building belongs to the ground: it is of its kind or of none; a home stays a home."""
    ground, building = lying
    keep = np.zeros(len(ground), bool)
    for n, (g, b) in enumerate(zip(ground.tolist(), building.tolist(), strict=True)):
        its, reported = frozenset(features.kinds[g]), shown(b)
        keep[n] = not reported or (not reported.isdisjoint(its) and (reported & homes) <= its)
    return ground[keep], building[keep]


def _same_grounds(features: Features, dimension: IntArray, room: BoolArray) -> tuple[IntArray, IntArray]:
    """Return pairs of features that are one ground: of a common kind, one in the other or overlapping by half.

    What lies in a building goes with the building: a chemist in a block of flats on hospital ground stays with the flats.
    """
    a, b = shapely.STRtree(features.geometry).query(features.geometry, predicate="intersects")
    ground = (a != b) & (dimension[a] == 2) & (dimension[b] != 1) & ~room[a] & ~room[b]
    a, b = a[ground], b[ground]
    smaller = np.minimum(shapely.area(features.geometry[a]), shapely.area(features.geometry[b]))
    shared = shapely.area(shapely.intersection(features.geometry[a], features.geometry[b]))
    kin = np.array([not set(features.kinds[i]).isdisjoint(features.kinds[j]) for i, j in zip(a, b, strict=True)], bool)
    same = kin & (shared >= SAME_SHARE * smaller)
    return a[same].astype(np.int64), b[same].astype(np.int64)
