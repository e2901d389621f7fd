"""A bound below which no choice can cost: prices on rows, raised where too little is chosen, lowered where too much.

Caprara, Fischetti and Toth (1999), A heuristic method for the set covering problem; for prices u >= 0 on the rows
``L(u) = sum need_i u_i + sum_j min(0, c_j - sum_i a_ij u_i)`` is a bound whatever u is.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from lhasaplan.core.base.arrays import FloatArray
from lhasaplan.core.covering.incidence import Links
from lhasaplan.core.covering.problem import Covering
from lhasaplan.core.sight.compiled.compilation import kernel

PATIENCE = 15  # passes without a better bound after which steps become shorter
LEAST_STEP = 0.002
TELL_EVERY = 10


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
    """Yield better and better bounds, one every few passes and the last: a subgradient ascent towards a known value."""
    matrix, need = problem.incidence, problem.need.astype(float)
    links = matrix.links
    price = first_prices(problem) if price is None else price
    reduced, lack = np.empty(matrix.columns), np.empty(matrix.rows)
    best, step, waited = Bound(-np.inf, price, reduced), 1.0, 0
    smooth = np.zeros(matrix.rows)
    for number in range(passes):
        below = _pass(links, problem.cost, need, price, reduced, lack)
        if below > best.value + 1e-9 * known_value:
            waited = 0 if below > best.value + 1e-4 * known_value else waited + 1
            best = Bound(below, price.copy(), reduced.copy())
        else:
            waited += 1
        if waited > PATIENCE:
            step, waited, price, smooth = step / 2.0, 0, best.price.copy(), np.zeros(matrix.rows)
        if step < LEAST_STEP or problem.rounded_up(best.value) >= known_value:
            break
        smooth = 0.7 * lack + 0.3 * smooth
        way = np.where((price <= 0.0) & (smooth < 0.0), 0.0, smooth)
        square = float(np.square(way).sum())  # BLAS would start threads for it
        if square <= 0.0:
            break
        length = step * max(1.02 * known_value - below, 1e-3) / square
        price = np.clip(price + length * way, 0.0, known_value)
        if number % TELL_EVERY == TELL_EVERY - 1:
            yield best
    yield best


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
