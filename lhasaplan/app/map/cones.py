"""The overlays of the map: what cameras see, what they must not, gaps and overlaps; prepared once, drawn by tile."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

import numpy as np
import shapely
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QBrush, QColor, QPainter, QPainterPath, QPen
from shapely.geometry.base import BaseGeometry

from lhasaplan.app.map import style
from lhasaplan.app.map.coverage import Cone, Fields, draw_coverage
from lhasaplan.app.map.palette import Palette, with_alpha
from lhasaplan.app.map.shapes import Shapes, bounds_of
from lhasaplan.app.map.sheet_painter import Sheet, sheet_of
from lhasaplan.app.map.shown import Shown
from lhasaplan.app.map.sight import CurrentSight, Seen
from lhasaplan.app.map.viewport import Box
from lhasaplan.core.coverage.drawn_fields import Reach, drawn_ground, split_frontage
from lhasaplan.core.model.camera import Camera, Status
from lhasaplan.core.results.assessment import Assessment
from lhasaplan.core.results.finding import Severity

TARGET_M, MOST_M = 1.5, 12.0  # height of what is looked at; of a lens of no recorded height, at the most
Keyed = list[tuple[str, BaseGeometry]]


@dataclass(frozen=True, slots=True)
class Symbol:
    """How a camera is drawn: where it stands, where it looks (grid bearing, None when unknown), and what it is."""

    camera_id: str
    x_m: float
    y_m: float
    azimuth_deg: float | None
    status: Status
    name: str = ""


@dataclass(frozen=True, eq=False, slots=True)
class Frontage:
    """One piece of protected frontage in view: its grade, and where it is among the shapes."""

    grade: Severity | None
    shapes: Shapes
    index: int

    def is_same(self, other: "Frontage | None") -> bool:
        """Say whether this is the same piece."""
        return other is not None and (self.shapes, self.index) == (other.shapes, other.index)


@dataclass(frozen=True, eq=False)
class Overlays(Fields):
    """Prepared shapes of everything that is drawn above the ground: fields of cameras and results."""

    views: dict[Severity | None, Shapes] = field(default_factory=dict)
    beyond: dict[Severity | None, Shapes] = field(default_factory=dict)  # seen above the ground only, beyond all that is drawn
    unasked: Shapes = field(default_factory=lambda: Shapes([]))
    parts: Shapes = field(default_factory=lambda: Shapes([]))
    gaps: Shapes = field(default_factory=lambda: Shapes([]))
    overlaps: Shapes = field(default_factory=lambda: Shapes([]))
    symbols: tuple[Symbol, ...] = ()

    def frontage_at(self, x_m: float, y_m: float, within_m: float) -> "Frontage | None":
        """Return the seen piece of protected frontage nearest to a place, the gravest of those that are as near."""
        at, found = shapely.Point(x_m, y_m), list[tuple[float, int, Frontage]]()
        for rank, grade in enumerate((*reversed(Severity), None)):
            for shapes in (self.views.get(grade), self.beyond.get(grade)):
                if shapes is not None and len(shapes):
                    index, away = shapes.tree.query_nearest(at, max_distance=within_m, return_distance=True, all_matches=False)
                    found += [(float(m), rank, Frontage(grade, shapes, int(i))) for i, m in zip(index, away, strict=True)]
        return min(found, key=lambda one: one[:2])[2] if found else None

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
    cones: list[Cone] = []
    for camera_id, seen in sight.seen.items():
        for one in seen.drawn:
            fields[one.reach].append((camera_id, one.ground))
            if one.reach is Reach.CERTAIN:
                cones.append(cone_of(seen))
    drawn = Overlays(
        certain=_shapes(fields[Reach.CERTAIN]),
        cones=tuple(cones),
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
        return Symbol(camera.camera_id, camera.x_m, camera.y_m, bearing, camera.status, short_name(camera))
    view = seen.placed.views[0]
    return Symbol(camera.camera_id, view.x_m, view.y_m, bearing, camera.status, short_name(camera))


def short_name(camera: Camera) -> str:
    """Return what is written beside a camera: its name, else the end of its identifier."""
    return camera.name.strip() or camera.camera_id.rsplit("/", 1)[-1]


def seen_bounds(seen: Seen) -> Box | None:
    """Return the box around everything that a camera may see, protected frontage above the ground included."""
    return bounds_of([*(one.ground for one in seen.drawn), *(one.geometry for one in seen.sightings)])


def cone_of(seen: Seen) -> Cone:
    """Return how the shade of a certain camera is made: its height above its own ground stands for that above all it sees."""
    view, height_m = seen.placed.views[0], seen.placed.camera.mount_height_m
    return Cone(view, max((min(view.lens_z_m, MOST_M) if height_m is None else height_m) - TARGET_M, 0.0))


def draw_overlays(painter: QPainter, overlays: Overlays, shown: Shown, box_m: Box, metres_per_px: float) -> None:
    """Draw cones and results in the box."""
    sheet = sheet_of(painter, shown, box_m, metres_per_px)
    draw_coverage(sheet, shown, overlays)
    if "unasked" in shown.visible:
        painter.setOpacity(shown.strength("unasked"))
        _paint(sheet, overlays.unasked, shown.palette.unasked)
    _draw_results(sheet, overlays, shown, metres_per_px)
    painter.setOpacity(1.0)


def _draw_results(sheet: Sheet, overlays: Overlays, shown: Shown, metres_per_px: float) -> None:
    visible, painter = shown.visible, sheet.painter
    if "overlaps" in visible:
        painter.setOpacity(shown.strength("overlaps"))
        _paint(sheet, overlays.overlaps, shown.palette.overlap, style.OVERLAP_LINE)
    if "parts" in visible:
        painter.setOpacity(shown.strength("parts"))
        sheet.stroke(overlays.parts, style.PART_LINE, 2.0)
    if "gaps" in visible:
        painter.setOpacity(shown.strength("gaps"))
        _paint(sheet, overlays.gaps, shown.palette.gap, style.GAP_LINE)
        _paint(sheet, overlays.gaps, QBrush(style.GAP_LINE, Qt.BrushStyle.FDiagPattern))
    if "protected_views" in visible:
        painter.setOpacity(shown.strength("protected_views"))
        _draw_views(sheet, overlays, shown.lifted_id, quiet_width_px(metres_per_px))


def _draw_views(sheet: Sheet, overlays: Overlays, but: str, width_px: float) -> None:
    """Draw protected frontage in view, thin; that of the selected camera is drawn live."""
    for grade in (None, *Severity):
        if grade in overlays.views:
            sheet.stroke(overlays.views[grade], style.GRADES[grade], width_px, but=but)
        if grade in overlays.beyond:
            sheet.stroke(overlays.beyond[grade], style.GRADES[grade], width_px / 2, Qt.PenStyle.DotLine, but=but)


def quiet_width_px(metres_per_px: float) -> float:
    """Return how wide the protected views of all cameras are drawn: thin, and less on a city map."""
    return 1.5 if metres_per_px < 1.0 else 1.0 if metres_per_px < 2.5 else 0.7


def view_width_px(metres_per_px: float) -> float:
    """Return how wide a protected view of the selected camera, or under the pointer, is drawn."""
    return 2.8 if metres_per_px < 1.0 else 1.6


def _paint(sheet: Sheet, shapes: Shapes, fill: QColor | QBrush, line: QColor | None = None) -> None:
    """Fill translucent areas as one, so that they do not add up where they overlap."""
    sheet.painter.setPen(QPen(line, 0.8) if line is not None else Qt.PenStyle.NoPen)
    sheet.painter.setBrush(fill)
    sheet.painter.drawPath(sheet.path(shapes))


def draw_frontage(painter: QPainter, frontage: Frontage, origin_m: tuple[float, float], metres_per_px: float) -> None:
    """Draw the piece under the pointer, stronger than it lies in the tiles."""
    path = frontage.shapes.path(np.array([frontage.index]), origin_m, 1.0 / metres_per_px)
    pen = QPen(style.GRADES[frontage.grade], 2.0 * view_width_px(metres_per_px))
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    painter.setPen(pen)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawPath(path)


def draw_possible(sheet: Sheet, path: QPainterPath, metres_per_px: float) -> None:
    """Draw what the selected camera possibly sees near: a tint with a dashed outline."""
    dash = Qt.PenStyle.DashLine if metres_per_px < 3.0 else Qt.PenStyle.SolidLine
    sheet.painter.setPen(QPen(_line(sheet.colours), 1.2, dash))
    sheet.painter.setBrush(sheet.colours.possible)
    sheet.painter.drawPath(path)


def draw_far(sheet: Sheet, path: QPainterPath, metres_per_px: float) -> None:
    """Draw what a narrow lens or a sweep of the selected camera may show: an outline over a fainter tint."""
    sheet.painter.setPen(QPen(_line(sheet.colours), 1.2 if metres_per_px < 3.0 else 0.8))
    sheet.painter.setBrush(sheet.colours.far)
    sheet.painter.drawPath(path)


def _line(colours: Palette) -> QColor:
    return with_alpha(colours.possible_edge, 220)


def draw_night(sheet: Sheet, path: QPainterPath) -> None:
    """Draw what the selected camera sees at night as a dark veil with a dotted edge, over its cone by day."""
    sheet.painter.setPen(QPen(sheet.colours.ink, 1.2, Qt.PenStyle.DotLine))
    sheet.painter.setBrush(sheet.colours.night)
    sheet.painter.drawPath(path)


def draw_symbols(painter: QPainter, overlays: Overlays, shown: Shown, box_m: Box, metres_per_px: float) -> None:
    """Draw the cameras in the box, but for the one that is drawn live."""
    sheet = sheet_of(painter, shown, box_m, metres_per_px)
    painter.setOpacity(shown.strength("cameras"))
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
