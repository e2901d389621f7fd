"""What a lens shows at a distance: angle, focal length, pixel density, width of the picture, blind zone.

Straight along the middle of the picture, on level ground before nothing that hides; sight past walls is computed elsewhere.
Densities are classed as in IEC 62676-4:2014 (25, 62.5, 125 and 250 px/m); a straight lens is a pinhole without distortion.
"""

import math
from dataclasses import dataclass

from lhasaplan.core.model.optics import (
    LensClass,
    depth_for_density_m,
    focal_length_px,
    vertical_angle_deg,
)

CLASSES_PX_M = (25.0, 62.5, 125.0, 250.0)
NEAREST_M = 0.05  # a depth that is no less: densities right at the lens mean nothing


@dataclass(frozen=True, slots=True)
class LensSetup:
    """A lens as it hangs.

    Parameters
    ----------
    height_m : of the lens above what is looked at: above the ground, or less by how high that is.
    tilt_deg : of the axis below the horizon.
    """

    hfov_deg: float
    lens_class: LensClass
    width_px: int
    height_px: int
    height_m: float
    tilt_deg: float

    @property
    def focal_px(self) -> float:
        """Return the focal length in pixels; InputError where a straight lens cannot be so wide."""
        return focal_length_px(self.width_px, self.hfov_deg, self.lens_class)

    @property
    def vfov_deg(self) -> float:
        """Return the vertical angle that square pixels give."""
        return vertical_angle_deg(self.hfov_deg, self.width_px, self.height_px, self.lens_class)


def focal_length_mm(sensor_width_mm: float, hfov_deg: float) -> float:
    """Return the focal length with which a straight lens has an angle: ``w / (2 tan(hfov / 2))``.

    >>> round(focal_length_mm(4.8, 90.0), 6)
    2.4
    """
    return sensor_width_mm / (2.0 * math.tan(math.radians(hfov_deg) / 2.0))


def density_at_px_m(lens: LensSetup, away_m: float) -> float:
    """Return the pixel density across what stands so far away on the ground, in px/m.

    It is read at the depth along the axis, ``away cos(tilt) + height sin(tilt)``, for a fisheye at the slant distance.
    """
    return lens.focal_px / _depth_m(lens, away_m)


def width_at_m(lens: LensSetup, away_m: float) -> float:
    """Return how wide the picture is there, in metres: all its pixels at the density of the middle."""
    return lens.width_px / density_at_px_m(lens, away_m)


def farthest_with_m(lens: LensSetup, density_px_m: float) -> float | None:
    """Return how far away on the ground a density ends; None where it is nowhere reached."""
    depth, tilt = depth_for_density_m(density_px_m, lens.focal_px), math.radians(lens.tilt_deg)
    if lens.lens_class is LensClass.EQUIDISTANT:
        return math.sqrt(depth**2 - lens.height_m**2) if depth > abs(lens.height_m) else None
    if math.cos(tilt) < 1e-9:
        return None
    away = (depth - lens.height_m * math.sin(tilt)) / math.cos(tilt)
    return away if away > 0.0 else None


def blind_zone_m(lens: LensSetup) -> float:
    """Return how far from below the lens the picture begins: ``height / tan(tilt + vfov / 2)``, infinite where it never does."""
    lower = lens.tilt_deg + lens.vfov_deg / 2.0
    if lower >= 90.0 or lens.height_m <= 0.0:
        return 0.0
    return math.inf if lower <= 0.0 else lens.height_m / math.tan(math.radians(lower))


def far_edge_m(lens: LensSetup) -> float:
    """Return how far away the picture ends at its upper edge: infinite where that lies at the horizon or above it."""
    upper = lens.tilt_deg - lens.vfov_deg / 2.0
    if upper >= 90.0 or lens.height_m <= 0.0:
        return 0.0
    return math.inf if upper <= 0.0 else lens.height_m / math.tan(math.radians(upper))


def angle_for_density_deg(lens: LensSetup, density_px_m: float, away_m: float) -> float:
    """Return the horizontal angle with which the same picture has a density at a distance: narrower gives more."""
    focal_px = density_px_m * _depth_m(lens, away_m)
    if lens.lens_class is LensClass.EQUIDISTANT:
        return min(math.degrees(lens.width_px / focal_px), 360.0)
    return math.degrees(2.0 * math.atan(lens.width_px / (2.0 * focal_px)))


def _depth_m(lens: LensSetup, away_m: float) -> float:
    tilt = math.radians(lens.tilt_deg)
    if lens.lens_class is LensClass.EQUIDISTANT:
        return max(math.hypot(away_m, lens.height_m), NEAREST_M)
    return max(away_m * math.cos(tilt) + lens.height_m * math.sin(tilt), NEAREST_M)
