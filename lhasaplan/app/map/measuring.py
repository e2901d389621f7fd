"""A line that a person lays on the map to measure it: its length and, from three points on, the area inside."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from math import atan2, degrees, dist

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPen, QPolygonF

from lhasaplan.app.look import length_text
from lhasaplan.app.map.decorations import draw_card
from lhasaplan.app.map.style import LIGHT, Palette
from lhasaplan.core.base.translations import Translations
from lhasaplan.report.text.numerals import area_text, number_text

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class MeasuredLine:
    """Points in metres of the project's CRS, in the order in which they were laid; ``next`` follows the pointer."""

    points: tuple[Point, ...] = ()
    next: Point | None = None

    def laid(self, x_m: float, y_m: float) -> "MeasuredLine":
        """Return the line with one more point."""
        return MeasuredLine((*self.points, (x_m, y_m)))

    def pointed(self, x_m: float, y_m: float) -> "MeasuredLine":
        """Return the line with its loose end at the pointer; a line without a point has none."""
        return replace(self, next=(x_m, y_m)) if self.points else self

    def taken_back(self) -> "MeasuredLine":
        """Return the line without its last point."""
        return MeasuredLine(self.points[:-1])

    @property
    def line(self) -> tuple[Point, ...]:
        """Return the points with the loose end."""
        return self.points if self.next is None else (*self.points, self.next)

    @property
    def length_m(self) -> float:
        """Return the length of the line.

        >>> MeasuredLine(((0.0, 0.0), (3.0, 4.0), (3.0, 10.0))).length_m
        11.0
        """
        return sum(dist(one, other) for one, other in pairwise(self.line))

    def bearing_deg(self, convergence_deg: float) -> float | None:
        """Return the direction of the last stretch, clockwise from true north; None for less than a stretch.

        >>> MeasuredLine(((0.0, 0.0), (5.0, 5.0))).bearing_deg(convergence_deg=-0.5)
        44.5
        """
        if len(self.line) < 2 or self.line[-1] == self.line[-2]:
            return None
        (x0, y0), (x1, y1) = self.line[-2:]
        return (degrees(atan2(x1 - x0, y1 - y0)) + convergence_deg) % 360.0

    @property
    def area_m2(self) -> float:
        """Return the area that the line encloses when its ends are joined; 0 for fewer than three points.

        >>> MeasuredLine(((0.0, 0.0), (4.0, 0.0), (4.0, 3.0), (0.0, 3.0))).area_m2
        12.0
        """
        line = self.line
        ring = [*line, *line[:1]] if len(line) > 2 else []
        return abs(sum(x0 * y1 - x1 * y0 for (x0, y0), (x1, y1) in pairwise(ring))) / 2


def draw_measure(painter: QPainter, corners: Sequence[QPointF], text: str, colours: Palette = LIGHT) -> None:
    """Draw a laid line in pixels with its figures beside the last corner."""
    for width, colour in ((4.0, colours.casing), (1.8, colours.measure)):
        painter.setPen(QPen(colour, width, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPolyline(QPolygonF(list(corners)))
    painter.setBrush(colours.casing)
    for corner in corners:
        painter.drawEllipse(corner, 3.0, 3.0)
    width = QFontMetricsF(painter.font()).horizontalAdvance(text) + 12
    card = QRectF(corners[-1].x() + 12, corners[-1].y() + 8, width, 22)
    draw_card(painter, card, colours)
    painter.setPen(colours.ink)
    painter.drawText(card, Qt.AlignmentFlag.AlignCenter, text)


def measure_text(measure: MeasuredLine, translations: Translations, convergence_deg: float = 0.0) -> str:
    """Return length, direction of the last stretch and, where there is one, area."""
    bearing = measure.bearing_deg(convergence_deg)
    toward = "" if bearing is None else f" · {number_text(bearing, translations, 1)}°"
    area = f" · {area_text(measure.area_m2, translations)}" if measure.area_m2 else ""
    return f"{length_text(measure.length_m, translations)}{toward}{area}"
