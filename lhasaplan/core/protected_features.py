"""Which map features are protected, and which building or ground each of them belongs to."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import shapely

from lhasaplan.core.arrays import BoolArray, IntArray, ObjectArray
from lhasaplan.core.closed import is_drawn
from lhasaplan.core.conditions import ConditionIndex
from lhasaplan.core.layer import Buildings, Layer
from lhasaplan.core.protected import ProtectedClass
from lhasaplan.core.protection_types import Inside, ProtectedKind, ProtectedKinds

DRAWN_KIND = "shelter"  # what a user's polygon is, unless it says more
NOT_SEARCHED = frozenset({"cameras", "terrain", "trees"})
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


def find_features(layers: Mapping[str, Layer], taken: frozenset[str], index: ConditionIndex) -> Features:
    """Return the protected features of all layers; one id counts once, and one that is a building not at all.

    A feature of the layer of buildings that is none, since it is said to lie under ground, protects the ground above it: one
    wrong tag must not take a home out of sight. What a user draws counts whatever id it has: a refuge that was copied from a
    building has the building's.
    """
    seen = set(taken)
    ids, geometry, kinds, drawn = [], [], [], []
    for name, geometry_of, tags_of, identity in _rows(layers):
        is_ours = is_drawn(tags_of)  # in whatever layer it was put
        is_new = is_ours or (name not in NOT_SEARCHED and identity not in seen)
        names = _names(tags_of, is_ours, index) if is_new else ()
        if names and geometry_of is not None and not geometry_of.is_empty:
            seen.add(identity)
            ids.append(identity)
            geometry.append(geometry_of)
            kinds.append(names)
            drawn.append(is_ours)
    return Features(np.array(ids, object), np.array([*geometry, None], object)[:-1], tuple(kinds), np.array(drawn, bool))


def _names(tags: Mapping[str, str], is_ours: bool, index: ConditionIndex) -> tuple[str, ...]:
    """Return the kinds of a feature; a word that we do not know under our own key is meant to protect, too."""
    names = index.names(tags)
    return names or ((DRAWN_KIND,) if is_ours else ())


def _rows(layers: Mapping[str, Layer]) -> Iterator[tuple[str, shapely.Geometry, Mapping[str, str], str]]:
    for name, layer in layers.items():
        for identity, geometry, tags in zip(layer.ids, layer.geometry, layer.tags, strict=True):
            yield name, geometry, tags, identity


def link(features: Features, buildings: Buildings, own: Sequence[tuple[str, ...]], kinds: ProtectedKinds) -> Links:
    """Return what belongs together.

    A point belongs to the building it stands in, or at whose wall it stands; so does a room. A ground takes the buildings on
    it whose own kind is the same or none. Grounds of one kind that overlap are one.
    """
    named = kinds.by_name()
    dimension = shapely.get_dimensions(features.geometry) if len(features) else np.empty(0, int)
    tree = shapely.STRtree(buildings.polygons)
    inside, host = _hosts(features, dimension, tree, buildings, kinds.attach_m)
    marker = _mask(features, lambda kind: kind.on_building_only, named)
    spot = np.zeros(len(features), bool)
    spot[inside] = _mask(features, lambda kind: kind.inside == Inside.SPOT, named)[inside]
    joins = ~(marker | spot)[inside]
    lent = _lent(features, inside[~spot[inside]], host[~spot[inside]])
    takes = (dimension == 2) & ~_mask(features, lambda kind: kind.open_air, named)
    takes[inside] = False
    homes = frozenset(kind.name for kind in kinds.kinds if kind.cls == ProtectedClass.HOME)
    lying = _lying_on(features, np.flatnonzero(takes), tree)
    ground, on_it = _on_grounds(features, lying, lambda b: lent.get(b, frozenset()).union(own[b]), homes)
    room = np.zeros(len(features), bool)
    room[inside[joins]] = True
    a, b = _same_grounds(features, dimension, room)
    return Links(np.concatenate([inside[joins], ground]), np.concatenate([host[joins], on_it]), a, b, lent, ~marker, spot, room)


def _mask(features: Features, claim: Callable[[ProtectedKind], bool], named: Mapping[str, ProtectedKind]) -> BoolArray:
    """Return the features all of whose kinds meet the claim."""
    return np.fromiter((all(claim(named[name]) for name in names) for names in features.kinds), bool, len(features))


def _hosts(
    features: Features, dimension: IntArray, tree: shapely.STRtree, buildings: Buildings, attach_m: float
) -> tuple[IntArray, IntArray]:
    """Return pairs of feature and the building it lies in: the nearest for points, the one that holds it for areas."""
    points = np.flatnonzero(dimension == 0)
    row, building = tree.query(features.geometry[points], predicate="dwithin", distance=attach_m)
    distance = shapely.distance(features.geometry[points[row]], buildings.polygons[building])
    order = np.lexsort((building, np.maximum(distance, _ON_THE_WALL_M), row))
    _, nearest = np.unique(row[order], return_index=True)
    keep = order[nearest]
    areas = np.flatnonzero(dimension == 2)
    area, holder = tree.query(features.geometry[areas], predicate="intersects")
    shared = shapely.area(shapely.intersection(features.geometry[areas[area]], buildings.polygons[holder]))
    room = shared >= ROOM_SHARE * shapely.area(features.geometry[areas[area]])
    first = np.unique(area[room], return_index=True)[1]
    return np.concatenate([points[row[keep]], areas[area[room][first]]]), np.concatenate([building[keep], holder[room][first]])


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
        its, told = frozenset(features.kinds[g]), shown(b)
        keep[n] = not told or (not told.isdisjoint(its) and (told & homes) <= its)
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
