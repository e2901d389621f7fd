"""The ground of the map: cover, roads, buildings, areas and trees, prepared once for a project's layers."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen
from shapely.geometry.base import BaseGeometry

from lhasaplan.app.map import style
from lhasaplan.app.map.labels import StreetNames
from lhasaplan.app.map.shapes import Shapes, bounds_of
from lhasaplan.app.map.viewport import Box, grown, united
from lhasaplan.core.model.layer import Layer, Tags

Look = TypeVar("Look")
CHUNK = 400  # areas painted at a time
WALLS_BELOW, TREES_BELOW, SIGNS_BELOW = 0.6, 2.0, 4.0  # metres a pixel from which these are too small to be drawn


@dataclass(frozen=True, eq=False)
class DrawnGround:
    """Prepared shapes by look; empty for a project without layers."""

    cover: Mapping[str, Shapes] = field(default_factory=dict)
    water_lines: Mapping[tuple[str, float], Shapes] = field(default_factory=dict)
    roads: Mapping[style.RoadLook, Shapes] = field(default_factory=dict)
    names: StreetNames = field(default_factory=lambda: StreetNames(None))
    rails: Shapes | None = None
    buildings: Shapes | None = None
    areas: Shapes | None = None
    floor_walls: Shapes | None = None
    trees: tuple[tuple[float, float], ...] = ()
    signs: tuple[tuple[float, float], ...] = ()
    bounds: Box | None = None

    def contents(self, visible: frozenset[str], metres_per_px: float) -> frozenset[str]:
        """Return what the legend must explain of the layers that are on, at this scale."""
        shown = {
            "areas": self.areas is not None and len(self.areas) > 0,
            "signs": bool(self.signs) and metres_per_px < SIGNS_BELOW,
            "floor_walls": self.floor_walls is not None and len(self.floor_walls) > 0 and metres_per_px < WALLS_BELOW,
        }
        return frozenset(key for key, is_shown in shown.items() if is_shown and key in visible)


def prepare_ground(layers: Mapping[str, Layer], cameras_m: Iterable[tuple[float, float]] = ()) -> DrawnGround:
    """Return the shapes of all layers; takes a second for a large city, so it runs in a worker."""
    cover, water = _cover_of(layers.get("places"))
    square_cover, _ = _cover_of(layers.get("roads"))
    roads, rails = _roads_of(layers.get("roads"))
    buildings, areas, trees = layers.get("buildings"), layers.get("areas"), layers.get("trees")
    walls = layers.get("floor_walls")
    for colour, shapes in square_cover.items():
        cover.setdefault(colour, []).extend(shapes)
    return DrawnGround(
        cover={colour: Shapes(shapes) for colour, shapes in cover.items()},
        water_lines={look: Shapes(shapes) for look, shapes in water.items()},
        roads={look: Shapes(shapes) for look, shapes in sorted(roads.items(), key=lambda item: item[0].width_m)},
        names=StreetNames(layers.get("roads")),
        rails=Shapes(rails) if rails else None,
        buildings=Shapes(buildings.geometry) if buildings is not None else None,
        floor_walls=Shapes(walls.geometry) if walls is not None else None,
        areas=Shapes(areas.geometry) if areas is not None else None,
        trees=_points_of(trees),
        signs=_points_of(layers.get("signs")),
        bounds=ground_bounds(layers, cameras_m),
    )


def _points_of(layer: Layer | None) -> tuple[tuple[float, float], ...]:
    return tuple((g.centroid.x, g.centroid.y) for g in layer.geometry if not g.is_empty) if layer is not None else ()


def ground_bounds(layers: Mapping[str, Layer], cameras_m: Iterable[tuple[float, float]]) -> Box | None:
    """Return what to show first: buildings and cameras, or everything when there are no buildings."""
    built = layers.get("buildings")
    chosen = [built] if built is not None and len(built) else list(layers.values())
    around = bounds_of(g for layer in chosen for g in layer.geometry)
    for x, y in cameras_m:
        around = united(around, (x, y, x, y))
    return around


def _cover_of(layer: Layer | None) -> tuple[dict[str, list[BaseGeometry]], dict[tuple[str, float], list[BaseGeometry]]]:
    """Sort areas and lines by the look of their tags; what the table does not name is not drawn."""
    areas: dict[str, list[BaseGeometry]] = defaultdict(list)
    lines: dict[tuple[str, float], list[BaseGeometry]] = defaultdict(list)
    for geometry, tags in zip(layer.geometry, layer.tags, strict=True) if layer is not None else ():
        if geometry.geom_type in ("Polygon", "MultiPolygon"):
            colour = _look(tags, style.COVER)
            if colour and "building" not in tags:
                areas[colour].append(geometry)
        elif line := _look(tags, style.COVER_LINES):
            lines[line].append(geometry)
    return areas, lines


def _roads_of(layer: Layer | None) -> tuple[dict[style.RoadLook, list[BaseGeometry]], list[BaseGeometry]]:
    """Sort road lines by their look, and rails apart."""
    roads: dict[style.RoadLook, list[BaseGeometry]] = defaultdict(list)
    rails: list[BaseGeometry] = []
    for geometry, tags in zip(layer.geometry, layer.tags, strict=True) if layer is not None else ():
        if geometry.geom_type in ("Polygon", "MultiPolygon"):
            continue
        if tags.get("railway") in ("rail", "tram", "light_rail", "narrow_gauge") and tags.get("tunnel", "no") == "no":
            rails.append(geometry)
        elif look := style.ROADS.get(tags.get("highway", "")):
            roads[look].append(geometry)
    return roads, rails


def _look(tags: Tags, table: Mapping[tuple[str, str], Look]) -> Look | None:
    return next((table[item] for item in tags.items() if item in table), None)


def draw_ground(painter: QPainter, ground: DrawnGround, visible: frozenset[str], box_m: Box, metres_per_px: float) -> None:
    """Draw what lies in the box; the painter's origin is its top left corner, a unit a pixel."""
    sheet = Sheet(painter, (box_m[0], box_m[3]), 1.0 / metres_per_px, grown(box_m, 16 * metres_per_px + 10.0))
    if "places" in visible:
        for colour, shapes in ground.cover.items():
            sheet.fill(shapes, QColor(colour))
        for (colour, width_m), shapes in ground.water_lines.items():
            sheet.stroke(shapes, QColor(colour), max(width_m * sheet.px_per_m, 1.0))
    if "roads" in visible:
        _draw_roads(sheet, ground, metres_per_px)
    if "buildings" in visible and ground.buildings is not None:
        line = style.BUILDING_LINE if metres_per_px < 1.5 else None
        sheet.fill(ground.buildings, style.BUILDING_FILL, line)
    if "floor_walls" in visible and ground.floor_walls is not None and metres_per_px < WALLS_BELOW:
        sheet.stroke(ground.floor_walls, style.FLOOR_LINE, 1.0)
    if "trees" in visible and metres_per_px < TREES_BELOW:
        _draw_trees(sheet, ground)
    if "areas" in visible and ground.areas is not None:
        sheet.stroke(ground.areas, style.AREA_LINE, 1.4, Qt.PenStyle.DashDotLine)
    if "signs" in visible and metres_per_px < SIGNS_BELOW:
        for at in sheet.points(ground.signs):
            draw_sign(painter, at)


def _draw_roads(sheet: "Sheet", ground: DrawnGround, metres_per_px: float) -> None:
    """Draw edges first, then surfaces from small roads to large ones, so that crossings look joined."""
    shown = [(look, shapes) for look, shapes in ground.roads.items() if metres_per_px <= look.shown_below_m_px]
    width = {look: max(look.width_m * sheet.px_per_m, look.least_px) for look, _ in shown}
    for look, shapes in shown:
        if width[look] > 2.0:
            sheet.stroke(shapes, style.ROAD_EDGE, width[look] + 1.2)
    for look, shapes in shown:
        sheet.stroke(shapes, QColor(look.fill) if width[look] > 1.2 else style.ROAD_EDGE, width[look])
    if ground.rails is not None and metres_per_px < 12.0:
        sheet.stroke(ground.rails, style.RAIL, 1.4)


def _draw_trees(sheet: "Sheet", ground: DrawnGround) -> None:
    radius = max(2.5 * sheet.px_per_m, 1.2)
    sheet.painter.setPen(Qt.PenStyle.NoPen)
    sheet.painter.setBrush(style.TREE_FILL)
    for at in sheet.points(ground.trees):
        sheet.painter.drawEllipse(at, radius, radius)


def draw_sign(painter: QPainter, at: QPointF) -> None:
    """Draw a sign that announces cameras: a small board with a dot."""
    half = style.SIGN_PX
    painter.setPen(QPen(style.SIGN_LINE, 1.6))
    painter.setBrush(style.SIGN_FILL)
    painter.drawRect(QRectF(at.x() - half, at.y() - half, 2 * half, 2 * half))
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(style.SIGN_LINE)
    painter.drawEllipse(at, half / 2.5, half / 2.5)


class Sheet:
    """A painter with the map's place and scale: fills and strokes shapes that lie on it."""

    def __init__(self, painter: QPainter, origin_m: tuple[float, float], px_per_m: float, box_m: Box) -> None:
        self.painter, self.origin_m, self.px_per_m, self.box_m = painter, origin_m, px_per_m, box_m

    def point(self, x_m: float, y_m: float) -> QPointF:
        """Return a place in pixels."""
        return QPointF((x_m - self.origin_m[0]) * self.px_per_m, (self.origin_m[1] - y_m) * self.px_per_m)

    def points(self, places_m: Iterable[tuple[float, float]]) -> Iterator[QPointF]:
        """Yield those of the places that lie on the sheet, in pixels."""
        x0, y0, x1, y1 = self.box_m
        return (self.point(x, y) for x, y in places_m if x0 <= x <= x1 and y0 <= y <= y1)

    def chosen(self, shapes: Shapes, but: str = "", smallest_px: float = 0.5) -> NDArray[np.int64]:
        """Return the shapes on the sheet that are large enough to be noticed, without those of one object."""
        found = shapes.within(self.box_m, smallest_px / self.px_per_m)
        return found[shapes.keys[found] != but] if but else found

    def path(self, shapes: Shapes, but: str = "") -> QPainterPath:
        """Return the shapes on the sheet as one path."""
        return shapes.path(self.chosen(shapes, but), self.origin_m, self.px_per_m)

    def fill(self, shapes: Shapes, colour: QColor, line: QColor | None = None, but: str = "") -> None:
        """Fill areas, and outline them when a line colour is given.

        They are painted a few hundred at a time: Qt walks a path once for each band of the picture, so one path of 100,000
        areas takes fifteen times as long. A translucent colour must therefore be painted so that it does not add up.
        """
        self.painter.setPen(QPen(line, 0.8) if line is not None else Qt.PenStyle.NoPen)
        self.painter.setBrush(colour)
        chosen = self.chosen(shapes, but)
        for start in range(0, len(chosen), CHUNK):
            self.painter.drawPath(shapes.path(chosen[start : start + CHUNK], self.origin_m, self.px_per_m))

    def stroke(
        self,
        shapes: Shapes,
        colour: QColor,
        width_px: float,
        dash: Qt.PenStyle = Qt.PenStyle.SolidLine,
        but: str = "",
    ) -> None:
        """Draw lines, or the outlines of areas."""
        pen = QPen(colour, width_px, dash, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin)
        self.painter.setPen(pen)
        self.painter.setBrush(Qt.BrushStyle.NoBrush)
        self.painter.drawPath(self.path(shapes, but=but))
