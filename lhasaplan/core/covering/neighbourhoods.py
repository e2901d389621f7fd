"""Better a large choice piece by piece: the columns round one row are chosen anew, all others stay as they are."""

from dataclasses import dataclass

import numpy as np
from scipy import sparse

from lhasaplan.core.base.arrays import BoolArray, IntArray
from lhasaplan.core.covering.incidence import Incidence, incidence_of
from lhasaplan.core.covering.problem import Covering
from lhasaplan.core.covering.row_weighting import IsOver, improved

COLUMNS = 400  # of a piece
STEPS = 4000  # of the search in a piece


@dataclass(frozen=True, eq=False, slots=True)
class _Piece:
    columns: IntArray
    problem: Covering


def bettered(problem: Covering, is_chosen: BoolArray, pieces: int, seed: int, is_over: IsOver = lambda: False) -> BoolArray:
    """Return a choice that costs no more; the same for the same seed and number of pieces."""
    chance = np.random.default_rng(seed)
    rows = np.flatnonzero(problem.need > 0)
    choice, count, matrix = is_chosen.copy(), problem.incidence.counts(is_chosen), problem.incidence.matrix()
    for number in range(pieces):
        if is_over():
            break
        piece = _piece(problem, matrix, choice, count, int(chance.choice(rows)))
        before = choice[piece.columns]
        after = improved(piece.problem, before, STEPS, seed + number)
        if piece.problem.value(after) < piece.problem.value(before) - 1e-9:
            choice[piece.columns] = after
            count += np.asarray(matrix[:, piece.columns] @ (after.astype(float) - before), np.int64)
    return choice


def _piece(problem: Covering, whole: sparse.csc_array, choice: BoolArray, count: IntArray, row: int) -> _Piece:
    """Return the columns round a row, and what they must cover beside those that stay."""
    columns = _round(problem.incidence, row)
    matrix = whole[:, columns].tocsr()
    mine = np.asarray(matrix @ choice[columns].astype(float), np.int64)
    left = np.maximum(problem.need - (count - mine), 0)
    needing = np.flatnonzero((left > 0) & (np.diff(matrix.indptr) > 0))
    return _Piece(columns, Covering(incidence_of(matrix[needing]), problem.cost[columns], left[needing]))


def _round(matrix: Incidence, row: int) -> IntArray:
    """Return the columns nearest to a row, by how many rows one has to pass."""
    rows, columns = np.array([row]), np.zeros(0, np.int64)
    while len(columns) < COLUMNS:
        wider = np.unique(_ranges(matrix.row_start, matrix.row_columns, rows))
        if len(wider) == len(columns):
            break
        columns = wider
        rows = np.unique(_ranges(matrix.column_start, matrix.column_rows, columns))
    return columns


def _ranges(start: IntArray, values: IntArray, which: IntArray) -> IntArray:
    """Return the values of some ranges, one after the other."""
    length = start[which + 1] - start[which]
    first = np.repeat(start[which] - np.concatenate([[0], np.cumsum(length)[:-1]]), length)
    return np.asarray(values[first + np.arange(int(length.sum()))], np.int64)
