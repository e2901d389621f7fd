"""The seen part of one wall: pieces of at most a metre, each a trapezoid between two heights at either end."""

# ruff: noqa: PLR0917  (kernels take plain numbers)

import math
from typing import NamedTuple

from lhasaplan.core.base.arrays import BoolArray, FloatArray, IntArray
from lhasaplan.core.sight.compiled.compilation import an_int, called, inner
from lhasaplan.core.sight.compiled.small_kernels import sort_some
from lhasaplan.core.sight.lens.true_picture import HIGH_SIN, Fleet
from lhasaplan.core.sight.lines.points import density_at
from lhasaplan.core.sight.obstacles.building_index import TownIndex
from lhasaplan.core.sight.obstacles.relief import Relief
from lhasaplan.core.sight.obstacles.relief_lines import clearing_height
from lhasaplan.core.sight.walls.bearings import ByBearing, Horizon
from lhasaplan.core.sight.walls.facade import (
    FULL,
    INVERSE0,
    INVERSE1,
    IS_BAND,
    MOST_SIDES,
    PART,
    RECTILINEAR,
    S0,
    S1,
    UPPER0,
    UPPER1,
    Facade,
    Masks,
    has_straight_sides,
    hide_behind_masks,
    is_in_sector_mask,
    open_bounds,
    straight_sides,
    way,
)
from lhasaplan.core.sight.walls.piece_columns import BEST0, BEST1, FROM, HIGH0, HIGH1, LOW0, LOW1, TO, Pieces

LEAST_HEIGHT_M = 0.1  # docs/glossary.md, frontage in view: what is lower in one piece does not count
CELL_M = 1.0  # pieces are cut at least so often
CELL_SHARE = 0.05  # of the distance, where density goes by it: between two cuts its inverse then runs evenly to 0.03 %
FINEST_CELL_M = 0.125
FINE_M = 0.1  # how finely a piece is cut where masks or raised decks leave several intervals of height
CLOSE = 1e-12
SHORTEST_M = 1e-6
ENDLESS = 1e9


class Lenses(NamedTuple):
    """Views for this kernel: optics, the lowest height that each lens may have, masks, the wall of the mount (x, y, unit).

    ``own_wall`` is NaN without one, ``own`` the building of the mount, -1 for none. ``is_set`` are views that stand for several
    lenses: no density cuts what they show here, since the sharpest and the least sharp of them are worked out from the pieces.
    """

    fleet: Fleet
    lowest_z: FloatArray
    is_set: BoolArray
    masks: Masks
    own_wall: FloatArray
    own: IntArray
    least_px_m: float


class WallRoom(NamedTuple):
    """Scratch: cells that are asked about, shadows, cuts along a wall, the bounds within one cut, hidden intervals, crossings."""

    cell: IntArray
    shadow: FloatArray
    cut: FloatArray
    lower: FloatArray
    upper: FloatArray
    side: FloatArray
    is_upper: BoolArray
    hidden: FloatArray
    crossing: FloatArray
    horizon: Horizon
    by: ByBearing


@inner
def _cut_wall(v: int, f: Facade, shadows: int, lenses: Lenses, room: WallRoom) -> int:
    """Write the places along a wall where anything may begin or end, ascending; returns their number, FULL without room."""
    n = an_int(0)
    cells = math.ceil(f.length / _cell_m(v, f, lenses) - 1e-9)
    for i in range(cells + 1):
        s = f.length * i / cells
        if f.first < s < f.last:
            if n >= len(room.cut):
                return FULL
            room.cut[n] = s
            n += 1
    for i in range(shadows):
        for s in (room.shadow[i, S0], room.shadow[i, S1]):
            if f.first < s < f.last:
                if n >= len(room.cut):
                    return FULL
                room.cut[n] = s
                n += 1
    n = _cut_at_sectors(v, f, lenses.masks, room, n)
    if n == FULL or n + 2 > len(room.cut):
        return FULL
    room.cut[n], room.cut[n + 1] = f.first, f.last
    sort_some(room.cut, n + 2)
    return n + 2


@inner
def _cell_m(v: int, f: Facade, lenses: Lenses) -> float:
    """Return how often a wall is cut: for bent lenses and for several lenses by the angle that it fills.

    The depth of a straight lens is linear along a wall, the distance is not: near the lens a metre would be too coarse.
    """
    if not lenses.is_set[v] and lenses.masks.projection[v] == RECTILINEAR:
        return CELL_M
    aside = min(max(f.foot, f.first), f.last) - f.foot
    most_m, cell_m = CELL_SHARE * math.sqrt(f.away * f.away + aside * aside), CELL_M
    while cell_m > most_m and cell_m > FINEST_CELL_M:
        cell_m /= 2.0
    return max(cell_m, most_m) if lenses.is_set[v] else cell_m


@inner
def _cut_at_sectors(v: int, f: Facade, masks: Masks, room: WallRoom, n: int) -> int:
    """Add the places where masks by compass begin and end."""
    for i in range(masks.sector_start[v], masks.sector_start[v + 1]):
        for turn in (masks.sector[i, 0], masks.sector[i, 0] + masks.sector[i, 1]):
            east, north = math.sin(turn), math.cos(turn)
            towards = -east * f.along_y + north * f.along_x
            if towards > 1e-9:
                s = f.foot + (east * f.along_x + north * f.along_y) * f.away / towards
                if f.first < s < f.last:
                    if n >= len(room.cut):
                        return FULL
                    room.cut[n] = s
                    n += 1
    return n


@inner
def _bound(f: Facade, first: float, last: float, v: int, lenses: Lenses, relief: Relief, room: WallRoom) -> tuple[int, int]:
    """Write the lower and upper bounds that wall, picture and ground set between two cuts, (height at first, at last) each.

    Returns the numbers of lower and upper ones; (0, 0) where nothing is left.
    """
    fleet, z, lowest = lenses.fleet, lenses.fleet.place[v, 2], lenses.lowest_z[v]
    lows, highs = an_int(1), an_int(1)
    room.lower[0, 0], room.lower[0, 1], room.upper[0, 0], room.upper[0, 1] = f.base, f.base, f.top, f.top
    if has_straight_sides(v, fleet):
        least = CLOSE if lenses.is_set[v] else lenses.least_px_m  # of a level set its shortest lens would end all of it
        for end in range(2):
            dx, dy = way(f, first if end == 0 else last)
            straight_sides(v, dx, dy, least, fleet, room.side[end], room.is_upper)
        dx, dy = way(f, (first + last) / 2.0)
        ok = straight_sides(v, dx, dy, least, fleet, room.side[2], room.is_upper)
        if not ok:
            return 0, 0
        for i in range(MOST_SIDES - 1 if lenses.is_set[v] else MOST_SIDES):
            if math.isinf(room.side[0, i]) or math.isinf(room.side[1, i]):
                continue
            if room.is_upper[i]:
                room.upper[highs, 0], room.upper[highs, 1] = z + room.side[0, i], z + room.side[1, i]
                highs += 1
            else:
                room.lower[lows, 0], room.lower[lows, 1] = lowest + room.side[0, i], lowest + room.side[1, i]
                lows += 1
    else:
        low, high = -math.inf, math.inf
        dx, dy = way(f, (first + last) / 2.0)
        middle = open_bounds(v, dx, dy, fleet)
        if middle.low > middle.high:
            return 0, 0
        for end in range(2):
            dx, dy = way(f, first if end == 0 else last)
            at = open_bounds(v, dx, dy, fleet)
            low, high = (middle.low, middle.high) if at.low > at.high else (at.low, at.high)
            room.lower[1, end] = lowest + max(low, -1e9)
            room.upper[1, end] = z + min(high, 1e9)
        lows, highs = an_int(2), an_int(2)
    if not relief.is_level:
        x, y = fleet.place[v, 0], fleet.place[v, 1]
        for end in range(2):
            dx, dy = way(f, first if end == 0 else last)
            room.lower[lows, end] = clearing_height(relief, x, y, z, x + dx, y + dy)
        lows += 1
    return lows, highs


@inner
def _shade(first: float, last: float, shadows: int, lows: int, room: WallRoom) -> tuple[int, bool]:
    """Add the lower bounds that shadows set between two cuts; returns their number (FULL) and whether a band hides any of it."""
    has_band, middle = False, (first + last) / 2.0
    for i in range(shadows):
        start, end = room.shadow[i, S0], room.shadow[i, S1]
        if not start < middle < end:
            continue
        if room.shadow[i, IS_BAND] > 0.0:
            has_band = True
            continue
        if lows >= len(room.lower):
            return FULL, has_band
        u0, u1, width = room.shadow[i, UPPER0], room.shadow[i, UPPER1], end - start
        room.lower[lows, 0] = u0 + (u1 - u0) * (first - start) / width
        room.lower[lows, 1] = u0 + (u1 - u0) * (last - start) / width
        lows += 1
    return lows, has_band


@called
def _leading(bound: FloatArray, count: int, x: float, sign: float) -> int:
    """Return the bound that counts just after a share ``x`` of a cut: the highest lower one (sign 1) or lowest upper one (-1)."""
    best, value, slope = 0, -math.inf, -math.inf
    for i in range(count):
        step = sign * (bound[i, 1] - bound[i, 0])
        at = sign * bound[i, 0] + step * x
        if at > value + CLOSE or (at > value - CLOSE and step > slope):
            best, value, slope = i, at, step
    return best


@called
def _until(bound: FloatArray, count: int, leader: int, x: float, sign: float) -> float:
    """Return the share at which another bound overtakes the leading one, 1 if none does."""
    step = sign * (bound[leader, 1] - bound[leader, 0])
    end = 1.0
    for i in range(count):
        other = sign * (bound[i, 1] - bound[i, 0])
        if other > step + CLOSE:
            at = sign * (bound[leader, 0] - bound[i, 0]) / (other - step)
            if x + CLOSE < at < end:
                end = at
    return end


@called
def _best_density(v: int, dx: float, dy: float, low: float, high: float, fleet: Fleet) -> float:
    """Return the highest density that 0.1 m of height between two heights has all over, 0 where there is less."""
    if high - low < LEAST_HEIGHT_M * 0.999:
        return 0.0
    z, half = fleet.place[v, 2], LEAST_HEIGHT_M / 2.0
    if has_straight_sides(v, fleet):  # its density falls evenly from one edge of the picture to the other
        at = high - LEAST_HEIGHT_M if fleet.picture[v, HIGH_SIN] >= 0.0 else low + LEAST_HEIGHT_M
        return density_at(v, dx, dy, at - z, fleet)
    at_low, at_high = low + LEAST_HEIGHT_M - z, high - LEAST_HEIGHT_M - z
    best = max(
        min(density_at(v, dx, dy, low - z, fleet), density_at(v, dx, dy, at_low, fleet)),
        min(density_at(v, dx, dy, high - z, fleet), density_at(v, dx, dy, at_high, fleet)),
    )
    middle = min(max(0.0, low + half - z), high - half - z)  # a bent lens is sharpest at its own height
    return max(best, min(density_at(v, dx, dy, middle - half, fleet), density_at(v, dx, dy, middle + half, fleet)))


@called
def _write(
    v: int, w: int, f: Facade, first: float, last: float, low0: float, low1: float, high0: float, high1: float, column: int,
    lenses: Lenses, out: Pieces, m: int,
) -> int:  # fmt: skip
    """Write one piece with what is at least 0.1 m high of it; returns the number of pieces, FULL without room."""
    g0, g1 = high0 - low0 - LEAST_HEIGHT_M, high1 - low1 - LEAST_HEIGHT_M
    if g0 < 0.0 and g1 < 0.0:
        return m
    if g0 < 0.0 or g1 < 0.0:
        share = g0 / (g0 - g1)
        at = first + share * (last - first)
        low, high = low0 + share * (low1 - low0), high0 + share * (high1 - high0)
        if g0 < 0.0:
            first, low0, high0 = at, low, high
        else:
            last, low1, high1 = at, low, high
    if last - first < SHORTEST_M:
        return m
    dx, dy = way(f, first)
    best0 = best1 = 0.0
    if not lenses.is_set[v]:  # of a set both are worked out afterwards, for all pieces at once
        best0 = _best_density(v, dx, dy, low0, high0, lenses.fleet)
        dx1, dy1 = way(f, last)
        best1 = _best_density(v, dx1, dy1, low1, high1, lenses.fleet)
    if best0 < lenses.least_px_m and best1 < lenses.least_px_m and not lenses.is_set[v]:
        return m
    if m >= len(out.viewer):
        return FULL
    out.viewer[m], out.wall[m], out.column[m] = v, w, column
    out.figure[m, FROM], out.figure[m, TO] = first, last
    out.figure[m, LOW0], out.figure[m, LOW1], out.figure[m, HIGH0], out.figure[m, HIGH1] = low0, low1, high0, high1
    out.figure[m, BEST0], out.figure[m, BEST1] = best0, best1
    return m + 1


@called
def _write_fine(
    v: int, w: int, f: Facade, first: float, last: float, lows: int, highs: int, shadows: int, lenses: Lenses, town: TownIndex,
    room: WallRoom, out: Pieces, m: int,
) -> int:  # fmt: skip
    """Write what bands and masks leave between two cuts, in columns of 0.1 m at most, each as high as at its middle."""
    count = max(1, math.ceil((last - first) / FINE_M - 1e-9))
    z = lenses.fleet.place[v, 2]
    for i in range(count):
        a, b = first + (last - first) * i / count, first + (last - first) * (i + 1) / count
        s, x = (a + b) / 2.0, (i + 0.5) / count
        k = _leading(room.lower, lows, x, 1.0)
        low = room.lower[k, 0] + (room.lower[k, 1] - room.lower[k, 0]) * x
        k = _leading(room.upper, highs, x, -1.0)
        high = room.upper[k, 0] + (room.upper[k, 1] - room.upper[k, 0]) * x
        if high - low < LEAST_HEIGHT_M:
            continue
        dx, dy = way(f, s)
        if is_in_sector_mask(v, dx, dy, lenses.masks):
            continue
        n = hide_behind_masks(v, dx, dy, low - z, high - z, lenses.masks, room.hidden, an_int(0), room.crossing)
        for j in range(n):
            room.hidden[j, 0] += z
            room.hidden[j, 1] += z
        n = _hide_behind_bands(s, z, shadows, town, room, n)
        m = _write_column(v, w, f, a, b, low, high, n, lenses, room, out, m)
        if m == FULL:
            return FULL
    return m


@called
def _hide_behind_bands(s: float, z: float, shadows: int, town: TownIndex, room: WallRoom, n: int) -> int:
    """Add what raised decks hide at a place along the wall; the shadows of one deck stand together."""
    i = 0
    while i < shadows:
        part, count = room.shadow[i, PART], an_int(0)
        while i < shadows and room.shadow[i, PART] == part:
            start, end = room.shadow[i, S0], room.shadow[i, S1]
            if room.shadow[i, IS_BAND] > 0.0 and start < s <= end and count < len(room.crossing):
                inverse = room.shadow[i, INVERSE0]
                room.crossing[count] = inverse + (s - start) / (end - start) * (room.shadow[i, INVERSE1] - inverse)
                count += 1
            i += 1
        n = _pair_bands(count, z, town.part[int(part), 3], town.part[int(part), 4], room, n)
    return n


@inner
def _pair_bands(count: int, z: float, base: float, top: float, room: WallRoom, n: int) -> int:
    """Add what a deck hides between each way into it and the next way out; an odd one: the lens is below or above it."""
    sort_some(room.crossing, count)
    i = count - 1  # the greatest inverse share is the nearest edge
    if count % 2 == 1:
        room.crossing[count] = ENDLESS
        i = count
    while i > 0 and n < len(room.hidden):
        near, far = room.crossing[i], room.crossing[i - 1]
        room.hidden[n, 0] = z + min((base - z) * near, (base - z) * far)
        room.hidden[n, 1] = z + max((top - z) * near, (top - z) * far)
        n += 1
        i -= 2
    return n


@called
def _write_column(
    v: int, w: int, f: Facade, first: float, last: float, low: float, high: float, n: int, lenses: Lenses, room: WallRoom,
    out: Pieces, m: int,
) -> int:  # fmt: skip
    """Write the intervals that ``n`` hidden ones leave between two heights of a narrow column."""
    column = m
    for _ in range(n + 1):
        # The lowest free interval from here on: up to the nearest hidden one that begins above, past those that begin below.
        moved = True
        while moved:
            moved = False
            for i in range(n):
                if room.hidden[i, 0] <= low + CLOSE and room.hidden[i, 1] > low:
                    low, moved = room.hidden[i, 1], True
        end = high
        for i in range(n):
            if room.hidden[i, 0] > low:
                end = min(end, room.hidden[i, 0])
        if low >= high:
            return m
        m = _write(v, w, f, first, last, low, low, end, end, column, lenses, out, m)
        if m == FULL:
            return FULL
        low = end
    return m


@inner
def _is_shaded(f: Facade, first: float, last: float, shadows: int, room: WallRoom) -> bool:
    """Return whether one shadow alone hides all between two cuts, so that nothing else need be asked."""
    middle, enough = (first + last) / 2.0, f.top - LEAST_HEIGHT_M
    for i in range(shadows):
        start, end = room.shadow[i, S0], room.shadow[i, S1]
        if start < middle < end and room.shadow[i, IS_BAND] == 0.0:
            u0 = room.shadow[i, UPPER0]
            step = (room.shadow[i, UPPER1] - u0) / (end - start)
            if u0 + step * (first - start) > enough and u0 + step * (last - start) > enough:
                return True
    return False


@inner
def see_wall(
    v: int, w: int, f: Facade, shadows: int, lenses: Lenses, town: TownIndex, relief: Relief, room: WallRoom, out: Pieces, m: int
) -> int:
    """Write the seen pieces of one wall; returns the number of pieces, FULL without room."""
    cuts = _cut_wall(v, f, shadows, lenses, room)
    if cuts == FULL:
        return FULL
    masks = lenses.masks
    is_masked = masks.mask_start[v + 1] > masks.mask_start[v]
    has_sectors = masks.sector_start[v + 1] > masks.sector_start[v]
    for i in range(cuts - 1):
        first, last = room.cut[i], room.cut[i + 1]
        if last - first < SHORTEST_M or _is_shaded(f, first, last, shadows, room):
            continue
        if has_sectors:
            dx, dy = way(f, (first + last) / 2.0)
            if is_in_sector_mask(v, dx, dy, masks):
                continue
        lows, highs = _bound(f, first, last, v, lenses, relief, room)
        if lows == 0:
            continue
        lows, has_band = _shade(first, last, shadows, lows, room)
        if lows == FULL:
            return FULL
        if is_masked or has_band:
            m = _write_fine(v, w, f, first, last, lows, highs, shadows, lenses, town, room, out, m)
        else:
            m = _write_straight(v, w, f, first, last, lows, highs, lenses, room, out, m)
        if m == FULL:
            return FULL
    return m


@inner
def _write_straight(
    v: int, w: int, f: Facade, first: float, last: float, lows: int, highs: int, lenses: Lenses, room: WallRoom, out: Pieces,
    m: int,
) -> int:  # fmt: skip
    """Write what lies between the highest lower and the lowest upper bound, from where one bound takes over to the next."""
    x = 0.0
    while x < 1.0 - 1e-9:
        low, high = _leading(room.lower, lows, x, 1.0), _leading(room.upper, highs, x, -1.0)
        end = min(_until(room.lower, lows, low, x, 1.0), _until(room.upper, highs, high, x, -1.0))
        a, b = first + (last - first) * x, first + (last - first) * end
        l0, l1, h0, h1 = room.lower[low, 0], room.lower[low, 1], room.upper[high, 0], room.upper[high, 1]
        m = _write(
            v, w, f, a, b, l0 + (l1 - l0) * x, l0 + (l1 - l0) * end, h0 + (h1 - h0) * x, h0 + (h1 - h0) * end, m, lenses, out, m
        )  # fmt: skip
        if m == FULL:
            return FULL
        x = end
    return m
