"""All words on the map, tile by tile, none over another: streets first, then cameras, then water, parks and squares."""

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QPainter, QPainterPath, QPen
from shapely.geometry import LineString
from shapely.geometry.base import BaseGeometry

from lhasaplan.app.map import style
from lhasaplan.app.map.painter import ShownMap
from lhasaplan.app.map.style import Palette
from lhasaplan.app.map.viewport import Box
from lhasaplan.core.model.layer import Layer, Tags, is_drawn

# Names of streets, laid along them tile by tile.

STRAIGHT = 0.985  # chord over way: less than this and the letters would leave the street
TRIED = (0.5, 0.3, 0.7, 0.15, 0.85)  # where along a street its name is tried
HALO_PX = 3.0
# Width of a road in metres, and the metres a pixel up to which its name is written.
SHOWN_TO = ((11.0, 6.0), (9.0, 5.0), (8.0, 4.0), (6.0, 2.1))
LEAST_WIDTH_M = SHOWN_TO[-1][0]


@dataclass(frozen=True, slots=True)
class MapLabel:
    """A name with the place of its middle in pixels of the tile, and its slope in degrees, clockwise as painters turn."""

    text: str
    x_px: float
    y_px: float
    angle_deg: float


@dataclass(frozen=True, slots=True)
class Tile:
    """The ground of a tile, its scale, and how high a line of letters is."""

    box_m: Box
    metres_per_px: float
    height_px: float


class TakenGround:
    """Where something stands in a tile already: discs round places, and names."""

    def __init__(self, places_m: Sequence[tuple[float, float]] = (), radius_m: float = 0.0) -> None:
        self._places = shapely.STRtree(shapely.points(np.reshape(np.asarray(places_m, float), (-1, 2))))
        self._radius_m, self.names = radius_m, list[BaseGeometry]()

    def take(self, ground: BaseGeometry) -> bool:
        """Take ground for a name, unless something stands there; say whether it was free."""
        is_near = len(self._places.query(ground, predicate="dwithin", distance=self._radius_m)) > 0
        if is_near or any(ground.intersects(other) for other in self.names):
            return False
        self.names.append(ground)
        return True


class StreetNames:
    """The named streets of a city, ready to be asked tile by tile from several threads."""

    def __init__(self, roads: Layer | None) -> None:
        rows = list(_named(roads))
        self._lines = np.array([line for line, _, _ in rows], dtype=object)
        self._names = [name for _, name, _ in rows]
        self._shown_to = np.array([next(scale for least_m, scale in SHOWN_TO if width_m >= least_m) for _, _, width_m in rows])
        self._tree = shapely.STRtree(self._lines)
        self._tree.query(shapely.box(0, 0, 1, 1))  # built now, not by two threads at once

    def labels(self, tile: Tile, width_px: Callable[[str], float], taken: TakenGround | None = None) -> list[MapLabel]:
        """Return the names that have room in a tile, the larger streets first, each once and whole inside the tile.

        ``taken`` is the ground where something stands already; what the names take is added to it.
        """
        taken = taken if taken is not None else TakenGround()
        found: list[MapLabel] = []
        for name, parts in self._streets(tile.box_m, tile.metres_per_px):
            for laid, label in _tries(name, parts, width_px(name), tile):
                if taken.take(laid):
                    found.append(label)
                    break
        return found

    def _streets(self, box_m: Box, metres_per_px: float) -> Iterator[tuple[str, list[LineString]]]:
        """Yield the streets in the box by name, joined, the larger first."""
        near = np.sort(self._tree.query(shapely.box(*box_m)))
        near = near[self._shown_to[near] >= metres_per_px] if len(near) else near
        clipped = shapely.clip_by_rect(self._lines[near], *box_m) if len(near) else ()
        by_name: dict[str, list[BaseGeometry]] = {}
        for index, line in sorted(zip(near, clipped, strict=True), key=lambda one: -self._shown_to[one[0]]):
            by_name.setdefault(self._names[index], []).append(line)
        for name, lines in by_name.items():
            joined = shapely.get_parts(shapely.line_merge(shapely.union_all(lines)))
            yield name, sorted(joined, key=lambda part: -part.length)


def _named(roads: Layer | None) -> Iterator[tuple[BaseGeometry, str, float]]:
    for geometry, tags in zip(roads.geometry, roads.tags, strict=True) if roads is not None else ():
        name = street_name(tags)
        if name and geometry.geom_type in ("LineString", "MultiLineString"):
            yield geometry, name, style.ROADS[tags["highway"]].width_m


def street_name(tags: Tags) -> str:
    """Return the name of a street for vehicles or a pedestrian street; nothing for any other way.

    Paths, drives and corridors are left out: they often have the name of the place that they lie in. A way that a user drew lends
    its name to nothing.
    """
    look = style.ROADS.get(tags.get("highway", ""))
    is_street = look is not None and look.width_m >= LEAST_WIDTH_M and tags.get("indoor", "no") == "no"
    return tags.get("name", "") if is_street and not is_drawn(tags) else ""


def _tries(name: str, parts: list[LineString], width_px: float, tile: Tile) -> Iterator[tuple[BaseGeometry, MapLabel]]:
    """Yield where a name would fit: straight stretches that are long enough, whole inside the tile."""
    half_m, inside = width_px * tile.metres_per_px / 2, shapely.box(*tile.box_m)
    for part in (part for part in parts if part.length >= 2 * half_m):
        for share in TRIED:
            middle_m = min(max(share * part.length, half_m), part.length - half_m)
            start, end = part.interpolate(middle_m - half_m), part.interpolate(middle_m + half_m)
            ground = LineString([start, end]).buffer(tile.height_px * tile.metres_per_px / 2, cap_style="square")
            if start.distance(end) >= STRAIGHT * 2 * half_m and inside.contains(ground):
                yield ground, _label(name, start, end, tile)


def _label(name: str, start: shapely.Point, end: shapely.Point, tile: Tile) -> MapLabel:
    """Return the label between two points, turned so that it is never upside down."""
    left, right = sorted((start, end), key=lambda point: (point.x, point.y))
    angle_deg = -math.degrees(math.atan2(right.y - left.y, right.x - left.x))
    x_m, y_m = (left.x + right.x) / 2, (left.y + right.y) / 2
    west_m, north_m = tile.box_m[0], tile.box_m[3]
    return MapLabel(name, (x_m - west_m) / tile.metres_per_px, (north_m - y_m) / tile.metres_per_px, angle_deg)


# Ground that people know by its name. Anything that is used for more than that is left out: what it is used for may be protected.
NAMED = (("natural", "water"), ("leisure", "park"), ("place", "square"))
_USES = frozenset(
    ("amenity", "building", "healthcare", "social_facility", "office", "historic", "tourism", "landuse", "memorial", "school")
)
CAMERAS_BELOW = 0.6  # metres a pixel
BESIDE_PX = 10.0  # from the middle of a camera to its name
BESIDE_HELD_PX = 15.0  # the same of one with a ring
UPRIGHT = 0.35  # sine of the slope up to which a name stands below or above its camera, and not beside it
ROOM = 0.8  # of the width of an area its name may take


@dataclass(frozen=True, slots=True)
class LabelSpot:
    """A camera with its name, in metres."""

    x_m: float
    y_m: float
    text: str


@dataclass(frozen=True, slots=True)
class Held:
    """The camera that has handles: its name is written above them, on the side that it does not look to."""

    spot: LabelSpot
    azimuth_deg: float  # on the grid


MayName = Callable[[Tags], bool]


def nothing(_tags: Tags) -> bool:
    """Let no place be named."""
    return False


class PlaceNames:
    """Names of water, parks and squares, the largest first, ready to be asked tile by tile from several threads.

    ``may_name`` says by the tags that a place is of no protected kind and is not called as one; without it none is written.
    """

    def __init__(self, layers: Iterable[Layer | None], may_name: MayName = nothing) -> None:
        features = (pair for layer in layers if layer is not None for pair in zip(layer.geometry, layer.tags, strict=True))
        found = [(shape, tags["name"]) for shape, tags in features if is_ground(shape, tags) and may_name(tags)]
        found.sort(key=lambda each: -float(each[0].area))
        shapes = np.array([g for g, _ in found], dtype=object)
        self._names = [name for _, name in found]
        self._points = shapely.point_on_surface(shapes) if found else shapes
        bounds = shapely.bounds(shapes).reshape(-1, 4)
        self._width_m = bounds[:, 2] - bounds[:, 0]
        self._tree = shapely.STRtree(self._points)
        self._tree.query(shapely.box(0, 0, 1, 1))  # built now, not by two threads at once

    def within(self, tile: Tile) -> Iterator[tuple[float, float, str, float]]:
        """Yield place, name and width in metres of what has its middle in a tile, the largest first."""
        for index in np.sort(self._tree.query(shapely.box(*tile.box_m))):
            point = self._points[index]
            yield point.x, point.y, self._names[index], float(self._width_m[index])


def is_ground(shape: BaseGeometry, tags: Tags) -> bool:
    """Say whether the name of a feature may be written: ground that is nothing besides."""
    is_area = shapely.get_dimensions(shape) == 2 and any(tags.get(key) == value for key, value in NAMED)
    return is_area and bool(tags.get("name")) and not any(key in tags for key in _USES)


@dataclass(frozen=True, eq=False, slots=True)
class Words:
    """Everything on the map that has a name."""

    streets: StreetNames
    places: PlaceNames
    cameras: Sequence[LabelSpot] = ()
    held: Held | None = None  # its name is not written here, and no other name where it is


def draw_words(painter: QPainter, words: Words, shown: ShownMap, tile_m: Box, scale: float) -> None:
    """Write names into a tile."""
    metrics = QFontMetricsF(painter.font())
    tile = Tile(tile_m, scale, metrics.height())
    west, south, east, north = tile_m
    near = (spot for spot in words.cameras if west <= spot.x_m <= east and south <= spot.y_m <= north)
    cameras = [*near] if "cameras" in shown.visible else []
    taken = TakenGround([(spot.x_m, spot.y_m) for spot in cameras], 0.7 * BESIDE_PX * scale)
    if words.held is not None and names_cameras(shown, scale):
        taken.names.append(_ground_of(held_label(words.held, tile, metrics), tile, metrics))
    if {"names", "roads"} <= shown.visible:
        _write(painter, words.streets.labels(tile, metrics.horizontalAdvance, taken), shown, "names")
    if names_cameras(shown, scale):
        _write(painter, list(_beside(cameras, tile, metrics, taken)), shown, "camera_names")
    if {"place_names", "places"} <= shown.visible:
        _write(painter, list(_inside(words.places, tile, metrics, taken)), shown, "place_names", is_quiet=True)


def names_cameras(shown: ShownMap, metres_per_px: float) -> bool:
    """Say whether cameras have their names on a map of this scale."""
    return "camera_names" in shown.visible and metres_per_px <= CAMERAS_BELOW


def held_label(held: Held, tile: Tile, metrics: QFontMetricsF) -> MapLabel:
    """Return the name of the camera that has handles, where none of these is: all of them lie ahead of it."""
    spot, turn, scale = held.spot, math.radians(held.azimuth_deg + 180.0), tile.metres_per_px
    right, down = math.sin(turn), -math.cos(turn)
    half_w, half_h = metrics.horizontalAdvance(spot.text) / 2, metrics.height() / 2
    is_aside = abs(right) > UPRIGHT
    dx = math.copysign(BESIDE_HELD_PX + half_w, right) if is_aside else 0.0
    dy = down * (BESIDE_HELD_PX if is_aside else BESIDE_HELD_PX + half_h)
    return MapLabel(spot.text, (spot.x_m - tile.box_m[0]) / scale + dx, (tile.box_m[3] - spot.y_m) / scale + dy, 0.0)


def write_held(painter: QPainter, held: Held | None, shown: ShownMap, box_m: Box, metres_per_px: float) -> None:
    """Write the name of the camera that has handles above these."""
    if held is not None and names_cameras(shown, metres_per_px):
        metrics = QFontMetricsF(painter.font())
        _write(painter, [held_label(held, Tile(box_m, metres_per_px, metrics.height()), metrics)], shown, "camera_names")


def _ground_of(label: MapLabel, tile: Tile, metrics: QFontMetricsF) -> BaseGeometry:
    scale, half_w, half_h = tile.metres_per_px, metrics.horizontalAdvance(label.text) / 2, metrics.height() / 2
    x_m, y_m = tile.box_m[0] + label.x_px * scale, tile.box_m[3] - label.y_px * scale
    return shapely.box(x_m - half_w * scale, y_m - half_h * scale, x_m + half_w * scale, y_m + half_h * scale)


def _beside(cameras: Iterable[LabelSpot], tile: Tile, metrics: QFontMetricsF, taken: TakenGround) -> Iterator[MapLabel]:
    """Yield names of cameras at the first free side: right, left, below, above."""
    for spot in (each for each in cameras if each.text):
        half, beside = metrics.horizontalAdvance(spot.text) / 2, BESIDE_PX
        for dx, dy in ((beside + half, 0.0), (-beside - half, 0.0), (0.0, -1.6 * beside), (0.0, 1.6 * beside)):
            label = _free(spot.text, spot.x_m + dx * tile.metres_per_px, spot.y_m + dy * tile.metres_per_px, tile, metrics, taken)
            if label is not None:
                yield label
                break


def _inside(places: PlaceNames, tile: Tile, metrics: QFontMetricsF, taken: TakenGround) -> Iterator[MapLabel]:
    """Yield names of the areas that are wide enough for them."""
    for x_m, y_m, text, width_m in places.within(tile):
        if metrics.horizontalAdvance(text) * tile.metres_per_px <= ROOM * width_m:
            label = _free(text, x_m, y_m, tile, metrics, taken)
            if label is not None:
                yield label


def _free(  # noqa: PLR0917 - a text at a place, and what stands there already
    text: str, x_m: float, y_m: float, tile: Tile, metrics: QFontMetricsF, taken: TakenGround
) -> MapLabel | None:
    """Return the label if it lies whole in the tile and over no other; the ground is taken then."""
    scale = tile.metres_per_px
    label = MapLabel(text, (x_m - tile.box_m[0]) / scale, (tile.box_m[3] - y_m) / scale, 0.0)
    ground = _ground_of(label, tile, metrics)
    return label if shapely.box(*tile.box_m).contains(ground) and taken.take(ground) else None


def _write(painter: QPainter, labels: Iterable[MapLabel], shown: ShownMap, key: str, is_quiet: bool = False) -> None:
    painter.save()
    painter.setOpacity(shown.strength(key))
    if is_quiet:
        font = QFont(painter.font())
        font.setItalic(True)
        painter.setFont(font)
    for label in labels:
        write(painter, label, shown.palette)
    painter.restore()


def write(painter: QPainter, label: MapLabel, colours: Palette) -> None:
    """Write one name with an edge in the colour of the ground, so that it can be read on anything."""
    metrics, path = QFontMetricsF(painter.font()), QPainterPath()
    path.addText(QPointF(-metrics.horizontalAdvance(label.text) / 2, metrics.ascent() * 0.36), painter.font(), label.text)
    painter.save()
    painter.translate(label.x_px, label.y_px)
    painter.rotate(label.angle_deg)
    edge = QPen(colours.halo, HALO_PX, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin)
    painter.strokePath(path, edge)
    painter.fillPath(path, colours.words)
    painter.restore()
