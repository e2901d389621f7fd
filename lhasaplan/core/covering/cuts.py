"""Cuts: rows that every whole choice keeps and fractions break, which lift the bound of prices above that of a linear model.

A cut is kept as one more row, in which a column may stand more than once. Prices and fractions are found side by side by steps of
a primal-dual method: Chambolle and Pock (2011), A first-order primal-dual algorithm for convex problems, with steps by row and
column as Pock and Chambolle (2011) choose them, begun anew from their mean.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from lhasaplan.core.base.arrays import BoolArray, FloatArray, IntArray
from lhasaplan.core.covering.bounds import Bound, first_prices, value_of_prices
from lhasaplan.core.covering.cut_search import broken_cuts, halved
from lhasaplan.core.covering.problem import Covering, CoverLinks, Incidence
from lhasaplan.core.sight.compiled.compilation import kernel

STEPS_A_ROUND, STEPS_A_MEAN = 480, 240
PRICE_STEP = 5.0  # of the usual price; longer steps of prices are shorter ones of fractions
LEAST_PRICE = 1e-4  # a cut that is worth less goes
LEAST_GAIN, DULL_ROUNDS = 2e-4, 2  # after so many rounds that lift the bound by so small a share it ends
IsOver = Callable[[], bool]


def raised_by_cuts(problem: Covering, bound: Bound, rounds: int, is_over: IsOver = lambda: False) -> Iterator[Bound]:
    """Yield better bounds, whose reduced costs count the prices of cuts; ``price`` stays that of the rows alone.

    Parameters
    ----------
    bound : where prices begin.
    rounds : how often cuts are looked for at most; it ends earlier where none is found or they lift the bound no more.
    """
    rows, best = problem.incidence.rows, bound.value
    state = _Relaxation(problem, bound.price.copy(), np.zeros(problem.incidence.columns))
    dull = 0
    for number in range(rounds + 1):
        found = state.moved(STEPS_A_ROUND, is_over)
        dull = dull + 1 if found.value < best + LEAST_GAIN * abs(best) else 0
        if found.value > best:
            best = found.value
            yield Bound(found.value, found.price[:rows], found.reduced)
        if is_over() or number == rounds or (number > 1 and dull > DULL_ROUNDS):
            return
        kept = np.append(np.ones(rows, bool), state.price[rows:] > LEAST_PRICE)
        state = state.only(kept)
        cuts = broken_cuts(state.problem, state.fraction)
        if len(cuts) == 0:
            return
        state = state.with_cuts(cuts)


@dataclass(frozen=True, eq=False, slots=True)
class _Relaxation:
    """A covering with cuts, prices of its rows and fractions of its columns; both are changed in place."""

    problem: Covering
    price: FloatArray
    fraction: FloatArray

    def moved(self, steps: int, is_over: IsOver) -> Bound:
        """Move prices and fractions towards their best; returns the best bound on the way."""
        problem, matrix = self.problem, self.problem.incidence
        need, pace = problem.need.astype(float), PRICE_STEP * float(first_prices(problem).mean())
        best, value = self.price.copy(), -np.inf
        covered = np.empty(matrix.rows)
        for _ in range(0, steps, STEPS_A_MEAN):
            sums = np.zeros(matrix.rows), np.zeros(matrix.columns)
            value = _move(
                matrix.links, problem.cost, need, self.price, self.fraction, pace, STEPS_A_MEAN, value, best, covered, *sums
            )
            self.price[:], self.fraction[:] = sums[0] / STEPS_A_MEAN, sums[1] / STEPS_A_MEAN
            if is_over():
                break
        reduced = np.empty(matrix.columns)
        value = value_of_prices(matrix.links, problem.cost, need, best, reduced, covered)
        return Bound(value, best, reduced)

    def only(self, is_kept: BoolArray) -> "_Relaxation":
        """Return it with some of its rows."""
        matrix = self.problem.incidence
        length = np.diff(matrix.row_start)
        kept = _by_row(length[is_kept], matrix.row_columns[np.repeat(is_kept, length)], matrix.columns)
        return _Relaxation(Covering(kept, self.problem.cost, self.problem.need[is_kept]), self.price[is_kept], self.fraction)

    def with_cuts(self, cuts: IntArray) -> "_Relaxation":
        """Return it with more rows, which cost nothing yet."""
        matrix = self.problem.incidence
        sums = halved(self.problem, cuts)
        lengths = np.concatenate([np.diff(matrix.row_start), sums.length])
        more = _by_row(lengths, np.concatenate([matrix.row_columns, sums.columns]), matrix.columns)
        needs = np.concatenate([self.problem.need, sums.need])
        return _Relaxation(Covering(more, self.problem.cost, needs), np.append(self.price, np.zeros(len(cuts))), self.fraction)


def _by_row(length: IntArray, row_columns: IntArray, columns: int) -> Incidence:
    """Return entries by row and by column; a column that stands twice in a row does so both ways."""
    row = np.repeat(np.arange(len(length)), length)
    column_rows = row[np.argsort(row_columns, kind="stable")]
    column_start = np.append(0, np.cumsum(np.bincount(row_columns, minlength=columns)))
    return Incidence(len(length), columns, column_start, column_rows, np.append(0, np.cumsum(length)), row_columns)


@kernel
def _move(  # noqa: PLR0917 - the matrix by column, what is asked, where it stands and how far it goes
    links: CoverLinks,
    cost: FloatArray,
    need: FloatArray,
    price: FloatArray,
    fraction: FloatArray,
    pace: float,
    steps: int,
    value: float,
    best: FloatArray,
    covered: FloatArray,
    prices: FloatArray,
    fractions: FloatArray,
) -> float:
    """Make so many steps and add up where they come; keeps the best prices and returns their bound."""
    for _ in range(steps):
        bound = 0.0
        for row in range(len(need)):
            bound += need[row] * price[row]
            covered[row] = 0.0
        for column in range(len(cost)):
            first, last = links.column_start[column], links.column_start[column + 1]
            left = cost[column]
            for k in range(first, last):
                left -= price[links.column_rows[k]]
            bound += min(left, 0.0)
            before = fraction[column]
            after = min(max(before - left / (pace * max(last - first, 1)), 0.0), 1.0)
            fraction[column] = after
            fractions[column] += after
            ahead = 2.0 * after - before
            if ahead != 0.0:
                for k in range(first, last):
                    covered[links.column_rows[k]] += ahead
        if bound > value:
            value = bound
            for row in range(len(need)):
                best[row] = price[row]
        for row in range(len(need)):
            length = max(links.row_start[row + 1] - links.row_start[row], 1)
            price[row] = max(price[row] + pace * (need[row] - covered[row]) / length, 0.0)
            prices[row] += price[row]
    return value
