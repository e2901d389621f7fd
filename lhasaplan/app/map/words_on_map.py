"""All words on the map, tile by tile, none over another: streets first, then cameras, then water, parks and squares."""

import math
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
from lhasaplan.app.map.viewport import Box
from lhasaplan.core.model.layer import Layer, Tags

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
class Spot:
    """A camera with its name, in metres."""

    x_m: float
    y_m: float
    text: str


@dataclass(frozen=True, slots=True)
class Held:
    """The camera that has handles: its name is written above them, on the side that it does not look to."""

    spot: Spot
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
    held: Held | None = None  # its name is not written here, and no other name where it is


def draw_words(painter: QPainter, words: Words, shown: Shown, tile_m: Box, scale: float) -> None:
    """Write names into a tile."""
    metrics = QFontMetricsF(painter.font())
    tile = Tile(tile_m, scale, metrics.height())
    cameras = [spot for spot in words.cameras if _is_near(spot, tile)] if "cameras" in shown.visible else []
    taken = TakenGround([(spot.x_m, spot.y_m) for spot in cameras], 0.7 * BESIDE_PX * scale)
    if words.held is not None and names_cameras(shown, scale):
        taken.names.append(_ground_of(held_label(words.held, tile, metrics), tile, metrics))
    if {"names", "roads"} <= shown.visible:
        _write(painter, words.streets.labels(tile, metrics.horizontalAdvance, taken), shown, "names")
    if names_cameras(shown, scale):
        _write(painter, list(_beside(cameras, tile, metrics, taken)), shown, "camera_names")
    if {"place_names", "places"} <= shown.visible:
        _write(painter, list(_inside(words.places, tile, metrics, taken)), shown, "place_names", is_quiet=True)


def names_cameras(shown: Shown, metres_per_px: float) -> bool:
    """Say whether cameras have their names on a map of this scale."""
    return "camera_names" in shown.visible and metres_per_px <= CAMERAS_BELOW


def held_label(held: Held, tile: Tile, metrics: QFontMetricsF) -> Label:
    """Return the name of the camera that has handles, where none of these is: all of them lie ahead of it."""
    spot, turn, scale = held.spot, math.radians(held.azimuth_deg + 180.0), tile.metres_per_px
    right, down = math.sin(turn), -math.cos(turn)
    half_w, half_h = metrics.horizontalAdvance(spot.text) / 2, metrics.height() / 2
    is_aside = abs(right) > UPRIGHT
    dx = math.copysign(BESIDE_HELD_PX + half_w, right) if is_aside else 0.0
    dy = down * (BESIDE_HELD_PX if is_aside else BESIDE_HELD_PX + half_h)
    return Label(spot.text, (spot.x_m - tile.box_m[0]) / scale + dx, (tile.box_m[3] - spot.y_m) / scale + dy, 0.0)


def write_held(painter: QPainter, held: Held | None, shown: Shown, box_m: Box, metres_per_px: float) -> None:
    """Write the name of the camera that has handles above these."""
    if held is not None and names_cameras(shown, metres_per_px):
        metrics = QFontMetricsF(painter.font())
        _write(painter, [held_label(held, Tile(box_m, metres_per_px, metrics.height()), metrics)], shown, "camera_names")


def _ground_of(label: Label, tile: Tile, metrics: QFontMetricsF) -> BaseGeometry:
    scale, half_w, half_h = tile.metres_per_px, metrics.horizontalAdvance(label.text) / 2, metrics.height() / 2
    x_m, y_m = tile.box_m[0] + label.x_px * scale, tile.box_m[3] - label.y_px * scale
    return shapely.box(x_m - half_w * scale, y_m - half_h * scale, x_m + half_w * scale, y_m + half_h * scale)


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
    label = Label(text, (x_m - tile.box_m[0]) / scale, (tile.box_m[3] - y_m) / scale, 0.0)
    ground = _ground_of(label, tile, metrics)
    return label if shapely.box(*tile.box_m).contains(ground) and taken.take(ground) else None


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
