"""The ground that a camera sees at night by its own infrared light: what it sees by day, within its night range."""

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from lhasaplan.core.model.camera import Placed

ARC_STEP_DEG = 1.0  # chords, as the arcs of visibility polygons have them


def night_ground(seen: BaseGeometry, placed: Placed) -> BaseGeometry | None:
    """Return the part of the ground seen by day that lies within the camera's range at night, a MultiPolygon.

    None where that range is not recorded: nothing is assumed of street light or of infrared. The range counts on the ground
    from the lens, as the range by day does; where it is at least that, nothing is cut off.
    """
    range_m = placed.camera.night_range_m
    if range_m is None or not placed.views:
        return None
    if range_m >= max(view.range_m for view in placed.views):
        return seen
    lens, bearing = placed.views[0], np.radians(np.arange(0.0, 360.0, ARC_STEP_DEG))
    rim = np.column_stack((lens.x_m + range_m * np.sin(bearing), lens.y_m + range_m * np.cos(bearing)))
    lit = shapely.intersection(seen, shapely.Polygon(rim))
    return shapely.MultiPolygon([part for part in shapely.get_parts(lit) if part.geom_type == "Polygon"])
