"""Bounds on what any choice can cost: by prices on rows, and exactly by a linear model.

For prices u >= 0 on the rows ``L(u) = sum need_i u_i + sum_j min(0, c_j - sum_i a_ij u_i)`` is a bound whatever u is (Caprara,
Fischetti and Toth 1999, A heuristic method for the set covering problem). They are raised from the best so far along a running
mean of what rows lacked: Barahona and Anbil (2000), The volume algorithm: producing primal solutions with a subgradient method.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import highspy
import numpy as np
from scipy import sparse

from lhasaplan.core.base.arrays import BoolArray, FloatArray
from lhasaplan.core.covering.problem import Covering, CoverLinks
from lhasaplan.core.sight.compiled.compilation import kernel

# Solve a linear model with whole numbers exactly by HiGHS, from a known answer, within limits; its bound is kept.
#
# Huangfu and Hall (2018), Parallelizing the dual revised simplex method; https://highs.dev.

_AWAY = 1e-5
IsOver = Callable[[], bool]
Offer = Callable[[], FloatArray | None]


@dataclass(frozen=True, slots=True)
class SolverLimits:
    """Where an exact search ends: seconds of the clock, nodes of the tree (-1 without limit), threads; each may be unlimited.

    Nodes end it at the same place each time, seconds do not.
    """

    seconds: float = float("inf")
    nodes: int = -1
    threads: int = 1
    gap: float = 0.0


@dataclass(frozen=True, eq=False, slots=True)
class LinearModel:
    """Minimise ``cost @ x`` with ``low <= matrix @ x <= high`` and ``0 <= x <= most``.

    Parameters
    ----------
    matrix : csr_array, shape (m, n).
    is_whole : shape (n,); columns that take whole numbers only.
    """

    cost: FloatArray
    matrix: sparse.csr_array
    low: FloatArray
    high: FloatArray
    most: FloatArray
    is_whole: BoolArray


@dataclass(frozen=True, eq=False, slots=True)
class Solution:
    """The best values that were found, None if none were, and a bound below which no value is; -inf without one."""

    x: FloatArray | None
    value: float
    bound: float
    is_impossible: bool = False


def solve(
    model: LinearModel,
    limits: SolverLimits,
    start: FloatArray | None = None,
    is_over: IsOver = lambda: False,
    *,
    relaxed: bool = False,
    proves: bool = False,
    better: Offer | None = None,
) -> Solution:
    """Return the best solution within the limits.

    Parameters
    ----------
    start : shape (n,); a known solution.
    is_over : asked now and then; the best so far is returned when it says yes.
    relaxed : solve it without whole numbers: its value is a bound of the model, and of nothing less.
    proves : the start is hardly bettered: no time goes into looking for others, nor into beginning anew.
    better : asked now and then for a better solution than any before, shape (n,); None where there is none.
    """
    highs = highspy.Highs()  # type: ignore[no-untyped-call]
    highs.silent()
    _set(highs, limits)
    if proves:
        highs.setOptionValue("mip_heuristic_effort", 0.0)
        highs.setOptionValue("mip_allow_restart", False)
    highs.passModel(_lp(model, relaxed))
    if start is not None and not relaxed:
        known = highspy.HighsSolution()
        known.col_value = start.tolist()
        highs.setSolution(known)
    _watch(highs, is_over)
    if better is not None:
        _hear(highs, better)
    highs.run()
    return _reported(highs, model, relaxed)


def _set(highs: highspy.Highs, limits: SolverLimits) -> None:
    highs.setOptionValue("output_flag", False)
    highs.setOptionValue("threads", limits.threads)
    highs.setOptionValue("random_seed", 0)
    highs.setOptionValue("mip_rel_gap", limits.gap)
    highs.setOptionValue("mip_abs_gap", 1e-6)
    if np.isfinite(limits.seconds):
        highs.setOptionValue("time_limit", max(0.1, limits.seconds))
    if limits.nodes >= 0:
        highs.setOptionValue("mip_max_nodes", limits.nodes)


def _watch(highs: highspy.Highs, is_over: IsOver) -> None:
    def ask(event: highspy.HighsCallbackEvent) -> None:
        event.interrupt() if is_over() else None

    for each in (highs.cbMipInterrupt, highs.cbSimplexInterrupt):
        each.subscribe(ask)


def _hear(highs: highspy.Highs, better: Offer) -> None:
    def ask(event: highspy.HighsCallbackEvent) -> None:
        known = better()
        if known is not None and event.data_in is not None:
            event.data_in.setSolution(known)

    highs.cbMipUserSolution.subscribe(ask)


def _lp(model: LinearModel, relaxed: bool) -> highspy.HighsLp:
    lp = highspy.HighsLp()
    rows, columns = model.matrix.shape
    lp.num_col_, lp.num_row_ = columns, rows
    lp.col_cost_ = model.cost
    lp.col_lower_, lp.col_upper_ = np.zeros(columns), model.most
    lp.row_lower_, lp.row_upper_ = model.low, model.high
    lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    lp.a_matrix_.start_ = np.asarray(model.matrix.indptr, np.int32)
    lp.a_matrix_.index_ = np.asarray(model.matrix.indices, np.int32)
    lp.a_matrix_.value_ = model.matrix.data
    if not relaxed:
        kinds = (highspy.HighsVarType.kContinuous, highspy.HighsVarType.kInteger)
        lp.integrality_ = [kinds[whole] for whole in model.is_whole.tolist()]
    return lp


def _reported(highs: highspy.Highs, model: LinearModel, relaxed: bool) -> Solution:
    status, info = highs.getModelStatus(), highs.getInfo()
    if status == highspy.HighsModelStatus.kInfeasible:
        return Solution(None, np.inf, np.inf, is_impossible=True)
    feasible = info.primal_solution_status == highspy.SolutionStatus.kSolutionStatusFeasible
    x = np.array(highs.getSolution().col_value) if feasible else None
    value = float(info.objective_function_value) if feasible else np.inf
    if x is not None and abs(value - float(model.cost @ x)) > _AWAY * max(1.0, abs(value)):
        return Solution(x, float(model.cost @ x), -np.inf)  # the solver has lost a constant somewhere: its bound is none either
    if relaxed or not model.is_whole.any():
        return Solution(x, value, value if status == highspy.HighsModelStatus.kOptimal else -np.inf)
    return Solution(x, value, float(info.mip_dual_bound))


# A bound below which no choice can cost: prices on rows, raised where too little is chosen, lowered where too much.

PATIENCE = 10  # passes without a better bound after which steps become shorter
FIRST_STEP, LEAST_STEP, MOST_STEP = 0.1, 1e-5, 2.0
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
    best = Bound(value_of_prices(links, problem.cost, need, price, reduced, lack), price, reduced.copy())
    mean, step, waited = lack.copy(), FIRST_STEP, 0
    for number in range(passes):
        way = np.where((best.price <= 0.0) & (mean < 0.0), 0.0, mean)
        square = float(np.square(way).sum())  # BLAS would start threads for it
        if square <= 0.0 or step < LEAST_STEP or problem.rounded_up(best.value) >= known_value:
            break
        length = step * max(1.02 * known_value - best.value, 1e-3) / square
        price = np.clip(best.price + length * way, 0.0, known_value)
        below = value_of_prices(links, problem.cost, need, price, reduced, lack)
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
def value_of_prices(  # noqa: PLR0917 - the matrix by column, what is asked, and room for the answer
    links: CoverLinks,
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
