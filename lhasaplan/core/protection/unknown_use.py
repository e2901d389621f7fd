"""Buildings of unknown use, which count as protected until a person declares it, and those that are likely dwellings."""

import math
import re
from collections.abc import Mapping, Sequence
from functools import lru_cache

import numpy as np
import shapely

from lhasaplan.core.base.arrays import BoolArray, IntArray, ObjectArray
from lhasaplan.core.city.building_heights import parse_length_m
from lhasaplan.core.model.layer import Buildings, ConditionIndex, Layer, Tags, is_drawn
from lhasaplan.core.project.decisions import Declaration, stands_for
from lhasaplan.core.protection.kind_types import LikelyEvidence, ProtectedKind, ProtectedKinds
from lhasaplan.core.protection.protected_names import is_named

# Find buildings of unknown use that are likely dwellings, by house numbers, entrances and names.

_ON_THE_WALL_M = 0.3
_NOT_SEARCHED = frozenset({"buildings", "cameras", "terrain", "trees", "roads"})
_ADDRESS, _DOOR, _AGAINST = 1, 2, 4


def declared(declarations: Sequence[Declaration], fact: str) -> frozenset[str]:
    """Return the buildings of which a named person says something since a day; who says both says that it is lived in."""
    return frozenset(each.subject for each in declarations if each.fact == fact and stands_for(each.by, each.date))


def likely_dwellings(buildings: Buildings, unknown: BoolArray, layers: Mapping[str, Layer], kinds: ProtectedKinds) -> BoolArray:
    """Return which buildings of unknown use are dwellings, likely, shape (n,).

    A house number on the building, an address point in it or a name as homes have them suffices; several doors do where
    nothing else is known of it. A shop or an office as which the building itself is tagged contradicts all, a value that is
    known to be no dwelling too; one within contradicts the doors alone, for people live above shops.
    """
    found = np.zeros(len(buildings), bool)
    rows = np.flatnonzero(unknown)
    if not len(rows):
        return found
    evidence = kinds.likely
    against, own, _ = _finders(evidence)
    words = frozenset(evidence.names)
    may = np.fromiter(
        (
            buildings.tags[row].get("building", "yes") not in kinds.known_uses and not against.names(buildings.tags[row])
            for row in rows.tolist()
        ),
        bool,
        len(rows),
    )
    rows = rows[may]
    if not len(rows):
        return found
    shows = np.fromiter(
        (bool(own.names(tags)) or is_named(tags, words) for tags in (buildings.tags[row] for row in rows.tolist())),
        bool,
        len(rows),
    )
    points, marks = _points(layers, kinds, buildings.polygons[rows])
    addresses, doors, others = (
        _counts(points[marks & mark > 0], buildings.polygons[rows]) for mark in (_ADDRESS, _DOOR, _AGAINST)
    )
    found[rows] = shows | (addresses > 0) | ((doors >= evidence.entrances) & (others == 0))
    return found


def _points(layers: Mapping[str, Layer], kinds: ProtectedKinds, among: ObjectArray) -> tuple[ObjectArray, IntArray]:
    """Return the points that say something of the building they lie in, and what: an address, a door, another use.

    Points beyond the box around ``among`` lie in none of these buildings, and nothing is asked of them.

    What outputs must not tell says nothing of a building either: a refuge's point would show by the class of the house.
    """
    hides_people, (_, _, index) = _of_hiding(kinds.kinds), _finders(kinds.likely)
    found, marks = [], []
    west, south, east, north = shapely.total_bounds(among)
    around = shapely.box(west - _ON_THE_WALL_M, south - _ON_THE_WALL_M, east + _ON_THE_WALL_M, north + _ON_THE_WALL_M)
    shapely.prepare(around)
    for name, layer in layers.items():
        if name in _NOT_SEARCHED or not len(layer):
            continue
        is_point = shapely.get_dimensions(layer.geometry) == 0
        for row in np.flatnonzero(is_point & shapely.intersects(layer.geometry, around)).tolist():
            tags = layer.tags[row]
            is_disclosed = not is_drawn(tags) and not hides_people.names(tags)
            mark = _mark(index.names(tags), "name" in tags) if is_disclosed else 0
            if mark:
                found.append(layer.geometry[row])
                marks.append(mark)
    return np.array([*found, None], object)[:-1], np.array(marks, np.int64)


@lru_cache(maxsize=8)
def _finders(evidence: LikelyEvidence) -> tuple[ConditionIndex, ConditionIndex, ConditionIndex]:
    """Return what contradicts on a building, what shows a dwelling on it, and what points in it say; a drag asks at each step."""
    of_points = {"address": evidence.points, "door": evidence.doors, "against": evidence.against}
    return ConditionIndex({"against": evidence.against}), ConditionIndex({"own": evidence.tags}), ConditionIndex(of_points)


@lru_cache(maxsize=8)
def _of_hiding(kinds: tuple[ProtectedKind, ...]) -> ConditionIndex:
    return ConditionIndex({kind.name: kind.tags for kind in kinds if kind.hides_people})


def _mark(names: Sequence[str], is_named: bool) -> int:
    """Return what a point says; the address of a shop, and of whatever has a name, is its own."""
    if "against" in names:
        return _AGAINST
    return (_ADDRESS if "address" in names and not is_named else 0) | (_DOOR if "door" in names else 0)


def _counts(points: ObjectArray, polygons: ObjectArray) -> IntArray:
    """Return how many points lie in each building or on its wall, shape (n,)."""
    _, building = shapely.STRtree(polygons).query(points, predicate="dwithin", distance=_ON_THE_WALL_M)
    return np.bincount(building, minlength=len(polygons))


# Find buildings of unknown use: they count as protected until a person declares their use.

STOREY_M = 3.0
_RECORDED = frozenset({"height", "table"})  # sources of a height that somebody measured or wrote down
_OF_USE = ("building", "building:levels", "roof:levels")  # what tells whether a building may be lived in, beside its height
_NUMBER = re.compile(r"\d+(?:[.,]\d+)?")


def use_unknown(
    buildings: Buildings, own: Sequence[tuple[str, ...]], kinds: ProtectedKinds, declarations: Sequence[Declaration]
) -> BoolArray:
    """Return the buildings of unknown use, shape (n,).

    Those that show no kind, and whose value is no known use, or one above which people live where the house is high enough,
    or that are called what is protected: a workshop called a mosque may be one.
    A named person may declare one ``not_dwelling``; that it is lived in is all that this clears: what its name calls a temple
    or a school stays unknown, unless the map knows its use and a named person says with a reason that its name means another
    thing (``not_as_named``).

    Parameters
    ----------
    own : the kinds that each building's own tags show.
    """
    reported = {d.subject for d in declarations if d.fact == "not_dwelling" and stands_for(d.by, d.date)}
    renamed = {d.subject for d in declarations if d.fact == "not_as_named" and d.reason.strip() and stands_for(d.by, d.date)}
    heights = zip(buildings.height_source.tolist(), buildings.top_m.tolist(), strict=True)
    words, known = kinds.words(), dict[tuple[str | float | None, ...], bool]()  # a city says the same few things of most

    def may_be_lived_in(tags: Tags, height: tuple[str, float]) -> bool:
        record = (*map(tags.get, _OF_USE), *height)
        if record not in known:
            known[record] = _may_be_lived_in(tags, height, kinds)
        return known[record]

    rows = zip(buildings.ids.tolist(), own, buildings.tags, heights, strict=True)
    marks = (
        not names
        and (
            (is_named(tags, words, kinds.elsewhere) and not (name in renamed and is_of_known_use(tags, kinds)))
            or (name not in reported and may_be_lived_in(tags, height))
        )
        for name, names, tags, height in rows
    )
    return np.fromiter(marks, bool, len(buildings))


def is_of_known_use(tags: Tags, kinds: ProtectedKinds) -> bool:
    """Say whether the map knows what a building is used for."""
    return tags.get("building", "yes") in kinds.known_uses


def shows_unknown_use(tags: Tags, kinds: ProtectedKinds) -> bool:
    """Say of a building without a kind, by its tags alone, whether its use is unknown."""
    height_m = parse_length_m(tags.get("height", ""))
    known = ("height", height_m) if height_m is not None else ("default", 0.0)
    return is_named(tags, kinds.words(), kinds.elsewhere) or _may_be_lived_in(tags, known, kinds)


def _may_be_lived_in(tags: Tags, height: tuple[str, float], kinds: ProtectedKinds) -> bool:
    if not is_of_known_use(tags, kinds):
        return True
    return tags.get("building", "yes") in kinds.lived_above and storeys_of(tags, *height) >= kinds.lived_above_storeys


def storeys_of(tags: Tags, source: str, top_m: float) -> float:
    """Return the recorded storeys of a building, those in its roof too, or those its recorded height has room for; else 0.

    >>> storeys_of({"building:levels": "2-4"}, "default", 6.0), storeys_of({}, "height", 9.5), storeys_of({}, "default", 18.0)
    (4.0, 3.0, 0.0)
    >>> storeys_of({"building:levels": "2", "roof:levels": "1"}, "default", 6.0)
    3.0
    """
    if any(text and not _NUMBER.search(text) for text in (tags.get("building:levels", ""), tags.get("roof:levels", ""))):
        return math.inf  # "three" and "III" are some, and nobody knows how many
    levels, in_roof = _storeys(tags, "building:levels"), _storeys(tags, "roof:levels")
    if levels:
        return levels + in_roof
    room = float(math.floor(top_m / STOREY_M)) if source in _RECORDED else 0.0
    return max(room, 1.0 + in_roof) if in_roof else room


def _storeys(tags: Tags, key: str) -> float:
    sums = (_NUMBER.findall(part) for part in re.split(r"[;-]", tags.get(key, "")) if part)
    each = [[float(text.replace(",", ".")) for text in numbers] for numbers in sums]
    return max((sum(numbers) for numbers in each), default=0.0)  # "2+1" is three, "2-4" is up to four
