"""The guard: no protected place becomes demand, and no quarter is watched whole, whatever a pack or a layer says."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import shapely
from shapely.geometry.base import BaseGeometry

from lhasaplan.core.base.progress import Progress, no_progress, watched
from lhasaplan.core.base.spelling import plain
from lhasaplan.core.base.translations import marked
from lhasaplan.core.demand.before_walls import REACH_M, Meetings
from lhasaplan.core.demand.neighbourhood import MAX_PART_M, extent_m, footprint, is_longer, too_much_in_a_quarter
from lhasaplan.core.demand.outdoor_parts import Granted, outdoors_of, too_much_in_the_street, too_much_outdoors
from lhasaplan.core.model.layer import ANY, ConditionIndex, pairs_of
from lhasaplan.core.model.place import DRAWN_SOURCE, OUTDOOR_PARTS, Part, ProtectedClass
from lhasaplan.core.protection.ground import ProtectedGround
from lhasaplan.core.protection.minimum import MINIMUM
from lhasaplan.core.rules.pack import RECOGNITION_PX_M

# Whether a part stands at the wall of a protected place: a door there is its door, a strip along it asks for the wall.

AT_WALL_M = 0.3
ALONG_WALL_M = 1.0
HALF = 0.5


def is_at_a_protected_door(part: Part, ground: ProtectedGround, spared: str = "") -> bool:
    """Say whether a part before a door stands mostly at the wall of a known protected place: the door is that place's.

    The half disc before a door lies along the wall with its diameter, its longest side. Places of the spared kind, unless they
    hide nobody, have doors at which such a part may stand.
    """
    if part.shape != "point":
        return False
    at_wall = shapely.buffer(part.geometry, AT_WALL_M)
    walls = ground.walls(at_wall, spared)
    return float(shapely.length(shapely.intersection(walls, at_wall))) > HALF * extent_m(part.geometry)


def is_along_a_protected_wall(part: Part, ground: ProtectedGround) -> bool:
    """Say whether a part that a person drew lies with more than half of it before the walls of known protected places.

    What a map has there, a stop or a crossing, is where it is; a strip that is drawn along a wall asks for the wall.
    """
    if part.source != DRAWN_SOURCE:
        return False
    shape = footprint(part)
    strip = shapely.buffer(ground.walls(shapely.buffer(shape, ALONG_WALL_M)), ALONG_WALL_M)
    return bool(shapely.area(shapely.intersection(strip, shape)) > HALF * shapely.area(shape))


KIND = marked("a protected place is never demand: the kind {kind} is protected")
SOURCE = marked("a protected place is never demand: the feature {source} is one, whatever its other tags say")
MOSTLY = marked("{share} % of this part lies on protected ground; more than half is refused")
TOO_LONG = marked("this part is {length} m long; the limit is {most} m")
ON_SITE = marked("{share} % of this part's site is a known protected place; above one half the part is refused")
AT_DOOR = marked("this part touches the wall of a protected place: a door there belongs to that place")
BEFORE_WALLS = marked(
    "this part, alone or with the confirmed ones, would lie within {reach} m of more than half of the walls or "
    "doors of a protected place, or mostly in front of such walls"
)
NO_CROSSING = marked("no street crossing is mapped here; on school ground a school crossing needs one")
NO_ENTRANCE = marked("no emergency entrance or ambulance station is mapped here; on hospital ground a bay needs one")
NO_STREET = marked("a school crossing lies in a street open to vehicles and the public; most of this part does not")
TOO_SHARP = marked(
    "this part asks for {density} px/m; a part may ask for less than {most} px/m, because from there known people "
    "can be recognised"
)
TOO_MUCH = marked(
    "this part asks for {views} cameras on a share of {share}; a part asks for at least one camera, on a share "
    "above 0 and up to 1"
)
QUARTER = marked(
    "the confirmed parts would cover more than {percent} % of the public ground within {radius} m: that would be "
    "a whole neighbourhood"
)
BAYS = marked(
    "the confirmed bays or crossings on this ground would form a row of more than {most} m or cover more than "
    "{percent} % of it: a yard is not a bay"
)
STREETS = marked(
    "the confirmed crossings and stops would cover more than {percent} % of the carriageway before a protected place"
)

MOST_PROTECTED = 0.5
# What a part may not call itself: the protected kinds, and whatever a map calls what is no home (a terrace may be a stand).
PROTECTED_WORDS = frozenset(MINIMUM) | {
    plain(word) for kind in MINIMUM.values() for _, word in pairs_of(kind.tags) if word != ANY and kind.cls != ProtectedClass.HOME
}
_SLACK_M = 0.5

_BEFORE_WALLS: tuple[str, Mapping[str, object]] = (BEFORE_WALLS, {"reach": round(REACH_M)})

NOTHING_MAPPED = Granted()

Refusal = tuple[Part, str, Mapping[str, object]]
_TestTogether = tuple[Callable[[Sequence[Part]], frozenset[int]], str, Mapping[str, object]]


@dataclass(frozen=True, eq=False, slots=True)
class GuardResult:
    """Parts that may be demand, and the others, each with the sentence that says why and its parameters."""

    allowed: tuple[Part, ...]
    refused: tuple[Refusal, ...]


def guard_parts(  # noqa: PLR0917 - what is judged, against what, and what is granted
    parts: Sequence[Part],
    ground: ProtectedGround,
    public_ground: BaseGeometry | None,
    progress: Progress = no_progress,
    granted: Granted = NOTHING_MAPPED,
    index: ConditionIndex | None = None,
) -> GuardResult:
    """Return which parts may become demand.

    A hand-made part, a part of a changed pack and one of a user's layer pass the same test; it looks at the ground itself,
    so another tag on the same ground changes nothing. Where parts add up to more than a tenth of the public ground in any
    circle of 500 m radius, the last ones in the given order are refused until they do not; so are bays and crossings that add
    up to the open ground of a protected place, crossings and stops before a church, and whatever lies before more than half of
    the walls or doors of any protected place (``before_walls.py``).

    Parameters
    ----------
    public_ground : of the city; None leaves out the tests of parts together, for single candidates.
    granted : the mapped objects on which exceptions rest; without any there is no exception.
    index : the finder of protected kinds, so that no part is called one in any language.
    """
    each = watched(parts, progress, "protected")
    refused = [refusal for part in each for refusal in [_why(part, ground, granted, index)] if refusal is not None]
    alone = _meetings(parts, ground, granted).too_much_alone().tolist()
    known = {id(part) for part, _, _ in refused}
    refused += [
        (part, *_BEFORE_WALLS) for part, is_too_much in zip(parts, alone, strict=True) if is_too_much and id(part) not in known
    ]
    gone = {id(part) for part, _, _ in refused}
    allowed = tuple(part for part in parts if id(part) not in gone)
    if public_ground is None:
        return GuardResult(allowed, tuple(refused))
    for find, template, params in _together(ground, public_ground, granted):
        too_much = find(allowed)
        refused += [(allowed[i], template, params) for i in sorted(too_much)]
        allowed = tuple(part for i, part in enumerate(allowed) if i not in too_much)
    return GuardResult(allowed, tuple(refused))


def _meetings(parts: Sequence[Part], ground: ProtectedGround, granted: Granted) -> Meetings:
    return Meetings(parts, ground, granted.layers, granted.widths, granted.shipped)


def _together(ground: ProtectedGround, public_ground: BaseGeometry, granted: Granted) -> tuple[_TestTogether, ...]:
    """Return the tests of parts together: each finds the indices to refuse, with the sentence that says why."""
    return (
        (lambda parts: too_much_outdoors(parts, ground), BAYS, {"most": 15, "percent": 10}),
        (lambda parts: too_much_in_the_street(parts, ground.streets()), STREETS, {"percent": 50}),
        (lambda parts: _meetings(parts, ground, granted).too_much_together(), *_BEFORE_WALLS),
        (lambda parts: too_much_in_a_quarter(parts, public_ground), QUARTER, {"percent": 10, "radius": 500}),
    )


def _why(part: Part, ground: ProtectedGround, granted: Granted, index: ConditionIndex | None) -> Refusal | None:
    return next(_reasons(part, ground, granted, index), None)


def _called(part: Part, index: ConditionIndex | None) -> set[str]:
    """Return what a part is called by its kind or category that a map calls what is protected."""
    reported = {plain(part.kind): part.kind, plain(part.category): part.category}
    by_map = {word for word, text in reported.items() if index is not None and index.names({"amenity": text})}
    return (reported.keys() & PROTECTED_WORDS) | by_map


def _reasons(part: Part, ground: ProtectedGround, granted: Granted, index: ConditionIndex | None) -> Iterator[Refusal]:
    named = _called(part, index)
    if named:
        yield part, KIND, {"kind": min(named)}
    if part.source in ground.sources:
        yield part, SOURCE, {"source": part.source}
    if not 0.0 < part.required.density_px_m < RECOGNITION_PX_M:
        yield part, TOO_SHARP, {"density": f"{part.required.density_px_m:g}", "most": round(RECOGNITION_PX_M)}
    if part.required.min_views < 1 or not 0.0 < part.required.min_share <= 1.0:
        yield part, TOO_MUCH, {"views": part.required.min_views, "share": f"{part.required.min_share:g}"}
    yield from _of_its_site(part, ground)
    if not part.question:  # else it is nowhere yet: nothing is sampled until a person answers
        yield from _of_its_ground(part, ground)
        yield from _of_an_exception(part, ground, granted)


def _of_its_site(part: Part, ground: ProtectedGround) -> Iterator[Refusal]:
    """Refuse what belongs to a site that is mostly a protected place: another layer over a home makes no site of it.

    A building of which nobody knows the use may be what the site says. A bay may belong to a hospital, and to nothing else.
    """
    share = _share_of_site(part, ground, OUTDOOR_PARTS.get(part.kind, ""))
    if share > MOST_PROTECTED:
        yield part, ON_SITE, {"share": round(100 * share)}


def _share_of_site(part: Part, ground: ProtectedGround, spared: str = "") -> float:
    site = part.geometry if part.question and part.site is None else part.site
    return 0.0 if site is None else ground.share_of(site, outdoors_of(part, ground), known_only=True, spared=spared)


def _of_its_ground(part: Part, ground: ProtectedGround) -> Iterator[Refusal]:
    share = ground.share_of(part.geometry, outdoors_of(part, ground))
    if share > MOST_PROTECTED:
        yield part, MOSTLY, {"share": round(100 * share)}
    if is_longer(part.geometry, MAX_PART_M + _SLACK_M):
        yield part, TOO_LONG, {"length": round(extent_m(part.geometry)), "most": round(MAX_PART_M)}
    is_at_door = is_at_a_protected_door(part, ground, OUTDOOR_PARTS.get(part.kind, ""))
    if not part.indoor and (is_at_door or is_along_a_protected_wall(part, ground)):
        yield part, AT_DOOR, {}


def _of_an_exception(part: Part, ground: ProtectedGround, granted: Granted) -> Iterator[Refusal]:
    """Refuse a bay or crossing that stands on a protected place's ground, or belongs to one, without what it is for."""
    if part.kind == "school_crossing" and not granted.is_in_the_street(part):
        yield part, NO_STREET, {}
    if part.kind in OUTDOOR_PARTS and _is_exception(part, ground) and not granted.has_object(part):
        yield part, NO_CROSSING if part.kind == "school_crossing" else NO_ENTRANCE, {}


def _is_exception(part: Part, ground: ProtectedGround) -> bool:
    """Say whether a part of another kind would be refused here, or would lose ground."""
    kind = outdoors_of(part, ground)
    on_ground = bool(kind) and bool(ground.open_grounds(footprint(part), kind))
    return on_ground or _share_of_site(part, ground) > MOST_PROTECTED or is_at_a_protected_door(part, ground)
