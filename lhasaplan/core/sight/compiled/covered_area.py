"""The area that polygons cover together, without an outline of it, by Warnock's subdivision.

A cell that one of the polygons covers is done, whatever else lies in it; one with few edges is swept from south to north; any
other is halved.
"""

import math

import numpy as np
import shapely

from lhasaplan.core.base.arrays import FloatArray, IntArray, ObjectArray
from lhasaplan.core.sight.compiled.compilation import an_int, called, inner, kernel
from lhasaplan.core.sight.compiled.small_kernels import sort_some

# ruff: noqa: PLR0917  (kernels take plain numbers)

FEW_EDGES = 24  # a sweep costs by what lies beside each other, a cut by all that is cut
SMALL_M = 2.0  # where many edges meet they are no fewer in smaller cells
# In so small a cell: more, as of hundreds of lenses on one pole, are left to GEOS, since a sweep costs by the cube.
MOST_EDGES = 500
ROOM_TOO_SMALL, CROWDED = -1.0, -2.0  # answers of the kernel that are no area
DEEPEST = 128  # cells that wait: one for each halving
_MEETS_M = 1e-7  # edges nearer than this at both ends of a slab lie on each other: what is between them is no area
_THIN_M = 1e-9  # coordinates of a city are no finer; a slab is not cut below it
_ROOM = 5  # times as many edges as at first: of each halving one half waits


def covered_m2(shapes: ObjectArray, box: tuple[float, ...]) -> float:
    """Return the area of the union of polygons and multipolygons within a box, exact but for rounding.

    A shape may touch itself, as one that was cut quickly does; lines and points have no area.

    Parameters
    ----------
    box : west, south, east, north.

    References
    ----------
    J. E. Warnock (1969), A hidden surface algorithm for computer generated halftone pictures, University of Utah.
    """
    line, shape = _lines(shapes, box[:2])
    if not len(shape):
        return 0.0
    size, found = _ROOM * len(shape), ROOM_TOO_SMALL
    cell, turns, inside = np.empty((DEEPEST, 6)), np.empty(4 * int(np.bincount(shape).max())), np.zeros(len(shapes), np.int64)
    while found == ROOM_TOO_SMALL:
        edge, owner, order, at = np.empty((size, 5)), np.empty(size, np.int64), np.empty((2, size), np.int64), np.empty((2, size))
        found = _covered_m2(
            line, shape, (float(box[2] - box[0]), float(box[3] - box[1])), edge, owner, cell, turns, inside, order, at
        )
        size *= 2
    if found == CROWDED:
        return float(shapely.union_all(shapely.intersection(shapely.make_valid(shapes), shapely.box(*box))).area)
    return found


def _lines(shapes: ObjectArray, corner_m: tuple[float, ...]) -> tuple[FloatArray, IntArray]:
    """Return the edges that are not level, from their lower end (x, y) to their upper, shape (n, 4), and the shape of each.

    Coordinates are counted from a corner: small numbers keep their digits.
    """
    parts, owner = shapely.get_parts(shapes, return_index=True)
    is_area = shapely.get_type_id(parts) == shapely.GeometryType.POLYGON
    rings, part = shapely.get_rings(parts[is_area], return_index=True)
    xy, ring = shapely.get_coordinates(rings, return_index=True)
    line, shape = np.empty((len(xy), 4)), np.empty(len(xy), np.int64)
    count = _put_upright(xy, ring, owner[is_area][part], float(corner_m[0]), float(corner_m[1]), line, shape)
    return line[:count], shape[:count]


@kernel
def _put_upright(
    xy: FloatArray, ring: IntArray, owner: IntArray, west: float, south: float, line: FloatArray, shape: IntArray
) -> int:  # fmt: skip
    """Write the edges of rings as ``_lines`` gives them; returns how many there are. ``owner`` is the shape of each ring."""
    count = an_int(0)
    for i in range(len(xy) - 1):
        if ring[i] != ring[i + 1]:
            continue
        ax, ay, bx, by = xy[i, 0] - west, xy[i, 1] - south, xy[i + 1, 0] - west, xy[i + 1, 1] - south
        if ay == by:
            continue
        if by < ay:
            ax, ay, bx, by = bx, by, ax, ay
        line[count, 0], line[count, 1], line[count, 2], line[count, 3], shape[count] = ax, ay, bx, by, owner[ring[i]]
        count += 1
    return count


@kernel
def _covered_m2(
    line: FloatArray, shape: IntArray, size_m: tuple[float, float], edge: FloatArray, owner: IntArray, cell: FloatArray,
    turns: FloatArray, inside: IntArray, order: IntArray, at: FloatArray,
) -> float:  # fmt: skip
    """Halve the box until each cell is covered or swept; returns what they cover together, or why that is not told.

    Of each shape a cell knows its edges there, and on its western side an upright edge wherever the shape goes on to the west:
    so what lies in it is told by counting edges from the west.

    Parameters
    ----------
    line, shape : as ``_lines`` gives them, the corner at (0, 0).
    edge, owner : room for x and y of the lower end, of the upper end, and slope, shape (n, 5); and whose edge it is.
    cell : room for cells that wait: west, south, east, north, first and last edge, those of the last one behind all others.
    turns, inside, order, at : room for heights, for shapes (zeros), and for edges, (2, n) each.
    """
    for e in range(len(shape)):
        for k in range(4):
            edge[e, k] = line[e, k]
        edge[e, 4], owner[e] = (line[e, 2] - line[e, 0]) / (line[e, 3] - line[e, 1]), shape[e]
    some = _between(edge, owner, an_int(0), len(shape), 0.0, size_m[1], an_int(0))
    some = _west_of(edge, owner, an_int(0), some, size_m[0], an_int(0))
    some, end = _east_of(edge, owner, an_int(0), some, 0.0, turns, some), some
    _put(cell, an_int(0), 0.0, 0.0, size_m[0], size_m[1], end, some)
    waiting, total = an_int(1), 0.0
    while waiting > 0:
        waiting -= 1
        west, south, east, north = cell[waiting, 0], cell[waiting, 1], cell[waiting, 2], cell[waiting, 3]
        first, last = int(cell[waiting, 4]), int(cell[waiting, 5])
        if _is_covered(edge, owner, first, last, west, south, north):
            total += (east - west) * (north - south)
        elif last - first > MOST_EDGES and max(east - west, north - south) <= SMALL_M:
            return CROWDED
        elif last - first <= FEW_EDGES or max(east - west, north - south) <= SMALL_M:
            total += _swept_m2(edge, owner, first, last, east, inside, order, at)
        elif last + 3 * (last - first) > len(edge):  # both halves have three times as many at most
            return ROOM_TOO_SMALL
        elif east - west >= north - south:
            middle = 0.5 * (west + east)
            end = _west_of(edge, owner, first, last, middle, last)
            _put(cell, waiting, west, south, middle, north, last, end)
            _put(cell, waiting + 1, middle, south, east, north, end, _east_of(edge, owner, first, last, middle, turns, end))
            waiting += 2
        else:
            middle = 0.5 * (south + north)
            end = _between(edge, owner, first, last, south, middle, last)
            _put(cell, waiting, west, south, east, middle, last, end)
            _put(cell, waiting + 1, west, middle, east, north, end, _between(edge, owner, first, last, middle, north, end))
            waiting += 2
    return total


@inner
def _put(cell: FloatArray, at: int, west: float, south: float, east: float, north: float, first: int, last: int) -> None:
    cell[at, 0], cell[at, 1], cell[at, 2], cell[at, 3], cell[at, 4], cell[at, 5] = west, south, east, north, first, last


@inner
def _is_covered(edge: FloatArray, owner: IntArray, first: int, last: int, west: float, south: float, north: float) -> bool:
    """Tell whether a shape has all of a cell: it comes in along the whole western side and has no other edge there."""
    for e in range(first, last):
        is_alone = (e == first or owner[e - 1] != owner[e]) and (e + 1 == last or owner[e + 1] != owner[e])
        if is_alone and edge[e, 0] == west == edge[e, 2] and edge[e, 1] <= south and edge[e, 3] >= north:
            return True
    return False


@inner
def _write(
    edge: FloatArray, owner: IntArray, to: int, ax: float, ay: float, bx: float, by: float, slope: float, shape: int
) -> int:  # fmt: skip
    edge[to, 0], edge[to, 1], edge[to, 2], edge[to, 3], edge[to, 4], owner[to] = ax, ay, bx, by, slope, shape
    return to + 1


@called
def _between(edge: FloatArray, owner: IntArray, first: int, last: int, low: float, high: float, to: int) -> int:
    """Write what edges have between two heights; returns where the next one comes."""
    for e in range(first, last):
        ax, ay, bx, by, slope = edge[e, 0], edge[e, 1], edge[e, 2], edge[e, 3], edge[e, 4]
        if ay >= high or by <= low:
            continue
        left, right = min(ax, bx), max(ax, bx)
        if by > high:
            bx, by = min(max(ax + (high - ay) * slope, left), right), high
        if ay < low:
            ax, ay = min(max(ax + (low - ay) * slope, left), right), low
        to = _write(edge, owner, to, ax, ay, bx, by, slope, owner[e])
    return to


@called
def _west_of(edge: FloatArray, owner: IntArray, first: int, last: int, side: float, to: int) -> int:
    """Write what edges have west of a side; returns where the next one comes."""
    for e in range(first, last):
        ax, ay, bx, by, slope = edge[e, 0], edge[e, 1], edge[e, 2], edge[e, 3], edge[e, 4]
        if ax >= side and bx >= side:
            continue
        if ax > side:
            ax, ay = side, _height_at(ax, ay, by, slope, side)
        elif bx > side:
            bx, by = side, _height_at(ax, ay, by, slope, side)
        if ay < by:
            to = _write(edge, owner, to, ax, ay, bx, by, slope, owner[e])
    return to


@called
def _east_of(edge: FloatArray, owner: IntArray, first: int, last: int, side: float, turns: FloatArray, to: int) -> int:
    """Write what edges have east of a side, and for each shape upright ones where it goes on to the west.

    *Turns* are the heights between which an odd number of its edges lies to the west, two by two.
    """
    e = first
    while e < last:
        shape, turned = owner[e], an_int(0)
        while e < last and owner[e] == shape:
            ax, ay, bx, by, slope = edge[e, 0], edge[e, 1], edge[e, 2], edge[e, 3], edge[e, 4]
            e += 1
            if ax < side < bx:
                cut = _height_at(ax, ay, by, slope, side)
                turned, ax, ay = _turn(turns, turned, ay, cut), side, cut
            elif bx < side < ax:
                cut = _height_at(ax, ay, by, slope, side)
                turned, bx, by = _turn(turns, turned, cut, by), side, cut
            elif ax < side or bx < side:
                turned = _turn(turns, turned, ay, by)
                continue
            if ay < by:
                to = _write(edge, owner, to, ax, ay, bx, by, slope, shape)
        turned = _without_twins(turns, turned)
        for k in range(0, turned - 1, 2):
            to = _write(edge, owner, to, side, turns[k], side, turns[k + 1], 0.0, shape)
    return to


@inner
def _height_at(ax: float, ay: float, by: float, slope: float, x: float) -> float:
    """Return where an edge meets an upright line; the same for the cell on either side of it."""
    return min(max(ay + (x - ax) / slope, ay), by)


@inner
def _turn(turns: FloatArray, turned: int, low: float, high: float) -> int:
    """Turn between two heights, once more or no more; edges of a ring mostly go on where the one before ended."""
    if low >= high:
        return turned
    if turned > 0:
        a, b = turns[turned - 2], turns[turned - 1]
        if a == low and b == high:
            return turned - 2
        if a == low or b == high:
            turns[turned - 2], turns[turned - 1] = (min(b, high), max(b, high)) if a == low else (min(a, low), max(a, low))
            return turned
        if a == high or b == low:
            turns[turned - 2], turns[turned - 1] = min(a, low), max(b, high)
            return turned
    turns[turned], turns[turned + 1] = low, high
    return turned + 2


@inner
def _without_twins(turns: FloatArray, turned: int) -> int:
    """Order heights and drop those that are there twice; returns how many are left."""
    if turned <= 2:
        return turned
    sort_some(turns, turned)
    kept = an_int(0)
    for i in range(turned):
        if kept > 0 and turns[kept - 1] == turns[i]:
            kept -= 1
        else:
            turns[kept] = turns[i]
            kept += 1
    return kept


@called
def _swept_m2(
    edge: FloatArray, owner: IntArray, first: int, last: int, east: float, inside: IntArray, order: IntArray, at: FloatArray
) -> float:  # fmt: skip
    """Add up slab by slab what a cell has; where edges cross within one it ends there, so that its middle line tells its area.

    Parameters
    ----------
    inside, order, at : room for shapes (zeros), and for edges, (2, n) each.
    """
    active, coming, count, waiting, edges = order[0], order[1], an_int(0), an_int(0), last - first
    total, low = 0.0, 0.0
    _by_height(edge, first, edges, coming)
    while count > 0 or waiting < edges:
        if count == 0:
            low = edge[coming[waiting], 1]
        while waiting < edges and edge[coming[waiting], 1] <= low:
            active[count] = coming[waiting]
            count += 1
            waiting += 1
        top = edge[coming[waiting], 1] if waiting < edges else math.inf
        for k in range(count):
            top = min(top, edge[active[k], 3])
        high = top
        while low < top:
            _sort(edge, active, at, count, low, high)
            cut = _first_crossing(at, count, low, high)
            if cut < high:
                high = cut
            else:
                total += _width_m(owner, inside, active, at, count, east) * (high - low)
                low, high = high, top
        count = _ended(edge, active, count, top)
    return total


@inner
def _by_height(edge: FloatArray, first: int, edges: int, coming: IntArray) -> None:
    """Put the numbers of edges in the order of their lower ends."""
    gap = edges
    for k in range(edges):
        coming[k] = first + k
    while gap > 1:
        gap //= 2
        for i in range(gap, edges):
            e, j = coming[i], i
            while j >= gap and edge[coming[j - gap], 1] > edge[e, 1]:
                coming[j] = coming[j - gap]
                j -= gap
            coming[j] = e


@inner
def _ended(edge: FloatArray, active: IntArray, count: int, low: float) -> int:
    """Drop the edges that reach no higher than a level; returns how many are left."""
    kept = 0
    for k in range(count):
        if edge[active[k], 3] > low:
            active[kept] = active[k]
            kept += 1
    return kept


@inner
def _sort(edge: FloatArray, active: IntArray, at: FloatArray, count: int, low: float, high: float) -> None:
    """Order edges along the middle line of a slab; the order of the slab before is nearly that of this one."""
    for k in range(count):
        e = active[k]
        below = edge[e, 0] + (low - edge[e, 1]) * edge[e, 4]
        above = edge[e, 0] + (high - edge[e, 1]) * edge[e, 4]
        j = k
        while j > 0 and at[0, j - 1] + at[1, j - 1] > below + above:
            active[j], at[0, j], at[1, j] = active[j - 1], at[0, j - 1], at[1, j - 1]
            j -= 1
        active[j], at[0, j], at[1, j] = e, below, above


@inner
def _first_crossing(at: FloatArray, count: int, low: float, high: float) -> float:
    """Return the lowest level within a slab at which neighbouring edges cross; its upper end without one."""
    found = high
    if high - low <= _THIN_M:
        return found
    for k in range(count - 1):
        before, after = at[0, k + 1] - at[0, k], at[1, k + 1] - at[1, k]
        if before < -_MEETS_M or after < -_MEETS_M:
            level = low + (high - low) * before / (before - after)
            if low < level < found:
                found = level
    return found


@inner
def _width_m(shape: IntArray, inside: IntArray, active: IntArray, at: FloatArray, count: int, east: float) -> float:
    """Return how much of the middle line lies in any shape: each is entered and left edge by edge, or goes on to the east."""
    depth, start, width = 0, 0.0, 0.0
    for k in range(count):
        s = shape[active[k]]
        x = 0.5 * (at[0, k] + at[1, k])
        inside[s] = 1 - inside[s]
        if inside[s]:
            start = x if depth == 0 else start
            depth += 1
        else:
            depth -= 1
            width += x - start if depth == 0 else 0.0
    if depth > 0:
        width += east - start
        for k in range(count):
            inside[shape[active[k]]] = 0
    return width
