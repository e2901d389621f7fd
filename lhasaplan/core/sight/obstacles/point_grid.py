"""Points sorted into a grid, so that a view looks only at those around it."""

from typing import NamedTuple

import numpy as np

from lhasaplan.core.base.arrays import FloatArray, IntArray

LEAST_CELL_M = 16.0
MOST_CELLS_ACROSS = 2000


class Targets(NamedTuple):
    """Points by cell, row by row: those of neighbouring cells of a row follow each other.

    Parameters
    ----------
    xyz : shape (n, 3).   number : shape (n,); the caller's index of each point.
    cell_start : shape (columns * rows + 1,).   frame : x, y of the corner and the cell's width.
    """

    xyz: FloatArray
    number: IntArray
    cell_start: IntArray
    columns: int
    rows: int
    frame: FloatArray


def sort_targets(xyz_m: FloatArray) -> Targets:
    """Return at least one point in a grid whose cells are wide enough to be few."""
    x, y = np.ascontiguousarray(xyz_m[:, :2].T)  # column by column: numpy is slow at short rows
    corner = float(x.min()), float(y.min())
    width_m = max(LEAST_CELL_M, max(float(x.max()) - corner[0], float(y.max()) - corner[1]) / MOST_CELLS_ACROSS)
    column, row = (((at - low) / width_m).astype(np.int64) for at, low in zip((x, y), corner, strict=True))
    columns, rows = int(column.max()) + 1, int(row.max()) + 1
    cell = row * columns + column
    number = np.argsort(cell, kind="stable")
    start = np.r_[0, np.cumsum(np.bincount(cell, minlength=columns * rows))]
    return Targets(np.take(xyz_m, number, axis=0), number, start, columns, rows, np.array([*corner, width_m]))
