"""The area that polygons cover together, swept from south to north: no outline of the union is made."""

import numpy as np
import shapely

from lhasaplan.core.base.arrays import FloatArray, IntArray, ObjectArray
from lhasaplan.core.sight.compiled.compilation import inner, kernel

_MEETS_M = 1e-7  # edges nearer than this at both ends of a slab lie on each other: what is between them is no area
_THIN_M = 1e-9  # coordinates of a city are no finer; a slab is not cut below it


def covered_m2(shapes: ObjectArray, corner_m: tuple[float, float]) -> float:
    """Return the area of the union of polygons and multipolygons, exact but for rounding.

    A shape may touch itself, as one that was cut quickly does; lines and points have no area.

    Parameters
    ----------
    corner_m : a point near all shapes, from which coordinates are counted: small numbers keep their digits.
    """
    edge, shape = _edges(shapes, corner_m)
    if not len(shape):
        return 0.0
    levels, size = np.unique(edge[:, 1:3]), len(shape)
    return float(_swept_m2(levels, edge, shape, np.zeros(len(shapes), np.int64), np.empty(size, np.int64), np.empty((2, size))))


def _edges(shapes: ObjectArray, corner_m: tuple[float, float]) -> tuple[FloatArray, IntArray]:
    """Return the edges that are not level, by their lower end: its x and y, upper y and slope, shape (n, 4); and their shape."""
    parts, owner = shapely.get_parts(shapes, return_index=True)
    is_area = shapely.get_type_id(parts) == shapely.GeometryType.POLYGON
    rings, part = shapely.get_rings(parts[is_area], return_index=True)
    xy, ring = shapely.get_coordinates(rings, return_index=True)
    xy = xy - corner_m
    start = np.flatnonzero((ring[1:] == ring[:-1]) & (xy[1:, 1] != xy[:-1, 1]))
    rises = (xy[start + 1, 1] > xy[start, 1])[:, None]
    low, high = np.where(rises, xy[start], xy[start + 1]), np.where(rises, xy[start + 1], xy[start])
    slope = (high[:, 0] - low[:, 0]) / (high[:, 1] - low[:, 1])
    order = np.argsort(low[:, 1], kind="stable")
    edge = np.column_stack([low, high[:, 1], slope])[order]
    return edge, np.asarray(owner[is_area][part[ring[start[order]]]], np.int64)


@kernel
def _swept_m2(  # noqa: PLR0917 - what is swept, and room to work in
    levels: FloatArray, edge: FloatArray, shape: IntArray, inside: IntArray, active: IntArray, at: FloatArray
) -> float:
    """Add up slab by slab; where edges cross within one it ends there, so that its middle line tells its area.

    Parameters
    ----------
    levels : shape (L,), ascending; where edges begin or end.   edge : shape (n, 4), as ``_edges`` gives them.
    shape : (n,); which shape an edge bounds.   inside, active, at : room for shapes (zeros), for edges, and (2, n).
    """
    total, count, waiting = 0.0, 0, 0
    for level in range(len(levels) - 1):
        low, top = levels[level], levels[level + 1]
        count = _ended(edge, active, count, low)
        while waiting < len(shape) and edge[waiting, 1] <= low:
            active[count] = waiting
            count += 1
            waiting += 1
        high = top
        while low < top:
            _sort(edge, active, at, count, low, high)
            cut = _first_crossing(at, count, low, high)
            if cut < high:
                high = cut
            else:
                total += _width_m(shape, inside, active, at, count) * (high - low)
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
def _sort(edge: FloatArray, active: IntArray, at: FloatArray, count: int, low: float, high: float) -> None:  # noqa: PLR0917
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
