"""Set covering as values: what must be covered how often at which cost, made smaller at no loss, and a first choice of it."""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from scipy import sparse

from lhasaplan.core.base.arrays import BoolArray, FloatArray, IntArray
from lhasaplan.core.sight.compiled.compilation import inner, kernel

# Which column covers which row, kept both ways round for loops that are compiled.


class CoverLinks(NamedTuple):
    """The entries of a matrix both ways round, as compiled loops take them.

    Parameters
    ----------
    column_start, column_rows : the rows of column j are ``column_rows[column_start[j] : column_start[j + 1]]``, ascending.
    row_start, row_columns : the same of rows.
    """

    column_start: IntArray
    column_rows: IntArray
    row_start: IntArray
    row_columns: IntArray


@dataclass(frozen=True, eq=False, slots=True)
class Incidence:
    """A matrix of zeros and ones, by column and by row.

    Parameters
    ----------
    rows, columns : how many there are.
    column_start, column_rows, row_start, row_columns : as :class:`CoverLinks` has them.
    """

    rows: int
    columns: int
    column_start: IntArray
    column_rows: IntArray
    row_start: IntArray
    row_columns: IntArray

    @property
    def entries(self) -> int:
        """Return how many ones there are."""
        return len(self.column_rows)

    @property
    def links(self) -> CoverLinks:
        """Return the entries for compiled loops."""
        return CoverLinks(self.column_start, self.column_rows, self.row_start, self.row_columns)

    def matrix(self) -> sparse.csc_array:
        """Return it as a matrix, shape (rows, columns)."""
        ones = np.ones(self.entries)
        return sparse.csc_array((ones, self.column_rows, self.column_start), shape=(self.rows, self.columns))

    def counts(self, is_chosen: BoolArray) -> IntArray:
        """Return how many chosen columns cover each row, shape (rows,)."""
        length = np.diff(self.column_start)
        rows = self.column_rows[np.repeat(is_chosen, length)]
        return np.asarray(np.bincount(rows, minlength=self.rows), np.int64)


def incidence_of(matrix: sparse.sparray) -> Incidence:
    """Return which columns cover which rows: wherever the matrix (rows, columns) has an entry that is not 0."""
    by_column = sparse.csc_array(matrix, copy=True)
    by_column.eliminate_zeros()
    by_column.sum_duplicates()
    by_row = by_column.tocsr()
    rows, columns = by_column.shape
    starts = (np.asarray(each.indptr, np.int64) for each in (by_column, by_row))
    indices = (np.asarray(each.indices, np.int64) for each in (by_column, by_row))
    (column_start, row_start), (column_rows, row_columns) = starts, indices
    return Incidence(rows, columns, column_start, column_rows, row_start, row_columns)


ROUNDING = 1e-6


@dataclass(frozen=True, eq=False, slots=True)
class Covering:
    """Choose columns at least cost so that each row is covered as often as it needs (set multi-cover).

    Parameters
    ----------
    cost : shape (columns,); above 0.
    need : int, shape (rows,); 0 needs nothing.
    """

    incidence: Incidence
    cost: FloatArray
    need: IntArray

    @property
    def is_whole(self) -> bool:
        """Tell whether all costs are whole numbers: then so is every value, and a bound may be rounded up."""
        return bool(np.all(self.cost == np.round(self.cost)))

    @property
    def can_be_met(self) -> bool:
        """Tell whether all columns together are enough."""
        return bool(np.all(np.diff(self.incidence.row_start) >= self.need))

    def value(self, is_chosen: BoolArray) -> float:
        """Return what a choice costs."""
        return float(self.cost[is_chosen].sum())

    def is_met_by(self, is_chosen: BoolArray) -> bool:
        """Tell whether a choice covers every row as often as it needs."""
        return bool(np.all(self.incidence.counts(is_chosen) >= self.need))

    def rounded_up(self, bound: float) -> float:
        """Return the least value that a choice can have if it can have none below the bound."""
        return float(np.ceil(bound - ROUNDING)) if self.is_whole else bound


@dataclass(frozen=True, eq=False, slots=True)
class BoundedChoice:
    """A choice, its value, and what no choice can pass: below it for a cost, above it for what is served.

    Parameters
    ----------
    is_chosen : shape (columns,).
    """

    is_chosen: BoolArray
    value: float
    bound: float

    @property
    def gap(self) -> float:
        """Return how far from the best the value can be at most, as a share of the value; 0 is proved to be best."""
        away = abs(self.value - self.bound)
        return 0.0 if away <= ROUNDING * max(1.0, abs(self.value)) else away / max(abs(self.value), ROUNDING)

    @property
    def is_proved(self) -> bool:
        """Tell whether no choice is better."""
        return self.gap == 0.0

    @property
    def chosen(self) -> IntArray:
        """Return the numbers of the chosen columns."""
        return np.flatnonzero(self.is_chosen)


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


LARGE_ENTRIES = 500_000  # of which the order of rows and columns tells in time
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
            return in_order(part) if part.problem.incidence.entries >= LARGE_ENTRIES else part


def in_order(part: ReducedPart) -> ReducedPart:
    """Return a part whose rows and columns that meet have numbers near to each other: compiled loops find them in the cache.

    Cuthill and McKee (1969), Reducing the bandwidth of sparse symmetric matrices, of rows and columns together.
    """
    from scipy.sparse import csgraph  # noqa: PLC0415  (an audit that proposes nothing loads none of it)

    matrix = part.problem.incidence.matrix().tocsr()
    both = sparse.block_array([[None, matrix], [matrix.T, None]], format="csr")
    order = np.asarray(csgraph.reverse_cuthill_mckee(both, symmetric_mode=True), np.int64)
    rows = order[order < matrix.shape[0]]
    columns = order[order >= matrix.shape[0]] - matrix.shape[0]
    ordered = Covering(incidence_of(matrix[rows][:, columns]), part.problem.cost[columns], part.problem.need[rows])
    return ReducedPart(ordered, part.kept[columns])


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


# A first choice: the column that covers most for its cost, again and again, then what is not needed taken back.
#
# Chvatal (1979), A greedy heuristic for the set-covering problem; the queue is lazy (Minoux 1978): a gain only ever falls.


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
