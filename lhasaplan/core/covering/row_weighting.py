"""A local search that learns which rows are hard: columns are exchanged, and rows that stay uncovered gain weight.

Gao, Weise and Li (2015), An efficient local search heuristic with row weighting for the unicost set covering problem, here with
costs and with rows that need several columns. A row that is covered again lets its columns come back (configuration checking).
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from lhasaplan.core.base.arrays import BoolArray, FloatArray, IntArray
from lhasaplan.core.covering.problem import Covering
from lhasaplan.core.sight.compiled.compilation import inner, kernel

STEPS_A_CALL = 2000
SAMPLED = 400  # of many more chosen columns so many are looked at, by chance
IsOver = Callable[[], bool]


@dataclass(frozen=True, eq=False, slots=True)
class _Room:
    """What the search knows, changed in place; ``numbers`` are size, short rows, step, random state."""

    is_in: BoolArray
    count: IntArray
    weight: FloatArray
    score: FloatArray  # what comes with a column that is out, less what goes with one that is in; by weight
    changed: IntArray  # step at which a column came or went
    row_changed: IntArray
    members: IntArray  # the chosen columns
    member_at: IntArray
    short: IntArray  # the rows that lack something
    short_at: IntArray
    owner: IntArray  # sum of the chosen columns of a row: of one its number
    numbers: IntArray
    totals: FloatArray  # cost now, best cost
    best: BoolArray


def improved(  # noqa: PLR0917 - a choice and how long it is bettered
    problem: Covering, is_chosen: BoolArray, steps: int, seed: int, is_over: IsOver = lambda: False, aim: float = -np.inf
) -> BoolArray:
    """Return a choice that costs no more than the given one, which covers all; the same for the same seed and steps.

    Parameters
    ----------
    is_over : asked every some thousand steps; the best so far is returned when it says yes.
    aim : a cost at which nothing better is looked for: a bound.
    """
    room = _made_ready(problem, is_chosen, seed)
    matrix = problem.incidence
    done = 0
    while done < steps and room.totals[1] > aim + 1e-9 and not is_over():
        some = min(STEPS_A_CALL, steps - done)
        _search(
            matrix.column_start,
            matrix.column_rows,
            matrix.row_start,
            matrix.row_columns,
            problem.cost,
            problem.need,
            room.is_in,
            room.count,
            room.weight,
            room.score,
            room.changed,
            room.row_changed,
            room.members,
            room.member_at,
            room.short,
            room.short_at,
            room.owner,
            room.numbers,
            room.totals,
            room.best,
            some,
            aim,
        )
        done += some
    return room.best


def _made_ready(problem: Covering, is_chosen: BoolArray, seed: int) -> _Room:
    matrix, need = problem.incidence, problem.need
    chosen = np.flatnonzero(is_chosen)
    members, member_at = np.full(matrix.columns, -1, np.int64), np.full(matrix.columns, -1, np.int64)
    members[: len(chosen)], member_at[chosen] = chosen, np.arange(len(chosen))
    count = matrix.counts(is_chosen)
    row = np.repeat(np.arange(matrix.rows), np.diff(matrix.row_start))
    is_in = is_chosen[matrix.row_columns]
    counts_for = np.where(is_in, (count <= need)[row], (count < need)[row]) & (need > 0)[row]
    score = np.bincount(matrix.row_columns, np.where(counts_for, np.where(is_in, -1.0, 1.0), 0.0), minlength=matrix.columns)
    owner = np.asarray(np.bincount(row[is_in], matrix.row_columns[is_in], minlength=matrix.rows), np.int64)
    cost = problem.value(is_chosen)
    return _Room(
        is_chosen.copy(),
        count,
        np.ones(matrix.rows),
        score.astype(float),
        np.zeros(matrix.columns, np.int64),
        np.zeros(matrix.rows, np.int64),
        members,
        member_at,
        np.full(matrix.rows, -1, np.int64),
        np.full(matrix.rows, -1, np.int64),
        owner,
        np.array([len(chosen), 0, 1, (seed * 2654435761 + 88172645463325252) % 2**62 + 1], np.int64),
        np.array([cost, cost]),
        is_chosen.copy(),
    )


@kernel
def _search(  # noqa: PLR0917 - one loop over plain arrays, as compiled code has it
    column_start: IntArray,
    column_rows: IntArray,
    row_start: IntArray,
    row_columns: IntArray,
    cost: FloatArray,
    need: IntArray,
    is_in: BoolArray,
    count: IntArray,
    weight: FloatArray,
    score: FloatArray,
    changed: IntArray,
    row_changed: IntArray,
    members: IntArray,
    member_at: IntArray,
    short: IntArray,
    short_at: IntArray,
    owner: IntArray,
    numbers: IntArray,
    totals: FloatArray,
    best: BoolArray,
    steps: int,
    aim: float,
) -> None:
    tabu = -1
    for _ in range(steps):
        while numbers[1] == 0:
            if totals[0] < totals[1] - 1e-9:
                totals[1] = totals[0]
                for column in range(len(cost)):
                    best[column] = is_in[column]
            if numbers[0] == 0 or totals[1] <= aim + 1e-9:
                return
            out = _cheapest(members, numbers, score, cost, changed, -1)
            _change(
                column_start, column_rows, row_start, row_columns, cost, need, is_in, count, weight, score,
                changed, row_changed, members, member_at, short, short_at, owner, numbers, totals, out,
            )  # fmt: skip
        numbers[2] += 1
        if numbers[0] > 0:
            out = _cheapest(members, numbers, score, cost, changed, tabu)
            if out >= 0:
                _change(
                    column_start, column_rows, row_start, row_columns, cost, need, is_in, count, weight, score,
                    changed, row_changed, members, member_at, short, short_at, owner, numbers, totals, out,
                )  # fmt: skip
        while numbers[1] > 0:
            row = short[_random(numbers) % numbers[1]]
            column = _dearest(row, column_start, column_rows, row_start, row_columns, cost, is_in, score, changed, row_changed)
            if column < 0 or totals[0] + cost[column] >= totals[1] - 1e-9:
                break
            _change(
                column_start, column_rows, row_start, row_columns, cost, need, is_in, count, weight, score,
                changed, row_changed, members, member_at, short, short_at, owner, numbers, totals, column,
            )  # fmt: skip
            tabu = column
            for k in range(numbers[1]):
                left = short[k]
                weight[left] += 1.0
                for m in range(row_start[left], row_start[left + 1]):
                    other = row_columns[m]
                    score[other] += -1.0 if is_in[other] else 1.0


@inner
def _random(numbers: IntArray) -> int:
    """Return the next number by chance (xorshift, Marsaglia 2003), not negative."""
    x = numbers[3]
    x ^= (x << 13) & 0x7FFFFFFFFFFFFFFF
    x ^= x >> 7
    x ^= (x << 17) & 0x7FFFFFFFFFFFFFFF
    numbers[3] = x
    return x  # type: ignore[no-any-return]


@inner
def _cheapest(  # noqa: PLR0917 - the chosen columns and what speaks for each
    members: IntArray, numbers: IntArray, score: FloatArray, cost: FloatArray, changed: IntArray, tabu: int
) -> int:
    """Return the chosen column that is missed least for its cost, of equal ones that which is there longest."""
    size = numbers[0]
    found = -1
    looks = size if size <= 3 * SAMPLED else SAMPLED
    for k in range(looks):
        column = members[k] if looks == size else members[_random(numbers) % size]
        if column == tabu:
            continue
        if found < 0:
            found = column
            continue
        mine, other = score[column] / cost[column], score[found] / cost[found]
        if mine > other or (mine == other and changed[column] < changed[found]):
            found = column
    return found


@inner
def _dearest(  # noqa: PLR0917 - the columns of a row and what speaks for each
    row: int,
    column_start: IntArray,
    column_rows: IntArray,
    row_start: IntArray,
    row_columns: IntArray,
    cost: FloatArray,
    is_in: BoolArray,
    score: FloatArray,
    changed: IntArray,
    row_changed: IntArray,
) -> int:
    """Return the column of a row that covers most for its cost and may come: since it went, some row of it has changed."""
    found = -1
    for k in range(row_start[row], row_start[row + 1]):
        column = row_columns[k]
        if is_in[column]:
            continue
        if found >= 0:
            mine, other = score[column] / cost[column], score[found] / cost[found]
            if mine < other or (mine == other and changed[column] >= changed[found]):
                continue
        may_come = changed[column] == 0
        if not may_come:
            for m in range(column_start[column], column_start[column + 1]):
                if row_changed[column_rows[m]] > changed[column]:
                    may_come = True
                    break
        if may_come:
            found = column
    return found


@inner
def _change(  # noqa: PLR0912, PLR0915, PLR0917 - as above
    column_start: IntArray,
    column_rows: IntArray,
    row_start: IntArray,
    row_columns: IntArray,
    cost: FloatArray,
    need: IntArray,
    is_in: BoolArray,
    count: IntArray,
    weight: FloatArray,
    score: FloatArray,
    changed: IntArray,
    row_changed: IntArray,
    members: IntArray,
    member_at: IntArray,
    short: IntArray,
    short_at: IntArray,
    owner: IntArray,
    numbers: IntArray,
    totals: FloatArray,
    column: int,
) -> None:
    """Let a column come, or go if it is in; scores, counts and lists follow."""
    comes = not is_in[column]
    is_in[column] = comes
    score[column] = -score[column]
    numbers[2] += 1
    step = numbers[2]
    changed[column] = step
    if comes:
        totals[0] += cost[column]
        members[numbers[0]] = column
        member_at[column] = numbers[0]
        numbers[0] += 1
    else:
        totals[0] -= cost[column]
        numbers[0] -= 1
        last = members[numbers[0]]
        members[member_at[column]] = last
        member_at[last] = member_at[column]
        member_at[column] = -1
    for k in range(column_start[column], column_start[column + 1]):
        row = column_rows[k]
        row_changed[row] = step
        least = need[row]
        before = count[row]
        count[row] = before + 1 if comes else before - 1
        owner[row] += column if comes else -column
        if least == 0:
            continue
        high = before if comes else before - 1  # the smaller of the two counts
        if high == least - 1:  # between short and enough: columns that are out gain or lose the row
            sign = -weight[row] if comes else weight[row]
            for m in range(row_start[row], row_start[row + 1]):
                other = row_columns[m]
                if not is_in[other] and other != column:
                    score[other] += sign
            if comes:
                numbers[1] -= 1
                last = short[numbers[1]]
                short[short_at[row]] = last
                short_at[last] = short_at[row]
                short_at[row] = -1
            else:
                short[numbers[1]] = row
                short_at[row] = numbers[1]
                numbers[1] += 1
        if high == least:  # between just enough and more: the others that are in are missed no longer, or again
            sign = weight[row] if comes else -weight[row]
            if least == 1:
                score[owner[row] - column if comes else owner[row]] += sign
            else:
                for m in range(row_start[row], row_start[row + 1]):
                    other = row_columns[m]
                    if is_in[other] and other != column:
                        score[other] += sign
