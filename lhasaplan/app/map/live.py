"""What is drawn live above the tiles: the selected camera with what of protected places it shows, and a measured line."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from math import atan2, degrees, dist

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPainterPath, QPen, QPolygonF

from lhasaplan.app.look import length_text
from lhasaplan.app.map.cones import Overlays, draw_far, draw_night, draw_possible, frontage_px, view_width_px
from lhasaplan.app.map.coverage import cone_of, shade
from lhasaplan.app.map.decorations import draw_card
from lhasaplan.app.map.painter import PaintedSheet
from lhasaplan.app.map.sight import GradedView, LiveOutlines, Seen
from lhasaplan.app.map.style import LIGHT, Palette, with_alpha
from lhasaplan.core.base.translations import Translations
from lhasaplan.core.demand.ground_in_view import Reach
from lhasaplan.core.results.assessment import DENSITY_BANDS_PX_M
from lhasaplan.core.results.finding import Severity
from lhasaplan.report.text.numerals import area_text, number_text

# A line that a person lays on the map to measure it: its length and, from three points on, the area inside.

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

        >>> Measure(((0.0, 0.0), (3.0, 4.0), (3.0, 10.0))).length_m
        11.0
        """
        return sum(dist(one, other) for one, other in pairwise(self.line))

    def bearing_deg(self, convergence_deg: float) -> float | None:
        """Return the direction of the last stretch, clockwise from true north; None for less than a stretch.

        >>> Measure(((0.0, 0.0), (5.0, 5.0))).bearing_deg(convergence_deg=-0.5)
        44.5
        """
        if len(self.line) < 2 or self.line[-1] == self.line[-2]:
            return None
        (x0, y0), (x1, y1) = self.line[-2:]
        return (degrees(atan2(x1 - x0, y1 - y0)) + convergence_deg) % 360.0

    @property
    def area_m2(self) -> float:
        """Return the area that the line encloses when its ends are joined; 0 for fewer than three points.

        >>> Measure(((0.0, 0.0), (4.0, 0.0), (4.0, 3.0), (0.0, 3.0))).area_m2
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


# The selected camera as it is drawn live above the tiles: its cone, and what of protected places it shows.

_ORDER: tuple[Severity | None, ...] = (None, *Severity)  # the gravest last, above the others


def draw_live(
    painter: QPainter, seen: Seen, origin_m: tuple[float, float], metres_per_px: float, colours: Palette = LIGHT
) -> None:
    """Draw the cone of the selected camera, above the tiles."""
    scale = 1.0 / metres_per_px
    sheet = PaintedSheet(painter, origin_m, scale, (0.0, 0.0, 0.0, 0.0), colours)
    for one in seen.drawn:
        path = seen.outlines.path(one.ground, origin_m, scale)
        if one.reach is Reach.FAR:
            draw_far(sheet, path, metres_per_px)
        elif one.reach is Reach.NEAR:
            draw_possible(sheet, path, metres_per_px)
        else:
            _draw_certain(sheet, seen, path)
    if seen.certain is None:
        _draw_possible_bands(sheet, seen)


def _draw_certain(sheet: PaintedSheet, seen: Seen, path: QPainterPath) -> None:
    """Shade what is seen for certain by its density, as the tiles have it, with a line round it."""
    sheet.painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    sheet.painter.setPen(QPen(with_alpha(sheet.colours.ramp[2], 255), 1.6))
    sheet.painter.setBrush(shade(cone_of(seen), sheet))
    sheet.painter.drawPath(path)


def draw_live_night(
    painter: QPainter, seen: Seen, origin_m: tuple[float, float], metres_per_px: float, colours: Palette = LIGHT
) -> None:
    """Draw what the selected camera can see at night, above its cone."""
    scale = 1.0 / metres_per_px
    draw_night(
        PaintedSheet(painter, origin_m, scale, (0.0, 0.0, 0.0, 0.0), colours), seen.outlines.path(seen.night, origin_m, scale)
    )


def _draw_possible_bands(sheet: PaintedSheet, seen: Seen) -> None:
    """Draw how sharp what is possible may be as thin lines: no lens within the limits shows more."""
    found = next((one.field for one in seen.drawn if one.reach is Reach.NEAR), None)
    sheet.painter.setBrush(Qt.BrushStyle.NoBrush)
    for lower, geometry in found.bands if found is not None else ():
        line = with_alpha(sheet.colours.ramp[DENSITY_BANDS_PX_M.index(lower)], 200)
        sheet.painter.setPen(QPen(line, 1.0))  # no dashes: Qt takes milliseconds for them on such long outlines
        sheet.painter.drawPath(seen.outlines.path(geometry, sheet.origin_m, sheet.px_per_m))


def draw_live_views(  # noqa: PLR0917 - what is drawn, where, and in which colours
    painter: QPainter,
    views: Sequence[GradedView],
    outlines: LiveOutlines,
    origin_m: tuple[float, float],
    metres_per_px: float,
    colours: Palette = LIGHT,
) -> None:
    """Draw the protected views of a camera as it is recorded now."""
    scale, width_px = 1.0 / metres_per_px, view_width_px(metres_per_px)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for one in sorted(views, key=lambda each: _ORDER.index(each.grade)):
        for lines, is_at_ground in ((one.at_ground, True), (one.beyond, False)):
            painter.setPen(QPen(colours.of_grade(one.grade), frontage_px(width_px, one.grade, is_at_ground)))
            painter.drawPath(outlines.path(lines, origin_m, scale))


def draw_recorded_views(  # noqa: PLR0917 - what is drawn, where, and in which colours
    painter: QPainter,
    overlays: Overlays,
    camera_id: str,
    origin_m: tuple[float, float],
    metres_per_px: float,
    colours: Palette = LIGHT,
) -> None:
    """Draw the protected views that the results have of a camera."""
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for grade in _ORDER:
        for shapes, is_at_ground in overlays.views_of(grade):
            chosen = np.flatnonzero(shapes.keys == camera_id)
            if len(chosen):
                width_px = frontage_px(view_width_px(metres_per_px), grade, is_at_ground)
                painter.setPen(QPen(colours.of_grade(grade), width_px))
                painter.drawPath(shapes.path(chosen, origin_m, 1.0 / metres_per_px))
