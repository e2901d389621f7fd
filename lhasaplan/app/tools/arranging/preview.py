"""Shows on the map where the cameras of a row would stand, and takes the keys that copy and paste."""

from collections.abc import Callable

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence, QPainter, QPen

from lhasaplan.app.commands.workbench import Workbench
from lhasaplan.app.map import style
from lhasaplan.app.map.cones import draw_symbol, symbol_of
from lhasaplan.app.map.guest import Guest
from lhasaplan.app.map.viewport import Viewport
from lhasaplan.core.model.camera import Camera

RADIUS_PX, RING_PX = 5.0, 11.0


class Preview(Guest):
    """Draws the row that the panel describes while this lies in front."""

    def __init__(self, bench: Workbench, copy: Callable[[], None], paste: Callable[[], None]) -> None:
        self._bench, self._copy, self._paste = bench, copy, paste
        self._cameras: tuple[Camera, ...] = ()

    def show(self, cameras: tuple[Camera, ...]) -> None:
        """Draw these cameras as proposed."""
        if cameras != self._cameras:
            self._cameras = cameras
            self._bench.canvas.update()

    def key(self, event: QKeyEvent) -> bool:
        """Copy and paste by the usual keys, while the map has them."""
        for keys, run in ((QKeySequence.StandardKey.Copy, self._copy), (QKeySequence.StandardKey.Paste, self._paste)):
            if event.matches(keys):
                run()
                return True
        return False

    def paint(self, painter: QPainter, viewport: Viewport) -> None:
        """Paint each camera of the row with a dashed ring."""
        for camera in self._cameras:
            at = QPointF(*viewport.to_screen(camera.x_m, camera.y_m))
            painter.setPen(QPen(style.SELECTED, 1.4, Qt.PenStyle.DashLine))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawEllipse(at, RING_PX, RING_PX)
            draw_symbol(painter, at, symbol_of(camera, None, self._bench.city.convergence_deg), RADIUS_PX, style.PLANNED_FILL)
