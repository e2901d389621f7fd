"""Where points fall in pictures, many views at once."""

import numpy as np

from lhasaplan.core.base.arrays import BoolArray, FloatArray
from lhasaplan.core.sight.lens.view_columns import ViewColumns, focal_lengths_px

LEAST_AHEAD_M = 1e-9  # nearer to the lens's plane nothing is in a rectilinear picture


def pixels_at(views: ViewColumns, dx_m: FloatArray, dy_m: FloatArray, drop_m: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return image columns and rows (origin top left) of points; NaN behind a rectilinear lens.

    Parameters
    ----------
    views : one for each point, or one for all.   dx_m, dy_m, drop_m : shape (n,); east, north and down from the lens.
    """
    focal = focal_lengths_px(views)
    ahead, aside, below = _in_lens_frame(views, dx_m, dy_m, drop_m)
    scale = np.where(views.is_equidistant, _equidistant_scale(ahead, aside, below), _rectilinear_scale(ahead)) * focal
    across, down = aside * scale, below * scale
    unrolled = _are_unrolled(views)
    if unrolled.any():
        turn = (np.degrees(np.arctan2(dx_m, dy_m)) - views.azimuth_deg + 180.0) % 360.0 - 180.0
        dip = np.arctan2(drop_m, np.hypot(dx_m, dy_m)) - np.radians(views.tilt_deg)
        across = np.where(unrolled, np.radians(turn) * focal, across)
        down = np.where(unrolled, dip * focal, down)
    return views.width_px / 2.0 + across, views.height_px / 2.0 + down


def _are_unrolled(views: ViewColumns) -> BoolArray:
    """Return which pictures are an unrolled full circle; see ``mask.is_panorama``."""
    return views.is_equidistant & (views.hfov_deg >= 360.0 - 1e-9)


def _equidistant_scale(ahead: FloatArray, aside: FloatArray, below: FloatArray) -> FloatArray:
    """Return how far from the middle a metre aside is, in focal lengths."""
    side = np.hypot(aside, below)
    return np.arctan2(side, ahead) / np.maximum(side, 1e-12)


def _rectilinear_scale(ahead: FloatArray) -> FloatArray:
    """Return the same for a rectilinear lens."""
    is_ahead = ahead > LEAST_AHEAD_M
    return np.where(is_ahead, 1.0 / np.where(is_ahead, ahead, 1.0), np.nan)


def _in_lens_frame(
    views: ViewColumns, dx_m: FloatArray, dy_m: FloatArray, drop_m: FloatArray
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return distances along the optical axis, to its right, and below it in the picture."""
    azimuth, tilt = np.radians(views.azimuth_deg), np.radians(views.tilt_deg)
    forward = dx_m * np.sin(azimuth) + dy_m * np.cos(azimuth)
    right = dx_m * np.cos(azimuth) - dy_m * np.sin(azimuth)
    ahead = forward * np.cos(tilt) + drop_m * np.sin(tilt)
    return ahead, right, drop_m * np.cos(tilt) - forward * np.sin(tilt)
