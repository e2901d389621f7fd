"""Whether a part of a building cuts a sight line: cheap refusals first, then exact crossings with its walls."""

# ruff: noqa: PLR0917  (kernels take plain numbers)

import math
from typing import NamedTuple

from lhasaplan.core.sight.compiled.compilation import inner
from lhasaplan.core.sight.obstacles.building_index import TownIndex

ON_WALL_M = 1e-3  # a target on a wall, or a line inside a footprint for less than this, is not hidden by it
LEVEL_M = 1e-9


class TargetLine(NamedTuple):
    """A line from a lens to a target: the lens, the way, and the length and unit direction of its plan."""

    x: float
    y: float
    z: float
    dx: float
    dy: float
    rise: float
    length: float
    ux: float
    uy: float


@inner
def line_to(x: float, y: float, z: float, dx: float, dy: float, rise: float) -> TargetLine:
    """Return the line from a lens over a way that is not upright."""
    length = math.sqrt(dx * dx + dy * dy)
    return TargetLine(x, y, z, dx, dy, rise, length, dx / length, dy / length)


@inner
def part_blocks(k: int, line: TargetLine, town: TownIndex) -> bool:
    """Return whether a part cuts the line."""
    cx, cy, radius = town.part[k, 0] - line.x, town.part[k, 1] - line.y, town.part[k, 2]
    if abs(cx * line.uy - cy * line.ux) > radius:
        return False
    along = cx * line.ux + cy * line.uy
    if along - radius > line.length or along + radius < 0.0:
        return False
    t0, t1 = share_at_height(line.z, line.rise, town.part[k, 3], town.part[k, 4])
    margin = ON_WALL_M / line.length
    t0, t1 = t0 + margin, t1 - margin
    if t0 >= t1 or along + radius < t0 * line.length or along - radius > t1 * line.length:
        return False
    return _is_cut(k, line, t0, t1, town)


@inner
def share_at_height(lens_z: float, rise: float, base: float, top: float) -> tuple[float, float]:
    """Return from which to which share of its way a line is between base and top; empty if never."""
    if abs(rise) < LEVEL_M:
        return (0.0, 1.0) if base < lens_z < top else (1.0, 0.0)
    a, b = (base - lens_z) / rise, (top - lens_z) / rise
    return max(0.0, min(a, b)), min(1.0, max(a, b))


@inner
def _is_cut(k: int, line: TargetLine, t0: float, t1: float, town: TownIndex) -> bool:
    """Return whether the line meets the part's solid between two shares of its way.

    It does if it crosses a wall there, or if it is inside at the start: then it crosses an odd number of walls later.
    """
    is_inside, dx, dy = False, line.dx, line.dy
    for ring in range(town.part_ring[k], town.part_ring[k + 1]):
        start, end = town.ring_start[ring], town.ring_start[ring + 1]
        px, py = town.corner[end - 1, 0] - line.x, town.corner[end - 1, 1] - line.y
        side_p = dx * py - dy * px
        for v in range(start, end):
            qx, qy = town.corner[v, 0] - line.x, town.corner[v, 1] - line.y
            side_q = dx * qy - dy * qx
            if (side_p > 0.0) != (side_q > 0.0):
                t = (px * qy - py * qx) / (side_q - side_p)
                if t0 < t:
                    if t < t1:
                        return True
                    is_inside = not is_inside
            px, py, side_p = qx, qy, side_q
    return is_inside
