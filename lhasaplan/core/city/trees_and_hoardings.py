"""Tree crowns, woods and hoardings as prisms with base and top, in leaf and without leaves.

They hide when coverage is judged, never a protected place: no tree and no hoarding is a mask.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from lhasaplan.core.base.arrays import BoolArray, FloatArray, ObjectArray
from lhasaplan.core.city.building_heights import parse_length_m, parse_number
from lhasaplan.core.model.layer import Buildings, Layer, Tags

CROWN_QUARTER = 3  # sides of a crown in a quarter circle
PIECE_M = 20.0  # woods on a slope stand on it piece by piece
PREFIX = {"tree": "tree/", "hoarding": "hoarding/"}


class Season(StrEnum):
    """When trees are looked at."""

    IN_LEAF = "in_leaf"
    LEAFLESS = "leafless"


@dataclass(frozen=True, slots=True)
class Leafless:
    """Trees whose tag ``key`` has one of the values keep this share of what their leaves hide."""

    key: str
    values: frozenset[str]
    share: float


@dataclass(frozen=True, slots=True)
class ScreenRules:
    """What is assumed of trees and hoardings where a source is silent (``layers/specs/trees.toml``).

    Parameters
    ----------
    crown_base_share, crown_base_m : a crown begins at this share of its tree's height, and no lower than this.
    leafless : the first entry that fits a tree counts; ``leafless_share`` for all others.
    hides_from : what lets through more than this share does not hide.
    clearing_m : a wood has no trees this near to a camera.
    """

    tree_height_m: float = 8.0
    crown_m: float = 5.0
    crown_base_share: float = 0.3
    crown_base_m: float = 2.0
    row_crown_m: float = 4.0
    wood_height_m: float = 12.0
    wood_base_m: float = 0.0
    hoarding_top_m: float = 4.0
    hoarding_width_m: float = 4.0
    hoarding_thickness_m: float = 0.2
    highest_m: float = 100.0
    leafless: tuple[Leafless, ...] = ()
    leafless_share: float = 0.3
    hides_from: float = 0.5
    clearing_m: float = 5.0


@dataclass(frozen=True, eq=False, slots=True)
class Screens:
    """Trees and hoardings as prisms; heights above the ground.

    Parameters
    ----------
    ids : ``tree/`` or ``hoarding/`` and the feature's id; pieces of a wood share it.
    leafless_share : shape (n,); 1 for what hides all year.
    """

    ids: ObjectArray
    polygons: ObjectArray
    base_m: FloatArray
    top_m: FloatArray
    leafless_share: FloatArray

    def __len__(self) -> int:
        return len(self.ids)

    def where(self, keep: BoolArray) -> "Screens":
        """Return those that are kept."""
        heights = self.base_m[keep], self.top_m[keep]
        return Screens(self.ids[keep], self.polygons[keep], *heights, self.leafless_share[keep])

    def hiding(self, season: Season, rules: ScreenRules) -> "Screens":
        """Return those that hide in a season."""
        share = np.ones(len(self)) if season is Season.IN_LEAF else self.leafless_share
        return self.where(share >= rules.hides_from)


@dataclass(frozen=True, slots=True)
class _Screen:
    """One prism before it becomes a row."""

    name: str
    shape: BaseGeometry
    base_m: float
    top_m: float
    leafless_share: float

    def cut_to(self, within: BaseGeometry | None) -> "_Screen":
        """Return a wide self no farther than is looked at."""
        if within is None or self.shape.area < PIECE_M**2:
            return self
        return replace(self, shape=shapely.intersection(self.shape, within))


def screens_from(
    layer: Layer,
    rules: ScreenRules,
    lenses_xy_m: FloatArray,
    within: BaseGeometry | None = None,
    piece_m: float | None = None,
) -> Screens:
    """Return the trees and hoardings of a layer.

    A camera is not blinded by the tree that it hangs in: such a tree is left out, a wood has a clearing around it.

    Parameters
    ----------
    lenses_xy_m : shape (n, 2); where cameras stand.
    within : only what comes into it, None for all. What a screen is inside it does not depend on how far it goes.
    piece_m : side of the squares that wide screens are cut into on a slope, each to stand on its own ground; None on the level.
    """
    near = range(len(layer)) if within is None else reaching(layer, rules, within)
    found = [screen for i in near for screen in _screens(str(layer.ids[i]), layer.geometry[i], layer.tags[i], rules)]
    opened = _open_around(found, lenses_xy_m, rules)
    if piece_m is None:
        return _rows([screen.cut_to(within) for screen in opened])
    return _rows([piece for screen in opened for piece in _cut(screen, piece_m, within)])


def reaching(layer: Layer, rules: ScreenRules, within: BaseGeometry) -> list[int]:
    """Return the features that may come into reach: a tree is drawn as a point or line, what hides is as wide as its crown."""
    aside_m = np.where(shapely.get_dimensions(layer.geometry) < 2, rules.highest_m / 2.0, 0.0)
    return np.flatnonzero(shapely.dwithin(layer.geometry, within, aside_m)).tolist()


def trees_near(layer: Layer, rows: Sequence[int], xy_m: FloatArray, rules: ScreenRules) -> BoolArray:
    """Tell of each place, as :func:`stands_in_trees` does, whether a lens there would hang in one of these features, whole."""
    found = [screen for row in rows for screen in _screens(str(layer.ids[row]), layer.geometry[row], layer.tags[row], rules)]
    return stands_in_trees(_rows(found), xy_m, rules)


def stands_in_trees(screens: Screens, xy_m: FloatArray, rules: ScreenRules) -> BoolArray:
    """Tell of each place whether a lens there would hang in a tree or a wood, so that these would be left out for it; (n,)."""
    points = shapely.points(np.reshape(xy_m, (-1, 2)))
    is_inside = np.zeros(len(points), bool)
    is_tree = np.array([str(name).startswith(PREFIX["tree"]) for name in screens.ids], bool)
    crowns = shapely.STRtree(screens.polygons[is_tree])
    is_wide = shapely.area(screens.polygons[is_tree]) > _clearing_m2(rules)
    at, crown = crowns.query(points, predicate="dwithin", distance=rules.clearing_m)
    inside = is_wide[crown] | shapely.intersects(points[at], crowns.geometries[crown])
    is_inside[at[inside]] = True
    return is_inside


def with_screens(buildings: Buildings, screens: Screens) -> Buildings:
    """Return the buildings and behind them the screens, as prisms of one town; building numbers stay what they are."""
    if not len(screens):
        return buildings
    source = np.full(len(screens), "screen", object)
    return Buildings(
        np.concatenate([buildings.ids, screens.ids]),
        np.concatenate([buildings.polygons, screens.polygons]),
        np.concatenate([buildings.base_m, screens.base_m]),
        np.concatenate([buildings.top_m, screens.top_m]),
        np.concatenate([buildings.height_source, source]),
        (*buildings.tags, *({},) * len(screens)),
    )


def kind_of(blocker_id: str) -> str:
    """Return ``tree`` or ``hoarding`` for the id of a screen, ``building`` for any other.

    >>> kind_of("tree/node/7"), kind_of("way/7")
    ('tree', 'building')
    """
    return next((kind for kind, prefix in PREFIX.items() if blocker_id.startswith(prefix)), "building")


def _screens(feature_id: str, shape: BaseGeometry, tags: Tags, rules: ScreenRules) -> Iterator[_Screen]:
    """Yield the prism of one feature, none for a shape without extent."""
    if shape is None or shape.is_empty:
        return
    screen = _hoarding(shape, tags, rules) if "advertising" in tags else _tree(shape, tags, rules)
    if screen.shape.area > 0.0 and screen.top_m > screen.base_m:
        yield replace(screen, name=PREFIX[screen.name] + feature_id)


def _tree(shape: BaseGeometry, tags: Tags, rules: ScreenRules) -> _Screen:
    """Return a crown, a row of crowns or a wood."""
    is_wood = shapely.get_dimensions(shape) == 2
    top = _length(tags, "height", rules.wood_height_m if is_wood else rules.tree_height_m, rules.highest_m)
    if is_wood:
        return _Screen("tree", shape, min(rules.wood_base_m, top), top, leafless_share(tags, rules))
    usual = rules.row_crown_m if shapely.get_dimensions(shape) == 1 else rules.crown_m
    crown = _length(tags, "diameter_crown", usual, rules.highest_m)
    base = _length(tags, "min_height", min(max(rules.crown_base_share * top, rules.crown_base_m), top), rules.highest_m)
    return _Screen("tree", shape.buffer(crown / 2.0, quad_segs=CROWN_QUARTER), base, top, leafless_share(tags, rules))


def _hoarding(shape: BaseGeometry, tags: Tags, rules: ScreenRules) -> _Screen:
    """Return a hoarding; one whose direction is not known hides as if it stood in every direction."""
    base, half = _length(tags, "min_height", 0.0, rules.highest_m), rules.hoarding_thickness_m / 2.0
    top = _length(tags, "height", base + rules.hoarding_top_m, rules.highest_m)
    if shapely.get_dimensions(shape) == 0:
        width, facing = _length(tags, "width", rules.hoarding_width_m, rules.highest_m), parse_number(tags.get("direction", ""))
        if facing is None:
            return _Screen("hoarding", shape.buffer(width / 2.0, quad_segs=CROWN_QUARTER), base, top, 1.0)
        shape = _across(shape.centroid, width, facing)
    board = shape if shapely.get_dimensions(shape) == 2 else shape.buffer(half, cap_style="flat")
    return _Screen("hoarding", board, base, top, 1.0)


def _across(spot: shapely.Point, width_m: float, facing_deg: float) -> BaseGeometry:
    """Return the line on which a board stands that faces a bearing."""
    dx, dy = math.cos(math.radians(facing_deg)) * width_m / 2.0, -math.sin(math.radians(facing_deg)) * width_m / 2.0
    return shapely.LineString([(spot.x - dx, spot.y - dy), (spot.x + dx, spot.y + dy)])


def leafless_share(tags: Tags, rules: ScreenRules) -> float:
    """Return the share of what its leaves hide that a tree hides without them."""
    return next((rule.share for rule in rules.leafless if tags.get(rule.key) in rule.values), rules.leafless_share)


def _length(tags: Tags, key: str, usual: float, most: float) -> float:
    """Return a recorded length that makes sense, or the usual one."""
    value = parse_length_m(tags.get(key, ""))
    return value if value is not None and 0.0 < value <= most else usual


def _open_around(screens: Sequence[_Screen], lenses_xy_m: FloatArray, rules: ScreenRules) -> Iterator[_Screen]:
    """Yield the screens without those around a lens; woods with clearings."""
    lenses = shapely.STRtree(shapely.points(np.reshape(lenses_xy_m, (-1, 2))))
    for screen in screens:
        inside = lenses.query(screen.shape, predicate="dwithin", distance=rules.clearing_m)
        if not len(inside) or screen.name.startswith(PREFIX["hoarding"]):
            yield screen
        elif screen.shape.area > _clearing_m2(rules):
            cleared = shapely.buffer(shapely.multipoints(lenses.geometries[inside]), rules.clearing_m, quad_segs=CROWN_QUARTER)
            yield replace(screen, shape=shapely.difference(screen.shape, cleared))
        elif not shapely.intersects(screen.shape, lenses.geometries[inside]).any():
            yield screen


def _clearing_m2(rules: ScreenRules) -> float:
    """Return the area above which a crown is a wood, which gets a clearing around a lens instead of being left out."""
    return math.pi * rules.clearing_m**2


def _cut(screen: _Screen, piece_m: float, within: BaseGeometry | None) -> Iterator[_Screen]:
    """Yield a screen in the squares of one fixed grid, those that come into reach; a small one whole."""
    west, south, east, north = screen.shape.bounds
    if max(east - west, north - south) <= 2.0 * piece_m:
        yield screen
        return
    low = np.floor(np.array([west, south]) / piece_m) * piece_m
    x, y = np.meshgrid(np.arange(low[0], east, piece_m), np.arange(low[1], north, piece_m))
    squares = shapely.box(x.ravel(), y.ravel(), x.ravel() + piece_m, y.ravel() + piece_m)
    squares = squares if within is None else squares[shapely.intersects(squares, within)]
    parts = shapely.intersection(screen.shape, squares)
    yield from (replace(screen, shape=part) for part in parts[shapely.area(parts) > 0.0])


def _rows(found: Sequence[_Screen]) -> Screens:
    """Return prisms as columns; each polygon valid and without lines and points."""
    shapes = [_areas(screen.shape) for screen in found]
    kept = [(screen, shape) for screen, shape in zip(found, shapes, strict=True) if not shape.is_empty]
    ids, polygons = np.empty(len(kept), object), np.empty(len(kept), object)
    ids[:], polygons[:] = [screen.name for screen, _ in kept], [shape for _, shape in kept]
    numbers = np.array([(s.base_m, s.top_m, s.leafless_share) for s, _ in kept], float).reshape(-1, 3)
    return Screens(ids, polygons, numbers[:, 0].copy(), numbers[:, 1].copy(), numbers[:, 2].copy())


def _areas(shape: BaseGeometry) -> BaseGeometry:
    whole = shape if shape.is_valid else shapely.make_valid(shape)
    if whole.geom_type == "Polygon":
        return whole
    parts = shapely.get_parts(shapely.get_parts(whole))
    return shapely.MultiPolygon([part for part in parts if part.geom_type == "Polygon" and part.area > 0.0])
