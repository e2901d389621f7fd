"""Options: nothing changes, what can go, what existing cameras could do, the least that serves all; each verified."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from lhasaplan.core.base.arrays import BoolArray
from lhasaplan.core.base.progress import Progress, no_progress, part_of
from lhasaplan.core.base.translations import marked
from lhasaplan.core.changes.camera_change import CameraChange, RemoveCamera, taken_away
from lhasaplan.core.changes.proposal import Proposal, Source
from lhasaplan.core.covering.set_cover import Effort
from lhasaplan.core.live.effect import ChangeEffect, evaluate
from lhasaplan.core.live.live_answers import Live
from lhasaplan.core.model.camera import Camera, Status
from lhasaplan.core.project.project import Project
from lhasaplan.core.results.finding import GRAVE
from lhasaplan.core.rules.audit_policy import SitingRules
from lhasaplan.core.siting.choosing import (
    NO_ROWS,
    NOTHING,
    Allowance,
    Best,
    Chooser,
    ChosenStates,
    Refused,
    fullest,
    not_all,
    not_round,
    not_so_much,
    one_of,
    rings,
    watching_a_quarter,
)
from lhasaplan.core.siting.states import CHANGED, KEPT, NEW, CameraState, StateTable
from lhasaplan.errors import Fault, GateError, GuardError

ROUNDS = 12  # in which what guard, gate or audit refuse is left out
WEIGHTS = ("unasked_m2", "frontage_m", "camera", "change")
_LESS = 1e-6
A_QUARTER = marked("{count} of the proposed cameras would together watch a whole quarter; they were left out.")
ROUND_A_PLACE = marked("{count} protected places would be shown on more than half of their walls; such proposals were left out.")
WORSE = marked("{count} of the proposed changes would harm a part or a protected place; they were left out.")


@dataclass(frozen=True, eq=False, slots=True)
class Option:
    """A choice as a proposal, tried out in the town of the audit: ``effect`` is None where nothing changes.

    ``refused`` says what guard, gate or audit would not let stand, ``rows`` what of it is passed to the models.
    """

    allowance: Allowance
    choice: ChosenStates
    proposal: Proposal
    effect: ChangeEffect | None
    refused: tuple[Fault, ...] = ()
    rows: Refused = NO_ROWS


@dataclass(frozen=True, eq=False, slots=True)
class _Verdict:
    """What guard, gate and audit say of a choice: its effect, or states that may not stand, rows that it breaks, and why."""

    effect: ChangeEffect | None = None
    worse: tuple[int, ...] = ()
    rows: Refused = NO_ROWS
    why: tuple[Fault, ...] = ()

    @property
    def stands(self) -> bool:
        """Tell whether nothing was refused."""
        return not self.why


class OptionSolver:
    """Works options out from one table of states."""

    def __init__(self, live: Live, project: Project, table: StateTable, rules: SitingRules, effort: Effort) -> None:
        self.live, self.project, self.table, self.rules = live, project, table, rules
        self.chooser = Chooser(table, rules, effort)
        self.now, self.whole = self.chooser.now, self.chooser.whole
        self._doubled: dict[Option, Mapping[str, tuple[str, ...]]] = {}

    @property
    def uncounted(self) -> tuple[str, ...]:
        """The cameras that no option counts or changes, by their ids: their direction or lens is not recorded."""
        known = {state.camera.camera_id for state in self.table.states}
        return tuple(camera_id for camera_id in self.live.results if camera_id not in known)

    def option(self, allowance: Allowance, progress: Progress = no_progress, *, tells_bounds: bool = True) -> Option:
        """Return the best that may be done: first the most service, then the least cost at that service.

        Verified by guard, gate and audit; what these refuse is left out, and where too much is, nothing changes. Its bounds hold
        always, and are as close as can be where they are told.
        """
        banned, rows, refused = np.zeros(len(self.table.states), bool), NO_ROWS, list[Fault]()
        for number in range(ROUNDS):
            reported = part_of(progress, number / ROUNDS, (number + 0.9) / ROUNDS)
            best = self.chooser.best(self.chooser.model(allowance, banned, apart_in=rows), reported)
            verdict = self._judged(allowance, best.states)
            if verdict.stands and not refused:
                return self._option(allowance, self.chooser.bounded(best), verdict)
            if verdict.stands:
                bounded = self._bounded_by_all(best, rows, verdict, tells_bounds=tells_bounds)
                return replace(bounded, refused=tuple(refused), rows=rows)
            banned[list(verdict.worse)] = True
            rows = rows.and_also(verdict.rows)
            refused += verdict.why
        choice = self.chooser.bounded(self.chooser.best(self.chooser.model(NOTHING), progress))
        return replace(self._option(allowance, choice, _Verdict()), refused=tuple(refused))

    def choice(self, allowance: Allowance) -> ChosenStates:
        """Return the best choice of an option with its bounds, not verified yet."""
        return self.chooser.bounded(self.chooser.best(self.chooser.model(allowance)))

    def _bounded_by_all(self, best: Best, rows: Refused, verdict: _Verdict, *, tells_bounds: bool) -> Option:
        """Return a choice that stands, or one that costs less and stands as well, with the bounds of all states."""
        choice, cheaper = self.chooser.bounded_by_all(best, rows, tells_bounds=tells_bounds)
        if cheaper.least.value < choice.cost[0] * (1.0 - _LESS):
            judged = self._judged(best.model.allowance, cheaper.states)
            if judged.stands:
                less = cheaper.choice(choice.service[1], choice.cost[1], choice.cameras[1])
                return self._option(best.model.allowance, less, judged)
        return self._option(best.model.allowance, choice, verdict)

    def _option(self, allowance: Allowance, choice: ChosenStates, verdict: _Verdict) -> Option:
        return Option(allowance, choice, self.proposal(allowance, choice.states), verdict.effect)

    def proposal(self, allowance: Allowance, states: Sequence[int]) -> Proposal:
        """Return what makes the cameras those of a choice of states."""
        standing = [self.table.states[number] for number in states]
        taken = {each.one_of for each in standing}
        gone = [each for each in self.table.states if each.action == KEPT and each.one_of not in taken]
        changes = [change for each in gone for change in removal(each)]
        changes += [change for each in standing for change in each.changes]
        return Proposal(tuple(changes), source=Source.SITING, about=allowance.name)

    def _judged(self, allowance: Allowance, states: Sequence[int]) -> _Verdict:
        """Return the effect of a choice, or what may not stand and why."""
        proposal = self.proposal(allowance, states)
        if not proposal.changes:
            return _Verdict()
        touched = [number for number in states if self.table.states[number].action != KEPT]
        new = [number for number in touched if self.table.states[number].action == NEW]
        together = self._refused_together(new, touched)
        if together is not None:
            return together
        try:
            effect = evaluate(self.live, self.project, proposal)
        except (GateError, GuardError) as error:
            return _Verdict(worse=tuple(new or touched), why=error.faults)
        if worsens_nothing(effect):
            return _Verdict(effect)
        why = (Fault(WORSE, params={"count": len({change.camera_id for change in proposal.changes})}),)
        if touched:
            return _Verdict(worse=tuple(touched), why=why)
        gone = np.setdiff1d(np.flatnonzero(self.now), states)
        return _Verdict(rows=Refused(cuts=(one_of(gone.tolist(), len(self.table.states)),)), why=why)

    def _refused_together(self, new: Sequence[int], touched: Sequence[int]) -> _Verdict | None:
        """Return what the guard refuses of all that is proposed: too much of a quarter, a place from round about; else None."""
        over = watching_a_quarter(self.live.city, [self.table.states[number].camera for number in new])
        if over:
            return _Verdict(rows=self._too_much(new), why=(Fault(A_QUARTER, params={"count": len(over)}),))
        found = rings(self.live.city, *self._as_proposed(touched))
        if not found:
            return None
        cuts = tuple(not_round(ring, touched, len(self.table.states)) for ring in found)
        return _Verdict(rows=Refused(cuts=cuts), why=(Fault(ROUND_A_PLACE, params={"count": len(found)}),))

    def _as_proposed(self, touched: Sequence[int]) -> tuple[list[Camera], list[Camera | None]]:
        """Return the cameras of states as they would be, and as they stand today."""
        states = [self.table.states[number] for number in touched]
        today = {each.one_of: each.camera for each in self.table.states if each.action == KEPT}
        return [each.camera for each in states], [None if each.action == NEW else today[each.one_of] for each in states]

    def _too_much(self, new: Sequence[int]) -> Refused:
        """Return the circle of which new states watch most too much, and the row that cuts these states off."""
        grounds, states = [self.table.states[number].ground for number in new], len(self.table.states)
        circle = fullest(self.live.city, grounds)
        if circle is None:
            return Refused(cuts=(not_all(new, states),))
        return Refused((circle,), (not_so_much(grounds, new, circle, states),))

    def chosen(self, option: Option) -> BoolArray:
        """Return which states of the table stand after an option."""
        is_chosen = np.zeros(len(self.table.states), bool)
        is_chosen[list(option.choice.states)] = True
        return is_chosen

    def figures(self, option: Option) -> Mapping[str, float]:
        """Return the figures of an option: cameras, parts met, service, unasked ground, frontage, places.

        Cameras and parts are all that there are, those that no option counts and those that no camera is asked to serve among
        them. ``not_mapped_m2`` is ground in view beside it that nobody mapped: in no other figure.
        """
        standing = [self.table.states[number] for number in option.choice.states]
        reached = self.whole.reached(self.chosen(option))
        return {
            "cameras": len(standing) + len(self.uncounted),
            "new": sum(each.action == NEW for each in standing),
            "changed": sum(each.action in CHANGED for each in standing),
            "removed": int(self.now.sum()) - sum(each.action != NEW for each in standing),
            "parts": len(self.live.requested.parts) if self.live.requested is not None else len(reached),
            "parts_met": int((reached >= 1.0 - _LESS).sum()),
            "reached": float(reached.mean()) if len(reached) else 1.0,
            "unasked_m2": sum(each.unasked_m2 for each in standing),
            "not_mapped_m2": sum(each.not_mapped_m2 for each in standing),
            "frontage_m": sum(each.frontage_m for each in standing),
            "places": sum(each.places for each in standing),
        }

    def served_by_part(self, option: Option) -> Mapping[str, float]:
        """Return the share of each part that is served after an option, by its id."""
        parts = zip(self.live.demand.parts, self.whole.served(self.chosen(option)).tolist(), strict=True)
        return {part.part_id: share for part, share in parts}

    def changed_by_weights(self, option: Option) -> Mapping[str, tuple[str, ...]]:
        """Return, for each weight, the cameras of an option that would stand otherwise, or not at all, were it doubled.

        What weighs the same stays as it is; service and what the guard refused are those of the option. Worked out once.
        """
        if option not in self._doubled:
            self._doubled[option] = {name: self._if_doubled(option, name) for name in WEIGHTS}
        return self._doubled[option]

    def _if_doubled(self, option: Option, name: str) -> tuple[str, ...]:
        doubled = replace(self.rules.weights, **{name: 2.0 * getattr(self.rules.weights, name)})
        states = option.choice.states
        other = set(states) ^ set(self.chooser.weighed(option.allowance, states, option.rows, doubled))
        known = set(np.flatnonzero(self.now).tolist()).union(states)
        cameras = {self.table.states[number].one_of for number in known}  # one that would come instead is no camera of the option
        changed = (self.table.states[number] for number in sorted(other))
        return tuple(sorted({each.camera.camera_id for each in changed if each.one_of in cameras}))


def removal(state: CameraState) -> tuple[CameraChange, ...]:
    """Return what takes a camera away: a planned one leaves the list, one that operates stays on record."""
    camera = state.camera
    return (RemoveCamera(camera.camera_id),) if camera.status is Status.PLANNED else taken_away(camera)


def worsens_nothing(effect: ChangeEffect) -> bool:
    """Tell whether no part is served or seen less, and no more protected places are in view at a grade that must be remedied."""
    pairs = [pair for each in effect.parts for pair in (each.share_served, each.share_seen)]
    grave = [effect.places_by_grade[grade] for grade in GRAVE]
    return not effect.lost and all(after >= before - _LESS for before, after in pairs) and all(b <= a for a, b in grave)


# The curve of a trade-off: its points, its knee, and what its last per cent costs.

LESS = 1e-6


@dataclass(frozen=True, eq=False, slots=True)
class Point:
    """So many new cameras, the proposal for it, its figures; ``is_knee`` where more is hardly worth it."""

    new: int
    option: "Option"
    figures: Mapping[str, float]
    is_knee: bool = False


def knees(points: Sequence[Point]) -> frozenset[int]:
    """Return the point that lies farthest above the straight line from the first to the last, if one lies above it.

    Satopaa et al. (2011), Finding a "kneedle" in a haystack.
    """
    reached = [each.figures["reached"] for each in points]
    if len(points) < 3:
        return frozenset()
    rise = (reached[-1] - reached[0]) / (len(points) - 1)
    above = [value - reached[0] - rise * k for k, value in enumerate(reached)]
    best = max(range(len(above)), key=lambda k: (above[k], -k))
    return frozenset({best} if above[best] > LESS else ())


def last_step(points: Sequence[Point]) -> tuple[int, float, float] | None:
    """Return what the last per cent costs: cameras and unasked m2 from the first point near the end, and what they serve."""
    if len(points) < 2:
        return None
    end = points[-1]
    near = next(each for each in points if each.figures["reached"] >= end.figures["reached"] - 0.01)
    if near is end:
        near = points[-2]
    more = end.figures["unasked_m2"] - near.figures["unasked_m2"]
    return end.new - near.new, more, end.figures["reached"] - near.figures["reached"]


# The trade-off: what each further camera serves and shows unasked, from none up, and where more is hardly worth it.
def trade_off(council: OptionSolver, most: int, progress: Progress = no_progress) -> tuple[Point, ...]:
    """Return the points from no new camera up to where no more is served; the cameras that are there stay as they are."""
    points: list[Point] = []
    for new in range(most + 1):
        reported = part_of(progress, new / (most + 1), (new + 1) / (most + 1))
        option = council.option(Allowance("budget", most_new=new), reported, tells_bounds=False)  # a point tells what it serves
        figures = council.figures(option)
        if points and figures["reached"] <= points[-1].figures["reached"] + LESS:
            break
        points.append(Point(new, option, figures))
        if figures["reached"] >= 1.0 - LESS:
            break
    return tuple(replace(each, is_knee=k in knees(points)) for k, each in enumerate(points))
