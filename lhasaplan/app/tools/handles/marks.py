"""Paints handles, the mark of what is snapped to, and the figure beside a handle that is held."""

import math
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPen, QPolygonF

from lhasaplan.app.map import style
from lhasaplan.app.map.furniture import draw_card
from lhasaplan.app.map.palette import Palette
from lhasaplan.app.tools.handles.spots import AZIMUTH, EDGE_PX, LEFT, MOVE, RANGE, RIGHT, Aim

if TYPE_CHECKING:
    from lhasaplan.core.layout.snapping import Snapped

SNAP_PX = 9.0


def draw_handles(painter: QPainter, found: dict[str, QPointF], aim: Aim, held: str) -> None:
    """Draw the axis, the edges of the angle and a handle on each; the one that is held is filled."""
    camera, dash = found[MOVE], Qt.PenStyle.SolidLine if aim.is_recorded else Qt.PenStyle.DotLine
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(style.SELECTED, 1.6, dash))
    painter.drawLine(camera, found.get(RANGE, found[AZIMUTH]))
    if LEFT in found and aim.hfov_deg is not None:
        painter.setPen(QPen(style.SELECTED, 1.2, Qt.PenStyle.DashLine))
        painter.drawLine(camera, found[LEFT])
        painter.drawLine(camera, found[RIGHT])
        around = QRectF(camera.x() - EDGE_PX, camera.y() - EDGE_PX, 2 * EDGE_PX, 2 * EDGE_PX)
        painter.drawArc(around, round((90.0 - aim.azimuth_deg - aim.hfov_deg / 2.0) * 16), round(aim.hfov_deg * 16))
    for name, spot in found.items():
        if name != MOVE:
            painter.setPen(QPen(style.SELECTED, 1.8))
            painter.setBrush(style.SELECTED if name == held else style.CAMERA_LINE)
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
    for width, colour in ((5.0, style.CAMERA_LINE), (2.2, style.MEASURE)):
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
