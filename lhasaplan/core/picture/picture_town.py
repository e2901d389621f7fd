"""What all pictures of one town share: light on its walls, what is veiled, ground by kind, trees around a lens."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from lhasaplan.core.audit.disclosed_answers import disclosed_places
from lhasaplan.core.base.arrays import BoolArray, FloatArray, ObjectArray
from lhasaplan.core.city.streets import is_open_way, open_ways, surfaces
from lhasaplan.core.city.trees_and_hoardings import PIECE_M, PREFIX, Season, screens_from, with_screens
from lhasaplan.core.context.audit_context import AuditContext, set_in
from lhasaplan.core.model.camera import Camera, Placed, View
from lhasaplan.core.model.layer import Buildings, Layer
from lhasaplan.core.model.place import ProtectedPlace
from lhasaplan.core.protection.undisclosed import NearBlocks
from lhasaplan.core.sight import CellFrame, Scene, make_scene, view_counts

PLAIN, STREET, WALKED, GREEN, WATER = range(5)
VEILED = 8  # added to the kind of ground
CELL_M, TILE_M, GROUND_M = 0.25, 128.0, 128.0  # of the ground around a lens
TREES_M = 150.0  # how far from the lens trees are drawn
TRUNK_M = 0.15
KEPT_GROUNDS = 16
SUN_DEG = 300.0  # where light comes from, as on maps: from the upper left
DARKEST = 0.68  # of a wall that faces away from it

_GREEN = {("leisure", "park"), ("leisure", "garden"), ("leisure", "pitch"), ("landuse", "grass"), ("landuse", "forest"),
          ("landuse", "recreation_ground"), ("landuse", "meadow"), ("natural", "wood"), ("natural", "scrub")}  # fmt: skip
_WATER = {("natural", "water"), ("waterway", "riverbank"), ("landuse", "basin"), ("landuse", "reservoir"), ("natural", "bay")}


@dataclass(frozen=True, eq=False, slots=True)
class PaintedGround:
    """Kinds of ground on a grid, row 0 in the north; 0 beyond it."""

    kind: "NDArray[np.uint8]"
    frame: CellFrame


NO_GROUND = PaintedGround(np.zeros((1, 1), np.uint8), CellFrame(0.0, 0.0, 1.0, 1, 1))


@dataclass(frozen=True, eq=False)
class PictureTown:
    """A town for pictures; made once, whatever is looked at from wherever."""

    city: AuditContext
    _grounds: dict[tuple[float, float], PaintedGround] = field(default_factory=dict)
    _screens: dict[tuple[float, float, Season], Scene | None] = field(default_factory=dict)

    def placed(self, camera: Camera) -> Placed | None:
        """Return a camera at its place in the town; None where it has no view that could be drawn."""
        return next(iter(set_in(self.city, [camera]).placed), None)

    @cached_property
    def veiled_buildings(self) -> BoolArray:
        """Return which buildings belong to a protected place that outputs tell, homes and likely ones among them; shape (B,)."""
        veiled = np.zeros(len(self.city.buildings) + 1, bool)
        for place in self._reported:
            veiled[[place.building, *place.buildings]] = True
        return veiled[:-1]

    @cached_property
    def rule(self) -> NearBlocks:
        """Return where pictures are veiled alike: within reach of the blocks of places of which no more is reported."""
        return NearBlocks.of(self.city.ground.places, self.city.crs)

    @cached_property
    def wall_light(self) -> FloatArray:
        """Return the light on each wall of the town's index, by the number of its last corner."""
        return light_of(self.city.rooms)

    @cached_property
    def _reported(self) -> tuple[ProtectedPlace, ...]:
        return disclosed_places(self.city)

    @cached_property
    def _reported_ground(self) -> shapely.STRtree:
        return shapely.STRtree([place.ground for place in self._reported])

    @cached_property
    def _ways(self) -> tuple[shapely.STRtree, shapely.STRtree]:
        driven, walked = _ways_of(self.city.project.layers)
        return shapely.STRtree(driven), shapely.STRtree(walked)

    @cached_property
    def _cover(self) -> tuple[shapely.STRtree, shapely.STRtree]:
        layers = self.city.project.layers.values()
        return shapely.STRtree(_areas_with(layers, _GREEN)), shapely.STRtree(_areas_with(layers, _WATER))

    @cached_property
    def _tree_places(self) -> shapely.STRtree | None:
        layer = self.city.project.layers.get("trees")
        return shapely.STRtree(layer.geometry) if layer is not None and len(layer) else None

    def is_silent(self, views: Sequence[View]) -> bool:
        """Say whether a camera comes near ground of which no more is reported: then everything is veiled alike."""
        return self.rule.reaches(views)

    def ground_in(self, area: BaseGeometry) -> list[tuple[str, BaseGeometry]]:
        """Return parks, water, walked ways and streets that come into an area, by kind, in the order in which they are drawn."""
        (green, water), (driven, walked) = self._cover, self._ways
        named = (("green", green), ("water", water), ("walk", walked), ("street", driven))
        return [(kind, shape) for kind, trees in named for shape in _within(trees, area)]

    def ground_around(self, x_m: float, y_m: float) -> PaintedGround:
        """Return the kinds of ground around a place, the same for all places of a square."""
        west, north = (float(np.floor(each / TILE_M) * TILE_M) for each in (x_m - GROUND_M, y_m + GROUND_M + TILE_M))
        found = self._grounds.get((west, north))
        if found is None:
            while len(self._grounds) >= KEPT_GROUNDS:
                self._grounds.pop(next(iter(self._grounds)), None)
            found = self._grounds[west, north] = self._painted(west, north)
        return found

    def _painted(self, west: float, north: float) -> PaintedGround:
        cells = round((2.0 * GROUND_M + TILE_M) / CELL_M)
        frame = CellFrame(west, north, CELL_M, cells, cells)
        box = shapely.box(west, north - cells * CELL_M, west + cells * CELL_M, north)
        kind = np.zeros((cells, cells), np.uint8)
        (green, water), (driven, walked) = self._cover, self._ways
        for trees, value in ((green, GREEN), (water, WATER), (walked, WALKED), (driven, STREET)):
            kind[covered(_within(trees, box), frame)] = value
        kind[covered(_within(self._reported_ground, box), frame)] += VEILED
        return PaintedGround(kind, frame)

    def screens(self, view: View, season: Season) -> Scene | None:
        """Return the trees and hoardings around a lens that hide in a season, with trunks; None without any."""
        if self._tree_places is None:
            return None
        key = (view.x_m, view.y_m, season)
        if key in self._screens:
            return self._screens.get(key)
        found = self._screens_around(view, season, self._tree_places)
        self._screens.clear()
        self._screens[key] = found
        return found

    def _screens_around(self, view: View, season: Season, places: shapely.STRtree) -> Scene | None:
        city, layer = self.city, self.city.project.layers["trees"]
        near = shapely.Point(view.x_m, view.y_m).buffer(TREES_M)
        rows = np.sort(places.query(near.buffer(city.reference_data.screens.highest_m / 2.0)))
        some = Layer(layer.name, layer.ids[rows], layer.geometry[rows], tuple(layer.tags[row] for row in rows.tolist()))
        piece_m = None if city.terrain.is_level else PIECE_M
        rules = city.reference_data.screens
        found = screens_from(some, rules, np.array([[view.x_m, view.y_m]]), near, piece_m).hiding(season, rules)
        if not len(found):
            return None
        none, flat = np.empty(0, object), np.empty(0)
        return make_scene(_with_trunks(with_screens(Buildings(none, none, flat, flat, none, ()), found)), city.terrain.relief)


def light_of(scene: Scene) -> FloatArray:
    """Return how light each wall of a scene's index is, by the number of its last corner, ``DARKEST`` to 1."""
    corner, start = scene.index.corner, scene.index.ring_start
    before = np.arange(len(corner)) - 1
    before[start[:-1]] = start[1:] - 1
    along = corner - corner[before]
    outwards = np.column_stack((along[:, 1], -along[:, 0])) / np.maximum(np.hypot(*along.T), 1e-9)[:, None]
    sun = np.radians(SUN_DEG)
    facing = outwards @ np.array([np.sin(sun), np.cos(sun)])
    return np.ascontiguousarray(DARKEST + (1.0 - DARKEST) * (facing + 1.0) / 2.0)


def covered(shapes: Sequence[BaseGeometry], frame: CellFrame) -> BoolArray:
    """Return which cells of a frame lie on any of the polygons, shape (rows, columns)."""
    if not len(shapes):
        return np.zeros((frame.rows, frame.columns), bool)
    return np.asarray(view_counts(shapes, frame) > 0)


def _within(shapes: shapely.STRtree, box: BaseGeometry) -> list[BaseGeometry]:
    """Return what comes into a box, valid polygons alone."""
    found = shapely.get_parts(shapely.make_valid(shapes.geometries[np.sort(shapes.query(box))]))
    return [each for each in found if shapely.get_dimensions(each) == 2 and not each.is_empty]


def _ways_of(layers: Mapping[str, Layer]) -> tuple[ObjectArray, ObjectArray]:
    """Return the ground of streets and of ways that are walked."""
    driven: dict[str, Layer] = {}
    walked: dict[str, Layer] = {}
    for name, layer in layers.items():
        is_walked = np.array(
            [
                is_open_way(tags) and tags.get("highway") in {"pedestrian", "footway", "cycleway", "path", "steps", "track"}
                for tags in layer.tags
            ],
            bool,
        )
        for rows, kept in ((~is_walked, driven), (is_walked, walked)):
            some = tuple(tags for tags, keep in zip(layer.tags, rows.tolist(), strict=True) if keep)
            kept[name] = Layer(name, layer.ids[rows], layer.geometry[rows], some)
    return surfaces(*open_ways(driven)), surfaces(*open_ways(walked))


def _areas_with(layers: Iterable[Layer], kinds: set[tuple[str, str]]) -> ObjectArray:
    """Return the areas that carry one of these tags."""
    found = [
        geometry
        for layer in layers
        for geometry, tags in zip(layer.geometry, layer.tags, strict=True)
        if not kinds.isdisjoint(tags.items()) and shapely.get_dimensions(geometry) == 2
    ]
    return np.array([*found, None], object)[:-1]


def _with_trunks(screens: Buildings) -> Buildings:
    """Return screens with a trunk under each crown that begins above the ground."""
    is_crown = np.array([str(name).startswith(PREFIX["tree"]) for name in screens.ids], bool) & (screens.base_m > 0.0)
    trunks = shapely.buffer(shapely.centroid(screens.polygons[is_crown]), TRUNK_M, quad_segs=1)
    return Buildings(
        np.concatenate([screens.ids, screens.ids[is_crown]]),
        np.concatenate([screens.polygons, trunks]),
        np.concatenate([screens.base_m, np.zeros(len(trunks))]),
        np.concatenate([screens.top_m, screens.base_m[is_crown]]),
        np.concatenate([screens.height_source, screens.height_source[is_crown]]),
        (*screens.tags, *({},) * len(trunks)),
    )
