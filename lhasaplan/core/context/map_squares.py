"""Points of a whole city sorted into squares of ground, so that few views need not look at all of them."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from lhasaplan.core.base.arrays import FloatArray, IntArray
from lhasaplan.core.model.camera import View

SQUARE_M = 64.0
MOST_SQUARES = 2_000  # along one side; a city that is larger has larger squares
SLACK_M = 1.0


@dataclass(frozen=True, eq=False, slots=True)
class Squares:
    """Number of the square of each point, shape (S,); squares are counted line by line from ``low_m``, ``size`` each way."""

    square: IntArray
    size: tuple[int, int]
    low_m: FloatArray
    side_m: float

    @classmethod
    def of(cls, xy_m: FloatArray) -> "Squares":
        """Sort points, shape (S, 2), into squares."""
        x, y = np.ascontiguousarray(xy_m.T)  # column by column: numpy is slow at short rows
        low = np.array([x.min(), y.min()]) if len(xy_m) else np.zeros(2)
        extent = float(max(np.ptp(x), np.ptp(y))) if len(xy_m) else 0.0
        side = max(SQUARE_M, extent / MOST_SQUARES)
        column, row = ((x - low[0]) / side).astype(np.int64), ((y - low[1]) / side).astype(np.int64)
        size = int(column.max(initial=-1)) + 1, int(row.max(initial=-1)) + 1
        column *= size[1]
        column += row
        return cls(column, size, low, side)

    def near(self, views: Sequence[View]) -> IntArray:
        """Return, in ascending order, the points in all squares that any view's range touches."""
        if not len(self.square) or not views:
            return np.zeros(0, np.int64)
        at = np.array([(view.x_m, view.y_m) for view in views]) - self.low_m
        range_m = np.array([view.range_m + SLACK_M for view in views])[:, None]
        size = np.array(self.size)
        first = np.clip(np.floor((at - range_m) / self.side_m).astype(np.int64), 0, size)
        last = np.clip(np.floor((at + range_m) / self.side_m).astype(np.int64) + 1, 0, size)
        return np.flatnonzero(np.take(_covered(first, last, size).ravel(), self.square))


def _covered(first: IntArray, last: IntArray, size: IntArray) -> "np.typing.NDArray[np.bool_]":
    """Return which squares lie in any of the boxes from first to before last: corners are counted, then summed up."""
    count = np.zeros((size[0] + 1, size[1] + 1), np.int64)
    np.add.at(count, (first[:, 0], first[:, 1]), 1)
    np.add.at(count, (last[:, 0], first[:, 1]), -1)
    np.add.at(count, (first[:, 0], last[:, 1]), -1)
    np.add.at(count, (last[:, 0], last[:, 1]), 1)
    return np.asarray(count.cumsum(axis=0).cumsum(axis=1)[:-1, :-1] > 0)
