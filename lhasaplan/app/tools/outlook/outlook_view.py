"""The camera from outside on the screen: pull to walk around it, turn the wheel to go nearer."""

from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QFocusEvent, QImage, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QPolygonF, QWheelEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from lhasaplan.app.tools.outlook.outlooks import Sight

LEAST_HEIGHT_PX = 120
DEG_PER_PX, KEY_DEG, STEP = 0.4, 10.0, 1.2
RIM, LENS = QColor(24, 84, 190, 200), QColor("#e8590c")
_WALKS = {
    Qt.Key.Key_Left: (KEY_DEG, 0.0),
    Qt.Key.Key_Right: (-KEY_DEG, 0.0),
    Qt.Key.Key_Up: (0.0, KEY_DEG / 2.0),
    Qt.Key.Key_Down: (0.0, -KEY_DEG / 2.0),
}
_NEARER = {Qt.Key.Key_Plus: STEP, Qt.Key.Key_Equal: STEP, Qt.Key.Key_Minus: 1.0 / STEP}


class OutlookView(QWidget):
    """A look from outside as large as there is room."""

    walked = Signal(float, float)  # around, downwards; degrees
    neared = Signal(float)
    reset_wished = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.sight: Sight | None = None
        self._at: QPointF | None = None
        self.setMinimumHeight(LEAST_HEIGHT_PX)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Expanding)
        self.setCursor(Qt.CursorShape.OpenHandCursor)

    @property
    def image(self) -> QImage:
        """Return what is shown, an empty image without anything."""
        return self.sight.image if self.sight is not None else QImage()

    def show_sight(self, sight: Sight | None) -> None:
        """Show another look, or none."""
        self.sight = sight
        self.update()

    def box(self) -> QRectF:
        """Return where the image lies."""
        size = self.image.size().scaled(self.size(), Qt.AspectRatioMode.KeepAspectRatio)
        return QRectF((self.width() - size.width()) / 2.0, 0.0, size.width(), size.height())

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802
        """Paint the look with the rim of the cone and the lens."""
        if self.sight is None or self.image.isNull():
            return
        painter, box = QPainter(self), self.box()
        painter.setRenderHints(QPainter.RenderHint.SmoothPixmapTransform | QPainter.RenderHint.Antialiasing)
        painter.drawImage(box, self.image)
        painter.setClipRect(box)
        lens = self.sight.outlook.lens_px
        corners = self.sight.outlook.corners_px
        if lens is not None:
            at, rim = self._point(box, lens), [self._point(box, corner) for corner in corners if corner is not None]
            painter.setPen(QPen(RIM, 1.2))
            for corner in rim:
                painter.drawLine(at, corner)
            if len(rim) == len(corners):
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.drawPolygon(QPolygonF(rim))
            painter.setPen(QPen(QColor("white"), 1.5))
            painter.setBrush(LENS)
            painter.drawEllipse(at, 5.0, 5.0)
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(self.palette().highlight().color(), 2.0))
            painter.drawRect(box.adjusted(1.0, 1.0, -1.0, -1.0))
        painter.end()

    def _point(self, box: QRectF, at: tuple[float, float]) -> QPointF:
        scale = box.width() / self.image.width()
        return QPointF(box.x() + at[0] * scale, box.y() + at[1] * scale)

    def focusInEvent(self, event: QFocusEvent) -> None:  # noqa: N802
        """Show that the look takes the keys."""
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:  # noqa: N802
        """Show that it does not any more."""
        super().focusOutEvent(event)
        self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Take hold."""
        if event.button() == Qt.MouseButton.LeftButton and self.sight is not None:
            self._at = event.position()
            self.setCursor(Qt.CursorShape.ClosedHandCursor)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Walk around as far as was pulled."""
        if self._at is not None:
            way, self._at = event.position() - self._at, event.position()
            self.walked.emit(way.x() * DEG_PER_PX, way.y() * DEG_PER_PX)

    def mouseReleaseEvent(self, _event: QMouseEvent) -> None:  # noqa: N802
        """Let go."""
        self._at = None
        self.setCursor(Qt.CursorShape.OpenHandCursor)

    def mouseDoubleClickEvent(self, _event: QMouseEvent) -> None:  # noqa: N802
        """Go back to the usual spot."""
        self.reset_wished.emit()

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802
        """Go nearer or farther away."""
        self.neared.emit(STEP ** (event.angleDelta().y() / 120.0))
        event.accept()

    def event(self, event: QEvent) -> bool:
        """Keep the keys that walk from the menus."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and self._means(event):
            event.accept()
            return True
        return super().event(event)

    def _means(self, event: QKeyEvent) -> bool:
        plain = event.modifiers() in (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier)
        return plain and Qt.Key(event.key()) in {*_WALKS, *_NEARER, Qt.Key.Key_Home}

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Walk with the arrows, go nearer with plus and minus, back with Home."""
        key = Qt.Key(event.key())
        if key in _WALKS:
            self.walked.emit(*_WALKS[key])
        elif key in _NEARER:
            self.neared.emit(_NEARER[key])
        elif key == Qt.Key.Key_Home:
            self.reset_wished.emit()
        else:
            super().keyPressEvent(event)
