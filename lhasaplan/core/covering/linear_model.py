"""Solve a linear model with whole numbers exactly by HiGHS, from a known answer, within limits; its bound is kept.

Huangfu and Hall (2018), Parallelizing the dual revised simplex method; https://highs.dev.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import highspy
import numpy as np
from scipy import sparse

from lhasaplan.core.base.arrays import BoolArray, FloatArray

_AWAY = 1e-5
IsOver = Callable[[], bool]


@dataclass(frozen=True, slots=True)
class Limits:
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
    model: LinearModel, limits: Limits, start: FloatArray | None = None, is_over: IsOver = lambda: False, *, relaxed: bool = False
) -> Solution:
    """Return the best solution within the limits.

    Parameters
    ----------
    start : shape (n,); a known solution.
    is_over : asked now and then; the best so far is returned when it says yes.
    relaxed : solve it without whole numbers: its value is a bound of the model, and of nothing less.
    """
    highs: Any = highspy.Highs()  # type: ignore[no-untyped-call]
    highs.silent()
    _set(highs, limits)
    highs.passModel(_lp(model, relaxed))
    if start is not None and not relaxed:
        known = highspy.HighsSolution()
        known.col_value = start.tolist()
        highs.setSolution(known)
    _watch(highs, is_over)
    highs.run()
    return _told(highs, model, relaxed)


def _set(highs: Any, limits: Limits) -> None:
    highs.setOptionValue("output_flag", False)
    highs.setOptionValue("threads", limits.threads)
    highs.setOptionValue("random_seed", 0)
    highs.setOptionValue("mip_rel_gap", limits.gap)
    highs.setOptionValue("mip_abs_gap", 1e-6)
    if np.isfinite(limits.seconds):
        highs.setOptionValue("time_limit", max(0.1, limits.seconds))
    if limits.nodes >= 0:
        highs.setOptionValue("mip_max_nodes", limits.nodes)


def _watch(highs: Any, is_over: IsOver) -> None:
    def ask(event: Any) -> None:
        event.interrupt() if is_over() else None

    for each in (highs.cbMipInterrupt, highs.cbSimplexInterrupt):
        each.subscribe(ask)


def _lp(model: LinearModel, relaxed: bool) -> Any:
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


def _told(highs: Any, model: LinearModel, relaxed: bool) -> Solution:
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
