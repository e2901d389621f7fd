"""The ground of the map: cover, roads, buildings, areas and trees, prepared of the layers and drawn into a tile."""

import math
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import TypeVar

import numpy as np
import shapely
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QPainter, QPen
from shapely.geometry.base import BaseGeometry

from lhasaplan.app.map import style
from lhasaplan.app.map.painter import PaintedSheet, ShownMap, sheet_of
from lhasaplan.app.map.rasters import Hillshade, draw_hillshade
from lhasaplan.app.map.shapes import Shapes, bounds_of
from lhasaplan.app.map.style import LIGHT, Palette
from lhasaplan.app.map.viewport import Box, grown, overlap, united
from lhasaplan.app.map.words_on_map import MayName, PlaceNames, StreetNames, nothing
from lhasaplan.core.city.coastline import sea_of, sea_of_cut
from lhasaplan.core.model.layer import COVER, COVER_LINES, Layer, Tags, is_drawn, take

Look = TypeVar("Look")
HIGHER_M = (9.0, 16.0, 28.0)  # of a building, from which it is drawn a shade darker
STOREY_M = 3.0
AROUND_M = 2_000.0  # beyond the edge of the city, where it is hatched as not surveyed
EDGE_M = 1000.0  # beyond the outermost building one still looks at the city
_PLAIN = re.compile(r"[0-9]{1,3}(?:\.[0-9]+)?").fullmatch
DISTRICT_M, QUIET = 250.0, 0.35  # how large an area is whose outline is drawn at full strength, and the strength of blocks
WALLS_BELOW, TREES_BELOW, SIGNS_BELOW = 0.6, 2.0, 4.0  # metres a pixel from which these are too small to be drawn


@dataclass(frozen=True, eq=False)
class DrawnGround:
    """Prepared shapes by look; empty for a project without layers."""

    cover: Mapping[str, Shapes] = field(default_factory=dict)
    water_lines: Mapping[tuple[str, float], Shapes] = field(default_factory=dict)
    roads: Mapping[style.RoadLook, Shapes] = field(default_factory=dict)
    names: StreetNames = field(default_factory=lambda: StreetNames(None))
    place_names: PlaceNames = field(default_factory=lambda: PlaceNames(()))
    rails: Shapes | None = None
    coasts: Shapes | None = None
    hillshade: Hillshade | None = None
    buildings: Shapes | None = None
    storeys: NDArray[np.int8] | None = None  # how high each of the buildings is, in the steps of HIGHER_M
    areas: Shapes | None = None
    floor_walls: Shapes | None = None
    not_surveyed: Shapes | None = None  # where nobody looked for cameras; None where no survey is recorded
    trees: tuple[tuple[float, float], ...] = ()
    signs: tuple[tuple[float, float], ...] = ()
    bounds: Box | None = None

    @property
    def corners(self) -> tuple[Shapes, ...]:
        """Return what a drawn shape snaps to."""
        return tuple(each for each in (self.buildings, self.areas, *self.roads.values()) if each is not None)

    def snapped(self, x_m: float, y_m: float, within_m: float) -> tuple[float, float] | None:
        """Return the corner of a building, an area or a street that is so near, else a place on a side of one; None for none."""
        found = [shapes.snapped(x_m, y_m, within_m) for shapes in self.corners]
        near = [each for each in found if each is not None]
        best = min(near, key=lambda each: (not each[2], math.hypot(each[0] - x_m, each[1] - y_m)), default=None)
        return best[:2] if best is not None else None

    def is_near(self, geometry: BaseGeometry) -> bool:
        """Say whether something lies in the city or near its edge."""
        around = self.bounds
        return around is not None and not geometry.is_empty and overlap(geometry.bounds, grown(around, EDGE_M))

    def contents(self, visible: frozenset[str], metres_per_px: float) -> frozenset[str]:
        """Return what the legend must explain of the layers that are on, at this scale."""
        shown = {
            "areas": self.areas is not None and len(self.areas) > 0,
            "surveys": self.not_surveyed is not None,
            "signs": bool(self.signs) and metres_per_px < SIGNS_BELOW,
            "floor_walls": self.floor_walls is not None and len(self.floor_walls) > 0 and metres_per_px < WALLS_BELOW,
        }
        return frozenset(key for key, is_shown in shown.items() if is_shown and key in visible)


def prepare_ground(
    layers: Mapping[str, Layer], cameras_m: Iterable[tuple[float, float]] = (), may_name: MayName = nothing
) -> DrawnGround:
    """Return the shapes of all layers; takes a second for a large city, so it runs in a worker.

    What a user drew as protected stands on no map, on screen or paper, but for a building, which looks like all others.
    """
    layers = _public(layers)
    cover, water = _cover_of(layers.get("places"))
    square_cover, _ = _cover_of(layers.get("roads"))
    roads, rails = _roads_of(layers.get("roads"))
    buildings, areas, trees = layers.get("buildings"), layers.get("areas"), layers.get("trees")
    walls = layers.get("floor_walls")
    built = Shapes(buildings.geometry) if buildings is not None else None
    bounds, coasts = ground_bounds(layers, cameras_m), _coasts_of(layers.get("places"))
    cover.setdefault("water", []).extend(sea_of(coasts, bounds) or (sea_of_cut(coasts, layers) if coasts else []))
    for colour, shapes in square_cover.items():
        cover.setdefault(colour, []).extend(shapes)
    return DrawnGround(
        cover={colour: Shapes(shapes) for colour, shapes in cover.items()},
        water_lines={look: Shapes(shapes) for look, shapes in water.items()},
        roads={look: Shapes(shapes) for look, shapes in sorted(roads.items(), key=lambda item: item[0].width_m)},
        names=StreetNames(layers.get("roads")),
        place_names=_place_names(layers, may_name),
        rails=Shapes(rails) if rails else None,
        buildings=built,
        storeys=_storeys_of(buildings, built),
        floor_walls=Shapes(walls.geometry) if walls is not None else None,
        areas=Shapes(areas.geometry) if areas is not None else None,
        trees=_points_of(trees),
        signs=_points_of(layers.get("signs")),
        bounds=bounds,
        coasts=Shapes(coasts) if coasts else None,
    )


def with_surveys(ground: DrawnGround, surveyed: BaseGeometry | None) -> DrawnGround:
    """Return ground with what lies beside that on which somebody looked for cameras; as it is where none is to be drawn."""
    if surveyed is None or ground.bounds is None:
        return ground
    west, south, east, north = ground.bounds
    around = shapely.box(west - AROUND_M, south - AROUND_M, east + AROUND_M, north + AROUND_M)
    return replace(ground, not_surveyed=Shapes([around - surveyed]))


def with_place_names(ground: DrawnGround, layers: Mapping[str, Layer], may_name: MayName) -> DrawnGround:
    """Return ground that was prepared of these layers, with the names that may be written."""
    return replace(ground, place_names=_place_names(_public(layers), may_name))


def _storeys_of(layer: Layer | None, shapes: Shapes | None) -> NDArray[np.int8] | None:
    """Return the shade of each shape by its recorded height; what nobody recorded is shaded as a low house."""
    if layer is None or shapes is None:
        return None
    height_m = np.fromiter(map(_height_m, layer.tags), float, len(layer.tags))
    shade: NDArray[np.int8] = np.digitize(height_m, HIGHER_M).astype(np.int8)[shapes.owner]
    return shade


def _height_m(tags: Tags) -> float:
    """Return a height as most are written, for the look alone; 0 where it is written otherwise or not recorded.

    >>> [_height_m(tags) for tags in ({"height": "12.5"}, {"building:levels": "4"}, {"height": "40 ft"}, {})]
    [12.5, 12.0, 0.0, 0.0]
    """
    if _PLAIN(tags.get("height", "")):
        return float(tags["height"])
    levels = tags.get("building:levels", "")
    return STOREY_M * float(levels) if _PLAIN(levels) else 0.0


def _place_names(layers: Mapping[str, Layer], may_name: MayName) -> PlaceNames:
    return PlaceNames((layers.get("places"), layers.get("roads")), may_name)


def _public(layers: Mapping[str, Layer]) -> dict[str, Layer]:
    """Return the layers without what a user drew as protected; a building of them looks like all others."""
    public = {}
    for name, layer in layers.items():
        keep = np.array([name == "buildings" or not is_drawn(tags) for tags in layer.tags], bool)
        public[name] = layer if keep.all() else take(layer, keep)
    return public


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
            colour = _look(tags, COVER)
            if colour and "building" not in tags:
                areas[colour].append(geometry)
        elif line := _look(tags, COVER_LINES):
            lines[line].append(geometry)
    return areas, lines


def _coasts_of(layer: Layer | None) -> list[BaseGeometry]:
    pairs = zip(layer.geometry, layer.tags, strict=True) if layer is not None else ()
    return [line for line, tags in pairs if tags.get("natural") == "coastline" and "Line" in line.geom_type]


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
            roads[style.BESIDE_STREET if tags.get("footway") in ("sidewalk", "crossing") else look].append(geometry)
    return roads, rails


def _look(tags: Tags, table: Mapping[tuple[str, str], Look]) -> Look | None:
    return next((table[item] for item in tags.items() if item in table), None)


def draw_ground(painter: QPainter, ground: DrawnGround, shown: ShownMap, box_m: Box, metres_per_px: float) -> None:
    """Draw what lies in the box; the painter's origin is its top left corner, a unit a pixel."""
    sheet, visible = sheet_of(painter, shown, box_m, metres_per_px, 10.0), shown.visible
    colours = shown.palette
    if "places" in visible:
        painter.setOpacity(shown.strength("places"))
        for kind, shapes in ground.cover.items():
            sheet.fill(shapes, colours.cover[kind])
        for (kind, width_m), shapes in ground.water_lines.items():
            sheet.stroke(shapes, colours.cover[kind], max(width_m * sheet.px_per_m, 1.0))
        if ground.coasts is not None:
            sheet.stroke(ground.coasts, colours.coast, 1.2)
    if "hillshade" in visible and ground.hillshade is not None:
        painter.setOpacity(shown.strength("hillshade"))
        draw_hillshade(sheet, ground.hillshade)
    if "roads" in visible:
        painter.setOpacity(shown.strength("roads"))
        _draw_roads(sheet, ground, metres_per_px)
    if "buildings" in visible and ground.buildings is not None:
        painter.setOpacity(shown.strength("buildings"))
        line = colours.building_line if metres_per_px < 1.5 else None
        _draw_buildings(sheet, ground.buildings, ground.storeys, line)
    if "floor_walls" in visible and ground.floor_walls is not None and metres_per_px < WALLS_BELOW:
        painter.setOpacity(shown.strength("floor_walls"))
        sheet.stroke(ground.floor_walls, colours.floor_line, 1.0)
    if "trees" in visible and metres_per_px < TREES_BELOW:
        painter.setOpacity(shown.strength("trees"))
        _draw_trees(sheet, ground)
    _hatch_not_surveyed(sheet, ground, shown)
    if "areas" in visible and ground.areas is not None:
        painter.setOpacity(QUIET * shown.strength("areas"))
        sheet.stroke(ground.areas, colours.area_line, 1.0, Qt.PenStyle.DashDotLine)
        painter.setOpacity(shown.strength("areas"))
        district_px = DISTRICT_M * sheet.px_per_m
        sheet.stroke(ground.areas, colours.area_line, 1.4, Qt.PenStyle.DashDotLine, smallest_px=district_px)
    if "signs" in visible and metres_per_px < SIGNS_BELOW:
        painter.setOpacity(shown.strength("signs"))
        for at in sheet.points(ground.signs):
            draw_sign(painter, at, colours)
    painter.setOpacity(1.0)


def _hatch_not_surveyed(sheet: PaintedSheet, ground: DrawnGround, shown: ShownMap) -> None:
    if "surveys" not in shown.visible or ground.not_surveyed is None:
        return
    painter = sheet.painter
    painter.setOpacity(shown.strength("surveys"))
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QBrush(shown.palette.not_mapped, Qt.BrushStyle.FDiagPattern))
    painter.drawPath(sheet.path(ground.not_surveyed))


def _draw_buildings(sheet: PaintedSheet, shapes: Shapes, storeys: NDArray[np.int8] | None, line: QColor | None) -> None:
    """Draw higher buildings a little darker, upon lower ones."""
    chosen, fills = sheet.chosen(shapes), sheet.colours.building_fills
    shade = storeys[chosen] if storeys is not None else np.zeros(len(chosen), np.int8)
    for step, colour in enumerate(fills):
        sheet.fill(shapes, colour, line, only=chosen[shade == step])


def _draw_roads(sheet: PaintedSheet, ground: DrawnGround, metres_per_px: float) -> None:
    """Draw edges first, then surfaces from small roads to large ones, so that crossings look joined."""
    shown = [(look, shapes) for look, shapes in ground.roads.items() if metres_per_px <= look.shown_below_m_px]
    width = {look: max(look.width_m * sheet.px_per_m, look.least_px) for look, _ in shown}
    for look, shapes in shown:
        if width[look] > 2.0:
            sheet.stroke(shapes, sheet.colours.road_edge, width[look] + 1.2)
    for look, shapes in shown:
        sheet.stroke(shapes, sheet.colours.roads[look.fill] if width[look] > 1.2 else sheet.colours.road_edge, width[look])
    if ground.rails is not None and metres_per_px < 12.0:
        sheet.stroke(ground.rails, sheet.colours.rail, 1.4)


def _draw_trees(sheet: PaintedSheet, ground: DrawnGround) -> None:
    radius = max(2.5 * sheet.px_per_m, 1.2)
    sheet.painter.setPen(Qt.PenStyle.NoPen)
    sheet.painter.setBrush(sheet.colours.tree_fill)
    for at in sheet.points(ground.trees):
        sheet.painter.drawEllipse(at, radius, radius)


def draw_sign(painter: QPainter, at: QPointF, colours: Palette = LIGHT) -> None:
    """Draw a sign that announces cameras: a small board with a dot."""
    half = style.SIGN_PX
    painter.setPen(QPen(colours.sign, 1.6))
    painter.setBrush(colours.casing)
    painter.drawRect(QRectF(at.x() - half, at.y() - half, 2 * half, 2 * half))
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colours.sign)
    painter.drawEllipse(at, half / 2.5, half / 2.5)
