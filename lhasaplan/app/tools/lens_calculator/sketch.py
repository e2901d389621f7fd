"""A side view of a lens as it hangs: its edges, the blind zone, and what is looked at."""

import math

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPalette, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from lhasaplan.app.map import style
from lhasaplan.app.tools.lens_calculator.question import Question
from lhasaplan.core.model.lens_figures import blind_zone_m, far_edge_m

HEIGHT_PX, MARGIN_PX, BEYOND = 110, 12.0, 1.3
PERSON_M = 1.7
SEEN, BLIND = QColor(90, 160, 220, 70), QColor(201, 42, 42, 150)


class Sketch(QWidget):
    """Drawn to scale along the ground; heights have a scale of their own, so that a mount is seen beside a long street."""

    def __init__(self) -> None:
        super().__init__()
        self._question = Question()
        self.setMinimumHeight(HEIGHT_PX)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_question(self, question: Question) -> None:
        """Draw another lens."""
        self._question = question
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802
        """Draw ground, pole, the seen wedge, the blind zone and a person at the distance."""
        asked = self._question
        long_m = max(asked.away_m, 1.0) * BEYOND
        high_m = max(asked.mount_height_m, PERSON_M) * 1.15
        room = QRectF(self.rect()).adjusted(MARGIN_PX, MARGIN_PX / 2, -MARGIN_PX, -MARGIN_PX)

        def at(x_m: float, z_m: float) -> QPointF:
            return QPointF(room.left() + x_m / long_m * room.width(), room.bottom() - z_m / high_m * room.height())

        painter = QPainter(self)
        painter.setClipRect(self.rect())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(SEEN)
        painter.drawPolygon(QPolygonF([at(x, z) for x, z in _seen(asked, long_m)]))
        ink = self.palette().color(QPalette.ColorRole.WindowText)
        painter.setPen(QPen(ink, 1.4))
        painter.drawLine(at(0.0, 0.0), at(long_m, 0.0))
        painter.drawLine(at(0.0, 0.0), at(0.0, asked.mount_height_m))
        blind = min(blind_zone_m(asked.lens), long_m)
        painter.setPen(QPen(BLIND, 5.0, Qt.PenStyle.SolidLine, Qt.PenCapStyle.FlatCap))
        painter.drawLine(at(0.0, asked.target_m), at(blind, asked.target_m))
        painter.setPen(QPen(style.SELECTED, 3.0, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
        painter.drawLine(at(asked.away_m, 0.0), at(asked.away_m, PERSON_M))
        painter.setBrush(ink)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.drawEllipse(at(0.0, asked.mount_height_m), 4.0, 4.0)
        painter.end()


def _seen(asked: Question, long_m: float) -> list[tuple[float, float]]:
    """Return the wedge between the edges of the picture, down to what is looked at and as far as is drawn."""
    lens, low = asked.lens, asked.target_m
    near, far = min(blind_zone_m(lens), long_m), min(far_edge_m(lens), long_m)
    corners = [(0.0, asked.mount_height_m), (near, low)]
    if math.isinf(blind_zone_m(lens)):
        corners[1] = (long_m, asked.mount_height_m - long_m * math.tan(math.radians(asked.tilt_deg + lens.vfov_deg / 2.0)))
    corners.append((far, low))
    upper = asked.tilt_deg - lens.vfov_deg / 2.0
    if math.isinf(far_edge_m(lens)) or far >= long_m:
        corners.append((long_m, asked.mount_height_m - long_m * math.tan(math.radians(max(upper, -80.0)))))
    return corners
