"""The highest density at which a set of lenses can show a spot, for kernels; ``lens.density_limits`` tells why it is that."""

# ruff: noqa: PLR0917  (kernels take plain numbers)

import math
from typing import NamedTuple

from lhasaplan.core.sight.compiled.compilation import inner

NEAREST_M = 0.05  # as in ``frustum``


class LensSet(NamedTuple):
    """What the highest density of a set of lenses depends on.

    Parameters
    ----------
    half_px : half of the most pixels across.   share : tangent of half the narrowest angle; of a bent lens half the angle.
    corner, edge : how much farther off than deep a corner and the upper edge of the longest lens's picture are.
    span_m : how much lower than the highest lens the lowest may be.   swing : of the direction, radians.
    most_turn : how far off its axis by bearing any picture of the set has anything, radians.
    least_cos, least_sin, most_cos, most_sin : of the least and of the greatest tilt.
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
    is_bent: bool


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
    if lens.is_bent:
        return float(lens.half_px / (lens.share * max(math.sqrt(square), NEAREST_M)))
    if lens.swing > 0.0:
        width = _turned(lens, ground, math.atan2(aside, ahead), low, drop)
        return float(lens.half_px / max(width, lens.share * max(math.sqrt(square) / lens.corner, NEAREST_M)))
    by_axis = min(
        ahead * lens.least_cos + min(low * lens.least_sin, drop * lens.least_sin),
        ahead * lens.most_cos + min(low * lens.most_sin, drop * lens.most_sin),
    )
    aside = aside if ahead > 0.0 else ground
    by_picture = math.sqrt(max(square - aside * aside, 0.0)) / lens.edge
    return float(lens.half_px / max(lens.share * max(by_axis, by_picture, NEAREST_M), aside))
