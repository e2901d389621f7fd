"""How far each view can matter: where its density falls below the lowest grade, or its range ends."""

import math
from collections.abc import Sequence

import numpy as np
import shapely

from lhasaplan.core.model.camera import View
from lhasaplan.core.model.optics import LensClass, focal_length_px


def reach_m(view: View, least_px_m: float) -> float:
    """Return the level distance beyond which the view shows nothing at the density, at the edge of its picture.

    Density goes by depth, and a rectilinear picture's corner is farther away than its depth.
    """
    focal = focal_length_px(view.width_px, view.hfov_deg, view.lens_class)
    edge = 1.0
    if view.lens_class is LensClass.RECTILINEAR:
        edge = math.hypot(1.0, math.tan(math.radians(view.hfov_deg) / 2), math.tan(math.radians(min(view.vfov_deg, 170.0)) / 2))
    return min(view.range_m, focal / least_px_m * edge)


def relevant_ground(views: Sequence[View], least_px_m: float) -> shapely.Geometry:
    """Return the ground within reach of any view: protected places outside it need no samples."""
    if not views:
        return shapely.Polygon()
    at = shapely.points([(view.x_m, view.y_m) for view in views])
    ranges_m = np.array([reach_m(view, least_px_m) for view in views])
    return shapely.union_all(shapely.buffer(at, ranges_m * 1.01 + 1.0, quad_segs=8))
