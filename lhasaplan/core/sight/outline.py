"""The ground that a lens takes in on open land: ring sectors, and the parts of them at a given density."""

import math

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from lhasaplan.core.arrays import FloatArray
from lhasaplan.core.camera import View
from lhasaplan.core.sight.frustum import ground_limits_m, half_width_deg, reach_at_density_m

ARC_STEP_DEG = 1.0  # chords of an arc; at 150 m they lie 6 mm inside it


def open_ground(view: View, target_z_m: float) -> BaseGeometry:
    """Return what the view would see on the plane of the target without any building or mask."""
    near, far = ground_limits_m(view, view.lens_z_m - target_z_m)
    if far <= 0.0:
        return shapely.Polygon()
    offsets = directions_deg(view)
    outer = _rim(view, offsets, far)
    if half_width_deg(view) >= 180.0:
        return shapely.Polygon(outer[:-1], [_rim(view, offsets, near)[:-1]] if near > 0 else [])
    inner = _rim(view, offsets[::-1], near) if near > 0 else np.array([[view.x_m, view.y_m]])
    return shapely.Polygon(np.r_[outer, inner])


def ground_at_density(view: View, target_z_m: float, density_px_m: float) -> BaseGeometry:
    """Return the ground, walls and range ignored, on which the density is at least the given one."""
    offsets = directions_deg(view)
    limit = 4.0 * view.range_m
    reach = reach_at_density_m(view, view.lens_z_m - target_z_m, density_px_m, offsets, limit)
    if reach.max() < 1e-6:
        return shapely.Polygon()
    rim = _rim(view, offsets, reach)
    if half_width_deg(view) >= 180.0:
        return shapely.Polygon(rim[:-1])
    return shapely.Polygon(np.r_[rim, [(view.x_m, view.y_m)]])


def directions_deg(view: View) -> FloatArray:
    """Return directions off the axis from the left edge to the right, at most a degree apart."""
    half = half_width_deg(view)
    return np.linspace(-half, half, max(2, math.ceil(2.0 * half / ARC_STEP_DEG)) + 1)


def _rim(view: View, offsets_deg: FloatArray, reach_m: FloatArray | float) -> FloatArray:
    """Return points at the given distance in each direction, shape (n, 2)."""
    bearing = np.radians(view.azimuth_deg + offsets_deg)
    return np.column_stack((view.x_m + reach_m * np.sin(bearing), view.y_m + reach_m * np.cos(bearing)))
