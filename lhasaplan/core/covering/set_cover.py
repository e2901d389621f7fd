"""The whole answer to a covering: greedy, a bound by prices, a local search, and the proof on what may still be better."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import numpy as np
from scipy import sparse

from lhasaplan.core.base.arrays import BoolArray, FloatArray
from lhasaplan.core.base.progress import BackgroundJob, Progress, no_progress
from lhasaplan.core.covering.bounds import Bound, LinearModel, SolverLimits, ascent, solve
from lhasaplan.core.covering.cuts import raised_by_cuts
from lhasaplan.core.covering.pieces import STEPS_A_PIECE, bettered
from lhasaplan.core.covering.problem import (
    ROUNDING,
    BoundedChoice,
    Covering,
    ReducedPart,
    cheapest_of_rows,
    greedy,
    may_be_better,
    pruned,
    reduced,
    restricted,
)
from lhasaplan.core.covering.row_weighting import improved

CORES = (4, 8, -4, 0)  # columns that a round looks at, by reduced cost: of each row, below 0 for each row of all, 0 is all
FEW_A_ROW = 2  # columns for each row among which the exact search is asked first
ANEW_CORES = 8, -4  # among which a search begins anew: fewer lose the best choices, many more cost most of the time
ROUND_STEPS = 40_000
ANEW, ANEW_STEPS = 8, 300_000  # after rounds among all cores without a better choice
SPREAD, COST_SHARE = 0.5, 0.02  # of prices by chance, and of cost in them, where a search begins anew
LARGE_GAP, LARGE_ENTRIES = 0.02, 100_000  # of so large a covering no exact search closes a wider gap
FEWER = 2  # times fewer columns than the exact search beside has are worth another one
FEW_HOPEFUL = 1000  # columns that may still be in a better answer: they are asked the exact search at once
MANY, VERY_MANY = 600, 5000  # chosen columns from which on pieces are bettered first, and alone
PIECES_A_ROUND = 20
PIECES_SHARE = 0.25  # of the time: then all of the covering at once betters more
PASSES_A_ROUND = 50  # of the ascent for each round of cuts
USUAL_LIMITS = SolverLimits(nodes=20_000)
Left = Callable[[], float]  # seconds that are left


def _unlimited() -> float:
    return float("inf")


@dataclass(frozen=True, slots=True)
class Effort:
    """How much is done. Steps, passes and nodes make an answer that is the same each time; seconds end it earlier.

    Parameters
    ----------
    passes : of the ascent of prices, and half as many once a better choice is known.
    steps : of the local search, before and after the proof.
    limits : of the exact search, which is asked where no more than ``most_columns`` may be in a better answer, and where the gap
        is no wider than ``most_gap`` or the covering has no more than ``small_entries``: else it would end nowhere.
    seconds_left : asked for how long there is; the core has no clock.
    """

    passes: int = 1000
    steps: int = 200_000
    limits: SolverLimits = USUAL_LIMITS
    most_columns: int = 30_000
    most_entries: int = 3_000_000
    most_gap: float = 0.1
    small_entries: int = 3_000
    seed: int = 1
    seconds_left: Left = _unlimited

    def is_over(self) -> bool:
        """Tell whether no time is left."""
        return self.seconds_left() <= 0.0

    def ends_within(self, share: float) -> Callable[[], bool]:
        """Return a question that says yes once a share of the time that is left now is used."""
        end = self.seconds_left() * (1.0 - share)
        return lambda: self.seconds_left() <= (end if np.isfinite(end) else 0.0)

    def exact(self, share: float = 1.0) -> SolverLimits:
        """Return the limits of an exact search that may take a share of the time that is left."""
        return replace(self.limits, seconds=min(self.limits.seconds, self.seconds_left() * share))


USUAL = Effort()
Found = Callable[[BoundedChoice], None]


def nobody(answer: BoundedChoice) -> None:
    """Hear of an answer and do nothing."""


def cover(problem: Covering, effort: Effort = USUAL, found: Found = nobody, progress: Progress = no_progress) -> BoundedChoice:
    """Return a choice that covers all rows as often as they need, and a bound on the cost of any.

    Raises ValueError where all columns together are not enough.

    Parameters
    ----------
    found : hears of each better answer at once, so that a cancel keeps the best so far.
    """
    if not problem.can_be_met:
        raise ValueError("all columns together do not cover the rows")
    search = _Search(problem, reduced(problem), effort, found, progress)
    search.run()
    return search.answer


class _Search:
    """The best choice and the best bound so far; every step may better either."""

    def __init__(self, whole: Covering, part: ReducedPart, effort: Effort, found: Found, progress: Progress) -> None:
        self.whole, self.part, self.effort, self.found, self.progress = whole, part, effort, found, progress
        self.problem = part.problem
        self.best, self.rounds = greedy(self.problem), 0
        self.weight = np.ones(self.problem.incidence.rows)  # how hard rows of a choice of many columns were to cover so far
        self.bound, self.is_lifted = Bound(0.0, np.zeros(self.problem.incidence.rows), self.problem.cost), False
        self.is_settled = self.is_searched = False  # by the exact search beside; all that goes on beside it
        self.beside = 0  # columns about which it is asked
        self._tell()

    @property
    def value(self) -> float:
        return self.problem.value(self.best)

    @property
    def answer(self) -> BoundedChoice:
        chosen = self.part.widened(self.best, self.whole.incidence.columns)
        return BoundedChoice(chosen, self.value, min(self.value, self.problem.rounded_up(self.bound.value)))

    @property
    def is_proved(self) -> bool:
        return self.is_settled or self.answer.is_proved

    @property
    def is_done(self) -> bool:
        return self.is_proved or self.effort.is_over()

    def run(self) -> None:
        """Better the bound, then the choice, then both among all that may be better, as long as there is time.

        Where a time is to be used up the exact search works beside all this. Where steps are counted they take turns, so that the
        answer is the same each time.
        """
        is_large = bool(self.best.sum() >= VERY_MANY)
        self._raise_bound(self.effort.passes // 8 if is_large else self.effort.passes)
        if is_large or self.is_done or not np.isfinite(self.effort.seconds_left()):
            self._better(is_large)
            return
        with BackgroundJob(self._solve_beside) as job:
            try:
                self._better(is_large)
            finally:
                self.is_searched = True
            choice, bound = job.answer(lambda _, step: self._report(step), "siting")  # it reports no share of its own
        self._take(choice)
        self._raise_to(bound)

    def _better(self, is_large: bool) -> None:
        if self.best.sum() < MANY:
            self._raise_by_cuts(0.1)
        else:
            self._better_pieces_and_bound(1.0 if is_large else PIECES_SHARE)
        if is_large:
            return
        self._search(self.effort.steps // 4, 0.05 if self._is_nearly_proved else 0.25)
        self._raise_bound(self.effort.passes // 2)
        if not self._is_nearly_proved:
            self._solve_cheapest(0.3)
        self._prove(0.9 if self._is_nearly_proved else 0.5)
        self._search(self.effort.steps - self.effort.steps // 4, 1.0)

    @property
    def _is_nearly_proved(self) -> bool:
        """Tell whether so few columns may be in a better answer that an exact search of them ends soon."""
        hopeful = may_be_better(self.problem, self.bound.value, self.bound.reduced, self.value)
        return bool(self.answer.gap <= self.effort.most_gap and hopeful.sum() <= FEW_HOPEFUL)

    def _ends_within(self, share: float) -> Callable[[], bool]:
        """Return a question that says yes once a share of the time that is left now is used, or the answer is proved."""
        is_over = self.effort.ends_within(share)
        return lambda: self.is_settled or is_over()

    def _tell(self) -> None:
        self.found(self.answer)
        self._report("siting")

    def _report(self, step: str) -> None:
        self.progress(1.0 - min(1.0, self.answer.gap), step)

    def _take(self, choice: BoolArray) -> None:
        if self.problem.value(choice) < self.value - 1e-9:
            self.best = choice
            self._tell()

    def _raise_bound(self, passes: int) -> None:
        start = self.bound.price if self.bound.value > 0.0 else None
        is_over = self._ends_within(0.3)
        for bound in () if self.is_done or self.is_lifted else ascent(self.problem, self.value, passes, start):
            if bound.value > self.bound.value:
                self.bound = bound
                self._tell()
            price = np.maximum(bound.reduced, 0.0) + 1e-3 * self.problem.cost
            self._take(greedy(self.problem, price))
            if is_over() or self.is_done:
                return

    def _raise_by_cuts(self, share: float) -> None:
        for bound in () if self.is_done else self._lifted(self._ends_within(share)):
            self.bound, self.is_lifted = bound, True
            self._tell()
            if self.is_done:
                return

    def _lifted(self, is_over: Callable[[], bool]) -> Iterator[Bound]:
        return raised_by_cuts(self.problem, self.bound, self.effort.passes // PASSES_A_ROUND, is_over)

    def _better_pieces_and_bound(self, share: float) -> None:
        """Better a large choice piece by piece, and the bound in a thread of its own: neither needs the other."""
        is_over = self._ends_within(share)

        def raise_bound(progress: Progress) -> None:
            def is_left() -> bool:
                progress(0.0, "siting")  # raises where the search was given up
                return is_over()

            for bound in self._lifted(is_left):
                self.bound, self.is_lifted = bound, True

        if not self.is_done:
            with BackgroundJob(raise_bound) as job:
                self._better_pieces(is_over)
                job.answer(self.progress, "siting")
            self._tell()

    def _better_pieces(self, is_over: Callable[[], bool]) -> None:
        choice = self.best
        pieces = self.effort.steps // STEPS_A_PIECE
        for done in range(0, pieces, PIECES_A_ROUND):
            some, seed = min(PIECES_A_ROUND, pieces - done), self.effort.seed + done
            choice = bettered(self.problem, choice, some, seed, is_over, self.weight)
            self._take(choice)
            if is_over() or self.is_done:
                return

    def _search(self, steps: int, share: float) -> None:
        """Search in longer and longer rounds, among the cheapest columns of each row, of all, and all that may be better.

        After rounds among all of them without a better choice some searches begin anew. A choice of many columns is searched on
        and on among all columns.
        """
        if self.best.sum() >= MANY:
            self._search_on(steps, share)
            return
        is_over, done, number, before = self._ends_within(share), 0, 0, self.value
        while done < steps and not (self.is_done or is_over()):
            some = min(ROUND_STEPS * 2 ** (number // len(CORES)), steps - done)
            self._search_among(self._core(CORES[number % len(CORES)]), some, is_over)
            done, number = done + some, number + 1
            if number % len(CORES) == 0:
                done += self._search_anew(steps - done, is_over) if self.value >= before else 0
                before = self.value

    def _search_on(self, steps: int, share: float) -> None:
        """Search among all columns with the weights that pieces and rounds before have learnt."""
        is_over, whole = self._ends_within(share), ReducedPart(self.problem, np.arange(self.problem.incidence.columns))
        for done in range(0, steps, ANEW_STEPS):
            if self.is_done or is_over():
                break
            self._improve(whole, self.best, min(ANEW_STEPS, steps - done), is_over, self.weight)

    def _search_anew(self, steps: int, is_over: Callable[[], bool]) -> int:
        """Search from other choices, greedy ones at prices by chance, among cheap columns; returns the steps."""
        parts, done = [self._core(most) for most in ANEW_CORES], 0
        for number in range(ANEW):
            some = min(ANEW_STEPS, steps - done)
            if some <= 0 or self.is_done or is_over():
                break
            part = parts[number % len(parts)]
            price = np.maximum(self.bound.reduced[part.kept], 0.0) + COST_SHARE * part.problem.cost
            chance = np.random.default_rng((self.effort.seed, self.rounds))
            self._improve(
                part, greedy(part.problem, price * chance.uniform(1.0 - SPREAD, 1.0 + SPREAD, len(price))), some, is_over
            )
            done += some
        return done

    def _search_among(self, part: ReducedPart, steps: int, is_over: Callable[[], bool]) -> None:
        choice = self.best[part.kept]
        if not part.problem.is_met_by(choice):  # the best so far holds a column that no better one has
            if not part.problem.can_be_met:
                return
            choice = greedy(part.problem)
        self._improve(part, choice, steps, is_over)

    def _improve(
        self, part: ReducedPart, choice: BoolArray, steps: int, is_over: Callable[[], bool], weight: FloatArray | None = None
    ) -> None:
        self.rounds += 1
        aim = self.problem.rounded_up(self.bound.value)
        choice = improved(part.problem, choice, steps, self.effort.seed + self.rounds, is_over, aim, weight=weight)
        self._take(pruned(self.problem, part.widened(choice, self.problem.incidence.columns)))

    def _hopeful(self) -> ReducedPart:
        """Return the covering by all columns that may be in a better answer."""
        return restricted(self.problem, may_be_better(self.problem, self.bound.value, self.bound.reduced, self.value))

    def _core(self, most: int) -> ReducedPart:
        """Return the covering by the best so far and the columns that cost least at the prices; how many as CORES has it."""
        if most <= 0:
            return self._cheapest(-most) if most < 0 else self._hopeful()
        return restricted(self.problem, self.best | cheapest_of_rows(self.problem, self.bound.reduced, most))

    def _cheapest(self, a_row: int) -> ReducedPart:
        """Return the covering by the best so far and so many columns for a row that cost least of all at the prices."""
        is_core, some = self.best.copy(), a_row * self.problem.incidence.rows
        is_core[np.argsort(self.bound.reduced, kind="stable")[:some]] = True
        return restricted(self.problem, is_core)

    def _solve_cheapest(self, share: float) -> None:
        """Ask the exact search among the columns that cost least of all: for a better choice, its bound is of these alone."""
        part = self._cheapest(FEW_A_ROW)
        if not self.is_done and part.problem.incidence.columns < self.problem.incidence.columns:
            self._solve(part, share)

    def _raise_to(self, bound: float) -> None:
        """Keep a bound of all columns that may be in a better answer: none of these is below it."""
        self.bound = replace(self.bound, value=max(self.bound.value, min(self.value, bound)))
        self._tell()

    def _prove(self, share: float) -> None:
        """Ask the exact search about the columns that may be in a better answer; if it finds none, there is none.

        Where it is asked beside about hardly more of them nothing is done.
        """
        part = self._hopeful()
        if self.is_done or part.problem.incidence.columns * FEWER > self.beside > 0:
            return
        self._raise_to(self._solve(part, share) if part.problem.can_be_met else self.value)

    def _solve_beside(self, _progress: Progress) -> tuple[BoolArray, float]:
        """Ask the exact search about all that may be better, as long as the search beside it lasts, of which it hears.

        Returns its choice and bound; ``is_settled`` where it has proved that nothing is better.
        """
        start, part, offered = self.best, self._hopeful(), self.value

        def is_over() -> bool:
            return self.is_searched or self.effort.is_over()

        def better() -> FloatArray | None:
            nonlocal offered
            choice = self.best
            if self.problem.value(choice) >= offered:
                return None
            offered = self.problem.value(choice)
            return choice[part.kept].astype(float)

        if not part.problem.can_be_met:
            self.is_settled = True
            return start, offered
        if part.problem.incidence.entries > self.effort.most_entries:
            return start, -np.inf
        self.beside = part.problem.incidence.columns
        known = start[part.kept].astype(float) if part.problem.is_met_by(start[part.kept]) else None
        reported = solve(model_of(part.problem), self.effort.exact(), known, is_over, better=better)
        if reported.x is not None and reported.value < offered:
            start = pruned(self.problem, part.widened(reported.x > 0.5, self.problem.incidence.columns))
        self.is_settled = self.problem.rounded_up(reported.bound) >= min(reported.value, offered) - ROUNDING
        return start, reported.bound

    def _solve(self, part: ReducedPart, share: float) -> float:
        """Ask the exact search about some columns; returns a bound on what these can cost."""
        size, choice = part.problem.incidence, self.best[part.kept]
        gap = self.answer.gap
        is_hopeless = gap > self.effort.most_gap and size.entries > self.effort.small_entries
        is_hopeless |= gap > LARGE_GAP and size.entries > LARGE_ENTRIES
        if is_hopeless or size.columns > self.effort.most_columns or size.entries > self.effort.most_entries:
            return -np.inf
        start, is_over = choice.astype(float) if part.problem.is_met_by(choice) else None, self._ends_within(share)
        reported = solve(model_of(part.problem), self.effort.exact(share), start, is_over, proves=self._is_nearly_proved)
        if reported.x is not None:
            self._take(pruned(self.problem, part.widened(reported.x > 0.5, self.problem.incidence.columns)))
        return reported.bound


def model_of(problem: Covering) -> LinearModel:
    """Return a covering as a linear model: choose 0 or 1 of each column."""
    matrix, columns = problem.incidence, problem.incidence.columns
    rows = sparse.csr_array((np.ones(matrix.entries), matrix.row_columns, matrix.row_start), shape=(matrix.rows, columns))
    ones = np.ones(columns)
    return LinearModel(problem.cost, rows, problem.need.astype(float), np.full(matrix.rows, np.inf), ones, ones > 0)
