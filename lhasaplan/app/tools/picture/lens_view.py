"""The picture of a camera on the screen: what is drawn over it, and masks that are drawn and picked in it with the mouse."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QFont,
    QFontMetricsF,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPolygonF,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from lhasaplan.app.look import Language
from lhasaplan.core.base.translations import marked
from lhasaplan.report.text.numerals import number_text

if TYPE_CHECKING:
    from lhasaplan.core.picture.camera_picture import CameraPicture
    from lhasaplan.core.picture.painting import Person

# A mask while it is being drawn in a picture: a rectangle that is pulled up, or corners that are clicked.
RECTANGLE, POLYGON = "rectangle", "polygon"
FEWEST_CORNERS = 3
LEAST_PX = 4.0  # of the camera's picture: a smaller rectangle was a click, a nearer corner is the same

Corner = tuple[float, float]
Ring = tuple[Corner, ...]


@dataclass
class MaskDrawing:
    """What was drawn so far, in the camera's pixels; a finished ring is given back by the step that finishes it."""

    tool: str = ""
    size_px: tuple[float, float] = (0.0, 0.0)
    corners: list[Corner] = field(default_factory=list)

    def use(self, tool: str) -> None:
        """Draw with another tool, or with none; what was begun is dropped."""
        self.tool = tool
        self.corners.clear()

    def press(self, at: Corner) -> None:
        """Begin a rectangle, or lay a corner of a polygon."""
        at = self._within(at)
        if self.tool == RECTANGLE:
            self.corners[:] = [at, at]
        elif self.tool == POLYGON:
            last = self.corners[-2:-1]  # the last one follows the pointer
            if not last or max(abs(last[0][0] - at[0]), abs(last[0][1] - at[1])) >= LEAST_PX:
                self.corners[-1:] = [at, at]

    def move(self, at: Corner) -> None:
        """Let the free corner follow the pointer."""
        if self.corners:
            self.corners[-1] = self._within(at)

    def release(self) -> Ring | None:
        """Return the rectangle that was pulled up, None for a click."""
        if self.tool != RECTANGLE or len(self.corners) != 2:
            return None
        (u0, v0), (u1, v1) = self.corners
        self.corners.clear()
        if min(abs(u1 - u0), abs(v1 - v0)) < LEAST_PX:
            return None
        left, right, top, bottom = min(u0, u1), max(u0, u1), min(v0, v1), max(v0, v1)
        return (left, top), (right, top), (right, bottom), (left, bottom)

    def close(self) -> Ring | None:
        """Return the polygon whose corners were laid, None for too few."""
        if self.tool != POLYGON:
            return None
        laid = self.corners[:-1]
        if len(laid) < FEWEST_CORNERS:
            return None
        self.corners.clear()
        return tuple(laid)

    def back(self) -> None:
        """Take the last corner back."""
        if self.tool == POLYGON and len(self.corners) > 1:
            self.corners[-2:] = self.corners[-1:] if len(self.corners) > 2 else []

    def drop(self) -> bool:
        """Drop what was begun; say whether there was anything."""
        had = bool(self.corners)
        self.corners.clear()
        return had

    def _within(self, at: Corner) -> Corner:
        """Return a place rounded to pixels and kept within the picture."""
        u, v = (min(max(float(round(at[k])), 0.0), self.size_px[k]) for k in (0, 1))
        return u, v


PERSON = marked("{away} m, {density} px/m")
LEAST_SHOWN = 0.15  # of a person, to be labelled
HORIZON, LABEL, PAPER = QColor(40, 44, 52, 150), QColor(20, 22, 28), QColor(255, 255, 255, 205)
MASK, PICKED, DRAFT = QColor("#ffd43b"), QColor("#ff922b"), QColor("#ffffff")
TICK_PX, PAD_PX, CROSS_PX = 5.0, 2.0, 9.0


@dataclass(frozen=True, slots=True)
class PictureFrame:
    """Where a picture lies on the screen, and how many pixels the camera has."""

    box: QRectF
    width_px: float
    height_px: float

    def point(self, u: float, v: float) -> QPointF:
        """Return where a pixel of the camera lies on the screen."""
        return QPointF(self.box.x() + u * self.box.width() / self.width_px, self.box.y() + v * self.box.height() / self.height_px)

    def pixel(self, at: QPointF) -> tuple[float, float]:
        """Return the camera's pixel at a place of the screen, which may lie outside the picture."""
        u = (at.x() - self.box.x()) * self.width_px / max(self.box.width(), 1.0)
        return u, (at.y() - self.box.y()) * self.height_px / max(self.box.height(), 1.0)


def draw_horizon(painter: QPainter, frame: PictureFrame, picture: "CameraPicture") -> None:
    """Draw the level of the lens with a tick and the true bearing at every few degrees."""
    painter.setPen(QPen(HORIZON, 1.0, Qt.PenStyle.DashLine))
    for line in picture.horizon.lines:
        painter.drawPolyline(QPolygonF([frame.point(u, v) for u, v in line]))
    taken: list[QRectF] = []
    for bearing, u, v in picture.horizon.ticks:
        at = frame.point(u, v)
        painter.setPen(QPen(HORIZON, 1.0))
        painter.drawLine(at, at - QPointF(0.0, TICK_PX))
        _label(painter, f"{bearing:g}°", at - QPointF(0.0, TICK_PX), frame.box, taken)


def draw_people(painter: QPainter, frame: PictureFrame, people: "Sequence[Person]", language: Language) -> None:
    """Write over each person that shows how far away it stands and how many pixels a metre has there."""
    taken: list[QRectF] = []
    for person in people:
        if person.shown >= LEAST_SHOWN:
            away, density = (number_text(each, language.translations, 0) for each in (person.away_m, person.density_px_m))
            head = frame.point(*person.head_px)
            head.setY(max(head.y(), frame.box.y() + 16.0))
            _label(painter, language(PERSON, away=away, density=density), head, frame.box, taken)


def draw_masks(painter: QPainter, frame: PictureFrame, masks: Sequence[Ring], picked: int) -> None:
    """Draw the outlines of masks, the picked one stronger."""
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for number, ring in enumerate(masks):
        painter.setPen(QPen(PICKED if number == picked else MASK, 3.0 if number == picked else 1.5))
        painter.drawPolygon(QPolygonF([frame.point(u, v) for u, v in ring]))


def draw_draft(painter: QPainter, frame: PictureFrame, corners: Sequence[tuple[float, float]], *, is_rectangle: bool) -> None:
    """Draw the mask that is being drawn."""
    if len(corners) < 2:
        return
    points = [frame.point(u, v) for u, v in corners]
    painter.setPen(QPen(DRAFT, 1.5, Qt.PenStyle.DashLine))
    painter.setBrush(QColor(0, 0, 0, 110))
    if is_rectangle:
        painter.drawRect(QRectF(points[0], points[1]).normalized())
        return
    painter.drawPolygon(QPolygonF(points))
    painter.setBrush(DRAFT)
    for point in points[:-1]:
        painter.drawEllipse(point, 3.0, 3.0)


def draw_focus(painter: QPainter, frame: PictureFrame, cross: tuple[float, float] | None, colour: QColor) -> None:
    """Draw a frame while the picture takes the keys, and the cross at which they lay corners."""
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(colour, 2.0))
    painter.drawRect(frame.box.adjusted(1.0, 1.0, -1.0, -1.0))
    if cross is not None:
        at = frame.point(*cross)
        for width, ink in ((4.0, LABEL), (2.0, DRAFT)):
            painter.setPen(QPen(ink, width))
            painter.drawLine(at - QPointF(CROSS_PX, 0.0), at + QPointF(CROSS_PX, 0.0))
            painter.drawLine(at - QPointF(0.0, CROSS_PX), at + QPointF(0.0, CROSS_PX))


def _label(painter: QPainter, text: str, foot: QPointF, box: QRectF, taken: list[QRectF]) -> None:
    """Write a text above a place, kept within the picture; not over another one."""
    font = QFont(painter.font())
    metrics = QFontMetricsF(font)
    width, height = metrics.horizontalAdvance(text) + 2.0 * PAD_PX, metrics.height()
    left = min(max(foot.x() - width / 2.0, box.left()), box.right() - width)
    around = QRectF(left, max(foot.y() - height - 1.0, box.top()), width, height)
    if any(around.intersects(other) for other in taken):
        return
    taken.append(around)
    painter.fillRect(around, PAPER)
    painter.setPen(LABEL)
    painter.drawText(around, Qt.AlignmentFlag.AlignCenter, text)


# The picture of a camera on the screen, on which masks are drawn and picked with the mouse.

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
