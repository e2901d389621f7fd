"""Shadows of buildings on the plane of the target: what a lens cannot see because a prism stands between."""

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from lhasaplan.core.base.arrays import FloatArray, IntArray, ObjectArray
from lhasaplan.core.model.camera import View
from lhasaplan.core.sight.obstacles.scene import Scene, walls_of

LIFT_SLACK_M = 1e-9


def blocking_span(
    lens_z_m: float, target_z_m: FloatArray | float, base_m: FloatArray, top_m: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Return the shares of the way from lens to target on which the sight line is between base and top.

    (t0, t1) within 0 to 1; t0 >= t1 where the line never is: it passes over the roof or under a passage.
    """
    rise = np.asarray(target_z_m - lens_z_m, float)
    level = np.abs(rise) < LIFT_SLACK_M
    slope = np.where(level, 1.0, rise)
    a, b = (base_m - lens_z_m) / slope, (top_m - lens_z_m) / slope
    between = (base_m < lens_z_m) & (lens_z_m < top_m)
    low = np.where(level, np.where(between, 0.0, 1.0), np.clip(np.minimum(a, b), 0.0, 1.0))
    high = np.where(level, np.where(between, 1.0, 0.0), np.clip(np.maximum(a, b), 0.0, 1.0))
    return low, high


def shadows_of(view: View, scene: Scene, found: IntArray, target_z_m: float) -> BaseGeometry:
    """Return all that some buildings hide, on the plane at the target's height.

    A point is hidden when the sight line is inside a footprint while it is between base and top. Seen from the lens
    these are the footprint enlarged by every factor from 1/t1 to 1/t0 (``blocking_span``): the union of the
    least enlarged footprint and of what each wall sweeps. Exact at wall ends.
    """
    buildings = scene.buildings
    start, end = blocking_span(view.lens_z_m, target_z_m, buildings.base_m[found], buildings.top_m[found])
    blocks = start < end - 1e-12
    found, start, end = found[blocks], start[blocks], end[blocks]
    if not len(found):
        return shapely.Polygon()
    return shapely.union_all(np.r_[_enlarged(view, scene, found, 1.0 / end), _swept(view, scene, found, start, end)])


def _enlarged(view: View, scene: Scene, found: IntArray, factor: FloatArray) -> ObjectArray:
    """Return the footprints enlarged from the lens by a factor each."""
    polygons = scene.buildings.polygons[found]
    lens = np.array([view.x_m, view.y_m])
    for k in np.flatnonzero(factor > 1.0 + 1e-12):
        polygons[k] = shapely.transform(polygons[k], lambda xy, f=factor[k]: lens + (xy - lens) * f)
    return polygons


def _swept(view: View, scene: Scene, found: IntArray, start: FloatArray, end: FloatArray) -> ObjectArray:
    """Return the quadrilaterals that walls sweep between their least and their greatest enlargement."""
    walls, of = walls_of(scene.buildings.polygons[found])
    lens = np.array([view.x_m, view.y_m])
    a, b = walls[:, :2] - lens, walls[:, 2:] - lens
    reach = 3.0 * view.range_m / np.maximum(0.01, _distance(a, b)) + 1.0
    near = 1.0 / end[of]
    far = np.minimum(1.0 / np.maximum(start[of], 1e-12), np.maximum(near, reach))
    wide = np.abs(a[:, 0] * b[:, 1] - a[:, 1] * b[:, 0]) > 1e-9 * np.hypot(*a.T) * np.hypot(*b.T)
    keep = wide & (far > near + 1e-12) & (near < reach)
    a, b, near, far = a[keep], b[keep], near[keep, None], far[keep, None]
    return np.asarray(shapely.polygons(np.stack([a * near, b * near, b * far, a * far, a * near], 1) + lens))


def _distance(a: FloatArray, b: FloatArray) -> FloatArray:
    """Return the distance of the origin from segments a to b."""
    along = b - a
    share = np.clip(-(a * along).sum(1) / np.maximum((along**2).sum(1), 1e-18), 0.0, 1.0)
    nearest = a + along * share[:, None]
    return np.asarray(np.hypot(nearest[:, 0], nearest[:, 1]))
