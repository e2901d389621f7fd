"""A first choice: the column that covers most for its cost, again and again, then what is not needed taken back.

Chvatal (1979), A greedy heuristic for the set-covering problem; the queue is lazy (Minoux 1978): a gain only ever falls.
"""

import numpy as np

from lhasaplan.core.base.arrays import BoolArray, FloatArray, IntArray
from lhasaplan.core.covering.problem import Covering, CoverLinks
from lhasaplan.core.sight.compiled.compilation import inner, kernel


def greedy(problem: Covering, price: FloatArray | None = None) -> BoolArray:
    """Return a choice that covers all rows as often as they need (as far as there are columns), shape (columns,).

    Parameters
    ----------
    price : what the order of choice counts as cost, above 0; the cost itself if not given.
    """
    matrix = problem.incidence
    is_chosen = np.zeros(matrix.columns, bool)
    lacking = problem.need.copy()
    gain = np.zeros(matrix.columns)
    price = problem.cost if price is None else price
    room = np.empty(matrix.columns, np.int64), np.empty(matrix.columns)
    _choose(matrix.links, lacking, price, gain, *room, is_chosen)
    return pruned(problem, is_chosen)


def pruned(problem: Covering, is_chosen: BoolArray) -> BoolArray:
    """Return a choice without columns that it can do without: the dearest go first, of those the smallest."""
    matrix, left = problem.incidence, is_chosen.copy()
    count = matrix.counts(left)
    chosen = np.flatnonzero(left)
    size = np.diff(matrix.column_start)[chosen]
    order = chosen[np.lexsort((chosen, size, -problem.cost[chosen]))]
    _take_back(matrix.links, count, problem.need, order, left)
    return left


@kernel
def _choose(  # noqa: PLR0912, PLR0917 - the matrix both ways round, what is asked, and room to work in
    links: CoverLinks,
    lacking: IntArray,
    price: FloatArray,
    gain: FloatArray,
    heap: IntArray,
    key: FloatArray,
    is_chosen: BoolArray,
) -> None:
    columns = len(price)
    open_rows = 0
    for row in range(len(lacking)):
        if lacking[row] > 0:
            open_rows += 1
            for k in range(links.row_start[row], links.row_start[row + 1]):
                gain[links.row_columns[k]] += 1.0
    size = 0
    for column in range(columns):
        if gain[column] > 0.0:
            heap[size] = column
            key[size] = gain[column] / price[column]
            size += 1
    for at in range(size // 2 - 1, -1, -1):
        _sink(heap, key, at, size)
    while open_rows > 0 and size > 0:
        column = heap[0]
        now = gain[column] / price[column]
        if now < key[0]:
            key[0] = now
            if now <= 0.0:
                size -= 1
                heap[0] = heap[size]
                key[0] = key[size]
            _sink(heap, key, 0, size)
            continue
        size -= 1
        heap[0] = heap[size]
        key[0] = key[size]
        _sink(heap, key, 0, size)
        is_chosen[column] = True
        for k in range(links.column_start[column], links.column_start[column + 1]):
            row = links.column_rows[k]
            if lacking[row] > 0:
                lacking[row] -= 1
                if lacking[row] == 0:
                    open_rows -= 1
                    for m in range(links.row_start[row], links.row_start[row + 1]):
                        gain[links.row_columns[m]] -= 1.0


@inner
def _sink(heap: IntArray, key: FloatArray, at: int, size: int) -> None:
    """Let an entry sink to where no entry below it is larger; of equal ones the first column stays above."""
    while True:
        best = at
        for below in range(2 * at + 1, min(2 * at + 3, size)):
            if key[below] > key[best] or (key[below] == key[best] and heap[below] < heap[best]):
                best = below
        if best == at:
            return
        heap[at], heap[best] = heap[best], heap[at]
        key[at], key[best] = key[best], key[at]
        at = best


@kernel
def _take_back(links: CoverLinks, count: IntArray, need: IntArray, order: IntArray, is_chosen: BoolArray) -> None:
    for column in order:
        can_go = True
        for k in range(links.column_start[column], links.column_start[column + 1]):
            if count[links.column_rows[k]] <= need[links.column_rows[k]]:
                can_go = False
                break
        if can_go:
            is_chosen[column] = False
            for k in range(links.column_start[column], links.column_start[column + 1]):
                count[links.column_rows[k]] -= 1
