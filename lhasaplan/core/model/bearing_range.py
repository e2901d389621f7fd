"""A direction that a source records as a range: the sides of the picture, or limits of an unknown bearing.

OpenStreetMap writes ``direction=239-284`` for what a camera shows from one side to the other. Others write so what they are not
sure of. The first is taken where an ordinary lens can be so wide and no other angle is recorded; the limits are kept either way,
and the controller is asked which it is.
"""

from collections.abc import Mapping
from typing import NamedTuple

from lhasaplan.core.model.camera import Camera, Kind
from lhasaplan.core.model.optics import RECTILINEAR_LIMIT_DEG

DIRECTION_RANGE = "direction_range_deg"  # in ``Camera.extra``: first and last true azimuth, clockwise, as 239-284
WIDE_KINDS = (Kind.FISHEYE, Kind.PANORAMA)  # their lenses are equidistant
SAME_DEG = 1e-6


class BearingRange(NamedTuple):
    """True azimuths from the first clockwise to the last."""

    first_deg: float
    last_deg: float

    @property
    def width_deg(self) -> float:
        """Return the clockwise angle between the two; equal ones are the whole circle."""
        return (self.last_deg - self.first_deg) % 360.0 or 360.0

    @property
    def middle_deg(self) -> float:
        """Return the azimuth in the middle.

        >>> BearingRange(239, 284).middle_deg, BearingRange(350, 30).middle_deg
        (261.5, 10.0)
        """
        return (self.first_deg + self.width_deg / 2.0) % 360.0

    def as_text(self) -> str:
        """Return the range as ``Camera.extra`` keeps it."""
        return f"{self.first_deg:g}-{self.last_deg:g}"


def optics_of_range(found: BearingRange, hfov_deg: float | None, kind: Kind | None) -> tuple[float | None, float | None]:
    """Return direction and horizontal angle that a range stands for; no direction where it is not the sides of the picture.

    >>> optics_of_range(BearingRange(239, 284), None, None)
    (261.5, 45.0)
    >>> optics_of_range(BearingRange(239, 284), 90.0, None), optics_of_range(BearingRange(0, 180), None, None)
    ((None, 90.0), (None, None))
    """
    is_possible = found.width_deg <= RECTILINEAR_LIMIT_DEG or kind in WIDE_KINDS
    if hfov_deg is None and is_possible:
        return found.middle_deg, found.width_deg
    is_same = hfov_deg is not None and abs(hfov_deg - found.width_deg) < SAME_DEG
    return (found.middle_deg if is_same else None), hfov_deg


def recorded_range(extra: Mapping[str, str]) -> BearingRange | None:
    """Return the range that a record keeps, None where its direction is no range."""
    first, _, last = extra.get(DIRECTION_RANGE, "").partition("-")
    try:
        return BearingRange(float(first), float(last))
    except ValueError:
        return None


def is_reading_open(camera: Camera) -> bool:
    """Return whether direction and angle of a camera rest on the reading of a range, and no correction replaced it."""
    found = recorded_range(camera.extra)
    if (
        found is None
        or camera.azimuth_deg is None
        or any(each.field in {"azimuth_deg", "hfov_deg"} for each in camera.corrections)
    ):
        return False
    return abs(camera.azimuth_deg - found.middle_deg) < SAME_DEG
