"""The true picture of a straight lens: its four sides are planes through the lens, whichever way it is tilted.

Nearer to the pole than the middle of the picture a tilted lens takes in bearings beyond half its angle, farther away fewer.
"""

import math
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from lhasaplan.core.base.arrays import BoolArray, FloatArray, IntArray, in_columns
from lhasaplan.core.model.camera import View, ViewColumns
from lhasaplan.core.sight.lens.frustum import (
    ANGLE_SLACK_DEG,
    FEW,
    RANGE_SLACK_M,
    WIDEST_DEG,
    columns_of,
    corner_bearings_deg,
    edges_deg,
    focal_lengths_px,
    half_tangents,
    half_widths_deg,
    lens_sets,
    vertical_limits_deg,
)

FULL_CIRCLE_DEG = 180.0


class Sides(NamedTuple):
    """Where a point falls against the sides of a picture, one entry a point; the picture is 1 deep.

    ``across`` and ``down`` are how far it lies from the middle, as a share of half the picture: in it up to 1 and from -1 to 1.
    Behind the lens both are endless.
    """

    across: FloatArray
    down: FloatArray


def have_true_pictures(columns: ViewColumns) -> BoolArray:
    """Return which views are asked by their true picture, shape (V,).

    A bent lens is asked by bearing and dip, and so is a view whose direction is not known: it has no one picture. Where only
    the tilt is not known, a point is in the picture if it is at one of the tilts.
    """
    return np.asarray(~columns.is_equidistant & (columns.swing_deg == 0.0), bool)


def has_true_picture(view: View) -> bool:
    """Return whether one view is asked by its true picture."""
    return bool(have_true_pictures(columns_of([view]))[0])


def widest_bearings_deg(columns: ViewColumns, corners_deg: FloatArray | None = None) -> FloatArray:
    """Return how far off the axis any point in the picture may lie by bearing, at most 180; shape (V,).

    ``corners_deg`` are ``corner_bearings_deg`` of the views, where they are known.
    """
    corner = corner_bearings_deg(columns) if corners_deg is None else corners_deg
    by_bearing = half_widths_deg(columns, corner)
    return np.where(have_true_pictures(columns), np.maximum(by_bearing, corner), by_bearing)


def narrowest_bearing_deg(view: View) -> float:
    """Return the bearing off the axis up to which the picture of a straight lens reaches at all of its heights.

    The corners above lie nearest if the lens looks down, those below if it looks up. Of a missing tilt the least counts.
    """
    down = math.radians(min(view.vfov_deg / 2.0, WIDEST_DEG))
    tilt = min(math.radians(abs(view.tilt_deg) + view.tilt_swing_deg), down)  # at which the corner is farthest ahead
    ahead = math.cos(tilt) + math.tan(down) * math.sin(tilt)
    return math.degrees(math.atan2(math.tan(math.radians(min(view.hfov_deg / 2.0, WIDEST_DEG))), ahead))


def are_between_edges(view: View, away_m: FloatArray, drop_m: FloatArray) -> BoolArray:
    """Return which points lie between the upper and the lower edge of the picture wherever between its narrowest bearings.

    An edge is a level line in the picture: aside of the axis it comes nearer to the horizon, by the cosine of the bearing.

    Parameters
    ----------
    away_m, drop_m : shape (N,); level distance from the lens, and how far below it.
    """
    nearer = math.cos(math.radians(narrowest_bearing_deg(view)))
    upper, lower = vertical_limits_deg(view)
    is_below = np.ones(len(away_m), bool) if upper >= 0.0 else drop_m >= _slope(upper) * nearer * away_m
    return is_below if not 0.0 < lower < FULL_CIRCLE_DEG / 2.0 else is_below & (drop_m <= _slope(lower) * nearer * away_m)


def _slope(edge_deg: float) -> float:
    return math.tan(math.radians(max(edge_deg, -WIDEST_DEG)))


def sides_of(view: View, dx_m: npt.ArrayLike, dy_m: npt.ArrayLike, drop_m: npt.ArrayLike) -> Sides:
    """Return where points fall against the sides of a true picture; the tilt is the best of those that it may have.

    Parameters
    ----------
    dx_m, dy_m, drop_m : east, north and down from the lens.
    """
    azimuth = math.radians(view.azimuth_deg)
    forward = np.asarray(dx_m) * math.sin(azimuth) + np.asarray(dy_m) * math.cos(azimuth)
    aside = np.asarray(dx_m) * math.cos(azimuth) - np.asarray(dy_m) * math.sin(azimuth)
    dip = np.degrees(np.arctan2(drop_m, forward))
    best = np.clip(dip, view.tilt_deg - view.tilt_swing_deg, view.tilt_deg + view.tilt_swing_deg)
    off, away = np.radians(dip - best), np.hypot(forward, drop_m)
    depth = away * np.cos(off)
    across_half, down_half = half_tangents(columns_of([view]))[0]
    shown, deep = depth > 0.0, np.where(depth > 0.0, depth, 1.0)
    across = np.where(shown, np.abs(aside) / (deep * across_half), np.inf)
    down = np.where(shown, away * np.sin(off) / (deep * down_half), np.inf)
    return Sides(across, down)


def are_in_picture(view: View, dx_m: npt.ArrayLike, dy_m: npt.ArrayLike, drop_m: npt.ArrayLike) -> BoolArray:
    """Return which points a straight lens of known direction has in its picture, or one of a set may have.

    Of a set with more than one height the dip of a point is a span too. Where no dip meets a tilt, the point lies off the
    axis by the gap between them at least, and no deeper than it is away from the lens that is farthest above or below it.
    """
    span_m = view.lens_z_m - view.lowest_z_m
    if span_m <= 0.0:
        return are_inside(sides_of(view, dx_m, dy_m, drop_m))
    azimuth = math.radians(view.azimuth_deg)
    forward = np.asarray(dx_m) * math.sin(azimuth) + np.asarray(dy_m) * math.cos(azimuth)
    aside = np.abs(np.asarray(dx_m) * math.cos(azimuth) - np.asarray(dy_m) * math.sin(azimuth))
    high, low = np.asarray(drop_m, float), np.asarray(drop_m, float) - span_m
    dip_high, dip_low = np.degrees(np.arctan2(high, forward)), np.degrees(np.arctan2(low, forward))
    least, most = view.tilt_deg - view.tilt_swing_deg, view.tilt_deg + view.tilt_swing_deg
    ahead = np.maximum(0.0, np.maximum(dip_low - most, least - dip_high))
    behind = np.minimum(*(np.maximum(0.0, np.maximum(dip - most, least - dip)) for dip in (dip_high, dip_low)))
    gap = np.radians(np.where(forward > 0.0, ahead, behind))
    away = np.hypot(forward, np.maximum(np.abs(high), np.abs(low)))
    across, down = half_tangents(columns_of([view]))[0]
    return np.asarray((gap <= math.atan(down)) & (aside <= away * np.cos(gap) * across), bool)


def are_inside(sides: Sides) -> BoolArray:
    """Return which points fall into the picture, its sides included."""
    return np.asarray((sides.across <= 1.0) & (np.abs(sides.down) <= 1.0), bool)


# The views of a job as arrays, a row a view, for the sight line kernels.

COS_HALF, SIN_HALF, LAST = range(3)
UPPER_COS, UPPER_SIN, LOWER_COS, LOWER_SIN = range(4)
SWING, TILT, TILT_SWING, FOCAL_PX = range(4)
TAN_ACROSS, TAN_DOWN, HIGH_COS, HIGH_SIN, LOW_COS, LOW_SIN = range(6)


class Fleet(NamedTuple):
    """Views in plain arrays; limits hold their slack, so that a point exactly on one still counts.

    Parameters
    ----------
    place : shape (V, 3); x, y, z of the lens.   reach : shape (V,); the range.
    axis : shape (V, 2); cosine and sine of the axis, counter-clockwise from east.
    half : shape (V, 3); cosine and sine of the widest bearing in the picture, and its diamond angle; -1, 0 and 2 for a full
        circle.
    picture : shape (V, 6); tangents of half the angles, and cosine and sine of the least and of the greatest tilt; the first is
        0 where a view is asked by bearing and dip.
    edge : shape (V, 4); cosine and sine of the upper and of the lower edge's angle below the horizon.
    optics : shape (V, 4); swing, tilt and its swing in radians, focal length in pixels (per radian if equidistant).
    sets : a row a view; see ``compiled.directions.LensSet``.
    is_equidistant : shape (V,).   skipped : shape (V,); a building that does not block, -1 for none.
    """

    place: FloatArray
    reach: FloatArray
    axis: FloatArray
    half: FloatArray
    picture: FloatArray
    edge: FloatArray
    optics: FloatArray
    sets: FloatArray
    is_equidistant: BoolArray
    skipped: IntArray


_LAST: list[tuple[ViewColumns, bytes, Fleet]] = []  # of one camera: who asks what it sees of points and of walls asks twice


def fleet_of(columns: ViewColumns) -> Fleet:
    """Return the views of a job for the kernels, which only read it."""
    if len(columns.x_m) > FEW:
        return _fleet(columns)
    known = next((fleet for last, _, fleet in _LAST[:] if last is columns), None)
    if known is not None:
        return known
    lenses = _lenses(columns)
    elsewhere = next((fleet for _, lens, fleet in _LAST[:] if lens == lenses), None)
    fleet = _fleet(columns) if elsewhere is None else _moved(elsewhere, columns)
    _LAST[:] = [*_LAST[1 - FEW :], (columns, lenses, fleet)]
    return fleet


def _lenses(columns: ViewColumns) -> bytes:
    """Return what a fleet has of views but places and axes: at a step of a drag these alone are others, since north turns."""
    spread_m = columns.lens_z_m - columns.lowest_z_m
    of_lens = columns._replace(x_m=spread_m, y_m=spread_m, lens_z_m=spread_m, lowest_z_m=spread_m, azimuth_deg=spread_m)
    return b"".join(column.tobytes() for column in of_lens)


def _moved(fleet: Fleet, columns: ViewColumns) -> Fleet:
    """Return a fleet of the same lenses, as these views stand and look."""
    axis, sets = _axes(columns), fleet.sets.copy()
    sets[:, -2:] = axis  # the last of ``lens_sets``
    return fleet._replace(place=_places(columns), axis=axis, sets=sets)


def _axes(columns: ViewColumns) -> FloatArray:
    axis = np.radians(90.0 - columns.azimuth_deg)
    return in_columns(np.cos(axis), np.sin(axis))


def _places(columns: ViewColumns) -> FloatArray:
    return in_columns(columns.x_m, columns.y_m, columns.lens_z_m)


def _fleet(columns: ViewColumns) -> Fleet:
    corner = corner_bearings_deg(columns)
    optics = np.radians((columns.swing_deg, columns.tilt_deg, columns.tilt_swing_deg))
    return Fleet(
        _places(columns),
        columns.range_m + RANGE_SLACK_M,
        _axes(columns),
        _halves(widest_bearings_deg(columns, corner)),
        _pictures(columns),
        _edges(columns, corner),
        in_columns(*optics, focal_lengths_px(columns)),
        lens_sets(columns, corner),
        columns.is_equidistant,
        columns.skipped,
    )


def _halves(half_deg: FloatArray) -> FloatArray:
    """Return cosine, sine and diamond angle of half widths."""
    half = np.radians(half_deg + ANGLE_SLACK_DEG)
    cos, sin = np.cos(half), np.sin(half)
    upwards = sin / (np.abs(cos) + np.abs(sin))
    table = in_columns(cos, sin, np.where(cos >= 0.0, upwards, 2.0 - upwards))
    table[half_deg + ANGLE_SLACK_DEG >= 180.0] = -1.0, 0.0, 2.0
    return table


def _pictures(columns: ViewColumns) -> FloatArray:
    """Return the sides of true pictures."""
    tangents = np.where(have_true_pictures(columns)[:, None], half_tangents(columns), 0.0)
    high, low = np.radians((columns.tilt_deg - columns.tilt_swing_deg, columns.tilt_deg + columns.tilt_swing_deg))
    return in_columns(*tangents.T, np.cos(high), np.sin(high), np.cos(low), np.sin(low))


def _edges(columns: ViewColumns, corners_deg: FloatArray) -> FloatArray:
    """Return cosines and sines of the picture's edges; points are never outside the quarter turns up and down."""
    upper, lower = edges_deg(columns, corners_deg)
    limits = np.radians(np.clip((upper - ANGLE_SLACK_DEG, lower + ANGLE_SLACK_DEG), -90.0, 90.0))
    return in_columns(np.cos(limits[0]), np.sin(limits[0]), np.cos(limits[1]), np.sin(limits[1]))
