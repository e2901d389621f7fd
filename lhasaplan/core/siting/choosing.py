"""Choose among states: the most service, then the least cost at that service, each with a bound; nothing here is verified."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from lhasaplan.core.base.arrays import BoolArray, IntArray
from lhasaplan.core.base.progress import Progress, no_progress
from lhasaplan.core.covering.problem import BoundedChoice
from lhasaplan.core.covering.set_cover import Effort
from lhasaplan.core.covering.shares import Floors, Limit, Shared, Shares, least_cost, most_service
from lhasaplan.core.demand.neighbourhood import Circle
from lhasaplan.core.rules.audit_policy import SitingRules, Weights
from lhasaplan.core.siting.set_guard import apart, together
from lhasaplan.core.siting.states import CHANGED, KEPT, NEW, StateTable

GAP = 0.01  # a bound that is farther away is asked of the guard's own rows as well
EVEN = 0.01  # m2; of states that weigh the same by less than this, those stay that stand already
_LESS = 1e-6


@dataclass(frozen=True, slots=True)
class Allowance:
    """What an option may do: take cameras away, change them, add some at most."""

    name: str
    may_remove: bool = False
    may_change: bool = False
    most_new: int = 0


NOTHING = Allowance("none")


def allowances(budget: int | None, most_new: int) -> Sequence[Allowance]:
    """Return the options that are shown beside each other; the first is that nothing changes."""
    return (
        NOTHING,
        Allowance("remove-only", may_remove=True),
        Allowance("change-only", may_change=True),
        Allowance("budget", may_change=True, most_new=most_new if budget is None else budget),
        Allowance("all", may_remove=True, may_change=True, most_new=most_new),
    )


@dataclass(frozen=True, eq=False, slots=True)
class ChosenStates:
    """The chosen states, not verified yet; ``states`` are numbers into the table.

    Of ``service`` (what is reached of what is asked, summed over the parts), ``cost`` and ``cameras`` (how many stand) each
    has its value and what no choice of this kind can pass; cost and cameras at this service.
    """

    states: tuple[int, ...]
    service: tuple[float, float]
    cost: tuple[float, float]
    cameras: tuple[int, int]


@dataclass(frozen=True, eq=False, slots=True)
class Refused:
    """What no choice may break: circles of which new cameras may watch so much, and sets that the guard refused besides."""

    circles: tuple[Circle, ...] = ()
    cuts: tuple[Limit, ...] = ()

    def and_also(self, other: "Refused") -> "Refused":
        """Return these and others."""
        return Refused(tuple(dict.fromkeys(self.circles + other.circles)), self.cuts + other.cuts)


NO_ROWS = Refused()


@dataclass(frozen=True, eq=False, slots=True)
class Model:
    """The states that may be chosen, by their numbers, and what is asked of them."""

    allowance: Allowance
    columns: IntArray
    shares: Shares

    def start(self, states: Sequence[int]) -> BoolArray:
        """Return a choice of this model by the numbers of its states."""
        return np.isin(self.columns, states)

    def states(self, is_chosen: BoolArray) -> tuple[int, ...]:
        """Return the numbers of the states of a choice."""
        return tuple(self.columns[is_chosen].tolist())


@dataclass(frozen=True, eq=False, slots=True)
class Best:
    """The best that was found in a model: the most service, and the least cost at that service."""

    model: Model
    most: BoundedChoice
    least: BoundedChoice

    @property
    def states(self) -> tuple[int, ...]:
        """The numbers of the states that stand."""
        return self.model.states(self.least.is_chosen)

    @property
    def service(self) -> float:
        """What is reached of what is asked, summed over the parts."""
        return float(self.model.shares.reached(self.least.is_chosen).sum())

    def choice(self, most: float, least: float, fewest: int) -> ChosenStates:
        """Return it with bounds on service, cost and cameras."""
        service, cost, cameras = self.service, self.least.value, len(self.states)
        return ChosenStates(self.states, (service, max(service, most)), (cost, min(cost, least)), (cameras, min(cameras, fewest)))


class Chooser:
    """Solves the models of one table of states."""

    def __init__(self, table: StateTable, rules: SitingRules, effort: Effort) -> None:
        self.table, self.rules, self.effort = table, rules, effort
        self.now = table.is_action(KEPT)
        self.whole = table.shares(rules.weights, np.ones(len(table.states), bool))
        self.floors = Floors(self.whole.served(self.now), self.whole.seen(self.now))
        self._together: dict[Circle, Shared] = {}

    def model(
        self,
        allowance: Allowance,
        banned: BoolArray | None = None,
        weights: Weights | None = None,
        apart_in: Refused = NO_ROWS,
        together_in: Refused = NO_ROWS,
    ) -> Model:
        """Return the model of the states that an option may choose and that are not banned.

        Parameters
        ----------
        apart_in : circles in which what new cameras show is summed up: what keeps to it, the guard lets stand there.
        together_in : circles in which ground that several show counts once: what breaks it, the guard refuses; bounds hold.
        """
        allowed = self.now.copy()
        if allowance.may_change:
            allowed |= self.table.is_action(*CHANGED)
        if allowance.most_new:
            allowed |= self.table.is_action(NEW)
        if banned is not None:
            allowed &= ~banned
        columns = np.flatnonzero(allowed)
        shares = self.table.shares(weights or self.rules.weights, allowed, all_stay=not allowance.may_remove)
        grounds = [each.ground for each in self.table.states]
        limits = [*(apart(grounds, circle) for circle in apart_in.circles), *apart_in.cuts, *together_in.cuts]
        for circle in together_in.circles:
            self._together.setdefault(circle, together(grounds, circle))
        shared = [self._together[circle] for circle in together_in.circles]
        limited = replace(
            shares, limits=tuple(each.only(columns) for each in limits), shared=tuple(each.only(columns) for each in shared)
        )
        return Model(allowance, columns, limited)

    def best(self, model: Model, progress: Progress = no_progress) -> Best:
        """Return the best of a model."""
        progress(0.0, "siting")
        start, most_new = self.now[model.columns], model.allowance.most_new
        most = most_service(model.shares, self.floors, start, most_new, self.effort)
        progress(0.5, "siting")
        return Best(model, most, least_cost(model.shares, self.floors, most.is_chosen, most_new, self.effort))

    def fewest(self, model: Model, best: Best) -> int:
        """Return how many cameras no choice of a model can do without that serves as much as the best."""
        start = model.start(best.states)
        each = np.ones(len(start))
        bound = least_cost(model.shares, self.floors, start, model.allowance.most_new, self.effort, each).bound
        return int(np.ceil(bound - _LESS))

    def bounded(self, best: Best) -> ChosenStates:
        """Return the best of a model with the bounds of this model."""
        return best.choice(best.most.bound, best.least.bound, self.fewest(best.model, best))

    def bounded_by_all(self, best: Best, refused: Refused) -> tuple[ChosenStates, Best]:
        """Return a choice with bounds that hold whatever was left out on the way to it: those of all states.

        Where they leave a gap the guard's own rows are asked as well; what then costs less is returned beside it, unverified.
        """
        model = self.model(best.model.allowance)
        most, least = self._most(model, best), self._least(model, best).bound
        fewest = self.fewest(model, best)
        if not refused.circles or (most <= best.service * (1.0 + GAP) and least >= best.least.value * (1.0 - GAP)):
            return best.choice(most, least, fewest), best
        model = self.model(best.model.allowance, together_in=refused)
        if most > best.service * (1.0 + GAP):
            most = min(most, self._most(model, best))
        answer = self._least(model, best)
        return best.choice(most, max(least, answer.bound), fewest), Best(model, best.most, answer)

    def _most(self, model: Model, best: Best) -> float:
        start = model.start(best.states)
        return most_service(model.shares, self.floors, start, model.allowance.most_new, self.effort).bound

    def _least(self, model: Model, best: Best) -> BoundedChoice:
        start = model.start(best.states)
        return least_cost(model.shares, self.floors, start, model.allowance.most_new, self.effort)

    def weighed(self, allowance: Allowance, states: Sequence[int], refused: Refused, weights: Weights) -> tuple[int, ...]:
        """Return what costs least by other weights and serves no less than some states; these stay where all weighs the same."""
        model = self.model(allowance, weights=weights, apart_in=refused)
        if any(each.takes[model.start(states)].sum() > each.most for each in model.shares.limits):
            model = self.model(
                allowance, weights=weights, together_in=refused
            )  # they share ground: counted once it is little enough
        start = model.start(states)
        cost = model.shares.cost + np.where(start, 0.0, EVEN)
        answer = least_cost(model.shares, self.floors, start, allowance.most_new, self.effort, cost)
        return model.states(answer.is_chosen)
