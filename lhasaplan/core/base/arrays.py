"""Arrays: names of their types; rows in order, in runs, in groups that pairs join, and in batches of neighbours."""

import math
from collections.abc import Callable, Sequence
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

# Scipy takes all names of numpy, and numpy loads for that what tests are written with, a compiler of Fortran, masked arrays and
# more: most of the time that ``scipy.sparse`` takes to load. Who names one of these gets it all the same.
UNASKED = {"ctypeslib", "f2py", "ma", "polynomial", "random", "testing"}
np.__all__ = [name for name in np.__all__ if name not in UNASKED]
getattr(np, "__numpy_submodules__", set()).difference_update(UNASKED)

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]
ObjectArray = NDArray[np.object_]  # shapely geometries or strings


def in_columns(*columns: FloatArray | IntArray) -> FloatArray:
    """Return arrays of shape (n,) beside each other, shape (n, columns); for a few rows far quicker than ``np.column_stack``."""
    return np.array(columns, float).T.copy()


MOST_NUMBERS = 2**62  # as many fit into a whole number of 64 bits
FEW_ROWS = 1000  # up to which a plain sort by several keys is quicker


def order_of(*keys: IntArray) -> IntArray:
    """Return the order of rows by whole numbers, the foremost first; rows that are equal stay as they are, shape (n,).

    The same as ``np.lexsort`` with the keys turned round, which for a hundred thousand rows takes twenty times as long: here one
    number stands for all keys of a row and its place, and numbers by themselves are sorted quickly.

    >>> order_of(np.array([7, 3, 7]), np.array([1, 9, 0])).tolist()
    [1, 2, 0]
    """
    count = len(keys[0])
    if count <= FEW_ROWS:
        return np.asarray(np.lexsort(keys[::-1]), np.int64)
    lows = [int(key.min()) for key in keys]
    spans = [int(key.max()) - low + 1 for key, low in zip(keys, lows, strict=True)]
    if math.prod(spans) * count > MOST_NUMBERS:
        return _order_of_far(keys)
    number = np.zeros(count, np.int64)
    for key, low, span in zip(keys, lows, spans, strict=True):
        number *= span
        number += key
        number -= low
    if (number[1:] >= number[:-1]).all():
        return np.arange(count)
    number *= count
    number += np.arange(count)
    number.sort()
    return number % count


def _order_of_far(keys: Sequence[IntArray]) -> IntArray:
    """Return the order of rows whose numbers are too far apart for one number to stand for all of them."""
    if len(keys) == 1:
        return np.asarray(np.argsort(keys[0], kind="stable"), np.int64)
    if _are_in_order(keys):
        return np.arange(len(keys[0]))
    middle = len(keys) // 2
    order = order_of(*keys[middle:])
    order = order[order_of(*(key[order] for key in keys[:middle]))]
    return order


def _are_in_order(keys: Sequence[IntArray]) -> bool:
    """Tell whether no row comes before the one ahead of it."""
    is_tied = np.ones(len(keys[0]) - 1, bool)
    for key in keys:
        if (is_tied & (key[1:] < key[:-1])).any():
            return False
        is_tied &= key[1:] == key[:-1]
    return True


def row_numbers(keep: BoolArray | IntArray | slice) -> IntArray | slice:
    """Return the numbers of the rows to keep: numpy takes rows by them in a third of the time that it needs by truth values.

    >>> row_numbers(np.array([True, False, True])).tolist()
    [0, 2]
    """
    if isinstance(keep, slice):
        return keep
    return np.flatnonzero(keep) if keep.dtype == np.bool_ else keep.astype(np.int64, copy=False)


ROWS_AT_ONCE = 20_000


def slices(count: int, at_once: int) -> list[slice]:
    """Return the slices that cut so many rows into runs of ``at_once``, the last of which may be shorter.

    >>> slices(5, 2)
    [slice(0, 2, None), slice(2, 4, None), slice(4, 5, None)]
    """
    return [slice(low, min(low + at_once, count)) for low in range(0, count, at_once)]


Scalar = TypeVar("Scalar", bound=np.generic)
Rows = TypeVar("Rows", ObjectArray, Sequence[bytes | None])


def in_parts(work: Callable[[Rows], NDArray[Scalar]], rows: Rows, at_once: int = ROWS_AT_ONCE) -> NDArray[Scalar]:
    """Return what a function gives for rows, shape (n, ...), so many rows to a call.

    Where shapely makes geometries it keeps Python to itself until a call ends: of a city's buildings that is a tenth of a
    second, for which a window beside it stands still.

    >>> in_parts(lambda rows: 2 * rows, np.arange(5), at_once=2).tolist()
    [0, 2, 4, 6, 8]
    """
    if len(rows) <= at_once:
        return work(rows)
    return np.concatenate([work(rows[some]) for some in slices(len(rows), at_once)])


# Number the groups into which pairs join things: connected components of a graph without directions.
def joined_groups(a: IntArray, b: IntArray, count: int) -> IntArray:
    """Return the group of each of ``count`` things, shape (count,), numbered in the order of their first member.

    Each thing takes the lowest number among those that it is joined with, until none is lower (Shiloach and Vishkin 1982).

    Parameters
    ----------
    a, b : shape (n,); pairs of things that are in one group.

    Examples
    --------
    >>> joined_groups(np.array([3, 0]), np.array([1, 2]), 5)
    array([0, 1, 0, 1, 2])
    """
    label = np.arange(count)
    while True:
        low = np.minimum(label[a], label[b])
        hooked = label.copy()
        np.minimum.at(hooked, label[a], low)
        np.minimum.at(hooked, label[b], low)
        while not np.array_equal(hooked, hooked[hooked]):
            hooked = hooked[hooked]
        if np.array_equal(hooked, label):
            return np.asarray(np.unique(label, return_inverse=True)[1], np.int64)
        label = hooked


NEIGHBOURS_A_BATCH = 64
CELL_M = 64.0  # neighbours lie in one


def batches(rows: FloatArray, size: int = NEIGHBOURS_A_BATCH) -> list[IntArray]:
    """Return things at places (x, y, …) in batches of neighbours, so that what stands round them is in the cache."""
    if len(rows) < 2:
        return [np.zeros(1, np.int64)] if len(rows) else []
    order = along_curve(rows[:, 0], rows[:, 1])
    return [order[some] for some in slices(len(order), size)]


def along_curve(x: FloatArray, y: FloatArray) -> IntArray:
    """Return the order of points along a Z curve through cells of ``CELL_M``."""

    def spread(v: FloatArray) -> NDArray[np.uint64]:
        bits: NDArray[np.uint64] = ((v - v.min()) / CELL_M).astype(np.uint64)
        for shift, mask in (
            (16, 0x0000FFFF0000FFFF),
            (8, 0x00FF00FF00FF00FF),
            (4, 0x0F0F0F0F0F0F0F0F),
            (2, 0x3333333333333333),
            (1, 0x5555555555555555),
        ):
            bits = (bits | (bits << np.uint64(shift))) & np.uint64(mask)
        return bits

    return order_of((spread(x) | (spread(y) << np.uint64(1))).astype(np.int64))
