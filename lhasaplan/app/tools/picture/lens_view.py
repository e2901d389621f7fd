"""The picture of a camera on the screen, on which masks are drawn and picked with the mouse."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QFocusEvent, QImage, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from lhasaplan.app.look.language import Language
from lhasaplan.app.tools.picture.overlay import (
    RECTANGLE,
    MaskDrawing,
    PictureFrame,
    Ring,
    draw_draft,
    draw_focus,
    draw_horizon,
    draw_masks,
    draw_people,
)

if TYPE_CHECKING:
    from lhasaplan.core.picture.camera_picture import CameraPicture

LEAST_HEIGHT_PX = 120
NONE = -1
STEPS_A_PICTURE = 50  # of an arrow key that moves the cross; with Shift it moves by one of the camera's pixels
WAYS = {Qt.Key.Key_Left: (-1, 0), Qt.Key.Key_Right: (1, 0), Qt.Key.Key_Up: (0, -1), Qt.Key.Key_Down: (0, 1)}


class LensView(QWidget):
    """A picture as large as there is room, in its own proportions, with what is written over it."""

    mask_drawn = Signal(object)  # Ring, in the camera's pixels
    removal_wished = Signal()
    mask_picked = Signal(int)  # NONE for none
    pointed = Signal(object)  # (u, v) in the camera's pixels, None where the pointer left

    def __init__(self, language: Language) -> None:
        super().__init__()
        self._say = language
        self.image = QImage()
        self.picture: CameraPicture | None = None
        self.masks: tuple[Ring, ...] = ()
        self.picked = NONE
        self.drawing = MaskDrawing()
        self.cross: tuple[float, float] | None = None  # where keys lay the next corner, in the camera's pixels
        self.setMinimumHeight(LEAST_HEIGHT_PX)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Expanding)
        language.changed.connect(self.update)

    def show_picture(self, image: QImage, picture: "CameraPicture | None", masks: Sequence[Ring] = ()) -> None:
        """Show another picture, or none; a mask that is being drawn goes on."""
        self.image, self.picture, self.masks = image, picture, tuple(masks)
        if picture is None:
            self.drawing.drop()
        else:
            self.drawing.size_px = (float(picture.view.width_px), float(picture.view.height_px))
        self.pick(self.picked if self.picked < len(self.masks) else NONE)
        self.update()

    def use(self, tool: str) -> None:
        """Draw masks with this tool, or pick them."""
        self.drawing.use(tool)
        self.cross = None
        self.setCursor(Qt.CursorShape.CrossCursor if tool else Qt.CursorShape.ArrowCursor)
        if tool:
            self.setFocus()
        self.update()

    def pick(self, number: int) -> None:
        """Pick a mask, or none."""
        if number != self.picked:
            self.picked = number
            self.mask_picked.emit(number)
        self.update()

    def frame(self) -> PictureFrame | None:
        """Return where the picture lies, None without one."""
        if self.picture is None or self.image.isNull():
            return None
        view = self.picture.view
        scale = min(self.width() / view.width_px, self.height() / view.height_px)
        size = view.width_px * scale, view.height_px * scale
        return PictureFrame(QRectF((self.width() - size[0]) / 2.0, 0.0, *size), float(view.width_px), float(view.height_px))

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802
        """Paint the picture at the top, in the middle."""
        frame = self.frame()
        if frame is None or self.picture is None:
            return
        painter = QPainter(self)
        painter.setRenderHints(QPainter.RenderHint.SmoothPixmapTransform | QPainter.RenderHint.Antialiasing)
        painter.drawImage(frame.box, self.image)
        painter.setClipRect(frame.box)
        draw_horizon(painter, frame, self.picture)
        draw_people(painter, frame, self.picture.people, self._say)
        draw_masks(painter, frame, self.masks, self.picked)
        draw_draft(painter, frame, self.drawing.corners, is_rectangle=self.drawing.tool == RECTANGLE)
        if self.hasFocus():
            draw_focus(painter, frame, self.cross, self.palette().highlight().color())
        painter.end()

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Begin a mask, lay a corner, or pick the mask under the pointer."""
        frame = self.frame()
        if frame is None or event.button() != Qt.MouseButton.LeftButton:
            return
        at = frame.pixel(event.position())
        if not self.drawing.tool:
            self.pick(self._mask_at(at))
        elif frame.box.contains(event.position()) or self.drawing.corners:
            self.drawing.press(at)
        self.update()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Let the mask follow, and tell where the pointer is."""
        frame = self.frame()
        if frame is None:
            return
        self.cross = None
        self.drawing.move(frame.pixel(event.position()))
        self.pointed.emit(frame.pixel(event.position()) if frame.box.contains(event.position()) else None)
        if self.drawing.corners:
            self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """End a rectangle."""
        if event.button() == Qt.MouseButton.LeftButton:
            self._finish(self.drawing.release())

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Close a polygon."""
        if event.button() == Qt.MouseButton.LeftButton:
            self._finish(self.drawing.close())

    def focusInEvent(self, event: QFocusEvent) -> None:  # noqa: N802
        """Show that the picture takes the keys."""
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:  # noqa: N802
        """Show that it does not any more."""
        super().focusOutEvent(event)
        self.update()

    def leaveEvent(self, _event: object) -> None:  # noqa: N802
        """Say that the pointer is elsewhere."""
        self.pointed.emit(None)

    def event(self, event: QEvent) -> bool:
        """Keep the keys that draw and pick from the menus, in which Esc lets the camera go and Delete takes it away."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and self._means(Qt.Key(event.key())):
            event.accept()
            return True
        return super().event(event)

    def _means(self, key: Qt.Key) -> bool:
        """Say whether a key does something here now."""
        if self.drawing.corners and key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Backspace, Qt.Key.Key_Escape):
            return True
        if self.picture is not None and self.drawing.tool and (key in WAYS or key == Qt.Key.Key_Space):
            return True
        return self.picked != NONE and key in (Qt.Key.Key_Delete, Qt.Key.Key_Escape)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Lay corners by the arrows and Space, close, take back or drop them; pick a mask by the arrows, take it away."""
        key = Qt.Key(event.key())
        if key in WAYS and self.picture is not None and (self.drawing.tool or self.masks):
            self._go(WAYS[key], is_fine=bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier))
        elif key == Qt.Key.Key_Space and self.picture is not None and self.drawing.tool:
            self._lay()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.drawing.corners:
            self._finish(self.drawing.release() if self.drawing.tool == RECTANGLE else self.drawing.close())
        elif key == Qt.Key.Key_Backspace and self.drawing.corners:
            self.drawing.back()
        elif key == Qt.Key.Key_Escape and (self.drawing.drop() or self.picked != NONE):
            self.pick(NONE)
        elif key == Qt.Key.Key_Delete and self.picked != NONE:
            self.removal_wished.emit()
        else:
            super().keyPressEvent(event)
            return
        self.update()

    def _go(self, way: tuple[int, int], *, is_fine: bool) -> None:
        """Move the cross that keys draw with, or pick the next mask where nothing is drawn."""
        if not self.drawing.tool:
            count, by = len(self.masks), sum(way)
            self.pick((self.picked + by) % count if self.picked != NONE else 0 if by > 0 else count - 1)
            return
        size = self.drawing.size_px
        step = 1.0 if is_fine else max(size[0] / STEPS_A_PICTURE, 1.0)
        at = self.cross or (size[0] / 2.0, size[1] / 2.0)
        u, v = (min(max(at[k] + way[k] * step, 0.0), size[k]) for k in (0, 1))
        self.cross = (u, v)
        self.drawing.move(self.cross)
        self.pointed.emit(self.cross)

    def _lay(self) -> None:
        """Lay a corner at the cross; the second one of a rectangle ends it."""
        size = self.drawing.size_px
        self.cross = at = self.cross or (size[0] / 2.0, size[1] / 2.0)
        if self.drawing.tool == RECTANGLE and self.drawing.corners:
            self._finish(self.drawing.release())
        else:
            self.drawing.press(at)

    def _finish(self, ring: Ring | None) -> None:
        if ring is not None:
            self.mask_drawn.emit(ring)
        self.update()

    def _mask_at(self, at: tuple[float, float]) -> int:
        """Return the last mask that holds a pixel, NONE without one."""
        point, rule = QPointF(*at), Qt.FillRule.OddEvenFill
        rings = [QPolygonF([QPointF(u, v) for u, v in ring]) for ring in self.masks]
        return max((number for number, ring in enumerate(rings) if ring.containsPoint(point, rule)), default=NONE)
