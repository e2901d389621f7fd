"""Set covering in the text forms of the OR-Library (Beasley 1990): costs and the columns of each row, or rail columns."""

import numpy as np

from lhasaplan.core.covering.problem import Covering
from lhasaplan.errors import Fault, InputError

from .incidences import of_sets

NO_FORM = "this is no set covering file of the OR-Library: neither rows with their columns nor columns with cost and rows"


def read_text(text: str, unicost: bool = False) -> Covering:
    """Return the covering that a file states; InputError where it has neither form.

    Parameters
    ----------
    unicost : every column costs 1, whatever the file says.
    """
    try:
        numbers = np.array(text.split(), np.int64)
    except ValueError as error:
        raise InputError(Fault(NO_FORM)) from error
    sets = _rail(numbers) or _scp(numbers)
    if sets is None:
        raise InputError(Fault(NO_FORM))
    rows, cost, columns = sets
    matrix = of_sets(columns, rows)
    return Covering(matrix, np.ones(len(cost)) if unicost else cost, np.ones(rows, np.int64))


_Sets = tuple[int, np.ndarray, list[list[int]]]


def _rail(numbers: np.ndarray) -> _Sets | None:
    """Read columns, each with cost, number of rows and its rows."""
    if len(numbers) < 2:
        return None
    rows, columns = numbers[:2].tolist()
    at, cost, sets = 2, [], []
    for _ in range(columns):
        if at + 2 > len(numbers):
            return None
        price, length = numbers[at : at + 2].tolist()
        mine = numbers[at + 2 : at + 2 + length] - 1
        if length < 0 or len(mine) < length or (length and not 0 <= mine.min() <= mine.max() < rows) or price <= 0:
            return None
        cost.append(price)
        sets.append(mine.tolist())
        at += 2 + length
    return (rows, np.array(cost, float), sets) if at == len(numbers) else None


def _scp(numbers: np.ndarray) -> _Sets | None:
    """Read the costs of all columns, then of each row the number of columns and these."""
    if len(numbers) < 2:
        return None
    rows, columns = numbers[:2].tolist()
    cost = numbers[2 : 2 + columns].astype(float)
    sets: list[list[int]] = [[] for _ in range(max(columns, 0))]
    at = 2 + columns
    if len(cost) < columns or not np.all(cost > 0):
        return None
    for row in range(rows):
        length = int(numbers[at]) if at < len(numbers) else -1
        mine = numbers[at + 1 : at + 1 + max(length, 0)]
        if length < 0 or len(mine) < length or (length and not 1 <= mine.min() <= mine.max() <= columns):
            return None
        for column in mine.tolist():
            sets[column - 1].append(row)
        at += 1 + length
    return (rows, cost, sets) if at == len(numbers) else None
