"""The ground and the walls of protected places: how deep they lie, what of them can be asked about."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import shapely
from numpy.typing import ArrayLike, NDArray
from shapely.geometry.base import BaseGeometry

from lhasaplan.core.base.arrays import BoolArray, FloatArray, IntArray, ObjectArray, slices
from lhasaplan.core.base.progress import Progress, no_progress, part_of
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
        self.sorted_places: NearPlaces | None = None  # kept by who asks about one camera after another; an audit takes them, too

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
    outlines : their walls, not cut yet.
    """

    places: tuple[ProtectedPlace, ...]
    number: IntArray
    bounds_m: FloatArray
    widest_m: float
    outlines: "_WallsOfPlaces"

    @classmethod
    def of(cls, places: Sequence[ProtectedPlace], progress: Progress = no_progress) -> "NearPlaces":
        """Sort the places of a city."""
        progress(0.0, STEP)
        bounds = extents(places)
        progress(0.2, STEP)
        number = np.argsort(bounds[:, 0], kind="stable")
        widths = bounds[:, 2] - bounds[:, 0]
        widest_m = float(np.max(widths, where=~np.isnan(widths), initial=0.0))
        outlines = _walls_as_mapped(places, progress=part_of(progress, 0.2, 1.0))
        return cls(tuple(places), number, bounds[number], widest_m, outlines)

    def around(self, ground: BaseGeometry) -> tuple[ProtectedPlace, ...]:
        """Return the places of which any sample may lie on some ground, in their order; each part of the ground is asked for."""
        return tuple(self.places[row] for row in self._around(ground).tolist())

    def walls(
        self, ground: BaseGeometry, terrain: Terrain, buildings: Buildings, progress: Progress = no_progress
    ) -> ProtectedWalls:
        """Return what :func:`protected_walls` gives of the places around some ground."""
        rows = self._around(ground)
        places = tuple([self.places[row] for row in rows.tolist()])
        return _walls_of(places, self.outlines, rows, ground, (terrain, buildings), progress)

    def _around(self, ground: BaseGeometry) -> IntArray:
        found = [self._in_box(*box) for box in shapely.bounds(shapely.get_parts(ground)).tolist()]
        return np.unique(np.concatenate(found)) if found else np.zeros(0, np.int64)

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
PLACES_AT_ONCE = 4_096


@dataclass(frozen=True, eq=False, slots=True)
class _WallsOfPlaces:
    """The walls of places as they are mapped, place after place; a place has those from one ``first`` to the next.

    Parameters
    ----------
    frontage, open_ground : shape (P,); their lines and their open ground, None where there is none.
    first : shape (P + 1,).
    ends_m : shape (S, 4); x, y of both ends of each wall.
    line : shape (S,); whose outline each is of.
    building, above_m : shape (L,), (L, 2); the building of each outline, its base and top above the ground.
    """

    frontage: ObjectArray
    open_ground: ObjectArray
    first: IntArray
    ends_m: FloatArray
    line: NDArray[np.int32]
    building: NDArray[np.int32]
    above_m: FloatArray

    def of(self, places: IntArray) -> tuple[IntArray, IntArray]:
        """Return the numbers of the walls of some places, place after place, and which of these each is of."""
        low, count = self.first[places], self.first[places + 1] - self.first[places]
        which = np.repeat(np.arange(len(places)), count)
        return np.repeat(low - np.cumsum(count) + count, count) + np.arange(len(which)), which


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
    return _walls_of(places, _walls_as_mapped(places, near), np.arange(len(places)), near, (terrain, buildings), progress)


def _walls_of(  # noqa: PLR0917 - whose walls, where, on which ground
    places: tuple[ProtectedPlace, ...],
    outlines: _WallsOfPlaces,
    rows: IntArray,
    near: BaseGeometry | None,
    stands_on: tuple[Terrain | None, Buildings | None],
    progress: Progress,
) -> ProtectedWalls:
    """Return the walls of places; ``rows`` are their numbers among the outlines."""
    if near is not None:
        shapely.prepare(near)
    terrain, buildings = stands_on
    has_slope = terrain is not None and not terrain.is_level
    # Of what lies wholly inside no wall is asked alone.
    within = np.full(len(rows), True) if near is None else shapely.contains_properly(near, outlines.frontage[rows])
    ends, place, line = _cut(outlines, rows, LONGEST_ON_SLOPE_M if has_slope else LONGEST_M)
    keep = _touching(ends, within[place], near, lambda share, _: progress(0.2 + 0.6 * share, STEP))
    ends, place, line = ends[keep], place[keep], line[keep]
    building, above = outlines.building[line].astype(np.int64), outlines.above_m[line]
    progress(0.8, STEP)
    base, top, ground = above[:, 0], above[:, 1], np.zeros(len(above))
    if has_slope and terrain is not None and buildings is not None:
        base, top, ground = _on_terrain(ends, building, above, terrain, buildings)
    top = np.maximum(top, base + LOWEST_WALL_M)
    whole = outlines.open_ground[rows]
    wanted = np.flatnonzero(~shapely.is_missing(whole)) if near is None else np.flatnonzero(shapely.intersects(near, whole))
    ground_place, open_ground = wanted.astype(np.int64), whole[wanted]
    progress(1.0, STEP)
    return ProtectedWalls(places, place, ends, building, base, top, ground, above, ground_place, open_ground)


def _cut(outlines: _WallsOfPlaces, rows: IntArray, longest_m: float) -> tuple[FloatArray, IntArray, NDArray[np.int32]]:
    """Return both ends of every wall of some places, cut where it is long, shape (W, 4), its place among them and its outline."""
    number, place = outlines.of(rows)
    ends = outlines.ends_m[number]
    along = ends[:, 2:] - ends[:, :2]
    pieces = np.maximum(1, np.ceil(np.hypot(*along.T) / longest_m - 1e-9)).astype(np.int64)
    if (pieces == 1).all():
        return ends, place, outlines.line[number]
    owner = np.repeat(np.arange(len(ends)), pieces)
    which = np.arange(len(owner)) - np.repeat(np.cumsum(pieces) - pieces, pieces)
    step = along[owner] / pieces[owner][:, None]
    first = ends[owner, :2] + step * which[:, None]
    last = np.where((which + 1 == pieces[owner])[:, None], ends[owner, 2:], first + step)
    return np.column_stack((first, last)), place[owner], outlines.line[number[owner]]


def _touching(ends: FloatArray, within: BoolArray, near: BaseGeometry | None, progress: Progress) -> BoolArray:
    """Tell which walls touch some ground; one after the other, for prepared shapes crash between threads.

    ``within`` says which of them surely do.
    """
    found = within.copy()
    asked = np.flatnonzero(~within) if near is not None else np.zeros(0, np.int64)
    for some in slices(len(asked), WALLS_A_BATCH):
        progress(some.start / len(asked), STEP)
        found[asked[some]] = shapely.intersects(near, shapely.linestrings(ends[asked[some]].reshape(-1, 2, 2)))
    return found


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


def _walls_as_mapped(
    places: Sequence[ProtectedPlace], near: BaseGeometry | None = None, progress: Progress = no_progress
) -> _WallsOfPlaces:
    """Return the walls of places, of those alone that touch some ground, without walls that have next to no length."""
    # One by one: numpy would ask each geometry first whether it is an array.
    names = "frontage", "open_ground"
    frontage, open_ground = (np.fromiter((getattr(each, name) for each in places), object, len(places)) for name in names)
    if near is not None:
        shapely.prepare(near)
        frontage[~shapely.intersects(near, frontage)] = None
    progress(0.2, STEP)
    counts = shapely.get_num_geometries(frontage).tolist()
    above = [
        pair
        for its, count in zip(places, counts, strict=True)
        for pair in (its.frontage_heights_m if len(its.frontage_heights_m) == count else ((0.0, its.top_m),) * count)
    ]
    building = [
        b
        for its, count in zip(places, counts, strict=True)
        for b in (its.frontage_buildings if len(its.frontage_buildings) == count else (its.building,) * count)
    ]
    progress(0.5, STEP)
    xy, line, of_place = _points_of_lines(frontage)
    progress(0.8, STEP)
    joined = np.flatnonzero(line[1:] == line[:-1])
    joined = joined[np.hypot(*(xy[joined + 1] - xy[joined]).T) > SHORTEST_M]  # between repeated points there is no wall
    line = line[joined]
    return _WallsOfPlaces(
        frontage,
        open_ground,
        np.searchsorted(of_place[line], np.arange(len(places) + 1)),
        np.column_stack((xy[joined], xy[joined + 1])),
        line.astype(np.int32),
        np.array(building, np.int32),
        np.array(above, float).reshape(-1, 2),
    )


def _points_of_lines(frontage: ObjectArray) -> tuple[FloatArray, IntArray, IntArray]:
    """Return the points of all lines, the line of each point, and the place of each line.

    Some thousand places at a time: to let go of all lines of a city at once keeps Python from a window for long.
    """
    found, lines, places = [np.zeros((0, 2))], [np.zeros(0, np.int64)], [np.zeros(0, np.int64)]
    count = 0
    for some in slices(len(frontage), PLACES_AT_ONCE):
        parts, place = shapely.get_parts(frontage[some], return_index=True)
        xy, line = shapely.get_coordinates(parts, return_index=True)
        found.append(xy)
        lines.append(line + count)
        places.append(place + some.start)
        count += len(parts)
    return np.concatenate(found), np.concatenate(lines), np.concatenate(places)
