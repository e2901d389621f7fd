"""The ground that a lens takes in on open land: ring sectors, and the parts of them at a given density."""

import math
from collections.abc import Sequence
from functools import lru_cache

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from lhasaplan.core.base.arrays import FloatArray, ObjectArray
from lhasaplan.core.model.camera import View
from lhasaplan.core.sight.lens.frustum import ground_limits_m, half_width_deg, reach_at_density_m, reach_of_set_m

ARC_STEP_DEG = 1.0  # chords of an arc; at 150 m they lie 6 mm inside it
LENSES_KEPT = 256


def open_ground(view: View, target_z_m: float, with_blind_zone: bool = False) -> BaseGeometry:
    """Return what the view would see on the plane of the target without any building or mask."""
    _, far = ground_limits_m(view, view.lens_z_m - target_z_m)
    if far <= 0.0:
        return shapely.Polygon()
    outer = _rim(view, directions_deg(view), far)
    if half_width_deg(view) < 180.0:
        outer = np.r_[outer, [(view.x_m, view.y_m)]]
    blind = None if with_blind_zone else blind_zone(view, target_z_m)
    return shapely.Polygon(outer) if blind is None else shapely.difference(shapely.Polygon(outer), blind)


def blind_zone(view: View, target_z_m: float) -> BaseGeometry | None:
    """Return the disc around the mount that the picture does not reach, None if there is none."""
    near, far = ground_limits_m(view, view.lens_z_m - target_z_m)
    if near <= 0.0 or far <= 0.0:
        return None
    bearing = np.radians(np.arange(0.0, 360.0, ARC_STEP_DEG))
    return shapely.Polygon(np.column_stack((view.x_m + near * np.sin(bearing), view.y_m + near * np.cos(bearing))))


def ground_between(view: View, target_z_m: float, coarse_px_m: float, fine_px_m: float) -> BaseGeometry:
    """Return the ground, walls and range ignored, on which the density is at least the coarse and below the fine one."""
    return grounds_between([view], target_z_m, coarse_px_m, fine_px_m)[0]


def grounds_between(views: Sequence[View], target_z_m: float, coarse_px_m: float, fine_px_m: float) -> ObjectArray:
    """Return the same for each view, shape (V,): cameras with one lens and direction have one shape, moved to each of them."""
    shapes = [_ground_round(v.lens, v.azimuth_deg, v.lens_z_m - target_z_m, coarse_px_m, fine_px_m) for v in views]
    raw = np.array([*shapes, None], object)[:-1]
    at_m = np.repeat(np.reshape([(v.x_m, v.y_m) for v in views], (-1, 2)), shapely.get_num_coordinates(raw), axis=0)
    return np.asarray(shapely.make_valid(shapely.set_coordinates(raw, at_m + shapely.get_coordinates(raw))), object)


@lru_cache(maxsize=LENSES_KEPT)
def _ground_round(lens: View, azimuth_deg: float, drop_m: float, coarse_px_m: float, fine_px_m: float) -> BaseGeometry:
    """Return the ground of a lens that stands at the origin; it may touch itself."""
    offsets, outer, inner = _reaches(lens, drop_m, coarse_px_m, fine_px_m)
    if outer.max() < 1e-6 or (outer - inner).max() < 1e-6:
        return shapely.Polygon()
    return _between_rims(lens, offsets + azimuth_deg, outer, inner, half_width_deg(lens) >= 180.0)


@lru_cache(maxsize=LENSES_KEPT)  # cameras of which nothing is recorded have one lens, and a city has thousands of them
def _reaches(lens: View, drop_m: float, coarse_px_m: float, fine_px_m: float) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return directions off the axis, and how far the coarse and the fine density reach in each."""
    offsets = directions_deg(lens)
    reach_m = reach_at_density_m if lens.is_one_lens else reach_of_set_m
    outer, inner = (reach_m(lens, drop_m, density, offsets) for density in (coarse_px_m, fine_px_m))
    kept = offsets, np.minimum(outer, 4.0 * lens.range_m), np.minimum(inner, 4.0 * lens.range_m)
    for each in kept:
        each.setflags(write=False)
    return kept


def ground_inside(view: View, offsets_deg: FloatArray, outer_m: FloatArray, inner_m: FloatArray, is_full: bool) -> BaseGeometry:
    """Return the ground between an inner and an outer reach in each direction."""
    return shapely.make_valid(_between_rims(view, offsets_deg, outer_m, inner_m, is_full))


def _between_rims(view: View, offsets_deg: FloatArray, outer_m: FloatArray, inner_m: FloatArray, is_full: bool) -> BaseGeometry:
    rim, core = _rim(view, offsets_deg, outer_m), _rim(view, offsets_deg, inner_m)
    if not is_full:
        return shapely.Polygon(np.r_[rim, core[::-1]])
    return shapely.Polygon(rim[:-1], [core[:-1]] if inner_m.min() > 1e-6 else [])


def directions_deg(view: View) -> FloatArray:
    """Return directions off the axis from the left edge to the right: every full step, and the edges."""
    half = half_width_deg(view)
    whole = math.ceil(half / ARC_STEP_DEG) - 1
    return np.concatenate(([-half], np.arange(-whole, whole + 1) * ARC_STEP_DEG, [half]))


def _rim(view: View, offsets_deg: FloatArray, reach_m: FloatArray | float) -> FloatArray:
    """Return points at the given distance in each direction, shape (n, 2)."""
    bearing = np.radians(view.azimuth_deg + offsets_deg)
    return np.column_stack((view.x_m + reach_m * np.sin(bearing), view.y_m + reach_m * np.cos(bearing)))
