"""All words on the map, tile by tile, none over another: streets first, then cameras, then water, parks and squares."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QPainter, QPainterPath, QPen
from shapely.geometry.base import BaseGeometry

from lhasaplan.app.map.labels import HALO_PX, Label, StreetNames, TakenGround, Tile
from lhasaplan.app.map.palette import Palette
from lhasaplan.app.map.shown import Shown
from lhasaplan.core.model.layer import Layer, Tags

# Ground that people know by its name. Anything that is used for more than that is left out: what it is used for may be protected.
NAMED = (("natural", "water"), ("leisure", "park"), ("place", "square"))
_USES = frozenset(
    ("amenity", "building", "healthcare", "social_facility", "office", "historic", "tourism", "landuse", "memorial", "school")
)
CAMERAS_BELOW = 0.6  # metres a pixel
BESIDE_PX = 10.0  # from the middle of a camera to its name
ROOM = 0.8  # of the width of an area its name may take


@dataclass(frozen=True, slots=True)
class Spot:
    """A camera with its name, in metres."""

    x_m: float
    y_m: float
    text: str


MayName = Callable[[Tags], bool]


def nothing(_tags: Tags) -> bool:
    """Let no place be named."""
    return False


class PlaceNames:
    """Names of water, parks and squares, the largest first, ready to be asked tile by tile from several threads.

    ``may_name`` says by the tags that a place is of no protected kind and is not called as one; without it none is written.
    """

    def __init__(self, layers: Iterable[Layer | None], may_name: MayName = nothing) -> None:
        grounds = ((g, tags) for layer in layers if layer is not None for g, tags in _features(layer) if is_ground(g, tags))
        found = [(g, tags["name"]) for g, tags in grounds if may_name(tags)]
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


def _features(layer: Layer) -> Iterator[tuple[BaseGeometry, Tags]]:
    return zip(layer.geometry, layer.tags, strict=True)


@dataclass(frozen=True, eq=False, slots=True)
class Words:
    """Everything on the map that has a name."""

    streets: StreetNames
    places: PlaceNames
    cameras: Sequence[Spot] = ()


def draw_words(painter: QPainter, words: Words, shown: Shown, tile_m: tuple[float, float, float, float], scale: float) -> None:
    """Write names into a tile."""
    metrics = QFontMetricsF(painter.font())
    tile = Tile(tile_m, scale, metrics.height())
    cameras = [spot for spot in words.cameras if _is_near(spot, tile)] if "cameras" in shown.visible else []
    taken = TakenGround([(spot.x_m, spot.y_m) for spot in cameras], 0.7 * BESIDE_PX * scale)
    if {"names", "roads"} <= shown.visible:
        _write(painter, words.streets.labels(tile, metrics.horizontalAdvance, taken), shown, "names")
    if "camera_names" in shown.visible and scale <= CAMERAS_BELOW:
        _write(painter, list(_beside(cameras, tile, metrics, taken)), shown, "camera_names")
    if {"place_names", "places"} <= shown.visible:
        _write(painter, list(_inside(words.places, tile, metrics, taken)), shown, "place_names", is_quiet=True)


def _is_near(spot: Spot, tile: Tile) -> bool:
    west, south, east, north = tile.box_m
    return west <= spot.x_m <= east and south <= spot.y_m <= north


def _beside(cameras: Iterable[Spot], tile: Tile, metrics: QFontMetricsF, taken: TakenGround) -> Iterator[Label]:
    """Yield names of cameras at the first free side: right, left, below, above."""
    for spot in (each for each in cameras if each.text):
        half, beside = metrics.horizontalAdvance(spot.text) / 2, BESIDE_PX
        for dx, dy in ((beside + half, 0.0), (-beside - half, 0.0), (0.0, -1.6 * beside), (0.0, 1.6 * beside)):
            label = _free(spot.text, spot.x_m + dx * tile.metres_per_px, spot.y_m + dy * tile.metres_per_px, tile, metrics, taken)
            if label is not None:
                yield label
                break


def _inside(places: PlaceNames, tile: Tile, metrics: QFontMetricsF, taken: TakenGround) -> Iterator[Label]:
    """Yield names of the areas that are wide enough for them."""
    for x_m, y_m, text, width_m in places.within(tile):
        if metrics.horizontalAdvance(text) * tile.metres_per_px <= ROOM * width_m:
            label = _free(text, x_m, y_m, tile, metrics, taken)
            if label is not None:
                yield label


def _free(  # noqa: PLR0917 - a text at a place, and what stands there already
    text: str, x_m: float, y_m: float, tile: Tile, metrics: QFontMetricsF, taken: TakenGround
) -> Label | None:
    """Return the label if it lies whole in the tile and over no other; the ground is taken then."""
    scale = tile.metres_per_px
    half_w, half_h = metrics.horizontalAdvance(text) * scale / 2, metrics.height() * scale / 2
    ground = shapely.box(x_m - half_w, y_m - half_h, x_m + half_w, y_m + half_h)
    if not shapely.box(*tile.box_m).contains(ground) or not taken.take(ground):
        return None
    return Label(text, (x_m - tile.box_m[0]) / scale, (tile.box_m[3] - y_m) / scale, 0.0)


def _write(painter: QPainter, labels: Iterable[Label], shown: Shown, key: str, is_quiet: bool = False) -> None:
    painter.save()
    painter.setOpacity(shown.strength(key))
    if is_quiet:
        font = QFont(painter.font())
        font.setItalic(True)
        painter.setFont(font)
    for label in labels:
        write(painter, label, shown.palette)
    painter.restore()


def write(painter: QPainter, label: Label, colours: Palette) -> None:
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
