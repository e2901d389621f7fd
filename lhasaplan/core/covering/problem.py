"""Set covering as values: what must be covered how often at which cost, and an answer with its bound."""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from scipy import sparse

from lhasaplan.core.base.arrays import BoolArray, FloatArray, IntArray

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
