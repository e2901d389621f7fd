"""What stands around a lens, sorted by bearing: a wall asks only about the parts in the sector that it fills itself."""

import math
from functools import cache
from typing import NamedTuple

import numpy as np

from lhasaplan.core.base.arrays import FloatArray, IntArray
from lhasaplan.core.sight.compiled.compilation import an_int, called, inner
from lhasaplan.core.sight.compiled.directions import diamond
from lhasaplan.core.sight.obstacles.building_index import TownIndex

# How high what stands nearer reaches, bearing by bearing and ring by ring: most walls of a city lie wholly below it.
#
# A quick refusal before anything exact is asked: it only ever says that a wall is hidden where one edge alone hides it.

# ruff: noqa: PLR0917  (kernels take plain numbers)


BEARINGS = 1024  # equal parts of the diamond angle, which goes from -2 to 2
RINGS = 40
FIRST_RING_M, RING_GROWTH = 4.0, 1.18
NEVER = -1e18
SURE = 1e-9


SECTORS = 128  # equal parts of the diamond angle, which goes from -2 to 2
MOST_SECTORS = SECTORS + 1  # more than a part can touch


class ByBearing(NamedTuple):
    """Scratch: where the parts of each sector begin, these parts, and for which wall each part was asked last.

    Parameters
    ----------
    start, filled : shape (SECTORS + 1,).   part : places in the list of gathered parts.
    from_m : shape of ``part``; nearer to the lens than this are neither the part nor those after it in its sector.
    asked : shape (parts,); less than 0 of a part that was not asked yet, and then the sectors that it touches.
    nearest_m : shape (parts,).
    """

    start: IntArray
    filled: IntArray
    part: IntArray
    from_m: FloatArray
    asked: IntArray
    nearest_m: FloatArray


def make_by_bearing(size: int) -> ByBearing:
    """Return new scratch for up to so many parts."""
    start, filled = np.empty(SECTORS + 1, np.int64), np.empty(SECTORS + 1, np.int64)
    return ByBearing(
        start, filled, np.empty(8 * size, np.int64), np.empty(8 * size), np.empty(size, np.int64), np.empty(size)
    )  # fmt: skip


class Horizon(NamedTuple):
    """Scratch: the steepest slope that hides all behind it, shape (RINGS, BEARINGS), and where bearings begin, unit vectors.

    ``reached`` and ``closed`` are the steepest slope so far at each bearing, and the least of them in each sector.
    """

    slope: FloatArray
    border: FloatArray
    reached: FloatArray
    closed: FloatArray


def make_horizon() -> Horizon:
    """Return new scratch."""
    return Horizon(np.empty((RINGS, BEARINGS)), _borders(), np.empty(BEARINGS), np.empty(SECTORS))


@cache
def _borders() -> FloatArray:
    """Return where bearings begin, shape (BEARINGS + 1, 2)."""
    turn = np.linspace(-2.0, 2.0, BEARINGS + 1)
    # The diamond angle a of a direction: y / (|x| + |y|) goes up from -1 to 1 before the lens, and on behind it.
    y = np.where(np.abs(turn) <= 1.0, turn, np.sign(turn) * (2.0 - np.abs(turn)))
    x = np.where(np.abs(turn) <= 1.0, 1.0, -1.0) * (1.0 - np.abs(y))
    length = np.hypot(x, y)
    return np.ascontiguousarray(np.column_stack((x / length, y / length)))


def _rings() -> IntArray:
    """Return the first ring that begins no nearer than each whole metre, up to the last ring."""
    begins = FIRST_RING_M * RING_GROWTH ** np.arange(RINGS)
    return np.searchsorted(begins, np.arange(int(begins[-1]) + 2) - 1e-9)


RING_AT = _rings()  # a logarithm for each edge took as long as all else that is asked of it


@inner
def ring_of(metre: int) -> int:
    """Return the first ring that begins no nearer than a whole metre, ``RINGS`` beyond the last."""
    return RING_AT[metre] if metre < len(RING_AT) else an_int(RINGS)


@inner
def _bearing(x: float, y: float) -> float:
    """Return the number of a direction's bearing, with its fraction."""
    return (diamond(x, y) + 2.0) * (BEARINGS / 4.0)


@called
def raise_horizon(
    parts: int, part: IntArray, by: ByBearing, x: float, y: float, z: float, low: float, reach: float, town: TownIndex,
    horizon: Horizon,
) -> None:  # fmt: skip
    """Note what each part that stands on the ground hides for certain: all bearings that one of its edges fills from end to end.

    Parts come nearly from near to far: most lie wholly below those before them, and of these no edge is asked.

    Parameters
    ----------
    low : the lowest wall that is asked about; what stands above it hides only a band.   reach : of the farthest wall.
    """
    rings = min(RINGS, ring_of(int(reach) + 1) + 1)
    for ring in range(rings):
        for b in range(BEARINGS):
            horizon.slope[ring, b] = NEVER
    horizon.reached[:] = NEVER
    horizon.closed[:] = NEVER
    for j in range(parts):
        k = part[j]
        base, top = town.part[k, 3], town.part[k, 4]
        if base > min(low, z) or top <= z or _lies_below(j, top - z, by, horizon):
            continue
        for ring in range(town.part_ring[k], town.part_ring[k + 1]):
            start, end = town.ring_start[ring], town.ring_start[ring + 1]
            px, py = town.corner[end - 1, 0] - x, town.corner[end - 1, 1] - y
            for v in range(start, end):
                qx, qy = town.corner[v, 0] - x, town.corner[v, 1] - y
                c = px * qy - py * qx
                if c < -SURE:  # met from its outer side, which is all that is needed
                    _raise_edge(qx, qy, px, py, top - z, rings, horizon)
                px, py = qx, qy
        _close_sectors(j, by, horizon)
    for ring in range(1, rings):
        for b in range(BEARINGS):
            horizon.slope[ring, b] = max(horizon.slope[ring, b], horizon.slope[ring - 1, b])


@inner
def _lies_below(j: int, rise: float, by: ByBearing, horizon: Horizon) -> bool:
    """Return whether a part that rises so far above the lens lies below the horizon so far, in all sectors that it touches."""
    first, count = _sectors_of(j, by)
    i = count if by.nearest_m[j] <= 0.0 else 0
    while i < count and horizon.closed[(first + i) % SECTORS] * by.nearest_m[j] >= rise:
        i += 1
    return i == count and by.nearest_m[j] > 0.0


@inner
def _close_sectors(j: int, by: ByBearing, horizon: Horizon) -> None:
    """Note how steep the horizon is all through each sector that a part touches."""
    first, count = _sectors_of(j, by)
    for i in range(count):
        sector = (first + i) % SECTORS
        least = horizon.reached[sector * (BEARINGS // SECTORS)]
        for b in range(1, BEARINGS // SECTORS):
            least = min(least, horizon.reached[sector * (BEARINGS // SECTORS) + b])
        horizon.closed[sector] = least


@inner
def _raise_edge(px: float, py: float, qx: float, qy: float, rise: float, rings: int, horizon: Horizon) -> None:
    """Note an edge from p counter-clockwise to q, seen from the lens."""
    first, last = _bearing(px, py), _bearing(qx, qy)
    if last < first:
        return  # across the seam: nothing is noted
    b, end = math.ceil(first), math.floor(last)
    # All of an edge counts from the ring of its farther end on: a little late, but a ring is asked for once, not at each bearing.
    ring = ring_of(int(math.sqrt(max(px * px + py * py, qx * qx + qy * qy))) + 1) if b < end else rings
    if ring >= rings:
        return
    dx, dy = qx - px, qy - py
    c = px * dy - py * dx
    before = c / (horizon.border[b, 0] * dy - horizon.border[b, 1] * dx)
    while b < end:
        b += 1
        after = c / (horizon.border[b, 0] * dy - horizon.border[b, 1] * dx)
        steep = rise / max(before, after)
        horizon.slope[ring, b - 1] = max(horizon.slope[ring, b - 1], steep)
        horizon.reached[b - 1] = max(horizon.reached[b - 1], steep)
        before = after


@inner
def is_below(ax: float, ay: float, bx: float, by: float, rise: float, nearest: float, horizon: Horizon) -> bool:
    """Return whether a wall from a to b, as ways from the lens, is hidden up to a rise over the lens by what is surely nearer.

    Parameters
    ----------
    nearest : level distance of the wall's nearest place.
    """
    ring = ring_of(int(max(nearest, 0.0))) - 1
    if ring < 0:
        return False
    first, last = _bearing(ax, ay), _bearing(bx, by)
    if last < first:
        first, last = last, first
    if last - first > BEARINGS / 2.0:  # across the seam
        return False
    needed, open_ = rise / nearest if rise > 0.0 else 0.0, an_int(0)
    # Counted, and by numbers without a sign: so processors ask of several bearings at a time.
    for b in range(np.uint64(math.floor(first)), np.uint64(min(math.floor(last), BEARINGS - 1) + 1)):
        open_ += horizon.slope[ring, b] < needed
    return open_ == 0


@inner
def sector_of(x: float, y: float) -> int:
    """Return the sector of a direction."""
    return min(SECTORS - 1, int((diamond(x, y) + 2.0) * (SECTORS / 4.0)))


@inner
def _span(k: int, x: float, y: float, town: TownIndex) -> tuple[int, int]:
    """Return the first sector that a part's circle touches, and how many it does, counter-clockwise."""
    cx, cy, radius = town.part[k, 0] - x, town.part[k, 1] - y, town.part[k, 2] * 1.001 + 0.1
    square = cx * cx + cy * cy
    if square <= 2.0 * radius * radius:
        return 0, SECTORS
    sine = radius / math.sqrt(square)
    cosine = math.sqrt(1.0 - sine * sine)
    first = sector_of(cx * cosine + cy * sine, cy * cosine - cx * sine)
    last = sector_of(cx * cosine - cy * sine, cy * cosine + cx * sine)
    return first, (last - first) % SECTORS + 1


@inner
def _sectors_of(j: int, by: ByBearing) -> tuple[int, int]:
    """Return the first sector that a part touches which no wall was asked about yet, and how many it does."""
    both = -1 - by.asked[j]
    return both // MOST_SECTORS, both % MOST_SECTORS


@called
def sort_by_bearing(parts: int, part: IntArray, x: float, y: float, town: TownIndex, by: ByBearing) -> bool:
    """Sort gathered parts by the sectors that they touch, in their order; returns False where they do not fit."""
    if parts > len(by.asked):
        return False
    for b in range(SECTORS + 1):
        by.start[b] = 0
    for j in range(parts):
        first, count = _span(part[j], x, y, town)
        by.asked[j] = -1 - (first * MOST_SECTORS + count)
        cx, cy = town.part[part[j], 0] - x, town.part[part[j], 1] - y
        by.nearest_m[j] = math.sqrt(cx * cx + cy * cy) - town.part[part[j], 2]
        for i in range(count):
            by.start[(first + i) % SECTORS + 1] += 1
    for b in range(SECTORS):
        by.start[b + 1] += by.start[b]
        by.filled[b] = by.start[b]
    if by.start[SECTORS] > len(by.part):
        return False
    for j in range(parts):
        first, count = _sectors_of(j, by)
        for i in range(count):
            b = (first + i) % SECTORS
            by.part[by.filled[b]] = j
            by.filled[b] += 1
    for b in range(SECTORS):
        nearest = math.inf
        for at in range(by.start[b + 1] - 1, by.start[b] - 1, -1):
            nearest = min(nearest, by.nearest_m[by.part[at]])
            by.from_m[at] = nearest
    return True
