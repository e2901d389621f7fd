"""The ground and the walls of protected places: how deep they lie, what of them can be asked about."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import shapely
from numpy.typing import ArrayLike
from shapely.geometry.base import BaseGeometry

from lhasaplan.core.base.arrays import BoolArray, FloatArray, IntArray, ObjectArray, slices
from lhasaplan.core.base.progress import Progress, no_progress
from lhasaplan.core.city.streets import STREET
from lhasaplan.core.model.layer import Buildings
from lhasaplan.core.model.place import BEFORE_M, ProtectedPlace, ProtectedWalls
from lhasaplan.core.sight.obstacles.relief import Relief, ground_at
from lhasaplan.core.site.terrain import Terrain

# How deep protected places lie below the ground around them: a pit in imported terrain takes them out of view and picture.

RINGS_M = (2.0, 5.0, 10.0, 20.0, 40.0, 80.0)  # beyond what walls enclose
BEARINGS = 24
LOWER = 0.25  # of a ring may lie lower all the same: a way in makes no pit another thing
LEAST_M = 1.0  # a step at the door is no pit
SPACING_M = 5.0  # along the edge of open ground, of the spots whose middle height is its own


def lifted(walls: ProtectedWalls, relief: Relief) -> ProtectedWalls:
    """Return the walls as high as if no pit were dug round them; the very same where none lies in one."""
    depth_m = depths_m(walls, relief)
    if not (depth_m > 0.0).any():
        return walls
    raised = {name: getattr(walls, name) + depth_m for name in ("base_m", "top_m", "ground_m")}
    return replace(walls, **raised)


def depths_m(walls: ProtectedWalls, relief: Relief) -> FloatArray:
    """Return for each wall how far the ground at its building lies below that around, shape (W,); 0 where it does not.

    Around is the ring, of several, of which three quarters stand highest above it.
    """
    if not len(walls) or relief.is_level:
        return np.zeros(len(walls))
    # Walls of one building belong together, or of one place where the building is not known.
    keys = np.column_stack((walls.building, np.where(walls.building >= 0, -1, walls.place)))
    group = np.asarray(np.unique(keys, axis=0, return_inverse=True)[1].reshape(-1), np.int64)
    count = int(group.max()) + 1
    low, high = (_extremes(walls, group, count, which) for which in (np.minimum, np.maximum))
    middle, radius = (low + high) / 2.0, np.hypot(*((high - low) / 2.0).T)
    lowest_m = np.full(count, np.inf)
    np.minimum.at(lowest_m, group, walls.ground_m)
    depth = _around_m(middle, radius, relief) - lowest_m
    return np.asarray(np.where(depth > LEAST_M, depth, 0.0)[group], float)


def levels_m(grounds: ObjectArray, relief: Relief) -> FloatArray:
    """Return how high above the datum each open ground lies in the middle, shape (G,)."""
    dense = shapely.segmentize(grounds, SPACING_M)
    whole = np.concatenate((dense, shapely.point_on_surface(grounds)))
    xy, which = shapely.get_coordinates(whole, return_index=True)
    height, which = ground_at(relief, *xy.T), which % len(grounds)
    order = np.lexsort((height, which))
    first = np.searchsorted(which[order], np.arange(len(grounds)))
    count = np.bincount(which, minlength=len(grounds))
    return np.asarray(height[order][first + count // 2], float)


def levels_without_pits_m(grounds: ObjectArray, relief: Relief) -> FloatArray:
    """Return the same as if no pit were dug round any of them, shape (G,)."""
    own, (west, south, east, north) = levels_m(grounds, relief), shapely.bounds(grounds).T
    middle = np.column_stack((west + east, south + north)) / 2.0
    around = _around_m(middle, np.hypot(east - west, north - south) / 2.0, relief)
    return np.asarray(np.where(around - own > LEAST_M, around, own), float)


def _around_m(middle: FloatArray, radius_m: FloatArray, relief: Relief) -> FloatArray:
    """Return how high the ground stands around circles: on the ring of which three quarters stand highest."""
    angle = np.arange(BEARINGS) * (2.0 * np.pi / BEARINGS)
    around = np.full(len(middle), -np.inf)
    for beyond_m in RINGS_M:
        reach = (radius_m + beyond_m)[:, None]
        x, y = middle[:, :1] + reach * np.sin(angle), middle[:, 1:] + reach * np.cos(angle)
        around = np.maximum(around, np.quantile(ground_at(relief, x, y), LOWER, axis=1))
    return around


def _extremes(walls: ProtectedWalls, group: IntArray, count: int, which: np.ufunc) -> FloatArray:
    """Return the least or greatest x and y of the walls of each group, shape (groups, 2)."""
    found = np.full((count, 2), np.inf if which is np.minimum else -np.inf)
    for ends in (walls.ends_m[:, :2], walls.ends_m[:, 2:]):
        which.at(found, group, ends)
    return found


class ProtectedGround:
    """Footprints and mapped grounds of protected places, use unknown included.

    ``outdoors_of`` names a kind whose open ground does not count, only its footprints: an ambulance bay lies on a hospital's
    ground (``health``), a school crossing at the school (``school``). ``street`` leaves out the carriageway before worship and
    the street on health ground, for crossings and stops. Every other ground still counts.
    """

    def __init__(self, places: Sequence[ProtectedPlace]) -> None:
        self._places = self.places = tuple(places)
        self._tree = shapely.STRtree([place.ground for place in places])
        self.sources = frozenset(s for place in places if place.cls.is_known for s in place.sources)

    def covers_points(self, x: ArrayLike, y: ArrayLike, outdoors_of: str = "") -> BoolArray:
        """Return which points lie on protected ground, its edge included.

        Parameters
        ----------
        x, y : shape (n,); metres in the project's system.
        """
        points = shapely.points(np.asarray(x, float), np.asarray(y, float))
        point, place = self._tree.query(points, predicate="intersects")
        covered = np.zeros(len(points), bool)
        covered[point[~self._is_open(points[point], place, outdoors_of)]] = True
        return covered

    def _is_open(self, points: BoolArray, place: IntArray, kind: str) -> BoolArray:
        """Return which pairs of point and place lie on open ground of that kind."""
        is_open = np.zeros(len(place), bool)
        for row in np.flatnonzero([self._left_out(p, kind) is not None for p in place]):
            ground = self._left_out(place[row], kind)
            is_open[row] = ground is not None and bool(shapely.intersects(ground, points[row]))
        return is_open

    def _left_out(self, place: int, kind: str) -> BaseGeometry | None:
        """Return the ground of a place that does not count for parts of a kind."""
        its = self._places[place]
        if kind == STREET:
            return its.street
        return its.open_ground if self._may_lie_open(place, kind) else None

    def streets(self) -> list[BaseGeometry]:
        """Return the ground of each place on which crossings and stops may lie."""
        return [place.street for place in self._places if place.street is not None]

    def open_grounds(self, area: BaseGeometry, kind: str) -> dict[int, BaseGeometry]:
        """Return the open ground of each place of a kind that an area lies on, by the number of the place."""
        near = sorted(self._tree.query(area, predicate="intersects").tolist())
        grounds = {number: self._places[number].open_ground for number in near if self._may_lie_open(number, kind)}
        return {
            number: ground
            for number, ground in grounds.items()
            if ground is not None and shapely.area(shapely.intersection(ground, area)) > 0
        }

    def share_of(self, geometry: BaseGeometry, outdoors_of: str = "", known_only: bool = False, spared: str = "") -> float:
        """Return the share (0 to 1) of a shape that is protected, by area, else length, else number of points.

        Parameters
        ----------
        known_only : leaves out buildings of which nobody knows the use.
        spared : a kind whose places do not count at all, unless people hide there.
        """
        if geometry.is_empty:
            return 0.0
        geometry = geometry if shapely.is_valid(geometry) else shapely.make_valid(geometry)
        found = [int(place) for place in self._tree.query(geometry, predicate="intersects")]
        found = [
            place for place in found if not (known_only and self._is_unknown(place)) and not self._may_lie_open(place, spared)
        ]
        grounds = [self._ground(place, outdoors_of) for place in found]
        covered = shapely.intersection(geometry, shapely.union_all(grounds)) if grounds else shapely.Point()
        return min(1.0, _size(covered, geometry) / _size(geometry, geometry))

    def walls(self, near: BaseGeometry, spared: str = "") -> BaseGeometry:
        """Return the walls of known protected places that come into an area; a spared kind's are left out as above."""
        found = [int(place) for place in self._tree.query(near, predicate="intersects")]
        kept = [place for place in found if not self._is_unknown(place) and not self._may_lie_open(place, spared)]
        walls = [self._places[place].frontage for place in kept]
        return shapely.union_all([shapely.intersection(wall, near) for wall in walls if wall is not None])

    def near(self, areas: ObjectArray, distance_m: float) -> list[int]:
        """Return the numbers of the places within a distance of any area, each once."""
        return sorted(set(self._tree.query(areas, predicate="dwithin", distance=distance_m)[1].tolist()))

    def _ground(self, place: int, outdoors_of: str) -> BaseGeometry:
        its, left_out = self._places[place].ground, self._left_out(place, outdoors_of)
        return its if left_out is None else shapely.difference(its, left_out)

    def _is_unknown(self, place: int) -> bool:
        return not self._places[place].cls.is_known

    def _may_lie_open(self, place: int, kind: str) -> bool:
        """Say whether an exception for a kind holds at a place: never at an undisclosed one, whatever else it is."""
        its = self._places[place]
        return bool(kind) and kind in its.kinds and not its.hides_people and not its.drawn


def _size(geometry: BaseGeometry, like: BaseGeometry) -> float:
    dimension = int(shapely.get_dimensions(like))
    if dimension == 2:
        return float(shapely.area(geometry))
    return float(shapely.length(geometry)) if dimension == 1 else float(shapely.get_num_coordinates(geometry))


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
    whole = np.fromiter((place.open_ground for place in places), object, len(places))
    wanted = np.flatnonzero(~shapely.is_missing(whole)) if near is None else np.flatnonzero(shapely.intersects(near, whole))
    ground_place, open_ground = wanted.astype(np.int64), whole[wanted]
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
    for some in slices(len(ends), WALLS_A_BATCH):
        progress(some.start / len(ends), STEP)
        found[some] = shapely.intersects(near, shapely.linestrings(ends[some].reshape(-1, 2, 2)))
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
    heights = [
        pair
        for its, count in zip(some, counts, strict=True)
        for pair in (its.frontage_heights_m if len(its.frontage_heights_m) == count else ((0.0, its.top_m),) * count)
    ]
    building = [
        b
        for its, count in zip(some, counts, strict=True)
        for b in (its.frontage_buildings if len(its.frontage_buildings) == count else (its.building,) * count)
    ]
    return lines, place.astype(np.int64), np.array(building, np.int64), np.array(heights, float).reshape(-1, 2)
