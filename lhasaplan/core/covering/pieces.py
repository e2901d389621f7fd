"""Better a large choice piece by piece: the columns round one row are chosen anew, all others stay as they are."""

from typing import NamedTuple

import numpy as np

from lhasaplan.core.base.arrays import BoolArray, FloatArray, IntArray
from lhasaplan.core.covering.problem import Covering, CoverLinks, Incidence
from lhasaplan.core.covering.row_weighting import IsOver, improved
from lhasaplan.core.sight.compiled.compilation import inner, kernel

COLUMNS, STEPS_A_PIECE = 800, 16_000  # of a large covering these better most in a minute; smaller pieces first, then nothing


class _Cutting(NamedTuple):
    """Room for a piece that is cut out: its columns, rows, needs and links; both places are -1 everywhere between pieces."""

    column_place: IntArray
    row_place: IntArray
    columns: IntArray
    rows: IntArray
    need: IntArray
    column_start: IntArray
    column_rows: IntArray
    row_start: IntArray
    row_columns: IntArray

    @classmethod
    def of(cls, matrix: Incidence) -> "_Cutting":
        places = np.full(matrix.columns, -1, np.int64), np.full(matrix.rows, -1, np.int64)
        sizes = COLUMNS, matrix.rows, matrix.rows, COLUMNS + 2, matrix.entries, matrix.rows + 1, matrix.entries
        return cls(*places, *(np.zeros(size, np.int64) for size in sizes))

    def piece(self, columns: int, rows: int, cost: FloatArray) -> tuple[IntArray, Covering]:
        """Return the columns of the piece in hand, and it as a covering."""
        entries, chosen = int(self.row_start[rows]), self.columns[:columns]
        of_columns = self.column_start[: columns + 1], self.column_rows[:entries]
        of_rows = self.row_start[: rows + 1], self.row_columns[:entries]
        return chosen, Covering(Incidence(rows, columns, *of_columns, *of_rows), cost[chosen], self.need[:rows])


def bettered(  # noqa: PLR0917 - a choice, how long it is bettered and what is known
    problem: Covering,
    is_chosen: BoolArray,
    pieces: int,
    seed: int,
    is_over: IsOver = lambda: False,
    weight: FloatArray | None = None,
) -> BoolArray:
    """Return a choice that costs no more; the same for the same seed and number of pieces.

    Parameters
    ----------
    weight : shape (rows,), changed in place; how hard rows were to cover in pieces so far.
    """
    chance, matrix = np.random.default_rng(seed), problem.incidence
    rows = np.flatnonzero(problem.need > 0)
    weight = np.ones(matrix.rows) if weight is None else weight
    choice, count, cutting = is_chosen.copy(), matrix.counts(is_chosen), _Cutting.of(matrix)
    for number in range(pieces):
        if is_over():
            break
        size = _cut_out(matrix.links, problem.need, choice, count, int(chance.choice(rows)), cutting)
        columns, piece = cutting.piece(*size, problem.cost)
        before = choice[columns]
        of_piece = cutting.rows[: size[1]].copy()
        hard = weight[of_piece]
        after = improved(piece, before, STEPS_A_PIECE, seed + number, takes_alike=True, weight=hard)
        weight[of_piece] = hard
        if not np.array_equal(after, before):
            choice[columns] = after
            _recount(matrix.links, count, columns, before, after)
    return choice


@kernel
def _cut_out(  # noqa: PLR0917 - the matrix, the choice, where to cut, and room for the piece
    links: CoverLinks, need: IntArray, is_chosen: BoolArray, count: IntArray, first: int, piece: _Cutting
) -> tuple[int, int]:
    """Cut out the columns nearest to a row, by how many rows one has to pass, and what those must cover that stay in need.

    Returns how many columns and rows the piece has.
    """
    size, seen, at = 0, 1, 0
    piece.rows[0] = first
    piece.row_place[first] = 0
    while at < seen and size < len(piece.columns):
        for m in range(links.row_start[piece.rows[at]], links.row_start[piece.rows[at] + 1]):
            column = links.row_columns[m]
            if piece.column_place[column] >= 0 or size == len(piece.columns):
                continue
            piece.column_place[column] = size
            piece.columns[size] = column
            size += 1
            for k in range(links.column_start[column], links.column_start[column + 1]):
                row = links.column_rows[k]
                if piece.row_place[row] < 0:
                    piece.row_place[row] = 0
                    piece.rows[seen] = row
                    seen += 1
        at += 1
    needing, end = 0, 0
    piece.column_start[: size + 2] = 0
    for at in range(seen):
        row = piece.rows[at]
        piece.row_place[row] = -1
        lack, start = need[row] - count[row], end
        for m in range(links.row_start[row], links.row_start[row + 1]):
            place = piece.column_place[links.row_columns[m]]
            if place >= 0:
                piece.row_columns[end] = place
                end += 1
                lack += 1 if is_chosen[links.row_columns[m]] else 0
        if lack <= 0:
            end = start
            continue
        piece.need[needing] = lack
        piece.rows[needing] = row
        needing += 1
        piece.row_start[needing] = end
    _turn(piece, size, needing)
    return size, needing


@inner
def _turn(piece: _Cutting, size: int, needing: int) -> None:
    """Fill in the links by column from those by row; places are -1 again."""
    for m in range(piece.row_start[needing]):
        piece.column_start[piece.row_columns[m] + 2] += 1
    for place in range(size):
        piece.column_start[place + 2] += piece.column_start[place + 1]
        piece.column_place[piece.columns[place]] = -1
    for row in range(needing):
        for m in range(piece.row_start[row], piece.row_start[row + 1]):
            place = piece.row_columns[m] + 1
            piece.column_rows[piece.column_start[place]] = row
            piece.column_start[place] += 1


@kernel
def _recount(links: CoverLinks, count: IntArray, columns: IntArray, before: BoolArray, after: BoolArray) -> None:
    """Count anew how often rows are covered, once some columns have come or gone."""
    for place in range(len(columns)):
        if before[place] != after[place]:
            for k in range(links.column_start[columns[place]], links.column_start[columns[place] + 1]):
                count[links.column_rows[k]] += 1 if after[place] else -1
