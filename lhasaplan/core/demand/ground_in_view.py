"""Ground in view: what of it no part asks for, what is not mapped, and the polygons that maps draw of it."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cached_property
from typing import overload
from weakref import WeakKeyDictionary

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from lhasaplan.core.base.arrays import BoolArray, FloatArray, IntArray, ObjectArray, slices
from lhasaplan.core.base.geometry_repair import cut_to_box, packed
from lhasaplan.core.base.kept_shapes import Shape, read_shapes
from lhasaplan.core.base.progress import Progress, in_threads, no_progress
from lhasaplan.core.model.camera import Basis, Field
from lhasaplan.core.model.optics import SEEN_PX_M
from lhasaplan.core.sight.sweep.density_bands import DensityBands, areas_of, areas_only
from lhasaplan.core.sight.sweep.polygons import NOTHING

# Joining seen ground: of each camera, and the area of a whole city's, tile by tile.

TILE_M = 1200.0  # so much of a city is swept at once
CAMERAS_A_BATCH = 64
_FEW = 24  # joined as they are; loading the sweep would cost more


def unions(shapes: Sequence[ObjectArray], progress: Progress = no_progress) -> ObjectArray:
    """Return the union of the shapes of each camera, in threads; one alone stays as it is."""
    found = np.array([*(each[0] if len(each) else NOTHING for each in shapes), None], object)[:-1]
    several = np.array([c for c, each in enumerate(shapes) if len(each) > 1], np.int64)

    def join(batch: IntArray) -> None:
        depth = max(len(shapes[c]) for c in batch)
        rows = np.full((len(batch), depth), None, object)
        for row, c in enumerate(batch.tolist()):
            rows[row, : len(shapes[c])] = shapes[c]
        found[batch] = packed(shapely.union_all(rows, axis=1))

    if len(several):
        in_threads(join, [several[some] for some in slices(len(several), CAMERAS_A_BATCH)], progress)
    return found


def union_m2(shapes: "Sequence[Shape | None]", progress: Progress = no_progress) -> float:
    """Return the area that the shapes cover together, each square metre once.

    The plane is cut into tiles, which threads share; the sum is exact but for rounding. Shapes that are kept elsewhere are
    read tile by tile.
    """
    known = np.array([*(shape for shape in shapes if shape is not None), None], object)[:-1]
    few = slices(len(known), CAMERAS_A_BATCH)
    bounds = np.concatenate([np.zeros((0, 4)), *(shapely.bounds(read_shapes(known[some])) for some in few)])
    is_somewhere = ~np.isnan(bounds).any(axis=1)
    known, bounds = known[is_somewhere], bounds[is_somewhere]
    if len(known) < _FEW:
        return float(shapely.union_all(read_shapes(known)).area) if len(known) else 0.0
    from lhasaplan.core.sight.compiled.covered_area import covered_m2  # noqa: PLC0415  (numba is loaded when it is first needed)

    jobs = _tiles(bounds)
    return float(sum(in_threads(lambda job: covered_m2(read_shapes(known[job[1]]), job[0]), jobs, progress)))


def _tiles(bounds: FloatArray) -> list[tuple[tuple[float, ...], IntArray]]:
    """Return each tile (west, south, east, north) that shapes may meet, with their numbers."""
    low = np.floor(bounds[:, :2] / TILE_M).astype(np.int64)
    size = np.floor(bounds[:, 2:] / TILE_M).astype(np.int64) - low + 1
    count = size.prod(axis=1)
    shape = np.repeat(np.arange(len(bounds)), count)
    number = np.arange(len(shape)) - np.repeat(np.cumsum(count) - count, count)
    cell = low[shape] + np.stack([number // size[shape, 1], number % size[shape, 1]], axis=1)
    order = np.lexsort((cell[:, 1], cell[:, 0]))
    pieces = np.split(order, np.flatnonzero((np.diff(cell[order], axis=0) != 0).any(axis=1)) + 1)
    corners = [cell[rows[0]] * TILE_M for rows in pieces]
    return [((x, y, x + TILE_M, y + TILE_M), shape[rows]) for (x, y), rows in zip(corners, pieces, strict=True)]


# Tell what of the ground in view nobody mapped: no building is near, and nobody knows what hides it.
#
# Where no building is within 100 m the map was cut, or never drawn, and a camera's field is the bare disc of its lens.
MAPPED_M = 100.0  # in a street there is a building at less
CELL_M = 20.0  # ground is judged by the middles of such squares
SETTLED_BY_M = 115.0  # a building farther from ground than this says nothing of it: 100 m and half the diagonal of a square
SHAPES_AT_ONCE = 256
MOST_SQUARES = 1 << 26  # of a town whose squares are kept, 160 km across; in a larger one each is asked


def not_mapped(shapes: Sequence[BaseGeometry], buildings: shapely.STRtree) -> list[BaseGeometry | None]:
    """Return of the ground in each shape what is not mapped, None where all of it is."""
    settled, grounds = _settled_of(buildings), np.array([*shapes, None], object)[:-1]
    found: ObjectArray = np.full(len(grounds), None, object)
    for part in slices(len(grounds), SHAPES_AT_ONCE):
        own = settled.others_under(grounds[part])
        cells = np.concatenate([np.zeros((0, 2), np.int64), *own])
        if not len(cells):
            continue
        of = np.repeat(np.arange(part.start, part.stop), [len(each) for each in own])
        is_bare = ~_have_building(cells, buildings)
        found[part] = _not_mapped(grounds, cells[is_bare], of[is_bare])[part]
    return list(found)


def are_mapped(xy_m: FloatArray, buildings: shapely.STRtree) -> BoolArray:
    """Return which places, shape (n, 2), lie in a square that counts as mapped."""
    cells = np.floor(xy_m / CELL_M).astype(np.int64)
    are_near = _settled_of(buildings).hold(cells)
    are_near[~are_near] = _have_building(cells[~are_near], buildings)
    return are_near


def mapped_parts(grounds: Sequence[BaseGeometry], bare: Sequence[BaseGeometry | None]) -> list[BaseGeometry]:
    """Return :func:`without` of each ground; threads share them out."""
    found, blank = (np.array([*some, None], object)[:-1] for some in (grounds, bare))
    some = np.flatnonzero(~shapely.is_missing(blank))

    def cut(rows: IntArray) -> None:
        found[rows] = areas_of(shapely.difference(found[rows], blank[rows]))

    in_threads(cut, [some[part] for part in slices(len(some), SHAPES_AT_ONCE)], no_progress)
    return list(found)


def without(ground: BaseGeometry, bare: BaseGeometry | None) -> BaseGeometry:
    """Return the part of a ground that is mapped; the very same ground where all of it is."""
    return ground if bare is None else areas_only(shapely.difference(ground, bare))


def together(bare: Sequence[BaseGeometry | None]) -> BaseGeometry | None:
    """Return the unmapped ground of several grounds as one; None where all of them are mapped."""
    left = [each for each in bare if each is not None]
    if len(left) < 2:
        return left[0] if left else None
    return shapely.union_all(left)


def _strips(cells: IntArray) -> ObjectArray:
    """Return squares that follow each other from west to east, and rows of the same width above each other, as one box."""
    opens = np.flatnonzero(np.append(True, (np.diff(cells[:, 1]) != 0) | (np.diff(cells[:, 0]) != 1)))
    west, east, row = cells[opens, 0], cells[np.append(opens[1:], len(cells)) - 1, 0], cells[opens, 1]
    order = np.lexsort((row, east, west))
    west, east, row = west[order], east[order], row[order]
    low = np.flatnonzero(np.append(True, (np.diff(west) != 0) | (np.diff(east) != 0) | (np.diff(row) != 1)))
    high = np.append(low[1:], len(row)) - 1
    return np.asarray(
        shapely.box(west[low] * CELL_M, row[low] * CELL_M, (east[low] + 1) * CELL_M, (row[high] + 1) * CELL_M), object
    )


def _have_building(cells: IntArray, buildings: shapely.STRtree) -> BoolArray:
    """Return which squares have a building within 100 m of their middle, shape (n,); all walls are asked."""
    if not len(buildings) or not len(cells):
        return np.zeros(len(cells), bool)
    corner = cells.min(axis=0)
    columns, rows = (cells.max(axis=0) - corner + 1).tolist()
    if columns * rows > MOST_SQUARES:  # of neighbours this is never so
        return _are_near(cells, buildings)
    at = (cells[:, 0] - corner[0]) * rows + (cells[:, 1] - corner[1])
    are_near = np.zeros(columns * rows, bool)
    are_near[at] = True
    distinct = np.flatnonzero(are_near)  # squares of neighbours are mostly the same
    are_near[distinct] = _are_near(np.column_stack((distinct // rows, distinct % rows)) + corner, buildings)
    found: BoolArray = are_near[at]
    return found


def _are_near(cells: IntArray, buildings: shapely.STRtree) -> BoolArray:
    """Do the same for squares of which each is asked for once."""
    found = np.zeros(len(cells), bool)
    middles = shapely.points((cells + 0.5) * CELL_M)
    found[buildings.query_nearest(middles, max_distance=MAPPED_M, all_matches=False)[0]] = True
    return found


@dataclass(frozen=True, eq=False, slots=True)
class _SettledSquares:
    """Squares that are mapped because a building begins in one near them; of all others the buildings are asked.

    Parameters
    ----------
    corner : column and row of the first square.
    is_near : shape (columns, rows).
    """

    corner: IntArray
    is_near: BoolArray

    def hold(self, cells: IntArray) -> BoolArray:
        """Return which squares are among them, shape (n,)."""
        column, row = cells[:, 0] - self.corner[0], cells[:, 1] - self.corner[1]
        columns, rows = self.is_near.shape
        inside = (column >= 0) & (column < columns) & (row >= 0) & (row < rows)
        are_held = np.zeros(len(cells), bool)
        are_held[inside] = self.is_near[column[inside], row[inside]]
        return are_held

    def others_under(self, grounds: ObjectArray) -> list[IntArray]:
        """Return the other squares that the box around each ground meets, (n, 2): row by row and in each from west to east."""
        bounds = np.floor(shapely.bounds(grounds) / CELL_M)
        is_empty = np.isnan(bounds[:, 0])
        bounds[is_empty] = (0.0, 0.0, -1.0, -1.0)  # no square
        return [self._others_in(*box) for box in bounds.astype(np.int64).tolist()]

    def _others_in(self, west: int, south: int, east: int, north: int) -> IntArray:
        left, low = west - int(self.corner[0]), south - int(self.corner[1])
        right, high = left + east - west + 1, low + north - south + 1
        known = self.is_near[max(left, 0) : max(right, 0), max(low, 0) : max(high, 0)]
        is_other = np.ones((high - low, right - left), bool)
        first_row, first_column = max(-low, 0), max(-left, 0)
        is_other[first_row : first_row + known.shape[1], first_column : first_column + known.shape[0]] = ~known.T
        up, across = np.nonzero(is_other)
        return np.column_stack((across + west, up + south))


NOTHING_SETTLED = _SettledSquares(np.zeros(2, np.int64), np.zeros((0, 0), bool))
_SETTLED: WeakKeyDictionary[shapely.STRtree, _SettledSquares] = WeakKeyDictionary()  # of towns in use: made once for each


def _settled_of(buildings: shapely.STRtree) -> _SettledSquares:
    """Return the squares near the first corner of each building: all but the edge of a town, without a look at its walls."""
    known = _SETTLED.get(buildings)
    if known is None:
        xy, which = shapely.get_coordinates(buildings.geometries, return_index=True)
        first = np.floor(xy[np.flatnonzero(np.diff(which, prepend=-1))] / CELL_M).astype(np.int64)
        _SETTLED[buildings] = known = _settled_by(first) if len(first) else NOTHING_SETTLED
    return known


def _settled_by(built: IntArray) -> _SettledSquares:
    """Return the squares whose middle has all of one of these squares, shape (n, 2) of at least one, within 100 m."""
    steps = math.floor(MAPPED_M / CELL_M - 0.5)
    corner = built.min(axis=0) - steps
    extent = built.max(axis=0) + steps + 1 - corner
    if math.prod(extent.tolist()) > MOST_SQUARES:
        return NOTHING_SETTLED
    is_built = np.zeros(extent, bool)
    is_built[tuple((built - corner).T)] = True
    is_near = is_built.copy()
    for across in range(-steps, steps + 1):
        for up in range(-steps, steps + 1):
            if math.hypot(abs(across) + 0.5, abs(up) + 0.5) * CELL_M <= MAPPED_M:
                is_near |= np.roll(is_built, (across, up), axis=(0, 1))  # the edge is bare: nothing comes round
    return _SettledSquares(corner, is_near)


def _not_mapped(grounds: ObjectArray, bare: IntArray, of: IntArray) -> ObjectArray:
    """Return what of each ground lies in its squares, None where nothing does; the same to the last digit whatever the others.

    Parameters
    ----------
    bare, of : shape (n, 2), (n,); squares, and the ground that each is of, ascending.
    """
    found: ObjectArray = np.full(len(grounds), None, object)
    numbers, first = np.unique(of, return_index=True)
    if len(numbers):
        squares = [shapely.union_all(_strips(some)) for some in np.split(bare, first[1:])]
        left = areas_of(shapely.intersection(grounds[numbers], squares))
        found[numbers] = left
        found[numbers[shapely.is_empty(left)]] = None
    return found


# Ground that a camera can see at 25 px/m or better and that no part it serves asks for.
_SLIVER_M2 = 0.01
_CAMERAS_A_BATCH = 32


def ground_seen(field: Field | None, density_px_m: float = SEEN_PX_M) -> shapely.Geometry:
    """Return the ground that a field shows at a density or better, by its bands.

    A density between two bands is taken at the finer one: never more than what is really seen.
    """
    if field is None:
        return NOTHING
    if isinstance(field.bands, DensityBands):
        return field.bands.at_least(density_px_m)
    bands = [band for lower, band in field.bands if lower >= density_px_m - 1e-9]
    # Bands are disjoint pieces of the field: where they fill it, it is their union, without the cost of joining them.
    if len(bands) == len(field.bands) and sum(band.area for band in bands) >= field.area_m2 - _SLIVER_M2:
        return field.geometry
    return bands[0] if len(bands) == 1 else shapely.union_all(bands)


def unasked_ground(ground: shapely.Geometry, asked: Sequence[shapely.Geometry], distance_m: float) -> shapely.Geometry:
    """Return the ground farther than ``distance_m`` from every part; all of it without parts."""
    if not len(asked):
        return ground
    return shapely.difference(ground, shapely.union_all(shapely.buffer(list(asked), distance_m, quad_segs=16)))


def unasked_grounds(
    grounds: ObjectArray, asked: Sequence[Sequence[shapely.Geometry]], distance_m: float, progress: Progress = no_progress
) -> ObjectArray:
    """Return the ground of each camera farther than ``distance_m`` from every part that it serves."""
    found = grounds.copy()
    serving = [c for c, parts in enumerate(asked) if len(parts)]
    jobs = [serving[some] for some in slices(len(serving), _CAMERAS_A_BATCH)]

    def cut(cameras: list[int]) -> None:
        for c in cameras:
            found[c] = unasked_ground(grounds[c], asked[c], distance_m)

    if jobs:
        in_threads(cut, jobs, progress)
    return found


AT_GROUND_M = 1.0  # a wall is seen at its face, ground ends before it: closer than this it stands at the ground that is drawn
NO_LINES = shapely.MultiLineString()


class Reach(StrEnum):
    """How a field is drawn: *certain* and *near* (all that is possible) solid, *far* (a pan-tilt's sweep) outlined."""

    CERTAIN = "certain"
    NEAR = "near"
    FAR = "far"


REACH_OF = {Basis.RECORDED: Reach.CERTAIN, Basis.POSSIBLE: Reach.NEAR, Basis.SWEEP: Reach.FAR}


@dataclass(frozen=True, eq=False, slots=True)
class DrawnField:
    """One field as maps draw it: ``ground`` is what it shows at 25 px/m or better, as in every figure of area."""

    reach: Reach
    field: Field
    ground: BaseGeometry


def drawn_fields(
    certain: Field | None, possible: Iterable[Field], not_mapped: BaseGeometry | None = None
) -> tuple[DrawnField, ...]:
    """Return the fields of one camera, far ones first, as they are drawn over each other; those that show nothing are left out.

    Together those of an uncertain camera have its ``area_m2``; of one that is certain its certain field has it: what of them
    nobody mapped is cut off.
    """
    pairs = [(REACH_OF[field.basis], field) for field in possible]
    pairs += [(Reach.CERTAIN, certain)] if certain is not None else []
    found = (DrawnField(reach, field, ground_seen(field)) for reach, field in pairs)
    return in_layers(found if not_mapped is None else (where_mapped(one, not_mapped) for one in found))


def where_mapped(one: DrawnField, not_mapped: BaseGeometry) -> DrawnField:
    """Return a field without unmapped ground, its bands as well; what is seen at less than 25 px/m goes with it."""
    return as_mapped(replace(one, ground=without(one.ground, not_mapped)), not_mapped)


def as_mapped(one: DrawnField, not_mapped: BaseGeometry) -> DrawnField:
    """Return :func:`where_mapped` of a field whose ground is without the unmapped already."""
    shown, bands = one.ground, _MappedBands(one.field.bands, not_mapped)
    return replace(one, field=replace(one.field, geometry=shown, bands=bands, area_m2=float(shown.area)))


class _MappedBands(Sequence[tuple[float, BaseGeometry]]):
    """The bands of a field without unmapped ground, cut when they are read: of a city's cameras one alone is drawn with its."""

    def __init__(self, bands: Sequence[tuple[float, BaseGeometry]], not_mapped: BaseGeometry) -> None:
        self._whole, self._not_mapped = bands, not_mapped

    @cached_property
    def _bands(self) -> tuple[tuple[float, BaseGeometry], ...]:
        cut = ((low, without(band, self._not_mapped)) for low, band in self._whole)
        return tuple((low, band) for low, band in cut if not band.is_empty)

    @overload
    def __getitem__(self, k: int) -> tuple[float, BaseGeometry]: ...
    @overload
    def __getitem__(self, k: slice) -> tuple[tuple[float, BaseGeometry], ...]: ...
    def __getitem__(self, k: int | slice) -> tuple[float, BaseGeometry] | tuple[tuple[float, BaseGeometry], ...]:
        return self._bands[k]

    def __len__(self) -> int:
        return len(self._bands)


def in_layers(found: Iterable[DrawnField]) -> tuple[DrawnField, ...]:
    """Return the fields of one camera that show anything, far ones first."""
    layers = (Reach.FAR, Reach.NEAR, Reach.CERTAIN)
    return tuple(sorted((one for one in found if not one.ground.is_empty), key=lambda one: layers.index(one.reach)))


def drawn_ground(drawn: Iterable[DrawnField]) -> BaseGeometry:
    """Return all ground that is drawn, each square metre once."""
    grounds = [one.ground for one in drawn]
    return grounds[0] if len(grounds) == 1 else shapely.union_all(grounds)


def split_frontage(frontage: BaseGeometry | None, ground: BaseGeometry) -> tuple[BaseGeometry, BaseGeometry]:
    """Return the seen frontage that stands at the ground drawn, and that beyond it: upper floors seen over roofs and walls."""
    [found] = split_frontages([frontage], [ground])
    return found


def split_frontages(
    frontages: Sequence[BaseGeometry | None], grounds: Sequence[BaseGeometry]
) -> list[tuple[BaseGeometry, BaseGeometry]]:
    """Return :func:`split_frontage` of each, all at once: a city has thousands of walls in view."""
    # Copies: others look at these grounds at the same time, and what is prepared is made ready by the first who asks.
    ground, count = shapely.from_wkb(shapely.to_wkb(np.array([*grounds, None], object)[:-1])), len(frontages)
    shapely.prepare(ground)
    lines, of = shapely.get_parts(np.array([*frontages, None], object)[:-1], return_index=True)
    is_near = shapely.dwithin(ground[of], lines, AT_GROUND_M)  # the first of both is what was prepared
    near, owner = lines[is_near], of[is_near]
    at = _ground_around(near, owner, ground)
    is_whole = shapely.covers(at[owner], near)  # most are: those alone that cross the edge are cut
    cut, cut_owner = near[~is_whole], owner[~is_whole]
    inside, outside = shapely.intersection(cut, at[cut_owner]), shapely.difference(cut, at[cut_owner])
    shown = _lines_of(np.concatenate([near[is_whole], inside]), np.concatenate([owner[is_whole], cut_owner]), count)
    beyond = _lines_of(np.concatenate([outside, lines[~is_near]]), np.concatenate([cut_owner, of[~is_near]]), count)
    return list(zip(shown.tolist(), beyond.tolist(), strict=True))


def _ground_around(lines: ObjectArray, owner: IntArray, ground: ObjectArray) -> ObjectArray:
    """Return what counts as at each ground around its lines, which alone is looked at, prepared; None where it has none."""
    found, reach = np.full(len(ground), None, object), 2.0 * AT_GROUND_M
    begins = np.flatnonzero(np.diff(owner, prepend=-1))
    if len(begins):
        bounds, owners = shapely.bounds(lines), owner[begins]
        low = np.minimum.reduceat(bounds[:, :2], begins) - reach
        high = np.maximum.reduceat(bounds[:, 2:], begins) + reach
        boxes = zip(owners.tolist(), np.hstack([low, high]).tolist(), strict=True)
        around = np.array([*(cut_to_box(ground[[each]], tuple(box))[0] for each, box in boxes), None], object)[:-1]
        found[owners] = shapely.buffer(around, AT_GROUND_M, quad_segs=4)
        shapely.prepare(found[owners])
    return found


def _lines_of(pieces: ObjectArray, owner: IntArray, count: int) -> ObjectArray:
    """Return the lines among the pieces as one geometry for each of so many owners, in the order of the pieces."""
    order = np.argsort(owner, kind="stable")
    parts, of = shapely.get_parts(pieces[order], return_index=True)
    parts, inner = shapely.get_parts(parts, return_index=True)
    is_line = (shapely.get_type_id(parts) == shapely.GeometryType.LINESTRING) & ~shapely.is_empty(parts)
    found = np.full(count, NO_LINES, object)
    if is_line.any():
        shapely.multilinestrings(parts[is_line], indices=owner[order][of[inner]][is_line], out=found)
    return found
