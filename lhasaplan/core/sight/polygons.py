"""Rings of the sweep as shapely polygons."""

from typing import NamedTuple

import numpy as np
import shapely

from lhasaplan.core.arrays import FloatArray, IntArray
from lhasaplan.core.sight.fields import Swept
from lhasaplan.core.sight.sweep import Rings


class _Outlines(NamedTuple):
    """Closed rings in the order of their views: all points, where each ring starts, its length, signed area and view."""

    xy: FloatArray
    start: IntArray
    length: IntArray
    area: FloatArray
    view: IntArray


def to_polygons(found: list[Rings], count: int) -> Swept:
    """Return what so many views see."""
    answer = Swept(np.full(count, shapely.MultiPolygon(), object), np.zeros(count), np.ones(count, bool))
    if not sum(len(r.area) for r in found):
        return answer
    length = np.concatenate([np.diff(r.end) for r in found])
    xy, area, view = (np.concatenate([r[k] for r in found]) for k in (0, 2, 3))
    rings = _Outlines(xy, np.cumsum(length) - length, length, area, view)
    shell = np.flatnonzero(area > 0.0)
    polygon = _polygon_of_each(rings, shell)
    order = np.argsort(2 * polygon + (area < 0.0), kind="stable")[np.count_nonzero(polygon < 0) :]
    several = np.flatnonzero(np.r_[True, view[shell[1:]] != view[shell[:-1]], True])
    ends = np.cumsum(np.bincount(polygon[order], minlength=len(shell)))
    offsets = np.r_[0, np.cumsum(length[order])], np.r_[0, ends], several
    shapes = shapely.from_ragged_array(shapely.GeometryType.MULTIPOLYGON, _points(rings, order), offsets)
    answer.ground[view[shell[several[:-1]]]] = shapes
    answer.area_m2[:] = np.bincount(view[order], area[order], count)
    answer.is_sound[view[np.concatenate([r.is_sound for r in found]) == 0]] = False
    return answer


def _polygon_of_each(rings: _Outlines, shell: IntArray) -> IntArray:
    """Return the number of each ring's shell: a hole belongs to the smallest of its view that surrounds it, -1 if none does."""
    polygon = np.full(len(rings.area), -1)
    polygon[shell] = np.arange(len(shell))
    hole = np.flatnonzero(rings.area < 0.0)
    begins = np.flatnonzero(np.r_[True, rings.view[1:] != rings.view[:-1]])
    visit = np.searchsorted(begins, hole, side="right") - 1  # rings of a view lie together
    low, high = np.searchsorted(shell, begins[visit]), np.searchsorted(shell, np.r_[begins[1:], len(rings.area)][visit])
    polygon[hole] = np.where(high - low == 1, low, -1)
    for h in np.flatnonzero(high - low > 1):
        around = [k for k in range(low[h], high[h]) if _surrounds(_ring(rings, shell[k]), _ring(rings, hole[h]))]
        polygon[hole[h]] = min(around, key=lambda k: rings.area[shell[k]], default=-1)
    return polygon


def _ring(rings: _Outlines, k: int) -> FloatArray:
    """Return the points of a ring."""
    return rings.xy[rings.start[k] : rings.start[k] + rings.length[k]]


def _points(rings: _Outlines, order: IntArray) -> FloatArray:
    """Return the points of rings in this order."""
    if len(order) == len(rings.area) and (order[1:] > order[:-1]).all():
        return rings.xy
    length = rings.length[order]
    shift = rings.start[order] - (np.cumsum(length) - length)
    return np.asarray(rings.xy[np.arange(length.sum()) + np.repeat(shift, length)])


def _surrounds(shell: FloatArray, ring: FloatArray) -> bool:
    """Return whether most corners of a ring lie in a shell; rings may touch at corners."""
    return bool(shapely.covers(shapely.Polygon(shell), shapely.points(ring)).mean() > 0.5)
