"""Confirmed candidates that the guard lets through, and the demand points that sample them."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from lhasaplan.core.base.progress import Progress, no_progress
from lhasaplan.core.base.spelling import is_answer
from lhasaplan.core.base.translations import marked
from lhasaplan.core.city.streets import public_ground
from lhasaplan.core.context.audit_context import AuditContext
from lhasaplan.core.demand.candidates import find_places
from lhasaplan.core.demand.guard import GuardResult, guard_parts
from lhasaplan.core.demand.neighbourhood import hand_made
from lhasaplan.core.demand.outdoor_parts import Granted, sample_demand
from lhasaplan.core.model.place import Demand, HandMadePart, Part
from lhasaplan.core.project.decisions import Confirmation, stands_for
from lhasaplan.core.project.project import Project
from lhasaplan.errors import Fault, InputError

UNSIGNED = marked("part {part}: a drawn part needs the name of the person who drew it and the day; without them it is not demand")
UNCONFIRMED = marked(
    "part {part}: a drawn part needs, like any other, a purpose of the mandate, a reason and the milder means "
    "considered; it is not demand until it is confirmed by its id"
)
NO_PURPOSE = marked("part {part}: it was confirmed for {purpose}, which is not a purpose of the mandate; it is not demand")
Refusal = tuple[Part, str, Mapping[str, object]]


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
    astray = {each.part_id: each for each in project.confirmations if each.is_grounded and not _is_mandated(each, project)}
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


def _is_mandated(confirmation: Confirmation, project: Project) -> bool:
    """Tell whether the mandate states the purpose; without a mandate nothing is demand anyway."""
    return project.mandate is None or confirmation.serves(project.mandate.purposes)


def request(context: AuditContext, candidates: FoundCandidates) -> Requested:
    """Return the parts that pass the guard and their demand points; protected ground gives none."""
    result = guard_requested(context, candidates.confirmed)
    excused = excused_parts(context.project)
    sampled = [part for part in result.allowed if _is_sampled(part, excused)]
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


def _is_sampled(part: Part, excused: Sequence[str] | frozenset[str]) -> bool:
    """Excused, indoor and unanswered parts are no demand: nothing is computed for them."""
    return not (part.part_id in excused or part.indoor or part.question)


def excused_parts(project: Project) -> frozenset[str]:
    """Return the ids of parts excused with reason and name."""
    return frozenset(each.part_id for each in project.excuses if is_answer(each.reason) and is_answer(each.by))


def declared_parts(project: Project) -> frozenset[str]:
    """Return the subjects that a named person declared with a date."""
    return frozenset(each.subject for each in project.declarations if stands_for(each.by, each.date))
