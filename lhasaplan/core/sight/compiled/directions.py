"""Directions without trigonometry for kernels, and between which densities a set of lenses shows a spot."""

import math
from typing import NamedTuple

import numpy as np

from lhasaplan.core.base.arrays import FloatArray, IntArray
from lhasaplan.core.sight.compiled.compilation import inner, kernel

# Between which densities a set of lenses can show a spot, for kernels; ``lens.frustum`` tells why it is these.

# ruff: noqa: PLR0917  (kernels take plain numbers)


NEAREST_M = 0.05  # as in ``frustum``


class LensSet(NamedTuple):
    """What the densities of a set of lenses, or of one lens, depend on; a table of them has a row a view, in this order.

    Parameters
    ----------
    half_px : half of the most pixels across.   share : tangent of half the narrowest angle; of a bent lens half the angle.
    corner, edge : how much farther off than deep a corner and the upper edge of the longest lens's picture are.
    span_m : how much lower than the highest lens the lowest may be.   swing : of the direction, radians.
    most_turn : how far off its axis by bearing any picture of the set has anything, radians.
    least_cos, least_sin, most_cos, most_sin : of the least and of the greatest tilt, which are ``least_tilt`` and ``most_tilt``.
    is_bent, is_set : 1 or 0; an equidistant lens, and a view that stands for more than one lens.
    fewest_half_px, wide_share : as ``half_px`` and ``share``, of the fewest pixels and of the widest angle.
    axis_cos, axis_sin : of the middle axis, counter-clockwise from east.
    """

    half_px: float
    share: float
    corner: float
    edge: float
    span_m: float
    swing: float
    most_turn: float
    least_cos: float
    least_sin: float
    most_cos: float
    most_sin: float
    is_bent: float
    is_set: float
    fewest_half_px: float
    wide_share: float
    least_tilt: float
    most_tilt: float
    axis_cos: float
    axis_sin: float


IS_SET, SPAN_M = LensSet._fields.index("is_set"), LensSet._fields.index("span_m")


@inner
def lens_set(table: FloatArray, v: int) -> LensSet:
    """Return one row of a table of sets."""
    return LensSet(
        table[v, 0], table[v, 1], table[v, 2], table[v, 3], table[v, 4], table[v, 5], table[v, 6], table[v, 7], table[v, 8],
        table[v, 9], table[v, 10], table[v, 11], table[v, 12], table[v, 13], table[v, 14], table[v, 15], table[v, 16],
        table[v, 17], table[v, 18],
    )  # fmt: skip


@inner
def _least_half_width_m(
    lens: LensSet, cos_tilt: float, sin_tilt: float, ground: float, drop: float, near: float, far: float
) -> float:
    """Return half of the least width of a picture that holds a spot, at one tilt and height, whichever way it is turned.

    Turned away the spot lies farther aside, which asks for a wider picture, and less deep: best where both ask for the same.
    """
    across = math.sqrt(1.0 + (lens.share * cos_tilt) ** 2)
    over = lens.share * drop * sin_tilt / max(ground, NEAREST_M) / across
    turn = math.atan(lens.share * cos_tilt) + math.asin(min(max(over, -1.0), 1.0))
    turn = min(max(turn, near), far)
    return max(lens.share * (ground * math.cos(turn) * cos_tilt + drop * sin_tilt), ground * math.sin(turn))


@inner
def _turned(lens: LensSet, ground: float, turn: float, low: float, drop: float) -> float:
    """Return half of the least width of a picture that holds a spot where the direction may turn."""
    near, far = max(0.0, turn - lens.swing), min(turn + lens.swing, lens.most_turn)
    aside = ground * math.sin(min(near, math.pi / 2.0))
    if far > math.pi / 2.0:  # steep pictures hold what is behind the foot of the lens
        return aside
    far, c, s = max(near, far), lens.least_cos, lens.least_sin
    least = min(_least_half_width_m(lens, c, s, ground, low, near, far), _least_half_width_m(lens, c, s, ground, drop, near, far))
    c, s = lens.most_cos, lens.most_sin
    most = min(_least_half_width_m(lens, c, s, ground, low, near, far), _least_half_width_m(lens, c, s, ground, drop, near, far))
    return max(aside, min(least, most))


@inner
def sharpest_px_m(lens: LensSet, ahead: float, aside: float, drop: float) -> float:
    """Return the highest density of a spot so far ahead and aside of the middle axis and below the highest lens."""
    low = drop - lens.span_m
    ground, least = math.sqrt(ahead * ahead + aside * aside), max(0.0, low, -drop)
    square = ground * ground + least * least
    if lens.is_bent > 0.0:
        return float(lens.half_px / (lens.share * max(math.sqrt(square), NEAREST_M)))
    if lens.swing > 0.0:
        turn = math.atan2(aside, ahead) if lens.swing < math.pi else 0.0  # turned anywhere, all bearings are the same
        width = _turned(lens, ground, turn, low, drop)
        return float(lens.half_px / max(width, lens.share * max(math.sqrt(square) / lens.corner, NEAREST_M)))
    by_axis = min(
        ahead * lens.least_cos + min(low * lens.least_sin, drop * lens.least_sin),
        ahead * lens.most_cos + min(low * lens.most_sin, drop * lens.most_sin),
    )
    if lens.is_set == 0.0:
        return float(lens.half_px / (lens.share * max(by_axis, NEAREST_M)))
    aside = aside if ahead > 0.0 else ground
    by_picture = math.sqrt(max(square - aside * aside, 0.0)) / lens.edge
    return float(lens.half_px / max(lens.share * max(by_axis, by_picture, NEAREST_M), aside))


@inner
def _depth_m(lens: LensSet, ahead: float, drop: float) -> float:
    """Return the greatest depth of a spot below a lens that may tilt."""
    if ahead > 0.0 and lens.least_tilt >= -math.pi / 2.0 and lens.most_tilt <= math.pi / 2.0:  # told without the spot's angle
        if drop * lens.least_cos <= ahead * lens.least_sin:
            return ahead * lens.least_cos + drop * lens.least_sin
        if drop * lens.most_cos >= ahead * lens.most_sin:
            return ahead * lens.most_cos + drop * lens.most_sin
        return math.sqrt(ahead * ahead + drop * drop)
    tilt = min(max(math.atan2(drop, ahead), lens.least_tilt), lens.most_tilt)
    return ahead * math.cos(tilt) + drop * math.sin(tilt)


@inner
def least_px_m(lens: LensSet, ahead: float, aside: float, drop: float) -> float:
    """Return the lowest density of a spot: by the shortest lens, its axis as near to it as it may be, farthest above it."""
    low, ground = drop - lens.span_m, math.sqrt(ahead * ahead + aside * aside)
    if lens.is_bent > 0.0:
        most = max(abs(low), abs(drop))
        depth = math.sqrt(ground * ground + most * most)
    else:
        if lens.swing > 0.0:
            turn = math.atan2(aside, ahead) if lens.swing < math.pi else 0.0
            ahead = ground * math.cos(max(0.0, turn - lens.swing))
        depth = max(_depth_m(lens, ahead, low), _depth_m(lens, ahead, drop))
    return lens.fewest_half_px / (lens.wide_share * max(depth, NEAREST_M))


@inner
def limits_px_m(lens: LensSet, dx: float, dy: float, drop: float) -> tuple[float, float]:
    """Return the lowest and the highest density of a spot so far east, north and below the highest lens."""
    ahead, aside = dx * lens.axis_cos + dy * lens.axis_sin, abs(dy * lens.axis_cos - dx * lens.axis_sin)
    high = sharpest_px_m(lens, ahead, aside, drop)
    return min(least_px_m(lens, ahead, aside, drop), high), high


@kernel
def limits_of_spots(
    table: FloatArray, view: IntArray, dx: FloatArray, dy: FloatArray, drop: FloatArray, low: FloatArray, high: FloatArray
) -> None:
    """Write the lowest and the highest density of spots, each with the number of its set in the table."""
    for i in range(len(view)):
        low[i], high[i] = limits_px_m(lens_set(table, view[i]), dx[i], dy[i], drop[i])


# Directions without trigonometry: the diamond angle, and the bins that the circle is cut into.

BINS = 256  # 0.9 to 1.8 degrees each
BIN = 4.0 / BINS


def _borders() -> FloatArray:
    """Return unit vectors of the bins' borders, shape (BINS + 1, 2)."""
    angle = np.arange(BINS + 1) * BIN - 2.0
    x = 1.0 - np.abs(angle)
    y = np.where(np.abs(angle) <= 1.0, angle, np.sign(angle) * (2.0 - np.abs(angle)))
    return np.ascontiguousarray(np.column_stack((x, y)) / np.hypot(x, y)[:, None])


BORDERS = _borders()


@inner
def diamond(x: float, y: float) -> float:
    """Return a monotone stand-in for atan2(y, x), from -2 to 2."""
    ahead = y / (abs(x) + abs(y))
    behind = (2.0 if y >= 0.0 else -2.0) - ahead
    return ahead if x >= 0.0 else behind


@inner
def bin_of(angle: float) -> int:
    """Return the bin of a diamond angle."""
    return min(BINS - 1, max(0, int((angle + 2.0) * (BINS / 4))))
