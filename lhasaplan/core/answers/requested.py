"""Which candidates people asked for, which of them the guard lets through, and the points that sample them."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from lhasaplan.core.answers.setting import Setting
from lhasaplan.core.candidates import find_places
from lhasaplan.core.demand import sample_demand
from lhasaplan.core.guard import guard_parts
from lhasaplan.core.parts import hand_made
from lhasaplan.core.place import Demand, Part
from lhasaplan.core.project import Project
from lhasaplan.core.public_ground import public_ground

Refusal = tuple[Part, str, Mapping[str, Any]]

part_drawn = hand_made  # the name that workflow knows it by


@dataclass(frozen=True, eq=False, slots=True)
class Candidates:
    """Parts that a duties pack yields or a person drew; ``confirmed`` are those that a named person asked for."""

    confirmed: tuple[Part, ...]
    not_requested: Mapping[str, int]  # candidate parts by category


@dataclass(frozen=True, eq=False, slots=True)
class Requested:
    """What the guard let through, what it refused and why, and the demand that samples the rest."""

    parts: tuple[Part, ...]
    refused: tuple[Refusal, ...]
    demand: Demand


def find_candidates(setting: Setting) -> Candidates:
    """Return the confirmed parts and the count of candidates that nobody requested; none without a duties pack."""
    project, packs = setting.project, setting.knowledge.packs
    has_duties = any(pack.categories for pack in packs)
    places = find_places(project.layers, setting.buildings, packs, project.inputs, setting.knowledge.kinds) if has_duties else ()
    parts = [part for place in places for part in place.parts]
    asked = {confirmation.part_id for confirmation in project.confirmations}
    drawn = tuple(hand_made(each) for each in project.hand_made_parts)
    confirmed = (*(part for part in parts if part.part_id in asked), *drawn)
    spare = [part for part in parts if part.part_id not in asked]
    allowed = guard_parts(spare, setting.ground, None).allowed  # what the guard refuses nobody can request
    return Candidates(confirmed, dict(sorted(Counter(part.category for part in allowed).items())))


def request(setting: Setting, candidates: Candidates) -> Requested:
    """Return the parts that pass the guard and their demand points; protected ground gives none."""
    result = guard_parts(candidates.confirmed, setting.ground, public_ground(setting.project.layers))
    excused = excused_parts(setting.project)
    sampled = [part for part in result.allowed if _is_sampled(part, excused)]
    return Requested(tuple(result.allowed), tuple(result.refused), sample_demand(sampled, setting.ground, setting.buildings))


def _is_sampled(part: Part, excused: Sequence[str] | frozenset[str]) -> bool:
    """Excused, indoor and unanswered parts are no demand: nothing is computed for them."""
    return not (part.part_id in excused or part.indoor or part.question)


def excused_parts(project: Project) -> frozenset[str]:
    """Return the ids of parts excused with reason and name."""
    return frozenset(each.part_id for each in project.excuses if each.reason.strip() and each.by.strip())


def declared_parts(project: Project) -> frozenset[str]:
    """Return the subjects that a named person declared with a date."""
    return frozenset(each.subject for each in project.declarations if each.by.strip() and each.date.strip())
