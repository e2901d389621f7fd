"""The town around a place as faces in space, cut by a grid so that they can be painted from back to front from any side."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from lhasaplan.core.base.arrays import BoolArray, FloatArray, IntArray, ObjectArray
from lhasaplan.core.context.audit_context import AuditContext
from lhasaplan.core.picture.picture_town import DARKEST, SUN_DEG, PictureTown
from lhasaplan.core.picture.simple_shapes import WAIST, Crown, PitchedRoof, crowns_in, cut_at_ridges, pitched_roof

REACH_M, CELL_M = 300.0, 20.0
AT_WALL_M, LEAST_WALL_M = 0.2, 0.3  # from ground that is seen to the wall that ends it; shorter pieces of wall are left out
ON_WALL_M = 1.0  # from a line of frontage to the side of the building that it stands on
WHOLE_HEIGHT = -math.inf, math.inf
RIM = 96  # sides of the disc of ground
CERTAIN, GROUND, LIT, WALL, ROOF, EDGE = "certain", "ground", "lit", "wall", "roof", "edge"
TRUNK, CROWN = "trunk", "crown"
Kinds = Sequence[tuple[str, BaseGeometry]]
WallsInView = tuple[str, FloatArray, FloatArray]  # a kind; ends of pieces, (n, 2, 2); from which to which height above the datum
Place = tuple[float, float]


@dataclass(frozen=True, eq=False, slots=True)
class Faces:
    """Areas and lines in space, metres from a middle.

    Parameters
    ----------
    kinds, kind : names, and for each face which of them it has; shape (F,).
    xyz_m, first, start : corners, whether the pen is lifted before each, and where each face starts; the last start ends it.
    light, outwards : of walls, how light they are and where they face; 1 and 0 of others.
    height_m : of buildings, how high they are; 0 of others.
    cell, piece, spot : shape (F, 2); the middle of the cell (NaN: it lies below all), of the piece of a building in it, and of
        the face itself.
    rank : what of one piece is painted later has more.
    """

    kinds: tuple[str, ...]
    kind: IntArray
    xyz_m: FloatArray
    first: BoolArray
    start: IntArray
    light: FloatArray
    outwards: FloatArray
    height_m: FloatArray
    cell: FloatArray
    piece: FloatArray
    spot: FloatArray
    rank: IntArray

    def order(self, bearing_deg: float) -> IntArray:
        """Return the faces that are seen when looking towards a bearing from above, those at the back first.

        Cells of a grid hide each other by their order alone, prisms in one cell by that of their middles.
        """
        ahead = np.array([math.sin(math.radians(bearing_deg)), math.cos(math.radians(bearing_deg))])
        seen = np.flatnonzero(self.outwards @ ahead <= 0.0)
        rank, cell, piece, spot = (
            self.rank[seen],
            *(np.round(-each[seen] @ ahead, 6) for each in (self.cell, self.piece, self.spot)),
        )
        found: IntArray = seen[np.lexsort((spot, rank, piece, rank >= BUILT, np.where(np.isnan(cell), -np.inf, cell)))]
        return found


@dataclass(frozen=True, eq=False, slots=True)
class Neighbourhood:
    """What is painted around a place; of the ``buildings`` so many heights are ``assumed``, so many from ``storeys``.

    Single ``trees`` are drawn; of the roofs so many are ``pitched``.
    """

    middle_m: tuple[float, float, float]
    faces: Faces
    buildings: int
    assumed: int
    storeys: int
    is_level: bool
    trees: int = 0
    pitched: int = 0


_RANKS = {WALL: 100, TRUNK: 100, LIT: 101, ROOF: 300, CROWN: 300, EDGE: 301}
BUILT, MARKED = 100, 102  # ranks from here on: of buildings; of what is marked on their walls


def neighbourhood(
    town: PictureTown,
    middle: Place,
    sheets: Kinds = (),
    walls: Sequence[WallsInView] = (),
    reach_m: float = REACH_M,
    *,
    has_trees: bool = True,
) -> Neighbourhood:
    """Return the town around a place.

    Parameters
    ----------
    sheets : kinds of ground in the order in which they lie above streets and parks; those of one kind are joined. What begins
        with ``CERTAIN`` lights the walls at which it ends.
    walls : kinds of pieces of wall in the order in which they are painted; of a piece that part is coloured which is in view.
    """
    city = town.city
    disc = shapely.Point(middle).buffer(reach_m, quad_segs=RIM // 4)
    plan = _FaceCells(city, middle, reach_m)
    named = [*town.ground_in(disc), *sheets]
    seen = {kind: _joined([shape for one, shape in named if one == kind], disc) for kind in dict.fromkeys(k for k, _ in named)}
    plan.add_ground(disc)
    for number, (kind, shape) in enumerate(seen.items(), start=1):
        plan.add_sheet(kind, shape, number)
    rows = np.flatnonzero(shapely.intersects(city.buildings.polygons, disc))
    edges = plan.add_buildings(rows)
    lit = shapely.union_all([shape for kind, shape in seen.items() if kind.startswith(CERTAIN)])
    if not lit.is_empty:
        ends = _segments(shapely.intersection(edges.line, lit.buffer(AT_WALL_M)))
        plan.add_marks(edges, LIT, ends, np.tile(WHOLE_HEIGHT, (len(ends), 1)), _RANKS[LIT])
    for number, (kind, ends, heights) in enumerate(walls):
        is_near = shapely.dwithin(shapely.linestrings(ends), disc, 0.0)
        plan.add_marks(edges, kind, ends[is_near], heights[is_near], MARKED + min(number, _RANKS[ROOF] - MARKED - 1))
    crowns = crowns_in(city.project.layers.get("trees"), city.reference_data.screens, disc) if has_trees else []
    plan.add_trees(crowns)
    sources = city.buildings.height_source[rows].tolist()
    z = float(city.terrain.heights_m(np.array([middle[0]]), np.array([middle[1]]))[0])
    assumed, storeys = sources.count("default"), sources.count("levels")
    return Neighbourhood(
        (*middle, z), plan.faces(z), len(rows), assumed, storeys, city.terrain.is_level, len(crowns), len(plan.roofs)
    )


def _joined(shapes: Sequence[BaseGeometry], within: BaseGeometry) -> BaseGeometry:
    return shapely.intersection(shapely.union_all(shapely.make_valid(np.array(shapes, object))), within)


@dataclass(frozen=True, eq=False, slots=True)
class _Edges:
    """The sides of buildings, each once: its line with the inside at its left, its building, base and top."""

    line: ObjectArray
    building: IntArray
    base_m: FloatArray
    top_m: FloatArray


class _FaceCells:
    """Collects faces, cut by the cells of a grid."""

    def __init__(self, city: AuditContext, middle: Place, reach_m: float) -> None:
        self._city, self._middle, self._reach_m = city, np.array(middle), reach_m
        self._count = math.ceil(2.0 * reach_m / CELL_M)
        self._corner = self._middle - self._count * CELL_M / 2.0
        column, row = (each.ravel() for each in np.meshgrid(np.arange(self._count), np.arange(self._count)))
        west, south = self._corner[0] + column * CELL_M, self._corner[1] + row * CELL_M
        self._boxes = shapely.box(west, south, west + CELL_M, south + CELL_M)
        self._tree = shapely.STRtree(self._boxes)
        self._middles = np.column_stack((west, south)) + CELL_M / 2.0
        self._pieces: dict[tuple[int, int], Place] = {}  # middle of the part of a building in a cell
        nodes = self._corner[0] + np.arange(self._count + 1) * CELL_M, self._corner[1] + np.arange(self._count + 1) * CELL_M
        across, up = np.meshgrid(*nodes)
        self._nodes_m = city.terrain.heights_m(across.ravel(), up.ravel()).reshape(across.shape)
        self._rows: list[_Row] = []
        self.roofs: dict[int, PitchedRoof] = {}  # by number of the house among those that stand here

    # Ground

    def ground_m(self, xy_m: FloatArray) -> FloatArray:
        """Return the ground at points, flat between the corners of each cell so that all that lies on it agrees."""
        at = np.clip((xy_m - self._corner) / CELL_M, 0.0, self._count - 1e-9)
        low = at.astype(int)
        (column, row), (u, v) = low.T, (at - low).T
        z = self._nodes_m
        south = z[row, column] * (1 - u) + z[row, column + 1] * u
        north = z[row + 1, column] * (1 - u) + z[row + 1, column + 1] * u
        heights: FloatArray = south * (1 - v) + north * v
        return heights

    def add_ground(self, disc: BaseGeometry) -> None:
        """Lay the ground: one disc where it is level, else a face for each cell, lighter towards the light."""
        if self._city.terrain.is_level:
            self._lay(GROUND, disc, 0, None, 1.0)
            return
        south_north, west_east = np.gradient(self._nodes_m, CELL_M)
        sun = math.radians(SUN_DEG)
        for cell in np.flatnonzero(shapely.intersects(self._boxes, disc)).tolist():
            row, column = divmod(cell, self._count)
            slope = -(west_east[row, column] * math.sin(sun) + south_north[row, column] * math.cos(sun))
            light = min(max(1.0 + 0.6 * slope, DARKEST), 1.1)
            self._lay(GROUND, shapely.intersection(self._boxes[cell], disc), 0, cell, light)

    def add_sheet(self, kind: str, shape: BaseGeometry, rank: int) -> None:
        """Lay ground of a kind, whole where it is level: nothing of it lies behind anything but buildings."""
        if shape.is_empty:
            return
        if self._city.terrain.is_level:
            self._lay(kind, shape, rank, None, 1.0)
            return
        for cell in self._tree.query(shape, "intersects").tolist():
            self._lay(kind, shapely.intersection(shape, self._boxes[cell]), rank, cell, 1.0)

    def _lay(self, kind: str, shape: BaseGeometry, rank: int, cell: int | None, light: float) -> None:
        for part in shapely.get_parts(shape):
            if shapely.get_dimensions(part) == 2 and not part.is_empty:
                xy, first = _rings(part)
                middle = self._middle * np.nan if cell is None else self._middles[cell]
                self._rows.append(_Row(kind, _with_z(xy, self.ground_m(xy)), first, rank, middle, middle, middle, light))

    # Buildings

    def add_buildings(self, rows: IntArray) -> _Edges:
        """Stand buildings on the ground, as roofs and walls; return their sides."""
        buildings, terrain = self._city.buildings, self._city.terrain
        shapes = shapely.orient_polygons(shapely.make_valid(buildings.polygons[rows]))
        level = terrain.ground_under(buildings.polygons[rows])
        base, top = level + buildings.base_m[rows], level + buildings.top_m[rows]
        rules = self._city.reference_data.heights
        for number, row in enumerate(rows.tolist()):
            roof = pitched_roof(shapes[number], buildings.tags[row], float(base[number]), float(top[number]), rules)
            if roof is not None:
                self.roofs[number] = roof
        self._add_roofs(shapes, top, top - base)
        lines, building = cut_at_ridges(*_sides(shapes), self.roofs)
        edges = _Edges(lines, building, np.where(buildings.base_m[rows] > 0.0, base, -np.inf)[building], top[building])
        outlines = np.arange(len(lines))
        self._add_walls(edges, WALL, lines, outlines, _RANKS[WALL])
        self._add_walls(edges, EDGE, lines, outlines, _RANKS[EDGE])
        return edges

    def _add_roofs(self, shapes: ObjectArray, top_m: FloatArray, height_m: FloatArray) -> None:
        number, cell = self._tree.query(shapes, "intersects")
        cut = shapely.intersection(shapes[number], self._boxes[cell])
        for n, c, piece in zip(number.tolist(), cell.tolist(), cut, strict=True):
            at = shapely.get_coordinates(shapely.centroid(piece))[:1]
            if not len(at) or shapely.get_dimensions(piece) < 2:
                continue
            self._pieces[n, c] = (float(at[0, 0]), float(at[0, 1]))
            roof = self.roofs.get(n)
            for slope in roof.slopes() if roof is not None else (piece,):
                for part in shapely.get_parts(shapely.intersection(piece, slope) if roof is not None else piece):
                    if shapely.get_dimensions(part) < 2:
                        continue
                    xy, first = _rings(part)
                    z = roof.heights_m(xy) if roof is not None else top_m[n]
                    spot = shapely.get_coordinates(shapely.centroid(part))[0]
                    row = _Row(ROOF, _with_z(xy, z), first, _RANKS[ROOF], self._middles[c], at[0], spot, 1.0)
                    if roof is not None:
                        row.lit_from(shapely.get_coordinates(shapely.centroid(slope))[0] - roof.middle_m)
                    self._rows.append(row.of_height(float(height_m[n])))

    def add_marks(self, edges: _Edges, kind: str, ends_m: FloatArray, heights_m: FloatArray, rank: int) -> None:
        """Mark pieces of walls between two heights: each on the side of a building that is nearest to it."""
        is_long = np.hypot(*(ends_m[:, 1] - ends_m[:, 0]).T) >= LEAST_WALL_M
        if not is_long.any() or not len(edges.line):
            return
        segments, heights = shapely.linestrings(ends_m[is_long]), heights_m[is_long]
        middles = shapely.line_interpolate_point(segments, 0.5, normalized=True)
        found, edge = shapely.STRtree(edges.line).query_nearest(middles, max_distance=ON_WALL_M, all_matches=False)
        self._add_walls(edges, kind, segments[found], edge, rank, heights[found])

    def _add_walls(  # noqa: PLR0917 - lines on sides of buildings, and how each is painted
        self, edges: _Edges, kind: str, lines: ObjectArray, edge: IntArray, rank: int, heights_m: FloatArray | None = None
    ) -> None:
        number, cell = self._tree.query(lines, "intersects")
        cut = shapely.intersection(lines[number], self._boxes[cell])
        sides = shapely.get_coordinates(edges.line).reshape(-1, 2, 2)
        for n, c, piece in zip(number.tolist(), cell.tolist(), cut, strict=True):
            e = int(edge[n])
            building = int(edges.building[e])
            if shapely.get_dimensions(piece) != 1 or (building, c) not in self._pieces:
                continue
            along = sides[e, 1] - sides[e, 0]
            ends = shapely.get_coordinates(piece)[[0, -1]]
            if (ends[1] - ends[0]) @ along < 0.0:
                ends = ends[::-1]
            length = math.hypot(*along)
            outwards = np.array([along[1], -along[0]]) / max(length, 1e-9)
            at, ground = ends.mean(axis=0), self.ground_m(ends)
            roof, base = self.roofs.get(building), float(edges.base_m[e])
            top = np.full(2, edges.top_m[e]) if roof is None else roof.heights_m(ends)
            row = _Row(kind, np.zeros((0, 3)), np.zeros(0, bool), rank, self._middles[c], self._pieces[building, c], at, 1.0)
            if kind == EDGE:
                lined = row.with_corners(_with_z(ends, top))
                self._rows.append(lined if roof is None else lined.facing(outwards))  # a slope hides the eaves behind it
                continue
            bottom = ground if math.isinf(base) else np.full(2, base)
            if heights_m is not None:
                bottom, top = np.maximum(bottom, heights_m[n, 0]), np.minimum(top, heights_m[n, 1])
                if (top <= bottom).any():
                    continue
            corners = np.vstack((_with_z(ends, bottom), _with_z(ends[::-1], top[::-1])))
            self._rows.append(row.with_corners(corners).facing(outwards).of_height(float(edges.top_m[e] - bottom.min())))

    # Trees

    def add_trees(self, crowns: Sequence[Crown]) -> None:
        """Stand trees on the ground, each whole in the cell of its middle."""
        for tree in crowns:
            at = np.array([tree.x_m, tree.y_m])
            ground = float(self.ground_m(at[None, :])[0])
            column, row = np.clip((at - self._corner) // CELL_M, 0, self._count - 1).astype(int)
            cell = self._middles[row * self._count + column]
            stem = np.array([(*at, ground), (*at, ground + tree.base_m + WAIST * (tree.top_m - tree.base_m))])
            self._rows.append(_Row(TRUNK, stem, np.arange(2) == 0, _RANKS[TRUNK], cell, at, at, 1.0))
            for corners, outwards, is_upper in tree.faces(ground):
                spot = corners[:, :2].mean(axis=0)
                face = _Row(CROWN, np.zeros((0, 3)), np.zeros(0, bool), _RANKS[CROWN] - (not is_upper), cell, at, spot, 1.0)
                face.with_corners(corners)
                self._rows.append(face.lit_from(outwards) if is_upper else face.facing(outwards))

    def faces(self, zero_m: float) -> Faces:
        """Return what was collected, from the middle on."""
        rows = self._rows
        kinds = tuple(dict.fromkeys(row.kind for row in rows))
        xyz = np.concatenate([row.xyz_m for row in rows]) - np.array([*self._middle, zero_m])
        return Faces(
            kinds,
            np.array([kinds.index(row.kind) for row in rows]),
            xyz,
            np.concatenate([row.first for row in rows]),
            np.cumsum([0, *(len(row.xyz_m) for row in rows)]),
            np.array([row.light for row in rows]),
            np.array([row.outwards for row in rows]),
            np.array([row.height_m for row in rows]),
            np.array([row.cell for row in rows]) - self._middle,
            np.array([row.piece for row in rows]) - self._middle,
            np.array([row.spot for row in rows]) - self._middle,
            np.array([row.rank for row in rows]),
        )


@dataclass(slots=True)
class _Row:
    """A face while faces are collected."""

    kind: str
    xyz_m: FloatArray
    first: BoolArray
    rank: int
    cell: FloatArray
    piece: FloatArray | Place
    spot: FloatArray
    light: float
    outwards: FloatArray | Place = (0.0, 0.0)
    height_m: float = 0.0

    def of_height(self, height_m: float) -> "_Row":
        self.height_m = height_m
        return self

    def with_corners(self, xyz_m: FloatArray) -> "_Row":
        self.xyz_m, self.first = xyz_m, np.arange(len(xyz_m)) == 0
        return self

    def facing(self, outwards: FloatArray) -> "_Row":
        """Have a wall look outwards: lighter where that is towards the light, and not seen from behind."""
        self.outwards = outwards
        return self.lit_from(outwards)

    def lit_from(self, outwards: FloatArray) -> "_Row":
        """Have what falls off to a side be lighter where that is towards the light."""
        sun, length = math.radians(SUN_DEG), max(math.hypot(*outwards), 1e-9)
        towards = outwards @ np.array([math.sin(sun), math.cos(sun)]) / length
        self.light = DARKEST + (1.0 - DARKEST) * (towards + 1.0) / 2.0
        return self


def _rings(area: BaseGeometry) -> tuple[FloatArray, BoolArray]:
    """Return the corners of an area, holes against its outline, and whether the pen is lifted before each."""
    xy, ring = shapely.get_coordinates(shapely.get_rings(shapely.orient_polygons(area)), return_index=True)
    return xy, np.append(True, ring[1:] != ring[:-1])


def _sides(shapes: ObjectArray) -> tuple[ObjectArray, IntArray]:
    """Return every side of areas, with the inside at its left, and of which area each is."""
    rings, of_part = shapely.get_rings(*_polygons(shapes)[:1], return_index=True)
    building = _polygons(shapes)[1][of_part]
    xy, ring = shapely.get_coordinates(rings, return_index=True)
    goes_on = np.flatnonzero(ring[1:] == ring[:-1])
    lines = shapely.linestrings(np.stack((xy[goes_on], xy[goes_on + 1]), axis=1))
    return lines, building[ring[goes_on]]


def _polygons(shapes: ObjectArray) -> tuple[ObjectArray, IntArray]:
    parts, number = shapely.get_parts(shapes, return_index=True)
    is_area = shapely.get_dimensions(parts) == 2
    return shapely.orient_polygons(parts[is_area]), number[is_area]


def _segments(lines: ObjectArray) -> FloatArray:
    """Return the straight pieces of what of some shapes is lines; shape (n, 2, 2)."""
    parts = shapely.get_parts(shapely.get_parts(lines))
    xy, line = shapely.get_coordinates(parts[shapely.get_dimensions(parts) == 1], return_index=True)
    goes_on = np.flatnonzero(line[1:] == line[:-1])
    return np.stack((xy[goes_on], xy[goes_on + 1]), axis=1)


def _with_z(xy_m: FloatArray, z_m: FloatArray | float) -> FloatArray:
    return np.column_stack((xy_m, np.broadcast_to(z_m, len(xy_m))))
