"""Sight lines of many views to many points: gathered parts, exact crossings with their walls."""

# ruff: noqa: PLR0917  (kernels take plain numbers)

import math
from typing import NamedTuple

import numpy as np

from lhasaplan.core.arrays import FloatArray, IntArray
from lhasaplan.core.sight.diamond import bin_of, diamond
from lhasaplan.core.sight.gather import FULL, PARTS, Lens, Occlusion, gather
from lhasaplan.core.sight.index import Neighbours, TownIndex
from lhasaplan.core.sight.jit import an_int, inner, kernel
from lhasaplan.core.sight.relief import Relief
from lhasaplan.core.sight.relief_line import ground_share

ON_WALL_M = 1e-3  # a target on a wall, or a line inside a footprint for less than this, is not hidden by it
LEVEL_M = 1e-9
LEAST_CELL_M = 16.0
MOST_CELLS_ACROSS = 2000


class Targets(NamedTuple):
    """Points sorted into a grid; ``low`` and ``high`` bound their heights.

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
    low: float
    high: float


class Pairs(NamedTuple):
    """Output of a batch: view and point of every seen pair; as many as fit."""

    views: IntArray
    points: IntArray


@inner
def part_blocks(k: int, lens: Lens, x: float, y: float, z: float, town: TownIndex) -> bool:
    """Return whether a part cuts the line from the lens to the point (x, y, z)."""
    dx, dy, rise = x - lens.x, y - lens.y, z - lens.z
    length = math.sqrt(dx * dx + dy * dy)
    t0, t1 = share_at_height(lens.z, rise, town.part[k, 3], town.part[k, 4])
    margin = ON_WALL_M / length
    t0, t1 = t0 + margin, t1 - margin
    if t0 >= t1 or not _passes_circle(k, lens, dx / length, dy / length, t0 * length, t1 * length, town):
        return False
    return _is_cut(k, lens, dx, dy, t0, t1, town)


@inner
def share_at_height(lens_z: float, rise: float, base: float, top: float) -> tuple[float, float]:
    """Return from which to which share of its way a line is between base and top; empty if never."""
    if abs(rise) < LEVEL_M:
        return (0.0, 1.0) if base < lens_z < top else (1.0, 0.0)
    a, b = (base - lens_z) / rise, (top - lens_z) / rise
    return max(0.0, min(a, b)), min(1.0, max(a, b))


@inner
def _passes_circle(k: int, lens: Lens, ux: float, uy: float, start: float, end: float, town: TownIndex) -> bool:
    """Return whether the stretch from start to end along the unit direction touches the part's bounding circle."""
    cx, cy, radius = town.part[k, 0] - lens.x, town.part[k, 1] - lens.y, town.part[k, 2]
    along = cx * ux + cy * uy
    return bool(abs(cx * uy - cy * ux) <= radius and along + radius >= start and along - radius <= end)


@inner
def _is_cut(k: int, lens: Lens, dx: float, dy: float, t0: float, t1: float, town: TownIndex) -> bool:
    """Return whether the line meets the part's solid between two shares of its way.

    It does if it crosses a wall there, or if it is inside at the start: then it crosses an odd number of walls later.
    """
    is_inside = False
    for ring in range(town.part_ring[k], town.part_ring[k + 1]):
        start, end = town.ring_start[ring], town.ring_start[ring + 1]
        px, py = town.corner[end - 1, 0] - lens.x, town.corner[end - 1, 1] - lens.y
        side_p = dx * py - dy * px
        for v in range(start, end):
            qx, qy = town.corner[v, 0] - lens.x, town.corner[v, 1] - lens.y
            side_q = dx * qy - dy * qx
            if (side_p > 0.0) != (side_q > 0.0):
                t = (px * qy - py * qx) / (side_q - side_p)
                if t0 < t:
                    if t < t1:
                        return True
                    is_inside = not is_inside
            px, py, side_p = qx, qy, side_q
    return is_inside


@inner
def _is_seen(lens: Lens, x: float, y: float, z: float, count: int, town: TownIndex, s: Occlusion) -> bool:
    """Return whether a point in the sector is free of the opaque walls in the buffer and of all gathered parts."""
    dx, dy = x - lens.x, y - lens.y
    w = 1.0 / math.sqrt(dx * dx + dy * dy)
    ahead, aside = dx * lens.cos_axis + dy * lens.sin_axis, dy * lens.cos_axis - dx * lens.sin_axis
    if s.buf[bin_of(diamond(ahead, aside))] > w * 1.0001 and w < 1.0 / ON_WALL_M:
        return False
    for i in range(count):  # noqa: SIM110  (kernels know no generators)
        if part_blocks(s.part[i], lens, x, y, z, town):
            return False
    return True


@inner
def _in_picture(dx: float, dy: float, drop: float, lens: Lens, reach: float, half: float, upper: float, lower: float) -> bool:
    """Return whether a point is within range and picture; limits included (angles in radians)."""
    ground = math.sqrt(dx * dx + dy * dy)
    if ground > reach or ground < LEVEL_M:
        return False
    down = math.atan2(drop, ground)
    if down < upper or down > lower:
        return False
    if half >= math.pi:
        return True
    ahead, aside = dx * lens.cos_axis + dy * lens.sin_axis, dy * lens.cos_axis - dx * lens.sin_axis
    return abs(math.atan2(aside, ahead)) <= half


@inner
def _cells_in_reach(x: float, y: float, reach: float, targets: Targets) -> tuple[int, int, int, int]:
    """Return the first and last column, first and last row of target cells within reach; last < first if none are."""
    x0, y0, width = targets.frame[0], targets.frame[1], targets.frame[2]
    first_column, last_column = int((x - reach - x0) // width), int((x + reach - x0) // width)
    first_row, last_row = int((y - reach - y0) // width), int((y + reach - y0) // width)
    return max(0, first_column), min(targets.columns - 1, last_column), max(0, first_row), min(targets.rows - 1, last_row)


@inner
def _is_far(x: float, y: float, reach: float, targets: Targets) -> bool:
    """Return whether no target lies in a cell within reach."""
    first_column, last_column, first_row, last_row = _cells_in_reach(x, y, reach, targets)
    for row in range(first_row, last_row + 1):
        start, end = row * targets.columns + first_column, row * targets.columns + last_column + 1
        if last_column >= first_column and targets.cell_start[end] > targets.cell_start[start]:
            return False
    return True


@inner
def _see_from(
    v: int,
    lens: Lens,
    limits: FloatArray,
    count: int,
    town: TownIndex,
    relief: Relief,
    targets: Targets,
    s: Occlusion,
    out: Pairs,
    m: int,
) -> int:
    """Append the points that one view sees; returns the number of pairs, FULL if they do not fit."""
    reach, half, upper, lower = limits[v, 0], limits[v, 1], limits[v, 2], limits[v, 3]
    first_column, last_column, first_row, last_row = _cells_in_reach(lens.x, lens.y, reach, targets)
    for row in range(first_row, last_row + 1):
        for column in range(first_column, last_column + 1):
            cell = row * targets.columns + column
            for p in range(targets.cell_start[cell], targets.cell_start[cell + 1]):
                x, y, z = targets.xyz[p, 0], targets.xyz[p, 1], targets.xyz[p, 2]
                if not _in_picture(x - lens.x, y - lens.y, lens.z - z, lens, reach, half, upper, lower):
                    continue
                if not _is_seen(lens, x, y, z, count, town, s):
                    continue
                if ground_share(relief, lens.x, lens.y, lens.z, x, y, z) <= 1.0:
                    continue
                if m >= len(out.views):
                    return FULL
                out.views[m], out.points[m] = v, targets.number[p]
                m += 1
    return m


@inner
def lens_of(row: FloatArray, low: float, high: float) -> Lens:
    """Return a view's lens from its row (see ``engine.lens_rows``) for targets between two heights."""
    half = row[5]
    last = 2.0 if half >= math.pi else diamond(math.cos(half), math.sin(half))
    cos_half = -1.0 if half >= math.pi else math.cos(half)
    sin_half = 0.0 if half >= math.pi else math.sin(half)
    return Lens(
        row[0], row[1], row[2], low, high, row[3], math.cos(row[4]), math.sin(row[4]), cos_half, sin_half, last,
        int(row[6]), row[5] < 0.0,
    )  # fmt: skip


@kernel
def see_points(
    views: IntArray,
    rows: FloatArray,
    limits: FloatArray,
    town: TownIndex,
    relief: Relief,
    near: Neighbours,
    targets: Targets,
    s: Occlusion,
    out: Pairs,
) -> int:
    """Find the seen pairs of some views and all targets; FULL if out or scratch are too short.

    ``limits`` are range, half width, upper and lower edge of each view with their slack, angles in radians.
    """
    m = an_int(0)
    for v in views:
        if _is_far(rows[v, 0], rows[v, 1], rows[v, 3], targets):
            continue
        lens = lens_of(rows[v], targets.low, targets.high)
        found = gather(lens, town, near, an_int(PARTS), s)
        if found.number == FULL:
            return FULL
        m = _see_from(v, lens, limits, found.number, town, relief, targets, s, out, m)
        if m == FULL:
            return FULL
    return m


def sort_targets(xyz_m: FloatArray, number: IntArray) -> Targets:
    """Return points in a grid whose cells are wide enough to be few."""
    corner = xyz_m[:, :2].min(axis=0)
    width_m = max(LEAST_CELL_M, float((xyz_m[:, :2].max(axis=0) - corner).max()) / MOST_CELLS_ACROSS)
    column, row = ((xyz_m[:, :2] - corner) // width_m).astype(np.int64).T
    columns, rows = int(column.max()) + 1, int(row.max()) + 1
    cell = row * columns + column
    order = np.argsort(cell, kind="stable")
    start = np.searchsorted(cell[order], np.arange(columns * rows + 1)).astype(np.int64)
    low, high = float(xyz_m[:, 2].min()), float(xyz_m[:, 2].max())
    frame = np.array([corner[0], corner[1], width_m])
    return Targets(np.ascontiguousarray(xyz_m[order]), number[order], start, columns, rows, frame, low, high)
