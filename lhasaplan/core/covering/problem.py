"""Set covering as values: what must be covered how often at which cost, and an answer with its bound."""

from dataclasses import dataclass

import numpy as np

from lhasaplan.core.base.arrays import BoolArray, FloatArray, IntArray
from lhasaplan.core.covering.incidence import Incidence

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
class Answer:
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
