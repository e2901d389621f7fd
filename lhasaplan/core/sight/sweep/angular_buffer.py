"""The angular buffer: per bin of directions, how near an opaque wall closes it.

Distances are kept inverse: larger is nearer. In the lens's frame a wall's line is A x + B y = 1, so on a ray with unit
direction u the inverse distance is A ux + B uy: linear, no division.
"""

# ruff: noqa: PLR0917  (kernels take plain numbers)

import math
from typing import NamedTuple

from lhasaplan.core.base.arrays import FloatArray
from lhasaplan.core.sight.compiled.compilation import inner
from lhasaplan.core.sight.compiled.directions import BIN, BINS, BORDERS

AT_LENS = 1e300  # inverse distance of the lens itself
OUT = -1.0
LOW_END, LOW_W, HIGH_START, HIGH_W = 0, 1, 2, 3  # columns of ``part``: a bin covered from its lower and its upper border


@inner
def open_bins(buf: FloatArray, part: FloatArray, first: int, last: int, reach_m: float) -> None:
    """Close all bins but those of the sector, which are closed at the range only."""
    for b in range(BINS):
        buf[b] = AT_LENS
    for b in range(first, last + 1):
        part[b, LOW_END] = b * BIN - 2.0
        part[b, LOW_W] = AT_LENS
        part[b, HIGH_START] = part[b, LOW_END] + BIN
        part[b, HIGH_W] = AT_LENS
        buf[b] = 1.0 / reach_m


@inner
def covered(buf: FloatArray, first: int, last: int, w: float) -> bool:
    """Return whether all bins first to last (last < first: across the back) are closed nearer than w.

    The middle is asked first: what is seen at all is mostly seen there.
    """
    b = first
    if buf[(first + (((last - first) & (BINS - 1)) >> 1)) & (BINS - 1)] <= w:
        return False
    while True:
        if buf[b] <= w:
            return False
        if b == last:
            return True
        b = (b + 1) & (BINS - 1)


class Arc(NamedTuple):
    """The bins that a circle spans, and the inverse distance nearer than which walls must close them to hide it.

    That is OUT where it is beyond range or outside the sector: whatever closes a bin is nearer.
    """

    first: int
    last: int
    w: float


@inner
def arc_of(x: float, y: float, radius: float, reach_m: float, cos_half: float, sin_half: float) -> Arc:
    """Return the arc of a circle, without a branch: those of several circles are worked out at the same time.

    It may be a little too long: from the circle's middle it spans at most ``aside`` in diamond angles. The sine of half its width
    is radius / away, an angle is at most its sine and 0.571 times the sine's cube, and along a direction the diamond angle
    grows by ``growth`` there, which changes by less than 2 a radian. A circle too near for that counts as never hidden.
    """
    square = x * x + y * y
    away = math.sqrt(square)
    gap = away - radius
    inverse, ahead = 1.0 / (gap * away), 1.0 / (abs(x) + abs(y))
    sine, growth = radius * inverse * gap, square * ahead * ahead
    half = sine + 0.571 * sine * sine * sine
    middle = y * ahead
    middle = middle if x >= 0.0 else (2.0 if y >= 0.0 else -2.0) - middle
    aside = half * min(1.0, growth + half)
    outside = max(square - (reach_m + radius) * (reach_m + radius), abs(y) * cos_half - x * sin_half - radius)
    is_asked = outside <= 0.0 and gap > radius
    middle, aside = (middle, aside) if is_asked else (0.0, 0.0)
    first, last = int((middle - aside + 6.0) * (BINS / 4)), int((middle + aside + 6.0) * (BINS / 4))
    w = inverse * away if gap > radius else math.inf
    return Arc(first & (BINS - 1), last & (BINS - 1), OUT if outside > 0.0 else w)


@inner
def _settle(buf: FloatArray, part: FloatArray, b: int) -> None:
    """Close a bin whose two covered ends meet."""
    if part[b, LOW_END] >= part[b, HIGH_START]:
        buf[b] = max(buf[b], min(part[b, LOW_W], part[b, HIGH_W]))


@inner
def _cover_low(buf: FloatArray, part: FloatArray, b: int, end: float, w: float) -> None:
    """Note that the bin is covered from its lower border to ``end`` at w or nearer."""
    if end > part[b, LOW_END]:
        part[b, LOW_END] = end
        part[b, LOW_W] = w
    _settle(buf, part, b)


@inner
def _cover_high(buf: FloatArray, part: FloatArray, b: int, start: float, w: float) -> None:
    """Note that the bin is covered from ``start`` to its upper border at w or nearer."""
    if start < part[b, HIGH_START]:
        part[b, HIGH_START] = start
        part[b, HIGH_W] = w
    _settle(buf, part, b)


@inner
def _cover_within(buf: FloatArray, part: FloatArray, b: int, p0: float, p1: float, w: float) -> None:
    """Lengthen the covered ends of a bin by a wall that lies within it."""
    if p0 <= part[b, LOW_END] and p1 > part[b, LOW_END]:
        _cover_low(buf, part, b, p1, min(part[b, LOW_W], w))
    if p1 >= part[b, HIGH_START] and p0 < part[b, HIGH_START]:
        _cover_high(buf, part, b, p0, min(part[b, HIGH_W], w))


@inner
def close_bins(buf: FloatArray, part: FloatArray, p0: float, p1: float, a: float, b_: float, w0: float, w1: float) -> None:
    """Close the bins that an opaque wall from diamond angle p0 to p1 spans; on a wall w is least at a bin's border.

    At its two ends, where the inverse distances are w0 and w1, it covers a part of a bin. Two parts that meet close
    the bin as well, so that corners of buildings and joints of row houses leave no leaks.
    """
    first, last = int((p0 + 2.0) * (BINS / 4)), int((p1 + 2.0) * (BINS / 4))
    if first == last and p0 <= p1:
        _cover_within(buf, part, min(first, BINS - 1), p0, p1, min(w0, w1))
        return
    if p1 < p0:
        last += BINS
    m = (first + 1) & (BINS - 1)
    here = a * BORDERS[m, 0] + b_ * BORDERS[m, 1]
    _cover_high(buf, part, min(first, BINS - 1), p0, min(w0, here))
    for k in range(first + 1, last):
        m = (k + 1) & (BINS - 1)
        further = a * BORDERS[m, 0] + b_ * BORDERS[m, 1]
        buf[k & (BINS - 1)] = max(buf[k & (BINS - 1)], min(here, further))
        here = further
    if p1 < 2.0:
        _cover_low(buf, part, last & (BINS - 1), p1, min(w1, here))
