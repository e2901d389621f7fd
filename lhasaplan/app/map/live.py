"""The selected camera as it is drawn live above the tiles: its cone, and what of protected places it shows."""

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtGui import QPainter, QPainterPath, QPen

from lhasaplan.app.map.camera_shapes import cone_of
from lhasaplan.app.map.cones import Overlays, draw_far, draw_night, draw_possible, frontage_px, view_width_px
from lhasaplan.app.map.coverage import shade
from lhasaplan.app.map.marks import LiveOutlines
from lhasaplan.app.map.painter import PaintedSheet
from lhasaplan.app.map.sight import GradedView, Seen
from lhasaplan.app.map.style import LIGHT, Palette, with_alpha
from lhasaplan.core.demand.drawn_fields import Reach
from lhasaplan.core.results.assessment import DENSITY_BANDS_PX_M
from lhasaplan.core.results.finding import Severity

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
