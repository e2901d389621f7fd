"""Find protected places: one for each real place, however many buildings, points and grounds describe it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from typing import NamedTuple

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from lhasaplan.core.base.arrays import BoolArray, IntArray, ObjectArray, joined_groups, slices
from lhasaplan.core.base.geometry_repair import filled, valid
from lhasaplan.core.base.progress import Progress, in_threads, no_progress, watched
from lhasaplan.core.city.outlines import BESIDE_M, Doubles, doubles_of
from lhasaplan.core.city.streets import Forecourts, Streets
from lhasaplan.core.model.layer import Buildings, Layer, is_drawn
from lhasaplan.core.model.place import ProtectedClass, ProtectedPlace
from lhasaplan.core.project.decisions import DWELLING, Declaration
from lhasaplan.core.protection.features import Features, Links, find_features, link
from lhasaplan.core.protection.kind_types import ProtectedKinds
from lhasaplan.core.protection.unknown_use import declared, likely_dwellings, use_unknown

# The shape of a protected place: its ground, and the frontage by which it can be looked into.

BUILDINGS_A_BATCH = 8192


class _Known(NamedTuple):
    """What a set of kinds says of a place."""

    cls: ProtectedClass
    hides_people: bool
    forecourt_m: float
    kinds: tuple[str, ...]


def _outlines(polygons: ObjectArray, progress: Progress) -> ObjectArray:
    """Return the outline of each polygon, with the building on the left; some at a time, in threads."""
    pieces = [polygons[some] for some in slices(len(polygons), BUILDINGS_A_BATCH)]
    found = in_threads(lambda some: shapely.boundary(shapely.orient_polygons(some)), pieces, progress)
    return np.concatenate(found) if found else np.empty(0, object)


def _with_doubles(outlines: ObjectArray, buildings: Buildings, doubles: Doubles) -> ObjectArray:
    """Return outlines of which those that are drawn again are only where they lie farther outside: the home may reach so far."""
    rows = np.flatnonzero(doubles.is_again)
    if not len(rows):
        return outlines
    near = shapely.buffer(buildings.polygons[doubles.of[rows]], BESIDE_M, join_style="mitre")
    left, owner = shapely.get_parts(shapely.difference(outlines[rows], near), return_index=True)
    found = outlines.copy()
    found[rows] = [shapely.multilinestrings(left[(owner == k) & ~shapely.is_empty(left)]) for k in range(len(rows))]
    return found


class PlaceMaker:
    """Makes places of groups, from what they share: outlines with the building on the left, footprints, squares and ways."""

    def __init__(
        self,
        layers: Mapping[str, Layer],
        buildings: Buildings,
        own: Sequence[tuple[str, ...]],
        found: tuple[Features, Links],
        kinds: ProtectedKinds,
        *,
        doubles: Doubles,
        progress: Progress = no_progress,
    ) -> None:
        self._buildings, self._own, self._wall = buildings, own, doubles.of
        self._features, self._links = found
        self._kinds = kinds.by_name()
        self._known: dict[frozenset[str], _Known] = {}
        # Whatever the data say of its base, what may be lived in begins at the ground: one tag must not lift a home out of view.
        tops_m = buildings.top_m.copy()
        np.maximum.at(tops_m, doubles.of, buildings.top_m)
        self._rises: list[tuple[float, float]] = [(0.0, top_m) for top_m in tops_m[doubles.of].tolist()]
        self._whole = filled(buildings.polygons)
        self._features_whole = filled(found[0].geometry)
        self._spills = self._beside_their_buildings()
        self._outlines = _with_doubles(_outlines(buildings.polygons, progress), buildings, doubles)
        self._lines = shapely.get_num_geometries(self._outlines)
        self._line_counts: list[int] = self._lines.tolist()
        self._footprints = shapely.STRtree(buildings.polygons)
        self._forecourts, self._layers = Forecourts(layers, progress), layers

    @cached_property
    def _streets(self) -> Streets:
        return Streets(self._layers)

    def place(self, members: Sequence[int], kinds: frozenset[str], is_likely: bool = False) -> ProtectedPlace:
        """Return the place of one group: building indices first, then features counted on from them."""
        count, known = len(self._buildings), self._of_kinds(kinds)
        if not kinds and is_likely:
            known = known._replace(cls=ProtectedClass.DWELLING_LIKELY)
        buildings, features = [m for m in members if m < count], [m - count for m in members if m >= count]
        if not features and known.forecourt_m == 0 and len(buildings) == 1:
            return self._of_building(buildings[0], known)
        return self._of_group(np.array(buildings, np.int64), np.array(features, np.int64), known)

    def _of_kinds(self, kinds: frozenset[str]) -> _Known:
        """Return what a set of kinds says of a place, asked once: a city has the same few sets many thousand times."""
        found = self._known.get(kinds)
        if found is None:
            cls, forecourt_m = self._class_of(kinds), max((self._kinds[name].forecourt_m for name in kinds), default=0.0)
            found = self._known[kinds] = _Known(cls, self._hides_people(kinds, cls), forecourt_m, tuple(sorted(kinds)))
        return found

    def _class_of(self, kinds: frozenset[str]) -> ProtectedClass:
        classes = {self._kinds[name].cls for name in kinds}
        if not classes:
            return ProtectedClass.USE_UNKNOWN
        return ProtectedClass.HOME if ProtectedClass.HOME in classes else ProtectedClass.PROTECTED

    def _hides_people(self, kinds: frozenset[str], cls: ProtectedClass) -> bool:
        """Return whether nothing of it is drawn; a home with a lawyer in it is drawn as a home, which tells nothing of him."""
        return cls != ProtectedClass.HOME and any(self._kinds[name].hides_people for name in kinds)

    def _of_building(self, building: int, known: _Known) -> ProtectedPlace:
        of = self._buildings
        return ProtectedPlace(
            str(of.ids[building]),
            known.cls,
            ground=self._whole[building],
            frontage=self._outlines[building],
            building=building,
            top_m=self._rises[building][1],
            frontage_heights_m=self._heights(building),
            buildings=(building,),
            kinds=known.kinds,
            sources=(str(of.ids[building]),) if self._own[building] else (),
            hides_people=known.hides_people,
            drawn=is_drawn(of.tags[building]),
        )

    def _of_group(self, buildings: IntArray, features: IntArray, known: _Known) -> ProtectedPlace:
        of = self._buildings
        grounds = np.array([*(self._ground(feature) for feature in features.tolist()), None], object)[:-1]
        body = shapely.union_all([*of.polygons[buildings], *grounds])
        forecourt = self._forecourts.before(body, known.forecourt_m)
        mapped, guarded = shapely.union_all([body, forecourt]), self._guarded(buildings, features)
        ids = [str(of.ids[b]) for b in buildings], [str(self._features.ids[f]) for f in features]
        return ProtectedPlace(
            (ids[0] or ids[1])[0],
            known.cls,
            ground=shapely.union_all([mapped, *guarded]) if guarded else mapped,
            frontage=self._frontage(buildings),
            building=int(self._wall[buildings[0]]) if len(buildings) else -1,
            top_m=float(of.top_m[buildings].max(initial=0.0)),
            open_ground=self._outside_footprints(mapped),
            street=self._street(known, body, forecourt, guarded),
            frontage_heights_m=tuple(pair for b in buildings.tolist() for pair in self._heights(b)),
            frontage_buildings=tuple(np.repeat(self._wall[buildings], self._lines[buildings]).tolist()),
            buildings=tuple(buildings.tolist()),
            kinds=known.kinds,
            sources=(*(str(of.ids[b]) for b in buildings.tolist() if self._own[b]), *ids[1]),
            hides_people=known.hides_people,
            drawn=bool(self._features.drawn[features].any()) or any(is_drawn(of.tags[b]) for b in buildings.tolist()),
        )

    def _guarded(self, buildings: IntArray, features: IntArray) -> list[BaseGeometry]:
        """Return what is no free ground besides: buildings and grounds without their holes, and what spills out of buildings."""
        pairs = ((self._whole, self._buildings.polygons, buildings), (self._features_whole, self._features.geometry, features))
        filled_up = [whole[row] for whole, parts, rows in pairs for row in rows.tolist() if whole[row] is not parts[row]]
        return filled_up + [self._disc(feature) for feature in features[self._spills[features]].tolist()]

    def _street(
        self, known: _Known, body: BaseGeometry, forecourt: BaseGeometry, guarded: Sequence[BaseGeometry]
    ) -> BaseGeometry | None:
        """Return the ground on which a crossing or a stop may lie: the carriageway before worship, the street on health ground.

        What is mapped as the place's own ground stays out but for a hospital's streets; so do squares, yards and footprints.
        """
        if known.hides_people:
            return None
        if known.forecourt_m > 0:
            own = shapely.union_all([body, *guarded])
            found = self._outside_footprints(self._streets.carriageway(shapely.difference(forecourt, own)))
        elif known.kinds == ("health",):
            found = self._outside_footprints(self._streets.street(body))
        else:
            return None
        return found

    def _frontage(self, buildings: IntArray) -> BaseGeometry | None:
        return shapely.multilinestrings(shapely.get_parts(self._outlines[buildings])) if len(buildings) else None

    def _heights(self, building: int) -> tuple[tuple[float, float], ...]:
        return (self._rises[building],) * self._line_counts[building]

    def _ground(self, feature: int) -> BaseGeometry:
        """Return the ground of a feature: none of its own inside a building, else an area, a strip or a disc."""
        geometry = self._features.geometry[feature]
        dimension = int(shapely.get_dimensions(geometry))
        if dimension == 2:
            return geometry
        if dimension == 1:
            return shapely.buffer(geometry, max(self._kinds[name].line_m for name in self._features.kinds[feature]))
        return shapely.Polygon() if self._links.room[feature] else self._disc(feature)

    def _disc(self, feature: int) -> BaseGeometry:
        kinds = [self._kinds[name] for name in self._features.kinds[feature]]
        return shapely.buffer(self._features.geometry[feature], max(kind.point_m for kind in kinds))

    def _beside_their_buildings(self) -> BoolArray:
        """Return the points whose building does not stand for them, since it is smaller than their ground or they lie outside.

        A hut that somebody draws at a refuge must not take the ground round it out of protection.
        """
        links, of = self._links, self._features
        spills = links.room & (shapely.get_dimensions(of.geometry) == 0)
        pairs = np.flatnonzero(spills[links.feature])
        feature, whole = links.feature[pairs], self._whole[links.building[pairs]]
        reach_m = np.array([max(self._kinds[name].point_m for name in of.kinds[row]) for row in feature.tolist()], float)
        stands_for = shapely.intersects(whole, of.geometry[feature]) & (shapely.area(whole) >= np.pi * reach_m**2)
        spills[feature[stands_for]] = False
        return np.asarray(spills, bool)

    def _outside_footprints(self, ground: BaseGeometry) -> BaseGeometry | None:
        standing = self._buildings.polygons[self._footprints.query(ground, predicate="intersects")]
        rest = shapely.difference(ground, shapely.union_all(standing)) if len(standing) else ground
        return rest if shapely.area(rest) > 0.01 else None


STEP = "protected"


def find_protected(
    layers: Mapping[str, Layer],
    buildings: Buildings,
    kinds: ProtectedKinds,
    declarations: Sequence[Declaration] = (),
    progress: Progress = no_progress,
) -> tuple[ProtectedPlace, ...]:
    """Return the protected places of a city, buildings of unknown use among them.

    A building, the points and rooms in it and the grounds round it are one place. A building is a home when its own tags or
    an entrance to flats say so; else it takes the class of the protected place in it (a clinic in an office block makes the
    block's frontage protected); else it is use unknown, unless its kind is known to be no dwelling or a person declared it
    (``not_dwelling``, with name and date; ``core/protection/unknown_use.py``); house numbers, entrances and names make
    one a dwelling, likely (``core/protection/unknown_use.py``), and a person may declare any a ``dwelling``.

    Parameters
    ----------
    layers : every layer but ``cameras`` and ``terrain`` is searched, user layers too.
    """
    # No outline crosses itself from here on.
    polygons = valid(buildings.polygons)
    buildings, index = buildings if polygons is buildings.polygons else replace(buildings, polygons=polygons), kinds.index()
    own = [index.names(tags) for tags in watched(buildings.tags, progress, STEP, every=1024)]
    own = _with_declared(own, buildings, declared(declarations, DWELLING))
    doubles = doubles_of(buildings, index.names)
    declarations = _of_each_outline(declarations, buildings, doubles)
    features = find_features(layers, buildings, own, kinds)
    progress(0.1, STEP)
    links = link(features, buildings, own, kinds)
    group = _groups(links, len(buildings), len(features), doubles)
    shown = _kinds_of_groups(group, own, features, links)
    nobody_knows = use_unknown(buildings, own, kinds, declarations)
    likely = frozenset(group[: len(buildings)][likely_dwellings(buildings, nobody_knows, layers, kinds)].tolist())
    unknown = np.unique(group[: len(buildings)][nobody_knows])
    wanted = sorted(shown.keys() | set(unknown.tolist()))
    progress(0.2, STEP)
    maker = PlaceMaker(layers, buildings, own, (features, links), kinds, doubles=doubles, progress=progress)
    groups = watched(list(_members(group, wanted)), progress, STEP)
    return tuple(maker.place(members, shown.get(number, frozenset()), number in likely) for number, members in groups)


def _with_declared(own: list[tuple[str, ...]], buildings: Buildings, lived_in: frozenset[str]) -> list[tuple[str, ...]]:
    """Return the kinds that buildings show, those of which a person says that they are lived in among the dwellings."""
    if not lived_in:
        return own
    return [
        tuple(sorted({*names, DWELLING})) if identity in lived_in else names
        for identity, names in zip(buildings.ids.tolist(), own, strict=True)
    ]


def _of_each_outline(declarations: Sequence[Declaration], buildings: Buildings, doubles: Doubles) -> Sequence[Declaration]:
    """Return declarations with what is said of one outline of a building said of its others, too."""
    rows = np.flatnonzero(doubles.is_again)
    if not len(rows):
        return declarations
    ids: dict[int, list[str]] = {}
    for row in np.union1d(rows, doubles.of[rows]).tolist():
        ids.setdefault(int(doubles.of[row]), []).append(str(buildings.ids[row]))
    others = {each: some for some in ids.values() for each in some}
    further = (replace(each, subject=other) for each in declarations for other in others.get(each.subject, ()))
    return tuple(dict.fromkeys((*declarations, *further)))


def count_places(places: Iterable[ProtectedPlace]) -> Mapping[str, int]:
    """Return how many places there are of each class; the only form in which outputs may speak of them as a whole."""
    counts = {str(cls): 0 for cls in ProtectedClass}
    for place in places:
        counts[str(place.cls)] += 1
    return counts


def _groups(links: Links, buildings: int, features: int, doubles: Doubles) -> IntArray:
    """Return the group number of every building, then of every feature."""
    again = np.flatnonzero(doubles.is_again)
    a = np.concatenate([buildings + links.feature, buildings + links.feature_a, again]).astype(np.int64)
    b = np.concatenate([links.building, buildings + links.feature_b, doubles.of[again]]).astype(np.int64)
    return joined_groups(a, b, buildings + features)


def _kinds_of_groups(
    group: IntArray, own: Sequence[tuple[str, ...]], features: Features, links: Links
) -> dict[int, frozenset[str]]:
    """Return the kinds that the members of each group show; of those that say the same it is the same set."""
    numbers, sets = group.tolist(), {names: frozenset(names) for names in {*own, *features.kinds}}
    shown: dict[int, frozenset[str]] = {}
    for number, names in zip(numbers, own, strict=False):
        if names:
            shown[number] = shown[number] | sets[names] if number in shown else sets[names]
    others = [*links.lent.items(), *((len(own) + f, sets[names]) for f, names in enumerate(features.kinds) if links.counts[f])]
    for member, kinds in others:
        number = numbers[member]
        shown[number] = shown.get(number, frozenset()) | kinds
    return shown


def _members(group: IntArray, wanted: Iterable[int]) -> Iterable[tuple[int, list[int]]]:
    order, starts = np.argsort(group, kind="stable").tolist(), np.concatenate([[0], np.cumsum(np.bincount(group))]).tolist()
    return ((number, order[starts[number] : starts[number + 1]]) for number in wanted)
