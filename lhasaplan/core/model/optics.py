"""Lenses: field of view, focal length in pixels, pixel density and the distances at which a density ends."""

import math
from dataclasses import dataclass
from enum import StrEnum

from lhasaplan.errors import Fault, InputError

RECTILINEAR_LIMIT_DEG = 120.0  # docs/glossary.md, lens class: a wider rectilinear angle is an input error
DENSITY_BANDS_PX_M = (25.0, 62.5, 125.0, 250.0)  # IEC 62676-4:2014, for drawing only
SEEN_PX_M = 25.0  # docs/glossary.md: unasked area and "share seen" are always meant at 25 px/m
STEEPEST_DEG = 179.0  # a vertical angle whose half still has a tangent


class LensClass(StrEnum):
    """How a lens maps directions to the sensor."""

    RECTILINEAR = "rectilinear"
    EQUIDISTANT = "equidistant"


def focal_length_px(width_px: float, hfov_deg: float, lens_class: LensClass) -> float:
    """Return the focal length in pixels (per radian for an equidistant lens).

    >>> round(focal_length_px(1920, 68.0, LensClass.RECTILINEAR), 1)
    1423.3
    """
    if lens_class is LensClass.EQUIDISTANT:
        return width_px / math.radians(hfov_deg)
    if hfov_deg > RECTILINEAR_LIMIT_DEG:
        raise InputError(
            Fault(
                "{hfov} degrees is too wide for a rectilinear lens; the limit is 120 degrees, or state equidistant",
                params={"hfov": hfov_deg},
            )
        )
    return width_px / (2.0 * math.tan(math.radians(hfov_deg) / 2.0))


def horizontal_angle_deg(sensor_width_mm: float, focal_length_mm: float) -> float:
    """Return the horizontal field of view of a pinhole without distortion."""
    return math.degrees(2.0 * math.atan(sensor_width_mm / (2.0 * focal_length_mm)))


def vertical_angle_deg(hfov_deg: float, width_px: float, height_px: float, lens_class: LensClass) -> float:
    """Return the vertical field of view that square pixels give."""
    if lens_class is LensClass.EQUIDISTANT:
        return hfov_deg * height_px / width_px
    return math.degrees(2.0 * math.atan(math.tan(math.radians(hfov_deg) / 2.0) * height_px / width_px))


def horizontal_of_vertical_deg(vfov_deg: float, width_px: float, height_px: float) -> float:
    """Return the horizontal field of view of a rectilinear lens that square pixels give for a vertical one.

    >>> round(horizontal_of_vertical_deg(41.55, 1920, 1080), 1)
    68.0
    """
    return vertical_angle_deg(vfov_deg, height_px, width_px, LensClass.RECTILINEAR)


def vertical_angle_after_deg(vfov_deg: float, hfov_deg: float, new_hfov_deg: float) -> float:
    """Return the vertical field of view of a rectilinear lens on the same sensor when the horizontal one is changed."""
    ratio = math.tan(math.radians(new_hfov_deg / 2.0)) / math.tan(math.radians(hfov_deg / 2.0))
    return 2.0 * math.degrees(math.atan(math.tan(math.radians(vfov_deg / 2.0)) * ratio))


def depth_for_density_m(density_px_m: float, focal_px: float) -> float:
    """Return the depth along the optical axis at which the density falls to the given value.

    >>> [round(depth_for_density_m(d, focal_length_px(1920, 68, LensClass.RECTILINEAR)), 1) for d in (25, 63, 125, 250)]
    [56.9, 22.6, 11.4, 5.7]
    """
    return focal_px / density_px_m


def farthest_at_density_m(density_px_m: float, focal_px: float, angles_deg: tuple[float, float], lens_class: LensClass) -> float:
    """Return how far away anything in a picture can have the density: at the corners of a straight lens's picture.

    ``angles_deg`` are the horizontal and the vertical one.

    >>> focal_px = focal_length_px(1920, 90, LensClass.RECTILINEAR)
    >>> round(farthest_at_density_m(25, focal_px, (90, 90), LensClass.RECTILINEAR), 1)  # 38.4 m deep, as much aside and down
    66.5
    """
    if lens_class is LensClass.EQUIDISTANT:
        return focal_px / density_px_m
    across, down = (math.tan(math.radians(min(angle, STEEPEST_DEG) / 2.0)) for angle in angles_deg)
    return focal_px / density_px_m * math.sqrt(1.0 + across**2 + down**2)


# What a lens shows at a distance: angle, focal length, pixel density, width of the picture, blind zone.
#
# Straight along the middle of the picture, on level ground before nothing that hides; sight past walls is computed elsewhere.
# Densities are classed as in IEC 62676-4:2014 (25, 62.5, 125 and 250 px/m); a straight lens is a pinhole without distortion.

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
