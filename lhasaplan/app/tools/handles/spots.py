"""Where the handles of a camera are on the screen, how they are painted, and what a camera becomes while one is pulled."""

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPen, QPolygonF

from lhasaplan.app.map.decorations import draw_card
from lhasaplan.app.map.style import LIGHT, Palette
from lhasaplan.core.model.camera import Camera, CameraClass
from lhasaplan.core.model.optics import RECTILINEAR_LIMIT_DEG, LensClass, focal_length_mm
from lhasaplan.core.site.snapping import bearing_deg, opening_deg, range_after_m, stepped_deg, vertical_angle_with_deg

if TYPE_CHECKING:
    from lhasaplan.core.site.snapping import Snapped

# Where the handles of a camera are on the screen, and which of them a pointer is at.

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


# Where a camera looks, as its handles show it: what is not recorded as cameras of its kind usually have it.

FULL_DEG, DOWN_DEG = 360.0, 90.0


def lens_of(camera: Camera, usual: CameraClass) -> LensClass:
    """Return the class of its lens."""
    return camera.lens_class or usual.lens_class


def angle_of(camera: Camera, usual: CameraClass) -> float:
    """Return its horizontal angle."""
    recorded = camera.recorded_hfov_deg
    return usual.hfov_deg.typical if recorded is None else recorded


def aim_of(camera: Camera, usual: CameraClass, convergence_deg: float) -> Aim:
    """Return where a camera looks on the map; a lens that takes in the full circle has no edges."""
    hfov = angle_of(camera, usual)
    tilt = usual.tilt_deg.typical if camera.tilt_deg is None else camera.tilt_deg
    is_full = lens_of(camera, usual) is LensClass.EQUIDISTANT and (hfov >= FULL_DEG or tilt >= DOWN_DEG)
    return Aim(
        azimuth_deg=((camera.azimuth_deg or 0.0) - (convergence_deg if camera.azimuth_deg is not None else 0.0)) % FULL_DEG,
        hfov_deg=None if is_full else hfov,
        range_m=usual.range_m.typical if camera.range_m is None else camera.range_m,
        is_recorded=camera.azimuth_deg is not None,
    )


STEP_DEG = 15.0  # of a bearing while Shift is held
Place = tuple[float, float]
Values = dict[str, Any]


def turned(camera: Camera, at: Place, convergence_deg: float, *, in_steps: bool) -> Values:
    """Return the azimuth towards a place, true; ``in_steps`` of 15 degrees."""
    azimuth = bearing_deg((camera.x_m, camera.y_m), at) + convergence_deg
    return {"azimuth_deg": (stepped_deg(azimuth, STEP_DEG) if in_steps else round(azimuth % 360.0, 1)) % 360.0}


def reaching(aim: Aim, start: Place, at: Place) -> Values:
    """Return the range after its handle was pulled, in whole metres."""
    return {"range_m": float(round(range_after_m(aim.range_m, aim.azimuth_deg, start, at)))}


def opened(camera: Camera, usual: CameraClass, aim: Aim, at: Place) -> Values:
    """Return the lens whose edge lies at a place; recorded vertical angle and focal length follow."""
    edge = bearing_deg((camera.x_m, camera.y_m), at)
    hfov = round(opening_deg(aim.azimuth_deg, edge, lens_of(camera, usual)), 1)
    values: Values = {"hfov_deg": hfov}
    if camera.vfov_deg is not None:
        values["vfov_deg"] = vertical_angle_with_deg(camera.vfov_deg, angle_of(camera, usual), hfov)
    if camera.sensor_width_mm is not None and camera.focal_length_mm is not None and hfov <= RECTILINEAR_LIMIT_DEG:
        values["focal_length_mm"] = round(focal_length_mm(camera.sensor_width_mm, hfov), 2)
    return values


def put(camera: Camera, at: Place, snapped: "Snapped | None", usual: CameraClass) -> Values:
    """Return where a camera stands, and how it hangs on what it snapped to."""
    if snapped is None:
        return {"x_m": at[0], "y_m": at[1]}
    from lhasaplan.core.site.snapping import hung

    after = hung(camera, snapped, usual)
    return {name: getattr(after, name) for name in ("x_m", "y_m", "mount", "mount_height_m", "lens_z_m")}


def moved_together(cameras: tuple[Camera, ...], start: Place, at: Place) -> tuple[Camera, ...]:
    """Return several cameras moved by as much as the pointer."""
    dx, dy = at[0] - start[0], at[1] - start[1]
    return tuple(replace(camera, x_m=camera.x_m + dx, y_m=camera.y_m + dy) for camera in cameras)


# Paints handles, the mark of what is snapped to, and the figure beside a handle that is held.

SNAP_PX = 9.0


def draw_handles(painter: QPainter, found: dict[str, QPointF], aim: Aim, held: str, colours: Palette = LIGHT) -> None:
    """Draw the axis, the edges of the angle and a handle on each; the one that is held is filled."""
    camera, dash = found[MOVE], Qt.PenStyle.SolidLine if aim.is_recorded else Qt.PenStyle.DotLine
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(colours.accent, 1.6, dash))
    painter.drawLine(camera, found.get(RANGE, found[AZIMUTH]))
    if LEFT in found and aim.hfov_deg is not None:
        painter.setPen(QPen(colours.accent, 1.2, Qt.PenStyle.DashLine))
        painter.drawLine(camera, found[LEFT])
        painter.drawLine(camera, found[RIGHT])
        around = QRectF(camera.x() - EDGE_PX, camera.y() - EDGE_PX, 2 * EDGE_PX, 2 * EDGE_PX)
        painter.drawArc(around, round((90.0 - aim.azimuth_deg - aim.hfov_deg / 2.0) * 16), round(aim.hfov_deg * 16))
    for name, spot in found.items():
        if name != MOVE:
            painter.setPen(QPen(colours.accent, 1.8))
            painter.setBrush(colours.accent if name == held else colours.casing)
            _draw_handle(painter, name, spot, aim)


def _draw_handle(painter: QPainter, name: str, at: QPointF, aim: Aim) -> None:
    """Draw one handle: round turns, a lozenge reaches, a bar opens."""
    if name == AZIMUTH:
        painter.drawEllipse(at, 6.5, 6.5)
        return
    half = (aim.hfov_deg or 0.0) / 2.0
    turn = {RANGE: 0.0, LEFT: -half, RIGHT: half}[name] + aim.azimuth_deg
    shape = ((0, -8), (6, 0), (0, 8), (-6, 0)) if name == RANGE else ((-4, -7), (4, -7), (4, 7), (-4, 7))
    painter.save()
    painter.translate(at)
    painter.rotate(turn)
    painter.drawPolygon(QPolygonF([QPointF(x, y) for x, y in shape]))
    painter.restore()


def draw_snap(painter: QPainter, at: QPointF, snapped: "Snapped", text: str, colours: Palette) -> None:
    """Draw what a place was snapped to: a sign of its kind with its name."""
    for width, colour in ((5.0, colours.casing), (2.2, colours.measure)):
        painter.setPen(QPen(colour, width))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        _draw_sign(painter, at, snapped.kind, snapped.outward_deg)
    draw_figure(painter, at, text, colours)


def _draw_sign(painter: QPainter, at: QPointF, kind: str, outward_deg: float | None) -> None:
    size = SNAP_PX
    if kind == "facade":
        turn = math.radians(outward_deg or 0.0)
        along, out = QPointF(math.cos(turn), math.sin(turn)) * (2 * size), QPointF(math.sin(turn), -math.cos(turn)) * size
        painter.drawLine(at - along, at + along)
        painter.drawLine(at, at + out)
    elif kind == "roof":
        corners = ((-size, size), (-size, -2), (0, -size - 2), (size, -2), (size, size), (-size, size))
        painter.drawPolyline(QPolygonF([at + QPointF(x, y) for x, y in corners]))
    elif kind == "crossing":
        for step in (-8, -3, 2, 7):
            painter.drawLine(at + QPointF(step, -size), at + QPointF(step, size))
    elif kind == "kerb":
        painter.drawPolyline(QPolygonF([at + QPointF(x, y) for x, y in ((-2 * size, -4), (0, -4), (0, 5), (2 * size, 5))]))
    else:
        painter.drawEllipse(at, size, size)
        painter.drawEllipse(at, 1.5, 1.5)


def draw_figure(painter: QPainter, at: QPointF, text: str, colours: Palette) -> None:
    """Write what is held beside the pointer."""
    width = QFontMetricsF(painter.font()).horizontalAdvance(text) + 14
    card = QRectF(at.x() + 16, at.y() - 34, width, 22)
    draw_card(painter, card, colours)
    painter.setPen(colours.ink)
    painter.drawText(card, Qt.AlignmentFlag.AlignCenter, text)
