"""Take the walls of protected places and their open ground from their outlines, where cameras reach."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from lhasaplan.core.base.arrays import FloatArray, IntArray, ObjectArray
from lhasaplan.core.base.progress import Progress, no_progress
from lhasaplan.core.model.layer import Buildings
from lhasaplan.core.model.place import BEFORE_M, ProtectedPlace, ProtectedWalls
from lhasaplan.core.site.terrain import Terrain

# Find the protected places near some ground by the boxes that their walls and grounds lie in.


@dataclass(frozen=True, eq=False, slots=True)
class NearPlaces:
    """The protected places of a city, and the boxes that their walls and grounds lie in, from west to east.

    A tree of shapes would take a tenth of the memory that a city needs.

    Parameters
    ----------
    number : shape (P,); which place each box is of.
    bounds_m : shape (P, 4); west, south, east, north, those of places without either last.
    widest_m : from west to east, of any box.
    """

    places: tuple[ProtectedPlace, ...]
    number: IntArray
    bounds_m: FloatArray
    widest_m: float

    @classmethod
    def of(cls, places: Sequence[ProtectedPlace]) -> "NearPlaces":
        """Sort the places of a city."""
        bounds = extents(places)
        number = np.argsort(bounds[:, 0], kind="stable")
        widths = bounds[:, 2] - bounds[:, 0]
        return cls(tuple(places), number, bounds[number], float(np.max(widths, where=~np.isnan(widths), initial=0.0)))

    def around(self, ground: BaseGeometry) -> tuple[ProtectedPlace, ...]:
        """Return the places of which any sample may lie on some ground, in their order; each part of the ground is asked for."""
        found = [self._in_box(*box) for box in shapely.bounds(shapely.get_parts(ground)).tolist()]
        rows = np.unique(np.concatenate(found)) if found else np.zeros(0, np.int64)
        return tuple(self.places[row] for row in rows.tolist())

    def _in_box(self, west: float, south: float, east: float, north: float) -> IntArray:
        """Return the numbers of the places whose boxes touch one."""
        first = int(np.searchsorted(self.bounds_m[:, 0], west - self.widest_m))
        last = int(np.searchsorted(self.bounds_m[:, 0], east, side="right"))
        _, low, right, high = self.bounds_m[first:last].T
        return np.asarray(self.number[first:last][(right >= west) & (low <= north) & (high >= south)], np.int64)


def extents(places: Sequence[ProtectedPlace]) -> FloatArray:
    """Return west, south, east and north of the frontage and open ground of each place; NaN where there is none."""
    both = [np.array([*(getattr(place, name) for place in places), None], object)[:-1] for name in ("frontage", "open_ground")]
    found, other = (shapely.bounds(each).reshape(-1, 4) for each in both)
    least, most = np.fmin(found[:, :2], other[:, :2]), np.fmax(found[:, 2:], other[:, 2:])  # a missing one leaves the other
    return np.asarray(np.concatenate([least, most], axis=1), float)


STEP = "protected"
LONGEST_M = 16.0  # a longer wall is cut: it is found by its middle
LONGEST_ON_SLOPE_M = 2.0  # over relief the ground before a wall is taken at its middle
SHORTEST_M = 1e-3
LOWEST_WALL_M = 0.2  # a facade that the slope buries keeps so much, just above the ground
EYE_M = 1.5
WALLS_A_BATCH = 16_384


def protected_walls(
    places: Sequence[ProtectedPlace],
    near: BaseGeometry | None = None,
    terrain: Terrain | None = None,
    buildings: Buildings | None = None,
    progress: Progress = no_progress,
) -> ProtectedWalls:
    """Return every wall of the outlines of protected places, courtyards included, and their open ground.

    Parameters
    ----------
    near : only walls and ground that it touches are taken, None for all; the union of what cameras reach.
    terrain : the ground that heights count from; level if not given. A facade is taken from the ground before it.
    buildings : what the places' building numbers mean, with heights above their ground; needed with terrain.
    """
    places = tuple(places)
    if near is not None:
        shapely.prepare(near)
    has_slope = terrain is not None and not terrain.is_level
    ends, place, building, above = _walls(places, near, LONGEST_ON_SLOPE_M if has_slope else LONGEST_M)
    keep = _touching(ends, near, lambda share, _: progress(0.2 + 0.6 * share, STEP))
    ends, place, building, above = ends[keep], place[keep], building[keep], above[keep]
    progress(0.8, STEP)
    base, top, ground = above[:, 0], above[:, 1], np.zeros(len(above))
    if has_slope and terrain is not None and buildings is not None:
        base, top, ground = _on_terrain(ends, building, above, terrain, buildings)
    top = np.maximum(top, base + LOWEST_WALL_M)
    ground_place, open_ground = _ground(places, near)
    progress(1.0, STEP)
    return ProtectedWalls(places, place, ends, building, base, top, ground, above, ground_place, open_ground)


def _walls(
    places: tuple[ProtectedPlace, ...], near: BaseGeometry | None, longest_m: float
) -> tuple[FloatArray, IntArray, IntArray, FloatArray]:
    """Return ends (W, 4), place, building, and base and top above the ground (W, 2) of every wall of places that come near."""
    lines, place, building, heights = _lines(places, near)
    coordinates, line = shapely.get_coordinates(shapely.remove_repeated_points(lines), return_index=True)
    joined = line[1:] == line[:-1]
    start, end, of_line = coordinates[:-1][joined], coordinates[1:][joined], line[1:][joined]
    length = np.hypot(*(end - start).T)
    long = np.flatnonzero(length > SHORTEST_M)
    start, end, of_line, length = start[long], end[long], of_line[long], length[long]
    pieces = np.maximum(1, np.ceil(length / longest_m - 1e-9)).astype(np.int64)
    owner = np.repeat(np.arange(len(long)), pieces)
    number = np.arange(len(owner)) - np.repeat(np.cumsum(pieces) - pieces, pieces)
    step = (end - start)[owner] / pieces[owner][:, None]
    first = start[owner] + step * number[:, None]
    last = np.where((number + 1 == pieces[owner])[:, None], end[owner], first + step)
    of_wall = of_line[owner]
    return np.column_stack((first, last)), place[of_wall], building[of_wall], heights[of_wall]


def _touching(ends: FloatArray, near: BaseGeometry | None, progress: Progress) -> IntArray:
    """Return the numbers of the walls that touch some ground; one after the other, for prepared shapes crash between threads."""
    if near is None:
        return np.arange(len(ends))
    found = np.zeros(len(ends), bool)
    for low in range(0, len(ends), WALLS_A_BATCH):
        progress(low / len(ends), STEP)
        lines = shapely.linestrings(ends[low : low + WALLS_A_BATCH].reshape(-1, 2, 2))
        found[low : low + WALLS_A_BATCH] = shapely.intersects(near, lines)
    return np.flatnonzero(found)


def _on_terrain(
    ends: FloatArray, building: IntArray, above: FloatArray, terrain: Terrain, buildings: Buildings
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return base, top and ground before each wall, above the datum: a facade goes from the ground before it to its flat roof."""
    along = ends[:, 2:] - ends[:, :2]
    along /= np.maximum(np.hypot(along[:, 0], along[:, 1]), 1e-12)[:, None]
    middle = (ends[:, :2] + ends[:, 2:]) / 2.0 + BEFORE_M * np.column_stack((along[:, 1], -along[:, 0]))
    before = terrain.heights_m(middle[:, 0], middle[:, 1])
    has_house, stands = building >= 0, before.copy()
    number, which = np.unique(building[has_house], return_inverse=True)
    stands[has_house] = terrain.ground_under(buildings.polygons[number])[which]
    base = np.maximum(np.where(above[:, 0] > 0.0, stands + above[:, 0], before), before)
    top = stands + above[:, 1]
    # What a coarse slope buries or lifts may be in view all the same: these stand as they do on level ground, too.
    guessed = terrain.is_coarse(middle[:, 0], middle[:, 1])
    base = np.where(guessed, before + above[:, 0], base)
    return base, np.where(guessed, np.maximum(top, before + above[:, 1]), top), before


def _lines(places: tuple[ProtectedPlace, ...], near: BaseGeometry | None) -> tuple[ObjectArray, IntArray, IntArray, FloatArray]:
    """Return every frontage line with its place, building and (base, top)."""
    # One by one: numpy would ask each geometry first whether it is an array.
    whole = np.fromiter((place.frontage for place in places), object, len(places))
    wanted = np.flatnonzero(~shapely.is_missing(whole)) if near is None else np.flatnonzero(shapely.intersects(near, whole))
    lines, owner = shapely.get_parts(whole[wanted], return_index=True)
    place = wanted[owner]
    some = [places[p] for p in wanted.tolist()]
    counts = shapely.get_num_geometries(whole[wanted]).tolist()
    heights = [pair for its, count in zip(some, counts, strict=True) for pair in _heights(its, count)]
    building = [b for its, count in zip(some, counts, strict=True) for b in _buildings(its, count)]
    return lines, place.astype(np.int64), np.array(building, np.int64), np.array(heights, float).reshape(-1, 2)


def _heights(place: ProtectedPlace, lines: int) -> tuple[tuple[float, float], ...]:
    return place.frontage_heights_m if len(place.frontage_heights_m) == lines else ((0.0, place.top_m),) * lines


def _buildings(place: ProtectedPlace, lines: int) -> tuple[int, ...]:
    return place.frontage_buildings if len(place.frontage_buildings) == lines else (place.building,) * lines


def _ground(places: tuple[ProtectedPlace, ...], near: BaseGeometry | None) -> tuple[IntArray, ObjectArray]:
    """Return the open ground of places that comes near, with their numbers."""
    whole = np.fromiter((place.open_ground for place in places), object, len(places))
    wanted = np.flatnonzero(~shapely.is_missing(whole)) if near is None else np.flatnonzero(shapely.intersects(near, whole))
    return wanted.astype(np.int64), whole[wanted]
