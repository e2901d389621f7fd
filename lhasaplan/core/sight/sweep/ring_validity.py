"""Prove during the sweep that a polygon is valid, so that it needs no check afterwards.

Between two rays all edges are straight, so edges that keep their order on both rays do not cross. What is asked: on every
ray linked ends keep clear of the next; between two rays neighbours are clear of each other on one of them at least; and no
shadow's end lies between the range circle and its chords. Whatever fails is not wrong but in doubt.
"""

# ruff: noqa: PLR0917  (kernels take plain numbers)

import math

from lhasaplan.core.base.arrays import IntArray
from lhasaplan.core.sight.compiled.compilation import inner
from lhasaplan.core.sight.sweep.boundary import APART_M, SAME_PLACE_M, Boundary, Side, clearance
from lhasaplan.core.sight.sweep.wedges import INNER, OUTER

NARROW = 1e-7  # a wedge narrower than this (sine) may vanish in the rounding of coordinates
SAG = 4e-5  # share of the range by which the chords of its arc lie inside it


@inner
def note_start(b: Boundary, side: Side, ux: float, uy: float) -> None:
    """Keep how far apart a wedge's ends are on its first ray; they are measured (row 1)."""
    b.start[0], b.start[1] = ux, uy
    for i in range(2 * side.size - 1):
        b.gap[i] = clearance(b.ends[1, i], b.ends[1, i + 1])


@inner
def check_end(b: Boundary, interval: IntArray, side: Side, ux: float, uy: float, reach: float) -> None:
    """Doubt a wedge whose ends, measured on its last ray (row 0), change order or touch all along."""
    for i in range(2 * side.size - 1):
        first, last = b.gap[i], clearance(b.ends[0, i], b.ends[0, i + 1])
        low, high = min(first, last), max(first, last)
        if low < -SAME_PLACE_M or high < APART_M:
            b.is_sound[0] = 0
        elif not i & 1 and low < SAG * reach and _is_arc_before_shadow(interval, side, i >> 1):
            # Both start on the circle: the line must fall off faster than the first chord.
            wide = math.sqrt((ux - b.start[0]) ** 2 + (uy - b.start[1]) ** 2)
            if low > SAME_PLACE_M or high < reach * (SAG + b.step * wide):
                b.is_sound[0] = 0


@inner
def _is_arc_before_shadow(interval: IntArray, side: Side, i: int) -> bool:
    """Return whether an interval begins at a shadow's end and ends at the range."""
    return bool(interval[side.list, i, OUTER] < 0 <= interval[side.list, i, INNER])


@inner
def check_width(b: Boundary, ux: float, uy: float, vx: float, vy: float) -> None:
    """Doubt a wedge that is too narrow for the rounding of coordinates."""
    if ux * vy - uy * vx < NARROW and ux * vx + uy * vy > 0.0:
        b.is_sound[0] = 0
