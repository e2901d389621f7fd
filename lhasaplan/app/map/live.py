"""What is painted above the tiles with each frame: the selected and the proposed camera, and what is asked about or measured."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QPainter, QPainterPath, QPen, QPolygonF
from shapely.geometry.base import BaseGeometry

from lhasaplan.app.map import style
from lhasaplan.app.map.cones import (
    Frontage,
    Overlays,
    Symbol,
    draw_far,
    draw_frontage,
    draw_night,
    draw_possible,
    draw_symbol,
    frontage_px,
    seen_bounds,
    symbol_radius_px,
    view_width_px,
)
from lhasaplan.app.map.coverage import cone_of, shade
from lhasaplan.app.map.measuring import MeasuredLine, draw_measure
from lhasaplan.app.map.painter import PaintedSheet, ShownMap
from lhasaplan.app.map.shapes import geometry_path, visible
from lhasaplan.app.map.sight import GradedView, LiveOutlines, Seen
from lhasaplan.app.map.style import LIGHT, Palette, with_alpha
from lhasaplan.app.map.viewport import Box, grown, united
from lhasaplan.app.map.words_on_map import Held, LabelSpot
from lhasaplan.core.demand.ground_in_view import Reach
from lhasaplan.core.model.optics import DENSITY_BANDS_PX_M
from lhasaplan.core.results.finding import Severity

SYMBOL_M = 50.0  # round a camera, whose symbol may be drawn on the next tile as well
LIVE = {Reach.CERTAIN: "certain", Reach.NEAR: "possible", Reach.FAR: "far"}  # which line of the legend a field has
_ORDER: tuple[Severity | None, ...] = (None, *Severity)  # the gravest last, above the others


@dataclass(frozen=True, eq=False)
class LiveCamera:
    """A camera as it is drawn live above the tiles: the selected one, or one of a proposal."""

    symbol: Symbol
    seen: Seen | None = None
    views: tuple[GradedView, ...] | None = None  # None: as the results have them

    @property
    def ground_m(self) -> Box:
        """Return the ground that is drawn otherwise while the camera is drawn live."""
        at = self.symbol.x_m, self.symbol.y_m
        here = grown((*at, *at), SYMBOL_M)
        return united(here, seen_bounds(self.seen) if self.seen is not None else None) or here


@dataclass(frozen=True, slots=True)
class SightLine:
    """A camera that can see the spot that was asked about, for certain or possibly."""

    x_m: float
    y_m: float
    is_certain: bool


@dataclass(slots=True, eq=False)
class LiveMarks:
    """All that is painted above the tiles."""

    selected: LiveCamera | None = None
    proposal: LiveCamera | None = None
    chosen: frozenset[str] = frozenset()  # cameras that are selected besides
    spot: tuple[float, float] | None = None
    lines: tuple[SightLine, ...] = ()  # from cameras that can see the spot
    highlight: BaseGeometry | None = None
    measure: MeasuredLine | None = None
    outline: tuple[tuple[float, float], ...] = ()  # of the box or lasso that is being drawn
    frontage: Frontage | None = None  # under the pointer

    @property
    def selected_id(self) -> str:
        """Return the id of the selected camera, empty for none."""
        return self.selected.symbol.camera_id if self.selected is not None else ""

    @property
    def held(self) -> Held | None:
        """Return the selected camera, if it has a name to be written."""
        symbol = self.selected.symbol if self.selected is not None else None
        if symbol is None or not symbol.name:
            return None
        return Held(LabelSpot(symbol.x_m, symbol.y_m, symbol.name), symbol.bearing_deg or 0.0)

    def contents(self, keys: frozenset[str]) -> frozenset[str]:
        """Return what the legend must explain of the cameras that are drawn live while these layers are on."""
        seen = self.selected.seen if self.selected is not None else None
        live = frozenset(LIVE[one.reach] for one in seen.drawn) if seen is not None else frozenset()
        night = {"night"} & keys if seen is not None and seen.night is not None else set()
        return live | night | ({"proposed"} if self.proposal is not None else set())

    def paint_cones(self, sheet: PaintedSheet, shown: ShownMap, overlays: Overlays) -> None:
        """Paint what the selected camera and a proposed one see: below names and other cameras."""
        if self.selected is not None and self.selected.seen is not None:
            draw_live(sheet, self.selected.seen)
            if "night" in shown.visible:
                draw_night(sheet, self.selected.seen.outlines.path(self.selected.seen.night, sheet.origin_m, sheet.px_per_m))
            if "protected_views" in shown.visible:
                self._paint_views(sheet, self.selected, overlays)
        if self.frontage is not None:
            draw_frontage(sheet, self.frontage)
        if self.proposal is not None and self.proposal.seen is not None:
            draw_live(sheet, self.proposal.seen)

    def paint(self, sheet: PaintedSheet, overlays: Overlays, measured: str) -> None:
        """Paint marks, then handles and lines; ``measured`` is written beside the measured line."""
        if self.proposal is not None:
            _paint_proposal(sheet, self.proposal)
        if self.highlight is not None:  # above the cone, which would dim it
            sheet.painter.setPen(QPen(sheet.colours.accent, 3.0))
            sheet.painter.setBrush(Qt.BrushStyle.NoBrush)
            marked = visible(self.highlight, style.POINT_PX / sheet.px_per_m)
            sheet.painter.drawPath(geometry_path(marked, sheet.origin_m, sheet.px_per_m))
        for symbol in overlays.symbols_in(grown(sheet.box_m, SYMBOL_M)) if self.chosen else ():
            if symbol.camera_id in self.chosen:
                draw_ring(sheet.painter, sheet.point(symbol.x_m, symbol.y_m), sheet.colours)
        self._paint_marks(sheet, measured)

    def _paint_views(self, sheet: PaintedSheet, selected: LiveCamera, overlays: Overlays) -> None:
        """Paint the protected views of the selected camera above its own cone, which would dim them."""
        if selected.views is None:
            draw_recorded_views(sheet, overlays, self.selected_id)
        else:
            draw_live_views(sheet, selected.views, selected.seen.outlines if selected.seen is not None else LiveOutlines())

    def _paint_marks(self, sheet: PaintedSheet, measured: str) -> None:
        """Paint the selected camera, and what a person points at, asks about or measures."""
        painter, colours = sheet.painter, sheet.colours
        if self.selected is not None:
            symbol = self.selected.symbol
            at = sheet.point(symbol.x_m, symbol.y_m)
            draw_ring(painter, at, colours)
            draw_symbol(painter, at, symbol, max(symbol_radius_px(1.0 / sheet.px_per_m), 5.0), colours=colours)
        if self.outline:
            draw_outline(painter, [sheet.point(*corner) for corner in self.outline], colours)
        if self.measure is not None and self.measure.points:
            draw_measure(painter, [sheet.point(*point) for point in self.measure.line], measured, colours)
        if self.spot is not None:
            for line in self.lines:
                draw_sight_line(painter, sheet.point(line.x_m, line.y_m), sheet.point(*self.spot), line.is_certain, colours)
            draw_spot(painter, sheet.point(*self.spot), colours)


def _paint_proposal(sheet: PaintedSheet, proposal: LiveCamera) -> None:
    at = sheet.point(proposal.symbol.x_m, proposal.symbol.y_m)
    sheet.painter.setPen(QPen(sheet.colours.accent, 1.6, Qt.PenStyle.DashLine))
    sheet.painter.setBrush(Qt.BrushStyle.NoBrush)
    sheet.painter.drawEllipse(at, 14.0, 14.0)
    draw_symbol(sheet.painter, at, proposal.symbol, 6.0, sheet.colours.planned, sheet.colours)


def draw_live(sheet: PaintedSheet, seen: Seen) -> None:
    """Draw the cone of a camera above the tiles."""
    for one in seen.drawn:
        path = seen.outlines.path(one.ground, sheet.origin_m, sheet.px_per_m)
        if one.reach is Reach.FAR:
            draw_far(sheet, path, 1.0 / sheet.px_per_m)
        elif one.reach is Reach.NEAR:
            draw_possible(sheet, path, 1.0 / sheet.px_per_m)
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


def _draw_possible_bands(sheet: PaintedSheet, seen: Seen) -> None:
    """Draw how sharp what is possible may be as thin lines: no lens within the limits shows more."""
    found = next((one.field for one in seen.drawn if one.reach is Reach.NEAR), None)
    sheet.painter.setBrush(Qt.BrushStyle.NoBrush)
    for lower, geometry in found.bands if found is not None else ():
        line = with_alpha(sheet.colours.ramp[DENSITY_BANDS_PX_M.index(lower)], 200)
        sheet.painter.setPen(QPen(line, 1.0))  # no dashes: Qt takes milliseconds for them on such long outlines
        sheet.painter.drawPath(seen.outlines.path(geometry, sheet.origin_m, sheet.px_per_m))


def draw_live_views(sheet: PaintedSheet, views: Sequence[GradedView], outlines: LiveOutlines) -> None:
    """Draw the protected views of a camera as it is recorded now."""
    width_px = view_width_px(1.0 / sheet.px_per_m)
    sheet.painter.setBrush(Qt.BrushStyle.NoBrush)
    for one in sorted(views, key=lambda each: _ORDER.index(each.grade)):
        for lines, is_at_ground in ((one.at_ground, True), (one.beyond, False)):
            sheet.painter.setPen(QPen(sheet.colours.of_grade(one.grade), frontage_px(width_px, one.grade, is_at_ground)))
            sheet.painter.drawPath(outlines.path(lines, sheet.origin_m, sheet.px_per_m))


def draw_recorded_views(sheet: PaintedSheet, overlays: Overlays, camera_id: str) -> None:
    """Draw the protected views that the results have of a camera."""
    width_px = view_width_px(1.0 / sheet.px_per_m)
    sheet.painter.setBrush(Qt.BrushStyle.NoBrush)
    for grade in _ORDER:
        for shapes, is_at_ground in overlays.views_of(grade):
            chosen = np.flatnonzero(shapes.keys == camera_id)
            if len(chosen):
                sheet.painter.setPen(QPen(sheet.colours.of_grade(grade), frontage_px(width_px, grade, is_at_ground)))
                sheet.painter.drawPath(shapes.path(chosen, sheet.origin_m, sheet.px_per_m))


def draw_aim(painter: QPainter, at: QPointF, colours: Palette = LIGHT) -> None:
    """Draw where the keys aim."""
    for width, colour in ((4.0, colours.casing), (1.6, colours.accent)):
        painter.setPen(QPen(colour, width))
        for x, y in ((1, 0), (-1, 0), (0, 1), (0, -1)):
            painter.drawLine(at + QPointF(5 * x, 5 * y), at + QPointF(14 * x, 14 * y))


def draw_sight_line(painter: QPainter, camera: QPointF, spot: QPointF, is_certain: bool, colours: Palette = LIGHT) -> None:
    """Draw a line of sight, dashed where it is only possible."""
    for width, colour in ((3.6, colours.casing), (1.6, colours.sight_line if is_certain else colours.possible_line)):
        painter.setPen(QPen(colour, width, Qt.PenStyle.SolidLine if is_certain else Qt.PenStyle.DashLine))
        painter.drawLine(camera, spot)


def draw_spot(painter: QPainter, at: QPointF, colours: Palette = LIGHT) -> None:
    """Draw the spot that is asked about."""
    painter.setPen(QPen(colours.casing, 4.0))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawEllipse(at, 7.0, 7.0)
    painter.setPen(QPen(colours.accent, 2.0))
    painter.drawEllipse(at, 7.0, 7.0)
    painter.drawPoint(at)


def draw_outline(painter: QPainter, corners: Sequence[QPointF], colours: Palette = LIGHT) -> None:
    """Draw the box or lasso with which cameras are selected."""
    painter.setPen(QPen(colours.accent, 1.4, Qt.PenStyle.DashLine))
    painter.setBrush(with_alpha(colours.accent, 26))
    painter.drawPolygon(QPolygonF(list(corners)))


def draw_ring(painter: QPainter, at: QPointF, colours: Palette = LIGHT) -> None:
    """Draw the ring of a selected camera."""
    painter.setPen(QPen(colours.accent, 2.0))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawEllipse(at, 12.0, 12.0)
