"""Masks: parts of the picture or of the compass that the camera hides, on the ground and for single points."""

import math

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from lhasaplan.core.base.arrays import BoolArray, FloatArray
from lhasaplan.core.model.camera import View
from lhasaplan.core.model.optics import LensClass, focal_length_px
from lhasaplan.core.sight.lens.frustum import NEAREST_M, WIDEST_DEG
from lhasaplan.core.sight.lens.pixels import pixels_at
from lhasaplan.core.sight.lens.view_columns import columns_of

EDGE_STEP_PX = 8.0  # mask edges are followed in steps of this size where the lens bends straight lines


def pixel_masks_apply(view: View) -> bool:
    """Return whether masks drawn in the picture can be placed: only where there is one picture."""
    return bool(view.mask_px) and view.is_one_lens


def is_panorama(view: View) -> bool:
    """Return whether the picture is an unrolled full circle."""
    return view.lens_class is LensClass.EQUIDISTANT and view.hfov_deg >= 360.0 - 1e-9


def masked_points(view: View, dx_m: FloatArray, dy_m: FloatArray, drop_m: FloatArray) -> BoolArray:
    """Return which points a mask hides."""
    hidden = np.zeros(len(dx_m), bool)
    bearing = np.degrees(np.arctan2(dx_m, dy_m))
    for first, last in view.mask_sector_deg:
        hidden |= (bearing - first) % 360.0 <= sweep_deg(first, last)
    if pixel_masks_apply(view):
        u, v = pixels_of(view, dx_m, dy_m, drop_m)
        for ring in view.mask_px:
            hidden |= shapely.intersects_xy(shapely.Polygon(ring), u, v)
    return hidden


def masked_ground(view: View, target_z_m: float) -> BaseGeometry | None:
    """Return the part of the plane at the target's height that masks hide, None without masks."""
    pieces = sector_masks(view)
    if pixel_masks_apply(view):
        pieces += [_on_plane(view, rays, view.lens_z_m - target_z_m) for rays in mask_rays(view)]
    return shapely.union_all(pieces) if pieces else None


def sector_masks(view: View) -> list[BaseGeometry]:
    """Return the sectors that masks by compass hide, well beyond the range."""
    return [_wedge(view, first, last) for first, last in view.mask_sector_deg]


def mask_rays(view: View) -> list[FloatArray]:
    """Return the directions (east, north, down) of points along the outline of each mask of the picture, shape (n, 3)."""
    outlines = [shapely.segmentize(shapely.Polygon(ring), EDGE_STEP_PX).exterior.coords for ring in view.mask_px]
    return [rays_of(view, *np.asarray(outline).T) for outline in outlines]


def pixels_of(view: View, dx_m: FloatArray, dy_m: FloatArray, drop_m: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return image columns and rows (origin top left) of points; NaN behind a rectilinear lens."""
    return pixels_at(columns_of([view]), dx_m, dy_m, drop_m)


def sweep_deg(first_deg: float, last_deg: float) -> float:
    """Return the clockwise angle from the first to the last azimuth; equal azimuths mean the whole circle."""
    return (last_deg - first_deg) % 360.0 or 360.0


def _wedge(view: View, first_deg: float, last_deg: float) -> BaseGeometry:
    """Return the sector from the first azimuth clockwise to the last, well beyond the range."""
    sweep = sweep_deg(first_deg, last_deg)
    bearing = np.radians(first_deg + np.linspace(0.0, sweep, max(2, math.ceil(sweep)) + 1))
    reach = 1.1 * view.range_m + 1.0
    rim = np.c_[view.x_m + reach * np.sin(bearing), view.y_m + reach * np.cos(bearing)]
    return shapely.Polygon(rim if sweep >= 360.0 else np.r_[[(view.x_m, view.y_m)], rim])


def picture_on_plane(view: View, drop_m: float) -> BaseGeometry:
    """Return where the picture of a straight lens falls on the plane ``drop_m`` below the lens.

    It is cut just before the horizon, which is a level line in it: beyond, a side of the picture leads nowhere on the plane.
    """
    focal, width, height = focal_length_px(view.width_px, view.hfov_deg, view.lens_class), view.width_px, view.height_px
    horizon = height / 2.0 - focal * math.tan(math.radians(max(-WIDEST_DEG, min(view.tilt_deg, WIDEST_DEG))))
    short = focal * max(abs(drop_m), NEAREST_M) / (20.0 * view.range_m)
    top, low = (max(0.0, horizon + short), float(height)) if drop_m >= 0.0 else (0.0, min(height, horizon - short))
    if top >= low:
        return shapely.Polygon()
    u, v = np.array([(0.0, top), (width, top), (width, low), (0.0, low)]).T
    return _on_plane(view, rays_of(view, u, v), drop_m)


def _on_plane(view: View, direction: FloatArray, drop_m: float) -> BaseGeometry:
    """Return where a mask of the picture falls on the plane ``drop_m`` below the lens.

    A plane at or above the lens is treated alike: rays that never reach it are followed to far beyond the range.
    """
    toward = direction[:, 2] * (1.0 if drop_m >= 0 else -1.0)  # downwards positive
    level = np.hypot(direction[:, 0], direction[:, 1])
    far = 20.0 * view.range_m
    reach = np.where(
        toward * far > abs(drop_m) * level, abs(drop_m) / np.where(toward > 0, toward, 1.0), far / np.maximum(level, 1e-12)
    )
    ground = np.c_[view.x_m + direction[:, 0] * reach, view.y_m + direction[:, 1] * reach]
    return shapely.make_valid(shapely.Polygon(ground)).buffer(0)


def rays_of(view: View, u_px: FloatArray, v_px: FloatArray) -> FloatArray:
    """Return the direction (east, north, down) of pixels, shape (n, 3)."""
    focal = focal_length_px(view.width_px, view.hfov_deg, view.lens_class)
    right, below = (u_px - view.width_px / 2) / focal, (v_px - view.height_px / 2) / focal
    az, tilt = math.radians(view.azimuth_deg), math.radians(view.tilt_deg)
    if is_panorama(view):
        down = np.tan(np.clip(tilt + below, -1.57, 1.57))
        return np.column_stack((np.sin(az + right), np.cos(az + right), down))
    ahead = np.ones(len(right))
    if view.lens_class is LensClass.EQUIDISTANT:
        angle = np.hypot(right, below)
        scale = np.sin(angle) / np.maximum(angle, 1e-12)
        ahead, right, below = np.cos(angle), right * scale, below * scale
    forward, down = ahead * math.cos(tilt) - below * math.sin(tilt), ahead * math.sin(tilt) + below * math.cos(tilt)
    east = forward * math.sin(az) + right * math.cos(az)
    return np.column_stack((east, forward * math.cos(az) - right * math.sin(az), down))
