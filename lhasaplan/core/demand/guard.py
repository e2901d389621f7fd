"""The guard: no protected place becomes demand, and no quarter is watched whole, whatever a pack or a layer says.

What is requested are the confirmed candidates that it lets through, and the demand points that sample them.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

import shapely
from shapely.geometry.base import BaseGeometry

from lhasaplan.core.base.progress import Progress, no_progress, watched
from lhasaplan.core.base.spelling import is_answer, plain
from lhasaplan.core.base.translations import marked
from lhasaplan.core.city.streets import public_ground
from lhasaplan.core.context.audit_context import AuditContext
from lhasaplan.core.demand.before_walls import REACH_M, Meetings
from lhasaplan.core.demand.candidates import find_places
from lhasaplan.core.demand.neighbourhood import MAX_PART_M, extent_m, footprint, hand_made, is_longer, too_much_in_a_quarter
from lhasaplan.core.demand.outdoor_parts import Granted, outdoors_of, sample_demand, too_much_in_the_street, too_much_outdoors
from lhasaplan.core.model.layer import ANY, ConditionIndex, pairs_of
from lhasaplan.core.model.place import DRAWN_SOURCE, OUTDOOR_PARTS, Demand, HandMadePart, Part, ProtectedClass
from lhasaplan.core.project.decisions import stands_for
from lhasaplan.core.project.project import Project
from lhasaplan.core.protection.ground import ProtectedGround
from lhasaplan.core.protection.minimum import MINIMUM
from lhasaplan.core.rules.pack import RECOGNITION_PX_M
from lhasaplan.errors import Fault, InputError

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
    refused = [
        refusal for part in each for refusal in [next(_reasons(part, ground, granted, index), None)] if refusal is not None
    ]
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


def _reasons(part: Part, ground: ProtectedGround, granted: Granted, index: ConditionIndex | None) -> Iterator[Refusal]:
    reported = {plain(part.kind): part.kind, plain(part.category): part.category}
    by_map = {word for word, text in reported.items() if index is not None and index.names({"amenity": text})}
    named = (reported.keys() & PROTECTED_WORDS) | by_map
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


UNSIGNED = marked("part {part}: a drawn part needs the name of the person who drew it and the day; without them it is not demand")
UNCONFIRMED = marked(
    "part {part}: a drawn part needs, like any other, a purpose of the mandate, a reason and the milder means "
    "considered; it is not demand until it is confirmed by its id"
)
NO_PURPOSE = marked("part {part}: it was confirmed for {purpose}, which is not a purpose of the mandate; it is not demand")


@dataclass(frozen=True, eq=False, slots=True)
class FoundCandidates:
    """Parts that a duties pack yields or a person drew; ``confirmed`` are those that a named person asked for.

    A part that was drawn is confirmed as any other, with purpose, reason and milder means; one without them, or without
    the name and day of who drew it, is in ``drawn`` alone. ``astray`` are those confirmed for a purpose that the mandate
    does not state, which another mandate may have done. ``not_requested`` counts, by category, the candidates
    that anybody could still ask for, ``refused`` how many the guard would not let through: behind the open gate alone
    (``with_counts``), outside it no candidates are disclosed.
    """

    parts: tuple[Part, ...]
    drawn: tuple[Part, ...]
    confirmed: tuple[Part, ...]
    not_requested: Mapping[str, int] = field(default_factory=dict)
    refused: int = 0
    astray: tuple[Refusal, ...] = ()


@dataclass(frozen=True, eq=False, slots=True)
class Requested:
    """What the guard let through, what it refused and why, and the demand that samples the rest."""

    parts: tuple[Part, ...]
    refused: tuple[Refusal, ...]
    demand: Demand


def find_candidates(context: AuditContext, progress: Progress = no_progress) -> FoundCandidates:
    """Return the candidates and the confirmed parts among them; ``with_counts`` counts the others.

    Raises
    ------
    InputError
        The outline of a hand-made part cannot be read.
    """
    project, packs, know = context.project, context.reference_data.packs, context.reference_data
    duties = [pack for pack in packs if pack.categories]
    city = (project.layers, context.buildings, duties, project.inputs, know.kinds)
    places = find_places(*city, widths=know.widths, progress=progress) if duties else ()
    parts = tuple(part for place in places for part in place.parts)
    drawn = drawn_parts(project.hand_made_parts)
    astray = {
        each.part_id: each
        for each in project.confirmations
        if each.is_grounded and not (project.mandate is None or each.serves(project.mandate.purposes))
    }
    asked = {each.part_id for each in project.confirmations if each.is_grounded}.difference(astray)
    own = asked - {part.part_id for part in parts}  # a drawn part of a candidate's name has not the candidate's confirmation
    pairs = zip(drawn, project.hand_made_parts, strict=True)
    signed = tuple(part for part, each in pairs if is_signed(each) and part.part_id in own)
    confirmed = (*(part for part in parts if part.part_id in asked), *signed)
    lost = ((part, NO_PURPOSE, {"purpose": astray[part.part_id].purpose}) for part in (*parts, *drawn) if part.part_id in astray)
    return FoundCandidates(parts, drawn, confirmed, astray=tuple(lost))


def with_counts(context: AuditContext, found: FoundCandidates, progress: Progress = no_progress) -> FoundCandidates:
    """Return the candidates with the count of those not requested; call it only behind the open gate."""
    asked = {part.part_id for part in found.confirmed}
    spare = guard_alone(context, [part for part in found.parts if part.part_id not in asked], progress)
    counts = Counter(part.category for part in spare.allowed)
    return replace(found, not_requested=dict(sorted(counts.items())), refused=len(spare.refused))


def is_signed(drawn: HandMadePart) -> bool:
    """Tell whether a named person drew a part on a known day; a row written by hand into the project file may lack it."""
    return stands_for(drawn.by, drawn.date)


def drawn_parts(drawn: Sequence[HandMadePart]) -> tuple[Part, ...]:
    """Return hand-made parts as parts like any other; InputError names every one that cannot be read."""
    parts, faults = list[Part](), list[Fault]()
    for each in drawn:
        try:
            parts.append(hand_made(each))
        except InputError as error:
            faults += error.faults
    if faults:
        raise InputError(*faults)
    return tuple(parts)


def request(context: AuditContext, candidates: FoundCandidates) -> Requested:
    """Return the parts that pass the guard and their demand points; protected ground gives none."""
    result = guard_requested(context, candidates.confirmed)
    excused = excused_parts(context.project)
    # Excused, indoor and unanswered parts are no demand: nothing is computed for them.
    sampled = [part for part in result.allowed if not (part.part_id in excused or part.indoor or part.question)]
    demand = sample_demand(sampled, context.ground, context.buildings, context.terrain)
    return Requested(tuple(result.allowed), (*result.refused, *_unasked(context.project, candidates), *candidates.astray), demand)


def _unasked(project: Project, candidates: FoundCandidates) -> Iterator[Refusal]:
    """Yield the refusal of each drawn part without a name or a confirmation."""
    reported = {id(part) for part in (*candidates.confirmed, *(part for part, _, _ in candidates.astray))}
    for part, each in zip(candidates.drawn, project.hand_made_parts, strict=True):
        if id(part) not in reported:
            yield part, UNCONFIRMED if is_signed(each) else UNSIGNED, {}


def guard_requested(context: AuditContext, parts: Sequence[Part]) -> GuardResult:
    """Return which parts may be demand together, the quarter's share of public ground included."""
    layers, widths = context.project.layers, context.reference_data.widths
    ground = public_ground(layers, widths=widths)
    index = context.reference_data.kinds.index()
    return guard_parts(parts, context.ground, ground, granted=Granted(layers, widths, context.reference_data.packs), index=index)


def guard_alone(context: AuditContext, parts: Sequence[Part], progress: Progress = no_progress) -> GuardResult:
    """Return which parts may be demand if each were the only one."""
    granted = Granted(context.project.layers, context.reference_data.widths, context.reference_data.packs)
    return guard_parts(parts, context.ground, None, progress, granted, context.reference_data.kinds.index())


def excused_parts(project: Project) -> frozenset[str]:
    """Return the ids of parts excused with reason and name."""
    return frozenset(each.part_id for each in project.excuses if is_answer(each.reason) and is_answer(each.by))


def declared_parts(project: Project) -> frozenset[str]:
    """Return the subjects that a named person declared with a date."""
    return frozenset(each.subject for each in project.declarations if stands_for(each.by, each.date))
