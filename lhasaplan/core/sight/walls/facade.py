"""One wall as a lens meets it: metres along it, metres up, and the shadows that nearer buildings throw on it.

On the plane of a wall the edge of a shadow is a straight line: along one bearing a nearer edge at the share ``t`` of the way
with its top at ``T`` hides everything below ``z + (T - z) / t`` of a lens at height ``z``; ``1 / t`` is linear along the wall.
"""

# ruff: noqa: PLR0917  (kernels take plain numbers)

import math
from typing import NamedTuple

from lhasaplan.core.base.arrays import FloatArray
from lhasaplan.core.model.protected_place import BEFORE_M
from lhasaplan.core.sight.compiled.compilation import an_int, called, inner
from lhasaplan.core.sight.obstacles.building_index import TownIndex
from lhasaplan.core.sight.sweep.near_to_far import contains

# Columns of a wall's row: both ends with the building on the left, base and top above the datum, and its building.
AX, AY, BX, BY, BASE, TOP, OWN = range(7)
WALL_COLUMNS = 7
# Columns of a shadow: from where to where along the wall, its upper line and the inverse share of the way of its edge at both
# ends, the part that throws it, and whether the part's solid hides only a band (a raised deck).
S0, S1, UPPER0, UPPER1, INVERSE0, INVERSE1, PART, IS_BAND = range(8)
SHADOW_COLUMNS = 8
SHORT_M = 1e-7  # a shadow narrower than this is none
FULL, ALL_HIDDEN = -1, -2


class Facade(NamedTuple):
    """A wall in the frame of a lens: ``s`` metres from its start, ``away`` metres before the lens.

    ``foot`` is the lens's own place along the wall, ``first`` and ``last`` bound what of it is looked at.
    """

    x: float
    y: float
    along_x: float
    along_y: float
    length: float
    base: float
    top: float
    foot: float
    away: float
    first: float
    last: float


@inner
def is_faced(wall: FloatArray, w: int, x: float, y: float) -> bool:
    """Return whether a place lies on the outer side of a wall's line: no more is asked about walls that turn away."""
    return bool((x - wall[w, AX]) * (wall[w, BY] - wall[w, AY]) > (y - wall[w, AY]) * (wall[w, BX] - wall[w, AX]))


@called
def facade_before(wall: FloatArray, w: int, x: float, y: float) -> Facade:
    """Return a wall as a lens meets it; ``away`` is not positive where the lens stands behind it."""
    length = math.sqrt((wall[w, BX] - wall[w, AX]) ** 2 + (wall[w, BY] - wall[w, AY]) ** 2)
    if length < SHORT_M:
        return Facade(0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 0.0, 0.0, -1.0, 0.0, 0.0)
    ux, uy = (wall[w, BX] - wall[w, AX]) / length, (wall[w, BY] - wall[w, AY]) / length
    ax, ay = wall[w, AX] + BEFORE_M * uy, wall[w, AY] - BEFORE_M * ux
    dx, dy = x - ax, y - ay
    return Facade(
        ax, ay, ux, uy, length, wall[w, BASE], wall[w, TOP], dx * ux + dy * uy, dx * uy - dy * ux, 0.0, length
    )  # fmt: skip


@inner
def _shadow_end(s: float, h: float, other_s: float, other_h: float, away: float) -> float:
    """Return where along the wall, from the foot, the ray past an end of an edge arrives; endless for an end behind the lens."""
    if h > 0.0:
        return s * away / h
    at = s - h * (other_s - s) / (other_h - h)  # where the edge passes beside the lens
    return math.inf if at > 0.0 else -math.inf


@called
def _add_edge(
    ps: float, ph: float, qs: float, qh: float, top: float, is_band: bool, z: float, f: Facade, shadow: FloatArray, n: int, k: int
) -> int:
    """Add the shadow of one edge from p to q, both as metres along from the foot and metres from the lens towards the wall."""
    if ph >= f.away:  # what lies behind the wall hides nothing of it
        share = (f.away - ph) / (qh - ph)
        ps, ph = ps + share * (qs - ps), f.away
    elif qh >= f.away:
        share = (f.away - qh) / (ph - qh)
        qs, qh = qs + share * (ps - qs), f.away
    c = ps * qh - qs * ph
    if abs(c) < 1e-12:  # the edge points at the lens
        return n
    if not is_band and (c < 0.0) != (
        top >= z
    ):  # what is higher than the lens hides most by its near edges, lower by its far ones
        return n
    a, b = _shadow_end(ps, ph, qs, qh, f.away) + f.foot, _shadow_end(qs, qh, ps, ph, f.away) + f.foot
    first, last = max(min(a, b), f.first), min(max(a, b), f.last)
    if last - first < SHORT_M:
        return n
    by_s, constant = (qh - ph) / c, (ps - qs) / c * f.away
    k0, k1 = max(by_s * (first - f.foot) + constant, 1.0), max(by_s * (last - f.foot) + constant, 1.0)
    return _add_row(first, last, k0, k1, top, is_band, z, f, shadow, n, k)


@called
def _add_row(
    first: float,
    last: float,
    k0: float,
    k1: float,
    top: float,
    is_band: bool,
    z: float,
    f: Facade,
    shadow: FloatArray,
    n: int,
    k: int,
) -> int:
    """Write a shadow whose edge lies at the shares ``1 / k0`` and ``1 / k1`` of the way, unless it hides nothing of the wall."""
    upper0, upper1 = z + (top - z) * k0, z + (top - z) * k1
    if not is_band and upper0 <= f.base and upper1 <= f.base:
        return n
    if n >= len(shadow):
        return FULL
    shadow[n, S0], shadow[n, S1], shadow[n, UPPER0], shadow[n, UPPER1] = first, last, upper0, upper1
    shadow[n, INVERSE0], shadow[n, INVERSE1] = k0, k1
    shadow[n, PART], shadow[n, IS_BAND] = k, 1.0 if is_band else 0.0
    return n + 1


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


@inner
def is_before(k: int, x: float, y: float, f: Facade, town: TownIndex) -> bool:
    """Return whether a part's circle comes between the lens and what is looked at of the wall."""
    cx, cy, radius = town.part[k, 0] - f.x, town.part[k, 1] - f.y, town.part[k, 2]
    s, h = cx * f.along_x + cy * f.along_y - f.foot, f.away - (cx * f.along_y - cy * f.along_x)
    if h - radius >= f.away or h + radius <= 0.0:
        return False
    # Left of the ray to the last place and right of the ray to the first one, a radius beyond at most.
    first, last = f.first - f.foot, f.last - f.foot
    beyond_first = (first * h - s * f.away) / math.sqrt(first * first + f.away * f.away)
    beyond_last = (s * f.away - last * h) / math.sqrt(last * last + f.away * f.away)
    return bool(beyond_first <= radius and beyond_last <= radius)


@called
def add_shadows(
    k: int, x: float, y: float, z: float, f: Facade, town: TownIndex, shadow: FloatArray, n: int, crossing: FloatArray
) -> int:
    """Add the shadows that a part throws on a wall; FULL without room, ALL_HIDDEN where the lens stands inside of it."""
    base, top = town.part[k, 3], town.part[k, 4]
    is_band = base > min(f.base, z)
    if is_band and base >= max(z, f.top):
        return n
    if base < z < top and contains(k, x, y, town):
        return ALL_HIDDEN
    crossings = an_int(0)
    for ring in range(town.part_ring[k], town.part_ring[k + 1]):
        start, end = town.ring_start[ring], town.ring_start[ring + 1]
        px, py = town.corner[end - 1, 0] - f.x, town.corner[end - 1, 1] - f.y
        ps, ph = px * f.along_x + py * f.along_y - f.foot, f.away - (px * f.along_y - py * f.along_x)
        for v in range(start, end):
            qx, qy = town.corner[v, 0] - f.x, town.corner[v, 1] - f.y
            qs, qh = qx * f.along_x + qy * f.along_y - f.foot, f.away - (qx * f.along_y - qy * f.along_x)
            if (ph > 0.0 or qh > 0.0) and (ph < f.away or qh < f.away):
                n = _add_edge(ps, ph, qs, qh, top, is_band, z, f, shadow, n, k)
                if n == FULL:
                    return FULL
            if (ph > f.away) != (qh > f.away):
                if crossings >= len(crossing):
                    return FULL
                crossing[crossings] = ps + (f.away - ph) / (qh - ph) * (qs - ps) + f.foot
                crossings += 1
            ps, ph = qs, qh
    if crossings and (is_band or top < z):
        return _add_roof_at_wall(crossings, top, is_band, z, f, shadow, n, k, crossing)
    return n


@inner
def _add_roof_at_wall(
    crossings: int, top: float, is_band: bool, z: float, f: Facade, shadow: FloatArray, n: int, k: int, crossing: FloatArray
) -> int:
    """Add what a low roof hides where the wall's line runs through the footprint: all below the roof."""
    sort_some(crossing, crossings)
    for i in range(0, crossings - 1, 2):
        first, last = max(crossing[i], f.first), min(crossing[i + 1], f.last)
        if last - first >= SHORT_M:
            n = _add_row(first, last, 1.0, 1.0, top, is_band, z, f, shadow, n, k)
            if n == FULL:
                return FULL
    return n
