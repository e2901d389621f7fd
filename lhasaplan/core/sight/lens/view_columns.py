"""Many views as columns, read in one pass: what kernels and array arithmetic need of them."""

from collections.abc import Sequence
from itertools import chain
from operator import attrgetter
from typing import NamedTuple

import numpy as np

from lhasaplan.core.base.arrays import BoolArray, FloatArray, IntArray
from lhasaplan.core.model.camera import Mount, View
from lhasaplan.core.model.optics import RECTILINEAR_LIMIT_DEG, LensClass, focal_length_px
from lhasaplan.core.sight.lens.frustum import ANGLE_SLACK_DEG

NUMBERS = (
    "x_m", "y_m", "lens_z_m", "range_m", "azimuth_deg", "swing_deg", "tilt_deg", "tilt_swing_deg", "hfov_deg", "vfov_deg",
    "width_px", "height_px", "narrowest_deg", "fewest_px", "lowest_z_m",
)  # fmt: skip
_numbers_of = attrgetter(*NUMBERS)


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
    skipped: IntArray  # an indoor camera's own building, -1 for all others

    def of(self, number: IntArray) -> "ViewColumns":
        """Return the entries with these numbers."""
        return ViewColumns._make(column[number] for column in self)


def columns_of(views: Sequence[View]) -> ViewColumns:
    """Return the columns of views."""
    count = len(views)
    flat = np.fromiter(chain.from_iterable(map(_numbers_of, views)), float, count=count * len(NUMBERS))
    numbers = np.ascontiguousarray(flat.reshape(count, len(NUMBERS)).T)
    is_equidistant = np.fromiter((v.lens_class is LensClass.EQUIDISTANT for v in views), bool, count=count)
    own = (v.own_building if v.mount is Mount.INDOOR else -1 for v in views)
    return ViewColumns._make((*numbers, is_equidistant, np.fromiter(own, np.int64, count=count)))


def half_widths_deg(columns: ViewColumns) -> FloatArray:
    """Return ``frustum.half_width_deg`` of each view."""
    looks_down = columns.is_equidistant & (columns.tilt_deg >= 90.0 - ANGLE_SLACK_DEG)
    return np.where(looks_down, 180.0, np.minimum(180.0, columns.swing_deg + columns.hfov_deg / 2.0))


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
