"""Small kernels that stand alone: joined arcs, metres of frontage, counts by cell, areas under polygons."""

import math
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely

from lhasaplan.core.base.arrays import FloatArray, IntArray, ObjectArray
from lhasaplan.core.sight.compiled.compilation import an_int, called, inner, kernel

# Metres of frontage at a density, and the density that so many metres reach: sums over seen pieces of walls.

# ruff: noqa: PLR0917  (kernels take plain numbers)


ROUNDS = 40  # halvings of an interval of inverse densities
SLACK_M = 1e-6  # so much less than the metres asked for are as good


@inner
def _share_at(best0: float, best1: float, inverse: float) -> float:
    """Return which share of a piece has a density of ``1 / inverse`` or better: its inverse runs evenly from end to end."""
    a, b = 1.0 / max(best0, 1e-9), 1.0 / max(best1, 1e-9)
    low, high = min(a, b), max(a, b)
    if inverse >= high:
        return 1.0
    return 0.0 if inverse < low else (inverse - low) / (high - low)


@inner
def _metres(
    first: int, last: int, length: FloatArray, best0: FloatArray, best1: FloatArray, column: IntArray, inverse: float
) -> float:
    """Return the metres of some pieces at a density or better; of pieces above each other the one that shows most counts."""
    total, open_column, most = 0.0, -1, 0.0
    for i in range(first, last):
        metres = length[i] * _share_at(best0[i], best1[i], inverse)
        if column[i] != open_column:
            total += most
            open_column, most = column[i], metres
        else:
            most = max(most, metres)
    return total + most


@kernel
def metres_at(
    first: IntArray, length: FloatArray, best0: FloatArray, best1: FloatArray, column: IntArray, density_px_m: FloatArray,
    out: FloatArray,
) -> None:  # fmt: skip
    """Write the metres that each group of pieces shows at its density or better; ``first`` has one entry more than groups."""
    for g in range(len(first) - 1):
        out[g] = _metres(first[g], first[g + 1], length, best0, best1, column, 1.0 / density_px_m[g])


@kernel
def density_of_metres(
    first: IntArray, length: FloatArray, best0: FloatArray, best1: FloatArray, column: IntArray, metres: float, least_px_m: float,
    out: FloatArray,
) -> None:  # fmt: skip
    """Write the highest density that so many metres of each group have, 0 where fewer have the least one."""
    for g in range(len(first) - 1):
        a, b = first[g], first[g + 1]
        low, high = 1e9, 1.0 / least_px_m
        for i in range(a, b):
            low = min(low, 1.0 / max(best0[i], best1[i], 1e-9))
        if _metres(a, b, length, best0, best1, column, high) < metres - SLACK_M:
            out[g] = 0.0
            continue
        for _ in range(ROUNDS):
            middle = 0.5 * (low + high)
            if _metres(a, b, length, best0, best1, column, middle) >= metres - SLACK_M:
                high = middle
            else:
                low = middle
            if high - low < 1e-9 * high:
                break
        out[g] = 1.0 / high


# Kernels that count polygons over cell middles: outlines mark where counts rise and fall along a row, a sum fills it.

# ruff: noqa: PLR0917  (kernels take plain numbers)


MOST = 65_535


@inner
def _mark_edge(
    px: float, py: float, qx: float, qy: float, sign: int, frame: Any, first_row: int, change: npt.NDArray[np.int32]
) -> None:
    """Note at every row that an edge crosses where it does; the rows of two edges that meet close up exactly."""
    low, high = min(py, qy), max(py, qy)
    first = math.floor((frame.north - high) / frame.cell - 0.5) + 1 - first_row
    last = math.floor((frame.north - low) / frame.cell - 0.5) - first_row
    first, last = max(first, an_int(0)), min(last, len(change) - 1)
    if first > last:
        return
    slope, step = (qx - px) / (qy - py), (sign if qy < py else -sign)  # downwards the inside is to the east
    for row in range(first, last + 1):
        y = frame.north - (first_row + row + 0.5) * frame.cell
        column = math.ceil((px + (y - py) * slope - frame.west) / frame.cell - 0.5)
        change[row, int(min(max(column, 0.0), frame.columns))] += step


@kernel
def count_strip(outlines: Any, frame: Any, first_row: int, change: npt.NDArray[np.int32], counts: npt.NDArray[np.uint16]) -> None:
    """Count the polygons over the middles of the cells of some rows; ``change`` is scratch of zeros, one column wider."""
    top = frame.north - first_row * frame.cell
    bottom = top - len(counts) * frame.cell
    for v in range(len(outlines.span)):
        if not (outlines.span[v, 0] < top and outlines.span[v, 1] > bottom):
            continue
        for ring in range(outlines.view_ring[v], outlines.view_ring[v + 1]):
            start, end = outlines.ring_start[ring], outlines.ring_start[ring + 1]
            px, py = outlines.corner[start, 0], outlines.corner[start, 1]
            for k in range(start + 1, end):
                qx, qy = outlines.corner[k, 0], outlines.corner[k, 1]
                _mark_edge(px, py, qx, qy, outlines.sign[ring], frame, first_row, change)
                px, py = qx, qy
    for row in range(len(counts)):
        total = an_int(0)
        for column in range(counts.shape[1]):
            total += change[row, column]
            counts[row, column] = min(max(total, 0), MOST)


# The area that polygons cover together: cut into squares, and swept in each from south to north. No outline is made.

SQUARE_M = 30.0  # a sweep costs by what lies beside each other, a cut by the squares that an edge meets
_MEETS_M = 1e-7  # edges nearer than this at both ends of a slab lie on each other: what is between them is no area
_THIN_M = 1e-9  # coordinates of a city are no finer; a slab is not cut below it
_EDGES_AT_FIRST = 3  # times as many pieces as there are edges, of fields in streets


def covered_m2(shapes: ObjectArray, box: tuple[float, ...]) -> float:
    """Return the area of the union of polygons and multipolygons within a box, exact but for rounding.

    A shape may touch itself, as one that was cut quickly does; lines and points have no area.

    Parameters
    ----------
    box : west, south, east, north; it is filled up to whole squares.
    """
    line, shape = _lines(shapes, box[:2])
    if not len(shape):
        return 0.0
    first = np.searchsorted(shape, np.arange(len(shapes) + 1))
    most = int(np.diff(first).max())
    columns, rows = (max(int(np.ceil((high - low) / SQUARE_M)), 1) for low, high in zip(box[:2], box[2:], strict=True))
    size = _EDGES_AT_FIRST * len(shape) + 4 * columns * rows
    room, turns = np.empty((most, 5)), np.empty(4 * most)
    while True:
        edge, owner, square = np.empty((size, 4)), np.empty(size, np.int64), np.empty(size, np.int64)
        count = _cut_into_squares(line, first, columns, rows, room, turns, edge, owner, square)
        if count <= size:
            break
        size = count
    order = np.lexsort((edge[:count, 1], square[:count]))
    edge, owner, square = np.take(edge, order, axis=0), owner[order], square[order]
    return float(_swept_m2(edge, owner, square, np.zeros(len(shapes), np.int64), np.empty(count, np.int64), np.empty((2, count))))


def _lines(shapes: ObjectArray, corner_m: tuple[float, ...]) -> tuple[FloatArray, IntArray]:
    """Return the edges that are not level, from their lower end (x, y) to their upper, shape (n, 4), and the shape of each.

    Coordinates are counted from a corner: small numbers keep their digits.
    """
    parts, owner = shapely.get_parts(shapes, return_index=True)
    is_area = shapely.get_type_id(parts) == shapely.GeometryType.POLYGON
    rings, part = shapely.get_rings(parts[is_area], return_index=True)
    xy, ring = shapely.get_coordinates(rings, return_index=True)
    x, y = (each - low for each, low in zip(xy.T, corner_m, strict=True))  # column by column: numpy is slow at short rows
    start = np.flatnonzero((ring[1:] == ring[:-1]) & (y[1:] != y[:-1]))
    falls = y[start + 1] < y[start]
    lower, upper, line = start + falls, start + ~falls, np.empty((len(start), 4))
    line[:, 0], line[:, 1], line[:, 2], line[:, 3] = x[lower], y[lower], x[upper], y[upper]
    return line, np.asarray(owner[is_area][part[ring[start]]], np.int64)


@kernel
def _cut_into_squares(
    line: FloatArray, first: IntArray, columns: int, rows: int, room: FloatArray, turns: FloatArray, edge: FloatArray,
    owner: IntArray, square: IntArray,
) -> int:  # fmt: skip
    """Write the edges of what each shape has in each square; returns how many there are, beyond the room for them too.

    Row by row from west to east. Where a shape goes on over the sides of a square it is closed there: *turns* are the heights
    at which a line along the side enters and leaves the shape, two by two. An edge that ends where the next one begins turns
    twice at the same height, which is no turn.

    Parameters
    ----------
    line : shape (n, 4), as ``_lines`` gives them; those of shape ``s`` from ``first[s]`` on.
    room, turns : for the edges in one row, shape (n, 5), and four times as many turns.
    edge : each with x at its lower end, lower and upper y, slope.
    """
    count, side = an_int(0), SQUARE_M
    for s in range(len(first) - 1):
        low, high = math.inf, -math.inf
        for e in range(first[s], first[s + 1]):
            low, high = min(low, line[e, 1]), max(high, line[e, 3])
        bottom = int(max(low / side, 0.0))
        top = int(min(high / side, rows - 1.0)) if high > 0.0 else an_int(-1)
        for row in range(bottom, top + 1):
            found, west, east = _in_row(line, first[s], first[s + 1], row * side, (row + 1) * side, room)
            if not found or east < 0.0 or west >= columns * side:
                continue
            begin, end = int(max(west / side, 0.0)), int(min(east / side, columns - 1.0))
            turned = an_int(0)
            if west < 0.0:
                turned, _ = _in_column(room, found, -math.inf, 0.0, turns, turned, edge, owner, square, len(edge), s, an_int(0))
            for column in range(begin, end + 1):
                number, left, right = row * columns + column, column * side, (column + 1) * side
                count = _close(turns, turned, left, edge, owner, square, count, s, number)
                turned, count = _in_column(room, found, left, right, turns, turned, edge, owner, square, count, s, number)
                count = _close(turns, turned, right, edge, owner, square, count, s, number)
    return count


@called
def _in_row(line: FloatArray, first: int, last: int, low: float, high: float, room: FloatArray) -> tuple[int, float, float]:
    """Put what edges have between two heights into the room: x and y at both ends, slope; returns how many, and their sides."""
    found, west, east = 0, math.inf, -math.inf
    for e in range(first, last):
        ax, ay, bx, by = line[e, 0], line[e, 1], line[e, 2], line[e, 3]
        if ay >= high or by <= low:
            continue
        slope = (bx - ax) / (by - ay)
        if by > high:
            bx, by = ax + (high - ay) * slope, high
        if ay < low:
            ax, ay = ax + (low - ay) * slope, low
        room[found, 0], room[found, 1], room[found, 2], room[found, 3], room[found, 4] = ax, ay, bx, by, slope
        west, east = min(west, ax, bx), max(east, ax, bx)
        found += 1
    return found, west, east


@called
def _in_column(
    room: FloatArray, found: int, west: float, east: float, turns: FloatArray, turned: int, edge: FloatArray, owner: IntArray,
    square: IntArray, count: int, shape: int, number: int,
) -> tuple[int, int]:  # fmt: skip
    """Write what the edges of a row have between two sides, and turn the turns of the western into those of the eastern."""
    for k in range(found):
        ax, ay, bx, by, slope = room[k, 0], room[k, 1], room[k, 2], room[k, 3], room[k, 4]
        left, right = min(ax, bx), max(ax, bx)
        if left >= east or (right <= west and not left == right == west):
            continue
        low, high = ay, by
        if left < west:
            cut = _height_at(ax, ay, by, slope, west)
            low, high = (cut, high) if ax < bx else (low, cut)
        if right > east:
            cut = _height_at(ax, ay, by, slope, east)
            low, high = (low, cut) if ax < bx else (cut, high)
        if low >= high:
            continue
        turns[turned], turns[turned + 1] = low, high
        turned += 2
        if count < len(edge):
            x = min(max(ax + (low - ay) * slope, left, west), right, east)
            edge[count, 0], edge[count, 1], edge[count, 2], edge[count, 3] = x, low, high, slope
            owner[count], square[count] = shape, number
        count += 1
    return _without_twins(turns, turned), count


@inner
def _height_at(ax: float, ay: float, by: float, slope: float, x: float) -> float:
    """Return where an edge meets an upright line; the same for the square on either side of it."""
    return min(max(ay + (x - ax) / slope, ay), by)


@inner
def _without_twins(turns: FloatArray, turned: int) -> int:
    """Order heights and drop those that are there twice; returns how many are left."""
    gap = turned // 2
    while gap > 0:
        for i in range(gap, turned):
            height, j = turns[i], i
            while j >= gap and turns[j - gap] > height:
                turns[j] = turns[j - gap]
                j -= gap
            turns[j] = height
        gap //= 2
    kept = an_int(0)
    for i in range(turned):
        if kept > 0 and turns[kept - 1] == turns[i]:
            kept -= 1
        else:
            turns[kept] = turns[i]
            kept += 1
    return kept


@called
def _close(
    turns: FloatArray, turned: int, x: float, edge: FloatArray, owner: IntArray, square: IntArray, count: int, shape: int,
    number: int,
) -> int:  # fmt: skip
    """Write the upright edges at which a shape is closed on one side of a square."""
    for k in range(0, turned - 1, 2):
        if count < len(edge):
            edge[count, 0], edge[count, 1], edge[count, 2], edge[count, 3] = x, turns[k], turns[k + 1], 0.0
            owner[count], square[count] = shape, number
        count += 1
    return count


@kernel
def _swept_m2(
    edge: FloatArray, owner: IntArray, square: IntArray, inside: IntArray, active: IntArray, at: FloatArray
) -> float:  # fmt: skip
    """Add up slab by slab; where edges cross within one it ends there, so that its middle line tells its area.

    Parameters
    ----------
    edge : shape (n, 4); x at its lower end, lower and upper y, slope; by square, then by lower y.
    owner, square : (n,); which shape an edge bounds, and where.
    inside, active, at : room for shapes (zeros), for edges, and (2, n).
    """
    total, waiting = 0.0, an_int(0)
    while waiting < len(square):
        here, count, low = square[waiting], an_int(0), edge[waiting, 1]
        while True:
            count = _ended(edge, active, count, low)
            while waiting < len(square) and square[waiting] == here and edge[waiting, 1] <= low:
                active[count] = waiting
                count += 1
                waiting += 1
            top = edge[waiting, 1] if waiting < len(square) and square[waiting] == here else math.inf
            for k in range(count):
                top = min(top, edge[active[k], 2])
            if top == math.inf:
                break
            high = top
            while low < top:
                _sort(edge, active, at, count, low, high)
                cut = _first_crossing(at, count, low, high)
                if cut < high:
                    high = cut
                else:
                    total += _width_m(owner, inside, active, at, count) * (high - low)
                    low, high = high, top
    return total


@inner
def _ended(edge: FloatArray, active: IntArray, count: int, low: float) -> int:
    """Drop the edges that reach no higher than a level; returns how many are left."""
    kept = 0
    for k in range(count):
        if edge[active[k], 2] > low:
            active[kept] = active[k]
            kept += 1
    return kept


@inner
def _sort(edge: FloatArray, active: IntArray, at: FloatArray, count: int, low: float, high: float) -> None:
    """Order edges along the middle line of a slab; the order of the slab before is nearly that of this one."""
    for k in range(count):
        e = active[k]
        below = edge[e, 0] + (low - edge[e, 1]) * edge[e, 3]
        above = edge[e, 0] + (high - edge[e, 1]) * edge[e, 3]
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
def _width_m(shape: IntArray, inside: IntArray, active: IntArray, at: FloatArray, count: int) -> float:
    """Return how much of the middle line lies in any shape: each is entered and left edge by edge."""
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
    return width


# Join arcs that meet into runs: a loop over sorted rows, compiled.


def joined(group: IntArray, low: FloatArray, end: FloatArray, gap: float) -> tuple[IntArray, FloatArray]:
    """Return where each run of arcs begins, and where the run ends; shape (R,) each.

    Parameters
    ----------
    group, low, end : shape (N,), ordered by group, then by where an arc begins; arcs of a group that lie no more than ``gap``
        apart are one run.
    """
    first, high = np.empty(len(group), np.int64), np.empty(len(group))
    count = _join(group, low, end, gap, first, high)
    return first[:count], high[:count]


@kernel
def _join(group: IntArray, low: FloatArray, end: FloatArray, gap: float, first: IntArray, high: FloatArray) -> int:
    count = 0
    for k in range(len(group)):
        if k > 0 and group[k] == group[k - 1] and low[k] <= high[count - 1] + gap:
            high[count - 1] = max(high[count - 1], end[k])
        else:
            first[count], high[count] = k, end[k]
            count += 1
    return count
