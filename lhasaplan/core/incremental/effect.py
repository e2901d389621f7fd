"""What a change of cameras means: parts gained and lost, protected places by grade, unasked ground; before and after."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from lhasaplan.core.answers.judged_parts import NOTHING
from lhasaplan.core.answers.requested import declared_parts, excused_parts
from lhasaplan.core.answers.verdict import judge
from lhasaplan.core.arrays import IntArray
from lhasaplan.core.assessment import CameraResult
from lhasaplan.core.finding import Severity
from lhasaplan.core.incremental.live import Live
from lhasaplan.core.incremental.part_shares import ALL, measured_of, of_parts, shares_of

MET = "met"
POSSIBLE = "possible"  # a view that rests on assumptions is graded by nobody yet
Verdicts = Mapping[str, tuple[str, str]]  # by part: by operating cameras, and with the planned ones


@dataclass(frozen=True, slots=True)
class Effect:
    """What one camera means before and after a change.

    Parameters
    ----------
    gained, lost : parts that are met now, with planned cameras, and were not; and the other way round.
    places : protected places in view by grade (``note``, ``due``, ``error``), those of assumed views as ``possible``.
    unasked_m2 : ground in view at 25 px/m or better that no part asks for.
    """

    camera_id: str
    gained: tuple[str, ...]
    lost: tuple[str, ...]
    places: Mapping[str, tuple[int, int]]
    unasked_m2: tuple[float, float]


def effect_on(camera_id: str, before: Live, after: Live) -> Effect:
    """Return what changed for a camera, and for the parts, from one state of the city to another."""
    gained, lost = _met(before, after)
    had, has = (each.results.get(camera_id) for each in (before, after))
    old, new = places_by_grade(had), places_by_grade(has)
    return Effect(
        camera_id,
        gained,
        lost,
        {grade: (old[grade], new[grade]) for grade in new},
        (had.unasked_m2 if had is not None else 0.0, has.unasked_m2 if has is not None else 0.0),
    )


def places_by_grade(result: CameraResult | None) -> dict[str, int]:
    """Return how many protected places a camera shows at each grade; those of assumed views are possible, and no grade."""
    found = dict.fromkeys((*map(str, Severity), POSSIBLE), 0)
    for sighting in result.sightings if result is not None else ():
        if sighting.basis == "recorded":
            for grade, places in sighting.places_by_grade.items():
                found[grade] += places
        else:
            found[POSSIBLE] += sighting.places
    return found


def verdicts(live: Live) -> Verdicts:
    """Return the verdict of every confirmed part that the guard let through, before and after planned cameras."""
    if live.requested is None:
        return {}
    served, seen = shares_of(live.counts, live.needs)
    project = live.city.project
    excused, declared = excused_parts(project), declared_parts(project)
    numbers = {part.part_id: number for number, part in enumerate(live.demand.parts)}
    found = {}
    for part in live.requested.parts:
        number = numbers.get(part.part_id)
        pair = (NOTHING, NOTHING) if number is None else measured_of(served, seen, number)
        is_excused, is_declared = part.part_id in excused, part.indoor and part.part_id in declared
        found[part.part_id] = (judge(part, pair[0], is_excused, is_declared), judge(part, pair[1], is_excused, is_declared))
    return found


def _met(before: Live, after: Live) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the parts that are met after and were not before, and those that were and are not; only touched ones are judged."""
    if before.counts is after.counts or before.requested is not after.requested:
        return (), ()
    touched = np.unique(after.needs.part[(before.counts[ALL] != after.counts[ALL]).any(axis=0)])
    if not len(touched):
        return (), ()
    (old, new) = (_are_met(each, touched) for each in (before, after))
    names = [after.demand.parts[part].part_id for part in touched.tolist()]
    gained = tuple(name for name, was, now in zip(names, old, new, strict=True) if now and not was)
    return gained, tuple(name for name, was, now in zip(names, old, new, strict=True) if was and not now)


def _are_met(live: Live, parts: IntArray) -> list[bool]:
    counts, needs = of_parts(live.counts, live.needs, parts)
    served, seen = shares_of(counts, needs)
    numbered = enumerate(live.demand.parts[part] for part in parts.tolist())
    return [judge(part, measured_of(served, seen, k)[ALL], excused=False, declared=False) == MET for k, part in numbered]
