"""Make a covering smaller without losing its best answer: columns that others match, or that cost too much for a better one."""

from dataclasses import dataclass

import numpy as np

from lhasaplan.core.base.arrays import BoolArray, FloatArray, IntArray
from lhasaplan.core.covering.problem import ROUNDING, Covering, CoverLinks, incidence_of
from lhasaplan.core.sight.compiled.compilation import inner, kernel


@dataclass(frozen=True, eq=False, slots=True)
class ReducedPart:
    """Some columns of a covering; ``kept`` are their numbers in the whole."""

    problem: Covering
    kept: IntArray

    def widened(self, is_chosen: BoolArray, columns: int) -> BoolArray:
        """Return a choice of the part as one of the whole."""
        whole = np.zeros(columns, bool)
        whole[self.kept[is_chosen]] = True
        return whole


def restricted(problem: Covering, is_kept: BoolArray) -> ReducedPart:
    """Return the covering of some columns and of rows that need something."""
    kept = np.flatnonzero(is_kept)
    rows = np.flatnonzero(problem.need > 0)
    matrix = problem.incidence.matrix()[:, kept].tocsr()[rows]
    return ReducedPart(Covering(incidence_of(matrix), problem.cost[kept], problem.need[rows]), kept)


LEAST_GONE = 0.02  # share of the entries that a look must take away for another one to pay


def reduced(problem: Covering) -> ReducedPart:
    """Return the covering without columns and rows that others stand for: a choice of it serves the whole, and none is better."""
    part = ReducedPart(problem, np.arange(problem.incidence.columns))
    while True:
        left = part.problem
        kept_rows = without_implied_rows(left)
        fewer = Covering(left.incidence, left.cost, np.where(kept_rows, left.need, 0))
        next_part = restricted(fewer, without_dominated(fewer))
        gone = left.incidence.entries - next_part.problem.incidence.entries
        part = ReducedPart(next_part.problem, part.kept[next_part.kept])
        if gone <= LEAST_GONE * left.incidence.entries:
            return part


def without_implied_rows(problem: Covering) -> BoolArray:
    """Return which rows to keep: none whose columns include all of another row that needs as much; of two alike the first."""
    matrix = problem.incidence
    is_kept = problem.need > 0
    _imply(matrix.links, problem.need, np.zeros(matrix.rows, np.int64), is_kept)
    return is_kept


@kernel
def _imply(links: CoverLinks, need: IntArray, signs: IntArray, is_kept: BoolArray) -> None:
    """Take away rows that another implies; what lacks a bit of a sign lacks a column."""
    for row in range(len(need)):
        for k in range(links.row_start[row], links.row_start[row + 1]):
            signs[row] |= 1 << (links.row_columns[k] * 2654435761 % 62)
    for row in range(len(need)):
        if not is_kept[row]:
            continue
        first, last, least = 0, 0, len(need) + 1  # of the column that covers fewest
        for k in range(links.row_start[row], links.row_start[row + 1]):
            column = links.row_columns[k]
            if links.column_start[column + 1] - links.column_start[column] < least:
                first, last = links.column_start[column], links.column_start[column + 1]
                least = last - first
        for k in range(first, last):
            other = links.column_rows[k]
            if other == row or not is_kept[other] or need[other] > need[row] or signs[row] & ~signs[other] != 0:
                continue
            start, end = links.row_start[row], links.row_start[row + 1]
            if _includes(links.row_columns, links.row_start[other], links.row_start[other + 1], start, end):
                is_kept[other] = False


@inner
def _includes(values: IntArray, at: int, end: int, first: int, last: int) -> bool:
    """Tell whether the ascending values from ``at`` include all of those from ``first``."""
    if end - at < last - first:
        return False
    for k in range(first, last):
        while at < end and values[at] < values[k]:
            at += 1
        if at == end or values[at] != values[k]:
            return False
    return True


def without_dominated(problem: Covering) -> BoolArray:
    """Return which columns to keep: none of which as many others as a row may need cover all its rows and cost no more.

    Of columns that cover the same rows at the same cost the first counts as the better.
    """
    matrix = problem.incidence
    is_kept, signs = np.empty(matrix.columns, bool), np.zeros(matrix.columns, np.int64)
    _compare(matrix.links, problem.cost, max(1, int(problem.need.max(initial=1))), signs, is_kept)
    return is_kept


@kernel
def _compare(links: CoverLinks, cost: FloatArray, enough: int, signs: IntArray, is_kept: BoolArray) -> None:
    """Fill in which columns to keep; a sign has a bit for each row, many share one: what lacks a bit lacks a row."""
    for column in range(len(cost)):
        for k in range(links.column_start[column], links.column_start[column + 1]):
            signs[column] |= 1 << (links.column_rows[k] * 2654435761 % 62)
    for column in range(len(cost)):
        first, last, least = 0, 0, len(cost) + 1  # of the row that fewest cover
        for k in range(links.column_start[column], links.column_start[column + 1]):
            row = links.column_rows[k]
            if links.row_start[row + 1] - links.row_start[row] < least:
                first, last = links.row_start[row], links.row_start[row + 1]
                least = last - first
        found = 0 if last > first else enough
        for k in range(first, last):
            other = links.row_columns[k]
            if signs[column] & ~signs[other] == 0 and _is_better(links, cost, other, column):
                found += 1
                if found == enough:
                    break
        is_kept[column] = found < enough


@inner
def _is_better(links: CoverLinks, cost: FloatArray, other: int, column: int) -> bool:
    """Tell whether another column covers all rows of a column and costs no more; of two alike the first."""
    at, end = links.column_start[other], links.column_start[other + 1]
    first, last = links.column_start[column], links.column_start[column + 1]
    is_like = end - at == last - first and cost[other] == cost[column]
    if other == column or cost[other] > cost[column] or (is_like and other > column):
        return False
    return bool(_includes(links.column_rows, at, end, first, last))


def may_be_better(problem: Covering, bound: float, reduced: FloatArray, value: float) -> BoolArray:
    """Return which columns may be in a choice that costs less than a known one (reduced-cost fixing).

    A column with reduced cost d > 0 lifts the bound by d where it is chosen; whole costs let a better one be 1 less at least.
    """
    least = value - 1.0 + ROUNDING if problem.is_whole else value - ROUNDING
    return np.asarray(bound + np.maximum(reduced, 0.0) <= least, bool)


def cheapest_of_rows(problem: Covering, reduced: FloatArray, most: int) -> BoolArray:
    """Return the columns that are among the ``most`` of some row with the least reduced cost, and more where it needs more."""
    matrix = problem.incidence
    row = np.repeat(np.arange(matrix.rows), np.diff(matrix.row_start))
    order = np.lexsort((reduced[matrix.row_columns], row))
    rank = np.arange(matrix.entries) - matrix.row_start[row]
    is_kept = np.zeros(matrix.columns, bool)
    is_kept[matrix.row_columns[order[rank < most * np.maximum(problem.need, 1)[row]]]] = True
    return is_kept
