"""Kernels on the relief: sampling, extremes, and where the ground cuts a sight line."""

# ruff: noqa: PLR0917  (kernels take plain numbers)

import math
from typing import NamedTuple

from lhasaplan.core.base.arrays import FloatArray
from lhasaplan.core.sight.compiled.compilation import inner
from lhasaplan.core.sight.obstacles.relief import BLOCK_CELLS, KNOT_ERROR_M, TILE_CELLS, WIDEST_KNOT_M, Relief

GRAZE_M = 1e-3  # ground that rises above a line by less does not hide
NEVER = 2.0


@inner
def sample(relief: Relief, x: float, y: float) -> float:
    """Return the bilinear ground at a point; beyond the grid its edge continues."""
    return sample_cell(relief.height, (x - relief.west) / relief.cell - 0.5, (relief.north - y) / relief.cell - 0.5)


@inner
def sample_cell(z: FloatArray, column: float, row: float) -> float:
    """Return the bilinear ground at a place told in cell centres; beyond the grid its edge continues."""
    rows, columns = z.shape
    fx = min(max(column, 0.0), columns - 1.001)
    fy = min(max(row, 0.0), rows - 1.001)
    j, i = int(fx), int(fy)
    a, b = fx - j, fy - i
    upper, lower = z[i, j] * (1.0 - a) + z[i, j + 1] * a, z[i + 1, j] * (1.0 - a) + z[i + 1, j + 1] * a
    return float(upper + (lower - upper) * b)


@inner
def extremes(relief: Relief, x: float, y: float, reach: float) -> tuple[float, float, float, float]:
    """Return the lowest and highest ground, the strongest bend and the steepest slope within reach, or a little beyond."""
    rows, columns = relief.highest.shape
    width = relief.cell * TILE_CELLS
    first_row = min(rows - 1, max(0, int((relief.north - y - reach) / width)))
    last_row = max(first_row, min(rows - 1, int((relief.north - y + reach) / width)))
    first_column = min(columns - 1, max(0, int((x - reach - relief.west) / width)))
    last_column = max(first_column, min(columns - 1, int((x + reach - relief.west) / width)))
    low, high = relief.lowest[first_row, first_column], relief.highest[first_row, first_column]
    bend = steep = 0.0
    for i in range(first_row, last_row + 1):
        for j in range(first_column, last_column + 1):
            low, high = min(low, relief.lowest[i, j]), max(high, relief.highest[i, j])
            bend, steep = max(bend, relief.bend[i, j]), max(steep, relief.steep[i, j])
    return low, high, bend, steep


@inner
def knot_of(bend: float, cell: float) -> float:
    """Return ``relief.knot_m`` of one curvature."""
    sharp = max(bend, 1e-9)
    return min(WIDEST_KNOT_M, math.sqrt(8.0 * KNOT_ERROR_M / sharp), 4.0 * KNOT_ERROR_M / (sharp * cell))


class GridLine(NamedTuple):
    """A sight line over the grid: where it starts (cell centres, metres above the datum) and how it goes on to its end."""

    column: float
    row: float
    z: float
    columns: float
    rows: float
    rise: float


@inner
def ground_share(relief: Relief, x0: float, y0: float, z0: float, x1: float, y1: float, z1: float) -> float:
    """Return the share of the way at which the ground first rises above a line, 2 if it never does.

    Exact for the bilinear ground: within a cell it is a quadratic along the line. Tiles, blocks and cells whose highest
    ground lies below the line are passed over.
    """
    if relief.is_level:
        return NEVER
    column, row = (x0 - relief.west) / relief.cell - 0.5, (relief.north - y0) / relief.cell - 0.5
    line = GridLine(column, row, z0, (x1 - x0) / relief.cell, (y0 - y1) / relief.cell, z1 - z0)
    t = 0.0
    while t < 1.0:
        end, is_free = _pass_over(relief.highest, TILE_CELLS, relief, line, t)
        if not is_free:
            end, is_free = _pass_over(relief.block_highest, BLOCK_CELLS, relief, line, t)
        if not is_free:
            share = share_in_cells(relief.height, line, t, end)
            if share <= 1.0:
                return share
        t = end
    return NEVER


@inner
def _pass_over(highest: FloatArray, cells: int, relief: Relief, line: GridLine, t: float) -> tuple[float, bool]:
    """Return the share at which a line leaves a block of so many cells, and whether it passes over all of its ground."""
    end = min(1.0, _next_border(line.column, line.columns, t, cells), _next_border(line.row, line.rows, t, cells))
    middle, (rows, columns) = (t + end) / 2.0, relief.height.shape
    i = int(min(max(line.row + middle * line.rows, 0.0), rows - 1.001)) // cells
    j = int(min(max(line.column + middle * line.columns, 0.0), columns - 1.001)) // cells
    return end, line.z + min(t * line.rise, end * line.rise) >= highest[i, j]


@inner
def share_in_cells(height: FloatArray, line: GridLine, t: float, until: float) -> float:
    """Return the share, between two, at which the ground first rises above a line, 2 if it does not."""
    a = _above(height, line, t)
    while t < until:
        end = min(until, _next_border(line.column, line.columns, t, 1), _next_border(line.row, line.rows, t, 1))
        b = _above(height, line, end)
        if end - t > 1e-12:
            share = _first_above(a, _above(height, line, (t + end) / 2.0), b)
            if share <= 1.0:
                return t + share * (end - t)
        t, a = end, b
    return NEVER


@inner
def _above(height: FloatArray, line: GridLine, t: float) -> float:
    """Return how far the ground rises above a line at a share of its way."""
    return sample_cell(height, line.column + t * line.columns, line.row + t * line.rows) - line.z - t * line.rise


@inner
def _next_border(f0: float, df: float, t: float, cells: int) -> float:
    """Return the share at which a line next crosses a line of cell centres, or a block's border; 2 if it never does."""
    if df == 0.0:
        return NEVER
    here = (f0 + t * df) / cells
    border = math.floor(here + 1e-9) + 1.0 if df > 0.0 else math.ceil(here - 1e-9) - 1.0
    return max((border * cells - f0) / df, t + 1e-12)


@inner
def _first_above(a: float, m: float, b: float) -> float:
    """Return where the quadratic through a, m, b at 0, 1/2, 1 first exceeds the graze, 2 if nowhere."""
    if a > GRAZE_M:
        return 0.0
    square, slope = 2.0 * (a + b) - 4.0 * m, 4.0 * m - 3.0 * a - b
    if max(a, m, b) <= GRAZE_M and (square >= 0.0 or not 0.0 < slope < -2.0 * square):
        return 2.0
    rest = slope * slope - 4.0 * square * (a - GRAZE_M)
    if rest < 0.0:
        return 2.0
    root = math.sqrt(rest)
    # The smaller positive solution, in the form that does not cancel.
    q = -0.5 * (slope + root if slope >= 0.0 else slope - root)
    one, two = (q / square if square != 0.0 else 2.0), ((a - GRAZE_M) / q if q != 0.0 else 2.0)
    first, second = min(one, two), max(one, two)
    if 0.0 <= first <= 1.0:
        return first
    return second if 0.0 <= second <= 1.0 else 2.0


@inner
def clearing_height(relief: Relief, x0: float, y0: float, z0: float, x1: float, y1: float) -> float:
    """Return the height at (x1, y1) from which the ground on the way clears.

    Exact for the bilinear ground: within a cell it is a quadratic along the line, and the slope to it from the lens has one turn.
    """
    column, row = (x0 - relief.west) / relief.cell - 0.5, (relief.north - y0) / relief.cell - 0.5
    columns, rows = (x1 - x0) / relief.cell, (y0 - y1) / relief.cell
    height, t = sample(relief, x1, y1), 1e-9
    a = sample_cell(relief.height, column + t * columns, row + t * rows)
    while t < 1.0:
        end = min(1.0, _next_border(column, columns, t, 1), _next_border(row, rows, t, 1))
        middle, width = (t + end) / 2.0, end - t
        b = sample_cell(relief.height, column + end * columns, row + end * rows)
        m = sample_cell(relief.height, column + middle * columns, row + middle * rows)
        height = max(height, z0 + (b - z0) / end)
        square, slope, share = 2.0 * (a + b) - 4.0 * m, 4.0 * m - 3.0 * a - b, t / width
        if abs(square) > 1e-12:
            # The quadratic carried back to the lens: its rise over z0 there, by its bend, is the square of where the slope turns.
            turn = (a - slope * share + square * share * share - z0) * width * width / square
            if t * t < turn < end * end:
                at = math.sqrt(turn)
                u = (at - t) / width
                height = max(height, z0 + (a + slope * u + square * u * u - z0) / at)
        t, a = end, b
    return height
