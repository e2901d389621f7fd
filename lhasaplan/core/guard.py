"""The guard: no protected place becomes demand, and no quarter is watched whole, whatever a pack or a layer says."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import shapely
from shapely.geometry.base import BaseGeometry

from lhasaplan.core.conditions import ANY, pairs_of, plain
from lhasaplan.core.outdoor_parts import OUTDOOR_PARTS, outdoors_of, too_much_outdoors
from lhasaplan.core.parts import MAX_PART_M, extent_m, is_longer
from lhasaplan.core.place import Part
from lhasaplan.core.protected import ProtectedClass
from lhasaplan.core.protected_ground import ProtectedGround
from lhasaplan.core.protection_minimum import MINIMUM
from lhasaplan.core.quarter import footprint, too_much_in_a_quarter
from lhasaplan.core.street_parts import too_much_in_the_street
from lhasaplan.core.watching import Progress, unwatched, watched
from lhasaplan.core.wording import marked

KIND = marked("a protected place is never demand: the kind {kind} is protected")
SOURCE = marked("a protected place is never demand: the feature {source} is one, whatever its other tags say")
MOSTLY = marked("{share} % of this part lies on protected ground; more than half is refused")
TOO_LONG = marked("this part is {length} m long; {most} m is the most")
NO_STREET = marked("a school crossing lies in the street; most of this part does not")
QUARTER = marked(
    "the confirmed parts would cover more than {percent} % of the public ground within {radius} m: neighbourhood-wide"
)
BAYS = marked(
    "the confirmed bays on this ground would lie side by side over more than {most} m or cover more than {percent} % of it: "
    "a yard is no bay"
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

Refusal = tuple[Part, str, Mapping[str, Any]]


@dataclass(frozen=True, eq=False, slots=True)
class GuardResult:
    """Parts that may be demand, and the others, each with the sentence that says why and its parameters."""

    allowed: tuple[Part, ...]
    refused: tuple[Refusal, ...]


def guard_parts(
    parts: Sequence[Part], ground: ProtectedGround, public_ground: BaseGeometry | None, progress: Progress = unwatched
) -> GuardResult:
    """Return which parts may become demand.

    A hand-made part, a part of a changed pack and one of a user's layer pass the same test; it looks at the ground itself,
    so another tag on the same ground changes nothing. Where parts add up to more than a tenth of the public ground in any
    circle of 500 m radius, the last ones in the given order are refused until they do not; so are bays that add up to the
    open ground of a hospital, and crossings and stops before a church.

    Parameters
    ----------
    public_ground : of the city; None leaves out the tests of parts together, for single candidates.
    """
    each = watched(parts, progress, "protected")
    refused = [refusal for part in each for refusal in [_why(part, ground, public_ground)] if refusal is not None]
    gone = {id(part) for part, _, _ in refused}
    allowed = tuple(part for part in parts if id(part) not in gone)
    if public_ground is None:
        return GuardResult(allowed, tuple(refused))
    spread = too_much_outdoors(allowed, ground)
    refused += [(allowed[i], BAYS, {"most": 15, "percent": 10}) for i in sorted(spread)]
    allowed = tuple(part for i, part in enumerate(allowed) if i not in spread)
    filled = too_much_in_the_street(allowed, ground.streets())
    refused += [(allowed[i], STREETS, {"percent": 50}) for i in sorted(filled)]
    allowed = tuple(part for i, part in enumerate(allowed) if i not in filled)
    crowded = too_much_in_a_quarter(allowed, public_ground)
    refused += [(allowed[i], QUARTER, {"percent": 10, "radius": 500}) for i in sorted(crowded)]
    return GuardResult(tuple(part for i, part in enumerate(allowed) if i not in crowded), tuple(refused))


def _why(part: Part, ground: ProtectedGround, public_ground: BaseGeometry | None) -> Refusal | None:
    return next(_reasons(part, ground, public_ground), None)


def _reasons(part: Part, ground: ProtectedGround, public_ground: BaseGeometry | None) -> Iterator[Refusal]:
    named = {plain(part.kind), plain(part.category)} & PROTECTED_WORDS
    if named:
        yield part, KIND, {"kind": min(named)}
    if part.source in ground.sources:
        yield part, SOURCE, {"source": part.source}
    if part.question:  # it is nowhere yet: nothing is sampled until a person answers
        yield from _asked_of_protected(part, ground)
        return
    share = ground.share_of(part.geometry, outdoors_of(part, ground))
    if share > MOST_PROTECTED:
        yield part, MOSTLY, {"share": round(100 * share)}
    if part.kind == "school_crossing" and public_ground is not None and not _is_in_the_street(part, public_ground):
        yield part, NO_STREET, {}
    if is_longer(part.geometry, MAX_PART_M + _SLACK_M):
        yield part, TOO_LONG, {"length": round(extent_m(part.geometry)), "most": round(MAX_PART_M)}


def _asked_of_protected(part: Part, ground: ProtectedGround) -> Iterator[Refusal]:
    """Refuse a question about a site that is mostly a protected place: another layer over a home makes no site of it.

    A building of which nobody knows the use may be what the site says; its part is judged once it is known.
    """
    site = part.geometry if part.site is None else part.site
    share = 0.0 if part.kind in OUTDOOR_PARTS else ground.share_of(site, outdoors_of(part, ground), known_only=True)
    if share > MOST_PROTECTED:
        yield part, MOSTLY, {"share": round(100 * share)}


def _is_in_the_street(part: Part, public_ground: BaseGeometry) -> bool:
    """Say whether a part lies mostly on public ground; a line by the strip that it stands for."""
    strip = footprint(part)
    return bool(shapely.area(shapely.intersection(strip, public_ground)) >= MOST_PROTECTED * shapely.area(strip))
