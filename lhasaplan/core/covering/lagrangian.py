"""A bound below which no choice can cost: prices on rows, raised where too little is chosen, lowered where too much.

For prices u >= 0 on the rows ``L(u) = sum need_i u_i + sum_j min(0, c_j - sum_i a_ij u_i)`` is a bound whatever u is (Caprara,
Fischetti and Toth 1999, A heuristic method for the set covering problem). They are raised from the best so far along a running
mean of what rows lacked: Barahona and Anbil (2000), The volume algorithm: producing primal solutions with a subgradient method.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from lhasaplan.core.base.arrays import FloatArray
from lhasaplan.core.covering.incidence import Links
from lhasaplan.core.covering.problem import Covering
from lhasaplan.core.sight.compiled.compilation import kernel

PATIENCE = 10  # passes without a better bound after which steps become shorter
FIRST_STEP, LEAST_STEP, MOST_STEP = 0.1, 1e-4, 2.0
SHORTER, LONGER = 0.66, 1.1
LEAST_OF_NEW, MOST_OF_NEW = 0.01, 0.1  # what a pass counts for in the mean
TELL_EVERY = 30


@dataclass(frozen=True, eq=False, slots=True)
class Bound:
    """A bound on the cost, the prices (rows,) that prove it, and the reduced costs (columns,) at them."""

    value: float
    price: FloatArray
    reduced: FloatArray


def first_prices(problem: Covering) -> FloatArray:
    """Return prices at which no column costs less than it covers: each row's cheapest share of a column."""
    matrix = problem.incidence
    size = np.maximum(np.diff(matrix.column_start), 1)
    share = (problem.cost / size)[matrix.row_columns]
    price = np.full(matrix.rows, np.inf)
    np.minimum.at(price, np.repeat(np.arange(matrix.rows), np.diff(matrix.row_start)), share)
    return np.asarray(np.where(np.isfinite(price) & (problem.need > 0), price, 0.0), float)


def ascent(problem: Covering, known_value: float, passes: int, price: FloatArray | None = None) -> Iterator[Bound]:
    """Yield better and better bounds, one every few passes and the last."""
    matrix, need = problem.incidence, problem.need.astype(float)
    links = matrix.links
    price = first_prices(problem) if price is None else price
    reduced, lack = np.empty(matrix.columns), np.empty(matrix.rows)
    best = Bound(_pass(links, problem.cost, need, price, reduced, lack), price, reduced.copy())
    mean, step, waited = lack.copy(), FIRST_STEP, 0
    for number in range(passes):
        way = np.where((best.price <= 0.0) & (mean < 0.0), 0.0, mean)
        square = float(np.square(way).sum())  # BLAS would start threads for it
        if square <= 0.0 or step < LEAST_STEP or problem.rounded_up(best.value) >= known_value:
            break
        length = step * max(1.02 * known_value - best.value, 1e-3) / square
        price = np.clip(best.price + length * way, 0.0, known_value)
        below = _pass(links, problem.cost, need, price, reduced, lack)
        is_uphill = float((lack * mean).sum()) >= 0.0
        mean += _share_of_new(mean, lack) * (lack - mean)
        if below > best.value + 1e-9 * known_value:
            best, waited = Bound(below, price, reduced.copy()), 0
            step = min(step * LONGER, MOST_STEP) if is_uphill else step
        else:
            waited += 1
        if waited >= PATIENCE:
            step, waited = step * SHORTER, 0
        if number % TELL_EVERY == TELL_EVERY - 1:
            yield best
    yield best


def _share_of_new(mean: FloatArray, lack: FloatArray) -> float:
    """Return how much the newest pass counts: so much that the mean becomes shortest, within limits."""
    away = lack - mean
    square = float(np.square(away).sum())
    wanted = -float((mean * away).sum()) / square if square > 0.0 else MOST_OF_NEW
    return min(max(wanted, LEAST_OF_NEW), MOST_OF_NEW)


@kernel
def _pass(  # noqa: PLR0917 - the matrix by column, what is asked, and room for the answer
    links: Links,
    cost: FloatArray,
    need: FloatArray,
    price: FloatArray,
    reduced: FloatArray,
    lack: FloatArray,
) -> float:
    """Return the bound of prices; fills reduced costs, and what each row lacks with all columns that pay for themselves."""
    total = 0.0
    for row in range(len(need)):
        lack[row] = need[row]
        total += need[row] * price[row]
    for column in range(len(cost)):
        left = cost[column]
        for k in range(links.column_start[column], links.column_start[column + 1]):
            left -= price[links.column_rows[k]]
        reduced[column] = left
        if left < 0.0:
            total += left
            for k in range(links.column_start[column], links.column_start[column + 1]):
                lack[links.column_rows[k]] -= 1.0
    return total
