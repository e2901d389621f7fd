"""Lenses: field of view, focal length in pixels, pixel density and the distances at which a density ends."""

import math
from enum import StrEnum

from lhasaplan.errors import Fault, InputError

RECTILINEAR_LIMIT_DEG = 120.0  # docs/glossary.md, lens class: a wider rectilinear angle is an input error
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
                "{hfov} degrees is too wide for a rectilinear lens; 120 is the limit, or say equidistant",
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
