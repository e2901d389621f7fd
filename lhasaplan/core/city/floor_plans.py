"""Walls inside buildings, from the layer ``floor_walls``: lines and outlines of rooms, each with its levels."""

from dataclasses import dataclass

import numpy as np
import shapely

from lhasaplan.core.base.arrays import BoolArray, FloatArray, IntArray, ObjectArray
from lhasaplan.core.model.layer import Buildings, Layer, Tags

WALL = "wall/"
MOST_LEVELS = 400  # between the ends of a range of levels
Levels = frozenset[float]


@dataclass(frozen=True, eq=False, slots=True)
class FloorPlan:
    """Straight pieces of walls, each in the building that it stands in; from floor to ceiling of their levels.

    Parameters
    ----------
    ids : shape (W,); ``wall/`` and the feature's id.
    walls_m : shape (W, 4); x1 y1 x2 y2.
    building : shape (W,); index of the building.
    levels : length W; empty where the plan does not say.
    """

    ids: ObjectArray
    walls_m: FloatArray
    building: IntArray
    levels: tuple[Levels, ...]

    def __len__(self) -> int:
        return len(self.levels)


NO_PLAN = FloorPlan(np.empty(0, object), np.empty((0, 4)), np.empty(0, np.int64), ())


def floor_plan(layer: Layer | None, buildings: Buildings) -> FloorPlan:
    """Return the walls of a layer that stand in buildings; what lies outside every footprint is no wall here.

    An outline (a room, a corridor) is a wall all around, without doors; a line is one if it is tagged ``indoor=wall``.
    """
    if layer is None or not len(layer) or not len(buildings):
        return NO_PLAN
    lines = shapely.force_2d(layer.geometry.copy())
    is_area = shapely.get_dimensions(lines) == 2
    lines[is_area] = shapely.boundary(lines[is_area])
    lines[~_is_wall(layer, is_area)] = None
    tree = shapely.STRtree(buildings.polygons)
    wall, building = tree.query(lines, predicate="intersects")
    piece, owner = _straight(shapely.intersection(lines[wall], buildings.polygons[building]))
    wall, building = wall[owner], building[owner]
    levels = tuple(levels_of(tags) for tags in layer.tags)
    names = np.array([WALL + str(layer.ids[w]) for w in wall.tolist()] + [None], object)[:-1]
    return FloorPlan(names, piece, building.astype(np.int64), tuple(levels[w] for w in wall.tolist()))


def _is_wall(layer: Layer, is_area: BoolArray) -> BoolArray:
    """Return which features are walls: outlines, lines that return to their start, and lines that say so."""
    says = np.array([tags.get("indoor") == "wall" for tags in layer.tags], bool)
    is_line = shapely.get_dimensions(layer.geometry) == 1
    return np.asarray(is_area | (is_line & (says | shapely.is_closed(layer.geometry))))


def _straight(lines: ObjectArray) -> tuple[FloatArray, IntArray]:
    """Return the straight pieces of lines, shape (S, 4), and the line that each belongs to."""
    parts, owner = _parts(lines)
    corners, part = shapely.get_coordinates(parts, return_index=True)
    joined = part[1:] == part[:-1]
    pieces = np.c_[corners[:-1], corners[1:]][joined] if len(corners) else np.empty((0, 4))
    long = np.hypot(pieces[:, 2] - pieces[:, 0], pieces[:, 3] - pieces[:, 1]) > 0.0
    return pieces[long], owner[part[:-1][joined]][long] if len(corners) else np.empty(0, np.int64)


def _parts(lines: ObjectArray) -> tuple[ObjectArray, IntArray]:
    """Return the lines of collections, points left out, and the collection that each belongs to."""
    outer, first = shapely.get_parts(lines, return_index=True)
    parts, second = shapely.get_parts(outer, return_index=True)
    is_line = shapely.get_dimensions(parts) == 1
    return parts[is_line], first[second[is_line]]


def levels_of(tags: Tags) -> Levels:
    """Return the levels of a feature; those that it repeats on too."""
    return parse_levels(tags.get("level", "")) | parse_levels(tags.get("repeat_on", ""))


def parse_levels(text: str) -> Levels:
    """Return the levels that a text lists; none where any of it cannot be read, as then nothing is known.

    >>> sorted(parse_levels("0;1.5")), sorted(parse_levels("-1-2")), sorted(parse_levels("mezzanine"))
    ([0.0, 1.5], [-1.0, 0.0, 1.0, 2.0], [])
    """
    try:
        return frozenset(level for part in text.replace(",", ";").split(";") for level in _span(part.strip()))
    except ValueError:
        return frozenset()


def _span(text: str) -> list[float]:
    """Return one level, or those from the first to the last of a range such as ``-1-2``."""
    if not text:
        return []
    dash = text.find("-", 1)
    if dash < 0:
        return [_level(text)]
    first, last = _level(text[:dash]), _level(text[dash + 1 :])
    if not 0.0 <= last - first <= MOST_LEVELS:
        raise ValueError(text)
    return [*np.arange(first, last, 1.0).tolist(), last]


def _level(text: str) -> float:
    level = float(text)
    if not np.isfinite(level):
        raise ValueError(text)
    return level
