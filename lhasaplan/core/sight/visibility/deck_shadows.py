"""Shadow of one raised deck: a crown, a bridge or a roof on posts; most are convex, and a convex one's is a single hull."""

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from lhasaplan.core.model.camera import View
from lhasaplan.core.sight.obstacles.scene import Scene
from lhasaplan.core.sight.visibility.shadows import blocking_span, shadows_of

LEAST_M = 0.01  # a lens nearer to a deck than this counts as this near: the shadow only has to pass its range
CONVEX_SHARE = 1.0 - 1e-9


def deck_shadow(view: View, scene: Scene, number: int, target_z_m: float) -> BaseGeometry:
    """Return what a building hides on the plane at the target's height, out to three ranges at least.

    A point is hidden in the footprint enlarged from the lens by any factor between two (``shadow.shadows``). Of a convex
    footprint these fill the hull of the least and the most enlarged one: a point between a * p and b * q is f * r, with f
    between a and b, and r between p and q.
    """
    outline = scene.buildings.polygons[number]
    if not is_convex(outline):
        return shadows_of(view, scene, np.array([number]), target_z_m)
    base_m, top_m = scene.buildings.base_m[[number]], scene.buildings.top_m[[number]]
    start, end = (float(share[0]) for share in blocking_span(view.lens_z_m, target_z_m, base_m, top_m))
    if start >= end - 1e-12:
        return shapely.Polygon()
    enough = 3.0 * view.range_m / max(LEAST_M, shapely.distance(outline, shapely.Point(view.x_m, view.y_m))) + 1.0
    near = 1.0 / end
    return _hull(view, outline, (near, max(near, min(1.0 / max(start, 1e-12), enough))))


def is_convex(outline: BaseGeometry) -> bool:
    """Return whether an area fills its hull."""
    return bool(outline.area >= CONVEX_SHARE * outline.convex_hull.area)


def _hull(view: View, outline: BaseGeometry, factors: tuple[float, float]) -> BaseGeometry:
    """Return the hull of an outline enlarged from the lens by two factors."""
    lens = np.array([view.x_m, view.y_m])
    corner = shapely.get_coordinates(outline) - lens
    hull: BaseGeometry = shapely.convex_hull(shapely.MultiPoint(lens + np.concatenate([corner * f for f in factors])))
    return hull
