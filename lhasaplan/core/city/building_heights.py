"""Buildings from what the data say: heights by storeys or kind, each with where it came from, and walls inside them."""

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np
import shapely

from lhasaplan.core.base.arrays import BoolArray, FloatArray, IntArray, ObjectArray
from lhasaplan.core.base.geometry_repair import untangled
from lhasaplan.core.model.layer import Buildings, Layer, Tags
from lhasaplan.errors import Fault, Where

# Walls inside buildings, from the layer ``floor_walls``: lines and outlines of rooms, each with its levels.

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
    says = np.array([tags.get("indoor") == "wall" for tags in layer.tags], bool)
    is_line = shapely.get_dimensions(layer.geometry) == 1
    # Walls are outlines, lines that return to their start, and lines that say so.
    lines[~(is_area | (is_line & (says | shapely.is_closed(layer.geometry))))] = None
    tree = shapely.STRtree(buildings.polygons)
    wall, building = tree.query(lines, predicate="intersects")
    piece, owner = _straight(shapely.intersection(lines[wall], buildings.polygons[building]))
    wall, building = wall[owner], building[owner]
    levels = [parse_levels(tags.get("level", "")) | parse_levels(tags.get("repeat_on", "")) for tags in layer.tags]
    names = np.array([WALL + str(layer.ids[w]) for w in wall.tolist()] + [None], object)[:-1]
    return FloorPlan(names, piece, building.astype(np.int64), tuple(levels[w] for w in wall.tolist()))


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


# Building heights from what the data say: a height, storeys, or a default by kind; each keeps where it came from.

FEET_M = 0.3048
_SLIVER_M2 = 0.01  # less than a hand's breadth: a drawing error, often a flat ring bent by the projection
_METRES = re.compile(r"^\+?(\d+(?:[.,]\d+)?)\s*(?:m|metres?|meters?|mètres?|米)?\.?$", re.IGNORECASE)
_FEET = re.compile(r"^(\d+(?:[.,]\d+)?)\s*(?:ft|feet|foot|')\s*(?:(\d+(?:[.,]\d+)?)\s*(?:in|inch(?:es)?|\"|''))?$", re.IGNORECASE)
_PLAIN = re.compile(r"[0-9]{1,4}(?:\.[0-9]+)?").fullmatch
_BASES = frozenset({"min_height", "building:min_level"})
RISE_TAGS = (  # every tag that ``rise_of`` reads
    "building",
    "height",
    "source:height",
    "building:levels",
    "roof:height",
    "roof:levels",
    "min_height",
    "building:min_level",
)
_POLYGONAL = (3, 6)  # shapely type ids of Polygon and MultiPolygon


@dataclass(frozen=True, slots=True)
class HeightRules:
    """How heights are read (``layers/specs/buildings.toml``).

    Parameters
    ----------
    default_m : height by value of the tag ``building``; ``other_m`` for every other value.
    roof_kinds : values of ``building`` that stand on posts: their base is ``roof_thickness_m`` under their top.
    underground : tag conditions as (key, value); such a building blocks nothing and is left out.
    """

    storey_m: float = 3.0
    roof_level_m: float = 2.5
    highest_m: float = 600.0
    other_m: float = 8.0
    roof_thickness_m: float = 0.3
    default_m: Mapping[str, float] = field(default_factory=dict)
    roof_kinds: frozenset[str] = frozenset()
    underground: frozenset[tuple[str, str]] = frozenset()


# What data may not say: that a house stands on posts, lies under ground or is as low as a kerb. Views of it would vanish.
ON_POSTS = frozenset({"roof", "carport", "canopy", "gazebo", "pergola", "sunshade"})
UNDER_GROUND = frozenset({("location", "underground"), *(("layer", f"-{level}") for level in (2, 3, 4, 5))})
LOWEST_M = 2.0
NO_BUILDING = frozenset({"no", "demolished", "razed", "collapsed", "destroyed", "proposed"})


def is_building(tags: Tags) -> bool:
    """Say whether tags tell of a building that stands, whatever its use."""
    return bool(tags.get("building")) and tags["building"] not in NO_BUILDING


def loosened(rules: HeightRules) -> tuple[tuple[str, str], ...]:
    """Return the entries, and their values, by which buildings would vanish from the ground."""
    heights = {"other_m": rules.other_m, "storey_m": rules.storey_m, **rules.default_m}
    posts = (("roof_kinds", kind) for kind in sorted(rules.roof_kinds - ON_POSTS))
    below = (("underground", "=".join(pair)) for pair in sorted(rules.underground - UNDER_GROUND))
    return (*posts, *below, *((key, f"{m:g}") for key, m in sorted(heights.items()) if not m >= LOWEST_M))


@dataclass(frozen=True, slots=True)
class Rise:
    """Base and top of one building above its ground, the source of the top, and what could not be read."""

    base_m: float
    top_m: float
    source: str
    remarks: tuple[tuple[str, str], ...] = ()  # (tag key, value)


def buildings_from(layer: Layer, rules: HeightRules) -> Buildings:
    """Return the footprints of a layer as prisms.

    Outlines that cross themselves are made valid and keep their holes; what has no area, or lies under ground, is left out.
    """
    polygons = polygonal(layer.geometry)
    is_ground = has_ground(polygons)
    is_open = [rules.underground.isdisjoint(tags.items()) for tags in layer.tags]
    keep = np.flatnonzero(is_ground & np.array(is_open, bool)).tolist()
    rises = _rises([layer.tags[i] for i in keep], rules)
    return Buildings(
        ids=layer.ids[keep],
        polygons=polygons[keep],
        base_m=np.array([rise.base_m for rise in rises], float),
        top_m=np.array([rise.top_m for rise in rises], float),
        height_source=np.array([rise.source for rise in rises], object),
        tags=tuple(layer.tags[i] for i in keep),
    )


def _rises(tags: Sequence[Tags], rules: HeightRules) -> list[Rise]:
    """Return base and top of each building; a city says the same few heights of many thousands."""
    known: dict[tuple[str | None, ...], Rise] = {}
    found = []
    for its in tags:
        reported = tuple([its.get(key) for key in RISE_TAGS])
        rise = known.get(reported)
        if rise is None:
            rise = known[reported] = rise_of(its, rules)
        found.append(rise)
    return found


def remarks_on_buildings(layer: Layer, rules: HeightRules, file: str = "") -> tuple[Fault, ...]:
    """Return a remark for each footprint without ground and for each height that makes no sense; shapes are polygonal."""
    is_ground = has_ground(layer.geometry)
    flat = [Fault("this footprint has no area and was left out", Where(file, item=str(each))) for each in layer.ids[~is_ground]]
    text = "{key} = {value} is not a plausible height; the next best source is used"
    nonsense = [
        Fault(text, Where(file, item=str(layer.ids[row])), {"key": key, "value": value})
        for row, tags in enumerate(layer.tags)
        if not _is_plain(tags, rules.highest_m) and is_ground[row]
        for key, value in rise_of(tags, rules).remarks
    ]
    return (*flat, *nonsense)


def _is_plain(tags: Tags, highest_m: float) -> bool:
    """Say whether a building has a height as most are written, in digits alone, and no base: nothing is remarked of those."""
    height = tags.get("height", "")
    return _PLAIN(height) is not None and 0.0 < float(height) <= highest_m and _BASES.isdisjoint(tags)


def has_ground(polygons: ObjectArray) -> BoolArray:
    """Say which polygons cover any ground worth the name."""
    return np.asarray(shapely.area(polygons) > _SLIVER_M2)


def polygonal(geometry: ObjectArray, is_valid: BoolArray | None = None) -> ObjectArray:
    """Return the valid polygonal part of each geometry; an empty polygon where there is none.

    ``is_valid`` says which are valid, where that is known: of a city it takes long to find out.
    """
    valid = geometry.copy()
    broken = np.flatnonzero(~(shapely.is_valid(valid) if is_valid is None else is_valid) & ~shapely.is_missing(valid))
    valid[broken] = np.array([*(_mended(shape) for shape in valid[broken]), None], object)[:-1]
    other = ~np.isin(shapely.get_type_id(valid), _POLYGONAL)
    valid[other] = np.array([_polygons_of(shape) for shape in valid[other]], object)
    return valid


def _mended(shape: shapely.Geometry) -> shapely.Geometry:
    return untangled(shape) if shapely.get_type_id(shape) in _POLYGONAL else shapely.make_valid(shape)


def _polygons_of(shape: shapely.Geometry | None) -> shapely.Geometry:
    if shape is None:
        return shapely.Polygon()
    parts = shapely.get_parts(shapely.get_parts(shape))
    parts = parts[np.isin(shapely.get_type_id(parts), _POLYGONAL)]
    return shapely.union_all(parts) if len(parts) else shapely.Polygon()


def rise_of(tags: Tags, rules: HeightRules) -> Rise:
    """Return base and top of a building from its tags.

    A recorded ``height`` wins over ``building:levels``, which wins over the default of the kind. The base is ``min_height``,
    else ``building:min_level``; a roof on posts has its base just under its top.
    """
    remarks: list[tuple[str, str]] = []
    top_m, source = _top(tags, rules, remarks)
    if tags.get("building") in rules.roof_kinds:
        return Rise(max(0.0, top_m - rules.roof_thickness_m), top_m, source, tuple(remarks))
    return Rise(_base(tags, rules, top_m, remarks), top_m, source, tuple(remarks))


def _top(tags: Tags, rules: HeightRules, remarks: list[tuple[str, str]]) -> tuple[float, str]:
    if "height" in tags:
        height_m = parse_length_m(tags["height"])
        if height_m is not None and 0.0 < height_m <= rules.highest_m:
            return height_m, "table" if tags.get("source:height") == "table" else "height"
        remarks.append(("height", tags["height"]))
    if "building:levels" in tags:
        levels = parse_number(tags["building:levels"])
        if levels is not None and 0.0 < levels * rules.storey_m <= rules.highest_m:
            return levels * rules.storey_m + roof_height_m(tags, rules), "levels"
        remarks.append(("building:levels", tags["building:levels"]))
    return rules.default_m.get(tags.get("building", ""), rules.other_m), "default"


def roof_height_m(tags: Tags, rules: HeightRules) -> float:
    """Return the recorded height of a roof above its eaves; 0 where none is recorded."""
    height_m = parse_length_m(tags.get("roof:height", ""))
    if height_m is not None and height_m <= rules.highest_m:
        return height_m
    levels = parse_number(tags.get("roof:levels", ""))
    return levels * rules.roof_level_m if levels is not None and levels <= 10 else 0.0


def _base(tags: Tags, rules: HeightRules, top_m: float, remarks: list[tuple[str, str]]) -> float:
    key = next((key for key in ("min_height", "building:min_level") if key in tags), None)
    if key is None:
        return 0.0
    base = parse_length_m(tags[key]) if key == "min_height" else parse_number(tags[key])
    base_m = None if base is None else base if key == "min_height" else base * rules.storey_m
    if base_m is not None and base_m < top_m:
        return base_m
    remarks.append((key, tags[key]))
    return 0.0


@lru_cache(maxsize=4096)  # a city says "12" and "2 m" many thousand times
def parse_number(text: str) -> float | None:
    """Return a number of 0 or more written with point or comma, or None.

    >>> parse_number("2,5"), parse_number("two")
    (2.5, None)
    """
    try:
        value = float(text.strip().replace(",", "."))
    except ValueError:
        return None
    return value if math.isfinite(value) and value >= 0.0 else None


@lru_cache(maxsize=4096)
def parse_length_m(text: str) -> float | None:
    """Return a length in metres: ``12.5``, ``12,5``, ``12 m``, ``40 ft`` or ``7'4"``; None for anything else.

    >>> parse_length_m("40 ft")
    12.192
    """
    text = text.strip()
    if found := _METRES.match(text):
        return parse_number(found[1])
    if found := _FEET.match(text):
        feet, inches = parse_number(found[1]) or 0.0, parse_number(found[2] or "0") or 0.0
        return round((feet + inches / 12.0) * FEET_M, 6)
    return None
