"""Rings of the sweep as shapely polygons."""

import numpy as np
import shapely

from lhasaplan.core.arrays import FloatArray, IntArray, ObjectArray
from lhasaplan.core.sight.sweep import Rings


def to_polygons(found: list[Rings], count: int) -> tuple[ObjectArray, FloatArray]:
    """Return one MultiPolygon per view and its area in m2, both of shape (count,); empty where nothing is seen."""
    answer = np.full(count, shapely.MultiPolygon(), object)
    xy = np.concatenate([r.xy for r in found]) if found else np.empty((0, 2))
    if not len(xy):
        return answer, np.zeros(count)
    area, view = np.concatenate([r.area for r in found]), np.concatenate([r.views for r in found])
    length = np.concatenate([np.diff(r.end) for r in found])
    ring = shapely.linearrings(xy, indices=np.repeat(np.arange(len(length)), length))
    order = np.argsort(view, kind="stable")
    ring, area, view = ring[order], area[order], view[order]
    shell = np.flatnonzero(area > 0.0)
    polygon = shapely.polygons(ring[shell])
    _cut_holes(polygon, ring, area, view)
    shapely.multipolygons(polygon, indices=view[shell], out=answer)
    return answer, np.bincount(view, area, count).astype(float)


def _cut_holes(polygon: ObjectArray, ring: ObjectArray, area: FloatArray, view: IntArray) -> None:
    """Put each hole into the smallest shell of its view that surrounds it; polygons are made of the shells in order."""
    shell, hole = np.flatnonzero(area > 0.0), np.flatnonzero(area < 0.0)
    low = np.searchsorted(view[shell], view[hole])
    high = np.searchsorted(view[shell], view[hole], side="right")
    owner = np.where(high - low == 1, low, -1)
    for h in np.flatnonzero(high - low > 1):
        inside = [k for k in range(low[h], high[h]) if _surrounds(polygon[k], ring[hole[h]])]
        owner[h] = min(inside, key=lambda k: area[shell[k]], default=-1)
    for k in np.unique(owner[owner >= 0]):
        polygon[k] = shapely.Polygon(ring[shell[k]], list(ring[hole[owner == k]]))


def _surrounds(polygon: shapely.Polygon, ring: shapely.LinearRing) -> bool:
    """Return whether most corners of a ring lie in a polygon; rings may touch at corners."""
    return bool(shapely.covers(polygon, shapely.points(shapely.get_coordinates(ring))).mean() > 0.5)
