"""A place beside a line: where its foot is, how far along, how far aside, and which way the line runs there."""

import math
from dataclasses import dataclass

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry


@dataclass(frozen=True, slots=True)
class Foot:
    """The point of a line nearest to a place.

    Parameters
    ----------
    along_m : from the start of the line.
    aside_m : of the place from the line, positive to the right of where the line runs.
    bearing_deg : where the line runs there, clockwise from grid north.
    """

    x_m: float
    y_m: float
    along_m: float
    aside_m: float
    bearing_deg: float

    def beside(self, aside_m: float) -> tuple[float, float]:
        """Return the place at a distance to the right of the foot, to the left below zero."""
        right = math.radians(self.bearing_deg + 90.0)
        return self.x_m + aside_m * math.sin(right), self.y_m + aside_m * math.cos(right)


def foot_on(line: BaseGeometry, x_m: float, y_m: float) -> Foot:
    """Return the foot of a place on a line of one part."""
    along = float(shapely.line_locate_point(line, shapely.Point(x_m, y_m)))
    at = foot_at(line, along)
    right = math.radians(at.bearing_deg + 90.0)
    aside = (x_m - at.x_m) * math.sin(right) + (y_m - at.y_m) * math.cos(right)
    return Foot(at.x_m, at.y_m, along, aside, at.bearing_deg)


def foot_at(line: BaseGeometry, along_m: float) -> Foot:
    """Return the point of a line so far from its start, with nothing aside of it; the ends beyond the ends."""
    corners = shapely.get_coordinates(line)
    steps = np.hypot(*np.diff(corners, axis=0).T)
    ends = np.cumsum(steps)
    along = min(max(along_m, 0.0), float(ends[-1]))
    k = min(int(np.searchsorted(ends, along, side="left")), len(steps) - 1)
    while steps[k] == 0.0 and k > 0:
        k -= 1
    (x0, y0), (x1, y1) = corners[k].tolist(), corners[k + 1].tolist()
    share = (along - float(ends[k] - steps[k])) / max(float(steps[k]), 1e-12)
    bearing = math.degrees(math.atan2(x1 - x0, y1 - y0)) % 360.0
    return Foot(x0 + share * (x1 - x0), y0 + share * (y1 - y0), along, 0.0, bearing)
