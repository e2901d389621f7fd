"""Marks that are drawn live above the map: the aim of the keys, a spot that is asked about, lines of sight, selected cameras."""

from collections.abc import Sequence

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QPainter, QPen, QPolygonF

from lhasaplan.app.map import style
from lhasaplan.app.map.style import with_alpha


def draw_aim(painter: QPainter, at: QPointF) -> None:
    """Draw where the keys aim."""
    for width, colour in ((4.0, style.CAMERA_LINE), (1.6, style.SELECTED)):
        painter.setPen(QPen(colour, width))
        for x, y in ((1, 0), (-1, 0), (0, 1), (0, -1)):
            painter.drawLine(at + QPointF(5 * x, 5 * y), at + QPointF(14 * x, 14 * y))


def draw_sight_line(painter: QPainter, camera: QPointF, spot: QPointF, is_certain: bool) -> None:
    """Draw a line of sight, dashed where it is only possible."""
    for width, colour in ((3.6, style.CAMERA_LINE), (1.6, style.CERTAIN_LINE if is_certain else style.POSSIBLE_LINE)):
        painter.setPen(QPen(colour, width, Qt.PenStyle.SolidLine if is_certain else Qt.PenStyle.DashLine))
        painter.drawLine(camera, spot)


def draw_spot(painter: QPainter, at: QPointF) -> None:
    """Draw the spot that is asked about."""
    painter.setPen(QPen(style.CAMERA_LINE, 4.0))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawEllipse(at, 7.0, 7.0)
    painter.setPen(QPen(style.SPOT, 2.0))
    painter.drawEllipse(at, 7.0, 7.0)
    painter.drawPoint(at)


def draw_outline(painter: QPainter, corners: Sequence[QPointF]) -> None:
    """Draw the box or lasso with which cameras are selected."""
    painter.setPen(QPen(style.SELECTED, 1.4, Qt.PenStyle.DashLine))
    painter.setBrush(with_alpha(style.SELECTED, 26))
    painter.drawPolygon(QPolygonF(list(corners)))


def draw_ring(painter: QPainter, at: QPointF) -> None:
    """Draw the ring of a selected camera."""
    painter.setPen(QPen(style.SELECTED, 2.0))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawEllipse(at, 12.0, 12.0)
