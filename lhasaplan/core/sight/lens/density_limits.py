"""Between which pixel densities a set of lenses can show a spot: the longest lens that still holds it, and the shortest.

A straight lens of half angle ``a`` shows a spot at depth ``d`` and ``aside`` of its axis at ``width / (2 tan(a) d)``, and
holds it only if ``aside <= tan(a) d``. So nothing is shown sharper than ``width / (2 max(tan(narrowest) d, aside))``. The
depth is the least that direction, tilt and height allow, and a spot in the picture is never shallower than its corner.
Each limit holds for every lens of the set that has the spot in its picture; of a single lens both are its density.
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from lhasaplan.core.base.arrays import BoolArray, FloatArray
from lhasaplan.core.model.camera import View
from lhasaplan.core.sight.lens.frustum import NEAREST_M
from lhasaplan.core.sight.lens.view_columns import ViewColumns, columns_of

TINY_M = 1e-9


class _Spot(NamedTuple):
    """Where spots lie from the lenses of a set: level distance, turn off the axis, and drop below each end of the height."""

    ground_m: FloatArray
    nearest_turn: FloatArray
    farthest_turn: FloatArray
    drop_low_m: FloatArray
    drop_high_m: FloatArray

    @property
    def least_drop_m(self) -> FloatArray:
        """Return how far the lens at the height of the spot, or nearest to it, is from that height."""
        return np.maximum(0.0, np.maximum(self.drop_low_m, -self.drop_high_m))

    @property
    def most_drop_m(self) -> FloatArray:
        """Return how far a lens may be from the height of the spot."""
        return np.maximum(np.abs(self.drop_low_m), np.abs(self.drop_high_m))


def density_limits_px_m(
    views: ViewColumns, dx_m: npt.ArrayLike, dy_m: npt.ArrayLike, drop_m: npt.ArrayLike
) -> tuple[FloatArray, FloatArray]:
    """Return the lowest and the highest pixel density, px/m, at which lenses of each set show a spot that they have in view.

    Parameters
    ----------
    views : one for each spot, or one for all.
    dx_m, dy_m, drop_m : east, north and down from the **highest** lens.
    """
    spot = _spot(views, np.asarray(dx_m, float), np.asarray(dy_m, float), np.asarray(drop_m, float))
    wide, long = _angle_share(views, views.hfov_deg), _angle_share(views, views.narrowest_deg)
    low = views.fewest_px / (2.0 * wide * np.maximum(_greatest_depth_m(views, spot), NEAREST_M))
    straight = np.maximum(long * np.maximum(_least_depth_m(views, spot), NEAREST_M), _least_aside_m(spot))
    bent = long * np.maximum(np.hypot(spot.ground_m, spot.least_drop_m), NEAREST_M)
    high = views.width_px / (2.0 * np.where(views.is_equidistant, bent, straight))
    return np.asarray(np.minimum(low, high)), np.asarray(high)


def limits_of_view_px_m(
    view: View, dx_m: npt.ArrayLike, dy_m: npt.ArrayLike, drop_m: npt.ArrayLike
) -> tuple[FloatArray, FloatArray]:
    """Return ``density_limits_px_m`` of one view."""
    return density_limits_px_m(columns_of([view]), dx_m, dy_m, drop_m)


def are_sets(views: ViewColumns) -> BoolArray:
    """Return which views stand for more than one lens, shape (V,)."""
    is_one_lens = (views.narrowest_deg == views.hfov_deg) & (views.fewest_px == views.width_px)
    is_held = (views.swing_deg == 0.0) & (views.tilt_swing_deg == 0.0) & (views.lowest_z_m == views.lens_z_m)
    return np.asarray(~(is_one_lens & is_held), bool)


def corner_shares(views: ViewColumns) -> tuple[FloatArray, FloatArray]:
    """Return how much farther off a corner of the longest lens's picture is than it is deep, and the same for its upper edge."""
    across = _angle_share(views, views.narrowest_deg)
    down = across * _shape(views)
    return np.sqrt(1.0 + across**2 + down**2), np.sqrt(1.0 + down**2)


def _angle_share(views: ViewColumns, hfov_deg: FloatArray) -> FloatArray:
    """Return the tangent of half the angle; of a bent lens half the angle itself, to which its pixels are in proportion."""
    half = np.radians(hfov_deg) / 2.0
    return np.where(views.is_equidistant, half, np.tan(np.minimum(half, np.pi / 3.0)))


def _shape(views: ViewColumns) -> FloatArray:
    """Return height over width of the picture, which all lenses of a set have in common."""
    half = np.radians(np.column_stack((views.hfov_deg, views.vfov_deg))) / 2.0
    across, down = np.tan(np.minimum(half, 1.57)).T
    return np.asarray(down / across)


def _spot(views: ViewColumns, dx: FloatArray, dy: FloatArray, drop: FloatArray) -> _Spot:
    turn = np.abs((np.degrees(np.arctan2(dx, dy)) - views.azimuth_deg + 180.0) % 360.0 - 180.0)
    nearest, farthest = np.maximum(0.0, turn - views.swing_deg), np.minimum(180.0, turn + views.swing_deg)
    below = drop - (views.lens_z_m - views.lowest_z_m)
    return _Spot(np.hypot(dx, dy), np.radians(nearest), np.radians(farthest), below, drop)


def _least_aside_m(spot: _Spot) -> FloatArray:
    """Return how far off the axis to either side a spot is at least; behind the lens as far as it is away."""
    return spot.ground_m * np.sin(np.minimum(spot.nearest_turn, np.pi / 2.0))


def _least_depth_m(views: ViewColumns, spot: _Spot) -> FloatArray:
    """Return the least depth that a spot can have in the picture of the longest lens.

    The depth is level in the height and a wave in the tilt, so it is least at ends of both. What lies in the picture
    is no shallower than the picture's corner; straight ahead by a known direction, than its edge above or below.
    """
    tilt = np.radians((views.tilt_deg - views.tilt_swing_deg, views.tilt_deg + views.tilt_swing_deg))
    ahead = spot.ground_m * np.cos(spot.farthest_turn)
    ends = [ahead * np.cos(t) + drop * np.sin(t) for t in tilt for drop in (spot.drop_low_m, spot.drop_high_m)]
    by_axis = np.minimum.reduce(ends)
    corner, edge = corner_shares(views)
    square = spot.ground_m**2 + spot.least_drop_m**2
    in_line = np.maximum(square - _least_aside_m(spot) ** 2, 0.0)
    by_picture = np.where(views.swing_deg == 0.0, np.sqrt(in_line) / edge, np.sqrt(square) / corner)
    return np.where(are_sets(views), np.maximum(by_axis, by_picture), by_axis)


def _greatest_depth_m(views: ViewColumns, spot: _Spot) -> FloatArray:
    """Return the greatest depth that a spot can have: the axis turned as near to it as it may, the lens farthest above it."""
    low, high = np.radians((views.tilt_deg - views.tilt_swing_deg, views.tilt_deg + views.tilt_swing_deg))
    ahead = spot.ground_m * np.cos(spot.nearest_turn)
    depths = []
    for drop in (spot.drop_low_m, spot.drop_high_m):
        tilt = np.clip(np.arctan2(drop, ahead), low, high)
        depths.append(ahead * np.cos(tilt) + drop * np.sin(tilt))
    slant = np.hypot(spot.ground_m, spot.most_drop_m)
    return np.where(views.is_equidistant, slant, np.maximum.reduce(depths))
