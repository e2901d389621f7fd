"""A local search that learns which rows are hard: columns are exchanged, and rows that stay uncovered gain weight.

Gao, Weise and Li (2015), An efficient local search heuristic with row weighting for the unicost set covering problem, here with
costs and with rows that need several columns. A row that is covered again lets its columns come back (configuration checking).
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from lhasaplan.core.base.arrays import BoolArray, FloatArray, IntArray
from lhasaplan.core.covering.problem import Covering, CoverLinks
from lhasaplan.core.sight.compiled.compilation import inner, kernel

STEPS_A_CALL = 2000
FEW = 300  # chosen columns: of more the one to go is kept by a tournament, of fewer it is looked for
IsOver = Callable[[], bool]


class _Room(NamedTuple):
    """What the search knows, changed in place; ``numbers`` are size, short rows, step, random state."""

    is_in: BoolArray
    counts: IntArray  # by row: how many chosen columns cover it
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
    alike: BoolArray  # another choice that cost as much as the best when it was met
    winners: IntArray  # tournament of the chosen columns: leaf j of the second half is column j, -1 if out; none for few columns


def improved(  # noqa: PLR0917 - a choice and how long it is bettered
    problem: Covering,
    is_chosen: BoolArray,
    steps: int,
    seed: int,
    is_over: IsOver = lambda: False,
    aim: float = -np.inf,
    *,
    takes_alike: bool = False,
    weight: FloatArray | None = None,
) -> BoolArray:
    """Return a choice that costs no more than the given one, which covers all; the same for the same seed and steps.

    Parameters
    ----------
    is_over : asked every some thousand steps; the best so far is returned when it says yes.
    aim : a cost at which nothing better is looked for: a bound.
    takes_alike : where nothing better is found another choice of the same cost is returned, if one was met.
    weight : shape (rows,), changed in place; how hard rows were to cover so far, 1 each if not given.
    """
    room = _made_ready(problem, is_chosen, seed, np.ones(problem.incidence.rows) if weight is None else weight)
    matrix = problem.incidence
    done = 0
    while done < steps and room.totals[1] > aim + 1e-9 and not is_over():
        some = min(STEPS_A_CALL, steps - done)
        _search(matrix.links, problem.cost, problem.need, room, some, aim, takes_alike)
        done += some
    is_alike = takes_alike and problem.value(room.alike) <= room.totals[1] + 1e-9
    return room.alike if is_alike else room.best


def _made_ready(problem: Covering, is_chosen: BoolArray, seed: int, weight: FloatArray) -> _Room:
    matrix, need = problem.incidence, problem.need
    chosen = np.flatnonzero(is_chosen)
    members, member_at = np.full(matrix.columns, -1, np.int64), np.full(matrix.columns, -1, np.int64)
    members[: len(chosen)], member_at[chosen] = chosen, np.arange(len(chosen))
    count = matrix.counts(is_chosen)
    row = np.repeat(np.arange(matrix.rows), np.diff(matrix.row_start))
    is_in = is_chosen[matrix.row_columns]
    counts_for = np.where(is_in, (count <= need)[row], (count < need)[row]) & (need > 0)[row]
    score = np.bincount(
        matrix.row_columns, np.where(counts_for, np.where(is_in, -weight[row], weight[row]), 0.0), minlength=matrix.columns
    )
    owner = np.asarray(np.bincount(row[is_in], matrix.row_columns[is_in], minlength=matrix.rows), np.int64)
    cost = problem.value(is_chosen)
    leaves = 1 << max(matrix.columns - 1, 1).bit_length()
    room = _Room(
        is_chosen.copy(),
        count,
        weight,
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
        is_chosen.copy(),
        np.full(2 * leaves if len(chosen) > FEW else 0, -1, np.int64),
    )
    _fill(problem.cost, room)
    return room


@kernel
def _search(  # noqa: PLR0917 - one loop over plain arrays, as compiled code has it
    links: CoverLinks,
    cost: FloatArray,
    need: IntArray,
    room: _Room,
    steps: int,
    aim: float,
    takes_alike: bool,
) -> None:
    tabu = -1
    for _ in range(steps):
        while room.numbers[1] == 0:
            if room.totals[0] < room.totals[1] - 1e-9:
                room.totals[1] = room.totals[0]
                for column in range(len(cost)):
                    room.best[column] = room.is_in[column]
            if room.numbers[0] == 0 or room.totals[1] <= aim + 1e-9:
                return
            out = _cheapest(room, cost, -1)
            _change(links, cost, need, room, out)
        room.numbers[2] += 1
        if room.numbers[0] > 0:
            out = _cheapest(room, cost, tabu)
            if out >= 0:
                _change(links, cost, need, room, out)
        while room.numbers[1] > 0:
            row = room.short[_random(room.numbers) % room.numbers[1]]
            column = _dearest(links, cost, room, row)
            if column < 0 or room.totals[0] + cost[column] >= room.totals[1] - 1e-9:
                break
            _change(links, cost, need, room, column)
            tabu = column
            if takes_alike and room.numbers[1] == 1:
                _keep_alike(links, cost, need, room)
            for k in range(room.numbers[1]):
                _weigh_more(links, cost, room, room.short[k])


@inner
def _weigh_more(links: CoverLinks, cost: FloatArray, room: _Room, row: int) -> None:
    """Let a row that lacks something weigh more."""
    room.weight[row] += 1.0
    for m in range(links.row_start[row], links.row_start[row + 1]):
        column = links.row_columns[m]
        if room.is_in[column]:
            room.score[column] -= 1.0
            _play(room, cost, column)
        else:
            room.score[column] += 1.0


@inner
def _keep_alike(links: CoverLinks, cost: FloatArray, need: IntArray, room: _Room) -> None:
    """Keep another choice that costs no more than the best: what is chosen now, and a column for the one short row."""
    row = room.short[0]
    if room.counts[row] + 1 < need[row]:
        return
    for k in range(links.row_start[row], links.row_start[row + 1]):
        column = links.row_columns[k]
        if not (room.is_in[column] or room.best[column]) and room.totals[0] + cost[column] <= room.totals[1] + 1e-9:
            for each in range(len(cost)):
                room.alike[each] = room.is_in[each]
            room.alike[column] = True
            return


@inner
def _random(numbers: IntArray) -> int:
    """Return the next number by chance (xorshift, Marsaglia 2003), not negative."""
    x = numbers[3]
    x ^= (x << 13) & 0x7FFFFFFFFFFFFFFF
    x ^= x >> 7
    x ^= (x << 17) & 0x7FFFFFFFFFFFFFFF
    numbers[3] = x
    return x  # type: ignore[no-any-return]


@kernel
def _fill(cost: FloatArray, room: _Room) -> None:
    """Fill in who wins among the chosen columns, if there is a tournament."""
    leaves = len(room.winners) // 2
    if leaves == 0:
        return
    for column in range(len(cost)):
        room.winners[leaves + column] = column if room.is_in[column] else -1
    for at in range(leaves - 1, 0, -1):
        room.winners[at] = _winner(room, cost, room.winners[2 * at], room.winners[2 * at + 1])


@inner
def _winner(room: _Room, cost: FloatArray, column: int, other: int) -> int:
    """Return which of two chosen columns is missed less for its cost, of equal ones that which is there longer; -1 is none."""
    if other < 0 or column < 0:
        return max(column, other)
    mine, its = room.score[column] * cost[other], room.score[other] * cost[column]
    return other if its > mine or (its == mine and room.changed[other] < room.changed[column]) else column


@inner
def _play(room: _Room, cost: FloatArray, column: int) -> None:
    """Let a column whose score has changed play again, as far up as it changes who wins; without a tournament nothing is done."""
    at = (len(room.winners) // 2 + column) // 2 if len(room.winners) > 0 else 0
    while at > 0:
        before, winner = room.winners[at], _winner(room, cost, room.winners[2 * at], room.winners[2 * at + 1])
        if winner == before and winner != column:
            return
        room.winners[at] = winner
        at //= 2


@inner
def _cheapest(room: _Room, cost: FloatArray, tabu: int) -> int:
    """Return the chosen column that is missed least for its cost, of equal ones that which is there longest."""
    found = -1
    if len(room.winners) == 0:
        for k in range(room.numbers[0]):
            if room.members[k] != tabu:
                found = _winner(room, cost, found, room.members[k])
        return found
    if room.winners[1] != tabu:
        return int(room.winners[1])
    at = len(room.winners) // 2 + tabu
    while at > 1:
        found = _winner(room, cost, found, room.winners[at ^ 1])
        at //= 2
    return found


@inner
def _dearest(links: CoverLinks, cost: FloatArray, room: _Room, row: int) -> int:
    """Return the column of a row that covers most for its cost and may come: since it went, some row of it has changed.

    Where none may, that of them all: else a row with few columns would never be covered again.
    """
    found, whatever = -1, -1
    for k in range(links.row_start[row], links.row_start[row + 1]):
        column = links.row_columns[k]
        if room.is_in[column]:
            continue
        if not _is_better(room, cost, column, found):
            continue
        if _is_better(room, cost, column, whatever):
            whatever = column
        may_come = room.changed[column] == 0
        if not may_come:
            for m in range(links.column_start[column], links.column_start[column + 1]):
                if room.row_changed[links.column_rows[m]] > room.changed[column]:
                    may_come = True
                    break
        if may_come:
            found = column
    return found if found >= 0 else whatever


@inner
def _is_better(room: _Room, cost: FloatArray, column: int, other: int) -> bool:
    """Tell whether a column covers more for its cost than another, or as much and is out for longer; -1 is none."""
    if other < 0:
        return True
    mine, its = room.score[column] * cost[other], room.score[other] * cost[column]
    return bool(mine > its or (mine == its and room.changed[column] < room.changed[other]))


@inner
def _change(  # noqa: PLR0912, PLR0915 - scores, counts and lists in one loop
    links: CoverLinks,
    cost: FloatArray,
    need: IntArray,
    room: _Room,
    column: int,
) -> None:
    """Let a column come, or go if it is in; scores, counts and lists follow."""
    comes = not room.is_in[column]
    room.is_in[column] = comes
    room.score[column] = -room.score[column]
    room.numbers[2] += 1
    step = room.numbers[2]
    room.changed[column] = step
    if comes:
        room.totals[0] += cost[column]
        room.members[room.numbers[0]] = column
        room.member_at[column] = room.numbers[0]
        room.numbers[0] += 1
    else:
        room.totals[0] -= cost[column]
        room.numbers[0] -= 1
        last = room.members[room.numbers[0]]
        room.members[room.member_at[column]] = last
        room.member_at[last] = room.member_at[column]
        room.member_at[column] = -1
    if len(room.winners) > 0:
        room.winners[len(room.winners) // 2 + column] = column if comes else -1
        _play(room, cost, column)
    for k in range(links.column_start[column], links.column_start[column + 1]):
        row = links.column_rows[k]
        room.row_changed[row] = step
        least = need[row]
        before = room.counts[row]
        room.counts[row] = before + 1 if comes else before - 1
        room.owner[row] += column if comes else -column
        if least == 0:
            continue
        high = before if comes else before - 1  # the smaller of the two counts
        if high == least - 1:  # between short and enough: columns that are out gain or lose the row
            sign = -room.weight[row] if comes else room.weight[row]
            for m in range(links.row_start[row], links.row_start[row + 1]):
                other = links.row_columns[m]
                if not room.is_in[other] and other != column:
                    room.score[other] += sign
            if comes:
                room.numbers[1] -= 1
                last = room.short[room.numbers[1]]
                room.short[room.short_at[row]] = last
                room.short_at[last] = room.short_at[row]
                room.short_at[row] = -1
            else:
                room.short[room.numbers[1]] = row
                room.short_at[row] = room.numbers[1]
                room.numbers[1] += 1
        if high == least:  # between just enough and more: the others that are in are missed no longer, or again
            sign = room.weight[row] if comes else -room.weight[row]
            if least == 1:
                other = room.owner[row] - column if comes else room.owner[row]
                room.score[other] += sign
                _play(room, cost, other)
            else:
                for m in range(links.row_start[row], links.row_start[row + 1]):
                    other = links.row_columns[m]
                    if room.is_in[other] and other != column:
                        room.score[other] += sign
                        _play(room, cost, other)
