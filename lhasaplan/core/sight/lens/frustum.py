"""The field of view before any obstacle: angles, range, and pixel density at a point."""

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from lhasaplan.core.base.arrays import BoolArray, FloatArray, IntArray
from lhasaplan.core.model.camera import View
from lhasaplan.core.model.optics import LensClass, focal_length_px

ANGLE_SLACK_DEG = 1e-7  # a point exactly on the frame's edge still counts
RANGE_SLACK_M = 1e-6  # a point exactly at the range still counts
HAIR_M = 1e-6  # a point right below the lens is moved aside by so much: a sight line needs a bearing
WIDEST_DEG = 89.999  # half an angle whose tangent still is a number to work with
NEAREST_M = 0.05  # densities nearer than this to the lens plane mean nothing


def half_width_deg(view: View) -> float:
    """Return half of the horizontal angle that the view can take in, at most 180; of a set with all its tilted corners."""
    if view.lens_class is LensClass.EQUIDISTANT and view.tilt_deg >= 90.0 - ANGLE_SLACK_DEG:
        return 180.0
    half = view.hfov_deg / 2.0 if view.is_one_lens else _corner_bearing_deg(view)
    return min(180.0, view.swing_deg + half)


def _corner_bearing_deg(view: View) -> float:
    """Return how far off the axis any point in the widest picture of a set may lie by bearing; see ``view_columns``."""
    if view.lens_class is LensClass.EQUIDISTANT:
        return view.hfov_deg / 2.0
    across, down = (_tangent(angle / 2.0 + ANGLE_SLACK_DEG) for angle in (view.hfov_deg, view.vfov_deg))
    steepest = math.radians(abs(view.tilt_deg) + view.tilt_swing_deg)
    ahead = math.cos(steepest) - down * math.sin(steepest)
    return max(view.hfov_deg / 2.0, math.degrees(math.atan2(across, ahead)) if ahead > 1e-6 else 180.0)


def _tangent(angle_deg: float) -> float:
    return math.tan(math.radians(min(max(angle_deg, -WIDEST_DEG), WIDEST_DEG)))


def off_axis_deg(view: View, dx_m: npt.ArrayLike, dy_m: npt.ArrayLike) -> FloatArray:
    """Return the horizontal angle between the recorded axis and points at (dx, dy) from the lens, 0 to 180."""
    bearing = np.degrees(np.arctan2(dx_m, dy_m))
    return np.asarray(np.abs((bearing - view.azimuth_deg + 180.0) % 360.0 - 180.0))


def vertical_limits_deg(view: View) -> tuple[float, float]:
    """Return the upper and lower edge of the picture as angles below the horizon (upper edge first, smaller)."""
    half = view.tilt_swing_deg + view.vfov_deg / 2.0
    upper, lower = view.tilt_deg - half, view.tilt_deg + half
    if view.is_one_lens or view.lens_class is LensClass.EQUIDISTANT:
        return upper, lower
    nearer = math.cos(math.radians(min(_corner_bearing_deg(view), 90.0)))  # beside the axis an edge is nearer to the horizon
    flat_upper, flat_lower = (math.degrees(math.atan(_tangent(edge) * nearer)) for edge in (upper, lower))
    return flat_upper if upper > 0.0 else upper, flat_lower if lower < 0.0 else lower


def ground_limits_m(view: View, drop_m: float) -> tuple[float, float]:
    """Return the nearest and farthest horizontal distance at which a target ``drop_m`` below the lens is in the picture.

    The nearest is the blind zone ``h / tan(tilt + vfov/2)``; the farthest never exceeds the range. (0, -1) if none. The
    upper edge is asked from the highest lens of a set, ``drop_m`` above the target, the lower one from the lowest.
    """
    upper, lower = vertical_limits_deg(view)
    least_drop_m = drop_m - (view.lens_z_m - view.lowest_z_m)
    near, far = 0.0, view.range_m
    if drop_m > 0:
        far = far if upper <= 0 else 0.0 if upper >= 90 else min(far, drop_m / math.tan(math.radians(upper)))
    elif drop_m < 0:
        near = 0.0 if upper <= -90 else math.inf if upper >= 0 else drop_m / math.tan(math.radians(upper))
    elif upper > 0:
        near = math.inf
    if least_drop_m > 0:
        near = max(near, 0.0 if lower >= 90 else math.inf if lower <= 0 else least_drop_m / math.tan(math.radians(lower)))
    elif least_drop_m < 0:
        far = far if lower >= 0 else 0.0 if lower <= -90 else min(far, least_drop_m / math.tan(math.radians(lower)))
    elif lower < 0:
        near = math.inf
    return (near, far) if near < far else (0.0, -1.0)


def in_range(view: View, dx_m: npt.ArrayLike, dy_m: npt.ArrayLike) -> BoolArray:
    """Return which points lie within the horizontal range, the limit included."""
    return np.asarray(np.hypot(dx_m, dy_m) <= view.range_m + RANGE_SLACK_M)


def in_width(view: View, dx_m: npt.ArrayLike, dy_m: npt.ArrayLike) -> BoolArray:
    """Return which points lie between the left and right edge of what the view can take in."""
    return np.asarray(off_axis_deg(view, dx_m, dy_m) <= half_width_deg(view) + ANGLE_SLACK_DEG)


def below_horizon_deg(dx_m: npt.ArrayLike, dy_m: npt.ArrayLike, drop_m: npt.ArrayLike) -> FloatArray:
    """Return the angle below the horizon at which points appear from the lens."""
    return np.degrees(np.arctan2(drop_m, np.hypot(dx_m, dy_m)))


class Optics(NamedTuple):
    """What pixel density depends on, one entry a view or a pair of view and point."""

    azimuth_deg: FloatArray
    swing_deg: FloatArray
    tilt_deg: FloatArray
    tilt_swing_deg: FloatArray
    focal_px: FloatArray
    is_equidistant: BoolArray

    def of(self, number: IntArray) -> "Optics":
        """Return the entries with these numbers."""
        return Optics(
            self.azimuth_deg[number],
            self.swing_deg[number],
            self.tilt_deg[number],
            self.tilt_swing_deg[number],
            self.focal_px[number],
            self.is_equidistant[number],
        )


def optics_of(views: Sequence[View]) -> Optics:
    """Return the optics of views, arrays of shape (V,)."""
    angles = [(v.azimuth_deg, v.swing_deg, v.tilt_deg, v.tilt_swing_deg) for v in views]
    azimuth, swing, tilt, tilt_swing = np.reshape(np.array(angles, float), (-1, 4)).T
    focal = np.array([focal_length_px(v.width_px, v.hfov_deg, v.lens_class) for v in views], float)
    is_equidistant = np.array([v.lens_class is LensClass.EQUIDISTANT for v in views], bool)
    return Optics(azimuth, swing, tilt, tilt_swing, focal, is_equidistant)


def depth_m(optics: Optics, dx_m: npt.ArrayLike, dy_m: npt.ArrayLike, drop_m: npt.ArrayLike) -> FloatArray:
    """Return the distance that pixel density is read from.

    Rectilinear: the depth along the optical axis (slant distance is wrong off-axis). Where the direction or tilt is not
    known, the axis is turned as near to the point as the swing allows. Equidistant: the slant distance.
    """
    ground = np.hypot(dx_m, dy_m)
    turned = (np.degrees(np.arctan2(dx_m, dy_m)) - optics.azimuth_deg + 180.0) % 360.0 - 180.0
    aside = np.radians(np.maximum(0.0, np.abs(turned) - optics.swing_deg))
    down, swing = np.degrees(np.arctan2(drop_m, ground)), optics.tilt_swing_deg
    tilt = np.radians(np.clip(down, optics.tilt_deg - swing, optics.tilt_deg + swing))
    along = ground * np.cos(aside) * np.cos(tilt) + np.asarray(drop_m) * np.sin(tilt)
    return np.asarray(np.maximum(np.where(optics.is_equidistant, np.hypot(ground, drop_m), along), NEAREST_M))


def pixel_density_px_m(optics: Optics, dx_m: npt.ArrayLike, dy_m: npt.ArrayLike, drop_m: npt.ArrayLike) -> FloatArray:
    """Return the pixel density across targets, px/m, for optics of one view or of each pair."""
    return optics.focal_px / depth_m(optics, dx_m, dy_m, drop_m)


def density_px_m(view: View, dx_m: npt.ArrayLike, dy_m: npt.ArrayLike, drop_m: npt.ArrayLike) -> FloatArray:
    """Return the pixel density across targets of one view, px/m."""
    return pixel_density_px_m(optics_of([view]), dx_m, dy_m, drop_m)


def reach_at_density_m(view: View, drop_m: float, density: float, offsets_deg: FloatArray) -> FloatArray:
    """Return, per direction off the axis, the horizontal distance within which the density is at least the given one.

    ``depth_m`` solved for the distance; it grows with distance, since half the angle is at most 60 degrees.
    """
    depth = focal_length_px(view.width_px, view.hfov_deg, view.lens_class) / density
    if view.lens_class is LensClass.EQUIDISTANT:
        return np.full(len(offsets_deg), math.sqrt(max(depth**2 - drop_m**2, 0.0)))
    ahead = np.cos(np.radians(np.maximum(0.0, np.abs(offsets_deg) - view.swing_deg)))
    up, down = (math.radians(view.tilt_deg + sign * view.tilt_swing_deg) for sign in (-1.0, 1.0))
    lowest = _reach_at_tilt(depth, drop_m, down, ahead)
    highest = _reach_at_tilt(depth, drop_m, up, ahead)
    facing = _reach_facing(depth, drop_m, ahead)
    is_nearer, is_farther = np.arctan2(drop_m, lowest) >= down, np.arctan2(drop_m, highest) <= up
    return np.where(is_nearer, lowest, np.where(is_farther, highest, facing))


def _reach_at_tilt(depth: float, drop_m: float, tilt: float, ahead: FloatArray) -> FloatArray:
    """Return the distance at which the depth along an axis of fixed tilt is the given one; far away if never."""
    share = np.maximum(ahead * math.cos(tilt), 1e-6)
    return np.asarray(np.maximum(depth - drop_m * math.sin(tilt), 0.0) / share)


def _reach_facing(depth: float, drop_m: float, ahead: FloatArray) -> FloatArray:
    """Return the same for an axis tilted right at the point: (c r2 + h2) / sqrt(r2 + h2) = depth, a quadratic in r2."""
    half = depth**2 / 2.0 - ahead * drop_m**2
    root = np.sqrt(np.maximum(half**2 - ahead**2 * (drop_m**4 - depth**2 * drop_m**2), 0.0))
    return np.asarray(np.sqrt(np.maximum(half + root, 0.0)) / ahead)
