"""The effect of changed cameras, before and after: parts gained and lost, protected places by grade, unasked area."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from lhasaplan.core.base.arrays import IntArray
from lhasaplan.core.changes.work import Cost
from lhasaplan.core.demand.columns import LEAST_AREA_M2, DemandColumn
from lhasaplan.core.demand.part_verdicts import NOTHING, judge
from lhasaplan.core.demand.requested_parts import declared_parts, excused_parts
from lhasaplan.core.demand.unasked_area import ground_seen, without
from lhasaplan.core.live.live_answers import Live
from lhasaplan.core.live.state import ALL, OPERATING, measured_of, of_parts, shares_of
from lhasaplan.core.model.camera import Basis, Status
from lhasaplan.core.model.optics import SEEN_PX_M
from lhasaplan.core.model.place import ProtectedClass
from lhasaplan.core.results.assessment import CameraResult, Overlap
from lhasaplan.core.results.finding import Severity

# Ground and demand that one camera shares with others, as a check has it for all pairs.


def overlaps_of(live: Live, camera_id: str) -> tuple[Overlap, ...]:
    """Return the overlaps of one operating camera with others, the largest demand first.

    Where parts are served by both the area is taken at the lowest density that one of them needs, else at 25 px/m.
    """
    own = _operating_row(live, camera_id)
    if own is None:
        return ()
    found = [_overlap(live, own, other) for other in _neighbours(live, own)]
    return tuple(sorted((each for each in found if each is not None), key=lambda each: (-each.demand, -each.area_m2, each.b)))


def _operating_row(live: Live, camera_id: str) -> int | None:
    """Return the row of the recorded view of an operating camera."""
    result = live.results.get(camera_id)
    if result is None or result.placed.camera.status is not Status.OPERATING:
        return None
    rows = live.state.rows.get(camera_id, ())
    return next((row for row in rows if live.state.views[row] is not None and _is_recorded(live, row)), None)


def _is_recorded(live: Live, row: int) -> bool:
    return bool(live.state.view(row).basis is Basis.RECORDED)


def _neighbours(live: Live, own: int) -> Iterator[int]:
    """Yield the rows of recorded views of other operating cameras whose range meets that of a view."""
    x, y, range_m = np.asarray(live.state.lenses.whole(), float).T
    near = np.flatnonzero(np.hypot(x - x[own], y - y[own]) <= range_m + range_m[own])  # NaN, a row without view, is near none
    ids = (live.state.view(row).camera_id for row in near.tolist())
    mine = live.state.view(own).camera_id
    yield from (row for row, key in zip(near.tolist(), ids, strict=True) if key != mine and _operating_row(live, key) == row)


def _overlap(live: Live, own: int, other: int) -> Overlap | None:
    both = np.intersect1d(_served(live, own), _served(live, other), assume_unique=True)
    least = float(live.needs.needed_px_m[both].min()) if len(both) else SEEN_PX_M
    if least == SEEN_PX_M and not len(both) and other not in live.state.overlaps[own]:
        return None
    ids = [live.state.view(row).camera_id for row in (own, other)]
    shared = shapely.intersection(*(_ground(live, row, key, least) for row, key in zip((own, other), ids, strict=True)))
    if shared.area < LEAST_AREA_M2 and not len(both):
        return None
    return Overlap(ids[0], ids[1], float(shared.area), float(live.needs.weight[both].sum()), shared)


def _ground(live: Live, row: int, camera_id: str, least_px_m: float) -> BaseGeometry:
    """Return the ground that a view shows at a density, where buildings are mapped."""
    result = live.results[camera_id]
    ground: BaseGeometry = live.state.sharp[row] if least_px_m == SEEN_PX_M else ground_seen(result.certain, least_px_m)
    return without(ground, result.not_mapped)


def _served(live: Live, row: int) -> IntArray:
    column: DemandColumn = live.state.columns[row]
    return column.served(live.needs)


MET = "met"
POSSIBLE = "possible"  # a view that rests on assumptions is graded by nobody yet
GRADES = (*map(str, Severity), POSSIBLE)
Verdicts = Mapping[str, tuple[str, str]]  # by part: by operating cameras, and with the planned ones
Pair = tuple[float, float]  # before and after
Counts = Mapping[str, Mapping[str, tuple[int, int]]]  # by class and grade, before and after
NO_COST = Cost()


@dataclass(frozen=True, slots=True)
class PartEffect:
    """What a change does to one part: verdict, share served and share seen at 25 px/m, each before and after."""

    part_id: str
    verdict: tuple[str, str]
    share_served: Pair
    share_seen: Pair

    @property
    def is_gained(self) -> bool:
        """Tell whether the part is met now and was not."""
        return self.verdict[1] == MET != self.verdict[0]

    @property
    def is_lost(self) -> bool:
        """Tell whether the part was met and is not."""
        return self.verdict[0] == MET != self.verdict[1]


@dataclass(frozen=True, slots=True)
class ChangeEffect:
    """What some cameras mean before and after a change; no place is named, listed or located.

    Counts are of every protected place that a camera shows, undisclosed ones too, for whoever may see these; where they
    were told they are those of :mod:`lhasaplan.core.audit.disclosed_answers`, as what is written for others has them.

    Parameters
    ----------
    parts, parts_operating : parts that are served or seen otherwise now, with planned cameras and by operating ones alone.
    places : protected places in view of the cameras by class and grade (``note``, ``due``, ``error``), those of assumed views
        as ``possible``; one place that two of the cameras show counts twice.
    unasked_m2, unasked_possible_m2 : ground in view at 25 px/m or better that no part asks for, summed over the cameras:
        that of recorded ones, and that of those whose direction or lens is assumed; where buildings are mapped.
    not_mapped_m2 : ground before all of these cameras that nobody mapped, summed over them.
    overlap_m2 : ground that a camera shares with any other operating one, each pair once; None where nobody asked for it.
    """

    camera_ids: tuple[str, ...]
    parts: tuple[PartEffect, ...]
    parts_operating: tuple[PartEffect, ...]
    places: Counts
    unasked_m2: Pair
    unasked_possible_m2: Pair
    overlap_m2: Pair | None = None
    not_mapped_m2: Pair = (0.0, 0.0)
    cost: Cost = field(default=NO_COST)

    @property
    def gained(self) -> tuple[str, ...]:
        """Return the parts that are met now, with planned cameras, and were not."""
        return tuple(each.part_id for each in self.parts if each.is_gained)

    @property
    def lost(self) -> tuple[str, ...]:
        """Return the parts that were met, with planned cameras, and are not."""
        return tuple(each.part_id for each in self.parts if each.is_lost)

    @property
    def places_by_grade(self) -> Mapping[str, tuple[int, int]]:
        """Return the protected places in view by grade alone, before and after."""
        rows = list(self.places.values())
        return {grade: (sum(row[grade][0] for row in rows), sum(row[grade][1] for row in rows)) for grade in GRADES}


def effect_on(camera_ids: Sequence[str], before: Live, after: Live, *, is_disclosed: bool = False) -> ChangeEffect:
    """Return what changed for some cameras, and for the parts, from one state of the city to another.

    Parameters
    ----------
    is_disclosed : count protected places as outputs do, for whoever may not see those of which outputs tell no figure.
    """
    had, has = ([each.results[key] for key in camera_ids if key in each.results] for each in (before, after))
    shown = [_reported(camera_ids, each) for each in (before, after)] if is_disclosed else [had, has]
    known = [_unasked(each) for each in (had, has)]
    return ChangeEffect(
        tuple(camera_ids),
        *_on_parts(before, after),
        _places(*shown),
        (known[0][0], known[1][0]),
        (known[0][1], known[1][1]),
        not_mapped_m2=(_not_mapped(had), _not_mapped(has)),
    )


def _reported(camera_ids: Sequence[str], live: Live) -> list[CameraResult]:
    return [live.disclosed_result(key) for key in camera_ids if key in live.results]


def overlap_m2(live: Live, camera_ids: Sequence[str]) -> float:
    """Return the ground that cameras share with others, each pair once, as a check has it."""
    mine = set(camera_ids)
    pairs = (each for key in camera_ids for each in overlaps_of(live, key) if each.b not in mine or each.a < each.b)
    return float(sum(each.area_m2 for each in pairs))


def places_by_class(results: Sequence[CameraResult]) -> dict[str, dict[str, int]]:
    """Return how many protected places cameras show by class and grade; those of assumed views are possible, and no grade."""
    found = {str(cls): dict.fromkeys(GRADES, 0) for cls in ProtectedClass}
    for sighting in (each for result in results for each in result.sightings):
        row = found[str(sighting.cls)]
        if sighting.is_recorded:
            for grade, places in sighting.places_by_grade.items():
                row[grade] += places
        else:
            row[POSSIBLE] += sighting.places
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


def _places(had: Sequence[CameraResult], has: Sequence[CameraResult]) -> Counts:
    old, new = places_by_class(had), places_by_class(has)
    return {cls: {grade: (old[cls][grade], new[cls][grade]) for grade in GRADES} for cls in new}


def _unasked(results: Sequence[CameraResult]) -> Pair:
    """Return the unasked ground in view of recorded cameras, and of the others."""
    by_basis = ([each.unasked_m2 for each in results if (each.certain is not None) is wanted] for wanted in (True, False))
    certain, possible = map(sum, by_basis)
    return float(certain), float(possible)


def _not_mapped(results: Sequence[CameraResult]) -> float:
    return float(sum(each.not_mapped_m2 for each in results))


_PartEffects = tuple[PartEffect, ...]
_Standing = Sequence[tuple[str, float, float]]  # of each part verdict, share served, share seen


def _on_parts(before: Live, after: Live) -> tuple[_PartEffects, _PartEffects]:
    """Return what a change does to the parts, with planned cameras and by operating ones; only touched ones are judged."""
    if before.counts is after.counts or before.requested is not after.requested:
        return (), ()
    touched = np.unique(after.needs.part[(before.counts != after.counts).any(axis=(0, 1))])
    if not len(touched):
        return (), ()
    names = [after.demand.parts[part].part_id for part in touched.tolist()]
    old, new = (_standing(each, touched) for each in (before, after))
    planned, operating = (_differing(names, old[which], new[which]) for which in (ALL, OPERATING))
    return planned, operating


def _differing(names: Sequence[str], old: _Standing, new: _Standing) -> _PartEffects:
    rows = zip(names, old, new, strict=True)
    return tuple(PartEffect(name, (was[0], now[0]), (was[1], now[1]), (was[2], now[2])) for name, was, now in rows if was != now)


def _standing(live: Live, parts: IntArray) -> Mapping[int, _Standing]:
    """Return how some parts stand, by the cameras that are counted; those that are asked for are neither excused nor indoors."""
    counts, needs = of_parts(live.counts, live.needs, parts)
    served, seen = shares_of(counts, needs)
    found: dict[int, list[tuple[str, float, float]]] = {OPERATING: [], ALL: []}
    for k, number in enumerate(parts.tolist()):
        for which, measured in zip((OPERATING, ALL), measured_of(served, seen, k), strict=True):
            verdict = judge(live.demand.parts[number], measured, excused=False, declared=False)
            found[which].append((verdict, measured.share_served, measured.share_seen))
    return found
