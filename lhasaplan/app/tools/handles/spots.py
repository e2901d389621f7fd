"""Where the handles of a camera are on the screen, and which of them a pointer is at."""

import math
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF

AZIMUTH, RANGE, LEFT, RIGHT, MOVE = "azimuth", "range", "left", "right", "move"
AZIMUTH_PX, EDGE_PX, RANGE_PX, MARGIN_PX = 64.0, 100.0, 136.0, 18.0
GRAB_PX = 11.0


@dataclass(frozen=True, slots=True)
class Aim:
    """What the handles are about: where a camera looks on the map, how wide and how far, and what of it is recorded.

    ``hfov_deg`` is None where a lens takes in the full circle: it has no edges to pull.
    """

    azimuth_deg: float
    hfov_deg: float | None
    range_m: float
    is_recorded: bool


def spots_of(camera: QPointF, aim: Aim, metres_per_px: float, room_px: float) -> dict[str, QPointF]:
    """Return the handles by name.

    The handle of the range lies where the range ends, but never so near that it would lie on the others, nor outside the map:
    ``room_px`` is how far that is from the camera in its direction.
    """
    far = min(max(aim.range_m / metres_per_px, RANGE_PX), max(room_px - MARGIN_PX, RANGE_PX))
    found = {MOVE: camera, AZIMUTH: _ahead(camera, aim.azimuth_deg, AZIMUTH_PX)}
    if aim.is_recorded:
        found[RANGE] = _ahead(camera, aim.azimuth_deg, far)
        if aim.hfov_deg is not None and aim.hfov_deg < 360.0:
            found[LEFT] = _ahead(camera, aim.azimuth_deg - aim.hfov_deg / 2.0, EDGE_PX)
            found[RIGHT] = _ahead(camera, aim.azimuth_deg + aim.hfov_deg / 2.0, EDGE_PX)
    return found


def spot_at(found: dict[str, QPointF], at: QPointF) -> str:
    """Return the handle at a point, the nearest of several; empty for none."""
    away = {name: math.hypot(spot.x() - at.x(), spot.y() - at.y()) for name, spot in found.items()}
    nearest = min(away, key=away.__getitem__, default="")
    return nearest if nearest and away[nearest] <= GRAB_PX else ""


def room_px(camera: QPointF, bearing_deg: float, inside: QRectF) -> float:
    """Return how far the edge of the map is from a point in a direction; 0 from outside."""
    turn = math.radians(bearing_deg)
    sides = (
        (math.sin(turn), camera.x(), inside.left(), inside.right()),
        (-math.cos(turn), camera.y(), inside.top(), inside.bottom()),
    )
    away = [((high if step > 0 else low) - at) / step for step, at, low, high in sides if abs(step) > 1e-9]
    return max(min(away), 0.0)


def _ahead(start: QPointF, bearing_deg: float, away_px: float) -> QPointF:
    turn = math.radians(bearing_deg)
    return QPointF(start.x() + away_px * math.sin(turn), start.y() - away_px * math.cos(turn))
