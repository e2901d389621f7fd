"""One wall as a lens meets it: metres along it, metres up, the shadows of nearer buildings, and where the picture lies on it.

On the plane of a wall the edge of a shadow is a straight line: along one bearing a nearer edge at the share ``t`` of the way
with its top at ``T`` hides everything below ``z + (T - z) / t`` of a lens at height ``z``; ``1 / t`` is linear along the wall.
"""

# ruff: noqa: PLR0917  (kernels take plain numbers)

import math
from typing import NamedTuple

from lhasaplan.core.base.arrays import BoolArray, FloatArray, IntArray
from lhasaplan.core.model.place import BEFORE_M
from lhasaplan.core.sight.compiled.compilation import an_int, called, inner
from lhasaplan.core.sight.compiled.small_kernels import sort_some
from lhasaplan.core.sight.lens.true_picture import (
    COS_HALF,
    FOCAL_PX,
    HIGH_COS,
    HIGH_SIN,
    LOW_COS,
    LOW_SIN,
    LOWER_COS,
    LOWER_SIN,
    SIN_HALF,
    TAN_ACROSS,
    TAN_DOWN,
    TILT_SWING,
    UPPER_COS,
    UPPER_SIN,
    Fleet,
)
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
def way(f: Facade, s: float) -> tuple[float, float]:
    """Return the way east and north from the lens to a place along the wall: against its outer side, then along it."""
    aside = s - f.foot
    return f.along_x * aside - f.along_y * f.away, f.along_y * aside + f.along_x * f.away


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
    cx, cy, radius = town.part[k, 0] - x, town.part[k, 1] - y, town.part[k, 2]
    if base < z < top and cx * cx + cy * cy <= radius * radius * 1.001 + 0.01 and contains(k, x, y, town):
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


# Compute the heights between which the picture of a view lies on a wall, by sides, density and masks along one bearing.

# ruff: noqa: PLR0917  (kernels take plain numbers)


UPRIGHT = 1e-9  # a side of the picture steeper than this is a place along the wall, not a height
MOST_SIDES = 5
RECTILINEAR, EQUIDISTANT, PANORAMA = 0, 1, 2


class Masks(NamedTuple):
    """Masks of all views: by compass as grid azimuths, in the picture as polygons.

    Parameters
    ----------
    sector_start : shape (V + 1,); sectors of each view.   sector : shape (n, 2); from, and how far clockwise, radians.
    mask_start : shape (V + 1,); polygons of each view.   edge_start : shape (m + 1,); edges of each polygon.
    edge : shape (e, 10); both ends in pixels (u, v, u, v) and as directions (east, north, up twice).
    frame : shape (V, 5); width, height, focal length, azimuth and tilt, radians.   projection : shape (V,); which lens.
    """

    sector_start: IntArray
    sector: FloatArray
    mask_start: IntArray
    edge_start: IntArray
    edge: FloatArray
    frame: FloatArray
    projection: IntArray


class Bounds(NamedTuple):
    """The heights, from the lens, that the picture leaves on one bearing; none if the first is above the second."""

    low: float
    high: float


@inner
def has_straight_sides(v: int, fleet: Fleet) -> bool:
    """Return whether the picture on a wall is bounded by straight lines: a straight lens of which no angle is open."""
    return bool(fleet.picture[v, TAN_ACROSS] > 0.0 and fleet.optics[v, TILT_SWING] == 0.0)


@inner
def _side(coefficient: float, rest: float, side: FloatArray, is_upper: BoolArray, i: int) -> bool:
    """Write the bound that ``coefficient * rise <= rest`` sets; returns False where an upright side leaves nothing."""
    if abs(coefficient) < UPRIGHT:
        side[i], is_upper[i] = math.inf, True
        return bool(rest >= 0.0)
    side[i], is_upper[i] = rest / coefficient, coefficient > 0.0
    return True


@called
def straight_sides(v: int, dx: float, dy: float, least_px_m: float, fleet: Fleet, side: FloatArray, is_upper: BoolArray) -> bool:
    """Write the rises at which each side of a straight picture, and the least density, lie on one bearing.

    Each is linear along a wall and an upper or a lower bound on all of it. Returns False where an upright side leaves nothing.
    """
    ahead = dx * fleet.axis[v, 0] + dy * fleet.axis[v, 1]
    right = dx * fleet.axis[v, 1] - dy * fleet.axis[v, 0]
    cos, sin = fleet.picture[v, HIGH_COS], fleet.picture[v, HIGH_SIN]
    across, down = fleet.picture[v, TAN_ACROSS], fleet.picture[v, TAN_DOWN]
    ok = _side(cos + sin * down, ahead * (cos * down - sin), side, is_upper, 0)
    ok = _side(sin * down - cos, ahead * (sin + cos * down), side, is_upper, 1) and ok
    ok = _side(sin * across, ahead * cos * across - right, side, is_upper, 2) and ok
    ok = _side(sin * across, ahead * cos * across + right, side, is_upper, 3) and ok
    return _side(-sin, fleet.optics[v, FOCAL_PX] / least_px_m - ahead * cos, side, is_upper, 4) and ok


@called
def open_bounds(v: int, dx: float, dy: float, fleet: Fleet) -> Bounds:
    """Return what the picture leaves on one bearing where an angle is open or the lens bends: an outer bound."""
    ground = math.sqrt(dx * dx + dy * dy)
    ahead = dx * fleet.axis[v, 0] + dy * fleet.axis[v, 1]
    aside = abs(dy * fleet.axis[v, 0] - dx * fleet.axis[v, 1])
    if fleet.picture[v, TAN_ACROSS] > 0.0:
        return _tilting_bounds(v, ahead, aside, fleet)
    if aside * fleet.half[v, COS_HALF] > ahead * fleet.half[v, SIN_HALF]:
        return Bounds(1.0, -1.0)
    low, high = -math.inf, math.inf
    if fleet.edge[v, UPPER_COS] > UPRIGHT:
        high = -ground * fleet.edge[v, UPPER_SIN] / fleet.edge[v, UPPER_COS]
    elif fleet.edge[v, UPPER_SIN] > 0.0:
        return Bounds(1.0, -1.0)
    if fleet.edge[v, LOWER_COS] > UPRIGHT:
        low = -ground * fleet.edge[v, LOWER_SIN] / fleet.edge[v, LOWER_COS]
    elif fleet.edge[v, LOWER_SIN] < 0.0:
        return Bounds(1.0, -1.0)
    return Bounds(low, high)


@inner
def _tilting_bounds(v: int, ahead: float, aside: float, fleet: Fleet) -> Bounds:
    """Return the bounds of a straight lens that may be tilted anywhere between two tilts."""
    across, down = fleet.picture[v, TAN_ACROSS], fleet.picture[v, TAN_DOWN]
    low, high = -math.inf, math.inf
    cos, sin = fleet.picture[v, HIGH_COS], fleet.picture[v, HIGH_SIN]
    if cos + sin * down > UPRIGHT:
        high = ahead * (cos * down - sin) / (cos + sin * down)
    cos, sin = fleet.picture[v, LOW_COS], fleet.picture[v, LOW_SIN]
    if cos - sin * down > UPRIGHT:
        low = -ahead * (sin + cos * down) / (cos - sin * down)
    if aside <= ahead * across:
        return Bounds(low, high)
    # Beyond half the angle a bearing is in the picture only well below the lens, or well above one that may look up.
    needed = math.sqrt(max((aside / across) ** 2 - ahead * ahead, 0.0)) if ahead > 0.0 else aside / across
    if fleet.picture[v, HIGH_SIN] >= 0.0:
        return Bounds(low, min(high, -needed))
    if fleet.picture[v, LOW_SIN] <= 0.0:
        return Bounds(max(low, needed), high)
    return Bounds(low, high)


@inner
def is_in_sector_mask(v: int, dx: float, dy: float, masks: Masks) -> bool:
    """Return whether a mask by compass hides a bearing."""
    bearing = math.atan2(dx, dy)
    for i in range(masks.sector_start[v], masks.sector_start[v + 1]):
        turn = (bearing - masks.sector[i, 0]) % (2.0 * math.pi)
        if turn <= masks.sector[i, 1]:
            return True
    return False


@inner
def _pixel(v: int, dx: float, dy: float, rise: float, masks: Masks) -> tuple[float, float]:
    """Return where a point falls in the picture; see ``pixels.pixels_at``."""
    width, height, focal = masks.frame[v, 0], masks.frame[v, 1], masks.frame[v, 2]
    azimuth, tilt = masks.frame[v, 3], masks.frame[v, 4]
    forward = dx * math.sin(azimuth) + dy * math.cos(azimuth)
    right = dx * math.cos(azimuth) - dy * math.sin(azimuth)
    if masks.projection[v] == PANORAMA:
        dip = math.atan2(-rise, math.sqrt(dx * dx + dy * dy)) - tilt
        return width / 2.0 + focal * math.atan2(right, forward), height / 2.0 + focal * dip
    ahead = forward * math.cos(tilt) - rise * math.sin(tilt)
    below = -forward * math.sin(tilt) - rise * math.cos(tilt)
    if masks.projection[v] == RECTILINEAR:
        if ahead <= UPRIGHT:
            return math.nan, math.nan
        return width / 2.0 + focal * right / ahead, height / 2.0 + focal * below / ahead
    side = max(math.sqrt(right * right + below * below), 1e-12)
    scale = focal * math.atan2(side, ahead) / side
    return width / 2.0 + right * scale, height / 2.0 + below * scale


@called
def _is_masked(v: int, m: int, dx: float, dy: float, rise: float, masks: Masks) -> bool:
    """Return whether a mask of the picture hides a point."""
    u, w = _pixel(v, dx, dy, rise, masks)
    is_in = False
    for e in range(masks.edge_start[m], masks.edge_start[m + 1]):
        pu, pw, qu, qw = masks.edge[e, 0], masks.edge[e, 1], masks.edge[e, 2], masks.edge[e, 3]
        if (pw > w) != (qw > w) and u < pu + (w - pw) / (qw - pw) * (qu - pu):
            is_in = not is_in
    return is_in


@inner
def _edge_rise(e: int, dx: float, dy: float, masks: Masks) -> float:
    """Return the rise at which a mask's edge crosses a bearing, not a number where it does not."""
    ax, ay, az = masks.edge[e, 4], masks.edge[e, 5], masks.edge[e, 6]
    bx, by, bz = masks.edge[e, 7], masks.edge[e, 8], masks.edge[e, 9]
    nx, ny, nz = ay * bz - az * by, az * bx - ax * bz, ax * by - ay * bx
    if abs(nz) < 1e-15:
        return math.nan
    rise = -(nx * dx + ny * dy) / nz
    # Between both ends, on their side of the lens.
    from_a = (ay * rise - az * dy) * nx + (az * dx - ax * rise) * ny + (ax * dy - ay * dx) * nz
    to_b = (dy * bz - rise * by) * nx + (rise * bx - dx * bz) * ny + (dx * by - dy * bx) * nz
    if from_a < 0.0 or to_b < 0.0 or dx * (ax + bx) + dy * (ay + by) + rise * (az + bz) <= 0.0:
        return math.nan
    return float(rise)


@called
def hide_behind_masks(
    v: int, dx: float, dy: float, low: float, high: float, masks: Masks, hidden: FloatArray, n: int, crossing: FloatArray
) -> int:
    """Add the intervals of rise between two bounds that masks of the picture hide on one bearing; returns their number."""
    for m in range(masks.mask_start[v], masks.mask_start[v + 1]):
        count = an_int(0)
        for e in range(masks.edge_start[m], masks.edge_start[m + 1]):
            rise = _edge_rise(e, dx, dy, masks)
            if low < rise < high and count < len(crossing) - 2:
                crossing[count] = rise
                count += 1
        sort_some(crossing, count)
        before = low
        for i in range(count + 1):
            after = crossing[i] if i < count else high
            if after > before and _is_masked(v, m, dx, dy, (before + after) / 2.0, masks) and n < len(hidden):
                hidden[n, 0], hidden[n, 1] = before, after
                n += 1
            before = after
    return n
