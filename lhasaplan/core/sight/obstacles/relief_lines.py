"""Kernels on the relief: sampling, extremes, where the ground cuts a line, and how far a lens shows it at a density."""

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from lhasaplan.core.base.arrays import FloatArray, IntArray
from lhasaplan.core.model.camera import View
from lhasaplan.core.sight.compiled.compilation import inner, kernel
from lhasaplan.core.sight.compiled.directions import lens_set, sharpest_px_m
from lhasaplan.core.sight.lens.frustum import NEAREST_M, columns_of, lens_sets, optics_of
from lhasaplan.core.sight.obstacles.relief import BLOCK_CELLS, KNOT_ERROR_M, TILE_CELLS, WIDEST_KNOT_M, Relief

# Kernels on the relief: sampling, extremes, and where the ground cuts a sight line.

# ruff: noqa: PLR0917  (kernels take plain numbers)


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


# Where lines from a lens meet the ground, and how far it shows the ground at a density, for many directions at once.

# ruff: noqa: PLR0917  (kernels take plain numbers)


STEPS = 160  # along a direction, to find where a density ends


def meet_ground(relief: Relief, lens: FloatArray, along: FloatArray) -> FloatArray:
    """Return how far along the level each line meets the ground, metres; twice its reach if it does not.

    Parameters
    ----------
    lens : shape (n, 4); x, y, height above the datum, reach.   along : shape (n, 3); east, north, down for each level metre.
    """
    away = np.empty(len(lens))
    _meet_ground(relief, lens, along, away)
    return away


@kernel
def _meet_ground(relief: Relief, lens: FloatArray, along: FloatArray, away: FloatArray) -> None:
    """Write how far away each line meets the ground."""
    for i in range(len(lens)):
        x, y, z, reach = lens[i, 0], lens[i, 1], lens[i, 2], lens[i, 3]
        end_x, end_y, end_z = x + along[i, 0] * reach, y + along[i, 1] * reach, z - along[i, 2] * reach
        away[i] = ground_share(relief, x, y, z, end_x, end_y, end_z) * reach


def reach_at_densities(
    view: View, relief: Relief, target_height_m: float, limits: Sequence[float], offsets_deg: FloatArray
) -> FloatArray:
    """Return, per direction off the axis, where targets first fall below each of ascending densities, shape (n, limits).

    Twice the range if nowhere.
    """
    if not view.is_one_lens:
        return _set_reach(view, relief, target_height_m, limits, offsets_deg)
    optics = optics_of([view])
    bearing = np.radians(view.azimuth_deg + offsets_deg)
    aside = np.radians(np.maximum(0.0, np.abs(offsets_deg) - view.swing_deg))
    depth = optics.focal_px[0] / np.array(limits)
    reach = np.empty((len(offsets_deg), len(depth)))
    lens = np.array([view.x_m, view.y_m, view.lens_z_m - target_height_m, view.range_m])
    tilt = np.radians([view.tilt_deg, view.tilt_swing_deg])
    _reach_at_depths(relief, lens, bearing, np.cos(aside), tilt, bool(optics.is_equidistant[0]), depth, reach)
    return reach


def _set_reach(
    view: View, relief: Relief, target_height_m: float, limits: Sequence[float], offsets_deg: FloatArray
) -> FloatArray:
    """Return the same for a set of lenses: where targets last have the highest density that the set allows."""
    table = lens_sets(columns_of([view]))
    lens = np.array([view.x_m, view.y_m, view.lens_z_m - target_height_m, view.range_m])
    reach = np.empty((len(offsets_deg), len(limits)))
    _reach_at_highest(relief, lens, np.radians(offsets_deg), math.radians(view.azimuth_deg), table, np.array(limits), reach)
    return reach


@kernel
def _reach_at_highest(
    relief: Relief, lens: FloatArray, offset: FloatArray, azimuth: float, table: FloatArray, limits: FloatArray, reach: FloatArray
) -> None:
    """Write how far away in each direction targets last have each of ascending densities; a step more than that."""
    step = lens[3] / STEPS
    for i in range(len(offset)):
        ahead, aside = math.cos(offset[i]), abs(math.sin(offset[i]))
        east, north, open_limits = math.sin(azimuth + offset[i]), math.cos(azimuth + offset[i]), 0
        for k in range(len(limits)):
            reach[i, k] = 0.0
        for k in range(STEPS, -1, -1):
            r = k * step
            drop = lens[2] - sample(relief, lens[0] + r * east, lens[1] + r * north)
            here = sharpest_px_m(lens_set(table, 0), r * ahead, r * aside, drop)
            while open_limits < len(limits) and here >= limits[open_limits]:
                reach[i, open_limits] = 2.0 * lens[3] if k == STEPS else r + step
                open_limits += 1
            if open_limits == len(limits):
                break


@inner
def _depth(ground: float, drop: float, cos_aside: float, tilt: FloatArray, is_equidistant: bool) -> float:
    """Return ``frustum.depth_m`` of one target."""
    if is_equidistant:
        return max(NEAREST_M, math.sqrt(ground * ground + drop * drop))
    down = tilt[0] if tilt[1] == 0.0 else min(max(math.atan2(drop, ground), tilt[0] - tilt[1]), tilt[0] + tilt[1])
    return max(NEAREST_M, ground * cos_aside * math.cos(down) + drop * math.sin(down))


@kernel
def _reach_at_depths(
    relief: Relief,
    lens: FloatArray,
    bearing: FloatArray,
    cos_aside: FloatArray,
    tilt: FloatArray,
    is_equidistant: bool,
    depth: FloatArray,
    reach: FloatArray,
) -> None:
    """Write how far away in each direction targets first lie deeper than each of descending depths."""
    step = lens[3] / STEPS
    for i in range(len(bearing)):
        east, north, open_limits, before = math.sin(bearing[i]), math.cos(bearing[i]), len(depth), 0.0
        for k in range(len(depth)):
            reach[i, k] = 2.0 * lens[3]
        for k in range(STEPS + 1):
            r = k * step
            drop = lens[2] - sample(relief, lens[0] + r * east, lens[1] + r * north)
            here = _depth(r, drop, cos_aside[i], tilt, is_equidistant)
            while open_limits > 0 and here > depth[open_limits - 1]:
                open_limits -= 1
                share = (depth[open_limits] - before) / max(here - before, 1e-12)
                reach[i, open_limits] = r - (1.0 - share) * step if k > 0 else 0.0
            if open_limits == 0:
                break
            before = here


# Kernel that samples the ground evenly over footprints: along lines from west to east, laid end to end.

# ruff: noqa: PLR0917  (kernels take plain numbers)


@inner
def _crossings(y: float, first: int, last: int, ring_start: IntArray, corner: FloatArray, found: FloatArray) -> int:
    """Write where rings cross a line, from west to east; returns how often: an even number, for rings are closed."""
    count = 0
    for ring in range(first, last):
        for k in range(ring_start[ring], ring_start[ring + 1] - 1):
            if (corner[k, 1] <= y) == (corner[k + 1, 1] <= y):
                continue
            share = (y - corner[k, 1]) / (corner[k + 1, 1] - corner[k, 1])
            x = corner[k, 0] + share * (corner[k + 1, 0] - corner[k, 0])
            at = count
            while at > 0 and found[at - 1] > x:
                found[at] = found[at - 1]
                at -= 1
            found[at] = x
            count += 1
    return count


@inner
def _runs(
    south: float, north: float, lines: int, first: int, last: int, ring_start: IntArray, corner: FloatArray,
    found: FloatArray, run: FloatArray,
) -> tuple[int, float]:  # fmt: skip
    """Write the stretches of lines that lie inside a footprint (west end, y, length); returns their number and length."""
    count, total, step = 0, 0.0, (north - south) / lines
    for line in range(lines):
        y = south + (line + 0.5) * step
        crossings = _crossings(y, first, last, ring_start, corner, found)
        for k in range(0, crossings - 1, 2):
            run[count, 0], run[count, 1], run[count, 2] = found[k], y, found[k + 1] - found[k]
            total += run[count, 2]
            count += 1
    return count, total


@kernel
def sample_under(
    ring: IntArray, extent: FloatArray, lines: IntArray, ring_start: IntArray, corner: FloatArray, relief: Relief,
    found: FloatArray, run: FloatArray, height: FloatArray,
) -> None:  # fmt: skip
    """Write heights of the ground under each footprint, the same number for each; NaN where no line meets it.

    Parameters
    ----------
    ring : shape (B, 2); first ring of each footprint, and the one after its last.
    extent : shape (B, 2); its southern and northern end.
    lines : shape (B,); how many lines run over it.
    found, run : room for the crossings of one line, and for the stretches inside of all lines of one footprint, shape (n, 3).
    height : shape (B, samples).
    """
    samples = height.shape[1]
    for b in range(len(ring)):
        count, total = _runs(extent[b, 0], extent[b, 1], lines[b], ring[b, 0], ring[b, 1], ring_start, corner, found, run)
        k, before = 0, 0.0
        for i in range(samples):
            if total <= 0.0:
                height[b, i] = math.nan
                continue
            along = (i + 0.5) / samples * total
            while k < count - 1 and along > before + run[k, 2]:
                before += run[k, 2]
                k += 1
            height[b, i] = sample(relief, run[k, 0] + along - before, run[k, 1])
