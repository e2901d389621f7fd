"""Cuts: rows that every whole choice keeps and fractions break, which lift the bound of prices above that of a linear model.

A cut is kept as one more row, in which a column may stand more than once. Prices and fractions are found side by side by steps of
a primal-dual method: Chambolle and Pock (2011), A first-order primal-dual algorithm for convex problems, with steps by row and
column as Pock and Chambolle (2011) choose them, each made longer (over-relaxation: Condat 2013, A primal-dual splitting method),
begun anew from their mean.

Where the needs of some rows add up to an odd number, half their sum with coefficients and need rounded up holds for every whole
choice: Caprara and Fischetti (1996), {0, 1/2}-Chvatal-Gomory cuts. A set begins with a row and each of those nearest to it; again
and again the row is added that covers least beyond half its need.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from lhasaplan.core.base.arrays import BoolArray, FloatArray, IntArray
from lhasaplan.core.covering.bounds import Bound, first_prices, value_of_prices
from lhasaplan.core.covering.problem import Covering, CoverLinks, Incidence
from lhasaplan.core.sight.compiled.compilation import inner, kernel

STEPS_A_ROUND, STEPS_A_MEAN = 320, 160
FARTHER = 1.8  # times as far as a step would go; less than 2
PRICE_STEP = 5.0  # of the usual price; longer steps of prices are shorter ones of fractions
LEAST_PRICE = 1e-4  # a cut that is worth less goes
LEAST_GAIN, DULL_ROUNDS = 2e-4, 2  # after so many rounds that lift the bound by so small a share it ends
IsOver = Callable[[], bool]


def raised_by_cuts(problem: Covering, bound: Bound, rounds: int, is_over: IsOver = lambda: False) -> Iterator[Bound]:
    """Yield better bounds, whose reduced costs count the prices of cuts; ``price`` stays that of the rows alone.

    Parameters
    ----------
    bound : where prices begin.
    rounds : how often cuts are looked for at most; it ends earlier where none is found or they lift the bound no more.
    """
    rows, best = problem.incidence.rows, bound.value
    state = _Relaxation(problem, bound.price.copy(), np.zeros(problem.incidence.columns))
    dull = 0
    for number in range(rounds + 1):
        found = state.moved(STEPS_A_ROUND, is_over)
        dull = dull + 1 if found.value < best + LEAST_GAIN * abs(best) else 0
        if found.value > best:
            best = found.value
            yield Bound(found.value, found.price[:rows], found.reduced)
        if is_over() or number == rounds or (number > 1 and dull > DULL_ROUNDS):
            return
        kept = np.append(np.ones(rows, bool), state.price[rows:] > LEAST_PRICE)
        state = state.only(kept)
        cuts = broken_cuts(state.problem, state.fraction)
        if len(cuts) == 0:
            return
        state = state.with_cuts(cuts)


@dataclass(frozen=True, eq=False, slots=True)
class _Relaxation:
    """A covering with cuts, prices of its rows and fractions of its columns; both are changed in place."""

    problem: Covering
    price: FloatArray
    fraction: FloatArray

    def moved(self, steps: int, is_over: IsOver) -> Bound:
        """Move prices and fractions towards their best; returns the best bound on the way, or that of their last mean."""
        problem, matrix = self.problem, self.problem.incidence
        need, pace = problem.need.astype(float), PRICE_STEP * float(first_prices(problem).mean())
        best, value = self.price.copy(), -np.inf
        covered = np.empty(matrix.rows)
        for _ in range(0, steps, STEPS_A_MEAN):
            sums = np.zeros(matrix.rows), np.zeros(matrix.columns)
            value = _move(
                matrix.links, problem.cost, need, self.price, self.fraction, pace, STEPS_A_MEAN, value, best, covered, *sums
            )
            self.price[:], self.fraction[:] = sums[0] / STEPS_A_MEAN, sums[1] / STEPS_A_MEAN
            if is_over():
                break
        reduced, of_mean = np.empty(matrix.columns), np.empty(matrix.columns)
        value = value_of_prices(matrix.links, problem.cost, need, best, reduced, covered)
        mean_value = value_of_prices(matrix.links, problem.cost, need, self.price, of_mean, covered)
        return Bound(value, best, reduced) if value > mean_value else Bound(mean_value, self.price.copy(), of_mean)

    def only(self, is_kept: BoolArray) -> "_Relaxation":
        """Return it with some of its rows."""
        matrix = self.problem.incidence
        length = np.diff(matrix.row_start)
        kept = _by_row(length[is_kept], matrix.row_columns[np.repeat(is_kept, length)], matrix.columns)
        return _Relaxation(Covering(kept, self.problem.cost, self.problem.need[is_kept]), self.price[is_kept], self.fraction)

    def with_cuts(self, cuts: IntArray) -> "_Relaxation":
        """Return it with more rows, which cost nothing yet."""
        matrix = self.problem.incidence
        sums = halved(self.problem, cuts)
        lengths = np.concatenate([np.diff(matrix.row_start), sums.length])
        more = _by_row(lengths, np.concatenate([matrix.row_columns, sums.columns]), matrix.columns)
        needs = np.concatenate([self.problem.need, sums.need])
        return _Relaxation(Covering(more, self.problem.cost, needs), np.append(self.price, np.zeros(len(cuts))), self.fraction)


def _by_row(length: IntArray, row_columns: IntArray, columns: int) -> Incidence:
    """Return entries by row and by column; a column that stands twice in a row does so both ways."""
    row = np.repeat(np.arange(len(length)), length)
    column_rows = row[np.argsort(row_columns, kind="stable")]
    column_start = np.append(0, np.cumsum(np.bincount(row_columns, minlength=columns)))
    return Incidence(len(length), columns, column_start, column_rows, np.append(0, np.cumsum(length)), row_columns)


@kernel
def _move(  # noqa: PLR0917 - the matrix by column, what is asked, where it stands and how far it goes
    links: CoverLinks,
    cost: FloatArray,
    need: FloatArray,
    price: FloatArray,
    fraction: FloatArray,
    pace: float,
    steps: int,
    value: float,
    best: FloatArray,
    covered: FloatArray,
    prices: FloatArray,
    fractions: FloatArray,
) -> float:
    """Make so many steps and add up where they come; keeps the best prices and returns their bound."""
    for _ in range(steps):
        bound = 0.0
        for row in range(len(need)):
            bound += need[row] * price[row]
            covered[row] = 0.0
        for column in range(len(cost)):
            first, last = links.column_start[column], links.column_start[column + 1]
            left = cost[column]
            for k in range(first, last):
                left -= price[links.column_rows[k]]
            bound += min(left, 0.0)
            before = fraction[column]
            after = min(max(before - left / (pace * max(last - first, 1)), 0.0), 1.0)
            ahead = 2.0 * after - before
            after = min(max(before + FARTHER * (after - before), 0.0), 1.0)
            fraction[column] = after
            fractions[column] += after
            if ahead != 0.0:
                for k in range(first, last):
                    covered[links.column_rows[k]] += ahead
        if bound > value:
            value = bound
            for row in range(len(need)):
                best[row] = price[row]
        for row in range(len(need)):
            length = max(links.row_start[row + 1] - links.row_start[row], 1)
            after = max(price[row] + pace * (need[row] - covered[row]) / length, 0.0)
            price[row] = max(price[row] + FARTHER * (after - price[row]), 0.0)
            prices[row] += price[row]
    return value


# Find cuts: sums of rows, halved and rounded up, that fractions of columns break.

PARTNERS, MOST_ROWS = 3, 5  # rows of a cut; more of either finds few cuts more
LEAST_BROKEN, LEAST_FRACTION = 0.05, 0.01
MOST_SLACK, NEARLY_WHOLE = 0.3, 0.95  # rows far from tight, and those that one column covers, are in few broken cuts
CUTS_OF_A_ROW = 5  # new ones in a round


class _Growing(NamedTuple):
    """Room to grow sets of rows; what a set covers too much is half of what its needs come to, less."""

    least: FloatArray  # by row: what it covers where no column of it is in the set
    fixed: FloatArray  # by row: what it covers whatever is in the set
    counts: IntArray  # by column: how often it stands in the set
    near: IntArray  # the rows that share a column with the set
    shared: FloatArray  # by row: fractions that stand in the set an odd number of times, and so count no more
    marked: IntArray  # by row: the mark where it is near, less than 0 where it is no longer asked
    numbers: IntArray  # the last mark, how many rows are near
    rows: IntArray  # the set
    partners: IntArray


def broken_cuts(problem: Covering, fraction: FloatArray) -> IntArray:
    """Return sets of rows whose halved sum the fractions break, the most broken first, shape (cuts, MOST_ROWS); -1 is no row."""
    matrix, need = problem.incidence, problem.need
    least, is_open = np.zeros(matrix.rows), np.zeros(matrix.rows, bool)
    _tighten(matrix.links, need, fraction, least, is_open)
    tight, fixed = _tight_part(matrix, fraction, least, is_open)
    by_row = np.zeros(matrix.rows, np.int64)
    numbers, rows, partners = (np.zeros(length, np.int64) for length in (2, MOST_ROWS, PARTNERS))
    counts, shared = np.zeros(matrix.columns, np.int64), np.zeros(matrix.rows)
    room = _Growing(least, fixed, counts, by_row, shared, by_row.copy(), numbers, rows, partners)
    sets, broken = np.full((matrix.rows, MOST_ROWS), -1, np.int64), np.zeros(matrix.rows)
    _grow_all(tight.links, need, fraction, np.flatnonzero(is_open), room, sets, broken)
    found = np.flatnonzero(broken > LEAST_BROKEN)
    found = found[np.argsort(-broken[found], kind="stable")]
    _, first = np.unique(np.sort(sets[found], axis=1), axis=0, return_index=True)
    sets = sets[found[np.sort(first)]]
    is_taken = np.zeros(len(sets), bool)
    _spread(sets, np.zeros(matrix.rows, np.int64), is_taken)
    return sets[is_taken]


def _tight_part(matrix: Incidence, fraction: FloatArray, least: FloatArray, is_open: BoolArray) -> tuple[Incidence, FloatArray]:
    """Return what may be shared by rows of a cut, and what each row covers without it.

    A column with hardly a fraction, and one that stands twice in a row, counts for the row whoever shares it.
    """
    row, column = np.repeat(np.arange(matrix.rows), np.diff(matrix.row_start)), matrix.row_columns
    is_like_next = (row[1:] == row[:-1]) & (column[1:] == column[:-1])
    is_shared = is_open[row] & (fraction[column] >= LEAST_FRACTION)
    is_shared[1:] &= ~is_like_next
    is_shared[:-1] &= ~is_like_next
    row, column = row[is_shared], column[is_shared]
    tight = _by_row(np.bincount(row, minlength=matrix.rows), column, matrix.columns)
    return tight, least - np.bincount(row, fraction[column], minlength=matrix.rows)


@kernel
def _spread(sets: IntArray, used: IntArray, is_taken: BoolArray) -> None:
    """Fill in which sets to take so that no row is in more than a few."""
    for number in range(len(sets)):
        most = 0
        for row in sets[number]:
            most = max(most, used[row] if row >= 0 else 0)
        is_taken[number] = most < CUTS_OF_A_ROW
        if is_taken[number]:
            for row in sets[number]:
                used[row] += 1 if row >= 0 else 0


@kernel
def _tighten(links: CoverLinks, need: IntArray, fraction: FloatArray, least: FloatArray, is_open: BoolArray) -> None:
    """Fill in what each row covers when halved alone, and whether it is covered hardly more than it needs, by fractions."""
    for row in range(len(need)):
        covered, highest, is_twice = 0.0, 0.0, False
        for k in range(links.row_start[row], links.row_start[row + 1]):
            part = fraction[links.row_columns[k]]
            is_twice = k > links.row_start[row] and links.row_columns[k] == links.row_columns[k - 1] and not is_twice
            covered += part
            least[row] += 0.0 if is_twice else part
            highest = max(highest, part)
        is_open[row] = need[row] > 0 and covered <= need[row] + MOST_SLACK and highest < NEARLY_WHOLE


@kernel
def _grow_all(  # noqa: PLR0917 - the matrix, what is asked, where to begin, room and what is found
    links: CoverLinks,
    need: IntArray,
    fraction: FloatArray,
    starts: IntArray,
    room: _Growing,
    sets: IntArray,
    broken: FloatArray,
) -> None:
    for row in starts:
        _begin(links, room, 0)
        _add(links, fraction, room, 0, row)
        partners = 0
        while partners < PARTNERS:
            partner = _nearest(need, room)
            if partner < 0:
                break
            room.partners[partners] = partner
            room.marked[partner] = -room.numbers[0]
            partners += 1
        size = 1
        for number in range(partners):
            _begin(links, room, size)
            size = _grow(links, need, fraction, room, row, room.partners[number], sets[row], broken)
        _begin(links, room, size)


@inner
def _begin(links: CoverLinks, room: _Growing, size: int) -> None:
    """Begin a set anew."""
    for place in range(size):
        row = room.rows[place]
        for k in range(links.row_start[row], links.row_start[row + 1]):
            room.counts[links.row_columns[k]] = 0
    room.numbers[0] += 1
    room.numbers[1] = 0


@inner
def _grow(  # noqa: PLR0917 - the matrix, what is asked, room, where to begin and what is found
    links: CoverLinks,
    need: IntArray,
    fraction: FloatArray,
    room: _Growing,
    first: int,
    second: int,
    rows: IntArray,
    broken: FloatArray,
) -> int:
    """Add row after row to two of them; ``rows`` and ``broken[first]`` keep the most broken set. Returns how many it has."""
    covered = _add(links, fraction, room, 0, first) + _add(links, fraction, room, 1, second)
    total, size = need[first] + need[second], 2
    while size < MOST_ROWS:
        row = _nearest(need, room)
        if row < 0:
            break
        covered += _add(links, fraction, room, size, row)
        total += need[row]
        size += 1
        short = (total + 1) // 2 - covered
        if total % 2 == 1 and short > broken[first]:
            broken[first] = short
            for place in range(MOST_ROWS):
                rows[place] = room.rows[place] if place < size else -1
    return size


@inner
def _add(links: CoverLinks, fraction: FloatArray, room: _Growing, place: int, row: int) -> float:
    """Add a row to the set; returns what it covers more, halved and rounded up."""
    more, mark, count = float(room.fixed[row]), room.numbers[0], room.numbers[1]
    room.rows[place] = row
    for k in range(links.row_start[row], links.row_start[row + 1]):
        column = links.row_columns[k]
        part = fraction[column]
        if room.counts[column] % 2 == 0:
            more += part
        else:
            part = -part
        room.counts[column] += 1
        for m in range(links.column_start[column], links.column_start[column + 1]):
            other = links.column_rows[m]
            if abs(room.marked[other]) != mark:
                room.marked[other] = mark
                room.shared[other] = 0.0
                room.near[count] = other
                count += 1
            room.shared[other] += part
    room.marked[row] = -mark
    room.numbers[1] = count
    return more


@inner
def _nearest(need: IntArray, room: _Growing) -> int:
    """Return the row that adds least beyond half its need, -1 if there is none."""
    found, least = -1, np.inf
    for k in range(room.numbers[1]):
        row = room.near[k]
        if room.marked[row] != room.numbers[0]:
            continue
        more = room.least[row] - room.shared[row] - 0.5 * need[row]
        if more < least:
            found, least = row, more
    return found


# The sum of rows, halved: its columns are counted, and stand as often as half of that comes to.


class _Halved(NamedTuple):
    """Halved sums of rows: their columns one after the other, how many each has, and what it needs."""

    columns: IntArray
    length: IntArray
    need: IntArray


def halved(problem: Covering, cuts: IntArray) -> _Halved:
    """Return the sums of sets of rows, halved and rounded up; a column whose coefficient is two stands twice."""
    matrix = problem.incidence
    entries = int(np.where(cuts >= 0, np.diff(matrix.row_start)[cuts], 0).sum())
    sums = _Halved(np.zeros(entries, np.int64), np.zeros(len(cuts), np.int64), np.zeros(len(cuts), np.int64))
    end = _halve(matrix.links, problem.need, cuts, np.zeros(matrix.columns, np.int64), sums)
    return sums._replace(columns=sums.columns[:end])


@kernel
def _halve(links: CoverLinks, need: IntArray, cuts: IntArray, counts: IntArray, sums: _Halved) -> int:
    """Fill in the cuts one after the other, a column with a coefficient of two twice; returns how many entries they have."""
    end = 0
    for number in range(len(cuts)):
        start, total = end, 0
        for place in range(cuts.shape[1]):
            row = cuts[number, place]
            if row < 0:
                break
            total += need[row]
            for k in range(links.row_start[row], links.row_start[row + 1]):
                counts[links.row_columns[k]] += 1
        for place in range(cuts.shape[1]):
            row = cuts[number, place]
            if row < 0:
                break
            for k in range(links.row_start[row], links.row_start[row + 1]):
                column = links.row_columns[k]
                for _ in range((counts[column] + 1) // 2):
                    sums.columns[end] = column
                    end += 1
                counts[column] = 0
        sums.length[number], sums.need[number] = end - start, (total + 1) // 2
    return end
