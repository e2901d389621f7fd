"""A ray's way over the grid of the ground: where the straightened ground has knots, and what its blocks tell beforehand."""

# ruff: noqa: PLR0917  (kernels take plain numbers)

import math
from typing import NamedTuple

from lhasaplan.core.sight.compiled.compilation import a_bool, inner
from lhasaplan.core.sight.obstacles.relief import BLOCK_CELLS, ENVELOPE_CELLS, KNOT_ERROR_M, Relief
from lhasaplan.core.sight.obstacles.relief_lines import sample_cell
from lhasaplan.core.sight.sweep.near_to_far import Lens

FAR_M = 1e9
NO_EDGE = 1e5  # slopes beyond this are no edge of a picture


class Land(NamedTuple):
    """What a view's rays run over.

    ``target`` is the target's height above ground, ``lower`` and ``upper`` the slopes of the picture's edges (upwards
    positive), ``stride`` the distance of knots (0: it differs from place to place), ``column`` and ``row`` the lens's
    place in cell centres. Within range, ``highest`` is the highest target above the datum and ``steep`` the steepest
    slope. Up to ``clear_m`` no ground hides a target, see ``clear_m``.
    """

    relief: Relief
    target: float
    lower: float
    upper: float
    stride: float
    highest: float
    steep: float
    clear_m: float
    column: float
    row: float


class Track(NamedTuple):
    """A ray's way over the grid: columns and rows per metre, and metres per column and row."""

    columns: float
    rows: float
    column_m: float
    row_m: float


class Knot(NamedTuple):
    """A knot of the straightened ground: how far away, the ground there, and how far the next column and row are.

    ``is_sharp``: the ground before it was followed cell by cell.
    """

    r: float
    level: float
    to_column: float
    to_row: float
    is_sharp: bool


@inner
def clear_m(height: float, target: float, bend: float, cell: float) -> float:
    """Return up to which distance ground of a curvature hides no target from a lens at a height above it.

    The ground rises over its own chord of length r by at most bend * x (r - x) / 2, the line of sight by height (1 - x / r) +
    target x / r; it is free for every x if bend * r^2 / 2 <= (sqrt(height) + sqrt(target))^2. Between cell centres the
    curvature may be half as much again, and lies in creases.
    """
    if height <= 0.0 or target < 0.0:
        return 0.0
    return (math.sqrt(height) + math.sqrt(target)) * math.sqrt(4.0 / (3.0 * max(bend, 1e-9))) - 2.0 * cell


@inner
def knot_at(land: Land, track: Track, r: float, is_sharp: bool) -> Knot:
    """Return the knot at a distance."""
    column, row = land.column + r * track.columns, land.row + r * track.rows
    to_column = r + _columns_to_border(column, track.columns) * track.column_m
    to_row = r + _columns_to_border(row, track.rows) * track.row_m
    return Knot(r, sample_cell(land.relief.height, column, row), to_column, to_row, is_sharp)


@inner
def highest_near(land: Land, track: Track, r: float) -> float:
    """Return the highest ground of the block around a place: blocks stay in the cache, where the ground's cells do not."""
    blocks = land.relief.block_highest
    i = min(max(int(land.row + r * track.rows), 0) // BLOCK_CELLS, blocks.shape[0] - 1)
    j = min(max(int(land.column + r * track.columns), 0) // BLOCK_CELLS, blocks.shape[1] - 1)
    return float(blocks[i, j])


@inner
def next_knot(land: Land, track: Track, knot: Knot, until: float) -> Knot:
    """Return the next knot of the straightened ground, or the ground at ``until`` if that is nearer."""
    stride = land.stride
    if stride == 0.0:
        middle = 0.5 * (knot.r + min(knot.to_column, knot.to_row))
        rows, columns = land.relief.height.shape
        i = min(max(int(land.row + middle * track.rows), 0), rows - 2)
        j = min(max(int(land.column + middle * track.columns), 0), columns - 2)
        stride = land.relief.stride[i // BLOCK_CELLS, j // BLOCK_CELLS]
        if stride == 0.0:
            return _cross_cell(land, track, knot, until, i, j)
    return knot_at(land, track, min(stride * (math.floor(knot.r / stride + 1e-6) + 1.0), until), a_bool(False))


@inner
def _columns_to_border(column: float, columns: float) -> float:
    """Return how far it is to the next line of cell centres; a line that one stands on is not the next."""
    return math.floor(column + 1e-9) + 1.0 - column if columns > 0.0 else math.ceil(column - 1e-9) - 1.0 - column


@inner
def _cross_cell(land: Land, track: Track, knot: Knot, until: float, i: int, j: int) -> Knot:
    """Return the knot where a cell is left, or where its twisted ground leaves a straight line."""
    height = land.relief.height
    corner, east, south = height[i, j], height[i, j + 1], height[i + 1, j]
    twist = corner - east - south + height[i + 1, j + 1]
    r = min(knot.to_column, knot.to_row)
    bow = abs(twist * track.columns * track.rows) * (r - knot.r) ** 2 / (4.0 * KNOT_ERROR_M)
    if bow > 1.0:
        r = knot.r + (r - knot.r) / math.ceil(math.sqrt(bow))
    r = min(r, until)
    a = min(max(land.column + r * track.columns - j, 0.0), 1.0)
    b = min(max(land.row + r * track.rows - i, 0.0), 1.0)
    to_column = knot.to_column + abs(track.column_m) if knot.to_column <= r else knot.to_column
    to_row = knot.to_row + abs(track.row_m) if knot.to_row <= r else knot.to_row
    return Knot(r, corner + (east - corner) * a + (south - corner + twist * a) * b, to_column, to_row, a_bool(True))


@inner
def _block(land: Land, track: Track, r: float) -> tuple[float, int, int]:
    """Return where a track leaves the block of the envelope that it is in, and the block's row and column."""
    column, row = (land.column + r * track.columns) / ENVELOPE_CELLS, (land.row + r * track.rows) / ENVELOPE_CELLS
    to_column = _columns_to_border(column, track.columns) * track.column_m
    to_row = _columns_to_border(row, track.rows) * track.row_m
    end = r + ENVELOPE_CELLS * min(to_column, to_row)
    middle, (rows, columns) = (r + end) / 2.0, land.relief.height.shape
    i = min(max(int(land.row + middle * track.rows), 0), rows - 1) // ENVELOPE_CELLS
    j = min(max(int(land.column + middle * track.columns), 0), columns - 1) // ENVELOPE_CELLS
    return end, i, j


@inner
def track_of(ux: float, uy: float, lens: Lens, cell: float) -> Track:
    """Return the way of ray u (lens's frame) over the grid; one along a row crosses columns only."""
    columns = (ux * lens.cos_axis - uy * lens.sin_axis) / cell
    rows = -(ux * lens.sin_axis + uy * lens.cos_axis) / cell
    columns, rows = columns if abs(columns) > 1e-12 else 1e-12, rows if abs(rows) > 1e-12 else 1e-12
    return Track(columns, rows, 1.0 / columns, 1.0 / rows)


@inner
def while_hidden(horizon: float, r: float, until: float, base: float, land: Land, track: Track) -> float:
    """Return up to where blocks of sharply bent ground lie wholly below the horizon."""
    if land.stride > 0.0:
        return r
    while r < until:
        end, i, j = _block(land, track, r)
        if land.relief.above[i, j] + base >= horizon * (end if horizon < 0.0 else r):
            return r
        r = end
    return until


@inner
def is_under_line(land: Land, track: Track, last: float, z: float) -> bool:
    """Return whether the ground up to a distance surely hides no target, as its blocks' highest and lowest ground tell.

    It is so if the highest ground of no block is steeper, seen from the lens, than the lowest target behind it.
    """
    above, below = land.relief.above, land.relief.below
    r, horizon = 0.0, -NO_EDGE
    while r < last:
        r1, i, j = _block(land, track, r)
        high, low = above[i, j] - z, below[i, j] + land.target - z
        nearer, farther = (low, high) if high <= 0.0 else (low * r, high * r1)
        if nearer < farther or (r > 0.0 and low < horizon * (r if low < 0.0 else r1)):
            return False
        horizon, r = max(horizon, high / (r1 if high <= 0.0 else r)), r1
    return True
