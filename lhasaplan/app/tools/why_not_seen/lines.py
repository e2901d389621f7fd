"""The lines that do not reach a spot: whole to what blocks them, broken behind it."""

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QPainter, QPen

from lhasaplan.app.map import style
from lhasaplan.app.map.canvas import MapCanvas
from lhasaplan.app.map.guest import Guest
from lhasaplan.app.map.viewport import Viewport
from lhasaplan.app.tools.why_not_seen.commands import Answer

CROSS_PX, THIN_PX, THICK_PX = 5.0, 1.2, 2.4


class BlockedLines(Guest):
    """Painted above the map while the answer is of the spot that the map marks."""

    def __init__(self, canvas: MapCanvas) -> None:
        self._canvas = canvas
        self._answer: Answer | None = None
        self._camera_id = ""
        canvas.add_guest(self)

    def take(self, answer: Answer | None) -> None:
        """Show the lines of an answer; None takes them away."""
        self._answer, self._camera_id = answer, ""
        self._canvas.update()

    def point_at(self, camera_id: str) -> None:
        """Draw the line of one camera stronger than the others."""
        self._camera_id = camera_id
        self._canvas.update()

    def paint(self, painter: QPainter, viewport: Viewport) -> None:
        """Paint above the map."""
        answer = self._answer
        if answer is None or self._canvas.spot != answer.spot:
            return
        spot = QPointF(*viewport.to_screen(*answer.spot))
        for why in answer.why:
            found = why.obstruction
            if found is None:
                continue
            view = answer.placed[why.witness.camera_id].views[0]
            lens, at = (QPointF(*viewport.to_screen(*xy)) for xy in ((view.x_m, view.y_m), (found.x_m, found.y_m)))
            width = THICK_PX if why.witness.camera_id == self._camera_id else THIN_PX
            painter.setPen(QPen(style.SPOT, width))
            painter.drawLine(lens, at)
            painter.setPen(QPen(style.SPOT, width, Qt.PenStyle.DotLine))
            painter.drawLine(at, spot)
            painter.setPen(QPen(style.SPOT, THICK_PX))
            painter.drawLine(at + QPointF(-CROSS_PX, -CROSS_PX), at + QPointF(CROSS_PX, CROSS_PX))
            painter.drawLine(at + QPointF(-CROSS_PX, CROSS_PX), at + QPointF(CROSS_PX, -CROSS_PX))
