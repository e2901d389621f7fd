"""One wedge between two rays: the order of its walls by distance, and the intervals that are visible."""

# ruff: noqa: PLR0917  (kernels take plain numbers)

import math
from typing import NamedTuple

from lhasaplan.core.base.arrays import FloatArray, IntArray
from lhasaplan.core.sight.compiled.compilation import inner
from lhasaplan.core.sight.sweep.angular_buffer import AT_LENS
from lhasaplan.core.sight.sweep.events import SAME_RAY
from lhasaplan.core.sight.sweep.near_to_far import FRONT, LOW, ROLE, SA, SB, A, B

NEVER = 2.0  # no crossing within the wedge
LENS_END, RANGE_END = -1, -1  # an interval that begins at the lens (or where the blind zone ends), or ends at the range
INNER, OUTER, INNER_VERTEX, OUTER_VERTEX = range(4)  # columns of an interval
WALL, NEAR_W, FAR_W, SHADE_NEAR, SHADE_FAR = range(5)  # columns of an item: a wall before the nearest opaque one


class Rays(NamedTuple):
    """The two rays that bound a wedge, counter-clockwise: from u to v, unit vectors."""

    ux: float
    uy: float
    vx: float
    vy: float


class Sweeping(NamedTuple):
    """Scratch of the sweep: active walls, items of a wedge, three lists of intervals, the number of active sector masks."""

    active: IntArray
    item: FloatArray
    interval: IntArray
    masked: IntArray


@inner
def _crossing(d0: float, d1: float, slack: float, t: float) -> float:
    """Return the earliest sign change so far; d0 and d1 are differences of inverse distances on the two rays."""
    if (d0 > slack and d1 < -slack) or (d0 < -slack and d1 > slack):
        return min(t, d0 / (d0 - d1))
    return t


@inner
def _circle_w(rays: Rays, radius: float) -> float:
    """Return the inverse distance of a circle such that its sums over both rays compare with those of lines.

    On lines the sum over both rays stands for the wedge's middle; a circle's is shorter there by the middle's cosine. So a
    line that meets the circle on both rays is found nearer than the circle between them.
    """
    x, y = rays.ux + rays.vx, rays.uy + rays.vy
    return 0.5 * math.sqrt(x * x + y * y) / radius


@inner
def _nearest_opaque(active: int, rays: Rays, reach: float, wall: FloatArray, s: Sweeping) -> tuple[int, float, float]:
    """Return the nearest opaque wall and its inverse distances on both rays; -1 and the range if there is none."""
    best, b0, b1 = RANGE_END, 0.0, 0.0
    for j in range(active):
        k = s.active[j]
        if wall[k, ROLE] == FRONT:
            w0 = wall[k, A] * rays.ux + wall[k, B] * rays.uy
            w1 = wall[k, A] * rays.vx + wall[k, B] * rays.vy
            if best < 0 or w0 + w1 > b0 + b1:
                best, b0, b1 = k, w0, w1
    if best < 0:
        b0 = b1 = _circle_w(rays, reach)
    return best, b0, b1


@inner
def _sort_items(active: int, rays: Rays, best: int, b0: float, b1: float, wall: FloatArray, s: Sweeping) -> tuple[int, float]:
    """Write the walls before the nearest opaque one, near to far; returns their number and the first crossing."""
    t, m, item = NEVER, 0, s.item
    for j in range(active):
        k = s.active[j]
        if k == best:
            continue
        w0, w1 = wall[k, A] * rays.ux + wall[k, B] * rays.uy, wall[k, A] * rays.vx + wall[k, B] * rays.vy
        if best >= 0:
            t = _crossing(w0 - b0, w1 - b1, SAME_RAY * (b0 + b1), t)
        if wall[k, ROLE] == FRONT or w0 + w1 < b0 + b1:
            continue
        i = m
        while i > 0 and item[i - 1, NEAR_W] + item[i - 1, FAR_W] < w0 + w1:
            item[i, WALL], item[i, NEAR_W], item[i, FAR_W] = item[i - 1, WALL], item[i - 1, NEAR_W], item[i - 1, FAR_W]
            i -= 1
        item[i, WALL], item[i, NEAR_W], item[i, FAR_W] = k, w0, w1
        m += 1
    return m, t


@inner
def _shade_crossing(i: int, m: int, best: int, b0: float, b1: float, wall: FloatArray, item: FloatArray, t: float) -> float:
    """Return the first place where the shadow's end of item i changes order with anything that bounds an interval."""
    s0, s1, slack = item[i, SHADE_NEAR], item[i, SHADE_FAR], SAME_RAY * (b0 + b1)
    if best >= 0:
        t = _crossing(s0 - b0, s1 - b1, slack, t)
    for j in range(m):
        k = int(item[j, WALL])
        if wall[k, ROLE] == LOW:
            t = _crossing(s0 - item[j, NEAR_W], s1 - item[j, FAR_W], SAME_RAY * item[j, NEAR_W], t)
        elif j < i:
            t = _crossing(s0 - item[j, SHADE_NEAR], s1 - item[j, SHADE_FAR], slack, t)
    return t


@inner
def arrange(
    active: int, rays: Rays, nearest: float, reach: float, inside: int, wall: FloatArray, s: Sweeping, c: int
) -> tuple[int, float]:
    """Write the visible intervals of the wedge to list c as (inner wall or -1 lens, outer wall or -1 range).

    ``inside`` solids contain the lens, so that many backs must pass before ground can be seen. ``nearest`` is the radius
    of the blind zone, 0 without one. Returns the number of intervals, and the first place (as a share of the chord from
    u to v) where the order of the walls changes.
    """
    best, b0, b1 = _nearest_opaque(active, rays, reach, wall, s)
    m, t = _sort_items(active, rays, best, b0, b1, wall, s)
    item, interval = s.item, s.interval
    n, depth, current = 0, inside, LENS_END
    c0 = c1 = _circle_w(rays, nearest) if nearest > 0.0 else AT_LENS
    for i in range(m):
        k = int(item[i, WALL])
        w0, w1 = item[i, NEAR_W], item[i, FAR_W]
        if i:
            t = _crossing(item[i - 1, NEAR_W] - w0, item[i - 1, FAR_W] - w1, SAME_RAY * w0, t)
        if wall[k, ROLE] == LOW:
            if depth == 0 and c0 + c1 > (w0 + w1) * (1.0 + SAME_RAY):
                interval[c, n, INNER], interval[c, n, OUTER] = current, k
                n += 1
            depth += 1
            continue
        depth = max(0, depth - 1)
        s0 = wall[k, SA] * rays.ux + wall[k, SB] * rays.uy
        s1 = wall[k, SA] * rays.vx + wall[k, SB] * rays.vy
        item[i, SHADE_NEAR], item[i, SHADE_FAR] = s0, s1
        t = _shade_crossing(i, m, best, b0, b1, wall, item, t)
        if s0 + s1 < c0 + c1:
            current, c0, c1 = k, s0, s1
    if depth == 0 and c0 + c1 > (b0 + b1) * (1.0 + SAME_RAY):
        interval[c, n, INNER], interval[c, n, OUTER] = current, best
        n += 1
    return n, t
