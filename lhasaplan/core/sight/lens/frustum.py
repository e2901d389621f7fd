"""The field of view before any obstacle: angles, range, density at a point, of one view or of many as columns."""

import math
from collections.abc import Sequence
from functools import lru_cache
from itertools import chain
from operator import attrgetter, is_
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from lhasaplan.core.base.arrays import BoolArray, FloatArray, IntArray, in_columns
from lhasaplan.core.model.camera import Mount, View, ViewColumns
from lhasaplan.core.model.optics import RECTILINEAR_LIMIT_DEG, LensClass, focal_length_px

# The field of view before any obstacle: angles, range, and pixel density at a point.

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
    """Return how far off the axis any point in the widest picture of a set may lie by bearing."""
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


# Many views as columns, read in one pass: what kernels and array arithmetic need of them.

RAISED = -2  # of a set with more than one height: a deck that hides a spot from one lens may not from another
NUMBERS = ViewColumns._fields[: ViewColumns._fields.index("narrowest_deg")]
_numbers_of = attrgetter(*NUMBERS)
_other_ends_of = attrgetter("narrowest_hfov_deg", "fewest_width_px", "lowest_lens_z_m")
NO_OTHER_ENDS = (None, None, None)
FEW = 4  # views of one camera: each of its answers asks for their columns

_LAST: list[tuple[tuple[View, ...], ViewColumns]] = []  # of many views, until asked again: for points, after ground


def columns_of(views: Sequence[View]) -> ViewColumns:
    """Return the columns of views."""
    if len(views) <= FEW:
        return _kept_columns(tuple(views))
    for known, columns in _LAST[:]:
        if len(known) == len(views) and all(map(is_, known, views)):
            _LAST.clear()
            return columns
    columns = _columns(views)
    _LAST[:] = [(tuple(views), columns)]
    return columns


@lru_cache(maxsize=FEW)
def _kept_columns(views: tuple[View, ...]) -> ViewColumns:
    return _columns(views)


def _columns(views: Sequence[View]) -> ViewColumns:
    count = len(views)
    flat = np.fromiter(chain.from_iterable(map(_numbers_of, views)), float, count=count * len(NUMBERS))
    numbers = dict(zip(NUMBERS, np.ascontiguousarray(flat.reshape(count, len(NUMBERS)).T), strict=True))
    other_ends = [numbers[name] for name in ("hfov_deg", "width_px", "lens_z_m")]
    if any(map(NO_OTHER_ENDS.__ne__, map(_other_ends_of, views))):
        other_ends = list(np.array([(v.narrowest_deg, v.fewest_px, v.lowest_z_m) for v in views], float).T.copy())
    is_equidistant = np.fromiter((v.lens_class is LensClass.EQUIDISTANT for v in views), bool, count=count)
    own = (v.own_building if v.mount is Mount.INDOOR else -1 if v.lowest_lens_z_m is None else RAISED for v in views)
    return ViewColumns._make((*numbers.values(), *other_ends, is_equidistant, np.fromiter(own, np.int64, count=count)))


def are_sets(columns: ViewColumns) -> BoolArray:
    """Return which views stand for more than one lens, shape (V,)."""
    is_one_lens = (columns.narrowest_deg == columns.hfov_deg) & (columns.fewest_px == columns.width_px)
    is_held = (columns.swing_deg == 0.0) & (columns.tilt_swing_deg == 0.0) & (columns.lowest_z_m == columns.lens_z_m)
    return np.asarray(~(is_one_lens & is_held), bool)


def half_widths_deg(columns: ViewColumns, corners_deg: FloatArray | None = None) -> FloatArray:
    """Return how far off its middle axis each view can show anything by bearing, at most 180; shape (V,).

    A single lens is taken by bearing and dip, a set of lenses whole, with the corners of its tilted pictures.

    Parameters
    ----------
    corners_deg : ``corner_bearings_deg`` of the views, where they are known.
    """
    looks_down = columns.is_equidistant & (columns.tilt_deg >= 90.0 - ANGLE_SLACK_DEG)
    corner = corner_bearings_deg(columns) if corners_deg is None else corners_deg
    half = np.where(are_sets(columns), corner, columns.hfov_deg / 2.0)
    return np.where(looks_down, 180.0, np.minimum(180.0, columns.swing_deg + half))


def half_tangents(columns: ViewColumns) -> FloatArray:
    """Return the tangents of half the horizontal and half the vertical angle, a point exactly on a side within; shape (V, 2)."""
    half = in_columns(columns.hfov_deg, columns.vfov_deg) / 2.0 + ANGLE_SLACK_DEG
    return np.asarray(np.tan(np.radians(np.minimum(half, WIDEST_DEG))), float)


def corner_bearings_deg(columns: ViewColumns) -> FloatArray:
    """Return how far off the axis any point in the widest picture may lie by bearing, at most 180; shape (V,).

    Of a straight lens the corners lie farthest: those below if it looks down, those above if it looks up.
    """
    across, down = half_tangents(columns).T
    steepest = np.radians(np.abs(columns.tilt_deg) + columns.tilt_swing_deg)
    ahead = np.cos(steepest) - down * np.sin(steepest)
    corner = np.where(ahead > 1e-6, np.degrees(np.arctan2(across, ahead)), 180.0)
    return np.where(columns.is_equidistant, columns.hfov_deg / 2.0, np.maximum(columns.hfov_deg / 2.0, corner))


def edges_deg(columns: ViewColumns, corners_deg: FloatArray | None = None) -> tuple[FloatArray, FloatArray]:
    """Return the upper and lower edge of what each view can show as angles below the horizon, shape (V,).

    Beside its axis an edge of a straight lens's picture is nearer to the horizon than ahead; a set is taken whole.
    ``corners_deg`` are ``corner_bearings_deg`` of the views, where they are known.
    """
    half = columns.tilt_swing_deg + columns.vfov_deg / 2.0
    upper, lower = columns.tilt_deg - half, columns.tilt_deg + half
    is_wider = are_sets(columns) & ~columns.is_equidistant
    if not is_wider.any():
        return upper, lower
    corner = corner_bearings_deg(columns) if corners_deg is None else corners_deg
    nearer = np.cos(np.radians(np.minimum(corner, 90.0)))
    flat_upper, flat_lower = (_flattened_deg(edge, nearer) for edge in (upper, lower))
    return np.where(is_wider & (upper > 0.0), flat_upper, upper), np.where(is_wider & (lower < 0.0), flat_lower, lower)


def _flattened_deg(edge_deg: FloatArray, nearer: FloatArray) -> FloatArray:
    """Return the dip of an edge of the picture at its corners, where it is nearer to the horizon than ahead."""
    within = np.radians(np.clip(edge_deg, -WIDEST_DEG, WIDEST_DEG))
    return np.asarray(np.degrees(np.arctan(np.tan(within) * nearer)))


def focal_lengths_px(columns: ViewColumns) -> FloatArray:
    """Return ``optics.focal_length_px`` of each view.

    Raises
    ------
    InputError
        If a rectilinear lens is wider than its limit.
    """
    angle = np.radians(columns.hfov_deg)
    too_wide = np.flatnonzero(~columns.is_equidistant & (columns.hfov_deg > RECTILINEAR_LIMIT_DEG))
    for k in too_wide[:1]:
        focal_length_px(columns.width_px[k], columns.hfov_deg[k], LensClass.RECTILINEAR)
    share = np.where(columns.is_equidistant, angle, 2.0 * np.tan(np.minimum(angle, np.pi / 1.5) / 2.0))
    return columns.width_px / share


# Between which pixel densities a set of lenses can show a spot: the longest lens that still holds it, and the shortest.
#
# A straight lens of half angle ``a`` shows a spot at depth ``d`` and ``aside`` of its axis at ``width / (2 tan(a) d)``, and
# holds it only if ``aside <= tan(a) d``. So nothing is shown sharper than ``width / (2 max(tan(narrowest) d, aside))``. The
# depth is the least that direction, tilt and height allow, and a spot in the picture is never shallower than its corner. Each
# limit holds for every lens of the set that has the spot in its picture; of a single lens both are its density.


def density_limits_px_m(
    views: ViewColumns, dx_m: npt.ArrayLike, dy_m: npt.ArrayLike, drop_m: npt.ArrayLike
) -> tuple[FloatArray, FloatArray]:
    """Return the lowest and the highest pixel density, px/m, at which lenses of each set show a spot that they have in view.

    Parameters
    ----------
    views : one for each spot, or one for all.
    dx_m, dy_m, drop_m : east, north and down from the **highest** lens.
    """
    from lhasaplan.core.sight.compiled.directions import limits_of_spots  # noqa: PLC0415 - numba is loaded when it is needed

    table = lens_sets(views)
    dx, dy, drop = (np.ascontiguousarray(each) for each in np.broadcast_arrays(*(np.ravel(one) for one in (dx_m, dy_m, drop_m))))
    number = np.arange(len(dx)) if len(table) > 1 else np.zeros(len(dx), np.int64)
    low, high = np.empty(len(dx)), np.empty(len(dx))
    limits_of_spots(table, number, dx.astype(float), dy.astype(float), drop.astype(float), low, high)
    return low, high


def lens_sets(views: ViewColumns, corners_deg: FloatArray | None = None) -> FloatArray:
    """Return the views as a table of ``compiled.directions.LensSet``, for kernels; of single lenses as well.

    ``corners_deg`` are ``corner_bearings_deg`` of the views, where they are known.
    """
    bearing = corner_bearings_deg(views) if corners_deg is None else corners_deg
    share, (corner, edge) = angle_shares(views, views.narrowest_deg), corner_shares(views)
    least, most = np.radians((views.tilt_deg - views.tilt_swing_deg, views.tilt_deg + views.tilt_swing_deg))
    axis = np.radians(90.0 - views.azimuth_deg)
    return in_columns(
        views.width_px / 2.0, share, corner, edge, views.lens_z_m - views.lowest_z_m, np.radians(views.swing_deg),
        np.radians(bearing), np.cos(least), np.sin(least), np.cos(most), np.sin(most),
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
    # All lenses of a set have the shape of the picture in common.
    wide, high = np.tan(np.minimum(np.radians((views.hfov_deg, views.vfov_deg)) / 2.0, 1.57))
    down = across * (high / wide)
    return np.sqrt(1.0 + across**2 + down**2), np.sqrt(1.0 + down**2)


def angle_shares(views: ViewColumns, hfov_deg: FloatArray) -> FloatArray:
    """Return the tangent of half the angle; of a bent lens half the angle itself, to which its pixels are in proportion."""
    half = np.radians(hfov_deg) / 2.0
    return np.where(views.is_equidistant, half, np.tan(np.minimum(half, np.pi / 3.0)))


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
