"""Parts that are served by shares of their points: the best that a choice of states can do, and its least cost, with bounds.

A state is what one camera may be: as it is, changed, or new. Of the states of one set at most one is chosen. The models are set
multi-cover with shares (Murray et al. 2007) and maximal covering (Church and ReVelle 1974), solved by HiGHS from a known answer.
"""

from dataclasses import dataclass, replace

import numpy as np
from scipy import sparse

from lhasaplan.core.base.arrays import BoolArray, FloatArray, IntArray
from lhasaplan.core.covering.linear_model import LinearModel, solve
from lhasaplan.core.covering.problem import Answer
from lhasaplan.core.covering.set_cover import USUAL, Effort

_SLACK = 1e-7
TIE = 1e-4  # what cost counts beside service where the most service is asked: it only tells equal choices apart


@dataclass(frozen=True, eq=False, slots=True)
class Limit:
    """No choice may take more than ``most`` of something; ``takes``, shape (states,), is what each state takes of it."""

    takes: FloatArray
    most: float


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
    limits : what a choice may take at most.
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


def most_service(shares: Shares, floors: Floors, start: BoolArray, most: int, effort: Effort = USUAL) -> Answer:
    """Return a choice with at most so many counted states that reaches most of what is asked, summed over the parts.

    Of choices that reach the same the one of less cost is taken. The bound is above the sum of parts reached.

    Parameters
    ----------
    start : a choice that keeps the floors and the budget.
    """
    model = _Model(shares, floors, most)
    heaviest = max(float(shares.cost.sum()), 1.0)
    cost = np.concatenate([shares.cost * (TIE / heaviest), np.zeros(model.points), -np.ones(model.parts)])
    told = solve(model.linear(cost), effort.exact(), model.values(start), effort.is_over)
    choice = start if told.x is None else model.choice(told.x)
    value = float(shares.reached(choice).sum())
    bound = min(float(model.parts), -told.bound + TIE) if np.isfinite(told.bound) else float(model.parts)
    if bound < value - 2 * TIE:  # it does not fit the answer: it is none
        bound = float(model.parts)
    return Answer(choice, value, value if bound - value <= 2 * TIE else bound)


def least_cost(  # noqa: PLR0917 - what most_service has, and another cost
    shares: Shares, floors: Floors, start: BoolArray, most: int, effort: Effort = USUAL, cost: FloatArray | None = None
) -> Answer:
    """Return a choice of least cost that reaches of each part what ``start`` reaches, and keeps the floors.

    Parameters
    ----------
    cost : shape (states,); another cost than the shares', such as 1 for each camera.
    """
    price = shares.cost if cost is None else cost
    kept = np.maximum(floors.served, np.minimum(shares.served(start), shares.aim))
    model = _Model(shares, replace(floors, served=kept), most)
    whole = np.concatenate([price, np.zeros(model.points + model.parts)])
    told = solve(model.linear(whole), effort.exact(), model.values(start), effort.is_over)
    choice = start if told.x is None else model.choice(told.x)
    if price[choice].sum() > price[start].sum():
        choice = start
    value = float(price[choice].sum())
    return Answer(choice, value, min(value, max(told.bound, 0.0)))


class _Model:
    """The linear model: a column for each state, each point (merged where states serve alike), each part."""

    def __init__(self, shares: Shares, floors: Floors, most: int) -> None:
        self.shares, self.floors, self.most = shares, floors, most
        self.served = _merged(shares.serves, shares)
        self.seen = _merged(shares.sees, replace(shares, need=np.ones_like(shares.need)))
        self.points = len(self.served.weight) + len(self.seen.weight)
        self.parts = len(shares.total)
        self.columns = shares.serves.shape[1] + self.points + self.parts

    def linear(self, cost: FloatArray) -> LinearModel:
        """Return the model with this cost."""
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
        matrix = sparse.csr_array(sparse.vstack([block for block, _ in blocks], format="csr"))
        low = np.concatenate([each for _, each in blocks])
        whole = np.concatenate([np.ones(states, bool), self.served.need > 1, np.zeros(z + self.parts, bool)])
        return LinearModel(cost, matrix, low, np.full(len(low), np.inf), np.ones(self.columns), whole)

    def values(self, choice: BoolArray) -> FloatArray:
        """Return the columns of a known choice."""
        x = choice.astype(float)
        y = np.minimum(1.0, np.floor(self.served.matrix @ x / self.served.need + _SLACK))
        z = np.minimum(1.0, self.seen.matrix @ x)
        return np.concatenate([x, y, z, self.shares.reached(choice)])

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
