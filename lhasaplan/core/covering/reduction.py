"""Make a covering smaller without losing its best answer: like columns, columns that cost too much to be in a better one."""

from dataclasses import dataclass

import numpy as np

from lhasaplan.core.base.arrays import BoolArray, FloatArray, IntArray
from lhasaplan.core.covering.incidence import Incidence, incidence_of
from lhasaplan.core.covering.problem import ROUNDING, Covering


@dataclass(frozen=True, eq=False, slots=True)
class Part:
    """Some columns of a covering; ``kept`` are their numbers in the whole."""

    problem: Covering
    kept: IntArray

    def widened(self, is_chosen: BoolArray, columns: int) -> BoolArray:
        """Return a choice of the part as one of the whole."""
        whole = np.zeros(columns, bool)
        whole[self.kept[is_chosen]] = True
        return whole


def restricted(problem: Covering, is_kept: BoolArray) -> Part:
    """Return the covering of some columns and of rows that need something."""
    kept = np.flatnonzero(is_kept)
    rows = np.flatnonzero(problem.need > 0)
    matrix = problem.incidence.matrix()[:, kept].tocsr()[rows]
    return Part(Covering(incidence_of(matrix), problem.cost[kept], problem.need[rows]), kept)


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


def without_twins(problem: Covering) -> BoolArray:
    """Return which columns to keep: of those that cover the same rows the cheapest, as many as a row may need."""
    matrix = problem.incidence
    group = groups_of(matrix)
    order = np.lexsort((np.arange(matrix.columns), problem.cost, group))
    first = np.searchsorted(group[order], group[order], side="left")
    rank = np.empty(matrix.columns, np.int64)
    rank[order] = np.arange(matrix.columns) - first
    return np.asarray((rank < max(1, int(problem.need.max(initial=1)))) & (np.diff(matrix.column_start) > 0), bool)


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
