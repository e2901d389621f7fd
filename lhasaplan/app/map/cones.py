"""The overlays of the map: what cameras see, what they must not, gaps and overlaps; prepared once, drawn by tile."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QBrush, QColor, QPainter, QPainterPath, QPen
from shapely.geometry.base import BaseGeometry

from lhasaplan.app.map import style
from lhasaplan.app.map.ground import Sheet
from lhasaplan.app.map.shapes import Shapes, bounds_of
from lhasaplan.app.map.sight import CurrentSight, Seen
from lhasaplan.app.map.viewport import Box, grown
from lhasaplan.core.coverage.drawn_fields import Reach, drawn_ground, split_frontage
from lhasaplan.core.model.camera import Camera, Status
from lhasaplan.core.results.assessment import Assessment
from lhasaplan.core.results.finding import Severity

Keyed = list[tuple[str, BaseGeometry]]


@dataclass(frozen=True, slots=True)
class Symbol:
    """How a camera is drawn: where it stands, where it looks (grid bearing, None when unknown), and what it is."""

    camera_id: str
    x_m: float
    y_m: float
    azimuth_deg: float | None
    status: Status


@dataclass(frozen=True, eq=False)
class Overlays:
    """Prepared shapes of everything that is drawn above the ground."""

    certain: Shapes = field(default_factory=lambda: Shapes([]))
    bands: dict[float, Shapes] = field(default_factory=dict)
    possible: Shapes = field(default_factory=lambda: Shapes([]))
    far: Shapes = field(default_factory=lambda: Shapes([]))
    night: Shapes = field(default_factory=lambda: Shapes([]))
    views: dict[Severity | None, Shapes] = field(default_factory=dict)
    beyond: dict[Severity | None, Shapes] = field(default_factory=dict)  # seen above the ground only, beyond all that is drawn
    unasked: Shapes = field(default_factory=lambda: Shapes([]))
    parts: Shapes = field(default_factory=lambda: Shapes([]))
    gaps: Shapes = field(default_factory=lambda: Shapes([]))
    overlaps: Shapes = field(default_factory=lambda: Shapes([]))
    symbols: tuple[Symbol, ...] = ()

    def contents(self, visible: frozenset[str]) -> frozenset[str]:
        """Return what is on the map of the layers that are on: the legend explains nothing else."""
        states = {symbol.status for symbol in self.symbols} if "cameras" in visible else set()
        areas = ("certain", "possible", "far", "night", "unasked", "parts", "gaps", "overlaps")
        layers = {key for key in areas if len(getattr(self, key))}
        grades = {grade for grade in (*self.views, *self.beyond) if grade is not None}
        views = {f"view_{grade}" for grade in grades} | ({"view_beyond"} if self.beyond else set())
        views = views if "protected_views" in visible else set()
        cameras = {"planned"} & states | ({"cameras"} if Status.OPERATING in states else set())
        return frozenset(layers & visible | views | cameras)


def prepare_overlays(
    cameras: Iterable[Camera], sight: CurrentSight, assessment: Assessment | None, convergence_deg: float
) -> Overlays:
    """Return the shapes of cones and results; runs in a worker."""
    fields: dict[Reach, Keyed] = {reach: [] for reach in Reach}
    bands: dict[float, Keyed] = {}
    for camera_id, seen in sight.seen.items():
        for one in seen.drawn:
            fields[one.reach].append((camera_id, one.ground))
            for lower, geometry in one.field.bands if one.reach is Reach.CERTAIN else ():
                bands.setdefault(lower, []).append((camera_id, geometry))
    drawn = Overlays(
        certain=_shapes(fields[Reach.CERTAIN]),
        bands={lower: _shapes(keyed) for lower, keyed in sorted(bands.items())},
        possible=_shapes(fields[Reach.NEAR]),
        far=_shapes(fields[Reach.FAR]),
        night=_shapes([(key, seen.night) for key, seen in sight.seen.items() if seen.night is not None]),
        symbols=tuple(symbol_of(camera, sight.seen.get(camera.camera_id), convergence_deg) for camera in cameras),
    )
    return _with_results(drawn, assessment, sight) if assessment is not None else drawn


def _with_results(drawn: Overlays, assessment: Assessment, sight: CurrentSight) -> Overlays:
    """Return the overlays with the shapes that only an assessment gives."""
    views: dict[Severity | None, Keyed] = {}
    beyond: dict[Severity | None, Keyed] = {}
    for result in assessment.cameras:
        ground = drawn_ground(sight.drawn_of(result))
        for sighting in result.sightings:
            at, over = split_frontage(sighting.geometry, ground)
            for found, lines in ((views, at), (beyond, over)):
                if not lines.is_empty:
                    found.setdefault(sighting.grade, []).append((sighting.camera_id, lines))
    parts = assessment.parts or ()
    return replace(
        drawn,
        views={grade: _shapes(keyed) for grade, keyed in views.items()},
        beyond={grade: _shapes(keyed) for grade, keyed in beyond.items()},
        unasked=_shapes([("", r.unasked) for r in assessment.cameras if r.unasked is not None]),
        parts=_shapes([(p.part.part_id, p.part.geometry) for p in parts]),
        gaps=_shapes([(p.part.part_id, p.gap) for p in parts if p.gap is not None]),
        overlaps=_shapes([("", o.geometry) for o in assessment.overlaps or () if o.geometry is not None]),
    )


def _shapes(keyed: Keyed) -> Shapes:
    return Shapes([geometry for _, geometry in keyed], [key for key, _ in keyed])


def symbol_of(camera: Camera, seen: Seen | None, convergence_deg: float) -> Symbol:
    """Return the symbol of a camera where it was placed, or where it is recorded while sight is pending."""
    bearing = None if camera.azimuth_deg is None else (camera.azimuth_deg - convergence_deg) % 360.0
    if seen is None or not seen.placed.views or camera.status is Status.REMOVED:
        return Symbol(camera.camera_id, camera.x_m, camera.y_m, bearing, camera.status)
    view = seen.placed.views[0]
    return Symbol(camera.camera_id, view.x_m, view.y_m, bearing, camera.status)


def seen_bounds(seen: Seen) -> Box | None:
    """Return the box around everything that a camera may see, protected frontage above the ground included."""
    return bounds_of([*(one.ground for one in seen.drawn), *(one.geometry for one in seen.sightings)])


@dataclass(frozen=True, slots=True)
class Shown:
    """Which layers are on, and which camera is left out because it is drawn live."""

    visible: frozenset[str]
    lifted_id: str = ""


def draw_overlays(painter: QPainter, overlays: Overlays, shown: Shown, box_m: Box, metres_per_px: float) -> None:
    """Draw cones and results in the box."""
    sheet = Sheet(painter, (box_m[0], box_m[3]), 1.0 / metres_per_px, grown(box_m, 16 * metres_per_px))
    visible, but = shown.visible, shown.lifted_id
    if "certain" in visible:
        _draw_certain(sheet, overlays, but)
    if "unasked" in visible:
        _paint(sheet, overlays.unasked, style.UNASKED_FILL)
    if "far" in visible:
        draw_far(sheet, sheet.path(overlays.far, but=but), metres_per_px)
    if "possible" in visible:
        draw_possible(sheet, sheet.path(overlays.possible, but=but), metres_per_px)
    if "night" in visible:
        draw_night(sheet, sheet.path(overlays.night, but=but))
    _draw_results(sheet, overlays, shown, metres_per_px)


def _draw_certain(sheet: Sheet, overlays: Overlays, but: str) -> None:
    """Draw the cones onto the empty tile so that the sharpest band stands wherever cones lie over each other."""
    sheet.painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Source)
    sheet.fill(overlays.certain, style.CERTAIN_BASE, but=but)
    for lower, shapes in overlays.bands.items():
        sheet.fill(shapes, style.BANDS.get(lower, style.CERTAIN_BASE), but=but)
    sheet.painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_SourceOver)
    sheet.stroke(overlays.certain, style.CERTAIN_LINE, 1.0 if sheet.px_per_m > 0.3 else 0.5, but=but)


def _draw_results(sheet: Sheet, overlays: Overlays, shown: Shown, metres_per_px: float) -> None:
    visible, but = shown.visible, shown.lifted_id  # the protected views of the selected camera are drawn live
    if "overlaps" in visible:
        _paint(sheet, overlays.overlaps, style.OVERLAP_FILL, style.OVERLAP_LINE)
    if "parts" in visible:
        sheet.stroke(overlays.parts, style.PART_LINE, 2.0)
    if "gaps" in visible:
        _paint(sheet, overlays.gaps, style.GAP_FILL, style.GAP_LINE)
        _paint(sheet, overlays.gaps, QBrush(style.GAP_LINE, Qt.BrushStyle.FDiagPattern))
    if "protected_views" in visible:
        for grade in (None, *Severity):
            if grade in overlays.views:
                sheet.stroke(overlays.views[grade], style.GRADES[grade], view_width_px(metres_per_px), but=but)
            if grade in overlays.beyond:
                width_px = view_width_px(metres_per_px) / 2
                sheet.stroke(overlays.beyond[grade], style.GRADES[grade], width_px, Qt.PenStyle.DotLine, but=but)


def view_width_px(metres_per_px: float) -> float:
    """Return how wide the line of a protected view is drawn."""
    return 2.8 if metres_per_px < 1.0 else 1.6


def _paint(sheet: Sheet, shapes: Shapes, fill: QColor | QBrush, line: QColor | None = None) -> None:
    """Fill translucent areas as one, so that they do not add up where they overlap."""
    sheet.painter.setPen(QPen(line, 0.8) if line is not None else Qt.PenStyle.NoPen)
    sheet.painter.setBrush(fill)
    sheet.painter.drawPath(sheet.path(shapes))


def draw_possible(sheet: Sheet, path: QPainterPath, metres_per_px: float) -> None:
    """Draw possible sight lighter than certain: a hatch when there is room for one, a dashed outline."""
    sheet.painter.setPen(Qt.PenStyle.NoPen)
    sheet.painter.setBrush(style.POSSIBLE_FILL)
    sheet.painter.drawPath(path)
    if metres_per_px < 1.0:
        sheet.painter.setBrush(QBrush(style.POSSIBLE_HATCH, Qt.BrushStyle.BDiagPattern))
        sheet.painter.drawPath(path)
    dash = Qt.PenStyle.DashLine if metres_per_px < 3.0 else Qt.PenStyle.SolidLine
    sheet.painter.setPen(QPen(style.POSSIBLE_LINE, 1.0 if metres_per_px < 3.0 else 0.5, dash))
    sheet.painter.setBrush(Qt.BrushStyle.NoBrush)
    sheet.painter.drawPath(path)


def draw_far(sheet: Sheet, path: QPainterPath, metres_per_px: float) -> None:
    """Draw what a narrow lens or a sweep may reach: an outline over a tint, so that near sight stays the stronger."""
    sheet.painter.setPen(QPen(style.FAR_LINE, 1.2 if metres_per_px < 3.0 else 0.5))
    sheet.painter.setBrush(style.FAR_FILL)
    sheet.painter.drawPath(path)


def draw_night(sheet: Sheet, path: QPainterPath) -> None:
    """Draw what is seen at night as a dark veil with a dotted edge, over the cones by day."""
    sheet.painter.setPen(QPen(style.NIGHT_LINE, 1.2, Qt.PenStyle.DotLine))
    sheet.painter.setBrush(style.NIGHT_FILL)
    sheet.painter.drawPath(path)


def draw_symbols(painter: QPainter, overlays: Overlays, shown: Shown, box_m: Box, metres_per_px: float) -> None:
    """Draw the cameras in the box, but for the one that is drawn live."""
    sheet = Sheet(painter, (box_m[0], box_m[3]), 1.0 / metres_per_px, grown(box_m, 16 * metres_per_px))
    x0, y0, x1, y1 = sheet.box_m
    for symbol in overlays.symbols if "cameras" in shown.visible else ():
        if x0 <= symbol.x_m <= x1 and y0 <= symbol.y_m <= y1 and symbol.camera_id != shown.lifted_id:
            draw_symbol(sheet.painter, sheet.point(symbol.x_m, symbol.y_m), symbol, symbol_radius_px(metres_per_px))


def symbol_radius_px(metres_per_px: float) -> float:
    """Return how large a camera is drawn: small on a city map, easy to hit in a street."""
    return 2.6 if metres_per_px > 6.0 else 3.8 if metres_per_px > 1.5 else 6.0


def draw_symbol(painter: QPainter, at: QPointF, symbol: Symbol, radius_px: float, fill: QColor | None = None) -> None:
    """Draw a camera: a dot with a nose when its direction is recorded, a ring when it is not, a cross when it is gone."""
    painter.save()
    painter.translate(at)
    if symbol.status is Status.REMOVED:
        painter.setPen(QPen(style.REMOVED_LINE, 1.6))
        painter.drawLine(QPointF(-radius_px, -radius_px), QPointF(radius_px, radius_px))
        painter.drawLine(QPointF(-radius_px, radius_px), QPointF(radius_px, -radius_px))
        painter.restore()
        return
    body = fill or (style.PLANNED_FILL if symbol.status is Status.PLANNED else style.CAMERA_FILL)
    painter.setPen(QPen(style.CAMERA_LINE, max(radius_px / 4, 0.8)))
    painter.setBrush(body)
    if symbol.azimuth_deg is not None and radius_px > 3.0:
        painter.rotate(symbol.azimuth_deg)
        nose = QPainterPath(QPointF(0, -2.1 * radius_px))
        nose.lineTo(0.85 * radius_px, -0.5 * radius_px)
        nose.lineTo(-0.85 * radius_px, -0.5 * radius_px)
        nose.closeSubpath()
        painter.drawPath(nose)
    painter.drawEllipse(QPointF(0, 0), radius_px, radius_px)
    if symbol.azimuth_deg is None and radius_px > 3.0:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(style.CAMERA_LINE)
        painter.drawEllipse(QPointF(0, 0), radius_px * 0.42, radius_px * 0.42)
    painter.restore()
