"""Parts that are served by shares of their points: the best that a choice of states can do, and its least cost, with bounds.

A state is what one camera may be: as it is, changed, or new. Of the states of one set at most one is chosen. The models are set
multi-cover with shares (Murray et al. 2007) and maximal covering (Church and ReVelle 1974), solved by HiGHS from a known answer.
"""

from dataclasses import dataclass, replace

import numpy as np
from scipy import sparse

from lhasaplan.core.base.arrays import BoolArray, FloatArray, IntArray
from lhasaplan.core.covering.bounds import LinearModel, solve
from lhasaplan.core.covering.problem import BoundedChoice
from lhasaplan.core.covering.set_cover import USUAL, Effort

_SLACK = 1e-7
LEAST_SHARE = 0.1  # of a piece; a state that takes less counts as taking nothing of it: bounds still hold
TIE = 1e-4  # what cost counts beside service where the most service is asked: it only tells equal choices apart


@dataclass(frozen=True, eq=False, slots=True)
class Limit:
    """No choice may take more than ``most`` of something; ``takes``, shape (states,), is what each state takes of it."""

    takes: FloatArray
    most: float

    def only(self, columns: IntArray) -> "Limit":
        """Return the same limit on some of the states."""
        return Limit(self.takes[columns], self.most)


@dataclass(frozen=True, eq=False, slots=True)
class Shared:
    """No choice may take more than ``most`` of all pieces together; what several states take of one piece counts once.

    Of each piece as much counts as the chosen state takes that takes most: never more than all of them together.

    Parameters
    ----------
    takes : shape (pieces, states); what each state takes of each piece.
    """

    takes: sparse.csr_array
    most: float

    def only(self, columns: IntArray) -> "Shared":
        """Return the same limit on some of the states."""
        return Shared(sparse.csr_array(sparse.csc_array(self.takes)[:, columns]), self.most)

    def taken(self, is_chosen: BoolArray) -> FloatArray:
        """Return what a choice takes of each piece, shape (pieces,)."""
        return np.asarray((self.takes @ sparse.diags_array(is_chosen.astype(float))).max(axis=1).todense(), float).reshape(-1)


@dataclass(frozen=True, eq=False, slots=True)
class Shares:
    """Points that states serve, the parts that these belong to, and what is known of the states.

    Parameters
    ----------
    serves, sees : matrices (points, states) of ones: at the needed density, and at 25 px/m.
    weight, part, need : shape (points,); ``need`` states serve a point.
    total, aim : shape (parts,); weight of a part, and the share of it that is asked for.
    cost : shape (states,).   one_of : int, shape (states,); states of one number exclude each other.
    is_counted : shape (states,); states of which a budget allows some.
    stays : int, shape (states,); 1 where the set of the state must have one that is chosen: its camera may not go.
    limits : what a choice may take at most.   shared : the same of pieces that several states may take.
    """

    serves: sparse.csr_array
    sees: sparse.csr_array
    weight: FloatArray
    part: IntArray
    need: IntArray
    total: FloatArray
    aim: FloatArray
    cost: FloatArray
    one_of: IntArray
    is_counted: BoolArray
    stays: BoolArray
    limits: tuple[Limit, ...] = ()
    shared: tuple[Shared, ...] = ()

    def served(self, is_chosen: BoolArray) -> FloatArray:
        """Return the share of each part that a choice serves."""
        return self._share(np.asarray(self.serves @ is_chosen.astype(float)) >= self.need - _SLACK)

    def seen(self, is_chosen: BoolArray) -> FloatArray:
        """Return the share of each part that a choice shows at 25 px/m."""
        return self._share(np.asarray(self.sees @ is_chosen.astype(float)) > 0.5)

    def reached(self, is_chosen: BoolArray) -> FloatArray:
        """Return how much of what is asked for of each part is served, at most 1."""
        return np.minimum(self.served(is_chosen) / np.maximum(self.aim, _SLACK), 1.0)

    def _share(self, is_true: BoolArray) -> FloatArray:
        sums = np.bincount(self.part, self.weight * is_true, minlength=len(self.total))
        return np.asarray(sums / np.maximum(self.total, 1e-12), float)


@dataclass(frozen=True, eq=False, slots=True)
class Floors:
    """What no choice may fall below: shares served and seen of each part, shape (parts,) each."""

    served: FloatArray
    seen: FloatArray


def most_service(shares: Shares, floors: Floors, start: BoolArray, most: int, effort: Effort = USUAL) -> BoundedChoice:
    """Return a choice with at most so many counted states that reaches most of what is asked, summed over the parts.

    Of choices that reach the same the one of less cost is taken. The bound is above the sum of parts reached.

    Parameters
    ----------
    start : a choice that keeps the floors and the budget.
    """
    model = _ShareModel(shares, floors, most)
    heaviest = max(float(shares.cost.sum()), 1.0)
    cost = np.concatenate([shares.cost * (TIE / heaviest), np.zeros(model.points), -np.ones(model.parts)])
    reported = solve(model.linear(cost), effort.exact(), model.values(start), effort.is_over)
    choice = start if reported.x is None else model.choice(reported.x)
    value = float(shares.reached(choice).sum())
    bound = min(float(model.parts), -reported.bound + TIE) if np.isfinite(reported.bound) else float(model.parts)
    if bound < value - 2 * TIE:  # it does not fit the answer: it is none
        bound = float(model.parts)
    return BoundedChoice(choice, value, value if bound - value <= 2 * TIE else bound)


def least_cost(  # noqa: PLR0917 - what most_service has, and another cost
    shares: Shares, floors: Floors, start: BoolArray, most: int, effort: Effort = USUAL, cost: FloatArray | None = None
) -> BoundedChoice:
    """Return a choice of least cost that reaches of each part what ``start`` reaches, and keeps the floors.

    Parameters
    ----------
    cost : shape (states,); another cost than the shares', such as 1 for each camera.
    """
    price = shares.cost if cost is None else cost
    kept = np.maximum(floors.served, np.minimum(shares.served(start), shares.aim))
    model = _ShareModel(shares, replace(floors, served=kept), most)
    whole = np.concatenate([price, np.zeros(model.points + model.parts)])
    reported = solve(model.linear(whole), effort.exact(), model.values(start), effort.is_over)
    choice = start if reported.x is None else model.choice(reported.x)
    if price[choice].sum() > price[start].sum():
        choice = start
    value = float(price[choice].sum())
    return BoundedChoice(choice, value, min(value, max(reported.bound, 0.0)))


class _ShareModel:
    """The linear model: a column for each state, each point (merged where states serve alike), each part, each shared piece."""

    def __init__(self, shares: Shares, floors: Floors, most: int) -> None:
        self.shares, self.floors, self.most = shares, floors, most
        self.served = _merged(shares.serves, shares)
        self.seen = _merged(shares.sees, replace(shares, need=np.ones_like(shares.need)))
        self.points = len(self.served.weight) + len(self.seen.weight)
        self.parts = len(shares.total)
        self.pieces = [_PartPieces.of(each, shares.one_of) for each in shares.shared]
        self.columns = shares.serves.shape[1] + self.points + self.parts + sum(len(each.size) for each in self.pieces)

    def linear(self, cost: FloatArray) -> LinearModel:
        """Return the model with this cost; pieces cost nothing."""
        states, shares = self.shares.serves.shape[1], self.shares
        y, z = len(self.served.weight), len(self.seen.weight)
        blocks: list[tuple[sparse.csr_array, FloatArray]] = []

        def rows(x: object, of_y: object, of_z: object, of_parts: object, low: FloatArray) -> None:
            each = zip((x, of_y, of_z, of_parts), (states, y, z, self.parts), strict=True)
            filled = [sparse.csr_array((len(low), wide)) if block is None else block for block, wide in each]
            blocks.append((sparse.csr_array(sparse.hstack(filled, format="csr")), low))

        rows(self.served.matrix, -sparse.diags_array(self.served.need.astype(float)), None, None, np.zeros(y))
        rows(self.seen.matrix, None, -sparse.eye_array(z), None, np.zeros(z))
        sets = _indicator(shares.one_of)
        rows(-sets, None, None, None, -np.ones(sets.shape[0]))
        held = _indicator(np.where(shares.stays, shares.one_of, -1))
        rows(held, None, None, None, np.ones(held.shape[0]))
        counted = sparse.csr_array(-shares.is_counted.astype(float)[None, :])
        rows(counted, None, None, None, np.array([-float(min(self.most, states))]))
        for limit in shares.limits:
            rows(sparse.csr_array(-limit.takes[None, :]), None, None, None, np.array([-limit.most]))
        by_part, seen_by_part = self.served.by_part(self.parts), self.seen.by_part(self.parts)
        wanted = sparse.diags_array(-shares.aim * shares.total)
        rows(None, by_part, None, wanted, np.zeros(self.parts))
        rows(None, by_part, None, None, (self.floors.served - _SLACK) * shares.total)
        rows(None, None, seen_by_part, None, (self.floors.seen - _SLACK) * shares.total)
        low = np.concatenate([each for _, each in blocks])
        matrix = sparse.csr_array(sparse.vstack([block for block, _ in blocks], format="csr"))
        for pieces in self.pieces:
            matrix, low = pieces.added(matrix, low)
        more = self.columns - len(cost)
        whole = np.concatenate([np.ones(states, bool), self.served.need > 1, np.zeros(z + self.parts + more, bool)])
        cost = np.concatenate([cost, np.zeros(more)])
        return LinearModel(cost, matrix, low, np.full(len(low), np.inf), np.ones(self.columns), whole)

    def values(self, choice: BoolArray) -> FloatArray:
        """Return the columns of a known choice."""
        x = choice.astype(float)
        y = np.minimum(1.0, np.floor(self.served.matrix @ x / self.served.need + _SLACK))
        z = np.minimum(1.0, self.seen.matrix @ x)
        pieces = [each.values(x) for each in self.pieces]
        return np.concatenate([x, y, z, self.shares.reached(choice), *pieces])

    def choice(self, x: FloatArray) -> BoolArray:
        """Return the states that are chosen."""
        return np.asarray(x[: self.shares.serves.shape[1]] > 0.5, bool)


@dataclass(frozen=True, eq=False, slots=True)
class _Points:
    matrix: sparse.csr_array
    weight: FloatArray
    part: IntArray
    need: IntArray

    def by_part(self, parts: int) -> sparse.csr_array:
        """Return the weight of each point in the row of its part."""
        at = np.arange(len(self.weight))
        return sparse.csr_array((self.weight, (self.part, at)), shape=(parts, len(self.weight)))


@dataclass(frozen=True, eq=False, slots=True)
class _PartPieces:
    """Pieces of which some state takes something: what states of one set take of each at most, a row for each piece and set."""

    size: FloatArray  # what the state takes that takes most
    most: float
    piece: IntArray  # shape (rows,)
    takes: sparse.csr_array  # shape (rows, states), as shares of the size

    @classmethod
    def of(cls, shared: Shared, one_of: IntArray) -> "_PartPieces":
        whole = sparse.coo_array(shared.takes)
        size = np.zeros(whole.shape[0])
        np.maximum.at(size, whole.row, whole.data)
        share = whole.data / np.maximum(size[whole.row], 1e-12)
        is_some = share >= LEAST_SHARE
        keys = np.column_stack([whole.row[is_some], one_of[whole.col[is_some]]])
        known, row = np.unique(keys, axis=0, return_inverse=True)
        shape = (len(known), whole.shape[1])
        takes = sparse.csr_array((share[is_some], (row.reshape(-1), whole.col[is_some])), shape=shape)
        return cls(size, shared.most, np.asarray(known[:, 0], np.int64), takes)

    def added(self, matrix: sparse.csr_array, low: FloatArray) -> tuple[sparse.csr_array, FloatArray]:
        """Return rows with those of the pieces, which get columns of their own: each is taken as much as by any set."""
        rows, count, before = len(self.piece), len(self.size), matrix.shape[1]
        own = sparse.csr_array((np.ones(rows), (np.arange(rows), self.piece)), shape=(rows, count))
        gap = sparse.csr_array((rows, before - self.takes.shape[1]))
        blocks = [[matrix, None], [sparse.hstack([-self.takes, gap]), own], [None, sparse.csr_array(-self.size[None, :])]]
        return sparse.csr_array(sparse.block_array(blocks, format="csr")), np.concatenate([low, np.zeros(rows), [-self.most]])

    def values(self, x: FloatArray) -> FloatArray:
        """Return the columns of a known choice."""
        found = np.zeros(len(self.size))
        np.maximum.at(found, self.piece, np.asarray(self.takes @ x, float))
        return found


def _merged(matrix: sparse.csr_array, shares: Shares) -> _Points:
    """Return the points, those of one part, need and the same states as one; those that no state serves are left out."""
    sums = matrix @ np.random.default_rng(0).random((matrix.shape[1], 2))
    keys = np.column_stack([np.round(sums, 9), shares.part, shares.need])
    _, first, group = np.unique(keys, axis=0, return_index=True, return_inverse=True)
    weight = np.bincount(group.reshape(-1), shares.weight, minlength=len(first)).astype(float)
    is_any = np.diff(matrix.indptr)[first] > 0
    kept = first[is_any]
    return _Points(sparse.csr_array(matrix[kept]), weight[is_any], shares.part[kept], shares.need[kept])


def _indicator(number: IntArray) -> sparse.csr_array:
    """Return a row of ones for each number that is not negative."""
    column = np.flatnonzero(number >= 0)
    known, row = np.unique(number[column], return_inverse=True)
    shape = (len(known), len(number))
    return sparse.csr_array((np.ones(len(column)), (row.reshape(-1), column)), shape=shape)
