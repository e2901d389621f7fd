"""The most that so many columns can cover: greedy, exchanges, a bound by prices, and the proof on what may still be better.

Church and ReVelle (1974), The maximal covering location problem. For prices 0 <= u_i <= w_i on the rows no choice of n columns
covers more than ``sum (w_i - u_i)`` and the n largest of the column sums ``sum_i a_ij u_i``.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from scipy import sparse

from lhasaplan.core.base.arrays import BoolArray, FloatArray, IntArray
from lhasaplan.core.covering.bounds import LinearModel, solve
from lhasaplan.core.covering.problem import ROUNDING, BoundedChoice, CoverLinks, Incidence
from lhasaplan.core.covering.set_cover import USUAL, Effort, Found, nobody
from lhasaplan.core.sight.compiled.compilation import inner, kernel

PATIENCE = 10
LEAST_STEP = 0.005


@dataclass(frozen=True, eq=False, slots=True)
class MaximalCovering:
    """Choose at most ``most`` columns so that the rows that they cover weigh most.

    Parameters
    ----------
    weight : shape (rows,); not negative.
    """

    incidence: Incidence
    weight: FloatArray
    most: int

    @property
    def is_whole(self) -> bool:
        """Tell whether every value is a whole number."""
        return bool(np.all(self.weight == np.round(self.weight)))

    def value(self, is_chosen: BoolArray) -> float:
        """Return the weight of what a choice covers."""
        return float(self.weight[self.incidence.counts(is_chosen) > 0].sum())

    def rounded_down(self, bound: float) -> float:
        """Return the greatest value that a choice can have if none is above the bound."""
        return float(np.floor(bound + ROUNDING)) if self.is_whole else bound


def cover_most(problem: MaximalCovering, effort: Effort = USUAL, found: Found = nobody) -> BoundedChoice:
    """Return a choice that covers much, and a bound on what any can cover; ``found`` hears of each that is better."""
    choice = interchanged(problem, chosen_greedily(problem), effort.steps)
    answer = BoundedChoice(choice, problem.value(choice), float(problem.weight.sum()))
    found(answer)
    prices = None
    for prices in descent(problem, answer.value, effort.passes):
        top = interchanged(problem, _largest(prices.sums, problem.most), effort.steps)
        if problem.value(top) > answer.value:
            answer = replace(answer, is_chosen=top, value=problem.value(top))
        bound = min(answer.bound, problem.rounded_down(prices.value))
        answer = replace(answer, bound=max(bound, answer.value))
        found(answer)
        if effort.is_over() or answer.is_proved:
            return answer
    return _proved(problem, answer, prices, effort) if prices is not None else answer


def _largest(sums: FloatArray, most: int) -> BoolArray:
    is_chosen = np.zeros(len(sums), bool)
    is_chosen[np.argsort(-sums, kind="stable")[:most]] = True
    return is_chosen


def chosen_greedily(problem: MaximalCovering) -> BoolArray:
    """Return the columns that cover most of what is left, one after the other: at least 63 % of the best (Nemhauser 1978)."""
    matrix = problem.incidence
    is_chosen, gain = np.zeros(matrix.columns, bool), problem.incidence.matrix().T @ problem.weight
    _take_most(matrix.links, problem.weight, gain, np.zeros(matrix.rows, np.int64), is_chosen, problem.most)
    return is_chosen


def interchanged(problem: MaximalCovering, is_chosen: BoolArray, steps: int) -> BoolArray:
    """Return a choice that covers no less: as long as one column for another covers more, they change places.

    Teitz and Bart (1968), Heuristic methods for estimating the generalized vertex median of a weighted graph.
    """
    matrix, better = problem.incidence, is_chosen.copy()
    count = matrix.counts(is_chosen)
    entries = problem.weight[matrix.column_rows]
    left, alone = entries * (count == 0)[matrix.column_rows], entries * (count == 1)[matrix.column_rows]
    column = np.repeat(np.arange(matrix.columns), np.diff(matrix.column_start))
    gain = np.bincount(column, np.where(is_chosen[column], alone, left), minlength=matrix.columns).astype(float)
    _interchange(matrix.links, problem.weight, gain, count, better, steps)
    return better


@dataclass(frozen=True, eq=False, slots=True)
class Prices:
    """A bound on what can be covered, and the column sums that prove it."""

    value: float
    sums: FloatArray


def descent(problem: MaximalCovering, known_value: float, passes: int) -> Iterator[Prices]:
    """Yield lower and lower bounds, one every few passes and the last."""
    matrix, weight, most = problem.incidence, problem.weight, problem.most
    links, is_top, lack = matrix.links, np.empty(matrix.columns, bool), np.empty(matrix.rows)
    price, best, kept, step, waited = weight / 2.0, Prices(np.inf, weight), weight, 1.0, 0
    for number in range(passes):
        sums = np.empty(matrix.columns)
        _add_up(links, price, sums)
        top = np.argpartition(-sums, most - 1)[:most] if most < len(sums) else np.arange(len(sums))
        above = float((weight - price).sum() + sums[top].sum())
        if above < best.value - 1e-9 * max(1.0, known_value):
            waited = 0 if above < best.value - 1e-5 * max(1.0, known_value) else waited + 1
            best, kept = Prices(above, sums), price
        else:
            waited += 1
        if waited > PATIENCE:
            step, waited, price = step / 2.0, 0, kept
        if step < LEAST_STEP or problem.rounded_down(best.value) <= known_value:
            break
        is_top[:] = False
        is_top[top] = True
        _count_up(links, is_top, lack)
        way = lack.copy()
        way[((price <= 0.0) & (way > 0.0)) | ((price >= weight) & (way < 0.0))] = 0.0
        square = float(np.square(way).sum())  # BLAS would start threads for it
        if square <= 0.0:
            break
        price = np.clip(price - step * max(above - 0.999 * known_value, 1e-3) / square * way, 0.0, weight)
        if number % 20 == 9:
            yield best
    yield best


def _proved(problem: MaximalCovering, answer: BoundedChoice, prices: Prices, effort: Effort) -> BoundedChoice:
    """Ask the exact search about columns that may be out or in: the others are settled by their sums (reduced-cost fixing)."""
    sums, most = prices.sums, min(problem.most, len(prices.sums))
    order = np.argsort(-sums, kind="stable")
    last, first = sums[order[most - 1]], sums[order[most]] if most < len(sums) else -np.inf
    least = answer.value + (1.0 - ROUNDING if problem.is_whole else ROUNDING)
    is_top = _largest(sums, most)
    is_out = ~is_top & (prices.value - last + sums < least)
    is_in = is_top & (prices.value - sums + first < least)
    model, fixed = model_without(problem, is_in, is_out)
    if model.matrix.shape[1] > effort.most_entries or model.matrix.nnz > effort.most_entries:
        return answer
    free = np.flatnonzero(~is_in & ~is_out)
    start = None if answer.is_chosen[is_out].any() or not answer.is_chosen[is_in].all() else _start(model, answer.is_chosen[free])
    reported = solve(model, effort.exact(), start, effort.is_over)
    if reported.x is not None:
        choice = is_in.copy()
        choice[free[reported.x[: len(free)] > 0.5]] = True
        if problem.value(choice) > answer.value + ROUNDING:
            answer = replace(answer, is_chosen=choice, value=problem.value(choice))
    most_of_part = fixed - reported.bound if np.isfinite(reported.bound) else (-np.inf if reported.is_impossible else np.inf)
    bound = max(
        answer.value, min(answer.bound, problem.rounded_down(max(most_of_part, least - 1.0 if problem.is_whole else least)))
    )
    return replace(answer, bound=bound)


def _start(model: LinearModel, choice: BoolArray) -> FloatArray:
    x = np.zeros(model.matrix.shape[1])
    x[: len(choice)] = choice
    covered = -(model.matrix[:-1, : len(choice)] @ choice.astype(float))
    x[len(choice) :] = np.minimum(1.0, -covered)
    return x


def model_without(problem: MaximalCovering, is_in: BoolArray, is_out: BoolArray) -> tuple[LinearModel, float]:
    """Return the model without columns that are settled to be in or out, rows that are covered alike as one; and what is in."""
    matrix = problem.incidence.matrix().tocsr()
    open_rows = np.flatnonzero(~(problem.incidence.counts(is_in) > 0) & (problem.weight > 0))
    fixed = float(problem.weight[problem.incidence.counts(is_in) > 0].sum())
    free = np.flatnonzero(~is_in & ~is_out)
    part = matrix[open_rows][:, free].tocsr()
    part, weight = _merged(part, problem.weight[open_rows])
    rows, columns = part.shape
    upper = sparse.hstack([part, -sparse.eye_array(rows)], format="csr")
    count = sparse.csr_array(np.concatenate([np.ones(columns), np.zeros(rows)])[None, :])
    whole = sparse.csr_array(sparse.vstack([upper, count], format="csr"))
    low = np.concatenate([np.zeros(rows), [0.0]])
    high = np.concatenate([np.full(rows, np.inf), [float(problem.most - int(is_in.sum()))]])
    cost = np.concatenate([np.zeros(columns), -weight])
    is_whole = np.concatenate([np.ones(columns, bool), np.zeros(rows, bool)])
    return LinearModel(cost, whole, low, high, np.ones(columns + rows), is_whole), fixed


def _merged(matrix: sparse.csr_array, weight: FloatArray) -> tuple[sparse.csr_array, FloatArray]:
    """Return rows that have the same columns as one row with all their weight; rows without any are left out."""
    sums = matrix @ np.random.default_rng(0).random((matrix.shape[1], 2))
    _, first, group = np.unique(np.round(sums, 9), axis=0, return_index=True, return_inverse=True)
    total = np.bincount(group.reshape(-1), weight, minlength=len(first)).astype(float)
    has_any = np.diff(matrix.indptr)[first] > 0
    return matrix[first[has_any]].tocsr(), total[has_any]


@kernel
def _add_up(links: CoverLinks, price: FloatArray, sums: FloatArray) -> None:
    for column in range(len(sums)):
        total = 0.0
        for k in range(links.column_start[column], links.column_start[column + 1]):
            total += price[links.column_rows[k]]
        sums[column] = total


@kernel
def _count_up(links: CoverLinks, is_chosen: BoolArray, more: FloatArray) -> None:
    """Fill in how many columns more than one cover each row."""
    for row in range(len(more)):
        more[row] = -1.0
    for column in range(len(is_chosen)):
        if is_chosen[column]:
            for k in range(links.column_start[column], links.column_start[column + 1]):
                more[links.column_rows[k]] += 1.0


@kernel
def _take_most(
    links: CoverLinks,
    weight: FloatArray,
    gain: FloatArray,
    count: IntArray,
    is_chosen: BoolArray,
    most: int,
) -> None:
    for _ in range(most):
        best = -1
        for column in range(len(gain)):
            if not is_chosen[column] and gain[column] > 0.0 and (best < 0 or gain[column] > gain[best]):
                best = column
        if best < 0:
            return
        is_chosen[best] = True
        for k in range(links.column_start[best], links.column_start[best + 1]):
            row = links.column_rows[k]
            count[row] += 1
            if count[row] == 1:
                for m in range(links.row_start[row], links.row_start[row + 1]):
                    gain[links.row_columns[m]] -= weight[row]


@kernel
def _interchange(
    links: CoverLinks,
    weight: FloatArray,
    gain: FloatArray,
    count: IntArray,
    is_chosen: BoolArray,
    steps: int,
) -> None:
    """Let each chosen column go in turn, and the one that covers most then come; it is the same one where none is better."""
    quiet, column = 0, 0
    for _ in range(steps):
        while not is_chosen[column]:
            quiet += 1
            if quiet > len(gain):
                return
            column = (column + 1) % len(gain)
        was = gain[column]
        _move(links, weight, gain, count, is_chosen, column)
        best = column
        for other in range(len(gain)):
            if not is_chosen[other] and gain[other] > gain[best] + 1e-9:
                best = other
        _move(links, weight, gain, count, is_chosen, best)
        quiet = 0 if gain[best] > was + 1e-9 else quiet + 1
        column = (column + 1) % len(gain)
        if quiet > len(gain):
            return


@inner
def _move(
    links: CoverLinks,
    weight: FloatArray,
    gain: FloatArray,
    count: IntArray,
    is_chosen: BoolArray,
    column: int,
) -> None:
    """Let a column come, or go if it is chosen; its own gain stays what it covers alone."""
    comes = not is_chosen[column]
    is_chosen[column] = comes
    for k in range(links.column_start[column], links.column_start[column + 1]):
        row = links.column_rows[k]
        before = count[row]
        count[row] = before + 1 if comes else before - 1
        low = before if comes else before - 1
        if low > 1:
            continue
        sign = -weight[row] if comes else weight[row]  # covered first: the others gain less; twice: the other is missed no longer
        for m in range(links.row_start[row], links.row_start[row + 1]):
            other = links.row_columns[m]
            if other != column and is_chosen[other] == (low == 1):
                gain[other] += sign
