"""The overlays of the map: what cameras see, what they must not, gaps and overlaps; prepared once, drawn by tile."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QBrush, QColor, QPainter, QPainterPath, QPen

from lhasaplan.app.map import style
from lhasaplan.app.map.coverage import CameraShapes, blocks_of, draw_coverage, keyed_shapes
from lhasaplan.app.map.decorations import draw_plan_sign
from lhasaplan.app.map.painter import PaintedSheet, ShownMap, sheet_of
from lhasaplan.app.map.shapes import Shapes, bounds_of
from lhasaplan.app.map.sight import CurrentSight, Seen
from lhasaplan.app.map.style import LIGHT, Palette, with_alpha
from lhasaplan.app.map.viewport import Box
from lhasaplan.core.model.camera import Camera, Status
from lhasaplan.core.results.assessment import Assessment
from lhasaplan.core.results.finding import Severity

NO_NUMBERS: Mapping[str, str] = MappingProxyType({})
BEYOND = 0.5  # of the width of a line of frontage, where it is in view over roofs and walls alone


@dataclass(frozen=True, slots=True)
class Symbol:
    """How a camera is drawn: where it stands, where it looks (grid bearing, None when unknown), and what it is."""

    camera_id: str
    x_m: float
    y_m: float
    bearing_deg: float | None
    status: Status
    name: str = ""
    goes: bool = False  # it stands, and does not with the plan


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
class Overlays:
    """Prepared shapes of everything that is drawn above the ground: what cameras see, block by block, and results."""

    blocks: tuple[CameraShapes, ...] = ()
    parts: Shapes = field(default_factory=lambda: Shapes([]))
    gaps: Shapes = field(default_factory=lambda: Shapes([]))
    gaps_with_plan: Shapes = field(default_factory=lambda: Shapes([]))
    overlaps: Shapes = field(default_factory=lambda: Shapes([]))
    symbols: tuple[Symbol, ...] = ()
    of: Assessment | None = None  # the results that parts, gaps and overlaps are of

    @cached_property
    def symbol_xy(self) -> NDArray[np.float64]:
        """Return where the symbols stand, shape (S, 2)."""
        return np.array([(each.x_m, each.y_m) for each in self.symbols], dtype=float).reshape(-1, 2)

    @cached_property
    def _going(self) -> frozenset[str]:
        return frozenset({"going"} if any(symbol.goes for symbol in self.symbols) else ())

    @cached_property
    def statuses(self) -> frozenset[Status]:
        """Return which states cameras have on the map; the legend asks with each painting."""
        return frozenset(symbol.status for symbol in self.symbols)

    def symbols_in(self, box_m: Box) -> list[Symbol]:
        """Return the cameras that stand in a box."""
        x, y = self.symbol_xy.T
        inside = (x >= box_m[0]) & (x <= box_m[2]) & (y >= box_m[1]) & (y <= box_m[3])
        return [self.symbols[index] for index in np.flatnonzero(inside).tolist()]

    def views_of(self, grade: Severity | None) -> Sequence[tuple[Shapes, bool]]:
        """Return the protected views of a grade, and whether they stand at the ground that is drawn, block by block."""
        return self._views_by_grade.get(grade, ())

    @cached_property
    def _views_by_grade(self) -> Mapping[Severity | None, Sequence[tuple[Shapes, bool]]]:
        found: dict[Severity | None, list[tuple[Shapes, bool]]] = {}
        for block in self.blocks:
            for grades, is_at_ground in ((block.views, True), (block.beyond, False)):
                for grade, shapes in grades.items():
                    if len(shapes):
                        found.setdefault(grade, []).append((shapes, is_at_ground))
        return found

    def frontage_at(self, x_m: float, y_m: float, within_m: float) -> "Frontage | None":
        """Return the seen piece of protected frontage nearest to a place, the gravest of those that are as near."""
        found = list[tuple[float, int, Frontage]]()
        for rank, grade in enumerate((*reversed(Severity), None)):
            for shapes, _ in self.views_of(grade):
                nearest = shapes.nearest(x_m, y_m, within_m)
                found += [(nearest[1], rank, Frontage(grade, shapes, nearest[0]))] if nearest is not None else []
        return min(found, key=lambda one: one[:2])[2] if found else None

    def contents(self, visible: frozenset[str]) -> frozenset[str]:
        """Return what is on the map of the layers that are on: the legend explains nothing else."""
        states = self.statuses | self._going if "cameras" in visible else frozenset()
        views = self._views_drawn if "protected_views" in visible else frozenset()
        cameras = {"planned", "going"} & states | ({"cameras"} if Status.OPERATING in states else set())
        return frozenset(self._layers_drawn & visible | views | cameras)

    @cached_property
    def _layers_drawn(self) -> frozenset[str]:
        """Return the layers of which anything is there; asked, as the next, with each painting."""
        areas = ("certain", "possible", "far", "not_mapped", "night")
        layers = {key for key in areas if any(len(getattr(block, key)) for block in self.blocks)}
        layers |= {"unasked"} if any(block.has_unasked for block in self.blocks) else set()
        layers |= {"counts"} if layers & style.BY_DAY else set()
        return frozenset(layers | {key for key in ("parts", "gaps", "gaps_with_plan", "overlaps") if len(getattr(self, key))})

    @cached_property
    def _views_drawn(self) -> frozenset[str]:
        grades = {grade for block in self.blocks for grade in (*block.views, *block.beyond) if grade is not None}
        is_beyond = any(block.beyond for block in self.blocks)
        return frozenset({f"view_{grade}" for grade in grades} | ({"view_beyond"} if is_beyond else set()))


def prepare_overlays(  # noqa: PLR0917 - the cameras with all that is known of them, and what was drawn
    cameras: Iterable[Camera],
    sight: CurrentSight,
    assessment: Assessment | None,
    convergence_deg: float,
    before: Overlays | None = None,
    going: frozenset[str] = frozenset(),
    hidden: frozenset[str] = frozenset(),
    numbers: Mapping[str, str] = NO_NUMBERS,
) -> Overlays:
    """Return the shapes of cones and results, but for cameras that are hidden; runs in a worker.

    ``numbers`` are those of planned cameras as papers write them (P3), by id.

    Of those before, what did not change is used again.
    """
    old = before if before is not None else Overlays()
    results = {each.placed.camera.camera_id: each for each in assessment.cameras} if assessment is not None else {}
    if hidden:
        cameras = [camera for camera in cameras if camera.camera_id not in hidden]
        results = {key: result for key, result in results.items() if key not in hidden}
        sight = replace(sight, seen={key: seen for key, seen in sight.seen.items() if key not in hidden})
    symbols = tuple(symbol_of(one, sight.seen.get(one.camera_id), convergence_deg, numbers) for one in cameras)
    if going:
        symbols = tuple(replace(each, goes=True) if each.camera_id in going else each for each in symbols)
    drawn = Overlays(
        blocks=blocks_of(sight, results, old.blocks),
        symbols=old.symbols if symbols == old.symbols else symbols,
        of=assessment,
    )
    assert drawn.symbol_xy is not None  # made here, not in the window
    return _with_parts(drawn, assessment, old) if assessment is not None else drawn


def _with_parts(drawn: Overlays, assessment: Assessment, old: Overlays) -> Overlays:
    """Return the overlays with the shapes of parts and overlaps, those before where they are of the same answers."""
    if old.of is not None and old.of.parts is assessment.parts and old.of.overlaps is assessment.overlaps:
        return replace(drawn, parts=old.parts, gaps=old.gaps, gaps_with_plan=old.gaps_with_plan, overlaps=old.overlaps)
    parts = assessment.parts or ()
    has_plan = bool(assessment.totals.get("with_plan"))
    return replace(
        drawn,
        parts=keyed_shapes([(p.part.part_id, p.part.geometry) for p in parts]),
        gaps=keyed_shapes([(p.part.part_id, p.gap) for p in parts if p.gap is not None]),
        gaps_with_plan=keyed_shapes([(p.part.part_id, p.gap_after) for p in parts if has_plan and p.gap_after is not None]),
        overlaps=keyed_shapes([("", o.geometry) for o in assessment.overlaps or () if o.geometry is not None]),
    )


def symbol_of(camera: Camera, seen: Seen | None, convergence_deg: float, numbers: Mapping[str, str] = NO_NUMBERS) -> Symbol:
    """Return the symbol of a camera where it was placed, or where it is recorded while sight is pending."""
    bearing = None if camera.azimuth_deg is None else (camera.azimuth_deg - convergence_deg) % 360.0
    if seen is None or not seen.placed.views or camera.status is Status.REMOVED:
        return Symbol(camera.camera_id, camera.x_m, camera.y_m, bearing, camera.status, short_name(camera, numbers))
    view = seen.placed.views[0]
    return Symbol(camera.camera_id, view.x_m, view.y_m, bearing, camera.status, short_name(camera, numbers))


def short_name(camera: Camera, numbers: Mapping[str, str] = NO_NUMBERS) -> str:
    """Return what is written beside a camera: its name, its number in the plan, else its identifier unless a map's own."""
    return camera.name.strip() or numbers.get(camera.camera_id) or ("" if "/" in camera.camera_id else camera.camera_id)


def seen_bounds(seen: Seen) -> Box | None:
    """Return the box around all that is drawn of what a camera may see, unmapped ground and walls above the ground included."""
    return bounds_of([*(one.ground for one in seen.drawn), seen.not_mapped, *(one.outline() for one in seen.sightings)])


def draw_overlays(painter: QPainter, overlays: Overlays, shown: ShownMap, box_m: Box, metres_per_px: float) -> None:
    """Draw cones and results in the box."""
    sheet = sheet_of(painter, shown, box_m, metres_per_px)
    draw_coverage(sheet, shown, overlays.blocks)
    if "not_mapped" in shown.visible:
        painter.setOpacity(shown.strength("not_mapped"))
        for block in overlays.blocks:
            _paint(sheet, block.not_mapped, QBrush(shown.palette.not_mapped, Qt.BrushStyle.BDiagPattern))
    if "unasked" in shown.visible:
        painter.setOpacity(shown.strength("unasked"))
        for block in overlays.blocks:
            _paint(sheet, block.unasked, shown.palette.unasked)
    _draw_results(sheet, overlays, shown, metres_per_px)
    painter.setOpacity(1.0)


def _draw_results(sheet: PaintedSheet, overlays: Overlays, shown: ShownMap, metres_per_px: float) -> None:
    visible, painter, colours = shown.visible, sheet.painter, shown.palette
    if "overlaps" in visible:
        painter.setOpacity(shown.strength("overlaps"))
        _paint(sheet, overlays.overlaps, colours.overlap, colours.overlap_line)
    if "parts" in visible:
        painter.setOpacity(shown.strength("parts"))
        sheet.stroke(overlays.parts, colours.part, 2.0)
    if "gaps" in visible:
        painter.setOpacity(shown.strength("gaps"))
        _paint(sheet, overlays.gaps, colours.gap, colours.gap_line)
        _paint(sheet, overlays.gaps, QBrush(colours.gap_line, Qt.BrushStyle.FDiagPattern))
    if "gaps_with_plan" in visible:
        painter.setOpacity(shown.strength("gaps_with_plan"))
        sheet.stroke(overlays.gaps_with_plan, colours.gap_line, 3.0)
    if "protected_views" in visible:
        painter.setOpacity(shown.strength("protected_views"))
        _draw_views(sheet, overlays, shown.lifted_id, quiet_width_px(metres_per_px))


def _draw_views(sheet: PaintedSheet, overlays: Overlays, but: str, width_px: float) -> None:
    """Draw protected frontage in view as lines on the facades, wider the graver; that of the selected camera is drawn live."""
    for grade in (None, *Severity):
        for shapes, is_at_ground in overlays.views_of(grade):
            sheet.stroke(shapes, sheet.colours.of_grade(grade), frontage_px(width_px, grade, is_at_ground), but=but)


def frontage_px(width_px: float, grade: Severity | None, is_at_ground: bool) -> float:
    """Return how wide a line of frontage is: the graver the wider, and a hair where it is in view over roofs alone.

    >>> [frontage_px(2.0, grade, True) for grade in (Severity.NOTE, Severity.DUE, Severity.ERROR)]
    [1.6, 2.4, 3.4]
    """
    return width_px * style.GRADE_WIDTH[grade] * (1.0 if is_at_ground else BEYOND)


def quiet_width_px(metres_per_px: float) -> float:
    """Return how wide the protected views of all cameras are drawn: thin, and less on a city map."""
    return 1.6 if metres_per_px < 1.0 else 0.7 if metres_per_px < 2.5 else 0.5


def view_width_px(metres_per_px: float) -> float:
    """Return how wide a protected view of the selected camera, or under the pointer, is drawn."""
    return 2.8 if metres_per_px < 1.0 else 1.6


def _paint(sheet: PaintedSheet, shapes: Shapes, fill: QColor | QBrush, line: QColor | None = None) -> None:
    """Fill translucent areas as one, so that they do not add up where they overlap."""
    sheet.painter.setPen(QPen(line, 0.8) if line is not None else Qt.PenStyle.NoPen)
    sheet.painter.setBrush(fill)
    sheet.painter.drawPath(sheet.path(shapes))


def draw_frontage(sheet: PaintedSheet, frontage: Frontage) -> None:
    """Draw the piece under the pointer, stronger than it lies in the tiles."""
    pen = QPen(sheet.colours.of_grade(frontage.grade), 2.0 * view_width_px(1.0 / sheet.px_per_m))
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    sheet.painter.setPen(pen)
    sheet.painter.setBrush(Qt.BrushStyle.NoBrush)
    sheet.painter.drawPath(frontage.shapes.path(np.array([frontage.index]), sheet.origin_m, sheet.px_per_m))


def draw_possible(sheet: PaintedSheet, path: QPainterPath, metres_per_px: float) -> None:
    """Draw what the selected camera possibly sees near: a tint with a dashed outline."""
    dash = Qt.PenStyle.DashLine if metres_per_px < 3.0 else Qt.PenStyle.SolidLine
    sheet.painter.setPen(QPen(_line(sheet.colours), 1.2, dash))
    sheet.painter.setBrush(sheet.colours.possible)
    sheet.painter.drawPath(path)


def draw_far(sheet: PaintedSheet, path: QPainterPath, metres_per_px: float) -> None:
    """Draw what a narrow lens or a sweep of the selected camera may show: an outline over a fainter tint."""
    sheet.painter.setPen(QPen(_line(sheet.colours), 1.2 if metres_per_px < 3.0 else 0.8))
    sheet.painter.setBrush(sheet.colours.far)
    sheet.painter.drawPath(path)


def _line(colours: Palette) -> QColor:
    return with_alpha(colours.possible_edge, 220)


def draw_night(sheet: PaintedSheet, path: QPainterPath) -> None:
    """Draw what the selected camera sees at night as a dark veil with a dotted edge, over its cone by day."""
    sheet.painter.setPen(QPen(sheet.colours.ink, 1.2, Qt.PenStyle.DotLine))
    sheet.painter.setBrush(sheet.colours.night)
    sheet.painter.drawPath(path)


def draw_symbols(painter: QPainter, overlays: Overlays, shown: ShownMap, box_m: Box, metres_per_px: float) -> None:
    """Draw the cameras in the box, but for the one that is drawn live."""
    sheet = sheet_of(painter, shown, box_m, metres_per_px)
    painter.setOpacity(shown.strength("cameras"))
    for symbol in overlays.symbols_in(sheet.box_m) if "cameras" in shown.visible else ():
        if symbol.camera_id != shown.lifted_id:
            at = sheet.point(symbol.x_m, symbol.y_m)
            draw_symbol(sheet.painter, at, symbol, symbol_radius_px(metres_per_px), colours=shown.palette)


def symbol_radius_px(metres_per_px: float) -> float:
    """Return how large a camera is drawn: small on a city map, easy to hit in a street."""
    return 2.6 if metres_per_px > 6.0 else 3.8 if metres_per_px > 1.5 else 6.0


def draw_symbol(  # noqa: PLR0917 - a symbol at a place, how large, and in which colours
    painter: QPainter,
    at: QPointF,
    symbol: Symbol,
    radius_px: float,
    fill: QColor | None = None,
    colours: Palette = LIGHT,
) -> None:
    """Draw a camera: a dot with a nose when its direction is recorded, a ring when it is not, a cross when it is gone."""
    painter.save()
    painter.translate(at)
    if symbol.status is Status.REMOVED:
        painter.setPen(QPen(colours.removed, 1.6))
        painter.drawLine(QPointF(-radius_px, -radius_px), QPointF(radius_px, radius_px))
        painter.drawLine(QPointF(-radius_px, radius_px), QPointF(radius_px, -radius_px))
        painter.restore()
        return
    is_new = symbol.status is Status.PLANNED
    body = fill or (colours.planned if is_new else colours.going if symbol.goes else colours.camera)
    painter.setPen(QPen(colours.casing, max(radius_px / 4, 0.8)))
    painter.setBrush(body)
    if symbol.bearing_deg is not None and radius_px > 3.0:
        painter.rotate(symbol.bearing_deg)
        nose = QPainterPath(QPointF(0, -2.1 * radius_px))
        nose.lineTo(0.85 * radius_px, -0.5 * radius_px)
        nose.lineTo(-0.85 * radius_px, -0.5 * radius_px)
        nose.closeSubpath()
        painter.drawPath(nose)
        painter.rotate(-symbol.bearing_deg)  # the sign of the plan stands upright
    painter.drawEllipse(QPointF(0, 0), radius_px, radius_px)
    if symbol.bearing_deg is None and radius_px > 3.0:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colours.casing)
        painter.drawEllipse(QPointF(0, 0), radius_px * 0.42, radius_px * 0.42)
    if radius_px > 3.0:
        draw_plan_sign(painter, QPointF(0, 0), radius_px, "planned" if is_new else "going" if symbol.goes else "", colours)
    painter.restore()
