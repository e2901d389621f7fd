"""Compute the heights between which the picture of a view lies on a wall, by sides, density and masks along one bearing."""

# ruff: noqa: PLR0917  (kernels take plain numbers)

import math
from typing import NamedTuple

from lhasaplan.core.base.arrays import BoolArray, FloatArray, IntArray
from lhasaplan.core.sight.compiled.compilation import an_int, called, inner
from lhasaplan.core.sight.lens.picture_columns import (
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
from lhasaplan.core.sight.walls.facade import sort_some

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
