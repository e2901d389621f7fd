"""Sight lines from one lens to many points, against prisms: the plain method that asks every footprint near the line."""

import numpy as np
import shapely

from lhasaplan.core.base.arrays import BoolArray, FloatArray, IntArray
from lhasaplan.core.model.camera import Mount, View
from lhasaplan.core.sight.obstacles.scene import Scene
from lhasaplan.core.sight.visibility.shadows import blocking_span

Span = tuple[FloatArray, FloatArray]  # shares of the way from lens to target, from and to

GRAZE_M = 1e-3  # a line that is inside a footprint for less than this passes by


def blocked_lines(view: View, xyz_m: FloatArray, scene: Scene) -> BoolArray:
    """Return which of the points, shape (P, 3), a building hides from the lens."""
    point, building, start, end = _meetings(view, xyz_m, scene)
    hidden = np.zeros(len(xyz_m), bool)
    hidden[point[_inside_length(view, xyz_m[point], building, (start, end), scene) > GRAZE_M]] = True
    return hidden


def _meetings(view: View, xyz_m: FloatArray, scene: Scene) -> tuple[IntArray, IntArray, FloatArray, FloatArray]:
    """Return the pairs of point and building that may block, with the share of the line between base and top."""
    point, building = scene.tree.query(_pieces(view, xyz_m, 0.0, 1.0), predicate="intersects")
    if view.mount is Mount.INDOOR:
        point, building = point[building != view.own_building], building[building != view.own_building]
    if view.lowest_lens_z_m is not None:
        point, building = point[~scene.is_raised[building]], building[~scene.is_raised[building]]
    base, top = scene.buildings.base_m[building], scene.buildings.top_m[building]
    start, end = blocking_span(view.lens_z_m, xyz_m[point, 2], base, top)
    keep = start < end
    return point[keep], building[keep], start[keep], end[keep]


def _inside_length(view: View, xyz_m: FloatArray, building: IntArray, span: Span, scene: Scene) -> FloatArray:
    """Return how long each line is inside its building while between base and top."""
    inside = shapely.intersection(_pieces(view, xyz_m, *span), scene.buildings.polygons[building])
    return np.asarray(shapely.length(inside))


def _pieces(view: View, xyz_m: FloatArray, start: FloatArray | float, end: FloatArray | float) -> FloatArray:
    """Return the parts of the lines from lens to points between two shares of their length."""
    lens = np.array([view.x_m, view.y_m])
    along = xyz_m[:, :2] - lens
    a, b = lens + along * np.reshape(start, (-1, 1)), lens + along * np.reshape(end, (-1, 1))
    return np.asarray(shapely.linestrings(np.stack([a, b], 1)))
