"""Options: nothing changes, what can go, what existing cameras could do, the least that serves all; each verified."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from lhasaplan.core.base.arrays import BoolArray, IntArray
from lhasaplan.core.base.progress import Progress, no_progress, part_of
from lhasaplan.core.base.wording import marked
from lhasaplan.core.changes.camera_change import CameraChange, RemoveCamera
from lhasaplan.core.changes.camera_changes import taken_away
from lhasaplan.core.changes.proposal import Proposal, Source
from lhasaplan.core.covering.problem import Answer
from lhasaplan.core.covering.set_cover import Effort
from lhasaplan.core.covering.shares import Floors, Limit, Shared, Shares, least_cost, most_service
from lhasaplan.core.demand.neighbourhood import RADIUS_M, Circle
from lhasaplan.core.live.effect import Effect
from lhasaplan.core.live.evaluate import evaluate
from lhasaplan.core.live.live_answers import Live
from lhasaplan.core.model.camera import Status
from lhasaplan.core.project.project import Project
from lhasaplan.core.results.finding import GRAVE
from lhasaplan.core.rules.siting_rules import SitingRules, Weights
from lhasaplan.core.siting.set_guard import fullest, none_of_all, not_all, together, watching_a_quarter
from lhasaplan.core.siting.states import CHANGED, KEPT, NEW, State, Table
from lhasaplan.errors import Fault, GateError, GuardError

ROUNDS = 12  # in which what guard, gate or audit refuse is left out
EXACT_ROUNDS = 7  # in which the guard cuts off nothing that it would let stand
_LESS = 1e-6
A_QUARTER = marked("{count} of the proposed cameras together would watch a quarter whole; they were left out.")
WORSE = marked("A part or a protected place would be worse with {count} of the proposed changes; they were left out.")


@dataclass(frozen=True, slots=True)
class Leave:
    """What an option may do: take cameras away, change them, add some at most."""

    name: str
    may_remove: bool = False
    may_change: bool = False
    most_new: int = 0


NOTHING = Leave("none")


@dataclass(frozen=True, eq=False, slots=True)
class Choice:
    """What stands in the end, before anybody has verified it; ``states`` are numbers into the table.

    Of ``service`` (what is reached of what is asked, summed over the parts), ``cost`` and ``cameras`` (how many stand) each
    has its value and what no choice of this kind can pass; cost and cameras at this service.
    """

    states: tuple[int, ...]
    service: tuple[float, float]
    cost: tuple[float, float]
    cameras: tuple[int, int]


@dataclass(frozen=True, eq=False, slots=True)
class Option:
    """A choice as a proposal, tried out in the town of the audit: ``effect`` is None where nothing changes.

    ``refused`` says what guard, gate or audit would not let stand.
    """

    leave: Leave
    choice: Choice
    proposal: Proposal
    effect: Effect | None
    refused: tuple[Fault, ...] = ()


@dataclass(frozen=True, eq=False, slots=True)
class _Rows:
    """What no choice may break: rows that no set breaks which the guard lets stand, and limits that only narrow the search."""

    limits: tuple[Limit, ...] = ()
    shared: tuple[Shared, ...] = ()
    narrow: tuple[Limit, ...] = ()

    def and_also(self, other: "_Rows") -> "_Rows":
        """Return these and others, each piece of ground of a circle once."""
        shared = self.shared + tuple(each for each in other.shared if all(each is not mine for mine in self.shared))
        return _Rows(self.limits + other.limits, shared, self.narrow + other.narrow)

    def on(self, shares: Shares, columns: IntArray) -> Shares:
        """Return the model of some states with these rows."""
        limits = tuple(each.only(columns) for each in (*self.limits, *self.narrow))
        return replace(shares, limits=limits, shared=tuple(each.only(columns) for each in self.shared))


@dataclass(frozen=True, eq=False, slots=True)
class _Verdict:
    """What guard, gate and audit say of a choice: its effect, or states that may not stand, rows that it breaks, and why."""

    effect: Effect | None = None
    worse: tuple[int, ...] = ()
    rows: _Rows = _Rows()
    why: tuple[Fault, ...] = ()

    @property
    def stands(self) -> bool:
        """Tell whether nothing was refused."""
        return not self.why


@dataclass(frozen=True, eq=False, slots=True)
class _Best:
    """What the models chose among some states: the most service, and the least cost at that service."""

    shares: Shares
    columns: IntArray  # numbers of the states that were allowed
    most: Answer
    least: Answer

    @property
    def states(self) -> tuple[int, ...]:
        """The numbers of the states that stand."""
        return tuple(self.columns[self.least.is_chosen].tolist())


class Council:
    """Works options out from one table of states."""

    def __init__(self, live: Live, project: Project, table: Table, rules: SitingRules, effort: Effort) -> None:
        self.live, self.project, self.table, self.rules, self.effort = live, project, table, rules, effort
        self.now = table.is_action(KEPT)
        self.whole = table.shares(rules.weights, np.ones(len(table.states), bool))
        self.floors = Floors(self.whole.served(self.now), self.whole.seen(self.now))
        self._circles: dict[Circle, Shared] = {}

    def option(self, leave: Leave, progress: Progress = no_progress) -> Option:
        """Return the best that may be done: first the most service, then the least cost at that service.

        Verified by guard, gate and audit; what these refuse is left out, and where too much is, nothing changes.
        """
        banned, rows, refused = np.zeros(len(self.table.states), bool), _Rows(), list[Fault]()
        for number in range(ROUNDS):
            told = part_of(progress, number / ROUNDS, (number + 0.9) / ROUNDS)
            best = self._best(leave, banned, told, rows=rows)
            proposal = self.proposal(leave, best.states)
            verdict = self._judged(best.states, proposal, is_late=number >= EXACT_ROUNDS)
            if verdict.stands:
                is_of_all = not banned.any() and not rows.narrow
                choice = self._bounded(leave, best) if is_of_all else self._bounded_by_all(leave, best, rows)
                return Option(leave, choice, proposal, verdict.effect, tuple(refused))
            banned[list(verdict.worse)] = True
            rows = rows.and_also(verdict.rows)
            refused += verdict.why
        choice = self.choice(Leave(leave.name), banned, progress)
        return Option(leave, choice, self.proposal(leave, choice.states), None, tuple(refused))

    def choice(self, leave: Leave, banned: BoolArray | None = None, progress: Progress = no_progress) -> Choice:
        """Return the best choice among states that are not banned, with its bounds, before anybody has verified it."""
        return self._bounded(leave, self._best(leave, banned, progress))

    def _best(
        self,
        leave: Leave,
        banned: BoolArray | None = None,
        progress: Progress = no_progress,
        weights: Weights | None = None,
        rows: _Rows = _Rows(),
    ) -> _Best:
        allowed = self._allowed(leave, banned)
        columns, start = np.flatnonzero(allowed), self.now[allowed]
        shares = self.table.shares(weights or self.rules.weights, allowed, all_stay=not leave.may_remove)
        shares = rows.on(shares, columns)
        progress(0.0, "siting")
        most = most_service(shares, self.floors, start, leave.most_new, self.effort)
        progress(0.5, "siting")
        return _Best(shares, columns, most, least_cost(shares, self.floors, most.is_chosen, leave.most_new, self.effort))

    def _bounded(self, leave: Leave, best: _Best) -> Choice:
        """Return what was chosen with its bounds, that on the number of cameras among them."""
        service, standing = float(best.shares.reached(best.least.is_chosen).sum()), len(best.states)
        cameras = standing, self._fewest(leave, best.shares, best.least.is_chosen)
        return Choice(best.states, (service, max(service, best.most.bound)), (best.least.value, best.least.bound), cameras)

    def _fewest(self, leave: Leave, shares: Shares, is_chosen: BoolArray) -> int:
        """Return how many cameras no choice can do without that serves as much."""
        bound = least_cost(shares, self.floors, is_chosen, leave.most_new, self.effort, np.ones(len(is_chosen))).bound
        return min(int(is_chosen.sum()), int(np.ceil(bound - _LESS)))

    def _bounded_by_all(self, leave: Leave, best: _Best, rows: _Rows) -> Choice:
        """Return what was chosen with bounds that hold whatever was left out on the way to it: those of all states."""
        allowed = self._allowed(leave, None)
        columns = np.flatnonzero(allowed)
        is_chosen = np.isin(columns, best.states)
        shares = self.table.shares(self.rules.weights, allowed, all_stay=not leave.may_remove)
        shares = replace(rows, narrow=()).on(shares, columns)
        of_all = shares, self.floors, is_chosen, leave.most_new, self.effort
        most, least = most_service(*of_all).bound, least_cost(*of_all).bound
        service, cost = float(shares.reached(is_chosen).sum()), best.least.value
        cameras = len(best.states), self._fewest(leave, shares, is_chosen)
        return Choice(best.states, (service, max(service, most)), (cost, min(cost, least)), cameras)

    def _allowed(self, leave: Leave, banned: BoolArray | None) -> BoolArray:
        allowed = self.now.copy()
        if leave.may_change:
            allowed |= self.table.is_action(*CHANGED)
        if leave.most_new:
            allowed |= self.table.is_action(NEW)
        return allowed if banned is None else np.asarray(allowed & ~banned, bool)

    def proposal(self, leave: Leave, states: Sequence[int]) -> Proposal:
        """Return what makes the cameras those of a choice of states."""
        standing = [self.table.states[number] for number in states]
        taken = {each.one_of for each in standing}
        gone = [each for each in self.table.states if each.action == KEPT and each.one_of not in taken]
        changes = [change for each in gone for change in removal(each)]
        changes += [change for each in standing for change in each.changes]
        return Proposal(tuple(changes), source=Source.SITING, about=leave.name)

    def _judged(self, states: Sequence[int], proposal: Proposal, *, is_late: bool) -> _Verdict:
        """Return the effect of a proposal, or what may not stand and why; late, the guard narrows the search as well."""
        if not proposal.changes:
            return _Verdict()
        touched = [number for number in states if self.table.states[number].action != KEPT]
        new = [number for number in touched if self.table.states[number].action == NEW]
        over = [new[k] for k in watching_a_quarter(self.live.city, [self.table.states[number].camera for number in new])]
        if over:
            rows = self._too_much(new)
            rows = replace(rows, narrow=(self._less_ground(new, over),)) if is_late else rows
            return _Verdict(rows=rows, why=(Fault(A_QUARTER, params={"count": len(over)}),))
        try:
            effect = evaluate(self.live, self.project, proposal)
        except (GateError, GuardError) as error:
            return _Verdict(worse=tuple(new or touched), why=error.faults)
        if worsens_nothing(effect):
            return _Verdict(effect)
        return _Verdict(worse=tuple(touched or states), why=(Fault(WORSE, params={"count": len(touched)}),))

    def _too_much(self, new: Sequence[int]) -> _Rows:
        """Return the rows that new states break together, by the circle of which they watch most too much."""
        states = self.table.states
        circle = fullest(self.live.city, [states[number].ground for number in new])
        if circle is None:
            return _Rows((none_of_all(new, len(states)),))
        if circle not in self._circles:
            self._circles[circle] = together([each.ground for each in states], circle)
        order = sorted(new, key=lambda number: (-states[number].ground.area, number))
        cut = not_all([states[number].ground for number in order], order, circle, len(states))
        return _Rows((cut,), (self._circles[circle],))

    def _less_ground(self, new: Sequence[int], over: Sequence[int]) -> Limit:
        """Return how much ground new cameras of this quarter may show: half way from what passed to what did not."""
        states = self.table.states
        ground_m2 = np.array([each.ground.area for each in states])
        at = np.array([(each.camera.x_m, each.camera.y_m) for each in states])
        away_m = np.hypot(*(at[:, None, :] - at[list(over)][None, :, :]).transpose(2, 0, 1)).min(axis=1)
        mine = self.table.is_action(NEW) & (away_m <= 2.0 * RADIUS_M)
        whole, refused = (float(ground_m2[[k for k in some if mine[k]]].sum()) for some in (new, over))
        return Limit(np.where(mine, ground_m2, 0.0), whole - refused / 2.0)

    def chosen(self, option: Option) -> BoolArray:
        """Return which states of the table stand after an option."""
        is_chosen = np.zeros(len(self.table.states), bool)
        is_chosen[list(option.choice.states)] = True
        return is_chosen

    def figures(self, option: Option) -> Mapping[str, float]:
        """Return what an option comes to: cameras, parts met, service, ground that nobody asks for, frontage, places."""
        standing = [self.table.states[number] for number in option.choice.states]
        reached = self.whole.reached(self.chosen(option))
        return {
            "cameras": len(standing),
            "new": sum(each.action == NEW for each in standing),
            "changed": sum(each.action in CHANGED for each in standing),
            "removed": int(self.now.sum()) - sum(each.action != NEW for each in standing),
            "parts": len(reached),
            "parts_met": int((reached >= 1.0 - _LESS).sum()),
            "reached": float(reached.mean()) if len(reached) else 1.0,
            "unasked_m2": sum(each.unasked_m2 for each in standing),
            "frontage_m": sum(each.frontage_m for each in standing),
            "places": sum(each.places for each in standing),
        }

    def served_by_part(self, option: Option) -> Mapping[str, float]:
        """Return the share of each part that is served after an option, by its id."""
        parts = zip(self.live.demand.parts, self.whole.served(self.chosen(option)).tolist(), strict=True)
        return {part.part_id: share for part, share in parts}

    def changed_by_weights(self, leave: Leave) -> Mapping[str, tuple[str, ...]]:
        """Return, for each weight, the cameras that stand otherwise when it is doubled."""
        usual = self._named(self._best(leave).states)
        found = {}
        for name in ("unasked_m2", "frontage_m", "camera", "change"):
            doubled = replace(self.rules.weights, **{name: 2.0 * getattr(self.rules.weights, name)})
            found[name] = tuple(sorted({camera for camera, _ in usual ^ self._named(self._best(leave, weights=doubled).states)}))
        return found

    def _named(self, states: Sequence[int]) -> set[tuple[str, int]]:
        return {(self.table.states[number].camera.camera_id, number) for number in states}


def removal(state: State) -> tuple[CameraChange, ...]:
    """Return what takes a camera away: a planned one leaves the list, one that operates stays on record."""
    camera = state.camera
    return (RemoveCamera(camera.camera_id),) if camera.status is Status.PLANNED else taken_away(camera)


def worsens_nothing(effect: Effect) -> bool:
    """Tell whether no part is served or seen less, and no more protected places are in view at a grade that must be cured."""
    pairs = [pair for each in effect.parts for pair in (each.share_served, each.share_seen)]
    grave = [effect.places_by_grade[grade] for grade in GRAVE]
    return not effect.lost and all(after >= before - _LESS for before, after in pairs) and all(b <= a for a, b in grave)


def leaves(budget: int | None, most_new: int) -> Sequence[Leave]:
    """Return the options that are shown beside each other; the first is that nothing changes."""
    return (
        NOTHING,
        Leave("remove-only", may_remove=True),
        Leave("change-only", may_change=True),
        Leave("budget", may_change=True, most_new=most_new if budget is None else budget),
        Leave("all", may_remove=True, may_change=True, most_new=most_new),
    )
