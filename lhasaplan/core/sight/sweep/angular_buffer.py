"""The angular buffer: per bin of directions, how near an opaque wall closes it.

Distances are kept inverse: larger is nearer. In the lens's frame a wall's line is A x + B y = 1, so on a ray with unit
direction u the inverse distance is A ux + B uy: linear, no division.
"""

# ruff: noqa: PLR0917  (kernels take plain numbers)

import math

from lhasaplan.core.base.arrays import FloatArray
from lhasaplan.core.sight.compiled.compilation import inner
from lhasaplan.core.sight.compiled.directions import BIN, BINS, BORDERS, bin_of, diamond

AT_LENS = 1e300  # inverse distance of the lens itself
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
    """Return whether all bins first to last (last < first: across the back) are closed nearer than w."""
    b = first
    while True:
        if buf[b] <= w:
            return False
        if b == last:
            return True
        b = (b + 1) & (BINS - 1)


@inner
def circle_is_out(x: float, y: float, radius: float, reach_m: float, cos_half: float, sin_half: float, buf: FloatArray) -> bool:
    """Return whether a circle is beyond range, outside the sector or behind opaque walls."""
    square = x * x + y * y
    if square > (reach_m + radius) * (reach_m + radius) or abs(y) * cos_half - x * sin_half > radius:
        return True
    tangent = square - radius * radius
    if tangent < 1.0:
        return False
    along = math.sqrt(tangent)  # from the lens to where a tangent touches the circle
    first = bin_of(diamond(x * along + y * radius, y * along - x * radius))
    last = bin_of(diamond(x * along - y * radius, y * along + x * radius))
    return covered(buf, first, last, 1.0 / (math.sqrt(square) - radius))


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
