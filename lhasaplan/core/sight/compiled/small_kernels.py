"""Small kernels that stand alone: joined arcs, metres of frontage, counts by cell, a few numbers in order."""

import math
from typing import Any

import numpy as np
import numpy.typing as npt

from lhasaplan.core.base.arrays import FloatArray, IntArray
from lhasaplan.core.sight.compiled.compilation import an_int, called, inner, kernel

# Metres of frontage at a density, and the density that so many metres reach: sums over seen pieces of walls.

# ruff: noqa: PLR0917  (kernels take plain numbers)


ROUNDS = 40  # halvings of an interval of inverse densities
SLACK_M = 1e-6  # so much less than the metres asked for are as good


@inner
def _share_at(best0: float, best1: float, inverse: float) -> float:
    """Return which share of a piece has a density of ``1 / inverse`` or better: its inverse runs evenly from end to end."""
    a, b = 1.0 / max(best0, 1e-9), 1.0 / max(best1, 1e-9)
    low, high = min(a, b), max(a, b)
    if inverse >= high:
        return 1.0
    return 0.0 if inverse < low else (inverse - low) / (high - low)


@inner
def _metres(
    first: int, last: int, length: FloatArray, best0: FloatArray, best1: FloatArray, column: IntArray, inverse: float,
    enough: float,
) -> float:  # fmt: skip
    """Return the metres of some pieces at a density or better; of pieces above each other the one that shows most counts.

    No more are added up once they are ``enough``.
    """
    total, open_column, most = 0.0, -1, 0.0
    for i in range(first, last):
        metres = length[i] * _share_at(best0[i], best1[i], inverse)
        if column[i] != open_column:
            total += most
            open_column, most = column[i], metres
        else:
            most = max(most, metres)
        if total + most >= enough:
            break
    return total + most


@kernel
def metres_at(
    first: IntArray, length: FloatArray, best0: FloatArray, best1: FloatArray, column: IntArray, density_px_m: FloatArray,
    out: FloatArray,
) -> None:  # fmt: skip
    """Write the metres that each group of pieces shows at its density or better; ``first`` has one entry more than groups."""
    for g in range(len(first) - 1):
        out[g] = _metres(first[g], first[g + 1], length, best0, best1, column, 1.0 / density_px_m[g], math.inf)


@kernel
def density_of_metres(
    first: IntArray, length: FloatArray, best0: FloatArray, best1: FloatArray, column: IntArray, metres: float, least_px_m: float,
    out: FloatArray,
) -> None:  # fmt: skip
    """Write the highest density that so many metres of each group have, 0 where fewer have the least one."""
    enough = metres - SLACK_M
    for g in range(len(first) - 1):
        a, b = first[g], first[g + 1]
        low, high = 1e9, 1.0 / least_px_m
        for i in range(a, b):
            low = min(low, 1.0 / max(best0[i], best1[i], 1e-9))
        if _metres(a, b, length, best0, best1, column, high, enough) < enough:
            out[g] = 0.0
            continue
        for _ in range(ROUNDS):
            middle = 0.5 * (low + high)
            if _metres(a, b, length, best0, best1, column, middle, enough) >= enough:
                high = middle
            else:
                low = middle
            if high - low < 1e-9 * high:
                break
        out[g] = 1.0 / high


# Kernels that count polygons over cell middles: outlines mark where counts rise and fall along a row, a sum fills it.

# ruff: noqa: PLR0917  (kernels take plain numbers)


MOST = 65_535


@inner
def _mark_edge(
    px: float, py: float, qx: float, qy: float, sign: int, frame: Any, first_row: int, change: npt.NDArray[np.int32]
) -> None:
    """Note at every row that an edge crosses where it does; the rows of two edges that meet close up exactly."""
    low, high = min(py, qy), max(py, qy)
    first = math.floor((frame.north - high) / frame.cell - 0.5) + 1 - first_row
    last = math.floor((frame.north - low) / frame.cell - 0.5) - first_row
    first, last = max(first, an_int(0)), min(last, len(change) - 1)
    if first > last:
        return
    slope, step = (qx - px) / (qy - py), (sign if qy < py else -sign)  # downwards the inside is to the east
    for row in range(first, last + 1):
        y = frame.north - (first_row + row + 0.5) * frame.cell
        column = math.ceil((px + (y - py) * slope - frame.west) / frame.cell - 0.5)
        change[row, int(min(max(column, 0.0), frame.columns))] += step


@kernel
def count_strip(outlines: Any, frame: Any, first_row: int, change: npt.NDArray[np.int32], counts: npt.NDArray[np.uint16]) -> None:
    """Count the polygons over the middles of the cells of some rows; ``change`` is scratch of zeros, one column wider."""
    top = frame.north - first_row * frame.cell
    bottom = top - len(counts) * frame.cell
    for v in range(len(outlines.span)):
        if not (outlines.span[v, 0] < top and outlines.span[v, 1] > bottom):
            continue
        for ring in range(outlines.view_ring[v], outlines.view_ring[v + 1]):
            start, end = outlines.ring_start[ring], outlines.ring_start[ring + 1]
            px, py = outlines.corner[start, 0], outlines.corner[start, 1]
            for k in range(start + 1, end):
                qx, qy = outlines.corner[k, 0], outlines.corner[k, 1]
                _mark_edge(px, py, qx, qy, outlines.sign[ring], frame, first_row, change)
                px, py = qx, qy
    for row in range(len(counts)):
        total = an_int(0)
        for column in range(counts.shape[1]):
            total += change[row, column]
            counts[row, column] = min(max(total, 0), MOST)


# Join arcs that meet into runs: a loop over sorted rows, compiled.


def joined(group: IntArray, low: FloatArray, end: FloatArray, gap: float) -> tuple[IntArray, FloatArray]:
    """Return where each run of arcs begins, and where the run ends; shape (R,) each.

    Parameters
    ----------
    group, low, end : shape (N,), ordered by group, then by where an arc begins; arcs of a group that lie no more than ``gap``
        apart are one run.
    """
    first, high = np.empty(len(group), np.int64), np.empty(len(group))
    count = _join(group, low, end, gap, first, high)
    return first[:count], high[:count]


@kernel
def _join(group: IntArray, low: FloatArray, end: FloatArray, gap: float, first: IntArray, high: FloatArray) -> int:
    count = 0
    for k in range(len(group)):
        if k > 0 and group[k] == group[k - 1] and low[k] <= high[count - 1] + gap:
            high[count - 1] = max(high[count - 1], end[k])
        else:
            first[count], high[count] = k, end[k]
            count += 1
    return count


# Put a few numbers in order, within other kernels.


@called
def sort_some(value: FloatArray, count: int) -> None:
    """Sort the first values in place, by insertion over ever smaller distances (Shell)."""
    for gap in (132, 57, 23, 10, 4, 1):
        for i in range(gap, count):
            one, j = value[i], i
            while j >= gap and value[j - gap] > one:
                value[j] = value[j - gap]
                j -= gap
            value[j] = one
