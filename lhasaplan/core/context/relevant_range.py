"""How far each view can matter: where its density falls below the lowest grade, or its range ends."""

from collections.abc import Sequence

import numpy as np
import shapely

from lhasaplan.core.model.camera import View
from lhasaplan.core.site.camera_placing import graded_reach_m


def reach_m(view: View, least_px_m: float) -> float:
    """Return the level distance beyond which the view shows nothing at the density, at the edge of its picture.

    Density goes by depth, and a rectilinear picture's corner is farther away than its depth; of a set of lenses the longest
    reaches farthest.
    """
    return min(view.range_m, graded_reach_m(view, least_px_m))


def relevant_ground(views: Sequence[View], least_px_m: float) -> shapely.Geometry:
    """Return the ground within reach of any view: protected places outside it need no samples."""
    if not views:
        return shapely.Polygon()
    at = shapely.points([(view.x_m, view.y_m) for view in views])
    ranges_m = np.array([reach_m(view, least_px_m) for view in views])
    return shapely.union_all(shapely.buffer(at, ranges_m * 1.01 + 1.0, quad_segs=8))
