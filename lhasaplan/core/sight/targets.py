"""Points sorted into a grid, so that a view looks only at those around it."""

from typing import NamedTuple

import numpy as np

from lhasaplan.core.arrays import FloatArray, IntArray

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
    corner = xyz_m[:, :2].min(axis=0)
    width_m = max(LEAST_CELL_M, float((xyz_m[:, :2].max(axis=0) - corner).max()) / MOST_CELLS_ACROSS)
    column, row = ((xyz_m[:, :2] - corner) / width_m).astype(np.int64).T
    columns, rows = int(column.max()) + 1, int(row.max()) + 1
    cell = row * columns + column
    number = np.argsort(cell, kind="stable")
    start = np.r_[0, np.cumsum(np.bincount(cell, minlength=columns * rows))]
    frame = np.array([corner[0], corner[1], width_m])
    return Targets(np.ascontiguousarray(xyz_m[number]), number, start, columns, rows, frame)
