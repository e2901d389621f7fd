"""Names of streets, laid along them tile by tile."""

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from shapely.geometry import LineString
from shapely.geometry.base import BaseGeometry

from lhasaplan.app.map import style
from lhasaplan.app.map.viewport import Box
from lhasaplan.core.model.drawn_tags import is_drawn
from lhasaplan.core.model.layer import Layer, Tags

STRAIGHT = 0.985  # chord over way: less than this and the letters would leave the street
TRIED = (0.5, 0.3, 0.7)  # where along a street its name is tried
HALO_PX = 3.0
# Width of a road in metres, and the metres a pixel up to which its name is written.
SHOWN_TO = ((11.0, 6.0), (9.0, 5.0), (8.0, 4.0), (6.0, 2.1))
LEAST_WIDTH_M = SHOWN_TO[-1][0]


@dataclass(frozen=True, slots=True)
class Label:
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
        self._shown_to = np.array([_shown_to(width_m) for _, _, width_m in rows])
        self._tree = shapely.STRtree(self._lines)
        self._tree.query(shapely.box(0, 0, 1, 1))  # built now, not by two threads at once

    def labels(self, tile: Tile, width_px: Callable[[str], float], taken: TakenGround | None = None) -> list[Label]:
        """Return the names that have room in a tile, the larger streets first, each once and whole inside the tile.

        ``taken`` is the ground where something stands already; what the names take is added to it.
        """
        taken = taken if taken is not None else TakenGround()
        found: list[Label] = []
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


def _shown_to(width_m: float) -> float:
    return next(scale for least_m, scale in SHOWN_TO if width_m >= least_m)


def _tries(name: str, parts: list[LineString], width_px: float, tile: Tile) -> Iterator[tuple[BaseGeometry, Label]]:
    """Yield where a name would fit: straight stretches that are long enough, whole inside the tile."""
    half_m, inside = width_px * tile.metres_per_px / 2, shapely.box(*tile.box_m)
    for part in (part for part in parts if part.length >= 2 * half_m):
        for share in TRIED:
            middle_m = min(max(share * part.length, half_m), part.length - half_m)
            start, end = part.interpolate(middle_m - half_m), part.interpolate(middle_m + half_m)
            ground = LineString([start, end]).buffer(tile.height_px * tile.metres_per_px / 2, cap_style="square")
            if start.distance(end) >= STRAIGHT * 2 * half_m and inside.contains(ground):
                yield ground, _label(name, start, end, tile)


def _label(name: str, start: shapely.Point, end: shapely.Point, tile: Tile) -> Label:
    """Return the label between two points, turned so that it is never upside down."""
    left, right = sorted((start, end), key=lambda point: (point.x, point.y))
    angle_deg = -math.degrees(math.atan2(right.y - left.y, right.x - left.x))
    x_m, y_m = (left.x + right.x) / 2, (left.y + right.y) / 2
    west_m, north_m = tile.box_m[0], tile.box_m[3]
    return Label(name, (x_m - west_m) / tile.metres_per_px, (north_m - y_m) / tile.metres_per_px, angle_deg)
