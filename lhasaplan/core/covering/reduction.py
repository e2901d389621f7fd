"""Make a covering smaller without losing its best answer: columns that others match, or that cost too much for a better one."""

from dataclasses import dataclass

import numpy as np

from lhasaplan.core.base.arrays import BoolArray, FloatArray, IntArray
from lhasaplan.core.covering.problem import ROUNDING, Covering, CoverLinks, Incidence, incidence_of
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


def without_twin_rows(problem: Covering) -> Covering:
    """Return the covering in which of rows that the same columns cover only the one that needs most is left."""
    matrix = problem.incidence
    flipped = Incidence(
        matrix.columns, matrix.rows, matrix.row_start, matrix.row_columns, matrix.column_start, matrix.column_rows
    )
    group = groups_of(flipped)
    order = np.lexsort((-problem.need, group))
    is_first = np.ones(len(order), bool)
    is_first[1:] = group[order][1:] != group[order][:-1]
    need = np.zeros_like(problem.need)
    need[order[is_first]] = problem.need[order[is_first]]
    return Covering(matrix, problem.cost, need)


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
    if other == column or cost[other] > cost[column] or end - at < last - first or (is_like and other > column):
        return False
    for k in range(first, last):
        while at < end and links.column_rows[at] < links.column_rows[k]:
            at += 1
        if at == end or links.column_rows[at] != links.column_rows[k]:
            return False
    return True


def groups_of(matrix: Incidence) -> IntArray:
    """Return a number for each column, the same for columns that cover the same rows."""
    weight = np.random.default_rng(0).integers(1, 2**63, matrix.rows, dtype=np.uint64)
    sums = np.zeros((matrix.columns, 2), np.uint64)
    column = np.repeat(np.arange(matrix.columns), np.diff(matrix.column_start))
    for k, each in enumerate((weight, weight * weight + np.uint64(1))):
        np.add.at(sums[:, k], column, each[matrix.column_rows])
    keys = np.column_stack([sums, np.diff(matrix.column_start).astype(np.uint64)])
    return np.asarray(np.unique(keys, axis=0, return_inverse=True)[1], np.int64).reshape(-1)


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
