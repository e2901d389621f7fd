"""The views of a job as arrays, a row a view, for the sight line kernels."""

from typing import NamedTuple

import numpy as np

from lhasaplan.core.base.arrays import BoolArray, FloatArray, IntArray, in_columns
from lhasaplan.core.sight.lens.density_limits import lens_sets
from lhasaplan.core.sight.lens.frustum import ANGLE_SLACK_DEG, RANGE_SLACK_M
from lhasaplan.core.sight.lens.true_picture import have_true_pictures, widest_bearings_deg
from lhasaplan.core.sight.lens.view_columns import (
    ViewColumns,
    edges_deg,
    focal_lengths_px,
    half_tangents,
)

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
    sets : a row a view; see ``compiled.lens_sets.LensSet``.
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


def fleet_of(columns: ViewColumns) -> Fleet:
    """Return the views of a job for the kernels."""
    axis = np.radians(90.0 - columns.azimuth_deg)
    optics = np.radians((columns.swing_deg, columns.tilt_deg, columns.tilt_swing_deg))
    return Fleet(
        in_columns(columns.x_m, columns.y_m, columns.lens_z_m),
        columns.range_m + RANGE_SLACK_M,
        in_columns(np.cos(axis), np.sin(axis)),
        _halves(widest_bearings_deg(columns)),
        _pictures(columns),
        _edges(columns),
        in_columns(*optics, focal_lengths_px(columns)),
        lens_sets(columns),
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


def _edges(columns: ViewColumns) -> FloatArray:
    """Return cosines and sines of the picture's edges; points are never outside the quarter turns up and down."""
    upper, lower = edges_deg(columns)
    limits = np.radians(np.clip((upper - ANGLE_SLACK_DEG, lower + ANGLE_SLACK_DEG), -90.0, 90.0))
    return in_columns(np.cos(limits[0]), np.sin(limits[0]), np.cos(limits[1]), np.sin(limits[1]))
