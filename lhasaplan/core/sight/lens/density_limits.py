"""Between which pixel densities a set of lenses can show a spot: the longest lens that still holds it, and the shortest.

A straight lens of half angle ``a`` shows a spot at depth ``d`` and ``aside`` of its axis at ``width / (2 tan(a) d)``, and
holds it only if ``aside <= tan(a) d``. So nothing is shown sharper than ``width / (2 max(tan(narrowest) d, aside))``. The
depth is the least that direction, tilt and height allow, and a spot in the picture is never shallower than its corner.
Each limit holds for every lens of the set that has the spot in its picture; of a single lens both are its density.
"""

import math

import numpy as np
import numpy.typing as npt

from lhasaplan.core.base.arrays import FloatArray, in_columns
from lhasaplan.core.model.camera import View
from lhasaplan.core.model.optics import RECTILINEAR_LIMIT_DEG, LensClass
from lhasaplan.core.sight.lens.frustum import WIDEST_DEG
from lhasaplan.core.sight.lens.view_columns import ViewColumns, are_sets, columns_of, corner_bearings_deg


def density_limits_px_m(
    views: ViewColumns, dx_m: npt.ArrayLike, dy_m: npt.ArrayLike, drop_m: npt.ArrayLike
) -> tuple[FloatArray, FloatArray]:
    """Return the lowest and the highest pixel density, px/m, at which lenses of each set show a spot that they have in view.

    Parameters
    ----------
    views : one for each spot, or one for all.
    dx_m, dy_m, drop_m : east, north and down from the **highest** lens.
    """
    from lhasaplan.core.sight.compiled.lens_sets import limits_of_spots  # noqa: PLC0415 - numba is loaded when it is needed

    table = lens_sets(views)
    dx, dy, drop = (np.ascontiguousarray(each) for each in np.broadcast_arrays(*(np.ravel(one) for one in (dx_m, dy_m, drop_m))))
    number = np.arange(len(dx)) if len(table) > 1 else np.zeros(len(dx), np.int64)
    low, high = np.empty(len(dx)), np.empty(len(dx))
    limits_of_spots(table, number, dx.astype(float), dy.astype(float), drop.astype(float), low, high)
    return low, high


def lens_sets(views: ViewColumns) -> FloatArray:
    """Return the views as a table of ``compiled.lens_sets.LensSet``, for kernels; of single lenses as well."""
    share, (corner, edge) = angle_shares(views, views.narrowest_deg), corner_shares(views)
    least, most = np.radians((views.tilt_deg - views.tilt_swing_deg, views.tilt_deg + views.tilt_swing_deg))
    axis = np.radians(90.0 - views.azimuth_deg)
    return in_columns(
        views.width_px / 2.0, share, corner, edge, views.lens_z_m - views.lowest_z_m, np.radians(views.swing_deg),
        np.radians(corner_bearings_deg(views)), np.cos(least), np.sin(least), np.cos(most), np.sin(most),
        views.is_equidistant.astype(float), are_sets(views).astype(float), views.fewest_px / 2.0,
        angle_shares(views, views.hfov_deg), least, most, np.cos(axis), np.sin(axis),
    )  # fmt: skip


def limits_of_view_px_m(
    view: View, dx_m: npt.ArrayLike, dy_m: npt.ArrayLike, drop_m: npt.ArrayLike
) -> tuple[FloatArray, FloatArray]:
    """Return ``density_limits_px_m`` of one view."""
    return density_limits_px_m(columns_of([view]), dx_m, dy_m, drop_m)


def corner_shares(views: ViewColumns) -> tuple[FloatArray, FloatArray]:
    """Return how much farther off a corner of the longest lens's picture is than it is deep, and the same for its upper edge."""
    across = angle_shares(views, views.narrowest_deg)
    down = across * _shape(views)
    return np.sqrt(1.0 + across**2 + down**2), np.sqrt(1.0 + down**2)


def angle_shares(views: ViewColumns, hfov_deg: FloatArray) -> FloatArray:
    """Return the tangent of half the angle; of a bent lens half the angle itself, to which its pixels are in proportion."""
    half = np.radians(hfov_deg) / 2.0
    return np.where(views.is_equidistant, half, np.tan(np.minimum(half, np.pi / 3.0)))


def _shape(views: ViewColumns) -> FloatArray:
    """Return height over width of the picture, which all lenses of a set have in common."""
    half = np.radians(np.column_stack((views.hfov_deg, views.vfov_deg))) / 2.0
    across, down = np.tan(np.minimum(half, 1.57)).T
    return np.asarray(down / across)


def reach_at_highest_m(view: View, drop_m: float, density_px_m: float, offsets_deg: FloatArray) -> FloatArray:
    """Return, per direction off the middle axis, the level distance within which the highest density is at least this one.

    ``density_limits_px_m`` solved for the distance; ``drop_m`` is below the highest lens.
    """
    columns = columns_of([view])
    share, (corner, edge) = float(angle_shares(columns, columns.narrowest_deg)[0]), corner_shares(columns)
    widest = view.width_px / (2.0 * density_px_m)  # what the picture is across where it has the density
    deepest = widest / share
    drops = np.array([drop_m - (view.lens_z_m - view.lowest_z_m), drop_m])
    least = max(0.0, drops[0], -drops[1])
    if columns.is_equidistant[0]:
        return np.full(len(offsets_deg), math.sqrt(max(deepest**2 - least**2, 0.0)))
    near = np.radians(np.maximum(0.0, np.abs(offsets_deg) - view.swing_deg))
    aside = np.sin(np.minimum(near, np.pi / 2.0))
    stretched, along = (corner[0], 1.0) if view.swing_deg else (edge[0], np.sqrt(np.maximum(1.0 - aside**2, 0.0)))
    by_picture = math.sqrt(max((deepest * stretched) ** 2 - least**2, 0.0)) / np.maximum(along, 1e-9)
    by_axis, by_width = _reach_by_axis_m(view, drops, (deepest, widest), offsets_deg), widest / np.maximum(aside, 1e-9)
    return np.asarray(np.minimum(np.minimum(by_picture, by_axis), by_width))


def reach_of_set_m(view: View, drop_m: float, density_px_m: float, offsets_deg: FloatArray) -> FloatArray:
    """Return, per direction off the middle axis, how far any lens of a set may show a plane at a density."""
    dense = reach_at_highest_m(view, drop_m, density_px_m, offsets_deg)
    return np.minimum(dense, reach_in_picture_m(view, drop_m, offsets_deg))


def reach_in_picture_m(view: View, drop_m: float, offsets_deg: FloatArray) -> FloatArray:
    """Return, per direction off the middle axis, how far a plane can be in any picture of a set of straight lenses at all.

    Beside the widest picture only what is near the foot of a tilted lens falls into a corner; behind the foot only what lies
    below the lower edge of a picture that takes in more than straight down.
    """
    if view.lens_class is LensClass.EQUIDISTANT:
        return np.full(len(offsets_deg), np.inf)
    most = max(abs(drop_m), abs(drop_m - (view.lens_z_m - view.lowest_z_m)))
    near = np.radians(np.maximum(0.0, np.abs(offsets_deg) - view.swing_deg))
    wide = math.tan(math.radians(min(view.hfov_deg, RECTILINEAR_LIMIT_DEG) / 2.0))
    beside = np.sin(near) ** 2 - (wide * np.cos(near)) ** 2
    reach = np.where(beside > 0.0, wide * most / np.sqrt(np.maximum(beside, 1e-12)), np.inf)
    past_foot_deg = view.tilt_deg + view.tilt_swing_deg + view.vfov_deg / 2.0 - 90.0
    behind = most * math.tan(math.radians(min(max(past_foot_deg, 0.0), WIDEST_DEG))) / np.maximum(-np.cos(near), 1e-9)
    return np.asarray(np.where(near > np.pi / 2.0, np.where(past_foot_deg < WIDEST_DEG, behind, reach), reach))


def _reach_by_axis_m(view: View, drops: FloatArray, size: tuple[float, float], offsets_deg: FloatArray) -> FloatArray:
    """Return how far a spot is no deeper and no farther aside than this size, at the best tilt, height and turn."""
    deepest, widest = size
    turn, found = np.radians(np.abs(offsets_deg)), np.zeros(len(offsets_deg))
    near = np.maximum(0.0, turn - math.radians(view.swing_deg))
    far = turn
    if view.swing_deg:
        far = np.minimum(turn + math.radians(view.swing_deg), math.radians(float(corner_bearings_deg(columns_of([view]))[0])))
    for tilt in np.radians((view.tilt_deg - view.tilt_swing_deg, view.tilt_deg + view.tilt_swing_deg)):
        for drop in drops.tolist():
            ahead = (deepest - drop * math.sin(tilt)) / max(math.cos(tilt), 1e-9)
            best = np.arctan2(widest, ahead)
            by_depth = max(ahead, 0.0) / np.maximum(np.cos(np.minimum(np.maximum(near, far), np.pi / 2.0)), 1e-9)
            by_width = widest / np.maximum(np.sin(np.minimum(near, np.pi / 2.0)), 1e-9)
            found = np.maximum(found, np.where(best > far, by_depth, np.where(best < near, by_width, math.hypot(widest, ahead))))
    return np.where(far > np.pi / 2.0, np.inf, found)
