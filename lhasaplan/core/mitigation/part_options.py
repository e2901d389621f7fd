"""Options that would serve a part that is not met: changed cameras and a new one, each evaluated.

A change counts only when no other part loses anything, no protected place comes into view or is seen at a higher grade, and no
ground is added that nobody asks for. A new camera stands inside the gate, on no protected ground and no
protected facade, and can see no protected place at such a grade; of those that serve, the one that can see least is shown.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import repeat
from typing import TYPE_CHECKING

import numpy as np
import shapely

from lhasaplan.core.base.progress import Progress, no_progress, part_of, watched
from lhasaplan.core.changes.proposal import Proposal, Source
from lhasaplan.core.context.audit_context import AuditContext, certain_views
from lhasaplan.core.demand.necessity import places_by_class
from lhasaplan.core.demand.part_verdicts import Coverage, judge_shares
from lhasaplan.core.exposure.grading import PlaceGrades
from lhasaplan.core.findings.notes import NOTES
from lhasaplan.core.mitigation.new_mounts import MountPlaces, new_attempts, protected_buildings
from lhasaplan.core.mitigation.part_option_changes import (
    ACTIONS,
    NEW,
    Attempt,
    Demanded,
    InsideGate,
    Looked,
    ShareChange,
    attempts_with,
    grades_today,
    look_through,
    raises_nothing,
    reaches,
    spares_protected,
    stands_on_protected,
    wanted_from,
)
from lhasaplan.core.mitigation.tried_changes import TriedChanges
from lhasaplan.core.model.camera import Placed, Status
from lhasaplan.core.model.place import NOT_MET, Part
from lhasaplan.core.results.assessment import CameraResult, Measured, PartResult, ServiceOption

if TYPE_CHECKING:
    from scipy.spatial import cKDTree

FIRST_TRIES = 6  # of each part and action, looked at for what else they can see, the smallest change first
NEW_TRIES = 16  # of new cameras all of these are looked at, for the one that can see least counts
ROUNDS = 4
_LEAST_GAIN = 1e-6


@dataclass(frozen=True, eq=False, slots=True)
class _Promising:
    """An attempt that serves its part better than today, or than as planned, and takes nothing from any other."""

    attempt: Attempt
    effect: ShareChange
    share: float
    verdict: str

    @property
    def order(self) -> tuple[bool, float, float]:
        """Sort what makes the part met first, then the smallest change, then the larger share."""
        return self.verdict != "met", self.attempt.size if self.verdict == "met" else -self.share, self.attempt.size


_Key = tuple[int, str]  # number of the part, action
_Pair = tuple[_Promising, Looked]


def with_service(
    parts: Sequence[PartResult],
    context: AuditContext,
    coverage: Coverage,
    cameras: Sequence[CameraResult],
    progress: Progress = no_progress,
) -> tuple[PartResult, ...]:
    """Return the parts, each that is not met with what would serve it and how much was tried.

    Parameters
    ----------
    cameras : the answers of the context's placed cameras, in that order.
    """
    sampled = {part.part_id: number for number, part in enumerate(coverage.demand.parts)}
    open_parts = [each for each in parts if each.verdict in NOT_MET and each.part.part_id in sampled]
    open_parts = open_parts[: context.reference_data.service.most_parts]
    attempts = list(watched(_attempts(open_parts, sampled, context, coverage), progress, "findings", every=8))
    if not attempts:
        return tuple(parts)
    judge = _OptionJudge(TriedChanges(context, coverage.demand, coverage.needs), coverage, cameras)
    promising = judge.promising(attempts, part_of(progress, 0.0, 0.4))
    options = judge.options(promising, part_of(progress, 0.4, 1.0))
    counted = {number: Counter(a.action for a in attempts if a.part == number) for number in {a.part for a in attempts}}
    tried = {number: {action: counts[action] for action in ACTIONS if counts[action]} for number, counts in counted.items()}
    found = {each.part.part_id: sampled[each.part.part_id] for each in open_parts}
    return tuple(
        replace(each, service=tuple(options.get(found[each.part.part_id], ())), tried=tried.get(found[each.part.part_id], {}))
        if each.part.part_id in found
        else each
        for each in parts
    )


def limit_note(parts: Sequence[PartResult], context: AuditContext) -> tuple[tuple[str, Mapping[str, int]], ...]:
    """Return a note where more parts are not met than were worked out."""
    most = context.reference_data.service.most_parts
    beyond = sum(each.verdict in NOT_MET for each in parts) - most
    return ((NOTES["service_limit"], {"most": most, "count": beyond}),) if beyond > 0 else ()


def _attempts(
    parts: Sequence[PartResult], sampled: Mapping[str, int], context: AuditContext, coverage: Coverage
) -> Iterator[Attempt]:
    """Give all that is tried: changes of the nearest recorded cameras, operating or planned, and new cameras."""
    mounts = MountPlaces(context, [each.part for each in parts], context.reference_data.service.new) if parts else None
    nearest = _Nearest(context)
    demand, is_open = coverage.demand, ~Demanded(coverage).is_served
    is_open_then = ~Demanded(coverage, with_planned=True).is_served
    for each in parts:
        number = sampled[each.part.part_id]
        mine = demand.part == number
        if not (mine & is_open).any():
            continue
        for index in nearest.cameras(each.part):
            placed = context.placed[index]
            unserved = demand.xyz_m[mine & (is_open_then if _is_planned(placed) else is_open)]
            if not len(unserved):
                continue
            wanted = wanted_from(placed.views[0], unserved)
            if reaches(placed.views[0], each.part.required.density_px_m, wanted, context.reference_data.service):
                own = placed.views[0].own_building
                roof = float(context.buildings.top_m[own]) if own >= 0 else float("inf")
                yield from attempts_with(index, placed, number, wanted, roof, context.reference_data.service)
        if mounts is not None:
            yield from new_attempts(number, each.part, demand.xyz_m[mine], mounts)


def _is_planned(placed: Placed) -> bool:
    return placed.camera.status is Status.PLANNED


class _Nearest:
    """Recorded cameras that operate or are planned, by place; none that stands on a protected place."""

    def __init__(self, context: AuditContext) -> None:
        used = certain_views(context, planned=True)
        self.rules, protected = context.reference_data.service, protected_buildings(context)
        index = np.unique(context.view_table.camera[used]) if len(used) else np.zeros(0, np.int64)
        self.index = index[[not stands_on_protected(context.placed[c], context, protected) for c in index.tolist()]]
        at = [(context.placed[c].views[0].x_m, context.placed[c].views[0].y_m) for c in self.index.tolist()]
        self.tree = _tree(at) if at else None

    def cameras(self, part: Part) -> list[int]:
        """Return the nearest ones to a part, the nearest first."""
        if self.tree is None or not self.rules.nearest_cameras:
            return []
        middle = shapely.get_coordinates(shapely.centroid(part.geometry))[0]
        most = min(self.rules.nearest_cameras, len(self.index))
        _, found = self.tree.query(middle, k=most)
        return [int(self.index[i]) for i in np.atleast_1d(found)]


def _tree(at: Sequence[tuple[float, float]]) -> "cKDTree":
    from scipy.spatial import cKDTree  # noqa: PLC0415 - behind the gate alone: an audit starts without it

    return cKDTree(at)


class _OptionJudge:
    """Judges attempts in batches, first what they serve, then what else they can see; what that is is asked of ``tried``."""

    def __init__(self, tried: TriedChanges, coverage: Coverage, cameras: Sequence[CameraResult]) -> None:
        self.tried, self.coverage, self.cameras = tried, coverage, cameras
        self.context = context = tried.context
        self.demanded, self.planned = Demanded(coverage), Demanded(coverage, with_planned=True)
        self.gate = InsideGate(context, coverage.demand.parts)
        self.today: dict[int, PlaceGrades] = {}

    def promising(self, attempts: Sequence[Attempt], progress: Progress) -> list[_Promising]:
        """Return the attempts that serve their part better while no part loses anything, the best of each first."""
        found = []
        for attempt, demanded, effect in self._effects(attempts, progress):
            share = effect.share_served[attempt.part]
            gains = share > demanded.share_served[attempt.part] + _LEAST_GAIN
            if gains and demanded.keeps_all(effect):
                least = self.coverage.demand.parts[attempt.part].required.min_share
                verdict = judge_shares(Measured(share, effect.share_seen[attempt.part], 0.0), least)
                found.append(_Promising(attempt, effect, share, verdict))
        return sorted(found, key=lambda each: each.order)

    def _effects(self, attempts: Sequence[Attempt], progress: Progress) -> Iterator[tuple[Attempt, Demanded, ShareChange]]:
        """Give each attempt with what it is measured against: a change of a planned camera against all that is planned."""
        of_planned = [each for each in attempts if each.placed != NEW and _is_planned(self.context.placed[each.placed])]
        of_today = [each for each in attempts if each.placed == NEW or not _is_planned(self.context.placed[each.placed])]
        for some, demanded in ((of_today, self.demanded), (of_planned, self.planned)):
            effects = demanded.effects(some, self.tried, progress) if some else []
            yield from zip(some, repeat(demanded), effects)

    def options(self, promising: Sequence[_Promising], progress: Progress) -> dict[int, list[ServiceOption]]:
        """Return the options of each part: at most one of each action, those that make it met first."""
        waiting: dict[tuple[int, str], list[_Promising]] = {}
        for each in promising:
            waiting.setdefault((each.attempt.part, each.attempt.action), []).append(each)
        found: dict[tuple[int, str], ServiceOption] = {}
        self._look_at_today(promising, progress)
        for number in range(ROUNDS):
            batch = [each for key, queue in waiting.items() if key not in found for each in _next(queue, number)]
            looked = look_through(
                [each.attempt.camera for each in batch], self.tried, part_of(progress, number / ROUNDS, (number + 1) / ROUNDS)
            )
            passed: dict[tuple[int, str], list[tuple[_Promising, Looked]]] = {}
            for each, look in zip(batch, looked, strict=True):
                if self._is_allowed(each, look):
                    passed.setdefault((each.attempt.part, each.attempt.action), []).append((each, look))
            found |= {key: self._option(*pair) for key, pair in self._best(passed).items()}
        return self._ranked(found)

    def _look_at_today(self, promising: Sequence[_Promising], progress: Progress) -> None:
        """Find out what the cameras that may be changed can see of each protected place today."""
        changed = sorted({each.attempt.placed for each in promising} - {NEW})
        cameras = [self.context.placed[index].camera for index in changed]
        self.today |= zip(changed, grades_today(cameras, self.tried, part_of(progress, 0.0, 0.0)), strict=True)

    def _is_allowed(self, each: _Promising, look: Looked) -> bool:
        """Tell whether an attempt shows nothing more of protected places and adds no unasked ground."""
        if each.attempt.placed == NEW:
            return spares_protected(look, self.context.thresholds.due_px_m)
        before_m2 = self.cameras[each.attempt.placed].judged_m2
        adds_none = self.tried.adds_no_ground(look.ground, each.effect.shown, before_m2)
        return adds_none and raises_nothing(self.today[each.attempt.placed], look)

    def _best(self, passed: Mapping[_Key, Sequence[_Pair]]) -> dict[_Key, _Pair]:
        """Return the first of each; of new cameras that the gate admits the one that makes the part met and can see least."""
        best = {key: pairs[0] for key, pairs in passed.items() if key[1] != "new"}
        ordered = {key: sorted(pairs, key=self._order) for key, pairs in passed.items() if key[1] == "new"}
        if ordered and self.gate.admits([pairs[0][0].attempt.camera for pairs in ordered.values()]):
            return best | {key: pairs[0] for key, pairs in ordered.items()}
        inside = {key: next((p for p in pairs if self._is_inside(p)), None) for key, pairs in ordered.items()}
        return best | {key: pair for key, pair in inside.items() if pair is not None}

    def _is_inside(self, pair: _Pair) -> bool:
        return self.gate.admits([pair[0].attempt.camera])

    def _order(self, pair: _Pair) -> tuple[bool, int, float, float]:
        return (pair[0].verdict != "met", *self._intrusion(*pair))

    def _intrusion(self, each: _Promising, look: Looked) -> tuple[int, float, float]:
        """Return protected places in view, unasked ground, and what is missing of the part."""
        places = sum(sum(row.values()) for row in places_by_class(look.sightings).values())
        return places, round(self.tried.unasked_m2(look.ground, each.effect.shown), 1), -each.share

    def _option(self, each: _Promising, look: Looked) -> ServiceOption:
        attempt, part = each.attempt, self.coverage.demand.parts[each.attempt.part]
        return ServiceOption(
            action=attempt.action,
            camera_id="" if attempt.placed == NEW else attempt.camera.camera_id,
            figures=attempt.figures,
            share_after=each.share,
            verdict_after=each.verdict,
            protected_after=places_by_class(look.sightings),
            unasked_after_m2=self.tried.unasked_m2(self.tried.mapped(look.ground), each.effect.shown),
            verified=True,
            proposal=Proposal(attempt.changes, source=Source.PART_OPTION, about=part.part_id),
            as_changed=attempt.camera,
        )

    def _ranked(self, found: Mapping[tuple[int, str], ServiceOption]) -> dict[int, list[ServiceOption]]:
        ranked: dict[int, list[ServiceOption]] = {}
        for (part, _), option in sorted(
            found.items(), key=lambda pair: (pair[1].verdict_after != "met", ACTIONS.index(pair[0][1]))
        ):
            ranked.setdefault(part, []).append(option)
        return ranked


def _next(queue: Sequence[_Promising], number: int) -> Sequence[_Promising]:
    """Return the attempts of one round."""
    size = NEW_TRIES if queue[0].attempt.placed == NEW else FIRST_TRIES
    return queue[number * size : (number + 1) * size]
