"""Many views as columns, read in one pass: what kernels and array arithmetic need of them."""

from collections.abc import Sequence
from itertools import chain
from operator import attrgetter
from typing import NamedTuple

import numpy as np

from lhasaplan.core.base.arrays import BoolArray, FloatArray, IntArray
from lhasaplan.core.model.camera import Mount, View
from lhasaplan.core.model.optics import RECTILINEAR_LIMIT_DEG, LensClass, focal_length_px
from lhasaplan.core.sight.lens.frustum import ANGLE_SLACK_DEG, WIDEST_DEG

RAISED = -2  # of a set with more than one height: a deck that hides a spot from one lens may not from another


class ViewColumns(NamedTuple):
    """The fields of :class:`View` with these names, each of shape (V,), and which building does not block."""

    x_m: FloatArray
    y_m: FloatArray
    lens_z_m: FloatArray
    range_m: FloatArray
    azimuth_deg: FloatArray
    swing_deg: FloatArray
    tilt_deg: FloatArray
    tilt_swing_deg: FloatArray
    hfov_deg: FloatArray
    vfov_deg: FloatArray
    width_px: FloatArray
    height_px: FloatArray
    narrowest_deg: FloatArray
    fewest_px: FloatArray
    lowest_z_m: FloatArray
    is_equidistant: BoolArray
    skipped: IntArray  # an indoor camera's own building; RAISED where decks hide nothing for certain; -1 for all others

    def of(self, number: IntArray) -> "ViewColumns":
        """Return the entries with these numbers."""
        return ViewColumns._make(column[number] for column in self)


NUMBERS = ViewColumns._fields[: ViewColumns._fields.index("is_equidistant")]
_numbers_of = attrgetter(*NUMBERS)


def columns_of(views: Sequence[View]) -> ViewColumns:
    """Return the columns of views."""
    count = len(views)
    flat = np.fromiter(chain.from_iterable(map(_numbers_of, views)), float, count=count * len(NUMBERS))
    numbers = np.ascontiguousarray(flat.reshape(count, len(NUMBERS)).T)
    is_equidistant = np.fromiter((v.lens_class is LensClass.EQUIDISTANT for v in views), bool, count=count)
    own = (v.own_building if v.mount is Mount.INDOOR else -1 if v.lowest_lens_z_m is None else RAISED for v in views)
    return ViewColumns._make((*numbers, is_equidistant, np.fromiter(own, np.int64, count=count)))


def are_sets(columns: ViewColumns) -> BoolArray:
    """Return which views stand for more than one lens, shape (V,)."""
    is_one_lens = (columns.narrowest_deg == columns.hfov_deg) & (columns.fewest_px == columns.width_px)
    is_held = (columns.swing_deg == 0.0) & (columns.tilt_swing_deg == 0.0) & (columns.lowest_z_m == columns.lens_z_m)
    return np.asarray(~(is_one_lens & is_held), bool)


def half_widths_deg(columns: ViewColumns) -> FloatArray:
    """Return how far off its middle axis each view can show anything by bearing, at most 180; shape (V,).

    A single lens is taken by bearing and dip, a set of lenses whole, with the corners of its tilted pictures.
    """
    looks_down = columns.is_equidistant & (columns.tilt_deg >= 90.0 - ANGLE_SLACK_DEG)
    half = np.where(are_sets(columns), corner_bearings_deg(columns), columns.hfov_deg / 2.0)
    return np.where(looks_down, 180.0, np.minimum(180.0, columns.swing_deg + half))


def half_tangents(columns: ViewColumns) -> FloatArray:
    """Return the tangents of half the horizontal and half the vertical angle, a point exactly on a side within; shape (V, 2)."""
    half = np.column_stack((columns.hfov_deg, columns.vfov_deg)) / 2.0 + ANGLE_SLACK_DEG
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


def edges_deg(columns: ViewColumns) -> tuple[FloatArray, FloatArray]:
    """Return the upper and lower edge of what each view can show as angles below the horizon, shape (V,).

    Beside its axis an edge of a straight lens's picture is nearer to the horizon than ahead; a set is taken whole.
    """
    half = columns.tilt_swing_deg + columns.vfov_deg / 2.0
    upper, lower = columns.tilt_deg - half, columns.tilt_deg + half
    is_wider = are_sets(columns) & ~columns.is_equidistant
    nearer = np.cos(np.radians(np.minimum(corner_bearings_deg(columns), 90.0)))
    flat_upper, flat_lower = (_flattened_deg(edge, nearer) for edge in (upper, lower))
    return np.where(is_wider & (upper > 0.0), flat_upper, upper), np.where(is_wider & (lower < 0.0), flat_lower, lower)


def _flattened_deg(edge_deg: FloatArray, nearer: FloatArray) -> FloatArray:
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
