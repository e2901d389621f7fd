"""What is drawn over the picture of a camera: horizon, bearings, densities of people, outlines, masks in the making."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen, QPolygonF

from lhasaplan.app.look.language import Language
from lhasaplan.core.base.translations import marked
from lhasaplan.report.text.numerals import number_text

if TYPE_CHECKING:
    from lhasaplan.core.picture.camera_picture import CameraPicture
    from lhasaplan.core.picture.people import Person

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
            if not last or _is_apart(last[0], at):
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


def _is_apart(one: Corner, other: Corner) -> bool:
    return max(abs(one[0] - other[0]), abs(one[1] - other[1])) >= LEAST_PX


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
