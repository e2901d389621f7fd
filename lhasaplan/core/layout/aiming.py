"""What a pointer says about a camera: where it is aimed, how wide its angle is, how far it reaches."""

import math

from lhasaplan.core.model.optics import RECTILINEAR_LIMIT_DEG, LensClass, vertical_angle_after_deg

LEAST_ANGLE_DEG, LEAST_RANGE_M, MOST_RANGE_M = 1.0, 1.0, 2000.0
Place = tuple[float, float]


def bearing_deg(start: Place, end: Place) -> float:
    """Return the grid bearing from one place to another, clockwise from north.

    >>> [bearing_deg((0.0, 0.0), end) for end in ((0.0, 5.0), (5.0, 0.0), (0.0, -5.0), (-5.0, 0.0))]
    [0.0, 90.0, 180.0, 270.0]
    """
    return math.degrees(math.atan2(end[0] - start[0], end[1] - start[1])) % 360.0


def ahead(start: Place, bearing: float, away_m: float) -> Place:
    """Return the place so far away on a grid bearing."""
    turn = math.radians(bearing)
    return start[0] + away_m * math.sin(turn), start[1] + away_m * math.cos(turn)


def stepped_deg(bearing: float, step_deg: float) -> float:
    """Return the nearest bearing that is a whole number of steps.

    >>> stepped_deg(358.0, 15.0), stepped_deg(52.4, 15.0)
    (0.0, 45.0)
    """
    return round(bearing / step_deg) * step_deg % 360.0


def opening_deg(axis_deg: float, edge_deg: float, lens_class: LensClass) -> float:
    """Return the horizontal angle whose edge lies on a bearing, no wider than the lens can be.

    >>> opening_deg(350.0, 20.0, LensClass.RECTILINEAR), opening_deg(0.0, 100.0, LensClass.RECTILINEAR)
    (60.0, 120.0)
    """
    most = RECTILINEAR_LIMIT_DEG if lens_class is LensClass.RECTILINEAR else 360.0
    half = abs((edge_deg - axis_deg + 180.0) % 360.0 - 180.0)
    return min(max(2.0 * half, LEAST_ANGLE_DEG), most)


def range_after_m(range_m: float, axis_deg: float, start: Place, now: Place) -> float:
    """Return a range after its handle was pulled from one place to another: what it moved along the axis is added.

    >>> range_after_m(30.0, 90.0, (30.0, 1.0), (42.0, 5.0))
    42.0
    """
    turn = math.radians(axis_deg)
    pulled = (now[0] - start[0]) * math.sin(turn) + (now[1] - start[1]) * math.cos(turn)
    return min(max(range_m + pulled, LEAST_RANGE_M), MOST_RANGE_M)


def vertical_angle_with_deg(vfov_deg: float | None, hfov_deg: float | None, new_hfov_deg: float) -> float | None:
    """Return the recorded vertical angle as another lens on the same sensor has it; None where none is recorded."""
    if vfov_deg is None or hfov_deg is None or max(hfov_deg, new_hfov_deg) > RECTILINEAR_LIMIT_DEG:
        return vfov_deg
    return vertical_angle_after_deg(vfov_deg, hfov_deg, new_hfov_deg)
