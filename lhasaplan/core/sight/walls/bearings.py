"""What stands around a lens, sorted by bearing: a wall asks only about the parts in the sector that it fills itself."""

# ruff: noqa: PLR0917  (kernels take plain numbers)

import math
from typing import NamedTuple

import numpy as np

from lhasaplan.core.base.arrays import IntArray
from lhasaplan.core.sight.compiled.compilation import called, inner
from lhasaplan.core.sight.compiled.diamond_angles import diamond
from lhasaplan.core.sight.obstacles.building_index import TownIndex

SECTORS = 128  # equal parts of the diamond angle, which goes from -2 to 2


class ByBearing(NamedTuple):
    """Scratch: where the parts of each sector begin, these parts, and for which wall each part was asked last.

    Parameters
    ----------
    start, filled : shape (SECTORS + 1,).   part : places in the list of gathered parts.   asked : shape (parts,).
    """

    start: IntArray
    filled: IntArray
    part: IntArray
    asked: IntArray


def make_by_bearing(size: int) -> ByBearing:
    """Return new scratch for up to so many parts."""
    start, filled = np.empty(SECTORS + 1, np.int64), np.empty(SECTORS + 1, np.int64)
    return ByBearing(start, filled, np.empty(8 * size, np.int64), np.empty(size, np.int64))


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


@called
def sort_by_bearing(parts: int, part: IntArray, x: float, y: float, town: TownIndex, by: ByBearing) -> bool:
    """Sort gathered parts by the sectors that they touch; returns False where they do not fit."""
    if parts > len(by.asked):
        return False
    for b in range(SECTORS + 1):
        by.start[b] = 0
    for j in range(parts):
        by.asked[j] = -1
        first, count = _span(part[j], x, y, town)
        for i in range(count):
            by.start[(first + i) % SECTORS + 1] += 1
    for b in range(SECTORS):
        by.start[b + 1] += by.start[b]
        by.filled[b] = by.start[b]
    if by.start[SECTORS] > len(by.part):
        return False
    for j in range(parts):
        first, count = _span(part[j], x, y, town)
        for i in range(count):
            b = (first + i) % SECTORS
            by.part[by.filled[b]] = j
            by.filled[b] += 1
    return True
